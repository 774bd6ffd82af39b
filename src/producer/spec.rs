//! What a producer is to do: its application's workload and its configs.

use std::sync::Arc;

use crate::config::{ClientLibrary, LibrdkafkaPartitioner, Properties};
use crate::engine::Micros;
use crate::record::{Bytes, CompressionRatios};

/// When the application calls send().
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub enum Pace {
    /// Never by itself; only on command.
    Manual,
    /// Every so many µs.
    Every(u64),
    /// At random, exponentially distributed, with this mean in µs.
    Poisson(u64),
}

/// Where the application's keys come from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Keys {
    /// No key.
    None,
    /// `prefix0` .. `prefix<n-1>`, each equally likely.
    Uniform {
        /// Text before the number.
        prefix: Arc<str>,
        /// How many.
        count: u32,
    },
}

impl Keys {
    /// The text before the number, unless another is named.
    pub const PREFIX: &str = "key-";
}

/// The application behind a producer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Workload {
    /// When it sends.
    pub pace: Pace,
    /// With which keys.
    pub keys: Keys,
    /// Size of each value in bytes.
    pub value_bytes: u32,
    /// Stop after so many records; `None`: go on.
    pub limit: Option<u64>,
    /// Explicit partition for every record.
    pub partition: Option<u16>,
    /// How well the records compress.
    pub compression_ratios: CompressionRatios,
    /// What it does with a transactional.id.
    pub transactions: Transactions,
}

/// How an application uses transactions.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub struct Transactions {
    /// Records in each.
    pub records: u32,
    /// The application aborts every so many-th one instead of committing it; 0: none.
    pub abort_every: u32,
}

impl Transactions {
    /// The application's consumer says when a transaction ends.
    pub const WITH_A_CONSUMER: Self = Self { records: u32::MAX, abort_every: 0 };
}

impl Default for Transactions {
    fn default() -> Self {
        Self { records: 10, abort_every: 0 }
    }
}

impl Workload {
    /// Size of a value, unless another is named.
    pub const VALUE_BYTES: u32 = 100;
}

/// A producer of a scenario.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProducerSpec {
    /// Its name, unique among clients; also its client.id unless set.
    pub name: Arc<str>,
    /// Topic it sends to.
    pub topic: Arc<str>,
    /// What it sends.
    pub workload: Workload,
    /// The library it is written with.
    pub client: ClientLibrary,
    /// Its explicit configs.
    pub config: Properties,
}

impl ProducerSpec {
    /// How librdkafka chooses partitions, and how long it keeps to one for records without a key;
    /// `None`: the Java client chooses.
    pub(super) fn librdkafka_partitioner(&self) -> Option<(LibrdkafkaPartitioner, Micros)> {
        // Wrong values were refused when the client was made.
        let partitioner = self.client.partitioner(&self.config).ok()??;
        let sticky_ms = self.client.sticky_ms(&self.config).unwrap_or_default();
        Some((partitioner, sticky_ms * 1000))
    }
}

/// A record sent by command.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct ManualRecord {
    /// Explicit partition.
    pub partition: Option<u16>,
    /// Key.
    pub key: Option<Bytes>,
    /// Value; `None` is a tombstone.
    pub value: Option<Bytes>,
    /// Headers: name and value.
    pub headers: Vec<(Arc<str>, Bytes)>,
}
