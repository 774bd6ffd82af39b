//! What only the whole scenario can tell: names that nobody bears, brokers that are not there.

use std::sync::Arc;

use super::parts::Draft;
use super::problems::Problems;
use crate::cluster::{Command, consumer_config, producer_config};
use crate::config::{ClientLibrary, Properties, closest};
use crate::consumer::{ConsumerSpec, HandlerSpec};
use crate::engine::{NodeId, SortedMap, SortedSet};
use crate::producer::ProducerSpec;
use crate::protocol::is_internal_topic;

/// A key, and what is wrong with its value.
type Complaint = (&'static str, String);

/// What exists, as far as the file has been read.
struct Cast {
    controllers: u16,
    brokers: u16,
    topics: SortedSet<Arc<str>>,
    clients: SortedMap<Arc<str>, Client>,
}

enum Client {
    Producer(ProducerSpec),
    Consumer(ConsumerSpec),
}

pub(super) fn scenario(draft: &Draft<'_>, problems: &Problems<'_>) {
    let scenario = &draft.scenario;
    let mut cast = Cast {
        controllers: scenario.setup.controllers,
        brokers: scenario.setup.brokers.len() as u16,
        topics: SortedSet::new(),
        clients: SortedMap::new(),
    };
    // Clients may come before their topic and wait for it, as in life.
    for (_, command) in scenario.script() {
        if let Command::CreateTopic { name, .. } = command {
            cast.topics.insert(name.clone());
        }
    }
    let mut created = SortedSet::new();
    // Whether a topic that may be deleted is there when another one is created, time will tell.
    let deletes = |name: &Arc<str>| {
        let is_it = |command: &Command| matches!(command, Command::DeleteTopic(it) if it == name);
        scenario.script().any(|(_, command)| is_it(command))
    };
    let tables = draft.opening.iter().chain(&draft.timed);
    for ((_, command), table) in scenario.script().zip(tables) {
        let mut met = cast.meet(command);
        if let Command::CreateTopic { name, .. } = command {
            let is_new = name.is_empty() || created.insert(name.clone()) || deletes(name);
            met = met.and(is_new.then_some(()).ok_or_else(|| {
                ("name", format!("two topics are named {name}; give each its own name"))
            }));
        }
        if let Err((key, message)) = met {
            problems.add(table.place(key), message);
        }
    }
}

impl Cast {
    fn meet(&mut self, command: &Command) -> Result<(), Complaint> {
        match command {
            Command::CreateTopic { replication_factor, .. } => {
                match *replication_factor as u16 > self.brokers {
                    true => Err((
                        "replication-factor",
                        format!(
                            "replication-factor {replication_factor} is more than the {} brokers; \
                             lower it or add brokers",
                            self.brokers
                        ),
                    )),
                    false => Ok(()),
                }
            }
            Command::AddProducer(spec) => {
                self.new_client(&spec.name, Client::Producer(spec.clone()))?;
                self.topic("topic", &spec.topic)
            }
            Command::AddConsumer(spec) => {
                self.new_client(&spec.name, Client::Consumer(spec.clone()))?;
                spec.topics.iter().try_for_each(|topic| self.topic("topics", topic))?;
                self.handler("handler", spec.handler.as_deref())
            }
            Command::KillBroker(id) => self.broker("kill-broker", *id),
            Command::PowerOffBroker(id) => self.broker("power-off-broker", *id),
            Command::FillDisk(id) => self.broker("fill-disk", *id),
            Command::FreeDisk(id) => self.broker("free-disk", *id),
            Command::SlowDisk { broker, .. } => self.broker("broker", *broker),
            Command::StopBroker(id) => self.broker("stop-broker", *id),
            Command::StartBroker(id) => self.broker("start-broker", *id),
            Command::KillController(number) => self.controller("kill-controller", *number),
            Command::StartController(number) => self.controller("start-controller", *number),
            Command::AddBroker => {
                self.brokers += 1;
                Ok(())
            }
            Command::SetTopicConfig { topic, .. }
            | Command::DeleteRecords { topic, .. }
            | Command::AddPartitions { topic, .. } => self.topic("topic", topic),
            Command::DeleteTopic(topic) => self.topic("delete-topic", topic),
            Command::ReassignPartition { topic, replicas, .. } => {
                self.partitioned(topic)?;
                replicas.iter().try_for_each(|&id| self.broker("replicas", id))
            }
            Command::CancelReassignment { topic, .. } | Command::ElectLeader { topic, .. } => {
                self.partitioned(topic)
            }
            Command::CloseClient(name) => self.client("close", name).map(drop),
            Command::CrashClient(name) => self.client("crash", name).map(drop),
            Command::StartClient(name) => self.client("start", name).map(drop),
            Command::RemoveClient(name) => {
                self.client("remove", name)?;
                self.clients.remove(name);
                Ok(())
            }
            Command::SetLibrary { client, library } => self.set_library(client, *library),
            Command::SetClientConfig { client, key, value } => {
                self.configure(client, key, value.as_deref())
            }
            Command::SetPace { producer, .. } | Command::SendRecord { producer, .. } => {
                match self.client("producer", producer)? {
                    Some(Client::Consumer(_)) => {
                        let message = format!("{producer} is a consumer; name a producer");
                        Err(("producer", message))
                    }
                    _ => Ok(()),
                }
            }
            Command::Seek { consumer, .. }
            | Command::SetProcessing { consumer, .. }
            | Command::SetHandler { consumer, .. }
            | Command::SetCommit { consumer, .. } => {
                if let Command::SetHandler { handler, .. } = command {
                    self.handler("set-handler", handler.as_deref())?;
                }
                match self.client("consumer", consumer)? {
                    Some(Client::Producer(_)) => {
                        let message = format!("{consumer} is a producer; name a consumer");
                        Err(("consumer", message))
                    }
                    _ => Ok(()),
                }
            }
            Command::CutLink { from, to, .. }
            | Command::HealLink { from, to }
            | Command::SlowLink { from, to, .. } => {
                self.node("from", from)?;
                self.node("to", to)?;
                match from == to && !to.is_empty() {
                    true => Err(("to", format!("{from} has no link to itself; name two nodes"))),
                    false => Ok(()),
                }
            }
            Command::SlowNode { node, .. } | Command::Pause { node, .. } => self.node("node", node),
            Command::SetBrokerConfig { .. } | Command::ElectPreferredLeaders => Ok(()),
        }
    }

    /// Topics do not come by themselves: what a handler writes to has to be there.
    fn handler(&self, key: &'static str, handler: Option<&HandlerSpec>) -> Result<(), Complaint> {
        let mut outputs = handler.into_iter().flat_map(HandlerSpec::outputs);
        outputs.try_for_each(|name| match name.is_empty() || self.topics.contains(name) {
            true => Ok(()),
            false => Err((
                key,
                format!(
                    "the handler writes to topic {name}, which is not there; add a [[topic]] of \
                     that name"
                ),
            )),
        })
    }

    fn broker(&self, key: &'static str, id: NodeId) -> Result<(), Complaint> {
        match (1..=self.brokers).contains(&id.0) {
            true => Ok(()),
            false => Err((
                key,
                format!("there is no broker {}; the brokers are 1 to {}", id.0, self.brokers),
            )),
        }
    }

    fn controller(&self, key: &'static str, number: u16) -> Result<(), Complaint> {
        match (1..=self.controllers).contains(&number) {
            true => Ok(()),
            false => Err((
                key,
                format!(
                    "there is no controller {number}; there are {} in all: say so with \
                     `controllers = 3` in [cluster]",
                    self.controllers
                ),
            )),
        }
    }

    /// A topic whose partitions are meant: it may be one of Kafka's own.
    fn partitioned(&self, topic: &str) -> Result<(), Complaint> {
        match is_internal_topic(topic) {
            true => Ok(()),
            false => self.topic("topic", topic),
        }
    }

    fn topic(&self, key: &'static str, name: &str) -> Result<(), Complaint> {
        match name.is_empty() || self.topics.contains(name) {
            true => Ok(()),
            false => Err((key, nobody("topic", name, self.topics.iter()))),
        }
    }

    /// The client of that name; `None`: the name is empty, and somebody has complained.
    fn client(&self, key: &'static str, name: &str) -> Result<Option<&Client>, Complaint> {
        match self.clients.get(name) {
            None if !name.is_empty() => Err((key, nobody("client", name, self.clients.keys()))),
            client => Ok(client),
        }
    }

    fn node(&self, key: &'static str, name: &str) -> Result<(), Complaint> {
        if name == "controller" && self.controllers == 1 {
            return Ok(());
        }
        if let Some(number) = name.strip_prefix("controller ").and_then(|n| n.parse().ok())
            && self.controllers > 1
        {
            return self.controller(key, number);
        }
        if let Some(id) = name.strip_prefix("broker ").and_then(|id| id.parse().ok()) {
            return self.broker(key, NodeId(id));
        }
        let controller = if self.controllers == 1 { "controller" } else { "controller 1" };
        self.client(key, name).map(drop).map_err(|(key, message)| {
            (key, format!("{message}; other nodes are \"{controller}\", \"broker 1\" and so on"))
        })
    }

    fn new_client(&mut self, name: &Arc<str>, client: Client) -> Result<(), Complaint> {
        let is_node = &**name == "controller"
            || ["controller ", "broker "].iter().any(|kind| name.starts_with(kind));
        if is_node {
            let message = format!("{name} is no name for a client: nodes of the cluster bear it");
            return Err(("name", message));
        }
        let is_new = self.clients.insert(name.clone(), client).is_none() || name.is_empty();
        is_new.then_some(()).ok_or_else(|| {
            ("name", format!("two clients are named {name}; give each its own name"))
        })
    }

    /// Complains as the client would when it starts again.
    fn set_library(&mut self, name: &str, library: ClientLibrary) -> Result<(), Complaint> {
        self.client("client", name)?;
        let checked = match self.clients.get_mut(name) {
            Some(Client::Producer(spec)) => {
                spec.client = library;
                producer_config(spec).map(drop)
            }
            Some(Client::Consumer(spec)) => {
                spec.client = library;
                consumer_config(spec).map(drop)
            }
            None => Ok(()),
        };
        checked.map_err(|exception| ("library", exception.to_string()))
    }

    fn configure(&mut self, name: &str, key: &str, value: Option<&str>) -> Result<(), Complaint> {
        self.client("client", name)?;
        let Some(client) = self.clients.get_mut(name).filter(|_| !key.is_empty()) else {
            return Ok(());
        };
        let set = |config: &mut Properties| config.assign(key, value);
        let checked = match client {
            Client::Producer(spec) => {
                set(&mut spec.config);
                producer_config(spec).map(drop)
            }
            Client::Consumer(spec) => {
                set(&mut spec.config);
                consumer_config(spec).map(drop)
            }
        };
        checked.map_err(|exception| {
            let is_value = value.is_some() && exception.name.as_deref() == Some(key);
            (if is_value { "value" } else { "key" }, exception.to_string())
        })
    }
}

fn nobody<'a>(kind: &str, name: &str, known: impl Iterator<Item = &'a Arc<str>> + Clone) -> String {
    if let Some(meant) = closest(known.clone().map(|known| &**known), name) {
        return format!("there is no {kind} {name}; did you mean {meant}?");
    }
    let list: Vec<&str> = known.map(|known| &**known).collect();
    match list.is_empty() {
        true => format!("there is no {kind} {name}, nor any other"),
        false => format!("there is no {kind} {name}; there is {}", list.join(", ")),
    }
}
