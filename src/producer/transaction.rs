//! The producer's own view of its transaction (the half of Kafka's `TransactionManager` that
//! [`super::TransactionManager`] is not): its state, and which request is due.
//!
//! The application calls initTransactions() when it starts, beginTransaction() before the first
//! send(), and commitTransaction() or abortTransaction() in the end. The first and the last two
//! block it until the coordinator has answered.

use std::sync::Arc;

use crate::config::ProducerConfig;
use crate::engine::{Micros, NodeId};
use crate::protocol::{ErrorCode, OffsetCommitRequest};

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
    /// Any broker: who coordinates the group whose offsets are to be committed.
    FindGroupCoordinator,
    /// TxnOffsetCommit
    CommitOffsets(NodeId),
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
    /// sendOffsetsToTransaction(): what is to be committed with the transaction.
    offsets: Option<OffsetCommitRequest>,
    group_coordinator: Option<NodeId>,
    /// The request that has no answer yet: there is one at a time.
    asked: Option<Due>,
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
            offsets: None,
            group_coordinator: None,
            asked: None,
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

    /// sendOffsetsToTransaction(): they count once the transaction is committed.
    pub fn send_offsets(&mut self, offsets: OffsetCommitRequest) {
        debug_assert!(self.state == State::InTransaction);
        self.has_records = true;
        self.offsets = Some(offsets);
    }

    /// What is to be committed with the transaction, and has no answer yet.
    pub fn offsets(&self) -> Option<&OffsetCommitRequest> {
        self.offsets.as_ref()
    }

    /// commitTransaction() or abortTransaction()
    pub fn end(&mut self, committed: bool) {
        debug_assert!(matches!(self.state, State::InTransaction | State::AbortableError));
        self.offsets = self.offsets.take().filter(|_| committed);
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
        if self.asked.is_some() {
            return None;
        }
        if self.offsets.is_some() {
            let due = self.group_coordinator.map_or(Due::FindGroupCoordinator, Due::CommitOffsets);
            return Some((due, self.ask_us));
        }
        let ends = self.is_completing() && self.has_records && !has_incomplete;
        if !(ends || self.state == State::Initializing) {
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
    pub fn on_asked(&mut self, due: Due) {
        self.asked = Some(due);
    }

    /// The coordinator is found, or not.
    pub fn on_coordinator(&mut self, found: Result<NodeId, ErrorCode>, retry_us: Micros) {
        let coordinator = match self.asked.take() {
            Some(Due::FindGroupCoordinator) => &mut self.group_coordinator,
            _ => &mut self.coordinator,
        };
        *coordinator = found.ok();
        if coordinator.is_none() {
            self.ask_us = retry_us;
        }
    }

    /// InitProducerId or EndTxn went well.
    pub fn on_done(&mut self) {
        self.asked = None;
        if self.state == State::Initializing || self.is_completing() {
            self.complete();
        }
    }

    /// The answer to InitProducerId or EndTxn is an error. It is asked again, unless there is no
    /// use (`InitProducerIdHandler`, `EndTxnHandler`).
    pub fn on_error(&mut self, error: ErrorCode, retry_us: Micros) {
        self.asked = None;
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

    /// TxnOffsetCommit is answered (`TxnOffsetCommitHandler`).
    pub fn on_offsets(&mut self, error: Option<ErrorCode>, retry_us: Micros) {
        self.asked = None;
        match error {
            None => self.offsets = None,
            Some(
                ErrorCode::NotCoordinator
                | ErrorCode::CoordinatorNotAvailable
                | ErrorCode::RequestTimedOut,
            ) => {
                self.group_coordinator = None;
                self.ask_us = retry_us;
            }
            Some(error) if error.is_retriable() => self.ask_us = retry_us,
            Some(ErrorCode::InvalidProducerEpoch | ErrorCode::ProducerFenced) => {
                self.fail(ErrorCode::ProducerFenced, true);
            }
            // The member is none any more, or the group is not there.
            Some(error) => self.fail(error, false),
        }
    }

    /// The connection to a coordinator broke: it is looked for again.
    pub fn lost(&mut self, retry_us: Micros) {
        match self.asked.take() {
            Some(Due::FindGroupCoordinator | Due::CommitOffsets(_)) => {
                self.group_coordinator = None;
            }
            _ => self.coordinator = None,
        }
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
        if is_fatal || !is_over {
            self.offsets = None;
        }
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
    use crate::protocol::MemberIdentity;

    const COORDINATOR: NodeId = NodeId(2);

    fn ready() -> Transaction {
        let properties = Properties::new().with("transactional.id", "pay");
        let config = ProducerConfig::from_properties(&properties).expect("it is valid");
        let mut transaction = Transaction::new(&config).expect("it is transactional");
        assert_eq!(transaction.due(false), Some((Due::FindCoordinator, 0)));
        transaction.on_asked(Due::FindCoordinator);
        assert_eq!(transaction.due(false), None, "one request at a time");
        transaction.on_coordinator(Ok(COORDINATOR), 5);
        assert_eq!(transaction.due(false), Some((Due::InitProducerId(COORDINATOR), 0)));
        transaction.on_asked(Due::InitProducerId(COORDINATOR));
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
            transaction.on_asked(Due::EndTxn(COORDINATOR, true));
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

    fn with_offsets() -> Transaction {
        let mut transaction = ready();
        transaction.begin();
        let (group, member_id) = ("billing".into(), "billing-1".into());
        let member = MemberIdentity { group, generation: 1, member_id, group_instance_id: None };
        transaction.send_offsets(OffsetCommitRequest { member, offsets: Vec::new() });
        transaction.end(true);
        assert_eq!(transaction.due(false), Some((Due::FindGroupCoordinator, 0)));
        transaction.on_asked(Due::FindGroupCoordinator);
        transaction.on_coordinator(Ok(NodeId(3)), 7);
        assert_eq!(transaction.due(false), Some((Due::CommitOffsets(NodeId(3)), 0)));
        transaction.on_asked(Due::CommitOffsets(NodeId(3)));
        transaction
    }

    #[test]
    fn offsets_go_before_the_end() {
        let mut transaction = with_offsets();
        transaction.on_offsets(None, 9);
        assert_eq!(transaction.due(false), Some((Due::EndTxn(COORDINATOR, true), 0)));
        let mut moved = with_offsets();
        moved.on_offsets(Some(ErrorCode::NotCoordinator), 9);
        assert_eq!(moved.due(false), Some((Due::FindGroupCoordinator, 9)));
        let mut loading = with_offsets();
        loading.on_offsets(Some(ErrorCode::CoordinatorLoadInProgress), 9);
        assert_eq!(loading.due(false), Some((Due::CommitOffsets(NodeId(3)), 9)));
    }

    #[test]
    fn a_zombie_member_can_only_abort() {
        let mut zombie = with_offsets();
        zombie.on_offsets(Some(ErrorCode::IllegalGeneration), 9);
        assert_eq!((zombie.state(), zombie.due(false)), (State::AbortableError, None));
        zombie.end(false);
        assert_eq!(zombie.due(false), Some((Due::EndTxn(COORDINATOR, false), 0)));
        let mut fenced = with_offsets();
        fenced.on_offsets(Some(ErrorCode::InvalidProducerEpoch), 9);
        assert_eq!(fenced.state(), State::FatalError);
    }
}
