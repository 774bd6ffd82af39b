//! Which knobs the lesson that is open locks.

use std::sync::Arc;

use highwater::lesson::LessonFile;

use crate::context::Page;

/// The locks; none without a lesson.
#[derive(Clone, Default)]
pub struct Locks(Option<Arc<LessonFile>>);

impl PartialEq for Locks {
    fn eq(&self, other: &Self) -> bool {
        match (&self.0, &other.0) {
            (Some(one), Some(other)) => Arc::ptr_eq(one, other),
            (None, None) => true,
            _ => false,
        }
    }
}

impl Locks {
    /// Those of the lesson that is open.
    pub fn of(page: &Page) -> Self {
        let lesson = page.snapshot.lesson.as_ref().map(|lesson| lesson.file.clone());
        Self(lesson.filter(|file| file.unlocked.is_some()))
    }

    /// Whether anything is locked.
    pub fn is_any(&self) -> bool {
        self.0.is_some()
    }

    /// Whether the lesson is about a knob.
    pub fn unlocks(&self, knob: &str) -> bool {
        self.0.as_ref().is_some_and(|lesson| lesson.unlocks(knob))
    }

    /// Whether a knob is.
    pub fn locks(&self, knob: &str) -> bool {
        self.0.as_ref().is_some_and(|lesson| !lesson.unlocks(knob))
    }
}
