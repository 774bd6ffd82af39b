//! Groups, offsets and transactions: the coordinators of a broker.

use super::rows;
use crate::config::validator::Validator::{Any, AtLeast, ListOf, OneOfIgnoringCase};

rows! {
    ROWS:
    Int modelled "group.consumer.assignment.interval.ms" = "1000" [AtLeast(0)] Medium Ms;
    List modelled "group.consumer.assignors" = "uniform,range" [ListOf { allowed: &[], empty: false, null: false }] Medium None;
    Int modelled "group.consumer.heartbeat.interval.ms" = "5000" [AtLeast(1)] Medium Ms;
    Int modelled "group.consumer.max.assignment.interval.ms" = "15000" [AtLeast(0)] Medium Ms;
    Int modelled "group.consumer.max.heartbeat.interval.ms" = "15000" [AtLeast(1)] Medium Ms;
    Int modelled "group.consumer.max.session.timeout.ms" = "60000" [AtLeast(1)] Medium Ms;
    Int modelled "group.consumer.max.size" = "2147483647" [AtLeast(1)] Medium Count;
    String modelled "group.consumer.migration.policy" = "bidirectional" [OneOfIgnoringCase(&["DISABLED", "DOWNGRADE", "UPGRADE", "BIDIRECTIONAL"])] Medium None;
    Int modelled "group.consumer.min.assignment.interval.ms" = "0" [AtLeast(0)] Medium Ms;
    Int modelled "group.consumer.min.heartbeat.interval.ms" = "5000" [AtLeast(1)] Medium Ms;
    Int modelled "group.consumer.min.session.timeout.ms" = "45000" [AtLeast(1)] Medium Ms;
    Int modelled "group.consumer.session.timeout.ms" = "45000" [AtLeast(1)] Medium Ms;
    Int modelled "group.coordinator.append.linger.ms" = "-1" [AtLeast(-1)] Medium Ms;
    Int modelled "group.initial.rebalance.delay.ms" = "3000" [Any] Medium Ms;
    Int modelled "group.max.session.timeout.ms" = "1800000" [Any] Medium Ms;
    Int modelled "group.max.size" = "2147483647" [AtLeast(1)] Medium Count;
    Int modelled "group.min.session.timeout.ms" = "6000" [Any] Medium Ms;
    Int modelled "offset.metadata.max.bytes" = "4096" [Any] High Bytes;
    Int modelled "offsets.commit.timeout.ms" = "5000" [AtLeast(1)] High Ms;
    Long modelled "offsets.retention.check.interval.ms" = "600000" [AtLeast(1)] High Ms;
    Int modelled "offsets.retention.minutes" = "10080" [AtLeast(1)] High Minutes;
    Int modelled "offsets.topic.num.partitions" = "50" [AtLeast(1)] High Count;
    Short modelled "offsets.topic.replication.factor" = "3" [AtLeast(1)] High Count;
    Int modelled "offsets.topic.segment.bytes" = "104857600" [AtLeast(1)] High Bytes;
    Int internal modelled "producer.id.expiration.check.interval.ms" = "600000" [AtLeast(1)] Low Ms;
    Int live modelled "producer.id.expiration.ms" = "86400000" [AtLeast(1)] Low Ms;
    Int modelled "transaction.abort.timed.out.transaction.cleanup.interval.ms" = "10000" [AtLeast(1)] Low Ms;
    Int modelled "transaction.max.timeout.ms" = "900000" [AtLeast(1)] High Ms;
    Boolean live modelled "transaction.partition.verification.enable" = "true" [Any] Low None;
    Int modelled "transaction.remove.expired.transaction.cleanup.interval.ms" = "3600000" [AtLeast(1)] Low Ms;
    Int modelled "transaction.state.log.min.isr" = "2" [AtLeast(1)] High Count;
    Int modelled "transaction.state.log.num.partitions" = "50" [AtLeast(1)] High Count;
    Short modelled "transaction.state.log.replication.factor" = "3" [AtLeast(1)] High Count;
    Int modelled "transaction.state.log.segment.bytes" = "104857600" [AtLeast(1)] High Bytes;
    Boolean modelled "transaction.two.phase.commit.enable" = "false" [Any] Low None;
    Int modelled "transactional.id.expiration.ms" = "604800000" [AtLeast(1)] High Ms;
    Int "add.partitions.to.txn.retry.backoff.max.ms" = "100" [AtLeast(0)] High Ms;
    Int "add.partitions.to.txn.retry.backoff.ms" = "20" [AtLeast(1)] High Ms;
    Int internal "group.consumer.regex.refresh.interval.ms" = "600000" [AtLeast(10_000)] Medium Ms;
    Int "group.coordinator.background.threads" = "2" [AtLeast(1)] High Count;
    Int "group.coordinator.cached.buffer.max.bytes" = "1048588" [AtLeast(524_288)] Medium Bytes;
    List "group.coordinator.rebalance.protocols" = "classic,consumer,streams" [ListOf { allowed: &["consumer", "classic", "share", "streams"], empty: false, null: false }] Medium None;
    Int "group.coordinator.threads" = "4" [AtLeast(1)] High Count;
    Int "offsets.load.buffer.size" = "5242880" [AtLeast(1)] High Bytes;
    Int "offsets.topic.compression.codec" = "0" [Any] High None;
    Int "transaction.state.log.load.buffer.size" = "5242880" [AtLeast(1)] High Bytes;
}
