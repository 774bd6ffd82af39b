//! Three brokers, a controller, a producer and a little network between them.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::Arc;

use super::controller::Controller;
use crate::broker::Broker;
use crate::broker::log::tests::idempotent;
use crate::config::{Acks, BrokerConfig, Properties};
use crate::engine::{Micros, NodeId, Rng, Timer};
use crate::events::{Event, EventId};
use crate::node::{CONTROLLER, Ctx, Node, NodeTimer, Outside};
use crate::protocol::{
    ANY_CONNECTION, Body, Channel, Envelope, ErrorCode, MetadataUpdate, ProduceRequest, Request,
    Response, TopicPartition,
};
use crate::record::{Batch, BatchId, RecordId};

pub const PRODUCER: NodeId = NodeId(101);
const LATENCY_US: Micros = 500;

enum Due {
    Arrives(Envelope),
    /// Handle, incarnation of the node, timer.
    Fires(u32, u32, NodeId, NodeTimer),
}

/// What happens, in order; cut links.
#[derive(Default)]
pub struct World {
    now: Micros,
    sequence: u64,
    due: BTreeMap<(Micros, u64), Due>,
    timers: u32,
    cancelled: BTreeSet<u32>,
    incarnations: BTreeMap<NodeId, u32>,
    pub cut: BTreeSet<(NodeId, NodeId)>,
    pub events: Vec<(Micros, NodeId, Event)>,
    exited: Vec<NodeId>,
    pub handled: u64,
}

impl World {
    fn schedule(&mut self, at: Micros, due: Due) {
        self.sequence += 1;
        self.due.insert((at, self.sequence), due);
    }

    fn mail(&mut self, from: NodeId, to: NodeId, channel: Channel, connection: u32, body: Body) {
        if self.cut.contains(&(from, to)) {
            return;
        }
        let sent_us = self.now;
        let envelope =
            Envelope { from, to, channel, connection, sent_us, bytes: 0, cause: None, body };
        self.schedule(self.now + LATENCY_US, Due::Arrives(envelope));
    }
}

impl Outside for World {
    fn send(&mut self, envelope: Envelope, _rng: &mut Rng) {
        let Envelope { from, to, channel, connection, body, .. } = envelope;
        self.mail(from, to, channel, connection, body);
    }

    fn set_timer(
        &mut self,
        node: NodeId,
        at_us: Micros,
        _cause: Option<EventId>,
        timer: NodeTimer,
    ) -> Timer {
        self.timers += 1;
        let incarnation = self.incarnations.get(&node).copied().unwrap_or(0);
        self.schedule(at_us, Due::Fires(self.timers, incarnation, node, timer));
        Timer::stub(self.timers)
    }

    fn cancel_timer(&mut self, timer: Timer) {
        let handle = (0..=self.timers).rev().find(|&n| Timer::stub(n) == timer);
        self.cancelled.extend(handle);
    }

    fn emit(
        &mut self,
        at_us: Micros,
        node: NodeId,
        _cause: Option<EventId>,
        event: Event,
    ) -> EventId {
        self.events.push((at_us, node, event));
        EventId(self.events.len() as u64)
    }

    fn next_record_id(&mut self) -> RecordId {
        RecordId(0)
    }

    fn next_batch_id(&mut self) -> BatchId {
        BatchId(0)
    }

    fn exit(&mut self, node: NodeId) {
        self.exited.push(node);
    }
}

/// An idempotent producer with acks=all and one batch in flight a partition.
#[derive(Default)]
pub struct Producer {
    /// Next sequence of each partition, and batches to send: the first is in flight.
    pub queues: BTreeMap<TopicPartition, (i32, VecDeque<Arc<Batch>>)>,
    /// Requests in flight: correlation id and partition.
    in_flight: BTreeMap<u32, (NodeId, TopicPartition)>,
    correlation: u32,
    connections: BTreeMap<NodeId, u32>,
    /// Acknowledged: partition, sequence, offset.
    pub acked: Vec<(TopicPartition, i32, i64)>,
}

pub struct Net {
    pub world: World,
    pub controller: Controller,
    pub brokers: BTreeMap<NodeId, Broker>,
    pub alive: BTreeSet<NodeId>,
    pub producer: Producer,
    rngs: BTreeMap<NodeId, Rng>,
    told: usize,
}

impl Net {
    pub fn new(partitions: u16, min_insync_replicas: &str, config: &[(&str, &str)]) -> Self {
        let properties: Properties = config.iter().copied().collect();
        let config = BrokerConfig::from_properties(&properties).expect("valid");
        let ids = (1..=3).map(NodeId);
        let mut net = Self {
            world: World::default(),
            controller: Controller::default(),
            brokers: ids.clone().map(|id| (id, Broker::new(id, None, config.clone()))).collect(),
            alive: BTreeSet::new(),
            producer: Producer::default(),
            rngs: ids.clone().map(|id| (id, Rng::stream(3, id.0.into()))).collect(),
            told: 0,
        };
        ids.for_each(|id| net.start(id));
        net.run(1_000_000);
        net.controller.create_topic(partitions, min_insync_replicas);
        net.run(1_000_000);
        net
    }

    fn turn(&mut self, id: NodeId, turn: impl FnOnce(&mut Broker, &mut Ctx<'_>)) {
        let (Some(broker), Some(rng)) = (self.brokers.get_mut(&id), self.rngs.get_mut(&id)) else {
            return;
        };
        turn(broker, &mut Ctx::new(self.world.now, id, rng, None, &mut self.world));
        self.world.handled += 1;
        for id in std::mem::take(&mut self.world.exited) {
            self.kill(id);
        }
    }

    pub fn start(&mut self, id: NodeId) {
        self.alive.insert(id);
        self.turn(id, |broker, ctx| broker.on_start(ctx));
    }

    pub fn stop(&mut self, id: NodeId) {
        self.turn(id, |broker, ctx| broker.on_close(ctx));
    }

    pub fn kill(&mut self, id: NodeId) {
        self.alive.remove(&id);
        *self.world.incarnations.entry(id).or_default() += 1;
        let others: Vec<_> = self.alive.iter().copied().chain([PRODUCER]).collect();
        for other in others {
            for channel in [Channel::Data, Channel::Replica] {
                self.world.mail(id, other, channel, ANY_CONNECTION, Body::Disconnected);
            }
        }
    }

    /// Runs for so long.
    pub fn run(&mut self, for_us: Micros) {
        let end = self.world.now + for_us;
        self.publish();
        self.send_next_batches();
        while let Some(entry) = self.world.due.first_entry().filter(|entry| entry.key().0 <= end) {
            let ((at, _), due) = entry.remove_entry();
            self.world.now = at;
            match due {
                Due::Arrives(envelope) => self.deliver(envelope),
                Due::Fires(handle, incarnation, id, timer) => {
                    let current = self.world.incarnations.get(&id).copied().unwrap_or(0);
                    if !self.world.cancelled.remove(&handle) && incarnation == current {
                        self.turn(id, |broker, ctx| broker.on_timer(ctx, timer));
                    }
                }
            }
            self.publish();
        }
        self.world.now = end;
    }

    /// Sends new metadata to everybody; gaps are mended with heartbeats.
    fn publish(&mut self) {
        if self.told < self.controller.records.len() {
            let from = std::mem::replace(&mut self.told, self.controller.records.len());
            self.alive.clone().into_iter().for_each(|id| self.update(id, from as i64));
            self.send_next_batches();
        }
    }

    fn update(&mut self, id: NodeId, from_offset: i64) {
        let records: Arc<[_]> = self.controller.records[from_offset as usize..].into();
        let update = Request::MetadataUpdate(Box::new(MetadataUpdate { from_offset, records }));
        self.world.mail(CONTROLLER, id, Channel::Control, 0, Body::Request(0, update));
    }

    fn deliver(&mut self, envelope: Envelope) {
        let Envelope { from, to, channel, connection, .. } = envelope;
        if to == CONTROLLER {
            let Body::Request(correlation, request) = envelope.body else { return };
            let behind = match &request {
                Request::BrokerHeartbeat(beat) => Some(beat.metadata_offset),
                Request::BrokerRegistration(registration) => Some(registration.metadata_offset),
                _ => None,
            };
            let response = self.controller.answer(request);
            if let Some(offset) = behind.filter(|&o| o < self.controller.records.len() as i64) {
                self.update(from, offset);
            }
            self.world.mail(to, from, channel, connection, Body::Response(correlation, response));
        } else if to == PRODUCER {
            self.on_producer_mail(envelope);
        } else if self.alive.contains(&to) {
            self.turn(to, |broker, ctx| broker.on_message(ctx, envelope));
        } else if matches!(envelope.body, Body::Request(..)) {
            self.world.mail(to, from, channel, connection, Body::Disconnected);
        }
    }

    /// The producer sends `count` records to a partition.
    pub fn produce(&mut self, tp: TopicPartition, count: usize) {
        let (sequence, queue) = self.producer.queues.entry(tp).or_default();
        let mut batch = Arc::unwrap_or_clone(idempotent(count, 77, 0, *sequence));
        let now_ms = crate::protocol::wall_clock_ms(self.world.now);
        batch.records.iter_mut().for_each(|record| record.timestamp_ms = now_ms);
        *sequence += count as i32;
        queue.push_back(Arc::new(batch));
        self.send_next_batches();
    }

    /// Sends the oldest batch of each partition that has none in flight.
    pub fn send_next_batches(&mut self) {
        for (&tp, (_, queue)) in &self.producer.queues {
            let is_in_flight = self.producer.in_flight.values().any(|&(_, other)| other == tp);
            let leader = self.controller.image.partition(tp).and_then(|p| p.leader);
            let (Some(batch), Some(leader), false) = (queue.front(), leader, is_in_flight) else {
                continue;
            };
            let request = ProduceRequest {
                transactional_id: None,
                acks: Acks::All,
                timeout_ms: 30_000,
                batches: vec![(tp, batch.clone())],
            };
            self.producer.correlation += 1;
            let correlation = self.producer.correlation;
            self.producer.in_flight.insert(correlation, (leader, tp));
            let connection = self.producer.connections.get(&leader).copied().unwrap_or(0);
            let body = Body::Request(correlation, Request::Produce(Box::new(request)));
            self.world.mail(PRODUCER, leader, Channel::Data, connection, body);
        }
    }

    fn on_producer_mail(&mut self, envelope: Envelope) {
        match envelope.body {
            Body::Disconnected => {
                let number = self.producer.connections.entry(envelope.from).or_default();
                if envelope.connection == *number || envelope.connection == ANY_CONNECTION {
                    *number += 1;
                    self.producer.in_flight.retain(|_, (leader, _)| *leader != envelope.from);
                }
                return; // it tries again with new metadata
            }
            Body::Response(correlation, Response::Produce(response)) => {
                if self.producer.in_flight.remove(&correlation).is_none() {
                    return;
                }
                let said = &response.partitions[0];
                if let Some((_, queue)) = self.producer.queues.get_mut(&said.tp)
                    && said.error.is_none()
                    && let Some(batch) = queue.pop_front()
                {
                    self.producer.acked.push((said.tp, batch.base_sequence, said.base_offset));
                }
                assert_ne!(said.error, Some(ErrorCode::OutOfOrderSequenceNumber));
            }
            _ => {}
        }
        self.send_next_batches();
    }
}
