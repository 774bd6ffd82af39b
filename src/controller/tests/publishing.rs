//! The metadata log's way to the brokers, and the start of a cluster.

use crate::controller::testbed::{Bed, SECOND, new_topic};
use crate::events::Event;
use crate::protocol::ErrorCode;

#[test]
fn brokers_have_the_whole_log_a_turn_after_it_grew() {
    let mut bed = Bed::with_brokers(&[1, 2, 3]);
    bed.create("orders", 3, 3).unwrap();
    let end_offset = bed.controller.log.end_offset();
    assert!(bed.applied.values().all(|&applied| applied == end_offset), "{:?}", bed.applied);
}

#[test]
fn what_was_lost_comes_again_after_a_heartbeat() {
    let mut bed = Bed::with_brokers(&[1, 2]);
    bed.deaf.push(2);
    bed.create("orders", 1, 1).unwrap();
    bed.deaf.clear();
    bed.create("payments", 1, 1).unwrap();
    let end_offset = bed.controller.log.end_offset();
    assert!(bed.applied[&2] < end_offset, "a gap");
    bed.heartbeat(2);
    assert!(bed.applied[&2] < end_offset, "it may still be under way");
    bed.run_until(2 * SECOND, &[1, 2]);
    assert_eq!(bed.applied[&2], end_offset);
    let sent = bed.world.sent.len();
    bed.run_until(4 * SECOND + 1, &[1, 2]);
    assert_eq!(bed.world.sent.len() - sent, 2, "two answers to heartbeats, nothing else");
}

#[test]
fn nothing_is_sent_to_a_broker_without_a_session_and_all_of_it_when_it_is_back() {
    let mut bed = Bed::with_brokers(&[1, 2]);
    bed.run_until(15 * SECOND, &[2]);
    let known = bed.applied[&1];
    bed.create("orders", 1, 1).unwrap();
    assert_eq!(bed.applied[&1], known);
    bed.heartbeat(1);
    assert_eq!(bed.applied[&1], bed.controller.log.end_offset());
}

#[test]
fn a_restarted_broker_gets_what_it_missed() {
    let mut bed = Bed::with_brokers(&[1, 2]);
    bed.run_until(15 * SECOND, &[2]);
    bed.create("orders", 1, 1).unwrap();
    bed.register(1, 100).unwrap();
    assert_eq!(bed.applied[&1], bed.controller.log.end_offset());
}

#[test]
fn the_scenarios_topics_wait_for_its_brokers() {
    let mut bed = Bed::new(&[], 3);
    assert_eq!(bed.admin(new_topic("orders", 3, 3, &[])), None);
    bed.join(&[1, 2]);
    assert_eq!(bed.controller.image().topics().len(), 0);
    bed.join(&[3]);
    assert_eq!(bed.controller.image().topics().len(), 1);
    let created = bed.world.events.iter().any(|(_, e)| matches!(e, Event::TopicCreated { .. }));
    assert!(created);
    assert_eq!(bed.create("payments", 1, 4).unwrap_err().0, ErrorCode::InvalidReplicationFactor);
}

#[test]
fn they_wait_five_seconds_at_most() {
    let mut bed = Bed::new(&[], 3);
    assert_eq!(bed.admin(new_topic("orders", 1, 1, &[])), None);
    bed.join(&[1]);
    bed.run_until(5 * SECOND - 1, &[1]);
    assert_eq!(bed.controller.image().topics().len(), 0);
    bed.run_until(5 * SECOND + 1, &[1]);
    assert_eq!(bed.controller.image().topics().len(), 1);
    assert_eq!(bed.create("payments", 1, 1), Ok(()));
}
