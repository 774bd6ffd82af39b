//! Topic configs and cluster-wide broker configs change: Kafka's `ConfigurationControlManager`.

use std::sync::Arc;

use crate::config::{BrokerConfig, Dynamic, Scope, TopicConfig, check_known, find};
use crate::events::Event;
use crate::node::Ctx;
use crate::protocol::{ErrorCode, MetadataRecord, TopicId, TopicPartition};

use super::Controller;
use super::admin::AdminError;

const UNCLEAN_ELECTION: &str = "unclean.leader.election.enable";
const MIN_ISR: &str = "min.insync.replicas";

impl Controller {
    pub(super) fn alter_topic_config(
        &mut self,
        ctx: &mut Ctx<'_>,
        name: &str,
        key: Arc<str>,
        value: Option<Arc<str>>,
    ) -> Result<(), AdminError> {
        let topic = self.image().topic_id(name);
        let Some((id, topic)) = topic.and_then(|id| Some((id, self.image().topic(id)?))) else {
            let message = format!("The topic '{name}' does not exist.");
            return Err((ErrorCode::UnknownTopicOrPartition, message));
        };
        let mut configs = topic.config.clone();
        configs.assign(&key, value.as_deref());
        TopicConfig::from_properties(&configs, &self.config)
            .map_err(|error| (ErrorCode::InvalidConfig, error.message))?;
        if configs != topic.config {
            let scope = format!("topic {name}").into();
            ctx.emit(Event::ConfigChanged { scope, key: key.clone(), value: value.clone() });
            self.log.append(MetadataRecord::TopicConfig { topic: id, key, value });
        }
        Ok(())
    }

    /// Kafka answers INVALID_REQUEST where INVALID_CONFIG would be expected (KAFKA-13609).
    pub(super) fn alter_broker_config(
        &mut self,
        ctx: &mut Ctx<'_>,
        key: Arc<str>,
        value: Option<Arc<str>>,
    ) -> Result<(), AdminError> {
        let invalid = |message: String| (ErrorCode::InvalidRequest, message);
        if find(Scope::Broker, &key).is_some_and(|config| config.dynamic != Dynamic::Live) {
            return Err(invalid(format!("Cannot update these configs dynamically: Set({key})")));
        }
        let mut configs = self.image().broker_config().clone();
        configs.assign(&key, value.as_deref());
        check_known(Scope::Broker, &configs).map_err(|error| invalid(error.message))?;
        BrokerConfig::from_properties(&configs).map_err(|error| invalid(error.message))?;
        if configs != *self.image().broker_config() {
            let scope = "brokers".into();
            ctx.emit(Event::ConfigChanged { scope, key: key.clone(), value: value.clone() });
            self.log.append(MetadataRecord::BrokerConfig { key, value });
        }
        Ok(())
    }

    /// Whether a replica from outside the ISR may lead.
    pub fn is_unclean_election_enabled(&self, topic: TopicId) -> bool {
        match self.explicit(topic, UNCLEAN_ELECTION) {
            Some(text) => text.eq_ignore_ascii_case("true"),
            None => self.config.unclean_leader_election_enable,
        }
    }

    /// Below how many in-sync replicas others stay eligible: min.insync.replicas, but never more
    /// than there are replicas. `None`: eligible leader replicas are switched off.
    pub fn elr_min_isr(&self, topic: TopicId) -> Option<usize> {
        if !self.features.eligible_leader_replicas {
            return None;
        }
        let explicit = self.explicit(topic, MIN_ISR).and_then(|text| text.parse::<i32>().ok());
        let min_isr = explicit.unwrap_or(self.config.min_insync_replicas);
        let first = self.image().partition(TopicPartition::new(topic, 0));
        let replicas = first.map_or(0, |partition| partition.replicas.len());
        Some(usize::try_from(min_isr).unwrap_or(0).min(replicas))
    }

    /// The topic's own word, else the cluster's; `None`: the controller's properties file decides.
    fn explicit(&self, topic: TopicId, key: &str) -> Option<&str> {
        let image = self.image();
        let own = image.topic(topic).and_then(|topic| topic.config.get(key));
        own.or_else(|| image.broker_config().get(key)).map(str::trim)
    }
}

#[cfg(test)]
mod tests;
