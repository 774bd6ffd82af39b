//! Which partition a record goes to (Kafka's `KafkaProducer.partition`): the one it names, else
//! the configured partitioner's, else its key's, else the sticky one of the built-in partitioner.

mod built_in;
mod librdkafka;
mod murmur2;
mod round_robin;

pub use built_in::BuiltInPartitioner;
pub use librdkafka::StickyRandom;
pub use murmur2::{murmur2, partition_for_key, to_positive};
pub use round_robin::RoundRobinPartitioner;
