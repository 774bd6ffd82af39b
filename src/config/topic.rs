//! `LogConfig`: what a topic works with: its own configs over the broker's.

use super::broker::BrokerConfig;
use super::choices::{CleanupPolicy, Ratio, TimestampType, TopicCompression};
use super::definition::Scope;
use super::exception::ConfigException;
use super::properties::Properties;
use super::tables;
use super::values::{Values, typed_config};

typed_config! {
    /// What a topic works with.
    TopicConfig of Topic {
        cleanup_policy: CleanupPolicy = "cleanup.policy",
        /// -1 is for ever.
        retention_ms: i64 = "retention.ms",
        /// -1 is without limit.
        retention_bytes: i64 = "retention.bytes",
        segment_bytes: i32 = "segment.bytes",
        /// Overrides segment.bytes, and may be smaller.
        internal_segment_bytes: Option<i32> = "internal.segment.bytes",
        segment_ms: i64 = "segment.ms",
        segment_jitter_ms: i64 = "segment.jitter.ms",
        segment_index_bytes: i32 = "segment.index.bytes",
        index_interval_bytes: i32 = "index.interval.bytes",
        min_insync_replicas: i32 = "min.insync.replicas",
        unclean_leader_election_enable: bool = "unclean.leader.election.enable",
        max_message_bytes: i32 = "max.message.bytes",
        compression_type: TopicCompression = "compression.type",
        message_timestamp_type: TimestampType = "message.timestamp.type",
        message_timestamp_before_max_ms: i64 = "message.timestamp.before.max.ms",
        message_timestamp_after_max_ms: i64 = "message.timestamp.after.max.ms",
        min_cleanable_dirty_ratio: Ratio = "min.cleanable.dirty.ratio",
        min_compaction_lag_ms: i64 = "min.compaction.lag.ms",
        max_compaction_lag_ms: i64 = "max.compaction.lag.ms",
        delete_retention_ms: i64 = "delete.retention.ms",
        file_delete_delay_ms: i64 = "file.delete.delay.ms",
        flush_messages: i64 = "flush.messages",
        flush_ms: i64 = "flush.ms",
    }
}

/// Each topic config and the broker configs it falls back to, the one that
/// comes first before the others: `ServerTopicConfigSynonyms`.
pub const BROKER_SYNONYMS: &[(&str, &[&str])] = &[
    ("cleanup.policy", &["log.cleanup.policy"]),
    ("retention.ms", &["log.retention.ms", "log.retention.minutes", "log.retention.hours"]),
    ("retention.bytes", &["log.retention.bytes"]),
    ("segment.bytes", &["log.segment.bytes"]),
    ("segment.ms", &["log.roll.ms", "log.roll.hours"]),
    ("segment.jitter.ms", &["log.roll.jitter.ms", "log.roll.jitter.hours"]),
    ("segment.index.bytes", &["log.index.size.max.bytes"]),
    ("index.interval.bytes", &["log.index.interval.bytes"]),
    ("min.insync.replicas", &["min.insync.replicas"]),
    ("unclean.leader.election.enable", &["unclean.leader.election.enable"]),
    ("max.message.bytes", &["message.max.bytes"]),
    ("compression.type", &["compression.type"]),
    ("compression.gzip.level", &["compression.gzip.level"]),
    ("compression.lz4.level", &["compression.lz4.level"]),
    ("compression.zstd.level", &["compression.zstd.level"]),
    ("message.timestamp.type", &["log.message.timestamp.type"]),
    ("message.timestamp.before.max.ms", &["log.message.timestamp.before.max.ms"]),
    ("message.timestamp.after.max.ms", &["log.message.timestamp.after.max.ms"]),
    ("min.cleanable.dirty.ratio", &["log.cleaner.min.cleanable.ratio"]),
    ("min.compaction.lag.ms", &["log.cleaner.min.compaction.lag.ms"]),
    ("max.compaction.lag.ms", &["log.cleaner.max.compaction.lag.ms"]),
    ("delete.retention.ms", &["log.cleaner.delete.retention.ms"]),
    ("file.delete.delay.ms", &["log.segment.delete.delay.ms"]),
    ("flush.messages", &["log.flush.interval.messages"]),
    ("flush.ms", &["log.flush.interval.ms", "log.flush.scheduler.interval.ms"]),
    ("preallocate", &["log.preallocate"]),
    ("local.retention.ms", &["log.local.retention.ms"]),
    ("local.retention.bytes", &["log.local.retention.bytes"]),
];

/// The broker configs a topic config falls back to, best first.
#[must_use]
pub fn broker_synonyms(topic_config: &str) -> &'static [&'static str] {
    BROKER_SYNONYMS
        .iter()
        .find(|(name, _)| *name == topic_config)
        .map_or(&[], |(_, synonyms)| synonyms)
}

impl TopicConfig {
    /// What the topic sets itself, and for the rest what the broker has.
    ///
    /// # Errors
    /// What Kafka would throw; for topics it refuses unknown names as well.
    pub fn from_properties(
        properties: &Properties,
        broker: &BrokerConfig,
    ) -> Result<Self, ConfigException> {
        let unknown = |name: &&str| tables::find(Scope::Topic, name).is_none();
        if let Some(name) = properties.iter().map(|(name, _)| name).find(unknown) {
            return Err(ConfigException::new(
                "InvalidConfigurationException",
                name,
                format!("Unknown topic config name: {name}"),
            ));
        }
        let values = Values::parse(Scope::Topic, properties)?;
        let mut config = Self::fill(&values, Vec::new());
        config.fall_back(properties, broker);
        config.check_compaction_lag()?;
        Ok(config)
    }

    fn fall_back(&mut self, properties: &Properties, broker: &BrokerConfig) {
        /// Which field takes which broker field's value.
        macro_rules! fall_back {
            ($($name:literal: $own:ident = $brokers:ident,)*) => {
                $(if !properties.is_explicit($name) { self.$own = broker.$brokers; })*
            };
        }
        fall_back! {
            "cleanup.policy": cleanup_policy = log_cleanup_policy,
            "retention.ms": retention_ms = log_retention_ms,
            "retention.bytes": retention_bytes = log_retention_bytes,
            "segment.bytes": segment_bytes = log_segment_bytes,
            "segment.ms": segment_ms = log_roll_ms,
            "segment.jitter.ms": segment_jitter_ms = log_roll_jitter_ms,
            "segment.index.bytes": segment_index_bytes = log_index_size_max_bytes,
            "index.interval.bytes": index_interval_bytes = log_index_interval_bytes,
            "min.insync.replicas": min_insync_replicas = min_insync_replicas,
            "unclean.leader.election.enable":
                unclean_leader_election_enable = unclean_leader_election_enable,
            "max.message.bytes": max_message_bytes = message_max_bytes,
            "compression.type": compression_type = compression_type,
            "message.timestamp.type": message_timestamp_type = log_message_timestamp_type,
            "message.timestamp.before.max.ms":
                message_timestamp_before_max_ms = log_message_timestamp_before_max_ms,
            "message.timestamp.after.max.ms":
                message_timestamp_after_max_ms = log_message_timestamp_after_max_ms,
            "min.cleanable.dirty.ratio":
                min_cleanable_dirty_ratio = log_cleaner_min_cleanable_ratio,
            "min.compaction.lag.ms": min_compaction_lag_ms = log_cleaner_min_compaction_lag_ms,
            "max.compaction.lag.ms": max_compaction_lag_ms = log_cleaner_max_compaction_lag_ms,
            "delete.retention.ms": delete_retention_ms = log_cleaner_delete_retention_ms,
            "file.delete.delay.ms": file_delete_delay_ms = log_segment_delete_delay_ms,
            "flush.messages": flush_messages = log_flush_interval_messages,
            "flush.ms": flush_ms = log_flush_interval_ms,
        }
    }

    fn check_compaction_lag(&self) -> Result<(), ConfigException> {
        let (min, max) = (self.min_compaction_lag_ms, self.max_compaction_lag_ms);
        if min > max {
            return Err(ConfigException::new(
                "InvalidConfigurationException",
                "min.compaction.lag.ms",
                format!(
                    "conflict topic config setting min.compaction.lag.ms ({min}) > \
                     max.compaction.lag.ms ({max})"
                ),
            ));
        }
        Ok(())
    }
}
