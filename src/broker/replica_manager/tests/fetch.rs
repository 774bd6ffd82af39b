//! Fetches: answers, errors, limits, parking, sessions.

use super::*;
use crate::protocol::ErrorCode;

fn committed(partitions: u16, batches: usize) -> World {
    let mut world = World::new(partitions, &[]);
    for partition in 0..partitions {
        world.assign(partition, 1, &[1], 0, 1);
        for _ in 0..batches {
            world.produce(Acks::One, &[(partition, batch(2))]);
        }
    }
    world.answers();
    world
}

fn summary(response: &FetchResponse) -> Vec<(u16, usize, i64)> {
    let partition = |p: &crate::protocol::FetchPartitionResponse| {
        (p.tp.partition, p.batches.len(), p.high_watermark)
    };
    response.partitions.iter().map(partition).collect()
}

#[test]
fn a_consumer_sees_up_to_the_high_watermark_and_a_follower_up_to_the_end() {
    let mut world = World::new(1, &[]);
    world.produce(Acks::One, &[(0, batch(2))]);
    world.answers();
    world.follower_fetches(2, &[(0, 0)]);
    assert_eq!(summary(&world.fetched(NodeId(2))), [(0, 1, 0)]);
    world.fetch(CONSUMER, fetch_request(0, positions(&[(0, 0)])));
    assert!(world.answers().is_empty(), "parked");
    world.follower_fetches(2, &[(0, 2)]);
    world.follower_fetches(3, &[(0, 2)]);
    let response = world.fetched(CONSUMER);
    assert_eq!(summary(&response), [(0, 1, 2)], "the high watermark woke it");
}

#[test]
fn an_immediate_answer_has_the_high_watermark_of_before_a_parked_one_of_its_end() {
    let mut world = World::new(1, &[]);
    world.assign(0, 1, &[1, 2], 0, 1);
    world.produce(Acks::One, &[(0, batch(2))]);
    world.answers();
    let mut request = fetch_request(0, positions(&[(0, 0)]));
    request.replica = Some(follower(2));
    world.fetch(NodeId(2), request.clone());
    world.fetched(NodeId(2));
    world.produce(Acks::One, &[(0, batch(2))]);
    world.answers();
    (request.session_epoch, request.changes) = (1, positions(&[(0, 2)]).map(Box::new));
    world.fetch(NodeId(2), request.clone());
    assert_eq!(world.high_watermark(0), 2);
    assert_eq!(summary(&world.fetched(NodeId(2))), [(0, 1, 0)], "as it was before this fetch");
    (request.session_epoch, request.changes) = (2, positions(&[(0, 4)]).map(Box::new));
    world.fetch(NodeId(2), request);
    assert_eq!(world.high_watermark(0), 4);
    assert!(world.answers().is_empty(), "a high watermark alone wakes no follower");
    assert!(world.next_timer().is_some());
    world.turn(|world, ctx| world.replicas.on_fetch_expired(ctx, &world.image, 0));
    assert_eq!(summary(&world.fetched(NodeId(2))), [(0, 0, 4)]);
}

#[test]
fn errors_and_offsets_out_of_range() {
    let mut world = committed(1, 1);
    let error = |world: &mut World, offset, epoch| {
        let changes =
            FetchChanges { partitions: vec![wanted(0, offset, epoch)], forgotten: vec![] };
        world.fetch(CONSUMER, fetch_request(0, Some(changes)));
        world.fetched(CONSUMER).partitions[0].error
    };
    assert_eq!(error(&mut world, 3, 0), Some(ErrorCode::OffsetOutOfRange));
    assert_eq!(error(&mut world, -1, 0), Some(ErrorCode::OffsetOutOfRange));
    assert_eq!(error(&mut world, 0, 1), Some(ErrorCode::UnknownLeaderEpoch));
    world.assign(0, 1, &[1], 3, 2);
    assert_eq!(error(&mut world, 0, 2), Some(ErrorCode::FencedLeaderEpoch));
    world.assign(0, 2, &[1, 2], 4, 3);
    assert_eq!(error(&mut world, 0, 3), Some(ErrorCode::FencedLeaderEpoch));
    assert_eq!(error(&mut world, 0, 4), None, "consumers may read a follower");
    world.fetch(CONSUMER, fetch_request(0, positions(&[(9, 0)])));
    let response = world.fetched(CONSUMER);
    assert_eq!(response.partitions[0].error, Some(ErrorCode::UnknownTopicOrPartition));
}

#[test]
fn a_consumer_beyond_the_high_watermark_is_never_parked() {
    let mut world = World::new(1, &[]);
    world.produce(Acks::One, &[(0, batch(2))]);
    world.answers();
    world.fetch(CONSUMER, fetch_request(0, positions(&[(0, 2)])));
    assert_eq!(summary(&world.fetched(CONSUMER)), [(0, 0, 0)]);
    world.fetch(CONSUMER, fetch_request(1, None));
    assert_eq!(summary(&world.fetched(CONSUMER)), [], "empty, and at once");
}

#[test]
fn limits_hold_but_a_first_batch_always_comes() {
    let mut world = committed(3, 2);
    let mut request = fetch_request(0, positions(&[(0, 0), (1, 0), (2, 0)]));
    request.max_bytes = 500;
    world.fetch(CONSUMER, request.clone());
    assert_eq!(summary(&world.fetched(CONSUMER)), [(0, 2, 4), (1, 0, 4), (2, 0, 4)]);
    request.max_bytes = 10;
    (request.session_epoch, request.changes) = (1, positions(&[(0, 4)]).map(Box::new));
    world.fetch(CONSUMER, request.clone());
    assert_eq!(summary(&world.fetched(CONSUMER)), [(1, 1, 4)]);
    (request.session_epoch, request.changes) = (2, positions(&[(1, 2)]).map(Box::new));
    world.fetch(CONSUMER, request);
    assert_eq!(summary(&world.fetched(CONSUMER)), [(2, 1, 4)], "who gave data goes to the end");
}

#[test]
fn min_bytes_are_waited_for_over_all_partitions() {
    let mut world = committed(2, 0);
    let mut request = fetch_request(0, positions(&[(0, 0), (1, 0)]));
    request.min_bytes = 400;
    world.fetch(CONSUMER, request);
    world.produce(Acks::One, &[(0, batch(2))]);
    assert_eq!(world.answers().len(), 1, "the producer's only");
    world.produce(Acks::One, &[(1, batch(2))]);
    let answers = world.answers();
    let Some((CONSUMER, Response::Fetch(response))) = answers.last() else { panic!("{answers:?}") };
    assert_eq!(summary(response), [(0, 1, 2), (1, 1, 2)]);
    assert!(world.recorder.pending().is_empty(), "its expiry is taken back");
}

#[test]
fn sessions_are_checked_and_tell_only_what_is_new() {
    let mut world = committed(2, 1);
    world.fetch(CONSUMER, fetch_request(1, None));
    assert_eq!(world.fetched(CONSUMER).error, Some(ErrorCode::FetchSessionIdNotFound));
    world.fetch(CONSUMER, fetch_request(0, positions(&[(0, 2), (1, 0)])));
    assert_eq!(summary(&world.fetched(CONSUMER)), [(0, 0, 2), (1, 1, 2)], "at first everything");
    world.fetch(CONSUMER, fetch_request(5, None));
    assert_eq!(world.fetched(CONSUMER).error, Some(ErrorCode::InvalidFetchSessionEpoch));
    world.fetch(CONSUMER, fetch_request(1, positions(&[(1, 2)])));
    assert!(world.answers().is_empty());
    world.produce(Acks::One, &[(0, batch(1))]);
    let answers = world.answers();
    let Some((_, Response::Fetch(response))) = answers.last() else { panic!("{answers:?}") };
    assert_eq!(summary(response), [(0, 1, 3)]);
    let forgotten = vec![tp(0)];
    let changes = FetchChanges { partitions: Vec::new(), forgotten };
    world.fetch(CONSUMER, fetch_request(2, Some(changes)));
    world.produce(Acks::One, &[(0, batch(1))]);
    assert_eq!(world.answers().len(), 1, "partition 0 is forgotten");
}

#[test]
fn a_change_of_leadership_ends_the_wait() {
    let mut world = committed(1, 1);
    world.fetch(CONSUMER, fetch_request(0, positions(&[(0, 2)])));
    assert!(world.answers().is_empty());
    world.assign(0, 1, &[1, 2], 0, 2);
    assert!(world.answers().is_empty(), "an ISR change does not");
    world.assign(0, 2, &[1, 2], 1, 3);
    let response = world.fetched(CONSUMER);
    assert_eq!(response.partitions[0].error, Some(ErrorCode::FencedLeaderEpoch));
    assert_eq!(response.partitions[0].current_leader, Some((NodeId(2), 1)));
}

#[test]
fn logs_that_diverge_are_told_where() {
    let mut world = committed(1, 1);
    world.assign(0, 1, &[1], 3, 2);
    world.produce(Acks::One, &[(0, batch(2))]);
    world.answers();
    let mut ask = |offset, last_fetched_epoch| {
        let mut partition = wanted(0, offset, 3);
        partition.last_fetched_epoch = last_fetched_epoch;
        let changes = FetchChanges { partitions: vec![partition], forgotten: vec![] };
        let mut request = fetch_request(0, Some(changes));
        request.replica = Some(follower(2));
        world.fetch(NodeId(2), request);
        let response = world.fetched(NodeId(2)).partitions.remove(0);
        (response.error, response.diverging_epoch, response.batches.len())
    };
    assert_eq!(ask(2, 0), (None, None, 1));
    assert_eq!(ask(3, 0), (None, Some((0, 2)), 0), "epoch 0 ends at 2 here");
    assert_eq!(ask(3, 2), (None, Some((0, 2)), 0), "epoch 2 is not known here");
    assert_eq!(ask(3, 4), (Some(ErrorCode::OffsetOutOfRange), None, 0), "newer than all");
}

#[test]
fn an_idle_long_poll_touches_no_partition() {
    let mut world = committed(50, 1);
    let all = (0..50).map(|partition| (partition, 2)).collect::<Vec<_>>();
    world.fetch(CONSUMER, fetch_request(0, positions(&all)));
    world.turn(|world, ctx| world.replicas.on_fetch_expired(ctx, &world.image, 0));
    assert_eq!(world.fetched(CONSUMER).partitions.len(), 50);
    for epoch in 1..4 {
        world.fetch(CONSUMER, fetch_request(epoch, None));
        let number = world.replicas.sessions.find(CONSUMER, Channel::Data).expect("open");
        assert_eq!(world.replicas.sessions.get(number).dirty(), [0_u32; 0]);
        world.turn(|world, ctx| world.replicas.on_fetch_expired(ctx, &world.image, number));
        assert!(world.fetched(CONSUMER).partitions.is_empty());
    }
}
