//! Replication, leadership, and the quorum of controllers.

use super::rows;
use crate::config::validator::Validator::{Any, AtLeast, ListOf, QuorumAddresses};

rows! {
    ROWS:
    Boolean modelled "auto.create.topics.enable" = "true" [Any] High None;
    Boolean modelled "auto.leader.rebalance.enable" = "true" [Any] High None;
    Int modelled "broker.heartbeat.interval.ms" = "2000" [Any] Medium Ms;
    String modelled "broker.rack" = null [Any] Medium None;
    Int modelled "broker.session.timeout.ms" = "9000" [Any] Medium Ms;
    Boolean modelled "controlled.shutdown.enable" = "true" [Any] Medium None;
    Int modelled "controller.quorum.append.linger.ms" = "25" [AtLeast(0)] Medium Ms;
    Int modelled "controller.quorum.election.backoff.max.ms" = "1000" [AtLeast(0)] High Ms;
    Int modelled "controller.quorum.election.timeout.ms" = "1000" [AtLeast(0)] High Ms;
    Int modelled "controller.quorum.fetch.timeout.ms" = "2000" [AtLeast(0)] High Ms;
    Int modelled "controller.quorum.request.timeout.ms" = "2000" [AtLeast(0)] Medium Ms;
    Int modelled "controller.quorum.retry.backoff.ms" = "20" [AtLeast(0)] Low Ms;
    Int modelled "default.replication.factor" = "1" [Any] Medium Count;
    Boolean modelled "delete.topic.enable" = "true" [Any] High None;
    Int modelled "fetch.max.bytes" = "57671680" [AtLeast(1024)] Medium Bytes;
    Int modelled "initial.broker.registration.timeout.ms" = "60000" [Any] Medium Ms;
    Long modelled "leader.imbalance.check.interval.seconds" = "300" [AtLeast(1)] High Seconds;
    Int live modelled "min.insync.replicas" = "1" [AtLeast(1)] High Count;
    Int modelled "num.partitions" = "1" [AtLeast(1)] Medium Count;
    Int live modelled "num.replica.fetchers" = "1" [AtLeast(1)] High Count;
    Int modelled "replica.fetch.backoff.ms" = "1000" [AtLeast(0)] Medium Ms;
    Int modelled "replica.fetch.max.bytes" = "1048576" [AtLeast(0)] Medium Bytes;
    Int modelled "replica.fetch.min.bytes" = "1" [Any] High Bytes;
    Int modelled "replica.fetch.response.max.bytes" = "10485760" [AtLeast(0)] Medium Bytes;
    Int modelled "replica.fetch.wait.max.ms" = "500" [Any] High Ms;
    Long modelled "replica.high.watermark.checkpoint.interval.ms" = "5000" [Any] High Ms;
    Long modelled "replica.lag.time.max.ms" = "30000" [Any] High Ms;
    String modelled "replica.selector.class" = null [Any] Medium None;
    Int modelled "replica.socket.timeout.ms" = "30000" [Any] High Ms;
    Int modelled "request.timeout.ms" = "30000" [Any] High Ms;
    Boolean live modelled "unclean.leader.election.enable" = "false" [Any] High None;
    Long internal modelled "unclean.leader.election.interval.ms" = "300000" [AtLeast(1)] Medium Ms;
    Int "broker.id" = "-1" [Any] High None;
    List "controller.listener.names" = required [ListOf { allowed: &[], empty: false, null: false }] High None;
    Long internal "controller.performance.always.log.threshold.ms" = "2000" [AtLeast(0)] Medium Ms;
    Long internal "controller.performance.sample.period.ms" = "60000" [AtLeast(100)] Medium Ms;
    Boolean "controller.quorum.auto.join.enable" = "false" [Any] Low None;
    List "controller.quorum.bootstrap.servers" = "" [QuorumAddresses] High None;
    Int "controller.quorum.fetch.max.bytes" = "1048576" [AtLeast(1)] Low Bytes;
    Int "controller.quorum.fetch.snapshot.max.bytes" = "1048576" [AtLeast(1)] Low Bytes;
    List "controller.quorum.voters" = "" [QuorumAddresses] High None;
    Int "controller.quota.window.num" = "11" [AtLeast(1)] Low Count;
    Int "controller.quota.window.size.seconds" = "1" [AtLeast(1)] Low Seconds;
    Int "controller.socket.timeout.ms" = "30000" [Any] Medium Ms;
    Int "node.id" = required [AtLeast(0)] High None;
    List "process.roles" = required [ListOf { allowed: &["broker", "controller"], empty: false, null: false }] High None;
    Int "replica.socket.receive.buffer.bytes" = "65536" [Any] High Bytes;
}
