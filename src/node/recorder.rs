//! A world for unit tests: it remembers what a node did and delivers nothing.

use crate::engine::{Micros, NodeId, Rng, Timer};
use crate::events::{Event, EventId};
use crate::protocol::Envelope;
use crate::record::{BatchId, RecordId};

use super::{Ctx, NodeTimer, Outside};

/// What a node did, in order.
#[derive(Default)]
pub struct Recorder {
    /// Messages sent.
    pub sent: Vec<Envelope>,
    /// Timers set: handle, when, what; `None` once cancelled.
    pub timers: Vec<(Timer, Micros, Option<NodeTimer>)>,
    /// Events emitted: when and what.
    pub events: Vec<(Micros, Event)>,
    /// What caused them.
    pub causes: Vec<Option<EventId>>,
    /// Nodes that called exit.
    pub exited: Vec<NodeId>,
    records: u64,
    batches: u64,
}

impl Recorder {
    /// Runs one turn of `me` at `now`.
    pub fn turn<R>(
        &mut self,
        now: Micros,
        me: NodeId,
        rng: &mut Rng,
        turn: impl FnOnce(&mut Ctx<'_>) -> R,
    ) -> R {
        turn(&mut Ctx::new(now, me, rng, None, self))
    }

    /// Timers still set, earliest first.
    pub fn pending(&self) -> Vec<(Micros, NodeTimer)> {
        let mut pending: Vec<_> =
            self.timers.iter().filter_map(|&(_, at, t)| t.map(|t| (at, t))).collect();
        pending.sort_by_key(|&(at, _)| at);
        pending
    }
}

impl Outside for Recorder {
    fn send(&mut self, envelope: Envelope, _rng: &mut Rng) {
        self.sent.push(envelope);
    }

    fn set_timer(
        &mut self,
        _node: NodeId,
        at_us: Micros,
        _cause: Option<EventId>,
        timer: NodeTimer,
    ) -> Timer {
        let handle = Timer::stub(self.timers.len() as u32);
        self.timers.push((handle, at_us, Some(timer)));
        handle
    }

    fn cancel_timer(&mut self, timer: Timer) {
        if let Some(slot) = self.timers.iter_mut().find(|(handle, ..)| *handle == timer) {
            slot.2 = None;
        }
    }

    fn emit(
        &mut self,
        at_us: Micros,
        _node: NodeId,
        cause: Option<EventId>,
        event: Event,
    ) -> EventId {
        self.events.push((at_us, event));
        self.causes.push(cause);
        EventId(self.events.len() as u64 - 1)
    }

    fn next_record_id(&mut self) -> RecordId {
        self.records += 1;
        RecordId(self.records - 1)
    }

    fn next_batch_id(&mut self) -> BatchId {
        self.batches += 1;
        BatchId(self.batches - 1)
    }

    fn exit(&mut self, node: NodeId) {
        self.exited.push(node);
    }
}
