//! The lesson of a run on the screen.

use std::sync::Arc;

use highwater::history::Run;
use highwater::lesson::{GoalState, Judge, LessonFile};

/// The lesson that a run belongs to; judged once the prediction is made.
pub(super) struct OpenLesson {
    pub(super) file: Arc<LessonFile>,
    pub(super) judge: Option<Judge>,
}

/// What components see of it.
#[derive(Clone, Debug)]
pub struct LessonNow {
    /// The lesson.
    pub file: Arc<LessonFile>,
    /// The prediction is made.
    pub begun: bool,
    /// How far its goals are.
    pub states: Vec<GoalState>,
    /// The hints that fit what is seen.
    pub hints: Vec<String>,
}

impl LessonNow {
    /// Whether all goals are met.
    pub fn is_done(&self) -> bool {
        self.begun && self.states.iter().all(|state| state.is_met())
    }
}

impl OpenLesson {
    pub(super) fn begin(&mut self, run: &Run) {
        self.judge = Some(Judge::new(self.file.clone(), run));
    }

    pub(super) fn now(&self, run: &Run) -> LessonNow {
        let judge = self.judge.as_ref();
        LessonNow {
            file: self.file.clone(),
            begun: judge.is_some(),
            states: judge.map(Judge::states).unwrap_or_default(),
            hints: judge.map(|judge| judge.hints(run)).unwrap_or_default(),
        }
    }
}
