//! A replica's log: batches in offset order, with the leader epochs and the producers they tell
//! of. The three always change together, so truncation can never leave one of them behind.

mod epoch_cache;
mod producer_state;

pub use epoch_cache::LeaderEpochCache;
pub use producer_state::ProducerStates;

use std::sync::Arc;

use crate::record::{Batch, LoggedBatch};

/// What a read of a log gives.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LogRead {
    /// Whole batches.
    pub batches: Vec<LoggedBatch>,
    /// Bytes of the slice of the log; may count a last batch that was cut off by the limit.
    pub bytes: u32,
}

/// The log of one replica.
#[derive(Clone, Debug, Default)]
pub struct Log {
    start_offset: i64,
    end_offset: i64,
    batches: Vec<LoggedBatch>,
    epochs: LeaderEpochCache,
    producers: ProducerStates,
}

impl Log {
    /// First offset (logStartOffset).
    pub fn start_offset(&self) -> i64 {
        self.start_offset
    }

    /// Next offset to be written (LEO).
    pub fn end_offset(&self) -> i64 {
        self.end_offset
    }

    /// All batches, oldest first.
    pub fn batches(&self) -> &[LoggedBatch] {
        &self.batches
    }

    /// The leader epochs of the log.
    pub fn epochs(&self) -> &LeaderEpochCache {
        &self.epochs
    }

    /// The idempotent producers of the log.
    pub fn producers(&self) -> &ProducerStates {
        &self.producers
    }

    /// Where the latest epoch not above `epoch` ends, see [`LeaderEpochCache::end_offset_for`].
    pub fn end_offset_for_epoch(&self, epoch: i32) -> Option<(i32, i64)> {
        self.epochs.end_offset_for(epoch, self.end_offset)
    }

    /// A new leader epoch begins at the log end.
    pub fn begin_epoch(&mut self, epoch: i32) {
        self.epochs.assign(epoch, self.end_offset);
    }

    /// The leader appends; returns the offset of the batch's first record.
    pub fn append(&mut self, batch: Arc<Batch>, leader_epoch: i32) -> i64 {
        let base_offset = self.end_offset;
        self.push(LoggedBatch { base_offset, leader_epoch, batch });
        base_offset
    }

    /// A follower appends what its leader sent. Returns false for a batch that does not continue
    /// the log.
    pub fn append_as_follower(&mut self, batch: LoggedBatch) -> bool {
        let continues = batch.base_offset == self.end_offset;
        if continues {
            self.push(batch);
        }
        continues
    }

    fn push(&mut self, batch: LoggedBatch) {
        debug_assert!(!batch.batch.records.is_empty(), "an empty batch");
        debug_assert!(
            self.batches.last().is_none_or(|last| last.leader_epoch <= batch.leader_epoch),
            "leader epochs never fall within a log"
        );
        self.epochs.assign(batch.leader_epoch, batch.base_offset);
        self.producers.update(&batch);
        self.end_offset = batch.next_offset();
        self.batches.push(batch);
    }

    /// Index of the batch that holds `offset`, or of the first one after it.
    fn position(&self, offset: i64) -> usize {
        // Nearly every read is at the tail.
        if self.batches.last().is_none_or(|last| last.next_offset() <= offset) {
            return self.batches.len();
        }
        let after = self.batches.partition_point(|batch| batch.base_offset <= offset);
        let before = after.saturating_sub(1);
        if self.batches[before].next_offset() > offset { before } else { after }
    }

    /// Reads the batches from the one that holds `from` on, below `up_to`, as far as `max_bytes`
    /// goes; with `at_least_one` the first batch comes whatever its size.
    pub fn read(&self, from: i64, up_to: i64, max_bytes: u32, at_least_one: bool) -> LogRead {
        let mut read = LogRead::default();
        let mut limit = max_bytes;
        for batch in &self.batches[self.position(from)..] {
            if batch.next_offset() > up_to {
                break;
            }
            let size = batch.batch.size_bytes;
            if read.batches.is_empty() && at_least_one {
                limit = limit.max(size);
            }
            if read.bytes.saturating_add(size) > limit {
                read.bytes = limit;
                break;
            }
            read.bytes += size;
            read.batches.push(batch.clone());
        }
        read
    }

    /// Bytes from the batch that holds `from` on, below `up_to`; counted no further than `enough`.
    pub fn bytes_between(&self, from: i64, up_to: i64, enough: u32) -> u32 {
        let mut bytes: u32 = 0;
        for batch in &self.batches[self.position(from)..] {
            if bytes >= enough || batch.next_offset() > up_to {
                break;
            }
            bytes = bytes.saturating_add(batch.batch.size_bytes);
        }
        bytes.min(enough)
    }

    /// Offset of the first record with a timestamp of at least `timestamp_ms`.
    pub fn offset_for_timestamp(&self, timestamp_ms: i64) -> Option<i64> {
        self.batches.iter().find_map(|batch| {
            let is_reached = |record| batch.batch.timestamp_of(record) >= timestamp_ms;
            let delta = batch.batch.records.iter().position(is_reached)?;
            Some(batch.base_offset + delta as i64)
        })
    }

    /// Cuts the log so that `offset` is its end; returns the end before when anything was cut.
    pub fn truncate_to(&mut self, offset: i64) -> Option<i64> {
        // The epoch may have been opened by a leader that then appended nothing to it.
        self.epochs.truncate_from_end(offset);
        let end_before = self.end_offset;
        if offset >= end_before {
            return None;
        }
        let keep = self.position(offset.max(self.start_offset));
        let rebuild = self.batches[keep..].iter().any(|batch| batch.batch.producer_id >= 0);
        self.batches.truncate(keep);
        self.end_offset = self.batches.last().map_or(self.start_offset, LoggedBatch::next_offset);
        if rebuild {
            self.producers = ProducerStates::of(&self.batches);
        }
        Some(end_before)
    }

    /// Throws everything away and starts at `offset`; returns the end before.
    pub fn truncate_fully_and_start_at(&mut self, offset: i64) -> i64 {
        let end_before = self.end_offset;
        *self = Self { start_offset: offset, end_offset: offset, ..Self::default() };
        end_before
    }

    /// The leader's log begins at `offset`: older batches go.
    pub fn raise_start_offset(&mut self, offset: i64) {
        if offset <= self.start_offset || offset > self.end_offset {
            return;
        }
        self.start_offset = offset;
        let first = self.position(offset);
        self.batches.drain(..first);
        self.epochs.truncate_from_start(offset);
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::producer_state::Duplicate;
    use super::*;
    use crate::record::{BatchId, Record, RecordId};

    /// A batch of `count` records without a producer id; 100 bytes a record.
    pub fn batch(count: usize) -> Arc<Batch> {
        idempotent(count, -1, -1, -1)
    }

    /// A batch of an idempotent producer.
    pub fn idempotent(count: usize, id: i64, epoch: i16, sequence: i32) -> Arc<Batch> {
        let records = (0..count)
            .map(|i| Record {
                id: RecordId(i as u64),
                timestamp_ms: 1000 + i as i64,
                key: None,
                value: None,
                headers: None,
            })
            .collect();
        Arc::new(Batch {
            producer_id: id,
            producer_epoch: epoch,
            base_sequence: sequence,
            size_bytes: 100 * count as u32,
            ..Batch::plain(BatchId(0), records)
        })
    }

    #[test]
    fn reads_whole_batches_within_the_limit_but_always_a_first_one() {
        let mut log = Log::default();
        for count in [3, 2, 1] {
            log.append(batch(count), 0);
        }
        assert_eq!(log.end_offset(), 6);
        let offsets = |read: LogRead| {
            (read.batches.iter().map(|b| b.base_offset).collect::<Vec<_>>(), read.bytes)
        };
        assert_eq!(offsets(log.read(1, 6, 1000, false)), (vec![0, 3, 5], 600));
        assert_eq!(offsets(log.read(3, 6, 250, false)), (vec![3], 250), "the slice was cut");
        assert_eq!(offsets(log.read(0, 6, 10, true)), (vec![0], 300));
        assert_eq!(offsets(log.read(0, 6, 10, false)), (vec![], 10));
        assert_eq!(offsets(log.read(3, 5, 1000, false)), (vec![3], 200), "bound");
        assert_eq!(offsets(log.read(6, 6, 1000, true)), (vec![], 0));
        assert_eq!(log.bytes_between(4, 6, 10_000), 300);
        assert_eq!(log.bytes_between(4, 6, 1), 1);
        assert_eq!(log.bytes_between(6, 6, 1), 0);
    }

    #[test]
    fn truncation_takes_epochs_and_producers_along() {
        let mut log = Log::default();
        log.append(idempotent(2, 7, 0, 0), 1);
        log.append(idempotent(2, 7, 0, 2), 3);
        log.begin_epoch(4);
        assert_eq!(log.epochs().latest(), Some(4));
        assert_eq!(log.truncate_to(4), None);
        assert_eq!(log.epochs().latest(), Some(3), "an epoch without records vanishes");
        assert_eq!(log.truncate_to(2), Some(4));
        assert_eq!((log.end_offset(), log.epochs().latest()), (2, Some(1)));
        let duplicate = log.producers().check(&idempotent(2, 7, 0, 0), 0, i64::MAX);
        assert_eq!(duplicate, Ok(Some(Duplicate { base_offset: 0, last_offset: 1 })));
        assert_eq!(log.producers().check(&idempotent(2, 7, 0, 2), 0, i64::MAX), Ok(None));
    }

    #[test]
    fn a_follower_only_continues_its_log() {
        let mut log = Log::default();
        let at = |base_offset| LoggedBatch { base_offset, leader_epoch: 0, batch: batch(1) };
        assert!(log.append_as_follower(at(0)));
        assert!(!log.append_as_follower(at(0)));
        assert!(!log.append_as_follower(at(2)));
        assert_eq!(log.end_offset(), 1);
    }

    #[test]
    fn the_start_may_rise() {
        let mut log = Log::default();
        log.append(batch(2), 0);
        log.append(batch(2), 1);
        log.raise_start_offset(2);
        assert_eq!((log.start_offset(), log.batches().len()), (2, 1));
        assert_eq!(log.offset_for_timestamp(1001), Some(3));
        assert_eq!(log.truncate_fully_and_start_at(9), 4);
        assert_eq!((log.start_offset(), log.end_offset()), (9, 9));
    }
}
