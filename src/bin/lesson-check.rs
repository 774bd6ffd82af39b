//! Proves lessons: `lesson-check FOLDER [ID [SEEDS]]`, the folder of all lessons, one lesson's number,
//! and on how many seeds.
//! Teachers call it by `cargo xtask lesson check`.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use highwater::lesson::Glossary;
use highwater::lesson::proof::{Files, Lesson, SEEDS};

fn main() -> ExitCode {
    let mut args = std::env::args().skip(1);
    let (Some(root), only, seeds) = (args.next(), args.next(), args.next()) else {
        eprintln!("lesson-check: name the folder of lessons, and a lesson's number if you like");
        return ExitCode::from(1);
    };
    let seeds = seeds.and_then(|seeds| seeds.parse().ok()).unwrap_or(SEEDS);
    let folders = match folders(Path::new(&root)) {
        Ok(folders) => folders,
        Err(error) => {
            eprintln!("lesson-check: {root}: {error}");
            return ExitCode::from(1);
        }
    };
    let glossary = |code| {
        let path = Path::new(&root).join(format!("glossary.{code}.md"));
        Glossary::parse(&std::fs::read_to_string(path).unwrap_or_default())
    };
    let (en, ru) = (glossary("en"), glossary("ru"));
    let mut complaints = Glossary::complaints(&en, &ru);
    let mut lessons = Vec::new();
    for folder in folders {
        match read(&folder).and_then(Lesson::read) {
            Ok(lesson) => lessons.push(lesson),
            Err(found) => complaints.extend(found),
        }
    }
    let ids: Vec<String> = lessons.iter().map(|lesson| lesson.file.id.clone()).collect();
    for lesson in &lessons {
        if only.as_ref().is_some_and(|only| lesson.file.id != *only) {
            continue;
        }
        let mut found = lesson.check_words(&ids, &en);
        found.extend(lesson.check_plays(seeds));
        if found.is_empty() {
            println!("{}: good on {seeds} seeds", lesson.file.id);
        }
        complaints.extend(found);
    }
    if let Some(only) = only.filter(|only| !ids.contains(only)) {
        complaints.push(format!("there is no lesson {only} whose files make sense"));
    }
    for complaint in &complaints {
        eprintln!("{complaint}");
    }
    if complaints.is_empty() { ExitCode::SUCCESS } else { ExitCode::from(2) }
}

fn folders(root: &Path) -> std::io::Result<Vec<PathBuf>> {
    let mut folders = Vec::new();
    for entry in std::fs::read_dir(root)? {
        let path = entry?.path();
        if path.is_dir() {
            folders.push(path);
        }
    }
    folders.sort();
    Ok(folders)
}

fn read(folder: &Path) -> Result<Files, Vec<String>> {
    let text = |name: &str| {
        let path = folder.join(name);
        let read = std::fs::read_to_string(&path);
        read.map_err(|error| vec![format!("{}: {error}", path.display())])
    };
    Ok(Files {
        folder: folder.display().to_string(),
        lesson: text("lesson.toml")?,
        scenario: text("scenario.toml")?,
        en: text("en.md")?,
        ru: text("ru.md")?,
    })
}
