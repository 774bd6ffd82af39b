//! What the page calls when it opens, held against `late_rooms.txt`.

use std::collections::BTreeSet;
use std::fs;

use anyhow::{Context, Result};

use crate::{browser, late, npm, page, paths, proc, serve, split};

/// Lines that are printed of each list.
const SHOWN: usize = 100;

/// Opens the page in a browser, and prints which of the functions that it calls are late, and which
/// ones that are not late it does not call.
pub fn run() -> Result<()> {
    npm::ensure()?;
    let chromium = browser::chromium()?;
    let (module, site) = page::build_counting()?;
    let serving = serve::background(site, "/")?;
    proc::step("opening the page (about 20 s)");
    let mut node = proc::command("node");
    node.arg(paths::root().join("tests/e2e/opening.mjs"))
        .env("HIGHWATER_URL", &serving.url)
        .env("HIGHWATER_CHROMIUM", &chromium)
        .current_dir(paths::root());
    let called: BTreeSet<u32> = proc::output(&mut node)?
        .split_whitespace()
        .map(|number| number.parse().context("a function's number"))
        .collect::<Result<_>>()?;
    let module = fs::read(&module).with_context(|| format!("reading {}", module.display()))?;
    let functions = split::functions(&module, late::is_late)?;
    let list = |title: &str, is_late: bool, is_called: bool| {
        let mut found: Vec<_> = functions
            .iter()
            .filter(|it| it.is_late == is_late && called.contains(&it.index) == is_called)
            .collect();
        found.sort_by_key(|it| std::cmp::Reverse(it.bytes));
        let bytes: usize = found.iter().map(|it| it.bytes).sum();
        println!("\n{title}: {} functions, {bytes} bytes", found.len());
        for it in found.iter().take(SHOWN) {
            println!("{:>7}  {}", it.bytes, late::without_hashes(it.name));
        }
    };
    list("In the first half, but not called when the page opens", false, false);
    list("Late, but called when the page opens (there should be none)", true, true);
    Ok(())
}
