//! A place for a node: its process, its random stream, its state machine.

use std::sync::Arc;

use crate::application::{Application, output_specs};
use crate::broker::Broker;
use crate::config::{
    ClientLibrary, ConfigException, ConsumerConfig, ProducerConfig, Scope, check_known,
};
use crate::consumer::{CommitStrategy, Consumer, ConsumerSpec};
use crate::controller::Controller;
use crate::engine::{NodeId, Rng};
use crate::node::Node;
use crate::producer::{Producer, ProducerSpec};
use crate::view::ProcessState;

/// The state machine of a node.
#[derive(Clone)]
pub(super) enum Machine {
    Controller(Box<Controller>),
    Broker(Box<Broker>),
    Producer(Box<Producer>),
    Consumer(Box<Application>),
}

impl Machine {
    pub(super) fn node(&mut self) -> &mut dyn Node {
        match self {
            Self::Controller(node) => node.as_mut(),
            Self::Broker(node) => node.as_mut(),
            Self::Producer(node) => node.as_mut(),
            Self::Consumer(node) => node.as_mut(),
        }
    }
}

/// What a client shall be after its restart.
#[derive(Clone)]
pub(super) enum ClientSpec {
    Producer(ProducerSpec),
    Consumer(ConsumerSpec),
}

/// A node of the cluster.
#[derive(Clone)]
pub(super) struct Slot {
    pub(super) name: Arc<str>,
    pub(super) process: ProcessState,
    pub(super) rng: Rng,
    pub(super) machine: Machine,
    /// Start again with this as soon as the process has ended.
    pub(super) restart_as: Option<ClientSpec>,
    /// Forget the client as soon as the process has ended.
    pub(super) remove: bool,
}

impl Slot {
    pub(super) fn new(name: Arc<str>, rng: Rng, machine: Machine) -> Self {
        let process = ProcessState::Stopped;
        Self { name, process, rng, machine, restart_as: None, remove: false }
    }

    /// How many producers live in a process with a consumer.
    pub(super) fn outputs(&self) -> usize {
        match &self.machine {
            Machine::Consumer(application) => application.output_count(),
            _ => 0,
        }
    }

    /// The client as it is specified now; `None` for brokers and controller.
    pub(super) fn client_spec(&self) -> Option<ClientSpec> {
        if let Some(spec) = &self.restart_as {
            return Some(spec.clone());
        }
        match &self.machine {
            Machine::Producer(producer) => Some(ClientSpec::Producer(producer.spec().clone())),
            Machine::Consumer(application) => {
                Some(ClientSpec::Consumer(application.consumer().spec().clone()))
            }
            Machine::Controller(_) | Machine::Broker(_) => None,
        }
    }

    /// Puts a spec into the stopped machine.
    pub(super) fn configure(
        &mut self,
        spec: ClientSpec,
        bootstrap: &[NodeId],
    ) -> Result<(), ConfigException> {
        match (&mut self.machine, spec) {
            (Machine::Producer(producer), ClientSpec::Producer(spec)) => {
                let config = producer_config(&spec)?;
                producer.configure(spec, config);
            }
            (Machine::Consumer(application), ClientSpec::Consumer(spec)) => {
                let config = consumer_config(&spec)?;
                application.set_outputs(outputs(&spec, bootstrap)?);
                application.consumer_mut().configure(spec, config);
            }
            _ => debug_assert!(false, "a client keeps its kind"),
        }
        Ok(())
    }
}

impl ClientSpec {
    /// Checks the configs as the client's constructor would.
    pub(super) fn check(&self) -> Result<(), ConfigException> {
        match self {
            Self::Producer(spec) => producer_config(spec).map(drop),
            Self::Consumer(spec) => {
                output_specs(spec).try_for_each(|spec| producer_config(&spec).map(drop))?;
                consumer_config(spec).map(drop)
            }
        }
    }

    /// The same client, written with another library.
    pub(super) fn in_library(mut self, library: ClientLibrary) -> Self {
        match &mut self {
            Self::Producer(spec) => spec.client = library,
            Self::Consumer(spec) => spec.client = library,
        }
        self
    }

    pub(super) fn config_mut(&mut self) -> &mut crate::config::Properties {
        match self {
            Self::Producer(spec) => &mut spec.config,
            Self::Consumer(spec) => &mut spec.config,
        }
    }
}

/// An application that is not running yet.
pub(super) fn application(
    spec: ConsumerSpec,
    bootstrap: &[NodeId],
) -> Result<Application, ConfigException> {
    let (config, outputs) = (consumer_config(&spec)?, outputs(&spec, bootstrap)?);
    Ok(Application::new(Consumer::new(spec, config, bootstrap.to_vec()), outputs))
}

/// The producers of an application.
fn outputs(spec: &ConsumerSpec, bootstrap: &[NodeId]) -> Result<Vec<Producer>, ConfigException> {
    let output = |(spec, number): (ProducerSpec, u8)| {
        let config = producer_config(&spec)?;
        Ok(Producer::in_application(spec, config, bootstrap.to_vec(), number))
    };
    output_specs(spec).zip(0..).map(output).collect()
}

/// The configs a producer is made with: the spec's, and its name as client.id.
pub fn producer_config(spec: &ProducerSpec) -> Result<ProducerConfig, ConfigException> {
    let mut properties = spec.client.in_java(Scope::Producer, &spec.config)?;
    check_known(Scope::Producer, &properties)?;
    if properties.get("client.id").is_none() {
        properties.set("client.id", &*spec.name);
    }
    ProducerConfig::from_properties(&properties)
}

/// The configs a consumer is made with: the spec's, its name as client.id, its group, and
/// enable.auto.commit=false when the application commits by itself.
pub fn consumer_config(spec: &ConsumerSpec) -> Result<ConsumerConfig, ConfigException> {
    let mut properties = spec.client.in_java(Scope::Consumer, &spec.config)?;
    check_known(Scope::Consumer, &properties)?;
    if properties.get("client.id").is_none() {
        properties.set("client.id", &*spec.name);
    }
    properties.set("group.id", &*spec.group);
    if spec.commit != CommitStrategy::Auto && properties.get("enable.auto.commit").is_none() {
        properties.set("enable.auto.commit", "false");
    }
    ConsumerConfig::from_properties(&properties)
}
