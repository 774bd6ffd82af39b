//! Consumers are sent to a follower in their rack, and served by it (KIP-392).

use super::*;
use crate::protocol::{ErrorCode, FetchPartitionResponse};

const RACK_AWARE: (&str, &str) =
    ("replica.selector.class", "org.apache.kafka.common.replica.RackAwareReplicaSelector");

/// Broker 1 leads one partition; brokers 2 and 3 are in rack b. One batch of two records.
fn led(broker: &[(&str, &str)]) -> World {
    let mut world = World::with(broker, 1, &[]);
    world.produce(Acks::One, &[(0, batch(2))]);
    world.answers();
    world
}

fn follower_has(world: &mut World, id: u16, offset: i64) {
    world.follower_fetches(id, &[(0, offset)]);
    world.answers();
}

fn fetch_from(world: &mut World, rack: Option<&str>, offset: i64) {
    let mut request = fetch_request(0, positions(&[(0, offset)]));
    request.rack = rack.map(Arc::from);
    world.fetch(CONSUMER, request);
}

fn said(world: &mut World) -> FetchPartitionResponse {
    world.fetched(CONSUMER).partitions.remove(0)
}

#[test]
fn the_leader_names_the_follower_in_the_rack_that_has_come_furthest() {
    let mut world = led(&[RACK_AWARE]);
    follower_has(&mut world, 2, 0);
    follower_has(&mut world, 3, 2);
    fetch_from(&mut world, Some("b"), 0);
    let answer = said(&mut world);
    assert_eq!(answer.preferred_read_replica, Some(NodeId(3)));
    assert!(answer.batches.is_empty() && answer.error.is_none());
    follower_has(&mut world, 2, 2);
    world.now += 1;
    follower_has(&mut world, 2, 2);
    fetch_from(&mut world, Some("b"), 0);
    assert_eq!(said(&mut world).preferred_read_replica, Some(NodeId(2)), "it was there later");
}

#[test]
fn only_the_isr_that_has_the_offset_counts() {
    let mut world = led(&[RACK_AWARE]);
    follower_has(&mut world, 2, 2);
    follower_has(&mut world, 3, 2);
    world.assign(0, 1, &[1, 3], 0, 1);
    world.produce(Acks::One, &[(0, batch(2))]);
    world.answers();
    fetch_from(&mut world, Some("b"), 2);
    assert_eq!(said(&mut world).preferred_read_replica, Some(NodeId(3)), "2 is out of sync");
    let mut shorter = wanted(0, 2, 0);
    shorter.log_start_offset = 2;
    let changes = FetchChanges { partitions: vec![shorter], forgotten: vec![] };
    let mut request = fetch_request(0, Some(changes));
    request.replica = Some(follower(3));
    world.fetch(NodeId(3), request);
    world.answers();
    fetch_from(&mut world, Some("b"), 1);
    assert_eq!(said(&mut world).preferred_read_replica, None, "3 has it no more");
    fetch_from(&mut world, Some("b"), 3);
    assert_eq!(said(&mut world).preferred_read_replica, None, "3 has not come that far");
}

#[test]
fn the_leader_serves_its_own_rack_unknown_racks_and_who_names_none() {
    let mut world = led(&[RACK_AWARE]);
    follower_has(&mut world, 2, 2);
    follower_has(&mut world, 3, 2);
    for rack in [Some("a"), Some("c"), None] {
        fetch_from(&mut world, rack, 0);
        let answer = said(&mut world);
        assert_eq!((answer.preferred_read_replica, answer.batches.len()), (None, 1), "{rack:?}");
    }
    let mut plain = led(&[]);
    follower_has(&mut plain, 2, 2);
    follower_has(&mut plain, 3, 2);
    fetch_from(&mut plain, Some("b"), 0);
    assert_eq!(said(&mut plain).preferred_read_replica, None, "without replica.selector.class");
}

#[test]
fn a_follower_that_catches_up_is_named_to_a_consumer_at_rest() {
    let mut world = led(&[RACK_AWARE]);
    world.assign(0, 1, &[1], 0, 1);
    fetch_from(&mut world, Some("b"), 2);
    assert!(world.answers().is_empty(), "parked at the end");
    world.next_timer();
    world.turn(|world, ctx| world.replicas.on_fetch_expired(ctx, &world.image, 0));
    world.answers();
    follower_has(&mut world, 2, 2);
    world.assign(0, 1, &[1, 2], 0, 2);
    let mut request = fetch_request(1, None);
    request.rack = Some("b".into());
    world.fetch(CONSUMER, request);
    assert_eq!(said(&mut world).preferred_read_replica, Some(NodeId(2)));
}

#[test]
fn a_follower_serves_consumers_up_to_its_own_high_watermark() {
    let mut world = World::new(1, &[]);
    world.assign(0, 2, &[1, 2, 3], 1, 1);
    let logged = |base_offset| LoggedBatch { base_offset, leader_epoch: 1, batch: batch(2) };
    let fetched = |batches, high_watermark| FetchPartitionResponse {
        tp: tp(0),
        error: None,
        high_watermark,
        last_stable_offset: high_watermark,
        log_start_offset: 0,
        diverging_epoch: None,
        batches,
        aborted: Vec::new(),
        current_leader: None,
        preferred_read_replica: None,
    };
    let replicate = |world: &mut World, response| {
        world.turn(|world, ctx| world.replicas.append_as_follower(ctx, 0, response, 1));
    };
    replicate(&mut world, fetched(vec![logged(0), logged(2)], 2));
    let read = |world: &mut World, offset, epoch| {
        let partitions = vec![wanted(0, offset, epoch)];
        world.fetch(
            CONSUMER,
            fetch_request(0, Some(FetchChanges { partitions, forgotten: vec![] })),
        );
    };
    read(&mut world, 0, 1);
    let answer = said(&mut world);
    assert_eq!((answer.batches.len(), answer.high_watermark), (1, 2), "offsets 0 and 1");
    read(&mut world, 2, 1);
    assert!(world.answers().is_empty(), "parked at its high watermark");
    replicate(&mut world, fetched(vec![], 4));
    assert_eq!(said(&mut world).batches.len(), 1, "the follower hears of a higher one");
    read(&mut world, 5, 1);
    assert_eq!(said(&mut world).error, Some(ErrorCode::OffsetOutOfRange), "beyond its log");
    read(&mut world, 0, 0);
    assert_eq!(said(&mut world).error, Some(ErrorCode::FencedLeaderEpoch));
}
