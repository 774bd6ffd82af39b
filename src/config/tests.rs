//! The typed configs, with figures worked out by hand.

use super::*;

fn set(pairs: &[(&str, &str)]) -> Properties {
    pairs.iter().copied().collect()
}

fn producer(pairs: &[(&str, &str)]) -> Result<ProducerConfig, String> {
    ProducerConfig::from_properties(&set(pairs)).map_err(|e| e.to_string())
}

fn consumer(pairs: &[(&str, &str)]) -> Result<ConsumerConfig, String> {
    ConsumerConfig::from_properties(&set(pairs)).map_err(|e| e.to_string())
}

fn broker(pairs: &[(&str, &str)]) -> Result<BrokerConfig, String> {
    BrokerConfig::from_properties(&set(pairs)).map_err(|e| e.to_string())
}

fn topic(own: &[(&str, &str)], brokers: &[(&str, &str)]) -> Result<TopicConfig, String> {
    TopicConfig::from_properties(&set(own), &broker(brokers)?).map_err(|e| e.to_string())
}

#[test]
fn a_producer_by_default_is_idempotent() -> Result<(), String> {
    let config = producer(&[])?;
    assert_eq!(config.acks, Acks::All);
    assert!(config.enable_idempotence);
    assert_eq!((config.linger_ms, config.batch_size), (5, 16_384));
    assert_eq!(config.transactional_id, None);
    assert_eq!(config.partitioner_class, PartitionerClass::BuiltIn);
    assert_eq!(config.notes, [""; 0]);
    Ok(())
}

#[test]
fn idempotence_goes_silently_unless_it_was_asked_for() -> Result<(), String> {
    let config = producer(&[("acks", "1"), ("retries", "0")])?;
    assert!(!config.enable_idempotence);
    assert_eq!(config.notes, ["enable.idempotence switched off because retries=0 and acks=1"]);
    let error = producer(&[("acks", "1"), ("enable.idempotence", "true")]).unwrap_err();
    assert!(error.starts_with("ConfigException: Must set acks to all"), "{error}");
    assert!(producer(&[("max.in.flight.requests.per.connection", "6")]).is_err());
    let reordering =
        [("enable.idempotence", "false"), ("max.in.flight.requests.per.connection", "10")];
    assert_eq!(producer(&reordering)?.notes, [""; 0]);
    Ok(())
}

#[test]
fn a_delivery_lasts_at_least_as_long_as_lingering_and_one_request() -> Result<(), String> {
    let config = producer(&[("linger.ms", "200000")])?;
    assert_eq!(config.delivery_timeout_ms, 230_000);
    assert_eq!(config.notes.len(), 1);
    let longest = [("linger.ms", "9223372036854775807"), ("request.timeout.ms", "2147483647")];
    assert_eq!(producer(&longest)?.delivery_timeout_ms, i64::from(i32::MAX));
    let short = set(&[("delivery.timeout.ms", "30004")]);
    let error = ProducerConfig::from_properties(&short).unwrap_err();
    assert_eq!(error.wrapper, Some("Failed to construct kafka producer"));
    assert_eq!(error.name.as_deref(), Some("delivery.timeout.ms"));
    Ok(())
}

#[test]
fn of_two_mistakes_the_one_kafka_defines_first_is_reported() {
    let error = producer(&[("linger.ms", "x"), ("retries", "y")]).unwrap_err();
    assert_eq!(
        error,
        "ConfigException: Invalid value y for configuration retries: Not a number of type INT"
    );
}

#[test]
fn transactions_name_their_producer() -> Result<(), String> {
    assert_eq!(producer(&[("transactional.id", "pay")])?.client_id, "producer-pay");
    let both = [("transactional.id", "pay"), ("client.id", "till")];
    assert_eq!(producer(&both)?.client_id, "till");
    assert!(producer(&[("transactional.id", "pay"), ("acks", "0")]).is_err());
    Ok(())
}

#[test]
fn a_lone_reconnect_backoff_is_its_own_maximum() -> Result<(), String> {
    assert_eq!(producer(&[("reconnect.backoff.ms", "7")])?.reconnect_backoff_max_ms, 7);
    let both = [("reconnect.backoff.ms", "7"), ("reconnect.backoff.max.ms", "9")];
    assert_eq!(producer(&both)?.reconnect_backoff_max_ms, 9);
    assert_eq!(producer(&[("retry.backoff.ms", "1001")])?.notes.len(), 1);
    Ok(())
}

#[test]
fn classes_that_kafka_does_not_ship_are_not_found() -> Result<(), String> {
    let round_robin = "org.apache.kafka.clients.producer.RoundRobinPartitioner";
    let config = producer(&[("partitioner.class", round_robin)])?;
    assert_eq!(config.partitioner_class, PartitionerClass::RoundRobin);
    assert_eq!(
        producer(&[("partitioner.class", "my.Own")]).unwrap_err(),
        "ConfigException: Invalid value my.Own for configuration partitioner.class: \
         Class my.Own could not be found."
    );
    let deserializer = "org.apache.kafka.common.serialization.LongDeserializer";
    assert_eq!(
        producer(&[("value.serializer", deserializer)]).unwrap_err(),
        "KafkaException: class org.apache.kafka.common.serialization.LongDeserializer \
         is not an instance of org.apache.kafka.common.serialization.Serializer"
    );
    Ok(())
}

#[test]
fn a_consumer_without_a_group_commits_nothing() -> Result<(), String> {
    let config = consumer(&[])?;
    assert!(!config.enable_auto_commit);
    assert_eq!(config.group_protocol, GroupProtocol::Classic);
    assert_eq!(config.partition_assignment_strategy.len(), 2);
    assert!(consumer(&[("group.id", "g")])?.enable_auto_commit);
    let error = consumer(&[("enable.auto.commit", "true")]).unwrap_err();
    assert!(error.starts_with("InvalidConfigurationException: enable.auto.commit"), "{error}");
    Ok(())
}

#[test]
fn heartbeats_fit_into_a_session() -> Result<(), String> {
    let tight = |session| [("group.id", "g"), ("session.timeout.ms", session)];
    assert_eq!(consumer(&tight("3001"))?.session_timeout_ms, 3001);
    assert_eq!(
        consumer(&tight("3000")).unwrap_err(),
        "IllegalArgumentException: Heartbeat must be set lower than the session timeout"
    );
    // There are none without a group.
    assert!(consumer(&[("session.timeout.ms", "1")]).is_ok());
    Ok(())
}

#[test]
fn each_group_protocol_has_its_own_configs() -> Result<(), String> {
    let new = [("group.id", "g"), ("group.protocol", "Consumer")];
    assert_eq!(consumer(&new)?.group_protocol, GroupProtocol::Consumer);
    let mixed = [
        ("group.protocol", "consumer"),
        ("session.timeout.ms", "9000"),
        ("heartbeat.interval.ms", "1000"),
    ];
    assert_eq!(
        consumer(&mixed).unwrap_err(),
        "ConfigException: heartbeat.interval.ms, session.timeout.ms \
         cannot be set when group.protocol=CONSUMER"
    );
    Ok(())
}

#[test]
fn static_members_name_their_client() -> Result<(), String> {
    let member = [("group.id", "g"), ("group.instance.id", "till-1")];
    assert_eq!(consumer(&member)?.client_id, "consumer-g-till-1");
    Ok(())
}

#[test]
fn a_broker_by_default() -> Result<(), String> {
    let config = broker(&[])?;
    assert_eq!(config.log_retention_ms, 604_800_000);
    assert_eq!(config.log_roll_ms, 604_800_000);
    assert_eq!(config.log_flush_interval_ms, i64::MAX);
    assert_eq!(config.log_cleaner_min_cleanable_ratio.millionths, 500_000);
    assert_eq!(config.group_consumer_assignors, ["uniform", "range"]);
    assert_eq!(config.offsets_topic_replication_factor, 3);
    assert_eq!(config.broker_rack, None);
    assert_eq!(config.notes, [""; 0]);
    Ok(())
}

#[test]
fn the_finest_unit_given_holds() -> Result<(), String> {
    let retention = |pairs| broker(pairs).map(|config| config.log_retention_ms);
    assert_eq!(retention(&[("log.retention.hours", "2")])?, 7_200_000);
    let two = [("log.retention.hours", "2"), ("log.retention.minutes", "3")];
    assert_eq!(retention(&two)?, 180_000);
    let all = [("log.retention.hours", "2"), ("log.retention.ms", "-1")];
    assert_eq!(retention(&all)?, -1);
    assert_eq!(retention(&[("log.retention.hours", "-5")])?, -1);
    assert_eq!(broker(&[("log.roll.hours", "1")])?.log_roll_ms, 3_600_000);
    Ok(())
}

#[test]
fn a_broker_that_kafka_would_not_start() {
    for (pairs, part) in [
        (&[("log.retention.ms", "0")][..], "requirement failed: log.retention.ms must be"),
        (&[("replica.lag.time.max.ms", "400")], "frequent changes in ISR"),
        (&[("replica.socket.timeout.ms", "400")], "unnecessary socket timeouts"),
        (&[("node.id", "1"), ("broker.id", "2")], "You must set `node.id`"),
        (
            &[("group.consumer.heartbeat.interval.ms", "4999")],
            "group.consumer.heartbeat.interval.ms must be greater than or equal to \
             group.consumer.min.heartbeat.interval.ms",
        ),
        (&[("min.insync.replicas", "0")], "Value must be at least 1"),
    ] {
        let error = broker(pairs).unwrap_err();
        assert!(error.contains(part), "{error}");
    }
}

#[test]
fn slow_heartbeats_of_a_broker_are_only_noted() -> Result<(), String> {
    assert_eq!(broker(&[("broker.heartbeat.interval.ms", "4501")])?.notes.len(), 1);
    Ok(())
}

#[test]
fn a_topic_takes_from_its_broker_what_it_does_not_set() -> Result<(), String> {
    let brokers = [
        ("log.retention.minutes", "1"),
        ("log.cleanup.policy", "compact"),
        ("min.insync.replicas", "2"),
        ("message.max.bytes", "1000"),
    ];
    let config = topic(&[("min.insync.replicas", "1"), ("retention.bytes", "5")], &brokers)?;
    assert_eq!(config.retention_ms, 60_000);
    assert_eq!(config.cleanup_policy, CleanupPolicy { delete: false, compact: true });
    assert_eq!(config.min_insync_replicas, 1);
    assert_eq!((config.max_message_bytes, config.retention_bytes), (1000, 5));
    let neither = topic(&[("cleanup.policy", "")], &[])?;
    assert_eq!(neither.cleanup_policy, CleanupPolicy { delete: false, compact: false });
    Ok(())
}

/// Without any setting both roads lead to the same values.
#[test]
fn the_defaults_of_topics_and_brokers_agree() -> Result<(), ConfigException> {
    for (name, synonyms) in BROKER_SYNONYMS {
        assert!(find(Scope::Topic, name).is_some(), "{name}");
        for synonym in *synonyms {
            assert!(find(Scope::Broker, synonym).is_some(), "{synonym}");
        }
        let own = find(Scope::Topic, name).map(ConfigDef::default_value);
        let brokers = find(Scope::Broker, synonyms[0]).map(ConfigDef::default_value);
        if brokers != Some(Value::Null) {
            assert_eq!(own, brokers, "{name}");
        }
    }
    let broker = BrokerConfig::from_properties(&Properties::new())?;
    let config = TopicConfig::from_properties(&Properties::new(), &broker)?;
    assert_eq!(config.segment_ms, 604_800_000);
    assert_eq!(config.flush_ms, i64::MAX);
    assert_eq!(broker_synonyms("segment.ms"), ["log.roll.ms", "log.roll.hours"]);
    assert_eq!(broker_synonyms("internal.segment.bytes"), [""; 0]);
    Ok(())
}

#[test]
fn a_topic_that_kafka_would_not_create() {
    for (name, value, message) in [
        ("retention", "1", "InvalidConfigurationException: Unknown topic config name: retention"),
        (
            "max.compaction.lag.ms",
            "4",
            "InvalidConfigurationException: conflict topic config setting \
             min.compaction.lag.ms (5) > max.compaction.lag.ms (4)",
        ),
        (
            "cleanup.policy",
            "shred",
            "ConfigException: Invalid value shred for configuration cleanup.policy: \
             String must be one of: compact, delete",
        ),
        (
            "min.cleanable.dirty.ratio",
            "1.5",
            "ConfigException: Invalid value 1.5 for configuration min.cleanable.dirty.ratio: \
             Value must be no more than 1",
        ),
        (
            "segment.bytes",
            "14",
            "ConfigException: Invalid value 14 for configuration segment.bytes: \
             Value must be at least 1048576",
        ),
    ] {
        let own = [("min.compaction.lag.ms", "5"), (name, value)];
        assert_eq!(topic(&own, &[]).unwrap_err(), message);
    }
}
