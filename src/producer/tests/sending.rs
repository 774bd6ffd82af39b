//! When batches go out, and when they do not.

use super::world::{MS, World, batch, produce};
use crate::config::Acks;
use crate::engine::NodeId;
use crate::events::{DeliveryFailure, Event};
use crate::node::Node;
use crate::producer::Pace;

const MANUAL: Pace = Pace::Manual;

#[test]
fn a_lone_record_lingers() {
    let mut world = World::started(MANUAL, &[("linger.ms", "5")]);
    world.advance_to(10 * MS);
    world.send(0, 100);
    assert!(world.sent().is_empty());
    world.advance_to(60 * MS);
    assert_eq!(world.sent(), [(15 * MS, NodeId(1))]);
    let request = world.next_request();
    assert_eq!((produce(&request).acks, produce(&request).timeout_ms), (Acks::All, 30_000));
    assert_eq!(batch(&request).size_bytes, 61 + 109);
    assert_eq!(request.bytes, 100 + 61 + 109);
}

#[test]
fn a_full_batch_does_not_linger_and_takes_others_along() {
    let set = [("linger.ms", "1000"), ("batch.size", "300")];
    let mut world = World::started(MANUAL, &set);
    world.leaders[1].0 = Some(NodeId(1));
    world.send(1, 10);
    world.send(0, 100);
    world.send(0, 100);
    assert!(world.sent().is_empty());
    world.send(0, 100);
    let request = world.next_request();
    let partitions = produce(&request).batches.iter().map(|(tp, _)| tp.partition);
    assert!(partitions.eq([0]), "broker 2 leads partition 1");
    assert_eq!(batch(&request).count(), 2);
    assert_eq!(world.sent(), [(0, NodeId(1))]);
}

#[test]
fn five_requests_fly_at_most() {
    let mut world = World::started(MANUAL, &[("linger.ms", "0")]);
    for _ in 0..8 {
        world.send(0, 100);
    }
    assert_eq!(world.requests.len(), 5);
    let request = world.next_request();
    world.answer(&request, None);
    assert_eq!(world.requests.len(), 5);
    assert_eq!(batch(&world.requests[4]).count(), 3, "what waited went into one batch");
}

#[test]
fn with_acks_0_success_is_having_written() {
    let set = [("linger.ms", "0"), ("acks", "0")];
    let mut world = World::started(MANUAL, &set);
    for _ in 0..8 {
        world.send(0, 100);
    }
    let acks = world.events(|event| match event {
        Event::BatchAcknowledged { base_offset, .. } => Some(*base_offset),
        _ => None,
    });
    assert_eq!(acks, [(0, -1); 8]);
    assert_eq!(world.producer.view(0).buffer_used, 0);
}

#[test]
fn an_idle_producer_has_nothing_to_do_but_to_ask_for_metadata() {
    let mut world = World::started(MANUAL, &[]);
    world.send(0, 100);
    world.advance_to(10 * MS);
    let request = world.next_request();
    world.answer(&request, None);
    let (sent, now) = (world.recorder.sent.len(), world.now);
    world.advance_to(now + 299_000 * MS);
    assert_eq!(world.recorder.sent.len(), sent);
    world.advance_to(now + 300_100 * MS);
    assert_eq!(world.recorder.sent.len(), sent + 1);
}

#[test]
fn the_workload_keeps_its_pace_and_its_count() {
    let mut world = World::started(Pace::Every(10 * MS), &[("linger.ms", "0")]);
    world.advance_to(35 * MS);
    let values = |world: &World| -> Vec<String> {
        let values = world.requests.iter().map(|request| {
            let value = batch(request).records[0].value.as_ref().expect("a value").to_vec();
            assert_eq!(value.len(), 100);
            String::from_utf8(value).expect("text").trim_end_matches('.').to_owned()
        });
        values.collect()
    };
    assert_eq!(values(&world), ["shop-0", "shop-1", "shop-2"]);
    let (spec, config) = (world.producer.spec().clone(), world.producer.config().clone());
    world.turn(|producer, ctx| producer.abandon(ctx));
    world.recorder.timers.clear();
    world.requests.clear();
    world.producer.configure(spec, config);
    world.turn(|producer, ctx| producer.on_start(ctx));
    world.advance_to(46 * MS);
    assert_eq!(values(&world), ["shop-3"]);
}

#[test]
fn close_sends_everything_and_waits_for_the_answers() {
    let mut world = World::started(MANUAL, &[("linger.ms", "1000")]);
    world.send(0, 100);
    world.turn(|producer, ctx| producer.on_close(ctx));
    let request = world.next_request();
    assert!(world.recorder.exited.is_empty());
    world.answer(&request, None);
    assert_eq!(world.recorder.exited.len(), 1);
    assert!(world.recorder.pending().is_empty());
}

#[test]
fn a_crash_tells_what_is_lost() {
    let mut world = World::started(MANUAL, &[("linger.ms", "5")]);
    world.send(0, 100);
    world.advance_to(5 * MS);
    world.send(1, 100);
    world.turn(|producer, ctx| producer.abandon(ctx));
    let lost = world.events(|event| match event {
        Event::BatchFailed { failure, tp, .. } => Some((tp.partition, *failure)),
        _ => None,
    });
    let gone = |sent| DeliveryFailure::ProducerGone { sent };
    assert_eq!(lost, [(5 * MS, (0, gone(true))), (5 * MS, (1, gone(false)))]);
}

#[test]
fn the_view_shows_what_waits() {
    let mut world = World::started(MANUAL, &[("linger.ms", "5"), ("batch.size", "340")]);
    world.send(0, 100);
    world.advance_to(2 * MS);
    let view = world.producer.view(world.now);
    let queue = view.queues[0];
    assert_eq!((queue.batches, queue.records, queue.bytes), (1, 1, 170));
    assert_eq!((queue.fill_permille, queue.linger_left_us), (500, Some(3 * MS)));
    assert_eq!((view.in_flight, view.buffer_used, view.idempotent), (0, 340, true));
}
