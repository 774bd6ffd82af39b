//! Share groups (KIP-932) and streams groups (KIP-1071), which the model has not.

use super::rows;
use crate::config::validator::Validator::{Any, AtLeast, Between, ListOf};

rows! {
    ROWS:
    Int "group.share.assignment.interval.ms" = "1000" [AtLeast(0)] Medium Ms;
    List "group.share.assignors" = "simple" [ListOf { allowed: &[], empty: false, null: false }] Medium None;
    Int "group.share.delivery.count.limit" = "5" [Between(2, 10)] Medium Count;
    Int "group.share.heartbeat.interval.ms" = "5000" [AtLeast(1)] Medium Ms;
    Int internal "group.share.initialize.retry.interval.ms" = "30000" [AtLeast(1)] Low Ms;
    Int "group.share.max.assignment.interval.ms" = "15000" [AtLeast(0)] Medium Ms;
    Int "group.share.max.delivery.count.limit" = "10" [Between(5, 25)] Medium Count;
    Int "group.share.max.heartbeat.interval.ms" = "15000" [AtLeast(1)] Medium Ms;
    Int "group.share.max.partition.max.record.locks" = "4000" [Between(2000, 10_000)] Medium Count;
    Int "group.share.max.record.lock.duration.ms" = "60000" [Between(30_000, 3_600_000)] Medium Ms;
    Int "group.share.max.session.timeout.ms" = "60000" [AtLeast(1)] Medium Ms;
    Int "group.share.max.share.sessions" = "2000" [AtLeast(1)] Medium Count;
    Int "group.share.max.size" = "200" [Between(1, 1000)] Medium Count;
    Int "group.share.min.assignment.interval.ms" = "0" [AtLeast(0)] Medium Ms;
    Int "group.share.min.delivery.count.limit" = "2" [Between(2, 5)] Medium Count;
    Int "group.share.min.heartbeat.interval.ms" = "5000" [AtLeast(1)] Medium Ms;
    Int "group.share.min.partition.max.record.locks" = "100" [Between(100, 2000)] Medium Count;
    Int "group.share.min.record.lock.duration.ms" = "15000" [Between(1000, 30_000)] Medium Ms;
    Int "group.share.min.session.timeout.ms" = "45000" [AtLeast(1)] Medium Ms;
    Int "group.share.partition.max.record.locks" = "2000" [Between(100, 10_000)] Medium Count;
    String internal "group.share.persister.class.name" = "org.apache.kafka.server.share.persister.DefaultStatePersister" [Any] Medium None;
    Int "group.share.record.lock.duration.ms" = "30000" [Between(1000, 3_600_000)] Medium Ms;
    Int "group.share.session.timeout.ms" = "45000" [AtLeast(1)] Medium Ms;
    Int "group.streams.assignment.interval.ms" = "1000" [AtLeast(0)] Medium Ms;
    Int "group.streams.heartbeat.interval.ms" = "5000" [AtLeast(1)] Medium Ms;
    Int "group.streams.initial.rebalance.delay.ms" = "3000" [AtLeast(0)] Medium Ms;
    Int "group.streams.max.assignment.interval.ms" = "15000" [AtLeast(0)] Medium Ms;
    Int "group.streams.max.heartbeat.interval.ms" = "15000" [AtLeast(1)] Medium Ms;
    Int "group.streams.max.session.timeout.ms" = "60000" [AtLeast(1)] Medium Ms;
    Int "group.streams.max.size" = "2147483647" [AtLeast(1)] Medium Count;
    Int "group.streams.max.standby.replicas" = "2" [AtLeast(0)] Medium Count;
    Int "group.streams.min.assignment.interval.ms" = "0" [AtLeast(0)] Medium Ms;
    Int "group.streams.min.heartbeat.interval.ms" = "5000" [AtLeast(1)] Medium Ms;
    Int "group.streams.min.session.timeout.ms" = "45000" [AtLeast(1)] Medium Ms;
    Int "group.streams.num.standby.replicas" = "0" [AtLeast(0)] Medium Count;
    Int "group.streams.session.timeout.ms" = "45000" [AtLeast(1)] Medium Ms;
    Int "share.coordinator.append.linger.ms" = "-1" [AtLeast(-1)] Medium Ms;
    Int "share.coordinator.cached.buffer.max.bytes" = "1048588" [AtLeast(524_288)] Medium Bytes;
    Int internal "share.coordinator.cold.partition.snapshot.interval.ms" = "300000" [AtLeast(1)] Low Ms;
    Int "share.coordinator.load.buffer.size" = "5242880" [AtLeast(1)] High Bytes;
    Int "share.coordinator.snapshot.update.records.per.snapshot" = "500" [Between(0, 500)] Medium Count;
    Int "share.coordinator.state.topic.compression.codec" = "0" [Any] High None;
    Short "share.coordinator.state.topic.min.isr" = "2" [AtLeast(1)] High Count;
    Int "share.coordinator.state.topic.num.partitions" = "50" [AtLeast(1)] High Count;
    Int internal "share.coordinator.state.topic.prune.interval.ms" = "300000" [AtLeast(1)] Low Ms;
    Short "share.coordinator.state.topic.replication.factor" = "3" [AtLeast(1)] High Count;
    Int "share.coordinator.state.topic.segment.bytes" = "104857600" [AtLeast(1)] High Bytes;
    Int "share.coordinator.threads" = "1" [AtLeast(1)] Medium Count;
    Int "share.coordinator.write.timeout.ms" = "5000" [AtLeast(1)] High Ms;
    Int "share.fetch.purgatory.purge.interval.requests" = "1000" [Any] Medium Count;
}
