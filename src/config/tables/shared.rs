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
    List "bootstrap.servers" = required [ListOf { allowed: &[], empty: false, null: false }] High None
        "First addresses of the cluster; the rest is learnt from them";
    String "client.dns.lookup" = "use_all_dns_ips" [OneOf(&["use_all_dns_ips", "resolve_canonical_bootstrap_servers_only"])] Medium None
        "Whether all addresses behind a name are tried, or names are resolved first";
    Int "compression.gzip.level" = "-1" [GzipLevel] Medium None "How hard gzip tries";
    Int "compression.lz4.level" = "9" [Between(1, 17)] Medium None "How hard lz4 tries";
    Int "compression.zstd.level" = "3" [Between(-131_072, 22)] Medium None "How hard zstd tries";
    String "client.id" = "" [Any] Medium None
        "Name of the client in logs, metrics and quotas"
        / "Имя клиента в журналах, метриках и квотах";
    Int "send.buffer.bytes" = "131072" [AtLeast(-1)] Medium Bytes
        "Send buffer of a socket; -1 leaves it to the system";
    Int "receive.buffer.bytes" = "65536" [AtLeast(-1)] Medium Bytes
        "Receive buffer of a socket; -1 leaves it to the system";
    Long "reconnect.backoff.ms" = "50" [AtLeast(0)] Low Ms
        "How long to wait before connecting to a lost broker again"
        / "Пауза перед новым подключением к потерянному broker";
    Long "reconnect.backoff.max.ms" = "1000" [AtLeast(0)] Low Ms
        "The longest wait between attempts to connect"
        / "Самая долгая пауза между попытками подключения";
    Long "retry.backoff.ms" = "100" [AtLeast(0)] Low Ms
        "How long to wait before the first retry; then twice as long each time"
        / "Пауза перед первым повтором; дальше каждый раз вдвое дольше";
    Long "retry.backoff.max.ms" = "1000" [AtLeast(0)] Low Ms
        "The longest wait between retries"
        / "Самая долгая пауза между повторами";
    Boolean "enable.metrics.push" = "true" [Any] Low None
        "Send the client's metrics to the brokers, if they ask for them";
    Int "request.timeout.ms" = "30000" [AtLeast(0)] Medium Ms
        "How long to wait for the answer to one request"
        / "Сколько ждать ответа на один запрос";
    Long "metadata.max.age.ms" = "300000" [AtLeast(0)] Low Ms
        "Ask anew who leads what at least this often"
        / "Как часто заново спрашивать, кто чей leader";
    Long "metrics.sample.window.ms" = "30000" [AtLeast(0)] Low Ms "How long a metric's sample lasts";
    Int "metrics.num.samples" = "2" [AtLeast(1)] Low Count "Samples kept for a metric";
    String "metrics.recording.level" = "INFO" [OneOf(&["INFO", "DEBUG", "TRACE"])] Low None
        "Which metrics are taken";
    List "metric.reporters" = "org.apache.kafka.common.metrics.JmxReporter" [ANY_LIST] Low None
        "Classes that metrics are reported to";
    Long "socket.connection.setup.timeout.ms" = "10000" [Any] Medium Ms
        "How long a connection may take to be set up at first";
    Long "socket.connection.setup.timeout.max.ms" = "30000" [Any] Medium Ms
        "How long a connection may take to be set up at most";
    Long "connections.max.idle.ms" = "540000" [Any] Medium Ms "Close connections not used for so long";
    List "interceptor.classes" = "" [ANY_LIST] Low None "Classes that see, and may change, every record";
    String "security.protocol" = "PLAINTEXT" [OneOfIgnoringCase(&["SASL_SSL", "PLAINTEXT", "SSL", "SASL_PLAINTEXT"])] Medium None
        "Plain text, TLS, SASL, or both";
    String "security.providers" = null [Any] Low None "Java security providers";
    String "metadata.recovery.strategy" = "rebootstrap" [OneOfIgnoringCase(&["REBOOTSTRAP", "NONE"])] Low None
        "What a client does that knows no broker it can reach";
    Long "metadata.recovery.rebootstrap.trigger.ms" = "300000" [AtLeast(0)] Low Ms
        "Without metadata for so long, start again from bootstrap.servers";
    List "config.providers" = "" [ANY_LIST] Low None "Names of providers that fill in values from elsewhere";
    Int "default.api.timeout.ms" = "60000" [AtLeast(0)] Medium Ms
        "How long calls without a timeout of their own may take"
        / "Сколько могут длиться вызовы без своего тайм-аута";
}
