//! What the active controller of a quorum wants to do to the world waits until what it wrote is
//! committed (Kafka's `DeferredEventQueue`): answers, metadata for brokers, events of the trace.
//!
//! A turn runs with [`Hands`] for its world; they pass timers through and keep all else. What is
//! kept never happens when the controller loses its place: then callers hear NOT_CONTROLLER.

use std::collections::VecDeque;

use crate::engine::{Micros, NodeId, Rng, Timer};
use crate::events::{Event, EventId};
use crate::node::{Ctx, NodeTimer, Outside};
use crate::protocol::{Body, Envelope, Response};
use crate::record::{BatchId, RecordId};

/// Events of a draft have these ids until they happen.
const FIRST_DRAFTED: u64 = 1 << 63;

#[derive(Clone, Debug)]
enum Act {
    Emit { cause: Option<EventId>, event: Event },
    Send(Envelope),
}

/// What one turn wants to do, in order.
#[derive(Clone, Debug, Default)]
pub struct Draft {
    acts: Vec<Act>,
    events: u64,
}

/// A turn's hands while it is drafted.
pub struct Hands<'a, 'b> {
    /// What is kept.
    pub draft: &'a mut Draft,
    /// The world, for timers.
    pub world: &'a mut Ctx<'b>,
}

impl Outside for Hands<'_, '_> {
    fn send(&mut self, envelope: Envelope, _rng: &mut Rng) {
        self.draft.acts.push(Act::Send(envelope));
    }

    fn set_timer(
        &mut self,
        _node: NodeId,
        at_us: Micros,
        cause: Option<EventId>,
        timer: NodeTimer,
    ) -> Timer {
        let happened = cause.filter(|cause| cause.0 < FIRST_DRAFTED);
        let before = std::mem::replace(&mut self.world.cause, happened);
        let timer = self.world.set_timer_at(at_us, timer);
        self.world.cause = before;
        timer
    }

    fn cancel_timer(&mut self, timer: Timer) {
        self.world.cancel_timer(timer);
    }

    fn emit(
        &mut self,
        _at_us: Micros,
        _node: NodeId,
        cause: Option<EventId>,
        event: Event,
    ) -> EventId {
        self.draft.acts.push(Act::Emit { cause, event });
        self.draft.events += 1;
        EventId(FIRST_DRAFTED + self.draft.events - 1)
    }

    fn next_record_id(&mut self) -> RecordId {
        self.world.next_record_id()
    }

    fn next_batch_id(&mut self) -> BatchId {
        self.world.next_batch_id()
    }

    fn exit(&mut self, _node: NodeId) {
        self.world.exit();
    }
}

impl Draft {
    /// Does it all.
    fn happen(self, ctx: &mut Ctx<'_>) {
        let mut happened: Vec<EventId> = Vec::new();
        let real = |cause: Option<EventId>, happened: &[EventId]| {
            let cause = cause?;
            match cause.0.checked_sub(FIRST_DRAFTED) {
                Some(index) => happened.get(index as usize).copied(),
                None => Some(cause),
            }
        };
        for act in self.acts {
            match act {
                Act::Emit { cause, event } => {
                    ctx.cause = real(cause, &happened);
                    happened.push(ctx.note(event));
                }
                Act::Send(Envelope { to, channel, connection, bytes, cause, body, .. }) => {
                    ctx.cause = real(cause, &happened);
                    ctx.send(to, channel, connection, bytes, body);
                }
            }
        }
    }

    /// Nothing of it happens: whoever waits for an answer is sent to `leader`.
    fn fail(self, ctx: &mut Ctx<'_>, leader: Option<NodeId>) {
        for act in self.acts {
            if let Act::Send(Envelope { to, channel, connection, bytes, body, .. }) = act
                && let Body::Response(correlation, _) = body
            {
                let body = Body::Response(correlation, Response::NotController(leader));
                ctx.send(to, channel, connection, bytes, body);
            }
        }
    }
}

/// Drafts in order, each with the end of the log that has to be committed before.
#[derive(Clone, Debug, Default)]
pub struct Outbox {
    drafts: VecDeque<(i64, Draft)>,
}

impl Outbox {
    /// Keeps a draft until everything below `offset` is committed.
    pub fn keep(&mut self, offset: i64, draft: Draft) {
        if !draft.acts.is_empty() {
            self.drafts.push_back((offset, draft));
        }
    }

    /// What waited for `committed_offset` happens.
    pub fn release(&mut self, ctx: &mut Ctx<'_>, committed_offset: i64) {
        let cause = ctx.cause;
        while let Some((_, draft)) =
            self.drafts.pop_front_if(|(offset, _)| *offset <= committed_offset)
        {
            draft.happen(ctx);
        }
        ctx.cause = cause;
    }

    /// The controller is no longer active.
    pub fn fail(&mut self, ctx: &mut Ctx<'_>, leader: Option<NodeId>) {
        self.drafts.drain(..).for_each(|(_, draft)| draft.fail(ctx, leader));
    }
}
