//! Configs of the admin client, which the command line tools are.

use super::rows;
use crate::config::validator::ANY_LIST;
use crate::config::validator::Validator::{Any, Between};

rows! {
    /// What Kafka defines before its security configs.
    BEFORE:
    List "bootstrap.controllers" = "" [ANY_LIST] High None;
    List "bootstrap.servers" = "" [ANY_LIST] High None;
    shared "client.dns.lookup";
    shared unmodelled "client.id";
    Long "connections.max.idle.ms" = "300000" [Any] Medium Ms;
    shared unmodelled "default.api.timeout.ms";
    Boolean "enable.metrics.push" = "false" [Any] Low None;
    shared unmodelled "metadata.max.age.ms";
    shared "metric.reporters";
    shared "metrics.num.samples";
    shared "metrics.recording.level";
    shared "metrics.sample.window.ms";
    shared "receive.buffer.bytes";
    shared unmodelled "reconnect.backoff.max.ms";
    shared unmodelled "reconnect.backoff.ms";
    shared unmodelled "request.timeout.ms";
    Int "retries" = "2147483647" [Between(0, 2_147_483_647)] Low Count;
    shared unmodelled "retry.backoff.max.ms";
    shared unmodelled "retry.backoff.ms";
    shared "security.protocol";
    shared "security.providers";
    shared "send.buffer.bytes";
    shared "socket.connection.setup.timeout.max.ms";
    shared "socket.connection.setup.timeout.ms";
}

rows! {
    /// What Kafka defines after its security configs.
    AFTER:
    shared "metadata.recovery.strategy";
    shared "metadata.recovery.rebootstrap.trigger.ms";
    shared "config.providers";
}
