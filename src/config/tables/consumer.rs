//! Configs of consumers.

use super::rows;
use crate::config::validator::ANY_LIST;
use crate::config::validator::Validator::{
    Any, AtLeast, ListOf, NonEmptyText, OffsetReset, OneOf, OneOfIgnoringCase, ShareMode,
};

rows! {
    /// What Kafka defines before its security configs.
    BEFORE:
    List "bootstrap.servers" = required [ListOf { allowed: &[], empty: false, null: false }] High None
        "First addresses of the cluster; the rest is learnt from them";
    String "client.dns.lookup" = "use_all_dns_ips" [OneOf(&["use_all_dns_ips", "resolve_canonical_bootstrap_servers_only"])] Medium None
        "Whether all addresses behind a name are tried, or names are resolved first";
    String "group.id" = null [Any] High None
        "The group whose members share the partitions of their topics"
        / "Группа, участники которой делят между собой partition своих топиков";
    String "group.instance.id" = null [NonEmptyText] Medium None
        "Makes the member static: a restart within the session moves no partition"
        / "Делает участника static: перезапуск в пределах сессии не двигает partition";
    Int "session.timeout.ms" = "45000" [Any] High Ms
        "Without heartbeats for so long a member counts as dead"
        / "Столько без heartbeat — и участник считается мёртвым";
    Int "heartbeat.interval.ms" = "3000" [Any] High Ms
        "How often a member says that it lives"
        / "Как часто участник сообщает, что жив";
    List "partition.assignment.strategy" = "org.apache.kafka.clients.consumer.RangeAssignor,org.apache.kafka.clients.consumer.CooperativeStickyAssignor" [ANY_LIST] Medium None
        "Assignors a member supports, the preferred first; classic protocol only"
        / "Какие assignor умеет участник, лучший первым; только протокол classic";
    Long "metadata.max.age.ms" = "300000" [AtLeast(0)] Low Ms
        "Ask anew who leads what at least this often"
        / "Как часто заново спрашивать, кто чей leader";
    Boolean "enable.auto.commit" = "true" [Any] Medium None
        "Commit the position in the background by itself"
        / "Самому фиксировать позицию в фоне";
    Int "auto.commit.interval.ms" = "5000" [AtLeast(0)] Low Ms
        "How often the position is committed automatically"
        / "Как часто позиция фиксируется автоматически";
    String "client.id" = "" [Any] Low None
        "Name of the client in logs, metrics and quotas"
        / "Имя клиента в журналах, метриках и квотах";
    String "client.rack" = "" [Any] Low None
        "Where the consumer stands, so that it may read from a follower near by"
        / "Где стоит consumer, чтобы читать у ближайшего follower";
    Int "max.partition.fetch.bytes" = "1048576" [AtLeast(0)] High Bytes
        "How much of one partition a fetch brings at most"
        / "Сколько из одной partition приносит один fetch";
    Int "send.buffer.bytes" = "131072" [AtLeast(-1)] Medium Bytes
        "Send buffer of a socket; -1 leaves it to the system";
    Int "receive.buffer.bytes" = "65536" [AtLeast(-1)] Medium Bytes
        "Receive buffer of a socket; -1 leaves it to the system";
    Int "fetch.min.bytes" = "1" [AtLeast(0)] High Bytes
        "A broker answers a fetch once it has so much, or when it has waited long enough"
        / "Broker отвечает на fetch, когда накопит столько или дождётся срока";
    Int "fetch.max.bytes" = "52428800" [AtLeast(0)] Medium Bytes
        "How much one fetch brings at most, whatever the number of partitions"
        / "Сколько приносит один fetch, сколько бы ни было partition";
    Int "fetch.max.wait.ms" = "500" [AtLeast(0)] Low Ms
        "How long a broker may wait for fetch.min.bytes"
        / "Сколько broker может ждать fetch.min.bytes";
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
    String "auto.offset.reset" = "latest" [OffsetReset] Medium None
        "Where to start when there is no committed offset, or none that still exists"
        / "Откуда начать, если offset не зафиксирован или его уже нет";
    Boolean "check.crcs" = "true" [Any] Low None
        "Check that records arrived as they were written"
        / "Проверять, что записи пришли такими, какими были записаны";
    Long "metrics.sample.window.ms" = "30000" [AtLeast(0)] Low Ms "How long a metric's sample lasts";
    Int "metrics.num.samples" = "2" [AtLeast(1)] Low Count "Samples kept for a metric";
    String "metrics.recording.level" = "INFO" [OneOf(&["INFO", "DEBUG", "TRACE"])] Low None
        "Which metrics are taken";
    List "metric.reporters" = "org.apache.kafka.common.metrics.JmxReporter" [ANY_LIST] Low None
        "Classes that metrics are reported to";
    Class "key.deserializer" = required [Any] High None "How bytes become keys";
    Class "value.deserializer" = required [Any] High None "How bytes become values";
    Int "request.timeout.ms" = "30000" [AtLeast(0)] Medium Ms
        "How long to wait for the answer to one request"
        / "Сколько ждать ответа на один запрос";
    Int "default.api.timeout.ms" = "60000" [AtLeast(0)] Medium Ms
        "How long calls without a timeout of their own may take"
        / "Сколько могут длиться вызовы без своего тайм-аута";
    Long "socket.connection.setup.timeout.ms" = "10000" [Any] Medium Ms
        "How long a connection may take to be set up at first";
    Long "socket.connection.setup.timeout.max.ms" = "30000" [Any] Medium Ms
        "How long a connection may take to be set up at most";
    Long "connections.max.idle.ms" = "540000" [Any] Medium Ms "Close connections not used for so long";
    List "interceptor.classes" = "" [ANY_LIST] Low None "Classes that see, and may change, every record";
    Int "max.poll.records" = "500" [AtLeast(1)] Medium Count
        "How many records one poll() returns at most"
        / "Сколько записей самое большее вернёт один poll()";
    Int "max.poll.interval.ms" = "300000" [AtLeast(1)] Medium Ms
        "Without a poll() for so long a member leaves the group"
        / "Столько без poll() — и участник выходит из группы";
    Boolean "exclude.internal.topics" = "true" [Any] Medium None
        "A pattern subscription passes over Kafka's own topics"
        / "Подписка по шаблону пропускает внутренние топики Kafka";
    Boolean internal "internal.throw.on.fetch.stable.offset.unsupported" = "false" [Any] Low None
        "Throw if a broker cannot tell stable offsets";
    String "isolation.level" = "read_uncommitted" [OneOf(&["read_committed", "read_uncommitted"])] Medium None
        "read_committed hides records of open and aborted transactions"
        / "read_committed скрывает записи открытых и прерванных транзакций";
    Boolean "allow.auto.create.topics" = "true" [Any] Medium None
        "Let a subscription create a missing topic, if brokers allow it"
        / "Разрешить подписке создать отсутствующий топик, если broker позволит";
    String "group.protocol" = "classic" [OneOfIgnoringCase(&["CONSUMER", "CLASSIC"])] High None
        "classic: members compute the assignment; consumer: the coordinator does (KIP-848)"
        / "classic: назначение считают участники; consumer: coordinator (KIP-848)";
    String "group.remote.assignor" = null [Any] Medium None
        "Which of the coordinator's assignors to use; consumer protocol only"
        / "Какой assignor взять у coordinator; только протокол consumer";
    String "security.providers" = null [Any] Low None "Java security providers";
    String "security.protocol" = "PLAINTEXT" [OneOfIgnoringCase(&["SASL_SSL", "PLAINTEXT", "SSL", "SASL_PLAINTEXT"])] Medium None
        "Plain text, TLS, SASL, or both";
}

rows! {
    /// What Kafka defines after its security configs.
    AFTER:
    String "metadata.recovery.strategy" = "rebootstrap" [OneOfIgnoringCase(&["REBOOTSTRAP", "NONE"])] Low None
        "What a client does that knows no broker it can reach";
    Long "metadata.recovery.rebootstrap.trigger.ms" = "300000" [AtLeast(0)] Low Ms
        "Without metadata for so long, start again from bootstrap.servers";
    String "share.acknowledgement.mode" = "implicit" [ShareMode(&["implicit", "explicit"])] Medium None
        "Share groups: whether records are acknowledged one by one";
    String "share.acquire.mode" = "BATCH_OPTIMIZED" [ShareMode(&["batch_optimized", "record_limit"])] Medium None
        "Share groups: whether whole batches or a number of records are acquired";
    List "config.providers" = "" [ANY_LIST] Low None "Names of providers that fill in values from elsewhere";
}
