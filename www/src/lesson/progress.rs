//! What a person has done of the lessons, kept in the browser.

use super::catalogue::Entry;
use crate::storage;

/// What a person has done of one lesson.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Progress {
    /// The answer that was predicted.
    pub predicted: Option<String>,
    /// The goals that were met, this time or before.
    pub met: Vec<String>,
    /// All of them were.
    pub done: bool,
}

/// The first line of exported progress.
const HEAD: &str = "highwater progress";

impl Progress {
    /// A line for each thing. Names have no line breaks.
    fn written(&self) -> String {
        let mut text = String::new();
        for (word, name) in self
            .predicted
            .iter()
            .map(|name| ("predicted", name))
            .chain(self.met.iter().map(|name| ("met", name)))
        {
            text.push_str(&format!("{word} {name}\n"));
        }
        if self.done {
            text.push_str("done\n");
        }
        text
    }

    fn read(text: &str) -> Self {
        let mut progress = Self::default();
        for line in text.lines() {
            match line.split_once(' ') {
                Some(("predicted", name)) => progress.predicted = Some(name.to_owned()),
                Some(("met", name)) => progress.met.push(name.to_owned()),
                _ if line == "done" => progress.done = true,
                _ => {}
            }
        }
        progress
    }
}

/// What is kept of a lesson; nothing where storage is empty or forbidden.
pub fn load(lesson: &str) -> Progress {
    storage::kept(&name(lesson)).map(|text| Progress::read(&text)).unwrap_or_default()
}

/// Keeps it.
pub fn save(lesson: &str, progress: &Progress) {
    storage::keep(&name(lesson), &progress.written());
}

/// Everything that is kept, as a text to take along.
pub fn export(lessons: &[Entry]) -> String {
    let mut text = format!("{HEAD}\n");
    for entry in lessons {
        let progress = load(&entry.id);
        if progress != Progress::default() {
            text.push_str(&format!("lesson {}\n{}", entry.id, progress.written()));
        }
    }
    text
}

/// Keeps what was taken along; says whether it was such a text.
pub fn import(text: &str) -> bool {
    let Some(rest) = text.trim_start().strip_prefix(HEAD) else { return false };
    for part in rest.split("\nlesson ").skip(1) {
        let (id, rest) = part.split_once('\n').unwrap_or((part, ""));
        save(id.trim(), &Progress::read(rest));
    }
    true
}

/// Forgets everything.
pub fn reset(lessons: &[Entry]) {
    for entry in lessons {
        save(&entry.id, &Progress::default());
    }
}

fn name(lesson: &str) -> String {
    format!("highwater.lesson.{lesson}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_kept_is_what_is_found() {
        for predicted in [None, Some("some".to_owned())] {
            for met in [vec![], vec!["lost".to_owned()], vec!["lost".to_owned(), "kept".to_owned()]]
            {
                let done = met.len() == 2;
                let progress = Progress { predicted: predicted.clone(), met, done };
                assert_eq!(Progress::read(&progress.written()), progress);
            }
        }
    }
}
