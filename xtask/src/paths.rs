//! Where things are: the repository, cargo's output, the tool cache.

use std::env;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

/// The repository's root.
pub fn root() -> PathBuf {
    // Cargo sets the variable when it runs us; the constant is for a binary that was copied away.
    let here = env::var_os("CARGO_MANIFEST_DIR")
        .map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")), PathBuf::from);
    here.parent().map_or_else(|| here.clone(), Path::to_path_buf)
}

/// Where the finished page goes.
pub fn dist() -> PathBuf {
    root().join("dist")
}

/// Cargo's output for the page: apart from the native one, for another compiler may write it.
pub fn wasm_target() -> PathBuf {
    let target = env::var_os("CARGO_TARGET_DIR").map_or_else(|| "target".into(), PathBuf::from);
    root().join(target).join("wasm")
}

/// The tool cache of this user, shared by every clone of the project.
pub fn cache() -> Result<PathBuf> {
    cache_in(|name| env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from))
        .context("neither XDG_CACHE_HOME nor HOME is set: there is nowhere to keep the tools")
}

fn cache_in(var: impl Fn(&str) -> Option<PathBuf>) -> Option<PathBuf> {
    let user = match var("XDG_CACHE_HOME").filter(|dir| dir.is_absolute()) {
        Some(dir) => dir,
        None if cfg!(target_os = "macos") => var("HOME")?.join("Library/Caches"),
        None if cfg!(windows) => var("LOCALAPPDATA")?,
        None => var("HOME")?.join(".cache"),
    };
    Some(user.join("highwater"))
}

/// The first program of this name on PATH.
pub fn which(name: &str) -> Option<PathBuf> {
    let file = format!("{name}{}", env::consts::EXE_SUFFIX);
    env::split_paths(&env::var_os("PATH")?).map(|dir| dir.join(&file)).find(|path| path.is_file())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_cache_is_the_users() {
        let dir = cache_in(|name| (name == "XDG_CACHE_HOME").then(|| "/x/cache".into()));
        assert_eq!(dir, Some("/x/cache/highwater".into()));
        assert_eq!(cache_in(|_| None), None);
    }

    #[test]
    fn a_relative_cache_variable_is_passed_over() {
        let dir = cache_in(|name| match name {
            "XDG_CACHE_HOME" => Some("cache".into()),
            _ => Some("/home/u".into()),
        });
        assert!(dir.is_some_and(|dir| dir.starts_with("/home/u")));
    }
}
