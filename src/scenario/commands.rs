//! Commands in words: `kill-broker = 1`, `send = { producer = "checkout" }`.

use std::sync::Arc;

use super::handler::handler;
use super::parts;
use super::section::Section;
use crate::cluster::Command;
use crate::config::{BrokerConfig, ClientLibrary, Properties, Scope};
use crate::consumer::SeekTo;
use crate::engine::{Micros, NodeId};
use crate::node::{MAX_BROKER, MAX_CONTROLLERS};
use crate::producer::ManualRecord;
use crate::protocol::ElectionType;
use crate::record::Bytes;

/// Reads the value of a command's word. `None`: it is wrong, and a problem says so.
type Read = fn(&Section<'_>, &'static str) -> Option<Command>;

/// The command words.
pub(super) const WORDS: [(&str, Read); 39] = [
    ("kill-broker", |at, word| broker(at, word).map(Command::KillBroker)),
    ("power-off-broker", |at, word| broker(at, word).map(Command::PowerOffBroker)),
    ("stop-broker", |at, word| broker(at, word).map(Command::StopBroker)),
    ("start-broker", |at, word| broker(at, word).map(Command::StartBroker)),
    ("kill-controller", |at, word| controller(at, word).map(Command::KillController)),
    ("start-controller", |at, word| controller(at, word).map(Command::StartController)),
    ("add-broker", |at, word| at.switch(word).map(|_| Command::AddBroker)),
    ("create-topic", |at, word| at.section(word).map(|table| parts::topic(&table))),
    ("set-topic-config", |at, word| table(at, word, set_topic_config)),
    ("set-broker-config", |at, word| table(at, word, set_broker_config)),
    ("delete-records", |at, word| table(at, word, delete_records)),
    ("elect-preferred-leaders", |at, word| at.switch(word).map(|_| Command::ElectPreferredLeaders)),
    ("elect-leader", |at, word| table(at, word, elect_leader)),
    ("add-partitions", |at, word| table(at, word, add_partitions)),
    ("delete-topic", |at, word| Some(Command::DeleteTopic(at.name(word, "orders")))),
    ("reassign-partition", |at, word| table(at, word, reassign_partition)),
    ("cancel-reassignment", |at, word| table(at, word, cancel_reassignment)),
    ("add-producer", |at, word| {
        at.section(word).map(|table| Command::AddProducer(parts::producer(&table)))
    }),
    ("add-consumer", |at, word| {
        at.section(word).map(|table| Command::AddConsumer(parts::consumer(&table)))
    }),
    ("close", |at, word| Some(Command::CloseClient(at.name(word, "billing-1")))),
    ("crash", |at, word| Some(Command::CrashClient(at.name(word, "billing-1")))),
    ("start", |at, word| Some(Command::StartClient(at.name(word, "billing-1")))),
    ("remove", |at, word| Some(Command::RemoveClient(at.name(word, "billing-1")))),
    ("set-client-config", |at, word| table(at, word, set_client_config)),
    ("set-rate", |at, word| table(at, word, set_rate)),
    ("send", |at, word| table(at, word, send)),
    ("set-processing", |at, word| table(at, word, set_processing)),
    ("seek", |at, word| table(at, word, seek)),
    ("set-library", |at, word| table(at, word, set_library)),
    ("set-commit", |at, word| table(at, word, set_commit)),
    ("set-handler", |at, word| at.section(word).map(|table| set_handler(&table))),
    ("cut", |at, word| table(at, word, cut)),
    ("heal", |at, word| table(at, word, heal)),
    ("slow", |at, word| table(at, word, slow)),
    ("slow-link", |at, word| table(at, word, slow_link)),
    ("pause", |at, word| table(at, word, pause)),
    ("slow-disk", |at, word| table(at, word, slow_disk)),
    ("fill-disk", |at, word| broker(at, word).map(Command::FillDisk)),
    ("free-disk", |at, word| broker(at, word).map(Command::FreeDisk)),
];

/// An `[[at]]` table: a time and a command.
pub(super) fn timed(section: &Section<'_>) -> Option<(Micros, Command)> {
    let at_us = section.duration("time");
    if !section.has("time") {
        section.problems.add(section.at(), "`time` is missing; add for example `time = \"10s\"`");
    }
    // Without its time a command comes last: whom it names is known by then.
    Some((at_us.unwrap_or(Micros::MAX), command(section)?))
}

/// The one command of a table.
pub(super) fn command(section: &Section<'_>) -> Option<Command> {
    section.allow(WORDS.map(|(word, _)| word));
    let mut named = WORDS.into_iter().filter(|(word, _)| section.has(word));
    let (first, second) = (named.next(), named.next());
    match (&first, &second) {
        (Some((first, _)), Some((second, _))) => {
            let message = format!("one command a table: `{first}` and `{second}` want two");
            let at = section.key_place(first).max(section.key_place(second));
            section.problems.add(at, message);
        }
        // A key that is no command is what went wrong, and said elsewhere.
        (None, _) if !section.has_unknown() => {
            let words = WORDS.map(|(word, _)| word).join(", ");
            section
                .problems
                .add(section.at(), format!("no command here; the commands are {words}"));
        }
        _ => {}
    }
    section.finish();
    first.and_then(|(word, read)| read(section, word))
}

fn broker(section: &Section<'_>, word: &'static str) -> Option<NodeId> {
    section.integer(word, 1..=i64::from(MAX_BROKER)).map(|id| NodeId(id as u16))
}

fn controller(section: &Section<'_>, word: &'static str) -> Option<u16> {
    section.integer(word, 1..=i64::from(MAX_CONTROLLERS)).map(|number| number as u16)
}

fn table(
    section: &Section<'_>,
    word: &'static str,
    read: impl FnOnce(&Section<'_>) -> Option<Command>,
) -> Option<Command> {
    let table = section.section(word)?;
    let command = read(&table);
    table.finish();
    command
}

fn set_topic_config(table: &Section<'_>) -> Option<Command> {
    let topic = table.name("topic", "orders");
    let (key, value) = assignment(table, "min.insync.replicas");
    check(table, Scope::Topic, &key, value.as_deref());
    Some(Command::SetTopicConfig { topic, key, value })
}

fn delete_records(table: &Section<'_>) -> Option<Command> {
    let topic = table.name("topic", "orders");
    let partition = parts::partition(table).unwrap_or(0);
    let before = table.integer("before", 0..=i64::MAX);
    Some(Command::DeleteRecords { topic, partition, before })
}

fn set_broker_config(table: &Section<'_>) -> Option<Command> {
    let (key, value) = assignment(table, "replica.lag.time.max.ms");
    check(table, Scope::Broker, &key, value.as_deref());
    Some(Command::SetBrokerConfig { key, value })
}

fn elect_leader(table: &Section<'_>) -> Option<Command> {
    let election = |election: ElectionType| (election.name(), election);
    let elections = [ElectionType::Preferred, ElectionType::Unclean].map(election);
    let (topic, partition) = partition_of(table);
    let election = table.choice("election", &elections).unwrap_or(ElectionType::Preferred);
    Some(Command::ElectLeader { topic, partition: partition?, election })
}

fn add_partitions(table: &Section<'_>) -> Option<Command> {
    let topic = table.name("topic", "orders");
    let partitions = table.integer("partitions", 1..=parts::MAX_PARTITIONS);
    if !table.has("partitions") {
        let message =
            "`partitions` is missing; say how many there shall be, as in `partitions = 6`";
        table.problems.add(table.at(), message);
    }
    Some(Command::AddPartitions { topic, partitions: partitions? as i32 })
}

fn reassign_partition(table: &Section<'_>) -> Option<Command> {
    let (topic, partition) = partition_of(table);
    let replicas = table.integers("replicas", "1, 2, 3", 1..=i64::from(MAX_BROKER));
    let replicas = replicas?.into_iter().map(|id| NodeId(id as u16)).collect();
    Some(Command::ReassignPartition { topic, partition: partition?, replicas })
}

fn cancel_reassignment(table: &Section<'_>) -> Option<Command> {
    let (topic, partition) = partition_of(table);
    Some(Command::CancelReassignment { topic, partition: partition? })
}

fn partition_of(table: &Section<'_>) -> (Arc<str>, Option<u16>) {
    let topic = table.name("topic", "orders");
    let partition = parts::partition(table);
    if !table.has("partition") {
        let message = "`partition` is missing; add for example `partition = 0`";
        table.problems.add(table.at(), message);
    }
    (topic, partition)
}

fn set_client_config(table: &Section<'_>) -> Option<Command> {
    let client = table.name("client", "checkout");
    let (key, value) = assignment(table, "acks");
    Some(Command::SetClientConfig { client, key, value })
}

fn set_rate(table: &Section<'_>) -> Option<Command> {
    let producer = table.name("producer", "checkout");
    let pace = parts::pace(table);
    if !table.has("rate") && !table.has("pace") {
        let message = "`rate` is missing; add for example `rate = \"20/s\"`, or `pace = \"manual\"` \
                       to send no more";
        table.problems.add(table.at(), message);
    }
    Some(Command::SetPace { producer, pace: pace? })
}

fn send(table: &Section<'_>) -> Option<Command> {
    let bytes = |text: &str| Bytes::from(text.as_bytes());
    let producer = table.name("producer", "checkout");
    let headers = table.properties("headers");
    let record = ManualRecord {
        partition: parts::partition(table),
        key: table.text("key").map(|key| bytes(&key)),
        value: table.text("value").map(|value| bytes(&value)),
        headers: headers.iter().map(|(name, value)| (name.into(), bytes(value))).collect(),
    };
    Some(Command::SendRecord { producer, record })
}

fn set_processing(table: &Section<'_>) -> Option<Command> {
    let consumer = table.name("consumer", "billing-1");
    let processing_us = required_time(table, "time");
    Some(Command::SetProcessing { consumer, processing_us: processing_us? })
}

fn seek(table: &Section<'_>) -> Option<Command> {
    let consumer = table.name("consumer", "billing-1");
    let topic = table.name("topic", "orders");
    let partition = parts::partition(table);
    let to = match table.scalar("to").as_deref() {
        Some("beginning") => Some(SeekTo::Beginning),
        Some("end") => Some(SeekTo::End),
        offset => offset.and_then(|o| o.parse().ok()).filter(|&o| o >= 0).map(SeekTo::Offset),
    };
    if to.is_none() {
        let place = if table.has("to") { table.place("to") } else { table.at() };
        let message = "`to` is an offset, \"beginning\" or \"end\"; for example `to = 0`";
        table.problems.add(place, message);
    }
    Some(Command::Seek { consumer, topic, partition, to: to? })
}

fn set_library(table: &Section<'_>) -> Option<Command> {
    let client = table.name("client", "billing-1");
    let library = table.choice("library", &ClientLibrary::ALL);
    if !table.has("library") {
        let message = "`library` is missing; add for example `library = \"librdkafka\"`";
        table.problems.add(table.at(), message);
    }
    Some(Command::SetLibrary { client, library: library? })
}

fn set_commit(table: &Section<'_>) -> Option<Command> {
    let consumer = table.name("consumer", "billing-1");
    let commit = parts::commit(table);
    if !table.has("commit") {
        let message = "`commit` is missing; add for example `commit = \"after\"`";
        table.problems.add(table.at(), message);
    }
    Some(Command::SetCommit { consumer, commit: commit? })
}

/// The consumer, and beside it the keys of its handler; without any, it never fails.
fn set_handler(table: &Section<'_>) -> Command {
    let consumer = table.name("consumer", "billing-1");
    let handler = table.has_unknown().then(|| Arc::new(handler(table, None)));
    Command::SetHandler { consumer, handler }
}

fn cut(table: &Section<'_>) -> Option<Command> {
    let from = table.name("from", "broker 1");
    let to = table.name("to", "broker 2");
    let both = table.flag("both").unwrap_or(true);
    Some(Command::CutLink { from, to, both })
}

fn heal(table: &Section<'_>) -> Option<Command> {
    let from = table.name("from", "broker 1");
    let to = table.name("to", "broker 2");
    Some(Command::HealLink { from, to })
}

fn slow(table: &Section<'_>) -> Option<Command> {
    let node = table.name("node", "broker 2");
    let extra_us = required_time(table, "by");
    Some(Command::SlowNode { node, extra_us: extra_us? })
}

fn slow_link(table: &Section<'_>) -> Option<Command> {
    let from = table.name("from", "broker 1");
    let to = table.name("to", "broker 2");
    let both = table.flag("both").unwrap_or(true);
    let extra_us = required_time(table, "by");
    Some(Command::SlowLink { from, to, extra_us: extra_us?, both })
}

fn pause(table: &Section<'_>) -> Option<Command> {
    let node = table.name("node", "broker 2");
    let for_us = required_time(table, "for");
    Some(Command::Pause { node, for_us: for_us? })
}

fn slow_disk(table: &Section<'_>) -> Option<Command> {
    let id = broker(table, "broker");
    if !table.has("broker") {
        table.problems.add(table.at(), "`broker` is missing; add for example `broker = 2`");
    }
    let extra_us = required_time(table, "by");
    Some(Command::SlowDisk { broker: id?, extra_us: extra_us? })
}

fn required_time(table: &Section<'_>, key: &'static str) -> Option<Micros> {
    let time = table.duration(key);
    if !table.has(key) {
        let message = format!("`{key}` is missing; add for example `{key} = \"50ms\"`");
        table.problems.add(table.at(), message);
    }
    time
}

/// `key` and `value`; no value means the default.
fn assignment(table: &Section<'_>, example: &str) -> (Arc<str>, Option<Arc<str>>) {
    let key = table.name("key", example);
    (key, table.scalar("value").map(Arc::from))
}

/// Complains as Kafka would about one config.
fn check(table: &Section<'_>, scope: Scope, key: &str, value: Option<&str>) {
    if key.is_empty() {
        return;
    }
    let properties = Properties::default().with(key, value.unwrap_or_default());
    if let Some(exception) = parts::unknown(scope, &properties).next() {
        return table.problems.add(table.place("key"), exception.to_string());
    }
    let Some(value) = value else { return };
    let properties = Properties::default().with(key, value);
    let checked = match scope {
        Scope::Broker => BrokerConfig::from_properties(&properties).map(drop),
        _ => parts::topic_config(&properties),
    };
    if let Err(exception) = checked {
        table.problems.add(table.place("value"), exception.to_string());
    }
}
