//! What the model must never depend on: the browser, clocks, threads, chance from outside.

use anyhow::Result;

use crate::{paths, proc};

const FORBIDDEN: [&str; 29] = [
    // The browser belongs to the page.
    "gloo",
    "js-sys",
    "wasm-bindgen",
    "wasm-bindgen-futures",
    "web-sys",
    "yew",
    // Time comes from the engine.
    "chrono",
    "instant",
    "jiff",
    "time",
    "wasmtimer",
    "web-time",
    // So does chance.
    "ahash",
    "fastrand",
    "getrandom",
    "oorandom",
    "rand",
    "rand_core",
    "uuid",
    // A node is a state machine: nothing runs beside it.
    "async-std",
    "crossbeam",
    "futures",
    "mio",
    "parking_lot",
    "rayon",
    "smol",
    "socket2",
    "tokio",
    "async-io",
];

/// Complaints about the model's dependencies, on any target and with any feature.
pub fn complaints() -> Result<Vec<String>> {
    let tree = proc::output(
        proc::cargo()
            .args(["tree", "-p", "highwater", "--target", "all", "--all-features"])
            .args(["--edges", "normal", "--prefix", "none", "--format", "{p}"])
            .current_dir(paths::root()),
    )?;
    Ok(forbidden(&tree))
}

fn forbidden(tree: &str) -> Vec<String> {
    let mut found: Vec<String> = tree
        .lines()
        .filter_map(|line| line.split_whitespace().next())
        .filter(|name| FORBIDDEN.contains(name))
        .map(|name| {
            format!("the model depends on `{name}` (see: cargo tree -p highwater -i {name})")
        })
        .collect();
    found.sort();
    found.dedup();
    found
}

#[cfg(test)]
mod tests {
    use super::forbidden;

    #[test]
    fn forbidden_crates_are_found_once_each() {
        let tree = "highwater v0.1.0 (/x)\nserde v1.0.1\nrand v0.9.0\nrand_chacha v0.9.0\nrand v0.9.0 (*)\n";
        let found = forbidden(tree);
        assert_eq!(found.len(), 1);
        assert!(found[0].contains("`rand`"));
    }
}
