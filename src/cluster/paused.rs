//! Processes that stand still for a while, as in a long garbage collection: what arrives waits in
//! the socket, timers come late, and nobody is told.

use std::collections::VecDeque;

use crate::engine::{Micros, NodeId, Timer};
use crate::events::{Event, EventId};
use crate::node::{NodeTimer, Outside};
use crate::protocol::Envelope;

use super::Cluster;
use super::world::{Wake, World};

/// What waits for a paused process.
#[derive(Clone, Debug)]
pub(super) struct Pause {
    until_us: Micros,
    /// It has resumed, and hears what came late.
    is_over: bool,
    messages: VecDeque<Envelope>,
    timers: VecDeque<LateTimer>,
}

/// A timer that has come while nobody could hear it.
#[derive(Clone, Debug)]
pub(super) struct LateTimer {
    pub(super) handle: Timer,
    pub(super) cause: Option<EventId>,
    pub(super) timer: NodeTimer,
}

/// What a process hears first when it goes on.
pub(super) enum Late {
    Message(Envelope),
    Timer(LateTimer),
}

impl World {
    /// Whether the process stands still.
    pub(super) fn is_paused(&self, node: NodeId) -> bool {
        self.pauses.iter().any(|&(paused, _)| paused == node)
    }

    fn pause_of(&mut self, node: NodeId) -> Option<&mut Pause> {
        self.pauses.iter_mut().find(|(paused, _)| *paused == node).map(|(_, pause)| pause)
    }

    /// Keeps a message for a paused process, or gives it back.
    pub(super) fn park_message(&mut self, envelope: Envelope) -> Option<Envelope> {
        match self.pause_of(envelope.to) {
            Some(pause) => {
                pause.messages.push_back(envelope);
                None
            }
            None => Some(envelope),
        }
    }

    /// Keeps a timer for a paused process, or gives it back.
    pub(super) fn park_timer(&mut self, node: NodeId, late: LateTimer) -> Option<LateTimer> {
        match self.pause_of(node) {
            Some(pause) => {
                pause.timers.push_back(late);
                None
            }
            None => Some(late),
        }
    }

    /// Takes back a timer that has come and was not heard.
    pub(super) fn cancel_late(&mut self, handle: Timer) {
        for (_, pause) in &mut self.pauses {
            pause.timers.retain(|late| late.handle != handle);
        }
    }

    /// The process stands still until `until_us`, or longer if it does already.
    fn pause(&mut self, node: NodeId, until_us: Micros) {
        match self.pause_of(node) {
            Some(pause) => {
                pause.until_us = pause.until_us.max(until_us);
                pause.is_over = false;
            }
            None => {
                let (messages, timers) = (VecDeque::new(), VecDeque::new());
                self.pauses.push((node, Pause { until_us, is_over: false, messages, timers }));
            }
        }
        let incarnation = self.incarnation(node);
        self.queue.schedule(until_us, Wake::Resume { node, incarnation });
    }

    /// What the process hears next: first what lies in its sockets, then the clock, as in Kafka's
    /// `NetworkClient.poll`. `None`: that was all, and it is no longer paused.
    fn next_late(&mut self, node: NodeId) -> Option<Late> {
        let pause = self.pause_of(node)?;
        if let Some(message) = pause.messages.pop_front() {
            return Some(Late::Message(message));
        }
        if let Some(timer) = pause.timers.pop_front() {
            return Some(Late::Timer(timer));
        }
        self.end_pause(node);
        None
    }

    /// Forgets a pause with all that waits for its end.
    pub(super) fn end_pause(&mut self, node: NodeId) {
        self.pauses.retain(|(paused, _)| *paused != node);
    }
}

impl Cluster {
    /// Stops a process without ending it.
    pub(super) fn pause(&mut self, node: NodeId, for_us: Micros, cause: Option<EventId>) {
        let now = self.now();
        let paused = self.world.emit(now, node, cause, Event::NodePaused { for_us });
        self.world.remember_fault(node, paused);
        self.world.pause(node, now.saturating_add(for_us));
    }

    /// The pause of a process may be over: then it hears what came meanwhile, a piece a step.
    pub(super) fn resume(&mut self, node: NodeId) {
        let now = self.now();
        let Some(pause) = self.world.pause_of(node).filter(|pause| pause.until_us <= now) else {
            return;
        };
        if !std::mem::replace(&mut pause.is_over, true) {
            self.world.emit(now, node, None, Event::NodeResumed);
        }
        let Some(late) = self.world.next_late(node) else { return };
        let incarnation = self.world.incarnation(node);
        self.world.queue.schedule(now, Wake::Resume { node, incarnation });
        match late {
            Late::Message(envelope) => self.hand_over(envelope),
            Late::Timer(LateTimer { cause, timer, .. }) => {
                self.turn(node, cause, |machine, ctx| machine.on_timer(ctx, timer));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::{Network, NetworkConfig};
    use crate::node::BrokerTimer;

    const NODE: NodeId = NodeId(1);

    #[test]
    fn a_timer_that_came_during_a_pause_can_be_taken_back() {
        let mut world = World::new(Network::new(NetworkConfig::default()));
        let timer = NodeTimer::Broker(BrokerTimer::Heartbeat);
        let handles = [10, 20].map(|at_us| world.set_timer(NODE, at_us, None, timer));
        world.pause(NODE, 100);
        for _ in 0..2 {
            let popped = world.queue.pop_with_timer(Micros::MAX);
            let Some((_, handle, Wake::Timer { cause, timer, .. })) = popped else {
                panic!("two timers come first")
            };
            assert!(world.park_timer(NODE, LateTimer { handle, cause, timer }).is_none());
        }
        world.cancel_timer(handles[0]);
        assert!(
            matches!(world.next_late(NODE), Some(Late::Timer(late)) if late.handle == handles[1])
        );
        assert!(world.is_paused(NODE) && world.next_late(NODE).is_none());
        assert!(!world.is_paused(NODE));
    }
}
