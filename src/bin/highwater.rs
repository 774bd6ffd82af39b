//! The headless runner: plays a scenario file and prints what became of the records.
//!
//! Same file, same output, byte for byte.

use std::io::{self, BufWriter, Write};
use std::process::ExitCode;

use highwater::cluster::Cluster;
use highwater::events::TraceEvent;
use highwater::history::{Played, Run, play_checked};
use highwater::scenario::{Scenario, format_duration, parse_duration};
use highwater::trace::{Ledger, Metrics, Snapshot, Verdict, Violation, describe};
use lexopt::prelude::{Long, Short, Value, ValueExt};

const USAGE: &str = "\
highwater plays scenarios of a simulated Kafka cluster.

  highwater run FILE [--until 60s] [--seed N] [--json] [--trace] [--check]
  highwater check FILE

run plays the file until that virtual time (60s if you name none) and prints the verdict and the
metrics. --trace prints every event before them, --json prints verdict and metrics as JSON, --seed
takes another seed than the file's, --check holds Kafka's promises to each step and to the whole
history. check says whether a file makes sense.

Exit codes: 0 all went well, 1 a wrong call, 2 a wrong file, 3 a promise of Kafka was broken.";

/// What a call asks for.
struct Call {
    is_run: bool,
    file: String,
    until_us: u64,
    seed: Option<u64>,
    json: bool,
    trace: bool,
    /// Hold Kafka's promises to each step.
    checked: bool,
}

fn main() -> ExitCode {
    let call = match parse_call() {
        Ok(Some(call)) => call,
        Ok(None) => {
            println!("{USAGE}");
            return ExitCode::SUCCESS;
        }
        Err(error) => {
            eprintln!("highwater: {error}; `highwater --help` says how to call it");
            return ExitCode::from(1);
        }
    };
    let text = match std::fs::read_to_string(&call.file) {
        Ok(text) => text,
        Err(error) => {
            eprintln!("highwater: {}: {error}", call.file);
            return ExitCode::from(2);
        }
    };
    let mut scenario = match Scenario::parse(&text) {
        Ok(scenario) => scenario,
        Err(errors) => {
            for error in errors {
                eprintln!("{}: {error}", call.file);
            }
            return ExitCode::from(2);
        }
    };
    if let Some(seed) = call.seed {
        scenario.setup.seed = seed;
    }
    if !call.is_run {
        println!("{}: good", call.file);
        return ExitCode::SUCCESS;
    }
    let title = scenario.title.clone();
    let outcome = match play(scenario, &call) {
        Ok(outcome) => outcome,
        Err(violation) => {
            eprintln!("{}: {violation}", call.file);
            return ExitCode::from(3);
        }
    };
    match outcome.print(&title, call.json) {
        Ok(()) => ExitCode::SUCCESS,
        // Whoever reads our output through `head` has seen enough.
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("highwater: {error}");
            ExitCode::from(1)
        }
    }
}

fn parse_call() -> Result<Option<Call>, lexopt::Error> {
    if std::env::args_os().len() <= 1 {
        return Ok(None);
    }
    let mut parser = lexopt::Parser::from_env();
    let mut words = Vec::new();
    let mut call = Call {
        is_run: true,
        file: String::new(),
        until_us: 60_000_000,
        seed: None,
        json: false,
        trace: false,
        checked: false,
    };
    while let Some(argument) = parser.next()? {
        match argument {
            Long("help") | Short('h') => return Ok(None),
            Long("until") => {
                let value = parser.value()?.string()?;
                call.until_us = parse_duration(&value).map_err(|e| format!("--until: {e}"))?;
            }
            Long("seed") => {
                let value = parser.value()?.string()?;
                let seed = value.parse();
                call.seed = Some(seed.map_err(|_| format!("--seed: `{value}` is no number"))?);
            }
            Long("json") => call.json = true,
            Long("trace") => call.trace = true,
            Long("check") => call.checked = true,
            Value(word) => words.push(word.string()?),
            _ => return Err(argument.unexpected()),
        }
    }
    match <[String; 2]>::try_from(words) {
        Ok([word, file]) if word == "run" || word == "check" => {
            Ok(Some(Call { is_run: word == "run", file, ..call }))
        }
        Ok([word, _]) => Err(format!("no command `{word}`; there is `run` and `check`").into()),
        Err(_) => Err("name a command, `run` or `check`, and one file".into()),
    }
}

/// What a run left.
struct Outcome {
    now_us: u64,
    verdict: Verdict,
    metrics: Snapshot,
}

fn play(scenario: Scenario, call: &Call) -> Result<Outcome, Violation> {
    if call.checked {
        return play_and_check(&scenario, call);
    }
    let mut run = match call.trace {
        true => Run::with_listener(scenario, print_event),
        false => Run::new(scenario),
    };
    run.run_until(call.until_us, u64::MAX);
    Ok(Outcome { now_us: run.now(), verdict: run.verdict(), metrics: run.metrics() })
}

fn play_and_check(scenario: &Scenario, call: &Call) -> Result<Outcome, Violation> {
    let (mut ledger, mut metrics) = (Ledger::new(), Metrics::new());
    let Played { cluster, .. } = play_checked(scenario, call.until_us, |cluster, events| {
        for event in events {
            ledger.observe(event);
            metrics.observe(event);
            if call.trace {
                print_event(cluster, event);
            }
        }
    })?;
    metrics.advance(cluster.now());
    Ok(Outcome { now_us: cluster.now(), verdict: ledger.verdict(), metrics: metrics.snapshot() })
}

impl Outcome {
    fn print(&self, title: &str, as_json: bool) -> io::Result<()> {
        let Self { now_us, verdict, metrics } = self;
        let mut out = BufWriter::new(io::stdout().lock());
        if as_json {
            let summary = serde_json::json!({ "verdict": verdict, "metrics": metrics });
            return writeln!(out, "{summary:#}");
        }
        if !title.is_empty() {
            writeln!(out, "{title}")?;
        }
        writeln!(out, "after {} of virtual time", format_duration(*now_us))?;
        writeln!(out, "\n{verdict}")?;
        writeln!(out, "\n{metrics}")
    }
}

fn print_event(cluster: &Cluster, event: &TraceEvent) {
    let line = describe::line(event, cluster);
    // A reader that went away is noticed when the verdict is printed.
    let _ = writeln!(io::stdout(), "{line}");
}
