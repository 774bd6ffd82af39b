//! New topics: validation in Kafka's order, placement, first leaders.

use std::sync::Arc;

use crate::config::{Properties, TopicConfig};
use crate::engine::NodeId;
use crate::events::Event;
use crate::metadata::MetadataImage;
use crate::node::Ctx;
use crate::protocol::{
    ErrorCode, MetadataRecord, PartitionRegistration, TopicId, TopicPartition, wall_clock_ms,
};

use super::Controller;
use super::admin::AdminError;
use super::placement::{UsableBroker, place_replicas};

const MAX_NAME_LENGTH: usize = 249;
/// ReplicationControlManager.MAX_PARTITIONS_PER_BATCH
const MAX_PARTITIONS: i32 = 10_000;
const TOO_MANY: &str = "Excessively large number of partitions per request.";
const CLUSTER_METADATA: &str = "__cluster_metadata";

/// A topic to be created.
#[derive(Clone, Debug)]
pub struct NewTopic {
    /// Its name.
    pub name: Arc<str>,
    /// Number of partitions; -1: num.partitions.
    pub partitions: i32,
    /// Replication factor; -1: default.replication.factor.
    pub replication_factor: i16,
    /// Its configs.
    pub configs: Vec<(Arc<str>, Arc<str>)>,
}

impl Controller {
    pub(super) fn create_topic(
        &mut self,
        ctx: &mut Ctx<'_>,
        new: &NewTopic,
    ) -> Result<(), AdminError> {
        validate_name(self.image(), &new.name)?;
        if new.partitions > MAX_PARTITIONS {
            return Err((ErrorCode::PolicyViolation, TOO_MANY.to_owned()));
        }
        let configs: Properties = new.configs.iter().map(|(k, v)| (&**k, &**v)).collect();
        TopicConfig::from_properties(&configs, &self.config)
            .map_err(|error| (ErrorCode::InvalidConfig, error.message))?;
        let (count, replication_factor) = self.size_of(new)?;
        let partitions: Arc<[PartitionRegistration]> =
            self.place(count, replication_factor)?.into();

        let id = self.image().next_topic_id();
        let name = new.name.clone();
        ctx.emit(Event::TopicCreated {
            topic: id,
            name: name.clone(),
            partitions: partitions.clone(),
        });
        self.log.append(MetadataRecord::Topic { topic: id, name });
        for (key, value) in &new.configs {
            let (key, value) = (key.clone(), Some(value.clone()));
            self.log.append(MetadataRecord::TopicConfig { topic: id, key, value });
        }
        self.append_partitions(id, 0, &partitions);
        Ok(())
    }

    /// CreatePartitions: the topic gets `count` partitions in all, and keys move.
    pub(super) fn create_partitions(
        &mut self,
        ctx: &mut Ctx<'_>,
        name: &str,
        count: i32,
    ) -> Result<(), AdminError> {
        let id = self.find_topic(name)?;
        let Some(topic) = self.image().topic(id) else { return Ok(()) };
        let known = topic.partitions.len();
        let replicas = topic.partitions.first().map_or(0, |partition| partition.replicas.len());
        let invalid = |fault: String| {
            let message =
                format!("{fault} Partitions can only be added: ask for more than {known}.");
            Err((ErrorCode::InvalidPartitions, message))
        };
        let additional = match usize::try_from(count).unwrap_or(0).checked_sub(known) {
            Some(0) => return invalid(format!("Topic already has {known} partition(s).")),
            Some(additional) => additional,
            None => {
                return invalid(format!(
                    "The topic {name} currently has {known} partition(s); {count} would not be an \
                     increase."
                ));
            }
        };
        if count > MAX_PARTITIONS {
            return Err((ErrorCode::PolicyViolation, TOO_MANY.to_owned()));
        }
        let factor = i16::try_from(replicas).unwrap_or(i16::MAX);
        let partitions: Arc<[PartitionRegistration]> = self.place(additional, factor)?.into();
        let from = known as u16;
        ctx.emit(Event::PartitionsAdded { topic: id, from, partitions: partitions.clone() });
        self.append_partitions(id, from, &partitions);
        Ok(())
    }

    /// DeleteTopics.
    pub(super) fn delete_topic(
        &mut self,
        ctx: &mut Ctx<'_>,
        name: &Arc<str>,
    ) -> Result<(), AdminError> {
        if !self.config.delete_topic_enable {
            let message = "Topic deletion is disabled. Set delete.topic.enable=true.";
            return Err((ErrorCode::TopicDeletionDisabled, message.to_owned()));
        }
        let topic = self.find_topic(name)?;
        ctx.emit(Event::TopicDeleted { topic, name: name.clone() });
        let at_ms = wall_clock_ms(ctx.now);
        self.log.append(MetadataRecord::RemoveTopic { topic, at_ms });
        Ok(())
    }

    fn append_partitions(&mut self, id: TopicId, from: u16, partitions: &[PartitionRegistration]) {
        for (index, registration) in (from..).zip(partitions) {
            let tp = TopicPartition::new(id, index);
            let registration = registration.clone();
            self.log.append(MetadataRecord::Partition { tp, registration });
        }
    }

    /// How many partitions and replicas a new topic gets.
    fn size_of(&self, new: &NewTopic) -> Result<(usize, i16), AdminError> {
        if new.replication_factor < -1 || new.replication_factor == 0 {
            let message =
                "Replication factor must be larger than 0, or -1 to use the default value.";
            return Err((ErrorCode::InvalidReplicationFactor, message.to_owned()));
        }
        if new.partitions < -1 || new.partitions == 0 {
            let message = "Number of partitions was set to an invalid non-positive value.";
            return Err((ErrorCode::InvalidPartitions, message.to_owned()));
        }
        let count = if new.partitions == -1 { self.config.num_partitions } else { new.partitions };
        let replication_factor = match new.replication_factor {
            -1 => i16::try_from(self.config.default_replication_factor).unwrap_or(i16::MAX),
            given => given,
        };
        Ok((count.clamp(0, MAX_PARTITIONS) as usize, replication_factor))
    }

    fn place(
        &mut self,
        count: usize,
        replication_factor: i16,
    ) -> Result<Vec<PartitionRegistration>, AdminError> {
        let refuse = |message: &str| {
            let message = format!(
                "Unable to replicate the partition {replication_factor} time(s): {message}"
            );
            (ErrorCode::InvalidReplicationFactor, message)
        };
        let image = self.log.image();
        let brokers = usable_brokers(image);
        let placed = place_replicas(&mut self.placement, brokers, count, replication_factor)
            .map_err(|message| refuse(&message))?;
        let register = |replicas: Vec<NodeId>| {
            let isr: Vec<_> = replicas.iter().copied().filter(|&r| image.is_active(r)).collect();
            let Some(&leader) = isr.first() else {
                return Err(refuse("All brokers are currently fenced or in controlled shutdown."));
            };
            Ok(PartitionRegistration {
                replicas,
                isr,
                leader: Some(leader),
                ..PartitionRegistration::default()
            })
        };
        placed.into_iter().map(register).collect()
    }
}

/// Registered brokers that are not in controlled shutdown; one that has stopped is fenced.
fn usable_brokers(image: &MetadataImage) -> impl Iterator<Item = UsableBroker<'_>> {
    let usable = image.brokers().iter().filter(|(_, b)| b.fenced || !b.in_controlled_shutdown);
    usable.map(|(&id, b)| UsableBroker { id, rack: b.rack.as_deref(), fenced: b.fenced })
}

/// `Topic.validate`, then whether the name is free.
fn validate_name(image: &MetadataImage, name: &str) -> Result<(), AdminError> {
    if name == CLUSTER_METADATA {
        let message = format!("Creation of internal topic {name} is prohibited.");
        return Err((ErrorCode::InvalidRequest, message));
    }
    if image.topic_id(name).is_some() {
        return Err((ErrorCode::TopicAlreadyExists, format!("Topic '{name}' already exists.")));
    }
    let invalid = |message: String| Err((ErrorCode::InvalidTopicException, message));
    if let Some(fault) = fault_of(name) {
        return invalid(format!("Topic name is invalid: {fault}"));
    }
    // Names of metrics turn '.' into '_'.
    let unified = |name: &str| name.replace('.', "_");
    let wanted = unified(name);
    match image.topics().values().find(|topic| unified(&topic.name) == wanted) {
        Some(topic) => {
            invalid(format!("Topic '{name}' collides with existing topic: {}", topic.name))
        }
        None => Ok(()),
    }
}

/// `Topic.detectInvalidTopic`
fn fault_of(name: &str) -> Option<String> {
    let is_legal = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-');
    if name.is_empty() {
        Some("the empty string is not allowed".to_owned())
    } else if matches!(name, "." | "..") {
        Some(format!("'{name}' is not allowed"))
    } else if name.encode_utf16().count() > MAX_NAME_LENGTH {
        Some(format!(
            "the length of '{name}' is longer than the max allowed length {MAX_NAME_LENGTH}"
        ))
    } else if !name.chars().all(is_legal) {
        Some(format!(
            "'{name}' contains one or more characters other than ASCII alphanumerics, '.', '_' \
             and '-'"
        ))
    } else {
        None
    }
}

#[cfg(test)]
mod tests;
