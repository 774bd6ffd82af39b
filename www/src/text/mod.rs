//! All words on the page, in the chosen language.

use std::rc::Rc;

const EN: &str = include_str!("en.ftl");
const RU: &str = include_str!("ru.ftl");

/// The texts of one language.
#[derive(Clone, PartialEq)]
pub struct Text {
    code: &'static str,
    lines: Rc<[(String, String)]>,
}

impl Text {
    /// In the language that was chosen before, or that the browser prefers.
    pub fn preferred() -> Self {
        let language = web_sys::window().and_then(|window| window.navigator().language());
        let russian = language.is_some_and(|language| language.starts_with("ru"));
        Self::choose(if russian { "ru" } else { "en" })
    }

    /// In the language with this code.
    pub fn choose(code: &str) -> Self {
        let (code, source) = if code == "ru" { ("ru", RU) } else { ("en", EN) };
        let lines = source.lines().filter(|line| !line.starts_with('#'));
        let pairs = lines.filter_map(|line| line.split_once(" = "));
        Self { code, lines: pairs.map(|(id, text)| (id.to_owned(), text.to_owned())).collect() }
    }

    /// The code of the language, `en` or `ru`.
    pub fn code(&self) -> &'static str {
        self.code
    }

    /// The text with this id.
    pub fn get(&self, id: &str) -> String {
        let found = self.lines.iter().find(|(name, _)| name == id);
        found.map_or_else(|| id.to_owned(), |(_, text)| text.clone())
    }

    /// The text with this id and these values in it.
    pub fn with(&self, id: &str, args: &[(&str, String)]) -> String {
        let start = self.get(id);
        args.iter().fold(start, |text, (name, value)| {
            text.replace(&format!("{{ ${name} }}"), value)
        })
    }
}
