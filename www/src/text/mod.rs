//! All words on the page, in the chosen language.
//!
//! The words stand in `www/text/` in a file a language (Project Fluent), of which the page fetches
//! the one it needs; [`Text`] finds them, puts values in, chooses plurals, and writes numbers and
//! times as the language does. What configs mean is in files of their own, which may come later.

mod format;
mod messages;
#[cfg(test)]
mod tests;

use std::rc::Rc;

use highwater::config::{ConfigDef, Scope};

use crate::files::Files;
use crate::storage;
use messages::{Messages, english, russian};

/// Where the chosen language is remembered; `boot.js` looks there.
const STORED: &str = "highwater.language";

/// The texts of one language.
#[derive(Clone)]
pub struct Text {
    code: &'static str,
    messages: Rc<Messages>,
    meanings: Option<Rc<Messages>>,
}

impl PartialEq for Text {
    fn eq(&self, other: &Self) -> bool {
        self.code == other.code && self.meanings.is_some() == other.meanings.is_some()
    }
}

impl Text {
    /// In the language with this code, from now on.
    ///
    /// # Errors
    /// Why its texts cannot be had.
    pub async fn choose(code: &str, files: Files) -> Result<Self, String> {
        let source = files.read(&format!("text/{code}")).await?;
        storage::keep(STORED, code);
        Ok(Self::new(code, &source))
    }

    /// The same with what configs mean; without, if that cannot be had.
    pub async fn explained(self, files: Files) -> Self {
        let source = files.read(&format!("text/configs.{}", self.code)).await;
        match source {
            Ok(source) => self.explain(&source),
            Err(_) => self,
        }
    }

    /// The same with what configs mean, from its file.
    fn explain(mut self, source: &str) -> Self {
        self.meanings = Some(Rc::new(Messages::parse(source, english)));
        self
    }

    /// The texts in `source`, which are in the language with this code; English if there is none.
    pub fn new(code: &str, source: &str) -> Self {
        let (code, plural): (_, fn(u64) -> _) = match code {
            "ru" => ("ru", russian),
            _ => ("en", english),
        };
        Self { code, messages: Rc::new(Messages::parse(source, plural)), meanings: None }
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

    /// What that config means, once it is known.
    pub fn meaning(&self, def: &ConfigDef) -> Option<String> {
        let meanings = self.meanings.as_ref()?;
        let scoped = format!("{}/{}", prefix(def.scope), def.name);
        let id = [scoped.as_str(), def.name].into_iter().find(|id| meanings.has(id))?;
        let mut text = String::new();
        meanings.write(id, &[], &mut text);
        Some(text)
    }
}

/// What stands before a name that means something else elsewhere.
fn prefix(scope: Scope) -> &'static str {
    match scope {
        Scope::Producer => "producer",
        Scope::Consumer => "consumer",
        Scope::Broker => "broker",
        Scope::Topic => "topic",
        Scope::Admin => "admin",
        Scope::Group => "group",
    }
}
