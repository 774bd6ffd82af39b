//! The words of a lesson: a Markdown file for each language, cut at its headings.
//!
//! The first heading is the title; each heading of the second rank names a section, such as
//! `## goal.lost`. Names are the same in all languages.

/// The words of a lesson in one language.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Words {
    /// The lesson's title.
    pub title: String,
    sections: Vec<Section>,
}

/// A part of the words.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Section {
    name: String,
    text: String,
    /// The line of its heading, from 1.
    line: usize,
}

impl Words {
    /// Reads a file.
    pub fn parse(file: &str) -> Self {
        let mut words = Self::default();
        let mut in_code = false;
        for (index, line) in file.lines().enumerate() {
            if line.starts_with("```") {
                in_code = !in_code;
            }
            let heading = |mark| line.strip_prefix(mark).filter(|_| !in_code).map(str::trim);
            if let Some(title) = heading("# ") {
                words.title = title.to_owned();
            } else if let Some(name) = heading("## ") {
                let (name, text) = (name.to_owned(), String::new());
                words.sections.push(Section { name, text, line: index + 1 });
            } else if let Some(section) = words.sections.last_mut() {
                section.text.push_str(line);
                section.text.push('\n');
            }
        }
        words
    }

    /// A section; empty if there is none.
    pub fn section(&self, name: &str) -> &str {
        let found = self.sections.iter().find(|section| section.name == name);
        found.map_or("", |section| section.text.trim())
    }

    /// Names, texts and lines of all sections, in order.
    pub fn sections(&self) -> impl Iterator<Item = (&str, &str, usize)> {
        self.sections.iter().map(|it| (it.name.as_str(), it.text.trim(), it.line))
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
        let names: Vec<_> = words.sections().map(|(name, _, line)| (name, line)).collect();
        assert_eq!(names, [("one", 3), ("two", 10)]);
        assert_eq!(words.section("one"), "Text.\n\n```sh\n# no title\n## no section\n```");
        assert_eq!(words.section("two"), "End.");
        assert_eq!(words.section("three"), "");
    }
}
