//! Kafka's words, explained: `lessons/glossary.en.md` and `glossary.ru.md`.
//!
//! Each heading of the second rank is a term as Kafka spells it, the same in all languages. Below it
//! stands what it means; before that, in other languages than English, how one says it there.

use super::markdown::{Block, blocks};
use super::words::Words;

/// The words of Kafka in one language.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Glossary {
    /// In the file's order.
    pub terms: Vec<Term>,
}

/// A word and what it means.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Term {
    /// As Kafka spells it.
    pub name: String,
    /// How it is said in this language; empty where it is said as it is spelt.
    pub said: String,
    /// What it means.
    pub meaning: String,
}

impl Glossary {
    /// Reads a file.
    pub fn parse(file: &str) -> Self {
        let words = Words::parse(file);
        let term = |(name, text, _): (&str, &str, usize)| {
            let texts = blocks(text).into_iter().filter_map(|block| match block {
                Block::Paragraph(text) | Block::Item(text) => Some(text),
                Block::Code(..) => None,
            });
            let mut texts: Vec<String> = texts.collect();
            let meaning = texts.pop().unwrap_or_default();
            Term { name: name.to_owned(), said: texts.join(" "), meaning }
        };
        Self { terms: words.sections().map(term).collect() }
    }

    /// A term by its name.
    pub fn find(&self, name: &str) -> Option<&Term> {
        self.terms.iter().find(|term| term.name == name)
    }

    /// What is wrong with the English file and its translation.
    pub fn complaints(en: &Self, ru: &Self) -> Vec<String> {
        let mut complaints = Vec::new();
        let names = |glossary: &Self| -> Vec<String> {
            glossary.terms.iter().map(|term| term.name.clone()).collect()
        };
        for (file, one, other) in [("ru", en, ru), ("en", ru, en)] {
            for term in one.terms.iter().filter(|term| other.find(&term.name).is_none()) {
                complaints.push(format!("glossary.{file}.md: the term `{}` is missing", term.name));
            }
        }
        let (in_en, in_ru) = (names(en), names(ru));
        if complaints.is_empty() && in_en != in_ru {
            complaints.push("glossary.ru.md: the terms stand in another order".to_owned());
        }
        for (file, glossary) in [("en", en), ("ru", ru)] {
            for term in &glossary.terms {
                let Term { name, said, meaning } = term;
                let reason = match () {
                    () if !meaning.ends_with('.') => "its meaning is a sentence, with a full stop",
                    () if said.is_empty() && file == "ru" => "how is it said in Russian?",
                    () if glossary.terms.iter().filter(|it| it.name == *name).count() > 1 => {
                        "it is there twice"
                    }
                    () => continue,
                };
                complaints.push(format!("glossary.{file}.md: `{name}`: {reason}"));
            }
        }
        complaints
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const EN: &str = "# Words\n\n## lag\nRecords yet\nto read.\n";
    const RU: &str = "# Слова\n\n## lag\nlag, отставание\n\nСколько ещё читать.\n";

    #[test]
    fn a_term_has_a_name_a_way_to_say_it_and_a_meaning() {
        let ru = Glossary::parse(RU);
        let term = ru.find("lag").expect("a term");
        assert_eq!((&*term.said, &*term.meaning), ("lag, отставание", "Сколько ещё читать."));
        assert_eq!(Glossary::parse(EN).terms[0].meaning, "Records yet to read.");
    }

    #[test]
    fn both_languages_have_the_same_terms() {
        let complaints = |en: &str, ru: &str| {
            Glossary::complaints(&Glossary::parse(en), &Glossary::parse(ru)).join("; ")
        };
        assert_eq!(complaints(EN, RU), "");
        let more = format!("{EN}\n## key\nIt chooses.\n");
        assert_eq!(complaints(&more, RU), "glossary.ru.md: the term `key` is missing");
        assert!(complaints(EN, "## lag\nСколько ещё читать.\n").contains("how is it said"));
        assert!(complaints("## lag\nRecords", RU).contains("full stop"));
    }
}
