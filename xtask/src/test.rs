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
    browser::chromium()?;
    browser::driver()?;
    step("everything is set up");
    Ok(())
}

/// Runs the tests, or one part of them, or those of it that a filter names.
pub fn run(only: Option<Part>, filter: Option<&str>) -> Result<()> {
    let wanted = |part| only.is_none_or(|only| only == part);
    if wanted(Part::Native) {
        native(filter)?;
    }
    if wanted(Part::Wasm) {
        wasm(filter)?;
    }
    if wanted(Part::E2e) {
        e2e(filter)?;
    }
    Ok(())
}

fn native(filter: Option<&str>) -> Result<()> {
    step("native tests");
    let mut cargo = proc::cargo();
    cargo.args(["test", "--workspace"]).args(filter).current_dir(paths::root());
    proc::run(&mut cargo)
}

fn wasm(filter: Option<&str>) -> Result<()> {
    let toolchain = toolchain::ensure()?;
    let bindgen = tools::bindgen()?;
    let driver = browser::driver()?;
    browser::chromium()?;
    step("tests of the page's crate, compiled to WebAssembly, in a headless browser");
    proc::run(
        toolchain
            .cargo("test")
            .args(["-p", "highwater-www", "--tests"])
            .args(filter)
            .env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUNNER", &bindgen.runner)
            .env("CHROMEDRIVER", &driver),
    )
}

fn e2e(filter: Option<&str>) -> Result<()> {
    let dir = paths::root().join("tests/e2e");
    let mut files = Vec::new();
    for entry in fs::read_dir(&dir).with_context(|| format!("reading {}", dir.display()))? {
        let path = entry?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        if name.ends_with(".test.mjs") && filter.is_none_or(|filter| name.contains(filter)) {
            files.push(path);
        }
    }
    if files.is_empty() {
        bail!("no such *.test.mjs in {}", dir.display());
    }
    files.sort();
    let dist = page::build(page::Finish::Small)?;
    let chromium = browser::chromium()?;
    let serving = serve::background(dist.clone(), "/some/folder/")?;
    step(&format!("tests of the built page in a headless browser, at {}", serving.url));
    proc::run(
        proc::command("node")
            // One browser at a time: frame times are measured.
            .args(["--test", "--test-reporter=spec", "--test-concurrency=1"])
            .args(files)
            .env("HIGHWATER_URL", &serving.url)
            .env("HIGHWATER_DIST", dist)
            .env("HIGHWATER_CHROMIUM", &chromium)
            .current_dir(paths::root()),
    )
}
