//! Configs that several clients have, and brokers some of them: the tables name them where Kafka
//! defines them.

use super::{rows, sasl, ssl};
use crate::config::ConfigDef;
use crate::config::validator::ANY_LIST;
use crate::config::validator::Validator::{
    Any, AtLeast, Between, GzipLevel, ListOf, OneOf, OneOfIgnoringCase,
};

/// The shared row of that name; there has to be one.
pub(super) const fn row(name: &str) -> ConfigDef {
    let tables = [ROWS, sasl::CLIENT, ssl::CLIENT];
    let mut table = 0;
    while table < tables.len() {
        let mut at = 0;
        while at < tables[table].len() {
            if is_same(tables[table][at].name, name) {
                return tables[table][at];
            }
            at += 1;
        }
        table += 1;
    }
    panic!("no shared row has that name")
}

/// `==`, at compile time.
const fn is_same(one: &str, other: &str) -> bool {
    let (one, other) = (one.as_bytes(), other.as_bytes());
    let mut at = 0;
    while at < one.len() && at < other.len() && one[at] == other[at] {
        at += 1;
    }
    at == one.len() && at == other.len()
}

rows! {
    ROWS:
    List "bootstrap.servers" = required [ListOf { allowed: &[], empty: false, null: false }] High None;
    String "client.dns.lookup" = "use_all_dns_ips" [OneOf(&["use_all_dns_ips", "resolve_canonical_bootstrap_servers_only"])] Medium None;
    Int "compression.gzip.level" = "-1" [GzipLevel] Medium None;
    Int "compression.lz4.level" = "9" [Between(1, 17)] Medium None;
    Int "compression.zstd.level" = "3" [Between(-131_072, 22)] Medium None;
    String modelled "client.id" = "" [Any] Medium None;
    Int "send.buffer.bytes" = "131072" [AtLeast(-1)] Medium Bytes;
    Int "receive.buffer.bytes" = "65536" [AtLeast(-1)] Medium Bytes;
    Long modelled "reconnect.backoff.ms" = "50" [AtLeast(0)] Low Ms;
    Long modelled "reconnect.backoff.max.ms" = "1000" [AtLeast(0)] Low Ms;
    Long modelled "retry.backoff.ms" = "100" [AtLeast(0)] Low Ms;
    Long modelled "retry.backoff.max.ms" = "1000" [AtLeast(0)] Low Ms;
    Boolean "enable.metrics.push" = "true" [Any] Low None;
    Int modelled "request.timeout.ms" = "30000" [AtLeast(0)] Medium Ms;
    Long modelled "metadata.max.age.ms" = "300000" [AtLeast(0)] Low Ms;
    Long "metrics.sample.window.ms" = "30000" [AtLeast(0)] Low Ms;
    Int "metrics.num.samples" = "2" [AtLeast(1)] Low Count;
    String "metrics.recording.level" = "INFO" [OneOf(&["INFO", "DEBUG", "TRACE"])] Low None;
    List "metric.reporters" = "org.apache.kafka.common.metrics.JmxReporter" [ANY_LIST] Low None;
    Long "socket.connection.setup.timeout.ms" = "10000" [Any] Medium Ms;
    Long "socket.connection.setup.timeout.max.ms" = "30000" [Any] Medium Ms;
    Long "connections.max.idle.ms" = "540000" [Any] Medium Ms;
    List "interceptor.classes" = "" [ANY_LIST] Low None;
    String "security.protocol" = "PLAINTEXT" [OneOfIgnoringCase(&["SASL_SSL", "PLAINTEXT", "SSL", "SASL_PLAINTEXT"])] Medium None;
    String "security.providers" = null [Any] Low None;
    String "metadata.recovery.strategy" = "rebootstrap" [OneOfIgnoringCase(&["REBOOTSTRAP", "NONE"])] Low None;
    Long "metadata.recovery.rebootstrap.trigger.ms" = "300000" [AtLeast(0)] Low Ms;
    List "config.providers" = "" [ANY_LIST] Low None;
    Int modelled "default.api.timeout.ms" = "60000" [AtLeast(0)] Medium Ms;
}
