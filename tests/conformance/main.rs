//! What Apache Kafka itself does, as vectors: one JSON file a class of Kafka.
//!
//! The files are those of `tests/conformance/vectors/`, or of the folder that
//! the environment variable `HIGHWATER_VECTORS` names. For each file a line
//! `FILE: passed/total` is printed; whatever does not pass fails the test.

mod accumulator;
mod configs;
mod partitioner;

use std::path::{Path, PathBuf};

use serde_json::Value;

/// How one file went.
#[derive(Default)]
pub struct Tally {
    passed: usize,
    failed: Vec<String>,
}

impl Tally {
    /// Counts one case; `wrong` says what differs, if anything does.
    pub fn count(&mut self, case: &str, wrong: &[String]) {
        if wrong.is_empty() {
            self.passed += 1;
        } else {
            self.failed.push(format!("{case}: {}", wrong.join("; ")));
        }
    }

    fn total(&self) -> usize {
        self.passed + self.failed.len()
    }
}

/// Runs the vectors of one file.
type Run = fn(&Value) -> Tally;

/// The files and who runs them.
const FILES: &[(&str, Run)] = &[
    ("accumulator.json", accumulator::run),
    ("configs.json", configs::run),
    ("murmur2.json", partitioner::run_murmur2),
    ("partitioner.json", partitioner::run),
];

fn folder() -> PathBuf {
    std::env::var_os("HIGHWATER_VECTORS").map_or_else(
        || Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/conformance/vectors"),
        PathBuf::from,
    )
}

fn read(file: &str) -> Result<Value, String> {
    let path = folder().join(file);
    let text = std::fs::read_to_string(&path).map_err(|e| format!("{}: {e}", path.display()))?;
    serde_json::from_str(&text).map_err(|e| format!("{}: {e}", path.display()))
}

#[test]
fn vectors() {
    let mut failed = Vec::new();
    for (file, run) in FILES {
        match read(file) {
            Ok(vectors) => {
                let tally = run(&vectors);
                println!("{file}: {}/{}", tally.passed, tally.total());
                failed.extend(tally.failed.iter().map(|case| format!("{file}: {case}")));
            }
            Err(error) => failed.push(error),
        }
    }
    assert!(failed.is_empty(), "\n{}", failed.join("\n"));
}
