//! Reads the keys of one table, collecting what is wrong with them.

use std::ops::Range;
use std::sync::Arc;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::problems::Problems;
use super::quantity;
use crate::config::nearest_word;
use crate::engine::Micros;

/// A value with its place in the text.
pub(super) type Node<'i> = Spanned<DeValue<'i>>;

/// A table being read. Keys nobody asked for are mistakes: see [`Fields::finish`].
pub(super) struct Fields<'a, 'i> {
    table: &'a DeTable<'i>,
    /// Where the table is, for what is missing.
    pub(super) span: Range<usize>,
    /// What it is, such as `[[producer]]`.
    what: &'static str,
    asked: Vec<&'static str>,
}

impl<'a, 'i> Fields<'a, 'i> {
    pub(super) fn new(table: &'a DeTable<'i>, span: Range<usize>, what: &'static str) -> Self {
        Self { table, span, what, asked: Vec::new() }
    }

    /// The value as a table to read; a mistake if it is none.
    pub(super) fn of(
        value: &'a Node<'i>,
        what: &'static str,
        problems: &mut Problems<'_>,
    ) -> Option<Self> {
        match value.get_ref() {
            DeValue::Table(table) => Some(Self::new(table, value.span(), what)),
            other => {
                let message = format!("{what} must be a table, not {}", kind(other));
                problems.add(value.span(), message);
                None
            }
        }
    }

    pub(super) fn get(&mut self, key: &'static str) -> Option<&'a Node<'i>> {
        self.asked.push(key);
        self.table.get(key)
    }

    /// Complains of keys that were never asked for.
    pub(super) fn finish(self, problems: &mut Problems<'_>) {
        for (key, _) in self.table.iter() {
            let name: &str = key.get_ref();
            if self.asked.contains(&name) {
                continue;
            }
            let hint = match nearest_word(name, self.asked.iter().copied()) {
                Some(near) => format!("did you mean '{near}'?"),
                None => format!("known are {}", self.asked.join(", ")),
            };
            problems.add(key.span(), format!("unknown key '{name}' in {}; {hint}", self.what));
        }
    }

    /// Whether there are keys that nobody asked for.
    pub(super) fn has_unasked(&self) -> bool {
        self.table.iter().any(|(key, _)| !self.asked.contains(&&**key.get_ref()))
    }

    /// Complains if the key is missing.
    pub(super) fn require(&self, key: &str, example: &str, problems: &mut Problems<'_>) {
        if !self.table.contains_key(key) {
            self.missing(key, &format!("\"{example}\""), problems);
        }
    }

    fn missing(&self, key: &str, example: &str, problems: &mut Problems<'_>) {
        let message = format!("{} needs '{key}'; add for example: {key} = {example}", self.what);
        problems.add(self.span.clone(), message);
    }

    pub(super) fn text(
        &mut self,
        key: &'static str,
        problems: &mut Problems<'_>,
    ) -> Option<Arc<str>> {
        let value = self.get(key)?;
        let text = value.get_ref().as_str();
        if text.is_none() {
            wrong_kind(key, value, "a text in quotes", problems);
        }
        text.map(Arc::from)
    }

    pub(super) fn required_text(
        &mut self,
        key: &'static str,
        example: &str,
        problems: &mut Problems<'_>,
    ) -> Option<Spanned<Arc<str>>> {
        let Some(value) = self.get(key) else {
            self.missing(key, &format!("\"{example}\""), problems);
            return None;
        };
        match value.get_ref().as_str() {
            Some("") => problems.add(value.span(), format!("'{key}' must not be empty")),
            Some(text) => return Some(Spanned::new(value.span(), text.into())),
            None => wrong_kind(key, value, "a text in quotes", problems),
        }
        None
    }

    pub(super) fn integer(
        &mut self,
        key: &'static str,
        range: std::ops::RangeInclusive<u64>,
        problems: &mut Problems<'_>,
    ) -> Option<u64> {
        let value = self.get(key)?;
        integer(key, value, range, problems)
    }

    pub(super) fn boolean(
        &mut self,
        key: &'static str,
        problems: &mut Problems<'_>,
    ) -> Option<bool> {
        let value = self.get(key)?;
        let boolean = value.get_ref().as_bool();
        if boolean.is_none() {
            wrong_kind(key, value, "true or false", problems);
        }
        boolean
    }

    pub(super) fn duration(
        &mut self,
        key: &'static str,
        problems: &mut Problems<'_>,
    ) -> Option<Micros> {
        let help = quantity::DURATION_HELP;
        self.quantity(key, "a duration", help, quantity::parse_duration, problems)
    }

    pub(super) fn required_duration(
        &mut self,
        key: &'static str,
        example: &str,
        problems: &mut Problems<'_>,
    ) -> Option<Micros> {
        self.require(key, example, problems);
        self.duration(key, problems)
    }

    pub(super) fn quantity(
        &mut self,
        key: &'static str,
        what: &str,
        help: &str,
        parse: impl Fn(&str) -> Option<u64>,
        problems: &mut Problems<'_>,
    ) -> Option<u64> {
        let value = self.get(key)?;
        let message = match value.get_ref() {
            DeValue::String(text) => match parse(text) {
                Some(quantity) => return Some(quantity),
                None => format!("'{key}' = \"{text}\" is not {what}; {help}"),
            },
            DeValue::Integer(number) => format!("'{key}' = {number} has no unit; {help}"),
            other => format!("'{key}' must be {what}, not {}; {help}", kind(other)),
        };
        problems.add(value.span(), message);
        None
    }

    /// A list of texts.
    pub(super) fn texts(
        &mut self,
        key: &'static str,
        problems: &mut Problems<'_>,
    ) -> Option<Vec<Spanned<Arc<str>>>> {
        let value = self.get(key)?;
        let Some(array) = value.get_ref().as_array() else {
            wrong_kind(key, value, "a list such as [\"a\", \"b\"]", problems);
            return None;
        };
        let mut texts = Vec::new();
        for item in array.iter() {
            match item.get_ref().as_str() {
                Some(text) => texts.push(Spanned::new(item.span(), text.into())),
                None => wrong_kind(key, item, "a list of texts", problems),
            }
        }
        Some(texts)
    }
}

pub(super) fn integer(
    key: &str,
    value: &Node<'_>,
    range: std::ops::RangeInclusive<u64>,
    problems: &mut Problems<'_>,
) -> Option<u64> {
    let Some(integer) = value.get_ref().as_integer() else {
        wrong_kind(key, value, "a whole number", problems);
        return None;
    };
    match u64::from_str_radix(integer.as_str(), integer.radix()) {
        Ok(number) if range.contains(&number) => Some(number),
        _ => {
            let (low, high) = (range.start(), range.end());
            let message = format!("'{key}' = {integer} must be from {low} to {high}");
            problems.add(value.span(), message);
            None
        }
    }
}

pub(super) fn wrong_kind(key: &str, value: &Node<'_>, wanted: &str, problems: &mut Problems<'_>) {
    let found = kind(value.get_ref());
    problems.add(value.span(), format!("'{key}' must be {wanted}, not {found}"));
}

fn kind(value: &DeValue<'_>) -> &'static str {
    match value {
        DeValue::String(_) => "a text",
        DeValue::Integer(_) => "a whole number",
        DeValue::Float(_) => "a decimal number",
        DeValue::Boolean(_) => "true or false",
        DeValue::Datetime(_) => "a date",
        DeValue::Array(_) => "a list",
        DeValue::Table(_) => "a table",
    }
}
