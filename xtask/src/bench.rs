//! The benchmarks.

use anyhow::Result;

use crate::{paths, proc};

/// Runs `cargo bench`: a filter goes to the benchmarks, and so does what follows `--`.
pub fn run(args: &[String]) -> Result<()> {
    proc::step("running the benchmarks (built with optimisation: 1 to 2 min the first time)");
    // Only the benchmarks' own programs: cargo would hand their options to the unit tests as well.
    let mut cargo = proc::cargo();
    cargo.args(["bench", "--bench", "*", "--"]).args(args.iter().filter(|arg| *arg != "--"));
    proc::run(cargo.current_dir(paths::root()))
}
