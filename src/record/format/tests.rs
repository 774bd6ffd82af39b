//! Against bytes of other hands: Kafka's own are in `tests/conformance/record_batch.rs`, here are
//! those of the `kafka-protocol` crate, and any bytes at all.

use std::sync::Arc;

use kafka_protocol::protocol::StrBytes;
use kafka_protocol::records as theirs;
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;

use super::*;
use crate::config::Compression;
use crate::record::{Batch, BatchId, LoggedBatch, Record, RecordId};

fn bytes() -> impl Strategy<Value = Option<Bytes>> {
    option::of(vec(any::<u8>(), 0..70).prop_map(Bytes::from))
}

fn record() -> impl Strategy<Value = Record> {
    let header = ("[a-zж]{0,3}", bytes());
    let headers = vec(header, 0..4).prop_map(|headers| {
        // Theirs keeps headers in a map.
        let mut kept: Vec<Header> = Vec::new();
        for (key, value) in headers {
            if kept.iter().all(|header| *header.key != *key) {
                kept.push(Header { key: key.into(), value });
            }
        }
        (!kept.is_empty()).then(|| Arc::from(kept))
    });
    (0..1i64 << 45, bytes(), bytes(), headers).prop_map(|(timestamp_ms, key, value, headers)| {
        Record { id: RecordId(0), timestamp_ms, key, value, headers }
    })
}

fn logged() -> impl Strategy<Value = LoggedBatch> {
    let producer = prop_oneof![
        Just((-1, -1, -1)),
        (0..i64::MAX, 0..i16::MAX, prop_oneof![0..9, i32::MAX - 9..=i32::MAX]),
    ];
    let place = (0..1i64 << 40, 0..i32::MAX);
    (vec(record(), 1..80), producer, place, any::<bool>()).prop_map(
        |(records, (producer_id, producer_epoch, base_sequence), place, is_transactional)| {
            let batch = Batch {
                producer_id,
                producer_epoch,
                base_sequence,
                attributes: Attributes { is_transactional, ..Attributes::default() },
                ..Batch::plain(BatchId(0), records)
            };
            let (base_offset, leader_epoch) = place;
            LoggedBatch { base_offset, leader_epoch, batch: Arc::new(batch) }
        },
    )
}

/// A record as theirs has it.
fn to_theirs(batch: &RecordBatch, record: &StoredRecord) -> theirs::Record {
    let header =
        |h: &Header| (StrBytes::from(h.key.to_string()), h.value.as_deref().map(|v| v.to_vec()));
    theirs::Record {
        transactional: batch.attributes.is_transactional,
        control: batch.attributes.is_control,
        delete_horizon: batch.attributes.delete_horizon_ms.is_some(),
        partition_leader_epoch: batch.leader_epoch,
        producer_id: batch.producer_id,
        producer_epoch: batch.producer_epoch,
        timestamp_type: match batch.attributes.log_append_time_ms {
            Some(_) => theirs::TimestampType::LogAppend,
            None => theirs::TimestampType::Creation,
        },
        offset: record.offset,
        // Theirs does not wrap, and counts on where there is no sequence.
        sequence: batch.base_sequence.wrapping_add((record.offset - batch.base_offset) as i32),
        timestamp: record.timestamp_ms,
        key: record.key.as_deref().map(|key| key.to_vec().into()),
        value: record.value.as_deref().map(|value| value.to_vec().into()),
        headers: record
            .headers
            .iter()
            .map(header)
            .map(|(key, value)| (key, value.map(Into::into)))
            .collect(),
    }
}

proptest! {
    #[test]
    fn sizes_of_the_model_are_lengths_of_bytes(logged in logged()) {
        let batch = logged.to_record_batch().expect("not compressed");
        let bytes = batch.encode();
        prop_assert_eq!(bytes.len() as u32, logged.batch.size_bytes);
        prop_assert_eq!(batch.last_offset(), logged.last_offset());
        prop_assert_eq!(batch.last_sequence(), logged.batch.last_sequence());
        prop_assert_eq!(RecordBatch::decode(&bytes), Ok(batch));
    }

    #[test]
    fn theirs_reads_what_ours_writes(logged in logged()) {
        let batch = logged.to_record_batch().expect("not compressed");
        let mut bytes = std::io::Cursor::new(batch.encode());
        let read = theirs::RecordBatchDecoder::decode(&mut bytes).expect("theirs can read it");
        let expected: Vec<_> = batch.records().iter().map(|r| to_theirs(&batch, r)).collect();
        prop_assert_eq!(read.records, expected);
    }

    #[test]
    fn ours_reads_what_theirs_writes(logged in logged()) {
        let batch = logged.to_record_batch().expect("not compressed");
        let records: Vec<_> = batch.records().iter().map(|r| to_theirs(&batch, r)).collect();
        let mut bytes = Vec::new();
        let options = theirs::RecordEncodeOptions {
            version: 2,
            compression: theirs::Compression::None,
        };
        theirs::RecordBatchEncoder::encode(&mut bytes, &records, &options).expect("it writes");
        // Theirs counts timestamps from the smallest, not from the first.
        let base_timestamp_ms =
            batch.records().iter().map(|r| r.timestamp_ms).min().expect("records");
        let expected = RecordBatch { base_timestamp_ms, ..batch };
        prop_assert_eq!(RecordBatch::decode(&bytes), Ok(expected));
    }

    #[test]
    fn no_bytes_can_make_it_panic(bytes in vec(any::<u8>(), 0..200)) {
        let _ = RecordBatch::decode(&bytes);
    }

    /// One byte of a good batch is another; with a right checksum the records are looked at, too.
    #[test]
    fn damage_is_noticed_or_changes_the_batch(
        logged in logged(),
        at in any::<prop::sample::Index>(),
        damage in 1..=255u8,
        mends_crc in any::<bool>(),
    ) {
        let batch = logged.to_record_batch().expect("not compressed");
        let mut bytes = batch.encode();
        let at = at.index(bytes.len());
        bytes[at] ^= damage;
        if mends_crc {
            mend(&mut bytes);
        }
        match RecordBatch::decode(&bytes) {
            Ok(read) => {
                let outside_crc = at < LENGTH_AT || (LOG_OVERHEAD..MAGIC_AT).contains(&at);
                prop_assert!(mends_crc || outside_crc, "byte {} went unnoticed", at);
                // A byte of no meaning may change: unknown attributes, a longer varint, null as -2.
                let _ = read.encode();
            }
            Err(error) => prop_assert!(error.at <= bytes.len(), "{}", error),
        }
    }
}

fn mend(bytes: &mut [u8]) {
    let crc = encode::CRC_32C.checksum(&bytes[ATTRIBUTES_AT..]).to_be_bytes();
    bytes[CRC_AT..ATTRIBUTES_AT].copy_from_slice(&crc);
}

fn one_record() -> RecordBatch {
    let record = Record {
        id: RecordId(0),
        timestamp_ms: 1_700_000_000_000,
        key: Some(Arc::from(*b"key")),
        value: Some(Arc::from(*b"value")),
        headers: None,
    };
    let batch = Arc::new(Batch::plain(BatchId(0), vec![record]));
    let logged = LoggedBatch { base_offset: 0, leader_epoch: -1, batch };
    logged.to_record_batch().expect("not compressed")
}

/// The error that a batch of one record causes, once `change` has been at its bytes.
fn error_after(change: impl FnOnce(&mut Vec<u8>)) -> (String, usize) {
    let mut bytes = one_record().encode();
    change(&mut bytes);
    let error = RecordBatch::decode(&bytes).expect_err("damaged");
    (error.to_string(), error.at)
}

/// The same with a checksum that is right again.
fn error_within(change: impl FnOnce(&mut Vec<u8>)) -> String {
    let (message, _) = error_after(|bytes| {
        change(bytes);
        mend(bytes);
    });
    message
}

#[test]
fn damage_is_told_in_kafkas_words() {
    let (message, at) = error_after(|bytes| bytes[70] ^= 1);
    assert!(message.starts_with("CorruptRecordException: Record is corrupt (stored crc = "));
    assert_eq!(at, CRC_AT);
    let (message, _) = error_after(|bytes| bytes[MAGIC_AT] = 3);
    assert_eq!(message, "CorruptRecordException: Invalid magic found in record: 3 (at byte 16)");
    let (message, _) = error_after(|bytes| bytes[LOG_OVERHEAD - 1] = 13);
    assert_eq!(
        message,
        "CorruptRecordException: Record size 13 is less than the minimum record overhead (14) (at \
         byte 8)"
    );
    let (message, _) = error_after(|bytes| bytes[LOG_OVERHEAD - 1] = 20);
    assert_eq!(
        message,
        "CorruptRecordException: Record batch is corrupt (the size 32 is smaller than the minimum \
         allowed overhead 61) (at byte 8)"
    );
    let (message, at) = error_after(|bytes| bytes.truncate(70));
    assert_eq!(
        message,
        "CorruptRecordException: The batch has 76 bytes, only 70 are there (at byte 70)"
    );
    assert_eq!(at, 70);
}

#[test]
fn records_that_make_no_sense_are_told_in_kafkas_words() {
    for (at, byte, message) in [
        (RECORD_COUNT_AT, 0x80, "Found invalid record count -2147483647 in magic v2 batch"),
        (RECORD_COUNT_AT + 3, 2, "Incorrect declared batch size, premature EOF reached"),
        (ATTRIBUTES_AT + 1, 7, "Unknown compression type id: 7"),
        // The record: 28 00 00 00 06 key 0a value 00.
        (
            RECORDS_AT,
            0x26,
            "Invalid record size: expected to read 19 bytes in record payload, but \
                            instead read 14",
        ),
        (
            RECORDS_AT,
            0x1e,
            "Invalid record size: expected 15 bytes in record payload, but instead \
                            the buffer has only 14 remaining bytes.",
        ),
        (RECORDS_AT + 4, 0x40, "Found invalid record structure"),
        (RECORDS_AT + 14, 0x01, "Found invalid number of record headers -1"),
        (
            RECORDS_AT + 14,
            0x02,
            "Found invalid number of record headers. 1 is larger than the \
                                 remaining size of the buffer",
        ),
    ] {
        let told = error_within(|bytes| {
            if byte == 0x26 {
                // Room enough for what the size promises.
                bytes.extend([0; 5]);
                bytes[LOG_OVERHEAD - 1] += 5;
            }
            bytes[at] = byte;
        });
        assert!(
            told.starts_with(&format!("InvalidRecordException: {message} (at byte ")),
            "{told}"
        );
    }
    let told = error_within(|bytes| {
        bytes.push(0);
        bytes[LOG_OVERHEAD - 1] += 1;
    });
    assert!(told.contains("Incorrect declared batch size, records still remaining in file"));
}

#[test]
fn what_follows_a_batch_is_left_alone() {
    let mut bytes = one_record().encode();
    let size = bytes.len();
    bytes.extend(one_record().encode());
    assert_eq!(RecordBatch::size_at_start_of(&bytes), Ok(Some(size)));
    assert_eq!(RecordBatch::decode(&bytes), Ok(one_record()));
    assert_eq!(RecordBatch::size_at_start_of(&bytes[..16]), Ok(None));
}

#[test]
fn a_compressed_batch_stays_packed() {
    let attributes = Attributes { compression: Compression::Zstd, ..Attributes::default() };
    let payload = Payload::Compressed { count: 3, bytes: vec![1, 2, 3] };
    let batch = RecordBatch { attributes, payload, last_offset_delta: 2, ..one_record() };
    assert_eq!(RecordBatch::decode(&batch.encode()), Ok(batch.clone()));
    assert_eq!((batch.record_count(), batch.records().len()), (3, 0));
}

#[test]
fn an_empty_batch_keeps_its_offsets() {
    // What the cleaner leaves of a producer's last batch.
    let payload = Payload::Records(Vec::new());
    let batch = RecordBatch { payload, last_offset_delta: 4, ..one_record() };
    let bytes = batch.encode();
    assert_eq!(bytes.len(), RECORDS_AT);
    let read = RecordBatch::decode(&bytes).expect("a header is enough");
    assert_eq!((read.next_offset(), read.record_count()), (5, 0));
}

#[test]
fn log_append_time_counts_for_every_record() {
    let attributes = Attributes { log_append_time_ms: Some(9), ..Attributes::default() };
    let batch = RecordBatch { attributes, max_timestamp_ms: 9, ..one_record() };
    let read = RecordBatch::decode(&batch.encode()).expect("a good batch");
    assert_eq!(read, batch, "the record's own timestamp is still there");
    assert_eq!(read.timestamp_of(&read.records()[0]), 9);
}

#[test]
fn markers_are_batches_of_78_bytes() {
    for (kind, byte) in [(ControlRecordType::Abort, 0), (ControlRecordType::Commit, 1)] {
        let marker = EndTransactionMarker { kind, coordinator_epoch: 7 };
        let record = marker.to_record(RecordId(0), 5);
        let (key, value) = (record.key.clone().unwrap(), record.value.clone().unwrap());
        assert_eq!((&*key, &*value), (&[0, 0, 0, byte][..], &[0, 0, 0, 0, 0, 7][..]));
        assert_eq!(EndTransactionMarker::of(&key, &value), Ok(marker));
        assert_eq!(Batch::plain(BatchId(0), vec![record]).size_bytes, 78);
    }
    let of = |key: &[u8], value: &[u8]| EndTransactionMarker::of(key, value).unwrap_err().message;
    assert_eq!(
        of(&[0, 0, 0], &[]),
        "Invalid value size found for end control record key. Must have at least 4 bytes, but \
         found only 3"
    );
    assert_eq!(
        of(&[0, 0, 0, 1], &[0; 5]),
        "Invalid value size found for end transaction marker. Must have at least 6 bytes, but \
         found only 5"
    );
    assert!(of(&[0x80, 0, 0, 1], &[0; 6]).starts_with("Invalid version found for control record"));
    assert_eq!(ControlRecordType::of_key(&[0, 0, 0, 2]), Ok(ControlRecordType::Other(2)));
}
