//! A TOML table while it is read: it knows where things stand and which keys were asked for.

use std::cell::RefCell;
use std::ops::{Range, RangeInclusive};
use std::sync::Arc;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::problems::Problems;
use super::units::{Decimal, parse_duration, parse_rate, parse_size};
use crate::config::{Properties, closest, parse_decimal};

/// A table being read.
pub(crate) struct Section<'a> {
    table: &'a DeTable<'a>,
    span: Range<usize>,
    pub(crate) problems: &'a Problems<'a>,
    asked: RefCell<Vec<&'static str>>,
}

impl<'a> Section<'a> {
    pub(crate) fn new(
        table: &'a DeTable<'a>,
        span: Range<usize>,
        problems: &'a Problems<'a>,
    ) -> Self {
        Self { table, span, problems, asked: RefCell::new(Vec::new()) }
    }

    /// Where the table begins.
    pub(crate) fn at(&self) -> usize {
        self.span.start
    }

    pub(crate) fn has(&self, key: &str) -> bool {
        self.table.contains_key(key)
    }

    /// These keys may stand here, whether somebody reads them or not.
    pub(crate) fn allow(&self, keys: impl IntoIterator<Item = &'static str>) {
        let mut asked = self.asked.borrow_mut();
        for key in keys {
            if !asked.contains(&key) {
                asked.push(key);
            }
        }
    }

    fn value(&self, key: &'static str) -> Option<&'a Spanned<DeValue<'a>>> {
        self.allow([key]);
        self.table.get(key)
    }

    fn complain(&self, key: &str, wanted: &str, value: &Spanned<DeValue<'_>>) {
        let message = match self.problems.quote(value.span()) {
            Some(text) => format!("`{key}` wants {wanted}, not {text}"),
            None => format!("`{key}` wants {wanted}, not this {}", value.get_ref().type_str()),
        };
        self.problems.add(value.span().start, message);
    }

    /// The value of `key` as `read` understands it; otherwise a problem that says what was
    /// `wanted`.
    fn read<T>(
        &self,
        key: &'static str,
        wanted: &str,
        read: impl FnOnce(&'a DeValue<'a>) -> Option<T>,
    ) -> Option<T> {
        let spanned = self.value(key)?;
        let value = read(spanned.get_ref());
        if value.is_none() {
            self.complain(key, wanted, spanned);
        }
        value
    }

    pub(crate) fn text(&self, key: &'static str) -> Option<Arc<str>> {
        self.read(key, "a text in quotes", |v| v.as_str().map(Arc::from))
    }

    /// A name: a text that must be there. The empty text stands for a name that is wrong.
    pub(crate) fn name(&self, key: &'static str, example: &str) -> Arc<str> {
        let name = self.read(key, "a name in quotes", |v| {
            v.as_str().filter(|text| !text.is_empty()).map(Arc::from)
        });
        if !self.has(key) {
            let message = format!("`{key}` is missing; add for example `{key} = \"{example}\"`");
            self.problems.add(self.at(), message);
        }
        name.unwrap_or_default()
    }

    /// A list of names that must be there.
    pub(crate) fn names(&self, key: &'static str, example: &str) -> Vec<Arc<str>> {
        if !self.has(key) {
            let message = format!("`{key}` is missing; add for example `{key} = [\"{example}\"]`");
            self.problems.add(self.at(), message);
        }
        self.texts(key, example).unwrap_or_default()
    }

    /// A list of texts, at least one.
    pub(crate) fn texts(&self, key: &'static str, example: &str) -> Option<Vec<Arc<str>>> {
        self.read(key, &format!("a list of texts, such as [\"{example}\"]"), |v| {
            let items = v.as_array().filter(|items| !items.is_empty())?;
            items.iter().map(|item| item.get_ref().as_str().map(Arc::from)).collect()
        })
    }

    /// A list of texts, each with its place; one text will do as well. Empty when it is not there.
    pub(crate) fn placed_texts(&self, key: &'static str) -> Vec<(usize, String)> {
        let list = self.read(key, "a text in quotes, or a list of them", |v| {
            let text = |item: &Spanned<DeValue<'_>>| {
                Some((item.span().start, item.get_ref().as_str()?.to_owned()))
            };
            match v.as_array() {
                Some(items) => items.iter().map(text).collect::<Option<Vec<_>>>(),
                None => Some(vec![(self.place(key), v.as_str()?.to_owned())]),
            }
        });
        list.unwrap_or_default()
    }

    pub(crate) fn flag(&self, key: &'static str) -> Option<bool> {
        self.read(key, "true or false", DeValue::as_bool)
    }

    /// `key = true`, which is all that can be said.
    pub(crate) fn switch(&self, key: &'static str) -> Option<bool> {
        self.read(key, "true", |v| v.as_bool().filter(|&flag| flag))
    }

    pub(crate) fn integer(&self, key: &'static str, range: RangeInclusive<i64>) -> Option<i64> {
        let wanted = match *range.end() {
            i64::MAX => format!("a whole number from {} on", range.start()),
            end => format!("a whole number from {} to {end}", range.start()),
        };
        self.read(key, &wanted, |v| whole_number(v, &range))
    }

    /// A list of whole numbers that must be there.
    pub(super) fn integers(
        &self,
        key: &'static str,
        example: &str,
        range: RangeInclusive<i64>,
    ) -> Option<Vec<i64>> {
        if !self.has(key) {
            let message = format!("`{key}` is missing; add for example `{key} = [{example}]`");
            self.problems.add(self.at(), message);
        }
        let (start, end) = (range.start(), range.end());
        let wanted = format!("a list of whole numbers from {start} to {end}, such as [{example}]");
        self.read(key, &wanted, |v| {
            let items = v.as_array().filter(|items| !items.is_empty())?;
            items.iter().map(|item| whole_number(item.get_ref(), &range)).collect()
        })
    }

    /// A number with decimals from 0.001 up to `most`, in thousandths.
    pub(crate) fn permille(&self, key: &'static str, most: u16) -> Option<u16> {
        let wanted = format!("a number from 0.001 to {}", Decimal(most));
        self.read(key, &wanted, |v| {
            let text = match v {
                DeValue::Integer(integer) => integer.as_str(),
                DeValue::Float(float) => float.as_str(),
                _ => return None,
            };
            let permille = (parse_decimal(text)? * 1000.0).round();
            (1.0..=f64::from(most)).contains(&permille).then_some(permille as u16)
        })
    }

    /// A time span with its unit, in µs.
    pub(crate) fn duration(&self, key: &'static str) -> Option<u64> {
        let wanted = "a time with its unit, such as \"20ms\", \"1.5s\" or \"7d\"";
        self.read(key, wanted, |v| parse_duration(v.as_str()?).ok())
    }

    /// A list of time spans, or one of them, in µs.
    pub(super) fn durations(&self, key: &'static str, example: &str) -> Option<Vec<u64>> {
        let wanted = format!("a time with its unit, such as \"{example}\", or a list of them");
        self.read(key, &wanted, |v| {
            let time = |v: &DeValue<'_>| parse_duration(v.as_str()?).ok();
            match v.as_array() {
                Some(items) if items.is_empty() => None,
                Some(items) => items.iter().map(|item| time(item.get_ref())).collect(),
                None => Some(vec![time(v)?]),
            }
        })
    }

    /// A size with its unit, in bytes.
    pub(crate) fn size(&self, key: &'static str) -> Option<u64> {
        let wanted = "a size with its unit, such as \"100B\", \"16KiB\" or \"125MB\"";
        self.read(key, wanted, |v| parse_size(v.as_str()?))
    }

    /// A rate, as the µs between two.
    pub(crate) fn rate(&self, key: &'static str) -> Option<u64> {
        let wanted = "a rate, such as \"20/s\", \"5/m\" or \"1/10s\"";
        self.read(key, wanted, |v| parse_rate(v.as_str()?))
    }

    /// One of a few words.
    pub(crate) fn choice<T: Copy>(&self, key: &'static str, words: &[(&str, T)]) -> Option<T> {
        let list: Vec<String> = words.iter().map(|(word, _)| format!("\"{word}\"")).collect();
        let wanted = format!("one of {}", list.join(", "));
        self.read(key, &wanted, |v| {
            let text = v.as_str()?;
            words.iter().find(|(word, _)| *word == text).map(|&(_, meaning)| meaning)
        })
    }

    /// Whether the value of `key` is a table.
    pub(crate) fn is_section(&self, key: &str) -> bool {
        self.table.get(key).is_some_and(|value| value.get_ref().as_table().is_some())
    }

    pub(crate) fn section(&self, key: &'static str) -> Option<Section<'a>> {
        let spanned = self.value(key)?;
        match spanned.get_ref().as_table() {
            Some(table) => Some(Section::new(table, spanned.span(), self.problems)),
            None => {
                self.complain(key, "a table, such as { ... }", spanned);
                None
            }
        }
    }

    /// The tables `[[key]]`.
    pub(crate) fn sections(&self, key: &'static str) -> Vec<Section<'a>> {
        let Some(spanned) = self.value(key) else { return Vec::new() };
        let section = |value: &'a Spanned<DeValue<'a>>| {
            let table = value.get_ref().as_table()?;
            Some(Section::new(table, value.span(), self.problems))
        };
        let sections = spanned
            .get_ref()
            .as_array()
            .and_then(|items| items.iter().map(section).collect::<Option<Vec<_>>>());
        sections.unwrap_or_else(|| {
            let message = format!("write `[[{key}]]` with two brackets, once for each {key}");
            self.problems.add(spanned.span().start, message);
            section(spanned).into_iter().collect()
        })
    }

    /// Any scalar, as text.
    pub(crate) fn scalar(&self, key: &'static str) -> Option<String> {
        self.read(key, "a text, a number, true or false", scalar)
    }

    /// Kafka's configs: any scalar is taken as its text, as in a .properties file, and dots in
    /// names need no quotes.
    pub(crate) fn properties(&self, key: &'static str) -> Properties {
        let mut properties = Properties::default();
        if let Some(section) = self.section(key) {
            section.collect_into(&mut properties, "");
        }
        properties
    }

    fn collect_into(&self, properties: &mut Properties, prefix: &str) {
        for (name, value) in self.table {
            let name = format!("{prefix}{}", name.get_ref());
            if let Some(table) = value.get_ref().as_table() {
                let section = Section::new(table, value.span(), self.problems);
                section.collect_into(properties, &format!("{name}."));
            } else if let Some(text) = scalar(value.get_ref()) {
                properties.set(name, text);
            } else {
                self.complain(&name, "a text, a number, true or false", value);
            }
        }
    }

    /// Where the value of `key` stands, here or in a table in here; else where the table begins.
    pub(crate) fn place(&self, key: &str) -> usize {
        find(self.table, key).unwrap_or(self.at())
    }

    /// Where the key itself stands.
    pub(crate) fn key_place(&self, key: &str) -> usize {
        self.table.get_key_value(key).map_or(self.at(), |(key, _)| key.span().start)
    }

    /// Where the config `name` stands in the table `key`, or that table.
    pub(crate) fn config_place(&self, key: &str, name: &str) -> usize {
        let Some(spanned) = self.table.get(key) else { return self.at() };
        let entry = spanned.get_ref().as_table().and_then(|table| dotted(table, name));
        entry.unwrap_or(spanned.span().start)
    }

    /// Whether there is a key that nobody asked for.
    pub(crate) fn has_unknown(&self) -> bool {
        let asked = self.asked.borrow();
        self.table.iter().any(|(key, _)| !asked.contains(&key.get_ref().as_ref()))
    }

    /// Complains about every key that nobody asked for.
    pub(crate) fn finish(&self) {
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

fn whole_number(value: &DeValue<'_>, range: &RangeInclusive<i64>) -> Option<i64> {
    let integer = value.as_integer()?;
    let number = i64::from_str_radix(integer.as_str(), integer.radix()).ok()?;
    range.contains(&number).then_some(number)
}

fn find(table: &DeTable<'_>, key: &str) -> Option<usize> {
    let here = table.get(key).map(|value| value.span().start);
    here.or_else(|| table.values().find_map(|v| find(v.get_ref().as_table()?, key)))
}

/// Where `a.b.c` stands, quoted or as tables in tables.
fn dotted(table: &DeTable<'_>, name: &str) -> Option<usize> {
    if let Some(value) = table.get(name) {
        return Some(value.span().start);
    }
    name.match_indices('.').find_map(|(dot, _)| {
        let inner = table.get(&name[..dot])?.get_ref().as_table()?;
        dotted(inner, &name[dot + 1..])
    })
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
