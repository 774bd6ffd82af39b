//! What a history of sends and polls must look like, judged from outside as Jepsen does
//! (`jepsen.tests.kafka`): by what producers were told and consumers were given, and never by what
//! lies in a log.
//!
//! Each check is a pure function over the events of a run. It names every anomaly with the events
//! that prove it, and Kafka's excuse where there is one: what remains without excuse is a broken
//! promise.
//!
//! | check | anomaly | excuses |
//! |---|---|---|
//! | inconsistent-offsets | two records were seen at one offset | acks, unclean election, power loss |
//! | lost-write | acknowledged, passed by a reader, and never given to anybody | acks, unclean election, power loss, compaction, transactions |
//! | duplicate | one record was seen at two offsets | no idempotence, a new producer epoch, a new topic of that name, unclean election, power loss |
//! | aborted-read | a record that was never sent, or was aborted, was given to a consumer | read_uncommitted |
//! | nonmonotonic-send | of one producer and partition, a later send lies before an earlier one | no idempotence, acks, unclean election, power loss |
//! | nonmonotonic-poll | a consumer is given an offset again, or an earlier one | rebalance, reset, truncation, seek |
//! | poll-skip | a consumer is not given a record between two that it is given | the same, compaction, transactions |
//!
//! [`unseen`] is what is acknowledged and nobody was given yet: it has to shrink to nothing once
//! the cluster is at rest and all is read.

mod facts;
mod offsets;
mod order;
mod reads;
#[cfg(test)]
mod tests;
mod transactions;

use crate::events::{Event, EventId, TraceEvent};
use crate::protocol::TopicPartition;
use crate::trace::Names;

use facts::Facts;
pub(super) use transactions::Transactions;

/// Why Kafka may do what a check found.
#[derive(Copy, Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Excuse {
    /// It was acknowledged with acks=0 or acks=1: the leader alone had it, or thought so.
    AcksBelowAll,
    /// A replica outside the ISR took over.
    UncleanElection,
    /// A replica that had lost the end of its log with the power took over.
    PowerLoss,
    /// The producer was not idempotent: retries are written twice, and behind others.
    NoIdempotence,
    /// The producer began a new epoch and numbered its batches anew.
    NewProducerEpoch,
    /// The topic was deleted and created again between two attempts: its new logs know no sequences.
    NewTopic,
    /// The partition was given back and assigned again: reading goes on from what is committed.
    Rebalance,
    /// auto.offset.reset
    OffsetReset,
    /// The log was truncated below the position (KIP-320).
    Truncation,
    /// The application called seek().
    Seek,
    /// The log cleaner removed the record.
    Compaction,
    /// Its transaction is open or was aborted.
    Transaction,
    /// The consumer did not ask for read_committed, or was given it before the transaction ended; I14
    /// is stricter, it knows who asked.
    ReadUncommitted,
}

impl Excuse {
    /// Its name.
    pub fn name(self) -> &'static str {
        match self {
            Self::AcksBelowAll => "acks below all",
            Self::UncleanElection => "unclean election",
            Self::PowerLoss => "power loss",
            Self::NoIdempotence => "no idempotence",
            Self::NewProducerEpoch => "new producer epoch",
            Self::NewTopic => "new topic",
            Self::Rebalance => "rebalance",
            Self::OffsetReset => "auto.offset.reset",
            Self::Truncation => "truncation",
            Self::Seek => "seek",
            Self::Compaction => "compaction",
            Self::Transaction => "transaction",
            Self::ReadUncommitted => "read_uncommitted",
        }
    }
}

/// An anomaly.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// Name of the check.
    pub check: &'static str,
    /// What is odd.
    pub text: String,
    /// Where.
    pub tp: TopicPartition,
    /// The events that prove it, in order.
    pub events: Vec<EventId>,
    /// Why Kafka may do so; `None`: it may not.
    pub excuse: Option<Excuse>,
}

/// Whether the checks look at such an event; a history need not keep others.
pub fn matters(event: &Event) -> bool {
    let is_of_transaction = |batch| transactions::is_transactional(batch);
    matches!(event, Event::BatchAppended { batch, .. } if is_of_transaction(batch))
        || matches!(
            event,
            Event::NodeStarted { .. }
                | Event::BrokerRegistered { .. }
                | Event::LeaderElected { .. }
                | Event::UnflushedLost { .. }
                | Event::IsrExpanded { .. }
                | Event::LogCleaned { .. }
                | Event::TransactionChanged { .. }
                | Event::BatchAcknowledged { .. }
                | Event::BatchFailed { .. }
                | Event::RecordFailed { .. }
                | Event::PartitionsAssigned { .. }
                | Event::PositionSet { .. }
                | Event::RecordsDelivered { .. }
        )
}

/// Every anomaly in a history, excused or not.
pub fn check(events: &[TraceEvent], names: &dyn Names) -> Vec<Finding> {
    let facts = Facts::of(events, names);
    let checks: [fn(&Facts<'_>) -> Vec<Finding>; 7] = [
        offsets::inconsistent_offsets,
        offsets::duplicates,
        reads::lost_writes,
        reads::aborted_reads,
        order::nonmonotonic_sends,
        order::nonmonotonic_polls,
        order::poll_skips,
    ];
    checks.iter().flat_map(|check| check(&facts)).collect()
}

/// Records that were acknowledged and that no consumer was given, but for those that are lost or
/// removed.
pub fn unseen(events: &[TraceEvent], names: &dyn Names) -> Vec<Finding> {
    reads::unseen(&Facts::of(events, names))
}
