//! The administrator: sends topic and config commands to the active controller, and what concerns
//! the records of a partition to its leader; hears the answers.

use crate::engine::{NodeId, Rng, SortedMap};
use crate::events::{CommandWords, Event, EventId};
use crate::node::{ADMIN, CONTROLLER, Outside};
use crate::protocol::{AdminRequest, Body, Channel, Envelope, ErrorCode, Request, Response};

use super::Command;
use super::world::World;

/// A request without an answer.
#[derive(Clone)]
struct Asked {
    /// Which broker; `None`: whichever controller is active.
    broker: Option<NodeId>,
    command: CommandWords,
    request: Request,
    cause: Option<EventId>,
}

/// The admin client of whoever sits before the screen.
#[derive(Clone)]
pub(super) struct Admin {
    rng: Rng,
    next_correlation: u32,
    /// The active controller; while there is none, requests to it wait.
    pub(super) controller: Option<NodeId>,
    /// Another controller may take over from one that is gone.
    pub(super) has_others: bool,
    /// What was asked, by correlation id.
    asked: SortedMap<u32, Asked>,
}

impl Admin {
    pub(super) fn new(rng: Rng) -> Self {
        let controller = Some(CONTROLLER);
        Self { rng, next_correlation: 0, controller, has_others: false, asked: SortedMap::new() }
    }

    /// Asks the controller for what `command` wants, if that is its business.
    pub(super) fn administer(
        &mut self,
        world: &mut World,
        command: Command,
        words: CommandWords,
        cause: Option<EventId>,
    ) {
        let request = match command {
            Command::CreateTopic { name, partitions, replication_factor, config } => {
                let configs = config.iter().map(|(k, v)| (k.into(), v.into())).collect();
                AdminRequest::CreateTopic { name, partitions, replication_factor, configs }
            }
            Command::AddPartitions { topic, partitions } => {
                AdminRequest::CreatePartitions { topic, count: partitions }
            }
            Command::DeleteTopic(topic) => AdminRequest::DeleteTopic { topic },
            Command::SetTopicConfig { topic, key, value } => {
                AdminRequest::AlterTopicConfig { topic, key, value }
            }
            Command::SetBrokerConfig { key, value } => {
                AdminRequest::AlterBrokerConfig { key, value }
            }
            Command::ReassignPartition { topic, partition, replicas } => {
                let replicas = Some(replicas);
                AdminRequest::AlterPartitionReassignment { topic, partition, replicas }
            }
            Command::CancelReassignment { topic, partition } => {
                AdminRequest::AlterPartitionReassignment { topic, partition, replicas: None }
            }
            Command::ElectLeader { topic, partition, election } => {
                AdminRequest::ElectLeader { topic, partition, election }
            }
            Command::ElectPreferredLeaders => AdminRequest::ElectPreferredLeaders,
            other => return debug_assert!(false, "not for the controller: {other:?}"),
        };
        self.send(world, request, words, cause);
    }

    /// Whether it has asked for a topic of that name and not heard yet.
    pub(super) fn is_creating(&self, topic: &str) -> bool {
        self.asked.values().any(|asked| match &asked.request {
            Request::Admin(request) => match &**request {
                AdminRequest::CreateTopic { name, .. } => **name == *topic,
                _ => false,
            },
            _ => false,
        })
    }

    /// Sends `request`; `command` is named if it is refused.
    fn send(
        &mut self,
        world: &mut World,
        request: AdminRequest,
        command: CommandWords,
        cause: Option<EventId>,
    ) {
        let request = Request::Admin(Box::new(request));
        self.begin(world, Asked { broker: None, command, request, cause });
    }

    /// Sends `request` to a broker; `command` is named if it is refused.
    pub(super) fn ask(
        &mut self,
        world: &mut World,
        broker: NodeId,
        request: Request,
        command: CommandWords,
        cause: Option<EventId>,
    ) {
        self.begin(world, Asked { broker: Some(broker), command, request, cause });
    }

    fn begin(&mut self, world: &mut World, asked: Asked) {
        let correlation = self.next_correlation;
        self.next_correlation += 1;
        self.asked.insert(correlation, asked);
        self.transmit(world, correlation);
    }

    /// Another controller is active, or none: what it has not answered is asked again.
    pub(super) fn turn_to(&mut self, world: &mut World, controller: Option<NodeId>) {
        if self.controller != controller {
            self.controller = controller;
            let unanswered = self.asked.iter().filter(|(_, asked)| asked.broker.is_none());
            for correlation in unanswered.map(|(&id, _)| id).collect::<Vec<_>>() {
                self.transmit(world, correlation);
            }
        }
    }

    fn transmit(&mut self, world: &mut World, correlation: u32) {
        let Some(asked) = self.asked.get(&correlation) else { return };
        let (to, channel) = match (asked.broker, self.controller) {
            (Some(broker), _) => (broker, Channel::Data),
            (None, Some(controller)) => (controller, Channel::Control),
            (None, None) => return,
        };
        let envelope = Envelope {
            from: ADMIN,
            to,
            channel,
            connection: 0,
            sent_us: world.queue.now(),
            bytes: 200,
            cause: asked.cause,
            body: Body::Request(correlation, asked.request.clone()),
        };
        world.send(envelope, &mut self.rng);
    }

    pub(super) fn on_message(&mut self, world: &mut World, envelope: Envelope) {
        let (from, cause) = (envelope.from, envelope.cause);
        let (correlation, reason) = match envelope.body {
            Body::Response(correlation, Response::Admin(response)) => {
                let told = |(error, message)| format!("{error}: {message}");
                (correlation, response.result.err().map(told))
            }
            Body::Response(correlation, Response::DeleteRecords(result)) => {
                (correlation, result.err().map(why_not_deleted))
            }
            Body::Disconnected => {
                let is_hopeless = |asked: &Asked| match asked.broker {
                    Some(broker) => broker == from,
                    None => !self.has_others && self.controller == Some(from),
                };
                let asked = self.asked.iter().find(|(_, asked)| is_hopeless(asked));
                let Some((&correlation, _)) = asked else { return };
                (correlation, Some("its connection to the broker broke".to_owned()))
            }
            _ => return,
        };
        let Some(Asked { command, .. }) = self.asked.remove(&correlation) else { return };
        if let Some(reason) = reason {
            let reason = reason.into();
            let now = world.queue.now();
            world.emit(now, ADMIN, cause, Event::CommandRefused { command, reason });
        }
    }
}

/// What Kafka's client makes of an error of DeleteRecords, and the way out.
fn why_not_deleted(error: ErrorCode) -> String {
    let message = match error {
        ErrorCode::OffsetOutOfRange => {
            "The requested offset is not within the range of offsets maintained by the server. \
             It may be at most the high watermark."
        }
        ErrorCode::PolicyViolation => {
            "Request parameters do not satisfy the configured policy. The topic's cleanup.policy \
             has to contain delete."
        }
        _ => return error.to_string(),
    };
    format!("{error}: {message}")
}
