//! Configs of producers.

use super::rows;
use crate::config::validator::ANY_LIST;
use crate::config::validator::Validator::{
    Any, AtLeast, Between, GzipLevel, ListOf, NonEmptyText, OneOf, OneOfIgnoringCase,
};

rows! {
    /// What Kafka defines before its security configs.
    BEFORE:
    List "bootstrap.servers" = required [ListOf { allowed: &[], empty: false, null: false }] High None "";
    String "client.dns.lookup" = "use_all_dns_ips" [OneOf(&["use_all_dns_ips", "resolve_canonical_bootstrap_servers_only"])] Medium None
        "";
    Long "buffer.memory" = "33554432" [AtLeast(0)] High Bytes
        ""
        / "";
    Int "retries" = "2147483647" [Between(0, 2_147_483_647)] High Count
        ""
        / "";
    String "acks" = "all" [OneOf(&["all", "-1", "0", "1"])] Low None
        ""
        / "";
    String "compression.type" = "none" [OneOf(&["none", "gzip", "snappy", "lz4", "zstd"])] High None
        ""
        / "";
    Int "compression.gzip.level" = "-1" [GzipLevel] Medium None "";
    Int "compression.lz4.level" = "9" [Between(1, 17)] Medium None "";
    Int "compression.zstd.level" = "3" [Between(-131_072, 22)] Medium None "";
    Int "batch.size" = "16384" [AtLeast(0)] Medium Bytes
        ""
        / "";
    Boolean "partitioner.adaptive.partitioning.enable" = "true" [Any] Low None
        ""
        / "";
    Long "partitioner.availability.timeout.ms" = "0" [AtLeast(0)] Low Ms
        ""
        / "";
    Boolean "partitioner.ignore.keys" = "false" [Any] Medium None
        ""
        / "";
    Long "linger.ms" = "5" [AtLeast(0)] Medium Ms
        ""
        / "";
    Int "delivery.timeout.ms" = "120000" [AtLeast(0)] Medium Ms
        ""
        / "";
    String "client.id" = "" [Any] Medium None
        ""
        / "";
    Int "send.buffer.bytes" = "131072" [AtLeast(-1)] Medium Bytes "";
    Int "receive.buffer.bytes" = "32768" [AtLeast(-1)] Medium Bytes "";
    Int "max.request.size" = "1048576" [AtLeast(0)] Medium Bytes
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
    Long "max.block.ms" = "60000" [AtLeast(0)] Medium Ms
        ""
        / "";
    Int "request.timeout.ms" = "30000" [AtLeast(0)] Medium Ms
        ""
        / "";
    Long "metadata.max.age.ms" = "300000" [AtLeast(0)] Low Ms
        ""
        / "";
    Long "metadata.max.idle.ms" = "300000" [AtLeast(5000)] Low Ms
        ""
        / "";
    Long "metrics.sample.window.ms" = "30000" [AtLeast(0)] Low Ms "";
    Int "metrics.num.samples" = "2" [AtLeast(1)] Low Count "";
    String "metrics.recording.level" = "INFO" [OneOf(&["INFO", "DEBUG", "TRACE"])] Low None "";
    List "metric.reporters" = "org.apache.kafka.common.metrics.JmxReporter" [ANY_LIST] Low None "";
    Int "max.in.flight.requests.per.connection" = "5" [AtLeast(1)] Low Count
        ""
        / "";
    Class "key.serializer" = required [Any] High None "";
    Class "value.serializer" = required [Any] High None "";
    Long "socket.connection.setup.timeout.ms" = "10000" [Any] Medium Ms "";
    Long "socket.connection.setup.timeout.max.ms" = "30000" [Any] Medium Ms "";
    Long "connections.max.idle.ms" = "540000" [Any] Medium Ms "";
    Class "partitioner.class" = null [Any] Medium None
        ""
        / "";
    List "interceptor.classes" = "" [ANY_LIST] Low None "";
    String "security.protocol" = "PLAINTEXT" [OneOfIgnoringCase(&["SASL_SSL", "PLAINTEXT", "SSL", "SASL_PLAINTEXT"])] Medium None
        "";
    String "security.providers" = null [Any] Low None "";
}

rows! {
    /// What Kafka defines after its security configs.
    AFTER:
    Boolean "enable.idempotence" = "true" [Any] Low None
        ""
        / "";
    Int "transaction.timeout.ms" = "60000" [Any] Low Ms
        ""
        / "";
    String "transactional.id" = null [NonEmptyText] Low None
        ""
        / "";
    Boolean "transaction.two.phase.commit.enable" = "false" [Any] Low None "";
    String "metadata.recovery.strategy" = "rebootstrap" [OneOfIgnoringCase(&["REBOOTSTRAP", "NONE"])] Low None
        "";
    Long "metadata.recovery.rebootstrap.trigger.ms" = "300000" [AtLeast(0)] Low Ms "";
    List "config.providers" = "" [ANY_LIST] Low None "";
}
