//! What Apache Kafka itself does, as vectors: one JSON file a class of Kafka.
//!
//! The files are those of `tests/conformance/vectors/`, or of the folder that the environment
//! variable `HIGHWATER_VECTORS` names. For each file a line `FILE: passed/total` is printed.
//! Whatever does not pass fails the test, except what the model cannot express: that counts as not
//! passed, and is named.

mod accumulator;
mod assignors;
mod configs;
mod group_state;
mod json;
mod keys;
mod log_storage;
mod partitioner;
mod placement;
mod record_batch;
mod server_assignors;
mod tally;

use std::path::{Path, PathBuf};

use serde_json::Value;

use tally::Tally;

/// Runs the vectors of one file.
type Run = fn(&Value) -> Tally;

/// The files and who runs them.
const FILES: &[(&str, Run)] = &[
    ("accumulator.json", accumulator::run),
    ("assignors.json", assignors::run),
    ("configs.json", configs::run),
    ("group_state.json", group_state::run),
    ("java_hash_order.json", keys::run_hash_order),
    ("log_storage.json", log_storage::run),
    ("murmur2.json", keys::run_murmur2),
    ("partitioner.json", partitioner::run),
    ("placement.json", placement::run),
    ("record_batch.json", record_batch::run),
    ("server_assignors.json", server_assignors::run),
];

fn folder() -> PathBuf {
    std::env::var_os("HIGHWATER_VECTORS").map_or_else(
        || Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/conformance/vectors"),
        PathBuf::from,
    )
}

/// Every JSON file of the folder, by name.
fn files() -> Result<Vec<(String, Value)>, String> {
    let folder = folder();
    let failed = |error: &dyn std::fmt::Display| format!("{}: {error}", folder.display());
    let mut files = Vec::new();
    for entry in std::fs::read_dir(&folder).map_err(|e| failed(&e))? {
        let path = entry.map_err(|e| failed(&e))?.path();
        if path.extension().is_none_or(|extension| extension != "json") {
            continue;
        }
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let text = std::fs::read_to_string(&path).map_err(|e| format!("{name}: {e}"))?;
        files
            .push((name.clone(), serde_json::from_str(&text).map_err(|e| format!("{name}: {e}"))?));
    }
    files.sort_by(|(a, _), (b, _)| a.cmp(b));
    if files.is_empty() { Err(failed(&"no vectors")) } else { Ok(files) }
}

/// The lists of a file: its cases and whatever stands beside them.
fn count(vectors: &Value) -> usize {
    let lists = vectors.as_object().into_iter().flatten();
    lists
        .filter_map(|(_, list)| list.as_array())
        .filter(|list| list.iter().all(Value::is_object))
        .map(Vec::len)
        .sum()
}

#[test]
fn vectors() {
    let mut failed = Vec::new();
    for (file, vectors) in files().expect("a folder of vectors") {
        let Some((_, run)) = FILES.iter().find(|(name, _)| *name == file) else {
            println!("{file}: 0/{} (no runner yet)", count(&vectors));
            continue;
        };
        let tally = run(&vectors);
        println!("{file}: {}/{}", tally.passed(), tally.total());
        tally.inexpressible().iter().for_each(|line| println!("{file}: {line}"));
        failed.extend(tally.failed().iter().map(|case| format!("{file}: {case}")));
    }
    assert!(failed.is_empty(), "\n{}", failed.join("\n"));
}
