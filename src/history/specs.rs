//! Reads topics, producers and consumers.

use std::sync::Arc;

use toml::Spanned;

use super::configs::Configs;
use super::fields::Fields;
use super::problems::Problems;
use super::quantity;
use super::stage::Stage;
use crate::cluster::{Command, consumer_config, producer_config};
use crate::config::{BrokerConfig, Scope, nearest_word};
use crate::consumer::{CommitStrategy, ConsumerSpec};
use crate::node::MAX_BROKER;
use crate::producer::{Keys, Pace, ProducerSpec, Workload};

/// Most partitions a topic may have here; Kafka itself has no such limit.
pub(super) const MAX_PARTITIONS: u64 = 1_000;
/// Largest value an application may send, in bytes.
const MAX_VALUE_BYTES: u64 = 100 << 20;
/// Most keys an application may choose from.
const MAX_KEYS: u64 = 1_000_000_000;

/// Size of a value unless said otherwise, in bytes.
pub(super) const DEFAULT_VALUE_BYTES: u32 = 100;
/// Text before the number of a key.
pub(super) const DEFAULT_KEY_PREFIX: &str = "key-";

/// Reads a topic.
pub(super) fn read_topic(
    mut fields: Fields<'_, '_>,
    stage: &Stage,
    broker: Option<&BrokerConfig>,
    problems: &mut Problems<'_>,
) -> Option<Command> {
    let name = fields.required_text("name", "orders", problems);
    if let Some(name) = &name {
        check_topic_name(name, problems);
    }
    let partitions = fields.integer("partitions", 1..=MAX_PARTITIONS, problems).unwrap_or(1);
    let factor = fields.integer("replication-factor", 1..=u64::from(MAX_BROKER), problems);
    let replication_factor = factor.unwrap_or(1);
    let brokers = stage.brokers.len() as u64;
    if replication_factor > brokers && brokers > 0 {
        let span = fields.get("replication-factor").map_or(0..0, |value| value.span());
        let message = format!(
            "replication-factor {replication_factor} needs that many brokers, and there are \
             {brokers}; add brokers or lower it"
        );
        problems.add(span, message);
    }
    let configs = Configs::read(&mut fields, Scope::Topic, problems);
    configs.check_topic(broker, problems);
    fields.finish(problems);
    Some(Command::CreateTopic {
        name: name?.into_inner(),
        partitions: partitions as i32,
        replication_factor: replication_factor as i16,
        config: configs.properties,
    })
}

fn check_topic_name(name: &Spanned<Arc<str>>, problems: &mut Problems<'_>) {
    let text = name.get_ref();
    let is_legal = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-');
    if text.len() > 249 || matches!(&**text, "." | "..") || !text.chars().all(is_legal) {
        let message = format!(
            "'{text}' is no legal topic name; use up to 249 ASCII letters, digits, '.', '_' and '-'"
        );
        problems.add(name.span(), message);
    }
    if text.starts_with("__") {
        problems
            .add(name.span(), "names with '__' are for Kafka's internal topics; choose another");
    }
}

/// Reads a producer.
pub(super) fn read_producer(
    mut fields: Fields<'_, '_>,
    stage: &Stage,
    problems: &mut Problems<'_>,
) -> Option<ProducerSpec> {
    let name = read_client_name(&mut fields, "checkout", problems);
    let topic = fields.required_text("topic", "orders", problems);
    let partitions = topic.as_ref().and_then(|topic| check_topic(topic, stage, problems));
    let pace = read_pace(&mut fields, problems).unwrap_or(Pace::Manual);
    let workload = Workload {
        pace,
        keys: read_keys(&mut fields, problems),
        value_bytes: fields
            .quantity("value-size", "a size", quantity::SIZE_HELP, parse_value_size, problems)
            .map_or(DEFAULT_VALUE_BYTES, |bytes| bytes as u32),
        limit: fields.integer("limit", 1..=u64::MAX, problems),
        partition: fields
            .integer("partition", 0..=partitions.unwrap_or(MAX_PARTITIONS) - 1, problems)
            .map(|partition| partition as u16),
    };
    let configs = Configs::read(&mut fields, Scope::Producer, problems);
    fields.finish(problems);
    let mut spec = ProducerSpec {
        name: name?,
        topic: topic?.into_inner(),
        workload,
        config: configs.properties.clone(),
    };
    configs.check(problems, |properties| {
        producer_config(&ProducerSpec { config: properties.clone(), ..spec.clone() })
    });
    spec.config = configs.properties;
    Some(spec)
}

fn parse_value_size(text: &str) -> Option<u64> {
    quantity::parse_size(text).filter(|&bytes| bytes <= MAX_VALUE_BYTES)
}

fn read_keys(fields: &mut Fields<'_, '_>, problems: &mut Problems<'_>) -> Keys {
    let count = fields.integer("keys", 0..=MAX_KEYS, problems).unwrap_or(0);
    let prefix = fields.text("key-prefix", problems);
    match count {
        0 => Keys::None,
        count => Keys::Uniform {
            prefix: prefix.unwrap_or_else(|| DEFAULT_KEY_PREFIX.into()),
            count: count as u32,
        },
    }
}

/// Reads `rate`, `every` or `manual`; `None` if there is none of them.
pub(super) fn read_pace(fields: &mut Fields<'_, '_>, problems: &mut Problems<'_>) -> Option<Pace> {
    let rate =
        fields.quantity("rate", "a rate", quantity::RATE_HELP, quantity::parse_rate, problems);
    let every = fields.duration("every", problems);
    let manual = fields.boolean("manual", problems);
    let given: Vec<Pace> = [
        rate.map(Pace::Poisson),
        every.map(Pace::Every),
        manual.filter(|&manual| manual).map(|_| Pace::Manual),
    ]
    .into_iter()
    .flatten()
    .collect();
    if given.contains(&Pace::Every(0)) {
        let span = fields.get("every").map_or(0..0, |value| value.span());
        problems.add(span, "'every' must be more than nothing; write at least \"1us\"");
    }
    if given.len() > 1 {
        let span = fields.span.clone();
        problems.add(span, "'rate', 'every' and 'manual' exclude each other; keep one");
    }
    given.first().copied()
}

/// Reads a consumer.
pub(super) fn read_consumer(
    mut fields: Fields<'_, '_>,
    stage: &Stage,
    problems: &mut Problems<'_>,
) -> Option<ConsumerSpec> {
    let name = read_client_name(&mut fields, "billing-1", problems);
    let group = fields.required_text("group", "billing", problems);
    let topics = fields.texts("topics", problems);
    match &topics {
        Some(topics) if !topics.is_empty() => {
            for topic in topics {
                check_topic(topic, stage, problems);
            }
        }
        _ => {
            let message = "[[consumer]] needs 'topics'; add for example: topics = [\"orders\"]";
            problems.add(fields.span.clone(), message);
        }
    }
    let processing_us = fields.duration("processing", problems).unwrap_or(0);
    let commit = read_commit(&mut fields, problems).unwrap_or(CommitStrategy::Auto);
    let configs = Configs::read(&mut fields, Scope::Consumer, problems);
    fields.finish(problems);
    let mut spec = ConsumerSpec {
        name: name?,
        group: group?.into_inner(),
        topics: topics?.into_iter().map(Spanned::into_inner).collect(),
        processing_us,
        commit,
        config: configs.properties.clone(),
    };
    configs.check(problems, |properties| {
        consumer_config(&ConsumerSpec { config: properties.clone(), ..spec.clone() })
    });
    spec.config = configs.properties;
    Some(spec)
}

/// Reads `commit`.
pub(super) fn read_commit(
    fields: &mut Fields<'_, '_>,
    problems: &mut Problems<'_>,
) -> Option<CommitStrategy> {
    const ALL: [CommitStrategy; 6] = [
        CommitStrategy::Auto,
        CommitStrategy::BeforeSync,
        CommitStrategy::BeforeAsync,
        CommitStrategy::AfterSync,
        CommitStrategy::AfterAsync,
        CommitStrategy::Never,
    ];
    let text = fields.text("commit", problems)?;
    let found = ALL.into_iter().find(|commit| commit.name() == &*text);
    if found.is_none() {
        let span = fields.get("commit").map_or(0..0, |value| value.span());
        let names: Vec<&str> = ALL.iter().map(|commit| commit.name()).collect();
        let message = format!("'commit' = \"{text}\" must be one of {}", names.join(", "));
        problems.add(span, message);
    }
    found
}

fn read_client_name(
    fields: &mut Fields<'_, '_>,
    example: &str,
    problems: &mut Problems<'_>,
) -> Option<Arc<str>> {
    let name = fields.required_text("name", example, problems)?;
    let text = name.get_ref();
    if text.starts_with("broker ") || matches!(&**text, "controller" | "admin") {
        problems.add(name.span(), format!("'{text}' is the name of another node; choose another"));
    }
    Some(name.into_inner())
}

/// Complains of a topic that does not exist; returns its number of partitions.
pub(super) fn check_topic(
    topic: &Spanned<Arc<str>>,
    stage: &Stage,
    problems: &mut Problems<'_>,
) -> Option<u64> {
    let name = topic.get_ref();
    let partitions = stage.partitions_of(name);
    if partitions.is_none() {
        let hint = match nearest_word(name, stage.topics.iter().map(|(topic, _)| &**topic)) {
            Some(near) => format!("did you mean '{near}'?"),
            None => "create it with [[topic]]".to_owned(),
        };
        problems.add(topic.span(), format!("there is no topic '{name}'; {hint}"));
    }
    partitions
}

/// The mean time between records as a pace is written: `rate` or `every`.
pub(super) fn pace_toml(pace: Pace) -> String {
    match pace {
        Pace::Manual => "manual = true".to_owned(),
        Pace::Every(us) => format!("every = \"{}\"", quantity::show_duration(us)),
        Pace::Poisson(us) => format!("rate = \"{}\"", quantity::show_rate(us)),
    }
}
