//! Judges a lesson's goals by what happened, never by what was clicked.

use std::sync::Arc;

use super::condition::Condition;
use super::file::{Goal, LessonFile};
use super::gauge::{Baseline, Facts};
use super::measure::What;
use super::script;
use crate::engine::Micros;
use crate::events::EventId;
use crate::history::{Progress, Run};

/// The judge looks at each multiple of this in virtual time, whatever the speed: so a lesson is
/// judged alike on the page and in tests.
const LOOK_US: Micros = 100_000;

/// How far a goal is.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub enum GoalState {
    /// Another goal has to be met first, or what has to hold does not.
    Waiting,
    /// At work.
    Active {
        /// Steps that are done.
        step: usize,
        /// What is counted for the step at work.
        done: i64,
        /// How much is wanted; 0 where nothing is counted.
        target: i64,
        /// It failed before, and nothing of it is done again yet.
        failed: bool,
    },
    /// Met.
    Met {
        /// When.
        at_us: Micros,
        /// The newest notable event then.
        event: Option<EventId>,
    },
}

impl GoalState {
    /// Whether it is met.
    pub fn is_met(self) -> bool {
        matches!(self, Self::Met { .. })
    }
}

/// A goal at work, and what it counts from.
#[derive(Clone, Debug)]
struct Tries {
    state: GoalState,
    /// It is not waiting: the baselines count.
    is_at_work: bool,
    attempt: Baseline,
    step: usize,
    step_from: Baseline,
    step_began_us: Micros,
    holds_since_us: Option<Micros>,
    began_us: Micros,
    failed: bool,
}

impl Default for Tries {
    fn default() -> Self {
        Self {
            state: GoalState::Waiting,
            is_at_work: false,
            attempt: Baseline::default(),
            step: 0,
            step_from: Baseline::default(),
            step_began_us: 0,
            holds_since_us: None,
            began_us: 0,
            failed: false,
        }
    }
}

/// The judge of one run of a lesson.
#[derive(Clone, Debug)]
pub struct Judge {
    lesson: Arc<LessonFile>,
    began: Baseline,
    goals: Vec<Tries>,
    /// Faults that have happened.
    fired: Vec<bool>,
}

impl Judge {
    /// A judge of what happens from now on.
    pub fn new(lesson: Arc<LessonFile>, run: &Run) -> Self {
        let mut judge = Self {
            began: Facts::new(run).baseline(),
            goals: vec![Tries::default(); lesson.goals.len()],
            fired: vec![false; lesson.faults.len()],
            lesson,
        };
        judge.judge(run);
        judge
    }

    /// The lesson.
    pub fn lesson(&self) -> &Arc<LessonFile> {
        &self.lesson
    }

    /// Lets time pass until `until_us`, or until `event_budget` events are handled, and judges.
    pub fn run_until(&mut self, run: &mut Run, until_us: Micros, event_budget: u64) -> Progress {
        let mut events = 0;
        loop {
            let look_us = (run.now() / LOOK_US + 1) * LOOK_US;
            let part = run.run_until(look_us.min(until_us), event_budget - events);
            events += part.events;
            if part.exhausted {
                return Progress { events, ..part };
            }
            if run.now() == look_us {
                self.look(run);
            }
            if run.now() >= until_us {
                return Progress { events, ..part };
            }
            if events >= event_budget {
                return Progress { events, exhausted: true, ..part };
            }
        }
    }

    /// Lets time pass until the next notable event, `until_us` or `event_budget` events, and judges.
    pub fn run_to_notable(
        &mut self,
        run: &mut Run,
        until_us: Micros,
        event_budget: u64,
    ) -> Progress {
        let newest = |run: &Run| run.log().iter().next_back().map(|event| event.id);
        let seen = newest(run);
        let mut events = 0;
        loop {
            let look_us = (run.now() / LOOK_US + 1) * LOOK_US;
            let part = run.run_to_notable(look_us.min(until_us), event_budget - events);
            events += part.events;
            if run.now() == look_us && !part.exhausted {
                self.look(run);
            }
            let is_over = newest(run) != seen || run.now() >= until_us;
            if part.exhausted || is_over || events >= event_budget {
                return Progress { events, exhausted: !is_over, ..part };
            }
        }
    }

    /// Looks at a run, and does what the lesson does by itself.
    fn look(&mut self, run: &mut Run) {
        for index in 0..self.fired.len() {
            let fault = &self.lesson.faults[index];
            let facts = Facts::new(run);
            let is_due = !self.fired[index]
                && fault.when.iter().all(|condition| facts.holds(condition, &self.began));
            if is_due {
                self.fired[index] = true;
                if let Ok(command) = script::command(&fault.command, &facts) {
                    // What is refused changes nothing.
                    let _ = run.apply(command);
                }
            }
        }
        self.judge(run);
    }

    fn judge(&mut self, run: &Run) {
        let facts = Facts::new(run);
        let lesson = self.lesson.clone();
        for (index, goal) in lesson.goals.iter().enumerate() {
            if self.goals[index].state.is_met() {
                continue;
            }
            let is_free = goal.after.as_ref().is_none_or(|after| {
                let first = lesson.goals.iter().position(|other| other.id == *after);
                first.is_some_and(|first| self.goals[first].state.is_met())
            });
            self.goals[index].judge(goal, is_free, &facts);
        }
    }

    /// How far a goal is.
    pub fn state(&self, index: usize) -> GoalState {
        self.goals.get(index).map_or(GoalState::Waiting, |tries| tries.state)
    }

    /// How far all goals are.
    pub fn states(&self) -> Vec<GoalState> {
        self.goals.iter().map(|tries| tries.state).collect()
    }

    /// Whether all goals are met.
    pub fn is_done(&self) -> bool {
        self.goals.iter().all(|tries| tries.state.is_met())
    }

    /// Whether a condition holds, counts since the lesson began.
    pub fn holds(&self, condition: &Condition, facts: &Facts<'_>) -> bool {
        facts.holds(condition, &self.began)
    }

    /// What is counted since the lesson began.
    pub fn began(&self) -> &Baseline {
        &self.began
    }

    /// The names of the hints that fit what is seen, for the first goal that is not met.
    pub fn hints(&self, run: &Run) -> Vec<String> {
        let open = self.goals.iter().position(|tries| !tries.state.is_met());
        let Some(open) = open else { return Vec::new() };
        let facts = Facts::new(run);
        let tries = &self.goals[open];
        let fits = |condition: &Condition| match condition.measure.what {
            What::Step => condition.holds(if tries.is_at_work { tries.step as i64 } else { 0 }),
            What::Waited => condition.holds((run.now() - tries.began_us) as i64),
            _ => self.holds(condition, &facts),
        };
        let own = self.lesson.hints.iter().filter(|h| h.goal == self.lesson.goals[open].id);
        own.filter(|hint| hint.when.iter().all(fits)).map(|hint| hint.id.clone()).collect()
    }
}

impl Tries {
    fn judge(&mut self, goal: &Goal, is_free: bool, facts: &Facts<'_>) {
        let now_us = facts.run().now();
        let zero = Baseline::default();
        let may_count = is_free && goal.holds.iter().all(|it| facts.holds(it, &zero));
        if !may_count {
            self.is_at_work = false;
            self.state = GoalState::Waiting;
            if !is_free {
                self.began_us = now_us;
            }
            return;
        }
        if !self.is_at_work {
            self.begin(facts, now_us);
        }
        let step = goal.steps.get(self.step);
        let is_late = step.and_then(|step| step.within_us);
        let is_late = is_late.is_some_and(|within| now_us > self.step_began_us + within);
        if is_late || goal.never.iter().any(|it| facts.holds(it, &self.attempt)) {
            self.failed = true;
            self.begin(facts, now_us);
        }
        while let Some(step) = goal.steps.get(self.step) {
            let holds = step.reach.iter().all(|it| facts.holds(it, &self.step_from));
            self.holds_since_us = if holds { self.holds_since_us.or(Some(now_us)) } else { None };
            let held = self.holds_since_us.is_some_and(|since| now_us >= since + step.for_us);
            if !held {
                let (done, target) = progress(&step.reach, facts, &self.step_from);
                let failed = self.failed && self.step == 0;
                self.state = GoalState::Active { step: self.step, done, target, failed };
                return;
            }
            self.step += 1;
            self.next_step(facts, now_us);
        }
        let event = facts.run().log().iter().next_back().map(|event| event.id);
        self.state = GoalState::Met { at_us: now_us, event };
    }

    fn begin(&mut self, facts: &Facts<'_>, now_us: Micros) {
        self.is_at_work = true;
        self.step = 0;
        self.attempt = facts.baseline();
        self.next_step(facts, now_us);
    }

    fn next_step(&mut self, facts: &Facts<'_>, now_us: Micros) {
        self.step_from = facts.baseline();
        self.step_began_us = now_us;
        self.holds_since_us = None;
    }
}

/// What is counted, and how much is wanted: of the first count that is not yet there.
fn progress(reach: &[Condition], facts: &Facts<'_>, since: &Baseline) -> (i64, i64) {
    use super::condition::Op;
    let counted = reach.iter().filter(|it| it.measure.is_count() && it.op == Op::AtLeast);
    let mut numbers = counted.map(|it| {
        let done = facts.number(it.measure, &it.args, since).unwrap_or(0);
        (done.clamp(0, it.number), it.number)
    });
    let first = numbers.next();
    first.filter(|(done, target)| done < target).or(numbers.next()).or(first).unwrap_or((0, 0))
}
