//! What nodes say to each other: Kafka's requests, responses and errors, as types.
//!
//! Nodes of different rooms meet only here; `broker` knows no producer, it knows a
//! [`ProduceRequest`].

mod error;
mod fetch;
mod group;
mod message;
mod metadata;
mod produce;
mod quorum;
mod transaction;

pub use error::ErrorCode;
pub use fetch::*;
pub use group::*;
pub use message::{ANY_CONNECTION, Body, Channel, Envelope, Request, Response};
pub use metadata::*;
pub use produce::*;
pub use quorum::*;
pub use transaction::*;

/// Identity of a topic, given by the controller at creation (Kafka's topic UUID).
#[derive(Copy, Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize)]
#[serde(transparent)]
pub struct TopicId(pub u16);

/// A partition of a topic.
#[derive(Copy, Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize)]
pub struct TopicPartition {
    /// The topic.
    pub topic: TopicId,
    /// Partition index, from 0.
    pub partition: u16,
}

impl TopicPartition {
    /// Partition `partition` of `topic`.
    pub fn new(topic: TopicId, partition: u16) -> Self {
        Self { topic, partition }
    }
}

/// Name of the topic that holds committed offsets.
pub const CONSUMER_OFFSETS: &str = "__consumer_offsets";
/// Name of the topic that holds the states of transactional ids.
pub const TRANSACTION_STATE: &str = "__transaction_state";

/// Whether a topic is Kafka's own.
pub fn is_internal_topic(name: &str) -> bool {
    name == CONSUMER_OFFSETS || name == TRANSACTION_STATE
}

/// Virtual time 0 as a timestamp: 2026-01-01T00:00:00Z in ms since the Unix epoch.
pub const EPOCH_MS: i64 = 1_767_225_600_000;

/// The wall clock of every node at virtual time `now_us`, in ms since the Unix epoch.
pub fn wall_clock_ms(now_us: u64) -> i64 {
    EPOCH_MS + (now_us / 1000) as i64
}
