//! Lessons: laid out beside the page with a catalogue, begun from a template, proven.

use std::cmp::Ordering;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result, bail, ensure};

use crate::{paths, proc};

/// The files of a lesson.
const FILES: [&str; 4] = ["lesson.toml", "scenario.toml", "en.md", "ru.md"];

/// Kafka's words, for all lessons.
const GLOSSARY: [&str; 2] = ["glossary.en.md", "glossary.ru.md"];

/// Copies the lessons, and writes `index.txt`: a line for each lesson, in order, with its number,
/// its folder, its English and its Russian title between tabs.
pub fn lay(from: &Path, into: &Path) -> Result<()> {
    let mut lines = Vec::new();
    fs::create_dir_all(into)?;
    if from.is_dir() {
        for entry in fs::read_dir(from).with_context(|| format!("reading {}", from.display()))? {
            let folder = entry?.path();
            if folder.is_dir() {
                lines.push(lay_one(&folder, into)?);
            }
        }
        for file in GLOSSARY {
            let path = from.join(file);
            fs::copy(&path, into.join(file)).with_context(|| format!("{}", path.display()))?;
        }
    }
    lines.sort_by(|(one, _), (other, _)| in_order(one, other));
    let index: String = lines.into_iter().map(|(_, line)| line).collect();
    fs::write(into.join("index.txt"), index)?;
    Ok(())
}

fn lay_one(folder: &Path, into: &Path) -> Result<(String, String)> {
    let name = folder.file_name().context("a folder has a name")?.to_string_lossy().into_owned();
    let kept = into.join(&name);
    fs::create_dir_all(&kept)?;
    let mut texts = Vec::new();
    for file in FILES {
        let path = folder.join(file);
        let text = fs::read_to_string(&path).with_context(|| format!("{}", path.display()))?;
        fs::write(kept.join(file), &text)?;
        texts.push(text);
    }
    let id = texts[0].lines().find_map(|line| line.strip_prefix("id = \"")?.split('"').next());
    let id = id.with_context(|| format!("{name}/lesson.toml has no line `id = \"...\"`"))?;
    let title = |text: &str| {
        let title = text.lines().find_map(|line| line.strip_prefix("# ")).unwrap_or(&name);
        title.replace(['`', '\t'], "").trim().to_owned()
    };
    let line = format!("{id}\t{name}\t{}\t{}\n", title(&texts[2]), title(&texts[3]));
    Ok((id.to_owned(), line))
}

/// 2.10 comes after 2.9.
fn in_order(one: &str, other: &str) -> Ordering {
    let numbers = |id: &str| id.split('.').map(|n| n.parse().unwrap_or(0)).collect::<Vec<u32>>();
    numbers(one).cmp(&numbers(other))
}

/// Begins a lesson: a folder with files to fill in.
pub fn new(slug: &str) -> Result<()> {
    let is_good = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    ensure!(
        slug.chars().all(is_good) && slug.starts_with(|c: char| c.is_ascii_digit()),
        "`{slug}` is no name for a lesson: write its chapter and a word or two, such as 2-acks-1"
    );
    let folder = paths::root().join("lessons").join(slug);
    if folder.exists() {
        bail!("lessons/{slug} is there already");
    }
    fs::create_dir_all(&folder)?;
    let templates = [
        include_str!("lessons/lesson.toml"),
        include_str!("lessons/scenario.toml"),
        include_str!("lessons/en.md"),
        include_str!("lessons/ru.md"),
    ];
    for (file, template) in FILES.iter().zip(templates) {
        fs::write(folder.join(file), template)?;
    }
    proc::note(&format!("lessons/{slug} is begun: fill it in, then `cargo xtask lesson check`"));
    proc::note("docs/lessons.md says what can stand in its files");
    Ok(())
}

/// Proves all lessons, or one.
pub fn check(id: Option<&str>) -> Result<()> {
    let root = paths::root();
    let mut cargo = proc::cargo();
    cargo.args(["run", "-q", "-p", "highwater", "--bin", "lesson-check", "--"]);
    cargo.arg(root.join("lessons")).args(id).current_dir(&root);
    proc::run(&mut cargo)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lessons_are_listed_by_number() -> Result<()> {
        let base = std::env::temp_dir().join(format!("highwater-lessons-{}", std::process::id()));
        for (folder, id) in [("b", "2.10"), ("a", "2.9"), ("c", "1.2")] {
            let folder = base.join("from").join(folder);
            fs::create_dir_all(&folder)?;
            fs::write(folder.join("lesson.toml"), format!("# a\nid = \"{id}\"\n"))?;
            fs::write(folder.join("scenario.toml"), "")?;
            fs::write(folder.join("en.md"), "# `acks` in English\n")?;
            fs::write(folder.join("ru.md"), "# По-русски\n")?;
        }
        for file in GLOSSARY {
            fs::write(base.join("from").join(file), "# Words\n")?;
        }
        lay(&base.join("from"), &base.join("into"))?;
        let index = fs::read_to_string(base.join("into/index.txt"))?;
        let ids: Vec<_> = index.lines().filter_map(|line| line.split('\t').next()).collect();
        assert_eq!(ids, ["1.2", "2.9", "2.10"]);
        assert!(index.starts_with("1.2\tc\tacks in English\tПо-русски\n"));
        assert!(base.join("into/c/en.md").exists());
        crate::tools::remove(&base)
    }
}
