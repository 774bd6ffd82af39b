//! Ends in good order.

use super::*;

fn close(world: &mut World) {
    world.turn(|consumer, ctx| consumer.on_close(ctx));
    world.run_for(0);
}

fn has_left(world: &World) -> bool {
    world.sent(|request| matches!(request, Request::LeaveGroup(_))) == 1
}

#[test]
fn an_idle_consumer_commits_leaves_and_exits() {
    let mut world = World::new(CommitStrategy::Auto, 0).start();
    world.append(0, 3);
    close(&mut world);
    assert_eq!(world.committed(0), Some(3));
    assert!(has_left(&world));
    assert!(world.has(|event| matches!(
        event,
        Event::PartitionsReleased { how: LossOfPartitions::Revoked, .. }
    )));
    assert_eq!(world.recorder.exited, [ME]);
}

#[test]
fn auto_commit_on_close_covers_what_is_processed_and_no_more() {
    for commit in [CommitStrategy::Auto, CommitStrategy::AfterSync, CommitStrategy::AfterAsync] {
        let mut world = World::new(commit, SECOND);
        world.append(0, 5);
        let mut world = world.start();
        world.run_for(SECOND + SECOND / 2);
        close(&mut world);
        assert!(world.recorder.exited.is_empty(), "the record at work is finished first");
        world.run_for(SECOND / 2);
        assert_eq!(world.processed(), [0, 1]);
        assert_eq!(world.committed(0), Some(2), "{commit:?}");
        assert_eq!(world.recorder.exited, [ME]);
    }
}

#[test]
fn what_is_committed_ahead_is_finished() {
    let mut world = World::new(CommitStrategy::BeforeSync, SECOND);
    world.append(0, 3);
    let mut world = world.start();
    close(&mut world);
    world.run_for(3 * SECOND);
    assert_eq!(world.processed(), [0, 1, 2]);
    assert_eq!(world.recorder.exited, [ME]);
}

#[test]
fn close_waits_no_longer_than_thirty_seconds() {
    let mut world = World::new(CommitStrategy::Auto, 0).start();
    world.append(0, 1);
    world.broker.silent_on_commit = true;
    close(&mut world);
    world.run_for(29 * SECOND);
    assert!(world.recorder.exited.is_empty());
    world.run_for(2 * SECOND);
    assert_eq!(world.recorder.exited, [ME]);
}

#[test]
fn a_closed_consumer_starts_again() {
    let mut world = World::new(CommitStrategy::Auto, 0).start();
    world.append(0, 3);
    close(&mut world);
    world.broker.parked = None;
    world.recorder.timers.clear();
    world.append(0, 1);
    let mut world = world.start();
    assert_eq!(world.processed(), [0, 1, 2, 3]);
    world.run_for(5 * SECOND);
    assert_eq!(world.committed(0), Some(4));
}
