//! Configs of the admin client, which the command line tools are.

use super::rows;
use crate::config::validator::ANY_LIST;
use crate::config::validator::Validator::{Any, AtLeast, Between, OneOf, OneOfIgnoringCase};

rows! {
    /// What Kafka defines before its security configs.
    BEFORE:
    List "bootstrap.controllers" = "" [ANY_LIST] High None
        "First addresses of the controllers, to talk to them directly";
    List "bootstrap.servers" = "" [ANY_LIST] High None
        "First addresses of the cluster; the rest is learnt from them";
    String "client.dns.lookup" = "use_all_dns_ips" [OneOf(&["use_all_dns_ips", "resolve_canonical_bootstrap_servers_only"])] Medium None
        "Whether all addresses behind a name are tried, or names are resolved first";
    String "client.id" = "" [Any] Medium None "Name of the client in logs, metrics and quotas";
    Long "connections.max.idle.ms" = "300000" [Any] Medium Ms "Close connections not used for so long";
    Int "default.api.timeout.ms" = "60000" [AtLeast(0)] Medium Ms
        "How long calls without a timeout of their own may take";
    Boolean "enable.metrics.push" = "false" [Any] Low None
        "Send the client's metrics to the brokers, if they ask for them";
    Long "metadata.max.age.ms" = "300000" [AtLeast(0)] Low Ms "Ask anew who leads what at least this often";
    List "metric.reporters" = "org.apache.kafka.common.metrics.JmxReporter" [ANY_LIST] Low None
        "Classes that metrics are reported to";
    Int "metrics.num.samples" = "2" [AtLeast(1)] Low Count "Samples kept for a metric";
    String "metrics.recording.level" = "INFO" [OneOf(&["INFO", "DEBUG", "TRACE"])] Low None
        "Which metrics are taken";
    Long "metrics.sample.window.ms" = "30000" [AtLeast(0)] Low Ms "How long a metric's sample lasts";
    Int "receive.buffer.bytes" = "65536" [AtLeast(-1)] Medium Bytes
        "Receive buffer of a socket; -1 leaves it to the system";
    Long "reconnect.backoff.max.ms" = "1000" [AtLeast(0)] Low Ms
        "The longest wait between attempts to connect";
    Long "reconnect.backoff.ms" = "50" [AtLeast(0)] Low Ms
        "How long to wait before connecting to a lost broker again";
    Int "request.timeout.ms" = "30000" [AtLeast(0)] Medium Ms
        "How long to wait for the answer to one request";
    Int "retries" = "2147483647" [Between(0, 2_147_483_647)] Low Count
        "How often a failed call is tried again";
    Long "retry.backoff.max.ms" = "1000" [AtLeast(0)] Low Ms "The longest wait between retries";
    Long "retry.backoff.ms" = "100" [AtLeast(0)] Low Ms
        "How long to wait before the first retry; then twice as long each time";
    String "security.protocol" = "PLAINTEXT" [OneOfIgnoringCase(&["SASL_SSL", "PLAINTEXT", "SSL", "SASL_PLAINTEXT"])] Medium None
        "Plain text, TLS, SASL, or both";
    String "security.providers" = null [Any] Low None "Java security providers";
    Int "send.buffer.bytes" = "131072" [AtLeast(-1)] Medium Bytes
        "Send buffer of a socket; -1 leaves it to the system";
    Long "socket.connection.setup.timeout.max.ms" = "30000" [Any] Medium Ms
        "How long a connection may take to be set up at most";
    Long "socket.connection.setup.timeout.ms" = "10000" [Any] Medium Ms
        "How long a connection may take to be set up at first";
}

rows! {
    /// What Kafka defines after its security configs.
    AFTER:
    String "metadata.recovery.strategy" = "rebootstrap" [OneOfIgnoringCase(&["REBOOTSTRAP", "NONE"])] Low None
        "What a client does that knows no broker it can reach";
    Long "metadata.recovery.rebootstrap.trigger.ms" = "300000" [AtLeast(0)] Low Ms
        "Without metadata for so long, start again from bootstrap.servers";
    List "config.providers" = "" [ANY_LIST] Low None "Names of providers that fill in values from elsewhere";
}
