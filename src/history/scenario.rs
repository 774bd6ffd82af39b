//! A scenario: a cluster, its topics and clients, and what happens to them at which time.
//!
//! It is written in TOML; docs/scenario.md has every key. A scenario with a mistake does not come
//! into being: all mistakes are reported at once, each with its place and how to mend it.

use std::collections::BTreeSet;
use std::sync::Arc;

use toml::de::{DeTable, DeValue};

use super::commands::CommandReader;
use super::configs::Configs;
use super::fields::{Fields, Node, wrong_kind};
use super::problems::{Problems, ScenarioError};
use super::quantity;
use super::specs;
use super::stage::{Actor, Role, Stage};
use crate::cluster::{BrokerSetup, ClusterSetup, Command};
use crate::config::{BrokerConfig, Scope};
use crate::engine::{Micros, NetworkConfig, NodeId};
use crate::node::{FIRST_CLIENT, MAX_BROKER};
use crate::view::View;

/// A command and its time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TimedCommand {
    /// When, in virtual µs.
    pub at_us: Micros,
    /// What.
    pub command: Command,
}

/// A cluster, its topics and clients, and what happens to them. Whoever holds one holds a valid
/// one.
#[derive(Clone, Debug)]
pub struct Scenario {
    title: Arc<str>,
    setup: ClusterSetup,
    start: Vec<Command>,
    timed: Vec<TimedCommand>,
}

impl Scenario {
    /// Reads a scenario, or says all that is wrong with it.
    pub fn parse(text: &str) -> Result<Self, Vec<ScenarioError>> {
        let mut problems = Problems::new(text);
        let (document, errors) = DeTable::parse_recoverable(text);
        for error in &errors {
            let message = format!("this is not TOML: {}", error.message());
            problems.add(error.span().unwrap_or(0..0), message);
        }
        if !problems.is_empty() {
            return Err(problems.into_sorted());
        }
        let fields = Fields::new(document.get_ref(), 0..0, "the scenario");
        let scenario = read(fields, &mut problems);
        if problems.is_empty() { Ok(scenario) } else { Err(problems.into_sorted()) }
    }

    /// What it is about.
    pub fn title(&self) -> &Arc<str> {
        &self.title
    }

    /// Seed of all chance.
    pub fn seed(&self) -> u64 {
        self.setup.seed
    }

    /// The same with another seed.
    #[must_use]
    pub fn with_seed(mut self, seed: u64) -> Self {
        self.setup.seed = seed;
        self
    }

    /// What the cluster is made of.
    pub fn setup(&self) -> &ClusterSetup {
        &self.setup
    }

    /// What is done at time 0: topics are created, then producers and consumers are added.
    pub fn start(&self) -> &[Command] {
        &self.start
    }

    /// What is done later, in order of time.
    pub fn timed(&self) -> &[TimedCommand] {
        &self.timed
    }
}

/// Reads one command for a cluster that looks like `view`, such as `kill-broker = 1`.
pub fn parse_command(text: &str, view: &View) -> Result<Command, Vec<ScenarioError>> {
    let mut problems = Problems::new(text);
    let stage = Stage::of(view);
    let broker_config = BrokerConfig::from_properties(&crate::config::Properties::new()).ok();
    let command = match DeTable::parse(text) {
        Ok(document) => {
            let fields = Fields::new(document.get_ref(), 0..0, "the command");
            CommandReader { stage: &stage, broker_config: broker_config.as_ref() }
                .read(fields, &mut problems)
        }
        Err(error) => {
            let message = format!("this is not TOML: {}", error.message());
            problems.add(error.span().unwrap_or(0..0), message);
            None
        }
    };
    match command {
        Some(command) if problems.is_empty() => Ok(command),
        _ => Err(problems.into_sorted()),
    }
}

fn read(mut fields: Fields<'_, '_>, problems: &mut Problems<'_>) -> Scenario {
    let title = fields.text("title", problems).unwrap_or_default();
    let seed = fields.integer("seed", 0..=u64::MAX, problems).unwrap_or(1);
    let network = read_network(&mut fields, problems);
    let (brokers, configs, broker_config) = read_cluster(&mut fields, problems);
    let topics = tables(&mut fields, "topic", problems);
    let producers = tables(&mut fields, "producer", problems);
    let consumers = tables(&mut fields, "consumer", problems);
    let timed = tables(&mut fields, "at", problems);
    fields.finish(problems);

    let stage = set_stage(brokers.len(), &topics, &producers, &consumers, &timed);
    check_unique_names("topic", &topics, &[], problems);
    check_unique_names("client", &producers, &consumers, problems);
    let mut start = Vec::new();
    for topic in topics {
        let Some(fields) = Fields::of(topic, "[[topic]]", problems) else { continue };
        start.extend(specs::read_topic(fields, &stage, broker_config.as_ref(), problems));
    }
    for producer in producers {
        let Some(fields) = Fields::of(producer, "[[producer]]", problems) else { continue };
        let spec = specs::read_producer(fields, &stage, problems);
        start.extend(spec.map(Command::AddProducer));
    }
    for consumer in consumers {
        let Some(fields) = Fields::of(consumer, "[[consumer]]", problems) else { continue };
        let spec = specs::read_consumer(fields, &stage, problems);
        start.extend(spec.map(Command::AddConsumer));
    }
    let reader = CommandReader { stage: &stage, broker_config: broker_config.as_ref() };
    let mut commands = Vec::new();
    for at in timed {
        let Some(mut fields) = Fields::of(at, "[[at]]", problems) else { continue };
        let at_us = fields.required_duration("time", "10s", problems);
        let command = reader.read(fields, problems);
        let timed = at_us.zip(command);
        commands.extend(timed.map(|(at_us, command)| TimedCommand { at_us, command }));
    }
    commands.sort_by_key(|timed| timed.at_us);
    let broker_config = configs.properties;
    Scenario {
        title,
        setup: ClusterSetup { seed, network, brokers, broker_config },
        start,
        timed: commands,
    }
}

fn read_network(fields: &mut Fields<'_, '_>, problems: &mut Problems<'_>) -> NetworkConfig {
    let default = NetworkConfig::default();
    let Some(value) = fields.get("network") else { return default };
    let Some(mut fields) = Fields::of(value, "[network]", problems) else { return default };
    let help = "write for example \"125MB/s\", or \"unlimited\"";
    let config = NetworkConfig {
        latency_us: fields.duration("latency", problems).unwrap_or(default.latency_us),
        jitter_us: fields.duration("jitter", problems).unwrap_or(default.jitter_us),
        bandwidth_bytes_per_s: fields
            .quantity("bandwidth", "a bandwidth", help, quantity::parse_bandwidth, problems)
            .unwrap_or(default.bandwidth_bytes_per_s),
    };
    fields.finish(problems);
    config
}

/// Brokers and their configs: as written, and as Kafka understands them if it does.
fn read_cluster(
    fields: &mut Fields<'_, '_>,
    problems: &mut Problems<'_>,
) -> (Vec<BrokerSetup>, Configs, Option<BrokerConfig>) {
    let default = || vec![BrokerSetup::default(); 3];
    let table = fields.get("cluster").and_then(|value| Fields::of(value, "[cluster]", problems));
    let Some(mut fields) = table else {
        let configs = Configs::default();
        let broker_config = BrokerConfig::from_properties(&configs.properties).ok();
        return (default(), configs, broker_config);
    };
    let count = fields.integer("brokers", 1..=u64::from(MAX_BROKER), problems);
    let racks = fields.texts("racks", problems);
    let brokers = match (count, racks) {
        (None, None) => default(),
        (Some(count), None) => vec![BrokerSetup::default(); count as usize],
        (count, Some(racks)) => {
            let span = fields.get("racks").map_or(0..0, |value| value.span());
            if racks.is_empty() || racks.len() > usize::from(MAX_BROKER) {
                let message = format!("'racks' must name the rack of 1 to {MAX_BROKER} brokers");
                problems.add(span, message);
            } else if count.is_some_and(|count| count != racks.len() as u64) {
                let message = format!(
                    "'racks' names {} racks for another number of brokers; one for each, or leave \
                     'brokers' out",
                    racks.len()
                );
                problems.add(span, message);
            }
            racks.into_iter().map(|rack| BrokerSetup { rack: Some(rack.into_inner()) }).collect()
        }
    };
    let configs = Configs::read(&mut fields, Scope::Broker, problems);
    configs.check(problems, BrokerConfig::from_properties);
    let broker_config = BrokerConfig::from_properties(&configs.properties).ok();
    fields.finish(problems);
    (brokers, configs, broker_config)
}

/// The tables `[[key]]`.
fn tables<'a, 'i>(
    fields: &mut Fields<'a, 'i>,
    key: &'static str,
    problems: &mut Problems<'_>,
) -> Vec<&'a Node<'i>> {
    match fields.get(key) {
        None => Vec::new(),
        Some(value) => match value.get_ref() {
            DeValue::Array(array) => array.iter().collect(),
            _ => {
                wrong_kind(key, value, &format!("tables, each headed [[{key}]]"), problems);
                Vec::new()
            }
        },
    }
}

/// Everything that commands may name, whenever it comes into being.
fn set_stage(
    brokers: usize,
    topics: &[&Node<'_>],
    producers: &[&Node<'_>],
    consumers: &[&Node<'_>],
    timed: &[&Node<'_>],
) -> Stage {
    let added = |command: &str| {
        timed.iter().filter_map(|at| at.get_ref().get(command)).collect::<Vec<&Node<'_>>>()
    };
    let mut stage = Stage::default();
    let all_brokers = (brokers + added("add-broker").len()).min(usize::from(MAX_BROKER));
    stage.brokers = (1..=all_brokers as u16).map(NodeId).collect();
    for topic in topics.iter().copied().chain(added("create-topic")) {
        let partitions = topic.get_ref().get("partitions").and_then(|value| {
            let integer = value.get_ref().as_integer()?;
            integer.as_str().parse().ok()
        });
        if let Some(name) = name_of(topic) {
            stage.topics.push((name.into(), partitions.unwrap_or(1).max(1)));
        }
    }
    let first = [(producers, Role::Producer), (consumers, Role::Consumer)];
    let mut node = FIRST_CLIENT;
    for (tables, role) in first {
        for table in tables {
            if let Some(name) = name_of(table) {
                stage.actors.push(Actor { name: name.into(), role, node: Some(NodeId(node)) });
            }
            node += 1;
        }
    }
    let later = [("add-producer", Role::Producer), ("add-consumer", Role::Consumer)];
    for (command, role) in later {
        for name in added(command).into_iter().filter_map(name_of) {
            stage.actors.push(Actor { name: name.into(), role, node: None });
        }
    }
    stage
}

fn name_of<'a>(table: &'a Node<'_>) -> Option<&'a str> {
    table.get_ref().get("name")?.get_ref().as_str()
}

fn check_unique_names(
    what: &str,
    tables: &[&Node<'_>],
    more: &[&Node<'_>],
    problems: &mut Problems<'_>,
) {
    let mut seen = BTreeSet::new();
    for value in tables.iter().chain(more).filter_map(|table| table.get_ref().get("name")) {
        let Some(name) = value.get_ref().as_str() else { continue };
        if !seen.insert(name) {
            let message = format!("there is a {what} '{name}' already; choose another name");
            problems.add(value.span(), message);
        }
    }
}
