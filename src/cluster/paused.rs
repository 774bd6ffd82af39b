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
    /// What ends it: its own length, or a command.
    cause: EventId,
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

    /// Who stands still, and until when.
    pub(super) fn paused(&self) -> impl Iterator<Item = (NodeId, Micros)> {
        let pauses = self.pauses.iter().filter(|(_, pause)| !pause.is_over);
        pauses.map(|(node, pause)| (*node, pause.until_us))
    }

    /// What has come and was not heard.
    pub(super) fn in_sockets(&self) -> impl Iterator<Item = &Envelope> {
        self.pauses.iter().flat_map(|(_, pause)| &pause.messages)
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
    fn pause(&mut self, node: NodeId, until_us: Micros, cause: EventId) {
        match self.pause_of(node) {
            Some(pause) => {
                if pause.until_us <= until_us {
                    (pause.until_us, pause.cause) = (until_us, cause);
                }
                pause.is_over = false;
            }
            None => {
                let (messages, timers) = (VecDeque::new(), VecDeque::new());
                let pause = Pause { until_us, cause, is_over: false, messages, timers };
                self.pauses.push((node, pause));
            }
        }
        self.resume_at(node, until_us);
    }

    /// The pause of a process ends now.
    fn cut_short(&mut self, node: NodeId, cause: Option<EventId>) {
        let now = self.queue.now();
        let Some(pause) = self.pause_of(node) else { return };
        (pause.until_us, pause.cause) = (now, cause.unwrap_or(pause.cause));
    }

    fn resume_at(&mut self, node: NodeId, until_us: Micros) {
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
    /// Stops a process without ending it; for no time: lets one that stands still go on.
    pub(super) fn pause(&mut self, node: NodeId, for_us: Micros, cause: Option<EventId>) {
        let now = self.now();
        if for_us == 0 {
            self.world.cut_short(node, cause);
            return self.resume(node);
        }
        let paused = self.world.emit(now, node, cause, Event::NodePaused { for_us });
        self.world.remember_fault(node, paused);
        self.world.pause(node, now.saturating_add(for_us), paused);
    }

    /// The pause of a process may be over: then it hears what came meanwhile, a piece a step.
    pub(super) fn resume(&mut self, node: NodeId) {
        let now = self.now();
        let Some(pause) = self.world.pause_of(node).filter(|pause| pause.until_us <= now) else {
            return;
        };
        if !std::mem::replace(&mut pause.is_over, true) {
            let cause = Some(pause.cause);
            self.world.emit(now, node, cause, Event::NodeResumed);
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
    use crate::cluster::{ClusterSetup, Command};
    use crate::engine::{Network, NetworkConfig};
    use crate::node::{BrokerTimer, CONTROLLER};

    const NODE: NodeId = NodeId(1);

    #[test]
    fn a_pause_is_ended_by_whoever_began_it() {
        let mut cluster = Cluster::new(&ClusterSetup::default()).expect("defaults make sense");
        let pause = |for_us| Command::Pause { node: "controller".into(), for_us };
        let refused = cluster.apply(pause(0)).expect_err("it does not stand still");
        assert!(refused.starts_with("controller is not paused"), "{refused}");
        while cluster.step(5_000_000) {}
        cluster.apply(pause(60_000_000)).expect("there is one");
        while cluster.step(8_000_000) {}
        let view = cluster.view();
        assert_eq!(view.paused, [(CONTROLLER, 65_000_000)]);
        let heartbeats = |from| view.waiting.iter().find(|waiting| waiting.from == NodeId(from));
        for heartbeats in [1, 2, 3].map(heartbeats) {
            let waiting = heartbeats.expect("each broker sent some");
            assert!(waiting.to == CONTROLLER && waiting.arrived && waiting.messages > 0);
        }
        cluster.apply(pause(0)).expect("now it does");
        assert!(cluster.view().paused.is_empty(), "at once");
        while cluster.step(8_000_001) {}
        let view = cluster.view();
        assert!(view.paused.is_empty() && view.waiting.is_empty());
        let mut trace = Vec::new();
        cluster.take_trace(&mut trace);
        let resumed = trace.iter().find(|event| matches!(event.event, Event::NodeResumed));
        let cause = resumed.and_then(|resumed| resumed.cause).expect("a cause");
        let cause = trace.iter().find(|event| event.id == cause).map(|event| &event.event);
        assert!(matches!(cause, Some(Event::CommandApplied(words)) if words.message == "resume"));
    }

    #[test]
    fn a_timer_that_came_during_a_pause_can_be_taken_back() {
        let mut world = World::new(Network::new(NetworkConfig::default()));
        let timer = NodeTimer::Broker(BrokerTimer::Heartbeat);
        let handles = [10, 20].map(|at_us| world.set_timer(NODE, at_us, None, timer));
        world.pause(NODE, 100, EventId(0));
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
