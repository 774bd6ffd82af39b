//! Connections from clients: one request at a time on each (Kafka's `SocketServer` mutes a channel
//! until the answer is sent). Whatever comes meanwhile waits, as it would in the socket.

use std::collections::VecDeque;

use crate::broker::RequestToken;
use crate::engine::NodeId;
use crate::events::EventId;
use crate::node::Ctx;
use crate::protocol::{ANY_CONNECTION, Body, Channel, Request, Response};

/// A request whose turn has come.
#[derive(Clone, Debug)]
pub struct Admitted {
    /// Where the answer goes.
    pub token: RequestToken,
    /// What is asked.
    pub request: Request,
    /// What led to it.
    pub cause: Option<EventId>,
}

#[derive(Clone, Debug)]
struct Connection {
    client: NodeId,
    channel: Channel,
    number: u32,
    /// Closed from this side: nothing more is read from it.
    is_closed: bool,
    /// Correlation id of the request at work.
    at_work: Option<u32>,
    waiting: VecDeque<Admitted>,
}

/// All connections of clients to this broker.
#[derive(Clone, Debug, Default)]
pub struct Connections {
    /// Sorted by client and channel.
    connections: Vec<Connection>,
    ready: VecDeque<Admitted>,
    is_open: bool,
}

impl Connections {
    fn find(&self, client: NodeId, channel: Channel) -> Result<usize, usize> {
        self.connections.binary_search_by_key(&(client, channel), |c| (c.client, c.channel))
    }

    /// The broker begins to work on requests; those that have come are ready.
    pub fn open(&mut self) {
        self.is_open = true;
        for index in 0..self.connections.len() {
            self.let_next_in(index);
        }
    }

    /// A request has arrived. It is returned when its turn is now.
    pub fn admit(&mut self, admitted: Admitted) -> Option<Admitted> {
        let token = admitted.token;
        let index = self.find(token.client, token.channel).unwrap_or_else(|index| {
            self.connections.insert(
                index,
                Connection {
                    client: token.client,
                    channel: token.channel,
                    number: token.connection,
                    is_closed: false,
                    at_work: None,
                    waiting: VecDeque::new(),
                },
            );
            index
        });
        let connection = &mut self.connections[index];
        if token.connection > connection.number {
            connection.number = token.connection;
            connection.is_closed = false;
            connection.at_work = None;
            connection.waiting.clear();
        }
        if token.connection < connection.number || connection.is_closed {
            return None;
        }
        if connection.at_work.is_some() || !self.is_open {
            connection.waiting.push_back(admitted);
            return None;
        }
        connection.at_work = Some(token.correlation);
        Some(admitted)
    }

    /// A request whose turn has come since.
    pub fn next_ready(&mut self) -> Option<Admitted> {
        self.ready.pop_front()
    }

    fn let_next_in(&mut self, index: usize) {
        let connection = &mut self.connections[index];
        if let Some(next) = connection.waiting.pop_front() {
            connection.at_work = Some(next.token.correlation);
            self.ready.push_back(next);
        }
    }

    /// The connection of a request that is at work, unless it is gone.
    fn at_work(&self, token: RequestToken) -> Option<usize> {
        let index = self.find(token.client, token.channel).ok()?;
        let connection = &self.connections[index];
        let is_current = connection.number == token.connection && !connection.is_closed;
        (is_current && connection.at_work == Some(token.correlation)).then_some(index)
    }

    /// Answers a request and lets the next one in. Nothing happens when the connection is gone.
    pub fn respond(&mut self, ctx: &mut Ctx<'_>, token: RequestToken, response: Response, bytes: u32) {
        if let Some(index) = self.at_work(token) {
            let body = Body::Response(token.correlation, response);
            ctx.send(token.client, token.channel, token.connection, bytes, body);
            self.connections[index].at_work = None;
            self.let_next_in(index);
        }
    }

    /// A request that wants no answer is done.
    pub fn done(&mut self, token: RequestToken) {
        if let Some(index) = self.at_work(token) {
            self.connections[index].at_work = None;
            self.let_next_in(index);
        }
    }

    /// Closes the connection: the only way to answer when an acks=0 request failed.
    pub fn close(&mut self, ctx: &mut Ctx<'_>, token: RequestToken) {
        if let Some(index) = self.at_work(token) {
            ctx.send(token.client, token.channel, token.connection, 0, Body::Disconnected);
            self.drop_at(index);
        }
    }

    /// The client's end is gone.
    pub fn on_disconnect(&mut self, client: NodeId, channel: Channel, number: u32) {
        if let Ok(index) = self.find(client, channel)
            && (number == ANY_CONNECTION || number == self.connections[index].number)
        {
            self.drop_at(index);
        }
    }

    fn drop_at(&mut self, index: usize) {
        let connection = &mut self.connections[index];
        connection.is_closed = true;
        connection.at_work = None;
        connection.waiting.clear();
        let (client, channel) = (connection.client, connection.channel);
        self.ready.retain(|next| (next.token.client, next.token.channel) != (client, channel));
    }
}
