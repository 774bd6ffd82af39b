//! Configs of topics. What a topic does not set itself it takes from its broker:
//! see [`BROKER_SYNONYMS`](crate::config::BROKER_SYNONYMS).

use super::rows;
use crate::config::validator::Validator::{
    Any, AtLeast, Between, GzipLevel, ListOf, OneOf, ThrottledReplicas,
};

rows! {
    ROWS:
    Int "segment.bytes" = "1073741824" [AtLeast(1_048_576)] Medium Bytes
        "Size at which a new segment is begun"
        / "Размер, при котором начинают новый сегмент";
    Long "segment.ms" = "604800000" [AtLeast(1)] Medium Ms
        "Age at which a new segment is begun"
        / "Возраст, в котором начинают новый сегмент";
    Long "segment.jitter.ms" = "0" [AtLeast(0)] Medium Ms
        "Random part taken off that age, so that segments do not all roll at once"
        / "Случайная часть этого возраста, чтобы сегменты не менялись разом";
    Int "segment.index.bytes" = "10485760" [AtLeast(4)] Medium Bytes
        "Size of an offset index; a full one begins a new segment"
        / "Размер индекса offset; полный индекс начинает новый сегмент";
    Long "flush.messages" = "9223372036854775807" [AtLeast(1)] Medium Count
        "After how many records the log is forced to disk"
        / "Через сколько записей журнал принудительно пишут на диск";
    Long "flush.ms" = "9223372036854775807" [AtLeast(0)] Medium Ms
        "How long a record may be in memory only"
        / "Сколько запись может быть только в памяти";
    Long "retention.bytes" = "-1" [Any] Medium Bytes
        "How many bytes of each partition are kept; -1 is no limit"
        / "Сколько байт каждой partition хранить; -1 — без предела";
    Long "retention.ms" = "604800000" [AtLeast(-1)] Medium Ms
        "How long records are kept; -1 is for ever"
        / "Сколько хранить записи; -1 — всегда";
    Int "max.message.bytes" = "1048588" [AtLeast(0)] Medium Bytes
        "The largest batch this topic takes"
        / "Самый большой batch, который примет топик";
    Int "index.interval.bytes" = "4096" [AtLeast(0)] Medium Bytes
        "After how many bytes of a log its index gets another entry"
        / "Через сколько байт журнала в индекс добавляют запись";
    Long "delete.retention.ms" = "86400000" [AtLeast(0)] Medium Ms
        "How long tombstones stay after cleaning"
        / "Сколько tombstone живёт после чистки";
    Long "min.compaction.lag.ms" = "0" [AtLeast(0)] Medium Ms
        "How long a record is safe from compaction"
        / "Сколько запись защищена от compaction";
    Long "max.compaction.lag.ms" = "9223372036854775807" [AtLeast(1)] Medium Ms
        "How long a record may wait for compaction"
        / "Сколько запись может ждать compaction";
    Long "file.delete.delay.ms" = "60000" [AtLeast(0)] Medium Ms
        "How long a deleted segment's files stay on disk"
        / "Сколько файлы удалённого сегмента остаются на диске";
    Double "min.cleanable.dirty.ratio" = "0.5" [Between(0, 1)] Medium Ratio
        "Share of a log not yet cleaned at which it is compacted"
        / "С какой доли грязного журнала начинать compaction";
    List "cleanup.policy" = "delete" [ListOf { allowed: &["compact", "delete"], empty: true, null: false }] Medium None
        "What happens to old segments: delete by age and size, compact by key, or both"
        / "Что делать со старыми сегментами: delete по возрасту и размеру, compact по ключу, или оба";
    Boolean "unclean.leader.election.enable" = "false" [Any] Medium None
        "Rather lose records than stay without a leader"
        / "Лучше потерять записи, чем остаться без leader";
    Int "min.insync.replicas" = "1" [AtLeast(1)] Medium Count
        "With acks=all, how many replicas must be in sync for a write to be taken"
        / "Сколько реплик должно быть в ISR, чтобы принять запись с acks=all";
    String "compression.type" = "producer" [OneOf(&["uncompressed", "zstd", "lz4", "snappy", "gzip", "producer"])] Medium None
        "How batches are stored; producer leaves them as they came"
        / "Как хранить batch; producer — как пришли";
    Int "compression.gzip.level" = "-1" [GzipLevel] Medium None "How hard gzip tries";
    Int "compression.lz4.level" = "9" [Between(1, 17)] Medium None "How hard lz4 tries";
    Int "compression.zstd.level" = "3" [Between(-131_072, 22)] Medium None "How hard zstd tries";
    Boolean "preallocate" = "false" [Any] Medium None "Take a segment's space on disk when it is begun";
    String "message.timestamp.type" = "CreateTime" [OneOf(&["CreateTime", "LogAppendTime"])] Medium None
        "Whose clock timestamps are from: the producer's or the broker's"
        / "По чьим часам метка времени: producer или broker";
    Long "message.timestamp.before.max.ms" = "9223372036854775807" [AtLeast(0)] Medium Ms
        "How far in the past a record's timestamp may lie"
        / "Насколько метка времени записи может отставать";
    Long "message.timestamp.after.max.ms" = "3600000" [AtLeast(0)] Medium Ms
        "How far in the future a record's timestamp may lie"
        / "Насколько метка времени записи может опережать";
    List "leader.replication.throttled.replicas" = "" [ThrottledReplicas] Medium None
        "Replicas whose leader is slowed down while they copy";
    List "follower.replication.throttled.replicas" = "" [ThrottledReplicas] Medium None
        "Replicas whose follower is slowed down while they copy";
    Boolean "remote.storage.enable" = "false" [Any] Medium None "Copy old segments to remote storage";
    Long "local.retention.ms" = "-2" [AtLeast(-2)] Medium Ms
        "How long copied segments stay on local disk; -2 takes retention.ms";
    Long "local.retention.bytes" = "-2" [AtLeast(-2)] Medium Bytes
        "How much of a partition stays on local disk; -2 takes retention.bytes";
    Boolean "remote.log.copy.disable" = "false" [Any] Medium None
        "Copy no further segments to remote storage";
    Boolean "remote.log.delete.on.disable" = "false" [Any] Medium None
        "Delete remote segments when remote storage is switched off";
    Int internal "internal.segment.bytes" = null [Any] Medium Bytes
        "Segment size for Kafka's own tests; may be smaller than segment.bytes"
        / "Размер сегмента для тестов самой Kafka; может быть меньше segment.bytes";
}
