//! The walls between the model's rooms: imports point down the list only.

use std::fs;
use std::path::Path;

use anyhow::Result;

use crate::lines;

/// The rooms under `src/`, top floor first. A room may name rooms of the floors below its own.
/// An entry such as `room::part` is a part of a room that stands on a floor of its own.
const FLOORS: &[Floor] = &[
    floor(&["lesson"]),
    floor(&["shell"]),
    floor(&["history"]),
    floor(&["trace", "scenario"]),
    floor(&["cluster"]),
    floor(&["application"]),
    floor(&["broker", "controller", "producer", "consumer"]),
    floor(&["client", "metadata"]),
    floor(&["node"]),
    // What nodes say to each other, what happened, what it looks like: these may name each other.
    open_floor(&["protocol", "events", "view"]),
    floor(&["record"]),
    floor(&["config"]),
    floor(&["engine"]),
];

/// Rooms at one height.
struct Floor {
    rooms: &'static [&'static str],
    /// Whether rooms of this floor may name each other.
    open: bool,
}

const fn floor(rooms: &'static [&'static str]) -> Floor {
    Floor { rooms, open: false }
}

const fn open_floor(rooms: &'static [&'static str]) -> Floor {
    Floor { rooms, open: true }
}

/// Complaints about imports that go up or sideways, in every file of the model.
pub fn complaints(root: &Path) -> Result<Vec<String>> {
    let src = root.join("src");
    let mut complaints = Vec::new();
    for path in lines::rust_files(&src)? {
        let file = path.strip_prefix(&src).unwrap_or(&path);
        let module = module_of(file);
        // The crate's root says what is public; programs stand outside the house.
        if module.is_empty() || module[0] == "bin" || module == ["main"] {
            continue;
        }
        let text = fs::read_to_string(&path)?;
        for (line, fault) in faults(&module, &text) {
            complaints.push(format!("src/{}:{line}: {fault}", file.display()));
        }
    }
    Ok(complaints)
}

/// `broker/log.rs` is the module `broker::log`, `broker/mod.rs` is `broker`.
fn module_of(file: &Path) -> Vec<String> {
    let mut parts: Vec<String> =
        file.with_extension("").iter().map(|part| part.to_string_lossy().into_owned()).collect();
    if parts.last().is_some_and(|last| last == "mod" || last == "lib") {
        parts.pop();
    }
    parts
}

/// The room that a path of modules stands in: its floor and its name.
fn room_of(path: &[String]) -> Option<(usize, &'static str)> {
    FLOORS
        .iter()
        .enumerate()
        .flat_map(|(height, floor)| floor.rooms.iter().map(move |room| (height, *room)))
        .filter(|(_, room)| {
            let parts: Vec<&str> = room.split("::").collect();
            path.len() >= parts.len() && parts.iter().zip(path).all(|(part, word)| part == word)
        })
        .max_by_key(|(_, room)| room.len())
}

fn faults(module: &[String], text: &str) -> Vec<(usize, String)> {
    let Some((height, home)) = room_of(module) else {
        return vec![(1, format!("room `{}` is not in FLOORS of xtask/src/walls.rs", module[0]))];
    };
    let mut faults = Vec::new();
    for import in imports(module, &strip(text)) {
        let named = import.path.join("::");
        match room_of(&import.path) {
            Some((_, room)) if room == home => {}
            Some((other, _)) if other == height && FLOORS[height].open => {}
            Some((other, room)) if other <= height => {
                faults.push((
                    import.line,
                    format!("`{home}` must not name `{room}` (crate::{named})"),
                ));
            }
            Some(_) => {}
            None if import.is_macro || import.path.is_empty() => {}
            None => faults.push((
                import.line,
                format!("crate::{named} goes by way of the crate's root: name the room it is in"),
            )),
        }
    }
    faults
}

/// One path from the crate's root.
#[derive(Debug, PartialEq, Eq)]
struct Import {
    line: usize,
    path: Vec<String>,
    is_macro: bool,
}

/// Every path that starts at the crate's root, by `crate::` or by enough `super::`, with groups
/// in braces taken apart.
fn imports(module: &[String], code: &str) -> Vec<Import> {
    let words = words(code);
    let mut found = Vec::new();
    let mut at = 0;
    while at < words.len() {
        let (_, word) = words[at];
        let after_path = at > 0 && words[at - 1].1 == "::";
        let mut next = at + 1;
        let mut from_root = word == "crate" && !after_path;
        let from_super = word == "super" && !after_path;
        if from_super {
            let mut up = 1;
            while words.get(next).is_some_and(|w| w.1 == "::")
                && words.get(next + 1).is_some_and(|w| w.1 == "super")
            {
                up += 1;
                next += 2;
            }
            // A path that stays in its room needs no look; `mod tests` makes this one too strict
            // by a step, which no more than asks to write `crate::`.
            from_root = up >= module.len();
        }
        if from_root && words.get(next).is_some_and(|w| w.1 == "::") {
            let start = found.len();
            next = tree(&words, next + 1, Vec::new(), &mut found);
            if from_super {
                // From inside an inline module these may be names of the room's own.
                let known = |import: &Import| room_of(&import.path).is_some();
                let tail = found.split_off(start);
                found.extend(tail.into_iter().filter(known));
            }
        }
        at = next;
    }
    found
}

/// Reads `a::b::{c, d::e}` from a word on; gives back where it ends.
fn tree(
    words: &[(usize, &str)],
    mut at: usize,
    mut path: Vec<String>,
    found: &mut Vec<Import>,
) -> usize {
    while let Some((line, word)) = words.get(at).copied() {
        if word == "{" {
            at += 1;
            while words.get(at).is_some_and(|w| w.1 != "}") {
                if words[at].1 == "," {
                    at += 1;
                } else {
                    at = tree(words, at, path.clone(), found);
                }
            }
            return at + 1;
        }
        if word == "*" || word == "self" {
            found.push(Import { line, path, is_macro: false });
            return at + 1;
        }
        if !word.starts_with(|c: char| c.is_alphabetic() || c == '_') {
            return at + 1;
        }
        path.push(word.trim_start_matches("r#").to_owned());
        at += 1;
        let sign = words.get(at).map_or("", |w| w.1);
        if sign == "::" {
            at += 1;
            // `Vec::<T>` goes on with arguments, not with a path.
            if words.get(at).is_none_or(|w| w.1 != "<") {
                continue;
            }
        }
        found.push(Import { line, path, is_macro: sign == "!" });
        if sign == "as" {
            at += 2;
        }
        return at;
    }
    at
}

/// Code as words and signs, each with its line; `::` is one sign.
fn words(code: &str) -> Vec<(usize, &str)> {
    let mut words = Vec::new();
    let mut line = 1;
    let mut rest = code;
    while let Some(first) = rest.chars().next() {
        let is_word = |c: char| c.is_alphanumeric() || c == '_' || c == '#';
        let len = if rest.starts_with("::") {
            2
        } else if first.is_alphabetic() || first == '_' {
            rest.find(|c| !is_word(c)).unwrap_or(rest.len())
        } else {
            first.len_utf8()
        };
        let (word, tail) = rest.split_at(len);
        if first == '\n' {
            line += 1;
        } else if !first.is_whitespace() {
            words.push((line, word));
        }
        rest = tail;
    }
    words
}

/// Blanks out comments and the insides of strings; lines stay where they are.
fn strip(text: &str) -> String {
    let chars: Vec<char> = text.chars().collect();
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    let starts = |at: usize, what: &str| {
        what.chars().enumerate().all(|(i, c)| chars.get(at + i) == Some(&c))
    };
    while at < chars.len() {
        let from = at;
        if starts(at, "//") {
            while at < chars.len() && chars[at] != '\n' {
                at += 1;
            }
        } else if starts(at, "/*") {
            let mut depth = 0;
            while at < chars.len() {
                if starts(at, "/*") {
                    depth += 1;
                    at += 2;
                } else if starts(at, "*/") {
                    depth -= 1;
                    at += 2;
                    if depth == 0 {
                        break;
                    }
                } else {
                    at += 1;
                }
            }
        } else if chars[at] == '"' {
            let before = &chars[..at];
            let hashes = before.iter().rev().take_while(|c| **c == '#').count();
            let raw = before.len() > hashes && before[before.len() - hashes - 1] == 'r';
            at += 1;
            let end = format!("\"{}", "#".repeat(if raw { hashes } else { 0 }));
            while at < chars.len() && !starts(at, &end) {
                at += if chars[at] == '\\' && !raw { 2 } else { 1 };
            }
            at = (at + end.len()).min(chars.len());
        } else if starts(at, "'\"'") {
            at += 3;
        } else if starts(at, "'\\\"'") {
            at += 4;
        } else {
            out.push(chars[at]);
            at += 1;
            continue;
        }
        // Keep the lines, and something where a comment stood between two words.
        out.push(' ');
        out.extend(chars[from..at.min(chars.len())].iter().filter(|c| **c == '\n'));
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn judge(file: &str, text: &str) -> Vec<String> {
        faults(&module_of(Path::new(file)), text)
            .into_iter()
            .map(|(l, f)| format!("{l}: {f}"))
            .collect()
    }

    #[test]
    fn downward_imports_pass() {
        let text = "use crate::engine::{Time, queue::{self, Queue}};\nuse crate::broker::log::Log;\n\
                    use crate::events::Event;\nfn f() -> crate::config::Key { crate::bug!() }\n";
        assert_eq!(judge("broker/log.rs", text), Vec::<String>::new());
        assert_eq!(judge("protocol/ctx.rs", "use crate::events::E;"), Vec::<String>::new());
        assert_eq!(judge("events/kind.rs", "use crate::protocol::Api;"), Vec::<String>::new());
        assert_eq!(judge("record/batch.rs", "use crate::config::Key;"), Vec::<String>::new());
        assert_eq!(judge("trace/ledger.rs", "use crate::cluster::Cluster;"), Vec::<String>::new());
    }

    #[test]
    fn upward_and_sideways_imports_are_faults() {
        let faults = judge("broker/mod.rs", "\nuse crate::{engine::Time,\n producer::Sender};");
        assert_eq!(faults, ["3: `broker` must not name `producer` (crate::producer::Sender)"]);
        assert_eq!(judge("engine/queue.rs", "fn f(x: crate::broker::Log) {}").len(), 1);
        assert_eq!(judge("config/known.rs", "use crate::record;").len(), 1);
        assert_eq!(judge("protocol/mod.rs", "use crate::trace::ledger::L;").len(), 1);
        assert_eq!(judge("events/kind.rs", "use crate::trace::ledger::L;").len(), 1);
        assert_eq!(judge("broker/log.rs", "use super::super::cluster::Cluster;").len(), 1);
        assert_eq!(judge("broker/mod.rs", "use super::cluster::Cluster;").len(), 1);
    }

    #[test]
    fn no_way_round_through_the_root() {
        assert_eq!(judge("broker/mod.rs", "use crate::Producer;").len(), 1);
        assert_eq!(judge("broker/mod.rs", "pub(crate) fn f() {}").len(), 0);
        assert_eq!(judge("attic/mod.rs", "").len(), 1);
    }

    #[test]
    fn paths_within_a_room_and_inline_modules_pass() {
        assert!(
            judge("broker/log.rs", "use super::Segment; mod tests { use super::*; }").is_empty()
        );
        assert!(judge("broker/log.rs", "mod tests { use super::super::Replica; }").is_empty());
    }

    #[test]
    fn comments_and_strings_do_not_count() {
        let text = "// crate::cluster::A\n/* crate::cluster /* x */ crate::cluster::B */\n\
                    const S: &str = \"crate::cluster::C \\\" crate::cluster::D\";\n\
                    const R: &str = r#\"crate::cluster::\"E\"#; const Q: char = '\"';\n\
                    fn f() { crate::cluster::F }\n";
        assert_eq!(
            judge("broker/mod.rs", text),
            ["5: `broker` must not name `cluster` (crate::cluster::F)"]
        );
    }
}
