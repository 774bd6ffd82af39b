//! The parts of a scenario: network, cluster, topics, producers, consumers, timed commands.

use std::sync::Arc;

use super::section::{Located, Section};
use super::{Scenario, commands};
use crate::cluster::{BrokerSetup, ClusterSetup, Command, consumer_config, producer_config};
use crate::config::{BrokerConfig, ConfigException, Properties, Scope, TopicConfig, check_known};
use crate::consumer::{CommitStrategy, ConsumerSpec};
use crate::engine::NetworkConfig;
use crate::node::MAX_BROKER;
use crate::producer::{Keys, Pace, ProducerSpec, Workload};

/// Most partitions of a topic in a scenario: a stage can show no more.
const MAX_PARTITIONS: i64 = 1_000;

pub(super) fn scenario(root: &Section<'_>) -> Scenario {
    let title = root.text("title").map(|title| title.value.to_string()).unwrap_or_default();
    let seed = root.integer("seed", 0..=i64::MAX).map_or(1, |seed| seed.value as u64);
    let warm_up_us = root.duration("warm-up").map_or(0, |time| time.value);
    let speed_us_per_s = root.duration("speed").map_or(1_000_000, |time| time.value.max(1));
    let network = root.section("network").map(|section| network(&section)).unwrap_or_default();
    let (brokers, broker_config) = match root.section("cluster") {
        Some(section) => cluster(&section),
        None => (vec![BrokerSetup::default(); 3], Properties::default()),
    };
    let mut opening: Vec<Command> = root.sections("topic").iter().map(topic).collect();
    opening.extend(root.sections("producer").iter().map(|section| {
        let spec = producer(section);
        section.finish();
        Command::AddProducer(spec)
    }));
    opening.extend(root.sections("consumer").iter().map(|section| {
        let spec = consumer(section);
        section.finish();
        Command::AddConsumer(spec)
    }));
    let mut commands: Vec<_> =
        root.sections("at").iter().filter_map(|section| commands::timed(section)).collect();
    commands.sort_by_key(|&(at_us, _)| at_us);
    let setup = ClusterSetup { seed, network, brokers, broker_config };
    Scenario { title, setup, opening, commands, warm_up_us, speed_us_per_s }
}

fn network(section: &Section<'_>) -> NetworkConfig {
    let default = NetworkConfig::default();
    let config = NetworkConfig {
        latency_us: section.duration("latency").map_or(default.latency_us, |t| t.value),
        jitter_us: section.duration("jitter").map_or(default.jitter_us, |t| t.value),
        bandwidth_bytes_per_s: section
            .size("bandwidth-per-second")
            .map_or(default.bandwidth_bytes_per_s, |size| size.value),
    };
    section.finish();
    config
}

fn cluster(section: &Section<'_>) -> (Vec<BrokerSetup>, Properties) {
    let count = section.integer("brokers", 1..=i64::from(MAX_BROKER));
    let racks = section.texts("racks");
    let config = section.properties("config").value;
    section.finish();
    let checked = check_known(Scope::Broker, &config)
        .and_then(|()| BrokerConfig::from_properties(&config).map(drop));
    report(section, checked);
    let racks = racks.map(|racks| racks.value).unwrap_or_default();
    let count = count.map_or(racks.len().max(if racks.is_empty() { 3 } else { 1 }), |count| {
        if !racks.is_empty() && racks.len() != count.value as usize {
            let message = format!(
                "{} racks for {} brokers; name one rack a broker",
                racks.len(),
                count.value
            );
            section.problems.add(count.at, message);
        }
        count.value as usize
    });
    let setup = |index: usize| BrokerSetup { rack: racks.get(index).cloned() };
    ((0..count).map(setup).collect(), config)
}

/// Puts Kafka's own words at the line of the config they are about.
fn report(section: &Section<'_>, checked: Result<(), ConfigException>) {
    if let Err(exception) = checked {
        let name = exception.name.as_deref().unwrap_or_default();
        section.problems.add(section.place_of("config", name), exception.to_string());
    }
}

pub(super) fn topic(section: &Section<'_>) -> Command {
    let name = section.required_text("name", "orders");
    let partitions = section.integer("partitions", 1..=MAX_PARTITIONS).map_or(1, |n| n.value);
    let replication_factor =
        section.integer("replication-factor", 1..=i64::from(MAX_BROKER)).map_or(1, |n| n.value);
    let config = section.properties("config").value;
    section.finish();
    let checked = check_known(Scope::Topic, &config).and_then(|()| {
        let broker = BrokerConfig::from_properties(&Properties::default())?;
        TopicConfig::from_properties(&config, &broker).map(drop)
    });
    report(section, checked);
    Command::CreateTopic {
        name: name.value,
        partitions: partitions as i32,
        replication_factor: replication_factor as i16,
        config,
    }
}

pub(super) fn producer(section: &Section<'_>) -> ProducerSpec {
    let spec = ProducerSpec {
        name: section.required_text("name", "checkout").value,
        topic: section.required_text("topic", "orders").value,
        workload: Workload {
            pace: pace(section).unwrap_or(Pace::Manual),
            keys: keys(section),
            value_bytes: section.integer("value-bytes", 0..=10_000_000).map_or(100, |n| n.value)
                as u32,
            limit: section.integer("limit", 0..=i64::MAX).map(|n| n.value as u64),
            partition: section.integer("partition", 0..=MAX_PARTITIONS).map(|n| n.value as u16),
        },
        config: section.properties("config").value,
    };
    report(section, producer_config(&spec).map(drop));
    spec
}

/// `rate` and `pace`; `None`: the section names no rate.
pub(super) fn pace(section: &Section<'_>) -> Option<Pace> {
    let rate = section.rate("rate");
    let steady = section.choice("pace", &[("steady", true), ("poisson", false)]);
    let interval_us = rate?.value;
    Some(match steady.unwrap_or(true) {
        true => Pace::Every(interval_us),
        false => Pace::Poisson(interval_us),
    })
}

fn keys(section: &Section<'_>) -> Keys {
    let count = section.integer("keys", 0..=1_000_000).map_or(0, |n| n.value as u32);
    let prefix = section.text("key-prefix").map_or_else(|| "key-".into(), |text| text.value);
    match count {
        0 => Keys::None,
        count => Keys::Uniform { prefix, count },
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
    let name = section.required_text("name", "billing-1");
    let group = section.required_text("group", "billing");
    let topics = topics(section);
    let spec = ConsumerSpec {
        name: name.value,
        group: group.value,
        topics,
        processing_us: section.duration("processing").map_or(0, |time| time.value),
        commit: commit(section).unwrap_or(CommitStrategy::Auto),
        config: section.properties("config").value,
    };
    report(section, consumer_config(&spec).map(drop));
    spec
}

fn topics(section: &Section<'_>) -> Vec<Arc<str>> {
    let topics = section.texts("topics").unwrap_or_else(|| {
        if !section.has("topics") {
            let message = "`topics` is missing; add for example `topics = [\"orders\"]`";
            section.problems.add(section.at(), message);
        }
        Located { value: Vec::new(), at: section.at() }
    });
    if topics.value.is_empty() && section.has("topics") {
        section.problems.add(topics.at, "`topics` names no topic");
    }
    topics.value
}
