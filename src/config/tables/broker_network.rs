//! Sockets, threads, quotas, metrics, and the rest of a server.

use super::rows;
use crate::config::validator::ANY_LIST;
use crate::config::validator::Validator::{Any, AtLeast, ListOf};

rows! {
    ROWS:
    List live "advertised.listeners" = null [ListOf { allowed: &[], empty: false, null: true }] High None
        "Addresses that clients are told";
    Class "alter.config.policy.class.name" = null [Any] Low None "Class that may refuse changes of configs";
    Int "alter.log.dirs.replication.quota.window.num" = "11" [AtLeast(1)] Low Count
        "Samples kept for the quota on moves between disks";
    Int "alter.log.dirs.replication.quota.window.size.seconds" = "1" [AtLeast(1)] Low Seconds
        "Length of a sample for the quota on moves between disks";
    Int live "background.threads" = "10" [AtLeast(1)] High Count "Threads for background tasks";
    Class "client.quota.callback.class" = null [Any] Low None "Class that decides on client quotas";
    shared "config.providers";
    Long "connections.max.idle.ms" = "600000" [Any] Medium Ms "Close connections not used for so long";
    Class "create.topic.policy.class.name" = null [Any] Low None "Class that may refuse new topics";
    Int "delete.records.purgatory.purge.interval.requests" = "1" [Any] Medium Count
        "After how many finished requests this purgatory is purged";
    List "early.start.listeners" = null [ListOf { allowed: &[], empty: true, null: true }] High None
        "Listeners that open before the broker is authorised";
    Int "fetch.purgatory.purge.interval.requests" = "1000" [Any] Medium Count
        "After how many finished requests this purgatory is purged";
    String "inter.broker.listener.name" = null [Any] Medium None "Listener that brokers use among themselves";
    Int "kafka.metrics.polling.interval.secs" = "10" [AtLeast(1)] Low Seconds
        "How often Yammer metrics are read";
    List "kafka.metrics.reporters" = "" [ANY_LIST] Low None "Classes that Yammer metrics are reported to";
    String live "listener.security.protocol.map" = "SASL_SSL:SASL_SSL,PLAINTEXT:PLAINTEXT,SSL:SSL,SASL_PLAINTEXT:SASL_PLAINTEXT" [Any] Low None
        "Which listener speaks which security protocol";
    List live "listeners" = "PLAINTEXT://:9092" [ListOf { allowed: &[], empty: false, null: false }] High None
        "Addresses a server listens on";
    Int live "max.connection.creation.rate" = "2147483647" [AtLeast(0)] Medium Count
        "New connections a second";
    Int live "max.connections" = "2147483647" [AtLeast(0)] Medium Count "Connections of a broker";
    Int live "max.connections.per.ip" = "2147483647" [AtLeast(0)] Medium Count "Connections from one address";
    String live "max.connections.per.ip.overrides" = "" [Any] Medium None
        "Connections from certain addresses";
    Int "max.incremental.fetch.session.cache.slots" = "1000" [AtLeast(0)] Medium Count
        "Fetch sessions a broker remembers";
    Int "max.request.partition.size.limit" = "2000" [AtLeast(1)] Medium Count
        "Partitions that one request may ask about";
    shared live "metric.reporters";
    shared "metrics.num.samples";
    String "metrics.recording.level" = "INFO" [Any] Low None "Which metrics are taken";
    Long "metrics.sample.window.ms" = "30000" [AtLeast(1)] Low Ms "How long a metric's sample lasts";
    Int live "num.io.threads" = "8" [AtLeast(1)] High Count "Threads that handle requests";
    Int live "num.network.threads" = "3" [AtLeast(1)] High Count
        "Threads that read requests and write answers, for each listener";
    Int live "num.recovery.threads.per.data.dir" = "2" [AtLeast(1)] High Count
        "Threads for each log directory at start and stop";
    Int "num.replica.alter.log.dirs.threads" = null [Any] High Count
        "Threads that move replicas between disks";
    Int "producer.purgatory.purge.interval.requests" = "1000" [Any] Medium Count
        "After how many finished requests this purgatory is purged";
    Long "queued.max.request.bytes" = "-1" [Any] Medium Bytes
        "Bytes of requests that may wait; -1 is no limit";
    Int "queued.max.requests" = "500" [AtLeast(1)] High Count
        "Requests that may wait before sockets are no longer read";
    Int "quota.window.num" = "11" [AtLeast(1)] Low Count "Samples kept for client quotas";
    Int "quota.window.size.seconds" = "1" [AtLeast(1)] Low Seconds "Length of a sample for client quotas";
    Int "replication.quota.window.num" = "11" [AtLeast(1)] Low Count "Samples kept for replication quotas";
    Int "replication.quota.window.size.seconds" = "1" [AtLeast(1)] Low Seconds
        "Length of a sample for replication quotas";
    Long internal "server.max.startup.time.ms" = "9223372036854775807" [AtLeast(0)] Medium Ms
        "How long a server may take to start";
    shared "socket.connection.setup.timeout.max.ms";
    shared "socket.connection.setup.timeout.ms";
    Int "socket.listen.backlog.size" = "50" [AtLeast(1)] Medium Count
        "Connections that may wait to be accepted";
    Int "socket.receive.buffer.bytes" = "102400" [Any] High Bytes "Receive buffer of a server's sockets";
    Int "socket.request.max.bytes" = "104857600" [AtLeast(1)] High Bytes "The largest request a server takes";
    Int "socket.send.buffer.bytes" = "102400" [Any] High Bytes "Send buffer of a server's sockets";
    Int "telemetry.max.bytes" = "1048576" [AtLeast(1)] Low Bytes "The largest metrics a client may push";
    Boolean internal "unstable.api.versions.enable" = "false" [Any] High None
        "Speak API versions that are not finished";
    Boolean internal "unstable.feature.versions.enable" = "false" [Any] High None
        "Allow feature versions that are not finished";
}
