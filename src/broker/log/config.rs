//! The topic configs that a log works with (Kafka's `LogConfig`).

use crate::config::{CleanupPolicy, Ratio, TopicConfig};

/// What a log goes by.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub struct LogConfig {
    /// cleanup.policy
    pub cleanup_policy: CleanupPolicy,
    /// segment.bytes, or internal.segment.bytes
    pub segment_bytes: u32,
    /// segment.ms
    pub segment_ms: i64,
    /// segment.jitter.ms
    pub segment_jitter_ms: i64,
    /// segment.index.bytes
    pub segment_index_bytes: u32,
    /// index.interval.bytes
    pub index_interval_bytes: u32,
    /// retention.ms; -1 is for ever.
    pub retention_ms: i64,
    /// retention.bytes; -1 is without limit.
    pub retention_bytes: i64,
    /// min.cleanable.dirty.ratio
    pub min_cleanable_dirty_ratio: Ratio,
    /// min.compaction.lag.ms
    pub min_compaction_lag_ms: i64,
    /// max.compaction.lag.ms
    pub max_compaction_lag_ms: i64,
    /// delete.retention.ms
    pub delete_retention_ms: i64,
}

impl LogConfig {
    /// What of a topic's configs its logs go by.
    pub fn of(topic: &TopicConfig) -> Self {
        let bytes = |n: i32| n.max(0) as u32;
        Self {
            cleanup_policy: topic.cleanup_policy,
            segment_bytes: bytes(topic.internal_segment_bytes.unwrap_or(topic.segment_bytes)),
            segment_ms: topic.segment_ms,
            segment_jitter_ms: topic.segment_jitter_ms,
            segment_index_bytes: bytes(topic.segment_index_bytes),
            index_interval_bytes: bytes(topic.index_interval_bytes),
            retention_ms: topic.retention_ms,
            retention_bytes: topic.retention_bytes,
            min_cleanable_dirty_ratio: topic.min_cleanable_dirty_ratio,
            min_compaction_lag_ms: topic.min_compaction_lag_ms,
            max_compaction_lag_ms: topic.max_compaction_lag_ms,
            delete_retention_ms: topic.delete_retention_ms,
        }
    }

    /// How long a segment is written to (`LogConfig.maxSegmentMs`): a compacted one not so long
    /// that its records would come to the cleaner too late.
    pub fn max_segment_ms(&self) -> i64 {
        if self.cleanup_policy.compact && self.max_compaction_lag_ms > 0 {
            self.max_compaction_lag_ms.min(self.segment_ms)
        } else {
            self.segment_ms
        }
    }
}
