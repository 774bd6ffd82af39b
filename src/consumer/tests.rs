//! A consumer against a broker played by the test: one broker, one topic, one member, no latency.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::*;
use crate::config::{ClientLibrary, ConsumerConfig, Properties, Scope};
use crate::engine::{Micros, NodeId, Rng};
use crate::events::{CommitMode, Event, LossOfPartitions, PositionReason};
use crate::node::recorder::Recorder;
use crate::node::{Ctx, Node, NodeTimer};
use crate::protocol::*;
use crate::record::{Batch, BatchId, LoggedBatch, Record, RecordId};

mod assignors;
mod close;
mod commits;
mod consumer_membership;
mod cooperative;
mod fetching;
mod membership;
mod offset_store;
mod read_replica;
mod seek;
mod validation;

const SECOND: Micros = 1_000_000;
const ME: NodeId = NodeId(101);
const BROKER: NodeId = NodeId(1);

struct World {
    consumer: Consumer,
    recorder: Recorder,
    rng: Rng,
    now: Micros,
    broker: FakeBroker,
}

/// A broker that answers at once, but for long polls.
struct FakeBroker {
    logs: Vec<Vec<LoggedBatch>>,
    committed: BTreeMap<TopicPartition, i64>,
    generation: i32,
    assignment: Vec<TopicPartition>,
    /// What the fetch session holds.
    session: BTreeMap<TopicPartition, i64>,
    /// The long poll that waits: when it ends, its answer's envelope.
    parked: Option<(Micros, Envelope)>,
    /// Requests seen, but for Fetch.
    requests: Vec<Request>,
    fetches: u32,
    next_heartbeat: Option<ErrorCode>,
    /// What the next ConsumerGroupHeartbeat is told to own.
    next_assignment: Option<Vec<TopicPartition>>,
    next_commit: Vec<ErrorCode>,
    /// Requests of these APIs get no answer.
    silent_on_commit: bool,
    silent_on_join: bool,
    /// JoinGroup waits, as while the group waits for other members.
    parks_join: bool,
    parked_join: Option<Envelope>,
    /// The assignor that the group chooses.
    protocol: &'static str,
    /// Other members of the group.
    others: Vec<GroupMember>,
    /// Consumers are sent to this follower.
    follower: Option<NodeId>,
    /// Fetches that went to the follower.
    elsewhere: Vec<Envelope>,
    leader_epoch: i32,
    /// Epoch of the last record before what is committed.
    committed_epoch: i32,
    /// The next answers to OffsetForLeaderEpoch.
    epoch_ends: Vec<Result<EpochEnd, ErrorCode>>,
}

impl FakeBroker {
    fn answer(&mut self, request: &Request) -> Option<Response> {
        Some(match request {
            Request::Metadata => Response::Metadata(Arc::new(self.metadata())),
            Request::FindCoordinator(_) => {
                Response::FindCoordinator(FindCoordinatorResponse { coordinator: Ok(BROKER) })
            }
            Request::JoinGroup(_) if self.silent_on_join => return None,
            Request::JoinGroup(join) => Response::JoinGroup(Box::new(self.join(join))),
            Request::SyncGroup(sync) => {
                let mine = sync.assignments.iter().find(|(id, _)| *id == sync.member_id);
                self.assignment = mine.map(|(_, a)| a.clone()).unwrap();
                Response::SyncGroup(Box::new(SyncGroupResponse {
                    error: None,
                    protocol: None,
                    assignment: self.assignment.clone(),
                }))
            }
            Request::Heartbeat(_) => Response::Heartbeat(self.next_heartbeat.take()),
            Request::LeaveGroup(_) => Response::LeaveGroup(None),
            Request::ConsumerGroupHeartbeat(member) => {
                Response::ConsumerGroupHeartbeat(Box::new(ConsumerGroupHeartbeatResponse {
                    error: self.next_heartbeat.take(),
                    member_id: member.member_id.clone(),
                    member_epoch: self.generation,
                    heartbeat_interval_ms: 5000,
                    assignment: self.next_assignment.take(),
                }))
            }
            Request::OffsetCommit(_) if self.silent_on_commit => return None,
            Request::OffsetCommit(commit) => {
                let error = (!self.next_commit.is_empty()).then(|| self.next_commit.remove(0));
                if error.is_none() {
                    self.committed.extend(commit.offsets.iter().map(|&(tp, at)| (tp, at.offset)));
                }
                let partitions = commit.offsets.iter().map(|&(tp, _)| (tp, error)).collect();
                Response::OffsetCommit(Box::new(OffsetCommitResponse { partitions }))
            }
            Request::OffsetFetch(fetch) => {
                let leader_epoch = self.committed_epoch;
                let committed = |tp: &TopicPartition| {
                    let offset = self.committed.get(tp).copied();
                    (*tp, offset.map(|offset| OffsetAndEpoch { offset, leader_epoch }))
                };
                let partitions = fetch.partitions.iter().map(committed).collect();
                Response::OffsetFetch(Box::new(OffsetFetchResponse { error: None, partitions }))
            }
            Request::ListOffsets(list) => {
                let offset = |&(tp, spec): &(TopicPartition, OffsetSpec)| match spec {
                    OffsetSpec::Earliest => (tp, Ok(self.start(tp))),
                    OffsetSpec::Latest => (tp, Ok(self.end(tp))),
                    OffsetSpec::Timestamp(_) => (tp, Ok(-1)),
                };
                let partitions = list.partitions.iter().map(offset).collect();
                Response::ListOffsets(Box::new(ListOffsetsResponse { partitions }))
            }
            Request::OffsetForLeaderEpoch(ends) => {
                let end = |wanted: &OffsetForLeaderPartition| {
                    let fits = wanted.current_leader_epoch == self.leader_epoch;
                    assert!(fits, "{wanted:?}");
                    (wanted.tp, self.epoch_ends.remove(0))
                };
                let partitions = ends.partitions.iter().map(end).collect();
                let answer = OffsetForLeaderEpochResponse { partitions };
                Response::OffsetForLeaderEpoch(Box::new(answer))
            }
            other => panic!("a consumer never sends {other:?}"),
        })
    }

    fn metadata(&self) -> ClusterMetadata {
        let brokers: Vec<_> = [BROKER].into_iter().chain(self.follower).collect();
        let partition = PartitionMetadata {
            leader: Some(BROKER),
            leader_epoch: self.leader_epoch,
            replicas: brokers.clone(),
            isr: brokers.clone(),
        };
        let partitions = vec![partition; self.logs.len()];
        let name: Arc<str> = "orders".into();
        let topic = TopicMetadata { id: TopicId(1), name: name.clone(), partitions };
        let topics = [(name, topic)].into();
        ClusterMetadata { brokers, topics, ..ClusterMetadata::default() }
    }

    fn join(&mut self, request: &JoinGroupRequest) -> JoinGroupResponse {
        let known = request.member_id.is_some() || request.group_instance_id.is_some();
        let mine = request.protocols.iter().find(|(name, _)| **name == *self.protocol);
        let subscription = mine.map(|(_, subscription)| subscription.clone());
        let member_id: MemberId = request.member_id.clone().unwrap_or_else(|| "me-1".into());
        self.generation += i32::from(known);
        JoinGroupResponse {
            error: (!known).then_some(ErrorCode::MemberIdRequired),
            generation: self.generation,
            protocol: self.protocol.into(),
            leader: member_id.clone(),
            skip_assignment: false,
            members: std::iter::once(GroupMember {
                member_id: member_id.clone(),
                group_instance_id: None,
                subscription: subscription.unwrap_or_default(),
            })
            .chain(self.others.iter().cloned())
            .collect(),
            member_id,
        }
    }

    fn log(&self, tp: TopicPartition) -> &Vec<LoggedBatch> {
        &self.logs[usize::from(tp.partition)]
    }

    fn start(&self, tp: TopicPartition) -> i64 {
        self.log(tp).first().map_or(0, |batch| batch.base_offset)
    }

    fn end(&self, tp: TopicPartition) -> i64 {
        self.log(tp).last().map_or(0, LoggedBatch::next_offset)
    }

    /// `None`: nothing to say yet.
    fn fetch(&self) -> Option<FetchResponse> {
        let answer = |(&tp, &offset): (&TopicPartition, &i64)| {
            let error = (offset > self.end(tp) || offset < self.start(tp))
                .then_some(ErrorCode::OffsetOutOfRange);
            let wanted = |batch: &&LoggedBatch| error.is_none() && batch.next_offset() > offset;
            FetchPartitionResponse {
                tp,
                error,
                high_watermark: self.end(tp),
                last_stable_offset: self.end(tp),
                log_start_offset: self.start(tp),
                diverging_epoch: None,
                batches: match self.follower {
                    Some(_) => Vec::new(),
                    None => self.log(tp).iter().filter(wanted).cloned().collect(),
                },
                aborted: Vec::new(),
                current_leader: None,
                preferred_read_replica: self.follower,
            }
        };
        let has_news = |p: &FetchPartitionResponse| {
            p.error.is_some() || !p.batches.is_empty() || p.preferred_read_replica.is_some()
        };
        let partitions: Vec<_> = self.session.iter().map(answer).filter(has_news).collect();
        (!partitions.is_empty()).then_some(FetchResponse { error: None, partitions })
    }

    fn update_session(&mut self, request: &FetchRequest) {
        if request.session_epoch == 0 {
            self.session.clear();
        }
        if let Some(changes) = &request.changes {
            let moved = changes.partitions.iter().map(|p| (p.tp, p.fetch_offset));
            self.session.extend(moved);
            for tp in &changes.forgotten {
                self.session.remove(tp);
            }
        }
    }
}

fn spec(commit: CommitStrategy, processing_us: u64, config: Properties) -> ConsumerSpec {
    ConsumerSpec {
        name: "me".into(),
        group: "g".into(),
        topics: vec!["orders".into()],
        processing_us,
        commit,
        handler: None,
        client: ClientLibrary::Java,
        config: config.with("group.id", "g"),
    }
}

impl World {
    fn new(commit: CommitStrategy, processing_us: u64) -> Self {
        let config = Properties::new().with("auto.offset.reset", "earliest");
        Self::with(spec(commit, processing_us, config))
    }

    fn with(spec: ConsumerSpec) -> Self {
        let config = spec.client.in_java(Scope::Consumer, &spec.config).unwrap();
        let config = ConsumerConfig::from_properties(&config).unwrap();
        Self {
            consumer: Consumer::new(spec, config, vec![BROKER]),
            recorder: Recorder::default(),
            rng: Rng::stream(1, 101),
            now: 0,
            broker: FakeBroker {
                logs: vec![Vec::new(), Vec::new()],
                committed: BTreeMap::new(),
                generation: 0,
                assignment: Vec::new(),
                session: BTreeMap::new(),
                parked: None,
                requests: Vec::new(),
                fetches: 0,
                next_heartbeat: None,
                next_assignment: None,
                next_commit: Vec::new(),
                silent_on_commit: false,
                silent_on_join: false,
                parks_join: false,
                parked_join: None,
                protocol: "range",
                others: Vec::new(),
                follower: None,
                elsewhere: Vec::new(),
                leader_epoch: 0,
                committed_epoch: -1,
                epoch_ends: Vec::new(),
            },
        }
    }

    fn start(mut self) -> Self {
        self.turn(|consumer, ctx| consumer.on_start(ctx));
        self.run_until(self.now);
        self
    }

    fn turn(&mut self, turn: impl FnOnce(&mut Consumer, &mut Ctx<'_>)) {
        let consumer = &mut self.consumer;
        self.recorder.turn(self.now, ME, &mut self.rng, |ctx| turn(consumer, ctx));
    }

    /// A batch of `count` records at the end of a partition.
    fn append(&mut self, partition: u16, count: i64) {
        let base_offset = self.broker.end(orders(partition));
        let record = |index| Record {
            id: RecordId((base_offset + index) as u64),
            timestamp_ms: 0,
            key: None,
            value: None,
            headers: None,
        };
        let records = (0..count).map(record).collect();
        let batch = Arc::new(Batch { size_bytes: 100, ..Batch::plain(BatchId(0), records) });
        let leader_epoch = self.broker.leader_epoch;
        let logged = LoggedBatch { base_offset, leader_epoch, batch };
        self.broker.logs[usize::from(partition)].push(logged);
        if self.broker.parked.is_some() && self.broker.fetch().is_some() {
            self.end_long_poll();
        }
        self.run_until(self.now);
    }

    fn end_long_poll(&mut self) {
        let Some((_, request)) = self.broker.parked.take() else { return };
        let nothing = FetchResponse { error: None, partitions: Vec::new() };
        let answer = self.broker.fetch().unwrap_or(nothing);
        self.respond(request, Response::Fetch(answer));
    }

    fn respond(&mut self, request: Envelope, response: Response) {
        let Body::Request(correlation, _) = request.body else { return };
        let answer = Envelope {
            from: request.to,
            to: ME,
            body: Body::Response(correlation, response),
            sent_us: self.now,
            ..request
        };
        self.turn(|consumer, ctx| consumer.on_message(ctx, answer));
    }

    /// Delivers everything and fires timers up to `until`.
    fn run_until(&mut self, until: Micros) {
        loop {
            self.deliver();
            let timers = self.recorder.timers.iter().enumerate();
            let timer = timers
                .filter(|(_, (_, at, timer))| timer.is_some() && *at <= until)
                .min_by_key(|(_, (_, at, _))| *at)
                .map(|(index, (_, at, _))| (*at, index));
            let parked = self.broker.parked.as_ref().map(|(at, _)| *at).filter(|at| *at <= until);
            match (timer, parked) {
                (None, None) => break,
                (Some((at, index)), parked) if parked.is_none_or(|end| at <= end) => {
                    self.now = self.now.max(at);
                    let timer = self.recorder.timers[index].2.take();
                    if let Some(timer @ NodeTimer::Consumer(_)) = timer {
                        self.turn(|consumer, ctx| consumer.on_timer(ctx, timer));
                    }
                }
                (_, Some(at)) => {
                    self.now = self.now.max(at);
                    self.end_long_poll();
                }
                (Some(_), None) => unreachable!("covered by the guard"),
            }
        }
        self.now = until;
    }

    fn run_for(&mut self, span: Micros) {
        self.run_until(self.now + span);
    }

    fn deliver(&mut self) {
        while !self.recorder.sent.is_empty() {
            let envelope = self.recorder.sent.remove(0);
            let Body::Request(_, request) = &envelope.body else { continue };
            if let Request::Fetch(fetch) = request {
                if envelope.to != BROKER {
                    self.broker.elsewhere.push(envelope);
                    continue;
                }
                assert!(self.broker.parked.is_none(), "one outstanding fetch a broker");
                self.broker.fetches += 1;
                self.broker.update_session(fetch);
                let ends_us = self.now + u64::from(fetch.max_wait_ms) * 1000;
                self.broker.parked = Some((ends_us, envelope));
                if self.broker.fetch().is_some() {
                    self.end_long_poll();
                }
                continue;
            }
            self.broker.requests.push(request.clone());
            if matches!(request, Request::JoinGroup(_)) && self.broker.parks_join {
                self.broker.parked_join = Some(envelope);
                continue;
            }
            if let Some(response) = self.broker.answer(request) {
                let request = envelope.clone();
                self.respond(request, response);
            }
        }
    }

    /// The group is complete: the JoinGroup that was parked is answered.
    fn complete_group(&mut self) {
        let request = self.broker.parked_join.take().expect("a JoinGroup was parked");
        self.broker.parks_join = false;
        let Body::Request(_, body) = &request.body else { unreachable!() };
        let response = self.broker.answer(&body.clone()).expect("it is not silent");
        self.respond(request, response);
        self.run_until(self.now);
    }

    fn view(&self) -> crate::view::ConsumerView {
        self.consumer.view(self.now)
    }

    fn position(&self, partition: u16) -> Option<i64> {
        self.view().assignment.iter().find(|a| a.tp == orders(partition))?.position
    }

    fn committed(&self, partition: u16) -> Option<i64> {
        self.broker.committed.get(&orders(partition)).copied()
    }

    /// Offsets processed so far, in order.
    fn processed(&self) -> Vec<i64> {
        let processed = |(_, event): &(Micros, Event)| match event {
            Event::RecordProcessed { offset, .. } => Some(*offset),
            _ => None,
        };
        self.recorder.events.iter().filter_map(processed).collect()
    }

    fn count(&self, wanted: impl Fn(&Event) -> bool) -> usize {
        self.recorder.events.iter().filter(|(_, event)| wanted(event)).count()
    }

    fn has(&self, wanted: impl Fn(&Event) -> bool) -> bool {
        self.count(wanted) > 0
    }

    fn sent(&self, wanted: impl Fn(&Request) -> bool) -> usize {
        self.broker.requests.iter().filter(|request| wanted(request)).count()
    }
}

fn orders(partition: u16) -> TopicPartition {
    TopicPartition::new(TopicId(1), partition)
}

fn is_commit(request: &Request) -> bool {
    matches!(request, Request::OffsetCommit(_))
}
