//! Produce requests with acks=all that wait for the ISR (Kafka's `DelayedProduce`).

mod purgatory;

pub use purgatory::{ParkedProduce, PartitionStatus, ProducePurgatory};
