//! Logs: segments, retention, compaction.

use super::rows;
use crate::config::validator::ANY_LIST;
use crate::config::validator::Validator::{Any, AtLeast, Between, ListOf, OneOf};

rows! {
    ROWS:
    String live modelled "compression.type" = "producer" [OneOf(&["uncompressed", "zstd", "lz4", "snappy", "gzip", "producer"])] High None;
    Long live modelled "log.cleaner.backoff.ms" = "15000" [AtLeast(0)] Medium Ms;
    Long live modelled "log.cleaner.delete.retention.ms" = "86400000" [AtLeast(0)] Medium Ms;
    Boolean modelled "log.cleaner.enable" = "true" [Any] Medium None;
    Long live modelled "log.cleaner.max.compaction.lag.ms" = "9223372036854775807" [AtLeast(1)] Medium Ms;
    Double live modelled "log.cleaner.min.cleanable.ratio" = "0.5" [Between(0, 1)] Medium Ratio;
    Long live modelled "log.cleaner.min.compaction.lag.ms" = "0" [AtLeast(0)] Medium Ms;
    Int live modelled "log.cleaner.threads" = "1" [AtLeast(0)] Medium Count;
    List live modelled "log.cleanup.policy" = "delete" [ListOf { allowed: &["compact", "delete"], empty: true, null: false }] Medium None;
    Long live modelled "log.flush.interval.messages" = "9223372036854775807" [AtLeast(1)] High Count;
    Long live modelled "log.flush.interval.ms" = null [Any] High Ms;
    Int modelled "log.flush.offset.checkpoint.interval.ms" = "60000" [AtLeast(0)] High Ms;
    Long modelled "log.flush.scheduler.interval.ms" = "9223372036854775807" [Any] High Ms;
    Int live modelled "log.index.interval.bytes" = "4096" [AtLeast(0)] Medium Bytes;
    Int live modelled "log.index.size.max.bytes" = "10485760" [AtLeast(4)] Medium Bytes;
    Long internal modelled "log.initial.task.delay.ms" = "30000" [AtLeast(0)] Low Ms;
    Long live modelled "log.message.timestamp.after.max.ms" = "3600000" [AtLeast(0)] Medium Ms;
    Long live modelled "log.message.timestamp.before.max.ms" = "9223372036854775807" [AtLeast(0)] Medium Ms;
    String live modelled "log.message.timestamp.type" = "CreateTime" [OneOf(&["CreateTime", "LogAppendTime"])] Medium None;
    Long live modelled "log.retention.bytes" = "-1" [Any] High Bytes;
    Long modelled "log.retention.check.interval.ms" = "300000" [AtLeast(1)] Medium Ms;
    Int modelled "log.retention.hours" = "168" [Any] High Hours;
    Int modelled "log.retention.minutes" = null [Any] High Minutes;
    Long live modelled "log.retention.ms" = null [Any] High Ms;
    Int modelled "log.roll.hours" = "168" [AtLeast(1)] High Hours;
    Int modelled "log.roll.jitter.hours" = "0" [AtLeast(0)] High Hours;
    Long live modelled "log.roll.jitter.ms" = null [Any] High Ms;
    Long live modelled "log.roll.ms" = null [Any] High Ms;
    Int live modelled "log.segment.bytes" = "1073741824" [AtLeast(1_048_576)] High Bytes;
    Long live modelled "log.segment.delete.delay.ms" = "60000" [AtLeast(0)] High Ms;
    Int live modelled "message.max.bytes" = "1048588" [AtLeast(0)] High Bytes;
    shared live "compression.gzip.level";
    shared live "compression.lz4.level";
    shared live "compression.zstd.level";
    List live "cordoned.log.dirs" = "" [ANY_LIST] Medium None;
    Long internal "internal.metadata.delete.delay.millis" = "60000" [Any] Low Ms;
    Int internal "internal.metadata.log.segment.bytes" = null [Any] Low Bytes;
    Int internal "internal.metadata.max.batch.size.in.bytes" = "8388608" [Any] Low Bytes;
    Long live "log.cleaner.dedupe.buffer.size" = "134217728" [Any] Medium Bytes;
    Double live "log.cleaner.io.buffer.load.factor" = "0.9" [Any] Medium Ratio;
    Int live "log.cleaner.io.buffer.size" = "524288" [AtLeast(0)] Medium Bytes;
    Double live "log.cleaner.io.max.bytes.per.second" = "1.7976931348623157E308" [Any] Medium Bytes;
    List "log.dir" = "/tmp/kafka-logs" [ListOf { allowed: &[], empty: false, null: false }] High None;
    Long "log.dir.failure.timeout.ms" = "30000" [AtLeast(1)] Low Ms;
    List "log.dirs" = null [ListOf { allowed: &[], empty: false, null: true }] High None;
    Int "log.flush.start.offset.checkpoint.interval.ms" = "60000" [AtLeast(0)] High Ms;
    Boolean live "log.preallocate" = "false" [Any] Medium None;
    String "metadata.log.dir" = null [Any] High None;
    Long "metadata.log.max.record.bytes.between.snapshots" = "20971520" [AtLeast(1)] High Bytes;
    Long "metadata.log.max.snapshot.interval.ms" = "3600000" [AtLeast(0)] High Ms;
    Int "metadata.log.segment.bytes" = "1073741824" [AtLeast(8_388_608)] High Bytes;
    Long "metadata.log.segment.ms" = "604800000" [Any] High Ms;
    Int "metadata.max.idle.interval.ms" = "500" [AtLeast(0)] Low Ms;
    Long "metadata.max.retention.bytes" = "104857600" [Any] High Bytes;
    Long "metadata.max.retention.ms" = "604800000" [Any] High Ms;
}
