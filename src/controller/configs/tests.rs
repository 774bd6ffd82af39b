use crate::controller::testbed::Bed;
use crate::events::Event;
use crate::protocol::{AdminRequest, ErrorCode, TopicId};

type Answer = Result<(), (ErrorCode, String)>;

fn alter_topic(bed: &mut Bed, topic: &str, key: &str, value: Option<&str>) -> Answer {
    let (topic, key, value) = (topic.into(), key.into(), value.map(Into::into));
    bed.admin(AdminRequest::AlterTopicConfig { topic, key, value }).unwrap()
}

fn alter_brokers(bed: &mut Bed, key: &str, value: Option<&str>) -> Answer {
    let (key, value) = (key.into(), value.map(Into::into));
    bed.admin(AdminRequest::AlterBrokerConfig { key, value }).unwrap()
}

fn changes(bed: &Bed) -> Vec<String> {
    let events = bed.world.events.iter();
    events
        .filter_map(|(_, event)| match event {
            Event::ConfigChanged { scope, key, value } => Some(format!("{scope}: {key}={value:?}")),
            _ => None,
        })
        .collect()
}

#[test]
fn a_topic_config_is_set_and_reset() {
    let mut bed = Bed::with_brokers(&[1]);
    bed.create("orders", 1, 1).unwrap();
    alter_topic(&mut bed, "orders", "retention.ms", Some("1000")).unwrap();
    let config = |bed: &Bed| {
        let topic = bed.controller.image().topic(TopicId(0)).unwrap();
        topic.config.get("retention.ms").map(str::to_owned)
    };
    assert_eq!(config(&bed).as_deref(), Some("1000"));
    alter_topic(&mut bed, "orders", "retention.ms", None).unwrap();
    alter_topic(&mut bed, "orders", "retention.ms", None).unwrap();
    assert_eq!(config(&bed), None);
    assert_eq!(
        changes(&bed),
        ["topic orders: retention.ms=Some(\"1000\")", "topic orders: retention.ms=None"]
    );
}

#[test]
fn what_is_not_valid_changes_nothing() {
    let mut bed = Bed::with_brokers(&[1]);
    bed.create("orders", 1, 1).unwrap();
    let end_offset = bed.controller.log.end_offset();
    assert_eq!(
        alter_topic(&mut bed, "nobody", "retention.ms", Some("1")),
        Err((ErrorCode::UnknownTopicOrPartition, "The topic 'nobody' does not exist.".to_owned()))
    );
    for (key, value, message) in [
        ("linger.ms", "5", "Unknown topic config name: linger.ms"),
        (
            "min.insync.replicas",
            "0",
            "Invalid value 0 for configuration min.insync.replicas: Value must be at least 1",
        ),
        (
            "retention.ms",
            "soon",
            "Invalid value soon for configuration retention.ms: Not a number of type LONG",
        ),
    ] {
        let expected = Err((ErrorCode::InvalidConfig, message.to_owned()));
        assert_eq!(alter_topic(&mut bed, "orders", key, Some(value)), expected);
    }
    assert_eq!(bed.controller.log.end_offset(), end_offset);
    assert!(changes(&bed).is_empty());
}

#[test]
fn brokers_take_some_configs_live_and_no_others() {
    let mut bed = Bed::with_brokers(&[1]);
    alter_brokers(&mut bed, "min.insync.replicas", Some("2")).unwrap();
    assert_eq!(bed.controller.image().broker_config().get("min.insync.replicas"), Some("2"));
    for (key, value, message) in [
        (
            "replica.lag.time.max.ms",
            "1000",
            "Cannot update these configs dynamically: Set(replica.lag.time.max.ms)",
        ),
        (
            "min.insync.replicas",
            "0",
            "Invalid value 0 for configuration min.insync.replicas: Value must be at least 1",
        ),
    ] {
        let expected = Err((ErrorCode::InvalidRequest, message.to_owned()));
        assert_eq!(alter_brokers(&mut bed, key, Some(value)), expected);
    }
    assert!(alter_brokers(&mut bed, "colour", Some("red")).is_err());
    alter_brokers(&mut bed, "min.insync.replicas", None).unwrap();
    assert_eq!(
        changes(&bed),
        ["brokers: min.insync.replicas=Some(\"2\")", "brokers: min.insync.replicas=None"]
    );
}

#[test]
fn the_nearest_word_on_unclean_elections_holds() {
    const UNCLEAN: &str = "unclean.leader.election.enable";
    let mut bed = Bed::with_brokers(&[1]);
    bed.create("orders", 1, 1).unwrap();
    let enabled = |bed: &Bed| bed.controller.is_unclean_election_enabled(TopicId(0));
    assert!(!enabled(&bed));
    alter_brokers(&mut bed, UNCLEAN, Some("true")).unwrap();
    assert!(enabled(&bed));
    alter_topic(&mut bed, "orders", UNCLEAN, Some("false")).unwrap();
    assert!(!enabled(&bed));
    alter_topic(&mut bed, "orders", UNCLEAN, None).unwrap();
    assert!(enabled(&bed));
}
