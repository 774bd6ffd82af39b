//! Offsets expire, and groups with them: from when on they age, and what keeps them.

use super::consumer::request;
use super::*;

const MINUTE: Micros = 60 * SECOND;
const DAY: Micros = 24 * 60 * MINUTE;
/// A topic that no member of the group reads.
const MAILS: TopicPartition = TopicPartition { topic: TopicId(2), partition: 0 };

impl World {
    fn with_retention(mut self, minutes: u32) -> Self {
        let retention = ("offsets.retention.minutes", minutes.to_string());
        let properties = Properties::new().with(retention.0, &retention.1);
        let config = BrokerConfig::from_properties(&properties).unwrap();
        self.coordinator.configure(&config);
        let name = "mails".into();
        self.image.apply(&MetadataRecord::Topic { topic: MAILS.topic, name });
        let registration = PartitionRegistration::default();
        self.image.apply(&MetadataRecord::Partition { tp: MAILS, registration });
        self
    }

    fn leave(&mut self, id: &MemberId) {
        let left = self.ask(101, Request::LeaveGroup(Box::new(identity(id, 1))));
        assert!(matches!(left, Some(Response::LeaveGroup(None))));
    }

    fn commit_for(&mut self, tp: TopicPartition, member: MemberIdentity) {
        let position = OffsetAndEpoch { offset: 7, leader_epoch: 4 };
        let request = OffsetCommitRequest { member, offsets: vec![(tp, position)] };
        let answer = self.ask(101, Request::OffsetCommit(Box::new(request)));
        let Some(Response::OffsetCommit(answer)) = answer else { panic!("no answer") };
        assert_eq!(answer.partitions, [(tp, None)]);
    }

    /// Partitions with a committed offset.
    fn has(&self) -> Vec<TopicPartition> {
        let views = self.coordinator.views();
        views.iter().flat_map(|view| &view.committed).map(|&(tp, _)| tp).collect()
    }

    /// A member that lives on until then.
    fn live_until(&mut self, id: &MemberId, until: Micros) {
        while self.now < until {
            assert_eq!(self.heartbeat(101, id, 1), None);
            self.run_until(until.min(self.now + 30 * SECOND));
        }
    }

    fn load_again(&mut self) {
        self.coordinator.reset();
        self.recorder.timers.clear();
        self.elect();
    }
}

fn nobody(generation: i32) -> MemberIdentity {
    identity(&"".into(), generation)
}

#[test]
fn offsets_of_an_empty_group_expire_a_week_after_it_was_empty() {
    let (mut world, id) = World::stable();
    assert_eq!(world.commit(101, identity(&id, 1), 7), Some(None));
    world.live_until(&id, DAY);
    world.leave(&id);
    assert_eq!(world.state(), "Empty");
    // Looked for every ten minutes from the loading on.
    world.run_until(8 * DAY - 1);
    assert_eq!(world.has(), [orders(0)]);
    world.run_until(8 * DAY);
    assert!(world.has_event(|event| {
        matches!(event, Event::OffsetsExpired { partitions, .. } if **partitions == [orders(0)])
    }));
    assert!(world.has_event(|event| matches!(event, Event::GroupDeleted { .. })));
    assert!(world.coordinator.views().is_empty());
    assert!(world.recorder.pending().is_empty(), "nothing is left to look for");
    world.load_again();
    assert!(world.coordinator.views().is_empty(), "the log has the tombstones");
}

#[test]
fn another_coordinator_knows_since_when_a_group_is_empty() {
    let (mut world, id) = World::stable();
    assert_eq!(world.commit(101, identity(&id, 1), 7), Some(None));
    world.live_until(&id, DAY);
    world.leave(&id);
    world.run_until(5 * DAY);
    world.load_again();
    world.run_until(8 * DAY - 1);
    assert_eq!(world.has(), [orders(0)]);
    world.run_until(8 * DAY);
    assert!(world.has().is_empty());
}

#[test]
fn members_keep_the_offsets_of_what_they_subscribe_to() {
    let (world, id) = World::stable();
    let mut world = world.with_retention(15);
    world.commit_for(orders(0), identity(&id, 1));
    world.commit_for(MAILS, identity(&id, 1));
    world.live_until(&id, 20 * MINUTE - 1);
    assert_eq!(world.has(), [orders(0), MAILS]);
    world.live_until(&id, 20 * MINUTE);
    assert_eq!(world.has(), [orders(0)]);
    world.live_until(&id, 60 * MINUTE);
    assert_eq!(world.has(), [orders(0)]);
}

#[test]
fn commits_repeated_stay_young() {
    let (world, id) = World::stable();
    let mut world = world.with_retention(15);
    for minute in 1..60 {
        world.live_until(&id, minute * MINUTE);
        world.commit_for(MAILS, identity(&id, 1));
        if minute == 40 {
            world.load_again();
        }
    }
    assert_eq!(world.has(), [MAILS]);
}

#[test]
fn nothing_expires_while_a_group_rebalances() {
    let (world, id) = World::stable();
    let mut world = world.with_retention(1);
    world.commit_for(MAILS, identity(&id, 1));
    world.live_until(&id, 10 * MINUTE - 20 * SECOND);
    world.come(102);
    assert_eq!(world.state(), "PreparingRebalance");
    world.run_until(10 * MINUTE);
    assert_eq!((world.state(), world.has()), ("PreparingRebalance", vec![MAILS]));
}

#[test]
fn without_members_ever_offsets_age_since_their_commit() {
    let mut world = World::new().with_retention(15);
    world.commit_for(orders(0), nobody(-1));
    world.run_until(10 * MINUTE);
    world.commit_for(orders(1), nobody(-1));
    world.run_until(20 * MINUTE);
    assert_eq!(world.has(), [orders(1)]);
    world.load_again();
    assert_eq!(world.has(), [orders(1)]);
    world.run_until(30 * MINUTE);
    assert!(world.coordinator.views().is_empty());
}

#[test]
fn a_group_without_offsets_goes_at_the_next_look() {
    let (mut world, id) = World::stable();
    world.leave(&id);
    world.run_until(10 * MINUTE - 1);
    assert_eq!(world.state(), "Empty");
    world.run_until(10 * MINUTE);
    assert!(world.coordinator.views().is_empty());
}

#[test]
fn what_the_log_refuses_has_not_expired() {
    let mut world = World::new().with_retention(5);
    world.commit_for(orders(0), nobody(-1));
    world.log.refuses = Some(ErrorCode::NotEnoughReplicas);
    world.run_until(15 * MINUTE);
    assert_eq!(world.has(), [orders(0)]);
    world.log.refuses = None;
    world.run_until(20 * MINUTE);
    assert!(world.has().is_empty());
}

#[test]
fn consumer_groups_count_from_the_commit_even_when_they_are_empty() {
    let mut world = World::with_consumer().with_retention(15);
    world.commit_for(orders(0), identity(&"m101".into(), 2));
    world.commit_for(MAILS, identity(&"m101".into(), 2));
    while world.now < 20 * MINUTE {
        world.run_until(world.now + 30 * SECOND);
        world.beat(101, request(101, 2));
    }
    assert_eq!(world.has(), [orders(0)], "it reads orders, and not mails");
    assert_eq!(world.beat(101, request(101, -1)).error, None);
    world.run_until(30 * MINUTE);
    assert!(world.coordinator.views().is_empty(), "the commit was 30 minutes ago");
    world.load_again();
    assert!(world.coordinator.views().is_empty());
}
