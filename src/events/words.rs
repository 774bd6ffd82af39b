//! Words with gaps: an English sentence and what fills it, so that a page can say the same thing
//! in another language.

use std::fmt;
use std::sync::Arc;

/// A command in words. Cheap to hand on.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct CommandWords {
    /// Id of the message, for translations.
    pub message: &'static str,
    /// The message in English, with `{name}` for each argument.
    pub english: &'static str,
    /// Arguments by name.
    pub args: Arc<[(&'static str, String)]>,
}

impl fmt::Display for CommandWords {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fill(f, self.english, &self.args)
    }
}

impl fmt::Debug for CommandWords {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.to_string(), f)
    }
}

/// Writes `english` with each `{name}` replaced by the argument of that name.
pub fn fill(
    out: &mut impl fmt::Write,
    english: &str,
    args: &[(&'static str, String)],
) -> fmt::Result {
    let mut rest = english;
    while let Some((before, after)) = rest.split_once('{') {
        let (name, after) = after.split_once('}').unwrap_or((after, ""));
        let value = args.iter().find(|(arg, _)| *arg == name);
        debug_assert!(value.is_some(), "{english}: no argument {name}");
        out.write_str(before)?;
        out.write_str(value.map_or("?", |(_, value)| value))?;
        rest = after;
    }
    out.write_str(rest)
}
