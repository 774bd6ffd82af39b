//! A record batch, and a batch in a log.

use std::sync::Arc;

use crate::config::Compression;

use super::format::ControlRecordType;
use super::size::{BATCH_OVERHEAD_BYTES, batch_size_bytes};
use super::{Attributes, CompressionRatios, Gaps, Record, increment_sequence};

/// Identity of a produced batch in this run (the model's own; never part of a size).
#[derive(Copy, Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize)]
#[serde(transparent)]
pub struct BatchId(pub u64);

/// A closed batch as the producer ships it (format v2, magic 2).
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Batch {
    /// Identity in this run.
    pub id: BatchId,
    /// Producer id of idempotence; -1 when there is none.
    pub producer_id: i64,
    /// Producer epoch; -1 when there is none.
    pub producer_epoch: i16,
    /// Sequence of the first record; -1 when there is none.
    pub base_sequence: i32,
    /// Compression, timestamp type and so on.
    pub attributes: Attributes,
    /// What a codec makes of its records.
    pub ratios: CompressionRatios,
    /// Records in the order they were appended; empty only after cleaning.
    pub records: Vec<Record>,
    /// Which offsets its records have, once the log cleaner has removed some.
    pub gaps: Option<Arc<Gaps>>,
    /// Size in bytes of the encoded batch, 61-byte header included: exact, or going by the
    /// compression ratio.
    pub size_bytes: u32,
}

impl Batch {
    /// Records as they are: no producer id, nothing compressed.
    pub fn plain(id: BatchId, records: Vec<Record>) -> Self {
        Self {
            id,
            producer_id: -1,
            producer_epoch: -1,
            base_sequence: -1,
            attributes: Attributes::default(),
            ratios: CompressionRatios::default(),
            size_bytes: batch_size_bytes(&records),
            records,
            gaps: None,
        }
    }

    /// A record's timestamp in ms since the Unix epoch: its own, or when the leader appended it.
    pub fn timestamp_of(&self, record: &Record) -> i64 {
        self.attributes.log_append_time_ms.unwrap_or(record.timestamp_ms)
    }

    /// Greatest timestamp; -1 when it never had a record.
    pub fn max_timestamp_ms(&self) -> i64 {
        let greatest = self.records.iter().map(|record| record.timestamp_ms).max();
        let before_cleaning = || self.gaps.as_ref().map_or(-1, |gaps| gaps.max_timestamp_ms());
        self.attributes.log_append_time_ms.or(greatest).unwrap_or_else(before_cleaning)
    }

    /// The same records, compressed with another codec.
    #[must_use]
    pub fn recompressed(&self, compression: Compression) -> Self {
        let records_bytes = batch_size_bytes(&self.records) - BATCH_OVERHEAD_BYTES;
        let left_bytes = self.ratios.compressed_bytes(compression, records_bytes);
        Self {
            attributes: Attributes { compression, ..self.attributes },
            size_bytes: BATCH_OVERHEAD_BYTES + left_bytes,
            ..self.clone()
        }
    }

    /// What the control record of the batch says.
    pub fn control_type(&self) -> Option<ControlRecordType> {
        let key = self.records.first().filter(|_| self.attributes.is_control)?.key.as_deref()?;
        ControlRecordType::of_key(key).ok()
    }

    /// Of a marker that ends a transaction: whether it was committed.
    pub fn end_of_transaction(&self) -> Option<bool> {
        match self.control_type()? {
            ControlRecordType::Commit => Some(true),
            ControlRecordType::Abort => Some(false),
            ControlRecordType::Other(_) => None,
        }
    }

    /// Number of records.
    pub fn count(&self) -> i64 {
        self.records.len() as i64
    }

    /// Sequence of the last record, wrapping from 2^31-1 to 0; -1 without idempotence.
    pub fn last_sequence(&self) -> i32 {
        if self.base_sequence < 0 {
            return -1;
        }
        increment_sequence(self.base_sequence, self.last_offset_delta() as i32)
    }
}

/// A batch at its place in a log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LoggedBatch {
    /// Offset of the first record.
    pub base_offset: i64,
    /// Epoch of the leader that appended it.
    pub leader_epoch: i32,
    /// The batch, shared with every other holder.
    pub batch: Arc<Batch>,
}

impl LoggedBatch {
    /// Offset of the record at `index`.
    pub fn offset_of(&self, index: usize) -> i64 {
        self.base_offset + self.batch.offset_delta(index)
    }

    /// Offset of the last record, removed or not.
    pub fn last_offset(&self) -> i64 {
        self.base_offset + self.batch.last_offset_delta()
    }

    /// Offset after the last record.
    pub fn next_offset(&self) -> i64 {
        self.last_offset() + 1
    }
}
