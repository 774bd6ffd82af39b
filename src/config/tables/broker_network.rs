//! Sockets, threads, quotas, metrics, and the rest of a server.

use super::rows;
use crate::config::validator::ANY_LIST;
use crate::config::validator::Validator::{Any, AtLeast, ListOf};

rows! {
    ROWS:
    List live "advertised.listeners" = null [ListOf { allowed: &[], empty: false, null: true }] High None;
    Class "alter.config.policy.class.name" = null [Any] Low None;
    Int "alter.log.dirs.replication.quota.window.num" = "11" [AtLeast(1)] Low Count;
    Int "alter.log.dirs.replication.quota.window.size.seconds" = "1" [AtLeast(1)] Low Seconds;
    Int live "background.threads" = "10" [AtLeast(1)] High Count;
    Class "client.quota.callback.class" = null [Any] Low None;
    shared "config.providers";
    Long "connections.max.idle.ms" = "600000" [Any] Medium Ms;
    Class "create.topic.policy.class.name" = null [Any] Low None;
    Int "delete.records.purgatory.purge.interval.requests" = "1" [Any] Medium Count;
    List "early.start.listeners" = null [ListOf { allowed: &[], empty: true, null: true }] High None;
    Int "fetch.purgatory.purge.interval.requests" = "1000" [Any] Medium Count;
    String "inter.broker.listener.name" = null [Any] Medium None;
    Int "kafka.metrics.polling.interval.secs" = "10" [AtLeast(1)] Low Seconds;
    List "kafka.metrics.reporters" = "" [ANY_LIST] Low None;
    String live "listener.security.protocol.map" = "SASL_SSL:SASL_SSL,PLAINTEXT:PLAINTEXT,SSL:SSL,SASL_PLAINTEXT:SASL_PLAINTEXT" [Any] Low None;
    List live "listeners" = "PLAINTEXT://:9092" [ListOf { allowed: &[], empty: false, null: false }] High None;
    Int live "max.connection.creation.rate" = "2147483647" [AtLeast(0)] Medium Count;
    Int live "max.connections" = "2147483647" [AtLeast(0)] Medium Count;
    Int live "max.connections.per.ip" = "2147483647" [AtLeast(0)] Medium Count;
    String live "max.connections.per.ip.overrides" = "" [Any] Medium None;
    Int "max.incremental.fetch.session.cache.slots" = "1000" [AtLeast(0)] Medium Count;
    Int "max.request.partition.size.limit" = "2000" [AtLeast(1)] Medium Count;
    shared live "metric.reporters";
    shared "metrics.num.samples";
    String "metrics.recording.level" = "INFO" [Any] Low None;
    Long "metrics.sample.window.ms" = "30000" [AtLeast(1)] Low Ms;
    Int live "num.io.threads" = "8" [AtLeast(1)] High Count;
    Int live "num.network.threads" = "3" [AtLeast(1)] High Count;
    Int live "num.recovery.threads.per.data.dir" = "2" [AtLeast(1)] High Count;
    Int "num.replica.alter.log.dirs.threads" = null [Any] High Count;
    Int "producer.purgatory.purge.interval.requests" = "1000" [Any] Medium Count;
    Long "queued.max.request.bytes" = "-1" [Any] Medium Bytes;
    Int "queued.max.requests" = "500" [AtLeast(1)] High Count;
    Int "quota.window.num" = "11" [AtLeast(1)] Low Count;
    Int "quota.window.size.seconds" = "1" [AtLeast(1)] Low Seconds;
    Int "replication.quota.window.num" = "11" [AtLeast(1)] Low Count;
    Int "replication.quota.window.size.seconds" = "1" [AtLeast(1)] Low Seconds;
    Long internal "server.max.startup.time.ms" = "9223372036854775807" [AtLeast(0)] Medium Ms;
    shared "socket.connection.setup.timeout.max.ms";
    shared "socket.connection.setup.timeout.ms";
    Int "socket.listen.backlog.size" = "50" [AtLeast(1)] Medium Count;
    Int "socket.receive.buffer.bytes" = "102400" [Any] High Bytes;
    Int "socket.request.max.bytes" = "104857600" [AtLeast(1)] High Bytes;
    Int "socket.send.buffer.bytes" = "102400" [Any] High Bytes;
    Int "telemetry.max.bytes" = "1048576" [AtLeast(1)] Low Bytes;
    Boolean internal "unstable.api.versions.enable" = "false" [Any] High None;
    Boolean internal "unstable.feature.versions.enable" = "false" [Any] High None;
}
