//! TCP between the nodes: an ordered stream of bytes that a cut delays and does not lose.
//!
//! What finds the way cut, or the machine at the other end without power, waits at its sender and
//! goes out again with the next retransmission that gets through. What belongs to a connection that
//! was closed meanwhile, or to a process that is gone, no longer arrives.

use crate::engine::{Delivery, Micros, NodeId, Rng, Stream};
use crate::protocol::{ANY_CONNECTION, Body, Channel, Envelope};
use crate::view::WaitingView;

use super::world::{Wake, World};

/// A message that waits at its sender.
#[derive(Clone, Debug)]
pub(super) struct Waiting {
    envelope: Envelope,
    /// The receiving process it was meant for.
    receiver: u32,
}

fn stream_of(envelope: &Envelope) -> Stream {
    Stream { from: envelope.from, to: envelope.to, channel: envelope.channel.number() }
}

fn is_response(envelope: &Envelope) -> bool {
    matches!(envelope.body, Body::Response(..))
}

/// Whether a response or request on `connection` shows that the connection `older` travels on was
/// closed by its owner.
fn is_superseded(older: &Envelope, by_response: bool, connection: u32) -> bool {
    match older.body {
        _ if connection == ANY_CONNECTION => false,
        // The end of an old connection is no news to who answers on a new one.
        Body::Disconnected => by_response,
        _ => is_response(older) == by_response && older.connection != connection,
    }
}

impl World {
    /// Hands a message to the wires, or lets it wait.
    pub(super) fn transmit(&mut self, envelope: Envelope, rng: &mut Rng) {
        if self.has_waiting_lines() && self.must_wait(&envelope) {
            return self.hold(envelope);
        }
        let now = self.queue.now();
        let channel = envelope.channel.number();
        match self.network.transmit(now, envelope.from, envelope.to, channel, envelope.bytes, rng) {
            Delivery::At(at_us) => self.fly(at_us, envelope),
            Delivery::Dropped => self.hold(envelope),
        }
    }

    fn has_waiting_lines(&self) -> bool {
        !self.held.is_empty() || self.machines_off > 0
    }

    fn must_wait(&self, envelope: &Envelope) -> bool {
        self.held.is_holding(stream_of(envelope)) || self.is_off(envelope.to)
    }

    /// Lets a message wait at its sender.
    pub(super) fn hold(&mut self, envelope: Envelope) {
        let (now, stream) = (self.queue.now(), stream_of(&envelope));
        let receiver = self.incarnation(envelope.to);
        let (by_response, connection) = (is_response(&envelope), envelope.connection);
        self.held.hold(now, stream, Waiting { envelope, receiver }, |older| {
            !is_superseded(&older.envelope, by_response, connection)
        });
    }

    /// What waits: first at the senders, then in the sockets of those who stand still.
    pub(super) fn waiting(&self) -> Vec<WaitingView> {
        let mut all: Vec<WaitingView> = Vec::new();
        let mut add = |from, to, messages, arrived| match all
            .iter_mut()
            .find(|waiting| (waiting.from, waiting.to, waiting.arrived) == (from, to, arrived))
        {
            Some(waiting) => waiting.messages += messages,
            None if messages == 0 => {}
            None => all.push(WaitingView { from, to, messages, arrived }),
        };
        for (stream, messages) in self.held.iter() {
            add(stream.from, stream.to, messages.len() as u32, false);
        }
        for envelope in self.in_sockets() {
            add(envelope.from, envelope.to, 1, true);
        }
        all
    }

    /// The ways from and to these nodes may be free again: whoever waits on one tries it with its
    /// next retransmission.
    pub(super) fn try_again(&mut self, is_meant: impl Fn(NodeId, NodeId) -> bool) {
        let now = self.queue.now();
        let Self { held, network, .. } = self;
        let due = held.retransmissions(now, |stream| {
            is_meant(stream.from, stream.to) && !network.is_cut(stream.from, stream.to)
        });
        for (at_us, stream) in due {
            self.queue.schedule(at_us, Wake::Retransmission(stream));
        }
    }

    /// A retransmission is due: it finds its way, and all that waited goes with it, or not.
    pub(super) fn on_retransmission(&mut self, stream: Stream, rng: &mut Rng) {
        let now = self.queue.now();
        if self.network.is_cut(stream.from, stream.to) || self.is_off(stream.to) {
            return self.held.lose(now, stream);
        }
        let receiver = self.incarnation(stream.to);
        let mut reset: Option<Envelope> = None;
        for Waiting { envelope, receiver: meant } in self.held.release(now, stream) {
            let is_reset = reset.as_ref().is_some_and(|reset| {
                let kinds = (is_response(reset), is_response(&envelope));
                reset.connection == envelope.connection && kinds.0 == kinds.1
            });
            if meant == receiver && !is_reset {
                self.transmit(envelope, rng);
            } else if !matches!(envelope.body, Body::Disconnected) {
                reset = Some(envelope);
            }
        }
        // The machine knows nothing of that connection any more, and says so.
        if let Some(Envelope { channel, connection, cause, .. }) = reset {
            self.send_disconnect(stream.to, stream.from, channel, connection, cause, rng);
        }
    }

    fn fly(&mut self, at_us: Micros, envelope: Envelope) {
        let id = self.next_message();
        self.queue.schedule(at_us, Wake::Message { id, envelope });
    }

    /// Tells `to` that the connection with `from` is gone, after the time a packet takes.
    pub(super) fn send_disconnect(
        &mut self,
        from: NodeId,
        to: NodeId,
        channel: Channel,
        connection: u32,
        cause: Option<crate::events::EventId>,
        rng: &mut Rng,
    ) {
        let sent_us = self.queue.now();
        let body = Body::Disconnected;
        let bytes = 40;
        self.transmit(Envelope { from, to, channel, connection, sent_us, bytes, cause, body }, rng);
    }

    /// The machine of `node` goes off: what waited there is gone, what is sent to it waits.
    pub(super) fn power_off(&mut self, node: NodeId) {
        self.process_mut(node).is_off = true;
        self.machines_off += 1;
        self.held.forget_sender(node);
    }

    /// The machine of `node` is on; nothing happens if it was on already.
    pub(super) fn power_on(&mut self, node: NodeId) {
        if std::mem::take(&mut self.process_mut(node).is_off) {
            self.machines_off -= 1;
            // It knows none of the connections that were tried meanwhile.
            self.end_process(node);
            self.try_again(|_, to| to == node);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::{Micros, Network, NetworkConfig};
    use crate::protocol::Request;

    const CLIENT: NodeId = NodeId(101);
    const BROKER: NodeId = NodeId(1);

    fn request(connection: u32, correlation: u32) -> Envelope {
        Envelope {
            from: CLIENT,
            to: BROKER,
            channel: Channel::Data,
            connection,
            sent_us: 0,
            bytes: 10,
            cause: None,
            body: Body::Request(correlation, Request::Metadata),
        }
    }

    /// A world whose link from client to broker is cut.
    fn cut() -> (World, Rng) {
        let mut world = World::new(Network::new(NetworkConfig::default()));
        world.network.partition_one_way(CLIENT, BROKER);
        (world, Rng::stream(1, 1))
    }

    /// The link heals at `heal_us`; what arrives then, and where.
    fn healed(world: &mut World, rng: &mut Rng, heal_us: Micros) -> Vec<(NodeId, Option<u32>)> {
        world.queue.advance_to(heal_us);
        world.network.heal(CLIENT, BROKER);
        world.try_again(|_, _| true);
        let mut arrived = Vec::new();
        while let Some((_, wake)) = world.queue.pop() {
            match wake {
                Wake::Retransmission(stream) => world.on_retransmission(stream, rng),
                Wake::Message { envelope, .. } => arrived.push(match envelope.body {
                    Body::Request(correlation, _) => (envelope.to, Some(correlation)),
                    _ => (envelope.to, None),
                }),
                other => panic!("{other:?}"),
            }
        }
        arrived
    }

    #[test]
    fn what_a_cut_delayed_arrives_in_order() {
        let (mut world, mut rng) = cut();
        (1..=3).for_each(|correlation| world.transmit(request(0, correlation), &mut rng));
        let arrived = healed(&mut world, &mut rng, 10_000_000);
        assert_eq!(arrived, [1, 2, 3].map(|correlation| (BROKER, Some(correlation))));
        assert!(world.queue.now() > 12_600_000, "with the retransmission, not with the healing");
    }

    #[test]
    fn what_was_sent_on_a_closed_connection_does_not() {
        let (mut world, mut rng) = cut();
        world.transmit(request(0, 1), &mut rng);
        world.transmit(request(1, 2), &mut rng);
        assert_eq!(healed(&mut world, &mut rng, 1_000), [(BROKER, Some(2))]);
    }

    #[test]
    fn a_restarted_process_resets_the_whole_connection() {
        let (mut world, mut rng) = cut();
        world.transmit(request(0, 1), &mut rng);
        world.end_process(BROKER);
        world.transmit(request(0, 2), &mut rng);
        assert_eq!(healed(&mut world, &mut rng, 1_000), [(CLIENT, None)]);
    }

    #[test]
    fn a_machine_without_power_answers_when_it_is_back() {
        let (mut world, mut rng) = cut();
        world.network.heal(CLIENT, BROKER);
        world.power_off(BROKER);
        world.transmit(request(0, 1), &mut rng);
        assert!(world.queue.is_empty());
        world.power_on(BROKER);
        assert_eq!(healed(&mut world, &mut rng, 1_000), [(CLIENT, None)]);
    }
}
