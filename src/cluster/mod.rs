//! The cluster: nodes wired to the engine; commands in, trace and read-only view out.
//!
//! [`Cluster::step`] takes the next message or timer from the queue and gives the node one turn.
//! Everything a node does in its turn goes through [`World`]; everything people do goes through
//! [`Command`].

mod admin;
mod apply;
mod command;
mod command_text;
mod controllers;
mod faults;
mod paused;
mod picture;
mod process;
mod slot;
mod transport;
mod world;

pub use command::Command;
pub use slot::{consumer_config, producer_config};

use std::sync::Arc;

use crate::broker::Broker;
use crate::config::{BrokerConfig, ConfigException, Features, IsolationLevel, Properties};
use crate::consumer::HandlerSpec;
use crate::controller::Controller;
use crate::engine::{Micros, Network, NetworkConfig, NodeId, Rng};
use crate::events::{EventId, TraceEvent};
use crate::node::{ADMIN, CONTROLLER, Ctx, FIRST_CLIENT, Node};
use crate::protocol::{Body, Envelope, TopicId};
use crate::view::ProcessState;

use admin::Admin;
use paused::LateTimer;
use slot::{ClientSpec, Machine, Slot};
use world::{Exit, Wake, World};

/// A broker of a new cluster.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct BrokerSetup {
    /// broker.rack
    pub rack: Option<Arc<str>>,
}

/// What a cluster is made of.
#[derive(Clone, Debug)]
pub struct ClusterSetup {
    /// Seed of all random streams.
    pub seed: u64,
    /// The network between all nodes.
    pub network: NetworkConfig,
    /// How many controllers.
    pub controllers: u16,
    /// Brokers 1, 2, 3 ...
    pub brokers: Vec<BrokerSetup>,
    /// Explicit configs of all brokers.
    pub broker_config: Properties,
    /// Features of the cluster.
    pub features: Features,
}

impl Default for ClusterSetup {
    /// One controller and three brokers with Kafka's defaults, seed 1.
    fn default() -> Self {
        Self {
            seed: 1,
            network: NetworkConfig::default(),
            controllers: 1,
            brokers: vec![BrokerSetup::default(); 3],
            broker_config: Properties::default(),
            features: Features::default(),
        }
    }
}

/// A cluster with its clients, at one moment of virtual time.
#[derive(Clone)]
pub struct Cluster {
    seed: u64,
    world: World,
    /// By node id.
    slots: Vec<Option<Slot>>,
    admin: Admin,
    controllers: Arc<[NodeId]>,
    broker_config: BrokerConfig,
}

impl Cluster {
    /// A cluster whose controller and brokers start at time 0.
    pub fn new(setup: &ClusterSetup) -> Result<Self, ConfigException> {
        let broker_config = BrokerConfig::from_properties(&setup.broker_config)?;
        let (config, features) = (broker_config.clone(), setup.features);
        let controller = Controller::new(config, features, setup.seed, setup.brokers.len());
        let mut cluster = Self {
            seed: setup.seed,
            world: World::new(Network::new(setup.network)),
            slots: Vec::new(),
            admin: Admin::new(Rng::stream(setup.seed, u64::from(ADMIN.0))),
            controllers: Arc::new([CONTROLLER]),
            broker_config,
        };
        cluster.add_controllers(controller, setup.controllers);
        for broker in &setup.brokers {
            cluster.add_broker(broker.rack.clone(), None);
        }
        Ok(cluster)
    }

    /// Now, in virtual µs.
    pub fn now(&self) -> Micros {
        self.world.queue.now()
    }

    /// Handles the next event if it comes at `limit_us` or earlier. `false`: there is none, and it
    /// is `limit_us` now.
    pub fn step(&mut self, limit_us: Micros) -> bool {
        let Some((_, handle, wake)) = self.world.queue.pop_with_timer(limit_us) else {
            self.world.queue.advance_to(limit_us);
            return false;
        };
        match wake {
            Wake::Message { envelope, .. } => self.deliver(envelope),
            Wake::Timer { node, incarnation, cause, timer } => {
                if self.world.incarnation(node) != incarnation {
                    return true;
                }
                let late = LateTimer { handle, cause, timer };
                if let Some(LateTimer { cause, timer, .. }) = self.world.park_timer(node, late) {
                    self.turn(node, cause, |machine, ctx| machine.on_timer(ctx, timer));
                }
            }
            Wake::Retransmission(stream) => {
                if let Some(Some(slot)) = self.slots.get_mut(usize::from(stream.from.0)) {
                    self.world.on_retransmission(stream, &mut slot.rng);
                }
            }
            Wake::Resume { node, incarnation } => {
                if self.world.incarnation(node) == incarnation {
                    self.resume(node);
                }
            }
        }
        true
    }

    /// When the next event comes, in virtual µs.
    pub fn next_event_us(&mut self) -> Option<Micros> {
        self.world.queue.peek_us()
    }

    /// Whether there are trace events to take.
    pub fn has_trace(&self) -> bool {
        !self.world.trace().is_empty()
    }

    /// Takes the trace events since the last call in place of what is in `events`; the vector's
    /// allocation is used again.
    pub fn take_trace(&mut self, events: &mut Vec<TraceEvent>) {
        events.clear();
        std::mem::swap(events, self.world.trace_mut());
    }

    /// A broker, running or not.
    pub fn broker(&self, id: NodeId) -> Option<&Broker> {
        match &self.slot(id)?.machine {
            Machine::Broker(broker) => Some(broker),
            _ => None,
        }
    }

    /// The ids of all brokers, running or not.
    pub fn broker_ids(&self) -> impl Iterator<Item = NodeId> {
        self.slots.iter().enumerate().filter_map(|(id, slot)| {
            matches!(slot.as_ref()?.machine, Machine::Broker(_)).then_some(NodeId(id as u16))
        })
    }

    /// The handler of a consumer's application, if it has one of its own.
    pub fn handler(&self, client: NodeId) -> Option<Arc<HandlerSpec>> {
        match self.slot(client)?.client_spec()? {
            ClientSpec::Consumer(spec) => spec.handler,
            ClientSpec::Producer(_) => None,
        }
    }

    /// Whether that is a consumer with isolation.level=read_committed.
    pub fn reads_committed(&self, client: NodeId) -> bool {
        let machine = self.slot(client).map(|slot| &slot.machine);
        let Some(Machine::Consumer(consumer)) = machine else { return false };
        consumer.consumer().config().isolation_level == IsolationLevel::ReadCommitted
    }

    /// Whether the node's process runs.
    pub fn is_running(&self, node: NodeId) -> bool {
        self.slot(node).is_some_and(Slot::is_running)
    }

    /// Name of a node, such as `broker 1` or `checkout`.
    pub fn node_name(&self, node: NodeId) -> Arc<str> {
        match self.slot(node) {
            Some(slot) => slot.name.clone(),
            None if node == ADMIN => "admin".into(),
            None => format!("node {}", node.0).into(),
        }
    }

    /// Name of a topic.
    pub fn topic_name(&self, topic: TopicId) -> Arc<str> {
        match self.metadata().topic_name(topic) {
            Some(name) => name.clone(),
            None => format!("topic {}", topic.0).into(),
        }
    }

    /// A node by its name: `controller`, `broker 1`, or a client's.
    pub fn node(&self, name: &str) -> Option<NodeId> {
        (0..self.slots.len() as u16)
            .map(NodeId)
            .find(|&id| self.slot(id).is_some_and(|slot| &*slot.name == name))
    }

    /// The node of a client by name.
    pub fn client(&self, name: &str) -> Option<NodeId> {
        self.node(name).filter(|node| node.0 >= FIRST_CLIENT)
    }

    fn slot(&self, node: NodeId) -> Option<&Slot> {
        self.slots.get(usize::from(node.0))?.as_ref()
    }

    fn slot_mut(&mut self, node: NodeId) -> Option<&mut Slot> {
        self.slots.get_mut(usize::from(node.0))?.as_mut()
    }

    fn put(&mut self, node: NodeId, name: Arc<str>, machine: Machine) {
        let index = usize::from(node.0);
        if index >= self.slots.len() {
            self.slots.resize_with(index + 1, || None);
        }
        let rng = Rng::stream(self.seed, u64::from(node.0));
        self.slots[index] = Some(Slot::new(name, rng, machine));
    }

    fn deliver(&mut self, envelope: Envelope) {
        if envelope.to == ADMIN {
            self.admin.on_message(&mut self.world, envelope);
        } else if self.world.is_off(envelope.to) {
            self.world.hold(envelope);
        } else if let Some(envelope) = self.world.park_message(envelope) {
            self.hand_over(envelope);
        }
    }

    /// Gives a message to the process it is for.
    fn hand_over(&mut self, envelope: Envelope) {
        let to = envelope.to;
        if self.is_running(to) {
            let cause = envelope.cause;
            self.turn(to, cause, |machine, ctx| machine.on_message(ctx, envelope));
        } else if matches!(envelope.body, Body::Request(..)) {
            // Nobody listens on that port: the sender's connection is refused.
            let Envelope { from, channel, connection, cause, .. } = envelope;
            if let Some(Some(slot)) = self.slots.get_mut(usize::from(to.0)) {
                self.world.send_disconnect(to, from, channel, connection, cause, &mut slot.rng);
            }
        }
    }

    /// Gives a node one turn, then lets go whoever exited in it.
    fn turn(
        &mut self,
        node: NodeId,
        cause: Option<EventId>,
        turn: impl FnOnce(&mut dyn Node, &mut Ctx<'_>),
    ) {
        let now = self.now();
        let Some(Some(slot)) = self.slots.get_mut(usize::from(node.0)) else { return };
        let mut ctx = Ctx::new(now, node, &mut slot.rng, cause, &mut self.world);
        turn(slot.machine.node(), &mut ctx);
        let cause = ctx.cause;
        self.follow_active_controller(node);
        while let Some((node, exit)) = self.world.take_exited() {
            match exit {
                Exit::InGoodOrder => self.on_exit(node, cause),
                Exit::Halted => self.kill(node, cause),
            }
        }
    }
}

impl Slot {
    fn is_running(&self) -> bool {
        matches!(self.process, ProcessState::Running | ProcessState::Stopping)
    }
}
