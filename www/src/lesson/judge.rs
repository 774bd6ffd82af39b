//! Judges a lesson's goals by what happened, never by what was clicked.

use highwater::engine::{Micros, NodeId, SortedMap};
use highwater::events::{Event, TraceEvent};
use highwater::protocol::{TopicId, TopicPartition};
use highwater::trace::Verdict;
use highwater::view::{ProcessState, View};

use super::condition;
use super::file::{Condition, Counter, Goal, LessonFile};

/// What can be known of a run at one moment.
#[derive(Copy, Clone)]
pub struct Facts<'a> {
    /// The cluster.
    pub view: &'a View,
    /// What became of the records.
    pub verdict: &'a Verdict,
}

/// How far a goal is.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub enum GoalState {
    /// Another goal has to be met first, or its condition does not hold.
    Waiting,
    /// So many of its steps are done, and so many are counted for the next.
    Active {
        /// Steps that are done.
        step: usize,
        /// What is counted for the step at work.
        done: u64,
    },
    /// Met, and when.
    Met(Micros),
}

/// How far a goal is, and what it counts from.
#[derive(Clone, Debug)]
struct Progress {
    state: GoalState,
    /// The counter of the step at work, when the step began.
    counted_from: u64,
    /// The counter that must not grow, when the goal became active.
    never_from: u64,
    /// It has failed since it was last begun by hand.
    failed: bool,
}

impl Default for Progress {
    fn default() -> Self {
        Self { state: GoalState::Waiting, counted_from: 0, never_from: 0, failed: false }
    }
}

/// The judge of one run of a lesson.
#[derive(Clone, Debug, Default)]
pub struct Judge {
    events_seen: Option<u64>,
    leaders: SortedMap<TopicPartition, NodeId>,
    internal: Vec<TopicId>,
    leader_crashes: u64,
    elections: u64,
    goals: Vec<Progress>,
}

impl Judge {
    /// Looks at what has happened since the last time. `log` are the notable events, newest first.
    pub fn look<'e>(
        &mut self,
        lesson: &LessonFile,
        facts: Facts<'_>,
        log: impl Iterator<Item = &'e TraceEvent>,
    ) {
        let view = facts.view;
        self.internal = view.topics.iter().filter(|t| t.internal).map(|topic| topic.id).collect();
        self.count(view, log);
        self.goals.resize_with(lesson.goals.len(), Progress::default);
        for (index, goal) in lesson.goals.iter().enumerate() {
            let mut progress = std::mem::take(&mut self.goals[index]);
            if !matches!(progress.state, GoalState::Met(_)) {
                self.judge(lesson, goal, &mut progress, facts);
            }
            self.goals[index] = progress;
        }
    }

    /// How far a goal is.
    pub fn state(&self, index: usize) -> GoalState {
        self.goals.get(index).map_or(GoalState::Waiting, |progress| progress.state)
    }

    /// Whether a goal has failed on the way and begun anew.
    pub fn has_failed(&self, index: usize) -> bool {
        self.goals.get(index).is_some_and(|progress| progress.failed)
    }

    /// Whether all goals are met.
    pub fn is_done(&self) -> bool {
        let met = |progress: &Progress| matches!(progress.state, GoalState::Met(_));
        !self.goals.is_empty() && self.goals.iter().all(met)
    }

    /// The hints that fit the state seen, in order, for the first goal that is not met.
    pub fn hints(&self, lesson: &LessonFile, facts: Facts<'_>) -> Vec<String> {
        let open = (0..lesson.goals.len()).find(|&i| !matches!(self.state(i), GoalState::Met(_)));
        let Some(open) = open else { return Vec::new() };
        let fits = |when: &Condition| self.holds(when, facts, self.steps_done(open));
        let own = lesson.hints.iter().filter(|hint| hint.goal == lesson.goals[open].id);
        own.filter(|hint| hint.when.iter().all(fits)).map(|hint| hint.id.clone()).collect()
    }

    fn steps_done(&self, index: usize) -> usize {
        match self.state(index) {
            GoalState::Active { step, .. } => step,
            GoalState::Waiting | GoalState::Met(_) => 0,
        }
    }

    fn count<'e>(&mut self, view: &View, log: impl Iterator<Item = &'e TraceEvent>) {
        let Some(seen) = self.events_seen else {
            // What came before the lesson does not count.
            self.events_seen = Some(log.map(|event| event.id.0).next().map_or(0, |id| id + 1));
            for topic in &view.topics {
                for (index, partition) in topic.partitions.iter().enumerate() {
                    let tp = TopicPartition::new(topic.id, index as u16);
                    self.leaders.extend(partition.leader.map(|leader| (tp, leader)));
                }
            }
            return;
        };
        let mut news: Vec<&TraceEvent> = log.take_while(|event| event.id.0 >= seen).collect();
        news.reverse();
        for event in news {
            self.events_seen = Some(event.id.0 + 1);
            self.count_event(event);
        }
    }

    fn count_event(&mut self, event: &TraceEvent) {
        match &event.event {
            Event::NodeKilled => {
                let led = |(tp, leader): (&TopicPartition, &NodeId)| {
                    *leader == event.node && !self.internal.contains(&tp.topic)
                };
                self.leader_crashes += u64::from(self.leaders.iter().any(led));
            }
            Event::LeaderElected { tp, leader: Some(leader), .. } => {
                let before = self.leaders.insert(*tp, *leader);
                let another = before.is_some_and(|before| before != *leader);
                self.elections += u64::from(another && !self.internal.contains(&tp.topic));
            }
            _ => {}
        }
    }

    fn counter(&self, counter: Counter, verdict: &Verdict) -> u64 {
        match counter {
            Counter::Produced => verdict.produced,
            Counter::Acknowledged => verdict.acknowledged,
            Counter::Lost => verdict.lost.total(),
            Counter::Duplicated => verdict.duplicated.total(),
            Counter::Reordered => verdict.reordered.total(),
            Counter::Failed => verdict.failed.total(),
            Counter::LeaderCrashes => self.leader_crashes,
            Counter::Elections => self.elections,
        }
    }

    fn holds(&self, condition: &Condition, facts: Facts<'_>, steps_done: usize) -> bool {
        match condition {
            Condition::Config { client, config, is } => {
                let value = condition::client_config(facts.view, client, config);
                value.is_some_and(|value| is.contains(&value))
            }
            Condition::Reached { counter, reached } => {
                self.counter(*counter, facts.verdict) >= *reached
            }
            Condition::Below { counter, below } => self.counter(*counter, facts.verdict) < *below,
            Condition::BrokersRunningBelow { brokers_running_below } => {
                let brokers = facts.view.brokers.iter();
                let running = brokers.filter(|b| b.process == ProcessState::Running).count();
                (running as u64) < *brokers_running_below
            }
            Condition::StepReached { step_reached } => steps_done >= *step_reached,
            Condition::StepBelow { step_below } => steps_done < *step_below,
        }
    }

    fn judge(&self, lesson: &LessonFile, goal: &Goal, progress: &mut Progress, facts: Facts<'_>) {
        let counter = |counter| self.counter(counter, facts.verdict);
        let first_is_met = goal.after.as_ref().is_none_or(|after| {
            let index = lesson.goals.iter().position(|other| other.id == *after);
            index.is_some_and(|index| matches!(self.state(index), GoalState::Met(_)))
        });
        let holds = goal.holds.as_ref().is_none_or(|condition| self.holds(condition, facts, 0));
        if !first_is_met || !holds {
            progress.state = GoalState::Waiting;
            return;
        }
        let never = goal.never.map_or(0, counter);
        let has_failed = never > progress.never_from;
        let (mut step, fresh) = match progress.state {
            GoalState::Active { step, .. } if !has_failed => (step, false),
            GoalState::Active { .. } => {
                progress.failed = true;
                (0, true)
            }
            GoalState::Waiting | GoalState::Met(_) => (0, true),
        };
        if fresh {
            progress.never_from = never;
            progress.counted_from = goal.steps.first().map_or(0, |step| counter(step.counter));
        }
        while let Some(target) = goal.steps.get(step) {
            let done = counter(target.counter).saturating_sub(progress.counted_from);
            if done < target.target {
                progress.state = GoalState::Active { step, done };
                return;
            }
            step += 1;
            progress.counted_from = goal.steps.get(step).map_or(0, |next| counter(next.counter));
        }
        progress.state = GoalState::Met(facts.view.at_us);
    }
}
