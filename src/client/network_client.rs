//! Connections of one node: in-flight requests, request timeout, reconnect back-off.

use std::collections::VecDeque;

use crate::engine::{Micros, NodeId, Timer};
use crate::events::Event;
use crate::node::{Ctx, NodeTimer};
use crate::protocol::{ANY_CONNECTION, Body, Channel, Request};

/// A request that has no answer yet.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub struct InFlight<T> {
    /// Correlation id.
    pub correlation: u32,
    /// When it was sent, in virtual µs.
    pub sent_us: Micros,
    /// How long it may take, in µs.
    pub timeout_us: Micros,
    /// What the owner wants to remember.
    pub tag: T,
}

impl<T> InFlight<T> {
    /// Kafka's client compares strictly: 30000 ms are in time, 30001 are not.
    fn deadline_us(&self) -> Micros {
        self.sent_us + self.timeout_us + 1000
    }
}

#[derive(Clone, Debug)]
struct Connection<T> {
    peer: NodeId,
    channel: Channel,
    /// Count of connections opened so far: the current one's number.
    number: u32,
    /// Failures in a row, for the back-off.
    failures: u32,
    /// Not before this time may a new connection be opened.
    retry_at_us: Micros,
    /// The peer has answered on it.
    established: bool,
    in_flight: VecDeque<InFlight<T>>,
    /// Wakes the owner at or before the first deadline of a request in flight.
    timeout: Option<(Timer, Micros)>,
}

/// All connections of one node. `T` is what the owner remembers for each request.
#[derive(Clone, Debug)]
pub struct NetworkClient<T> {
    request_timeout_us: Micros,
    backoff_us: Micros,
    backoff_max_us: Micros,
    timer: fn(NodeId, Channel) -> NodeTimer,
    next_correlation: u32,
    connections: Vec<Connection<T>>,
}

impl<T> NetworkClient<T> {
    /// A client with request.timeout.ms, reconnect.backoff.ms and reconnect.backoff.max.ms, which
    /// wakes its owner with `timer` when a request may have timed out.
    pub fn new(
        request_timeout_ms: i64,
        reconnect_backoff_ms: i64,
        reconnect_backoff_max_ms: i64,
        timer: fn(NodeId, Channel) -> NodeTimer,
    ) -> Self {
        Self {
            request_timeout_us: request_timeout_ms.max(0) as u64 * 1000,
            backoff_us: reconnect_backoff_ms.max(0) as u64 * 1000,
            backoff_max_us: reconnect_backoff_max_ms.max(0) as u64 * 1000,
            timer,
            next_correlation: 0,
            connections: Vec::new(),
        }
    }

    /// The process starts anew with these configs: nothing is connected, nothing in flight, and no
    /// timer of the former process will come. Connections go on counting.
    pub fn restart(
        &mut self,
        request_timeout_ms: i64,
        reconnect_backoff_ms: i64,
        reconnect_backoff_max_ms: i64,
    ) {
        let timer = self.timer;
        let fresh =
            Self::new(request_timeout_ms, reconnect_backoff_ms, reconnect_backoff_max_ms, timer);
        let before = std::mem::replace(self, fresh);
        self.next_correlation = before.next_correlation;
        self.connections = before.connections;
        for connection in &mut self.connections {
            connection.number += 1;
            connection.failures = 0;
            connection.retry_at_us = 0;
            connection.established = false;
            connection.in_flight.clear();
            connection.timeout = None;
        }
    }

    fn find(&self, peer: NodeId, channel: Channel) -> Option<usize> {
        self.connections.iter().position(|c| c.peer == peer && c.channel == channel)
    }

    /// Whether `peer` has answered on the connection that is open.
    pub fn is_connected(&self, peer: NodeId, channel: Channel) -> bool {
        self.find(peer, channel).is_some_and(|i| self.connections[i].established)
    }

    /// Number of requests in flight to `peer`.
    pub fn in_flight_count(&self, peer: NodeId, channel: Channel) -> usize {
        self.find(peer, channel).map_or(0, |i| self.connections[i].in_flight.len())
    }

    /// The requests in flight to `peer`, oldest first.
    pub fn in_flight(&self, peer: NodeId, channel: Channel) -> impl Iterator<Item = &InFlight<T>> {
        self.find(peer, channel).into_iter().flat_map(|i| self.connections[i].in_flight.iter())
    }

    /// When a request to `peer` may be sent: now or earlier when connected, later while the
    /// reconnect back-off lasts.
    pub fn ready_at_us(&self, peer: NodeId, channel: Channel) -> Micros {
        self.find(peer, channel).map_or(0, |i| self.connections[i].retry_at_us)
    }

    /// Whether a request may be sent now with fewer than `max_in_flight` outstanding.
    pub fn can_send(
        &self,
        now: Micros,
        peer: NodeId,
        channel: Channel,
        max_in_flight: usize,
    ) -> bool {
        self.find(peer, channel).is_none_or(|i| {
            let connection = &self.connections[i];
            connection.retry_at_us <= now && connection.in_flight.len() < max_in_flight
        })
    }

    /// Sends `request`; its response, or the loss of the connection, brings `tag` back.
    pub fn send(
        &mut self,
        ctx: &mut Ctx<'_>,
        peer: NodeId,
        channel: Channel,
        bytes: u32,
        request: Request,
        tag: T,
    ) -> u32 {
        let timeout_us = self.request_timeout_us;
        self.send_within(ctx, peer, channel, bytes, request, tag, timeout_us)
    }

    /// [`Self::send`] with a timeout of its own instead of request.timeout.ms, as JoinGroup has.
    #[expect(clippy::too_many_arguments, reason = "one more than send() has")]
    pub fn send_within(
        &mut self,
        ctx: &mut Ctx<'_>,
        peer: NodeId,
        channel: Channel,
        bytes: u32,
        request: Request,
        tag: T,
        timeout_us: Micros,
    ) -> u32 {
        let correlation = self.next_correlation;
        self.next_correlation = self.next_correlation.wrapping_add(1);
        let index = self.find(peer, channel).unwrap_or_else(|| {
            self.connections.push(Connection {
                peer,
                channel,
                number: 0,
                failures: 0,
                retry_at_us: 0,
                established: false,
                in_flight: VecDeque::new(),
                timeout: None,
            });
            self.connections.len() - 1
        });
        let connection = &mut self.connections[index];
        let request_in_flight = InFlight { correlation, sent_us: ctx.now, timeout_us, tag };
        // One timer a connection, for its first deadline; it is moved back only when it fires.
        let deadline_us = request_in_flight.deadline_us();
        connection.in_flight.push_back(request_in_flight);
        if connection.timeout.is_none_or(|(_, at_us)| deadline_us < at_us) {
            if let Some((timer, _)) = connection.timeout.take() {
                ctx.cancel_timer(timer);
            }
            let timer = ctx.set_timer_at(deadline_us, (self.timer)(peer, channel));
            connection.timeout = Some((timer, deadline_us));
        }
        ctx.send(peer, channel, connection.number, bytes, Body::Request(correlation, request));
        correlation
    }

    /// Sends a request to which no response comes (acks=0): nothing is remembered.
    pub fn send_one_way(
        &mut self,
        ctx: &mut Ctx<'_>,
        peer: NodeId,
        channel: Channel,
        bytes: u32,
        request: Request,
    ) {
        let number = self.find(peer, channel).map_or(0, |i| self.connections[i].number);
        let correlation = self.next_correlation;
        self.next_correlation = self.next_correlation.wrapping_add(1);
        ctx.send(peer, channel, number, bytes, Body::Request(correlation, request));
    }

    /// Matches a response. `None`: it came too late, its connection was closed before.
    pub fn on_response(
        &mut self,
        peer: NodeId,
        channel: Channel,
        correlation: u32,
    ) -> Option<InFlight<T>> {
        let index = self.find(peer, channel)?;
        let connection = &mut self.connections[index];
        // Nearly every answer is that to the oldest request.
        if connection.in_flight.front().is_some_and(|r| r.correlation == correlation) {
            connection.failures = 0;
            connection.established = true;
            return connection.in_flight.pop_front();
        }
        let position = connection.in_flight.iter().position(|r| r.correlation == correlation)?;
        connection.failures = 0;
        connection.established = true;
        connection.in_flight.remove(position)
    }

    /// The peer's end is gone: returns everything that was in flight and starts the back-off. A
    /// notice about a connection older than the current one (`number`) is ignored.
    pub fn on_disconnect(
        &mut self,
        ctx: &mut Ctx<'_>,
        peer: NodeId,
        channel: Channel,
        number: u32,
    ) -> Vec<InFlight<T>> {
        let Some(index) = self.find(peer, channel) else { return Vec::new() };
        let connection = &self.connections[index];
        let is_open = connection.retry_at_us <= ctx.now;
        let is_meant = number == connection.number || (number == ANY_CONNECTION && is_open);
        if !is_meant {
            return Vec::new();
        }
        ctx.emit(Event::Disconnected { peer });
        self.close(ctx, index)
    }

    /// The owner's timer fired: when the oldest request has waited too long, the connection is
    /// closed and everything in flight on it comes back (Kafka: local REQUEST_TIMED_OUT).
    pub fn on_timeout(
        &mut self,
        ctx: &mut Ctx<'_>,
        peer: NodeId,
        channel: Channel,
    ) -> Vec<InFlight<T>> {
        let Some(index) = self.find(peer, channel) else { return Vec::new() };
        let connection = &mut self.connections[index];
        connection.timeout = None;
        let deadlines = connection.in_flight.iter().map(InFlight::deadline_us);
        let Some(deadline_us) = deadlines.min() else { return Vec::new() };
        if deadline_us > ctx.now {
            let timer = ctx.set_timer_at(deadline_us, (self.timer)(peer, channel));
            connection.timeout = Some((timer, deadline_us));
            return Vec::new();
        }
        ctx.emit(Event::RequestTimedOut { peer });
        self.close(ctx, index)
    }

    /// Closes every connection without a word (the process is closing); returns what was in flight.
    pub fn close_all(&mut self, ctx: &mut Ctx<'_>) -> Vec<InFlight<T>> {
        let mut lost = Vec::new();
        for connection in &mut self.connections {
            if let Some((timer, _)) = connection.timeout.take() {
                ctx.cancel_timer(timer);
            }
            lost.extend(connection.in_flight.drain(..));
            connection.number += 1;
            connection.established = false;
        }
        lost
    }

    fn close(&mut self, ctx: &mut Ctx<'_>, index: usize) -> Vec<InFlight<T>> {
        let connection = &mut self.connections[index];
        if let Some((timer, _)) = connection.timeout.take() {
            ctx.cancel_timer(timer);
        }
        connection.number += 1;
        connection.established = false;
        let exponent = connection.failures.min(20);
        connection.failures += 1;
        let backoff_us = (self.backoff_us << exponent).min(self.backoff_max_us);
        // Kafka's jitter on reconnects is 20 % either way.
        let jitter_us = backoff_us / 5;
        let backoff_us = ctx.rng.between(backoff_us - jitter_us, backoff_us + jitter_us);
        connection.retry_at_us = ctx.now + backoff_us;
        connection.in_flight.drain(..).collect()
    }
}
