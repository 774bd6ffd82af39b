//! Share groups (KIP-932) and streams groups (KIP-1071), which the model has not.

use super::rows;
use crate::config::validator::Validator::{Any, AtLeast, Between, ListOf};

rows! {
    ROWS:
    Int "group.share.assignment.interval.ms" = "1000" [AtLeast(0)] Medium Ms
        "Share groups: the least time between two assignments";
    List "group.share.assignors" = "simple" [ListOf { allowed: &[], empty: false, null: false }] Medium None
        "Share groups: the assignor";
    Int "group.share.delivery.count.limit" = "5" [Between(2, 10)] Medium Count
        "Share groups: how often a record is delivered at most";
    Int "group.share.heartbeat.interval.ms" = "5000" [AtLeast(1)] Medium Ms
        "Share groups: heartbeat interval";
    Int internal "group.share.initialize.retry.interval.ms" = "30000" [AtLeast(1)] Low Ms
        "Share groups: wait before their state is initialised again";
    Int "group.share.max.assignment.interval.ms" = "15000" [AtLeast(0)] Medium Ms
        "Share groups: upper limit of the assignment interval";
    Int "group.share.max.delivery.count.limit" = "10" [Between(5, 25)] Medium Count
        "Share groups: upper limit of the delivery count";
    Int "group.share.max.heartbeat.interval.ms" = "15000" [AtLeast(1)] Medium Ms
        "Share groups: upper limit of the heartbeat interval";
    Int "group.share.max.partition.max.record.locks" = "4000" [Between(2000, 10_000)] Medium Count
        "Share groups: upper limit of the number of locks";
    Int "group.share.max.record.lock.duration.ms" = "60000" [Between(30_000, 3_600_000)] Medium Ms
        "Share groups: upper limit of a lock's duration";
    Int "group.share.max.session.timeout.ms" = "60000" [AtLeast(1)] Medium Ms
        "Share groups: upper limit of the session timeout";
    Int "group.share.max.share.sessions" = "2000" [AtLeast(1)] Medium Count
        "Share groups: share sessions of a broker";
    Int "group.share.max.size" = "200" [Between(1, 1000)] Medium Count "Share groups: members of a group";
    Int "group.share.min.assignment.interval.ms" = "0" [AtLeast(0)] Medium Ms
        "Share groups: lower limit of the assignment interval";
    Int "group.share.min.delivery.count.limit" = "2" [Between(2, 5)] Medium Count
        "Share groups: lower limit of the delivery count";
    Int "group.share.min.heartbeat.interval.ms" = "5000" [AtLeast(1)] Medium Ms
        "Share groups: lower limit of the heartbeat interval";
    Int "group.share.min.partition.max.record.locks" = "100" [Between(100, 2000)] Medium Count
        "Share groups: lower limit of the number of locks";
    Int "group.share.min.record.lock.duration.ms" = "15000" [Between(1000, 30_000)] Medium Ms
        "Share groups: lower limit of a lock's duration";
    Int "group.share.min.session.timeout.ms" = "45000" [AtLeast(1)] Medium Ms
        "Share groups: lower limit of the session timeout";
    Int "group.share.partition.max.record.locks" = "2000" [Between(100, 10_000)] Medium Count
        "Share groups: records of a partition in delivery at once";
    String internal "group.share.persister.class.name" = "org.apache.kafka.server.share.persister.DefaultStatePersister" [Any] Medium None
        "Share groups: class that keeps their state";
    Int "group.share.record.lock.duration.ms" = "30000" [Between(1000, 3_600_000)] Medium Ms
        "Share groups: how long a record is locked for a member";
    Int "group.share.session.timeout.ms" = "45000" [AtLeast(1)] Medium Ms "Share groups: session timeout";
    Int "group.streams.assignment.interval.ms" = "1000" [AtLeast(0)] Medium Ms
        "Streams groups: the least time between two assignments";
    Int "group.streams.heartbeat.interval.ms" = "5000" [AtLeast(1)] Medium Ms
        "Streams groups: heartbeat interval";
    Int "group.streams.initial.rebalance.delay.ms" = "3000" [AtLeast(0)] Medium Ms
        "Streams groups: wait for members before the first rebalance";
    Int "group.streams.max.assignment.interval.ms" = "15000" [AtLeast(0)] Medium Ms
        "Streams groups: upper limit of the assignment interval";
    Int "group.streams.max.heartbeat.interval.ms" = "15000" [AtLeast(1)] Medium Ms
        "Streams groups: upper limit of the heartbeat interval";
    Int "group.streams.max.session.timeout.ms" = "60000" [AtLeast(1)] Medium Ms
        "Streams groups: upper limit of the session timeout";
    Int "group.streams.max.size" = "2147483647" [AtLeast(1)] Medium Count
        "Streams groups: members of a group";
    Int "group.streams.max.standby.replicas" = "2" [AtLeast(0)] Medium Count
        "Streams groups: upper limit of standby copies";
    Int "group.streams.min.assignment.interval.ms" = "0" [AtLeast(0)] Medium Ms
        "Streams groups: lower limit of the assignment interval";
    Int "group.streams.min.heartbeat.interval.ms" = "5000" [AtLeast(1)] Medium Ms
        "Streams groups: lower limit of the heartbeat interval";
    Int "group.streams.min.session.timeout.ms" = "45000" [AtLeast(1)] Medium Ms
        "Streams groups: lower limit of the session timeout";
    Int "group.streams.num.standby.replicas" = "0" [AtLeast(0)] Medium Count
        "Streams groups: standby copies of each task's state";
    Int "group.streams.session.timeout.ms" = "45000" [AtLeast(1)] Medium Ms "Streams groups: session timeout";
    Int "share.coordinator.append.linger.ms" = "-1" [AtLeast(-1)] Medium Ms
        "How long the share coordinator gathers writes; -1 is adaptive";
    Int "share.coordinator.cached.buffer.max.bytes" = "1048588" [AtLeast(524_288)] Medium Bytes
        "The largest buffer the share coordinator keeps for the next write";
    Int internal "share.coordinator.cold.partition.snapshot.interval.ms" = "300000" [AtLeast(1)] Low Ms
        "How often idle share partitions get a snapshot";
    Int "share.coordinator.load.buffer.size" = "5242880" [AtLeast(1)] High Bytes
        "How much of __share_group_state is read at once on loading";
    Int "share.coordinator.snapshot.update.records.per.snapshot" = "500" [Between(0, 500)] Medium Count
        "Updates between two snapshots";
    Int "share.coordinator.state.topic.compression.codec" = "0" [Any] High None
        "How __share_group_state is compressed";
    Short "share.coordinator.state.topic.min.isr" = "2" [AtLeast(1)] High Count
        "min.insync.replicas of __share_group_state";
    Int "share.coordinator.state.topic.num.partitions" = "50" [AtLeast(1)] High Count
        "Partitions of __share_group_state";
    Int internal "share.coordinator.state.topic.prune.interval.ms" = "300000" [AtLeast(1)] Low Ms
        "How often __share_group_state is pruned";
    Short "share.coordinator.state.topic.replication.factor" = "3" [AtLeast(1)] High Count
        "Replicas of __share_group_state";
    Int "share.coordinator.state.topic.segment.bytes" = "104857600" [AtLeast(1)] High Bytes
        "Size of a segment of __share_group_state";
    Int "share.coordinator.threads" = "1" [AtLeast(1)] Medium Count "Threads of the share coordinator";
    Int "share.coordinator.write.timeout.ms" = "5000" [AtLeast(1)] High Ms
        "How long a write of the share coordinator may take";
    Int "share.fetch.purgatory.purge.interval.requests" = "1000" [Any] Medium Count
        "After how many finished requests this purgatory is purged";
}
