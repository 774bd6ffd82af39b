//! The life of processes: start, close, kill, restart, remove.

use std::sync::Arc;

use crate::broker::Broker;
use crate::engine::NodeId;
use crate::events::{Event, EventId};
use crate::node::{Ctx, FIRST_CLIENT, MAX_BROKER, Outside, is_broker, is_controller};
use crate::view::ProcessState;

use super::Cluster;
use super::slot::{ClientSpec, Machine, Slot};

impl Cluster {
    /// Starts a process that does not run.
    pub(super) fn start(&mut self, node: NodeId, cause: Option<EventId>) {
        let now = self.now();
        self.world.power_on(node);
        let Some(slot) = self.slot_mut(node) else { return };
        slot.process = ProcessState::Running;
        let name = slot.name.clone();
        let started = self.world.emit(now, node, cause, Event::NodeStarted { name });
        self.turn(node, Some(started), |machine, ctx| machine.on_start(ctx));
    }

    /// Asks a running process to end in good order.
    pub(super) fn close(&mut self, node: NodeId, cause: Option<EventId>) {
        let Some(slot) = self.slot_mut(node) else { return };
        if slot.process == ProcessState::Running {
            slot.process = ProcessState::Stopping;
            self.turn(node, cause, |machine, ctx| machine.on_close(ctx));
        }
    }

    /// Ends a process at once: peers see their connections break, memory is gone.
    pub(super) fn kill(&mut self, node: NodeId, cause: Option<EventId>) {
        let killed = self.end_at_once(node, cause);
        self.abandon(node, killed);
        self.break_connections(node, killed);
    }

    /// Takes the power from a broker's machine: what was not flushed is gone, and nobody is told.
    pub(super) fn lose_power(&mut self, node: NodeId, cause: Option<EventId>) {
        let now = self.now();
        let lost = self.world.emit(now, node, cause, Event::PowerLost);
        let killed = self.end_at_once(node, Some(lost));
        self.world.power_off(node);
        self.with_broker(node, Some(killed), |broker, ctx| broker.lose_power(ctx));
    }

    fn end_at_once(&mut self, node: NodeId, cause: Option<EventId>) -> EventId {
        let now = self.now();
        let killed = self.world.emit(now, node, cause, Event::NodeKilled);
        self.world.remember_fault(node, killed);
        if let Some(slot) = self.slot_mut(node) {
            slot.process = ProcessState::Crashed;
            slot.restart_as = None;
        }
        self.world.end_process(node);
        killed
    }

    /// Does something to a broker, running or not.
    pub(super) fn with_broker(
        &mut self,
        node: NodeId,
        cause: Option<EventId>,
        act: impl FnOnce(&mut Broker, &mut Ctx<'_>),
    ) {
        let now = self.now();
        let Some(Some(slot)) = self.slots.get_mut(usize::from(node.0)) else { return };
        if let Machine::Broker(broker) = &mut slot.machine {
            act(broker, &mut Ctx::new(now, node, &mut slot.rng, cause, &mut self.world));
        }
    }

    /// What a killed producer held in memory is gone; the trace shall say so.
    fn abandon(&mut self, node: NodeId, killed: EventId) {
        let now = self.now();
        let Some(Some(slot)) = self.slots.get_mut(usize::from(node.0)) else { return };
        let mut ctx = Ctx::new(now, node, &mut slot.rng, Some(killed), &mut self.world);
        match &mut slot.machine {
            Machine::Producer(producer) => producer.abandon(&mut ctx),
            Machine::Consumer(application) => application.abandon(&mut ctx),
            Machine::Controller(_) | Machine::Broker(_) => {}
        }
    }

    /// A process has ended in good order.
    pub(super) fn on_exit(&mut self, node: NodeId, cause: Option<EventId>) {
        let now = self.now();
        let stopped = self.world.emit(now, node, cause, Event::NodeStopped);
        self.world.remember_fault(node, stopped);
        self.world.end_process(node);
        self.break_connections(node, stopped);
        let Some(slot) = self.slot_mut(node) else { return };
        slot.process = ProcessState::Stopped;
        if slot.remove {
            self.slots[usize::from(node.0)] = None;
        } else if let Some(spec) = slot.restart_as.take() {
            self.reconfigure(node, spec);
            self.start(node, Some(stopped));
        }
    }

    /// Gives a stopped client a checked spec.
    pub(super) fn reconfigure(&mut self, node: NodeId, spec: ClientSpec) {
        let brokers: Vec<NodeId> = self.broker_ids().collect();
        if let Some(slot) = self.slot_mut(node) {
            let configured = slot.configure(spec, &brokers);
            debug_assert!(configured.is_ok(), "a spec is checked before it is taken");
        }
    }

    fn break_connections(&mut self, node: NodeId, cause: EventId) {
        let Some(slot) = self.slot(node) else { return };
        let mut rng = slot.rng.clone();
        let peers: Vec<NodeId> = (0..self.slots.len() as u16)
            .map(NodeId)
            .filter(|&peer| peer != node && self.is_running(peer) && may_connect(node, peer))
            .collect();
        for peer in peers {
            let outputs = [node, peer].map(|end| self.slot(end).map_or(0, Slot::outputs));
            let outputs = outputs[0].max(outputs[1]) as u8;
            self.world.break_connections(node, peer, outputs, Some(cause), &mut rng);
        }
        if let Some(slot) = self.slot_mut(node) {
            slot.rng = rng;
        }
    }

    /// Adds and starts a broker; `None` when there is no id left.
    pub(super) fn add_broker(
        &mut self,
        rack: Option<Arc<str>>,
        cause: Option<EventId>,
    ) -> Option<NodeId> {
        let id = (1..=MAX_BROKER).map(NodeId).find(|&id| self.slot(id).is_none())?;
        let mut broker = Broker::new(id, rack, self.broker_config.clone());
        broker.set_controllers(self.controllers.clone());
        let name = format!("broker {}", id.0).into();
        self.put(id, name, Machine::Broker(Box::new(broker)));
        self.world.network.stand_apart(id);
        self.start(id, cause);
        Some(id)
    }

    /// Node id for a new client: never one that was used before, so that a trace stays readable.
    pub(super) fn next_client(&self) -> NodeId {
        NodeId((self.slots.len() as u16).max(FIRST_CLIENT))
    }
}

/// One end of every connection is a broker, or both are controllers.
fn may_connect(a: NodeId, b: NodeId) -> bool {
    is_broker(a) || is_broker(b) || (is_controller(a) && is_controller(b))
}
