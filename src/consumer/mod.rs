//! The consumer client and the application behind it.
//!
//! One [`Consumer`] is what a Java process with one `KafkaConsumer` is: an application that calls
//! poll(), processes what it returned (`processing`; what it does when that fails is its `handler`'s
//! to say) and commits (`application`), and beneath it the client:
//! `membership` and `heartbeat` (its place in the group), `consumer_membership` (the same with
//! group.protocol=consumer), `assignor`, `positions`, `validation`, `fetcher`, `read_replica`,
//! `seek`, `commits`, `metadata`. As in Java, everything but heartbeats happens inside poll().

mod application;
mod assignor;
mod commits;
mod consumer_membership;
mod consumer_view;
mod coordinator;
mod fetcher;
mod forwarding;
mod handler;
mod heartbeat;
mod membership;
mod metadata;
mod node;
mod offset_store;
mod positions;
mod processing;
mod read_replica;
mod rebalance;
mod restoring;
mod results;
mod seek;
mod spec;
mod subscription;
#[cfg(test)]
mod tests;
mod validation;
mod wire;
mod worker;

pub use assignor::{Assignment, Assignor};
pub use handler::{Faults, HandlerSpec, OnError, Outgoing, Pattern, RetryTopic, Spread};
pub use node::Consumer;
pub use seek::SeekTo;
pub use spec::{CommitStrategy, ConsumerSpec};
