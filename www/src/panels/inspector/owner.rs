//! Whose configs a knob turns: which table describes them, who checks them, which command sets them.

use std::sync::Arc;

use highwater::cluster::Command;
use highwater::config::{
    BrokerConfig, ConsumerConfig, ProducerConfig, Properties, Scope, TopicConfig,
};

/// Whose configs they are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Owner {
    /// A producer's.
    Producer(Arc<str>),
    /// A consumer's.
    Consumer(Arc<str>),
    /// A topic's.
    Topic(Arc<str>),
    /// All brokers'.
    Brokers,
}

impl Owner {
    /// The table that describes them.
    pub fn scope(&self) -> Scope {
        match self {
            Self::Producer(_) => Scope::Producer,
            Self::Consumer(_) => Scope::Consumer,
            Self::Topic(_) => Scope::Topic,
            Self::Brokers => Scope::Broker,
        }
    }

    /// When a change takes effect: the id of a text.
    pub fn effect(&self) -> &'static str {
        match self {
            Self::Producer(_) | Self::Consumer(_) => "knob-restarts",
            Self::Topic(_) | Self::Brokers => "knob-live",
        }
    }

    /// A part of ids in the document, the same for all knobs of the owner.
    pub fn slug(&self) -> String {
        match self {
            Self::Producer(name) | Self::Consumer(name) => format!("client-{name}"),
            Self::Topic(name) => format!("topic-{name}"),
            Self::Brokers => "brokers".to_owned(),
        }
    }

    /// The command that sets a config, or sets it back.
    pub fn set(&self, key: &'static str, value: Option<&str>) -> Command {
        let (key, value) = (Arc::from(key), value.map(Arc::from));
        match self {
            Self::Producer(name) | Self::Consumer(name) => {
                Command::SetClientConfig { client: name.clone(), key, value }
            }
            Self::Topic(name) => Command::SetTopicConfig { topic: name.clone(), key, value },
            Self::Brokers => Command::SetBrokerConfig { key, value },
        }
    }

    /// What Kafka says of these explicit configs: what it changes silently, or what it throws.
    pub fn check(&self, configs: &[(String, String)]) -> Result<Vec<String>, String> {
        let properties: Properties = configs.iter().cloned().collect();
        let checked = match self {
            Self::Producer(_) => ProducerConfig::from_properties(&properties).map(|c| c.notes),
            Self::Consumer(_) => ConsumerConfig::from_properties(&properties).map(|c| c.notes),
            Self::Brokers => BrokerConfig::from_properties(&properties).map(|c| c.notes),
            Self::Topic(_) => BrokerConfig::from_properties(&Properties::new())
                .and_then(|brokers| TopicConfig::from_properties(&properties, &brokers))
                .map(|c| c.notes),
        };
        checked.map_err(|exception| exception.to_string())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn errors_are_in_kafkas_words() {
        let owner = Owner::Producer("checkout".into());
        let error = owner.check(&[("acks".into(), "2".into())]).expect_err("no such acks");
        assert!(error.starts_with("ConfigException: Invalid value 2 for configuration acks"));
        let configs = [("acks".into(), "1".into()), ("enable.idempotence".into(), "true".into())];
        assert!(owner.check(&configs).is_err());
    }
}
