//! Replication, leadership, and the quorum of controllers.

use super::rows;
use crate::config::validator::Validator::{Any, AtLeast, ListOf, QuorumAddresses};

rows! {
    ROWS:
    Boolean "auto.create.topics.enable" = "true" [Any] High None
        "Create a missing topic when a client asks for it"
        / "Создавать отсутствующий топик, когда его спросит клиент";
    Boolean "auto.leader.rebalance.enable" = "true" [Any] High None
        "Give leadership back to preferred replicas from time to time"
        / "Время от времени возвращать лидерство preferred replica";
    Int "broker.heartbeat.interval.ms" = "2000" [Any] Medium Ms
        "How often a broker reports to the controller"
        / "Как часто broker отмечается у controller";
    String "broker.rack" = null [Any] Medium None
        "Where the broker stands, for spreading replicas and for reading near by"
        / "Где стоит broker: чтобы разнести реплики и читать поблизости";
    Int "broker.session.timeout.ms" = "9000" [Any] Medium Ms
        "Without heartbeats for so long a broker is fenced"
        / "Столько без heartbeat — и broker становится fenced";
    Boolean "controlled.shutdown.enable" = "true" [Any] Medium None
        "Hand leadership over before a broker stops"
        / "Передавать лидерство, прежде чем broker остановится";
    Int "controller.quorum.append.linger.ms" = "25" [AtLeast(0)] Medium Ms
        "How long the quorum's leader gathers metadata before it writes them"
        / "Сколько leader кворума копит метаданные перед записью";
    Int "controller.quorum.election.backoff.max.ms" = "1000" [AtLeast(0)] High Ms
        "The longest wait before a controller stands for election again"
        / "Самая долгая пауза перед новой попыткой избраться";
    Int "controller.quorum.election.timeout.ms" = "1000" [AtLeast(0)] High Ms
        "How long a controller waits for votes before it stands again"
        / "Сколько controller ждёт голосов до новой попытки";
    Int "controller.quorum.fetch.timeout.ms" = "2000" [AtLeast(0)] High Ms
        "Without a fetch from the leader for so long, controllers elect anew"
        / "Столько без связи с leader — и controller выбирают нового";
    Int "controller.quorum.request.timeout.ms" = "2000" [AtLeast(0)] Medium Ms
        "How long a controller waits for another's answer"
        / "Сколько controller ждёт ответа другого";
    Int "controller.quorum.retry.backoff.ms" = "20" [AtLeast(0)] Low Ms
        "How long controllers wait before they repeat a request"
        / "Пауза controller перед повтором запроса";
    Int "default.replication.factor" = "1" [Any] Medium Count
        "Replicas of a topic that is created without a number"
        / "Сколько реплик у топика, созданного без указания числа";
    Boolean "delete.topic.enable" = "true" [Any] High None
        "Allow topics to be deleted"
        / "Разрешить удалять топики";
    Int "fetch.max.bytes" = "57671680" [AtLeast(1024)] Medium Bytes
        "The largest answer to a fetch, whatever the client asks for"
        / "Самый большой ответ на fetch, что бы ни просил клиент";
    Int "initial.broker.registration.timeout.ms" = "60000" [Any] Medium Ms
        "How long a starting broker tries to register before it gives up"
        / "Сколько broker при старте пытается зарегистрироваться";
    Long "leader.imbalance.check.interval.seconds" = "300" [AtLeast(1)] High Seconds
        "How often preferred replicas are given back their leadership"
        / "Как часто лидерство возвращают preferred replica";
    Int live "min.insync.replicas" = "1" [AtLeast(1)] High Count
        "With acks=all, how many replicas must be in sync for a write to be taken"
        / "Сколько реплик должно быть в ISR, чтобы принять запись с acks=all";
    Int "num.partitions" = "1" [AtLeast(1)] Medium Count
        "Partitions of a topic that is created without a number"
        / "Сколько partition у топика, созданного без указания числа";
    Int live "num.replica.fetchers" = "1" [AtLeast(1)] High Count
        "Fetchers per leader: how much a follower copies side by side"
        / "Сколько fetcher на один leader: во сколько потоков копирует follower";
    Int "replica.fetch.backoff.ms" = "1000" [AtLeast(0)] Medium Ms
        "How long a follower waits after an error before it fetches again"
        / "Сколько follower ждёт после ошибки до нового fetch";
    Int "replica.fetch.max.bytes" = "1048576" [AtLeast(0)] Medium Bytes
        "How much of one partition a follower fetches at once"
        / "Сколько из одной partition follower забирает за раз";
    Int "replica.fetch.min.bytes" = "1" [Any] High Bytes
        "A leader answers a follower's fetch once it has so much"
        / "Leader отвечает follower, когда накопит столько";
    Int "replica.fetch.response.max.bytes" = "10485760" [AtLeast(0)] Medium Bytes
        "How much a follower fetches at once in all"
        / "Сколько всего follower забирает за раз";
    Int "replica.fetch.wait.max.ms" = "500" [Any] High Ms
        "How long a leader may hold a follower's fetch when nothing is new"
        / "Сколько leader держит fetch у follower, если нового нет";
    Long "replica.high.watermark.checkpoint.interval.ms" = "5000" [Any] High Ms
        "How often high watermarks are written to disk"
        / "Как часто high watermark записывают на диск";
    Long "replica.lag.time.max.ms" = "30000" [Any] High Ms
        "A follower that has not caught up for so long leaves the ISR"
        / "Follower, который столько не догнал leader, выходит из ISR";
    String "replica.selector.class" = null [Any] Medium None
        "Which replica consumers are sent to; unset means the leader"
        / "К какой реплике направлять consumer; не задано — к leader";
    Int "replica.socket.timeout.ms" = "30000" [Any] High Ms
        "How long a follower waits for the answer to a fetch"
        / "Сколько follower ждёт ответа на fetch";
    Int "request.timeout.ms" = "30000" [Any] High Ms
        "How long a broker waits for another server's answer"
        / "Сколько broker ждёт ответа другого сервера";
    Boolean live "unclean.leader.election.enable" = "false" [Any] High None
        "Rather lose records than stay without a leader"
        / "Лучше потерять записи, чем остаться без leader";
    Long internal "unclean.leader.election.interval.ms" = "300000" [AtLeast(1)] Medium Ms
        "How often the controller looks for partitions that need an unclean leader"
        / "Как часто controller ищет partition, которым нужен unclean leader";
    Int "broker.id" = "-1" [Any] High None "The broker's id, an older name of node.id";
    List "controller.listener.names" = required [ListOf { allowed: &[], empty: false, null: false }] High None
        "Listeners of the controllers";
    Long internal "controller.performance.always.log.threshold.ms" = "2000" [AtLeast(0)] Medium Ms
        "Log controller events that take so long";
    Long internal "controller.performance.sample.period.ms" = "60000" [AtLeast(100)] Medium Ms
        "How often the controller logs how it performs";
    Boolean "controller.quorum.auto.join.enable" = "false" [Any] Low None
        "Join the controllers' quorum at start";
    List "controller.quorum.bootstrap.servers" = "" [QuorumAddresses] High None
        "First addresses of the controllers' quorum";
    Int "controller.quorum.fetch.max.bytes" = "1048576" [AtLeast(1)] Low Bytes
        "How much metadata one fetch brings";
    Int "controller.quorum.fetch.snapshot.max.bytes" = "1048576" [AtLeast(1)] Low Bytes
        "How much of a snapshot one fetch brings";
    List "controller.quorum.voters" = "" [QuorumAddresses] High None
        "Ids and addresses of a quorum that does not change";
    Int "controller.quota.window.num" = "11" [AtLeast(1)] Low Count
        "Samples kept for the quota on changes of topics";
    Int "controller.quota.window.size.seconds" = "1" [AtLeast(1)] Low Seconds
        "Length of a sample for the quota on changes of topics";
    Int "controller.socket.timeout.ms" = "30000" [Any] Medium Ms
        "How long to wait on a socket to the controller";
    Int "node.id" = required [AtLeast(0)] High None "Id of the server in the cluster";
    List "process.roles" = required [ListOf { allowed: &["broker", "controller"], empty: false, null: false }] High None
        "What the server is: broker, controller, or both";
    Int "replica.socket.receive.buffer.bytes" = "65536" [Any] High Bytes
        "Receive buffer of followers' sockets";
}
