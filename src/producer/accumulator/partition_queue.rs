//! What the producer holds for one partition: batches to be sent, batches in flight, and where the
//! sequence of an idempotent producer stands (Kafka's deque, `inFlightBatches` and
//! `TxnPartitionEntry`).

use std::collections::VecDeque;

use super::producer_batch::{ProducerBatch, ProducerState};
use crate::engine::sort_by_key;
use crate::record::{BatchId, increment_sequence};

/// One partition's batches.
#[derive(Clone, Debug, Default)]
pub struct PartitionQueue {
    /// Waiting, next one first.
    pub queue: VecDeque<ProducerBatch>,
    /// Sent and unanswered, oldest first. Expired ones stay until their answer comes.
    pub in_flight: Vec<ProducerBatch>,
    /// A record was appended at some time: the partition takes part in load statistics.
    pub was_used: bool,
    /// max.in.flight.requests.per.connection=1: nothing more goes out before the answer.
    pub is_muted: bool,
    /// Records of the last batch that was drained: what the next one will need room for.
    pub expected_records: usize,
    producer_id: i64,
    producer_epoch: i16,
    next_sequence: i32,
    last_acked_sequence: Option<i32>,
    unresolved_from: Option<i32>,
}

impl PartitionQueue {
    /// The batch that takes records is full, or there is none (`allBatchesFull`).
    pub fn is_all_full(&self) -> bool {
        self.queue.back().is_none_or(ProducerBatch::is_full)
    }

    /// Takes a batch out of flight.
    pub fn take_in_flight(&mut self, id: BatchId) -> Option<ProducerBatch> {
        let index = self.in_flight.iter().position(|batch| batch.id() == id)?;
        Some(self.in_flight.remove(index))
    }

    /// Batches that have a sequence and no final answer, on the wire or to be sent again.
    fn sequenced(&self) -> impl Iterator<Item = &ProducerBatch> {
        let on_the_wire = self.in_flight.iter().filter(|batch| !batch.is_done());
        on_the_wire.chain(self.queue.iter()).filter(|batch| batch.state().is_some())
    }

    /// `TransactionManager.hasInflightBatches`
    pub fn has_sequenced(&self) -> bool {
        self.sequenced().next().is_some()
    }

    /// `TransactionManager.firstInFlightSequence`
    pub fn first_sequence(&self) -> Option<i32> {
        self.sequenced().filter_map(ProducerBatch::state).min().map(|state| state.base_sequence)
    }

    /// `TransactionManager.hasStaleProducerIdAndEpoch`
    pub fn is_stale(&self, producer_id: i64, producer_epoch: i16) -> bool {
        (self.producer_id, self.producer_epoch) != (producer_id, producer_epoch)
    }

    /// Gives a batch that is drained for the first time its place in the sequence. A producer with
    /// a new id or epoch begins at 0, once nothing older is in flight.
    pub fn assign_sequence(&mut self, batch: &mut ProducerBatch, id: i64, epoch: i16) {
        if self.is_stale(id, epoch) && !self.has_sequenced() {
            self.start_sequences_at_beginning(id, epoch);
        }
        batch.set_state(ProducerState {
            producer_id: id,
            producer_epoch: epoch,
            base_sequence: self.next_sequence,
        });
        self.next_sequence = increment_sequence(self.next_sequence, batch.record_count() as i32);
    }

    /// Writes the sequences of all that is in flight anew, from 0 on.
    pub fn start_sequences_at_beginning(&mut self, producer_id: i64, producer_epoch: i16) {
        let on_the_wire = self.in_flight.iter_mut().filter(|batch| !batch.is_done());
        let mut batches: Vec<_> = on_the_wire
            .chain(self.queue.iter_mut())
            .filter_map(|batch| Some((batch.state()?, batch)))
            .collect();
        sort_by_key(&mut batches, |(state, _)| *state);
        let mut base_sequence = 0;
        for (_, batch) in batches {
            batch.reset_state(ProducerState { producer_id, producer_epoch, base_sequence });
            base_sequence = increment_sequence(base_sequence, batch.record_count() as i32);
        }
        self.producer_id = producer_id;
        self.producer_epoch = producer_epoch;
        self.next_sequence = base_sequence;
        self.last_acked_sequence = None;
    }

    /// The broker has the batch.
    pub fn acknowledge(&mut self, batch: &ProducerBatch) {
        self.last_acked_sequence = self.last_acked_sequence.max(batch.last_sequence());
    }

    /// `TransactionManager.isNextSequence`
    pub fn is_next_sequence(&self, sequence: i32) -> bool {
        sequence.wrapping_sub(self.last_acked_sequence.unwrap_or(-1)) == 1
    }

    /// Nobody knows whether some sequences are in the log: a batch expired that had been retried.
    pub fn has_unresolved_sequence(&self) -> bool {
        self.unresolved_from.is_some()
    }

    /// `TransactionManager.isNextSequenceForUnresolvedPartition`
    pub fn is_next_after_unresolved(&self, sequence: i32) -> bool {
        self.unresolved_from == Some(sequence)
    }

    /// `TransactionManager.markSequenceUnresolved`
    pub fn mark_unresolved(&mut self, batch: &ProducerBatch) {
        let next = batch.last_sequence().map(|last| last.wrapping_add(1));
        self.unresolved_from = self.unresolved_from.max(next);
    }

    /// Whatever happened, it no longer matters.
    pub fn forget_unresolved(&mut self) {
        self.unresolved_from = None;
    }

    /// All sequences were acknowledged: the next one follows the last one acknowledged.
    pub fn is_resolved(&self) -> bool {
        self.is_next_sequence(self.next_sequence)
    }

    /// Puts a batch back in sequence order (`insertInSequenceOrder`): behind those that precede
    /// it, before those that were never drained.
    pub fn insert_in_sequence_order(&mut self, batch: ProducerBatch) {
        debug_assert!(batch.state().is_some());
        let sequence = batch.state().map(|state| state.base_sequence);
        let before = |queued: &&ProducerBatch| {
            queued.state().is_some_and(|state| Some(state.base_sequence) < sequence)
        };
        let index = self.queue.iter().take_while(before).count();
        self.queue.insert(index, batch);
    }
}
