//! What only the whole lesson can tell: names that nobody in its scenario bears, and commands that
//! cannot be.

use super::file::LessonFile;
use super::measure::Arg;
use super::script;
use crate::cluster::Command;
use crate::config::{Scope, closest, find};
use crate::scenario::problems::Problems;
use crate::scenario::{Scenario, ScenarioError};
use crate::trace::{DuplicateCause, LossCause, ReorderCause, RepeatCause, SkipCause};

/// Knobs that are no configs.
const DIALS: [&str; 3] = ["rate", "processing", "commit"];

/// Who and what there is in a lesson.
#[derive(Debug, Default)]
pub struct Cast {
    brokers: usize,
    topics: Vec<(String, i32)>,
    producers: Vec<String>,
    consumers: Vec<String>,
    groups: Vec<String>,
}

impl Cast {
    /// Who is in the scenario, and whom the lesson's plays add.
    pub fn new(lesson: &LessonFile, scenario: &Scenario) -> Self {
        let mut cast = Self { brokers: scenario.setup.brokers.len(), ..Self::default() };
        for (_, command) in scenario.script() {
            cast.meet(command);
        }
        for order in lesson.orders() {
            if let Ok(command) = script::sample(order) {
                cast.meet(&command);
            }
        }
        cast
    }

    fn meet(&mut self, command: &Command) {
        match command {
            Command::CreateTopic { name, partitions, .. } => {
                self.topics.push((name.to_string(), *partitions));
            }
            Command::AddProducer(spec) => self.producers.push(spec.name.to_string()),
            Command::AddConsumer(spec) => {
                self.consumers.push(spec.name.to_string());
                self.groups.push(spec.group.to_string());
            }
            Command::AddBroker => self.brokers += 1,
            _ => {}
        }
    }

    /// Complains unless something on the stage has this name.
    pub fn thing(&self, name: &str) -> Result<(), String> {
        let is_there = [Arg::Node, Arg::Place, Arg::Group].iter().any(|arg| self.is(*arg, name));
        if is_there { Ok(()) } else { Err(self.nobody(name)) }
    }

    fn is(&self, arg: Arg, name: &str) -> bool {
        let has = |list: &[String]| list.iter().any(|known| known == name);
        match arg {
            Arg::Writer => has(&self.producers) || self.is(Arg::Place, name),
            Arg::Place => self.is(Arg::Topic, name) || self.is(Arg::Partition, name),
            Arg::Topic => self.topics.iter().any(|(topic, _)| topic == name),
            Arg::Partition => name.rsplit_once('-').is_some_and(|(topic, index)| {
                let index = index.parse::<i32>().unwrap_or(i32::MAX);
                self.topics.iter().any(|(known, count)| known == topic && index < *count)
            }),
            Arg::Reader => has(&self.groups) || has(&self.consumers),
            Arg::Group => has(&self.groups),
            Arg::Consumer => has(&self.consumers),
            Arg::Node => {
                let id = name.strip_prefix("broker ").and_then(|id| id.parse::<usize>().ok());
                let is_broker = id.is_some_and(|id| (1..=self.brokers).contains(&id));
                is_broker || has(&self.producers) || has(&self.consumers)
            }
            Arg::Owner => {
                let is_client = has(&self.producers) || has(&self.consumers);
                is_client || self.is(Arg::Topic, name)
            }
            Arg::Config => [Scope::Producer, Scope::Consumer, Scope::Topic]
                .iter()
                .any(|scope| find(*scope, name).is_some()),
            Arg::Key => !name.is_empty(),
            Arg::Cause => {
                let lists = [LossCause::NAMES, DuplicateCause::NAMES, ReorderCause::NAMES];
                let more = [RepeatCause::NAMES, SkipCause::NAMES];
                lists.iter().chain(&more).any(|names| names.contains(&name))
            }
        }
    }

    fn nobody(&self, name: &str) -> String {
        let topics = self.topics.iter().map(|(topic, _)| topic);
        let known = topics.chain(&self.producers).chain(&self.consumers).chain(&self.groups);
        match closest(known.map(String::as_str), name) {
            Some(meant) => format!("there is no `{name}` in the scenario; did you mean `{meant}`?"),
            None => format!("there is no `{name}` in the scenario that fits here"),
        }
    }
}

impl LessonFile {
    /// Holds the names in the file `text` that this was read from against the scenario.
    ///
    /// # Errors
    /// Every mistake found, in order of lines.
    pub fn check(&self, text: &str, scenario: &Scenario) -> Result<(), Vec<ScenarioError>> {
        let problems = Problems::new(text);
        let cast = Cast::new(self, scenario);
        for condition in self.conditions() {
            for (arg, name) in condition.measure.args.iter().zip(&condition.args) {
                if !cast.is(*arg, name) {
                    problems.add(condition.at, cast.nobody(name));
                }
            }
        }
        for knob in self.unlocked.iter().flatten() {
            let is_config = cast.is(Arg::Config, knob) || find(Scope::Broker, knob).is_some();
            if !is_config && !DIALS.contains(&knob.as_str()) {
                let at = text.find(&format!("\"{knob}\"")).unwrap_or(0);
                problems.add(at, format!("there is no knob `{knob}`"));
            }
        }
        problems.into_result(())
    }
}
