//! Highwater: a deterministic model of an Apache Kafka cluster.
//!
//! Rooms, from the ground floor up; each imports only from rooms below it.
//!
//! * [`engine`]: virtual time, event queue, random streams, network. Knows nothing of Kafka.
//! * [`config`]: Kafka's configs as data: name, type, default, validator.
//! * [`record`]: records, batches, sizes.
//! * [`protocol`]: what nodes say to each other, with Kafka's error codes.
//! * [`events`]: what happened, as typed trace events with causes.
//! * [`view`]: what it looks like now, as plain data.
//! * [`node`]: what every node is: a state machine with a [`node::Ctx`] for hands.
//! * [`client`]: a node's connections to brokers, with timeouts and back-off.
//! * [`metadata`]: the metadata log applied.
//! * [`controller`], [`broker`], [`producer`], [`consumer`]: the nodes. None imports another.
//! * [`application`]: a process with a consumer and producers of its own.
//! * [`cluster`]: wires nodes to the engine; commands in, trace and view out.
//! * [`scenario`]: a cluster, its clients and what is done to them, as a TOML file.
//! * [`trace`]: readers of the trace: ledger, verdict, metrics, event log, invariants.
//! * [`history`]: a run: scenario, command log, cluster and readers together.
//! * [`lesson`]: guided exercises as data: goals judged on what happened, hints, and their proof.
pub mod application;
pub mod broker;
pub mod client;
pub mod cluster;
pub mod config;
pub mod consumer;
pub mod controller;
pub mod engine;
pub mod events;
pub mod history;
pub mod lesson;
pub mod metadata;
pub mod node;
pub mod producer;
pub mod protocol;
pub mod record;
pub mod scenario;
pub mod trace;
pub mod view;
