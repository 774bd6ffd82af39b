//! Exact sizes of record format v2 (Kafka's `DefaultRecord`, `DefaultRecordBatch`, `ByteUtils`).
//!
//! A record's numbers are zig-zag varints, so its size depends on its place in the batch: every
//! size here takes the deltas of offset and timestamp to the first record.

use super::{Header, Record};

/// Size of a batch header (`RECORD_BATCH_OVERHEAD`).
pub const BATCH_OVERHEAD_BYTES: u32 = 61;

/// Most that length, timestamp delta, offset delta and attributes of a record can take
/// (`DefaultRecord.MAX_RECORD_OVERHEAD`).
const MAX_RECORD_OVERHEAD_BYTES: u32 = 5 + 10 + 5 + 1;

const NULL_VARINT_BYTES: u32 = 1;
const ATTRIBUTES_BYTES: u32 = 1;

/// Bytes of a zig-zag varint.
pub fn size_of_varint(value: i32) -> u32 {
    size_of_varlong(i64::from(value))
}

/// Bytes of a zig-zag varlong.
pub fn size_of_varlong(value: i64) -> u32 {
    let zig_zag = ((value << 1) ^ (value >> 63)) as u64;
    // One byte for every seven bits, and one for zero.
    (u64::BITS - (zig_zag | 1).leading_zeros()).div_ceil(7)
}

fn size_of_bytes(len: Option<usize>) -> u32 {
    len.map_or(NULL_VARINT_BYTES, |len| size_of_varint(len as i32) + len as u32)
}

fn size_of_headers(headers: &[Header]) -> u32 {
    let each = |h: &Header| {
        size_of_bytes(Some(h.key.len())) + size_of_bytes(h.value.as_ref().map(|v| v.len()))
    };
    size_of_varint(headers.len() as i32) + headers.iter().map(each).sum::<u32>()
}

impl Record {
    /// Its headers, in order.
    pub fn headers(&self) -> &[Header] {
        self.headers.as_deref().unwrap_or(&[])
    }

    fn content_bytes(&self) -> u32 {
        size_of_bytes(self.key.as_ref().map(|k| k.len()))
            + size_of_bytes(self.value.as_ref().map(|v| v.len()))
            + size_of_headers(self.headers())
    }

    /// Its exact size in a batch (`DefaultRecord.sizeInBytes`).
    pub fn size_bytes(&self, offset_delta: i32, timestamp_delta: i64) -> u32 {
        let body = ATTRIBUTES_BYTES
            + size_of_varlong(timestamp_delta)
            + size_of_varint(offset_delta)
            + self.content_bytes();
        size_of_varint(body as i32) + body
    }

    /// Most bytes a batch can take that holds only this record
    /// (`AbstractRecords.estimateSizeInBytesUpperBound`).
    pub fn batch_size_upper_bound(&self) -> u32 {
        BATCH_OVERHEAD_BYTES + MAX_RECORD_OVERHEAD_BYTES + self.content_bytes()
    }
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
    fn varints_take_a_byte_for_seven_bits() {
        for (value, bytes) in [(0, 1), (-1, 1), (63, 1), (-64, 1), (64, 2), (-65, 2), (8191, 2)] {
            assert_eq!(size_of_varint(value), bytes, "{value}");
        }
        for (value, bytes) in [(8192, 3), (1_048_575, 3), (1_048_576, 4), (134_217_727, 4)] {
            assert_eq!(size_of_varint(value), bytes, "{value}");
        }
        assert_eq!(size_of_varint(134_217_728), 5);
        assert_eq!(size_of_varint(i32::MIN), 5);
        assert_eq!(size_of_varlong(i64::MAX), 10);
        assert_eq!(size_of_varlong(i64::MIN), 10);
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
            let record = record(key, value);
            let sum: u32 = (0..count).map(|offset| record.size_bytes(offset, 0)).sum();
            assert_eq!(BATCH_OVERHEAD_BYTES + sum, size, "{count} of {key} {value}");
        }
    }
}
