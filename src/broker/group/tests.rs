//! The coordinator with a log that commits on demand: members are played by the tests.

use std::sync::Arc;

use super::*;
use crate::broker::RequestToken;
use crate::broker::internal_topic::test_log::TestLog;
use crate::config::{BrokerConfig, Properties};
use crate::engine::{Micros, NodeId, Rng};
use crate::events::{ConsumerExit, Event};
use crate::metadata::MetadataImage;
use crate::node::NodeTimer;
use crate::node::recorder::Recorder;
use crate::protocol::*;
use crate::record::{Batch, LoggedBatch};

mod consumer;
mod expiry;
mod lifecycle;
mod membership;
mod offsets;
mod transactional;

const GROUP: &str = "g";
const SECOND: Micros = 1_000_000;

struct World {
    coordinator: GroupCoordinator,
    image: MetadataImage,
    log: TestLog,
    recorder: Recorder,
    rng: Rng,
    now: Micros,
    requests: u64,
    /// Appends are committed as soon as they are made.
    commits_at_once: bool,
    answers: Vec<(RequestToken, Response)>,
}

impl World {
    fn new() -> Self {
        let config = BrokerConfig::from_properties(&Properties::new()).unwrap();
        let mut image = MetadataImage::default();
        let registration = PartitionRegistration {
            replicas: vec![NodeId(1)],
            isr: vec![NodeId(1)],
            leader: Some(NodeId(1)),
            leader_epoch: 0,
            partition_epoch: 0,
            ..PartitionRegistration::default()
        };
        image.apply(&MetadataRecord::Broker {
            broker: NodeId(1),
            registration: BrokerRegistration {
                rack: None,
                broker_epoch: 0,
                fenced: false,
                in_controlled_shutdown: false,
            },
        });
        for (topic, name, partitions) in [(0, CONSUMER_OFFSETS, 50), (1, "orders", 4)] {
            let topic = TopicId(topic);
            image.apply(&MetadataRecord::Topic { topic, name: name.into() });
            for tp in partitions_of(topic, partitions) {
                let registration = registration.clone();
                image.apply(&MetadataRecord::Partition { tp, registration });
            }
        }
        let mut world = Self {
            coordinator: GroupCoordinator::new(NodeId(1), &config),
            image,
            log: TestLog::default(),
            recorder: Recorder::default(),
            rng: Rng::stream(1, 1),
            now: 0,
            requests: 0,
            commits_at_once: true,
            answers: Vec::new(),
        };
        world.elect();
        world
    }

    fn log_partition() -> TopicPartition {
        TopicPartition::new(TopicId(0), partition_for(GROUP, 50))
    }

    fn elect(&mut self) {
        let Self { coordinator, image, log, .. } = self;
        let batches = log.batches.clone();
        self.recorder.turn(self.now, NodeId(1), &mut self.rng, |ctx| {
            coordinator.on_elected(ctx, Self::log_partition(), &batches, image);
        });
    }

    /// A request of `client`; what is answered at once.
    fn ask(&mut self, client: u16, request: Request) -> Option<Response> {
        self.requests += 1;
        let token = RequestToken {
            client: NodeId(client),
            channel: Channel::Coordinator,
            number: self.requests,
        };
        let Self { coordinator, image, log, .. } = self;
        self.recorder.turn(self.now, NodeId(1), &mut self.rng, |ctx| {
            coordinator.handle(ctx, token, request, image, log);
        });
        self.collect();
        if self.commits_at_once {
            self.commit_log(Ok(()));
        }
        let index = self.answers.iter().position(|(to, _)| *to == token)?;
        Some(self.answers.remove(index).1)
    }

    /// Everything appended is committed (or lost).
    fn commit_log(&mut self, result: Result<(), ErrorCode>) {
        for token in std::mem::take(&mut self.log.open) {
            let coordinator = &mut self.coordinator;
            self.recorder.turn(self.now, NodeId(1), &mut self.rng, |ctx| {
                coordinator.on_append_done(ctx, token, result);
            });
        }
        self.collect();
    }

    fn collect(&mut self) {
        let replies = self.coordinator.take_replies();
        self.answers.extend(replies.into_iter().map(|(token, response, _)| (token, response)));
    }

    /// An answer to `client` that came later than its request.
    fn answer(&mut self, client: u16) -> Option<Response> {
        let index = self.answers.iter().position(|(to, _)| to.client == NodeId(client))?;
        Some(self.answers.remove(index).1)
    }

    /// Lets time pass; timers fire.
    fn run_until(&mut self, until: Micros) {
        loop {
            let due = self
                .recorder
                .timers
                .iter()
                .enumerate()
                .filter(|(_, (_, at, timer))| timer.is_some() && *at <= until)
                .min_by_key(|(_, (_, at, _))| *at)
                .map(|(index, _)| index);
            let Some(index) = due else { break };
            let (_, at, timer) = &mut self.recorder.timers[index];
            let (at, timer) = (*at, timer.take());
            self.now = self.now.max(at);
            let Some(NodeTimer::Broker(timer)) = timer else { continue };
            let Self { coordinator, image, log, .. } = self;
            self.recorder.turn(self.now, NodeId(1), &mut self.rng, |ctx| {
                coordinator.on_timer(ctx, timer, image, log);
            });
            self.collect();
            if self.commits_at_once {
                self.commit_log(Ok(()));
            }
        }
        self.now = until;
    }

    fn state(&self) -> &'static str {
        self.coordinator.views()[0].state
    }

    fn has_event(&self, wanted: impl Fn(&Event) -> bool) -> bool {
        self.recorder.events.iter().any(|(_, event)| wanted(event))
    }

    // ---- members ----

    fn join(&mut self, client: u16, member_id: Option<&MemberId>) -> Option<JoinGroupResponse> {
        match self.ask(client, join_request(client, member_id)) {
            Some(Response::JoinGroup(joined)) => Some(*joined),
            None => None,
            Some(other) => panic!("{other:?}"),
        }
    }

    /// A new member asks for its id and is parked with it.
    fn come(&mut self, client: u16) -> MemberId {
        let refused = self.join(client, None).unwrap();
        assert_eq!(refused.error, Some(ErrorCode::MemberIdRequired));
        assert!(self.join(client, Some(&refused.member_id)).is_none(), "parked");
        refused.member_id
    }

    fn joined(&mut self, client: u16) -> JoinGroupResponse {
        match self.answer(client) {
            Some(Response::JoinGroup(joined)) => *joined,
            other => panic!("{other:?}"),
        }
    }

    fn sync(
        &mut self,
        client: u16,
        joined: &JoinGroupResponse,
        assignments: Vec<(MemberId, Vec<TopicPartition>)>,
    ) -> Option<SyncGroupResponse> {
        let request = SyncGroupRequest {
            group: GROUP.into(),
            generation: joined.generation,
            member_id: joined.member_id.clone(),
            group_instance_id: None,
            protocol: Some(joined.protocol.clone()),
            assignments,
        };
        match self.ask(client, Request::SyncGroup(Box::new(request))) {
            Some(Response::SyncGroup(synced)) => Some(*synced),
            None => None,
            Some(other) => panic!("{other:?}"),
        }
    }

    fn heartbeat(&mut self, client: u16, id: &MemberId, generation: i32) -> Option<ErrorCode> {
        match self.ask(client, Request::Heartbeat(Box::new(identity(id, generation)))) {
            Some(Response::Heartbeat(error)) => error,
            other => panic!("{other:?}"),
        }
    }

    fn commit(
        &mut self,
        client: u16,
        member: MemberIdentity,
        offset: i64,
    ) -> Option<Option<ErrorCode>> {
        let position = OffsetAndEpoch { offset, leader_epoch: 4 };
        let request = OffsetCommitRequest { member, offsets: vec![(orders(0), position)] };
        match self.ask(client, Request::OffsetCommit(Box::new(request))) {
            Some(Response::OffsetCommit(answer)) => Some(answer.partitions[0].1),
            None => None,
            Some(other) => panic!("{other:?}"),
        }
    }

    /// The committed offset; its epoch came along.
    fn committed(&mut self) -> Option<i64> {
        let request = OffsetFetchRequest {
            group: GROUP.into(),
            partitions: vec![orders(0)],
            require_stable: false,
        };
        match self.ask(199, Request::OffsetFetch(Box::new(request))) {
            Some(Response::OffsetFetch(answer)) => answer.partitions[0].1.map(|position| {
                assert_eq!(position.leader_epoch, 4);
                position.offset
            }),
            other => panic!("{other:?}"),
        }
    }

    /// A stable group of one member, client 101, with all partitions.
    fn stable() -> (Self, MemberId) {
        let mut world = Self::new();
        let id = world.come(101);
        world.run_until(3 * SECOND);
        let joined = world.joined(101);
        let all = partitions_of(TopicId(1), 4).collect();
        let synced = world.sync(101, &joined, vec![(id.clone(), all)]).unwrap();
        assert_eq!(synced.assignment.len(), 4);
        assert_eq!(world.state(), "Stable");
        (world, id)
    }
}

fn orders(partition: u16) -> TopicPartition {
    TopicPartition::new(TopicId(1), partition)
}

fn identity(id: &MemberId, generation: i32) -> MemberIdentity {
    MemberIdentity {
        group: GROUP.into(),
        generation,
        member_id: id.clone(),
        group_instance_id: None,
    }
}

fn join_request(client: u16, member_id: Option<&MemberId>) -> Request {
    let subscription =
        Subscription { topics: vec!["orders".into()], generation: -1, ..Subscription::default() };
    Request::JoinGroup(Box::new(JoinGroupRequest {
        group: GROUP.into(),
        member_id: member_id.cloned(),
        group_instance_id: None,
        client_id: format!("c{client}").into(),
        session_timeout_ms: 45_000,
        rebalance_timeout_ms: 300_000,
        protocols: vec![("range".into(), subscription)],
    }))
}
