//! A segment: the part of a log that is written, deleted and cleaned as one (Kafka's
//! `LogSegment`). The batches themselves lie in the log; a segment knows how many are its own.

use super::LogConfig;
use crate::engine::Rng;
use crate::record::LoggedBatch;

/// An entry of an offset index, and one of a time index.
const OFFSET_ENTRY_BYTES: u32 = 8;
const TIME_ENTRY_BYTES: u32 = 12;

/// How full a segment's two indexes are (`OffsetIndex`, `TimeIndex`).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Indexes {
    offset_entries: u32,
    time_entries: u32,
    last_time_ms: i64,
    bytes_since_entry: u32,
}

impl Indexes {
    fn is_full(&self, config: &LogConfig) -> bool {
        let offset_room = config.segment_index_bytes / OFFSET_ENTRY_BYTES;
        // The last entry is for the moment in which the segment is rolled.
        let time_room = (config.segment_index_bytes / TIME_ENTRY_BYTES).saturating_sub(1);
        self.offset_entries >= offset_room || self.time_entries >= time_room
    }

    fn take_note(&mut self, bytes: u32, largest_timestamp_ms: i64, interval_bytes: u32) {
        if self.bytes_since_entry > interval_bytes {
            self.offset_entries += 1;
            if largest_timestamp_ms > self.last_time_ms {
                self.time_entries += 1;
                self.last_time_ms = largest_timestamp_ms;
            }
            self.bytes_since_entry = 0;
        }
        self.bytes_since_entry = self.bytes_since_entry.saturating_add(bytes);
    }
}

/// What is about to be written to a log.
#[derive(Copy, Clone, Debug)]
pub(super) struct Incoming {
    pub first_offset: i64,
    pub last_offset: i64,
    pub bytes: u32,
    pub max_timestamp_ms: i64,
}

/// A segment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Segment {
    base_offset: i64,
    batches: usize,
    bytes: u64,
    largest_timestamp_ms: Option<i64>,
    /// Greatest timestamp of its first batch: from there segment.ms counts.
    first_timestamp_ms: Option<i64>,
    created_ms: i64,
    modified_ms: i64,
    jitter_ms: i64,
    indexes: Indexes,
}

impl Segment {
    /// An empty segment.
    pub(super) fn new(base_offset: i64, now_ms: i64, jitter_ms: i64) -> Self {
        Self {
            base_offset,
            batches: 0,
            bytes: 0,
            largest_timestamp_ms: None,
            first_timestamp_ms: None,
            created_ms: now_ms,
            modified_ms: now_ms,
            jitter_ms,
            indexes: Indexes::default(),
        }
    }

    /// How much earlier than after segment.ms a new segment is rolled
    /// (`LogConfig.randomSegmentJitter`).
    pub(super) fn draw_jitter(config: &LogConfig, rng: &mut Rng) -> i64 {
        match config.segment_jitter_ms.min(config.segment_ms) {
            ..=0 => 0,
            limit => rng.between(0, limit as u64 - 1) as i64,
        }
    }

    /// Offset it begins at, and is named after.
    pub fn base_offset(&self) -> i64 {
        self.base_offset
    }

    /// Its size in bytes.
    pub fn bytes(&self) -> u64 {
        self.bytes
    }

    /// How many batches are in it.
    pub fn batches(&self) -> usize {
        self.batches
    }

    /// Greatest timestamp of its records, in ms since the Unix epoch; `None` without any.
    pub fn largest_timestamp_ms(&self) -> Option<i64> {
        self.largest_timestamp_ms
    }

    /// Greatest timestamp of its first batch.
    pub(super) fn first_timestamp_ms(&self) -> Option<i64> {
        self.first_timestamp_ms
    }

    /// What retention and compaction go by (`LogSegment.largestTimestamp`): its newest record, or
    /// without one when it was last written to.
    pub(super) fn age_from_ms(&self) -> i64 {
        self.largest_timestamp_ms.unwrap_or(self.modified_ms)
    }

    /// Takes over when `other` was last written to.
    pub(super) fn keep_modified(&mut self, other: &Self) {
        self.modified_ms = other.modified_ms;
    }

    /// Takes note of a batch at its end.
    pub(super) fn append(&mut self, batch: &LoggedBatch, now_ms: i64, index_interval_bytes: u32) {
        let (bytes, timestamp_ms) = (batch.batch.size_bytes, batch.batch.max_timestamp_ms());
        if timestamp_ms >= 0 {
            self.largest_timestamp_ms = self.largest_timestamp_ms.max(Some(timestamp_ms));
        }
        if self.batches == 0 {
            self.first_timestamp_ms = Some(timestamp_ms).filter(|&ms| ms >= 0);
        }
        let largest_ms = self.largest_timestamp_ms.unwrap_or(-1);
        self.indexes.take_note(bytes, largest_ms, index_interval_bytes);
        self.bytes += u64::from(bytes);
        self.batches += 1;
        self.modified_ms = now_ms;
    }

    /// Whether all these fit into one segment, with their indexes.
    pub(super) fn fit_together(segments: &[Self], config: &LogConfig) -> bool {
        let sum = |of: fn(&Self) -> u64| segments.iter().map(of).sum::<u64>();
        let index_limit = u64::from(config.segment_index_bytes);
        let offset_entries = sum(|segment| u64::from(segment.indexes.offset_entries));
        let time_entries = sum(|segment| u64::from(segment.indexes.time_entries));
        sum(|segment| segment.bytes) <= u64::from(config.segment_bytes)
            && offset_entries * u64::from(OFFSET_ENTRY_BYTES) <= index_limit
            && time_entries * u64::from(TIME_ENTRY_BYTES) <= index_limit
    }

    /// Only these batches are left of it.
    pub(super) fn cut_to(&mut self, batches: &[LoggedBatch], now_ms: i64, config: &LogConfig) {
        let mut cut = Self::new(self.base_offset, self.created_ms, self.jitter_ms);
        for batch in batches {
            cut.append(batch, now_ms, config.index_interval_bytes);
        }
        *self = cut;
    }

    /// Whether what comes belongs into a new segment (`LogSegment.shouldRoll`).
    pub(super) fn should_roll(&self, coming: Incoming, config: &LogConfig, now_ms: i64) -> bool {
        let is_too_large = self.bytes + u64::from(coming.bytes) > u64::from(config.segment_bytes);
        let waited_ms = match self.first_timestamp_ms {
            Some(first_ms) => coming.max_timestamp_ms.saturating_sub(first_ms),
            None => now_ms.saturating_sub(self.created_ms),
        };
        let is_old = self.bytes > 0 && waited_ms > config.max_segment_ms() - self.jitter_ms;
        // Indexes count offsets from the segment's first, in 31 bits.
        let is_far = coming.last_offset - self.base_offset > i64::from(i32::MAX);
        is_too_large || is_old || is_far || self.indexes.is_full(config)
    }
}
