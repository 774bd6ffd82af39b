//! Tiered storage (KIP-405), which the model has not.

use super::rows;
use crate::config::validator::Validator::{Any, AtLeast, BetweenDecimals, NonEmptyText};

rows! {
    ROWS:
    Boolean live "follower.fetch.last.tiered.offset.enable" = "false" [Any] Medium None;
    Long live "log.local.retention.bytes" = "-2" [AtLeast(-2)] Medium Bytes;
    Long live "log.local.retention.ms" = "-2" [AtLeast(-2)] Medium Ms;
    Int live "remote.fetch.max.wait.ms" = "500" [AtLeast(1)] Medium Ms;
    Long live "remote.list.offsets.request.timeout.ms" = "30000" [AtLeast(1)] Medium Ms;
    Long live "remote.log.index.file.cache.total.size.bytes" = "1073741824" [AtLeast(1)] Low Bytes;
    Long internal "remote.log.index.file.cache.ttl.ms" = "900000" [AtLeast(-1)] Low Ms;
    Int live "remote.log.manager.copier.thread.pool.size" = "10" [AtLeast(1)] Medium Count;
    Long live "remote.log.manager.copy.max.bytes.per.second" = "9223372036854775807" [AtLeast(1)] Medium Bytes;
    Int "remote.log.manager.copy.quota.window.num" = "11" [AtLeast(1)] Medium Count;
    Int "remote.log.manager.copy.quota.window.size.seconds" = "1" [AtLeast(1)] Medium Seconds;
    Int live "remote.log.manager.expiration.thread.pool.size" = "10" [AtLeast(1)] Medium Count;
    Long live "remote.log.manager.fetch.max.bytes.per.second" = "9223372036854775807" [AtLeast(1)] Medium Bytes;
    Int "remote.log.manager.fetch.quota.window.num" = "11" [AtLeast(1)] Medium Count;
    Int "remote.log.manager.fetch.quota.window.size.seconds" = "1" [AtLeast(1)] Medium Seconds;
    Int "remote.log.manager.follower.thread.pool.size" = "2" [AtLeast(1)] Medium Count;
    Long "remote.log.manager.task.interval.ms" = "30000" [AtLeast(1)] Low Ms;
    Long internal "remote.log.manager.task.retry.backoff.max.ms" = "30000" [AtLeast(1)] Low Ms;
    Long internal "remote.log.manager.task.retry.backoff.ms" = "500" [AtLeast(1)] Low Ms;
    Double internal "remote.log.manager.task.retry.jitter" = "0.2" [BetweenDecimals("0", "0.5")] Low Ratio;
    Int "remote.log.manager.thread.pool.size" = "2" [AtLeast(1)] Medium Count;
    Int "remote.log.metadata.custom.metadata.max.bytes" = "128" [AtLeast(0)] Low Bytes;
    String "remote.log.metadata.manager.class.name" = "org.apache.kafka.server.log.remote.metadata.storage.TopicBasedRemoteLogMetadataManager" [NonEmptyText] Medium None;
    String "remote.log.metadata.manager.class.path" = null [Any] Medium None;
    String "remote.log.metadata.manager.impl.prefix" = "rlmm.config." [NonEmptyText] Medium None;
    String "remote.log.metadata.manager.listener.name" = null [NonEmptyText] Medium None;
    Int "remote.log.reader.max.pending.tasks" = "100" [AtLeast(1)] Medium Count;
    Int live "remote.log.reader.threads" = "10" [AtLeast(1)] Medium Count;
    String "remote.log.storage.manager.class.name" = null [NonEmptyText] Medium None;
    String "remote.log.storage.manager.class.path" = null [Any] Medium None;
    String "remote.log.storage.manager.impl.prefix" = "rsm.config." [NonEmptyText] Medium None;
    Boolean "remote.log.storage.system.enable" = "false" [Any] Medium None;
}
