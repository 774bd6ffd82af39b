//! A scenario file: the cluster, its clients, and what is done to them, as TOML.
//!
//! [`Scenario::parse`] reads a whole file or refuses it whole, and then lists every mistake it
//! found with line, column, reason and the way out. `docs/scenario.md` documents each key.

mod check;
mod commands;
mod file;
mod handler;
mod parts;
pub(crate) mod problems;
pub(crate) mod section;
#[cfg(test)]
mod tests;
mod units;
mod write;

pub use units::{format_duration, parse_duration};
pub use write::{quoted, to_toml};

use std::fmt;

use toml::Spanned;
use toml::de::DeTable;

use crate::cluster::{ClusterSetup, Command};
use crate::engine::Micros;
use problems::Problems;
use section::Section;

/// A scenario that makes sense.
#[derive(Clone, Debug)]
pub struct Scenario {
    /// What it is about.
    pub title: String,
    /// The cluster at time 0.
    pub setup: ClusterSetup,
    /// What is done at time 0: topics are created, clients started.
    pub opening: Vec<Command>,
    /// What is done later, in order of time.
    pub commands: Vec<(Micros, Command)>,
    /// How far a page lets it run before it shows it, in virtual µs: time for the cluster to
    /// elect, for groups to settle.
    pub warm_up_us: Micros,
    /// How fast a page lets it run at first, in virtual µs a real second.
    pub speed_us_per_s: u64,
}

/// A mistake in a scenario file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ScenarioError {
    /// Line, from 1.
    pub line: usize,
    /// Column, from 1, in characters.
    pub column: usize,
    /// What is wrong, and how to mend it.
    pub message: String,
}

impl fmt::Display for ScenarioError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}, column {}: {}", self.line, self.column, self.message)
    }
}

impl std::error::Error for ScenarioError {}

impl Scenario {
    /// All that is done, with its time in µs: the opening at time 0, then the rest in order.
    pub fn script(&self) -> impl Iterator<Item = (Micros, &Command)> {
        let opening = self.opening.iter().map(|command| (0, command));
        opening.chain(self.commands.iter().map(|(at_us, command)| (*at_us, command)))
    }

    /// Reads a scenario file.
    ///
    /// # Errors
    /// Every mistake found, in order of lines.
    pub fn parse(text: &str) -> Result<Self, Vec<ScenarioError>> {
        let table = syntax(text)?;
        let problems = Problems::new(text);
        let root = Section::new(table.get_ref(), table.span(), &problems);
        let draft = parts::scenario(&root);
        root.finish();
        // A table that nobody read may hold what the others name.
        if !root.has_unknown() {
            check::scenario(&draft, &problems);
        }
        let scenario = draft.scenario;
        problems.into_result(scenario)
    }
}

/// The words that commands begin with.
pub fn command_words() -> impl Iterator<Item = &'static str> {
    commands::WORDS.iter().map(|(word, _)| *word)
}

/// Reads one command, such as `kill-broker = 1`: the body of an `[[at]]` table without its time.
///
/// # Errors
/// Every mistake found.
pub fn parse_command(text: &str) -> Result<Command, Vec<ScenarioError>> {
    let table = syntax(text)?;
    let problems = Problems::new(text);
    let section = Section::new(table.get_ref(), table.span(), &problems);
    let command = commands::command(&section);
    problems.into_result(command).map(|command| command.expect("no command, and no problem"))
}

fn syntax(text: &str) -> Result<Spanned<DeTable<'_>>, Vec<ScenarioError>> {
    let (table, errors) = DeTable::parse_recoverable(text);
    if errors.is_empty() {
        return Ok(table);
    }
    let problems = Problems::new(text);
    for error in errors {
        let at = error.span().map_or(0, |span| span.start);
        problems.add(at, error.message());
    }
    problems.into_result(table)
}
