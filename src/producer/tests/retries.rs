//! What goes wrong, and what is tried again.

use super::world::{MS, World, batch};
use crate::engine::NodeId;
use crate::events::{DeliveryFailure, Event};
use crate::producer::Pace;
use crate::protocol::ErrorCode;

const PLAIN: [(&str, &str); 2] = [("linger.ms", "0"), ("enable.idempotence", "false")];

fn failures(world: &World) -> Vec<(u64, DeliveryFailure)> {
    world.events(|event| match event {
        Event::BatchFailed { failure, .. } => Some(*failure),
        _ => None,
    })
}

fn retries(world: &World) -> Vec<(ErrorCode, u32, u64)> {
    let events = world.events(|event| match event {
        Event::BatchRetried { error, attempts, backoff_us, .. } => {
            Some((*error, *attempts, *backoff_us))
        }
        _ => None,
    });
    events.into_iter().map(|(_, retry)| retry).collect()
}

#[test]
fn a_retry_waits_for_its_backoff() {
    let mut world = World::started(Pace::Manual, &PLAIN);
    world.send(0, 100);
    for attempt in 1..=5 {
        let request = world.next_request();
        world.answer(&request, Some(ErrorCode::NotEnoughReplicas));
        let (error, attempts, backoff_us) = retries(&world)[attempt - 1];
        assert_eq!((error, attempts), (ErrorCode::NotEnoughReplicas, attempt as u32));
        let term_us = [100, 200, 400, 800, 1000][attempt - 1] * MS;
        assert!(backoff_us >= term_us * 8 / 10 && backoff_us <= (term_us * 12 / 10).min(1_000_000));
        world.advance_to(world.now + backoff_us - 1);
        assert!(world.requests.is_empty());
        world.advance_to(world.now + 1);
    }
    assert_eq!(world.sent().len(), 6);
}

#[test]
fn without_idempotence_a_retry_falls_behind() {
    let mut world = World::started(Pace::Manual, &PLAIN);
    world.send(0, 100);
    world.send(0, 101);
    let (first, second) = (world.next_request(), world.next_request());
    world.answer(&first, Some(ErrorCode::NotEnoughReplicas));
    world.answer(&second, None);
    world.advance_to(200 * MS);
    let again = world.next_request();
    assert_eq!(batch(&again).id, batch(&first).id);
}

#[test]
fn one_request_in_flight_keeps_the_order() {
    let set = [PLAIN[0], PLAIN[1], ("max.in.flight.requests.per.connection", "1")];
    let mut world = World::started(Pace::Manual, &set);
    world.send(0, 100);
    world.send(0, 101);
    let first = world.next_request();
    assert!(world.requests.is_empty());
    world.answer(&first, Some(ErrorCode::NotEnoughReplicas));
    world.advance_to(200 * MS);
    assert_eq!(batch(&world.next_request()).id, batch(&first).id);
    assert!(world.requests.is_empty());
}

#[test]
fn retries_run_out() {
    let set = [PLAIN[0], PLAIN[1], ("retries", "1")];
    let mut world = World::started(Pace::Manual, &set);
    world.send(0, 100);
    let request = world.next_request();
    world.answer(&request, Some(ErrorCode::NotEnoughReplicas));
    world.advance_to(200 * MS);
    let request = world.next_request();
    world.answer(&request, Some(ErrorCode::NotEnoughReplicas));
    let failure = DeliveryFailure::Error(ErrorCode::NotEnoughReplicas);
    assert_eq!(failures(&world), [(200 * MS, failure)]);
}

#[test]
fn a_new_leader_makes_waiting_pointless() {
    let mut world = World::started(Pace::Manual, &PLAIN);
    world.send(0, 100);
    // Broker 2 is not connected yet: nothing was sent to it.
    let request = world.next_request();
    let error = Some(ErrorCode::NotLeaderOrFollower);
    world.answer_with(&request, error, Some((NodeId(2), 1)));
    assert_eq!(world.sent(), [(0, NodeId(1)), (0, NodeId(2))]);
}

#[test]
fn a_dead_broker_costs_one_attempt_and_then_none() {
    let mut world = World::started(Pace::Manual, &PLAIN);
    world.send(0, 100);
    world.kill(NodeId(1));
    assert_eq!(retries(&world)[0].0, ErrorCode::NetworkException);
    world.advance_to(5_000 * MS);
    assert_eq!(world.sent().len(), 1, "nobody listens, nothing is sent");
    world.leaders[0] = (Some(NodeId(2)), 1);
    world.advance_to(8_000 * MS);
    assert_eq!(world.sent().len(), 2);
    assert_eq!(world.sent()[1].1, NodeId(2));
    assert_eq!(retries(&world).len(), 1);
}

#[test]
fn an_unanswered_request_is_given_up_after_request_timeout() {
    let mut world = World::started(Pace::Manual, &PLAIN);
    world.send(0, 100);
    world.advance_to(30_000 * MS);
    assert!(retries(&world).is_empty());
    world.advance_to(30_001 * MS);
    assert_eq!(retries(&world)[0].0, ErrorCode::RequestTimedOut);
    world.advance_to(32_000 * MS);
    assert_eq!(world.sent().len(), 2);
}

#[test]
fn batches_without_a_leader_expire() {
    let mut world = World::started(Pace::Manual, &PLAIN);
    world.leaders[0] = (None, 1);
    world.send(0, 100);
    world.kill(NodeId(1));
    world.advance_to(1_000 * MS);
    world.send(0, 100);
    assert_eq!(world.sent().len(), 1);
    world.advance_to(119_999 * MS);
    assert!(failures(&world).is_empty());
    world.advance_to(121_000 * MS);
    let expired = |sent| DeliveryFailure::Expired { sent };
    assert_eq!(failures(&world), [(120_000 * MS, expired(true)), (121_000 * MS, expired(false))]);
}

#[test]
fn a_batch_in_flight_expires_and_keeps_its_memory_until_the_answer() {
    let set = [PLAIN[0], PLAIN[1], ("delivery.timeout.ms", "30000")];
    let mut world = World::started(Pace::Manual, &set);
    world.send(0, 100);
    let request = world.next_request();
    world.advance_to(30_000 * MS);
    let expired = DeliveryFailure::Expired { sent: true };
    assert_eq!(failures(&world), [(30_000 * MS, expired)]);
    assert_eq!(world.producer.view(world.now).buffer_used, 16384);
    world.answer(&request, None);
    assert_eq!(world.producer.view(world.now).buffer_used, 0);
    let acks = world.events(|e| matches!(e, Event::BatchAcknowledged { .. }).then_some(()));
    assert!(acks.is_empty(), "the application was told that it failed");
}

#[test]
fn a_batch_too_large_for_the_broker_is_cut() {
    let set = [("linger.ms", "5"), ("batch.size", "1000")];
    let mut world = World::started(Pace::Manual, &set);
    for _ in 0..8 {
        world.send(0, 100);
    }
    world.advance_to(5 * MS);
    // The first cut is to batch.size, which it had; the second one halves it.
    for _ in 0..2 {
        let request = world.next_request();
        world.answer(&request, Some(ErrorCode::MessageTooLarge));
    }
    for (sequence, count) in [(0, 3), (3, 3), (6, 2)] {
        let request = world.next_request();
        assert_eq!((batch(&request).base_sequence, batch(&request).count()), (sequence, count));
        world.answer(&request, None);
    }
}
