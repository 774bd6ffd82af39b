//! Logs: segments, retention, compaction.

use super::rows;
use crate::config::validator::ANY_LIST;
use crate::config::validator::Validator::{Any, AtLeast, Between, ListOf, OneOf};

rows! {
    ROWS:
    String live "compression.type" = "producer" [OneOf(&["uncompressed", "zstd", "lz4", "snappy", "gzip", "producer"])] High None
        "How a topic that does not say stores batches; producer leaves them as they came"
        / "Как хранить batch, если топик не сказал; producer — как пришли";
    Long live "log.cleaner.backoff.ms" = "15000" [AtLeast(0)] Medium Ms
        "How long the cleaner sleeps when there is nothing to clean"
        / "Сколько cleaner спит, когда чистить нечего";
    Long live "log.cleaner.delete.retention.ms" = "86400000" [AtLeast(0)] Medium Ms
        "How long tombstones stay after cleaning, for topics that do not say"
        / "Сколько tombstone живёт после чистки, если топик не сказал";
    Boolean "log.cleaner.enable" = "true" [Any] Medium None
        "Run the cleaner, which compacts logs"
        / "Запускать cleaner, который сжимает журналы (compaction)";
    Long live "log.cleaner.max.compaction.lag.ms" = "9223372036854775807" [AtLeast(1)] Medium Ms
        "How long a record may wait for compaction, for topics that do not say"
        / "Сколько запись может ждать compaction, если топик не сказал";
    Double live "log.cleaner.min.cleanable.ratio" = "0.5" [Between(0, 1)] Medium Ratio
        "Share of a log not yet cleaned at which it is, for topics that do not say"
        / "С какой доли грязного журнала начинать чистку, если топик не сказал";
    Long live "log.cleaner.min.compaction.lag.ms" = "0" [AtLeast(0)] Medium Ms
        "How long a record is safe from compaction, for topics that do not say"
        / "Сколько запись защищена от compaction, если топик не сказал";
    Int live "log.cleaner.threads" = "1" [AtLeast(0)] Medium Count
        "How many logs are compacted side by side"
        / "Сколько журналов compaction обрабатывает разом";
    List live "log.cleanup.policy" = "delete" [ListOf { allowed: &["compact", "delete"], empty: true, null: false }] Medium None
        "What happens to old segments, for topics that do not say: delete, compact, or both"
        / "Что делать со старыми сегментами, если топик не сказал: delete, compact или оба";
    Long live "log.flush.interval.messages" = "9223372036854775807" [AtLeast(1)] High Count
        "After how many records a log is forced to disk"
        / "Через сколько записей журнал принудительно пишут на диск";
    Long live "log.flush.interval.ms" = null [Any] High Ms
        "How long a record may be in memory only"
        / "Сколько запись может быть только в памяти";
    Int "log.flush.offset.checkpoint.interval.ms" = "60000" [AtLeast(0)] High Ms
        "How often the point of recovery is written to disk"
        / "Как часто на диск пишут точку восстановления";
    Long "log.flush.scheduler.interval.ms" = "9223372036854775807" [Any] High Ms
        "How often logs that need flushing are looked for"
        / "Как часто ищут журналы, которые пора записать на диск";
    Int live "log.index.interval.bytes" = "4096" [AtLeast(0)] Medium Bytes
        "After how many bytes of a log its index gets another entry"
        / "Через сколько байт журнала в индекс добавляют запись";
    Int live "log.index.size.max.bytes" = "10485760" [AtLeast(4)] Medium Bytes
        "Size of an offset index; a full one begins a new segment"
        / "Размер индекса offset; полный индекс начинает новый сегмент";
    Long internal "log.initial.task.delay.ms" = "30000" [AtLeast(0)] Low Ms
        "How long after its start a broker first looks for segments that may go"
        / "Через сколько после старта broker начнёт искать сегменты на удаление";
    Long live "log.message.timestamp.after.max.ms" = "3600000" [AtLeast(0)] Medium Ms
        "How far in the future a timestamp may lie, for topics that do not say"
        / "Насколько метка времени может опережать, если топик не сказал";
    Long live "log.message.timestamp.before.max.ms" = "9223372036854775807" [AtLeast(0)] Medium Ms
        "How far in the past a timestamp may lie, for topics that do not say"
        / "Насколько метка времени может отставать, если топик не сказал";
    String live "log.message.timestamp.type" = "CreateTime" [OneOf(&["CreateTime", "LogAppendTime"])] Medium None
        "Whose clock timestamps are from, for topics that do not say"
        / "По чьим часам метка времени, если топик не сказал";
    Long live "log.retention.bytes" = "-1" [Any] High Bytes
        "How many bytes of a partition are kept, for topics that do not say; -1 is no limit"
        / "Сколько байт partition хранить, если топик не сказал; -1 — без предела";
    Long "log.retention.check.interval.ms" = "300000" [AtLeast(1)] Medium Ms
        "How often segments that may go are looked for"
        / "Как часто ищут сегменты на удаление";
    Int "log.retention.hours" = "168" [Any] High Hours
        "The same as log.retention.minutes, which goes before it, in hours"
        / "То же, что log.retention.minutes (оно главнее), в часах";
    Int "log.retention.minutes" = null [Any] High Minutes
        "The same as log.retention.ms, which goes before it, in minutes"
        / "То же, что log.retention.ms (оно главнее), в минутах";
    Long live "log.retention.ms" = null [Any] High Ms
        "How long records are kept, for topics that do not say; -1 is for ever"
        / "Сколько хранить записи, если топик не сказал; -1 — всегда";
    Int "log.roll.hours" = "168" [AtLeast(1)] High Hours
        "The same as log.roll.ms, which goes before it, in hours"
        / "То же, что log.roll.ms (оно главнее), в часах";
    Int "log.roll.jitter.hours" = "0" [AtLeast(0)] High Hours
        "The same as log.roll.jitter.ms, which goes before it, in hours"
        / "То же, что log.roll.jitter.ms (оно главнее), в часах";
    Long live "log.roll.jitter.ms" = null [Any] High Ms
        "Random part taken off that age, so that segments do not all roll at once"
        / "Случайная часть этого возраста, чтобы сегменты не менялись разом";
    Long live "log.roll.ms" = null [Any] High Ms
        "Age at which a new segment is begun, for topics that do not say"
        / "Возраст, в котором начинают новый сегмент, если топик не сказал";
    Int live "log.segment.bytes" = "1073741824" [AtLeast(1_048_576)] High Bytes
        "Size of a segment, for topics that do not say"
        / "Размер сегмента, если топик не сказал";
    Long live "log.segment.delete.delay.ms" = "60000" [AtLeast(0)] High Ms
        "How long a deleted segment's files stay on disk"
        / "Сколько файлы удалённого сегмента остаются на диске";
    Int live "message.max.bytes" = "1048588" [AtLeast(0)] High Bytes
        "The largest batch a broker takes"
        / "Самый большой batch, который примет broker";
    shared live "compression.gzip.level";
    shared live "compression.lz4.level";
    shared live "compression.zstd.level";
    List live "cordoned.log.dirs" = "" [ANY_LIST] Medium None "Log directories that get no new partitions";
    Long internal "internal.metadata.delete.delay.millis" = "60000" [Any] Low Ms
        "How long deleted metadata segments stay on disk";
    Int internal "internal.metadata.log.segment.bytes" = null [Any] Low Bytes
        "Metadata segment size for Kafka's own tests";
    Int internal "internal.metadata.max.batch.size.in.bytes" = "8388608" [Any] Low Bytes
        "The largest batch of metadata";
    Long live "log.cleaner.dedupe.buffer.size" = "134217728" [Any] Medium Bytes
        "Memory of the cleaners for the keys of a log";
    Double live "log.cleaner.io.buffer.load.factor" = "0.9" [Any] Medium Ratio
        "How full the cleaners' memory for keys may be";
    Int live "log.cleaner.io.buffer.size" = "524288" [AtLeast(0)] Medium Bytes
        "Memory of the cleaners for reading and writing";
    Double live "log.cleaner.io.max.bytes.per.second" = "1.7976931348623157E308" [Any] Medium Bytes
        "How fast the cleaners may read and write";
    List "log.dir" = "/tmp/kafka-logs" [ListOf { allowed: &[], empty: false, null: false }] High None
        "Where logs are kept, if log.dirs does not say";
    Long "log.dir.failure.timeout.ms" = "30000" [AtLeast(1)] Low Ms
        "A broker that cannot report a failed disk for so long shuts down";
    List "log.dirs" = null [ListOf { allowed: &[], empty: false, null: true }] High None
        "Where logs are kept";
    Int "log.flush.start.offset.checkpoint.interval.ms" = "60000" [AtLeast(0)] High Ms
        "How often log start offsets are written to disk";
    Boolean live "log.preallocate" = "false" [Any] Medium None
        "Take a segment's space on disk when it is begun";
    String "metadata.log.dir" = null [Any] High None "Where the metadata log is kept";
    Long "metadata.log.max.record.bytes.between.snapshots" = "20971520" [AtLeast(1)] High Bytes
        "After how much metadata a snapshot is taken";
    Long "metadata.log.max.snapshot.interval.ms" = "3600000" [AtLeast(0)] High Ms
        "How often a snapshot of the metadata is taken at least";
    Int "metadata.log.segment.bytes" = "1073741824" [AtLeast(8_388_608)] High Bytes
        "Size of a segment of the metadata log";
    Long "metadata.log.segment.ms" = "604800000" [Any] High Ms
        "Age at which a new segment of the metadata log is begun";
    Int "metadata.max.idle.interval.ms" = "500" [AtLeast(0)] Low Ms "How often an idle quorum writes a no-op";
    Long "metadata.max.retention.bytes" = "104857600" [Any] High Bytes "How much of the metadata log is kept";
    Long "metadata.max.retention.ms" = "604800000" [Any] High Ms "How long the metadata log is kept";
}
