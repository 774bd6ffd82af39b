//! From a batch to its bytes (`MemoryRecordsBuilder`, `DefaultRecord.writeTo`).

use super::{
    ATTRIBUTES_AT, CRC_AT, LENGTH_AT, LOG_OVERHEAD, MAGIC, Payload, RecordBatch, StoredRecord,
};
use crate::record::size::{LENGTH_OF_NULL, record_body_bytes};
use crate::record::varint::{write_varint, write_varlong};
use crate::record::{BATCH_OVERHEAD_BYTES, LoggedBatch};

/// CRC-32C, the polynomial that batches are checked with.
pub(super) const CRC_32C: crc::Crc<u32> = crc::Crc::<u32>::new(&crc::CRC_32_ISCSI);

impl RecordBatch {
    /// Its bytes.
    pub fn encode(&self) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(BATCH_OVERHEAD_BYTES as usize);
        bytes.extend(self.base_offset.to_be_bytes());
        bytes.extend([0; 4]); // length, written at the end
        bytes.extend(self.leader_epoch.to_be_bytes());
        bytes.extend(MAGIC.to_be_bytes());
        bytes.extend([0; 4]); // CRC, written at the end
        bytes.extend(self.attributes.bits().to_be_bytes());
        bytes.extend(self.last_offset_delta.to_be_bytes());
        bytes.extend(self.base_timestamp_ms.to_be_bytes());
        bytes.extend(self.max_timestamp_ms.to_be_bytes());
        bytes.extend(self.producer_id.to_be_bytes());
        bytes.extend(self.producer_epoch.to_be_bytes());
        bytes.extend(self.base_sequence.to_be_bytes());
        bytes.extend(self.record_count().to_be_bytes());
        match &self.payload {
            Payload::Records(records) => {
                records.iter().for_each(|record| self.write_record(record, &mut bytes));
            }
            Payload::Compressed { bytes: packed, .. } => bytes.extend(packed),
        }
        let length = (bytes.len() - LOG_OVERHEAD) as i32;
        bytes[LENGTH_AT..LOG_OVERHEAD].copy_from_slice(&length.to_be_bytes());
        let crc = CRC_32C.checksum(&bytes[ATTRIBUTES_AT..]);
        bytes[CRC_AT..ATTRIBUTES_AT].copy_from_slice(&crc.to_be_bytes());
        bytes
    }

    fn write_record(&self, record: &StoredRecord, to: &mut Vec<u8>) {
        let offset_delta = record.offset.wrapping_sub(self.base_offset) as i32;
        let timestamp_delta = record.timestamp_ms.wrapping_sub(self.base_timestamp_ms);
        let (key, value) = (record.key.as_deref(), record.value.as_deref());
        let body_bytes =
            record_body_bytes(offset_delta, timestamp_delta, key, value, &record.headers);
        write_varint(body_bytes as i32, to);
        to.push(0); // attributes, none of which is in use
        write_varlong(timestamp_delta, to);
        write_varint(offset_delta, to);
        write_nullable(key, to);
        write_nullable(value, to);
        write_varint(record.headers.len() as i32, to);
        for header in &record.headers {
            write_nullable(Some(header.key.as_bytes()), to);
            write_nullable(header.value.as_deref(), to);
        }
    }
}

fn write_nullable(bytes: Option<&[u8]>, to: &mut Vec<u8>) {
    match bytes {
        Some(bytes) => {
            write_varint(bytes.len() as i32, to);
            to.extend(bytes);
        }
        None => write_varint(LENGTH_OF_NULL, to),
    }
}

impl LoggedBatch {
    /// The batch as its bytes say it. `None` when it is compressed: of what a codec would make, the
    /// model knows only the size.
    pub fn to_record_batch(&self) -> Option<RecordBatch> {
        let batch = &self.batch;
        let attributes = batch.attributes;
        if attributes.compression != crate::config::Compression::None {
            return None;
        }
        let first_ms = batch.records.first().map_or(-1, |record| record.timestamp_ms);
        let records = batch.records.iter().enumerate();
        let stored = records.map(|(index, record)| StoredRecord {
            offset: self.offset_of(index),
            timestamp_ms: record.timestamp_ms,
            key: record.key.clone(),
            value: record.value.clone(),
            headers: record.headers().to_vec(),
        });
        Some(RecordBatch {
            base_offset: self.base_offset,
            leader_epoch: self.leader_epoch,
            attributes,
            last_offset_delta: batch.last_offset_delta() as i32,
            base_timestamp_ms: attributes.delete_horizon_ms.unwrap_or(first_ms),
            max_timestamp_ms: batch.max_timestamp_ms(),
            producer_id: batch.producer_id,
            producer_epoch: batch.producer_epoch,
            base_sequence: batch.base_sequence,
            payload: Payload::Records(stored.collect()),
        })
    }
}
