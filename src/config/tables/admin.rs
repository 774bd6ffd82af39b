//! Configs of the admin client, which the command line tools are.

use super::rows;
use crate::config::validator::ANY_LIST;
use crate::config::validator::Validator::{Any, AtLeast, Between, OneOf, OneOfIgnoringCase};

rows! {
    /// What Kafka defines before its security configs.
    BEFORE:
    List "bootstrap.controllers" = "" [ANY_LIST] High None "";
    List "bootstrap.servers" = "" [ANY_LIST] High None "";
    String "client.dns.lookup" = "use_all_dns_ips" [OneOf(&["use_all_dns_ips", "resolve_canonical_bootstrap_servers_only"])] Medium None
        "";
    String "client.id" = "" [Any] Medium None "";
    Long "connections.max.idle.ms" = "300000" [Any] Medium Ms "";
    Int "default.api.timeout.ms" = "60000" [AtLeast(0)] Medium Ms "";
    Boolean "enable.metrics.push" = "false" [Any] Low None "";
    Long "metadata.max.age.ms" = "300000" [AtLeast(0)] Low Ms "";
    List "metric.reporters" = "org.apache.kafka.common.metrics.JmxReporter" [ANY_LIST] Low None "";
    Int "metrics.num.samples" = "2" [AtLeast(1)] Low Count "";
    String "metrics.recording.level" = "INFO" [OneOf(&["INFO", "DEBUG", "TRACE"])] Low None "";
    Long "metrics.sample.window.ms" = "30000" [AtLeast(0)] Low Ms "";
    Int "receive.buffer.bytes" = "65536" [AtLeast(-1)] Medium Bytes "";
    Long "reconnect.backoff.max.ms" = "1000" [AtLeast(0)] Low Ms "";
    Long "reconnect.backoff.ms" = "50" [AtLeast(0)] Low Ms "";
    Int "request.timeout.ms" = "30000" [AtLeast(0)] Medium Ms "";
    Int "retries" = "2147483647" [Between(0, 2_147_483_647)] Low Count "";
    Long "retry.backoff.max.ms" = "1000" [AtLeast(0)] Low Ms "";
    Long "retry.backoff.ms" = "100" [AtLeast(0)] Low Ms "";
    String "security.protocol" = "PLAINTEXT" [OneOfIgnoringCase(&["SASL_SSL", "PLAINTEXT", "SSL", "SASL_PLAINTEXT"])] Medium None
        "";
    String "security.providers" = null [Any] Low None "";
    Int "send.buffer.bytes" = "131072" [AtLeast(-1)] Medium Bytes "";
    Long "socket.connection.setup.timeout.max.ms" = "30000" [Any] Medium Ms "";
    Long "socket.connection.setup.timeout.ms" = "10000" [Any] Medium Ms "";
}

rows! {
    /// What Kafka defines after its security configs.
    AFTER:
    String "metadata.recovery.strategy" = "rebootstrap" [OneOfIgnoringCase(&["REBOOTSTRAP", "NONE"])] Low None
        "";
    Long "metadata.recovery.rebootstrap.trigger.ms" = "300000" [AtLeast(0)] Low Ms "";
    List "config.providers" = "" [ANY_LIST] Low None "";
}
