//! What the log cleaner leaves of a batch: fewer records at the offsets they always had
//! (`MemoryRecords.filterTo`).

use std::sync::Arc;

use super::size::{BATCH_OVERHEAD_BYTES, records_bytes};
use super::{Attributes, Batch};
use crate::config::Compression;

/// The offsets of a batch that the cleaner has taken records out of.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Gaps {
    /// Distance of each record that is left from the base offset, rising.
    deltas: Vec<i32>,
    /// Distance of the last record, removed or not: the batch's place in the sequence hangs on it.
    last_delta: i32,
    /// Greatest timestamp, of which an empty batch has no record any more.
    max_timestamp_ms: i64,
}

impl Gaps {
    /// The greatest timestamp when there are no records.
    pub(super) fn max_timestamp_ms(&self) -> i64 {
        self.max_timestamp_ms
    }
}

impl Batch {
    /// Distance of the record at `index` from the batch's base offset.
    pub fn offset_delta(&self, index: usize) -> i64 {
        match &self.gaps {
            None => index as i64,
            Some(gaps) => i64::from(gaps.deltas.get(index).copied().unwrap_or(gaps.last_delta)),
        }
    }

    /// Distance of the last record, removed or not, from the base offset (`lastOffsetDelta`).
    pub fn last_offset_delta(&self) -> i64 {
        match &self.gaps {
            None => self.count() - 1,
            Some(gaps) => i64::from(gaps.last_delta),
        }
    }

    /// Index of the record at this distance from the base offset, or of the first one after it.
    pub fn index_at(&self, offset_delta: i64) -> usize {
        match &self.gaps {
            None => offset_delta.clamp(0, self.count()) as usize,
            Some(gaps) => gaps.deltas.partition_point(|&delta| i64::from(delta) < offset_delta),
        }
    }

    /// The batch with the records at `kept` only, in order. With `delete_horizon_ms` the
    /// timestamps count from there (KIP-534).
    #[must_use]
    pub fn retaining(&self, kept: &[usize], delete_horizon_ms: Option<i64>) -> Self {
        let gaps = Gaps {
            deltas: kept.iter().map(|&index| self.offset_delta(index) as i32).collect(),
            last_delta: self.last_offset_delta() as i32,
            max_timestamp_ms: self.max_timestamp_ms(),
        };
        let attributes = Attributes { delete_horizon_ms, ..self.attributes };
        let records: Vec<_> = kept.iter().map(|&index| self.records[index].clone()).collect();
        let first_ms = records.first().map_or(0, |record| record.timestamp_ms);
        let plain = records_bytes(&records, &gaps.deltas, delete_horizon_ms.unwrap_or(first_ms));
        let bytes = self.ratios.compressed_bytes(attributes.compression, plain);
        Self {
            attributes,
            size_bytes: BATCH_OVERHEAD_BYTES + bytes,
            records,
            gaps: Some(Arc::new(gaps)),
            ..*self
        }
    }

    /// The batch's header alone: it keeps what it tells of its producer
    /// (`DefaultRecordBatch.writeEmptyHeader`).
    #[must_use]
    pub fn emptied(&self) -> Self {
        let mut empty = self.retaining(&[], None);
        empty.attributes.compression = Compression::None;
        empty
    }
}
