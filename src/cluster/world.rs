//! The world around the nodes: queue, network, trace. It carries messages and wakes nodes, and
//! knows nothing of what they say.

use crate::engine::{Delivery, EventQueue, Micros, Network, NodeId, Rng, Timer};
use crate::events::{ConsumerExit, Event, EventId, TraceEvent};
use crate::node::{NodeTimer, Outside};
use crate::protocol::{ANY_CONNECTION, Body, Channel, Envelope};
use crate::record::{BatchId, RecordId};

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
}

/// What the world remembers of a node's process.
#[derive(Copy, Clone, Debug, Default)]
struct Process {
    /// Grows with every end of the process, so that its timers die with it.
    incarnation: u32,
    /// The last thing that made it fall silent.
    last_fault: Option<EventId>,
}

/// Queue, network and trace.
#[derive(Clone, Debug)]
pub(super) struct World {
    pub(super) queue: EventQueue<Wake>,
    pub(super) network: Network,
    trace: Vec<TraceEvent>,
    next_event: u64,
    next_record: u64,
    next_batch: u64,
    next_message: u64,
    processes: Vec<Process>,
    /// Nodes that called exit during this turn.
    exited: Vec<NodeId>,
}

impl World {
    pub(super) fn new(network: Network) -> Self {
        Self {
            queue: EventQueue::new(),
            network,
            trace: Vec::new(),
            next_event: 0,
            next_record: 0,
            next_batch: 0,
            next_message: 0,
            processes: Vec::new(),
            exited: Vec::new(),
        }
    }

    fn process(&mut self, node: NodeId) -> &mut Process {
        let index = usize::from(node.0);
        if index >= self.processes.len() {
            self.processes.resize(index + 1, Process::default());
        }
        &mut self.processes[index]
    }

    pub(super) fn incarnation(&mut self, node: NodeId) -> u32 {
        self.process(node).incarnation
    }

    /// The process is over: its timers no longer fire.
    pub(super) fn end_process(&mut self, node: NodeId) {
        self.process(node).incarnation += 1;
    }

    /// `event` explains the silence of `node` from now on.
    pub(super) fn remember_fault(&mut self, node: NodeId, event: EventId) {
        self.process(node).last_fault = Some(event);
    }

    pub(super) fn take_exited(&mut self) -> Option<NodeId> {
        self.exited.pop()
    }

    pub(super) fn trace(&self) -> &[TraceEvent] {
        &self.trace
    }

    pub(super) fn trace_mut(&mut self) -> &mut Vec<TraceEvent> {
        &mut self.trace
    }

    /// Tells `to` that the connection with `from` is gone, after the time a packet takes.
    pub(super) fn send_disconnect(
        &mut self,
        from: NodeId,
        to: NodeId,
        channel: Channel,
        connection: u32,
        cause: Option<EventId>,
        rng: &mut Rng,
    ) {
        let sent_us = self.queue.now();
        let body = Body::Disconnected;
        let bytes = 40;
        self.send(Envelope { from, to, channel, connection, sent_us, bytes, cause, body }, rng);
    }

    /// Breaks whatever connections `node` has with `peer`.
    pub(super) fn break_connections(
        &mut self,
        node: NodeId,
        peer: NodeId,
        cause: Option<EventId>,
        rng: &mut Rng,
    ) {
        for channel in [Channel::Data, Channel::Coordinator, Channel::Replica, Channel::Control] {
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
        self.process(silent).last_fault.or(cause)
    }
}

impl Outside for World {
    fn send(&mut self, envelope: Envelope, rng: &mut Rng) {
        let channel = envelope.channel as u8;
        let now = self.queue.now();
        match self.network.transmit(now, envelope.from, envelope.to, channel, envelope.bytes, rng) {
            Delivery::At(at_us) => {
                let id = self.next_message;
                self.next_message += 1;
                self.queue.schedule(at_us, Wake::Message { id, envelope });
            }
            Delivery::Dropped => {}
        }
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
        self.queue.cancel(timer);
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
        self.exited.push(node);
    }
}
