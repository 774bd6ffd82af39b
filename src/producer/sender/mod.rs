//! Kafka's `Sender`: looks which batches are due, ships them, and deals with the answers.
//!
//! In Kafka it is a thread that loops; here [`Sender::run`] is one turn of that loop, taken when
//! something happened or when the time came that the last turn named. `response.rs` deals with
//! answers.

mod callbacks;
mod connections;
mod response;
mod transaction;

use std::sync::Arc;

use crate::config::{Acks, ProducerConfig};
use crate::engine::{Micros, NodeId};
use crate::events::{DeliveryFailure, Event};
use crate::node::Ctx;
use crate::protocol::{Channel, ErrorCode, ProduceRequest, Request, TopicId, TopicPartition};

use super::accumulator::{Drained, ProducerBatch, Readiness, RecordAccumulator};
use super::transaction::Transaction;
use super::{ExponentialBackoff, ProducerMetadata};
pub use callbacks::{Callbacks, Delivery};
use connections::{Connections, LeastLoaded, Tag};

/// What a thread of Kafka's producer does in the background.
#[derive(Clone, Debug)]
pub struct Sender {
    /// Batches, waiting and in flight.
    pub accumulator: RecordAccumulator,
    /// What is known of the cluster.
    pub metadata: ProducerMetadata,
    connections: Connections,
    /// What became of records whose sender asked.
    pub callbacks: Callbacks,
    topic: TopicId,
    acks: Acks,
    retries: u32,
    max_request_size: u32,
    request_timeout_ms: i64,
    retry_backoff_us: Micros,
    backoff: ExponentialBackoff,
    /// max.in.flight.requests.per.connection=1
    guarantees_order: bool,
    transaction: Option<Transaction>,
    is_asking_for_id: bool,
    ask_for_id_us: Micros,
    readiness: Readiness,
    drained: Vec<Drained>,
    expired: Vec<(u16, ProducerBatch)>,
}

fn keep_earlier(earliest: &mut Option<Micros>, at_us: Option<Micros>) {
    *earliest = match (*earliest, at_us) {
        (Some(a), Some(b)) => Some(a.min(b)),
        (a, b) => a.or(b),
    };
}

impl Sender {
    /// A sender that knows nobody but the brokers to begin with.
    pub fn new(
        config: &ProducerConfig,
        topic: Arc<str>,
        bootstrap: Vec<NodeId>,
        channel: Channel,
    ) -> Self {
        Self {
            accumulator: RecordAccumulator::new(config),
            metadata: ProducerMetadata::new(config, topic, bootstrap),
            connections: Connections::new(config, channel),
            callbacks: Callbacks::default(),
            topic: TopicId(0),
            acks: config.acks,
            retries: config.retries.max(0) as u32,
            max_request_size: config.max_request_size.max(0) as u32,
            request_timeout_ms: config.request_timeout_ms,
            retry_backoff_us: config.retry_backoff_ms.max(0) as u64 * 1000,
            backoff: ExponentialBackoff::new(config.retry_backoff_ms, config.retry_backoff_max_ms),
            guarantees_order: config.max_in_flight_requests_per_connection == 1,
            transaction: Transaction::new(config),
            is_asking_for_id: false,
            ask_for_id_us: 0,
            readiness: Readiness::default(),
            drained: Vec::new(),
            expired: Vec::new(),
        }
    }

    /// The process starts anew with these configs; nothing is left of the old one.
    pub fn restart(&mut self, config: &ProducerConfig, topic: Arc<str>, bootstrap: Vec<NodeId>) {
        let channel = self.connections.channel();
        let before = std::mem::replace(self, Self::new(config, topic, bootstrap, channel));
        self.connections = before.connections;
        self.connections.restart(config);
        self.callbacks = before.callbacks;
        self.callbacks.clear();
    }

    /// A partition of the topic, which was known at some time.
    pub fn topic_partition(&self, partition: u16) -> TopicPartition {
        TopicPartition::new(self.topic, partition)
    }

    /// Produce requests in flight.
    pub fn in_flight(&self) -> usize {
        self.connections.produce_in_flight()
    }

    /// Whether nothing is left to be sent or answered.
    pub fn is_idle(&self) -> bool {
        !self.accumulator.has_undrained() && self.in_flight() == 0
    }

    /// Sends all that is due. Returns when to look again, unless something happens before.
    pub fn run(&mut self, ctx: &mut Ctx<'_>) -> Option<Micros> {
        let cause = ctx.cause;
        loop {
            let mut wake_us = None;
            self.accumulator.resolve_sequences();
            let asks_us = match self.transaction {
                Some(_) => self.run_transaction(ctx),
                None => self.maybe_ask_for_id(ctx),
            };
            keep_earlier(&mut wake_us, asks_us);
            self.accumulator.ready(ctx.now, self.metadata.cluster(), &mut self.readiness);
            if self.readiness.has_unknown_leader {
                self.metadata.request_update();
            }
            let next_change_us = self.readiness.next_change_us.map(|us| ctx.now + us);
            keep_earlier(&mut wake_us, next_change_us);
            let (has_sent, reconnect_us) = self.send_ready(ctx);
            keep_earlier(&mut wake_us, reconnect_us);
            keep_earlier(&mut wake_us, self.expire(ctx));
            ctx.cause = cause;
            keep_earlier(&mut wake_us, self.maybe_ask_for_metadata(ctx));
            if !has_sent {
                debug_assert!(wake_us.is_none_or(|us| us > ctx.now), "the sender would spin");
                return wake_us;
            }
        }
    }

    /// One Produce request for every leader that has data and can take it.
    fn send_ready(&mut self, ctx: &mut Ctx<'_>) -> (bool, Option<Micros>) {
        let mut reconnect_us = None;
        let mut has_sent = false;
        for index in 0..self.readiness.nodes.len() {
            let node = self.readiness.nodes[index];
            let readiness = self.connections.ready(ctx, node);
            self.accumulator.update_node_latency(node, ctx.now, readiness.is_ok());
            match readiness {
                Ok(()) => has_sent |= self.send_to(ctx, node),
                Err(at_us) => keep_earlier(&mut reconnect_us, at_us),
            }
        }
        (has_sent, reconnect_us)
    }

    fn send_to(&mut self, ctx: &mut Ctx<'_>, node: NodeId) -> bool {
        let cluster = self.metadata.cluster();
        self.topic = cluster.topic().unwrap_or(self.topic);
        self.drained.clear();
        let (limit, drained) = (self.max_request_size, &mut self.drained);
        self.accumulator.drain(ctx.now, cluster, node, limit, drained);
        if self.drained.is_empty() {
            return false;
        }
        let drained = std::mem::take(&mut self.drained);
        let mut bytes = 0;
        for sent in &drained {
            bytes += sent.batch.size_bytes;
            if self.guarantees_order {
                self.accumulator.set_muted(sent.partition, true);
            }
            ctx.cause = sent.cause;
            let event = Event::BatchSent {
                tp: self.topic_partition(sent.partition),
                batch: sent.batch.clone(),
                to: node,
                attempt: sent.attempt,
            };
            ctx.emit(event);
        }
        let batches = drained
            .iter()
            .map(|sent| (self.topic_partition(sent.partition), sent.batch.clone()))
            .collect();
        let request = Request::Produce(Box::new(ProduceRequest {
            transactional_id: self.transaction.as_ref().map(|transaction| transaction.id.clone()),
            acks: self.acks,
            timeout_ms: self.request_timeout_ms,
            batches,
        }));
        let expects_response = self.acks != Acks::Zero;
        let tag = expects_response
            .then(|| drained.iter().map(|sent| (sent.partition, sent.batch.id)).collect());
        self.connections.produce(ctx, node, bytes, request, tag);
        if !expects_response {
            for sent in &drained {
                self.on_batch_response(ctx, sent.partition, sent.batch.id, Ok(-1));
            }
        }
        self.drained = drained;
        true
    }

    /// Gives up what is older than delivery.timeout.ms.
    fn expire(&mut self, ctx: &mut Ctx<'_>) -> Option<Micros> {
        let mut next_us = self.accumulator.expire_queued(ctx.now, &mut self.expired);
        for (_, batch) in &self.expired {
            self.accumulator.deallocate(batch);
        }
        let in_flight_us = self.accumulator.expire_in_flight(ctx.now, &mut self.expired);
        keep_earlier(&mut next_us, in_flight_us);
        for (partition, mut batch) in std::mem::take(&mut self.expired) {
            ctx.cause = batch.cause;
            let failure = DeliveryFailure::Expired { sent: batch.was_sent() };
            let tp = self.topic_partition(partition);
            let batch = batch.as_sent();
            self.callbacks.call(&batch, Err(failure));
            ctx.note(Event::BatchFailed { tp, failure, batch });
            self.on_batch_given_up(ErrorCode::RequestTimedOut);
        }
        next_us
    }

    fn maybe_ask_for_metadata(&mut self, ctx: &mut Ctx<'_>) -> Option<Micros> {
        let due_us = self.metadata.next_update_us()?;
        if due_us > ctx.now {
            return Some(due_us);
        }
        let node = match self.least_loaded(ctx) {
            LeastLoaded::Unreachable(_) => {
                self.metadata.rebootstrap();
                self.least_loaded(ctx)
            }
            found => found,
        };
        match node {
            LeastLoaded::Node(node) => {
                self.connections.ask(ctx, node, Request::Metadata, Tag::Metadata);
                self.metadata.on_sent();
                None
            }
            LeastLoaded::Busy => None,
            LeastLoaded::Unreachable(at_us) => Some(at_us),
        }
    }

    /// Idempotence needs a producer id, from any broker.
    fn maybe_ask_for_id(&mut self, ctx: &mut Ctx<'_>) -> Option<Micros> {
        let idempotence = self.accumulator.idempotence()?;
        if idempotence.producer().is_some() || self.is_asking_for_id {
            return None;
        }
        if self.ask_for_id_us > ctx.now {
            return Some(self.ask_for_id_us);
        }
        match self.least_loaded(ctx) {
            LeastLoaded::Node(node) => {
                self.connections.ask(ctx, node, Request::InitProducerId(None), Tag::InitProducerId);
                self.is_asking_for_id = true;
                None
            }
            LeastLoaded::Busy => None,
            LeastLoaded::Unreachable(at_us) => {
                self.metadata.request_update();
                Some(at_us)
            }
        }
    }

    fn least_loaded(&self, ctx: &mut Ctx<'_>) -> LeastLoaded {
        self.connections.least_loaded(ctx, self.metadata.cluster().brokers())
    }

    /// Ends every connection.
    pub fn close(&mut self, ctx: &mut Ctx<'_>) {
        self.connections.close_all(ctx);
    }
}
