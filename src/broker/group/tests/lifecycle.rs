//! Generations: the initial delay, joins, syncs, and what fails on the way.

use super::*;

#[test]
fn the_first_generation_waits_three_seconds() {
    let mut world = World::new();
    let id = world.come(101);
    assert!(id.starts_with("c101-") && id.len() == "c101-".len() + 36);
    world.run_until(3 * SECOND - 1);
    assert!(world.answer(101).is_none());
    assert_eq!(world.state(), "PreparingRebalance");
    world.run_until(3 * SECOND);
    let joined = world.joined(101);
    assert_eq!((joined.error, joined.generation, &*joined.protocol), (None, 1, "range"));
    assert_eq!(joined.leader, id);
    assert_eq!(joined.members.len(), 1);
    assert_eq!(world.state(), "CompletingRebalance");
}

#[test]
fn a_second_member_extends_the_initial_delay() {
    let mut world = World::new();
    world.come(101);
    world.run_until(2 * SECOND);
    world.come(102);
    world.run_until(5 * SECOND);
    assert!(world.answer(101).is_none(), "another 3 s since a member came");
    world.run_until(6 * SECOND);
    assert_eq!(world.joined(101).members.len(), 2);
    let follower = world.joined(102);
    assert_eq!(follower.generation, 1);
    assert!(follower.members.is_empty(), "only the leader gets the list");
}

#[test]
fn a_pending_member_does_not_block_the_initial_delay_but_a_later_join() {
    let mut world = World::new();
    let id = world.come(101);
    world.join(102, None).unwrap();
    world.run_until(3 * SECOND);
    let joined = world.joined(101);
    world.sync(101, &joined, Vec::new()).unwrap();
    // The leader rejoins, but 102 has an id and does not come back with it.
    assert!(world.join(101, Some(&id)).is_none());
    world.run_until(44 * SECOND);
    assert!(world.answer(101).is_none());
    world.run_until(45 * SECOND);
    assert_eq!(world.joined(101).generation, 2, "pending member expired with its session");
}

#[test]
fn a_rebalance_completes_when_all_have_rejoined() {
    let (mut world, first) = World::stable();
    let second = world.come(102);
    assert_eq!(world.state(), "PreparingRebalance");
    let told = world.heartbeat(101, &first, 1);
    assert_eq!(told, Some(ErrorCode::RebalanceInProgress));
    let leader = world.join(101, Some(&first)).expect("nobody is missing any more");
    let follower = world.joined(102);
    assert_eq!((leader.generation, follower.generation), (2, 2));
    assert_eq!(leader.leader, first);
    // The follower's sync is parked until the leader's assignment is committed.
    assert!(world.sync(102, &follower, Vec::new()).is_none());
    world.commits_at_once = false;
    let assignments =
        vec![(first, vec![orders(0), orders(1)]), (second, vec![orders(2), orders(3)])];
    assert!(world.sync(101, &leader, assignments).is_none());
    assert_eq!(world.state(), "CompletingRebalance");
    world.commit_log(Ok(()));
    assert_eq!(world.state(), "Stable");
    let Some(Response::SyncGroup(synced)) = world.answer(102) else { panic!("no answer") };
    assert_eq!(synced.assignment, [orders(2), orders(3)]);
    assert!(world.has_event(|event| matches!(
        event,
        Event::GroupStable { generation: 2, assignment, .. }
            if assignment[0] == ("c101".into(), vec![orders(0), orders(1)])
    )));
}

#[test]
fn who_does_not_rejoin_is_out_after_the_rebalance_timeout() {
    let (mut world, first) = World::stable();
    world.come(102);
    for second in (6..303).step_by(3) {
        world.run_until(second * SECOND);
        world.heartbeat(101, &first, 1);
    }
    world.run_until(303 * SECOND);
    assert_eq!(world.joined(102).generation, 2);
    assert!(world.has_event(|event| matches!(
        event,
        Event::MemberRemoved { member: NodeId(101), exit: ConsumerExit::RebalanceTimeout, .. }
    )));
    assert_eq!(world.heartbeat(101, &first, 1), Some(ErrorCode::UnknownMemberId));
}

#[test]
fn who_never_syncs_is_out() {
    let mut world = World::new();
    world.come(101);
    let second = world.come(102);
    world.run_until(6 * SECOND);
    let leader = world.joined(101);
    world.joined(102);
    world.sync(101, &leader, Vec::new()).unwrap();
    for at in (9..306).step_by(3) {
        world.run_until(at * SECOND);
        world.heartbeat(101, &leader.member_id, 1);
        world.heartbeat(102, &second, 1);
    }
    world.run_until(306 * SECOND);
    assert_eq!(world.state(), "PreparingRebalance");
    assert_eq!(world.heartbeat(102, &second, 1), Some(ErrorCode::UnknownMemberId));
}

#[test]
fn an_assignment_that_cannot_be_stored_starts_over() {
    let mut world = World::new();
    world.come(101);
    world.run_until(3 * SECOND);
    let joined = world.joined(101);
    world.log.refuses = Some(ErrorCode::NotEnoughReplicas);
    let synced = world.sync(101, &joined, Vec::new()).unwrap();
    assert_eq!(synced.error, Some(ErrorCode::CoordinatorNotAvailable));
    assert_eq!(world.state(), "PreparingRebalance");
}

#[test]
fn the_state_table_of_heartbeat_sync_and_commit() {
    use ErrorCode::*;
    let mut world = World::new();
    let nobody: MemberId = "nobody".into();
    assert_eq!(world.heartbeat(101, &nobody, 0), Some(UnknownMemberId), "no such group");
    assert_eq!(world.commit(101, identity(&nobody, 3), 1), Some(Some(GroupIdNotFound)));
    assert_eq!(world.commit(101, identity(&"".into(), -1), 1), Some(None), "simple consumer");
    assert_eq!(world.state(), "Empty");
    assert_eq!(world.heartbeat(101, &nobody, 0), Some(UnknownMemberId));

    let id = world.come(101);
    let early = JoinGroupResponse { generation: 0, ..parked(&id) };
    assert_eq!(world.sync(101, &early, Vec::new()).unwrap().error, Some(RebalanceInProgress));
    assert_eq!(world.commit(101, identity(&"".into(), -1), 1), Some(Some(UnknownMemberId)));
    world.run_until(3 * SECOND);

    let joined = world.joined(101);
    assert_eq!(world.state(), "CompletingRebalance");
    assert_eq!(world.heartbeat(101, &id, 1), None);
    assert_eq!(world.heartbeat(101, &id, 2), Some(IllegalGeneration));
    assert_eq!(world.commit(101, identity(&id, 1), 1), Some(Some(RebalanceInProgress)));
    world.sync(101, &joined, Vec::new()).unwrap();

    assert_eq!(world.state(), "Stable");
    assert_eq!(world.heartbeat(101, &id, 1), None);
    assert_eq!(world.commit(101, identity(&id, 1), 5), Some(None));
    assert_eq!(world.commit(101, identity(&id, 0), 5), Some(Some(IllegalGeneration)));
    assert_eq!(world.sync(101, &joined, Vec::new()).unwrap().error, None, "again, at once");

    world.come(102);
    assert_eq!(world.heartbeat(101, &id, 1), Some(RebalanceInProgress));
    assert_eq!(world.commit(101, identity(&id, 1), 6), Some(None), "old generation may commit");
    assert_eq!(world.sync(101, &joined, Vec::new()).unwrap().error, Some(RebalanceInProgress));
}

fn parked(id: &MemberId) -> JoinGroupResponse {
    JoinGroupResponse {
        error: None,
        generation: 0,
        protocol: "".into(),
        leader: id.clone(),
        skip_assignment: false,
        member_id: id.clone(),
        members: Vec::new(),
    }
}
