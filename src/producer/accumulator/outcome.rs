//! What becomes of a batch: acknowledged, to be sent again, cut in pieces, given up.

use crate::engine::Micros;
use crate::protocol::ErrorCode;
use crate::record::BatchId;

use super::{ProducerBatch, RecordAccumulator, Source};

fn keep_earlier(earliest: &mut Option<Micros>, at_us: Micros) {
    *earliest = Some(earliest.map_or(at_us, |us| us.min(at_us)));
}

impl RecordAccumulator {
    /// An answer for a batch has come: takes it out of flight. `None`: nobody knows the batch.
    pub fn take_in_flight(&mut self, partition: u16, id: BatchId) -> Option<ProducerBatch> {
        self.partitions.get_mut(usize::from(partition))?.take_in_flight(id)
    }

    /// The memory of a batch is free again.
    pub fn deallocate(&mut self, batch: &ProducerBatch) {
        self.pool.deallocate(batch.pooled_bytes());
    }

    /// The broker has the batch.
    pub fn complete(&mut self, partition: u16, batch: &ProducerBatch) {
        if self.idempotence.is_some() && batch.state().is_some() {
            self.partitions[usize::from(partition)].acknowledge(batch);
        }
        self.deallocate(batch);
    }

    /// A broker refused the batch for good.
    pub fn fail(
        &mut self,
        partition: u16,
        batch: &ProducerBatch,
        error: ErrorCode,
        retries_left: bool,
    ) {
        if let Some(idempotence) = &mut self.idempotence {
            idempotence.handle_failed_batch(partition, error, retries_left);
        }
        self.deallocate(batch);
    }

    /// Whether `error` lets the batch be tried again.
    pub fn can_retry(&mut self, partition: u16, batch: &ProducerBatch, error: ErrorCode) -> bool {
        match &mut self.idempotence {
            Some(idempotence) => {
                let queue = &self.partitions[usize::from(partition)];
                idempotence.can_retry(partition, queue, batch, error)
            }
            None => error.is_retriable(),
        }
    }

    /// Puts a batch back: to the front, or where its sequence belongs.
    pub fn reenqueue(
        &mut self,
        now: Micros,
        partition: u16,
        mut batch: ProducerBatch,
        backoff_us: Micros,
    ) {
        batch.reenqueued(now, backoff_us);
        self.put_back(partition, batch);
    }

    fn put_back(&mut self, partition: u16, batch: ProducerBatch) {
        let queue = &mut self.partitions[usize::from(partition)];
        if self.idempotence.is_some() {
            queue.insert_in_sequence_order(batch);
        } else {
            queue.queue.push_front(batch);
        }
    }

    /// Cuts a batch that was too large for the broker and puts the pieces back. Returns how many.
    pub fn split_and_reenqueue(
        &mut self,
        partition: u16,
        batch: ProducerBatch,
        source: &mut impl Source,
    ) -> usize {
        self.deallocate(&batch);
        self.compression_estimator.reset(batch.compression_ratio());
        let pieces = batch.split(self.batch_size, self.compression(), || source.next_batch_id());
        let count = pieces.len();
        for piece in pieces.into_iter().rev() {
            self.put_back(partition, piece);
        }
        count
    }

    /// Gives up queued batches that are older than delivery.timeout.ms; their memory is the
    /// caller's to free. Returns when the next one will be.
    pub fn expire_queued(
        &mut self,
        now: Micros,
        expired: &mut Vec<(u16, ProducerBatch)>,
    ) -> Option<Micros> {
        let timeout_us = self.delivery_timeout_us;
        let mut next_us = None;
        for (index, partition) in self.partitions.iter_mut().enumerate() {
            while let Some(head) = partition.queue.front() {
                if !head.has_reached_delivery_timeout(timeout_us, now) {
                    keep_earlier(&mut next_us, head.created_us() + timeout_us);
                    break;
                }
                let Some(batch) = partition.queue.pop_front() else { break };
                if self.idempotence.is_some() && batch.in_retry() {
                    partition.mark_unresolved(&batch);
                }
                expired.push((index as u16, batch));
            }
        }
        next_us
    }

    /// The same for batches in flight. They may yet reach the log, and hold their memory until
    /// their answer comes; `expired` gets copies.
    pub fn expire_in_flight(
        &mut self,
        now: Micros,
        expired: &mut Vec<(u16, ProducerBatch)>,
    ) -> Option<Micros> {
        let timeout_us = self.delivery_timeout_us;
        let mut next_us = None;
        for (index, partition) in self.partitions.iter_mut().enumerate() {
            for at in 0..partition.in_flight.len() {
                let batch = &mut partition.in_flight[at];
                if batch.is_done() {
                    continue;
                }
                if !batch.has_reached_delivery_timeout(timeout_us, now) {
                    keep_earlier(&mut next_us, batch.created_us() + timeout_us);
                    break;
                }
                batch.mark_done();
                let copy = batch.clone();
                if self.idempotence.is_some() && copy.in_retry() {
                    partition.mark_unresolved(&copy);
                }
                expired.push((index as u16, copy));
            }
        }
        next_us
    }

    /// What was never drained (`abortUndrainedBatches`).
    pub fn abort_undrained(&mut self) -> Vec<(u16, ProducerBatch)> {
        let mut aborted = Vec::new();
        for (index, partition) in self.partitions.iter_mut().enumerate() {
            let (kept, dropped): (Vec<_>, Vec<_>) =
                partition.queue.drain(..).partition(|batch| batch.state().is_some());
            partition.queue.extend(kept);
            for batch in dropped {
                self.pool.deallocate(batch.pooled_bytes());
                aborted.push((index as u16, batch));
            }
        }
        aborted
    }

    /// Everything without a final answer, in flight or queued.
    pub fn abandon(&mut self) -> Vec<(u16, ProducerBatch)> {
        let mut abandoned = Vec::new();
        for (index, partition) in self.partitions.iter_mut().enumerate() {
            let batches = partition.in_flight.drain(..).chain(partition.queue.drain(..));
            for batch in batches {
                self.pool.deallocate(batch.pooled_bytes());
                if !batch.is_done() {
                    abandoned.push((index as u16, batch));
                }
            }
        }
        abandoned
    }
}
