//! What only the whole scenario can tell: names that nobody bears, brokers that are not there.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::Scenario;
use super::section::{Problems, Section};
use crate::cluster::Command;
use crate::config::closest;
use crate::engine::NodeId;

/// What exists, as far as the file has been read.
struct Cast {
    brokers: u16,
    topics: BTreeSet<Arc<str>>,
    clients: BTreeSet<Arc<str>>,
}

pub(super) fn scenario(scenario: &Scenario, root: &Section<'_>, problems: &Problems<'_>) {
    let mut cast = Cast {
        brokers: scenario.setup.brokers.len() as u16,
        topics: BTreeSet::new(),
        clients: BTreeSet::new(),
    };
    // Topics of later commands count for clients, too: they wait for their topic as in life.
    for (_, command) in &scenario.commands {
        if let Command::CreateTopic { name, .. } = command {
            cast.topics.insert(name.clone());
        }
    }
    let places = root.places(&["topic", "producer", "consumer"]);
    for (command, at) in scenario.opening.iter().zip(places) {
        if let Err(message) = cast.meet(command) {
            problems.add(at, message);
        }
    }
    let mut places = root.timed_places();
    places.sort_by_key(|&(time_us, _)| time_us);
    for ((_, command), (_, at)) in scenario.commands.iter().zip(places) {
        if let Err(message) = cast.meet(command) {
            problems.add(at, message);
        }
    }
}

impl Cast {
    fn meet(&mut self, command: &Command) -> Result<(), String> {
        match command {
            Command::CreateTopic { name, replication_factor, .. } => {
                if *replication_factor as u16 > self.brokers {
                    return Err(format!(
                        "replication-factor {replication_factor} is more than the {} brokers; \
                         lower it or add brokers",
                        self.brokers
                    ));
                }
                self.topics.insert(name.clone());
                Ok(())
            }
            Command::AddProducer(spec) => {
                self.topic(&spec.topic)?;
                self.new_client(&spec.name)
            }
            Command::AddConsumer(spec) => {
                spec.topics.iter().try_for_each(|topic| self.topic(topic))?;
                self.new_client(&spec.name)
            }
            Command::KillBroker(id) | Command::StopBroker(id) | Command::StartBroker(id) => {
                self.broker(*id)
            }
            Command::AddBroker => {
                self.brokers += 1;
                Ok(())
            }
            Command::SetTopicConfig { topic, .. } => self.topic(topic),
            Command::CloseClient(name)
            | Command::CrashClient(name)
            | Command::StartClient(name)
            | Command::SetClientConfig { client: name, .. }
            | Command::SetPace { producer: name, .. }
            | Command::SendRecord { producer: name, .. }
            | Command::SetProcessing { consumer: name, .. }
            | Command::SetCommit { consumer: name, .. } => self.client(name),
            Command::RemoveClient(name) => {
                self.client(name)?;
                self.clients.remove(name);
                Ok(())
            }
            Command::CutLink { from, to, .. } | Command::HealLink { from, to } => {
                self.node(from)?;
                self.node(to)
            }
            Command::SlowNode { node, .. } => self.node(node),
            Command::SetBrokerConfig { .. } | Command::ElectPreferredLeaders => Ok(()),
        }
    }

    fn broker(&self, id: NodeId) -> Result<(), String> {
        match id.0 <= self.brokers {
            true => Ok(()),
            false => Err(format!("there is no broker {id}; the brokers are 1 to {}", self.brokers)),
        }
    }

    fn topic(&self, name: &str) -> Result<(), String> {
        known("topic", name, &self.topics)
    }

    fn client(&self, name: &str) -> Result<(), String> {
        known("client", name, &self.clients)
    }

    fn node(&self, name: &str) -> Result<(), String> {
        if let Some(id) = name.strip_prefix("broker ").and_then(|id| id.parse().ok()) {
            return self.broker(NodeId(id));
        }
        match name {
            "controller" => Ok(()),
            name => self.client(name).map_err(|error| {
                format!("{error}; other nodes are \"controller\" and \"broker 1\" and so on")
            }),
        }
    }

    fn new_client(&mut self, name: &Arc<str>) -> Result<(), String> {
        match self.clients.insert(name.clone()) {
            true => Ok(()),
            false => Err(format!("two clients are named {name}; give each its own name")),
        }
    }
}

fn known(kind: &str, name: &str, names: &BTreeSet<Arc<str>>) -> Result<(), String> {
    if names.contains(name) {
        return Ok(());
    }
    Err(match closest(names.iter().map(|known| &**known), name) {
        Some(meant) => format!("there is no {kind} {name}; did you mean {meant}?"),
        None => {
            let list: Vec<&str> = names.iter().map(|known| &**known).collect();
            format!("there is no {kind} {name}; there is {}", list.join(", "))
        }
    })
}
