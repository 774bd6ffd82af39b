//! The native half of the proof that a run is the same here and in a browser: `default.hash` holds
//! the hash of a run, this test finds it natively, and `web.rs` finds it compiled to WebAssembly.
#![cfg(not(target_arch = "wasm32"))]

use std::{env, fs};

use highwater::cluster::Command;
use highwater::engine::NodeId;
use highwater::history::{Run, Scenario};

const FILE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/default.hash");

#[test]
fn the_default_scene_with_a_kill_has_the_hash_that_is_written_down() {
    let scenario = Scenario::parse(include_str!("../../scenarios/default.toml"));
    let mut run = Run::with_trace_hash(scenario.expect("the default scene parses"));
    run.run_until(8_000_000, u64::MAX);
    run.apply(Command::KillBroker(NodeId(1))).expect("broker 1 runs");
    run.run_until(20_000_000, u64::MAX);
    let hash = format!("{:016x}", run.trace_hash().expect("asked for"));
    if env::var_os("UPDATE_HASH").is_some() {
        fs::write(FILE, &hash).expect("written");
    }
    let written = fs::read_to_string(FILE).unwrap_or_default();
    assert_eq!(
        written.trim(),
        hash,
        "when the model was meant to change, run this test once with UPDATE_HASH=1"
    );
}
