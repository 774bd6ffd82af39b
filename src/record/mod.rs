//! Records and the batches that carry them.
//!
//! A [`Batch`] is what a producer closes and ships: immutable, shared by every log and message
//! that holds it. What the leader adds when it appends (offset, leader epoch) stands beside it in
//! [`LoggedBatch`], so that three replicas of a record cost one allocation.

//!
//! Sizes are exact without the bytes being made; [`format`] makes them, for whoever wants to look.

mod attributes;
mod batch;
mod compression;
mod epoch_cache;
pub mod format;
mod gaps;
mod sequence;
mod size;
pub mod varint;

pub use attributes::Attributes;
pub use batch::{Batch, BatchId, LoggedBatch};
pub use compression::CompressionRatios;
pub use epoch_cache::LeaderEpochCache;
pub use gaps::Gaps;
pub use sequence::{decrement_sequence, increment_sequence};
pub use size::{BATCH_OVERHEAD_BYTES, batch_size_bytes};

use std::sync::Arc;

/// Bytes that many owners share: keys, values, header values.
pub type Bytes = Arc<[u8]>;

/// Identity of a record in this run, dense from 0. It is the model's own: Kafka's records carry
/// none, so it never counts towards a size.
#[derive(Copy, Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize)]
#[serde(transparent)]
pub struct RecordId(pub u64);

/// A record header: application metadata beside key and value.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Header {
    /// Header name (UTF-8).
    pub key: Arc<str>,
    /// Header value; `None` is Kafka's null.
    pub value: Option<Bytes>,
}

/// One record, as the application handed it to `send()`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Record {
    /// Identity in this run.
    pub id: RecordId,
    /// CreateTime in ms since the Unix epoch.
    pub timestamp_ms: i64,
    /// Key; `None` is Kafka's null.
    pub key: Option<Bytes>,
    /// Value; `None` is a tombstone.
    pub value: Option<Bytes>,
    /// Headers, in order.
    pub headers: Option<Arc<[Header]>>,
}
