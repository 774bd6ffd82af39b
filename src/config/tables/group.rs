//! Configs of groups: `kafka-configs.sh --entity-type groups`.

use super::rows;
use crate::config::validator::Validator::{Any, AtLeast, OneOf, ShareOffsetReset};

rows! {
    ROWS:
    Int "consumer.assignment.interval.ms" = "1000" [AtLeast(0)] Medium Ms
        "The group's own pace of new assignments";
    Int "consumer.heartbeat.interval.ms" = "5000" [AtLeast(1)] Medium Ms "The group's own heartbeat interval";
    Int "consumer.session.timeout.ms" = "45000" [AtLeast(1)] Medium Ms "The group's own session timeout";
    Int "share.assignment.interval.ms" = "1000" [AtLeast(0)] Medium Ms
        "Share group: the least time between two assignments";
    String "share.auto.offset.reset" = "latest" [ShareOffsetReset] Medium None "Share group: where to start";
    Int "share.delivery.count.limit" = "5" [AtLeast(2)] Medium Count
        "Share group: how often a record is delivered at most";
    Int "share.heartbeat.interval.ms" = "5000" [AtLeast(1)] Medium Ms "Share group: heartbeat interval";
    String "share.isolation.level" = "read_uncommitted" [OneOf(&["read_committed", "read_uncommitted"])] Medium None
        "Share group: whether records of aborted transactions are seen";
    Int "share.partition.max.record.locks" = "2000" [AtLeast(100)] Medium Count
        "Share group: records of a partition in delivery at once";
    Int "share.record.lock.duration.ms" = "30000" [AtLeast(1000)] Medium Ms
        "Share group: how long a record is locked for a member";
    Boolean "share.renew.acknowledge.enable" = "true" [Any] Medium None
        "Share group: members may renew their locks";
    Int "share.session.timeout.ms" = "45000" [AtLeast(1)] Medium Ms "Share group: session timeout";
    Int "streams.assignment.interval.ms" = "1000" [AtLeast(0)] Medium Ms
        "Streams group: the least time between two assignments";
    Int "streams.heartbeat.interval.ms" = "5000" [AtLeast(1)] Medium Ms "Streams group: heartbeat interval";
    Int "streams.initial.rebalance.delay.ms" = "3000" [AtLeast(0)] Medium Ms
        "Streams group: wait for members before the first rebalance";
    Int "streams.num.standby.replicas" = "0" [AtLeast(0)] Medium Count
        "Streams group: standby copies of each task's state";
    Int "streams.session.timeout.ms" = "45000" [AtLeast(1)] Medium Ms "Streams group: session timeout";
}
