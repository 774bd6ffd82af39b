//! From bytes to the batch they hold, in the order of checks in which Kafka makes them
//! (`ByteBufferLogInputStream`, `DefaultRecordBatch.ensureValid`, `DefaultRecord.readFrom`).

use std::sync::Arc;

use super::encode::CRC_32C;
use super::reader::Reader;
use super::{
    ATTRIBUTES_AT, CorruptBatch, LENGTH_AT, LOG_OVERHEAD, MAGIC, MAGIC_AT, Payload,
    RECORD_COUNT_AT, RECORDS_AT, RecordBatch, StoredRecord,
};
use crate::config::Compression;
use crate::record::varint::VarintError;
use crate::record::{Attributes, Bytes, Header};

/// `LegacyRecord.RECORD_OVERHEAD_V0`: no batch of any format is smaller.
const SMALLEST_LENGTH: i32 = 14;

impl RecordBatch {
    /// Bytes of the batch that `bytes` begins with, going by its length field (`nextBatchSize`).
    /// `Ok(None)`: too few bytes to tell.
    ///
    /// # Errors
    /// A length or a magic byte that no batch has.
    pub fn size_at_start_of(bytes: &[u8]) -> Result<Option<usize>, CorruptBatch> {
        let Some(length) = Reader::new(bytes, LENGTH_AT).i32() else { return Ok(None) };
        if length < SMALLEST_LENGTH {
            let message = format!(
                "Record size {length} is less than the minimum record overhead ({SMALLEST_LENGTH})"
            );
            return Err(CorruptBatch::corrupt(LENGTH_AT, message));
        }
        let Some(magic) = Reader::new(bytes, MAGIC_AT).i8() else { return Ok(None) };
        if !(0..=MAGIC).contains(&magic) {
            let message = format!("Invalid magic found in record: {magic}");
            return Err(CorruptBatch::corrupt(MAGIC_AT, message));
        }
        Ok(Some(length as usize + LOG_OVERHEAD))
    }

    /// The batch that `bytes` begins with; whatever follows it is left alone. The records of a
    /// compressed batch stay packed.
    ///
    /// # Errors
    /// What Kafka would throw, and where the bytes go wrong.
    pub fn decode(bytes: &[u8]) -> Result<Self, CorruptBatch> {
        let Some(size) = Self::size_at_start_of(bytes)? else {
            let message = format!("{} bytes are too few for the start of a batch", bytes.len());
            return Err(CorruptBatch::corrupt(bytes.len(), message));
        };
        let Some(bytes) = bytes.get(..size) else {
            let message = format!("The batch has {size} bytes, only {} are there", bytes.len());
            return Err(CorruptBatch::corrupt(bytes.len(), message));
        };
        let magic = bytes[MAGIC_AT] as i8;
        if magic != MAGIC {
            let message = format!("Invalid magic found in record: {magic}");
            return Err(CorruptBatch::corrupt(MAGIC_AT, message));
        }
        Self::ensure_valid(bytes)?;
        let mut header = Reader::new(bytes, ATTRIBUTES_AT);
        Self::read(bytes, &mut header).unwrap_or_else(|| {
            // The header was whole a moment ago.
            Err(CorruptBatch::corrupt(header.at(), "the header ends too early"))
        })
    }

    fn ensure_valid(bytes: &[u8]) -> Result<(), CorruptBatch> {
        let size = bytes.len();
        if size < RECORDS_AT {
            let message = format!(
                "Record batch is corrupt (the size {size} is smaller than the minimum allowed \
                 overhead {RECORDS_AT})"
            );
            return Err(CorruptBatch::corrupt(LENGTH_AT, message));
        }
        let stored = Reader::new(bytes, super::CRC_AT).u32().unwrap_or_default();
        let computed = CRC_32C.checksum(&bytes[ATTRIBUTES_AT..]);
        if stored != computed {
            let message =
                format!("Record is corrupt (stored crc = {stored}, computed crc = {computed})");
            return Err(CorruptBatch::corrupt(super::CRC_AT, message));
        }
        Ok(())
    }

    /// `None` when the header ends too early.
    fn read(bytes: &[u8], header: &mut Reader<'_>) -> Option<Result<Self, CorruptBatch>> {
        let mut start = Reader::new(bytes, 0);
        let (base_offset, _length) = (start.i64()?, start.i32()?);
        let leader_epoch = start.i32()?;
        let bits = header.i16()?;
        let last_offset_delta = header.i32()?;
        let (base_timestamp_ms, max_timestamp_ms) = (header.i64()?, header.i64()?);
        let attributes = match Attributes::from_bits(bits, base_timestamp_ms, max_timestamp_ms) {
            Ok(attributes) => attributes,
            Err(id) => {
                let message = format!("Unknown compression type id: {id}");
                return Some(Err(CorruptBatch::invalid(ATTRIBUTES_AT, message)));
            }
        };
        let mut batch = Self {
            base_offset,
            leader_epoch,
            attributes,
            last_offset_delta,
            base_timestamp_ms,
            max_timestamp_ms,
            producer_id: header.i64()?,
            producer_epoch: header.i16()?,
            base_sequence: header.i32()?,
            payload: Payload::Records(Vec::new()),
        };
        let count = header.i32()?;
        Some(batch.read_payload(count, Reader::new(bytes, RECORDS_AT)).map(|payload| {
            batch.payload = payload;
            batch
        }))
    }

    fn read_payload(&self, count: i32, mut rest: Reader<'_>) -> Result<Payload, CorruptBatch> {
        if count < 0 {
            let message = format!("Found invalid record count {count} in magic v2 batch");
            return Err(CorruptBatch::invalid(RECORD_COUNT_AT, message));
        }
        if self.attributes.compression != Compression::None {
            return Ok(Payload::Compressed { count, bytes: rest.rest().to_vec() });
        }
        let mut records = Vec::new();
        for _ in 0..count {
            records.push(self.read_record(&mut rest)?);
        }
        // Of an empty batch Kafka reads nothing that might follow.
        if count > 0 && rest.remaining() > 0 {
            let message = "Incorrect declared batch size, records still remaining in file";
            return Err(CorruptBatch::invalid(rest.at(), message));
        }
        Ok(Payload::Records(records))
    }

    fn read_record(&self, rest: &mut Reader<'_>) -> Result<StoredRecord, CorruptBatch> {
        let at = rest.at();
        let size = rest.varint().map_err(|error| match error {
            VarintError::Underflow => {
                CorruptBatch::invalid(at, "Incorrect declared batch size, premature EOF reached")
            }
            VarintError::TooLong => structure(at),
        })?;
        let (start, remaining) = (rest.at(), rest.remaining());
        if i64::from(size) > remaining as i64 {
            let message = format!(
                "Invalid record size: expected {size} bytes in record payload, but instead the \
                 buffer has only {remaining} remaining bytes."
            );
            return Err(CorruptBatch::invalid(at, message));
        }
        rest.i8().ok_or_else(|| structure(start))?; // attributes, none of which is in use
        let timestamp_delta = rest.varlong().map_err(|_| structure(rest.at()))?;
        let offset_delta = varint(rest)?;
        let (key, value) = (nullable(rest)?, nullable(rest)?);
        let headers = headers(rest)?;
        let read = rest.at() - start;
        if i64::from(size) != read as i64 {
            let message = format!(
                "Invalid record size: expected to read {size} bytes in record payload, but instead \
                 read {read}"
            );
            return Err(CorruptBatch::invalid(at, message));
        }
        Ok(StoredRecord {
            offset: self.base_offset.wrapping_add(i64::from(offset_delta)),
            timestamp_ms: self.base_timestamp_ms.wrapping_add(timestamp_delta),
            key,
            value,
            headers,
        })
    }
}

fn structure(at: usize) -> CorruptBatch {
    CorruptBatch::invalid(at, "Found invalid record structure")
}

fn varint(rest: &mut Reader<'_>) -> Result<i32, CorruptBatch> {
    let at = rest.at();
    rest.varint().map_err(|_| structure(at))
}

/// Bytes with their length before them; any negative length is null (`Utils.readBytes`).
fn nullable(rest: &mut Reader<'_>) -> Result<Option<Bytes>, CorruptBatch> {
    let at = rest.at();
    let Ok(length) = usize::try_from(varint(rest)?) else { return Ok(None) };
    rest.take(length).map(|bytes| Some(Arc::from(bytes))).ok_or_else(|| structure(at))
}

fn headers(rest: &mut Reader<'_>) -> Result<Vec<Header>, CorruptBatch> {
    let at = rest.at();
    let count = varint(rest)?;
    if count < 0 {
        let message = format!("Found invalid number of record headers {count}");
        return Err(CorruptBatch::invalid(at, message));
    }
    if i64::from(count) > rest.remaining() as i64 {
        let message = format!(
            "Found invalid number of record headers. {count} is larger than the remaining size of \
             the buffer"
        );
        return Err(CorruptBatch::invalid(at, message));
    }
    (0..count).map(|_| header(rest)).collect()
}

fn header(rest: &mut Reader<'_>) -> Result<Header, CorruptBatch> {
    let at = rest.at();
    let length = varint(rest)?;
    let Ok(length) = usize::try_from(length) else {
        let message = format!("Invalid negative header key size {length}");
        return Err(CorruptBatch::invalid(at, message));
    };
    let key = rest.take(length).ok_or_else(|| structure(at))?;
    // As Java does: what is no UTF-8 becomes U+FFFD.
    let key = String::from_utf8_lossy(key).into();
    Ok(Header { key, value: nullable(rest)? })
}
