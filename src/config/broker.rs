//! `KafkaConfig`: what a broker works with, after Kafka's checks.

use super::choices::{
    CleanupPolicy, GroupMigrationPolicy, Ratio, ReplicaSelector, TimestampType, TopicCompression,
};
use super::classes::{Role, ensure_instances};
use super::definition::Scope;
use super::exception::ConfigException;
use super::properties::Properties;
use super::value::Value;
use super::values::{Values, typed_config};

const HOUR_MS: i64 = 3_600_000;
const MINUTE_MS: i64 = 60_000;

typed_config! {
    /// What a broker works with.
    BrokerConfig of Broker {
        // replication and leadership
        num_partitions: i32 = "num.partitions",
        default_replication_factor: i32 = "default.replication.factor",
        min_insync_replicas: i32 = "min.insync.replicas",
        unclean_leader_election_enable: bool = "unclean.leader.election.enable",
        unclean_leader_election_interval_ms: i64 = "unclean.leader.election.interval.ms",
        auto_leader_rebalance_enable: bool = "auto.leader.rebalance.enable",
        leader_imbalance_check_interval_seconds: i64 = "leader.imbalance.check.interval.seconds",
        replica_lag_time_max_ms: i64 = "replica.lag.time.max.ms",
        replica_fetch_wait_max_ms: i64 = "replica.fetch.wait.max.ms",
        replica_fetch_min_bytes: i32 = "replica.fetch.min.bytes",
        replica_fetch_max_bytes: i32 = "replica.fetch.max.bytes",
        replica_fetch_response_max_bytes: i32 = "replica.fetch.response.max.bytes",
        replica_fetch_backoff_ms: i64 = "replica.fetch.backoff.ms",
        num_replica_fetchers: i32 = "num.replica.fetchers",
        replica_socket_timeout_ms: i64 = "replica.socket.timeout.ms",
        replica_high_watermark_checkpoint_interval_ms: i64 =
            "replica.high.watermark.checkpoint.interval.ms",
        replica_selector_class: ReplicaSelector = "replica.selector.class",
        broker_rack: Option<String> = "broker.rack",
        message_max_bytes: i32 = "message.max.bytes",
        fetch_max_bytes: i32 = "fetch.max.bytes",
        auto_create_topics_enable: bool = "auto.create.topics.enable",
        delete_topic_enable: bool = "delete.topic.enable",
        controlled_shutdown_enable: bool = "controlled.shutdown.enable",
        broker_heartbeat_interval_ms: i64 = "broker.heartbeat.interval.ms",
        broker_session_timeout_ms: i64 = "broker.session.timeout.ms",
        initial_broker_registration_timeout_ms: i64 = "initial.broker.registration.timeout.ms",
        request_timeout_ms: i64 = "request.timeout.ms",
        // the controllers' quorum
        controller_quorum_election_timeout_ms: i64 = "controller.quorum.election.timeout.ms",
        controller_quorum_fetch_timeout_ms: i64 = "controller.quorum.fetch.timeout.ms",
        controller_quorum_election_backoff_max_ms: i64 =
            "controller.quorum.election.backoff.max.ms",
        controller_quorum_request_timeout_ms: i64 = "controller.quorum.request.timeout.ms",
        controller_quorum_retry_backoff_ms: i64 = "controller.quorum.retry.backoff.ms",
        controller_quorum_append_linger_ms: i64 = "controller.quorum.append.linger.ms",
        // groups and offsets
        group_min_session_timeout_ms: i64 = "group.min.session.timeout.ms",
        group_max_session_timeout_ms: i64 = "group.max.session.timeout.ms",
        group_initial_rebalance_delay_ms: i64 = "group.initial.rebalance.delay.ms",
        group_max_size: i32 = "group.max.size",
        offsets_topic_num_partitions: i32 = "offsets.topic.num.partitions",
        offsets_topic_replication_factor: i16 = "offsets.topic.replication.factor",
        offsets_topic_segment_bytes: i32 = "offsets.topic.segment.bytes",
        offsets_commit_timeout_ms: i64 = "offsets.commit.timeout.ms",
        offset_metadata_max_bytes: i32 = "offset.metadata.max.bytes",
        offsets_retention_minutes: i32 = "offsets.retention.minutes",
        offsets_retention_check_interval_ms: i64 = "offsets.retention.check.interval.ms",
        /// -1 is adaptive.
        group_coordinator_append_linger_ms: i64 = "group.coordinator.append.linger.ms",
        group_consumer_session_timeout_ms: i64 = "group.consumer.session.timeout.ms",
        group_consumer_min_session_timeout_ms: i64 = "group.consumer.min.session.timeout.ms",
        group_consumer_max_session_timeout_ms: i64 = "group.consumer.max.session.timeout.ms",
        group_consumer_heartbeat_interval_ms: i64 = "group.consumer.heartbeat.interval.ms",
        group_consumer_min_heartbeat_interval_ms: i64 =
            "group.consumer.min.heartbeat.interval.ms",
        group_consumer_max_heartbeat_interval_ms: i64 =
            "group.consumer.max.heartbeat.interval.ms",
        group_consumer_max_size: i32 = "group.consumer.max.size",
        /// The first one is the default.
        group_consumer_assignors: Vec<String> = "group.consumer.assignors",
        group_consumer_migration_policy: GroupMigrationPolicy = "group.consumer.migration.policy",
        group_consumer_assignment_interval_ms: i64 = "group.consumer.assignment.interval.ms",
        group_consumer_min_assignment_interval_ms: i64 =
            "group.consumer.min.assignment.interval.ms",
        group_consumer_max_assignment_interval_ms: i64 =
            "group.consumer.max.assignment.interval.ms",
        // transactions
        transaction_state_log_num_partitions: i32 = "transaction.state.log.num.partitions",
        transaction_state_log_replication_factor: i16 =
            "transaction.state.log.replication.factor",
        transaction_state_log_min_isr: i32 = "transaction.state.log.min.isr",
        transaction_state_log_segment_bytes: i32 = "transaction.state.log.segment.bytes",
        transaction_max_timeout_ms: i64 = "transaction.max.timeout.ms",
        transactional_id_expiration_ms: i64 = "transactional.id.expiration.ms",
        transaction_abort_timed_out_transaction_cleanup_interval_ms: i64 =
            "transaction.abort.timed.out.transaction.cleanup.interval.ms",
        transaction_remove_expired_transaction_cleanup_interval_ms: i64 =
            "transaction.remove.expired.transaction.cleanup.interval.ms",
        producer_id_expiration_ms: i64 = "producer.id.expiration.ms",
        producer_id_expiration_check_interval_ms: i64 =
            "producer.id.expiration.check.interval.ms",
        transaction_partition_verification_enable: bool =
            "transaction.partition.verification.enable",
        transaction_two_phase_commit_enable: bool = "transaction.two.phase.commit.enable",
        // logs; the effective times, whichever of the synonyms set them
        log_cleanup_policy: CleanupPolicy = "log.cleanup.policy",
        /// From `log.retention.ms`, else `.minutes`, else `.hours`; -1 is for ever.
        log_retention_ms: i64 = "log.retention.ms",
        log_retention_bytes: i64 = "log.retention.bytes",
        log_retention_check_interval_ms: i64 = "log.retention.check.interval.ms",
        log_initial_task_delay_ms: i64 = "log.initial.task.delay.ms",
        log_segment_bytes: i32 = "log.segment.bytes",
        /// From `log.roll.ms`, else `log.roll.hours`.
        log_roll_ms: i64 = "log.roll.ms",
        /// From `log.roll.jitter.ms`, else `log.roll.jitter.hours`.
        log_roll_jitter_ms: i64 = "log.roll.jitter.ms",
        log_index_size_max_bytes: i32 = "log.index.size.max.bytes",
        log_index_interval_bytes: i32 = "log.index.interval.bytes",
        log_segment_delete_delay_ms: i64 = "log.segment.delete.delay.ms",
        log_flush_interval_messages: i64 = "log.flush.interval.messages",
        /// From `log.flush.interval.ms`, else `log.flush.scheduler.interval.ms`.
        log_flush_interval_ms: i64 = "log.flush.interval.ms",
        log_flush_scheduler_interval_ms: i64 = "log.flush.scheduler.interval.ms",
        log_flush_offset_checkpoint_interval_ms: i64 = "log.flush.offset.checkpoint.interval.ms",
        log_message_timestamp_type: TimestampType = "log.message.timestamp.type",
        log_message_timestamp_before_max_ms: i64 = "log.message.timestamp.before.max.ms",
        log_message_timestamp_after_max_ms: i64 = "log.message.timestamp.after.max.ms",
        log_cleaner_enable: bool = "log.cleaner.enable",
        log_cleaner_threads: i32 = "log.cleaner.threads",
        log_cleaner_backoff_ms: i64 = "log.cleaner.backoff.ms",
        log_cleaner_min_cleanable_ratio: Ratio = "log.cleaner.min.cleanable.ratio",
        log_cleaner_min_compaction_lag_ms: i64 = "log.cleaner.min.compaction.lag.ms",
        log_cleaner_max_compaction_lag_ms: i64 = "log.cleaner.max.compaction.lag.ms",
        log_cleaner_delete_retention_ms: i64 = "log.cleaner.delete.retention.ms",
        compression_type: TopicCompression = "compression.type",
    }
}

impl BrokerConfig {
    /// A broker of the simulation: its id, roles and listeners need not be given.
    ///
    /// # Errors
    /// What Kafka would throw when it starts.
    pub fn from_properties(properties: &Properties) -> Result<Self, ConfigException> {
        let mut complete = properties.clone();
        let id = properties.get("broker.id").unwrap_or("0");
        for (name, value) in [
            ("process.roles", "broker"),
            ("node.id", id),
            ("controller.listener.names", "CONTROLLER"),
        ] {
            if !complete.is_explicit(name) {
                complete.set(name, value);
            }
        }
        let mut values = Values::parse(Scope::Broker, &complete)?;
        resolve_times(&mut values);
        let mut notes = Vec::new();
        check_groups(&values)?;
        check_values(&complete, &values, &mut notes)?;
        ensure_instances(&values, "replica.selector.class", Role::ReplicaSelector)?;
        Ok(Self::fill(&values, notes))
    }
}

/// Some times may be given in several units; the finest one given holds.
fn resolve_times(values: &mut Values) {
    let finest = |values: &Values, names: &[(&'static str, i64)]| {
        let given = |&(name, unit): &(&'static str, i64)| {
            values.take::<Option<i64>>(name).map(|n| n.saturating_mul(unit))
        };
        names.iter().find_map(given).unwrap_or_default()
    };
    let retention = finest(
        values,
        &[
            ("log.retention.ms", 1),
            ("log.retention.minutes", MINUTE_MS),
            ("log.retention.hours", HOUR_MS),
        ],
    );
    let forever = if retention < 0 { -1 } else { retention };
    let roll = finest(values, &[("log.roll.ms", 1), ("log.roll.hours", HOUR_MS)]);
    let jitter = finest(values, &[("log.roll.jitter.ms", 1), ("log.roll.jitter.hours", HOUR_MS)]);
    let flush =
        finest(values, &[("log.flush.interval.ms", 1), ("log.flush.scheduler.interval.ms", 1)]);
    values.put("log.retention.ms", Value::Long(forever));
    values.put("log.roll.ms", Value::Long(roll));
    values.put("log.roll.jitter.ms", Value::Long(jitter));
    values.put("log.flush.interval.ms", Value::Long(flush));
}

fn illegal(name: &str, message: impl Into<String>) -> ConfigException {
    ConfigException::new("IllegalArgumentException", name, message)
}

/// `GroupCoordinatorConfig`: for consumers, share and streams groups alike,
/// an interval lies between its limits, and heartbeats fit into a session.
fn check_groups(values: &Values) -> Result<(), ConfigException> {
    for group in ["consumer", "share", "streams"] {
        for what in ["heartbeat.interval.ms", "session.timeout.ms", "assignment.interval.ms"] {
            let name = format!("group.{group}.{what}");
            let min_name = format!("group.{group}.min.{what}");
            let max_name = format!("group.{group}.max.{what}");
            let [value, min, max] = [&name, &min_name, &max_name].map(|n| values.take::<i64>(n));
            let broken = if max < min {
                Some((&max_name, "greater", &min_name))
            } else if value < min {
                Some((&name, "greater", &min_name))
            } else if value > max {
                Some((&name, "less", &max_name))
            } else {
                None
            };
            if let Some((one, side, other)) = broken {
                let message = format!("{one} must be {side} than or equal to {other}");
                return Err(illegal(one, message));
            }
        }
        let heartbeat = format!("group.{group}.heartbeat.interval.ms");
        let session = format!("group.{group}.session.timeout.ms");
        if values.take::<i64>(&heartbeat) >= values.take::<i64>(&session) {
            let message = format!("{heartbeat} must be less than {session}");
            return Err(illegal(&heartbeat, message));
        }
    }
    Ok(())
}

/// `KafkaConfig.validateValues`. Its `require` is Scala's, which says so.
fn check_values(
    properties: &Properties,
    values: &Values,
    notes: &mut Vec<String>,
) -> Result<(), ConfigException> {
    let number = |name: &str| values.take::<i64>(name);
    if properties.is_explicit("broker.id") && number("broker.id") != number("node.id") {
        return Err(ConfigException::about(
            "node.id",
            "You must set `node.id` to the same value as `broker.id`.",
        ));
    }
    let retention = number("log.retention.ms");
    let fetch_wait = number("replica.fetch.wait.max.ms");
    let dedupe = number("log.cleaner.dedupe.buffer.size");
    let per_thread = dedupe / number("log.cleaner.threads").max(1);
    let requirements = [
        (
            number("log.roll.ms") >= 1,
            "log.roll.ms",
            "log.roll.ms must be greater than or equal to 1",
        ),
        (
            number("log.roll.jitter.ms") >= 0,
            "log.roll.jitter.ms",
            "log.roll.jitter.ms must be greater than or equal to 0",
        ),
        (
            retention >= 1 || retention == -1,
            "log.retention.ms",
            "log.retention.ms must be unlimited (-1) or, greater than or equal to 1",
        ),
        (
            per_thread > 1024 * 1024,
            "log.cleaner.dedupe.buffer.size",
            "log.cleaner.dedupe.buffer.size must be at least 1MB per cleaner thread.",
        ),
        (
            fetch_wait <= number("replica.socket.timeout.ms"),
            "replica.socket.timeout.ms",
            "replica.socket.timeout.ms should always be at least replica.fetch.wait.max.ms \
             to prevent unnecessary socket timeouts",
        ),
        (
            fetch_wait <= number("replica.lag.time.max.ms"),
            "replica.fetch.wait.max.ms",
            "replica.fetch.wait.max.ms should always be less than or equal to \
             replica.lag.time.max.ms to prevent frequent changes in ISR",
        ),
    ];
    if let Some((_, name, message)) = requirements.iter().find(|(holds, ..)| !holds) {
        return Err(illegal(name, format!("requirement failed: {message}")));
    }
    let heartbeat = number("broker.heartbeat.interval.ms");
    let session = number("broker.session.timeout.ms");
    if heartbeat * 2 > session {
        notes.push(format!(
            "broker.heartbeat.interval.ms ({heartbeat} ms) must be less than or equal to half of \
             the broker.session.timeout.ms ({session} ms)"
        ));
    }
    Ok(())
}
