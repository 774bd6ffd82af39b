//! What is committed, and when.

use super::*;

#[test]
fn auto_commit_happens_inside_poll_and_covers_what_earlier_polls_returned() {
    let mut world = World::new(CommitStrategy::Auto, 4 * SECOND);
    world.append(0, 2);
    let mut world = world.start();
    // Both records take until 8 s; the timer is over at 5 s, but nobody calls poll().
    world.append(1, 1);
    world.run_for(7 * SECOND);
    assert_eq!(world.committed(0), None);
    world.run_for(SECOND);
    assert_eq!(world.committed(0), Some(2), "the poll() after the work commits it");
    assert_eq!(world.committed(1), Some(0), "not what that very poll() returns");
}

#[test]
fn auto_commit_of_an_idle_group_tells_its_position() {
    let mut world = World::with(spec(CommitStrategy::Auto, 0, Properties::new()));
    world.append(0, 4);
    let mut world = world.start();
    world.run_for(5 * SECOND - 1);
    assert_eq!(world.committed(0), None);
    world.run_for(1);
    assert_eq!(world.committed(0), Some(4));
    world.run_for(60 * SECOND);
    let is_commit_event = |event: &Event| matches!(event, Event::CommitSent { .. });
    assert_eq!(world.count(is_commit_event), 1, "the rest is no news");
    assert_eq!(world.sent(is_commit), 13);
}

#[test]
fn a_crash_in_the_middle_of_a_batch_leaves_it_uncommitted() {
    let mut world = World::new(CommitStrategy::Auto, SECOND);
    world.append(0, 10);
    let mut world = world.start();
    world.run_for(9 * SECOND);
    assert_eq!(world.processed().len(), 9);
    assert_eq!(world.committed(0), None, "at least once");
}

#[test]
fn sync_before_processing() {
    let mut world = World::new(CommitStrategy::BeforeSync, SECOND);
    world.append(0, 3);
    let world = world.start();
    assert_eq!(world.committed(0), Some(3));
    assert_eq!(world.processed(), [0i64; 0], "committed before the first is done");
}

#[test]
fn sync_after_processing() {
    let mut world = World::new(CommitStrategy::AfterSync, SECOND);
    world.append(0, 3);
    let mut world = world.start();
    world.run_for(3 * SECOND - 1);
    assert_eq!(world.committed(0), None);
    world.run_for(1);
    assert_eq!(world.committed(0), Some(3));
    assert!(world.has(|event| matches!(event, Event::CommitSent { mode: CommitMode::Sync, .. })));
    world.run_for(20 * SECOND);
    assert_eq!(world.sent(is_commit), 1, "enable.auto.commit is off for such an application");
}

#[test]
fn commit_sync_blocks_and_tries_again() {
    let mut world = World::new(CommitStrategy::AfterSync, 0);
    world.broker.next_commit = vec![ErrorCode::CoordinatorLoadInProgress; 2];
    world.append(0, 1);
    let mut world = world.start();
    world.append(0, 1);
    assert_eq!(world.processed(), [0], "the application waits in commitSync()");
    world.run_for(SECOND);
    assert_eq!(world.processed(), [0, 1]);
    assert_eq!(world.committed(0), Some(2));
    assert!(!world.has(|event| matches!(event, Event::CommitFailed { .. })));
}

#[test]
fn commit_sync_gives_up_after_default_api_timeout() {
    let mut world = World::new(CommitStrategy::AfterSync, 0);
    world.broker.silent_on_commit = true;
    world.append(0, 1);
    let mut world = world.start();
    world.run_for(59 * SECOND);
    assert!(!world.has(|event| matches!(event, Event::CommitFailed { .. })));
    world.run_for(2 * SECOND);
    assert!(world.has(|event| matches!(
        event,
        Event::CommitFailed { mode: CommitMode::Sync, error: ErrorCode::RequestTimedOut }
    )));
}

#[test]
fn commit_async_is_tried_once() {
    let mut world = World::new(CommitStrategy::AfterAsync, 0);
    world.broker.next_commit = vec![ErrorCode::CoordinatorLoadInProgress];
    world.append(0, 1);
    let mut world = world.start();
    assert!(world.has(|event| matches!(
        event,
        Event::CommitFailed {
            mode: CommitMode::Async,
            error: ErrorCode::CoordinatorLoadInProgress
        }
    )));
    world.run_for(10 * SECOND);
    assert_eq!(world.committed(0), None);
    world.append(0, 1);
    assert_eq!(world.committed(0), Some(2), "the next commit covers it");
}

#[test]
fn auto_commit_tries_again_after_a_back_off() {
    let mut world = World::new(CommitStrategy::Auto, 0).start();
    world.append(0, 1);
    world.broker.next_commit = vec![ErrorCode::CoordinatorLoadInProgress];
    world.run_until(5 * SECOND + 99_000);
    assert_eq!(world.committed(0), None);
    world.run_until(5 * SECOND + 100_000);
    assert_eq!(world.committed(0), Some(1));
}

#[test]
fn an_application_that_never_commits() {
    let mut world = World::new(CommitStrategy::Never, 0);
    world.append(0, 3);
    let mut world = world.start();
    world.run_for(60 * SECOND);
    assert_eq!(world.sent(is_commit), 0);
}
