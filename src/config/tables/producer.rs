//! Configs of producers.

use super::rows;
use crate::config::validator::Validator::{Any, AtLeast, Between, NonEmptyText, OneOf};

rows! {
    /// What Kafka defines before its security configs.
    BEFORE:
    shared "bootstrap.servers";
    shared "client.dns.lookup";
    Long modelled "buffer.memory" = "33554432" [AtLeast(0)] High Bytes;
    Int modelled "retries" = "2147483647" [Between(0, 2_147_483_647)] High Count;
    String modelled "acks" = "all" [OneOf(&["all", "-1", "0", "1"])] Low None;
    String modelled "compression.type" = "none" [OneOf(&["none", "gzip", "snappy", "lz4", "zstd"])] High None;
    shared "compression.gzip.level";
    shared "compression.lz4.level";
    shared "compression.zstd.level";
    Int modelled "batch.size" = "16384" [AtLeast(0)] Medium Bytes;
    Boolean modelled "partitioner.adaptive.partitioning.enable" = "true" [Any] Low None;
    Long modelled "partitioner.availability.timeout.ms" = "0" [AtLeast(0)] Low Ms;
    Boolean modelled "partitioner.ignore.keys" = "false" [Any] Medium None;
    Long modelled "linger.ms" = "5" [AtLeast(0)] Medium Ms;
    Int modelled "delivery.timeout.ms" = "120000" [AtLeast(0)] Medium Ms;
    shared "client.id";
    shared "send.buffer.bytes";
    Int "receive.buffer.bytes" = "32768" [AtLeast(-1)] Medium Bytes;
    Int modelled "max.request.size" = "1048576" [AtLeast(0)] Medium Bytes;
    shared "reconnect.backoff.ms";
    shared "reconnect.backoff.max.ms";
    shared "retry.backoff.ms";
    shared "retry.backoff.max.ms";
    shared "enable.metrics.push";
    Long modelled "max.block.ms" = "60000" [AtLeast(0)] Medium Ms;
    Int modelled "request.timeout.ms" = "30000" [AtLeast(0)] Medium Ms;
    shared "metadata.max.age.ms";
    Long modelled "metadata.max.idle.ms" = "300000" [AtLeast(5000)] Low Ms;
    shared "metrics.sample.window.ms";
    shared "metrics.num.samples";
    shared "metrics.recording.level";
    shared "metric.reporters";
    Int modelled "max.in.flight.requests.per.connection" = "5" [AtLeast(1)] Low Count;
    Class "key.serializer" = required [Any] High None;
    Class "value.serializer" = required [Any] High None;
    shared "socket.connection.setup.timeout.ms";
    shared "socket.connection.setup.timeout.max.ms";
    shared "connections.max.idle.ms";
    Class modelled "partitioner.class" = null [Any] Medium None;
    shared "interceptor.classes";
    shared "security.protocol";
    shared "security.providers";
}

rows! {
    /// What Kafka defines after its security configs.
    AFTER:
    Boolean modelled "enable.idempotence" = "true" [Any] Low None;
    Int modelled "transaction.timeout.ms" = "60000" [Any] Low Ms;
    String modelled "transactional.id" = null [NonEmptyText] Low None;
    Boolean "transaction.two.phase.commit.enable" = "false" [Any] Low None;
    shared "metadata.recovery.strategy";
    shared "metadata.recovery.rebootstrap.trigger.ms";
    shared "config.providers";
}
