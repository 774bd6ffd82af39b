//! The producer client and the application behind it.
//!
//! The application (`application.rs`) makes up records. send() (`producer.rs`) chooses a partition
//! (`partitioner/`) and appends to a batch in memory (`accumulator/`). The sender (`sender/`) ships
//! batches to the leaders that the metadata names (`metadata.rs`, `cluster.rs`) and deals with the
//! answers; idempotence (`transaction_manager.rs`) keeps them in order, and a transaction
//! (`transaction.rs`) makes them all or nothing.

mod accumulator;
mod application;
mod backoff;
mod cluster;
mod kafka_producer;
mod metadata;
mod partitioner;
mod pending_send;
mod producer_view;
mod sender;
mod spec;
#[cfg(test)]
mod tests;
mod transaction;
mod transaction_loop;
mod transaction_manager;

pub use accumulator::{
    Appended, BatchCompression, CompressionRatioEstimator, Drained, PartitionQueue, ProducerBatch,
    Readiness, RecordAccumulator, Source,
};
pub use backoff::ExponentialBackoff;
pub use cluster::Cluster;
pub use kafka_producer::Producer;
pub use metadata::ProducerMetadata;
pub use partitioner::{
    BuiltInPartitioner, RoundRobinPartitioner, StickyRandom, murmur2, partition_for_key,
    to_positive,
};
pub use sender::Delivery;
pub use spec::{Keys, ManualRecord, Pace, ProducerSpec, Transactions, Workload};
pub use transaction_loop::TransactionOutcome;
pub use transaction_manager::TransactionManager;
