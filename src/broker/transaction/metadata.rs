//! A transactional id at its coordinator: the state machine without the log (Kafka's
//! `TransactionMetadata` and what `TransactionCoordinator` decides by it).
//!
//! Every method says what the next state is; it holds once it is in the log.

use crate::engine::SortedSet;
use crate::protocol::{ErrorCode, TopicPartition, TransactionState, TransactionalProducer};

/// The last epoch but one is the last that is given to a producer (`isEpochExhausted`).
const EXHAUSTED: i16 = i16::MAX - 1;

/// What is known of a transactional id.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TransactionMetadata {
    /// Producer id.
    pub producer_id: i64,
    /// The one before; -1 none.
    pub previous_producer_id: i64,
    /// The one that follows when this transaction is complete, its epochs being used up; -1 none.
    pub next_producer_id: i64,
    /// Its epoch.
    pub producer_epoch: i16,
    /// transaction.timeout.ms
    pub timeout_ms: i64,
    /// State.
    pub state: TransactionState,
    /// Partitions of the transaction.
    pub partitions: SortedSet<TopicPartition>,
    /// When the transaction began, in ms since the Unix epoch; -1 when there is none.
    pub start_ms: i64,
    /// When the state last changed, in ms since the Unix epoch.
    pub updated_ms: i64,
}

/// What an EndTxn leads to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum End {
    /// This state.
    To(TransactionMetadata),
    /// Nothing: the request came again, and has this answer.
    Done(i64, i16),
}

impl TransactionMetadata {
    /// A transactional id that appears for the first time.
    pub fn new(producer_id: i64, timeout_ms: i64, now_ms: i64) -> Self {
        Self {
            producer_id,
            previous_producer_id: -1,
            next_producer_id: -1,
            producer_epoch: 0,
            timeout_ms,
            state: TransactionState::Empty,
            partitions: SortedSet::new(),
            start_ms: -1,
            updated_ms: now_ms,
        }
    }

    fn is_epoch_exhausted(&self) -> bool {
        self.producer_epoch >= EXHAUSTED
    }

    /// InitProducerId: another epoch fences whoever had the last one. An open transaction is
    /// aborted first, and the producer asks again (`prepareInitProducerIdTransit`).
    ///
    /// # Errors
    /// CONCURRENT_TRANSACTIONS while markers are on their way.
    pub fn init(
        &self,
        timeout_ms: i64,
        now_ms: i64,
        next_id: impl FnOnce() -> i64,
    ) -> Result<Self, ErrorCode> {
        match self.state {
            TransactionState::PrepareCommit | TransactionState::PrepareAbort => {
                Err(ErrorCode::ConcurrentTransactions)
            }
            TransactionState::Ongoing => Ok(self.ended(false, now_ms, next_id)),
            _ if self.is_epoch_exhausted() => Ok(Self {
                previous_producer_id: self.producer_id,
                ..Self::new(next_id(), timeout_ms, now_ms)
            }),
            _ => Ok(Self {
                producer_epoch: self.producer_epoch + 1,
                previous_producer_id: self.previous_producer_id,
                ..Self::new(self.producer_id, timeout_ms, now_ms)
            }),
        }
    }

    /// AddPartitionsToTxn. `None`: they are in the transaction already.
    ///
    /// # Errors
    /// INVALID_PRODUCER_ID_MAPPING, PRODUCER_FENCED, CONCURRENT_TRANSACTIONS.
    pub fn add(
        &self,
        producer: &TransactionalProducer,
        partitions: &[TopicPartition],
        now_ms: i64,
    ) -> Result<Option<Self>, ErrorCode> {
        if producer.producer_id != self.producer_id {
            return Err(ErrorCode::InvalidProducerIdMapping);
        }
        if producer.producer_epoch != self.producer_epoch {
            return Err(ErrorCode::ProducerFenced);
        }
        if self.state.decision().is_some() {
            return Err(ErrorCode::ConcurrentTransactions);
        }
        let is_ongoing = self.state == TransactionState::Ongoing;
        if is_ongoing && partitions.iter().all(|tp| self.partitions.contains(tp)) {
            return Ok(None);
        }
        let mut next = self.clone();
        next.state = TransactionState::Ongoing;
        next.partitions.extend(partitions.iter().copied());
        next.start_ms = if is_ongoing { self.start_ms } else { now_ms };
        next.updated_ms = now_ms;
        Ok(Some(next))
    }

    /// EndTxn, as of transaction version 2: every end bumps the epoch, and one less than the epoch
    /// is a request that came again (`endTransaction`).
    ///
    /// # Errors
    /// INVALID_PRODUCER_ID_MAPPING, PRODUCER_FENCED, CONCURRENT_TRANSACTIONS, INVALID_TXN_STATE.
    pub fn end(
        &self,
        producer: &TransactionalProducer,
        committed: bool,
        now_ms: i64,
        next_id: impl FnOnce() -> i64,
    ) -> Result<End, ErrorCode> {
        use TransactionState::*;
        let (id, epoch) = (producer.producer_id, producer.producer_epoch);
        let is_overflown =
            self.previous_producer_id == id && epoch == EXHAUSTED && self.producer_epoch == 0;
        if id != self.producer_id && !is_overflown {
            return Err(ErrorCode::InvalidProducerIdMapping);
        }
        let is_bumped = i32::from(self.producer_epoch) == i32::from(epoch) + 1;
        let is_retry = is_bumped || is_overflown;
        let is_current = epoch == self.producer_epoch && id == self.producer_id;
        let is_valid = match self.state {
            Empty | Ongoing => is_current,
            PrepareCommit | PrepareAbort => is_bumped,
            CompleteCommit | CompleteAbort => is_retry || is_current,
        };
        if !is_valid {
            return Err(ErrorCode::ProducerFenced);
        }
        let was_committed = matches!(self.state, PrepareCommit | CompleteCommit);
        match self.state {
            Ongoing => Ok(End::To(self.ended(committed, now_ms, next_id))),
            PrepareCommit | PrepareAbort if committed == was_committed => {
                Err(ErrorCode::ConcurrentTransactions)
            }
            CompleteCommit | CompleteAbort if is_retry && committed == was_committed => {
                Ok(End::Done(self.producer_id, self.producer_epoch))
            }
            // The producer does not know whether anything of it came to a broker.
            Empty | CompleteCommit | CompleteAbort if !committed && !is_retry => {
                Ok(End::To(self.ended(false, now_ms, next_id)))
            }
            _ => Err(ErrorCode::InvalidTxnState),
        }
    }

    /// The decision (`prepareAbortOrCommit`), by whomever it is made.
    fn ended(&self, committed: bool, now_ms: i64, next_id: impl FnOnce() -> i64) -> Self {
        let mut next = self.clone();
        if self.is_epoch_exhausted() {
            next.next_producer_id = next_id();
        }
        next.producer_epoch = self.producer_epoch.saturating_add(1);
        next.state = TransactionState::preparing(committed);
        next.updated_ms = now_ms;
        next
    }

    /// Aborted by the coordinator: it is open for longer than transaction.timeout.ms.
    pub fn timed_out(&self, now_ms: i64, next_id: impl FnOnce() -> i64) -> Option<Self> {
        let is_open = self.state == TransactionState::Ongoing;
        let is_late = self.start_ms.saturating_add(self.timeout_ms) < now_ms;
        (is_open && is_late).then(|| self.ended(false, now_ms, next_id))
    }

    /// All markers are written (`prepareComplete`).
    pub fn completed(&self, now_ms: i64) -> Option<Self> {
        let committed = self.state.decision()?;
        let mut next = self.clone();
        next.state = match committed {
            true => TransactionState::CompleteCommit,
            false => TransactionState::CompleteAbort,
        };
        next.partitions = SortedSet::new();
        next.start_ms = -1;
        next.updated_ms = now_ms;
        if self.next_producer_id >= 0 {
            next.previous_producer_id = self.producer_id;
            (next.producer_id, next.producer_epoch) = self.successor();
            next.next_producer_id = -1;
        }
        Some(next)
    }

    /// Id and epoch under which the producer goes on.
    pub fn successor(&self) -> (i64, i16) {
        match self.next_producer_id {
            next if next >= 0 => (next, 0),
            _ => (self.producer_id, self.producer_epoch),
        }
    }
}

#[cfg(test)]
mod tests;
