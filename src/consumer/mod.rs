//! The consumer client and the application behind it.
//!
//! One [`Consumer`] is what a Java process with one `KafkaConsumer` is: an application that calls
//! poll(), processes what it returned and commits (`application`), and beneath it the client:
//! `membership` and `heartbeat` (its place in the group), `consumer_membership` (the same with
//! group.protocol=consumer), `assignor`, `positions`, `validation`, `fetcher`, `read_replica`,
//! `seek`, `commits`, `metadata`. As in Java, everything but heartbeats happens inside poll().

mod application;
mod assignor;
mod commits;
mod consumer_membership;
mod coordinator;
mod fetcher;
mod heartbeat;
mod membership;
mod metadata;
mod node;
mod positions;
mod read_replica;
mod rebalance;
mod seek;
mod spec;
mod subscription;
#[cfg(test)]
mod tests;
mod validation;
mod wire;

pub use assignor::{Assignment, Assignor};
pub use node::Consumer;
pub use seek::SeekTo;
pub use spec::{CommitStrategy, ConsumerSpec};
