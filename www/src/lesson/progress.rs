//! What a person has done of the lessons, kept in the browser.

use crate::storage;

/// What a person has done of one lesson.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Progress {
    /// The answer that was predicted.
    pub predicted: Option<String>,
    /// The goals that were met, this time or before.
    pub met: Vec<String>,
}

impl Progress {
    /// The prediction, then the goals, one a line. Names have no line breaks.
    fn written(&self) -> String {
        let mut text = self.predicted.clone().unwrap_or_default();
        for goal in &self.met {
            text.push('\n');
            text.push_str(goal);
        }
        text
    }

    fn read(text: &str) -> Self {
        let mut names = text.split('\n').map(str::to_owned);
        let predicted = names.next().filter(|name| !name.is_empty());
        Self { predicted, met: names.collect() }
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
                let progress = Progress { predicted: predicted.clone(), met };
                assert_eq!(Progress::read(&progress.written()), progress);
            }
        }
    }
}
