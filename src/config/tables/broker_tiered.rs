//! Tiered storage (KIP-405), which the model has not.

use super::rows;
use crate::config::validator::Validator::{Any, AtLeast, BetweenDecimals, NonEmptyText};

rows! {
    ROWS:
    Boolean live "follower.fetch.last.tiered.offset.enable" = "false" [Any] Medium None
        "New followers begin after what is in remote storage";
    Long live "log.local.retention.bytes" = "-2" [AtLeast(-2)] Medium Bytes
        "How much stays on local disk, for topics that do not say";
    Long live "log.local.retention.ms" = "-2" [AtLeast(-2)] Medium Ms
        "How long copied segments stay on local disk, for topics that do not say";
    Int live "remote.fetch.max.wait.ms" = "500" [AtLeast(1)] Medium Ms
        "How long a fetch may wait for remote storage";
    Long live "remote.list.offsets.request.timeout.ms" = "30000" [AtLeast(1)] Medium Ms
        "How long listing offsets may wait for remote storage";
    Long live "remote.log.index.file.cache.total.size.bytes" = "1073741824" [AtLeast(1)] Low Bytes
        "Disk space for indexes from remote storage";
    Long internal "remote.log.index.file.cache.ttl.ms" = "900000" [AtLeast(-1)] Low Ms
        "How long such indexes are kept";
    Int live "remote.log.manager.copier.thread.pool.size" = "10" [AtLeast(1)] Medium Count
        "Threads that copy segments to remote storage";
    Long live "remote.log.manager.copy.max.bytes.per.second" = "9223372036854775807" [AtLeast(1)] Medium Bytes
        "How fast segments are copied to remote storage";
    Int "remote.log.manager.copy.quota.window.num" = "11" [AtLeast(1)] Medium Count
        "Samples kept for the quota on copying";
    Int "remote.log.manager.copy.quota.window.size.seconds" = "1" [AtLeast(1)] Medium Seconds
        "Length of a sample for the quota on copying";
    Int live "remote.log.manager.expiration.thread.pool.size" = "10" [AtLeast(1)] Medium Count
        "Threads that delete remote segments";
    Long live "remote.log.manager.fetch.max.bytes.per.second" = "9223372036854775807" [AtLeast(1)] Medium Bytes
        "How fast remote segments are read";
    Int "remote.log.manager.fetch.quota.window.num" = "11" [AtLeast(1)] Medium Count
        "Samples kept for the quota on reading";
    Int "remote.log.manager.fetch.quota.window.size.seconds" = "1" [AtLeast(1)] Medium Seconds
        "Length of a sample for the quota on reading";
    Int "remote.log.manager.follower.thread.pool.size" = "2" [AtLeast(1)] Medium Count
        "Threads that read metadata for followers";
    Long "remote.log.manager.task.interval.ms" = "30000" [AtLeast(1)] Low Ms
        "How often there is something to copy or to delete";
    Long internal "remote.log.manager.task.retry.backoff.max.ms" = "30000" [AtLeast(1)] Low Ms
        "The longest wait between attempts of such a task";
    Long internal "remote.log.manager.task.retry.backoff.ms" = "500" [AtLeast(1)] Low Ms
        "How long to wait before such a task is tried again";
    Double internal "remote.log.manager.task.retry.jitter" = "0.2" [BetweenDecimals("0", "0.5")] Low Ratio
        "Random part of that wait";
    Int "remote.log.manager.thread.pool.size" = "2" [AtLeast(1)] Medium Count
        "Threads that schedule such tasks";
    Int "remote.log.metadata.custom.metadata.max.bytes" = "128" [AtLeast(0)] Low Bytes
        "The largest custom metadata of a remote segment";
    String "remote.log.metadata.manager.class.name" = "org.apache.kafka.server.log.remote.metadata.storage.TopicBasedRemoteLogMetadataManager" [NonEmptyText] Medium None
        "Class that keeps the metadata of remote segments";
    String "remote.log.metadata.manager.class.path" = null [Any] Medium None "Where that class is";
    String "remote.log.metadata.manager.impl.prefix" = "rlmm.config." [NonEmptyText] Medium None
        "Prefix of its configs";
    String "remote.log.metadata.manager.listener.name" = null [NonEmptyText] Medium None "Listener it uses";
    Int "remote.log.reader.max.pending.tasks" = "100" [AtLeast(1)] Medium Count "Remote reads that may wait";
    Int live "remote.log.reader.threads" = "10" [AtLeast(1)] Medium Count "Threads that read remote segments";
    String "remote.log.storage.manager.class.name" = null [NonEmptyText] Medium None
        "Class that stores remote segments";
    String "remote.log.storage.manager.class.path" = null [Any] Medium None "Where that class is";
    String "remote.log.storage.manager.impl.prefix" = "rsm.config." [NonEmptyText] Medium None
        "Prefix of its configs";
    Boolean "remote.log.storage.system.enable" = "false" [Any] Medium None "Have tiered storage at all";
}
