//! A replica's log: batches in offset order, cut into segments, with the leader epochs, producers
//! and transactions they tell of (Kafka's `UnifiedLog`). All of them change together, so truncation
//! can never leave one of them behind.

mod cleaner;
mod config;
mod offset_map;
mod producer_state;
mod retention;
mod segment;
mod transactions;

pub use crate::record::LeaderEpochCache;
pub use cleaner::{Cleaned, LogToClean};
pub use config::LogConfig;
pub use producer_state::ProducerStates;
pub use retention::{RetentionReason, Retired};
pub use segment::Segment;
pub use transactions::{AbortedTransaction, Transactions};

use std::sync::Arc;

use segment::Incoming;

use crate::engine::Rng;
use crate::protocol::ErrorCode;
use crate::record::{Batch, LoggedBatch};

/// What a read of a log gives.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LogRead {
    /// Whole batches.
    pub batches: Vec<LoggedBatch>,
    /// Bytes of the slice of the log; may count a last batch that was cut off by the limit.
    pub bytes: u32,
}

/// What writing to a log takes beside the batch.
pub struct Writing<'a> {
    /// The topic's configs.
    pub config: &'a LogConfig,
    /// The wall clock, in ms since the Unix epoch.
    pub now_ms: i64,
    /// Where segment.jitter.ms is drawn from.
    pub rng: &'a mut Rng,
}

/// What was written to a log.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub struct Written {
    /// Offset of the first record.
    pub base_offset: i64,
    /// A new segment was begun for it.
    pub is_rolled: bool,
}

/// The log of one replica.
#[derive(Clone, Debug)]
pub struct Log {
    start_offset: i64,
    end_offset: i64,
    batches: Vec<LoggedBatch>,
    /// Never empty; the last one is the active segment.
    segments: Vec<Segment>,
    epochs: LeaderEpochCache,
    producers: ProducerStates,
    transactions: Transactions,
    cleaner_checkpoint: Option<i64>,
}

impl Default for Log {
    fn default() -> Self {
        Self::starting_at(0)
    }
}

impl Log {
    /// An empty log that starts at `offset`.
    fn starting_at(offset: i64) -> Self {
        Self {
            start_offset: offset,
            end_offset: offset,
            batches: Vec::new(),
            segments: vec![Segment::new(offset, 0, 0)],
            epochs: LeaderEpochCache::default(),
            producers: ProducerStates::default(),
            transactions: Transactions::default(),
            cleaner_checkpoint: None,
        }
    }

    /// First offset (logStartOffset).
    pub fn start_offset(&self) -> i64 {
        self.start_offset
    }

    /// Next offset to be written (LEO).
    pub fn end_offset(&self) -> i64 {
        self.end_offset
    }

    /// All batches, oldest first. The first ones may lie before the log start: they go with their
    /// segment.
    pub fn batches(&self) -> &[LoggedBatch] {
        &self.batches
    }

    /// The segments, oldest first; the last one is written to.
    pub fn segments(&self) -> &[Segment] {
        &self.segments
    }

    /// Its size in bytes.
    pub fn size_bytes(&self) -> u64 {
        self.segments.iter().map(Segment::bytes).sum()
    }

    /// The leader epochs of the log.
    pub fn epochs(&self) -> &LeaderEpochCache {
        &self.epochs
    }

    /// The idempotent producers of the log.
    pub fn producers(&self) -> &ProducerStates {
        &self.producers
    }

    /// Its transactions.
    pub fn transactions(&self) -> &Transactions {
        &self.transactions
    }

    /// Whether the producer has an open transaction in this epoch (`hasOngoingTransaction`).
    pub fn has_ongoing_transaction(&self, producer_id: i64, epoch: i16) -> bool {
        self.transactions.is_open(producer_id) && self.producers.epoch(producer_id) == Some(epoch)
    }

    /// Up to where the cleaner has come (cleaner-offset-checkpoint).
    pub fn cleaner_checkpoint(&self) -> Option<i64> {
        self.cleaner_checkpoint
    }

    /// Below it everything is decided: committed, aborted, or never part of a transaction.
    pub fn last_stable_offset(&self, high_watermark: i64) -> i64 {
        let unstable = self.transactions.first_unstable_offset(high_watermark);
        let unstable = unstable.map(|offset| offset.max(self.start_offset));
        unstable.map_or(high_watermark, |offset| offset.min(high_watermark))
    }

    /// Producer ids and first offsets of the aborted transactions that reach into `[from, to)`.
    pub fn aborted_transactions(&self, from: i64, to: i64) -> Vec<(i64, i64)> {
        let aborted = self.transactions.aborted_in(from, to).into_iter();
        aborted.map(|aborted| (aborted.producer_id, aborted.first_offset)).collect()
    }

    /// The high watermark has moved: markers below it are safe.
    pub fn on_high_watermark(&mut self, high_watermark: i64) {
        self.transactions.on_high_watermark(high_watermark);
    }

    /// Where the latest epoch not above `epoch` ends, see [`LeaderEpochCache::end_offset_for`].
    pub fn end_offset_for_epoch(&self, epoch: i32) -> Option<(i32, i64)> {
        self.epochs.end_offset_for(epoch, self.end_offset)
    }

    /// A new leader epoch begins at the log end.
    pub fn begin_epoch(&mut self, epoch: i32) {
        self.epochs.assign(epoch, self.end_offset);
    }

    /// Whether a batch could be in a segment at all.
    ///
    /// # Errors
    /// Kafka's `RecordBatchTooLargeException`.
    pub fn check_segment_size(bytes: u32, config: &LogConfig) -> Result<(), ErrorCode> {
        if bytes > config.segment_bytes { Err(ErrorCode::RecordListTooLarge) } else { Ok(()) }
    }

    /// The leader appends.
    pub fn append(&mut self, batch: Arc<Batch>, epoch: i32, mut writing: Writing<'_>) -> Written {
        let base_offset = self.end_offset;
        let batch = LoggedBatch { base_offset, leader_epoch: epoch, batch };
        let is_rolled = self.maybe_roll(std::slice::from_ref(&batch), &mut writing);
        self.push(batch, &writing);
        Written { base_offset, is_rolled }
    }

    /// A follower appends what its leader sent, all of it at once: it goes to one segment. `None`
    /// when it does not continue the log; compaction may have left gaps in it.
    pub fn append_as_follower(
        &mut self,
        batches: Vec<LoggedBatch>,
        mut writing: Writing<'_>,
    ) -> Option<Written> {
        let base_offset = batches.first()?.base_offset;
        if base_offset < self.end_offset {
            return None;
        }
        let is_rolled = self.maybe_roll(&batches, &mut writing);
        for batch in batches {
            self.push(batch, &writing);
        }
        Some(Written { base_offset, is_rolled })
    }

    fn active(&mut self) -> &mut Segment {
        let last = self.segments.len() - 1;
        &mut self.segments[last]
    }

    /// Begins a new segment if what comes does not belong into the active one.
    fn maybe_roll(&mut self, coming: &[LoggedBatch], writing: &mut Writing<'_>) -> bool {
        let (Some(first), Some(last)) = (coming.first(), coming.last()) else { return false };
        let timestamps = coming.iter().map(|batch| batch.batch.max_timestamp_ms());
        let coming = Incoming {
            first_offset: first.base_offset,
            last_offset: last.last_offset(),
            bytes: coming.iter().map(|batch| batch.batch.size_bytes).sum(),
            max_timestamp_ms: timestamps.max().unwrap_or(-1),
        };
        let Writing { config, now_ms, .. } = *writing;
        let rolls = self.active().should_roll(coming, config, now_ms);
        if rolls {
            self.roll(coming.first_offset, writing);
        }
        rolls
    }

    /// Begins a new segment, at the log end or after a gap. An empty one begins anew.
    pub fn roll(&mut self, expected_offset: i64, writing: &mut Writing<'_>) {
        let jitter_ms = Segment::draw_jitter(writing.config, writing.rng);
        self.roll_with(expected_offset, writing.now_ms, jitter_ms);
    }

    fn roll_with(&mut self, expected_offset: i64, now_ms: i64, jitter_ms: i64) {
        let base_offset = expected_offset.max(self.end_offset);
        if self.active().base_offset() == base_offset {
            self.segments.pop();
        }
        self.segments.push(Segment::new(base_offset, now_ms, jitter_ms));
    }

    fn push(&mut self, batch: LoggedBatch, writing: &Writing<'_>) {
        debug_assert!(
            self.batches.last().is_none_or(|last| last.leader_epoch <= batch.leader_epoch),
            "leader epochs never fall within a log"
        );
        self.epochs.assign(batch.leader_epoch, batch.base_offset);
        self.learn(&batch);
        self.end_offset = batch.next_offset();
        let interval_bytes = writing.config.index_interval_bytes;
        self.active().append(&batch, writing.now_ms, interval_bytes);
        self.batches.push(batch);
    }

    /// What a batch tells of its producer.
    fn learn(&mut self, logged: &LoggedBatch) {
        self.producers.update(logged);
        self.follow_transaction(logged);
    }

    fn follow_transaction(&mut self, logged: &LoggedBatch) {
        let batch = &*logged.batch;
        if !batch.attributes.is_transactional {
            return;
        }
        if !batch.attributes.is_control {
            self.transactions.write(batch.producer_id, logged.base_offset);
        } else if let Some(is_commit) = batch.end_of_transaction() {
            self.transactions.end(batch.producer_id, logged.last_offset(), is_commit);
        }
    }

    /// Index of the batch that holds `offset`, or of the first one after it.
    fn position(&self, offset: i64) -> usize {
        // Nearly every read is at the tail.
        if self.batches.last().is_none_or(|last| last.next_offset() <= offset) {
            return self.batches.len();
        }
        self.batches.partition_point(|batch| batch.next_offset() <= offset)
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
        self.batches[self.position(self.start_offset)..].iter().find_map(|batch| {
            let records = batch.batch.records.iter().enumerate();
            let mut reached = records
                .filter(|(_, record)| batch.batch.timestamp_of(record) >= timestamp_ms)
                .map(|(index, _)| batch.offset_of(index));
            reached.find(|&offset| offset >= self.start_offset)
        })
    }

    /// Cuts the log so that `offset` is its end; returns the end before when anything was cut. A log
    /// that begins later begins there, too (`UnifiedLog.truncateTo`).
    pub fn truncate_to(&mut self, offset: i64, now_ms: i64, config: &LogConfig) -> Option<i64> {
        // The epoch may have been opened by a leader that then appended nothing to it.
        self.epochs.truncate_from_end(offset);
        let end_before = self.end_offset;
        if offset >= end_before {
            return None;
        }
        if offset < self.segments[0].base_offset() {
            return Some(self.truncate_fully_and_start_at(offset));
        }
        let keep = self.position(offset);
        let cut_within = self.batches.get(keep).filter(|batch| batch.base_offset < offset);
        self.end_offset = cut_within.map_or(offset, |batch| batch.base_offset);
        self.start_offset = self.start_offset.min(self.end_offset);
        let rebuild = self.batches[keep..].iter().any(|batch| batch.batch.producer_id >= 0);
        self.batches.truncate(keep);
        while self.segments.len() > 1 && self.active().base_offset() > self.end_offset {
            self.segments.pop();
        }
        let (active, before) = self.segments.split_last_mut().expect("never empty");
        let begins = before.iter().map(Segment::batches).sum::<usize>();
        active.cut_to(&self.batches[begins..], now_ms, config);
        let active_base = active.base_offset();
        self.cleaner_checkpoint = self.cleaner_checkpoint.map(|offset| offset.min(active_base));
        if rebuild {
            self.producers.rebuild(&self.batches, self.end_offset);
            self.rebuild_transactions();
        }
        Some(end_before)
    }

    /// Reads anew which transactions are open or decided: the high watermark of a process that starts
    /// may lie below markers that it had passed before.
    pub fn rebuild_transactions(&mut self) {
        self.transactions.truncate_to(self.end_offset);
        let aborted = self.transactions.aborted().to_vec();
        let batches = std::mem::take(&mut self.batches);
        batches.iter().for_each(|batch| self.follow_transaction(batch));
        self.batches = batches;
        self.transactions.set_aborted(aborted);
    }

    /// Throws everything away and starts at `offset`; returns the end before.
    pub fn truncate_fully_and_start_at(&mut self, offset: i64) -> i64 {
        let end_before = self.end_offset;
        *self = Self::starting_at(offset);
        end_before
    }

    /// The log begins at `offset` now, as DeleteRecords or the leader has it; older segments go at
    /// the next look (`maybeIncrementLogStartOffset`). Whether that is news.
    pub fn raise_start_offset(&mut self, offset: i64) -> bool {
        let rises = offset > self.start_offset && offset <= self.end_offset;
        if rises {
            self.start_offset = offset;
            self.epochs.truncate_from_start(offset);
        }
        rises
    }
}

#[cfg(test)]
pub(super) mod tests;
