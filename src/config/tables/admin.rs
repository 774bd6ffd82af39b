//! Configs of the admin client, which the command line tools are.

use super::rows;
use crate::config::validator::ANY_LIST;
use crate::config::validator::Validator::{Any, Between};

rows! {
    /// What Kafka defines before its security configs.
    BEFORE:
    List "bootstrap.controllers" = "" [ANY_LIST] High None
        "First addresses of the controllers, to talk to them directly";
    List "bootstrap.servers" = "" [ANY_LIST] High None
        "First addresses of the cluster; the rest is learnt from them";
    shared "client.dns.lookup";
    shared unmodelled "client.id";
    Long "connections.max.idle.ms" = "300000" [Any] Medium Ms "Close connections not used for so long";
    shared unmodelled "default.api.timeout.ms";
    Boolean "enable.metrics.push" = "false" [Any] Low None
        "Send the client's metrics to the brokers, if they ask for them";
    shared unmodelled "metadata.max.age.ms";
    shared "metric.reporters";
    shared "metrics.num.samples";
    shared "metrics.recording.level";
    shared "metrics.sample.window.ms";
    shared "receive.buffer.bytes";
    shared unmodelled "reconnect.backoff.max.ms";
    shared unmodelled "reconnect.backoff.ms";
    shared unmodelled "request.timeout.ms";
    Int "retries" = "2147483647" [Between(0, 2_147_483_647)] Low Count
        "How often a failed call is tried again";
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
