//! The producer's own view of its transaction (the half of Kafka's `TransactionManager` that
//! [`super::TransactionManager`] is not): its state, and which request is due.
//!
//! The application calls initTransactions() when it starts, beginTransaction() before the first
//! send(), and commitTransaction() or abortTransaction() in the end. The first and the last two
//! block it until the coordinator has answered.

use std::sync::Arc;

use crate::config::ProducerConfig;
use crate::engine::{Micros, NodeId};
use crate::protocol::ErrorCode;

/// A state, by Kafka's name (`TransactionManager.State`).
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub enum State {
    /// initTransactions() waits for its answer.
    Initializing,
    /// No transaction is open.
    Ready,
    /// beginTransaction() was called.
    InTransaction,
    /// commitTransaction() waits for its answer.
    CommittingTransaction,
    /// abortTransaction() waits for its answer.
    AbortingTransaction,
    /// Something of the transaction failed: it can only be aborted.
    AbortableError,
    /// The producer is of no use any more.
    FatalError,
}

impl State {
    /// Kafka's name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Initializing => "INITIALIZING",
            Self::Ready => "READY",
            Self::InTransaction => "IN_TRANSACTION",
            Self::CommittingTransaction => "COMMITTING_TRANSACTION",
            Self::AbortingTransaction => "ABORTING_TRANSACTION",
            Self::AbortableError => "ABORTABLE_ERROR",
            Self::FatalError => "FATAL_ERROR",
        }
    }
}

/// What the coordinator is to be asked.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub enum Due {
    /// Any broker: who the coordinator is.
    FindCoordinator,
    /// InitProducerId
    InitProducerId(NodeId),
    /// EndTxn; true: commit.
    EndTxn(NodeId, bool),
}

/// A transactional producer's transaction.
#[derive(Clone, Debug)]
pub struct Transaction {
    /// transactional.id
    pub id: Arc<str>,
    /// transaction.timeout.ms
    pub timeout_ms: i64,
    state: State,
    /// Records were appended to batches: leaders may have added partitions (`transactionStarted`).
    has_records: bool,
    coordinator: Option<NodeId>,
    /// A request has no answer yet: there is one at a time.
    is_asking: bool,
    ask_us: Micros,
    error: Option<ErrorCode>,
}

impl Transaction {
    /// Of a process that has just started; `None` without a transactional.id.
    pub fn new(config: &ProducerConfig) -> Option<Self> {
        Some(Self {
            id: config.transactional_id.as_deref()?.into(),
            timeout_ms: config.transaction_timeout_ms,
            state: State::Initializing,
            has_records: false,
            coordinator: None,
            is_asking: false,
            ask_us: 0,
            error: None,
        })
    }

    /// Its state.
    pub fn state(&self) -> State {
        self.state
    }

    /// What led to ABORTABLE_ERROR or FATAL_ERROR.
    pub fn error(&self) -> Option<ErrorCode> {
        self.error
    }

    /// Whether send() may go on: a transaction is open, or can be begun.
    pub fn takes_records(&self) -> bool {
        matches!(self.state, State::Ready | State::InTransaction)
    }

    /// beginTransaction(), where none is open.
    pub fn begin(&mut self) {
        debug_assert!(self.takes_records());
        self.state = State::InTransaction;
    }

    /// A record is in a batch.
    pub fn has_taken(&mut self) {
        self.has_records = true;
    }

    /// commitTransaction() or abortTransaction()
    pub fn end(&mut self, committed: bool) {
        debug_assert!(matches!(self.state, State::InTransaction | State::AbortableError));
        self.state = match committed {
            true => State::CommittingTransaction,
            false => State::AbortingTransaction,
        };
    }

    /// Whether commit or abort wait for their answer.
    pub fn is_completing(&self) -> bool {
        matches!(self.state, State::CommittingTransaction | State::AbortingTransaction)
    }

    /// Whether batches that were not sent yet are not to be sent any more.
    pub fn drops_unsent(&self) -> bool {
        matches!(self.state, State::AbortingTransaction | State::AbortableError)
    }

    /// The request that is due, and when it can be sent. `has_incomplete`: batches have no final
    /// answer, and the end waits for them.
    pub fn due(&self, has_incomplete: bool) -> Option<(Due, Micros)> {
        let ends = self.is_completing() && self.has_records && !has_incomplete;
        if self.is_asking || !(ends || self.state == State::Initializing) {
            return None;
        }
        let due = match self.coordinator {
            None => Due::FindCoordinator,
            Some(node) if ends => Due::EndTxn(node, self.state == State::CommittingTransaction),
            Some(node) => Due::InitProducerId(node),
        };
        Some((due, self.ask_us))
    }

    /// A commit or abort of nothing needs no coordinator. Whether that is so.
    pub fn completes_locally(&mut self, has_incomplete: bool) -> bool {
        let is_empty = self.is_completing() && !self.has_records && !has_incomplete;
        if is_empty {
            self.complete();
        }
        is_empty
    }

    fn complete(&mut self) {
        self.state = State::Ready;
        self.has_records = false;
        self.error = None;
    }

    /// A request is on its way.
    pub fn on_asked(&mut self) {
        self.is_asking = true;
    }

    /// The coordinator is found, or not.
    pub fn on_coordinator(&mut self, found: Result<NodeId, ErrorCode>, retry_us: Micros) {
        self.is_asking = false;
        self.coordinator = found.ok();
        if self.coordinator.is_none() {
            self.ask_us = retry_us;
        }
    }

    /// InitProducerId or EndTxn went well.
    pub fn on_done(&mut self) {
        self.is_asking = false;
        if self.state == State::Initializing || self.is_completing() {
            self.complete();
        }
    }

    /// The answer to InitProducerId or EndTxn is an error. It is asked again, unless there is no
    /// use (`InitProducerIdHandler`, `EndTxnHandler`).
    pub fn on_error(&mut self, error: ErrorCode, retry_us: Micros) {
        self.is_asking = false;
        match error {
            ErrorCode::NotCoordinator | ErrorCode::CoordinatorNotAvailable => self.lost(retry_us),
            ErrorCode::TransactionAbortable if self.is_completing() => self.fail(error, false),
            ErrorCode::InvalidProducerEpoch | ErrorCode::ProducerFenced => {
                self.fail(ErrorCode::ProducerFenced, true);
            }
            error if error.is_retriable() => self.ask_us = retry_us,
            error => self.fail(error, true),
        }
    }

    /// The connection to the coordinator broke: it is looked for again.
    pub fn lost(&mut self, retry_us: Micros) {
        self.is_asking = false;
        self.coordinator = None;
        self.ask_us = retry_us;
    }

    /// A batch of the transaction failed (`maybeTransitionToErrorState`).
    pub fn on_batch_failed(&mut self, error: ErrorCode) {
        let is_fatal =
            matches!(error, ErrorCode::ProducerFenced | ErrorCode::InvalidProducerIdMapping);
        self.fail(error, is_fatal);
    }

    fn fail(&mut self, error: ErrorCode, is_fatal: bool) {
        let is_over = matches!(self.state, State::FatalError | State::AbortableError)
            || (self.state == State::AbortingTransaction);
        if is_fatal {
            self.state = State::FatalError;
            self.error = Some(error);
        } else if !is_over {
            self.state = State::AbortableError;
            self.error = Some(error);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Properties;

    const COORDINATOR: NodeId = NodeId(2);

    fn ready() -> Transaction {
        let properties = Properties::new().with("transactional.id", "pay");
        let config = ProducerConfig::from_properties(&properties).expect("it is valid");
        let mut transaction = Transaction::new(&config).expect("it is transactional");
        assert_eq!(transaction.due(false), Some((Due::FindCoordinator, 0)));
        transaction.on_asked();
        assert_eq!(transaction.due(false), None, "one request at a time");
        transaction.on_coordinator(Ok(COORDINATOR), 5);
        assert_eq!(transaction.due(false), Some((Due::InitProducerId(COORDINATOR), 0)));
        transaction.on_asked();
        transaction.on_done();
        assert_eq!(transaction.state(), State::Ready);
        transaction
    }

    fn open() -> Transaction {
        let mut transaction = ready();
        transaction.begin();
        transaction.has_taken();
        transaction
    }

    #[test]
    fn the_end_waits_for_all_batches() {
        for committed in [true, false] {
            let mut transaction = open();
            transaction.end(committed);
            assert_eq!(transaction.due(true), None);
            let due = Some((Due::EndTxn(COORDINATOR, committed), 0));
            assert_eq!(transaction.due(false), due);
            assert_eq!(transaction.drops_unsent(), !committed);
            transaction.on_done();
            assert_eq!(transaction.state(), State::Ready);
        }
    }

    #[test]
    fn a_transaction_without_records_ends_without_a_request() {
        let mut transaction = ready();
        transaction.begin();
        transaction.end(true);
        assert_eq!(transaction.due(false), None);
        assert!(transaction.completes_locally(false));
        assert_eq!(transaction.state(), State::Ready);
    }

    #[test]
    fn errors_are_retried_abortable_or_fatal() {
        let end = |error| {
            let mut transaction = open();
            transaction.end(true);
            transaction.on_asked();
            transaction.on_error(error, 7);
            transaction
        };
        let retried = end(ErrorCode::ConcurrentTransactions);
        assert_eq!(retried.due(false), Some((Due::EndTxn(COORDINATOR, true), 7)));
        let moved = end(ErrorCode::NotCoordinator);
        assert_eq!(moved.due(false), Some((Due::FindCoordinator, 7)));
        for error in [ErrorCode::InvalidTxnState, ErrorCode::InvalidProducerIdMapping] {
            assert_eq!((end(error).state(), end(error).error()), (State::FatalError, Some(error)));
        }
        let fenced = end(ErrorCode::InvalidProducerEpoch);
        assert_eq!(fenced.error(), Some(ErrorCode::ProducerFenced));
        let abortable = end(ErrorCode::TransactionAbortable);
        assert_eq!(abortable.state(), State::AbortableError);
    }

    #[test]
    fn a_failed_batch_can_only_be_aborted() {
        let mut transaction = open();
        transaction.on_batch_failed(ErrorCode::InvalidProducerEpoch);
        assert_eq!(transaction.state(), State::AbortableError);
        assert!(!transaction.takes_records() && transaction.drops_unsent());
        transaction.end(false);
        transaction.on_batch_failed(ErrorCode::RequestTimedOut);
        assert_eq!(transaction.state(), State::AbortingTransaction, "it is being aborted");
        transaction.on_batch_failed(ErrorCode::ProducerFenced);
        assert_eq!(transaction.state(), State::FatalError);
    }
}
