//! Highwater: a deterministic model of an Apache Kafka cluster.
pub mod config;
pub mod engine;
