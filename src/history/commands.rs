//! Reads one command: a table with the command's name as its only key.

use std::sync::Arc;

use toml::de::DeValue;

use super::configs::{Configs, config_text};
use super::fields::{Fields, Node, integer, wrong_kind};
use super::problems::Problems;
use super::specs;
use super::stage::{Role, Stage};
use crate::cluster::Command;
use crate::config::{BrokerConfig, Properties, Scope, TopicConfig, find, nearest, nearest_word};
use crate::engine::NodeId;
use crate::node::MAX_BROKER;
use crate::producer::ManualRecord;
use crate::record::Bytes;

/// Names of all commands.
pub(super) const NAMES: [&str; 19] = [
    "kill-broker",
    "stop-broker",
    "start-broker",
    "add-broker",
    "create-topic",
    "set-topic-config",
    "set-broker-config",
    "elect-preferred-leaders",
    "add-producer",
    "add-consumer",
    "close-client",
    "crash-client",
    "start-client",
    "remove-client",
    "set-client-config",
    "set-pace",
    "send-record",
    "set-processing",
    "set-commit",
];

/// Names of the commands that concern the network.
pub(super) const NETWORK_NAMES: [&str; 3] = ["cut-link", "heal-link", "slow-node"];

/// Reads commands against what there is to command.
pub(super) struct CommandReader<'s> {
    pub(super) stage: &'s Stage,
    pub(super) broker_config: Option<&'s BrokerConfig>,
}

impl CommandReader<'_> {
    /// Reads the command in a table that may hold `other` keys as well.
    pub(super) fn read(
        &self,
        mut fields: Fields<'_, '_>,
        problems: &mut Problems<'_>,
    ) -> Option<Command> {
        let given: Vec<(&'static str, &Node<'_>)> = NAMES
            .into_iter()
            .chain(NETWORK_NAMES)
            .filter_map(|name| Some((name, fields.get(name)?)))
            .collect();
        let span = fields.span.clone();
        let is_unknown = given.is_empty() && fields.has_unasked();
        fields.finish(problems);
        match given[..] {
            [(name, value)] => self.read_named(name, value, problems),
            // The unknown key is the command, and was complained of.
            [] if is_unknown => None,
            [] => {
                let message = "no command here; add for example: kill-broker = 1";
                problems.add(span, message);
                None
            }
            [_, (name, value), ..] => {
                let message = format!("'{name}' is a second command; give it a table of its own");
                problems.add(value.span(), message);
                None
            }
        }
    }

    fn read_named(
        &self,
        name: &'static str,
        value: &Node<'_>,
        problems: &mut Problems<'_>,
    ) -> Option<Command> {
        let stage = self.stage;
        Some(match name {
            "kill-broker" => Command::KillBroker(self.broker(name, value, problems)?),
            "stop-broker" => Command::StopBroker(self.broker(name, value, problems)?),
            "start-broker" => Command::StartBroker(self.broker(name, value, problems)?),
            "add-broker" => only_true(name, value, problems).then_some(Command::AddBroker)?,
            "elect-preferred-leaders" => {
                only_true(name, value, problems).then_some(Command::ElectPreferredLeaders)?
            }
            "close-client" => Command::CloseClient(self.client(name, value, None, problems)?),
            "crash-client" => Command::CrashClient(self.client(name, value, None, problems)?),
            "start-client" => Command::StartClient(self.client(name, value, None, problems)?),
            "remove-client" => Command::RemoveClient(self.client(name, value, None, problems)?),
            _ => {
                let fields = Fields::of(value, name, problems)?;
                match name {
                    "create-topic" => {
                        specs::read_topic(fields, stage, self.broker_config, problems)?
                    }
                    "add-producer" => {
                        Command::AddProducer(specs::read_producer(fields, stage, problems)?)
                    }
                    "add-consumer" => {
                        Command::AddConsumer(specs::read_consumer(fields, stage, problems)?)
                    }
                    _ => self.read_table(name, fields, problems)?,
                }
            }
        })
    }

    fn read_table(
        &self,
        name: &'static str,
        mut fields: Fields<'_, '_>,
        problems: &mut Problems<'_>,
    ) -> Option<Command> {
        let producer = Some(Role::Producer);
        let consumer = Some(Role::Consumer);
        let command = match name {
            "set-topic-config" => self.set_topic_config(&mut fields, problems),
            "set-broker-config" => set_broker_config(&mut fields, problems),
            "set-client-config" => self.set_client_config(&mut fields, problems),
            "set-pace" => {
                let producer = self.client_field(&mut fields, "producer", producer, problems);
                let pace = specs::read_pace(&mut fields, problems);
                if pace.is_none() {
                    let message = "set-pace needs 'rate', 'every' or 'manual = true'";
                    problems.add(fields.span.clone(), message);
                }
                producer.zip(pace).map(|(producer, pace)| Command::SetPace { producer, pace })
            }
            "send-record" => {
                let producer = self.client_field(&mut fields, "producer", producer, problems);
                let record = read_record(&mut fields, problems);
                producer.map(|producer| Command::SendRecord { producer, record })
            }
            "set-processing" => {
                let consumer = self.client_field(&mut fields, "consumer", consumer, problems);
                let time = fields.required_duration("processing", "20ms", problems);
                consumer.zip(time).map(|(consumer, processing_us)| Command::SetProcessing {
                    consumer,
                    processing_us,
                })
            }
            "set-commit" => {
                let consumer = self.client_field(&mut fields, "consumer", consumer, problems);
                fields.require("commit", "after-sync", problems);
                let commit = specs::read_commit(&mut fields, problems);
                consumer
                    .zip(commit)
                    .map(|(consumer, commit)| Command::SetCommit { consumer, commit })
            }
            "cut-link" => {
                let ends = self.ends(&mut fields, problems);
                let both = fields.boolean("both", problems).unwrap_or(true);
                ends.map(|(from, to)| Command::CutLink { from, to, both })
            }
            "heal-link" => {
                self.ends(&mut fields, problems).map(|(from, to)| Command::HealLink { from, to })
            }
            _ => {
                debug_assert_eq!(name, "slow-node");
                let node = self.node(&mut fields, "node", problems);
                let extra = fields.required_duration("extra", "50ms", problems);
                node.zip(extra).map(|(node, extra_us)| Command::SlowNode { node, extra_us })
            }
        };
        fields.finish(problems);
        command
    }

    fn set_topic_config(
        &self,
        fields: &mut Fields<'_, '_>,
        problems: &mut Problems<'_>,
    ) -> Option<Command> {
        let topic = fields.required_text("topic", "orders", problems);
        if let Some(topic) = &topic {
            specs::check_topic(topic, self.stage, problems);
        }
        let (key, value) =
            read_setting(fields, &[Scope::Topic], problems, |properties| {
                match self.broker_config {
                    Some(broker) => TopicConfig::from_properties(properties, broker)
                        .map(drop)
                        .map_err(|error| error.to_string()),
                    None => Ok(()),
                }
            })?;
        Some(Command::SetTopicConfig { topic: topic?.into_inner(), key, value })
    }

    fn set_client_config(
        &self,
        fields: &mut Fields<'_, '_>,
        problems: &mut Problems<'_>,
    ) -> Option<Command> {
        let client = self.client_field(fields, "client", None, problems);
        let role = client.as_ref().and_then(|client| self.stage.actor(client)).map(|a| a.role);
        let scopes: &[Scope] = match role {
            Some(Role::Producer) => &[Scope::Producer],
            Some(Role::Consumer) => &[Scope::Consumer],
            None => &[Scope::Producer, Scope::Consumer],
        };
        // Whether the value goes with the client's other configs shows when it is set.
        let (key, value) = read_setting(fields, scopes, problems, |_| Ok(()))?;
        Some(Command::SetClientConfig { client: client?, key, value })
    }

    fn broker(&self, name: &str, value: &Node<'_>, problems: &mut Problems<'_>) -> Option<NodeId> {
        let id = integer(name, value, 1..=u64::from(MAX_BROKER), problems)?;
        let broker = NodeId(id as u16);
        if !self.stage.brokers.contains(&broker) {
            let known = self.stage.broker_list();
            let message = format!("there is no broker {id}; the brokers are {known}");
            problems.add(value.span(), message);
        }
        Some(broker)
    }

    fn client_field(
        &self,
        fields: &mut Fields<'_, '_>,
        key: &'static str,
        role: Option<Role>,
        problems: &mut Problems<'_>,
    ) -> Option<Arc<str>> {
        fields.require(key, "checkout", problems);
        let value = fields.get(key)?;
        self.client(key, value, role, problems)
    }

    fn client(
        &self,
        key: &str,
        value: &Node<'_>,
        role: Option<Role>,
        problems: &mut Problems<'_>,
    ) -> Option<Arc<str>> {
        let Some(name) = value.get_ref().as_str() else {
            wrong_kind(key, value, "a client's name in quotes", problems);
            return None;
        };
        let fitting = |wanted: Option<Role>, has: Role| wanted.is_none_or(|wanted| wanted == has);
        let known = || self.stage.actors.iter().filter(|a| fitting(role, a.role)).map(|a| &*a.name);
        if !known().any(|known| known == name) {
            let what = match role {
                Some(Role::Producer) => "producer",
                Some(Role::Consumer) => "consumer",
                None => "client",
            };
            let hint = match nearest_word(name, known()) {
                Some(near) => format!("did you mean '{near}'?"),
                None => format!("known are {}", known().collect::<Vec<_>>().join(", ")),
            };
            problems.add(value.span(), format!("there is no {what} '{name}'; {hint}"));
        }
        Some(name.into())
    }

    fn ends(
        &self,
        fields: &mut Fields<'_, '_>,
        problems: &mut Problems<'_>,
    ) -> Option<(NodeId, NodeId)> {
        let from = self.node(fields, "from", problems);
        let to = self.node(fields, "to", problems);
        let (from, to) = from.zip(to)?;
        if from == to {
            let message = "a link joins two nodes; 'from' and 'to' are the same";
            problems.add(fields.span.clone(), message);
        }
        Some((from, to))
    }

    /// A node: a broker's number, or the name of any node.
    fn node(
        &self,
        fields: &mut Fields<'_, '_>,
        key: &'static str,
        problems: &mut Problems<'_>,
    ) -> Option<NodeId> {
        fields.require(key, "broker 1", problems);
        let value = fields.get(key)?;
        let name = match value.get_ref() {
            DeValue::Integer(_) => return self.broker(key, value, problems),
            DeValue::String(name) => name,
            _ => {
                wrong_kind(key, value, "a broker's number or a node's name", problems);
                return None;
            }
        };
        let node = self.stage.node(name);
        if node.is_none() {
            let actors = self.stage.actors.iter().filter(|actor| actor.node.is_some());
            let names: Vec<&str> = actors.map(|actor| &*actor.name).collect();
            let message = format!(
                "there is no node '{name}' from the start; there are controller, brokers {}{}",
                self.stage.broker_list(),
                names.iter().map(|name| format!(", {name}")).collect::<String>()
            );
            problems.add(value.span(), message);
        }
        node
    }
}

fn set_broker_config(fields: &mut Fields<'_, '_>, problems: &mut Problems<'_>) -> Option<Command> {
    let (key, value) = read_setting(fields, &[Scope::Broker], problems, |properties| {
        BrokerConfig::from_properties(properties).map(drop).map_err(|error| error.to_string())
    })?;
    Some(Command::SetBrokerConfig { key, value })
}

/// Reads `key` and `value`; without `value` the config goes back to its default.
fn read_setting(
    fields: &mut Fields<'_, '_>,
    scopes: &[Scope],
    problems: &mut Problems<'_>,
    check: impl Fn(&Properties) -> Result<(), String>,
) -> Option<(Arc<str>, Option<Arc<str>>)> {
    let key = fields.required_text("key", "min.insync.replicas", problems);
    let value = fields.get("value");
    let text = value.and_then(|value| config_text("value", value, problems));
    let key = key?;
    let name = key.get_ref().clone();
    if !scopes.iter().any(|&scope| find(scope, &name).is_some()) {
        let near = scopes.iter().find_map(|&scope| nearest(scope, &name));
        let hint = near.map(|near| format!("; did you mean '{near}'?")).unwrap_or_default();
        problems.add(key.span(), format!("unknown configuration '{name}'{hint}"));
    } else if let (Some(text), Some(value)) = (&text, value)
        && let Err(error) = check(&Properties::new().with(&*name, text.as_str()))
    {
        problems.add(value.span(), error);
    }
    Some((name, text.map(Arc::from)))
}

fn read_record(fields: &mut Fields<'_, '_>, problems: &mut Problems<'_>) -> ManualRecord {
    let partition = fields.integer("partition", 0..=specs::MAX_PARTITIONS - 1, problems);
    let bytes = |text: Arc<str>| Bytes::from(text.as_bytes());
    let mut record = ManualRecord {
        partition: partition.map(|partition| partition as u16),
        key: fields.text("key", problems).map(bytes),
        value: fields.text("value", problems).map(bytes),
        headers: Vec::new(),
    };
    if let Some(headers) = fields.get("headers") {
        let Some(table) = headers.get_ref().as_table() else {
            wrong_kind("headers", headers, "a table of texts", problems);
            return record;
        };
        for (name, value) in table.iter() {
            match value.get_ref().as_str() {
                Some(text) => {
                    record.headers.push((Arc::from(&**name.get_ref()), text.as_bytes().into()));
                }
                None => wrong_kind(name.get_ref(), value, "a text in quotes", problems),
            }
        }
    }
    record
}

fn only_true(name: &str, value: &Node<'_>, problems: &mut Problems<'_>) -> bool {
    let is_true = value.get_ref().as_bool() == Some(true);
    if !is_true {
        problems.add(value.span(), format!("write {name} = true"));
    }
    is_true
}
