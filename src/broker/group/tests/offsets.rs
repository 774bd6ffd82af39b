//! Commits, look-ups of the coordinator, and fail-over.

use super::*;

#[test]
fn a_commit_is_answered_and_read_once_it_is_committed() {
    let (mut world, id) = World::stable();
    world.commits_at_once = false;
    assert_eq!(world.commit(101, identity(&id, 1), 7), None);
    assert_eq!(world.committed(), None);
    world.commit_log(Ok(()));
    assert!(matches!(world.answer(101), Some(Response::OffsetCommit(_))));
    assert_eq!(world.committed(), Some(7));
    assert_eq!(world.commit(101, identity(&id, 1), 3), None, "going back is allowed");
    world.commit_log(Ok(()));
    assert_eq!(world.committed(), Some(3));
}

#[test]
fn unchanged_offsets_are_no_news() {
    let (mut world, id) = World::stable();
    for _ in 0..3 {
        assert_eq!(world.commit(101, identity(&id, 1), 7), Some(None));
    }
    let told = |event: &&(Micros, Event)| matches!(event.1, Event::OffsetsCommitted { .. });
    assert_eq!(world.recorder.events.iter().filter(told).count(), 1);
}

#[test]
fn errors_of_the_log_are_translated() {
    let (mut world, id) = World::stable();
    world.commits_at_once = false;
    for (error, heard) in [
        (ErrorCode::NotLeaderOrFollower, ErrorCode::NotCoordinator),
        (ErrorCode::NotEnoughReplicas, ErrorCode::CoordinatorNotAvailable),
        (ErrorCode::MessageTooLarge, ErrorCode::UnknownServerError),
    ] {
        assert_eq!(world.commit(101, identity(&id, 1), 7), None);
        world.commit_log(Err(error));
        let Some(Response::OffsetCommit(answer)) = world.answer(101) else { panic!("no answer") };
        assert_eq!(answer.partitions[0].1, Some(heard));
    }
    assert_eq!(world.committed(), None);
}

#[test]
fn a_commit_that_takes_too_long_counts_all_the_same() {
    let (mut world, id) = World::stable();
    world.commits_at_once = false;
    assert_eq!(world.commit(101, identity(&id, 1), 7), None);
    world.run_until(world.now + 5 * SECOND);
    let Some(Response::OffsetCommit(answer)) = world.answer(101) else { panic!("no answer") };
    assert_eq!(answer.partitions[0].1, Some(ErrorCode::CoordinatorNotAvailable));
    world.commit_log(Ok(()));
    assert_eq!(world.committed(), Some(7));
}

#[test]
fn a_new_coordinator_finds_everything_in_the_log() {
    let (mut world, id) = World::stable();
    world.commit(101, identity(&id, 1), 7);
    world.commit(101, identity(&id, 1), 9);
    world.coordinator.reset();
    world.recorder.timers.clear();
    let not_loaded = world.ask(101, Request::Heartbeat(Box::new(identity(&id, 1))));
    let error = Some(ErrorCode::CoordinatorLoadInProgress);
    assert!(matches!(not_loaded, Some(Response::Heartbeat(e)) if e == error));
    world.now = 60 * SECOND;
    world.elect();
    assert_eq!(world.state(), "Stable");
    assert_eq!(world.committed(), Some(9));
    assert_eq!(world.heartbeat(101, &id, 1), None);
    let view = &world.coordinator.views()[0];
    assert_eq!(view.members, [("c101".into(), partitions_of(TopicId(1), 4).collect())]);
    // Sessions begin anew with the new coordinator.
    world.run_until(105 * SECOND);
    assert_eq!(world.state(), "Empty");
    assert!(
        world.has_event(|event| matches!(event, Event::MemberRemoved { member: NodeId(101), .. }))
    );
}

#[test]
fn a_deleted_topic_takes_its_offsets_with_it() {
    let (mut world, id) = World::stable();
    assert_eq!(world.commit(101, identity(&id, 1), 7), Some(None));
    let (topic, name, now) = (TopicId(1), Arc::from("orders"), world.now);
    world.image.apply(&MetadataRecord::RemoveTopic { topic, at_ms: wall_clock_ms(now) });
    let World { coordinator, log, recorder, rng, now, .. } = &mut world;
    recorder.turn(*now, NodeId(1), rng, |ctx| {
        coordinator.on_topic_deleted(ctx, topic, &name, log);
    });
    world.commit_log(Ok(()));
    assert_eq!(world.committed(), None);
    let unknown = Some(Some(ErrorCode::UnknownTopicOrPartition));
    assert_eq!(world.commit(101, identity(&id, 1), 7), unknown, "not even once more the same");

    // Another topic of that name, and a coordinator that has to read the log.
    world.image.apply(&MetadataRecord::Topic { topic: TopicId(2), name });
    world.coordinator.reset();
    world.recorder.timers.clear();
    world.elect();
    let partition = TopicPartition::new(TopicId(2), 0);
    let request = OffsetFetchRequest {
        group: GROUP.into(),
        partitions: vec![partition],
        require_stable: true,
    };
    let Some(Response::OffsetFetch(answer)) =
        world.ask(199, Request::OffsetFetch(Box::new(request)))
    else {
        panic!("no answer")
    };
    assert_eq!(answer.partitions[0].1, None);
}

#[test]
fn who_was_away_when_a_topic_was_deleted_knows_whose_offsets_there_are() {
    let (mut world, id) = World::stable();
    assert_eq!(world.commit(101, identity(&id, 1), 7), Some(None));
    let (topic, at_ms) = (TopicId(1), wall_clock_ms(world.now));
    world.image.apply(&MetadataRecord::RemoveTopic { topic, at_ms });
    world.image.apply(&MetadataRecord::Topic { topic: TopicId(2), name: "orders".into() });
    world.coordinator.reset();
    world.recorder.timers.clear();
    world.elect();
    assert!(world.coordinator.views().iter().all(|view| view.committed.is_empty()));
}

#[test]
fn a_resigned_coordinator_sends_everybody_away() {
    let (mut world, id) = World::stable();
    world.come(102);
    world.commits_at_once = false;
    assert_eq!(world.commit(101, identity(&id, 1), 7), None);
    let coordinator = &mut world.coordinator;
    world.recorder.turn(world.now, NodeId(1), &mut world.rng, |ctx| {
        coordinator.on_resigned(ctx, World::log_partition());
    });
    world.collect();
    let Some(Response::OffsetCommit(commit)) = world.answer(101) else { panic!("no answer") };
    assert_eq!(commit.partitions[0].1, Some(ErrorCode::NotCoordinator));
    assert_eq!(world.joined(102).error, Some(ErrorCode::NotCoordinator));
    assert!(world.recorder.pending().is_empty(), "no timer is left");
    assert!(world.coordinator.views().is_empty());
}

#[test]
fn finding_the_coordinator() {
    let mut world = World::new();
    let request = || {
        Request::FindCoordinator(Box::new(FindCoordinatorRequest {
            key: GROUP.into(),
            is_transaction: false,
        }))
    };
    let Some(Response::FindCoordinator(found)) = world.ask(101, request()) else { panic!() };
    assert_eq!(found.coordinator, Ok(NodeId(1)));
    assert!(!world.coordinator.wants_offsets_topic());
    world.image = MetadataImage::default();
    let Some(Response::FindCoordinator(found)) = world.ask(101, request()) else { panic!() };
    assert_eq!(found.coordinator, Err(ErrorCode::CoordinatorNotAvailable));
    assert!(world.coordinator.wants_offsets_topic());
    assert!(!world.coordinator.wants_offsets_topic(), "said once");
}

#[test]
fn a_commit_repeated_is_the_same_batch_again() {
    let (mut world, id) = World::stable();
    for offset in [7, 7, 8] {
        assert_eq!(world.commit(101, identity(&id, 1), offset), Some(None));
    }
    let [.., first, second, third] = &world.log.batches[..] else { panic!("three commits") };
    assert!(Arc::ptr_eq(&first.batch, &second.batch));
    assert_eq!(second.base_offset, first.base_offset + 1, "appended all the same");
    assert!(!Arc::ptr_eq(&second.batch, &third.batch));
}
