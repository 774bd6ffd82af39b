//! Which brokers the producer is connected to (the part of Kafka's `NetworkClient` that decides
//! whom to ask).
//!
//! Kafka's client sends nothing to a broker before the connection stands and ApiVersions is
//! answered. Here the first answer to anything makes a connection stand; when there is nothing
//! else to ask, a Metadata request stands in for ApiVersions. So a dead broker costs no attempts.

use crate::client::NetworkClient;
use crate::config::ProducerConfig;
use crate::engine::{Micros, NodeId};
use crate::node::{Ctx, NodeTimer, ProducerTimer};
use crate::protocol::{Channel, Request};
use crate::record::BatchId;

/// Size of a request without batches.
const SMALL_REQUEST_BYTES: u32 = 60;
/// Size of a Produce request around its batches.
const PRODUCE_OVERHEAD_BYTES: u32 = 100;

/// What a request was for.
#[derive(Clone, Debug)]
pub enum Tag {
    /// Batches by partition.
    Produce(Box<[(u16, BatchId)]>),
    /// Metadata.
    Metadata,
    /// InitProducerId without a transactional id.
    InitProducerId,
    /// Something for a transaction.
    Transaction,
    /// Nothing but an answer.
    Connect,
}

/// Connections to brokers.
#[derive(Clone, Debug)]
pub struct Connections {
    client: NetworkClient<Tag>,
    channel: Channel,
    /// Brokers that were asked something; whether one has answered.
    known: Vec<(NodeId, bool)>,
    max_in_flight: usize,
}

fn max_in_flight(config: &ProducerConfig) -> usize {
    config.max_in_flight_requests_per_connection.max(1) as usize
}

/// Where the next small request can go.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub enum LeastLoaded {
    /// To this broker.
    Node(NodeId),
    /// Nowhere, but an answer is awaited that may change it.
    Busy,
    /// Nowhere: every broker is gone. The first back-off ends then.
    Unreachable(Micros),
}

impl Connections {
    /// No connections; they will be made on `channel`.
    pub fn new(config: &ProducerConfig, channel: Channel) -> Self {
        let timer =
            |node, channel| NodeTimer::Producer(ProducerTimer::RequestTimeout(node, channel));
        Self {
            client: NetworkClient::new(
                config.request_timeout_ms,
                config.reconnect_backoff_ms,
                config.reconnect_backoff_max_ms,
                timer,
            ),
            channel,
            known: Vec::new(),
            max_in_flight: max_in_flight(config),
        }
    }

    /// Which of the connections between two nodes they are.
    pub fn channel(&self) -> Channel {
        self.channel
    }

    /// The process starts anew with these configs.
    pub fn restart(&mut self, config: &ProducerConfig) {
        self.client.restart(
            config.request_timeout_ms,
            config.reconnect_backoff_ms,
            config.reconnect_backoff_max_ms,
        );
        self.known.clear();
        self.max_in_flight = max_in_flight(config);
    }

    fn state(&self, node: NodeId) -> Option<bool> {
        self.known.iter().find(|(n, _)| *n == node).map(|&(_, is_connected)| is_connected)
    }

    /// Whether a request may be sent; opens the connection when there is none. `Err`: not before
    /// that time, or `None`: not before an answer.
    pub fn ready(&mut self, ctx: &mut Ctx<'_>, node: NodeId) -> Result<(), Option<Micros>> {
        let ready_us = self.client.ready_at_us(node, self.channel);
        match self.state(node) {
            None if ready_us > ctx.now => Err(Some(ready_us)),
            None => {
                self.ask(ctx, node, Request::Metadata, Tag::Connect);
                Err(None)
            }
            Some(is_connected) => {
                let limit = self.max_in_flight;
                let can_send = self.client.can_send(ctx.now, node, self.channel, limit);
                if is_connected && can_send { Ok(()) } else { Err(None) }
            }
        }
    }

    /// `NetworkClient.leastLoadedNode`: a connected broker with few requests in flight, else one
    /// that can be connected to.
    pub fn least_loaded(&self, ctx: &mut Ctx<'_>, brokers: &[NodeId]) -> LeastLoaded {
        let offset = ctx.rng.below(brokers.len() as u32) as usize;
        let mut best: Option<(usize, NodeId)> = None;
        let mut connectable = None;
        let mut is_busy = false;
        let mut first_us = Micros::MAX;
        for index in 0..brokers.len() {
            let node = brokers[(offset + index) % brokers.len()];
            let in_flight = self.client.in_flight_count(node, self.channel);
            match self.state(node) {
                Some(true) if in_flight < self.max_in_flight => {
                    if best.is_none_or(|(least, _)| in_flight < least) {
                        best = Some((in_flight, node));
                    }
                }
                Some(_) => is_busy = true,
                None => {
                    let ready_us = self.client.ready_at_us(node, self.channel);
                    if ready_us <= ctx.now {
                        connectable = connectable.or(Some(node));
                    }
                    first_us = first_us.min(ready_us);
                }
            }
        }
        match best.map(|(_, node)| node) {
            Some(node) => LeastLoaded::Node(node),
            None if is_busy => LeastLoaded::Busy,
            None => connectable.map_or(LeastLoaded::Unreachable(first_us), LeastLoaded::Node),
        }
    }

    /// Sends a small request.
    pub fn ask(&mut self, ctx: &mut Ctx<'_>, node: NodeId, request: Request, tag: Tag) {
        if self.state(node).is_none() {
            self.known.push((node, false));
        }
        self.client.send(ctx, node, self.channel, SMALL_REQUEST_BYTES, request, tag);
    }

    /// Sends batches, `bytes` large.
    pub fn produce(
        &mut self,
        ctx: &mut Ctx<'_>,
        node: NodeId,
        bytes: u32,
        request: Request,
        batches: Option<Box<[(u16, BatchId)]>>,
    ) {
        let bytes = PRODUCE_OVERHEAD_BYTES + bytes;
        match batches {
            Some(batches) => {
                let tag = Tag::Produce(batches);
                self.client.send(ctx, node, self.channel, bytes, request, tag);
            }
            None => self.client.send_one_way(ctx, node, self.channel, bytes, request),
        }
    }

    /// Matches a response with what it was for; the broker is there.
    pub fn on_response(&mut self, node: NodeId, correlation: u32) -> Option<Tag> {
        let in_flight = self.client.on_response(node, self.channel, correlation)?;
        for (_, is_connected) in self.known.iter_mut().filter(|(n, _)| *n == node) {
            *is_connected = true;
        }
        Some(in_flight.tag)
    }

    /// The broker's end is gone. `None`: that connection was closed before; else what was in
    /// flight, oldest first.
    pub fn on_disconnect(
        &mut self,
        ctx: &mut Ctx<'_>,
        node: NodeId,
        number: u32,
    ) -> Option<Vec<Tag>> {
        self.state(node)?;
        let before_us = self.client.ready_at_us(node, self.channel);
        let lost = self.client.on_disconnect(ctx, node, self.channel, number);
        let is_closed = self.client.ready_at_us(node, self.channel) != before_us;
        is_closed.then(|| self.closed(node, lost))
    }

    /// A request may have waited for too long; then the connection is closed.
    pub fn on_timeout(&mut self, ctx: &mut Ctx<'_>, node: NodeId) -> Option<Vec<Tag>> {
        let lost = self.client.on_timeout(ctx, node, self.channel);
        (!lost.is_empty()).then(|| self.closed(node, lost))
    }

    fn closed(&mut self, node: NodeId, lost: Vec<crate::client::InFlight<Tag>>) -> Vec<Tag> {
        self.known.retain(|(n, _)| *n != node);
        lost.into_iter().map(|in_flight| in_flight.tag).collect()
    }

    /// Produce requests without an answer.
    pub fn produce_in_flight(&self) -> usize {
        let requests =
            self.known.iter().flat_map(|(node, _)| self.client.in_flight(*node, self.channel));
        requests.filter(|request| matches!(request.tag, Tag::Produce(_))).count()
    }

    /// Closes all of them.
    pub fn close_all(&mut self, ctx: &mut Ctx<'_>) {
        self.client.close_all(ctx);
        self.known.clear();
    }
}
