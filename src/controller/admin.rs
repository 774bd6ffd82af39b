//! Requests of administrators, and of brokers that need internal topics.

use crate::engine::Micros;
use crate::events::EventId;
use crate::metadata::MetadataImage;
use crate::node::{ADMIN, ControllerTimer, Ctx, NodeTimer};
use crate::protocol::{AdminRequest, AdminResponse, ErrorCode, Response, TopicId, TopicPartition};

use super::Controller;
use super::caller::Caller;
use super::topics::NewTopic;

/// Kafka's error and message.
pub type AdminError = (ErrorCode, String);

const RESPONSE_BYTES: u32 = 60;
const PARKED_AT_MOST_US: Micros = 5_000_000;

/// Topics of the scenario that wait until its brokers are in service. Kafka knows no such wait: it
/// stands for the person who starts the cluster before creating topics.
#[derive(Clone, Debug)]
pub struct ParkedTopics {
    expected_brokers: usize,
    is_open: bool,
    requests: Vec<(Caller, Option<EventId>, AdminRequest)>,
}

impl ParkedTopics {
    /// Waits for that many brokers.
    pub fn new(expected_brokers: usize) -> Self {
        Self { expected_brokers, is_open: expected_brokers > 0, requests: Vec::new() }
    }

    /// A cluster that has brokers already does not wait for them.
    pub fn close_unless_new(&mut self, image: &MetadataImage) {
        self.is_open &= image.brokers().is_empty();
        self.requests.clear();
    }

    /// The wait begins.
    pub fn on_start(&self, ctx: &mut Ctx<'_>) {
        if self.is_open {
            let timer = NodeTimer::Controller(ControllerTimer::CreateParkedTopics);
            ctx.set_timer(PARKED_AT_MOST_US, timer);
        }
    }
}

impl Controller {
    pub(super) fn on_admin(&mut self, ctx: &mut Ctx<'_>, caller: Caller, request: AdminRequest) {
        let is_creation = matches!(request, AdminRequest::CreateTopic { .. });
        if is_creation && self.parked.is_open && caller.node == ADMIN {
            self.parked.requests.push((caller, ctx.cause, request));
        } else {
            self.carry_out(ctx, caller, request);
        }
    }

    /// Nothing is parked any more once the expected brokers are in service.
    pub(super) fn create_parked_topics_if_complete(&mut self, ctx: &mut Ctx<'_>) {
        if self.parked.is_open {
            let image = self.log.image();
            let in_service = image.brokers().keys().filter(|&&id| image.is_active(id)).count();
            if in_service >= self.parked.expected_brokers {
                self.create_parked_topics(ctx);
            }
        }
    }

    pub(super) fn create_parked_topics(&mut self, ctx: &mut Ctx<'_>) {
        self.parked.is_open = false;
        let cause = ctx.cause;
        for (caller, parked_cause, request) in std::mem::take(&mut self.parked.requests) {
            ctx.cause = parked_cause;
            self.carry_out(ctx, caller, request);
        }
        ctx.cause = cause;
    }

    fn carry_out(&mut self, ctx: &mut Ctx<'_>, caller: Caller, request: AdminRequest) {
        let result = match request {
            AdminRequest::CreateTopic { name, partitions, replication_factor, configs } => {
                let topic = NewTopic { name, partitions, replication_factor, configs };
                self.create_topic(ctx, &topic)
            }
            AdminRequest::AlterTopicConfig { topic, key, value } => {
                self.alter_topic_config(ctx, &topic, key, value)
            }
            AdminRequest::AlterBrokerConfig { key, value } => {
                self.alter_broker_config(ctx, key, value)
            }
            AdminRequest::ElectPreferredLeaders => self.elect_preferred_leaders(ctx),
            AdminRequest::ElectLeader { topic, partition, election } => {
                self.elect_leader(ctx, &topic, partition, election)
            }
            AdminRequest::CreatePartitions { topic, count } => {
                self.create_partitions(ctx, &topic, count)
            }
            AdminRequest::DeleteTopic { topic } => self.delete_topic(ctx, &topic),
            AdminRequest::AlterPartitionReassignment { topic, partition, replicas } => {
                self.alter_partition_reassignment(ctx, &topic, partition, replicas.as_deref())
            }
        };
        let response = Response::Admin(Box::new(AdminResponse { result }));
        caller.reply(ctx, RESPONSE_BYTES, response);
    }

    /// A partition by its topic's name.
    pub(super) fn find_partition(
        &self,
        topic: &str,
        partition: u16,
    ) -> Result<TopicPartition, AdminError> {
        let id = self.find_topic(topic)?;
        let tp = TopicPartition::new(id, partition);
        let known = self.image().topic(id).map_or(0, |topic| topic.partitions.len());
        if usize::from(partition) < known {
            return Ok(tp);
        }
        let message = format!(
            "Unable to find partition {topic}:{partition}. Its partitions are 0 to {}.",
            known.saturating_sub(1)
        );
        Err((ErrorCode::UnknownTopicOrPartition, message))
    }

    /// A topic by its name.
    pub(super) fn find_topic(&self, topic: &str) -> Result<TopicId, AdminError> {
        self.image().topic_id(topic).ok_or_else(|| {
            let known: Vec<_> = self.image().topics().values().map(|t| &*t.name).collect();
            let known = if known.is_empty() { "none".to_owned() } else { known.join(", ") };
            let message = format!("The topic '{topic}' does not exist. The topics are {known}.");
            (ErrorCode::UnknownTopicOrPartition, message)
        })
    }
}
