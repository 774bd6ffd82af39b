//! A call of send() that has not returned: it waits for metadata or memory, or has to be put off
//! until there is a transaction for it.

use crate::config::{PartitionerClass, ProducerConfig};
use crate::engine::Micros;
use crate::events::{DeliveryFailure, EventId};
use crate::record::Record;

use super::{Cluster, RoundRobinPartitioner, partition_for_key};

/// What a call of send() waits for.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub enum Wait {
    /// The topic, or the partition the record names, is not known.
    Metadata,
    /// The transaction is being ended, or none can be begun yet: another thread waits for that, and
    /// then calls.
    Transaction,
    /// So many bytes of buffer.memory.
    Memory(u32),
}

impl Wait {
    /// What the application gets when max.block.ms is over.
    pub fn failure(self) -> DeliveryFailure {
        match self {
            Self::Metadata => DeliveryFailure::NoMetadata,
            Self::Transaction => DeliveryFailure::TransactionAborted,
            Self::Memory(_) => DeliveryFailure::BufferExhausted,
        }
    }
}

/// Where a record is to go.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub enum Target {
    /// Not decided; the partition the record names, if it does.
    Undecided(Option<u16>),
    /// This partition, or (`None`) the one the built-in partitioner sticks to.
    Decided(Option<u16>),
}

/// A call of send().
#[derive(Clone, Debug)]
pub struct PendingSend {
    /// The record.
    pub record: Record,
    /// Where it is to go.
    pub target: Target,
    /// max.block.ms is over then, in virtual µs.
    pub deadline_us: Micros,
    /// The application's own loop called, and is blocked.
    pub is_workload: bool,
    /// What it waits for.
    pub wait: Wait,
    /// RecordProduced
    pub cause: Option<EventId>,
}

/// Which partition a record goes to (`KafkaProducer.partition`); `None`: the sticky one.
pub fn choose_partition(
    record: &Record,
    explicit: Option<u16>,
    config: &ProducerConfig,
    round_robin: &mut RoundRobinPartitioner,
    cluster: &Cluster,
) -> Option<u16> {
    if explicit.is_some() {
        return explicit;
    }
    if config.partitioner_class == PartitionerClass::RoundRobin {
        return Some(round_robin.partition(cluster));
    }
    let key = record.key.as_ref().filter(|_| !config.partitioner_ignore_keys)?;
    Some(partition_for_key(key, cluster.partition_count()))
}
