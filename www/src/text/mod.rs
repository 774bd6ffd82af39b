//! All words on the page, in the chosen language.
//!
//! The words stand in `en.ftl` and `ru.ftl` (Project Fluent); [`Text`] finds them, puts values in,
//! chooses plurals, and writes numbers and times as the language does.

mod format;
#[cfg(test)]
mod tests;

use std::rc::Rc;

use fluent_bundle::{FluentArgs, FluentBundle, FluentResource, FluentValue};
use unic_langid::LanguageIdentifier;

use crate::storage;

const EN: &str = include_str!("en.ftl");
const RU: &str = include_str!("ru.ftl");

/// Where the chosen language is remembered.
const STORED: &str = "highwater.language";

/// The texts of one language.
#[derive(Clone)]
pub struct Text {
    code: &'static str,
    bundle: Rc<FluentBundle<FluentResource>>,
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
        let (code, source) = if code.starts_with("ru") { ("ru", RU) } else { ("en", EN) };
        // A line that does not parse is left out here, and fails a test.
        let resource = match FluentResource::try_new(source.to_owned()) {
            Ok(resource) | Err((resource, _)) => resource,
        };
        let language: LanguageIdentifier = code.parse().unwrap_or_default();
        let mut bundle = FluentBundle::new(vec![language]);
        // The marks around values would show up in what people copy; both languages run one way.
        bundle.set_use_isolating(false);
        bundle.add_resource_overriding(resource);
        Self { code, bundle: Rc::new(bundle) }
    }

    /// The code of the language, `en` or `ru`.
    pub fn code(&self) -> &'static str {
        self.code
    }

    /// Whether there is a text with this id.
    pub fn has(&self, id: &str) -> bool {
        self.bundle.has_message(id)
    }

    /// The text with this id; the id itself if there is none.
    pub fn get(&self, id: &str) -> String {
        self.format(id, None)
    }

    /// The text with this id and these values in it. A value that is a number chooses plurals.
    pub fn with(&self, id: &str, args: &[(&str, String)]) -> String {
        let mut values = FluentArgs::with_capacity(args.len());
        for (name, value) in args {
            values.set(*name, FluentValue::try_number(value));
        }
        self.format(id, Some(&values))
    }

    /// The text with this id and a count in it, which stands there as `count`.
    pub fn count(&self, id: &str, count: u64) -> String {
        self.with(id, &[("count", count.to_string())])
    }

    fn format(&self, id: &str, args: Option<&FluentArgs>) -> String {
        let Some(pattern) = self.bundle.get_message(id).and_then(|message| message.value()) else {
            return id.to_owned();
        };
        self.bundle.format_pattern(pattern, args, &mut Vec::new()).into_owned()
    }
}
