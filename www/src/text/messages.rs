//! Reads the part of Project Fluent's language that the page's texts use: messages, values and
//! other messages in them, and plurals. Fluent's own reader takes any text of any language, and
//! weighs more than all texts; the tests hold this one against it.

use highwater::engine::SortedMap;

/// The messages of a file.
pub struct Messages {
    patterns: SortedMap<Box<str>, Box<str>>,
    plural: fn(u64) -> &'static str,
}

impl Messages {
    /// Reads a file. `plural` names the category of a number in its language, as CLDR does.
    pub fn parse(source: &str, plural: fn(u64) -> &'static str) -> Self {
        let mut patterns = SortedMap::new();
        let (mut message, mut start, mut at) = (None, 0, 0);
        for line in source.split_inclusive('\n') {
            let goes_on = line.starts_with([' ', '}']);
            let head = line.split_once('=').filter(|_| !goes_on && !line.starts_with('#'));
            if !goes_on && let Some(id) = message.take() {
                patterns.insert(id, source[start..at].trim().into());
            }
            if let Some((id, _)) = head {
                message = Some(Box::from(id.trim()));
                start = at + id.len() + 1;
            }
            at += line.len();
        }
        patterns.extend(message.map(|id| (id, source[start..].trim().into())));
        Self { patterns, plural }
    }

    /// Whether there is a message with this id.
    pub fn has(&self, id: &str) -> bool {
        self.patterns.contains_key(id)
    }

    /// Writes the message with these values in it; the id itself if there is none.
    pub fn write(&self, id: &str, args: &[(&str, String)], out: &mut String) {
        match self.patterns.get(id) {
            Some(pattern) => self.fill(pattern, args, out),
            None => out.push_str(id),
        }
    }

    fn fill(&self, pattern: &str, args: &[(&str, String)], out: &mut String) {
        let mut rest = pattern;
        while let Some((text, after)) = rest.split_once('{') {
            out.push_str(text);
            let end = end_of_braces(after);
            self.place(after[..end].trim(), args, out);
            rest = after.get(end + 1..).unwrap_or_default();
        }
        out.push_str(rest);
    }

    /// What stands in braces: a message, a value, or a choice by a value.
    fn place(&self, inner: &str, args: &[(&str, String)], out: &mut String) {
        let Some(inner) = inner.strip_prefix('$') else { return self.write(inner, args, out) };
        let (name, variants) = match inner.split_once("->") {
            Some((name, variants)) => (name.trim(), Some(variants)),
            None => (inner, None),
        };
        let value = args.iter().find(|(arg, _)| *arg == name).map_or(name, |(_, value)| value);
        match variants {
            Some(variants) => self.fill(self.choose(variants, value), args, out),
            None => out.push_str(value),
        }
    }

    /// The variant for a value, one a line; the one with a star fits every value.
    fn choose<'v>(&self, variants: &'v str, value: &str) -> &'v str {
        let category = value.parse().map_or("other", self.plural);
        let variants = variants.lines().filter_map(|line| line.trim().split_once(']'));
        let fits = |key: &str| key.starts_with('*') || key.trim_start_matches('[') == category;
        let found = variants.into_iter().find(|(key, _)| fits(key));
        found.map_or("", |(_, text)| text.trim())
    }
}

/// Where the braces that are open at the beginning end.
fn end_of_braces(text: &str) -> usize {
    let mut depth = 1;
    let end = text.find(|c| {
        depth += i32::from(c == '{') - i32::from(c == '}');
        depth == 0
    });
    end.unwrap_or(text.len())
}

/// The category of a whole number in English.
pub fn english(number: u64) -> &'static str {
    if number == 1 { "one" } else { "other" }
}

/// The category of a whole number in Russian.
pub fn russian(number: u64) -> &'static str {
    match (number % 10, number % 100) {
        (1, tail) if tail != 11 => "one",
        (2..=4, tail) if !(12..=14).contains(&tail) => "few",
        _ => "many",
    }
}
