//! Many random stories, each with Kafka's promises held to every step.

use anyhow::Result;

use crate::{paths, proc};

/// Stories told unless another number is given.
pub const RUNS: u32 = 10_000;

/// Tells `runs` stories, starting from `seed`. A story that goes wrong is shrunk and written to a
/// file, which the output names.
pub fn run(runs: u32, seed: u32) -> Result<()> {
    proc::step(&format!("{runs} random stories from seed {seed}, built with optimisation"));
    let mut cargo = proc::cargo();
    cargo
        .args(["test", "--release", "--test", "invariants", "promises_hold", "--", "--nocapture"])
        .env("HIGHWATER_RUNS", runs.to_string())
        .env("HIGHWATER_SEED", seed.to_string())
        .current_dir(paths::root());
    proc::run(&mut cargo)
}
