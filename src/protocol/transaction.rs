//! Transactions (KIP-98) as of transaction version 2 (KIP-890).

use std::sync::Arc;

use super::{OffsetCommitRequest, TopicPartition};

/// InitProducerId of a transactional producer.
#[derive(Clone, Debug)]
pub struct InitProducerIdRequest {
    /// transactional.id
    pub transactional_id: Arc<str>,
    /// transaction.timeout.ms
    pub transaction_timeout_ms: i64,
}

/// Who speaks in a transaction.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TransactionalProducer {
    /// transactional.id
    pub transactional_id: Arc<str>,
    /// Its producer id.
    pub producer_id: i64,
    /// Its epoch.
    pub producer_epoch: i16,
}

/// AddPartitionsToTxn: the leader of a partition adds it before the first append.
#[derive(Clone, Debug)]
pub struct AddPartitionsToTxnRequest {
    /// Whose transaction.
    pub producer: TransactionalProducer,
    /// The partitions.
    pub partitions: Vec<TopicPartition>,
}

/// TxnOffsetCommit: offsets that count once the transaction is committed (KIP-447).
#[derive(Clone, Debug)]
pub struct TxnOffsetCommitRequest {
    /// Whose transaction.
    pub producer: TransactionalProducer,
    /// The offsets, and the member of the group that has read up to them.
    pub commit: OffsetCommitRequest,
}

/// EndTxn
#[derive(Clone, Debug)]
pub struct EndTxnRequest {
    /// Whose transaction.
    pub producer: TransactionalProducer,
    /// Commit, or abort.
    pub committed: bool,
}

/// WriteTxnMarkers of one transaction, to a broker that leads some of its partitions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TxnMarker {
    /// Whose transaction.
    pub producer_id: i64,
    /// The epoch that follows the transaction's: nothing older is appended any more.
    pub producer_epoch: i16,
    /// COMMIT, or ABORT.
    pub committed: bool,
    /// Leader epoch of the coordinator's partition of `__transaction_state`.
    pub coordinator_epoch: i32,
    /// Where it is to be written.
    pub partitions: Vec<TopicPartition>,
}

/// The state of a transactional id at its coordinator, by Kafka's name.
#[derive(Copy, Clone, Debug, PartialEq, Eq, Hash)]
pub enum TransactionState {
    /// The id is known, and nothing was written under its epoch.
    Empty,
    /// Partitions are in the transaction.
    Ongoing,
    /// The decision is in the log; markers are on their way.
    PrepareCommit,
    /// The decision is in the log; markers are on their way.
    PrepareAbort,
    /// All markers are written.
    CompleteCommit,
    /// All markers are written.
    CompleteAbort,
}

impl TransactionState {
    /// All of them, by their numbers in the log.
    pub const ALL: [Self; 6] = [
        Self::Empty,
        Self::Ongoing,
        Self::PrepareCommit,
        Self::PrepareAbort,
        Self::CompleteCommit,
        Self::CompleteAbort,
    ];

    /// Kafka's name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Empty => "Empty",
            Self::Ongoing => "Ongoing",
            Self::PrepareCommit => "PrepareCommit",
            Self::PrepareAbort => "PrepareAbort",
            Self::CompleteCommit => "CompleteCommit",
            Self::CompleteAbort => "CompleteAbort",
        }
    }

    /// The decision as a state.
    pub fn preparing(committed: bool) -> Self {
        if committed { Self::PrepareCommit } else { Self::PrepareAbort }
    }

    /// What the markers say that are on their way.
    pub fn decision(self) -> Option<bool> {
        match self {
            Self::PrepareCommit => Some(true),
            Self::PrepareAbort => Some(false),
            _ => None,
        }
    }
}
