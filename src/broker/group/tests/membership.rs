//! Who comes, stays and goes: sessions, leaving, static members, limits.

use super::*;

fn static_join(instance: &str, member_id: Option<&MemberId>) -> Request {
    let Request::JoinGroup(mut join) = join_request(101, member_id) else { unreachable!() };
    join.group_instance_id = Some(instance.into());
    Request::JoinGroup(join)
}

#[test]
fn a_silent_member_is_out_after_its_session() {
    let (mut world, id) = World::stable();
    world.run_until(30 * SECOND);
    assert_eq!(world.heartbeat(101, &id, 1), None);
    world.run_until(75 * SECOND - 1);
    assert_eq!(world.state(), "Stable");
    world.run_until(75 * SECOND);
    assert_eq!(world.state(), "Empty");
    assert_eq!(world.coordinator.views()[0].generation, 2, "emptiness is a generation too");
    assert!(world.has_event(|event| matches!(
        event,
        Event::MemberRemoved { member: NodeId(101), exit: ConsumerExit::SessionExpired, .. }
    )));
    assert!(world.has_event(|event| matches!(event, Event::GroupEmpty { generation: 2, .. })));
}

#[test]
fn an_idle_group_needs_one_timer_a_session() {
    let (mut world, id) = World::stable();
    let before = world.recorder.timers.len();
    for second in (6..600).step_by(3) {
        world.run_until(second * SECOND);
        world.heartbeat(101, &id, 1);
    }
    let timers = world.recorder.timers.len() - before;
    assert!(timers <= 600 / 40, "{timers} timers for 200 heartbeats");
}

#[test]
fn leaving_rebalances_at_once() {
    let (mut world, id) = World::stable();
    let left = world.ask(101, Request::LeaveGroup(Box::new(identity(&id, 1))));
    assert!(matches!(left, Some(Response::LeaveGroup(None))));
    assert_eq!(world.state(), "Empty");
    let again = world.ask(101, Request::LeaveGroup(Box::new(identity(&id, 1))));
    assert!(matches!(again, Some(Response::LeaveGroup(Some(ErrorCode::UnknownMemberId)))));
}

#[test]
fn a_static_member_returns_without_a_rebalance() {
    let mut world = World::new();
    assert!(world.ask(101, static_join("i1", None)).is_none(), "no id round trip, parked");
    world.run_until(3 * SECOND);
    let joined = world.joined(101);
    assert!(joined.member_id.starts_with("i1-"));
    let old = joined.member_id.clone();
    let request = SyncGroupRequest {
        group: GROUP.into(),
        generation: 1,
        member_id: old.clone(),
        group_instance_id: Some("i1".into()),
        protocol: None,
        assignments: vec![(old.clone(), vec![orders(0)])],
    };
    world.ask(101, Request::SyncGroup(Box::new(request.clone()))).unwrap();

    let Some(Response::JoinGroup(back)) = world.ask(102, static_join("i1", None)) else {
        panic!("answered at once")
    };
    assert_eq!((back.error, back.generation, back.skip_assignment), (None, 1, true));
    assert_ne!(back.member_id, old);
    assert_eq!(world.state(), "Stable");
    let request = SyncGroupRequest { member_id: back.member_id.clone(), ..request };
    let Some(Response::SyncGroup(synced)) = world.ask(102, Request::SyncGroup(Box::new(request)))
    else {
        panic!("answered at once")
    };
    assert_eq!(synced.assignment, [orders(0)]);

    let mut zombie = identity(&old, 1);
    zombie.group_instance_id = Some("i1".into());
    let fenced = world.ask(101, Request::Heartbeat(Box::new(zombie)));
    assert!(matches!(fenced, Some(Response::Heartbeat(Some(ErrorCode::FencedInstanceId)))));
}

#[test]
fn what_join_group_refuses() {
    let mut world = World::new();
    let stranger: MemberId = "c9-1".into();
    let error = |answer: Option<Response>| match answer {
        Some(Response::JoinGroup(joined)) => joined.error,
        other => panic!("{other:?}"),
    };
    let answer = world.ask(101, join_request(101, Some(&stranger)));
    assert_eq!(error(answer), Some(ErrorCode::UnknownMemberId));

    let Request::JoinGroup(mut join) = join_request(101, None) else { unreachable!() };
    join.session_timeout_ms = 5_999;
    let answer = world.ask(101, Request::JoinGroup(join.clone()));
    assert_eq!(error(answer), Some(ErrorCode::InvalidSessionTimeout));

    world.come(101);
    join.session_timeout_ms = 45_000;
    join.protocols[0].0 = "roundrobin".into();
    let answer = world.ask(102, Request::JoinGroup(join));
    assert_eq!(error(answer), Some(ErrorCode::InconsistentGroupProtocol));
}

#[test]
fn group_max_size() {
    let (mut world, _) = World::stable();
    let config = Properties::new().with("group.max.size", "1");
    world.coordinator.configure(&BrokerConfig::from_properties(&config).unwrap());
    let refused = world.join(102, None).unwrap();
    assert_eq!(refused.error, Some(ErrorCode::GroupMaxSizeReached));
}

#[test]
fn a_static_member_keeps_its_old_id_if_the_new_one_is_not_stored() {
    let mut world = World::new();
    world.ask(101, static_join("i1", None));
    world.run_until(3 * SECOND);
    let joined = world.joined(101);
    world.sync(101, &joined, Vec::new());
    let mut known = identity(&joined.member_id, 1);
    known.group_instance_id = Some("i1".into());
    world.log.refuses = Some(ErrorCode::NotEnoughReplicas);
    let Some(Response::JoinGroup(refused)) = world.ask(102, static_join("i1", None)) else {
        panic!("answered at once")
    };
    assert_eq!(refused.error, Some(ErrorCode::CoordinatorNotAvailable));
    let heartbeat = world.ask(101, Request::Heartbeat(Box::new(known)));
    assert!(matches!(heartbeat, Some(Response::Heartbeat(None))), "{heartbeat:?}");
}

#[test]
fn a_static_member_hears_of_its_return_when_the_log_has_it() {
    let mut world = World::new();
    world.ask(101, static_join("i1", None));
    world.run_until(3 * SECOND);
    let joined = world.joined(101);
    world.sync(101, &joined, Vec::new());
    world.commits_at_once = false;
    assert!(world.ask(102, static_join("i1", None)).is_none());
    world.commit_log(Ok(()));
    assert!(world.joined(102).skip_assignment);
}

#[test]
fn a_pending_member_that_expires_ends_an_initial_delay() {
    let config = Properties::new().with("group.initial.rebalance.delay.ms", "60000");
    let mut world = World::new();
    world.coordinator.configure(&BrokerConfig::from_properties(&config).unwrap());
    world.come(101);
    world.run_until(SECOND);
    world.join(102, None).unwrap();
    world.run_until(46 * SECOND - 1);
    assert!(world.answer(101).is_none());
    world.run_until(46 * SECOND);
    assert_eq!(world.joined(101).generation, 1, "all known members are there");
}

#[test]
fn a_new_group_is_in_the_log_before_it_has_members() {
    let mut world = World::new();
    world.join(101, None).unwrap();
    assert_eq!(world.log.batches.len(), 1);
    world.coordinator.reset();
    world.elect();
    assert_eq!(world.state(), "Empty");
}

/// A member's JoinGroup with these assignors, in order of preference.
fn voter(client: u16, member_id: Option<&MemberId>, assignors: &[&str]) -> Request {
    let Request::JoinGroup(mut join) = join_request(client, member_id) else { unreachable!() };
    let subscription = join.protocols[0].1.clone();
    join.protocols = assignors.iter().map(|&name| (name.into(), subscription.clone())).collect();
    Request::JoinGroup(join)
}

/// Which assignor a group of these members chooses.
fn elected(votes: &[&[&str]]) -> String {
    let mut world = World::new();
    for (client, assignors) in (101..).zip(votes) {
        let Some(Response::JoinGroup(refused)) = world.ask(client, voter(client, None, assignors))
        else {
            panic!("it is given an id")
        };
        let join = voter(client, Some(&refused.member_id), assignors);
        assert!(world.ask(client, join).is_none(), "parked");
    }
    world.run_until(20 * SECOND);
    world.joined(101).protocol.to_string()
}

#[test]
fn members_vote_for_an_assignor() {
    assert_eq!(
        elected(&[&["range", "sticky"], &["sticky", "range"], &["sticky", "range"]]),
        "sticky"
    );
    let votes: [&[&str]; 2] = [&["range", "cooperative-sticky"], &["cooperative-sticky"]];
    assert_eq!(elected(&votes), "cooperative-sticky", "only what all support");
    let votes: [&[&str]; 2] = [&["range", "sticky"], &["sticky", "range"]];
    assert_eq!(elected(&votes), "sticky", "one vote each: Java's HashMap has it first");
}

#[test]
fn a_sync_of_another_assignor_is_refused() {
    let mut world = World::new();
    world.come(101);
    world.run_until(3 * SECOND);
    let mut joined = world.joined(101);
    joined.protocol = "sticky".into();
    let synced = world.sync(101, &joined, Vec::new()).unwrap();
    assert_eq!(synced.error, Some(ErrorCode::InconsistentGroupProtocol));
}
