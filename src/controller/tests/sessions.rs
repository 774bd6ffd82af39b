//! Registration, sessions, fencing.

use crate::controller::testbed::{Bed, SECOND};
use crate::engine::NodeId;
use crate::protocol::ErrorCode;

const PERIOD: u64 = 1_125_000;

#[test]
fn a_broker_registers_fenced_and_is_unfenced_when_it_has_caught_up() {
    let mut bed = Bed::new(&[], 0);
    assert_eq!(bed.register(1, 11), Ok(0));
    assert!(bed.controller.image().broker(NodeId(1)).unwrap().fenced);
    let behind = bed.heartbeat_with(1, |request| request.metadata_offset = 0);
    assert!(behind.is_fenced && !behind.is_caught_up);
    let starting = bed.heartbeat_with(1, |request| request.want_fence = true);
    assert!(starting.is_fenced && starting.is_caught_up);
    let ready = bed.heartbeat(1);
    assert!(!ready.is_fenced && ready.error.is_none());
    assert!(bed.controller.image().is_active(NodeId(1)));
}

#[test]
fn fencing_comes_at_the_first_check_after_the_session() {
    // A crash right after a heartbeat, for heartbeats at many phases of the timetable.
    for phase_us in (0..20).map(|n| n * 117_003) {
        let mut bed = Bed::with_brokers(&[1, 2]);
        bed.run_until(2 * SECOND + phase_us, &[2]);
        bed.heartbeat(1);
        let last_contact_us = bed.now;
        bed.run_until(30 * SECOND, &[2]);
        let fenced_us = bed.fenced_at_us(1).expect("fenced");
        let silence_us = fenced_us - last_contact_us;
        assert!(silence_us > 9 * SECOND && silence_us <= 9 * SECOND + PERIOD, "{silence_us}");
        assert_eq!(fenced_us % PERIOD, 0, "off the timetable");
        assert_eq!(bed.fenced_at_us(2), None);
    }
}

#[test]
fn a_session_of_exactly_nine_seconds_still_holds() {
    let mut bed = Bed::with_brokers(&[1]);
    // 9 s are eight periods: the check falls on the last moment of the session.
    bed.run_until(30 * SECOND, &[]);
    assert_eq!(bed.fenced_at_us(1), Some(9 * PERIOD));
}

#[test]
fn one_broker_is_fenced_at_a_time_and_the_timetable_moves() {
    let mut bed = Bed::with_brokers(&[1, 2, 3]);
    bed.run_until(30 * SECOND, &[3]);
    assert_eq!(bed.fenced_at_us(1), Some(9 * PERIOD));
    assert_eq!(bed.fenced_at_us(2), Some(9 * PERIOD + 10_000));
    bed.run_until(60 * SECOND, &[]);
    let fenced_us = bed.fenced_at_us(3).unwrap();
    assert_eq!((fenced_us - 20_000) % PERIOD, 0);
}

#[test]
fn a_new_incarnation_waits_for_the_end_of_the_old_session() {
    let mut bed = Bed::with_brokers(&[1, 2]);
    let tp = bed.partition(&[1, 2], &[1, 2], 1);
    bed.run_until(4 * SECOND, &[1, 2]);
    let first_epoch = bed.epoch(1);
    for _ in 0..4 {
        assert_eq!(bed.register(1, 99), Err(ErrorCode::DuplicateBrokerRegistration));
        bed.run_until(bed.now + 2 * SECOND, &[2]);
    }
    // 12 s, 8 s after the last heartbeat.
    assert_eq!(bed.register(1, 99), Err(ErrorCode::DuplicateBrokerRegistration));
    assert_eq!(bed.state(tp).0, 1);
    bed.run_until(13 * SECOND + 1, &[2]);
    assert_eq!(bed.fenced_at_us(1), None, "the next check is at 13.5 s");
    let epoch = bed.register(1, 99).expect("registered");
    assert!(epoch > first_epoch);
    assert_eq!(bed.state(tp), (2, vec![2], 1, 1), "the old process is taken for gone");
    let stale = bed.heartbeat_with(1, |request| request.broker_epoch = first_epoch);
    assert_eq!(stale.error, Some(ErrorCode::StaleBrokerEpoch));
    assert!(!bed.heartbeat(1).is_fenced);
    bed.run_until(20 * SECOND, &[1, 2]);
    assert_eq!(bed.fenced_at_us(1), None);
}

#[test]
fn the_same_incarnation_may_ask_twice() {
    let mut bed = Bed::with_brokers(&[1]);
    let epoch = bed.epoch(1);
    assert_eq!(bed.register(1, 1), Ok(epoch));
    assert!(bed.controller.image().is_active(NodeId(1)), "it stays unfenced");
}

#[test]
fn a_broker_that_was_cut_off_is_unfenced_by_its_next_heartbeat() {
    let mut bed = Bed::with_brokers(&[1, 2]);
    let tp = bed.partition(&[1, 2], &[1, 2], 1);
    let epoch = bed.epoch(1);
    bed.run_until(15 * SECOND, &[2]);
    assert_eq!(bed.state(tp), (2, vec![2], 1, 1));
    assert_eq!(bed.controller.session_ends_us(NodeId(1)), None);
    assert!(!bed.heartbeat(1).is_fenced);
    assert_eq!(bed.epoch(1), epoch);
    assert_eq!(bed.state(tp), (2, vec![2], 1, 1), "it has to catch up first");
    assert_eq!(bed.controller.session_ends_us(NodeId(1)), Some(24 * SECOND));
}

#[test]
fn an_idle_cluster_wakes_the_controller_once_a_session_at_most() {
    let mut bed = Bed::with_brokers(&[1, 2, 3]);
    bed.run_until(3600 * SECOND, &[1, 2, 3]);
    // 400 sessions and 12 rounds of the two tasks of 300 s.
    assert!(bed.world.timers.len() < 520, "{}", bed.world.timers.len());
    assert_eq!(bed.controller.log.end_offset(), 6, "nothing was written");
}

#[test]
fn a_controller_that_starts_again_gives_everybody_a_fresh_session() {
    use crate::node::{CONTROLLER, Node};
    let mut bed = Bed::with_brokers(&[1]);
    bed.run_until(8 * SECOND, &[]);
    bed.world.timers.clear();
    let mut rng = crate::engine::Rng::stream(0, 0);
    let Bed { controller, world, now, .. } = &mut bed;
    world.turn(*now, CONTROLLER, &mut rng, |ctx| controller.on_start(ctx));
    bed.run_until(30 * SECOND, &[]);
    assert_eq!(bed.fenced_at_us(1), Some(8 * SECOND + 9 * PERIOD));
}
