//! A record's fate, as the inspector shows it: dated steps, and what came of it.

use std::sync::Arc;

use serde::Serialize;

use crate::engine::{Micros, NodeId};
use crate::events::EventId;
use crate::protocol::ErrorCode;
use crate::record::RecordId;

use super::cause::{AbortCause, DuplicateCause, LossCause, RemovalCause};

/// What came of a record, as its producer and the log see it.
#[derive(Copy, Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Outcome {
    /// The producer knows nothing yet.
    InFlight,
    /// The producer knows of success, and the record is there or on its way.
    Acknowledged,
    /// The producer knows of success, and the record is in no log that counts.
    Lost,
    /// The producer knows of success, and retention, DeleteRecords or compaction has taken the
    /// record out of the log since.
    Removed,
    /// Its transaction was aborted.
    Aborted,
    /// The producer gave it up, and it is in no log that counts.
    Failed,
    /// The producer gave it up, and it is in the log all the same.
    FailedButWritten,
}

/// What happened to a record.
#[derive(Copy, Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case", tag = "step")]
pub enum StepKind {
    /// send()
    Produced,
    /// It lay in a batch.
    Batched {
        /// Partition index.
        partition: u16,
    },
    /// The batch went out for the first time.
    Sent {
        /// Times it was sent so far.
        attempts: u32,
    },
    /// A leader refused it.
    Refused {
        /// Why.
        error: ErrorCode,
    },
    /// A leader appended it.
    Appended {
        /// Where.
        offset: i64,
        /// In which epoch.
        leader_epoch: i32,
        /// The place is in the log that counts.
        counts: bool,
        /// Replicas that hold it there.
        copies: u16,
    },
    /// The high watermark passed it: consumers see it.
    Visible {
        /// Where.
        offset: i64,
    },
    /// The producer knew of success.
    Acknowledged {
        /// The acks setting it was sent with.
        acks: &'static str,
    },
    /// The producer gave it up.
    Failed {
        /// Why.
        reason: &'static str,
    },
    /// It is in no log that counts any more.
    Lost {
        /// Why.
        cause: LossCause,
    },
    /// Its transaction was aborted.
    Aborted {
        /// Why.
        cause: AbortCause,
    },
    /// It was taken out of the log, as the topic's configs want it.
    Removed {
        /// Why.
        cause: RemovalCause,
    },
    /// A consumer's application finished with it for the first time.
    Processed,
    /// An application set it aside.
    SetAside {
        /// `skipped`, `dead-lettered`, `retried` or `redirected`.
        how: &'static str,
        /// The copy.
        copy: Option<RecordId>,
    },
}

/// A dated step.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Step {
    /// When, in virtual µs.
    pub at_us: Micros,
    /// The event that says so, where it is remembered.
    pub event: Option<EventId>,
    /// The node it happened at.
    pub node: NodeId,
    /// The group, for steps of consumers.
    pub group: Option<Arc<str>>,
    /// What.
    #[serde(flatten)]
    pub kind: StepKind,
}

/// What a group did with a record.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct GroupFate {
    /// group.id
    pub group: Arc<str>,
    /// Times returned by poll().
    pub delivered: u16,
    /// Times processed.
    pub processed: u16,
    /// The group's committed offset is past it.
    pub committed: bool,
    /// Committed past, not processed, and nobody has it in hand.
    pub skipped: bool,
}

/// A record's fate.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Fate {
    /// The record.
    pub record: RecordId,
    /// Its producer.
    pub producer: NodeId,
    /// Topic name.
    pub topic: Arc<str>,
    /// Its key, as text.
    pub key: Option<String>,
    /// Partition index, once it has one.
    pub partition: Option<u16>,
    /// Offset in the log that counts; the first of several.
    pub offset: Option<i64>,
    /// What came of it.
    pub outcome: Outcome,
    /// Why, when it is lost.
    pub lost: Option<LossCause>,
    /// Why it was taken out of the log, when it was.
    pub removed: Option<RemovalCause>,
    /// Why it is in the log more than once, when it is.
    pub duplicated: Option<DuplicateCause>,
    /// It lies behind a later record of the same producer and key.
    pub is_reordered: bool,
    /// The record that this one is a copy of.
    pub copy_of: Option<RecordId>,
    /// What happened, in order of time.
    pub steps: Vec<Step>,
    /// What the groups did that have dealt with its partition.
    pub groups: Vec<GroupFate>,
}
