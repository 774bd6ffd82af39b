//! The command line: words in, a [`Task`] out.

/// What `cargo xtask help` prints.
pub const USAGE: &str = "\
usage: cargo xtask COMMAND

  play [--port N]      set up what is missing, build the page, serve it on 127.0.0.1 (8080)
  build [--budget]     build the page for publishing into dist/; with --budget, fail when its
                       first load as brotli is over the limit
  test [--only PART [FILTER]]
                       run every test; PART is native, wasm or e2e, and FILTER is part of a test's
                       name, or of an e2e file's
  check                formatting, lints, forbidden dependencies, walls between rooms, long files
  bench [FILTER]       run the benchmarks; FILTER and what follows `--` go to them
  soak [--runs N] [--seed S]
                       play N random scenarios (10000) under random faults, drawn from S (1), and
                       hold Kafka's promises to each step; a broken one is written to a file
  lesson new SLUG      begin a lesson in lessons/SLUG, such as 2-acks-1: files to fill in
  lesson check [ID]    prove all lessons, or one: files, words, numbers, solution, wrong answers
  opening              what the page calls when it opens, held against xtask/src/late_rooms.txt
  setup                only set up: everything `test` needs
  wasm CARGO-ARGS...   cargo for the page's target, with the compiler that this set-up found
  help                 this text";

/// One command, read and checked.
#[derive(Debug, PartialEq, Eq)]
pub enum Task {
    /// Print the usage.
    Help,
    /// Build the page and serve it.
    Play {
        /// The port that was asked for.
        port: Option<u16>,
    },
    /// Build the page for publishing.
    Build {
        /// Fail when the first load is too large.
        budget: bool,
    },
    /// Run the tests.
    Test {
        /// One part of them only.
        only: Option<Part>,
        /// Those of that part whose name has this in it.
        filter: Option<String>,
    },
    /// Run what a reviewer should not have to.
    Check,
    /// Run the benchmarks.
    Bench {
        /// A filter, and arguments for the benchmarks.
        args: Vec<String>,
    },
    /// Play random scenarios.
    Soak {
        /// How many.
        runs: u32,
        /// What they are drawn from.
        seed: u32,
    },
    /// Begin a lesson.
    LessonNew {
        /// The name of its folder.
        slug: String,
    },
    /// Prove the lessons.
    LessonCheck {
        /// One of them only.
        id: Option<String>,
    },
    /// See what the page calls when it opens.
    Opening,
    /// Install what `test` needs.
    Setup,
    /// Run cargo for the page's target.
    Wasm {
        /// Cargo's arguments.
        args: Vec<String>,
    },
}

/// A part of the tests.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// On this machine, without a browser.
    Native,
    /// Compiled to WebAssembly, in a headless browser.
    Wasm,
    /// The built page, in a headless browser.
    E2e,
}

/// Reads the words after `cargo xtask`.
pub fn parse(args: &[String]) -> Result<Task, String> {
    let Some((command, rest)) = args.split_first() else {
        return Err("no command given".into());
    };
    let words: Vec<&str> = rest.iter().map(String::as_str).collect();
    let passes_on = matches!(command.as_str(), "bench" | "wasm");
    if !passes_on && words.iter().any(|word| matches!(*word, "-h" | "--help")) {
        return Ok(Task::Help);
    }
    match (command.as_str(), words.as_slice()) {
        ("help" | "-h" | "--help", []) => Ok(Task::Help),
        ("play", words) => Ok(Task::Play { port: option(words, "--port")?.map(port).transpose()? }),
        ("build", []) => Ok(Task::Build { budget: false }),
        ("build", ["--budget"]) => Ok(Task::Build { budget: true }),
        ("test", ["--only", only, filter]) if !filter.starts_with('-') => {
            Ok(Task::Test { only: Some(part(only)?), filter: Some((*filter).to_owned()) })
        }
        ("test", words) => {
            let only = option(words, "--only")?.map(part).transpose()?;
            Ok(Task::Test { only, filter: None })
        }
        ("check", []) => Ok(Task::Check),
        ("bench", _) => Ok(Task::Bench { args: rest.to_vec() }),
        ("soak", words) => soak(words),
        ("lesson", ["new", slug]) => Ok(Task::LessonNew { slug: (*slug).to_owned() }),
        ("lesson", ["check"]) => Ok(Task::LessonCheck { id: None }),
        ("lesson", ["check", id]) => Ok(Task::LessonCheck { id: Some((*id).to_owned()) }),
        ("lesson", _) => Err("write `lesson new SLUG` or `lesson check [ID]`".into()),
        ("opening", []) => Ok(Task::Opening),
        ("setup", []) => Ok(Task::Setup),
        ("wasm", []) => Err("`wasm` wants arguments for cargo, for example: wasm build".into()),
        ("wasm", _) => Ok(Task::Wasm { args: rest.to_vec() }),
        ("help" | "build" | "check" | "opening" | "setup", [word, ..]) => {
            Err(format!("`{command}` does not know `{word}`"))
        }
        _ => Err(format!("unknown command `{command}`")),
    }
}

/// Reads `--runs N` and `--seed S`, in any order.
fn soak(words: &[&str]) -> Result<Task, String> {
    let (mut runs, mut seed) = (crate::soak::RUNS, 1);
    for pair in words.chunks(2) {
        let (name, value) = match pair {
            [name, value] => (*name, value),
            [name, ..] => return Err(format!("`{name}` wants a value, or is not known")),
            [] => break,
        };
        let number = value.parse().map_err(|_| format!("`{value}` is not a number"))?;
        match name {
            "--runs" => runs = number,
            "--seed" => seed = number,
            _ => return Err(format!("unknown argument `{name}`")),
        }
    }
    Ok(Task::Soak { runs, seed })
}

/// Reads `NAME VALUE` or `NAME=VALUE`, or nothing.
fn option<'a>(words: &[&'a str], name: &str) -> Result<Option<&'a str>, String> {
    match words {
        [] => Ok(None),
        [word] if *word == name => Err(format!("`{name}` wants a value")),
        [word, value] if *word == name => Ok(Some(value)),
        [word] => match word.strip_prefix(name).and_then(|tail| tail.strip_prefix('=')) {
            Some(value) => Ok(Some(value)),
            None => Err(format!("unknown argument `{word}`")),
        },
        [word, _, odd, ..] if *word == name => Err(format!("unknown argument `{odd}`")),
        [word, ..] => Err(format!("unknown argument `{word}`")),
    }
}

fn port(text: &str) -> Result<u16, String> {
    match text.parse() {
        Ok(0) | Err(_) => Err(format!("`{text}` is not a port (1 to 65535)")),
        Ok(port) => Ok(port),
    }
}

fn part(text: &str) -> Result<Part, String> {
    match text {
        "native" => Ok(Part::Native),
        "wasm" => Ok(Part::Wasm),
        "e2e" => Ok(Part::E2e),
        _ => Err(format!("`{text}` is not a part of the tests (native, wasm, e2e)")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(line: &str) -> Result<Task, String> {
        parse(&line.split_whitespace().map(String::from).collect::<Vec<_>>())
    }

    #[test]
    fn known_commands_are_read() {
        assert_eq!(read("play"), Ok(Task::Play { port: None }));
        assert_eq!(read("play --port 9000"), Ok(Task::Play { port: Some(9000) }));
        assert_eq!(read("play --port=9000"), Ok(Task::Play { port: Some(9000) }));
        assert_eq!(read("build --budget"), Ok(Task::Build { budget: true }));
        let (only, filter) = (Some(Part::E2e), Some("smoke".into()));
        assert_eq!(read("test --only e2e"), Ok(Task::Test { only, filter: None }));
        assert_eq!(read("test --only e2e smoke"), Ok(Task::Test { only, filter }));
        assert_eq!(read("soak"), Ok(Task::Soak { runs: 10_000, seed: 1 }));
        assert_eq!(read("soak --seed 4 --runs 99"), Ok(Task::Soak { runs: 99, seed: 4 }));
        assert_eq!(read("check --help"), Ok(Task::Help));
        assert_eq!(read("lesson new 9-x"), Ok(Task::LessonNew { slug: "9-x".into() }));
        assert_eq!(read("lesson check"), Ok(Task::LessonCheck { id: None }));
        assert_eq!(
            read("bench seek -- --quick"),
            Ok(Task::Bench { args: vec!["seek".into(), "--".into(), "--quick".into()] })
        );
    }

    #[test]
    fn what_is_not_known_is_named() {
        for (line, named) in [
            ("", "no command"),
            ("plya", "`plya`"),
            ("play 9000", "`9000`"),
            ("play --port", "wants a value"),
            ("play --port 0", "`0`"),
            ("play --port 70000", "`70000`"),
            ("play --port 1 --fast", "`--fast`"),
            ("test --only unit", "`unit`"),
            ("check --all", "`--all`"),
            ("lesson", "lesson new SLUG"),
            ("soak --runs", "`--runs`"),
            ("soak --runs many", "`many`"),
            ("soak --fast 1", "`--fast`"),
            ("wasm", "arguments"),
        ] {
            let message = read(line).expect_err(line);
            assert!(message.contains(named), "{line}: {message}");
        }
    }
}
