//! What becomes of a batch: acknowledged, to be sent again, cut in pieces, given up.

use crate::engine::Micros;
use crate::protocol::ErrorCode;
use crate::record::BatchId;

use super::{ProducerBatch, RecordAccumulator, Source};

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
        let pieces = batch.split(self.batch_size, || source.next_batch_id());
        let count = pieces.len();
        for piece in pieces.into_iter().rev() {
            self.put_back(partition, piece);
        }
        count
    }

    /// Gives up queued batches, oldest first, and batches in flight that are older than
    /// delivery.timeout.ms. The latter keep their memory until their answer comes; here goes a
    /// copy. Returns when the next one will be as old.
    pub fn expire(
        &mut self,
        now: Micros,
        expired: &mut Vec<(u16, ProducerBatch)>,
    ) -> Option<Micros> {
        let timeout_us = self.delivery_timeout_us;
        let is_over = |batch: &ProducerBatch| batch.has_reached_delivery_timeout(timeout_us, now);
        let mut next_us: Option<Micros> = None;
        for (index, partition) in self.partitions.iter_mut().enumerate() {
            while let Some(batch) = partition.queue.pop_front_if(|batch| is_over(batch)) {
                self.pool.deallocate(batch.pooled_bytes());
                expired.push((index as u16, batch));
            }
            let on_the_wire = partition.in_flight.iter_mut().filter(|batch| !batch.is_done());
            let mut oldest_us = partition.queue.front().map(ProducerBatch::created_us);
            for batch in on_the_wire {
                if is_over(batch) {
                    batch.mark_done();
                    expired.push((index as u16, batch.clone()));
                } else {
                    oldest_us =
                        Some(oldest_us.map_or(batch.created_us(), |us| us.min(batch.created_us())));
                    break;
                }
            }
            if let Some(us) = oldest_us {
                let at_us = us + timeout_us;
                next_us = Some(next_us.map_or(at_us, |next| next.min(at_us)));
            }
        }
        if self.idempotence.is_some() {
            for (index, batch) in expired.iter().filter(|(_, batch)| batch.in_retry()) {
                self.partitions[usize::from(*index)].mark_unresolved(batch);
            }
        }
        next_us
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
