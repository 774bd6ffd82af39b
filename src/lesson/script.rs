//! Plays a lesson by commands: how its solution and its wrong answers are proven.

use std::sync::Arc;

use super::condition::Condition;
use super::file::{LessonFile, Play};
use super::gauge::Facts;
use super::judge::Judge;
use crate::cluster::Command;
use crate::engine::Micros;
use crate::history::Run;
use crate::scenario::{Scenario, parse_command};
use crate::view::ProcessState;

/// The longest that a play waits for conditions.
const PATIENCE_US: Micros = 600_000_000;

/// Between two looks at them.
const LOOK_US: Micros = 100_000;

/// A lesson while it is played.
pub struct Player {
    /// The run.
    pub run: Run,
    /// Its judge.
    pub judge: Judge,
}

impl Player {
    /// The lesson at its beginning: warmed up, the prediction made.
    pub fn new(lesson: Arc<LessonFile>, scenario: Scenario) -> Self {
        let warm_up_us = scenario.warm_up_us;
        let mut run = Run::with_counts(scenario);
        run.run_until(warm_up_us, u64::MAX);
        Self { judge: Judge::new(lesson, &run), run }
    }

    /// Plays.
    ///
    /// # Errors
    /// A step that cannot be done, and why.
    pub fn play(&mut self, play: &Play) -> Result<(), String> {
        for (index, step) in play.steps.iter().enumerate() {
            let fault = |reason: String| format!("step {}: {reason}", index + 1);
            self.wait(step.wait_us);
            let give_up_us = self.run.now() + PATIENCE_US;
            while !self.holds(&step.until) {
                if self.run.now() >= give_up_us {
                    return Err(fault("`until` did not come true within 10 minutes".to_owned()));
                }
                self.wait(LOOK_US);
            }
            if !self.holds(&step.only_if) {
                continue;
            }
            for text in &step.commands {
                let command = command(text, &Facts::new(&self.run)).map_err(fault)?;
                self.run.apply(command).map_err(|error| fault(format!("{text}: {error}")))?;
            }
        }
        // Whoever has done the last thing looks at what comes of it.
        self.wait(LOOK_US);
        Ok(())
    }

    /// Lets time pass.
    pub fn wait(&mut self, span_us: Micros) {
        let until_us = self.run.now() + span_us;
        self.judge.run_until(&mut self.run, until_us, u64::MAX);
    }

    fn holds(&self, conditions: &[Condition]) -> bool {
        let facts = Facts::new(&self.run);
        conditions.iter().all(|condition| self.judge.holds(condition, &facts))
    }
}

/// A command as scenario files write it, with names in angle brackets filled in.
///
/// # Errors
/// What is wrong with it, or what is not there.
pub(super) fn command(text: &str, facts: &Facts<'_>) -> Result<Command, String> {
    let filled = fill(text, |words| name(words, facts))?;
    parse_command(&filled).map_err(|errors| errors[0].message.clone())
}

/// A command with anybody's name filled in, to be checked without a run.
pub(super) fn sample(text: &str) -> Result<Command, String> {
    let filled = fill(text, |words| match words[0] {
        "leader" | "follower" | "coordinator" | "dead" => Some("1".to_owned()),
        "owner" => Some("somebody".to_owned()),
        _ => None,
    })?;
    parse_command(&filled).map_err(|errors| errors[0].message.clone())
}

fn fill(text: &str, name: impl Fn(&[&str]) -> Option<String>) -> Result<String, String> {
    let mut filled = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('<') {
        let (words, after) = after.split_once('>').ok_or("`<` without `>`")?;
        filled.push_str(before);
        let list: Vec<&str> = words.split_whitespace().collect();
        let found = if list.is_empty() { None } else { name(&list) };
        filled.push_str(&found.ok_or_else(|| format!("there is no <{words}> now"))?);
        rest = after;
    }
    filled.push_str(rest);
    Ok(filled)
}

fn name(words: &[&str], facts: &Facts<'_>) -> Option<String> {
    let broker = |id: crate::engine::NodeId| id.0.to_string();
    match *words {
        ["leader", partition] => facts.partition(partition)?.leader.map(broker),
        ["follower", partition] => {
            let partition = facts.partition(partition)?;
            let mut isr = partition.isr.iter().copied();
            isr.find(|id| Some(*id) != partition.leader).map(broker)
        }
        ["coordinator", group] => Some(broker(facts.group(group)?.coordinator)),
        ["owner", group, partition] => {
            let tp = facts.tp(partition)?;
            let members = &facts.group(group)?.members;
            members.iter().find(|(_, of)| of.contains(&tp)).map(|(name, _)| name.to_string())
        }
        ["dead"] => {
            let mut brokers = facts.view().brokers.iter();
            brokers.find(|it| it.process != ProcessState::Running).map(|it| broker(it.id))
        }
        _ => None,
    }
}
