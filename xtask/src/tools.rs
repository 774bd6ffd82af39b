//! Tools that are built once and kept in the tool cache.

use std::fs::{self, File};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use crate::proc::{self, note, step};
use crate::{lock, paths};

/// The wasm-bindgen program and its test runner, of one version.
#[derive(Debug)]
pub struct Bindgen {
    /// Turns the compiler's output into a module and its glue.
    pub cli: PathBuf,
    /// Runs compiled tests in a browser.
    pub runner: PathBuf,
}

/// Finds wasm-bindgen at the version that Cargo.lock names, or builds it.
pub fn bindgen() -> Result<Bindgen> {
    let version = lock::version("wasm-bindgen")?;
    if let (Some(cli), Some(runner)) =
        (paths::which("wasm-bindgen"), paths::which("wasm-bindgen-test-runner"))
    {
        let said = proc::output(proc::command(&cli).arg("--version")).unwrap_or_default();
        if said.split_whitespace().nth(1) == Some(version.as_str()) {
            return Ok(Bindgen { cli, runner });
        }
    }
    let home = paths::cache()?.join(format!("wasm-bindgen-cli-{version}"));
    if !home.exists() {
        step(&format!("building wasm-bindgen {version} with cargo install (2 to 4 min, once)"));
        note(&format!("into {}", home.display()));
        // Kept when a run is cut off, so that the next goes on where it stopped.
        let target = paths::cache()?.join(format!("build-wasm-bindgen-cli-{version}"));
        install_into(&home, |dir| {
            proc::run(
                proc::cargo()
                    .args(["install", "--locked", "--quiet", "--no-track"])
                    .arg(format!("wasm-bindgen-cli@{version}"))
                    .arg("--root")
                    .arg(dir)
                    .env("CARGO_TARGET_DIR", &target)
                    .env("CARGO_PROFILE_RELEASE_LTO", "off")
                    .env("CARGO_PROFILE_RELEASE_CODEGEN_UNITS", "16")
                    .env("CARGO_PROFILE_RELEASE_OPT_LEVEL", "1")
                    .current_dir(dir),
            )
        })?;
        remove(&target)?;
    }
    let bin = |name: &str| home.join("bin").join(format!("{name}{}", std::env::consts::EXE_SUFFIX));
    Ok(Bindgen { cli: bin("wasm-bindgen"), runner: bin("wasm-bindgen-test-runner") })
}

/// Fills a folder beside `home` and renames it when it is complete, so that `home` is whole or
/// not there, whenever a run is cut off. One program at a time does so for one `home`; the others
/// wait and find it done.
pub fn install_into(home: &Path, fill: impl FnOnce(&Path) -> Result<()>) -> Result<()> {
    let name = home.file_name().context("a tool's folder has a name")?.to_string_lossy();
    let _lock = lock_beside(home)?;
    if home.exists() {
        return Ok(());
    }
    let part = home.with_file_name(format!("{name}.part"));
    remove(&part)?;
    fs::create_dir_all(&part).with_context(|| format!("creating {}", part.display()))?;
    fill(&part)?;
    fs::rename(&part, home).with_context(|| format!("renaming to {}", home.display()))
}

/// Waits until no other program holds the lock that goes with a path; ours ends with the value,
/// or with us.
pub fn lock_beside(path: &Path) -> Result<File> {
    let name = path.file_name().context("a path to lock has a name")?.to_string_lossy();
    let path = path.with_file_name(format!("{name}.lock"));
    if let Some(dir) = path.parent() {
        fs::create_dir_all(dir).with_context(|| format!("creating {}", dir.display()))?;
    }
    let file = File::create(&path).with_context(|| format!("creating {}", path.display()))?;
    if file.try_lock().is_err() {
        note("another run is at it: waiting");
        file.lock().with_context(|| format!("locking {}", path.display()))?;
    }
    Ok(file)
}

/// Removes a folder, there or not.
pub fn remove(dir: &Path) -> Result<()> {
    match fs::remove_dir_all(dir) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
            Err(error).with_context(|| format!("removing {}", dir.display()))
        }
        _ => Ok(()),
    }
}

/// A short name for some content: the 64 bits of FNV-1a, for caches and not against attackers.
pub fn fingerprint(content: &[u8]) -> String {
    let mut hash = 0xcbf2_9ce4_8422_2325_u64;
    for byte in content {
        hash = (hash ^ u64::from(*byte)).wrapping_mul(0x0000_0100_0000_01b3);
    }
    format!("{hash:016x}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fingerprints_are_those_of_fnv() {
        assert_eq!(fingerprint(b""), "cbf29ce484222325");
        assert_eq!(fingerprint(b"a"), "af63dc4c8601ec8c");
    }

    #[test]
    fn a_tool_is_whole_or_absent() -> Result<()> {
        let base = std::env::temp_dir().join(format!("highwater-tools-{}", std::process::id()));
        let home = base.join("tool-1");
        let cut_off = |dir: &Path| {
            fs::write(dir.join("half"), "")?;
            anyhow::bail!("cut off")
        };
        install_into(&home, cut_off).expect_err("filling failed");
        assert!(!home.exists());
        install_into(&home, |dir| Ok(fs::write(dir.join("tool"), "x")?))?;
        install_into(&home, |dir| Ok(fs::write(dir.join("tool"), "y")?))?;
        assert_eq!(fs::read_to_string(home.join("tool"))?, "x");
        assert!(!home.join("half").exists());
        assert!(!base.join("tool-1.part").exists(), "nothing half-done is left behind");
        remove(&base)
    }
}
