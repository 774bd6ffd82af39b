//! Configs of producers.

use super::rows;
use crate::config::validator::Validator::{Any, AtLeast, Between, NonEmptyText, OneOf};

rows! {
    /// What Kafka defines before its security configs.
    BEFORE:
    shared "bootstrap.servers";
    shared "client.dns.lookup";
    Long "buffer.memory" = "33554432" [AtLeast(0)] High Bytes
        "Memory for records not yet sent; when it is full, send() blocks"
        / "Память под неотправленные записи; когда она занята, send() блокируется";
    Int "retries" = "2147483647" [Between(0, 2_147_483_647)] High Count
        "How often a failed send is tried again before delivery.timeout.ms ends it"
        / "Сколько раз повторять неудачную отправку, пока не выйдет delivery.timeout.ms";
    String "acks" = "all" [OneOf(&["all", "-1", "0", "1"])] Low None
        "Who must have a batch before it counts as sent: nobody (0), the leader (1), the ISR (all)"
        / "У кого должен быть batch, чтобы считаться отправленным: ни у кого (0), у leader (1), у ISR (all)";
    String "compression.type" = "none" [OneOf(&["none", "gzip", "snappy", "lz4", "zstd"])] High None
        "How a producer compresses its batches"
        / "Чем producer сжимает свои batch";
    shared "compression.gzip.level";
    shared "compression.lz4.level";
    shared "compression.zstd.level";
    Int "batch.size" = "16384" [AtLeast(0)] Medium Bytes
        "How many bytes of records for one partition go into a batch at most"
        / "Сколько байт записей одной partition помещается в batch";
    Boolean "partitioner.adaptive.partitioning.enable" = "true" [Any] Low None
        "Give slow brokers fewer records without a key"
        / "Отправлять медленным broker меньше записей без ключа";
    Long "partitioner.availability.timeout.ms" = "0" [AtLeast(0)] Low Ms
        "Skip partitions whose broker has taken nothing for so long; 0 never does"
        / "Обходить partition, чей broker столько не принимает; 0 — никогда";
    Boolean "partitioner.ignore.keys" = "false" [Any] Medium None
        "Choose partitions as if records had no keys"
        / "Выбирать partition так, будто ключей нет";
    Long "linger.ms" = "5" [AtLeast(0)] Medium Ms
        "How long a batch waits for more records before it is sent"
        / "Сколько batch ждёт новых записей перед отправкой";
    Int "delivery.timeout.ms" = "120000" [AtLeast(0)] Medium Ms
        "How long a record may take from send() to success or failure, retries included"
        / "Сколько есть у записи от send() до успеха или отказа, с повторами";
    shared "client.id";
    shared "send.buffer.bytes";
    Int "receive.buffer.bytes" = "32768" [AtLeast(-1)] Medium Bytes
        "Receive buffer of a socket; -1 leaves it to the system";
    Int "max.request.size" = "1048576" [AtLeast(0)] Medium Bytes
        "The largest record and the largest request a producer sends"
        / "Наибольшая запись и наибольший запрос producer";
    shared "reconnect.backoff.ms";
    shared "reconnect.backoff.max.ms";
    shared "retry.backoff.ms";
    shared "retry.backoff.max.ms";
    shared "enable.metrics.push";
    Long "max.block.ms" = "60000" [AtLeast(0)] Medium Ms
        "How long send() may wait for metadata and for memory together"
        / "Сколько send() может ждать метаданных и памяти в сумме";
    Int "request.timeout.ms" = "30000" [AtLeast(0)] Medium Ms
        "How long to wait for the answer to one request before it is tried again"
        / "Сколько ждать ответа на один запрос, прежде чем повторить его";
    shared "metadata.max.age.ms";
    Long "metadata.max.idle.ms" = "300000" [AtLeast(5000)] Low Ms
        "Forget metadata of a topic not written to for so long"
        / "Через сколько забыть метаданные топика, в который не пишут";
    shared "metrics.sample.window.ms";
    shared "metrics.num.samples";
    shared "metrics.recording.level";
    shared "metric.reporters";
    Int "max.in.flight.requests.per.connection" = "5" [AtLeast(1)] Low Count
        "Requests sent to a broker and not yet answered"
        / "Сколько запросов к broker могут ждать ответа одновременно";
    Class "key.serializer" = required [Any] High None "How keys become bytes";
    Class "value.serializer" = required [Any] High None "How values become bytes";
    shared "socket.connection.setup.timeout.ms";
    shared "socket.connection.setup.timeout.max.ms";
    shared "connections.max.idle.ms";
    Class "partitioner.class" = null [Any] Medium None
        "Who chooses the partition; unset means by key hash, or sticky without a key"
        / "Кто выбирает partition; не задано — по хешу ключа, без ключа sticky";
    shared "interceptor.classes";
    shared "security.protocol";
    shared "security.providers";
}

rows! {
    /// What Kafka defines after its security configs.
    AFTER:
    Boolean "enable.idempotence" = "true" [Any] Low None
        "The broker drops duplicates that retries make, and keeps the order"
        / "Broker отбрасывает дубликаты от повторных отправок и хранит порядок";
    Int "transaction.timeout.ms" = "60000" [Any] Low Ms
        "How long a transaction may stay open before the coordinator aborts it"
        / "Сколько транзакция может быть открыта, пока coordinator её не прервёт";
    String "transactional.id" = null [NonEmptyText] Low None
        "Name under which a producer's transactions go on after a restart"
        / "Имя, под которым транзакции producer переживают его перезапуск";
    Boolean "transaction.two.phase.commit.enable" = "false" [Any] Low None
        "Transactions that an outside coordinator ends: they never time out";
    shared "metadata.recovery.strategy";
    shared "metadata.recovery.rebootstrap.trigger.ms";
    shared "config.providers";
}
