//! Sequences and epochs.

use super::world::{MS, World, batch};
use crate::events::{DeliveryFailure, Event};
use crate::producer::Pace;
use crate::protocol::{Envelope, ErrorCode};

const SET: [(&str, &str); 1] = [("linger.ms", "0")];

fn place(request: &Envelope) -> (i64, i16, i32) {
    let batch = batch(request);
    (batch.producer_id, batch.producer_epoch, batch.base_sequence)
}

#[test]
fn sequences_count_records() {
    let mut world = World::started(Pace::Manual, &SET);
    for _ in 0..7 {
        world.send(0, 100);
    }
    let request = world.next_request();
    world.answer(&request, None);
    let places: Vec<_> = world.requests.iter().map(place).collect();
    assert_eq!(places, [(9, 0, 1), (9, 0, 2), (9, 0, 3), (9, 0, 4), (9, 0, 5)]);
    assert_eq!(batch(&world.requests[4]).last_sequence(), 6);
}

#[test]
fn retries_keep_the_order_and_go_one_by_one() {
    let mut world = World::started(Pace::Manual, &SET);
    for _ in 0..3 {
        world.send(0, 100);
    }
    let requests: Vec<Envelope> = std::mem::take(&mut world.requests);
    world.answer(&requests[0], Some(ErrorCode::NotEnoughReplicas));
    world.answer(&requests[1], Some(ErrorCode::OutOfOrderSequenceNumber));
    world.answer(&requests[2], Some(ErrorCode::OutOfOrderSequenceNumber));
    for sequence in 0..3 {
        world.advance_to(world.now + 200 * MS);
        let request = world.next_request();
        assert_eq!(place(&request), (9, 0, sequence), "no epoch was bumped");
        assert!(world.requests.is_empty(), "one in flight until it is resolved");
        world.answer(&request, None);
    }
}

#[test]
fn a_duplicate_is_a_success() {
    let mut world = World::started(Pace::Manual, &SET);
    world.send(0, 100);
    let request = world.next_request();
    world.answer(&request, Some(ErrorCode::DuplicateSequenceNumber));
    let acks = world.events(|event| match event {
        Event::BatchAcknowledged { base_offset, .. } => Some(*base_offset),
        _ => None,
    });
    assert_eq!(acks, [(0, -1)]);
}

#[test]
fn a_gap_is_closed_with_a_new_epoch() {
    let mut world = World::started(Pace::Manual, &SET);
    for _ in 0..2 {
        world.send(0, 100);
    }
    let (first, second) = (world.next_request(), world.next_request());
    world.answer(&first, Some(ErrorCode::InvalidRecord));
    // The second one fails for the gap; it was written anew when the epoch was bumped.
    world.answer(&second, Some(ErrorCode::OutOfOrderSequenceNumber));
    world.advance_to(200 * MS);
    let again = world.next_request();
    assert_eq!(batch(&again).id, batch(&second).id);
    assert_eq!(place(&again), (9, 1, 0));
    assert_eq!(place(&second), (9, 0, 1), "what was sent before stays as it was");
    world.answer(&again, None);
    world.send(1, 100);
    assert_eq!(place(&world.next_request()), (9, 1, 0));
}

#[test]
fn an_expired_retry_leaves_the_sequence_unresolved() {
    let set = [SET[0], ("delivery.timeout.ms", "31000"), ("request.timeout.ms", "10000")];
    let mut world = World::started(Pace::Manual, &set);
    world.send(0, 100);
    let request = world.next_request();
    world.answer(&request, Some(ErrorCode::NotEnoughReplicas));
    world.advance_to(30_000 * MS);
    let retried = world.requests.len();
    assert!(retried >= 1);
    world.advance_to(31_000 * MS);
    let failures = world.events(|event| match event {
        Event::BatchFailed { failure, .. } => Some(*failure),
        _ => None,
    });
    assert_eq!(failures, [(31_000 * MS, DeliveryFailure::Expired { sent: true })]);
    world.advance_to(45_000 * MS);
    world.requests.clear();
    world.send(0, 100);
    assert_eq!(place(&world.next_request()), (9, 1, 0), "nobody knows, so a new epoch begins");
}
