//! The handler of a consumer's application: whether it can process a record, what is done with one
//! that it cannot, and what it remembers. [`super::processing`] has it work through what poll()
//! returned.
//!
//! The four patterns are those of Confluent's "Error Handling Patterns for Apache Kafka
//! Applications": stop on error, dead letter topic, retry topic, retry with the order kept.

mod headers;
mod redirects;
mod spec;

use std::collections::VecDeque;
use std::sync::Arc;

pub(super) use headers::Origin;
use redirects::Redirects;
pub use spec::{Faults, HandlerSpec, OnError, Pattern, RetryTopic, Spread};

use crate::engine::{Micros, SortedMap};
use crate::events::EventId;
use crate::protocol::{OffsetCommitRequest, TopicPartition};
use crate::record::{Record, RecordId};
use crate::view::FailingView;

use super::fetcher::Slice;

/// A record that the application's producer shall write.
#[derive(Clone, Debug)]
pub struct Outgoing {
    /// With which of the producers, in the order of [`HandlerSpec::outputs`].
    pub output: usize,
    /// The record.
    pub record: Record,
    /// Explicit partition.
    pub partition: Option<u16>,
    /// What led to it.
    pub cause: Option<EventId>,
}

/// An attempt at the first record of the work.
#[derive(Clone, Debug, Default)]
pub(super) struct Attempt {
    /// How many there were on the spot, this one included.
    pub number: u32,
    /// When the first of them began.
    pub since_us: Micros,
    /// What this one will throw.
    pub exception: Option<&'static str>,
}

/// The record that a detached worker is at.
#[derive(Clone, Debug)]
pub(super) struct Job {
    pub started_us: Micros,
    pub ends_us: Micros,
    /// What it will throw.
    pub exception: Option<&'static str>,
}

/// What the handler remembers. A crash takes it.
#[derive(Clone, Debug, Default)]
pub(super) struct Handler {
    pub attempt: Attempt,
    /// What is to be written, and has not been taken yet.
    pub outgoing: Vec<Outgoing>,
    /// What was taken, and is not acknowledged yet.
    pub awaited: Vec<RecordId>,
    /// The offsets that are to be committed with the results, and have not been taken yet.
    pub ending: Option<OffsetCommitRequest>,
    /// A transaction was aborted: the application seeks to the committed offsets.
    pub rewinds: bool,
    /// Of retry partitions the record that they wait for.
    pub rounds: SortedMap<TopicPartition, FailingView>,
    /// The record that ended the application.
    pub ended_at: Option<FailingView>,
    /// Which keys are in the retry topic.
    pub redirects: Redirects,
    /// Some partition is held back until its redirects are known.
    pub is_restoring: bool,
    /// What a detached worker has before it.
    pub backlog: VecDeque<Slice>,
    /// What the worker is at.
    pub job: Option<Job>,
    /// The worker ends the process when it is done.
    pub ends_process: bool,
}

/// What a topic is to the application.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub(super) enum Role {
    /// Records to process.
    Main,
    /// Records to process again, by number of the retry topic.
    Retry(usize),
    /// Which keys are in the retry topic.
    Redirects,
}

impl HandlerSpec {
    pub(super) fn role(&self, topic: &Arc<str>) -> Role {
        if self.redirect_topic.as_ref() == Some(topic) {
            return Role::Redirects;
        }
        let stage = self.retry_topics.iter().position(|retry| retry.name == *topic);
        stage.map_or(Role::Main, Role::Retry)
    }

    /// Which producer writes to a topic.
    pub(super) fn output(&self, topic: &Arc<str>) -> Option<usize> {
        self.outputs().position(|output| output == topic)
    }
}
