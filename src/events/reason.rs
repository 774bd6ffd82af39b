//! Why and how things happened: what events name besides themselves.

use std::sync::Arc;

use crate::protocol::ErrorCode;
use crate::record::RecordId;

/// Why a producer gave up on a batch.
#[derive(Copy, Clone, Debug, PartialEq, Eq, Hash)]
pub enum DeliveryFailure {
    /// A non-retriable error, or retries used up.
    Error(ErrorCode),
    /// delivery.timeout.ms ran out (TimeoutException). `in_flight`: the batch may be in the log all
    /// the same.
    Expired {
        /// It had been sent at least once.
        sent: bool,
    },
    /// The producer process died or closed with the batch unsent or unanswered.
    ProducerGone {
        /// It had been sent at least once.
        sent: bool,
    },
    /// No room in buffer.memory within max.block.ms (BufferExhaustedException).
    BufferExhausted,
    /// No metadata within max.block.ms (TimeoutException).
    NoMetadata,
    /// Its transaction was aborted before it was sent (TransactionAbortedException).
    TransactionAborted,
    /// Larger than max.request.size or buffer.memory (RecordTooLargeException).
    RecordTooLarge,
}

/// Why a consumer's position was set.
#[derive(Copy, Clone, Debug, PartialEq, Eq, Hash)]
pub enum PositionReason {
    /// From the group's committed offset.
    Committed,
    /// auto.offset.reset=earliest
    ResetEarliest,
    /// auto.offset.reset=latest
    ResetLatest,
    /// auto.offset.reset=by_duration
    ResetByDuration,
    /// Where the log was truncated (KIP-320).
    Truncated,
    /// The application called seek(), seekToBeginning() or seekToEnd().
    Sought,
}

/// How an offset was committed.
#[derive(Copy, Clone, Debug, PartialEq, Eq, Hash)]
pub enum CommitMode {
    /// enable.auto.commit, inside poll() or before a rebalance or on close.
    Auto,
    /// commitSync()
    Sync,
    /// commitAsync()
    Async,
}

/// Why a log begins later than it did.
#[derive(Copy, Clone, Debug, PartialEq, Eq, Hash)]
pub enum LogStartReason {
    /// retention.ms
    RetentionMs,
    /// retention.bytes
    RetentionBytes,
    /// DeleteRecords
    DeleteRecords,
    /// The leader's log does.
    Leader,
}

/// Why a replica left the ISR.
#[derive(Copy, Clone, Debug, PartialEq, Eq, Hash)]
pub enum ShrinkReason {
    /// Not caught up for replica.lag.time.max.ms.
    Lag,
    /// Its broker was fenced.
    Fenced,
    /// Its broker is in controlled shutdown.
    ControlledShutdown,
    /// An unclean election left only the new leader.
    UncleanElection,
    /// The partition moved to other replicas.
    Reassignment,
}

/// Who ended a transaction.
#[derive(Copy, Clone, Debug, PartialEq, Eq, Hash)]
pub enum TransactionEnd {
    /// Its producer: commitTransaction(), abortTransaction(), or close().
    Application,
    /// The coordinator: it was open for longer than transaction.timeout.ms.
    TimedOut,
    /// The coordinator: another producer with the same transactional.id begins.
    Fenced,
}

/// Why a group rebalances.
#[derive(Copy, Clone, Debug, PartialEq, Eq, Hash)]
pub enum RebalanceReason {
    /// A member that the group did not know joins.
    NewMember,
    /// A static member is back with other protocols (KIP-345).
    StaticMemberBack,
    /// A member joins again while the group waits for all.
    MemberRejoins,
    /// The group's leader joins again: metadata changed.
    LeaderRejoins,
    /// A member joins again with other topics or assignors.
    SubscriptionChanged,
    /// A member left.
    MemberLeft,
    /// A member's session.timeout.ms ran out.
    SessionExpired,
    /// Members sent no SyncGroup in time.
    NoSyncGroup,
    /// The assignment could not be written to __consumer_offsets.
    AssignmentNotStored,
    /// Subscribed topics came, went or grew (KIP-848).
    TopicsChanged,
    /// A member did not give partitions up in time (KIP-848).
    NotRevoked,
}

/// Why a member no longer owns partitions.
#[derive(Copy, Clone, Debug, PartialEq, Eq, Hash)]
pub enum LossOfPartitions {
    /// onPartitionsRevoked: given back in good order.
    Revoked,
    /// onPartitionsLost: generation or membership was already gone.
    Lost,
}

/// What an application does with a record that it does not process.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum SetAside {
    /// Nothing: it goes on with the next one.
    Skipped,
    /// It puts a copy into a dead letter topic.
    DeadLettered {
        /// The copy.
        copy: RecordId,
        /// The topic.
        topic: Arc<str>,
    },
    /// It puts a copy into a retry topic.
    Retried {
        /// The copy.
        copy: RecordId,
        /// The topic.
        topic: Arc<str>,
    },
    /// An earlier record of its key is in a retry topic: it follows that one, untried.
    Redirected {
        /// The copy.
        copy: RecordId,
        /// The topic.
        topic: Arc<str>,
    },
    /// It says which keys are in a retry topic, and is remembered.
    Noted,
}

impl SetAside {
    /// Its name in verdicts and fates.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Skipped => "skipped",
            Self::DeadLettered { .. } => "dead-lettered",
            Self::Retried { .. } => "retried",
            Self::Redirected { .. } => "redirected",
            Self::Noted => "noted",
        }
    }

    /// The copy that goes elsewhere.
    pub fn copy(&self) -> Option<RecordId> {
        match self {
            Self::DeadLettered { copy, .. }
            | Self::Retried { copy, .. }
            | Self::Redirected { copy, .. } => Some(*copy),
            Self::Skipped | Self::Noted => None,
        }
    }
}

/// Why a member left its group.
#[derive(Copy, Clone, Debug, PartialEq, Eq, Hash)]
pub enum ConsumerExit {
    /// LeaveGroup on close() or unsubscribe().
    Left,
    /// session.timeout.ms without a heartbeat.
    SessionExpired,
    /// The member left because poll() was not called for max.poll.interval.ms.
    PollIntervalExceeded,
    /// It did not rejoin in time.
    RebalanceTimeout,
}
