//! Random clusters under random faults keep Kafka's promises, event by event.
//!
//! `HIGHWATER_SEEDS=10000 cargo test --test invariants` tells more stories; a failure names its
//! seed, and `HIGHWATER_SEED=N` tells that one alone.

mod agreement;
mod story;

use highwater::cluster::Cluster;
use highwater::events::{Event, TraceEvent};
use highwater::trace::{Invariants, Ledger, Verdict};

use story::Story;

/// What a story came to.
struct Outcome {
    verdict: Verdict,
    kinds: Kinds,
}

/// What happened at least once, so that the stories are known to be worth telling.
#[derive(Default)]
struct Kinds {
    elections: u64,
    truncations: u64,
    shrinks: u64,
    expansions: u64,
    rebalances: u64,
    commits: u64,
}

impl Kinds {
    fn count(&mut self, event: &TraceEvent) {
        match event.event {
            Event::LeaderElected { .. } => self.elections += 1,
            Event::LogTruncated { .. } => self.truncations += 1,
            Event::IsrShrunk { .. } => self.shrinks += 1,
            Event::IsrExpanded { .. } => self.expansions += 1,
            Event::RebalanceStarted { .. } => self.rebalances += 1,
            Event::OffsetsCommitted { .. } => self.commits += 1,
            _ => {}
        }
    }

    fn add(&mut self, other: &Self) {
        self.elections += other.elections;
        self.truncations += other.truncations;
        self.shrinks += other.shrinks;
        self.expansions += other.expansions;
        self.rebalances += other.rebalances;
        self.commits += other.commits;
    }
}

fn tell(seed: u64) -> Result<Outcome, String> {
    let story = Story::of(seed);
    let mut cluster = Cluster::new(&story.setup).map_err(|e| e.to_string())?;
    let mut invariants = Invariants::new();
    let mut ledger = Ledger::new();
    let mut kinds = Kinds::default();
    let mut commands = story.commands.into_iter().peekable();
    let mut events: Vec<TraceEvent> = Vec::new();
    loop {
        let next_us = commands.peek().map_or(story.until_us, |&(at_us, _)| at_us);
        while cluster.step(next_us) {
            events.clear();
            events.extend(cluster.drain_trace());
            for event in &events {
                ledger.observe(event);
                kinds.count(event);
            }
            invariants.check(&cluster, &events).map_err(|v| format!("seed {seed}: {v}"))?;
        }
        match commands.next() {
            // Killing what is dead already and the like is refused: part of the story.
            Some((_, command)) => drop(cluster.apply(command)),
            None => break,
        }
    }
    agreement::check(&cluster, &ledger).map_err(|error| format!("seed {seed}: {error}"))?;
    Ok(Outcome { verdict: ledger.verdict(), kinds })
}

fn number(name: &str) -> Option<u64> {
    std::env::var(name).ok()?.parse().ok()
}

#[test]
fn promises_hold_under_random_faults() {
    let seeds = match number("HIGHWATER_SEED") {
        Some(seed) => seed..seed + 1,
        None => 0..number("HIGHWATER_SEEDS").unwrap_or(1_000),
    };
    let is_full = seeds.end - seeds.start >= 100;
    let mut kinds = Kinds::default();
    let mut violations = Vec::new();
    let (mut acknowledged, mut lost) = (0, 0);
    for seed in seeds {
        match tell(seed) {
            Ok(outcome) => {
                kinds.add(&outcome.kinds);
                acknowledged += outcome.verdict.acknowledged;
                lost += outcome.verdict.lost_total();
            }
            Err(violation) => violations.push(violation),
        }
    }
    assert!(violations.is_empty(), "{} violations:\n{}", violations.len(), violations.join("\n"));
    if is_full {
        assert!(acknowledged > 100_000, "too little happened: {acknowledged} acknowledged");
        assert!(lost > 0, "acks=0, acks=1 and unclean elections must lose something");
        for (what, count) in [
            ("elections", kinds.elections),
            ("truncations", kinds.truncations),
            ("ISR shrinks", kinds.shrinks),
            ("ISR expansions", kinds.expansions),
            ("rebalances", kinds.rebalances),
            ("commits", kinds.commits),
        ] {
            assert!(count > 100, "only {count} {what} in all stories");
        }
    }
}

#[test]
fn one_seed_is_one_trace() {
    let trace_of = |seed| {
        let story = Story::of(seed);
        let mut cluster = Cluster::new(&story.setup).expect("a story's configs are valid");
        let mut lines = Vec::new();
        for (at_us, command) in story.commands {
            while cluster.step(at_us) {}
            drop(cluster.apply(command));
            lines.extend(cluster.drain_trace().map(|event| format!("{event:?}")));
        }
        lines
    };
    for seed in [3, 17, 99] {
        assert_eq!(trace_of(seed), trace_of(seed), "seed {seed}");
    }
    assert_ne!(trace_of(3), trace_of(17));
}
