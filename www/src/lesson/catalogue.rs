//! The lessons there are, and one of them with all that belongs to it: files beside the page.

use std::rc::Rc;
use std::sync::Arc;

use highwater::history::Scenario;
use highwater::lesson::{LessonFile, Words};

use crate::files::Files;

/// A lesson in the catalogue.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Its number, such as `2.6`.
    pub id: String,
    folder: String,
    en: String,
    ru: String,
}

impl Entry {
    /// Its title in the language with this code.
    pub fn title(&self, code: &str) -> &str {
        if code == "ru" { &self.ru } else { &self.en }
    }

    /// The number of its chapter.
    pub fn chapter(&self) -> &str {
        self.id.split('.').next().unwrap_or_default()
    }
}

/// Fetches the catalogue, which the build writes: a line for each lesson, in order.
///
/// # Errors
/// What went wrong.
pub async fn entries(files: &Files) -> Result<Rc<Vec<Entry>>, String> {
    let text = files.read("lessons/index.txt").await?;
    Ok(Rc::new(text.lines().filter_map(entry).collect()))
}

fn entry(line: &str) -> Option<Entry> {
    let mut parts = line.split('\t').map(str::to_owned);
    Some(Entry { id: parts.next()?, folder: parts.next()?, en: parts.next()?, ru: parts.next()? })
}

/// A lesson with everything that belongs to it.
#[derive(Clone, Debug)]
pub struct Lesson {
    /// What is asked and judged.
    pub file: Arc<LessonFile>,
    /// The cluster it starts with.
    pub scenario: Scenario,
    en: Words,
    ru: Words,
}

impl Lesson {
    /// Fetches it.
    ///
    /// # Errors
    /// What went wrong.
    pub async fn fetch(files: &Files, entry: &Entry) -> Result<Self, String> {
        let folder = &entry.folder;
        let file = async |name| files.read(&format!("lessons/{folder}/{name}")).await;
        let lesson = file("lesson.toml").await?;
        let scenario = file("scenario.toml").await?;
        Ok(Self {
            file: Arc::new(LessonFile::parse(&lesson).map_err(|errors| errors[0].to_string())?),
            scenario: Scenario::parse(&scenario).map_err(|errors| errors[0].to_string())?,
            en: Words::parse(&file("en.md").await?),
            ru: Words::parse(&file("ru.md").await?),
        })
    }

    /// Its words in the language with this code.
    pub fn words(&self, code: &str) -> &Words {
        if code == "ru" { &self.ru } else { &self.en }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_a_lesson() {
        let found = entry("2.6\t2-acks-1\tOne\tОдин").expect("an entry");
        assert_eq!((found.chapter(), found.title("en"), found.title("ru")), ("2", "One", "Один"));
        assert_eq!(entry("2.6"), None);
    }
}
