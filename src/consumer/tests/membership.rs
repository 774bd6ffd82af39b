//! Rebalances, heartbeats, and the two ways to be thrown out.

use super::*;

fn is_join(request: &Request) -> bool {
    matches!(request, Request::JoinGroup(_))
}

#[test]
fn a_rebalance_waits_for_the_application() {
    let mut world = World::new(CommitStrategy::Auto, 10 * SECOND);
    world.append(0, 1);
    let mut world = world.start();
    world.broker.next_heartbeat = Some(ErrorCode::RebalanceInProgress);
    let joins = world.sent(is_join);
    world.run_for(10 * SECOND - 1);
    assert_eq!(world.sent(is_join), joins, "the heartbeat knows, but nobody calls poll()");
    world.run_for(1);
    assert_eq!(world.sent(is_join), joins + 1);
    assert_eq!(world.committed(0), Some(1), "auto-commit before the rebalance");
    assert!(world.has(|event| matches!(
        event,
        Event::PartitionsReleased { how: LossOfPartitions::Revoked, .. }
    )));
    assert_eq!(world.view().generation, 2);
    assert_eq!(world.position(0), Some(1), "and goes on from there");
}

#[test]
fn an_idle_consumer_rejoins_at_once() {
    let mut world = World::new(CommitStrategy::Auto, 0).start();
    world.broker.next_heartbeat = Some(ErrorCode::RebalanceInProgress);
    world.run_until(3 * SECOND);
    assert_eq!(world.view().generation, 2);
}

#[test]
fn an_unknown_member_has_lost_its_partitions() {
    let mut world = World::new(CommitStrategy::Auto, 0).start();
    world.append(0, 2);
    world.broker.next_heartbeat = Some(ErrorCode::UnknownMemberId);
    world.run_until(3 * SECOND);
    assert!(world.has(|event| matches!(
        event,
        Event::PartitionsReleased { how: LossOfPartitions::Lost, .. }
    )));
    assert!(world.has(|event| matches!(event, Event::CommitFailed { .. })), "too late to commit");
    assert_eq!(world.view().state, "stable");
    assert_eq!(world.processed(), [0, 1, 0, 1], "uncommitted records come again");
}

#[test]
fn an_illegal_generation_keeps_the_member_id() {
    let mut world = World::new(CommitStrategy::Never, 0).start();
    let joins = world.sent(is_join);
    world.broker.next_heartbeat = Some(ErrorCode::IllegalGeneration);
    world.run_until(3 * SECOND);
    assert_eq!(world.sent(is_join), joins + 1, "no round trip for an id");
    assert_eq!(world.view().generation, 2);
}

#[test]
fn max_poll_interval() {
    let mut world = World::new(CommitStrategy::AfterSync, 400 * SECOND);
    world.append(0, 1);
    let mut world = world.start();
    world.run_for(300 * SECOND - 1);
    assert!(!world.has(|event| matches!(event, Event::PollIntervalExceeded)));
    world.run_for(1);
    assert!(world.has(|event| matches!(event, Event::PollIntervalExceeded)));
    assert_eq!(world.sent(|request| matches!(request, Request::LeaveGroup(_))), 1);
    assert_eq!(world.view().state, "unjoined");
    let heartbeats = |request: &Request| matches!(request, Request::Heartbeat(_));
    let before = world.sent(heartbeats);
    world.run_for(99 * SECOND);
    assert_eq!(world.sent(heartbeats), before);
    world.run_for(SECOND);
    assert_eq!(world.processed(), [0]);
    assert!(world.has(|event| matches!(
        event,
        Event::CommitFailed { mode: CommitMode::Sync, error: ErrorCode::UnknownMemberId }
    )));
    assert!(world.has(|event| matches!(
        event,
        Event::PartitionsReleased { how: LossOfPartitions::Lost, .. }
    )));
    assert_eq!(world.view().generation, 2, "and it is back");
}

#[test]
fn a_static_member_does_not_leave_when_it_is_late() {
    let config =
        Properties::new().with("auto.offset.reset", "earliest").with("group.instance.id", "i1");
    let mut world = World::with(spec(CommitStrategy::Auto, 400 * SECOND, config));
    world.append(0, 1);
    let mut world = world.start();
    world.run_for(301 * SECOND);
    assert!(world.has(|event| matches!(event, Event::PollIntervalExceeded)));
    assert_eq!(world.sent(|request| matches!(request, Request::LeaveGroup(_))), 0);
}

#[test]
fn a_fenced_instance_is_an_exception() {
    let mut world = World::new(CommitStrategy::Auto, 0).start();
    world.broker.next_heartbeat = Some(ErrorCode::FencedInstanceId);
    world.run_until(3 * SECOND);
    assert!(world.has(|event| matches!(
        event,
        Event::PollFailed { exception } if &**exception == "FencedInstanceIdException"
    )));
    assert_eq!(world.recorder.exited, [ME]);
}

#[test]
fn join_group_may_take_longer_than_other_requests() {
    let mut world = World::new(CommitStrategy::Auto, 0);
    world.broker.silent_on_join = true;
    let mut world = world.start();
    world.run_until(305 * SECOND);
    assert!(!world.has(|event| matches!(event, Event::RequestTimedOut { .. })));
    world.run_until(306 * SECOND);
    assert!(world.has(|event| matches!(event, Event::RequestTimedOut { .. })));
}

#[test]
fn the_leader_rejoins_when_a_topic_grows() {
    let mut world = World::new(CommitStrategy::Auto, 0).start();
    world.broker.logs.push(Vec::new());
    world.run_until(301 * SECOND);
    assert_eq!(world.view().generation, 2, "noticed with metadata.max.age.ms");
    assert_eq!(world.view().assignment.len(), 3);
}

#[test]
fn without_an_assignor_there_is_no_subscription() {
    let config = Properties::new().with("partition.assignment.strategy", "");
    let world = World::with(spec(CommitStrategy::Auto, 0, config)).start();
    assert!(world.has(|event| matches!(
        event,
        Event::PollFailed { exception } if exception.starts_with("IllegalStateException: Must")
    )));
}
