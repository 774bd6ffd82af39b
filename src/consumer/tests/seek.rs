//! seek(), seekToBeginning() and seekToEnd().

use super::*;

fn seek(world: &mut World, partition: Option<u16>, to: SeekTo) {
    world.turn(|consumer, ctx| consumer.seek(ctx, orders(0).topic, partition, to));
    world.run_for(0);
}

#[test]
fn an_application_seeks_before_its_next_poll() {
    let mut world = World::new(CommitStrategy::Auto, SECOND);
    world.append(0, 4);
    let mut world = world.start();
    world.run_for(SECOND / 2);
    seek(&mut world, Some(0), SeekTo::Offset(1));
    assert_eq!(world.position(0), Some(4), "it is at work, and has not come to it");
    world.run_for(4 * SECOND);
    assert_eq!(world.processed(), [0, 1, 2, 3]);
    world.run_for(3 * SECOND);
    assert_eq!(world.processed(), [0, 1, 2, 3, 1, 2, 3]);
    assert!(world.has(|event| {
        matches!(event, Event::PositionSet { offset: 1, reason: PositionReason::Sought, .. })
    }));
}

#[test]
fn beginning_and_end_are_where_the_leader_says() {
    let mut world = World::new(CommitStrategy::Auto, 0);
    world.append(0, 3);
    world.append(1, 2);
    let mut world = world.start();
    world.run_for(SECOND);
    assert_eq!(world.processed().len(), 5);
    seek(&mut world, None, SeekTo::Beginning);
    world.run_for(SECOND);
    assert_eq!(world.processed().len(), 10);
    seek(&mut world, Some(1), SeekTo::Offset(0));
    seek(&mut world, Some(1), SeekTo::End);
    world.run_for(SECOND);
    assert_eq!(world.position(1), Some(2));
}

#[test]
fn who_sought_ahead_does_not_go_back_when_it_closes() {
    let mut world = World::new(CommitStrategy::Auto, 0);
    world.append(0, 3);
    let mut world = world.start();
    seek(&mut world, Some(0), SeekTo::Offset(9));
    world.turn(|consumer, ctx| consumer.on_close(ctx));
    world.run_for(0);
    assert_eq!(world.committed(0), Some(9));
}

#[test]
fn only_what_is_assigned_can_be_sought_in() {
    let world = World::new(CommitStrategy::Auto, 0).start();
    let topic = orders(0).topic;
    assert!(world.consumer.can_seek(topic, None) && world.consumer.can_seek(topic, Some(1)));
    assert!(!world.consumer.can_seek(topic, Some(7)));
}
