//! Configs of producers.

use super::rows;
use crate::config::validator::ANY_LIST;
use crate::config::validator::Validator::{
    Any, AtLeast, Between, GzipLevel, ListOf, NonEmptyText, OneOf, OneOfIgnoringCase,
};

rows! {
    /// What Kafka defines before its security configs.
    BEFORE:
    List "bootstrap.servers" = required [ListOf { allowed: &[], empty: false, null: false }] High None
        "First addresses of the cluster; the rest is learnt from them";
    String "client.dns.lookup" = "use_all_dns_ips" [OneOf(&["use_all_dns_ips", "resolve_canonical_bootstrap_servers_only"])] Medium None
        "Whether all addresses behind a name are tried, or names are resolved first";
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
    Int "compression.gzip.level" = "-1" [GzipLevel] Medium None "How hard gzip tries";
    Int "compression.lz4.level" = "9" [Between(1, 17)] Medium None "How hard lz4 tries";
    Int "compression.zstd.level" = "3" [Between(-131_072, 22)] Medium None "How hard zstd tries";
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
    String "client.id" = "" [Any] Medium None
        "Name of the client in logs, metrics and quotas"
        / "Имя клиента в журналах, метриках и квотах";
    Int "send.buffer.bytes" = "131072" [AtLeast(-1)] Medium Bytes
        "Send buffer of a socket; -1 leaves it to the system";
    Int "receive.buffer.bytes" = "32768" [AtLeast(-1)] Medium Bytes
        "Receive buffer of a socket; -1 leaves it to the system";
    Int "max.request.size" = "1048576" [AtLeast(0)] Medium Bytes
        "The largest record and the largest request a producer sends"
        / "Наибольшая запись и наибольший запрос producer";
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
    Long "max.block.ms" = "60000" [AtLeast(0)] Medium Ms
        "How long send() may wait for metadata and for memory together"
        / "Сколько send() может ждать метаданных и памяти в сумме";
    Int "request.timeout.ms" = "30000" [AtLeast(0)] Medium Ms
        "How long to wait for the answer to one request before it is tried again"
        / "Сколько ждать ответа на один запрос, прежде чем повторить его";
    Long "metadata.max.age.ms" = "300000" [AtLeast(0)] Low Ms
        "Ask anew who leads what at least this often"
        / "Как часто заново спрашивать, кто чей leader";
    Long "metadata.max.idle.ms" = "300000" [AtLeast(5000)] Low Ms
        "Forget metadata of a topic not written to for so long"
        / "Через сколько забыть метаданные топика, в который не пишут";
    Long "metrics.sample.window.ms" = "30000" [AtLeast(0)] Low Ms "How long a metric's sample lasts";
    Int "metrics.num.samples" = "2" [AtLeast(1)] Low Count "Samples kept for a metric";
    String "metrics.recording.level" = "INFO" [OneOf(&["INFO", "DEBUG", "TRACE"])] Low None
        "Which metrics are taken";
    List "metric.reporters" = "org.apache.kafka.common.metrics.JmxReporter" [ANY_LIST] Low None
        "Classes that metrics are reported to";
    Int "max.in.flight.requests.per.connection" = "5" [AtLeast(1)] Low Count
        "Requests sent to a broker and not yet answered"
        / "Сколько запросов к broker могут ждать ответа одновременно";
    Class "key.serializer" = required [Any] High None "How keys become bytes";
    Class "value.serializer" = required [Any] High None "How values become bytes";
    Long "socket.connection.setup.timeout.ms" = "10000" [Any] Medium Ms
        "How long a connection may take to be set up at first";
    Long "socket.connection.setup.timeout.max.ms" = "30000" [Any] Medium Ms
        "How long a connection may take to be set up at most";
    Long "connections.max.idle.ms" = "540000" [Any] Medium Ms "Close connections not used for so long";
    Class "partitioner.class" = null [Any] Medium None
        "Who chooses the partition; unset means by key hash, or sticky without a key"
        / "Кто выбирает partition; не задано — по хешу ключа, без ключа sticky";
    List "interceptor.classes" = "" [ANY_LIST] Low None "Classes that see, and may change, every record";
    String "security.protocol" = "PLAINTEXT" [OneOfIgnoringCase(&["SASL_SSL", "PLAINTEXT", "SSL", "SASL_PLAINTEXT"])] Medium None
        "Plain text, TLS, SASL, or both";
    String "security.providers" = null [Any] Low None "Java security providers";
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
    String "metadata.recovery.strategy" = "rebootstrap" [OneOfIgnoringCase(&["REBOOTSTRAP", "NONE"])] Low None
        "What a client does that knows no broker it can reach";
    Long "metadata.recovery.rebootstrap.trigger.ms" = "300000" [AtLeast(0)] Low Ms
        "Without metadata for so long, start again from bootstrap.servers";
    List "config.providers" = "" [ANY_LIST] Low None "Names of providers that fill in values from elsewhere";
}
