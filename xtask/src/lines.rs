//! Files too long to be one idea.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

/// Past this a file is worth a look.
const LONG: usize = 500;
/// Past this it fails the check.
const TOO_LONG: usize = 600;
/// One enumeration that cannot be split, and how long it may be: each kind of event is a few lines.
const LIST: (&str, usize) = ("src/events/kind.rs", 700);

/// Lists the Rust files under a folder, sorted; none when the folder is not there.
pub fn rust_files(dir: &Path) -> Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    let mut open = vec![dir.to_path_buf()];
    while let Some(dir) = open.pop() {
        if !dir.is_dir() {
            continue;
        }
        for entry in fs::read_dir(&dir).with_context(|| format!("reading {}", dir.display()))? {
            let path = entry?.path();
            if path.is_dir() {
                open.push(path);
            } else if path.extension().is_some_and(|end| end == "rs") {
                found.push(path);
            }
        }
    }
    found.sort();
    Ok(found)
}

/// Complaints about files that are too long; files that soon will be are only noted.
pub fn complaints(root: &Path) -> Result<Vec<String>> {
    let mut complaints = Vec::new();
    for dir in ["src", "www/src", "xtask/src"] {
        for path in rust_files(&root.join(dir))? {
            let lines = fs::read_to_string(&path)?.lines().count();
            let name = path.strip_prefix(root).unwrap_or(&path).display().to_string();
            let limit = if name == LIST.0 { LIST.1 } else { TOO_LONG };
            if lines > limit {
                complaints.push(format!("{name}: {lines} lines, over {limit}: split it"));
            } else if lines > LONG {
                crate::proc::note(&format!("{name}: {lines} lines, soon too long"));
            }
        }
    }
    Ok(complaints)
}
