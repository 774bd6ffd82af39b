//! A lesson as its `lesson.toml` writes it. The words stand beside it, in a file for each language.

use super::condition::Condition;
use crate::engine::Micros;

/// A lesson without its words.
#[derive(Clone, Debug)]
pub struct LessonFile {
    /// Its number in the curriculum, such as `2.6`; what stands before the dot is its chapter.
    pub id: String,
    /// Knobs that can be turned and commands that can be given; all others are locked. `None`:
    /// nothing is locked.
    pub unlocked: Option<Vec<String>>,
    /// The question before anything runs.
    pub predict: Predict,
    /// What there is to reach, in order.
    pub goals: Vec<Goal>,
    /// What helps, in order.
    pub hints: Vec<Hint>,
    /// What the lesson does by itself.
    pub faults: Vec<Fault>,
    /// A play that meets all goals.
    pub solution: Play,
    /// Tempting plays that do not.
    pub wrong: Vec<Play>,
}

/// A question with answers to choose from.
#[derive(Clone, Debug, Default)]
pub struct Predict {
    /// The names of the answers.
    pub options: Vec<String>,
    /// The answer that turns out to be right.
    pub right: String,
}

/// Something to reach: steps, done one after the other.
#[derive(Clone, Debug)]
pub struct Goal {
    /// Its name.
    pub id: String,
    /// The goal that has to be met before this one counts.
    pub after: Option<String>,
    /// While one of these does not hold, nothing counts, and the steps begin anew.
    pub holds: Vec<Condition>,
    /// If one of these comes true, the goal has failed for now, and the steps begin anew.
    pub never: Vec<Condition>,
    /// What has to happen, in order.
    pub steps: Vec<Step>,
}

/// A step of a goal. Counts begin at 0 with it.
#[derive(Clone, Debug)]
pub struct Step {
    /// All of these have to hold.
    pub reach: Vec<Condition>,
    /// For so long without a break, in virtual µs.
    pub for_us: Micros,
    /// Not later than this after the step began, in virtual µs; else the goal fails for now.
    pub within_us: Option<Micros>,
}

/// Something that helps those who are stuck.
#[derive(Clone, Debug)]
pub struct Hint {
    /// Its name.
    pub id: String,
    /// The goal it helps with.
    pub goal: String,
    /// When it fits: all of this holds. Counts are since the lesson began.
    pub when: Vec<Condition>,
}

/// Something that the lesson does by itself, once, when its conditions hold.
#[derive(Clone, Debug)]
pub struct Fault {
    /// The conditions. Counts are since the lesson began.
    pub when: Vec<Condition>,
    /// The command, as scenario files write it, with names in angle brackets to be filled in.
    pub command: String,
}

/// A way to play the lesson.
#[derive(Clone, Debug, Default)]
pub struct Play {
    /// What it tries, for whoever reads a test's output.
    pub name: String,
    /// What is done, in order.
    pub steps: Vec<PlayStep>,
}

/// A step of a play: wait, then do.
#[derive(Clone, Debug, Default)]
pub struct PlayStep {
    /// Wait so long, in virtual µs.
    pub wait_us: Micros,
    /// Then wait until these hold, at most ten minutes. Counts are since the lesson began.
    pub until: Vec<Condition>,
    /// Then do this: commands as scenario files write them, with names to be filled in.
    pub commands: Vec<String>,
    /// But only if these hold.
    pub only_if: Vec<Condition>,
}

impl LessonFile {
    /// The number of its chapter.
    pub fn chapter(&self) -> &str {
        self.id.split('.').next().unwrap_or_default()
    }

    /// All conditions, in any order.
    pub(super) fn conditions(&self) -> impl Iterator<Item = &Condition> {
        let goals = self.goals.iter().flat_map(|goal| {
            let steps = goal.steps.iter().flat_map(|step| &step.reach);
            goal.holds.iter().chain(&goal.never).chain(steps)
        });
        let plays = self.plays().flat_map(|play| &play.steps);
        let plays = plays.flat_map(|step| step.until.iter().chain(&step.only_if));
        let hints = self.hints.iter().flat_map(|hint| &hint.when);
        goals.chain(hints).chain(self.faults.iter().flat_map(|fault| &fault.when)).chain(plays)
    }

    /// All commands, in any order.
    pub(super) fn orders(&self) -> impl Iterator<Item = &String> {
        let plays = self.plays().flat_map(|play| &play.steps).flat_map(|step| &step.commands);
        self.faults.iter().map(|fault| &fault.command).chain(plays)
    }

    /// The solution and the wrong answers.
    pub fn plays(&self) -> impl Iterator<Item = &Play> {
        [&self.solution].into_iter().chain(&self.wrong)
    }

    /// The names of the sections that its words must have, in order.
    pub fn sections(&self) -> Vec<String> {
        let mut names = vec!["intro".to_owned(), "predict".to_owned()];
        names.extend(self.predict.options.iter().map(|option| format!("predict.{option}")));
        names.push("predict.answer".to_owned());
        for goal in &self.goals {
            names.push(format!("goal.{}", goal.id));
            let can_fail = !goal.never.is_empty();
            if can_fail || goal.steps.iter().any(|step| step.within_us.is_some()) {
                names.push(format!("goal.{}.failed", goal.id));
            }
        }
        names.extend(self.hints.iter().map(|hint| format!("hint.{}", hint.id)));
        names.push("take-away".to_owned());
        names
    }
}
