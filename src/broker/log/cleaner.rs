//! Compaction: of each key only the latest record stays (Kafka's `LogCleanerManager`, `Cleaner`).
//!
//! The log up to the checkpoint is clean, what follows is dirty. A cleaning reads the keys of the
//! dirty part and writes all segments before its end anew. Offsets never change.

use std::ops::Range;
use std::sync::Arc;

use super::offset_map::{CleanedTransactions, OffsetMap};
use super::{Log, LogConfig, Segment};
use crate::record::{Batch, LoggedBatch, RecordId};

/// What there is to clean in a log (`LogToClean`).
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub struct LogToClean {
    /// Below it the log is clean.
    pub first_dirty_offset: i64,
    /// From here on it cannot be cleaned yet: what is not stable, the active segment, what is too
    /// young (`OffsetsToClean`).
    pub first_uncleanable_dirty_offset: i64,
    /// Where the segment of that begins: up to here it is cleaned.
    pub first_uncleanable_offset: i64,
    /// Bytes of the clean part.
    pub clean_bytes: u64,
    /// Bytes of the dirty part that can be cleaned.
    pub cleanable_bytes: u64,
    /// max.compaction.lag.ms is over for something in it.
    pub is_overdue: bool,
}

impl LogToClean {
    /// Whether the cleaner picks it: it is dirty enough, or has waited long enough.
    pub fn is_due(&self, config: &LogConfig) -> bool {
        let total = self.clean_bytes + self.cleanable_bytes;
        let ratio = config.min_cleanable_dirty_ratio;
        (self.is_overdue && self.cleanable_bytes > 0)
            || ratio.is_exceeded_by(self.cleanable_bytes as i64, total as i64)
    }
}

/// What a cleaning did.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Cleaned {
    /// The log is clean up to here now.
    pub end_offset: i64,
    /// Records that are gone.
    pub removed: Vec<RecordId>,
    /// Bytes before, of the part that was cleaned.
    pub bytes_before: u64,
    /// Bytes now.
    pub bytes_after: u64,
}

/// What a cleaning goes by beside the log.
struct Rules<'a> {
    config: &'a LogConfig,
    now_ms: i64,
    producer_expiration_ms: i64,
    /// End of the part that is cleaned.
    upper_bound: i64,
}

impl Log {
    /// Segments from the one that holds `from` on, below `to`, by index (`LogSegments.values`).
    fn segments_between(&self, from: i64, to: i64) -> Range<usize> {
        if to <= from {
            return 0..0;
        }
        let first = self.segments.partition_point(|s| s.base_offset() <= from).saturating_sub(1);
        first..self.segments.partition_point(|segment| segment.base_offset() < to)
    }

    /// Segments before the active one, from the one that holds `from` on.
    fn inactive_from(&self, from: i64) -> &[Segment] {
        let active_base = self.segments[self.segments.len() - 1].base_offset();
        &self.segments[self.segments_between(from, active_base)]
    }

    fn bytes_of(&self, segments: Range<usize>) -> u64 {
        self.segments[segments].iter().map(Segment::bytes).sum()
    }

    /// What there is to clean (`LogCleanerManager.cleanableOffsets`).
    pub fn to_clean(&self, now_ms: i64, high_watermark: i64, config: &LogConfig) -> LogToClean {
        let checkpoint = self.cleaner_checkpoint.unwrap_or(self.start_offset);
        let is_valid = (self.start_offset..=self.end_offset).contains(&checkpoint);
        let first_dirty_offset = if is_valid { checkpoint } else { self.start_offset };
        let mut end = self.last_stable_offset(high_watermark);
        end = end.min(self.segments[self.segments.len() - 1].base_offset());
        let dirty = self.inactive_from(first_dirty_offset);
        if config.min_compaction_lag_ms > 0 {
            let youngest_ms = now_ms.saturating_sub(config.min_compaction_lag_ms);
            let young = dirty.iter().find(|segment| segment.age_from_ms() > youngest_ms);
            end = end.min(young.map_or(i64::MAX, Segment::base_offset));
        }
        let end = end.max(first_dirty_offset);
        let uncleanable = self.inactive_from(end).first();
        let uncleanable = uncleanable.unwrap_or(&self.segments[self.segments.len() - 1]);
        let first_uncleanable_offset = uncleanable.base_offset();
        let cleanable_from = first_dirty_offset.min(first_uncleanable_offset);
        let firsts = dirty.iter().filter_map(Segment::first_timestamp_ms).filter(|&ms| ms > 0);
        let oldest_ms = firsts.min().unwrap_or(i64::MAX);
        LogToClean {
            first_dirty_offset,
            first_uncleanable_dirty_offset: end,
            first_uncleanable_offset,
            clean_bytes: self.bytes_of(self.segments_between(-1, first_dirty_offset)),
            cleanable_bytes: self
                .bytes_of(self.segments_between(cleanable_from, first_uncleanable_offset)),
            is_overdue: oldest_ms < now_ms.saturating_sub(config.max_compaction_lag_ms.max(0)),
        }
    }

    /// Cleans it (`Cleaner.doClean`).
    pub fn clean(
        &mut self,
        what: &LogToClean,
        now_ms: i64,
        producer_expiration_ms: i64,
        config: &LogConfig,
    ) -> Cleaned {
        let (start, end) = (what.first_dirty_offset, what.first_uncleanable_offset);
        let dirty = self.batches_of(self.segments_between(start, end));
        let map = OffsetMap::of(
            &self.batches[dirty],
            start,
            end,
            self.transactions.aborted_in(start, end),
        );
        let end_offset = map.last_offset() + 1;
        let rules = Rules { config, now_ms, producer_expiration_ms, upper_bound: end };
        let cleaned = self.segments_between(0, end_offset);
        let rest = self.batches_of(0..cleaned.end).end;
        let first_base = self.segments[0].base_offset();
        let aborted = self.transactions.aborted_in(first_base, end_offset);
        let mut transactions = CleanedTransactions::new(aborted);
        let mut result = Cleaned { end_offset, ..Cleaned::default() };
        result.bytes_before = self.bytes_of(cleaned.clone());
        let (mut segments, mut batches) = (Vec::new(), Vec::with_capacity(self.batches.len()));
        let mut next = 0;
        for group in self.groups(cleaned.clone(), end, config) {
            let members = &self.segments[group.clone()];
            let mut into = Segment::new(members[0].base_offset(), now_ms, 0);
            let count = members.iter().map(Segment::batches).sum::<usize>();
            for logged in &self.batches[next..next + count] {
                let kept =
                    self.filter(logged, &map, &mut transactions, &rules, &mut result.removed);
                if let Some(kept) = kept {
                    into.append(&kept, now_ms, config.index_interval_bytes);
                    batches.push(kept);
                }
            }
            next += count;
            into.keep_modified(&members[members.len() - 1]);
            segments.push(into);
        }
        batches.extend_from_slice(&self.batches[rest..]);
        segments.extend(self.segments.drain(cleaned.end..));
        self.batches = batches;
        self.segments = segments;
        self.transactions.forget_aborted(transactions.gone());
        self.cleaner_checkpoint = Some(end_offset);
        result.bytes_after = self.bytes_of(self.segments_between(0, end_offset));
        result
    }

    /// The batches of these segments, by index.
    fn batches_of(&self, segments: Range<usize>) -> Range<usize> {
        let count = |segments: &[Segment]| segments.iter().map(Segment::batches).sum::<usize>();
        let first = count(&self.segments[..segments.start]);
        first..first + count(&self.segments[segments])
    }

    /// Neighbours that fit into one segment become one (`Cleaner.groupSegmentsBySize`).
    fn groups(&self, of: Range<usize>, end: i64, config: &LogConfig) -> Vec<Range<usize>> {
        let mut groups: Vec<Range<usize>> = Vec::new();
        for index in of.clone() {
            let fits = groups.last().is_some_and(|group| {
                let all = &self.segments[group.start..=index];
                let next =
                    if index + 1 < of.end { self.segments[index + 1].base_offset() } else { end };
                let is_near = next - 1 - all[0].base_offset() <= i64::from(i32::MAX);
                (is_near || self.segments[index].bytes() == 0) && Segment::fit_together(all, config)
            });
            match groups.last_mut().filter(|_| fits) {
                Some(group) => group.end = index + 1,
                None => groups.push(index..index + 1),
            }
        }
        groups
    }

    /// What the cleaner leaves of a batch (`Cleaner.cleanInto`, `MemoryRecords.filterTo`).
    fn filter(
        &self,
        logged: &LoggedBatch,
        map: &OffsetMap,
        transactions: &mut CleanedTransactions,
        rules: &Rules<'_>,
        removed: &mut Vec<RecordId>,
    ) -> Option<LoggedBatch> {
        let batch = &*logged.batch;
        let is_control = batch.attributes.is_control;
        let horizon_ms = batch.attributes.delete_horizon_ms;
        let is_horizon_reached = horizon_ms.is_some_and(|ms| ms <= rules.now_ms);
        let discards = if is_control {
            transactions.on_control_batch(batch, logged.last_offset())
        } else {
            transactions.on_batch(batch, logged.last_offset())
        };
        let discards_records = discards && (!is_control || is_horizon_reached);
        let retains = |index: usize| {
            let record = &batch.records[index];
            let offset = logged.offset_of(index);
            let is_latest = || record.key.as_ref().is_some_and(|key| map.is_latest(key, offset));
            let is_needed = || record.value.is_some() || !is_horizon_reached;
            !discards_records
                && (is_control || offset > map.last_offset() || (is_latest() && is_needed()))
        };
        let kept: Vec<usize> = (0..batch.records.len()).filter(|&index| retains(index)).collect();
        if kept.len() < batch.records.len() && !is_control {
            let gone = (0..batch.records.len()).filter(|index| kept.binary_search(index).is_err());
            removed.extend(gone.map(|index| batch.records[index].id));
        }
        if kept.is_empty() {
            let must_stay = self.is_last_of_producer(logged, rules)
                || logged.next_offset() == rules.upper_bound;
            return must_stay.then(|| with(logged, batch.emptied()));
        }
        let has_tombstone = kept.iter().any(|&index| batch.records[index].value.is_none());
        let ends_nothing = is_control && discards;
        let sets_horizon = (has_tombstone || ends_nothing) && horizon_ms.is_none();
        if kept.len() == batch.records.len() && !sets_horizon {
            return Some(logged.clone());
        }
        let new_horizon_ms = rules.now_ms.saturating_add(rules.config.delete_retention_ms);
        let horizon_ms = if sets_horizon { Some(new_horizon_ms) } else { horizon_ms };
        Some(with(logged, batch.retaining(&kept, horizon_ms)))
    }

    /// Whether the batch is the last that its producer wrote: what it tells of epoch and sequence
    /// has to stay.
    fn is_last_of_producer(&self, logged: &LoggedBatch, rules: &Rules<'_>) -> bool {
        let batch = &*logged.batch;
        let last = self.producers.last_record(
            batch.producer_id,
            rules.now_ms,
            rules.producer_expiration_ms,
        );
        last.is_some_and(|last| match last.last_data_offset {
            Some(offset) => logged.last_offset() == offset,
            None => batch.attributes.is_control && batch.producer_epoch == last.producer_epoch,
        })
    }
}

fn with(logged: &LoggedBatch, batch: Batch) -> LoggedBatch {
    LoggedBatch { batch: Arc::new(batch), ..*logged }
}
