//! A world of two brokers that a test plays by hand.

use std::sync::Arc;

use crate::config::{ProducerConfig, Properties};
use crate::engine::{Micros, NodeId, Rng};
use crate::events::Event;
use crate::node::recorder::Recorder;
use crate::node::{Ctx, Node};
use crate::producer::{Keys, ManualRecord, Pace, Producer, ProducerSpec, Workload};
use crate::protocol::{
    Body, Channel, ClusterMetadata, Envelope, ErrorCode, InitProducerIdResponse, PartitionMetadata,
    ProducePartitionResponse, ProduceRequest, ProduceResponse, Request, Response, TopicId,
    TopicMetadata,
};
use crate::record::Batch;

const ME: NodeId = NodeId(101);
pub const MS: Micros = 1000;

/// A producer and all it did.
pub struct World {
    pub recorder: Recorder,
    pub producer: Producer,
    pub now: Micros,
    /// Leaders by partition, as the brokers tell.
    pub leaders: Vec<(Option<NodeId>, i32)>,
    /// Brokers nobody listens at.
    pub dead: Vec<NodeId>,
    /// Produce requests to be answered by the test.
    pub requests: Vec<Envelope>,
    rng: Rng,
    seen: usize,
}

pub fn spec(pace: Pace) -> ProducerSpec {
    ProducerSpec {
        name: Arc::from("shop"),
        topic: Arc::from("orders"),
        workload: Workload {
            pace,
            keys: Keys::None,
            value_bytes: 100,
            limit: None,
            partition: Some(0),
            compression_ratios: Default::default(),
            transactions: Default::default(),
        },
        client: Default::default(),
        config: Properties::default(),
    }
}

pub fn config(set: &[(&str, &str)]) -> ProducerConfig {
    let mut properties = Properties::new();
    for (name, value) in set {
        properties = properties.with(*name, *value);
    }
    ProducerConfig::from_properties(&properties).expect("a config Kafka accepts")
}

impl World {
    /// A producer that is not started, two partitions led by brokers 1 and 2.
    pub fn new(pace: Pace, set: &[(&str, &str)]) -> Self {
        let brokers = vec![NodeId(1), NodeId(2)];
        Self {
            recorder: Recorder::default(),
            producer: Producer::new(spec(pace), config(set), brokers),
            now: 0,
            leaders: vec![(Some(NodeId(1)), 0), (Some(NodeId(2)), 0)],
            dead: Vec::new(),
            requests: Vec::new(),
            rng: Rng::stream(7, 7),
            seen: 0,
        }
    }

    /// The same, started and with metadata.
    pub fn started(pace: Pace, set: &[(&str, &str)]) -> Self {
        let mut world = Self::new(pace, set);
        world.turn(|producer, ctx| producer.on_start(ctx));
        world
    }

    pub fn turn(&mut self, turn: impl FnOnce(&mut Producer, &mut Ctx<'_>)) {
        let producer = &mut self.producer;
        self.recorder.turn(self.now, ME, &mut self.rng, |ctx| turn(producer, ctx));
        self.answer_small();
    }

    fn deliver(&mut self, from: NodeId, body: Body) {
        let message = Envelope {
            from,
            to: ME,
            channel: Channel::Data,
            connection: crate::protocol::ANY_CONNECTION,
            sent_us: self.now,
            bytes: 0,
            cause: None,
            body,
        };
        self.turn(|producer, ctx| producer.on_message(ctx, message));
    }

    /// Dead brokers break connections, live ones answer everything but Produce.
    fn answer_small(&mut self) {
        while let Some(envelope) = self.recorder.sent.get(self.seen).cloned() {
            self.seen += 1;
            let Body::Request(correlation, request) = &envelope.body else { continue };
            if self.dead.contains(&envelope.to) {
                self.deliver(envelope.to, Body::Disconnected);
                continue;
            }
            let response = match request {
                Request::Metadata => Response::Metadata(Arc::new(self.metadata())),
                Request::InitProducerId(None) => Response::InitProducerId(InitProducerIdResponse {
                    error: None,
                    producer_id: 9,
                    producer_epoch: 0,
                }),
                _ => {
                    self.requests.push(envelope);
                    continue;
                }
            };
            self.deliver(envelope.to, Body::Response(*correlation, response));
        }
    }

    fn metadata(&self) -> ClusterMetadata {
        let name: Arc<str> = Arc::from("orders");
        let partitions = self.leaders.iter().map(|&(leader, leader_epoch)| PartitionMetadata {
            leader,
            leader_epoch,
            replicas: Vec::new(),
            isr: Vec::new(),
        });
        let topic =
            TopicMetadata { id: TopicId(3), name: name.clone(), partitions: partitions.collect() };
        let topics = if self.leaders.is_empty() { [].into() } else { [(name, topic)].into() };
        let brokers = vec![NodeId(1), NodeId(2)];
        ClusterMetadata { brokers, topics, ..ClusterMetadata::default() }
    }

    /// Time passes up to and including `at`, timers fire.
    pub fn advance_to(&mut self, at: Micros) {
        loop {
            let timers = self.recorder.timers.iter_mut();
            let due = timers.filter(|(_, us, timer)| timer.is_some() && *us <= at);
            let Some((_, us, timer)) = due.min_by_key(|(_, us, _)| *us) else { break };
            self.now = self.now.max(*us);
            let timer = timer.take().expect("a timer that is set");
            self.turn(|producer, ctx| producer.on_timer(ctx, timer));
        }
        self.now = at;
    }

    /// Sends a record of so many bytes to a partition.
    pub fn send(&mut self, partition: u16, bytes: usize) {
        let record = ManualRecord {
            partition: Some(partition),
            value: Some(vec![0; bytes].into()),
            ..ManualRecord::default()
        };
        self.turn(|producer, ctx| producer.send_manual(ctx, record));
    }

    /// The oldest unanswered Produce request.
    pub fn next_request(&mut self) -> Envelope {
        assert!(!self.requests.is_empty(), "no Produce request was sent");
        self.requests.remove(0)
    }

    /// A broker answers a Produce request alike for all partitions.
    pub fn answer(&mut self, request: &Envelope, error: Option<ErrorCode>) {
        self.answer_with(request, error, None);
    }

    /// The same, naming a new leader.
    pub fn answer_with(
        &mut self,
        request: &Envelope,
        error: Option<ErrorCode>,
        current_leader: Option<(NodeId, i32)>,
    ) {
        let Body::Request(correlation, _) = request.body else { unreachable!() };
        let partitions = produce(request).batches.iter().map(|(tp, _)| ProducePartitionResponse {
            tp: *tp,
            error,
            base_offset: if error.is_none() { 100 } else { -1 },
            current_leader,
        });
        let response = ProduceResponse { partitions: partitions.collect() };
        let response = Response::Produce(Box::new(response));
        self.deliver(request.to, Body::Response(correlation, response));
    }

    /// A broker's process is killed.
    pub fn kill(&mut self, broker: NodeId) {
        self.dead.push(broker);
        self.requests.retain(|request| request.to != broker);
        self.deliver(broker, Body::Disconnected);
    }

    /// What was emitted, filtered.
    pub fn events<T>(&self, pick: impl Fn(&Event) -> Option<T>) -> Vec<(Micros, T)> {
        let events = self.recorder.events.iter();
        events.filter_map(|(at, event)| pick(event).map(|picked| (*at, picked))).collect()
    }

    /// When batches were sent, and to whom.
    pub fn sent(&self) -> Vec<(Micros, NodeId)> {
        self.events(|event| match event {
            Event::BatchSent { to, .. } => Some(*to),
            _ => None,
        })
    }
}

/// What a Produce request carries.
pub fn produce(envelope: &Envelope) -> &ProduceRequest {
    match &envelope.body {
        Body::Request(_, Request::Produce(request)) => request,
        body => panic!("not a Produce request: {body:?}"),
    }
}

/// The first batch of a Produce request.
pub fn batch(envelope: &Envelope) -> &Arc<Batch> {
    &produce(envelope).batches[0].1
}
