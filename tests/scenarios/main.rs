//! Golden scenarios: what the headless runner says of a scenario is what it said before.
//!
//! A scenario is a folder here with `scenario.toml`, whose first line names the time to run
//! (`# until 30s`), and `expected.txt`, the runner's whole output. After a change that is meant,
//! `HIGHWATER_GOLDEN=write cargo test --test scenarios` writes it anew; read the diff.

mod default_scene;
mod handlers;

use std::path::{Path, PathBuf};
use std::process::Command;

fn folders() -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/scenarios");
    let mut folders: Vec<PathBuf> = std::fs::read_dir(root)
        .expect("the folder of this test")
        .map(|entry| entry.expect("an entry of it").path())
        .filter(|path| path.is_dir())
        .collect();
    folders.sort();
    folders
}

fn run(folder: &Path) -> String {
    let file = folder.join("scenario.toml");
    let text = std::fs::read_to_string(&file).expect("every folder has its scenario.toml");
    let until = text
        .lines()
        .next()
        .and_then(|line| line.strip_prefix("# until "))
        .unwrap_or_else(|| panic!("{}: the first line is `# until 30s`", file.display()));
    let output = Command::new(env!("CARGO_BIN_EXE_highwater"))
        .arg("run")
        .arg(&file)
        .args(["--until", until.trim()])
        .output()
        .expect("the runner starts");
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{}: {errors}", file.display());
    String::from_utf8(output.stdout).expect("the runner prints UTF-8")
}

#[test]
fn scenarios_say_what_they_said() {
    let is_writing = std::env::var("HIGHWATER_GOLDEN").is_ok_and(|value| value == "write");
    let folders = folders();
    assert!(!folders.is_empty(), "no scenarios found");
    let mut different = Vec::new();
    for folder in folders {
        let said = run(&folder);
        let golden = folder.join("expected.txt");
        if is_writing {
            std::fs::write(&golden, &said).expect("the folder can be written");
        }
        let expected = std::fs::read_to_string(&golden).unwrap_or_default();
        if said != expected {
            different
                .push(format!("{}\n--- expected\n{expected}\n--- said\n{said}", folder.display()));
        }
    }
    assert!(different.is_empty(), "{}", different.join("\n\n"));
}
