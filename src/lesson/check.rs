//! What only the whole lesson can tell: names that nobody in its scenario bears, and commands that
//! cannot be.

use super::file::LessonFile;
use super::locks::{is_key, key_to};
use super::measure::Arg;
use super::script;
use crate::cluster::Command;
use crate::config::{Scope, closest, find};
use crate::scenario::problems::Problems;
use crate::scenario::{Scenario, ScenarioError};
use crate::trace::{DuplicateCause, LossCause, ReorderCause, RepeatCause, SkipCause};

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
        for word in self.unlocked.iter().flatten().filter(|word| !is_key(word)) {
            let at = text.find(&format!("\"{word}\"")).unwrap_or(0);
            problems.add(at, format!("there is no knob or command `{word}`"));
        }
        // What is locked for people, no play may use.
        let mut said = Vec::new();
        for order in self.plays().flat_map(|play| &play.steps).flat_map(|step| &step.commands) {
            let Ok(command) = script::sample(order) else { continue };
            if let Some(key) = key_to(&command).filter(|_| !self.allows(&command))
                && !said.contains(&key)
            {
                let written = [order.clone(), order.replace('"', "\\\"")];
                let at = written.iter().find_map(|order| text.find(order.as_str())).unwrap_or(0);
                problems.add(at, format!("`{key}` is locked; add it to `unlocked`"));
                said.push(key);
            }
        }
        problems.into_result(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SCENARIO: &str = "[[topic]]\nname = \"orders\"";

    /// What is wrong with a lesson that unlocks this much and is played like that.
    fn complaints(unlocked: &str, order: &str) -> Vec<String> {
        let text = format!(
            "id = \"1.1\"\nunlocked = {unlocked}\npredict = {{ options = [\"a\"], right = \"a\" }}\n\
             [[goal]]\nid = \"g\"\nsteps = [{{ reach = \"lost >= 1\" }}]\n\
             [solution]\nsteps = [{{ do = \"{order}\" }}]\n\
             [[wrong]]\nsteps = [{{ do = \"{order}\" }}]\n[[wrong]]\nsteps = [{{}}]\n"
        );
        let lesson = LessonFile::parse(&text).unwrap_or_else(|e| panic!("{e:?}"));
        let scenario = Scenario::parse(SCENARIO).expect("a scenario");
        let errors = lesson.check(&text, &scenario).err().unwrap_or_default();
        errors.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn plays_use_what_is_unlocked() {
        let locked = ["line 8, column 18: `kill-broker` is locked; add it to `unlocked`"];
        assert_eq!(complaints("[]", "kill-broker = 1"), locked);
        assert!(complaints("[\"kill-broker\"]", "kill-broker = 1").is_empty());
        assert!(complaints("[]", "start-broker = 1").is_empty(), "it mends");
        let unknown = complaints("[\"kill-brokr\"]", "start-broker = 1");
        assert!(unknown[0].contains("no knob or command `kill-brokr`"), "{unknown:?}");
    }
}
