//! group.protocol=consumer: one heartbeat for everything, and nobody stops for others.

use super::*;

fn world(instance: Option<&str>, commit: CommitStrategy, processing_us: u64) -> World {
    let mut config =
        Properties::new().with("group.protocol", "consumer").with("auto.offset.reset", "earliest");
    if let Some(instance) = instance {
        config = config.with("group.instance.id", instance);
    }
    let mut world = World::with(spec(commit, processing_us, config));
    world.broker.generation = 2;
    world.broker.next_assignment = Some(vec![orders(0), orders(1)]);
    world
}

impl World {
    fn heartbeats(&self) -> Vec<ConsumerGroupHeartbeatRequest> {
        let heartbeat = |request: &Request| match request {
            Request::ConsumerGroupHeartbeat(heartbeat) => Some((**heartbeat).clone()),
            _ => None,
        };
        self.broker.requests.iter().filter_map(heartbeat).collect()
    }
}

#[test]
fn the_first_heartbeat_says_everything_and_the_second_what_it_owns() {
    let mut world = world(None, CommitStrategy::Never, 0).start();
    let [join, acknowledgement] = world.heartbeats().try_into().expect("two heartbeats");
    assert_eq!((join.member_epoch, join.owned), (0, Some(Vec::new())));
    assert_eq!(join.topics, Some(vec!["orders".into()]));
    assert_eq!(join.rebalance_timeout_ms, Some(300_000));
    assert_eq!(join.member_id.len(), 22, "{}", join.member_id);
    assert_eq!(acknowledgement.member_epoch, 2);
    assert_eq!(acknowledgement.owned, Some(vec![orders(0), orders(1)]));
    assert_eq!((acknowledgement.topics, acknowledgement.rebalance_timeout_ms), (None, None));
    assert!(world.has(|event| matches!(
        event,
        Event::PartitionsAssigned { generation: 2, partitions, .. } if partitions.len() == 2
    )));
    // From then on as often as the coordinator says.
    world.run_until(12 * SECOND);
    let later = world.heartbeats().split_off(2);
    assert_eq!(later.len(), 2);
    assert_eq!(later[0].owned, None, "nothing has changed");
    assert_eq!(world.view().state, "stable");
}

#[test]
fn what_it_keeps_it_goes_on_reading() {
    let mut world = world(None, CommitStrategy::Auto, 0).start();
    world.append(0, 3);
    world.append(1, 2);
    assert_eq!((world.position(0), world.position(1)), (Some(3), Some(2)));
    world.broker.next_assignment = Some(vec![orders(0)]);
    world.run_until(5 * SECOND);
    assert_eq!((world.position(0), world.position(1)), (Some(3), None));
    assert_eq!(world.committed(1), Some(2), "committed before it went");
    assert!(world.has(|event| matches!(
        event,
        Event::PartitionsReleased { partitions, how: LossOfPartitions::Revoked, .. }
            if **partitions == [orders(1)]
    )));
    assert_eq!(world.heartbeats().last().unwrap().owned, Some(vec![orders(0)]), "said at once");
    world.append(0, 1);
    world.append(1, 1);
    assert_eq!(world.processed(), [0, 1, 2, 0, 1, 3]);
    // It comes back, and is read from where it was left.
    world.broker.generation = 3;
    world.broker.next_assignment = Some(vec![orders(0), orders(1)]);
    world.run_until(11 * SECOND);
    assert_eq!((world.position(0), world.position(1)), (Some(4), Some(3)));
}

#[test]
fn what_goes_is_read_no_longer_while_its_commit_is_awaited() {
    let mut world = world(None, CommitStrategy::Auto, 0).start();
    world.append(0, 1);
    world.append(1, 1);
    world.broker.silent_on_commit = true;
    world.broker.next_assignment = Some(vec![orders(0)]);
    world.run_until(5 * SECOND);
    assert_eq!(world.view().state, "reconciling");
    world.append(0, 1);
    world.append(1, 1);
    assert_eq!((world.position(0), world.position(1)), (Some(2), Some(1)));
}

#[test]
fn a_fenced_member_has_lost_its_partitions_and_joins_again() {
    let mut world = world(None, CommitStrategy::Never, 0).start();
    world.broker.next_heartbeat = Some(ErrorCode::FencedMemberEpoch);
    world.broker.next_assignment = None;
    world.run_until(5 * SECOND);
    assert!(world.has(|event| matches!(
        event,
        Event::PartitionsReleased { how: LossOfPartitions::Lost, .. }
    )));
    let heartbeats = world.heartbeats();
    let rejoin = heartbeats.iter().rev().find(|heartbeat| heartbeat.member_epoch == 0).unwrap();
    assert_eq!(rejoin.member_id, heartbeats[0].member_id, "it keeps its id");
    assert_eq!(rejoin.owned, Some(Vec::new()));
    assert_eq!(heartbeats.iter().filter(|heartbeat| heartbeat.member_epoch == 0).count(), 2);
}

#[test]
fn a_static_member_leaves_for_a_while_and_others_for_good() {
    for (instance, epoch) in [(None, -1), (Some("i1"), -2)] {
        let mut world = world(instance, CommitStrategy::Never, 0).start();
        world.turn(|consumer, ctx| consumer.on_close(ctx));
        world.run_for(0);
        let last = world.heartbeats().pop().unwrap();
        assert_eq!((last.member_epoch, last.instance_id.as_deref()), (epoch, instance));
        assert_eq!(world.recorder.exited, [ME]);
    }
}

#[test]
fn who_does_not_poll_leaves_and_comes_back() {
    let mut world = world(None, CommitStrategy::Auto, 400 * SECOND);
    world.append(0, 1);
    let mut world = world.start();
    world.run_until(301 * SECOND);
    assert!(world.has(|event| matches!(event, Event::PollIntervalExceeded)));
    assert_eq!(world.heartbeats().last().unwrap().member_epoch, -1);
    assert_eq!(world.view().state, "stale");
    world.run_until(401 * SECOND);
    assert!(world.has(|event| matches!(
        event,
        Event::PartitionsReleased { how: LossOfPartitions::Lost, .. }
    )));
    assert_eq!(world.view().state, "stable");
}

#[test]
fn an_instance_in_use_is_fatal() {
    let mut world = world(Some("i1"), CommitStrategy::Never, 0);
    world.broker.next_heartbeat = Some(ErrorCode::UnreleasedInstanceId);
    let world = world.start();
    assert!(world.has(|event| matches!(
        event,
        Event::PollFailed { exception } if &**exception == "UnreleasedInstanceIdException"
    )));
}
