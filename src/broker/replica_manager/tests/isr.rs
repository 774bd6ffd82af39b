//! High watermark, min-ISR freeze, expand and shrink.

use super::*;
use crate::protocol::{AlterPartitionRequest, AlterPartitionResponse, ErrorCode};

const LAG_MAX_US: Micros = 30_000_000;

fn asked(world: &mut World) -> Option<AlterPartitionRequest> {
    world.replicas.next_alter_partition(10)
}

fn asked_isr(world: &mut World) -> Option<Vec<(NodeId, i64)>> {
    asked(world).map(|mut request| request.partitions.remove(0).new_isr)
}

fn answer(world: &mut World, result: Result<PartitionRegistration, ErrorCode>) {
    let response = AlterPartitionResponse { error: None, partitions: vec![(tp(0), result)] };
    world.turn(|world, ctx| assert!(!world.replicas.on_alter_partition(ctx, response)));
}

fn shrink(world: &mut World) {
    world.turn(|world, ctx| world.replicas.shrink_isrs(ctx));
}

#[test]
fn a_pending_expand_holds_the_high_watermark_but_does_not_lift_the_freeze() {
    let mut world = World::new(1, &[("min.insync.replicas", "2")]);
    world.assign(0, 1, &[1], 0, 1);
    world.produce(Acks::One, &[(0, batch(4))]);
    assert_eq!(world.high_watermark(0), 0, "frozen");
    world.follower_fetches(2, &[(0, 2)]);
    assert_eq!(asked_isr(&mut world), Some(vec![(NodeId(1), 10), (NodeId(2), 20)]));
    world.follower_fetches(2, &[(0, 4)]);
    assert_eq!(world.high_watermark(0), 0, "still frozen: the expand is not confirmed");
    world.produce(Acks::All, &[(0, batch(1))]);
    let errors = |r: &ProducePartitionResponse| r.error;
    let produced = world.answers();
    let Some((_, Response::Produce(response))) =
        produced.into_iter().rfind(|(_, response)| matches!(response, Response::Produce(_)))
    else {
        panic!("no answer")
    };
    assert_eq!(errors(&response.partitions[0]), Some(ErrorCode::NotEnoughReplicas));
    answer(&mut world, Ok(registration(1, &[1, 2], 0, 2)));
    assert_eq!(world.high_watermark(0), 4, "confirmed");
}

#[test]
fn whoever_shall_come_in_is_waited_for_at_once() {
    let mut world = World::new(1, &[]);
    world.assign(0, 1, &[1], 0, 1);
    world.produce(Acks::One, &[(0, batch(4))]);
    assert_eq!(world.high_watermark(0), 4);
    world.follower_fetches(2, &[(0, 4)]);
    assert!(asked(&mut world).is_some());
    world.now += LAG_MAX_US + 1;
    world.produce(Acks::One, &[(0, batch(1))]);
    assert_eq!(world.high_watermark(0), 4, "2 is in the maximal ISR");
    answer(&mut world, Err(ErrorCode::IneligibleReplica));
    world.produce(Acks::One, &[(0, batch(1))]);
    assert_eq!(world.high_watermark(0), 6, "rolled back, and 2 has not caught up for too long");
}

#[test]
fn who_is_caught_up_and_eligible_is_waited_for_before_it_is_asked_in() {
    let mut world = World::new(1, &[]);
    world.assign(0, 1, &[1], 0, 1);
    world.register(2, true);
    world.follower_fetches(2, &[(0, 0)]);
    assert!(asked(&mut world).is_none(), "a fenced broker stays out");
    world.produce(Acks::One, &[(0, batch(1))]);
    assert_eq!(world.high_watermark(0), 1, "and is not waited for");
    world.register(2, false);
    world.follower_fetches(2, &[(0, 0)]);
    assert!(asked(&mut world).is_none(), "behind the high watermark");
    world.produce(Acks::One, &[(0, batch(1))]);
    assert_eq!(world.high_watermark(0), 1, "caught up within the limit, so it may join soon");
    world.follower_fetches(2, &[(0, 1)]);
    assert!(asked(&mut world).is_some());
}

#[test]
fn expanding_needs_the_start_of_the_epoch() {
    let mut world = World::new(1, &[]);
    world.produce(Acks::One, &[(0, batch(4))]);
    world.assign(0, 1, &[1, 3], 1, 1);
    let fetch_at = |world: &mut World, offset| {
        let changes = FetchChanges { partitions: vec![wanted(0, offset, 1)], forgotten: vec![] };
        let mut request = fetch_request(0, Some(changes));
        request.replica = Some(follower(2));
        world.fetch(NodeId(2), request);
        asked(world).is_some()
    };
    assert_eq!(world.high_watermark(0), 0, "3 has nothing");
    assert!(!fetch_at(&mut world, 3), "above the high watermark is not enough");
    assert!(fetch_at(&mut world, 4));
}

#[test]
fn an_unconfirmed_shrink_moves_nothing() {
    let mut world = World::new(1, &[]);
    world.follower_fetches(2, &[(0, 0)]);
    world.follower_fetches(3, &[(0, 0)]);
    world.now += 1000;
    world.produce(Acks::One, &[(0, batch(4))]);
    world.follower_fetches(2, &[(0, 4)]);
    world.now += LAG_MAX_US - 1000;
    shrink(&mut world);
    assert!(asked(&mut world).is_none(), "exactly the limit");
    world.now += 1000;
    shrink(&mut world);
    let isr = Some(vec![(NodeId(1), 10), (NodeId(2), 20)]);
    assert_eq!(asked_isr(&mut world), isr, "3 lags; 2 has everything, though it fetches no more");
    assert_eq!(world.high_watermark(0), 0);
    shrink(&mut world);
    assert!(asked(&mut world).is_none(), "one change at a time");
    answer(&mut world, Ok(registration(1, &[1, 2], 0, 1)));
    assert_eq!(world.high_watermark(0), 4);
}

#[test]
fn errors_of_alter_partition() {
    let mut world = World::new(1, &[]);
    world.assign(0, 1, &[1], 0, 1);
    world.follower_fetches(2, &[(0, 0)]);
    assert!(asked(&mut world).is_some());
    answer(&mut world, Err(ErrorCode::UnknownServerError));
    assert!(asked(&mut world).is_some(), "asked again");
    answer(&mut world, Err(ErrorCode::InvalidUpdateVersion));
    world.follower_fetches(3, &[(0, 0)]);
    assert!(asked(&mut world).is_none(), "pending until metadata come");
    world.assign(0, 1, &[1], 0, 2);
    world.follower_fetches(3, &[(0, 0)]);
    let late = asked(&mut world).expect("3 is asked for");
    assert_eq!(late.partitions[0].partition_epoch, 2);
    world.assign(0, 1, &[1, 2], 0, 3);
    answer(&mut world, Ok(registration(1, &[1, 3], 0, 2)));
    let isr = world.replicas.replica(tp(0)).and_then(|p| p.leadership()).map(|l| l.isr().clone());
    let committed = isr.expect("leads");
    assert_eq!(committed.committed(), [NodeId(1), NodeId(2)], "an answer from before is ignored");
}

#[test]
fn a_previous_incarnation_of_a_follower_is_refused() {
    let mut world = World::new(1, &[]);
    world.follower_fetches(2, &[(0, 0)]);
    world.answers();
    let mut request = fetch_request(0, positions(&[(0, 0)]));
    request.replica = Some(ReplicaState { replica: NodeId(2), broker_epoch: 19 });
    world.fetch(NodeId(2), request);
    let error = world.fetched(NodeId(2)).partitions[0].error;
    assert_eq!(error, Some(ErrorCode::NotLeaderOrFollower));
}
