//! Configs of consumers.

use super::rows;
use crate::config::validator::ANY_LIST;
use crate::config::validator::Validator::{
    Any, AtLeast, NonEmptyText, OffsetReset, OneOf, OneOfIgnoringCase, ShareMode,
};

rows! {
    /// What Kafka defines before its security configs.
    BEFORE:
    shared "bootstrap.servers";
    shared "client.dns.lookup";
    String modelled "group.id" = null [Any] High None;
    String modelled "group.instance.id" = null [NonEmptyText] Medium None;
    Int modelled "session.timeout.ms" = "45000" [Any] High Ms;
    Int modelled "heartbeat.interval.ms" = "3000" [Any] High Ms;
    List modelled "partition.assignment.strategy" = "org.apache.kafka.clients.consumer.RangeAssignor,org.apache.kafka.clients.consumer.CooperativeStickyAssignor" [ANY_LIST] Medium None;
    shared "metadata.max.age.ms";
    Boolean modelled "enable.auto.commit" = "true" [Any] Medium None;
    Int modelled "auto.commit.interval.ms" = "5000" [AtLeast(0)] Low Ms;
    shared low "client.id";
    String modelled "client.rack" = "" [Any] Low None;
    Int modelled "max.partition.fetch.bytes" = "1048576" [AtLeast(0)] High Bytes;
    shared "send.buffer.bytes";
    shared "receive.buffer.bytes";
    Int modelled "fetch.min.bytes" = "1" [AtLeast(0)] High Bytes;
    Int modelled "fetch.max.bytes" = "52428800" [AtLeast(0)] Medium Bytes;
    Int modelled "fetch.max.wait.ms" = "500" [AtLeast(0)] Low Ms;
    shared "reconnect.backoff.ms";
    shared "reconnect.backoff.max.ms";
    shared "retry.backoff.ms";
    shared "retry.backoff.max.ms";
    shared "enable.metrics.push";
    String modelled "auto.offset.reset" = "latest" [OffsetReset] Medium None;
    Boolean modelled "check.crcs" = "true" [Any] Low None;
    shared "metrics.sample.window.ms";
    shared "metrics.num.samples";
    shared "metrics.recording.level";
    shared "metric.reporters";
    Class "key.deserializer" = required [Any] High None;
    Class "value.deserializer" = required [Any] High None;
    shared "request.timeout.ms";
    shared "default.api.timeout.ms";
    shared "socket.connection.setup.timeout.ms";
    shared "socket.connection.setup.timeout.max.ms";
    shared "connections.max.idle.ms";
    shared "interceptor.classes";
    Int modelled "max.poll.records" = "500" [AtLeast(1)] Medium Count;
    Int modelled "max.poll.interval.ms" = "300000" [AtLeast(1)] Medium Ms;
    Boolean modelled "exclude.internal.topics" = "true" [Any] Medium None;
    Boolean internal "internal.throw.on.fetch.stable.offset.unsupported" = "false" [Any] Low None;
    String modelled "isolation.level" = "read_uncommitted" [OneOf(&["read_committed", "read_uncommitted"])] Medium None;
    Boolean modelled "allow.auto.create.topics" = "true" [Any] Medium None;
    String modelled "group.protocol" = "classic" [OneOfIgnoringCase(&["CONSUMER", "CLASSIC"])] High None;
    String modelled "group.remote.assignor" = null [Any] Medium None;
    shared "security.providers";
    shared "security.protocol";
}

rows! {
    /// What Kafka defines after its security configs.
    AFTER:
    shared "metadata.recovery.strategy";
    shared "metadata.recovery.rebootstrap.trigger.ms";
    String "share.acknowledgement.mode" = "implicit" [ShareMode(&["implicit", "explicit"])] Medium None;
    String "share.acquire.mode" = "BATCH_OPTIMIZED" [ShareMode(&["batch_optimized", "record_limit"])] Medium None;
    shared "config.providers";
}
