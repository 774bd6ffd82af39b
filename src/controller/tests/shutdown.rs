//! Controlled shutdown.

use crate::controller::testbed::{Bed, SECOND};
use crate::engine::NodeId;
use crate::events::{Event, ShrinkReason};
use crate::protocol::ErrorCode;

#[test]
fn leaderships_move_at_once_and_the_broker_stops_when_the_others_know() {
    let mut bed = Bed::with_brokers(&[1, 2, 3]);
    let led = bed.partition(&[1, 2, 3], &[1, 2, 3], 1);
    let followed = bed.partition(&[2, 1, 3], &[2, 1, 3], 2);
    bed.run_until(4 * SECOND, &[1, 2, 3]);

    let first = bed.ask_to_stop(1);
    assert!(!first.should_shut_down && !first.is_fenced);
    assert_eq!(bed.state(led), (2, vec![2, 3], 1, 1));
    assert_eq!(bed.state(followed), (2, vec![2, 3], 0, 1));
    assert!(!bed.controller.image().is_active(NodeId(1)));

    assert!(!bed.ask_to_stop(1).should_shut_down, "no heartbeat of the others yet");
    bed.heartbeat(2);
    assert!(!bed.ask_to_stop(1).should_shut_down, "3 has not told yet");
    bed.heartbeat(3);
    let last = bed.ask_to_stop(1);
    assert!(last.should_shut_down && last.is_fenced);
    assert!(bed.controller.image().broker(NodeId(1)).unwrap().fenced);

    let started = |(_, e): &&(u64, Event)| matches!(e, Event::ControlledShutdownStarted { .. });
    assert_eq!(bed.world.events.iter().filter(started).count(), 1);
    let reason = bed.world.events.iter().find_map(|(_, event)| match event {
        Event::IsrShrunk { reason, .. } => Some(*reason),
        _ => None,
    });
    assert_eq!(reason, Some(ShrinkReason::ControlledShutdown));

    // Even so its session goes on.
    assert_eq!(bed.register(1, 5), Err(ErrorCode::DuplicateBrokerRegistration));
    bed.run_until(30 * SECOND, &[2, 3]);
    assert_eq!(bed.fenced_at_us(1), None, "it was fenced when it stopped");
    assert!(bed.register(1, 5).is_ok());
}

#[test]
fn a_broker_that_leads_nothing_may_stop_at_its_first_word() {
    let mut bed = Bed::with_brokers(&[1, 2]);
    let tp = bed.partition(&[1, 2], &[1, 2], 1);
    assert!(bed.ask_to_stop(2).should_shut_down);
    assert_eq!(bed.state(tp), (1, vec![1], 0, 1));
}

#[test]
fn a_sole_replica_goes_without_a_leader() {
    let mut bed = Bed::with_brokers(&[1, 2]);
    let tp = bed.partition(&[1], &[1], 1);
    assert!(!bed.ask_to_stop(1).should_shut_down);
    assert_eq!((bed.state(tp), bed.elr(tp).0), ((0, vec![], 1, 1), vec![1]));
    bed.heartbeat(2);
    assert!(bed.ask_to_stop(1).should_shut_down);
}

#[test]
fn a_fenced_broker_may_stop_at_once() {
    let mut bed = Bed::with_brokers(&[1, 2]);
    bed.partition(&[1, 2], &[1, 2], 1);
    bed.run_until(15 * SECOND, &[2]);
    assert!(bed.ask_to_stop(1).should_shut_down);
}

#[test]
fn a_broker_that_dies_in_controlled_shutdown_is_fenced() {
    let mut bed = Bed::with_brokers(&[1, 2]);
    let tp = bed.partition(&[1, 2], &[1, 2], 1);
    bed.ask_to_stop(1);
    bed.run_until(15 * SECOND, &[2]);
    assert!(bed.fenced_at_us(1).is_some());
    assert_eq!(bed.state(tp), (2, vec![2], 1, 1));
}

#[test]
fn the_last_two_go_together() {
    let mut bed = Bed::with_brokers(&[1, 2]);
    let tp = bed.partition(&[1, 2], &[1, 2], 1);
    assert!(!bed.ask_to_stop(1).should_shut_down);
    assert!(!bed.ask_to_stop(2).should_shut_down);
    assert_eq!((bed.state(tp), bed.elr(tp).0), ((0, vec![], 2, 2), vec![2]));
    assert!(bed.ask_to_stop(1).should_shut_down, "nobody is in service who had to know");
    assert!(bed.ask_to_stop(2).should_shut_down);
}
