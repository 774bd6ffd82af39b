//! Configs of topics. What a topic does not set itself it takes from its broker:
//! see [`BROKER_SYNONYMS`](crate::config::BROKER_SYNONYMS).

use super::rows;
use crate::config::validator::Validator::{
    Any, AtLeast, Between, GzipLevel, ListOf, OneOf, ThrottledReplicas,
};

rows! {
    ROWS:
    Int modelled "segment.bytes" = "1073741824" [AtLeast(1_048_576)] Medium Bytes;
    Long modelled "segment.ms" = "604800000" [AtLeast(1)] Medium Ms;
    Long modelled "segment.jitter.ms" = "0" [AtLeast(0)] Medium Ms;
    Int modelled "segment.index.bytes" = "10485760" [AtLeast(4)] Medium Bytes;
    Long modelled "flush.messages" = "9223372036854775807" [AtLeast(1)] Medium Count;
    Long modelled "flush.ms" = "9223372036854775807" [AtLeast(0)] Medium Ms;
    Long modelled "retention.bytes" = "-1" [Any] Medium Bytes;
    Long modelled "retention.ms" = "604800000" [AtLeast(-1)] Medium Ms;
    Int modelled "max.message.bytes" = "1048588" [AtLeast(0)] Medium Bytes;
    Int modelled "index.interval.bytes" = "4096" [AtLeast(0)] Medium Bytes;
    Long modelled "delete.retention.ms" = "86400000" [AtLeast(0)] Medium Ms;
    Long modelled "min.compaction.lag.ms" = "0" [AtLeast(0)] Medium Ms;
    Long modelled "max.compaction.lag.ms" = "9223372036854775807" [AtLeast(1)] Medium Ms;
    Long modelled "file.delete.delay.ms" = "60000" [AtLeast(0)] Medium Ms;
    Double modelled "min.cleanable.dirty.ratio" = "0.5" [Between(0, 1)] Medium Ratio;
    List modelled "cleanup.policy" = "delete" [ListOf { allowed: &["compact", "delete"], empty: true, null: false }] Medium None;
    Boolean modelled "unclean.leader.election.enable" = "false" [Any] Medium None;
    Int modelled "min.insync.replicas" = "1" [AtLeast(1)] Medium Count;
    String modelled "compression.type" = "producer" [OneOf(&["uncompressed", "zstd", "lz4", "snappy", "gzip", "producer"])] Medium None;
    Int "compression.gzip.level" = "-1" [GzipLevel] Medium None;
    Int "compression.lz4.level" = "9" [Between(1, 17)] Medium None;
    Int "compression.zstd.level" = "3" [Between(-131_072, 22)] Medium None;
    Boolean "preallocate" = "false" [Any] Medium None;
    String modelled "message.timestamp.type" = "CreateTime" [OneOf(&["CreateTime", "LogAppendTime"])] Medium None;
    Long modelled "message.timestamp.before.max.ms" = "9223372036854775807" [AtLeast(0)] Medium Ms;
    Long modelled "message.timestamp.after.max.ms" = "3600000" [AtLeast(0)] Medium Ms;
    List "leader.replication.throttled.replicas" = "" [ThrottledReplicas] Medium None;
    List "follower.replication.throttled.replicas" = "" [ThrottledReplicas] Medium None;
    Boolean "remote.storage.enable" = "false" [Any] Medium None;
    Long "local.retention.ms" = "-2" [AtLeast(-2)] Medium Ms;
    Long "local.retention.bytes" = "-2" [AtLeast(-2)] Medium Bytes;
    Boolean "remote.log.copy.disable" = "false" [Any] Medium None;
    Boolean "remote.log.delete.on.disable" = "false" [Any] Medium None;
    Int internal modelled "internal.segment.bytes" = null [Any] Medium Bytes;
}
