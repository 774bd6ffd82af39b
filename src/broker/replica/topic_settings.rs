//! The topic configs that a partition acts on, ready for the hot path.

use std::sync::Arc;

use super::FlushRules;
use crate::broker::log::{Log, LogConfig};
use crate::config::{BrokerConfig, TimestampType, TopicCompression, TopicConfig, broker_synonyms};
use crate::metadata::MetadataImage;
use crate::protocol::{ErrorCode, TopicId, is_internal_topic};
use crate::record::Batch;

/// What of its topic's config a partition needs.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub struct TopicSettings {
    /// Internal topics take no client's records.
    pub internal: bool,
    /// min.insync.replicas
    pub min_insync_replicas: i32,
    /// What its logs go by.
    pub log: LogConfig,
    max_message_bytes: i32,
    compression: TopicCompression,
    timestamp_type: TimestampType,
    timestamp_before_max_ms: i64,
    timestamp_after_max_ms: i64,
    /// When the log is flushed.
    pub flush: FlushRules,
}

impl TopicSettings {
    /// Settings of `topic`: its own configs, over the dynamic ones of all brokers, over this
    /// broker's.
    pub fn of(image: &MetadataImage, topic: TopicId, broker: &BrokerConfig) -> Option<Self> {
        let topic = image.topic(topic)?;
        let mut properties = topic.config.clone();
        for (name, value) in image.broker_config().iter() {
            for key in TopicConfig::FIELDS {
                if broker_synonyms(key).contains(&name) && !properties.is_explicit(key) {
                    properties.set(*key, value);
                }
            }
        }
        // The controller refuses invalid configs; should one come through, the topic's own are void.
        let config = TopicConfig::from_properties(&properties, broker)
            .or_else(|_| TopicConfig::from_properties(&Default::default(), broker))
            .ok()?;
        Some(Self {
            internal: is_internal_topic(&topic.name),
            min_insync_replicas: config.min_insync_replicas,
            max_message_bytes: config.max_message_bytes,
            log: LogConfig::of(&config),
            compression: config.compression_type,
            timestamp_type: config.message_timestamp_type,
            timestamp_before_max_ms: config.message_timestamp_before_max_ms,
            timestamp_after_max_ms: config.message_timestamp_after_max_ms,
            flush: FlushRules {
                messages: config.flush_messages,
                interval_us: (config.flush_ms.max(0) as u64).saturating_mul(1000),
            },
        })
    }

    /// Whether a batch is within max.message.bytes.
    pub fn validate_size(&self, batch: &Batch) -> Result<(), ErrorCode> {
        let fits = i64::from(batch.size_bytes) <= i64::from(self.max_message_bytes);
        if fits { Ok(()) } else { Err(ErrorCode::MessageTooLarge) }
    }

    /// Whether the log takes a client's batch (`LogValidator` and `UnifiedLog`).
    pub fn validate(&self, batch: &Batch, now_ms: i64) -> Result<(), ErrorCode> {
        self.validate_size(batch)?;
        Log::check_segment_size(batch.size_bytes, &self.log)?;
        if self.log.cleanup_policy.compact
            && batch.records.iter().any(|record| record.key.is_none())
        {
            return Err(ErrorCode::InvalidRecord);
        }
        if self.timestamp_type == TimestampType::LogAppendTime {
            return Ok(());
        }
        let oldest_ms = now_ms.saturating_sub(self.timestamp_before_max_ms);
        let newest_ms = now_ms.saturating_add(self.timestamp_after_max_ms);
        // Timestamps rise within a batch: its ends tell of the rest.
        let mut ends = batch.records.first().into_iter().chain(batch.records.last());
        if ends.any(|record| !(oldest_ms..=newest_ms).contains(&record.timestamp_ms)) {
            return Err(ErrorCode::InvalidTimestamp);
        }
        Ok(())
    }

    /// The batch as the log takes it: by compression.type it may have to be compressed anew, and
    /// then be too large; by message.timestamp.type it may have to tell the time of the append.
    pub fn prepare(&self, batch: &Arc<Batch>, now_ms: i64) -> Result<Arc<Batch>, ErrorCode> {
        let mut batch = batch.clone();
        if let TopicCompression::Recompress(codec) = self.compression
            && codec != batch.attributes.compression
        {
            batch = Arc::new(batch.recompressed(codec));
            self.validate_size(&batch)?;
            Log::check_segment_size(batch.size_bytes, &self.log)?;
        }
        if self.timestamp_type == TimestampType::LogAppendTime {
            Arc::make_mut(&mut batch).attributes.log_append_time_ms = Some(now_ms);
        }
        Ok(batch)
    }
}
