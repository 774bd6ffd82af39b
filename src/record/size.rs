//! Exact sizes of record format v2 (Kafka's `DefaultRecord`, `DefaultRecordBatch`, `ByteUtils`).
//!
//! A record's numbers are zig-zag varints, so its size depends on its place in the batch: every
//! size here takes the deltas of offset and timestamp to the first record.

use super::varint::{size_of_varint, size_of_varlong};
use super::{Header, Record};

/// Size of a batch header (`RECORD_BATCH_OVERHEAD`).
pub const BATCH_OVERHEAD_BYTES: u32 = 61;

/// Most that length, timestamp delta, offset delta and attributes of a record can take
/// (`DefaultRecord.MAX_RECORD_OVERHEAD`).
const MAX_RECORD_OVERHEAD_BYTES: u32 = 5 + 10 + 5 + 1;

/// A length of -1 stands for null.
pub(super) const LENGTH_OF_NULL: i32 = -1;

const ATTRIBUTES_BYTES: u32 = 1;

fn size_of_bytes(bytes: Option<&[u8]>) -> u32 {
    bytes.map_or(size_of_varint(LENGTH_OF_NULL), |bytes| {
        size_of_varint(bytes.len() as i32) + bytes.len() as u32
    })
}

fn content_bytes(key: Option<&[u8]>, value: Option<&[u8]>, headers: &[Header]) -> u32 {
    let header = |header: &Header| {
        size_of_bytes(Some(header.key.as_bytes())) + size_of_bytes(header.value.as_deref())
    };
    size_of_bytes(key)
        + size_of_bytes(value)
        + size_of_varint(headers.len() as i32)
        + headers.iter().map(header).sum::<u32>()
}

/// Bytes of a record after its length (`DefaultRecord.sizeOfBodyInBytes`).
pub(super) fn record_body_bytes(
    offset_delta: i32,
    timestamp_delta: i64,
    key: Option<&[u8]>,
    value: Option<&[u8]>,
    headers: &[Header],
) -> u32 {
    ATTRIBUTES_BYTES
        + size_of_varlong(timestamp_delta)
        + size_of_varint(offset_delta)
        + content_bytes(key, value, headers)
}

impl Record {
    /// Its headers, in order.
    pub fn headers(&self) -> &[Header] {
        self.headers.as_deref().unwrap_or(&[])
    }

    /// Its exact size in a batch (`DefaultRecord.sizeInBytes`).
    pub fn size_bytes(&self, offset_delta: i32, timestamp_delta: i64) -> u32 {
        let (key, value) = (self.key.as_deref(), self.value.as_deref());
        let body = record_body_bytes(offset_delta, timestamp_delta, key, value, self.headers());
        size_of_varint(body as i32) + body
    }

    /// Most bytes a batch can take that holds only this record
    /// (`AbstractRecords.estimateSizeInBytesUpperBound`).
    pub fn batch_size_upper_bound(&self) -> u32 {
        BATCH_OVERHEAD_BYTES
            + MAX_RECORD_OVERHEAD_BYTES
            + content_bytes(self.key.as_deref(), self.value.as_deref(), self.headers())
    }
}

/// Exact size of a batch of these records, uncompressed (`DefaultRecordBatch.sizeInBytes`).
pub fn batch_size_bytes(records: &[Record]) -> u32 {
    let first_ms = records.first().map_or(0, |record| record.timestamp_ms);
    let sizes = records.iter().zip(0..).map(|(record, offset_delta)| {
        record.size_bytes(offset_delta, record.timestamp_ms.wrapping_sub(first_ms))
    });
    BATCH_OVERHEAD_BYTES + sizes.sum::<u32>()
}

/// Exact size of records at these distances from the base offset, with timestamps that count from
/// `base_ms`.
pub(super) fn records_bytes(records: &[Record], offset_deltas: &[i32], base_ms: i64) -> u32 {
    let size = |(record, &offset_delta): (&Record, &i32)| {
        record.size_bytes(offset_delta, record.timestamp_ms.wrapping_sub(base_ms))
    };
    records.iter().zip(offset_deltas).map(size).sum()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::RecordId;
    use std::sync::Arc;

    fn record(key: i32, value: i32) -> Record {
        let bytes = |len: i32| (len >= 0).then(|| Arc::from(vec![0; len as usize]));
        Record {
            id: RecordId(0),
            timestamp_ms: 0,
            key: bytes(key),
            value: bytes(value),
            headers: None,
        }
    }

    #[test]
    fn records_and_bounds_are_as_large_as_kafkas() {
        for (offset, timestamp, key, value, size, bound) in [
            (0, 0, -1, -1, 7, 85),
            (0, 0, -1, 5, 12, 90),
            (0, 0, 3, 5, 15, 93),
            (63, 63, 3, 5, 15, 93),
            (64, 64, 3, 5, 17, 93),
            (0, 0, -1, 63, 71, 148),
            (0, 0, -1, 64, 73, 150),
            (0, 0, 10, 100, 119, 196),
            (100, 1000, 10, 100, 121, 196),
            (0, 0, -1, 1000, 1009, 1086),
            (0, 0, -1, 8192, 8203, 8279),
            (0, 0, -1, 10000, 10011, 10087),
        ] {
            let record = record(key, value);
            assert_eq!(record.size_bytes(offset, timestamp), size, "{key} {value}");
            assert_eq!(record.batch_size_upper_bound(), bound, "{key} {value}");
        }
    }

    #[test]
    fn headers_count() {
        let mut record = record(3, 5);
        let value = Some(Arc::from(&b"abc"[..]));
        record.headers = Some(Arc::from([Header { key: Arc::from("name"), value }]));
        assert_eq!(record.size_bytes(0, 0), 24);
        assert_eq!(record.batch_size_upper_bound(), 102);
    }

    #[test]
    fn whole_batches_are_as_large_as_kafkas() {
        for (count, key, value, size) in [
            (1, -1, 5, 73),
            (10, -1, 5, 181),
            (100, -1, 5, 1297),
            (1, 3, 100, 173),
            (10, 3, 100, 1181),
            (65, 3, 100, 7342),
            (100, 10, 100, 11997),
        ] {
            let records = vec![record(key, value); count];
            assert_eq!(batch_size_bytes(&records), size, "{count} of {key} {value}");
        }
    }
}
