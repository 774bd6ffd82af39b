//! The parts of a scenario: network, cluster, topics, producers, consumers, timed commands.

use std::sync::Arc;

use super::section::Section;
use super::{Scenario, commands};
use crate::cluster::{BrokerSetup, ClusterSetup, Command, consumer_config, producer_config};
use crate::config::{
    BrokerConfig, ClientLibrary, ConfigException, Features, Properties, Scope, TopicConfig,
    check_known,
};
use crate::consumer::{CommitStrategy, ConsumerSpec};
use crate::engine::{NetworkConfig, sort_by_key};
use crate::node::{MAX_BROKER, MAX_CONTROLLERS};
use crate::producer::{Keys, Pace, ProducerSpec, Transactions, Workload};
use crate::record::CompressionRatios;

/// Most partitions of a topic in a scenario: a stage can show no more.
pub(super) const MAX_PARTITIONS: i64 = 1_000;

/// A scenario, and the table that each of its commands was read from.
pub(super) struct Draft<'a> {
    pub(super) scenario: Scenario,
    pub(super) opening: Vec<Section<'a>>,
    pub(super) timed: Vec<Section<'a>>,
}

pub(super) fn scenario<'a>(root: &Section<'a>) -> Draft<'a> {
    let title = root.text("title").map(|title| title.to_string()).unwrap_or_default();
    let seed = root.integer("seed", 0..=i64::MAX).map_or(1, |seed| seed as u64);
    let warm_up_us = root.duration("warm-up").unwrap_or(0);
    let speed_us_per_s = root.duration("speed").map_or(1_000_000, |time| time.max(1));
    let network = root.section("network").map(|section| network(&section)).unwrap_or_default();
    let setup = match root.section("cluster") {
        Some(section) => cluster(&section, seed, network),
        None => ClusterSetup { seed, network, ..ClusterSetup::default() },
    };
    let mut opening: Vec<(Command, Section<'a>)> = Vec::new();
    opening.extend(root.sections("topic").into_iter().map(|table| (topic(&table), table)));
    opening.extend(
        root.sections("producer")
            .into_iter()
            .map(|table| (Command::AddProducer(producer(&table)), table)),
    );
    opening.extend(
        root.sections("consumer")
            .into_iter()
            .map(|table| (Command::AddConsumer(consumer(&table)), table)),
    );
    let mut timed: Vec<_> = root
        .sections("at")
        .into_iter()
        .filter_map(|table| Some((commands::timed(&table)?, table)))
        .collect();
    sort_by_key(&mut timed, |&((at_us, _), _)| at_us);
    let (opening_commands, opening) = opening.into_iter().unzip();
    let (timed_commands, timed) = timed.into_iter().unzip();
    let scenario = Scenario {
        title,
        setup,
        opening: opening_commands,
        commands: timed_commands,
        warm_up_us,
        speed_us_per_s,
    };
    Draft { scenario, opening, timed }
}

fn network(section: &Section<'_>) -> NetworkConfig {
    let default = NetworkConfig::default();
    let config = NetworkConfig {
        latency_us: section.duration("latency").unwrap_or(default.latency_us),
        jitter_us: section.duration("jitter").unwrap_or(default.jitter_us),
        apart_us: section.duration("between-brokers").unwrap_or(default.apart_us),
        bandwidth_bytes_per_s: section
            .size("bandwidth-per-second")
            .unwrap_or(default.bandwidth_bytes_per_s),
    };
    section.finish();
    config
}

fn cluster(section: &Section<'_>, seed: u64, network: NetworkConfig) -> ClusterSetup {
    let controllers = section.integer("controllers", 1..=i64::from(MAX_CONTROLLERS)).unwrap_or(1);
    let count = section.integer("brokers", 1..=i64::from(MAX_BROKER));
    let racks = section.texts("racks", "a");
    let config = section.properties("config");
    let features = Features::from_properties(&section.properties("features"));
    section.finish();
    let features = features.unwrap_or_else(|message| {
        section.problems.add(section.place("features"), message);
        Features::default()
    });
    check_config(section, Scope::Broker, &config, || {
        BrokerConfig::from_properties(&config).map(drop)
    });
    let racks = racks.unwrap_or_default();
    let brokers = match count {
        Some(count) => count as usize,
        None if racks.is_empty() => 3,
        None => racks.len(),
    };
    if !racks.is_empty() && racks.len() != brokers {
        let message =
            format!("{} racks for {brokers} brokers; name one rack a broker", racks.len());
        section.problems.add(section.place("racks"), message);
    }
    let setup = |index: usize| BrokerSetup { rack: racks.get(index).cloned() };
    ClusterSetup {
        seed,
        network,
        controllers: controllers as u16,
        brokers: (0..brokers).map(setup).collect(),
        broker_config: config,
        features,
    }
}

/// One exception for each name that Kafka does not know.
pub(super) fn unknown(
    scope: Scope,
    config: &Properties,
) -> impl Iterator<Item = ConfigException> + '_ {
    config.iter().filter_map(move |(name, value)| {
        check_known(scope, &Properties::default().with(name, value)).err()
    })
}

/// Puts Kafka's own words at the config they are about.
fn check_config(
    section: &Section<'_>,
    scope: Scope,
    config: &Properties,
    construct: impl FnOnce() -> Result<(), ConfigException>,
) {
    check_config_in(section, "config", scope, config, construct);
}

/// The same of the configs in the table `key`.
pub(super) fn check_config_in(
    section: &Section<'_>,
    key: &'static str,
    scope: Scope,
    config: &Properties,
    construct: impl FnOnce() -> Result<(), ConfigException>,
) {
    let mut exceptions: Vec<ConfigException> = unknown(scope, config).collect();
    if exceptions.is_empty() {
        exceptions.extend(construct().err());
    }
    for exception in exceptions {
        let name = exception.name.as_deref().unwrap_or_default();
        section.problems.add(section.config_place(key, name), exception.to_string());
    }
}

/// Checks topic configs against the default broker, as they stand.
pub(super) fn topic_config(config: &Properties) -> Result<(), ConfigException> {
    let broker = BrokerConfig::from_properties(&Properties::default())?;
    TopicConfig::from_properties(config, &broker).map(drop)
}

pub(super) fn topic(section: &Section<'_>) -> Command {
    let name = section.name("name", "orders");
    let partitions = section.integer("partitions", 1..=MAX_PARTITIONS).unwrap_or(1);
    let replication_factor =
        section.integer("replication-factor", 1..=i64::from(MAX_BROKER)).unwrap_or(1);
    let config = section.properties("config");
    section.finish();
    check_config(section, Scope::Topic, &config, || topic_config(&config));
    Command::CreateTopic {
        name,
        partitions: partitions as i32,
        replication_factor: replication_factor as i16,
        config,
    }
}

fn client(section: &Section<'_>) -> ClientLibrary {
    section.choice("client", &ClientLibrary::ALL).unwrap_or_default()
}

pub(super) fn producer(section: &Section<'_>) -> ProducerSpec {
    let spec = ProducerSpec {
        name: section.name("name", "checkout"),
        topic: section.name("topic", "orders"),
        workload: Workload {
            pace: pace(section).unwrap_or(Pace::Manual),
            keys: keys(section),
            value_bytes: section
                .integer("value-bytes", 0..=10_000_000)
                .map_or(Workload::VALUE_BYTES, |n| n as u32),
            limit: section.integer("limit", 0..=i64::MAX).map(|n| n as u64),
            partition: partition(section),
            compression_ratios: compression_ratios(section),
            transactions: transactions(section),
        },
        client: client(section),
        config: section.properties("config"),
    };
    if !spec.config.is_explicit("transactional.id") {
        for key in TRANSACTION_KEYS.into_iter().filter(|key| section.has(key)) {
            let message = format!(
                "`{key}` needs a transactional id; add for example `config = {{ transactional.id \
                 = \"payments\" }}`"
            );
            section.problems.add(section.place(key), message);
        }
    }
    section.finish();
    let config = spec.client.without_own(&spec.config);
    check_config(section, Scope::Producer, &config, || producer_config(&spec).map(drop));
    spec
}

const TRANSACTION_KEYS: [&str; 2] = ["transaction-records", "abort-every"];

/// What an application with a transactional.id does.
fn transactions(section: &Section<'_>) -> Transactions {
    let default = Transactions::default();
    let [records, abort_every] = TRANSACTION_KEYS;
    let count = |key, least| section.integer(key, least..=1_000_000).map(|n| n as u32);
    Transactions {
        records: count(records, 1).unwrap_or(default.records),
        abort_every: count(abort_every, 0).unwrap_or(default.abort_every),
    }
}

/// One number for every codec, or a table of them.
fn compression_ratios(section: &Section<'_>) -> CompressionRatios {
    const KEY: &str = "compression-ratio";
    let most = CompressionRatios::MAX_PERMILLE;
    let ratios = CompressionRatios::default();
    if !section.is_section(KEY) {
        let one = section.permille(KEY, most);
        return CompressionRatios::CODECS
            .into_iter()
            .fold(ratios, |all, codec| one.map_or(all, |permille| all.with(codec, permille)));
    }
    let Some(table) = section.section(KEY) else { return ratios };
    let ratios = CompressionRatios::CODECS.into_iter().fold(ratios, |all, codec| {
        table.permille(codec.as_str(), most).map_or(all, |permille| all.with(codec, permille))
    });
    table.finish();
    ratios
}

/// An explicit partition.
pub(super) fn partition(section: &Section<'_>) -> Option<u16> {
    section.integer("partition", 0..=MAX_PARTITIONS - 1).map(|n| n as u16)
}

/// A pace with so many µs between two records.
type MakePace = fn(u64) -> Pace;

/// How a producer's application may call send().
const PACES: [(&str, MakePace); 3] =
    [("steady", Pace::Every), ("poisson", Pace::Poisson), ("manual", |_| Pace::Manual)];

/// `rate` and `pace`; `None`: the section names neither, or they are wrong.
pub(super) fn pace(section: &Section<'_>) -> Option<Pace> {
    let interval_us = section.rate("rate");
    let pace = section.choice("pace", &PACES);
    let is_manual = pace.is_some_and(|pace| pace(1) == Pace::Manual);
    match (interval_us, pace) {
        (None, Some(_)) if is_manual => Some(Pace::Manual),
        (Some(_), Some(_)) if is_manual => {
            section.problems.add(section.place("rate"), "`pace = \"manual\"` has no `rate`");
            None
        }
        (None, Some(_)) if !section.has("rate") => {
            let message = "`pace` needs a `rate`; add for example `rate = \"20/s\"`";
            section.problems.add(section.place("pace"), message);
            None
        }
        (interval_us, pace) => interval_us.map(pace.unwrap_or(Pace::Every)),
    }
}

fn keys(section: &Section<'_>) -> Keys {
    let count = section.integer("keys", 0..=1_000_000).map_or(0, |n| n as u32);
    let prefix = section.text("key-prefix");
    match count {
        0 => {
            if prefix.is_some() && !section.has("keys") {
                let message = "`key-prefix` needs `keys`; add for example `keys = 10`";
                section.problems.add(section.place("key-prefix"), message);
            }
            Keys::None
        }
        count => Keys::Uniform { prefix: prefix.unwrap_or_else(|| Keys::PREFIX.into()), count },
    }
}

/// How a consumer's application may commit.
const COMMIT: [(&str, CommitStrategy); 8] = [
    ("auto", CommitStrategy::Auto),
    ("before", CommitStrategy::BeforeSync),
    ("before-sync", CommitStrategy::BeforeSync),
    ("before-async", CommitStrategy::BeforeAsync),
    ("after", CommitStrategy::AfterSync),
    ("after-sync", CommitStrategy::AfterSync),
    ("after-async", CommitStrategy::AfterAsync),
    ("never", CommitStrategy::Never),
];

pub(super) fn commit(section: &Section<'_>) -> Option<CommitStrategy> {
    section.choice("commit", &COMMIT)
}

pub(super) fn consumer(section: &Section<'_>) -> ConsumerSpec {
    let topics = section.names("topics", "orders");
    let handler = section.section("handler").map(|table| {
        let first = topics.first().cloned().unwrap_or_default();
        Arc::new(super::handler::handler(&table, Some(&first)))
    });
    let spec = ConsumerSpec {
        name: section.name("name", "billing-1"),
        group: section.name("group", "billing"),
        topics,
        processing_us: section.duration("processing").unwrap_or(0),
        commit: commit(section).unwrap_or(CommitStrategy::Auto),
        handler,
        client: client(section),
        config: section.properties("config"),
    };
    section.finish();
    let is_transactional = spec.handler.as_ref().is_some_and(|handler| handler.is_transactional());
    if is_transactional && spec.commit != CommitStrategy::Never {
        let message = "offsets are committed with the transactions of the handler's producer; write \
                       `commit = \"never\"`";
        let place = if section.has("commit") { section.place("commit") } else { section.at() };
        section.problems.add(place, message);
    }
    let config = spec.client.without_own(&spec.config);
    check_config(section, Scope::Consumer, &config, || consumer_config(&spec).map(drop));
    spec
}
