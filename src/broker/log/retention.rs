//! Which segments a log gives up, and when (Kafka's `UnifiedLog.deleteOldSegments`).
//!
//! Segments go from the oldest on and stop at the first one that is to stay; nothing goes that a
//! consumer could not have read yet. The active segment can go as well: an empty one follows it.

use super::{Log, LogConfig, Segment};

/// Why segments were given up.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub enum RetentionReason {
    /// They lay before the log start: DeleteRecords, or the leader's log start.
    LogStart,
    /// retention.bytes
    Size,
    /// retention.ms
    Time,
}

/// Segments that a log gave up.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub struct Retired {
    /// Why.
    pub reason: RetentionReason,
    /// How many (`deleteOldSegments` counts them so).
    pub segments: usize,
    /// Log start before.
    pub from: i64,
    /// Log start now.
    pub to: i64,
}

impl Log {
    /// Gives up the segments that retention wants gone.
    pub fn delete_old_segments(
        &mut self,
        now_ms: i64,
        high_watermark: i64,
        config: &LogConfig,
    ) -> Vec<Retired> {
        let policy = config.cleanup_policy;
        let mut retired = Vec::new();
        if !policy.delete && !policy.compact {
            return retired;
        }
        let log_start = self.start_offset;
        let is_before_start = |_: &Segment, next: Option<&Segment>| {
            next.is_some_and(|next| next.base_offset() <= log_start)
        };
        retired.extend(self.retire(
            RetentionReason::LogStart,
            high_watermark,
            now_ms,
            is_before_start,
        ));
        if !policy.delete {
            return retired;
        }
        let limit = u64::try_from(config.retention_bytes).ok();
        if let Some(mut excess) = limit.and_then(|limit| self.size_bytes().checked_sub(limit)) {
            let is_excess = |segment: &Segment, _: Option<&Segment>| {
                let rest = excess.checked_sub(segment.bytes());
                excess = rest.unwrap_or(excess);
                rest.is_some()
            };
            retired.extend(self.retire(RetentionReason::Size, high_watermark, now_ms, is_excess));
        }
        if config.retention_ms >= 0 {
            let is_old = |segment: &Segment, _: Option<&Segment>| {
                now_ms.saturating_sub(segment.age_from_ms()) > config.retention_ms
            };
            retired.extend(self.retire(RetentionReason::Time, high_watermark, now_ms, is_old));
        }
        retired
    }

    fn retire(
        &mut self,
        reason: RetentionReason,
        high_watermark: i64,
        now_ms: i64,
        mut wants: impl FnMut(&Segment, Option<&Segment>) -> bool,
    ) -> Option<Retired> {
        let mut count = 0;
        while let Some(segment) = self.segments.get(count) {
            let next = self.segments.get(count + 1);
            let ends_at = next.map_or(self.end_offset, Segment::base_offset);
            let is_last_and_empty = next.is_none() && segment.bytes() == 0;
            if is_last_and_empty || high_watermark < ends_at || !wants(segment, next) {
                break;
            }
            count += 1;
        }
        if count == 0 {
            return None;
        }
        if count == self.segments.len() {
            self.roll_with(self.end_offset, now_ms, 0);
        }
        let batches: usize = self.segments.drain(..count).map(|segment| segment.batches()).sum();
        self.batches.drain(..batches);
        let from = self.start_offset;
        self.raise_start_offset(self.segments[0].base_offset());
        Some(Retired { reason, segments: count, from, to: self.start_offset })
    }
}
