//! `log_storage.json`: scripts of what Kafka's `UnifiedLog` and its cleaner are asked, and what the
//! log holds after each step.

use std::sync::Arc;

use highwater::broker::{Log, LogConfig, LogToClean, Writing};
use highwater::config::{BrokerConfig, Properties, TopicConfig};
use highwater::engine::Rng;
use highwater::protocol::ErrorCode;
use highwater::record::format::{ControlRecordType, EndTransactionMarker};
use highwater::record::{Attributes, Batch, BatchId, LoggedBatch, Record, RecordId};
use serde_json::{Value as Json, json};

use crate::json::{differs, list, number, text};
use crate::tally::Tally;

/// The script's time 0.
const START_MS: i64 = 1_700_000_000_000;
/// Files have the time of the machine that ran the scripts, not the script's: always later than it.
const FILE_MS: i64 = START_MS * 2;
/// producer.id.expiration.ms
const EXPIRATION_MS: i64 = 86_400_000;

pub fn run(vectors: &Json) -> Tally {
    let mut tally = Tally::default();
    for case in list(&vectors["cases"]) {
        let name = format!("case {} {}", case["id"], text(&case["name"]));
        let steps = list(&case["steps"]);
        match (Script::new(&case["config"]), steps.iter().find(|step| !is_known(step))) {
            (Err(what), _) => tally.cannot_express(&name, &what),
            (_, Some(step)) => tally.cannot_express(&name, text(&step["op"])),
            (Ok(mut script), None) => tally.count(&name, &script.check(steps)),
        }
    }
    tally
}

fn is_known(step: &Json) -> bool {
    const OPS: [&str; 8] = [
        "advance",
        "append",
        "clean",
        "delete_old_segments",
        "delete_records",
        "end_txn",
        "roll",
        "set_high_watermark",
    ];
    OPS.contains(&text(&step["op"]))
}

/// A log under test.
struct Script {
    log: Log,
    config: LogConfig,
    now_ms: i64,
    /// It follows the log end until it is set.
    high_watermark: Option<i64>,
    rng: Rng,
}

impl Script {
    fn new(config: &Json) -> Result<Self, String> {
        let mut properties = Properties::new();
        for (key, value) in config.as_object().into_iter().flatten() {
            // What Kafka itself refuses is set by its internal name.
            let key = if key == "segment.bytes" { "internal.segment.bytes" } else { key };
            properties.set(key, value.as_str().map_or_else(|| value.to_string(), str::to_owned));
        }
        let broker = BrokerConfig::from_properties(&Properties::new()).expect("defaults");
        let topic = TopicConfig::from_properties(&properties, &broker);
        Ok(Self {
            log: Log::default(),
            config: LogConfig::of(&topic.map_err(|error| error.to_string())?),
            now_ms: START_MS,
            high_watermark: None,
            rng: Rng::stream(0, 0),
        })
    }

    fn high_watermark(&self) -> i64 {
        self.high_watermark.unwrap_or(self.log.end_offset())
    }

    fn check(&mut self, steps: &[Json]) -> Vec<String> {
        let mut wrong = Vec::new();
        for (index, step) in steps.iter().enumerate() {
            let op = text(&step["op"]);
            let mut told = self.carry_out(op, step);
            self.log.on_high_watermark(self.high_watermark());
            if step.get("segments").is_some() {
                told.extend(self.state());
            }
            told.push(("t", json!(self.now_ms - START_MS)));
            for (key, ours) in told {
                let theirs = step.get(key).unwrap_or(&Json::Null);
                let both = (ours.as_f64(), theirs.as_f64());
                if key == "cleanable_ratio"
                    && matches!(both, (Some(ours), Some(theirs)) if (ours - theirs).abs() < 1e-12)
                {
                    continue; // the same but for how the last digit was read
                }
                wrong.extend(differs(&format!("step {index} {op} {key}"), ours, theirs));
            }
            if !wrong.is_empty() {
                break; // what follows would differ as well
            }
        }
        wrong
    }

    fn carry_out(&mut self, op: &str, step: &Json) -> Vec<(&'static str, Json)> {
        match op {
            "advance" => self.now_ms += number(&step["ms"]),
            "append" => return self.append(step),
            "clean" => return self.clean(),
            "delete_old_segments" => {
                let high_watermark = self.high_watermark();
                let retired =
                    self.log.delete_old_segments(self.now_ms, high_watermark, &self.config);
                let segments: usize = retired.iter().map(|retired| retired.segments).sum();
                return vec![("deleted_segments", json!(segments))];
            }
            "delete_records" => {
                let keys = ["to", "offset", "before", "before_offset"];
                let offset = keys.iter().find_map(|key| step[key].as_i64()).unwrap_or(-1);
                let offset = if offset == -1 { self.high_watermark() } else { offset };
                if offset <= self.high_watermark() {
                    self.log.raise_start_offset(offset);
                }
            }
            "end_txn" => {
                let is_commit = step["commit"] == true;
                let kind =
                    if is_commit { ControlRecordType::Commit } else { ControlRecordType::Abort };
                let marker = EndTransactionMarker { kind, coordinator_epoch: 0 };
                let records = vec![marker.to_record(RecordId(0), self.now_ms)];
                let attributes = Attributes {
                    is_transactional: true,
                    is_control: true,
                    ..Attributes::default()
                };
                self.write(Batch {
                    producer_id: number(&step["producer_id"]),
                    producer_epoch: step["producer_epoch"].as_i64().unwrap_or(0) as i16,
                    attributes,
                    ..Batch::plain(BatchId(0), records)
                });
            }
            "roll" => {
                let Self { log, config, now_ms, rng, .. } = self;
                log.roll(0, &mut Writing { config, now_ms: *now_ms, rng });
            }
            _ => self.high_watermark = step["to"].as_i64(),
        }
        Vec::new()
    }

    fn write(&mut self, batch: Batch) -> i64 {
        let Self { log, config, rng, .. } = self;
        let writing = Writing { config, now_ms: FILE_MS, rng };
        log.append(Arc::new(batch), 0, writing).base_offset
    }

    fn append(&mut self, step: &Json) -> Vec<(&'static str, Json)> {
        let records = list(&step["records"]).iter().map(|spec| self.record(text(spec)));
        let is_transactional = step["transactional"] == true;
        let producer_id = step["producer_id"].as_i64().unwrap_or(-1);
        let batch = Batch {
            producer_id,
            producer_epoch: if producer_id < 0 { -1 } else { 0 },
            base_sequence: step["base_sequence"].as_i64().unwrap_or(-1) as i32,
            attributes: Attributes { is_transactional, ..Attributes::default() },
            ..Batch::plain(BatchId(0), records.collect())
        };
        let (bytes, limit) = (batch.size_bytes, self.config.segment_bytes);
        match Log::check_segment_size(bytes, &self.config) {
            Err(ErrorCode::RecordListTooLarge) => {
                let message = format!(
                    "RecordBatchTooLargeException: Message batch size is {bytes} bytes in append \
                     to partition t-0, which exceeds the maximum configured segment size of \
                     {limit}."
                );
                vec![("error", json!(message))]
            }
            Err(error) => vec![("error", json!(error.name()))],
            Ok(()) => {
                let last_delta = batch.last_offset_delta();
                let first_offset = self.write(batch);
                vec![
                    ("first_offset", json!(first_offset)),
                    ("last_offset", json!(first_offset + last_delta)),
                ]
            }
        }
    }

    /// A record of "key:valueSize@timestamp".
    fn record(&self, spec: &str) -> Record {
        let (spec, timestamp) = spec.split_once('@').unwrap_or((spec, ""));
        let (key, size) = spec.split_once(':').unwrap_or((spec, "0"));
        let value = (size != "-").then(|| vec![0; size.parse().unwrap_or(0)].into());
        Record {
            id: RecordId(0),
            timestamp_ms: timestamp.parse().map_or(self.now_ms, |ms: i64| START_MS + ms),
            key: (!key.is_empty()).then(|| key.as_bytes().into()),
            value,
            headers: None,
        }
    }

    fn clean(&mut self) -> Vec<(&'static str, Json)> {
        let checkpoint_before = self.log.cleaner_checkpoint();
        let what = self.log.to_clean(self.now_ms, self.high_watermark(), &self.config);
        let LogToClean { clean_bytes, cleanable_bytes, .. } = what;
        let total = clean_bytes + cleanable_bytes;
        let ratio = (total > 0).then(|| cleanable_bytes as f64 / total as f64);
        // The scripts leave max.compaction.lag.ms out of this.
        let is_dirty_enough = LogToClean { is_overdue: false, ..what }.is_due(&self.config);
        let mut told = vec![
            ("checkpoint_before", json!(checkpoint_before)),
            ("first_dirty_offset", json!(what.first_dirty_offset)),
            ("first_uncleanable_dirty_offset", json!(what.first_uncleanable_dirty_offset)),
            ("clean_bytes", json!(clean_bytes)),
            ("cleanable_bytes", json!(cleanable_bytes)),
            ("cleanable_ratio", json!(ratio)),
            ("would_be_picked", json!(is_dirty_enough)),
        ];
        if cleanable_bytes > 0 {
            let cleaned = self.log.clean(&what, self.now_ms, EXPIRATION_MS, &self.config);
            told.push(("checkpoint_after", json!(cleaned.end_offset)));
        }
        let left = self.log.batches().iter().flat_map(left_of).collect::<Vec<_>>();
        told.push(("records_offset_key_valuesize_ts", json!(left)));
        told
    }

    fn state(&self) -> Vec<(&'static str, Json)> {
        let segments = self.log.segments().iter().map(|segment| {
            let mut told = json!({
                "base_offset": segment.base_offset(),
                "bytes": segment.bytes(),
            });
            if let Some(ms) = segment.largest_timestamp_ms() {
                told["largest_timestamp"] = json!(ms - START_MS);
            }
            told
        });
        let high_watermark = self.high_watermark();
        vec![
            ("log_start_offset", json!(self.log.start_offset())),
            ("log_end_offset", json!(self.log.end_offset())),
            ("high_watermark", json!(high_watermark)),
            ("last_stable_offset", json!(self.log.last_stable_offset(high_watermark))),
            ("size", json!(self.log.size_bytes())),
            ("segments", json!(segments.collect::<Vec<_>>())),
        ]
    }
}

/// What is left of a batch.
fn left_of(logged: &LoggedBatch) -> Vec<Json> {
    let batch = &*logged.batch;
    if batch.records.is_empty() {
        return vec![json!([logged.last_offset(), "<empty batch kept>", batch.producer_id, null])];
    }
    let told = batch.records.iter().enumerate().map(|(index, record)| {
        let (offset, at) = (logged.offset_of(index), record.timestamp_ms - START_MS);
        let key = record.key.as_deref();
        if batch.attributes.is_control {
            let kind = key.and_then(|key| ControlRecordType::of_key(key).ok());
            let kind = if kind == Some(ControlRecordType::Commit) { "<COMMIT>" } else { "<ABORT>" };
            return json!([offset, kind, batch.producer_id, at]);
        }
        let key = key.map(String::from_utf8_lossy);
        json!([offset, key, record.value.as_ref().map(|value| value.len()), at])
    });
    told.collect()
}
