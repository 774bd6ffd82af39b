//! Every lesson is proven: its files make sense, its words are complete in both languages and their
//! numbers true, its solution wins on 20 seeds, and its wrong answers win on none.
//!
//! `HIGHWATER_LESSON=2.6 cargo test --test lessons` proves one of them.

use std::path::{Path, PathBuf};

use highwater::lesson::Glossary;
use highwater::lesson::proof::{Files, Lesson, SEEDS};

fn folders() -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("lessons");
    let entries = std::fs::read_dir(root).expect("the folder of lessons");
    let mut folders: Vec<PathBuf> = entries
        .map(|entry| entry.expect("an entry of it").path())
        .filter(|path| path.is_dir())
        .collect();
    folders.sort();
    folders
}

fn read(folder: &Path) -> Files {
    let text = |name: &str| std::fs::read_to_string(folder.join(name)).unwrap_or_default();
    let name = folder.file_name().expect("a folder has a name").to_string_lossy();
    Files {
        folder: format!("lessons/{name}"),
        lesson: text("lesson.toml"),
        scenario: text("scenario.toml"),
        en: text("en.md"),
        ru: text("ru.md"),
    }
}

fn lessons() -> Vec<Lesson> {
    let read = |folder: &PathBuf| Lesson::read(read(folder)).unwrap_or_else(|e| panic!("{e:#?}"));
    folders().iter().map(read).collect()
}

/// What is wrong with the lessons, asked of several at once.
fn complaints(ask: impl Fn(&Lesson) -> Vec<String> + Sync) -> Vec<String> {
    let only = std::env::var("HIGHWATER_LESSON").ok();
    let mut lessons = lessons();
    lessons.retain(|lesson| only.as_ref().is_none_or(|only| lesson.file.id == *only));
    assert!(!lessons.is_empty(), "no such lesson");
    let (first, second): (Vec<_>, Vec<_>) =
        lessons.iter().enumerate().partition(|(index, _)| index % 2 == 0);
    let ask = &ask;
    let ask_all = |lessons: Vec<(usize, &Lesson)>| -> Vec<String> {
        lessons.into_iter().flat_map(|(_, lesson)| ask(lesson)).collect()
    };
    std::thread::scope(|scope| {
        let other = scope.spawn(|| ask_all(second));
        let mut all = ask_all(first);
        all.extend(other.join().expect("no panic while a lesson is played"));
        all
    })
}

fn glossary(code: &str) -> Glossary {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("lessons");
    let file = std::fs::read_to_string(root.join(format!("glossary.{code}.md")));
    Glossary::parse(&file.expect("a glossary"))
}

#[test]
fn the_glossary_explains_the_same_terms_in_both_languages() {
    let (en, ru) = (glossary("en"), glossary("ru"));
    assert!(en.terms.len() >= 30, "a glossary");
    let found = Glossary::complaints(&en, &ru);
    assert!(found.is_empty(), "\n{}", found.join("\n"));
}

#[test]
fn words_are_complete_and_their_numbers_true() {
    let ids: Vec<String> = lessons().iter().map(|lesson| lesson.file.id.clone()).collect();
    let glossary = glossary("en");
    let found = complaints(|lesson| lesson.check_words(&ids, &glossary));
    assert!(found.is_empty(), "\n{}", found.join("\n"));
}

#[test]
fn solutions_win_and_wrong_answers_do_not() {
    let found = complaints(|lesson| lesson.check_plays(SEEDS));
    assert!(found.is_empty(), "\n{}", found.join("\n"));
}

#[test]
fn no_two_lessons_have_one_number() {
    let mut ids: Vec<String> = lessons().iter().map(|lesson| lesson.file.id.clone()).collect();
    ids.sort();
    let all = ids.len();
    ids.dedup();
    assert_eq!(ids.len(), all);
}
