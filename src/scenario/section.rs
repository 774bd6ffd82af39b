//! A TOML table while it is read: it knows where things stand, which keys were asked for, and
//! keeps a list of what is wrong.

use std::cell::RefCell;
use std::ops::{Range, RangeInclusive};
use std::sync::Arc;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::ScenarioError;
use super::units::{parse_duration, parse_rate, parse_size};
use crate::config::{Properties, closest};

/// Mistakes found so far in one text.
pub(super) struct Problems<'t> {
    text: &'t str,
    found: RefCell<Vec<(usize, String)>>,
}

impl<'t> Problems<'t> {
    pub(super) fn new(text: &'t str) -> Self {
        Self { text, found: RefCell::new(Vec::new()) }
    }

    pub(super) fn add(&self, at: usize, message: impl Into<String>) {
        self.found.borrow_mut().push((at, message.into()));
    }

    pub(super) fn is_empty(&self) -> bool {
        self.found.borrow().is_empty()
    }

    /// `value` if nothing is wrong.
    pub(super) fn into_result<T>(self, value: T) -> Result<T, Vec<ScenarioError>> {
        let mut found = self.found.into_inner();
        if found.is_empty() {
            return Ok(value);
        }
        found.sort_by_key(|&(at, _)| at);
        let place = |at: usize| {
            let before = &self.text[..self.text.floor_char_boundary(at)];
            let line = before.matches('\n').count() + 1;
            let column = before.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
            (line, column)
        };
        let errors = found.into_iter().map(|(at, message)| {
            let (line, column) = place(at);
            ScenarioError { line, column, message }
        });
        Err(errors.collect())
    }
}

/// A value and where it stands.
#[derive(Clone, Debug)]
pub(super) struct Located<T> {
    pub(super) value: T,
    pub(super) at: usize,
}

/// A table being read.
pub(super) struct Section<'a> {
    table: &'a DeTable<'a>,
    span: Range<usize>,
    pub(super) problems: &'a Problems<'a>,
    asked: RefCell<Vec<&'static str>>,
}

impl<'a> Section<'a> {
    pub(super) fn new(
        table: &'a DeTable<'a>,
        span: Range<usize>,
        problems: &'a Problems<'a>,
    ) -> Self {
        Self { table, span, problems, asked: RefCell::new(Vec::new()) }
    }

    /// Where the table begins.
    pub(super) fn at(&self) -> usize {
        self.span.start
    }

    pub(super) fn has(&self, key: &str) -> bool {
        self.table.contains_key(key)
    }

    fn value(&self, key: &'static str) -> Option<&'a Spanned<DeValue<'a>>> {
        self.asked.borrow_mut().push(key);
        self.table.get(key)
    }

    /// The value of `key` as `read` understands it; otherwise a problem that says what was
    /// `wanted`.
    fn read<T>(
        &self,
        key: &'static str,
        wanted: &str,
        read: impl FnOnce(&'a DeValue<'a>) -> Option<T>,
    ) -> Option<Located<T>> {
        let spanned = self.value(key)?;
        let at = spanned.span().start;
        match read(spanned.get_ref()) {
            Some(value) => Some(Located { value, at }),
            None => {
                let kind = spanned.get_ref().type_str();
                self.problems.add(at, format!("`{key}` wants {wanted}, not this {kind}"));
                None
            }
        }
    }

    pub(super) fn text(&self, key: &'static str) -> Option<Located<Arc<str>>> {
        let text = self.read(key, "a text in quotes", |v| v.as_str().map(Arc::<str>::from))?;
        if text.value.is_empty() {
            self.problems.add(text.at, format!("`{key}` is empty"));
        }
        Some(text)
    }

    pub(super) fn required_text(&self, key: &'static str, example: &str) -> Located<Arc<str>> {
        self.text(key).unwrap_or_else(|| {
            if !self.has(key) {
                let message =
                    format!("`{key}` is missing; add for example `{key} = \"{example}\"`");
                self.problems.add(self.at(), message);
            }
            Located { value: "".into(), at: self.at() }
        })
    }

    pub(super) fn flag(&self, key: &'static str) -> Option<bool> {
        self.read(key, "true or false", DeValue::as_bool).map(|flag| flag.value)
    }

    pub(super) fn integer(
        &self,
        key: &'static str,
        range: RangeInclusive<i64>,
    ) -> Option<Located<i64>> {
        let wanted = format!("a whole number from {} to {}", range.start(), range.end());
        self.read(key, &wanted, |v| {
            let integer = v.as_integer()?;
            let number = i64::from_str_radix(integer.as_str(), integer.radix()).ok()?;
            range.contains(&number).then_some(number)
        })
    }

    /// A time span with its unit, in µs.
    pub(super) fn duration(&self, key: &'static str) -> Option<Located<u64>> {
        let wanted = "a time with its unit, such as \"20ms\", \"1.5s\" or \"7d\"";
        self.read(key, wanted, |v| v.as_str().and_then(|text| parse_duration(text).ok()))
    }

    /// A size with its unit, in bytes.
    pub(super) fn size(&self, key: &'static str) -> Option<Located<u64>> {
        let wanted = "a size with its unit, such as \"100B\", \"16KiB\" or \"125MB\"";
        self.read(key, wanted, |v| v.as_str().and_then(|text| parse_size(text).ok()))
    }

    /// A rate, as the µs between two.
    pub(super) fn rate(&self, key: &'static str) -> Option<Located<u64>> {
        let wanted = "a rate, such as \"20/s\", \"5/m\" or \"1000/h\"";
        self.read(key, wanted, |v| v.as_str().and_then(|text| parse_rate(text).ok()))
    }

    /// One of a few words.
    pub(super) fn choice<T: Copy>(&self, key: &'static str, words: &[(&str, T)]) -> Option<T> {
        let list: Vec<String> = words.iter().map(|(word, _)| format!("\"{word}\"")).collect();
        let wanted = format!("one of {}", list.join(", "));
        self.read(key, &wanted, |v| {
            let text = v.as_str()?;
            words.iter().find(|(word, _)| *word == text).map(|&(_, meaning)| meaning)
        })
        .map(|choice| choice.value)
    }

    pub(super) fn texts(&self, key: &'static str) -> Option<Located<Vec<Arc<str>>>> {
        self.read(key, "a list of texts, such as [\"orders\"]", |v| {
            v.as_array()?.iter().map(|item| item.get_ref().as_str().map(Arc::from)).collect()
        })
    }

    pub(super) fn section(&self, key: &'static str) -> Option<Section<'a>> {
        let spanned = self.value(key)?;
        match spanned.get_ref().as_table() {
            Some(table) => Some(Section::new(table, spanned.span(), self.problems)),
            None => {
                let kind = spanned.get_ref().type_str();
                let message = format!("`{key}` wants a table, not this {kind}");
                self.problems.add(spanned.span().start, message);
                None
            }
        }
    }

    pub(super) fn sections(&self, key: &'static str) -> Vec<Section<'a>> {
        let Some(spanned) = self.value(key) else { return Vec::new() };
        let sections = spanned.get_ref().as_array().and_then(|array| {
            array
                .iter()
                .map(|item| {
                    let table = item.get_ref().as_table()?;
                    Some(Section::new(table, item.span(), self.problems))
                })
                .collect::<Option<Vec<_>>>()
        });
        sections.unwrap_or_else(|| {
            let message = format!("write `[[{key}]]`, once for each {key}");
            self.problems.add(spanned.span().start, message);
            Vec::new()
        })
    }

    /// Any scalar, as text.
    pub(super) fn scalar(&self, key: &'static str) -> Option<String> {
        self.read(key, "a text, a number, true or false", scalar).map(|text| text.value)
    }

    /// Where the tables named by `keys` begin, key by key.
    pub(super) fn places(&self, keys: &[&str]) -> Vec<usize> {
        let array = |key: &&str| self.table.get(*key).and_then(|value| value.get_ref().as_array());
        keys.iter().filter_map(array).flat_map(|a| a.iter().map(|v| v.span().start)).collect()
    }

    /// Times and places of the `[[at]]` tables, as far as they can be read.
    pub(super) fn timed_places(&self) -> Vec<(u64, usize)> {
        let Some(array) = self.table.get("at").and_then(|value| value.get_ref().as_array()) else {
            return Vec::new();
        };
        let time = |value: &DeValue<'_>| {
            value.get("time").and_then(|time| parse_duration(time.get_ref().as_str()?).ok())
        };
        array.iter().filter_map(|v| Some((time(v.get_ref())?, v.span().start))).collect()
    }

    /// Kafka's configs: any scalar is taken as its text, as in a .properties file.
    pub(super) fn properties(&self, key: &'static str) -> Located<Properties> {
        let mut properties = Properties::default();
        let Some(section) = self.section(key) else {
            return Located { value: properties, at: self.at() };
        };
        for (name, value) in section.table {
            match scalar(value.get_ref()) {
                Some(text) => properties.set(name.get_ref().as_ref(), text),
                None => section.problems.add(
                    value.span().start,
                    format!(
                        "`{0}` wants a value; write the name in quotes: \"{0}....\" = ...",
                        name.get_ref()
                    ),
                ),
            }
        }
        Located { value: properties, at: section.at() }
    }

    /// Where the config `name` stands in the table `key`, or the table itself.
    pub(super) fn place_of(&self, key: &str, name: &str) -> usize {
        let Some(spanned) = self.table.get(key) else { return self.at() };
        let entry = spanned.get_ref().as_table().and_then(|table| table.get(name));
        entry.map_or(spanned.span().start, |value| value.span().start)
    }

    /// Complains about every key that nobody asked for.
    pub(super) fn finish(&self) {
        let asked = self.asked.borrow();
        for (key, _) in self.table {
            let name: &str = key.get_ref();
            if asked.contains(&name) {
                continue;
            }
            let message = match closest(asked.iter().copied(), name) {
                Some(meant) => format!("there is no key `{name}` here; did you mean `{meant}`?"),
                None => {
                    format!("there is no key `{name}` here; the keys are {}", asked.join(", "))
                }
            };
            self.problems.add(key.span().start, message);
        }
    }
}

fn scalar(value: &DeValue<'_>) -> Option<String> {
    match value {
        DeValue::String(text) => Some(text.to_string()),
        DeValue::Boolean(flag) => Some(flag.to_string()),
        DeValue::Integer(number) => Some(number.to_string()),
        DeValue::Float(number) => Some(number.to_string()),
        _ => None,
    }
}
