//! send() waits for memory and metadata, up to max.block.ms.

use super::world::{MS, World};
use crate::events::{DeliveryFailure, Event};
use crate::node::Node;
use crate::producer::{Pace, Producer};

fn failures(world: &World) -> Vec<(u64, DeliveryFailure)> {
    world.events(|event| match event {
        Event::RecordFailed { failure, .. } => Some(*failure),
        _ => None,
    })
}

fn produced(world: &World) -> usize {
    world.events(|event| matches!(event, Event::RecordProduced { .. }).then_some(())).len()
}

const SMALL: [(&str, &str); 5] = [
    ("linger.ms", "10"),
    ("batch.size", "200"),
    ("buffer.memory", "400"),
    ("max.block.ms", "1000"),
    ("acks", "1"),
];

#[test]
fn without_metadata_send_fails_in_the_end() {
    let mut world = World::new(Pace::Manual, &[("max.block.ms", "1000")]);
    world.leaders.clear();
    world.turn(Producer::on_start);
    world.send(0, 100);
    world.advance_to(999 * MS);
    assert!(failures(&world).is_empty());
    world.advance_to(1000 * MS);
    assert_eq!(failures(&world), [(1000 * MS, DeliveryFailure::NoMetadata)]);
}

#[test]
fn send_goes_on_when_the_topic_appears() {
    let mut world = World::new(Pace::Manual, &[("linger.ms", "0")]);
    let leaders = std::mem::take(&mut world.leaders);
    world.turn(Producer::on_start);
    world.send(0, 100);
    world.advance_to(500 * MS);
    assert!(world.sent().is_empty());
    world.leaders = leaders;
    world.advance_to(2000 * MS);
    assert_eq!(world.sent().len(), 1);
}

#[test]
fn without_memory_nothing_lingers_and_send_fails_in_the_end() {
    let mut world = World::started(Pace::Manual, &SMALL);
    world.send(0, 100);
    world.send(1, 100);
    assert!(world.sent().is_empty());
    world.send(0, 100);
    assert_eq!(world.sent().len(), 2, "somebody waits: everything goes out");
    world.advance_to(1000 * MS);
    assert_eq!(failures(&world), [(1000 * MS, DeliveryFailure::BufferExhausted)]);
}

#[test]
fn freed_memory_goes_to_who_waited_first() {
    let mut world = World::started(Pace::Manual, &SMALL);
    for partition in [0, 1, 0, 1] {
        world.send(partition, 100);
    }
    let batched = |world: &World| {
        let events = world.events(|event| match event {
            Event::RecordBatched { record, .. } => Some(record.0),
            _ => None,
        });
        events.into_iter().map(|(_, record)| record).collect::<Vec<_>>()
    };
    assert_eq!(batched(&world), [0, 1]);
    let request = world.next_request();
    world.answer(&request, None);
    assert_eq!(batched(&world), [0, 1, 2]);
    let request = world.next_request();
    world.answer(&request, None);
    assert_eq!(batched(&world), [0, 1, 2, 3]);
}

#[test]
fn a_blocked_application_produces_nothing() {
    let mut world = World::started(Pace::Every(10 * MS), &SMALL);
    world.advance_to(500 * MS);
    // The first goes out after 10 ms of linger with nobody behind it, the next two wait full.
    let before = produced(&world);
    assert!(before <= 4, "{before}");
    let request = world.next_request();
    world.answer(&request, None);
    assert_eq!(produced(&world), before, "the next record takes a turn of its own");
    world.advance_to(501 * MS);
    assert_eq!(produced(&world), before + 1);
}

#[test]
fn a_record_that_never_fits_fails_at_once() {
    let mut world = World::started(Pace::Manual, &[]);
    world.send(0, 1_048_576);
    assert_eq!(failures(&world), [(0, DeliveryFailure::RecordTooLarge)]);
}
