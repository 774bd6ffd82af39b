//! Rebalances in which members keep what they have (KIP-429), and what assignors remember.

use super::*;

const ASSIGNORS: &str = "org.apache.kafka.clients.consumer";

fn with_assignors(processing_us: u64, protocol: &'static str, classes: &[&str]) -> World {
    let classes: Vec<String> = classes.iter().map(|class| format!("{ASSIGNORS}.{class}")).collect();
    let config = Properties::new()
        .with("auto.offset.reset", "earliest")
        .with("partition.assignment.strategy", classes.join(",").as_str());
    let mut world = World::with(spec(CommitStrategy::Auto, processing_us, config));
    world.broker.protocol = protocol;
    world
}

fn cooperative(processing_us: u64) -> World {
    with_assignors(processing_us, "cooperative-sticky", &["CooperativeStickyAssignor"])
}

fn other_member() -> GroupMember {
    GroupMember {
        member_id: "other".into(),
        group_instance_id: None,
        subscription: Subscription {
            topics: vec!["orders".into()],
            generation: -1,
            ..Subscription::default()
        },
    }
}

fn joins(world: &World) -> Vec<&JoinGroupRequest> {
    let join = |request: &'_ Request| matches!(request, Request::JoinGroup(_));
    let joins = world.broker.requests.iter().filter(|request| join(request));
    joins
        .map(|request| match request {
            Request::JoinGroup(join) => &**join,
            _ => unreachable!(),
        })
        .collect()
}

fn released(world: &World) -> Vec<(Vec<TopicPartition>, LossOfPartitions)> {
    let released = |(_, event): &(Micros, Event)| match event {
        Event::PartitionsReleased { partitions, how, .. } => Some((partitions.to_vec(), *how)),
        _ => None,
    };
    world.recorder.events.iter().filter_map(released).collect()
}

fn assigned(world: &World) -> Vec<Vec<TopicPartition>> {
    let assigned = |(_, event): &(Micros, Event)| match event {
        Event::PartitionsAssigned { partitions, .. } => Some(partitions.to_vec()),
        _ => None,
    };
    world.recorder.events.iter().filter_map(assigned).collect()
}

#[test]
fn a_member_gives_up_only_what_moves_and_joins_again() {
    let mut world = cooperative(0).start();
    world.append(0, 2);
    world.append(1, 2);
    assert_eq!(assigned(&world), [[orders(0), orders(1)]]);
    world.broker.others.push(other_member());
    world.broker.next_heartbeat = Some(ErrorCode::RebalanceInProgress);
    let before = joins(&world).len();
    world.run_until(3 * SECOND);
    assert_eq!(released(&world), [(vec![orders(1)], LossOfPartitions::Revoked)]);
    let new: Vec<_> = joins(&world).split_off(before);
    let told: Vec<_> = new
        .iter()
        .map(|join| (join.protocols[0].1.owned.clone(), join.protocols[0].1.generation))
        .collect();
    let expected = [(vec![orders(0), orders(1)], 1), (vec![orders(0)], 2)];
    assert_eq!(told, expected, "what it has, and since when");
    assert_eq!(world.view().generation, 3);
    assert_eq!(assigned(&world)[1..], [vec![], vec![]], "nothing new");
    assert_eq!(world.position(0), Some(2), "which it never let go of");
    assert_eq!(world.sent(|request| matches!(request, Request::OffsetFetch(_))), 1);
    world.append(0, 1);
    assert_eq!(world.processed(), [0, 1, 0, 1, 2]);
}

#[test]
fn a_member_reads_on_while_the_group_waits_for_others() {
    let mut world = cooperative(0).start();
    world.append(0, 1);
    world.broker.parks_join = true;
    world.broker.next_heartbeat = Some(ErrorCode::RebalanceInProgress);
    world.run_until(3 * SECOND);
    assert_eq!(world.view().state, "preparing");
    assert_eq!(world.committed(0), Some(1), "it has committed before");
    world.append(0, 1);
    assert_eq!(world.processed(), [0, 1]);
    world.complete_group();
    assert_eq!(world.view().state, "stable");
    assert_eq!(released(&world), []);
}

#[test]
fn an_eager_member_stands_still_meanwhile() {
    let mut world = World::new(CommitStrategy::Auto, 0).start();
    world.append(0, 1);
    world.broker.parks_join = true;
    world.broker.next_heartbeat = Some(ErrorCode::RebalanceInProgress);
    world.run_until(3 * SECOND);
    world.append(0, 1);
    assert_eq!(world.processed(), [0]);
    world.complete_group();
    assert_eq!(world.processed(), [0, 1]);
}

#[test]
fn the_answer_to_a_join_waits_for_poll() {
    let mut world = cooperative(10 * SECOND).start();
    world.broker.parks_join = true;
    world.broker.next_heartbeat = Some(ErrorCode::RebalanceInProgress);
    world.run_until(3 * SECOND);
    world.append(0, 1);
    world.complete_group();
    let syncs = |request: &Request| matches!(request, Request::SyncGroup(_));
    assert_eq!(world.sent(syncs), 1, "only that of the first generation");
    world.run_for(10 * SECOND - 1);
    assert_eq!((world.sent(syncs), world.view().state), (1, "preparing"));
    world.run_for(1);
    assert_eq!((world.sent(syncs), world.view().state), (2, "stable"));
}

#[test]
fn a_member_that_was_thrown_out_has_lost_all() {
    let mut world = cooperative(0).start();
    world.append(0, 1);
    world.broker.next_heartbeat = Some(ErrorCode::UnknownMemberId);
    world.run_until(3 * SECOND);
    assert_eq!(released(&world), [(vec![orders(0), orders(1)], LossOfPartitions::Lost)]);
    assert_eq!(joins(&world).last().unwrap().protocols[0].1.owned, []);
    assert_eq!(world.processed(), [0, 0]);
}

#[test]
fn an_unknown_member_that_joins_has_lost_all() {
    let mut world = cooperative(0).start();
    world.broker.parks_join = true;
    world.broker.next_heartbeat = Some(ErrorCode::RebalanceInProgress);
    world.run_until(3 * SECOND);
    let request = world.broker.parked_join.take().unwrap();
    let join = joins(&world)[0].clone();
    let error = Some(ErrorCode::UnknownMemberId);
    let refused = JoinGroupResponse { error, ..world.broker.join(&join) };
    world.broker.parks_join = false;
    world.respond(request, Response::JoinGroup(Box::new(refused)));
    world.run_until(3 * SECOND);
    assert_eq!(released(&world), [(vec![orders(0), orders(1)], LossOfPartitions::Lost)]);
    assert_eq!(world.view().state, "stable");
}

#[test]
fn one_eager_assignor_makes_the_member_eager() {
    let classes = ["RangeAssignor", "CooperativeStickyAssignor"];
    let mut world = with_assignors(0, "cooperative-sticky", &classes).start();
    world.broker.next_heartbeat = Some(ErrorCode::RebalanceInProgress);
    world.run_until(3 * SECOND);
    assert_eq!(released(&world), [(vec![orders(0), orders(1)], LossOfPartitions::Revoked)]);
    let join = joins(&world).pop().unwrap();
    let names: Vec<&str> = join.protocols.iter().map(|(name, _)| &**name).collect();
    assert_eq!(names, ["range", "cooperative-sticky"]);
    let data: Vec<_> = join.protocols.iter().map(|(_, it)| it.user_data.clone()).collect();
    assert_eq!(data, [None, Some(UserData::Generation(1))]);
}

#[test]
fn the_sticky_assignor_remembers_what_it_gave_up() {
    let mut world = with_assignors(0, "sticky", &["StickyAssignor"]).start();
    world.broker.next_heartbeat = Some(ErrorCode::UnknownMemberId);
    world.run_until(3 * SECOND);
    let joins = joins(&world);
    let told = |at: usize| (joins[at].protocols[0].1.clone(), joins[at].member_id.is_some());
    let (first, _) = told(0);
    assert_eq!((first.generation, first.user_data), (-1, None));
    let (last, is_known) = told(joins.len() - 2);
    assert_eq!((last.owned, last.generation, is_known), (vec![], -1, false));
    let partitions = vec![orders(0), orders(1)];
    assert_eq!(last.user_data, Some(UserData::Previous { partitions, generation: 1 }));
}

#[test]
fn an_assignor_that_nobody_asked_for_is_an_exception() {
    let world = with_assignors(0, "roundrobin", &["RangeAssignor"]).start();
    assert!(world.has(|event| matches!(
        event,
        Event::PollFailed { exception } if exception.ends_with("assignment protocol: roundrobin")
    )));
}
