use crate::controller::testbed::{Bed, SECOND, new_topic};
use crate::engine::NodeId;
use crate::events::Event;
use crate::protocol::{AdminRequest, CONSUMER_OFFSETS, ErrorCode, TopicId};

fn refusal(bed: &mut Bed, name: &str, partitions: i32, factor: i16) -> (ErrorCode, String) {
    bed.create(name, partitions, factor).expect_err("refused")
}

#[test]
fn a_topic_is_told_with_all_its_partitions() {
    let mut bed = Bed::with_brokers(&[1, 2, 3]);
    let request = new_topic("orders", 3, 3, &[("min.insync.replicas", "2")]);
    assert_eq!(bed.admin(request), Some(Ok(())));
    let image = bed.controller.image();
    let id = image.topic_id("orders").unwrap();
    let topic = image.topic(id).unwrap();
    assert_eq!(topic.config.get("min.insync.replicas"), Some("2"));
    assert_eq!(topic.partitions.len(), 3);
    for partition in &topic.partitions {
        assert_eq!(partition.isr, partition.replicas);
        assert_eq!(partition.leader, partition.replicas.first().copied());
        assert_eq!((partition.leader_epoch, partition.partition_epoch), (0, 0));
    }
    let mut leaders: Vec<_> = topic.partitions.iter().map(|p| p.leader).collect();
    leaders.sort();
    leaders.dedup();
    assert_eq!(leaders.len(), 3, "each broker leads one");
    let Some((_, Event::TopicCreated { partitions, .. })) = bed.world.events.last() else {
        panic!("{:?}", bed.world.events)
    };
    assert_eq!(**partitions, *topic.partitions);
}

#[test]
fn names_are_checked_in_kafkas_words() {
    let mut bed = Bed::with_brokers(&[1]);
    bed.create("my.topic", 1, 1).unwrap();
    let long = "x".repeat(250);
    let too_long = format!(
        "Topic name is invalid: the length of '{long}' is longer than the max allowed length 249"
    );
    for (name, message) in [
        ("", "Topic name is invalid: the empty string is not allowed"),
        (".", "Topic name is invalid: '.' is not allowed"),
        ("..", "Topic name is invalid: '..' is not allowed"),
        (&long, &too_long),
        (
            "a b",
            "Topic name is invalid: 'a b' contains one or more characters other than ASCII \
             alphanumerics, '.', '_' and '-'",
        ),
        ("my_topic", "Topic 'my_topic' collides with existing topic: my.topic"),
    ] {
        let expected = (ErrorCode::InvalidTopicException, message.to_owned());
        assert_eq!(refusal(&mut bed, name, 1, 1), expected);
    }
    assert_eq!(
        refusal(&mut bed, "my.topic", 1, 1),
        (ErrorCode::TopicAlreadyExists, "Topic 'my.topic' already exists.".to_owned())
    );
    assert_eq!(refusal(&mut bed, "__cluster_metadata", 1, 1).0, ErrorCode::InvalidRequest);
    assert_eq!(bed.create(&"x".repeat(249), 1, 1), Ok(()));
}

#[test]
fn numbers_are_checked_the_factor_first() {
    let mut bed = Bed::with_brokers(&[1, 2]);
    for factor in [0, -2] {
        let message = "Replication factor must be larger than 0, or -1 to use the default value.";
        let expected = (ErrorCode::InvalidReplicationFactor, message.to_owned());
        assert_eq!(refusal(&mut bed, "t", 0, factor), expected);
    }
    for partitions in [0, -2] {
        let message = "Number of partitions was set to an invalid non-positive value.";
        let expected = (ErrorCode::InvalidPartitions, message.to_owned());
        assert_eq!(refusal(&mut bed, "t", partitions, 1), expected);
    }
    let message = "Unable to replicate the partition 3 time(s): The target replication factor of \
                   3 cannot be reached because only 2 broker(s) are registered or some brokers \
                   have all their log directories cordoned.";
    let expected = (ErrorCode::InvalidReplicationFactor, message.to_owned());
    assert_eq!(refusal(&mut bed, "t", 1, 3), expected);
    assert_eq!(refusal(&mut bed, "t", 10_001, 1).0, ErrorCode::PolicyViolation);
    assert_eq!(bed.controller.log.end_offset(), 4, "nothing was written");
}

#[test]
fn minus_one_means_the_brokers_defaults() {
    let mut bed = Bed::new(&[("num.partitions", "4"), ("default.replication.factor", "2")], 0);
    bed.join(&[1, 2, 3]);
    bed.create("t", -1, -1).unwrap();
    let partitions = &bed.controller.image().topics().values().next().unwrap().partitions;
    assert_eq!(partitions.len(), 4);
    assert!(partitions.iter().all(|p| p.replicas.len() == 2));
}

#[test]
fn fenced_brokers_count_and_join_no_isr() {
    let mut bed = Bed::with_brokers(&[1, 2, 3]);
    bed.run_until(15 * SECOND, &[1, 2]);
    bed.create("t", 6, 3).unwrap();
    for partition in &bed.controller.image().topics().values().next().unwrap().partitions {
        assert_eq!(partition.replicas.len(), 3);
        assert_eq!(partition.replicas[2], NodeId(3), "fenced ones come last");
        assert!(!partition.isr.contains(&NodeId(3)));
        assert_eq!(partition.leader, Some(partition.isr[0]));
    }
    bed.run_until(40 * SECOND, &[]);
    let message = "Unable to replicate the partition 1 time(s): All brokers are currently fenced, \
                   or have all their log directories cordoned.";
    let expected = (ErrorCode::InvalidReplicationFactor, message.to_owned());
    assert_eq!(refusal(&mut bed, "u", 1, 1), expected);
}

#[test]
fn a_broker_in_controlled_shutdown_gets_no_replicas() {
    let mut bed = Bed::with_brokers(&[1, 2]);
    bed.partition(&[2, 1], &[2, 1], 2);
    assert!(!bed.ask_to_stop(2).should_shut_down);
    bed.create("t", 4, 1).unwrap();
    let topic = bed.controller.image().topics().values().last().unwrap();
    assert!(topic.partitions.iter().all(|p| p.replicas == [NodeId(1)]));
    assert_eq!(refusal(&mut bed, "u", 1, 2).0, ErrorCode::InvalidReplicationFactor);
}

#[test]
fn configs_are_checked_before_anything_is_placed() {
    let mut bed = Bed::with_brokers(&[1]);
    for (key, value, message) in [
        ("no.such", "1", "Unknown topic config name: no.such"),
        (
            "segment.bytes",
            "14",
            "Invalid value 14 for configuration segment.bytes: Value must be at least 1048576",
        ),
    ] {
        let refused = bed.admin(new_topic("t", 1, 5, &[(key, value)])).unwrap().unwrap_err();
        assert_eq!(refused, (ErrorCode::InvalidConfig, message.to_owned()));
    }
}

#[test]
fn the_offsets_topic_is_a_topic_like_another() {
    let mut bed = Bed::with_brokers(&[1, 2, 3]);
    let configs = [("cleanup.policy", "compact"), ("segment.bytes", "104857600")];
    assert_eq!(bed.admin(new_topic(CONSUMER_OFFSETS, 50, 3, &configs)), Some(Ok(())));
    assert_eq!(bed.create(CONSUMER_OFFSETS, 1, 1).unwrap_err().0, ErrorCode::TopicAlreadyExists);
}

#[test]
fn partitions_are_added_and_never_taken_away() {
    let mut bed = Bed::with_brokers(&[1, 2, 3]);
    bed.create("orders", 3, 2).unwrap();
    let add = |bed: &mut Bed, topic: &str, count| {
        bed.admin(AdminRequest::CreatePartitions { topic: topic.into(), count }).expect("an answer")
    };
    for (count, fault) in [
        (3, "Topic already has 3 partition(s)."),
        (2, "The topic orders currently has 3 partition(s); 2 would not be an increase."),
        (-1, "The topic orders currently has 3 partition(s); -1 would not be an increase."),
    ] {
        let (error, message) = add(&mut bed, "orders", count).unwrap_err();
        assert_eq!(error, ErrorCode::InvalidPartitions);
        assert!(message.starts_with(fault), "{message}");
    }
    assert_eq!(add(&mut bed, "order", 4).unwrap_err().0, ErrorCode::UnknownTopicOrPartition);
    assert_eq!(add(&mut bed, "orders", 5), Ok(()));
    let topic = bed.controller.image().topics().values().next().unwrap();
    assert_eq!(topic.partitions.len(), 5);
    assert!(topic.partitions.iter().all(|p| p.replicas.len() == 2 && p.isr == p.replicas));
    let Some((_, Event::PartitionsAdded { from, partitions, .. })) = bed.world.events.last() else {
        panic!("{:?}", bed.world.events)
    };
    assert_eq!((*from, partitions.len()), (3, 2));
}

#[test]
fn a_deleted_topic_is_gone_and_its_id_with_it() {
    let mut bed = Bed::with_brokers(&[1, 2]);
    bed.create("orders", 2, 2).unwrap();
    bed.create("payments", 1, 1).unwrap();
    let delete = |bed: &mut Bed, topic: &str| {
        bed.admin(AdminRequest::DeleteTopic { topic: topic.into() }).expect("an answer")
    };
    let first = bed.controller.image().topic_id("orders").unwrap();
    assert_eq!(delete(&mut bed, "orders"), Ok(()));
    let image = bed.controller.image();
    assert_eq!((image.topic_id("orders"), image.topics().len()), (None, 1));
    assert_eq!(image.topic_name(first).map(|name| &**name), Some("orders"));
    let (error, message) = delete(&mut bed, "orders").unwrap_err();
    assert_eq!(error, ErrorCode::UnknownTopicOrPartition);
    assert_eq!(message, "The topic 'orders' does not exist. The topics are payments.");
    bed.create("orders", 1, 1).unwrap();
    let image = bed.controller.image();
    assert_eq!(image.topic_id("orders"), Some(TopicId(2)), "another topic of that name");
    assert_eq!(image.topic_name(first).map(|name| &**name), Some("orders"));

    let mut bed = Bed::new(&[("delete.topic.enable", "false")], 0);
    bed.join(&[1]);
    bed.create("orders", 1, 1).unwrap();
    assert_eq!(delete(&mut bed, "orders").unwrap_err().0, ErrorCode::TopicDeletionDisabled);
}
