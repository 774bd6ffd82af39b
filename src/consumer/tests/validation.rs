//! Positions are confirmed by leaders of later epochs (KIP-320).

use super::*;

fn reading(reset: &str) -> World {
    let config = Properties::new().with("auto.offset.reset", reset);
    let config = config.with("metadata.max.age.ms", "10000");
    World::with(spec(CommitStrategy::Never, 0, config))
}

/// A consumer at offset 5 of partition 0 when a leader of epoch 1 comes, who says that epoch 0 ends
/// at `end`.
fn new_leader(end: Result<EpochEnd, ErrorCode>) -> World {
    let mut world = reading("earliest");
    world.append(0, 5);
    let mut world = world.start();
    assert_eq!(world.position(0), Some(5));
    world.broker.leader_epoch = 1;
    world.broker.epoch_ends = vec![end];
    world.run_for(11 * SECOND);
    world
}

fn questions(world: &World) -> Vec<(TopicPartition, i32)> {
    let asked = |request: &Request| match request {
        Request::OffsetForLeaderEpoch(ends) => {
            ends.partitions.iter().map(|p| (p.tp, p.leader_epoch)).collect()
        }
        _ => Vec::new(),
    };
    world.broker.requests.iter().flat_map(asked).collect()
}

fn went_back_to(world: &World, wanted: i64) -> bool {
    world.has(|event| {
        let reason = PositionReason::Truncated;
        matches!(event, Event::PositionSet { offset, reason: r, .. } if (*offset, *r) == (wanted, reason))
    })
}

#[test]
fn a_new_leader_that_has_what_was_read_changes_nothing() {
    let mut world = new_leader(Ok(Some((0, 5))));
    assert_eq!(questions(&world), [(orders(0), 0)], "of partition 1 nothing was read");
    assert_eq!(world.position(0), Some(5));
    world.append(0, 1);
    world.run_for(SECOND);
    assert_eq!(world.processed(), [0, 1, 2, 3, 4, 5]);
    world.run_for(20 * SECOND);
    assert_eq!(questions(&world).len(), 1, "once for each leader epoch");
}

#[test]
fn a_shorter_log_sends_the_position_back_to_where_it_parts() {
    let mut world = reading("earliest");
    world.append(0, 3);
    world.append(0, 2);
    let mut world = world.start();
    world.broker.logs[0].pop();
    world.broker.leader_epoch = 1;
    world.broker.epoch_ends = vec![Ok(Some((0, 3)))];
    world.append(0, 2);
    world.run_for(12 * SECOND);
    assert!(went_back_to(&world, 3), "not to the start of the log");
    assert_eq!(world.processed(), [0, 1, 2, 3, 4, 3, 4]);
}

#[test]
fn a_log_that_knows_nothing_of_the_epoch_is_read_by_auto_offset_reset() {
    let world = new_leader(Ok(None));
    assert_eq!(
        world.count(|event| {
            matches!(event, Event::PositionSet { tp, reason: PositionReason::ResetEarliest, .. } if *tp == orders(0))
        }),
        2
    );
}

#[test]
fn without_a_policy_a_truncation_is_an_exception() {
    let mut world = reading("none");
    world.append(0, 5);
    world.broker.committed = [(orders(0), 5), (orders(1), 0)].into();
    let mut world = world.start();
    world.append(0, 1);
    world.broker.leader_epoch = 1;
    world.broker.epoch_ends = vec![Ok(Some((0, 3)))];
    world.run_for(12 * SECOND);
    assert!(world.has(|event| matches!(
        event,
        Event::PollFailed { exception } if &**exception == "LogTruncationException"
    )));
}

#[test]
fn errors_are_asked_again() {
    let mut world = reading("earliest");
    world.append(0, 5);
    let mut world = world.start();
    world.broker.leader_epoch = 1;
    world.broker.epoch_ends = vec![
        Err(ErrorCode::UnknownLeaderEpoch),
        Err(ErrorCode::NotLeaderOrFollower),
        Ok(Some((0, 5))),
    ];
    world.run_for(12 * SECOND);
    assert_eq!(questions(&world).len(), 3);
    world.append(0, 1);
    world.run_for(SECOND);
    assert_eq!(world.processed().last(), Some(&5));
}

#[test]
fn a_committed_offset_is_confirmed_before_it_is_read() {
    let mut world = reading("earliest");
    world.append(0, 5);
    world.broker.committed = [(orders(0), 4), (orders(1), 0)].into();
    world.broker.committed_epoch = 0;
    world.broker.epoch_ends = vec![Ok(Some((0, 2))), Ok(Some((0, 0)))];
    let mut world = world.start();
    world.run_for(SECOND);
    assert!(went_back_to(&world, 2));
    assert_eq!(world.processed(), [2, 3, 4]);
}
