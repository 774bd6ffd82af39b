//! The world around the nodes: queue, network, trace. It carries messages and wakes nodes, and
//! knows nothing of what they say.

use crate::engine::{EventQueue, Held, Micros, Network, NodeId, Rng, Stream, Timer};
use crate::events::{ConsumerExit, Event, EventId, TraceEvent};
use crate::node::{NodeTimer, Outside};
use crate::protocol::{ANY_CONNECTION, Channel, Envelope};
use crate::record::{BatchId, RecordId};

use super::paused::Pause;
use super::transport::Waiting;

/// What the queue holds.
#[derive(Clone, Debug)]
pub(super) enum Wake {
    /// A message arrives.
    Message {
        /// Identity while it flies.
        id: u64,
        /// The message.
        envelope: Envelope,
    },
    /// A timer fires, if the process that set it still lives.
    Timer {
        /// Whose.
        node: NodeId,
        /// Its process at the time.
        incarnation: u32,
        /// What led to it.
        cause: Option<EventId>,
        /// Which.
        timer: NodeTimer,
    },
    /// TCP tries once more to deliver what waits.
    Retransmission(Stream),
    /// The pause of a process may be over, if it still lives.
    Resume {
        /// Whose.
        node: NodeId,
        /// Its process at the time.
        incarnation: u32,
    },
}

/// How a process ends by its own will.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub(super) enum Exit {
    InGoodOrder,
    Halted,
}

/// What the world remembers of a node's process.
#[derive(Copy, Clone, Debug, Default)]
pub(super) struct Process {
    /// Grows with every end of the process, so that its timers die with it.
    incarnation: u32,
    /// The last thing that made it fall silent.
    last_fault: Option<EventId>,
    /// Its machine has no power.
    pub(super) is_off: bool,
}

/// Queue, network and trace.
#[derive(Clone, Debug)]
pub(super) struct World {
    pub(super) queue: EventQueue<Wake>,
    pub(super) network: Network,
    /// What waits at its senders for a way.
    pub(super) held: Held<Waiting>,
    pub(super) machines_off: u32,
    pub(super) pauses: Vec<(NodeId, Pause)>,
    trace: Vec<TraceEvent>,
    next_event: u64,
    next_record: u64,
    next_batch: u64,
    next_message: u64,
    processes: Vec<Process>,
    /// Nodes that called exit or halt during this turn, and how.
    exited: Vec<(NodeId, Exit)>,
}

impl World {
    pub(super) fn new(network: Network) -> Self {
        Self {
            queue: EventQueue::new(),
            network,
            held: Held::new(),
            machines_off: 0,
            pauses: Vec::new(),
            trace: Vec::new(),
            next_event: 0,
            next_record: 0,
            next_batch: 0,
            next_message: 0,
            processes: Vec::new(),
            exited: Vec::new(),
        }
    }

    pub(super) fn process_mut(&mut self, node: NodeId) -> &mut Process {
        let index = usize::from(node.0);
        if index >= self.processes.len() {
            self.processes.resize(index + 1, Process::default());
        }
        &mut self.processes[index]
    }

    pub(super) fn incarnation(&mut self, node: NodeId) -> u32 {
        self.process_mut(node).incarnation
    }

    /// The process is over: its timers no longer fire, and what waited for it is gone.
    pub(super) fn end_process(&mut self, node: NodeId) {
        self.process_mut(node).incarnation += 1;
        self.end_pause(node);
    }

    /// Whether the machine of `node` has no power.
    pub(super) fn is_off(&self, node: NodeId) -> bool {
        self.processes.get(usize::from(node.0)).is_some_and(|process| process.is_off)
    }

    pub(super) fn next_message(&mut self) -> u64 {
        self.next_message += 1;
        self.next_message - 1
    }

    /// `event` explains the silence of `node` from now on.
    pub(super) fn remember_fault(&mut self, node: NodeId, event: EventId) {
        self.process_mut(node).last_fault = Some(event);
    }

    pub(super) fn take_exited(&mut self) -> Option<(NodeId, Exit)> {
        self.exited.pop()
    }

    pub(super) fn trace(&self) -> &[TraceEvent] {
        &self.trace
    }

    pub(super) fn trace_mut(&mut self) -> &mut Vec<TraceEvent> {
        &mut self.trace
    }

    /// Breaks whatever connections `node` has with `peer`, of producers in applications up to
    /// `outputs` too.
    pub(super) fn break_connections(
        &mut self,
        node: NodeId,
        peer: NodeId,
        outputs: u8,
        cause: Option<EventId>,
        rng: &mut Rng,
    ) {
        let usual = [Channel::Data, Channel::Coordinator, Channel::Replica, Channel::Control];
        for channel in usual.into_iter().chain((0..outputs).map(Channel::Output)) {
            self.send_disconnect(node, peer, channel, ANY_CONNECTION, cause, rng);
        }
    }

    /// An absence has a cause, too: whoever takes a node for dead does so because of what happened
    /// to that node.
    fn cause_of(&mut self, cause: Option<EventId>, event: &Event) -> Option<EventId> {
        let silent = match *event {
            Event::BrokerFenced { broker } => broker,
            Event::MemberRemoved { member, exit: ConsumerExit::SessionExpired, .. } => member,
            Event::Disconnected { peer } | Event::RequestTimedOut { peer } => peer,
            _ => return cause,
        };
        self.process_mut(silent).last_fault.or(cause)
    }
}

impl Outside for World {
    fn send(&mut self, envelope: Envelope, rng: &mut Rng) {
        self.transmit(envelope, rng);
    }

    fn set_timer(
        &mut self,
        node: NodeId,
        at_us: Micros,
        cause: Option<EventId>,
        timer: NodeTimer,
    ) -> Timer {
        let incarnation = self.incarnation(node);
        self.queue.schedule(at_us, Wake::Timer { node, incarnation, cause, timer })
    }

    fn cancel_timer(&mut self, timer: Timer) {
        if self.queue.cancel(timer).is_none() && !self.pauses.is_empty() {
            self.cancel_late(timer);
        }
    }

    fn emit(
        &mut self,
        at_us: Micros,
        node: NodeId,
        cause: Option<EventId>,
        event: Event,
    ) -> EventId {
        let id = EventId(self.next_event);
        self.next_event += 1;
        let cause = self.cause_of(cause, &event);
        debug_assert!(cause.is_none_or(|c| c < id), "a cause comes before its effect");
        self.trace.push(TraceEvent { id, at_us, node, cause, event });
        id
    }

    fn next_record_id(&mut self) -> RecordId {
        self.next_record += 1;
        RecordId(self.next_record - 1)
    }

    fn next_batch_id(&mut self) -> BatchId {
        self.next_batch += 1;
        BatchId(self.next_batch - 1)
    }

    fn exit(&mut self, node: NodeId) {
        self.exited.push((node, Exit::InGoodOrder));
    }

    fn halt(&mut self, node: NodeId) {
        self.exited.push((node, Exit::Halted));
    }
}
