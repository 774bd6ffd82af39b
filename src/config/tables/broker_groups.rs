//! Groups, offsets and transactions: the coordinators of a broker.

use super::rows;
use crate::config::validator::Validator::{Any, AtLeast, ListOf, OneOfIgnoringCase};

rows! {
    ROWS:
    Int "group.consumer.assignment.interval.ms" = "1000" [AtLeast(0)] Medium Ms
        "The least time between two new assignments of a group; 0 sets no pace"
        / "Наименьшее время между двумя назначениями группы; 0 — без паузы";
    List "group.consumer.assignors" = "uniform,range" [ListOf { allowed: &[], empty: false, null: false }] Medium None
        "Assignors of the coordinator; the first one is the default"
        / "Assignor у coordinator; первый — по умолчанию";
    Int "group.consumer.heartbeat.interval.ms" = "5000" [AtLeast(1)] Medium Ms
        "How often members of the new protocol send heartbeats"
        / "Как часто участники нового протокола шлют heartbeat";
    Int "group.consumer.max.assignment.interval.ms" = "15000" [AtLeast(0)] Medium Ms
        "The longest assignment interval a group may be given"
        / "Самый долгий интервал назначений, который можно задать группе";
    Int "group.consumer.max.heartbeat.interval.ms" = "15000" [AtLeast(1)] Medium Ms
        "The longest heartbeat interval a group of the new protocol may be given"
        / "Самый долгий интервал heartbeat, который можно задать группе";
    Int "group.consumer.max.session.timeout.ms" = "60000" [AtLeast(1)] Medium Ms
        "The longest session a group of the new protocol may be given"
        / "Самая долгая сессия, которую можно задать группе";
    Int "group.consumer.max.size" = "2147483647" [AtLeast(1)] Medium Count
        "How many members a group of the new protocol may have"
        / "Сколько участников может быть в группе нового протокола";
    String "group.consumer.migration.policy" = "bidirectional" [OneOfIgnoringCase(&["DISABLED", "DOWNGRADE", "UPGRADE", "BIDIRECTIONAL"])] Medium None
        "Which way a live group may change its protocol"
        / "В какую сторону живая группа может сменить протокол";
    Int "group.consumer.min.assignment.interval.ms" = "0" [AtLeast(0)] Medium Ms
        "The shortest assignment interval a group may be given"
        / "Самый короткий интервал назначений, который можно задать группе";
    Int "group.consumer.min.heartbeat.interval.ms" = "5000" [AtLeast(1)] Medium Ms
        "The shortest heartbeat interval a group of the new protocol may be given"
        / "Самый короткий интервал heartbeat, который можно задать группе";
    Int "group.consumer.min.session.timeout.ms" = "45000" [AtLeast(1)] Medium Ms
        "The shortest session a group of the new protocol may be given"
        / "Самая короткая сессия, которую можно задать группе";
    Int "group.consumer.session.timeout.ms" = "45000" [AtLeast(1)] Medium Ms
        "Session of members of the new protocol (KIP-848)"
        / "Сессия участников нового протокола (KIP-848)";
    Int "group.coordinator.append.linger.ms" = "-1" [AtLeast(-1)] Medium Ms
        "How long the coordinator gathers writes; -1 as long as there is more to do"
        / "Сколько coordinator копит записи; -1 — пока есть работа";
    Int "group.initial.rebalance.delay.ms" = "3000" [Any] Medium Ms
        "How long a new classic group waits for more members before its first rebalance"
        / "Сколько новая группа classic ждёт участников до первого rebalance";
    Int "group.max.session.timeout.ms" = "1800000" [Any] Medium Ms
        "The longest session a classic member may ask for"
        / "Самая долгая сессия, о которой может просить участник classic";
    Int "group.max.size" = "2147483647" [AtLeast(1)] Medium Count
        "How many members a classic group may have"
        / "Сколько участников может быть в группе classic";
    Int "group.min.session.timeout.ms" = "6000" [Any] Medium Ms
        "The shortest session a classic member may ask for"
        / "Самая короткая сессия, о которой может просить участник classic";
    Int "offset.metadata.max.bytes" = "4096" [Any] High Bytes
        "How much text may go with a committed offset"
        / "Сколько текста можно приложить к зафиксированному offset";
    Int "offsets.commit.timeout.ms" = "5000" [AtLeast(1)] High Ms
        "How long a commit may wait for the replicas of __consumer_offsets"
        / "Сколько commit может ждать реплики __consumer_offsets";
    Long "offsets.retention.check.interval.ms" = "600000" [AtLeast(1)] High Ms
        "How often expired offsets are looked for"
        / "Как часто ищут просроченные offset";
    Int "offsets.retention.minutes" = "10080" [AtLeast(1)] High Minutes
        "How long offsets are kept once the group is empty"
        / "Сколько хранить offset, когда группа опустела";
    Int "offsets.topic.num.partitions" = "50" [AtLeast(1)] High Count
        "Partitions of __consumer_offsets: over how many the groups are spread"
        / "Число partition у __consumer_offsets: по ним разнесены группы";
    Short "offsets.topic.replication.factor" = "3" [AtLeast(1)] High Count
        "Replicas of __consumer_offsets"
        / "Число реплик у __consumer_offsets";
    Int "offsets.topic.segment.bytes" = "104857600" [AtLeast(1)] High Bytes
        "Size of a segment of __consumer_offsets"
        / "Размер сегмента __consumer_offsets";
    Int internal "producer.id.expiration.check.interval.ms" = "600000" [AtLeast(1)] Low Ms
        "How often forgotten producers are cleared out"
        / "Как часто вычищают забытых producer";
    Int live "producer.id.expiration.ms" = "86400000" [AtLeast(1)] Low Ms
        "How long a partition remembers a producer that writes no more"
        / "Сколько partition помнит producer, который больше не пишет";
    Int "transaction.abort.timed.out.transaction.cleanup.interval.ms" = "10000" [AtLeast(1)] Low Ms
        "How often overdue transactions are looked for and aborted"
        / "Как часто ищут и прерывают просроченные транзакции";
    Int "transaction.max.timeout.ms" = "900000" [AtLeast(1)] High Ms
        "The longest transaction timeout a producer may ask for"
        / "Самый долгий тайм-аут транзакции, о котором может просить producer";
    Boolean live "transaction.partition.verification.enable" = "true" [Any] Low None
        "Check with the coordinator that a partition belongs to the transaction"
        / "Сверять с coordinator, что partition входит в транзакцию";
    Int "transaction.remove.expired.transaction.cleanup.interval.ms" = "3600000" [AtLeast(1)] Low Ms
        "How often expired transactional ids are removed"
        / "Как часто удаляют просроченные transactional.id";
    Int "transaction.state.log.min.isr" = "2" [AtLeast(1)] High Count
        "min.insync.replicas of __transaction_state"
        / "min.insync.replicas у __transaction_state";
    Int "transaction.state.log.num.partitions" = "50" [AtLeast(1)] High Count
        "Partitions of __transaction_state: over how many transactional ids are spread"
        / "Число partition у __transaction_state: по ним разнесены transactional.id";
    Short "transaction.state.log.replication.factor" = "3" [AtLeast(1)] High Count
        "Replicas of __transaction_state"
        / "Число реплик у __transaction_state";
    Int "transaction.state.log.segment.bytes" = "104857600" [AtLeast(1)] High Bytes
        "Size of a segment of __transaction_state"
        / "Размер сегмента __transaction_state";
    Boolean "transaction.two.phase.commit.enable" = "false" [Any] Low None
        "Allow transactions that never time out, for two-phase commit"
        / "Разрешить транзакции без тайм-аута, для двухфазного commit";
    Int "transactional.id.expiration.ms" = "604800000" [AtLeast(1)] High Ms
        "How long an unused transactional id is remembered"
        / "Сколько помнят неиспользуемый transactional.id";
    Int "add.partitions.to.txn.retry.backoff.max.ms" = "100" [AtLeast(0)] High Ms
        "The longest wait for the previous transaction of a partition to end";
    Int "add.partitions.to.txn.retry.backoff.ms" = "20" [AtLeast(1)] High Ms
        "How long to wait for the previous transaction of a partition to end";
    Int internal "group.consumer.regex.refresh.interval.ms" = "600000" [AtLeast(10_000)] Medium Ms
        "How often subscriptions by pattern are resolved anew";
    Int "group.coordinator.background.threads" = "2" [AtLeast(1)] High Count
        "Threads for the coordinator's background tasks";
    Int "group.coordinator.cached.buffer.max.bytes" = "1048588" [AtLeast(524_288)] Medium Bytes
        "The largest buffer the coordinator keeps for the next write";
    List "group.coordinator.rebalance.protocols" = "classic,consumer,streams" [ListOf { allowed: &["consumer", "classic", "share", "streams"], empty: false, null: false }] Medium None
        "Group protocols a broker speaks";
    Int "group.coordinator.threads" = "4" [AtLeast(1)] High Count "Threads of the group coordinator";
    Int "offsets.load.buffer.size" = "5242880" [AtLeast(1)] High Bytes
        "How much of __consumer_offsets is read at once on loading";
    Int "offsets.topic.compression.codec" = "0" [Any] High None "How __consumer_offsets is compressed";
    Int "transaction.state.log.load.buffer.size" = "5242880" [AtLeast(1)] High Bytes
        "How much of __transaction_state is read at once on loading";
}
