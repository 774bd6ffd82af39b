//! Commands in words: `kill-broker = 1`, `send = { producer = "checkout" }`.

use std::sync::Arc;

use super::parts;
use super::section::Section;
use crate::cluster::Command;
use crate::engine::{Micros, NodeId};
use crate::node::MAX_BROKER;
use crate::producer::{ManualRecord, Pace};

/// The command words.
const WORDS: [&str; 22] = [
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
    "close",
    "crash",
    "start",
    "remove",
    "set-client-config",
    "set-rate",
    "send",
    "set-processing",
    "set-commit",
    "cut",
    "heal",
    "slow",
];

/// An `[[at]]` table: a time and a command.
pub(super) fn timed(section: &Section<'_>) -> Option<(Micros, Command)> {
    let at_us = section.duration("time");
    if !section.has("time") {
        section.problems.add(section.at(), "`time` is missing; add for example `time = \"10s\"`");
    }
    let command = command(section);
    section.finish();
    Some((at_us?.value, command?))
}

/// The one command of a table.
pub(super) fn command(section: &Section<'_>) -> Option<Command> {
    let named: Vec<&str> = WORDS.into_iter().filter(|word| section.has(word)).collect();
    if named.len() > 1 {
        let message =
            format!("one command a table, not {}; write another table", named.join(" and "));
        section.problems.add(section.at(), message);
    }
    let command = node_command(section)
        .or_else(|| cluster_command(section))
        .or_else(|| client_command(section))
        .or_else(|| network_command(section));
    if named.is_empty() {
        let message = format!("no command here; the commands are {}", WORDS.join(", "));
        section.problems.add(section.at(), message);
    }
    command
}

fn broker(section: &Section<'_>, word: &'static str) -> Option<NodeId> {
    section.integer(word, 1..=i64::from(MAX_BROKER)).map(|id| NodeId(id.value as u16))
}

fn switch(section: &Section<'_>, word: &'static str, command: Command) -> Option<Command> {
    section.flag(word).filter(|&flag| flag).map(|_| command)
}

fn node_command(section: &Section<'_>) -> Option<Command> {
    let client = |word| section.text(word).map(|name| name.value);
    broker(section, "kill-broker")
        .map(Command::KillBroker)
        .or_else(|| broker(section, "stop-broker").map(Command::StopBroker))
        .or_else(|| broker(section, "start-broker").map(Command::StartBroker))
        .or_else(|| switch(section, "add-broker", Command::AddBroker))
        .or_else(|| client("close").map(Command::CloseClient))
        .or_else(|| client("crash").map(Command::CrashClient))
        .or_else(|| client("start").map(Command::StartClient))
        .or_else(|| client("remove").map(Command::RemoveClient))
}

fn cluster_command(section: &Section<'_>) -> Option<Command> {
    if let Some(topic) = section.section("create-topic") {
        return Some(parts::topic(&topic));
    }
    if let Some(set) = section.section("set-topic-config") {
        let topic = set.required_text("topic", "orders").value;
        let (key, value) = assignment(&set, "min.insync.replicas");
        set.finish();
        return Some(Command::SetTopicConfig { topic, key, value });
    }
    if let Some(set) = section.section("set-broker-config") {
        let (key, value) = assignment(&set, "replica.lag.time.max.ms");
        set.finish();
        return Some(Command::SetBrokerConfig { key, value });
    }
    switch(section, "elect-preferred-leaders", Command::ElectPreferredLeaders)
}

fn client_command(section: &Section<'_>) -> Option<Command> {
    if let Some(table) = section.section("add-producer") {
        let spec = parts::producer(&table);
        table.finish();
        return Some(Command::AddProducer(spec));
    }
    if let Some(table) = section.section("add-consumer") {
        let spec = parts::consumer(&table);
        table.finish();
        return Some(Command::AddConsumer(spec));
    }
    if let Some(set) = section.section("set-client-config") {
        let client = set.required_text("client", "checkout").value;
        let (key, value) = assignment(&set, "acks");
        set.finish();
        return Some(Command::SetClientConfig { client, key, value });
    }
    if let Some(set) = section.section("set-rate") {
        let producer = set.required_text("producer", "checkout").value;
        let pace = parts::pace(&set).unwrap_or(Pace::Manual);
        set.finish();
        return Some(Command::SetPace { producer, pace });
    }
    if let Some(set) = section.section("set-processing") {
        let consumer = set.required_text("consumer", "billing-1").value;
        let processing_us = set.duration("time").map_or(0, |time| time.value);
        set.finish();
        return Some(Command::SetProcessing { consumer, processing_us });
    }
    if let Some(set) = section.section("set-commit") {
        let consumer = set.required_text("consumer", "billing-1").value;
        let commit = parts::commit(&set);
        set.finish();
        return Some(Command::SetCommit { consumer, commit: commit? });
    }
    section.section("send").map(|table| send(&table))
}

fn send(section: &Section<'_>) -> Command {
    let bytes = |text: Arc<str>| Arc::from(text.as_bytes());
    let producer = section.required_text("producer", "checkout").value;
    let headers = section.properties("headers").value;
    let record = ManualRecord {
        partition: section.integer("partition", 0..=i64::from(u16::MAX)).map(|p| p.value as u16),
        key: section.text("key").map(|key| bytes(key.value)),
        value: section.text("value").map(|value| bytes(value.value)),
        headers: headers
            .iter()
            .map(|(name, value)| (name.into(), Arc::from(value.as_bytes())))
            .collect(),
    };
    section.finish();
    Command::SendRecord { producer, record }
}

fn network_command(section: &Section<'_>) -> Option<Command> {
    if let Some(cut) = section.section("cut") {
        let from = cut.required_text("from", "broker 1").value;
        let to = cut.required_text("to", "broker 2").value;
        let both = cut.flag("both").unwrap_or(true);
        cut.finish();
        return Some(Command::CutLink { from, to, both });
    }
    if let Some(heal) = section.section("heal") {
        let from = heal.required_text("from", "broker 1").value;
        let to = heal.required_text("to", "broker 2").value;
        heal.finish();
        return Some(Command::HealLink { from, to });
    }
    let slow = section.section("slow")?;
    let node = slow.required_text("node", "broker 2").value;
    let extra_us = slow.duration("by").map_or(0, |time| time.value);
    slow.finish();
    Some(Command::SlowNode { node, extra_us })
}

/// `key` and `value`; no value means the default.
fn assignment(section: &Section<'_>, example: &str) -> (Arc<str>, Option<Arc<str>>) {
    let key = section.required_text("key", example).value;
    (key, section.scalar("value").map(Arc::from))
}
