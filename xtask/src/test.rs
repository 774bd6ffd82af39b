//! The tests: native, compiled to WebAssembly, and of the built page in a browser.

use std::fs;

use anyhow::{Context, Result, bail};

use crate::cli::Part;
use crate::proc::{self, step};
use crate::{browser, npm, page, paths, serve, toolchain, tools};

/// Sets up everything that the tests need.
pub fn set_up() -> Result<()> {
    toolchain::ensure()?;
    tools::bindgen()?;
    npm::ensure()?;
    browser::ensure()?;
    step("everything is set up");
    Ok(())
}

/// Runs the tests, or one part of them.
pub fn run(only: Option<Part>) -> Result<()> {
    let wanted = |part| only.is_none_or(|only| only == part);
    if wanted(Part::Native) {
        native()?;
    }
    if wanted(Part::Wasm) {
        wasm()?;
    }
    if wanted(Part::E2e) {
        e2e()?;
    }
    Ok(())
}

fn native() -> Result<()> {
    step("native tests");
    proc::run(proc::cargo().args(["test", "--workspace"]).current_dir(paths::root()))
}

fn wasm() -> Result<()> {
    let toolchain = toolchain::ensure()?;
    let bindgen = tools::bindgen()?;
    let browser = browser::ensure()?;
    step("tests of the page's crate, compiled to WebAssembly, in a headless browser");
    proc::run(
        toolchain
            .cargo("test")
            .args(["-p", "highwater-www", "--tests"])
            .env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUNNER", &bindgen.runner)
            .env("CHROMEDRIVER", &browser.driver),
    )
}

fn e2e() -> Result<()> {
    let dir = paths::root().join("tests/e2e");
    let mut files = Vec::new();
    for entry in fs::read_dir(&dir).with_context(|| format!("reading {}", dir.display()))? {
        let path = entry?.path();
        if path.to_string_lossy().ends_with(".test.mjs") {
            files.push(path);
        }
    }
    if files.is_empty() {
        bail!("no *.test.mjs in {}", dir.display());
    }
    files.sort();
    let dist = page::build(page::Finish::Small)?;
    let browser = browser::ensure()?;
    let serving = serve::background(dist.clone(), "/some/folder/")?;
    step(&format!("tests of the built page in a headless browser, at {}", serving.url));
    proc::run(
        proc::command("node")
            .args(["--test", "--test-reporter=spec"])
            .args(files)
            .env("HIGHWATER_URL", &serving.url)
            .env("HIGHWATER_DIST", dist)
            .env("HIGHWATER_CHROMIUM", &browser.chromium)
            .current_dir(paths::root()),
    )
}
