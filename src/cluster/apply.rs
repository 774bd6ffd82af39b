//! Carries commands out. A command that makes no sense is refused with the reason and the way out,
//! and changes nothing.

use std::sync::Arc;

use crate::config::{BrokerConfig, Properties, Scope, check_known};
use crate::consumer::{Consumer, HandlerSpec};
use crate::engine::NodeId;
use crate::events::{CommandWords, Event, EventId};
use crate::node::{ADMIN, Ctx, Outside, controller_id};
use crate::producer::Producer;
use crate::protocol::{
    DeleteRecordsRequest, HIGH_WATERMARK, Request, TopicPartition, is_internal_topic,
};
use crate::view::ProcessState;

use super::slot::{ClientSpec, Machine, application, producer_config};
use super::{Cluster, Command};

impl Cluster {
    /// Carries `command` out now. `Err`: it is refused, with the reason and the way out.
    pub fn apply(&mut self, command: Command) -> Result<(), String> {
        self.check(&command)?;
        let now = self.now();
        let words = command.words();
        let applied = self.world.emit(now, ADMIN, None, Event::CommandApplied(words.clone()));
        self.carry_out(command, words, applied);
        Ok(())
    }

    /// Puts into the trace that a scripted `command` was refused, and why.
    pub fn refuse(&mut self, command: &Command, reason: &str) {
        let now = self.now();
        let refused = Event::CommandRefused { command: command.words(), reason: reason.into() };
        self.world.emit(now, ADMIN, None, refused);
    }

    fn check(&self, command: &Command) -> Result<(), String> {
        match command {
            Command::KillBroker(id) | Command::StopBroker(id) | Command::PowerOffBroker(id) => {
                self.check_broker(*id)?;
                if matches!(command, Command::StopBroker(_)) {
                    self.check_awake(*id)?;
                }
                match self.is_running(*id) {
                    true => Ok(()),
                    false => Err(format!("broker {} does not run; start it first", id.0)),
                }
            }
            Command::StartBroker(id) => {
                self.check_broker(*id)?;
                match self.is_running(*id) {
                    false => Ok(()),
                    true => Err(format!("broker {} runs already", id.0)),
                }
            }
            Command::DeleteRecords { topic, partition, .. } => {
                self.leader_of(topic, *partition).map(drop)
            }
            Command::KillController(number) => match self.check_controller(*number)? {
                true => Ok(()),
                false => Err(format!("controller {number} does not run; start it first")),
            },
            Command::StartController(number) => match self.check_controller(*number)? {
                false => Ok(()),
                true => Err(format!("controller {number} runs already")),
            },
            Command::CreateTopic { config, .. } => {
                check_known(Scope::Topic, config).map_err(|e| e.to_string())
            }
            Command::AddProducer(spec) => {
                self.check_new_name(&spec.name)?;
                producer_config(spec).map(drop).map_err(|e| e.to_string())
            }
            Command::AddConsumer(spec) => {
                self.check_new_name(&spec.name)?;
                ClientSpec::Consumer(spec.clone()).check().map_err(|e| e.to_string())
            }
            Command::CloseClient(name) | Command::CrashClient(name) => {
                let (node, running) = self.check_client(name)?;
                if matches!(command, Command::CloseClient(_)) {
                    self.check_awake(node)?;
                }
                match running {
                    true => Ok(()),
                    false => Err(format!("{name} does not run; start it first")),
                }
            }
            Command::StartClient(name) => {
                let (_, running) = self.check_client(name)?;
                match running {
                    false => Ok(()),
                    true => Err(format!("{name} runs already")),
                }
            }
            Command::RemoveClient(name) => {
                let (node, _) = self.check_client(name)?;
                self.check_awake(node)
            }
            Command::SetClientConfig { client, key, value } => {
                let (node, _) = self.check_client(client)?;
                self.check_awake(node)?;
                self.changed_spec(node, key, value.as_deref())
                    .map_or(Ok(()), |spec| spec.check().map_err(|e| e.to_string()))
            }
            Command::SetLibrary { client, library } => {
                let (node, _) = self.check_client(client)?;
                self.check_awake(node)?;
                let spec = self.slot(node).and_then(super::slot::Slot::client_spec);
                spec.map_or(Ok(()), |spec| {
                    spec.in_library(*library).check().map_err(|e| e.to_string())
                })
            }
            Command::SetBrokerConfig { key, value } => {
                let mut properties = Properties::default();
                properties.assign(key, value.as_deref());
                check_known(Scope::Broker, &properties)
                    .and_then(|()| BrokerConfig::from_properties(&properties).map(drop))
                    .map_err(|e| e.to_string())
            }
            Command::SetPace { producer, .. } | Command::SendRecord { producer, .. } => {
                let (node, running) = self.check_client(producer)?;
                self.check_awake(node)?;
                match self.slot(node).map(|slot| &slot.machine) {
                    // An application's pace can be set whenever; it sends when it runs.
                    Some(Machine::Producer(_))
                        if running || matches!(command, Command::SetPace { .. }) =>
                    {
                        Ok(())
                    }
                    Some(Machine::Producer(_)) => {
                        Err(format!("{producer} does not run; start it first"))
                    }
                    _ => Err(format!("{producer} is a consumer; name a producer")),
                }
            }
            Command::SetProcessing { consumer, .. }
            | Command::SetHandler { consumer, .. }
            | Command::SetCommit { consumer, .. } => {
                if let Command::SetHandler { handler: Some(handler), .. } = command {
                    self.check_outputs(handler)?;
                }
                let (node, _) = self.check_client(consumer)?;
                self.check_awake(node)?;
                match self.slot(node).map(|slot| &slot.machine) {
                    Some(Machine::Consumer(_)) => Ok(()),
                    _ => Err(format!("{consumer} is a producer; name a consumer")),
                }
            }
            Command::Seek { consumer, topic, partition, .. } => {
                let (node, running) = self.check_client(consumer)?;
                self.check_awake(node)?;
                let Some(Machine::Consumer(machine)) = self.slot(node).map(|slot| &slot.machine)
                else {
                    return Err(format!("{consumer} is a producer; name a consumer"));
                };
                let place = partition.map_or_else(|| topic.to_string(), |p| format!("{topic}-{p}"));
                match self.metadata().topic_id(topic) {
                    None => Err(format!("there is no topic {topic}")),
                    _ if !running => Err(format!("{consumer} does not run; start it first")),
                    Some(id) if machine.consumer().can_seek(id, *partition) => Ok(()),
                    Some(_) => Err(format!(
                        "IllegalStateException: No current assignment for partition {place}; \
                         {consumer} can seek in what it has"
                    )),
                }
            }
            Command::CutLink { from, to, .. }
            | Command::HealLink { from, to }
            | Command::SlowLink { from, to, .. } => {
                self.check_node(from)?;
                self.check_node(to)?;
                match from == to {
                    true => Err("a node cannot be cut off from itself; name two nodes".into()),
                    false => Ok(()),
                }
            }
            Command::SlowNode { node, .. } => self.check_node(node).map(drop),
            Command::Pause { node, for_us } => {
                let id = self.check_node(node)?;
                match self.is_running(id) {
                    true if *for_us == 0 && !self.world.is_paused(id) => {
                        Err(format!("{node} is not paused; there is no pause to end"))
                    }
                    true => Ok(()),
                    false => Err(format!("{node} does not run; start it first")),
                }
            }
            Command::SlowDisk { broker, .. }
            | Command::FillDisk(broker)
            | Command::FreeDisk(broker) => self.check_broker(*broker),
            Command::AddBroker
            | Command::SetTopicConfig { .. }
            | Command::ReassignPartition { .. }
            | Command::CancelReassignment { .. }
            | Command::ElectLeader { .. }
            | Command::ElectPreferredLeaders => Ok(()),
            Command::AddPartitions { topic, .. } | Command::DeleteTopic(topic) => {
                check_not_internal(topic)
            }
        }
    }

    /// Topics do not come by themselves.
    fn check_outputs(&self, handler: &HandlerSpec) -> Result<(), String> {
        let image = self.metadata();
        let is_there =
            |topic: &str| image.topic_id(topic).is_some() || self.admin.is_creating(topic);
        let missing = handler.outputs().find(|topic| !is_there(topic));
        missing.map_or(Ok(()), |topic| {
            Err(format!("there is no topic {topic} for this handler to write to; create it first"))
        })
    }

    fn check_broker(&self, id: NodeId) -> Result<(), String> {
        if self.broker(id).is_some() {
            return Ok(());
        }
        let known: Vec<String> = self.broker_ids().map(|id| id.0.to_string()).collect();
        Err(format!("there is no broker {}; the brokers are {}", id.0, known.join(", ")))
    }

    /// Whether that controller runs.
    fn check_controller(&self, number: u16) -> Result<bool, String> {
        let count = self.controller_ids().len();
        match (1..=count).contains(&usize::from(number)) {
            true => Ok(self.is_running(controller_id(number))),
            false => Err(format!("there is no controller {number}; there are {count} in all")),
        }
    }

    /// A process that stands still takes no orders.
    fn check_awake(&self, node: NodeId) -> Result<(), String> {
        match self.world.is_paused(node) {
            true => Err(format!("{} is paused; wait until it goes on", self.node_name(node))),
            false => Ok(()),
        }
    }

    fn check_node(&self, name: &str) -> Result<NodeId, String> {
        self.node(name).ok_or_else(|| {
            let known: Vec<&str> = self.slots.iter().flatten().map(|slot| &*slot.name).collect();
            format!("there is no node named {name}; the nodes are {}", known.join(", "))
        })
    }

    fn check_new_name(&self, name: &str) -> Result<(), String> {
        match self.client(name) {
            Some(_) => Err(format!("there is a client named {name} already; take another name")),
            None => Ok(()),
        }
    }

    fn check_client(&self, name: &str) -> Result<(NodeId, bool), String> {
        match self.client(name) {
            Some(node) => Ok((node, self.is_running(node))),
            None => {
                let known: Vec<&str> = self
                    .slots
                    .iter()
                    .flatten()
                    .filter(|slot| slot.client_spec().is_some())
                    .map(|slot| &*slot.name)
                    .collect();
                Err(format!(
                    "there is no client named {name}; the clients are {}",
                    known.join(", ")
                ))
            }
        }
    }

    fn changed_spec(&self, node: NodeId, key: &str, value: Option<&str>) -> Option<ClientSpec> {
        let mut spec = self.slot(node)?.client_spec()?;
        spec.config_mut().assign(key, value);
        Some(spec)
    }

    /// Who leads a partition, as an administrator's tool would find out first.
    fn leader_of(&self, topic: &str, partition: u16) -> Result<(NodeId, TopicPartition), String> {
        let image = self.controller().image();
        let id = image.topic_id(topic).ok_or_else(|| format!("there is no topic {topic}"))?;
        let tp = TopicPartition::new(id, partition);
        let registration = image
            .partition(tp)
            .ok_or_else(|| format!("topic {topic} has no partition {partition}"))?;
        let leader = registration.leader;
        let leader = leader.ok_or_else(|| format!("nobody leads {topic}-{partition} now"))?;
        Ok((leader, tp))
    }

    fn carry_out(&mut self, command: Command, words: CommandWords, applied: EventId) {
        let cause = Some(applied);
        match command {
            Command::KillBroker(id) => self.kill(id, cause),
            Command::PowerOffBroker(id) => self.lose_power(id, cause),
            Command::StopBroker(id) => self.close(id, cause),
            Command::StartBroker(id) => self.start(id, cause),
            Command::KillController(number) => self.kill(controller_id(number), cause),
            Command::StartController(number) => self.start(controller_id(number), cause),
            Command::AddBroker => {
                if self.add_broker(None, cause).is_none() {
                    let reason = "all broker ids are taken".into();
                    let refused = Event::CommandRefused { command: words, reason };
                    let now = self.now();
                    self.world.emit(now, ADMIN, cause, refused);
                }
            }
            Command::DeleteRecords { topic, partition, before } => {
                let Ok((leader, tp)) = self.leader_of(&topic, partition) else { return };
                let offset = before.unwrap_or(HIGH_WATERMARK);
                let request = Request::DeleteRecords(DeleteRecordsRequest { tp, offset });
                self.admin.ask(&mut self.world, leader, request, words, cause);
            }
            Command::CreateTopic { .. }
            | Command::AddPartitions { .. }
            | Command::DeleteTopic(_)
            | Command::SetTopicConfig { .. }
            | Command::SetBrokerConfig { .. }
            | Command::ReassignPartition { .. }
            | Command::CancelReassignment { .. }
            | Command::ElectLeader { .. }
            | Command::ElectPreferredLeaders => {
                self.admin.administer(&mut self.world, command, words, cause);
            }
            Command::AddProducer(spec) => {
                if let Ok(config) = producer_config(&spec) {
                    let name = spec.name.clone();
                    let producer = Producer::new(spec, config, self.broker_ids().collect());
                    self.add_client(name, Machine::Producer(Box::new(producer)), cause);
                }
            }
            Command::AddConsumer(spec) => {
                let name = spec.name.clone();
                let brokers: Vec<NodeId> = self.broker_ids().collect();
                if let Ok(application) = application(spec, &brokers) {
                    self.add_client(name, Machine::Consumer(Box::new(application)), cause);
                }
            }
            Command::CloseClient(name) => self.with_client(&name, |c, node| c.close(node, cause)),
            Command::CrashClient(name) => self.with_client(&name, |c, node| c.kill(node, cause)),
            Command::StartClient(name) => self.with_client(&name, |c, node| c.start(node, cause)),
            Command::RemoveClient(name) => {
                self.with_client(&name, |c, node| c.remove(node, cause));
            }
            Command::SetClientConfig { client, key, value } => {
                self.with_client(&client, |c, node| {
                    let spec = c.changed_spec(node, &key, value.as_deref());
                    let scope = client.clone();
                    let now = c.now();
                    let changed = Event::ConfigChanged { scope, key, value };
                    let changed = c.world.emit(now, node, cause, changed);
                    if let Some(spec) = spec {
                        c.restart_as(node, spec, Some(changed));
                    }
                });
            }
            Command::SetPace { producer, pace } => {
                self.with_client(&producer, |c, node| {
                    let next = c.slot_mut(node).and_then(|slot| slot.restart_as.as_mut());
                    if let Some(ClientSpec::Producer(spec)) = next {
                        spec.workload.pace = pace;
                    }
                });
                self.with_producer(&producer, cause, |p, ctx| {
                    p.set_pace(ctx, pace);
                })
            }
            Command::SendRecord { producer, record } => {
                self.with_producer(&producer, cause, |p, ctx| p.send_manual(ctx, record));
            }
            Command::SetProcessing { consumer, processing_us } => {
                self.with_client(&consumer, |c, node| {
                    let now = c.now();
                    let Some(Some(slot)) = c.slots.get_mut(usize::from(node.0)) else { return };
                    let mut ctx = Ctx::new(now, node, &mut slot.rng, cause, &mut c.world);
                    if let Machine::Consumer(application) = &mut slot.machine {
                        application.consumer_mut().set_processing(&mut ctx, processing_us);
                    }
                    if let Some(ClientSpec::Consumer(spec)) = &mut slot.restart_as {
                        spec.processing_us = processing_us;
                    }
                });
            }
            Command::Seek { consumer, topic, partition, to } => {
                let Some(topic) = self.metadata().topic_id(&topic) else { return };
                self.with_consumer(&consumer, cause, |c, ctx| c.seek(ctx, topic, partition, to));
            }
            Command::SetHandler { consumer, handler } => self.with_client(&consumer, |c, node| {
                c.set_handler(node, handler, cause);
            }),
            Command::SetLibrary { client, library } => self.with_client(&client, |c, node| {
                let spec = c.slot(node).and_then(super::slot::Slot::client_spec);
                if let Some(spec) = spec {
                    c.restart_as(node, spec.in_library(library), cause);
                }
            }),
            Command::SetCommit { consumer, commit } => self.with_client(&consumer, |c, node| {
                let spec = c.slot(node).and_then(super::slot::Slot::client_spec);
                if let Some(ClientSpec::Consumer(mut spec)) = spec {
                    spec.commit = commit;
                    c.restart_as(node, ClientSpec::Consumer(spec), cause);
                }
            }),
            Command::CutLink { .. }
            | Command::HealLink { .. }
            | Command::SlowNode { .. }
            | Command::SlowLink { .. }
            | Command::Pause { .. }
            | Command::SlowDisk { .. }
            | Command::FillDisk(_)
            | Command::FreeDisk(_) => self.break_down(command, cause),
        }
    }

    fn add_client(&mut self, name: Arc<str>, machine: Machine, cause: Option<EventId>) {
        let node = self.next_client();
        self.put(node, name, machine);
        self.start(node, cause);
    }

    fn with_client(&mut self, name: &str, act: impl FnOnce(&mut Self, NodeId)) {
        if let Some(node) = self.client(name) {
            act(self, node);
        }
    }

    fn with_producer(
        &mut self,
        name: &str,
        cause: Option<EventId>,
        act: impl FnOnce(&mut Producer, &mut Ctx<'_>),
    ) {
        let now = self.now();
        let Some(node) = self.client(name) else { return };
        let Some(Some(slot)) = self.slots.get_mut(usize::from(node.0)) else { return };
        let mut ctx = Ctx::new(now, node, &mut slot.rng, cause, &mut self.world);
        if let Machine::Producer(producer) = &mut slot.machine {
            act(producer, &mut ctx);
        }
    }

    fn with_consumer(
        &mut self,
        name: &str,
        cause: Option<EventId>,
        act: impl FnOnce(&mut Consumer, &mut Ctx<'_>),
    ) {
        let now = self.now();
        let Some(node) = self.client(name) else { return };
        let Some(Some(slot)) = self.slots.get_mut(usize::from(node.0)) else { return };
        let mut ctx = Ctx::new(now, node, &mut slot.rng, cause, &mut self.world);
        if let Machine::Consumer(application) = &mut slot.machine {
            act(application.consumer_mut(), &mut ctx);
        }
    }

    /// What happens to an application happens while it runs; another program has to be started.
    fn set_handler(
        &mut self,
        node: NodeId,
        handler: Option<Arc<HandlerSpec>>,
        cause: Option<EventId>,
    ) {
        let Some(slot) = self.slot_mut(node) else { return };
        let Some(ClientSpec::Consumer(mut spec)) = slot.client_spec() else { return };
        let is_same = match (&spec.handler, &handler) {
            (Some(before), Some(after)) => before.is_same_program(after),
            (before, after) => before == after,
        };
        if let Machine::Consumer(application) = &mut slot.machine
            && is_same
            && slot.restart_as.is_none()
        {
            return application.consumer_mut().set_handler(handler);
        }
        spec.handler = handler;
        self.restart_as(node, ClientSpec::Consumer(spec), cause);
    }

    /// A config of a running client cannot be changed in life: it is closed and started anew.
    fn restart_as(&mut self, node: NodeId, spec: ClientSpec, cause: Option<EventId>) {
        if self.is_running(node) {
            if let Some(slot) = self.slot_mut(node) {
                slot.restart_as = Some(spec);
            }
            self.close(node, cause);
        } else {
            self.reconfigure(node, spec);
        }
    }

    fn remove(&mut self, node: NodeId, cause: Option<EventId>) {
        let Some(slot) = self.slot_mut(node) else { return };
        match slot.process {
            ProcessState::Running => {
                slot.remove = true;
                self.close(node, cause);
            }
            ProcessState::Stopping => slot.remove = true,
            ProcessState::Stopped | ProcessState::Crashed => {
                self.slots[usize::from(node.0)] = None;
            }
        }
    }
}

/// Groups find their coordinator by the number of its partitions.
fn check_not_internal(topic: &str) -> Result<(), String> {
    match is_internal_topic(topic) {
        true => Err(format!("{topic} is Kafka's own; name a topic of yours")),
        false => Ok(()),
    }
}
