//! What a person has done of the lessons, kept in the browser.

use std::collections::BTreeMap;

use gloo_storage::{LocalStorage, Storage};
use serde::{Deserialize, Serialize};

const STORED: &str = "highwater.lessons";

/// What a person has done of one lesson.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Progress {
    /// The answer that was predicted.
    #[serde(default)]
    pub predicted: Option<String>,
    /// The goals that were met, this time or before.
    #[serde(default)]
    pub met: Vec<String>,
}

/// What is kept of a lesson; nothing where storage is empty, forbidden or garbled.
pub fn load(lesson: &str) -> Progress {
    all().remove(lesson).unwrap_or_default()
}

/// Keeps it.
pub fn save(lesson: &str, progress: &Progress) {
    let mut all = all();
    all.insert(lesson.to_owned(), progress.clone());
    // Where storage is forbidden, progress lasts as long as the page.
    LocalStorage::set(STORED, all).ok();
}

fn all() -> BTreeMap<String, Progress> {
    LocalStorage::get(STORED).unwrap_or_default()
}
