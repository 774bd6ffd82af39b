//! The lessons there are, built into the page.

use highwater::history::Scenario;

use super::file::LessonFile;
use super::words::Words;

/// A lesson with everything that belongs to it.
#[derive(Clone, Debug)]
pub struct Lesson {
    /// What is asked and judged.
    pub file: LessonFile,
    /// What it runs, as text.
    pub scenario: &'static str,
    en: Words,
    ru: Words,
}

impl Lesson {
    /// Its words in the language with this code.
    pub fn words(&self, code: &str) -> &Words {
        if code == "ru" { &self.ru } else { &self.en }
    }

    /// The cluster it starts with.
    pub fn scenario(&self) -> Option<Scenario> {
        Scenario::parse(self.scenario).ok()
    }
}

macro_rules! lesson {
    ($folder:literal) => {
        (
            include_str!(concat!("../../../lessons/", $folder, "/lesson.toml")),
            include_str!(concat!("../../../lessons/", $folder, "/scenario.toml")),
            include_str!(concat!("../../../lessons/", $folder, "/en.md")),
            include_str!(concat!("../../../lessons/", $folder, "/ru.md")),
        )
    };
}

/// The folders of all lessons, in order.
const FOLDERS: [(&str, &str, &str, &str); 1] = [lesson!("2-acks-1")];

/// All lessons, in order. One whose file does not parse is left out; a test sees to it that there
/// is none.
pub fn lessons() -> Vec<Lesson> {
    let lesson = |(file, scenario, en, ru): &(&str, &'static str, &'static str, &'static str)| {
        let file = LessonFile::parse(file).ok()?;
        Some(Lesson { file, scenario, en: Words::parse(en), ru: Words::parse(ru) })
    };
    FOLDERS.iter().filter_map(lesson).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_lesson_parses() {
        for (file, scenario, ..) in FOLDERS {
            LessonFile::parse(file).unwrap_or_else(|error| panic!("{error}"));
            Scenario::parse(scenario).unwrap_or_else(|errors| panic!("{errors:?}"));
        }
        assert_eq!(lessons().len(), FOLDERS.len());
    }

    #[test]
    fn every_lesson_has_its_words_in_both_languages() {
        for lesson in lessons() {
            let LessonFile { id, predict, goals, hints, .. } = &lesson.file;
            let mut names = vec!["intro".to_owned(), "predict".to_owned()];
            names.extend(predict.options.iter().map(|option| format!("predict.{option}")));
            names.push("predict.answer".to_owned());
            for goal in goals {
                names.push(format!("goal.{}", goal.id));
                names.extend(goal.never.map(|_| format!("goal.{}.failed", goal.id)));
            }
            names.extend(hints.iter().map(|hint| format!("hint.{}", hint.id)));
            names.push("take-away".to_owned());
            for words in [&lesson.en, &lesson.ru] {
                assert!(!words.title.is_empty(), "lesson {id} has a title");
                assert_eq!(words.names().collect::<Vec<_>>(), names, "sections of lesson {id}");
                let empty = names.iter().find(|name| words.section(name).is_empty());
                assert_eq!(empty, None, "an empty section in lesson {id}");
            }
            assert!(predict.options.contains(&predict.right));
            let known = |id: &String| goals.iter().any(|goal| goal.id == *id);
            assert!(goals.iter().filter_map(|goal| goal.after.as_ref()).all(known));
            assert!(hints.iter().map(|hint| &hint.goal).all(known));
        }
    }
}
