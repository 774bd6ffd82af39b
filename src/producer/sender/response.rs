//! Answers, and what takes their place when a connection breaks (Kafka's `Sender.completeBatch`).

use crate::engine::{Micros, NodeId};
use crate::events::{DeliveryFailure, Event};
use crate::node::Ctx;
use crate::protocol::{ErrorCode, ProduceResponse, Response};
use crate::record::BatchId;

use super::super::accumulator::ProducerBatch;
use super::Sender;
use super::connections::Tag;

impl Sender {
    /// A broker answered.
    pub fn on_response(
        &mut self,
        ctx: &mut Ctx<'_>,
        node: NodeId,
        correlation: u32,
        response: Response,
    ) {
        match (self.connections.on_response(node, correlation), response) {
            (Some(Tag::Metadata), Response::Metadata(metadata)) => {
                self.metadata.on_response(ctx.now, &metadata, ctx.rng);
                self.topic = self.metadata.cluster().topic().unwrap_or(self.topic);
            }
            (Some(Tag::InitProducerId), Response::InitProducerId(response)) => {
                self.is_asking_for_id = false;
                match response.error {
                    None => {
                        let (id, epoch) = (response.producer_id, response.producer_epoch);
                        self.accumulator.set_producer(id, epoch);
                    }
                    Some(_) => self.ask_for_id_us = ctx.now + self.retry_backoff_us,
                }
            }
            (Some(Tag::Transaction), Response::FindCoordinator(found)) => {
                let retry_us = ctx.now + self.retry_backoff_us;
                if let Some(transaction) = &mut self.transaction {
                    transaction.on_coordinator(found.coordinator, retry_us);
                }
            }
            (
                Some(Tag::Transaction),
                Response::InitProducerId(answer) | Response::EndTxn(answer),
            ) => {
                self.on_transaction_answer(ctx, &answer);
            }
            (Some(Tag::Transaction), Response::TxnOffsetCommit(answer)) => {
                self.on_offsets_answer(ctx.now, &answer);
            }
            (Some(Tag::Produce(batches)), Response::Produce(response)) => {
                self.on_produce_response(ctx, &batches, &response);
            }
            _ => {}
        }
    }

    fn on_produce_response(
        &mut self,
        ctx: &mut Ctx<'_>,
        batches: &[(u16, BatchId)],
        response: &ProduceResponse,
    ) {
        debug_assert_eq!(batches.len(), response.partitions.len());
        for (&(partition, id), answer) in batches.iter().zip(&response.partitions) {
            debug_assert_eq!(partition, answer.tp.partition, "answers come in request order");
            if let Some((leader, epoch)) = answer.current_leader {
                self.metadata.update_leader(partition, leader, epoch);
            }
            let result = answer.error.map_or(Ok(answer.base_offset), Err);
            self.on_batch_response(ctx, partition, id, result);
        }
    }

    /// The broker's end of a connection is gone.
    pub fn on_disconnect(&mut self, ctx: &mut Ctx<'_>, node: NodeId, number: u32) {
        let lost = self.connections.on_disconnect(ctx, node, number);
        self.on_lost(ctx, lost, ErrorCode::NetworkException);
    }

    /// request.timeout.ms of a broker's oldest request may be over.
    pub fn on_request_timeout(&mut self, ctx: &mut Ctx<'_>, node: NodeId) {
        let lost = self.connections.on_timeout(ctx, node);
        self.on_lost(ctx, lost, ErrorCode::RequestTimedOut);
    }

    fn on_lost(&mut self, ctx: &mut Ctx<'_>, lost: Option<Vec<Tag>>, error: ErrorCode) {
        let Some(lost) = lost else { return };
        self.metadata.request_update();
        for tag in lost {
            match tag {
                Tag::Produce(batches) => {
                    for &(partition, id) in &batches {
                        self.on_batch_response(ctx, partition, id, Err(error));
                    }
                }
                Tag::Metadata => self.metadata.on_failure(ctx.now, ctx.rng),
                Tag::InitProducerId => {
                    self.is_asking_for_id = false;
                    self.ask_for_id_us = ctx.now + self.retry_backoff_us;
                }
                Tag::Transaction => self.on_transaction_lost(ctx.now),
                Tag::Connect => {}
            }
        }
    }

    /// One batch has its answer: its base offset, or what went wrong.
    pub(super) fn on_batch_response(
        &mut self,
        ctx: &mut Ctx<'_>,
        partition: u16,
        id: BatchId,
        result: Result<i64, ErrorCode>,
    ) {
        let batch = self.accumulator.take_in_flight(partition, id);
        debug_assert!(batch.is_some(), "an answer for a batch that is not in flight");
        let Some(batch) = batch else { return };
        match result {
            Ok(base_offset) => self.complete(ctx, partition, batch, base_offset),
            // It expired before; nobody waits for the answer.
            Err(_) if batch.is_done() => self.accumulator.deallocate(&batch),
            Err(ErrorCode::MessageTooLarge) if batch.record_count() > 1 => {
                self.split(ctx, partition, batch);
            }
            Err(error) if self.can_retry(ctx.now, partition, &batch, error) => {
                self.retry(ctx, partition, batch, error);
            }
            Err(ErrorCode::DuplicateSequenceNumber) => self.complete(ctx, partition, batch, -1),
            Err(error) => self.fail(ctx, partition, batch, error),
        }
        if result.is_err_and(ErrorCode::refreshes_metadata) {
            self.metadata.request_update();
        }
        if self.guarantees_order {
            self.accumulator.set_muted(partition, false);
        }
    }

    fn can_retry(
        &mut self,
        now: Micros,
        partition: u16,
        batch: &ProducerBatch,
        error: ErrorCode,
    ) -> bool {
        let timeout_us = self.accumulator.delivery_timeout_us();
        !batch.has_reached_delivery_timeout(timeout_us, now)
            && batch.attempts() < self.retries
            && self.accumulator.can_retry(partition, batch, error)
    }

    fn complete(
        &mut self,
        ctx: &mut Ctx<'_>,
        partition: u16,
        mut batch: ProducerBatch,
        base_offset: i64,
    ) {
        self.accumulator.complete(partition, &batch);
        if !batch.is_done() {
            let (tp, acks) = (self.topic_partition(partition), self.acks);
            let batch = batch.as_sent();
            self.callbacks.call(&batch, Ok(()));
            ctx.note(Event::BatchAcknowledged { tp, batch, base_offset, acks });
        }
    }

    fn retry(
        &mut self,
        ctx: &mut Ctx<'_>,
        partition: u16,
        mut batch: ProducerBatch,
        error: ErrorCode,
    ) {
        let backoff_us = self.backoff.backoff_us(batch.attempts(), ctx.rng);
        batch.cause = Some(ctx.note(Event::BatchRetried {
            tp: self.topic_partition(partition),
            batch: batch.as_sent(),
            error,
            attempts: batch.attempts() + 1,
            backoff_us,
        }));
        self.accumulator.reenqueue(ctx.now, partition, batch, backoff_us);
    }

    fn split(&mut self, ctx: &mut Ctx<'_>, partition: u16, mut batch: ProducerBatch) {
        batch.cause = Some(ctx.note(Event::BatchRetried {
            tp: self.topic_partition(partition),
            batch: batch.as_sent(),
            error: ErrorCode::MessageTooLarge,
            attempts: batch.attempts() + 1,
            backoff_us: 0,
        }));
        self.accumulator.split_and_reenqueue(partition, batch, ctx);
    }

    fn fail(
        &mut self,
        ctx: &mut Ctx<'_>,
        partition: u16,
        mut batch: ProducerBatch,
        error: ErrorCode,
    ) {
        let retries_left = batch.attempts() < self.retries;
        self.accumulator.fail(partition, &batch, error, retries_left);
        let (tp, failure) = (self.topic_partition(partition), DeliveryFailure::Error(error));
        let batch = batch.as_sent();
        self.callbacks.call(&batch, Err(failure));
        ctx.note(Event::BatchFailed { tp, batch, failure });
        self.on_batch_given_up(error);
    }

    /// The process is gone, and with it every batch without an answer.
    pub fn abandon(&mut self, ctx: &mut Ctx<'_>) {
        self.give_up_all(ctx, |sent| DeliveryFailure::ProducerGone { sent });
    }

    /// Every batch without an answer fails; `failure` is told whether it was ever sent.
    pub fn give_up_all(&mut self, ctx: &mut Ctx<'_>, failure: impl Fn(bool) -> DeliveryFailure) {
        for (partition, mut batch) in self.accumulator.abandon() {
            ctx.note(Event::BatchFailed {
                tp: self.topic_partition(partition),
                failure: failure(batch.was_sent()),
                batch: batch.as_sent(),
            });
        }
    }
}
