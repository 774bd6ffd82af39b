//! Kafka's configs as data: name, type, default, validator and scope, and the
//! typed configs the nodes of the model work with. What each means in a line
//! stands with the page's texts.
//!
//! One table ([`definitions`]) is read by the page's knobs, the scenario file
//! and the terminal. What a user sets is kept as text in [`Properties`]; a node
//! gets a [`ProducerConfig`], [`ConsumerConfig`], [`BrokerConfig`] or
//! [`TopicConfig`], which have been through Kafka's own checks in Kafka's
//! order, or the user gets a [`ConfigException`] in Kafka's words.

mod broker;
mod choices;
mod classes;
mod client;
mod client_library;
mod consumer;
mod decimal;
mod definition;
mod duration;
mod exception;
mod features;
mod known;
mod producer;
mod properties;
mod tables;
mod topic;
mod validator;
mod value;
mod values;

#[cfg(test)]
mod tests;

pub use broker::BrokerConfig;
pub use choices::{
    Acks, AutoOffsetReset, CleanupPolicy, Compression, GroupMigrationPolicy, GroupProtocol,
    IsolationLevel, PartitionerClass, Ratio, ReplicaSelector, TimestampType, TopicCompression,
};
pub use client_library::{ClientLibrary, LibrdkafkaPartitioner};
pub use consumer::ConsumerConfig;
pub use decimal::parse as parse_decimal;
pub use definition::{ConfigDef, DefaultValue, Dynamic, Importance, Kind, Scope, Unit};
pub use duration::parse_ms as parse_duration_ms;
pub use exception::ConfigException;
pub use features::Features;
pub use known::{check_known, closest, nearest};
pub use producer::ProducerConfig;
pub use properties::Properties;
pub use tables::{definitions, find};
pub use topic::{BROKER_SYNONYMS, TopicConfig, broker_synonyms};
pub use validator::Validator;
pub use value::Value;
pub use values::Values;
