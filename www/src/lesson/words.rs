//! The words of a lesson: a Markdown file for each language, cut at its headings.
//!
//! The first heading is the title; each heading of the second rank names a section, such as
//! `## goal.lost`. Names are the same in all languages.

/// The words of a lesson in one language.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Words {
    /// The lesson's title.
    pub title: &'static str,
    sections: Vec<(&'static str, &'static str)>,
}

impl Words {
    /// Reads a file.
    pub fn parse(file: &'static str) -> Self {
        let mut words = Self { title: "", sections: Vec::new() };
        let mut open: Option<(&'static str, usize)> = None;
        let mut in_code = false;
        let mut at = 0;
        for line in file.split_inclusive('\n') {
            let start = at;
            at += line.len();
            if line.starts_with("```") {
                in_code = !in_code;
            }
            if in_code {
                continue;
            }
            if let Some(title) = line.strip_prefix("# ") {
                words.title = title.trim();
            } else if let Some(name) = line.strip_prefix("## ") {
                words.close(file, open.replace((name.trim(), at)), start);
            }
        }
        words.close(file, open, file.len());
        words
    }

    fn close(&mut self, file: &'static str, open: Option<(&'static str, usize)>, end: usize) {
        if let Some((name, start)) = open {
            self.sections.push((name, file[start..end].trim()));
        }
    }

    /// A section; empty if there is none.
    pub fn section(&self, name: &str) -> &'static str {
        let found = self.sections.iter().find(|(section, _)| *section == name);
        found.map_or("", |(_, text)| text)
    }

    /// The names of all sections, in order.
    #[cfg(test)]
    pub fn names(&self) -> impl Iterator<Item = &'static str> {
        self.sections.iter().map(|(name, _)| *name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headings_cut_and_comments_in_code_do_not() {
        let words = Words::parse(
            "# A title\n\n## one\nText.\n\n```sh\n# no title\n## no section\n```\n## two\nEnd.",
        );
        assert_eq!(words.title, "A title");
        assert_eq!(words.names().collect::<Vec<_>>(), ["one", "two"]);
        assert_eq!(words.section("one"), "Text.\n\n```sh\n# no title\n## no section\n```");
        assert_eq!(words.section("two"), "End.");
        assert_eq!(words.section("three"), "");
    }
}
