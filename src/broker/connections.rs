//! Connections from clients: one request at a time on each (Kafka's `SocketServer` mutes a channel
//! until the answer is sent). Whatever comes meanwhile waits, as it would in the socket.

use std::collections::VecDeque;

use super::RequestToken;
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

/// A request as it came.
#[derive(Clone, Debug)]
pub struct Arrival {
    /// From whom.
    pub client: NodeId,
    /// On which channel.
    pub channel: Channel,
    /// Number of the client's connection.
    pub connection: u32,
    /// The client's correlation id.
    pub correlation: u32,
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
    /// The request at work: the broker's number of it, and the client's correlation id.
    at_work: Option<(u64, u32)>,
    waiting: VecDeque<Arrival>,
}

/// All connections of clients to this broker.
#[derive(Clone, Debug, Default)]
pub struct Connections {
    /// Sorted by client and channel.
    connections: Vec<Connection>,
    ready: VecDeque<Admitted>,
    is_open: bool,
    next_request: u64,
}

impl Connections {
    /// The process starts again: all connections are gone, and nobody is served yet.
    pub fn restart(&mut self) {
        *self = Self { next_request: self.next_request, ..Self::default() };
    }

    /// The broker begins to serve; requests that have come are ready.
    pub fn open(&mut self) {
        self.is_open = true;
        (0..self.connections.len()).for_each(|index| self.let_next_in(index));
    }

    fn find(&self, client: NodeId, channel: Channel) -> Result<usize, usize> {
        self.connections.binary_search_by_key(&(client, channel), |c| (c.client, c.channel))
    }

    /// A request has arrived. It is returned when its turn is now.
    pub fn admit(&mut self, arrival: Arrival) -> Option<Admitted> {
        let index = self.find(arrival.client, arrival.channel).unwrap_or_else(|index| {
            let connection = Connection {
                client: arrival.client,
                channel: arrival.channel,
                number: arrival.connection,
                is_closed: false,
                at_work: None,
                waiting: VecDeque::new(),
            };
            self.connections.insert(index, connection);
            index
        });
        let connection = &mut self.connections[index];
        if arrival.connection > connection.number {
            connection.number = arrival.connection;
            connection.is_closed = false;
            connection.at_work = None;
            connection.waiting.clear();
        }
        if arrival.connection < connection.number || connection.is_closed {
            return None;
        }
        if connection.at_work.is_some() || !self.is_open {
            connection.waiting.push_back(arrival);
            return None;
        }
        Some(self.begin(index, arrival))
    }

    fn begin(&mut self, index: usize, arrival: Arrival) -> Admitted {
        let Arrival { client, channel, correlation, request, cause, .. } = arrival;
        let number = self.next_request;
        self.next_request += 1;
        self.connections[index].at_work = Some((number, correlation));
        Admitted { token: RequestToken { client, channel, number }, request, cause }
    }

    fn let_next_in(&mut self, index: usize) {
        if let Some(arrival) = self.connections[index].waiting.pop_front() {
            let next = self.begin(index, arrival);
            self.ready.push_back(next);
        }
    }

    /// Whether there is a request whose turn has come since.
    pub fn has_ready(&self) -> bool {
        !self.ready.is_empty()
    }

    /// A request whose turn has come since.
    pub fn next_ready(&mut self) -> Option<Admitted> {
        self.ready.pop_front()
    }

    /// Ends the work on a request: its place, connection number and correlation id, unless its
    /// connection is gone.
    fn finish(&mut self, token: RequestToken) -> Option<(usize, u32, u32)> {
        let index = self.find(token.client, token.channel).ok()?;
        let connection = &mut self.connections[index];
        let (_, correlation) = connection.at_work.filter(|&(number, _)| number == token.number)?;
        connection.at_work = None;
        Some((index, connection.number, correlation))
    }

    /// Answers a request and lets the next one in. Nothing happens when the connection is gone.
    pub fn respond(
        &mut self,
        ctx: &mut Ctx<'_>,
        token: RequestToken,
        response: Response,
        bytes: u32,
    ) {
        let Some((index, connection, correlation)) = self.finish(token) else { return };
        let body = Body::Response(correlation, response);
        ctx.send(token.client, token.channel, connection, bytes, body);
        self.let_next_in(index);
    }

    /// A request that wants no answer is done.
    pub fn done(&mut self, token: RequestToken) {
        if let Some((index, ..)) = self.finish(token) {
            self.let_next_in(index);
        }
    }

    /// Closes the connection: the only way to answer when an acks=0 request failed.
    pub fn close(&mut self, ctx: &mut Ctx<'_>, token: RequestToken) {
        let Some((index, connection, _)) = self.finish(token) else { return };
        ctx.send(token.client, token.channel, connection, 0, Body::Disconnected);
        self.connections[index].is_closed = true;
        self.connections[index].waiting.clear();
    }

    /// The client's end is gone. True: it was the open connection's.
    pub fn on_disconnect(&mut self, client: NodeId, channel: Channel, number: u32) -> bool {
        let Ok(index) = self.find(client, channel) else { return false };
        if number != ANY_CONNECTION && number != self.connections[index].number {
            return false;
        }
        // A client that starts again counts its connections from the beginning.
        self.connections.remove(index);
        self.ready.retain(|next| (next.token.client, next.token.channel) != (client, channel));
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::Rng;
    use crate::node::recorder::Recorder;

    fn arrival(connection: u32, correlation: u32) -> Arrival {
        Arrival {
            client: NodeId(101),
            channel: Channel::Data,
            connection,
            correlation,
            request: Request::Metadata,
            cause: None,
        }
    }

    fn turn(recorder: &mut Recorder, turn: impl FnOnce(&mut Ctx<'_>)) {
        recorder.turn(0, NodeId(1), &mut Rng::stream(0, 0), turn);
    }

    fn respond(connections: &mut Connections, recorder: &mut Recorder, token: RequestToken) {
        turn(recorder, |ctx| connections.respond(ctx, token, Response::Heartbeat(None), 10));
    }

    fn open() -> Connections {
        let mut connections = Connections::default();
        connections.open();
        connections
    }

    #[test]
    fn one_request_at_a_time() {
        let (mut connections, mut recorder) = (open(), Recorder::default());
        let first = connections.admit(arrival(0, 1)).expect("nothing at work");
        assert!(connections.admit(arrival(0, 2)).is_none());
        assert!(connections.admit(arrival(0, 3)).is_none());
        respond(&mut connections, &mut recorder, first.token);
        let second = connections.next_ready().expect("unmuted");
        assert!(connections.next_ready().is_none());
        respond(&mut connections, &mut recorder, first.token);
        assert_eq!(recorder.sent.len(), 1, "answered once only");
        connections.done(second.token);
        assert!(connections.next_ready().is_some());
        assert!(matches!(recorder.sent[0].body, Body::Response(1, _)));
    }

    #[test]
    fn a_newer_connection_drops_what_the_old_one_had() {
        let (mut connections, mut recorder) = (open(), Recorder::default());
        let old = connections.admit(arrival(0, 1)).expect("nothing at work");
        assert!(connections.admit(arrival(0, 2)).is_none());
        assert!(connections.admit(arrival(1, 3)).is_some());
        respond(&mut connections, &mut recorder, old.token);
        assert!(recorder.sent.is_empty() && connections.next_ready().is_none());
        assert!(connections.admit(arrival(0, 4)).is_none(), "late on the old connection");
    }

    #[test]
    fn nobody_is_served_before_the_broker_opens() {
        let mut connections = Connections::default();
        assert!(connections.admit(arrival(0, 1)).is_none());
        assert!(connections.admit(arrival(0, 2)).is_none());
        connections.open();
        assert!(connections.next_ready().is_some() && connections.next_ready().is_none());
    }

    #[test]
    fn closing_reads_no_more_until_the_client_connects_again() {
        let (mut connections, mut recorder) = (open(), Recorder::default());
        let first = connections.admit(arrival(0, 1)).expect("nothing at work");
        assert!(connections.admit(arrival(0, 2)).is_none());
        turn(&mut recorder, |ctx| connections.close(ctx, first.token));
        assert!(matches!(recorder.sent[0].body, Body::Disconnected));
        assert!(connections.next_ready().is_none());
        assert!(connections.admit(arrival(0, 3)).is_none());
        assert!(connections.admit(arrival(1, 4)).is_some());
    }

    #[test]
    fn a_client_that_starts_again_counts_from_the_beginning() {
        let (mut connections, mut recorder) = (open(), Recorder::default());
        let old = connections.admit(arrival(5, 1)).expect("nothing at work");
        assert!(connections.on_disconnect(NodeId(101), Channel::Data, ANY_CONNECTION));
        assert!(connections.admit(arrival(0, 1)).is_some());
        respond(&mut connections, &mut recorder, old.token);
        assert!(recorder.sent.is_empty(), "the answer was for another process");
    }
}
