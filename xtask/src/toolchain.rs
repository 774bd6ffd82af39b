//! A compiler for the page: Rust with the standard library of `wasm32-unknown-unknown`.
//!
//! Most have one already or get it from rustup. Where rustup's servers are out of reach, Debian's
//! packages can stand in (see [`debian`](crate::debian)).

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::proc::{self, note, step};
use crate::{debian, paths};

/// The page's target.
pub const TARGET: &str = "wasm32-unknown-unknown";

/// Which compiler builds the page.
#[derive(Debug)]
pub enum Toolchain {
    /// The one that runs us.
    Ours,
    /// Debian's, with a sysroot in the tool cache.
    Debian(PathBuf),
}

impl Toolchain {
    /// `cargo SUBCOMMAND --target wasm32-unknown-unknown` with this compiler.
    pub fn cargo(&self, subcommand: &str) -> Command {
        let mut cargo = match self {
            Self::Ours => proc::cargo(),
            Self::Debian(sysroot) => debian::cargo(sysroot, subcommand),
        };
        cargo
            .arg(subcommand)
            .args(["--target", TARGET])
            .env("CARGO_TARGET_DIR", paths::wasm_target())
            .current_dir(paths::root());
        cargo
    }
}

/// Finds a compiler for the page, or sets one up.
pub fn ensure() -> Result<Toolchain> {
    if has_target() {
        return Ok(Toolchain::Ours);
    }
    if let Some(sysroot) = debian::ready()? {
        return Ok(Toolchain::Debian(sysroot));
    }
    if paths::which("rustup").is_some() {
        step(&format!(
            "adding the {TARGET} target to your Rust toolchain with rustup (10 s, once)"
        ));
        let added = proc::output(proc::command("rustup").args(["target", "add", TARGET]));
        if has_target() {
            return Ok(Toolchain::Ours);
        }
        let why = added.err().map(|error| error.to_string()).unwrap_or_default();
        let why = why.lines().find(|line| line.starts_with("error: ")).unwrap_or("error: unknown");
        note(&format!("rustup could not add it ({})", why.trim_start_matches("error: ")));
    }
    if debian::possible() {
        let sysroot = debian::set_up().with_context(|| {
            format!(
                "no compiler for {TARGET}: neither rustup nor Debian's packages gave one \
                 (with rustup's servers in reach, `rustup target add {TARGET}` is all it takes)"
            )
        })?;
        return Ok(Toolchain::Debian(sysroot));
    }
    bail!(
        "the Rust target {TARGET} is missing. Install it, then run this command again:\n\
         \n    rustup target add {TARGET}\n\
         \n(no rustup? https://rustup.rs; as root on Debian 12 this command can do without it)"
    )
}

/// Runs any cargo command for the page's target.
pub fn passthrough(args: &[String]) -> Result<()> {
    let toolchain = ensure()?;
    let Some((subcommand, rest)) = args.split_first() else {
        bail!("no cargo command given");
    };
    proc::run(toolchain.cargo(subcommand).args(rest))
}

/// Whether the compiler that runs us has the target's standard library.
fn has_target() -> bool {
    let mut rustc = proc::command("rustc");
    rustc.args(["--print", "target-libdir", "--target", TARGET]).current_dir(paths::root());
    proc::output(&mut rustc).is_ok_and(|dir| has_std(Path::new(dir.trim())))
}

/// Whether a target's library folder holds a compiled standard library.
pub fn has_std(dir: &Path) -> bool {
    fs::read_dir(dir).is_ok_and(|entries| {
        entries.flatten().any(|entry| {
            let name = entry.file_name().to_string_lossy().into_owned();
            name.starts_with("libstd-") && name.ends_with(".rlib")
        })
    })
}
