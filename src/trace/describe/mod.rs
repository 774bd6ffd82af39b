//! Any event in words.
//!
//! [`describe`] gives a message id and named arguments, so that the page can say it in any
//! language, and the English sentence they fill. [`line`] is that sentence with its time, as the
//! terminal prints it.

mod brokers;
mod clients;
mod groups;
mod handlers;
mod nodes;
#[cfg(test)]
mod tests;
mod transactions;

use std::sync::Arc;

use serde::Serialize;

use crate::cluster::Cluster;
use crate::engine::{Micros, NodeId};
use crate::events::{TraceEvent, fill};
use crate::protocol::{TopicId, TopicPartition};

/// Who knows what nodes and topics are called.
pub trait Names {
    /// Name of a node, such as `broker 1` or `checkout`.
    fn node_name(&self, node: NodeId) -> Arc<str>;
    /// Name of a topic.
    fn topic_name(&self, topic: TopicId) -> Arc<str>;

    /// Stands where there is no node, or nothing in a list.
    fn none(&self) -> String {
        "none".to_owned()
    }

    /// A span of time.
    fn time(&self, span_us: Micros) -> String {
        seconds(span_us)
    }

    /// A partition with an offset in it.
    fn place(&self, partition: &str, offset: i64) -> String {
        format!("{partition} at {offset}")
    }
}

impl Names for Cluster {
    fn node_name(&self, node: NodeId) -> Arc<str> {
        Cluster::node_name(self, node)
    }

    fn topic_name(&self, topic: TopicId) -> Arc<str> {
        Cluster::topic_name(self, topic)
    }
}

/// How much an event matters.
#[derive(Copy, Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Severity {
    /// Daily business.
    Info,
    /// Something changed.
    Notice,
    /// Something went wrong, and Kafka copes.
    Warning,
    /// Records are or may be lost, repeated or given up.
    Loss,
}

/// An event in words.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Description {
    /// Id of the message, for translations.
    pub message: &'static str,
    /// The message in English, with `{name}` for each argument.
    pub english: &'static str,
    /// Arguments by name.
    pub args: Vec<(&'static str, String)>,
    /// How much it matters.
    pub severity: Severity,
    /// Short name of the cause, where the event itself names one: a label to translate, or one of
    /// Kafka's error names.
    pub cause: Option<&'static str>,
    /// The node it happened at.
    pub node: NodeId,
    /// The partition it is about.
    pub tp: Option<TopicPartition>,
}

impl Description {
    /// The English sentence.
    pub fn text(&self) -> String {
        let mut text = String::new();
        // Writing into a string cannot fail.
        let _ = fill(&mut text, self.english, &self.args);
        text
    }
}

/// Puts an event into words.
pub fn describe(event: &TraceEvent, names: &dyn Names) -> Description {
    let words = Words { event, names };
    nodes::describe(&words)
        .or_else(|| brokers::describe(&words))
        .or_else(|| clients::describe(&words))
        .or_else(|| groups::describe(&words))
        .or_else(|| transactions::describe(&words))
        .or_else(|| handlers::describe(&words))
        .unwrap_or_else(|| {
            debug_assert!(false, "no words for {:?}", event.event);
            words.say("unknown", "{node}: something happened")
        })
}

/// An event as a line of text: `12.409 s broker 1 is fenced: ...`.
pub fn line(event: &TraceEvent, names: &dyn Names) -> String {
    format!("{} {}", seconds(event.at_us), describe(event, names).text())
}

/// Virtual time in seconds, to the µs where that matters: `12.409 s`, `0.000500 s`.
pub fn seconds(at_us: Micros) -> String {
    let (seconds, us) = (at_us / 1_000_000, at_us % 1_000_000);
    match us % 1_000 {
        0 => format!("{seconds}.{:03} s", us / 1_000),
        _ => format!("{seconds}.{us:06} s"),
    }
}

/// What the descriptions are made with.
struct Words<'a> {
    event: &'a TraceEvent,
    names: &'a dyn Names,
}

impl Words<'_> {
    /// A message; the node's name is always an argument.
    fn say(&self, message: &'static str, english: &'static str) -> Description {
        Description {
            message,
            english,
            args: vec![("node", self.node(self.event.node))],
            severity: Severity::Info,
            cause: None,
            node: self.event.node,
            tp: None,
        }
    }

    /// A message about a partition.
    fn say_of(
        &self,
        tp: TopicPartition,
        message: &'static str,
        english: &'static str,
    ) -> Description {
        let mut description = self.say(message, english).with("partition", self.partition(tp));
        description.tp = Some(tp);
        description
    }

    fn node(&self, node: NodeId) -> String {
        self.names.node_name(node).to_string()
    }

    fn nodes(&self, nodes: &[NodeId]) -> String {
        self.join(nodes.iter().map(|&node| self.node(node)))
    }

    fn leader(&self, leader: Option<NodeId>) -> String {
        leader.map_or_else(|| self.names.none(), |leader| self.node(leader))
    }

    fn partition(&self, tp: TopicPartition) -> String {
        format!("{}-{}", self.names.topic_name(tp.topic), tp.partition)
    }

    fn partitions<'t>(&self, partitions: impl IntoIterator<Item = &'t TopicPartition>) -> String {
        self.join(partitions.into_iter().map(|&tp| self.partition(tp)))
    }

    fn join(&self, items: impl Iterator<Item = String>) -> String {
        let text = items.collect::<Vec<_>>().join(", ");
        if text.is_empty() { self.names.none() } else { text }
    }

    /// Partitions with offsets: `orders-0 at 17, orders-1 at 3`.
    fn offsets(&self, offsets: &[(TopicPartition, i64)]) -> String {
        self.join(offsets.iter().map(|&(tp, at)| self.names.place(&self.partition(tp), at)))
    }
}

impl Description {
    fn with(mut self, name: &'static str, value: impl ToString) -> Self {
        self.args.push((name, value.to_string()));
        self
    }

    fn graded(mut self, severity: Severity) -> Self {
        self.severity = severity;
        self
    }

    /// Names the cause; it is an argument, too.
    fn because(mut self, label: &'static str) -> Self {
        self.cause = Some(label);
        self.with("cause", label)
    }
}
