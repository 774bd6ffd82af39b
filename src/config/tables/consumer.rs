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
    shared "metadata.max.age.ms";
    Boolean "enable.auto.commit" = "true" [Any] Medium None
        "Commit the position in the background by itself"
        / "Самому фиксировать позицию в фоне";
    Int "auto.commit.interval.ms" = "5000" [AtLeast(0)] Low Ms
        "How often the position is committed automatically"
        / "Как часто позиция фиксируется автоматически";
    shared low "client.id";
    String "client.rack" = "" [Any] Low None
        "Where the consumer stands, so that it may read from a follower near by"
        / "Где стоит consumer, чтобы читать у ближайшего follower";
    Int "max.partition.fetch.bytes" = "1048576" [AtLeast(0)] High Bytes
        "How much of one partition a fetch brings at most"
        / "Сколько из одной partition приносит один fetch";
    shared "send.buffer.bytes";
    shared "receive.buffer.bytes";
    Int "fetch.min.bytes" = "1" [AtLeast(0)] High Bytes
        "A broker answers a fetch once it has so much, or when it has waited long enough"
        / "Broker отвечает на fetch, когда накопит столько или дождётся срока";
    Int "fetch.max.bytes" = "52428800" [AtLeast(0)] Medium Bytes
        "How much one fetch brings at most, whatever the number of partitions"
        / "Сколько приносит один fetch, сколько бы ни было partition";
    Int "fetch.max.wait.ms" = "500" [AtLeast(0)] Low Ms
        "How long a broker may wait for fetch.min.bytes"
        / "Сколько broker может ждать fetch.min.bytes";
    shared "reconnect.backoff.ms";
    shared "reconnect.backoff.max.ms";
    shared "retry.backoff.ms";
    shared "retry.backoff.max.ms";
    shared "enable.metrics.push";
    String "auto.offset.reset" = "latest" [OffsetReset] Medium None
        "Where to start when there is no committed offset, or none that still exists"
        / "Откуда начать, если offset не зафиксирован или его уже нет";
    Boolean "check.crcs" = "true" [Any] Low None
        "Check that records arrived as they were written"
        / "Проверять, что записи пришли такими, какими были записаны";
    shared "metrics.sample.window.ms";
    shared "metrics.num.samples";
    shared "metrics.recording.level";
    shared "metric.reporters";
    Class "key.deserializer" = required [Any] High None "How bytes become keys";
    Class "value.deserializer" = required [Any] High None "How bytes become values";
    shared "request.timeout.ms";
    shared "default.api.timeout.ms";
    shared "socket.connection.setup.timeout.ms";
    shared "socket.connection.setup.timeout.max.ms";
    shared "connections.max.idle.ms";
    shared "interceptor.classes";
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
    shared "security.providers";
    shared "security.protocol";
}

rows! {
    /// What Kafka defines after its security configs.
    AFTER:
    shared "metadata.recovery.strategy";
    shared "metadata.recovery.rebootstrap.trigger.ms";
    String "share.acknowledgement.mode" = "implicit" [ShareMode(&["implicit", "explicit"])] Medium None
        "Share groups: whether records are acknowledged one by one";
    String "share.acquire.mode" = "BATCH_OPTIMIZED" [ShareMode(&["batch_optimized", "record_limit"])] Medium None
        "Share groups: whether whole batches or a number of records are acquired";
    shared "config.providers";
}
