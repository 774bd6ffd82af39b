//! Configs of groups: `kafka-configs.sh --entity-type groups`.

use super::rows;
use crate::config::validator::Validator::{Any, AtLeast, OneOf, ShareOffsetReset};

rows! {
    ROWS:
    Int "consumer.assignment.interval.ms" = "1000" [AtLeast(0)] Medium Ms;
    Int "consumer.heartbeat.interval.ms" = "5000" [AtLeast(1)] Medium Ms;
    Int "consumer.session.timeout.ms" = "45000" [AtLeast(1)] Medium Ms;
    Int "share.assignment.interval.ms" = "1000" [AtLeast(0)] Medium Ms;
    String "share.auto.offset.reset" = "latest" [ShareOffsetReset] Medium None;
    Int "share.delivery.count.limit" = "5" [AtLeast(2)] Medium Count;
    Int "share.heartbeat.interval.ms" = "5000" [AtLeast(1)] Medium Ms;
    String "share.isolation.level" = "read_uncommitted" [OneOf(&["read_committed", "read_uncommitted"])] Medium None;
    Int "share.partition.max.record.locks" = "2000" [AtLeast(100)] Medium Count;
    Int "share.record.lock.duration.ms" = "30000" [AtLeast(1000)] Medium Ms;
    Boolean "share.renew.acknowledge.enable" = "true" [Any] Medium None;
    Int "share.session.timeout.ms" = "45000" [AtLeast(1)] Medium Ms;
    Int "streams.assignment.interval.ms" = "1000" [AtLeast(0)] Medium Ms;
    Int "streams.heartbeat.interval.ms" = "5000" [AtLeast(1)] Medium Ms;
    Int "streams.initial.rebalance.delay.ms" = "3000" [AtLeast(0)] Medium Ms;
    Int "streams.num.standby.replicas" = "0" [AtLeast(0)] Medium Count;
    Int "streams.session.timeout.ms" = "45000" [AtLeast(1)] Medium Ms;
}
