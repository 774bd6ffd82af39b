//! Virtual time: the floor everything stands on; knows nothing of Kafka.
//!
//! Five things live here, and none of them ever reads a clock:
//! - [`EventQueue`]: what happens next, FIFO at equal times, cancellable in O(1);
//! - [`Rng`]: one independent random stream a node, integers only;
//! - [`JavaRandom`]: `java.util.Random`, where Kafka's own choices hang on it;
//! - [`Network`]: when (or whether) a message arrives;
//! - [`Held`]: what TCP keeps for a better day.
//!
//! Beside them stands what all rooms need and what weighs little on the page: [`SortedMap`],
//! [`SortedSet`], [`sort_by`], [`sort_by_key`].

mod event_queue;
#[cfg(test)]
mod event_queue_model;
mod exponential;
mod flat_map;
mod held;
mod java_hash;
mod java_random;
mod link;
mod link_config;
mod network;
mod network_config;
mod node_id;
mod rng;
mod sort;
mod sorted_map;
mod sorted_set;
mod timer;
mod wheel;

pub use event_queue::EventQueue;
pub use held::{Held, Stream};
pub use java_hash::{JavaHashTable, hash_map_bucket, java_hash, topic_partition_hash, uuid_hash};
pub use java_random::JavaRandom;
pub use link_config::LinkConfig;
pub use network::{Delivery, Network};
pub use network_config::NetworkConfig;
pub use node_id::NodeId;
pub use rng::Rng;
pub use sort::{sort_by, sort_by_key};
pub use sorted_map::SortedMap;
pub use sorted_set::SortedSet;
pub use timer::Timer;

/// Virtual time in microseconds since the start of the scenario.
pub type Micros = u64;
