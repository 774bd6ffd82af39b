//! What a reviewer should not have to look for.

use anyhow::{Result, bail};

use crate::proc::{self, step};
use crate::toolchain::{self, Toolchain};
use crate::{debian, deps, lines, paths, walls};

/// Runs every check, the quick ones first; complaints about the source come all at once.
pub fn run() -> Result<()> {
    let root = paths::root();
    step("formatting");
    proc::run(proc::cargo().args(["fmt", "--all", "--check"]).current_dir(&root))?;
    step("walls between rooms, and long files");
    let mut complaints = walls::complaints(&root)?;
    complaints.extend(lines::complaints(&root)?);
    step("forbidden dependencies");
    complaints.extend(deps::complaints()?);
    if !complaints.is_empty() {
        for complaint in &complaints {
            eprintln!("error: {complaint}");
        }
        bail!("{} found", count(complaints.len(), "fault"));
    }
    step("lints, native");
    let mut clippy = proc::cargo();
    clippy.args(["clippy", "--workspace", "--all-targets", "--", "-D", "warnings"]);
    proc::run(clippy.current_dir(&root))?;
    step("lints, for WebAssembly");
    let toolchain = toolchain::ensure()?;
    if let Toolchain::Debian(_) = toolchain {
        debian::ensure_clippy()?;
    }
    let mut clippy = toolchain.cargo("clippy");
    proc::run(clippy.args(["-p", "highwater-www", "--all-targets", "--", "-D", "warnings"]))?;
    step("all checks passed");
    Ok(())
}

fn count(number: usize, thing: &str) -> String {
    format!("{number} {thing}{}", if number == 1 { "" } else { "s" })
}
