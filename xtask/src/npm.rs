//! The tools that come from npm: wasm-opt, and what drives the browser in the tests.

use std::fs;
use std::path::PathBuf;

use anyhow::{Context, Result, bail};

use crate::proc::{self, step};
use crate::{paths, tools};

/// Installs what package-lock.json names, when `node_modules` is not already just that.
pub fn ensure() -> Result<()> {
    let root = paths::root();
    let lock = root.join("package-lock.json");
    let lock = fs::read(&lock).with_context(|| format!("reading {}", lock.display()))?;
    let print = tools::fingerprint(&lock);
    let stamp = root.join("node_modules/.highwater-stamp");
    if fs::read_to_string(&stamp).is_ok_and(|found| found == print) {
        return Ok(());
    }
    if paths::which("node").is_none() || paths::which("npm").is_none() {
        bail!(
            "Node.js 20 or newer with npm is needed (wasm-opt and the browser tests come with it). \
             Install it, then run this command again:\n\
             \n    Debian, Ubuntu: sudo apt-get install nodejs npm\
             \n    macOS:          brew install node\
             \n    others:         https://nodejs.org"
        );
    }
    step("installing wasm-opt and the test tools into node_modules/ with npm ci (10 s)");
    proc::run(
        proc::command("npm")
            .args(["ci", "--silent", "--no-audit", "--no-fund", "--ignore-scripts"])
            .current_dir(&root),
    )?;
    fs::write(&stamp, print).with_context(|| format!("writing {}", stamp.display()))
}

/// wasm-opt, after [`ensure`].
pub fn wasm_opt() -> PathBuf {
    paths::root().join("node_modules/binaryen/bin/wasm-opt")
}
