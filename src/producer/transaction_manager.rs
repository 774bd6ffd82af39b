//! Idempotence on the client's side (Kafka's `TransactionManager` without transactions: KIP-98,
//! KIP-360): producer id and epoch, and when the epoch has to grow.
//!
//! An epoch is bumped locally, without asking anyone. Only the partitions that made it necessary
//! are written anew at once; the others follow when nothing of theirs is in flight.

use super::accumulator::{PartitionQueue, ProducerBatch};
use crate::protocol::ErrorCode;

/// What an idempotent producer knows of itself.
#[derive(Clone, Debug, Default)]
pub struct TransactionManager {
    is_transactional: bool,
    producer: Option<(i64, i16)>,
    /// Partitions that made an epoch bump necessary.
    rewrite: Vec<u16>,
}

impl TransactionManager {
    /// Of a producer that has no id yet. A transactional one is bumped by its coordinator only.
    pub fn new(is_transactional: bool) -> Self {
        Self { is_transactional, ..Self::default() }
    }

    /// Whether its batches are parts of transactions.
    pub fn is_transactional(&self) -> bool {
        self.is_transactional
    }

    /// Producer id and epoch, once a broker gave them.
    pub fn producer(&self) -> Option<(i64, i16)> {
        self.producer
    }

    /// InitProducerId was answered.
    pub fn set_producer(&mut self, producer_id: i64, producer_epoch: i16) {
        self.producer = Some((producer_id, producer_epoch));
    }

    /// Looks whether what was unknown has become clear, and bumps the epoch when it must
    /// (`maybeResolveSequences`, `bumpIdempotentEpochAndResetIdIfNeeded`).
    pub fn resolve(&mut self, partitions: &mut [PartitionQueue]) {
        for (index, partition) in partitions.iter_mut().enumerate() {
            if partition.has_unresolved_sequence() && !partition.has_sequenced() {
                if !partition.is_resolved() {
                    self.request_epoch_bump(index as u16);
                }
                partition.forget_unresolved();
            }
        }
        if !self.rewrite.is_empty() {
            self.bump_epoch(partitions);
        }
    }

    fn request_epoch_bump(&mut self, partition: u16) {
        if !self.is_transactional && !self.rewrite.contains(&partition) {
            self.rewrite.push(partition);
        }
    }

    fn bump_epoch(&mut self, partitions: &mut [PartitionQueue]) {
        self.producer = match self.producer {
            Some((id, epoch)) if epoch < i16::MAX => Some((id, epoch + 1)),
            // The id is used up: the next InitProducerId brings another.
            _ => None,
        };
        let (id, epoch) = self.producer.unwrap_or((-1, -1));
        for partition in self.rewrite.drain(..) {
            let partition = &mut partitions[usize::from(partition)];
            partition.start_sequences_at_beginning(id, epoch);
            partition.forget_unresolved();
        }
    }

    /// Whether a batch must wait (`shouldStopDrainBatchesForPartition`).
    pub fn must_wait(&self, partition: &PartitionQueue, first: &ProducerBatch) -> bool {
        let Some((id, epoch)) = self.producer else { return true };
        match first.state() {
            None => {
                partition.has_unresolved_sequence()
                    || (partition.is_stale(id, epoch) && partition.has_sequenced())
            }
            // It is sent again: only when all that precede it have their answer.
            Some(state) => partition.first_sequence().is_some_and(|s| s != state.base_sequence),
        }
    }

    /// Whether an error is to be answered with another attempt. May ask for an epoch bump.
    pub fn can_retry(
        &mut self,
        index: u16,
        partition: &PartitionQueue,
        batch: &ProducerBatch,
        error: ErrorCode,
    ) -> bool {
        match error {
            ErrorCode::UnknownProducerId if !self.is_transactional => {
                if !batch.sequence_was_reset() {
                    self.request_epoch_bump(index);
                }
                true
            }
            ErrorCode::OutOfOrderSequenceNumber => {
                let sequence = batch.state().map_or(-1, |state| state.base_sequence);
                let is_gap = if partition.has_unresolved_sequence() {
                    partition.is_next_after_unresolved(sequence)
                } else {
                    !batch.sequence_was_reset() && partition.is_next_sequence(sequence)
                };
                if is_gap {
                    self.request_epoch_bump(index);
                }
                // In a transaction a gap is the end of it.
                !is_gap || !self.is_transactional
            }
            error => error.is_retriable(),
        }
    }

    /// A batch was given up for `error`. When a broker refused it the gap it leaves is closed with
    /// a new epoch; when retries ran out nobody knows whether there is a gap.
    pub fn handle_failed_batch(&mut self, index: u16, error: ErrorCode, retries_left: bool) {
        if retries_left || error == ErrorCode::OutOfOrderSequenceNumber {
            self.request_epoch_bump(index);
        }
    }
}
