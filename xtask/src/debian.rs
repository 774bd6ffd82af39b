//! The page's compiler from Debian's packages, for machines that cannot reach rustup's servers.
//!
//! Debian 12 ships a recent rustc (`rustc-web`) with the source of the standard library but no
//! library compiled for WebAssembly. We compile that once, and keep it in the tool cache in a
//! sysroot of our own: `/usr` stays as the packages left it.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::proc::{self, note, step};
use crate::toolchain::{TARGET, has_std};
use crate::{paths, tools};

const RUSTC: &str = "/usr/bin/rustc";
const CARGO: &str = "/usr/bin/cargo";
const LINKER: &str = "/usr/bin/wasm-ld-19";
const SOURCE: &str = "/usr/lib/rustlib/src/rust/library/std/Cargo.toml";
const PACKAGES: [&str; 4] = ["rustc-web", "cargo-web", "rust-web-src", "lld-19"];

/// Whether packages can be installed here: root, and Debian's own tools.
pub fn possible() -> bool {
    let release = fs::read_to_string("/etc/os-release").unwrap_or_default();
    release.lines().any(|line| line == "ID=debian")
        && is_root()
        && paths::which("apt-get").is_some()
}

fn is_root() -> bool {
    proc::output(proc::command("id").arg("-u")).is_ok_and(|id| id.trim() == "0")
}

/// Installs packages, and says so. Nothing that is installed is ever removed for them.
pub fn install(packages: &[&str], time: &str) -> Result<()> {
    let list = packages.join(" ");
    step(&format!("installing Debian packages with apt-get: {list} ({time}, once)"));
    let apt = |words: &[&str]| {
        let mut apt = proc::command("apt-get");
        apt.env("DEBIAN_FRONTEND", "noninteractive");
        apt.args(["-qq", "-o", "DPkg::Lock::Timeout=600", "-o", "Dpkg::Use-Pty=0"]).args(words);
        apt
    };
    let _lock = tools::lock_beside(&paths::cache()?.join("apt-get"))?;
    let install = || {
        let words = ["install", "--yes", "--no-remove", "--no-install-recommends"];
        proc::output(apt(&words).args(packages))
    };
    proc::output(&mut apt(&["update"]))?;
    if install().is_err() {
        // A run that was cut off may have left packages unpacked and not set up.
        proc::output(proc::command("dpkg").args(["--configure", "-a"]))?;
        install()?;
    }
    Ok(())
}

/// The sysroot, when an earlier run has made it for the rustc that is installed now.
pub fn ready() -> Result<Option<PathBuf>> {
    if ![RUSTC, CARGO, LINKER].iter().all(|tool| Path::new(tool).exists()) {
        return Ok(None);
    }
    let sysroot = sysroot()?;
    Ok(has_std(&library(&sysroot)).then_some(sysroot))
}

/// Installs the packages and compiles the standard library.
pub fn set_up() -> Result<PathBuf> {
    if ![RUSTC, CARGO, LINKER, SOURCE].iter().all(|tool| Path::new(tool).exists()) {
        install(&PACKAGES, "about 30 s")?;
    }
    if let Some(sysroot) = ready()? {
        return Ok(sysroot);
    }
    let sysroot = sysroot()?;
    step(&format!("compiling the standard library for {TARGET} (1 to 2 min, once)"));
    note(&format!("into {}", sysroot.display()));
    tools::install_into(&sysroot, |dir| {
        compose(dir, &sysroot)?;
        compile_std(dir)
    })?;
    Ok(sysroot)
}

/// A cargo that uses the sysroot.
pub fn cargo(sysroot: &Path, subcommand: &str) -> Command {
    let mut cargo = proc::command(CARGO);
    cargo
        .env("RUSTC", sysroot.join("bin/rustc"))
        // For clippy, which takes the place of rustc and so passes our wrapper by.
        .env("SYSROOT", sysroot)
        .env("CARGO", CARGO)
        .env_remove("RUSTUP_TOOLCHAIN")
        .env_remove("RUSTC_WRAPPER");
    if subcommand == "clippy" || subcommand == "fmt" {
        // Cargo looks for its subcommands on PATH, where rustup's come first.
        let path = std::env::var_os("PATH").unwrap_or_default();
        let mut dirs = vec![PathBuf::from("/usr/bin")];
        dirs.extend(std::env::split_paths(&path));
        if let Ok(path) = std::env::join_paths(dirs) {
            cargo.env("PATH", path);
        }
    }
    cargo
}

/// Makes sure that clippy is there too.
pub fn ensure_clippy() -> Result<()> {
    if Path::new("/usr/bin/clippy-driver").exists() {
        return Ok(());
    }
    install(&["rust-web-clippy"], "10 s")
}

/// The sysroot's place, named after the very compiler it is for.
fn sysroot() -> Result<PathBuf> {
    let about = proc::output(proc::command(RUSTC).arg("-vV"))?;
    let release = about.lines().find_map(|line| line.strip_prefix("release: "));
    let release = release.context("rustc does not say its version")?;
    let print = tools::fingerprint(about.as_bytes());
    Ok(paths::cache()?.join(format!("wasm-std-{release}-{}", &print[..8])))
}

fn library(sysroot: &Path) -> PathBuf {
    sysroot.join("lib/rustlib").join(TARGET).join("lib")
}

/// Lays out a sysroot in `dir` that will work once it is at `home`.
#[cfg(unix)]
fn compose(dir: &Path, home: &Path) -> Result<()> {
    use std::os::unix::fs::{PermissionsExt as _, symlink};

    let host = proc::output(proc::command(RUSTC).args(["--print", "host-tuple"]))?;
    let host = host.trim();
    let own = dir.join("lib/rustlib").join(host);
    fs::create_dir_all(own.join("bin"))?;
    fs::create_dir_all(library(dir))?;
    fs::create_dir_all(dir.join("bin"))?;
    symlink(Path::new("/usr/lib/rustlib").join(host).join("lib"), own.join("lib"))?;
    // rustc looks for the linker of this target here before it looks on PATH.
    symlink(LINKER, own.join("bin/rust-lld"))?;
    let wrapper = dir.join("bin/rustc");
    let script = format!("#!/bin/sh\nexec {RUSTC} --sysroot '{}' \"$@\"\n", home.display());
    fs::write(&wrapper, script)?;
    fs::set_permissions(&wrapper, fs::Permissions::from_mode(0o755))?;
    Ok(())
}

#[cfg(not(unix))]
fn compose(_: &Path, _: &Path) -> Result<()> {
    bail!("Debian's packages are for Debian")
}

/// Compiles the standard library in a throw-away crate, and keeps its parts.
fn compile_std(dir: &Path) -> Result<()> {
    let work = dir.join("work");
    fs::create_dir_all(work.join("src"))?;
    fs::write(
        work.join("Cargo.toml"),
        "[package]\nname = \"nothing\"\nversion = \"0.0.0\"\nedition = \"2021\"\n\n[workspace]\n",
    )?;
    fs::write(work.join("src/lib.rs"), "")?;
    proc::run(
        proc::command(CARGO)
            .args(["build", "--quiet", "--release", "--target", TARGET])
            .args(["-Z", "build-std=std,panic_abort,panic_unwind,proc_macro,test"])
            .env("RUSTC_BOOTSTRAP", "1")
            .env("RUSTC", RUSTC)
            // Without bitcode in the library a build with link-time optimisation fails.
            .env("RUSTFLAGS", "-Cembed-bitcode=yes")
            .env("CARGO_TARGET_DIR", work.join("target"))
            .env_remove("RUSTUP_TOOLCHAIN")
            .env_remove("CARGO_ENCODED_RUSTFLAGS")
            .current_dir(&work),
    )?;
    let deps = work.join("target").join(TARGET).join("release/deps");
    for entry in fs::read_dir(&deps).with_context(|| format!("reading {}", deps.display()))? {
        let path = entry?.path();
        let Some(name) = path.file_name().and_then(|name| name.to_str()) else {
            continue;
        };
        if name.ends_with(".rlib") && !name.starts_with("libnothing-") {
            fs::copy(&path, library(dir).join(name))?;
        }
    }
    if !has_std(&library(dir)) {
        bail!("the build left no standard library in {}", deps.display());
    }
    fs::remove_dir_all(&work)?;
    Ok(())
}
