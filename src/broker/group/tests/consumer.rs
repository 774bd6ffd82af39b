//! Groups of the consumer protocol, where the vectors are silent: time, the log, commits.

use super::*;

pub(super) fn request(client: u16, epoch: i32) -> ConsumerGroupHeartbeatRequest {
    ConsumerGroupHeartbeatRequest {
        group: GROUP.into(),
        member_id: format!("m{client}").into(),
        member_epoch: epoch,
        instance_id: None,
        rack_id: None,
        client_id: format!("c{client}").into(),
        rebalance_timeout_ms: None,
        topics: None,
        server_assignor: None,
        owned: None,
    }
}

fn joining(client: u16) -> ConsumerGroupHeartbeatRequest {
    ConsumerGroupHeartbeatRequest {
        rebalance_timeout_ms: Some(10_000),
        topics: Some(vec!["orders".into()]),
        owned: Some(Vec::new()),
        ..request(client, 0)
    }
}

impl World {
    pub(super) fn beat(
        &mut self,
        client: u16,
        request: ConsumerGroupHeartbeatRequest,
    ) -> ConsumerGroupHeartbeatResponse {
        match self.ask(client, Request::ConsumerGroupHeartbeat(Box::new(request))) {
            Some(Response::ConsumerGroupHeartbeat(answer)) => *answer,
            other => panic!("{other:?}"),
        }
    }

    /// Member 101 has all four partitions, and acknowledged it.
    pub(super) fn with_consumer() -> Self {
        let mut world = Self::new();
        let joined = world.beat(101, joining(101));
        assert_eq!((joined.error, joined.member_epoch), (None, 2));
        assert_eq!(joined.assignment.as_ref().map(Vec::len), Some(4));
        let owned = ConsumerGroupHeartbeatRequest { owned: joined.assignment, ..request(101, 2) };
        assert_eq!(world.beat(101, owned).assignment, None);
        world
    }

    fn error_of(&mut self, client: u16, request: ConsumerGroupHeartbeatRequest) -> ErrorCode {
        self.beat(client, request).error.expect("an error")
    }
}

#[test]
fn a_silent_consumer_is_fenced_after_its_session() {
    let mut world = World::with_consumer();
    world.run_until(45 * SECOND - 1);
    assert_eq!(world.state(), "Stable");
    world.run_until(45 * SECOND);
    assert_eq!(world.state(), "Empty");
    assert!(world.has_event(|event| matches!(
        event,
        Event::MemberRemoved { member: NodeId(101), exit: ConsumerExit::SessionExpired, .. }
    )));
    assert_eq!(world.error_of(101, request(101, 2)), ErrorCode::UnknownMemberId);
}

#[test]
fn who_does_not_give_partitions_up_in_time_is_fenced() {
    let mut world = World::with_consumer();
    world.run_until(SECOND);
    world.beat(102, joining(102));
    let told = world.beat(101, request(101, 2));
    assert_eq!(told.assignment.map(|a| a.len()), Some(2), "two of four");
    assert_eq!(world.state(), "Reconciling");
    // It says that it lives, and not what it owns.
    world.run_until(6 * SECOND);
    world.beat(101, request(101, 2));
    world.run_until(11 * SECOND);
    assert!(world.has_event(|event| matches!(
        event,
        Event::MemberRemoved { member: NodeId(101), exit: ConsumerExit::RebalanceTimeout, .. }
    )));
    let free = world.beat(102, request(102, 3));
    assert_eq!(free.assignment.map(|a| a.len()), Some(4), "all is free now");
    assert_eq!(world.state(), "Stable");
}

#[test]
fn who_moved_on_in_time_is_not_fenced() {
    let mut world = World::with_consumer();
    world.run_until(SECOND);
    world.beat(102, joining(102));
    let told = world.beat(101, request(101, 2));
    let owned = ConsumerGroupHeartbeatRequest { owned: told.assignment, ..request(101, 2) };
    assert_eq!(world.beat(101, owned).member_epoch, 3);
    world.run_until(12 * SECOND);
    assert_eq!(world.beat(101, request(101, 3)).error, None);
}

#[test]
fn another_coordinator_knows_the_group_from_the_log() {
    let mut world = World::with_consumer();
    world.run_until(SECOND);
    world.beat(102, joining(102));
    let told = world.beat(101, request(101, 2));
    let before = world.coordinator.consumer_group(GROUP).unwrap();
    let first = before.members.iter().find(|member| &*member.id == "m101").unwrap();
    assert_eq!(first.pending_revocation.len(), 2);
    world.coordinator.reset();
    assert_eq!(world.error_of(101, request(101, 2)), ErrorCode::CoordinatorLoadInProgress);
    world.elect();
    let after = world.coordinator.consumer_group(GROUP).unwrap();
    assert_eq!((after.epoch, after.assignment_epoch), (before.epoch, before.assignment_epoch));
    assert_eq!(after.members, before.members);
    let owned = ConsumerGroupHeartbeatRequest { owned: told.assignment, ..request(101, 2) };
    assert_eq!(world.beat(101, owned).member_epoch, 3, "it goes on where it was");
}

#[test]
fn topics_that_grew_while_nobody_coordinated_are_noticed() {
    let mut world = World::with_consumer();
    world.run_until(SECOND);
    world.coordinator.reset();
    let registration = PartitionRegistration {
        replicas: vec![NodeId(1)],
        isr: vec![NodeId(1)],
        leader: Some(NodeId(1)),
        ..PartitionRegistration::default()
    };
    world.image.apply(&MetadataRecord::Partition { tp: orders(4), registration });
    world.elect();
    let told = world.beat(101, request(101, 2));
    assert_eq!((told.member_epoch, told.assignment.map(|a| a.len())), (3, Some(5)));
}

#[test]
fn a_static_member_that_was_away_is_no_news() {
    let mut world = World::new();
    let static_member =
        |id: &str, request: ConsumerGroupHeartbeatRequest| ConsumerGroupHeartbeatRequest {
            member_id: id.into(),
            instance_id: Some("i1".into()),
            ..request
        };
    world.beat(101, static_member("a", joining(101)));
    world.beat(101, static_member("a", request(101, LEAVE_GROUP_STATIC_MEMBER_EPOCH)));
    assert_eq!(world.state(), "Reconciling");
    let back = world.beat(102, static_member("b", joining(102)));
    assert_eq!((back.member_epoch, back.assignment.map(|a| a.len())), (2, Some(4)));
    let stable = |(_, event): &&(Micros, Event)| matches!(event, Event::GroupStable { .. });
    assert_eq!(world.recorder.events.iter().filter(stable).count(), 1);
    let gone = |event: &Event| matches!(event, Event::MemberRemoved { .. });
    assert!(!world.has_event(gone));
}

#[test]
fn answers_wait_for_the_log() {
    let mut world = World::new();
    world.commits_at_once = false;
    let join = Request::ConsumerGroupHeartbeat(Box::new(joining(101)));
    assert!(world.ask(101, join).is_none());
    world.commit_log(Ok(()));
    assert!(world.answer(101).is_some());
    world.log.refuses = Some(ErrorCode::NotLeaderOrFollower);
    world.commits_at_once = true;
    assert_eq!(world.error_of(102, joining(102)), ErrorCode::NotCoordinator);
}

#[test]
fn what_the_log_refuses_has_not_happened() {
    let mut world = World::with_consumer();
    world.run_until(SECOND);
    let before = world.coordinator.consumer_group(GROUP);
    world.log.refuses = Some(ErrorCode::NotEnoughReplicas);
    assert_eq!(world.error_of(102, joining(102)), ErrorCode::CoordinatorNotAvailable);
    assert_eq!(world.coordinator.consumer_group(GROUP), before);
    // A session cannot even end.
    world.run_until(50 * SECOND);
    assert_eq!(world.coordinator.consumer_group(GROUP).map(|group| group.members.len()), Some(1));
    world.log.refuses = None;
    world.run_until(51 * SECOND);
    assert_eq!(world.state(), "Empty");
}

#[test]
fn commits_of_an_older_epoch_count_for_what_the_member_had_then() {
    let mut world = World::with_consumer();
    let member: MemberId = "m101".into();
    assert_eq!(world.commit(101, identity(&member, 2), 1), Some(None));
    assert_eq!(world.commit(101, identity(&member, 1), 1), Some(Some(ErrorCode::StaleMemberEpoch)));
    assert_eq!(world.commit(101, identity(&member, 3), 1), Some(Some(ErrorCode::StaleMemberEpoch)));
    let stranger: MemberId = "m9".into();
    assert_eq!(
        world.commit(109, identity(&stranger, 2), 1),
        Some(Some(ErrorCode::UnknownMemberId))
    );
    // The group moves on; partition 0 stays, and was given in epoch 2.
    world.run_until(SECOND);
    world.beat(102, joining(102));
    let told = world.beat(101, request(101, 2));
    let owned = ConsumerGroupHeartbeatRequest { owned: told.assignment, ..request(101, 2) };
    assert_eq!(world.beat(101, owned).member_epoch, 3);
    assert_eq!(world.commit(101, identity(&member, 2), 2), Some(None));
}

#[test]
fn protocols_change_when_nobody_is_in() {
    let (mut world, id) = World::stable();
    world.commit(101, identity(&id, 1), 7);
    assert_eq!(world.error_of(102, joining(102)), ErrorCode::GroupIdNotFound, "it has a member");
    world.ask(101, Request::LeaveGroup(Box::new(identity(&id, 1))));
    assert_eq!(world.beat(102, joining(102)).member_epoch, 2);
    assert_eq!(world.committed(), Some(7), "offsets stay");
    let refused = world.join(103, None).unwrap();
    assert_eq!(refused.error, Some(ErrorCode::InconsistentGroupProtocol));
    world.beat(102, request(102, LEAVE_GROUP_MEMBER_EPOCH));
    let welcome = world.join(103, None).unwrap();
    assert_eq!(welcome.error, Some(ErrorCode::MemberIdRequired));
    world.coordinator.reset();
    world.elect();
    assert!(world.coordinator.consumer_group(GROUP).is_none(), "as the log says");
    assert_eq!(world.committed(), Some(7));
}

#[test]
fn limits_of_a_consumer_group() {
    let mut world = World::with_consumer();
    let config = Properties::new().with("group.consumer.max.size", "1");
    world.coordinator.configure(&BrokerConfig::from_properties(&config).unwrap());
    assert_eq!(world.error_of(102, joining(102)), ErrorCode::GroupMaxSizeReached);
    assert_eq!(world.beat(101, request(101, 2)).error, None);
    let config = Properties::new().with("group.consumer.assignors", "range");
    world.coordinator.configure(&BrokerConfig::from_properties(&config).unwrap());
    let uniform = ConsumerGroupHeartbeatRequest {
        server_assignor: Some("uniform".into()),
        ..request(101, 2)
    };
    assert_eq!(world.error_of(101, uniform), ErrorCode::UnsupportedAssignor);
    world.coordinator.reset();
    world.log.batches.clear();
    world.elect();
    assert_eq!(world.error_of(101, request(101, 2)), ErrorCode::GroupIdNotFound);
}
