//! `record_batch.json`: batches to the byte, what Kafka reads in them, and how large they are.

use std::sync::Arc;

use highwater::config::{ProducerConfig, Properties};
use highwater::producer::{BatchCompression, ProducerBatch};
use highwater::record::format::{
    ControlRecordType, EndTransactionMarker, Payload, RecordBatch, StoredRecord,
};
use highwater::record::varint::{
    read_varint, read_varlong, size_of_varint, size_of_varlong, write_varint, write_varlong,
};
use highwater::record::{
    Attributes, Batch, BatchId, Header, LoggedBatch, Record, RecordId, decrement_sequence,
    increment_sequence,
};
use serde_json::{Value as Json, json};

use crate::json::{bytes, differs, hex, list, number, text};
use crate::tally::Tally;

/// What differs between a vector and what the model says; nothing: it passed.
type Check = fn(&Json) -> Vec<String>;

pub fn run(vectors: &Json) -> Tally {
    let mut tally = Tally::default();
    let lists: [(&str, Check); 7] = [
        ("varints", varint),
        ("varlongs", varlong),
        ("record_size_no_headers", record_size),
        ("upper_bounds", upper_bound),
        ("batch_fill", batch_fill),
        ("sequence_arithmetic", sequence),
        ("cases", case),
    ];
    for (name, check) in lists {
        for vector in list(&vectors[name]) {
            let id = match vector["id"].as_i64() {
                Some(id) => format!("case {id} {}", text(&vector["name"])),
                None => format!("{name} {vector}"),
            };
            tally.count(&id, &check(vector));
        }
    }
    tally
}

fn varint(vector: &Json) -> Vec<String> {
    let value = number(&vector["value"]) as i32;
    let mut written = Vec::new();
    write_varint(value, &mut written);
    let mut wrong = differs("size", json!(size_of_varint(value)), &vector["sizeOfVarint"]);
    wrong.extend(differs("bytes", json!(hex(&written)), &vector["varint_hex"]));
    let read = read_varint(&bytes(&vector["varint_hex"]).unwrap_or_default());
    wrong.extend(differs("read", json!(read.map(|(v, _)| v).ok()), &vector["value"]));
    wrong
}

fn varlong(vector: &Json) -> Vec<String> {
    let value = number(&vector["value"]);
    let mut written = Vec::new();
    write_varlong(value, &mut written);
    let mut wrong = differs("size", json!(size_of_varlong(value)), &vector["sizeOfVarlong"]);
    wrong.extend(differs("bytes", json!(hex(&written)), &vector["varlong_hex"]));
    let read = read_varlong(&bytes(&vector["varlong_hex"]).unwrap_or_default());
    wrong.extend(differs("read", json!(read.map(|(v, _)| v).ok()), &vector["value"]));
    wrong
}

/// A record with a key and a value of these sizes; -1 is null.
fn sized(timestamp_ms: i64, key: &Json, value: &Json, headers: &[Header]) -> Record {
    let zeros = |size: &Json| usize::try_from(number(size)).ok().map(|n| vec![0; n].into());
    Record {
        id: RecordId(0),
        timestamp_ms,
        key: zeros(key),
        value: zeros(value),
        headers: (!headers.is_empty()).then(|| headers.into()),
    }
}

/// A header with its key and value, or with their sizes.
fn header(json: &Json) -> Header {
    let value = match json["value_size"].as_i64() {
        Some(size) => usize::try_from(size).ok().map(|n| vec![0; n]),
        None => bytes(&json["value_hex"]),
    };
    let key = match json["key_size"].as_i64() {
        Some(size) => "k".repeat(size as usize),
        None => text(&json["key"]).to_owned(),
    };
    Header { key: key.into(), value: value.map(Into::into) }
}

fn record_size(vector: &Json) -> Vec<String> {
    let record = sized(0, &vector["key_size"], &vector["value_size"], &[]);
    let (offset_delta, timestamp_delta) = (&vector["offset_delta"], &vector["timestamp_delta"]);
    let ours = record.size_bytes(number(offset_delta) as i32, number(timestamp_delta));
    differs("size", json!(ours), &vector["DefaultRecord.sizeInBytes"])
}

fn upper_bound(vector: &Json) -> Vec<String> {
    let headers: Vec<Header> = list(&vector["headers"]).iter().map(header).collect();
    let record = sized(0, &vector["key_size"], &vector["value_size"], &headers);
    let ours = json!(record.batch_size_upper_bound());
    differs("bound", ours, &vector["estimateSizeInBytesUpperBound"])
}

/// As the producer fills a batch with equal records.
fn batch_fill(vector: &Json) -> Vec<String> {
    let config = ProducerConfig::from_properties(&Properties::new()).expect("defaults");
    let record = |index: i64| {
        let timestamp_ms = index * number(&vector["timestamp_step"]);
        sized(timestamp_ms, &vector["key_size"], &vector["value_size"], &[])
    };
    let batch_size = number(&vector["batch_size"]) as u32;
    let limit_bytes = batch_size.max(record(0).batch_size_upper_bound());
    let compression = BatchCompression::of(&config);
    let mut batch = ProducerBatch::new(BatchId(0), 0, compression, limit_bytes, 0);
    for index in 0.. {
        // The record that does not fit would close it.
        let before = batch.clone();
        if batch.try_append(record(index)).is_err() {
            batch = before;
            break;
        }
    }
    let ours = json!([limit_bytes, batch.record_count(), batch.is_full(), batch.size_bytes()]);
    let theirs = json!([
        vector["buffer_size"],
        vector["records_that_fit"],
        vector["is_full_after"],
        vector["size_in_bytes"]
    ]);
    differs("buffer, records, full, size", ours, &theirs)
}

fn sequence(vector: &Json) -> Vec<String> {
    let sequence = number(&vector["sequence"]) as i32;
    if vector["increment"].is_null() {
        let ours = decrement_sequence(sequence, number(&vector["decrement"]) as i32);
        differs("decrement", json!(ours), &vector["decrementSequence"])
    } else {
        let ours = increment_sequence(sequence, number(&vector["increment"]) as i32);
        differs("increment", json!(ours), &vector["incrementSequence"])
    }
}

fn record(json: &Json) -> Record {
    let headers: Vec<Header> = list(&json["headers"]).iter().map(header).collect();
    Record {
        id: RecordId(0),
        timestamp_ms: number(&json["timestamp"]),
        key: bytes(&json["key_hex"]).map(Into::into),
        value: bytes(&json["value_hex"]).map(Into::into),
        headers: (!headers.is_empty()).then(|| headers.into()),
    }
}

fn marker(json: &Json) -> Record {
    let kind = match text(&json["type"]) {
        "COMMIT" => ControlRecordType::Commit,
        _ => ControlRecordType::Abort,
    };
    let coordinator_epoch = number(&json["coordinator_epoch"]) as i32;
    EndTransactionMarker { kind, coordinator_epoch }
        .to_record(RecordId(0), number(&json["timestamp"]))
}

/// The batch of a case in a log of the model.
fn logged(case: &Json) -> LoggedBatch {
    let records = match &case["end_txn_marker"] {
        Json::Null => list(&case["records"]).iter().map(record).collect(),
        told => vec![marker(told)],
    };
    let is_log_append_time = case["timestamp_type"] == "LogAppendTime";
    let attributes = Attributes {
        log_append_time_ms: is_log_append_time.then(|| number(&case["log_append_time"])),
        is_transactional: case["transactional"] == true,
        is_control: case["control"] == true,
        delete_horizon_ms: case["delete_horizon_ms"].as_i64(),
        ..Attributes::default()
    };
    let batch = Batch {
        producer_id: number(&case["producer_id"]),
        producer_epoch: number(&case["producer_epoch"]) as i16,
        base_sequence: number(&case["base_sequence"]) as i32,
        attributes,
        ..Batch::plain(BatchId(0), records)
    };
    LoggedBatch {
        base_offset: number(&case["base_offset"]),
        leader_epoch: number(&case["partition_leader_epoch"]) as i32,
        batch: Arc::new(batch),
    }
}

/// The same with the offsets that some records name, which the model's own logs never do.
fn with_offsets(mut batch: RecordBatch, case: &Json) -> RecordBatch {
    let Payload::Records(records) = &mut batch.payload else { return batch };
    let mut next = batch.base_offset;
    for (record, told) in records.iter_mut().zip(list(&case["records"])) {
        record.offset = told["offset"].as_i64().unwrap_or(next);
        next = record.offset + 1;
    }
    if let Some(last) = records.last() {
        batch.last_offset_delta = (last.offset - batch.base_offset) as i32;
    }
    batch
}

fn case(case: &Json) -> Vec<String> {
    let logged = logged(case);
    let mut wrong = sizes(case, &logged.batch);
    let Some(batch) = logged.to_record_batch() else { return vec!["compressed".to_owned()] };
    let encoded = with_offsets(batch, case).encode();
    wrong.extend(differs("size", json!(encoded.len()), &case["size_in_bytes"]));
    wrong.extend(differs("bytes", json!(hex(&encoded)), &case["bytes_hex"]));
    match RecordBatch::decode(&bytes(&case["bytes_hex"]).unwrap_or_default()) {
        Err(error) => wrong.push(error.to_string()),
        Ok(read) => {
            let crc = u32::from_be_bytes([encoded[17], encoded[18], encoded[19], encoded[20]]);
            wrong.extend(differs("read back", read_back(&read, crc), &case["read_back"]));
            let decoded = read.records().iter().map(|record| decoded(&read, record));
            wrong.extend(differs("decoded", decoded.collect(), &case["decoded"]));
            wrong.extend(differs(
                "read and written",
                json!(hex(&read.encode())),
                &case["bytes_hex"],
            ));
        }
    }
    wrong
}

fn sizes(case: &Json, batch: &Batch) -> Vec<String> {
    let mut wrong = Vec::new();
    if let Some(first) = batch.records.first().filter(|_| case["end_txn_marker"].is_null()) {
        let bound = first.batch_size_upper_bound();
        wrong.extend(differs("bound", json!(bound), &case["estimateBatchSizeUpperBound(first)"]));
        let size = json!(batch.size_bytes);
        wrong.extend(differs("size", size, &case["DefaultRecordBatch.sizeInBytes(simpleRecords)"]));
    }
    wrong
}

fn read_back(batch: &RecordBatch, crc: u32) -> Json {
    json!({
        "base_offset": batch.base_offset,
        "last_offset": batch.last_offset(),
        "next_offset": batch.next_offset(),
        "count": batch.record_count(),
        "max_timestamp": batch.max_timestamp_ms,
        "crc": crc,
        "base_sequence": batch.base_sequence,
        "last_sequence": batch.last_sequence(),
        "attributes": batch.attributes.bits(),
        "base_timestamp": batch.base_timestamp_ms,
    })
}

fn decoded(batch: &RecordBatch, stored: &StoredRecord) -> Json {
    let record = Record {
        id: RecordId(0),
        timestamp_ms: stored.timestamp_ms,
        key: stored.key.clone(),
        value: stored.value.clone(),
        headers: Some(stored.headers.clone().into()),
    };
    let size = |bytes: Option<&[u8]>| bytes.map_or(-1, |bytes| bytes.len() as i64);
    let offset_delta = (stored.offset - batch.base_offset) as i32;
    let timestamp_delta = stored.timestamp_ms - batch.base_timestamp_ms;
    json!({
        "offset": stored.offset,
        "timestamp": batch.timestamp_of(stored),
        "sequence": batch.sequence_at(stored.offset),
        "key_size": size(stored.key.as_deref()),
        "value_size": size(stored.value.as_deref()),
        "size_in_bytes": record.size_bytes(offset_delta, timestamp_delta),
    })
}
