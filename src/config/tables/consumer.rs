//! Configs of consumers.

use super::rows;
use crate::config::validator::ANY_LIST;
use crate::config::validator::Validator::{
    Any, AtLeast, ListOf, NonEmptyText, OffsetReset, OneOf, OneOfIgnoringCase, ShareMode,
};

rows! {
    /// What Kafka defines before its security configs.
    BEFORE:
    List "bootstrap.servers" = required [ListOf { allowed: &[], empty: false, null: false }] High None "";
    String "client.dns.lookup" = "use_all_dns_ips" [OneOf(&["use_all_dns_ips", "resolve_canonical_bootstrap_servers_only"])] Medium None
        "";
    String "group.id" = null [Any] High None
        ""
        / "";
    String "group.instance.id" = null [NonEmptyText] Medium None
        ""
        / "";
    Int "session.timeout.ms" = "45000" [Any] High Ms
        ""
        / "";
    Int "heartbeat.interval.ms" = "3000" [Any] High Ms
        ""
        / "";
    List "partition.assignment.strategy" = "org.apache.kafka.clients.consumer.RangeAssignor,org.apache.kafka.clients.consumer.CooperativeStickyAssignor" [ANY_LIST] Medium None
        ""
        / "";
    Long "metadata.max.age.ms" = "300000" [AtLeast(0)] Low Ms
        ""
        / "";
    Boolean "enable.auto.commit" = "true" [Any] Medium None
        ""
        / "";
    Int "auto.commit.interval.ms" = "5000" [AtLeast(0)] Low Ms
        ""
        / "";
    String "client.id" = "" [Any] Low None
        ""
        / "";
    String "client.rack" = "" [Any] Low None
        ""
        / "";
    Int "max.partition.fetch.bytes" = "1048576" [AtLeast(0)] High Bytes
        ""
        / "";
    Int "send.buffer.bytes" = "131072" [AtLeast(-1)] Medium Bytes "";
    Int "receive.buffer.bytes" = "65536" [AtLeast(-1)] Medium Bytes "";
    Int "fetch.min.bytes" = "1" [AtLeast(0)] High Bytes
        ""
        / "";
    Int "fetch.max.bytes" = "52428800" [AtLeast(0)] Medium Bytes
        ""
        / "";
    Int "fetch.max.wait.ms" = "500" [AtLeast(0)] Low Ms
        ""
        / "";
    Long "reconnect.backoff.ms" = "50" [AtLeast(0)] Low Ms
        ""
        / "";
    Long "reconnect.backoff.max.ms" = "1000" [AtLeast(0)] Low Ms
        ""
        / "";
    Long "retry.backoff.ms" = "100" [AtLeast(0)] Low Ms
        ""
        / "";
    Long "retry.backoff.max.ms" = "1000" [AtLeast(0)] Low Ms
        ""
        / "";
    Boolean "enable.metrics.push" = "true" [Any] Low None "";
    String "auto.offset.reset" = "latest" [OffsetReset] Medium None
        ""
        / "";
    Boolean "check.crcs" = "true" [Any] Low None
        ""
        / "";
    Long "metrics.sample.window.ms" = "30000" [AtLeast(0)] Low Ms "";
    Int "metrics.num.samples" = "2" [AtLeast(1)] Low Count "";
    String "metrics.recording.level" = "INFO" [OneOf(&["INFO", "DEBUG", "TRACE"])] Low None "";
    List "metric.reporters" = "org.apache.kafka.common.metrics.JmxReporter" [ANY_LIST] Low None "";
    Class "key.deserializer" = required [Any] High None "";
    Class "value.deserializer" = required [Any] High None "";
    Int "request.timeout.ms" = "30000" [AtLeast(0)] Medium Ms
        ""
        / "";
    Int "default.api.timeout.ms" = "60000" [AtLeast(0)] Medium Ms
        ""
        / "";
    Long "socket.connection.setup.timeout.ms" = "10000" [Any] Medium Ms "";
    Long "socket.connection.setup.timeout.max.ms" = "30000" [Any] Medium Ms "";
    Long "connections.max.idle.ms" = "540000" [Any] Medium Ms "";
    List "interceptor.classes" = "" [ANY_LIST] Low None "";
    Int "max.poll.records" = "500" [AtLeast(1)] Medium Count
        ""
        / "";
    Int "max.poll.interval.ms" = "300000" [AtLeast(1)] Medium Ms
        ""
        / "";
    Boolean "exclude.internal.topics" = "true" [Any] Medium None
        ""
        / "";
    Boolean internal "internal.throw.on.fetch.stable.offset.unsupported" = "false" [Any] Low None "";
    String "isolation.level" = "read_uncommitted" [OneOf(&["read_committed", "read_uncommitted"])] Medium None
        ""
        / "";
    Boolean "allow.auto.create.topics" = "true" [Any] Medium None
        ""
        / "";
    String "group.protocol" = "classic" [OneOfIgnoringCase(&["CONSUMER", "CLASSIC"])] High None
        ""
        / "";
    String "group.remote.assignor" = null [Any] Medium None
        ""
        / "";
    String "security.providers" = null [Any] Low None "";
    String "security.protocol" = "PLAINTEXT" [OneOfIgnoringCase(&["SASL_SSL", "PLAINTEXT", "SSL", "SASL_PLAINTEXT"])] Medium None
        "";
}

rows! {
    /// What Kafka defines after its security configs.
    AFTER:
    String "metadata.recovery.strategy" = "rebootstrap" [OneOfIgnoringCase(&["REBOOTSTRAP", "NONE"])] Low None
        "";
    Long "metadata.recovery.rebootstrap.trigger.ms" = "300000" [AtLeast(0)] Low Ms "";
    String "share.acknowledgement.mode" = "implicit" [ShareMode(&["implicit", "explicit"])] Medium None "";
    String "share.acquire.mode" = "BATCH_OPTIMIZED" [ShareMode(&["batch_optimized", "record_limit"])] Medium None
        "";
    List "config.providers" = "" [ANY_LIST] Low None "";
}
