//! Format v2 of a record batch (magic 2) to the byte, as it lies on the wire and in the log.
//!
//! The model itself never needs the bytes, only how many they are. Here they can be had all the
//! same: what a batch looks like to `kafka-dump-log.sh`, a hex editor or another client.

mod corrupt;
mod decode;
mod encode;
mod end_txn_marker;
mod reader;
#[cfg(test)]
mod tests;

pub use corrupt::{CorruptBatch, Fault};
pub use end_txn_marker::{ControlRecordType, EndTransactionMarker};

use super::{Attributes, Bytes, Header, increment_sequence};

/// Offset and length before the rest of a batch (`Records.LOG_OVERHEAD`).
const LOG_OVERHEAD: usize = 12;
const MAGIC: i8 = 2;

// Where the fields of a header lie.
const LENGTH_AT: usize = 8;
const MAGIC_AT: usize = 16;
const CRC_AT: usize = 17;
const ATTRIBUTES_AT: usize = 21;
const RECORD_COUNT_AT: usize = 57;
const RECORDS_AT: usize = 61;

/// A batch as its bytes say it (`DefaultRecordBatch`).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RecordBatch {
    /// Offset that the records count from.
    pub base_offset: i64,
    /// Epoch of the leader that appended it; -1 when none did.
    pub leader_epoch: i32,
    /// Compression, timestamp type and so on.
    pub attributes: Attributes,
    /// Distance of the last offset from the base offset: that of the last record, unless the
    /// cleaner has removed it.
    pub last_offset_delta: i32,
    /// What the records' timestamps count from, in ms since the Unix epoch: the first timestamp, or
    /// the delete horizon if there is one.
    pub base_timestamp_ms: i64,
    /// Greatest timestamp, or when it was appended (LogAppendTime).
    pub max_timestamp_ms: i64,
    /// Producer id; -1 when there is none.
    pub producer_id: i64,
    /// Producer epoch; -1 when there is none.
    pub producer_epoch: i16,
    /// Sequence of the record at the base offset; -1 when there is none.
    pub base_sequence: i32,
    /// What it holds.
    pub payload: Payload,
}

/// The part of a batch after its header.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Payload {
    /// Records as they are.
    Records(Vec<StoredRecord>),
    /// Records that a codec has packed: opaque here.
    Compressed {
        /// How many.
        count: i32,
        /// What the codec made of them.
        bytes: Vec<u8>,
    },
}

/// A record at its offset (`DefaultRecord`).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredRecord {
    /// Its offset.
    pub offset: i64,
    /// The timestamp written in it, in ms since the Unix epoch; see [`RecordBatch::timestamp_of`].
    pub timestamp_ms: i64,
    /// Key; `None` is null.
    pub key: Option<Bytes>,
    /// Value; `None` is a tombstone.
    pub value: Option<Bytes>,
    /// Headers, in order.
    pub headers: Vec<Header>,
}

impl RecordBatch {
    /// Offset of the last record, removed or not.
    pub fn last_offset(&self) -> i64 {
        self.base_offset.wrapping_add(i64::from(self.last_offset_delta))
    }

    /// Offset after the last record.
    pub fn next_offset(&self) -> i64 {
        self.last_offset().wrapping_add(1)
    }

    /// Number of records.
    pub fn record_count(&self) -> i32 {
        match &self.payload {
            Payload::Records(records) => records.len() as i32,
            Payload::Compressed { count, .. } => *count,
        }
    }

    /// The records, where they are not compressed.
    pub fn records(&self) -> &[StoredRecord] {
        match &self.payload {
            Payload::Records(records) => records,
            Payload::Compressed { .. } => &[],
        }
    }

    /// A record's timestamp in ms since the Unix epoch: its own, or when it was appended.
    pub fn timestamp_of(&self, record: &StoredRecord) -> i64 {
        self.attributes.log_append_time_ms.unwrap_or(record.timestamp_ms)
    }

    /// Sequence of the last record; -1 without idempotence.
    pub fn last_sequence(&self) -> i32 {
        self.sequence_at(self.last_offset())
    }

    /// Sequence of the record at `offset`; -1 without idempotence.
    pub fn sequence_at(&self, offset: i64) -> i32 {
        if self.base_sequence < 0 {
            return -1;
        }
        increment_sequence(self.base_sequence, offset.wrapping_sub(self.base_offset) as i32)
    }
}
