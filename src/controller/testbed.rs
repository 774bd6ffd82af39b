//! A controller under test, with brokers that do what the test says and apply what they are sent.

use std::collections::BTreeMap;

use crate::config::{BrokerConfig, Features, Properties};
use crate::engine::{Micros, NodeId, Rng};
use crate::events::Event;
use crate::node::recorder::Recorder;
use crate::node::{ADMIN, CONTROLLER, Node};
use crate::protocol::{
    AdminRequest, Body, BrokerHeartbeatRequest, BrokerHeartbeatResponse, BrokerRegistrationRequest,
    Channel, Envelope, ErrorCode, MetadataRecord, PartitionRegistration, Request, Response,
    TopicId, TopicPartition,
};

use super::Controller;

pub const SECOND: Micros = 1_000_000;

pub fn ids(ids: &[u16]) -> Vec<NodeId> {
    ids.iter().copied().map(NodeId).collect()
}

pub struct Bed {
    pub controller: Controller,
    pub world: Recorder,
    pub now: Micros,
    rng: Rng,
    /// End of the log each broker has applied.
    pub applied: BTreeMap<u16, i64>,
    /// Brokers that nothing reaches.
    pub deaf: Vec<u16>,
    seen: usize,
}

impl Bed {
    pub fn new(config: &[(&str, &str)], expected_brokers: usize) -> Self {
        Self::with_features(config, expected_brokers, Features::default())
    }

    pub fn with_features(
        config: &[(&str, &str)],
        expected_brokers: usize,
        features: Features,
    ) -> Self {
        let config: Properties = config.iter().copied().collect();
        let config = BrokerConfig::from_properties(&config).expect("a valid config");
        let mut bed = Self {
            controller: Controller::new(config, features, 1, expected_brokers),
            world: Recorder::default(),
            now: 0,
            rng: Rng::stream(1, 0),
            applied: BTreeMap::new(),
            deaf: Vec::new(),
            seen: 0,
        };
        let Self { controller, world, rng, .. } = &mut bed;
        world.turn(0, CONTROLLER, rng, |ctx| controller.on_start(ctx));
        bed
    }

    /// The same controller at the same moment, in a world where no timer is set.
    pub fn fork(&self) -> Self {
        Self {
            controller: self.controller.clone(),
            world: Recorder::default(),
            rng: self.rng.clone(),
            applied: self.applied.clone(),
            deaf: self.deaf.clone(),
            seen: 0,
            ..*self
        }
    }

    /// A controller with these brokers in service.
    pub fn with_brokers(brokers: &[u16]) -> Self {
        let mut bed = Self::new(&[], 0);
        bed.join(brokers);
        bed
    }

    /// What the controller sent since the last look: updates are applied, the response returned.
    fn receive(&mut self) -> Option<Response> {
        let mut answer = None;
        for envelope in &self.world.sent[self.seen..] {
            match &envelope.body {
                Body::Response(_, response) => answer = Some(response.clone()),
                Body::Request(_, Request::MetadataUpdate(update)) => {
                    let applied = self.applied.entry(envelope.to.0).or_default();
                    if *applied >= update.from_offset && !self.deaf.contains(&envelope.to.0) {
                        *applied = (*applied).max(update.from_offset + update.records.len() as i64);
                    }
                }
                other => panic!("the controller sent {other:?}"),
            }
        }
        self.seen = self.world.sent.len();
        answer
    }

    pub fn request(&mut self, from: NodeId, request: Request) -> Option<Response> {
        let message = Envelope {
            from,
            to: CONTROLLER,
            channel: Channel::Control,
            connection: 0,
            sent_us: self.now,
            bytes: 0,
            cause: None,
            body: Body::Request(0, request),
        };
        let Self { controller, world, rng, now, .. } = self;
        world.turn(*now, CONTROLLER, rng, |ctx| controller.on_message(ctx, message));
        self.receive()
    }

    pub fn admin(&mut self, request: AdminRequest) -> Option<Result<(), (ErrorCode, String)>> {
        match self.request(ADMIN, Request::Admin(Box::new(request)))? {
            Response::Admin(response) => Some(response.result),
            other => panic!("{other:?}"),
        }
    }

    pub fn create(
        &mut self,
        name: &str,
        partitions: i32,
        replication_factor: i16,
    ) -> Result<(), (ErrorCode, String)> {
        self.admin(new_topic(name, partitions, replication_factor, &[])).expect("an answer")
    }

    /// A new process, after one that stopped in good order.
    pub fn register(&mut self, broker: u16, incarnation: u64) -> Result<i64, ErrorCode> {
        self.register_after(broker, incarnation, self.epoch(broker))
    }

    pub fn register_after(
        &mut self,
        broker: u16,
        incarnation: u64,
        previous_broker_epoch: i64,
    ) -> Result<i64, ErrorCode> {
        let metadata_offset = self.applied.get(&broker).copied().unwrap_or(0);
        let broker = NodeId(broker);
        let request = BrokerRegistrationRequest {
            broker,
            incarnation,
            rack: None,
            metadata_offset,
            previous_broker_epoch,
        };
        match self.request(broker, Request::BrokerRegistration(Box::new(request))) {
            Some(Response::BrokerRegistration(response)) => response.result,
            other => panic!("{other:?}"),
        }
    }

    pub fn epoch(&self, broker: u16) -> i64 {
        self.controller.image().broker(NodeId(broker)).map_or(-1, |b| b.broker_epoch)
    }

    pub fn heartbeat_with(
        &mut self,
        broker: u16,
        amend: impl FnOnce(&mut BrokerHeartbeatRequest),
    ) -> BrokerHeartbeatResponse {
        let mut request = BrokerHeartbeatRequest {
            broker: NodeId(broker),
            broker_epoch: self.epoch(broker),
            metadata_offset: self.applied.get(&broker).copied().unwrap_or(0),
            want_fence: false,
            want_shut_down: false,
        };
        amend(&mut request);
        match self.request(NodeId(broker), Request::BrokerHeartbeat(request)) {
            Some(Response::BrokerHeartbeat(response)) => response,
            other => panic!("{other:?}"),
        }
    }

    pub fn heartbeat(&mut self, broker: u16) -> BrokerHeartbeatResponse {
        self.heartbeat_with(broker, |_| {})
    }

    pub fn ask_to_stop(&mut self, broker: u16) -> BrokerHeartbeatResponse {
        self.heartbeat_with(broker, |request| request.want_shut_down = true)
    }

    pub fn join(&mut self, brokers: &[u16]) {
        for &broker in brokers {
            self.register(broker, u64::from(broker)).expect("registered");
            assert!(!self.heartbeat(broker).is_fenced);
        }
    }

    /// Lets time pass; `alive` brokers send a heartbeat every 2 s.
    pub fn run_until(&mut self, until_us: Micros, alive: &[u16]) {
        let mut next_heartbeat_us = self.now + 2 * SECOND;
        loop {
            let timer_us = self.world.pending().first().map_or(Micros::MAX, |&(at, _)| at);
            self.now = timer_us.min(next_heartbeat_us).min(until_us);
            if self.now == timer_us {
                self.fire();
            } else if self.now == next_heartbeat_us {
                next_heartbeat_us += 2 * SECOND;
                alive.iter().for_each(|&broker| {
                    self.heartbeat(broker);
                });
            } else {
                return;
            }
        }
    }

    fn fire(&mut self) {
        let now = self.now;
        let due = self.world.timers.iter_mut().find(|(_, at, t)| *at == now && t.is_some());
        let timer = due.and_then(|slot| slot.2.take()).expect("a timer");
        let Self { controller, world, rng, .. } = self;
        world.turn(now, CONTROLLER, rng, |ctx| controller.on_timer(ctx, timer));
        self.receive();
    }

    /// Writes a topic of one partition into the log, as if it had been created so.
    pub fn partition(&mut self, replicas: &[u16], isr: &[u16], leader: u16) -> TopicPartition {
        let topic = TopicId(self.controller.image().topics().len() as u16);
        let name = format!("t{}", topic.0).into();
        let tp = TopicPartition::new(topic, 0);
        let registration = PartitionRegistration {
            replicas: ids(replicas),
            isr: ids(isr),
            leader: (leader > 0).then_some(NodeId(leader)),
            ..PartitionRegistration::default()
        };
        self.controller.log.append(MetadataRecord::Topic { topic, name });
        self.controller.log.append(MetadataRecord::Partition { tp, registration });
        tp
    }

    pub fn set_unclean(&mut self, tp: TopicPartition) {
        let request = AdminRequest::AlterTopicConfig {
            topic: self.controller.image().topic(tp.topic).expect("a topic").name.clone(),
            key: "unclean.leader.election.enable".into(),
            value: Some("true".into()),
        };
        assert_eq!(self.admin(request), Some(Ok(())));
    }

    /// (leader or 0, ISR, leader epoch, partition epoch)
    pub fn state(&self, tp: TopicPartition) -> (u16, Vec<u16>, i32, i32) {
        let partition = self.controller.image().partition(tp).expect("a partition");
        let isr = partition.isr.iter().map(|n| n.0).collect();
        let leader = partition.leader.map_or(0, |n| n.0);
        (leader, isr, partition.leader_epoch, partition.partition_epoch)
    }

    /// ELR and last known leader.
    pub fn elr(&self, tp: TopicPartition) -> (Vec<u16>, Vec<u16>) {
        let partition = self.controller.image().partition(tp).expect("a partition");
        let numbers = |nodes: &[NodeId]| nodes.iter().map(|n| n.0).collect();
        (numbers(&partition.elr), numbers(&partition.last_known_elr))
    }

    /// When the broker was fenced, the last time.
    pub fn fenced_at_us(&self, broker: u16) -> Option<Micros> {
        let is_it =
            |event: &Event| matches!(event, Event::BrokerFenced { broker: b } if b.0 == broker);
        self.world.events.iter().rev().find(|(_, event)| is_it(event)).map(|&(at, _)| at)
    }
}

pub fn new_topic(
    name: &str,
    partitions: i32,
    replication_factor: i16,
    configs: &[(&str, &str)],
) -> AdminRequest {
    let configs = configs.iter().map(|&(k, v)| (k.into(), v.into())).collect();
    AdminRequest::CreateTopic { name: name.into(), partitions, replication_factor, configs }
}
