//! A node's hands: the only way it acts on the world.

use crate::engine::{Micros, NodeId, Rng, Timer};
use crate::events::{Event, EventId};
use crate::protocol::{Body, Channel, Envelope};
use crate::record::{BatchId, RecordId};

use super::NodeTimer;

/// What the world offers a node. Implemented by the cluster; tests may implement it with a
/// vector.
pub trait Outside {
    /// Hands a message to the network.
    fn send(&mut self, envelope: Envelope, rng: &mut Rng);
    /// Wakes `node` at `at_us`.
    fn set_timer(
        &mut self,
        node: NodeId,
        at_us: Micros,
        cause: Option<EventId>,
        timer: NodeTimer,
    ) -> Timer;
    /// Takes a timer back; nothing happens if it has fired.
    fn cancel_timer(&mut self, timer: Timer);
    /// Records an event.
    fn emit(
        &mut self,
        at_us: Micros,
        node: NodeId,
        cause: Option<EventId>,
        event: Event,
    ) -> EventId;
    /// A fresh record identity.
    fn next_record_id(&mut self) -> RecordId;
    /// A fresh batch identity.
    fn next_batch_id(&mut self) -> BatchId;
    /// The node's process ends after this turn, in good order.
    fn exit(&mut self, node: NodeId);
    /// The node's process ends after this turn, as if it were killed (Java's `Runtime.halt`).
    fn halt(&mut self, node: NodeId) {
        self.exit(node);
    }
}

/// One node, at one moment, with what it may do.
pub struct Ctx<'a> {
    /// Now, in virtual µs.
    pub now: Micros,
    /// The node itself.
    pub me: NodeId,
    /// Its own random stream.
    pub rng: &'a mut Rng,
    /// What led here; effects of this turn inherit it. Emitting moves it on.
    pub cause: Option<EventId>,
    outside: &'a mut dyn Outside,
}

impl<'a> Ctx<'a> {
    /// A turn of `me` at `now`.
    pub fn new(
        now: Micros,
        me: NodeId,
        rng: &'a mut Rng,
        cause: Option<EventId>,
        outside: &'a mut dyn Outside,
    ) -> Self {
        Self { now, me, rng, cause, outside }
    }

    /// Sends `body` to `to`. `connection` counts the client's connections on this channel; `bytes`
    /// is the size on the wire.
    pub fn send(&mut self, to: NodeId, channel: Channel, connection: u32, bytes: u32, body: Body) {
        let envelope = Envelope {
            from: self.me,
            to,
            channel,
            connection,
            sent_us: self.now,
            bytes,
            cause: self.cause,
            body,
        };
        self.outside.send(envelope, self.rng);
    }

    /// Wakes this node `after_us` from now.
    pub fn set_timer(&mut self, after_us: Micros, timer: NodeTimer) -> Timer {
        self.outside.set_timer(self.me, self.now + after_us, self.cause, timer)
    }

    /// Wakes this node at `at_us` (now at the earliest).
    pub fn set_timer_at(&mut self, at_us: Micros, timer: NodeTimer) -> Timer {
        self.outside.set_timer(self.me, at_us.max(self.now), self.cause, timer)
    }

    /// Takes a timer back.
    pub fn cancel_timer(&mut self, timer: Timer) {
        self.outside.cancel_timer(timer);
    }

    /// Records an event; what this turn does from here on was caused by it.
    pub fn emit(&mut self, event: Event) -> EventId {
        let id = self.outside.emit(self.now, self.me, self.cause, event);
        self.cause = Some(id);
        id
    }

    /// Records an event without becoming the cause of what follows.
    pub fn note(&mut self, event: Event) -> EventId {
        self.outside.emit(self.now, self.me, self.cause, event)
    }

    /// A fresh record identity.
    pub fn next_record_id(&mut self) -> RecordId {
        self.outside.next_record_id()
    }

    /// A fresh batch identity.
    pub fn next_batch_id(&mut self) -> BatchId {
        self.outside.next_batch_id()
    }

    /// Ends this process after the present turn, in good order: peers see the connections close.
    pub fn exit(&mut self) {
        self.outside.exit(self.me);
    }

    /// Ends this process after the present turn, as if it were killed.
    pub fn halt(&mut self) {
        self.outside.halt(self.me);
    }
}
