//! What the sender does for transactions (Kafka's `Sender.maybeSendAndPollTransactionalRequest`).

use crate::engine::Micros;
use crate::events::{DeliveryFailure, Event};
use crate::node::Ctx;
use crate::protocol::{
    EndTxnRequest, ErrorCode, FindCoordinatorRequest, InitProducerIdRequest,
    InitProducerIdResponse, OffsetCommitResponse, Request, TransactionalProducer,
    TxnOffsetCommitRequest,
};

use super::Sender;
use super::connections::{LeastLoaded, Tag};
use crate::producer::transaction::{Due, State, Transaction};

impl Sender {
    /// The transaction, when the producer is transactional.
    pub fn transaction(&self) -> Option<&Transaction> {
        self.transaction.as_ref()
    }

    /// The transaction, for what the application does with it.
    pub fn transaction_mut(&mut self) -> Option<&mut Transaction> {
        self.transaction.as_mut()
    }

    /// Asks the coordinator what is due. Returns when to look again.
    pub(super) fn run_transaction(&mut self, ctx: &mut Ctx<'_>) -> Option<Micros> {
        let state = self.transaction.as_ref()?.state();
        if self.transaction.as_ref().is_some_and(Transaction::drops_unsent) {
            self.drop_unsent(ctx, DeliveryFailure::TransactionAborted);
        }
        self.accumulator.set_flushing(state == State::CommittingTransaction);
        let has_incomplete = self.accumulator.has_incomplete();
        let transaction = self.transaction.as_mut()?;
        if transaction.completes_locally(has_incomplete) {
            return None;
        }
        let (due, at_us) = transaction.due(has_incomplete)?;
        if at_us > ctx.now {
            return Some(at_us);
        }
        let id = transaction.id.clone();
        let (node, request) = match due {
            Due::FindCoordinator | Due::FindGroupCoordinator => {
                let group = transaction.offsets().map(|offsets| offsets.member.group.clone());
                let group = group.filter(|_| due == Due::FindGroupCoordinator);
                let is_transaction = group.is_none();
                let find = FindCoordinatorRequest { key: group.unwrap_or(id), is_transaction };
                match self.least_loaded(ctx) {
                    LeastLoaded::Node(node) => (node, Request::FindCoordinator(Box::new(find))),
                    LeastLoaded::Busy => return None,
                    LeastLoaded::Unreachable(at_us) => {
                        self.metadata.request_update();
                        return Some(at_us);
                    }
                }
            }
            Due::InitProducerId(node) => {
                let init = InitProducerIdRequest {
                    transactional_id: id,
                    transaction_timeout_ms: transaction.timeout_ms,
                };
                (node, Request::InitProducerId(Some(Box::new(init))))
            }
            Due::CommitOffsets(node) => {
                let commit = transaction.offsets()?.clone();
                let idempotence = self.accumulator.idempotence();
                let (producer_id, producer_epoch) = idempotence?.producer()?;
                let producer =
                    TransactionalProducer { transactional_id: id, producer_id, producer_epoch };
                let request = TxnOffsetCommitRequest { producer, commit };
                (node, Request::TxnOffsetCommit(Box::new(request)))
            }
            Due::EndTxn(node, committed) => {
                let idempotence = self.accumulator.idempotence();
                let (producer_id, producer_epoch) = idempotence?.producer()?;
                let producer =
                    TransactionalProducer { transactional_id: id, producer_id, producer_epoch };
                (node, Request::EndTxn(Box::new(EndTxnRequest { producer, committed })))
            }
        };
        if !matches!(due, Due::FindCoordinator | Due::FindGroupCoordinator)
            && let Err(at_us) = self.connections.ready(ctx, node)
        {
            // Who cannot be reached may not be the coordinator any more.
            at_us?;
            let retry_us = ctx.now + self.retry_backoff_us.max(1000);
            let transaction = self.transaction.as_mut()?;
            transaction.on_asked(due);
            transaction.lost(retry_us);
            return Some(retry_us);
        }
        self.connections.ask(ctx, node, request, Tag::Transaction);
        self.transaction.as_mut()?.on_asked(due);
        None
    }

    /// Gives up what was never sent.
    pub(super) fn drop_unsent(&mut self, ctx: &mut Ctx<'_>, failure: DeliveryFailure) {
        for (partition, mut batch) in self.accumulator.abort_undrained() {
            ctx.note(Event::BatchFailed {
                tp: self.topic_partition(partition),
                batch: batch.as_sent(),
                failure,
            });
        }
    }

    /// InitProducerId or EndTxn was answered.
    pub(super) fn on_transaction_answer(
        &mut self,
        ctx: &mut Ctx<'_>,
        answer: &InitProducerIdResponse,
    ) {
        let retry_us = ctx.now + self.retry_backoff_us;
        let Some(transaction) = &mut self.transaction else { return };
        match answer.error {
            None => {
                transaction.on_done();
                self.accumulator.set_producer(answer.producer_id, answer.producer_epoch);
            }
            Some(error) => transaction.on_error(error, retry_us),
        }
    }

    /// TxnOffsetCommit was answered: the first error counts.
    pub(super) fn on_offsets_answer(&mut self, now: Micros, answer: &OffsetCommitResponse) {
        let retry_us = now + self.retry_backoff_us;
        let error = answer.partitions.iter().find_map(|(_, error)| *error);
        if let Some(transaction) = &mut self.transaction {
            transaction.on_offsets(error, retry_us);
        }
    }

    pub(super) fn on_transaction_lost(&mut self, now: Micros) {
        let retry_us = now + self.retry_backoff_us;
        if let Some(transaction) = &mut self.transaction {
            transaction.lost(retry_us);
        }
    }

    /// A batch was given up: its transaction can only be aborted.
    pub(super) fn on_batch_given_up(&mut self, error: ErrorCode) {
        if let Some(transaction) = &mut self.transaction {
            transaction.on_batch_failed(error);
        }
    }
}
