//! All words on the page, in the chosen language.
//!
//! The words stand in `en.ftl` and `ru.ftl` (Project Fluent); [`Text`] finds them, puts values in,
//! chooses plurals, and writes numbers and times as the language does.

mod format;
mod messages;
#[cfg(test)]
mod tests;

use std::rc::Rc;

use crate::storage;
use messages::{Messages, english, russian};

const EN: &str = include_str!("en.ftl");
const RU: &str = include_str!("ru.ftl");

/// Where the chosen language is remembered.
const STORED: &str = "highwater.language";

/// The texts of one language.
#[derive(Clone)]
pub struct Text {
    code: &'static str,
    messages: Rc<Messages>,
}

impl PartialEq for Text {
    fn eq(&self, other: &Self) -> bool {
        self.code == other.code
    }
}

impl Text {
    /// In the language that was chosen before, or that the browser prefers.
    pub fn preferred() -> Self {
        let chosen = storage::kept(STORED);
        let browsers = || web_sys::window().and_then(|window| window.navigator().language());
        let code = chosen.or_else(browsers).unwrap_or_default();
        Self::new(&code)
    }

    /// In the language with this code, from now on.
    pub fn choose(code: &str) -> Self {
        storage::keep(STORED, code);
        Self::new(code)
    }

    /// In the language with this code or a code that starts with it; English if there is none.
    pub fn new(code: &str) -> Self {
        let (code, messages) = if code.starts_with("ru") {
            ("ru", Messages::parse(RU, russian))
        } else {
            ("en", Messages::parse(EN, english))
        };
        Self { code, messages: Rc::new(messages) }
    }

    /// The code of the language, `en` or `ru`.
    pub fn code(&self) -> &'static str {
        self.code
    }

    /// Whether there is a text with this id.
    pub fn has(&self, id: &str) -> bool {
        self.messages.has(id)
    }

    /// The text with this id; the id itself if there is none.
    pub fn get(&self, id: &str) -> String {
        self.with(id, &[])
    }

    /// The text with this id and these values in it. A value that is a number chooses plurals.
    pub fn with(&self, id: &str, args: &[(&str, String)]) -> String {
        let mut text = String::new();
        self.messages.write(id, args, &mut text);
        text
    }

    /// The text with this id and a count in it, which stands there as `count`.
    pub fn count(&self, id: &str, count: u64) -> String {
        self.with(id, &[("count", count.to_string())])
    }
}
