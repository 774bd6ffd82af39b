//! Random clusters under random faults keep Kafka's promises, event by event, and break where
//! Kafka breaks.
//!
//! `cargo xtask soak` tells more stories. A story that goes wrong is shrunk to what is needed for
//! that, and written as a scenario file; `highwater run FILE --check` plays it again.

mod agreement;
mod at_rest;
mod exactly_once;
mod fault;
mod story;
mod tally;

use std::cell::RefCell;
use std::path::Path;

use highwater::history::{Played, Scenario, TraceHash, play_checked};
use highwater::trace::Ledger;
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::{Config, RngSeed, TestError, TestRunner};

use story::{Story, UNTIL_US, stories};
use tally::Tally;

/// Stories told by `cargo test`.
const RUNS: u32 = 1_000;

/// How long a cluster may take to recover.
const RECOVERY_US: u64 = 120_000_000;

fn number(name: &str, default: u32) -> u32 {
    std::env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(default)
}

/// Plays a story from the file it is written to. `Err`: what is wrong.
fn tell(story: &Story, tally: &mut Tally) -> Result<(), String> {
    let file = story.scenario().to_toml();
    let scenario = Scenario::parse(&file).map_err(|errors| format!("{errors:?} in\n{file}"))?;
    let mut ledger = Ledger::new();
    let mut counted = Tally::default();
    let Played { cluster, findings } = play_checked(&scenario, UNTIL_US, |_, events| {
        for event in events {
            ledger.observe(event);
            counted.count(event);
        }
    })
    .map_err(|violation| violation.to_string())?;
    agreement::check(&cluster, &ledger)?;
    counted.add_findings(&findings);
    counted.add_verdict(&ledger.verdict());
    tally.add(&counted);
    Ok(())
}

fn runner(runs: u32, seed: u32) -> TestRunner {
    TestRunner::new(Config {
        cases: runs,
        rng_seed: RngSeed::Fixed(seed.into()),
        max_shrink_iters: 4_000,
        failure_persistence: None,
        ..Config::default()
    })
}

#[test]
fn promises_hold_under_random_faults() {
    let (runs, seed) = (number("HIGHWATER_RUNS", RUNS), number("HIGHWATER_SEED", 1));
    let tally = RefCell::new(Tally::default());
    let told = runner(runs, seed).run(&stories(), |story| {
        tell(&story, &mut tally.borrow_mut()).map_err(TestCaseError::fail)
    });
    if let Err(TestError::Fail(reason, story)) = told {
        let file = Path::new(env!("CARGO_TARGET_TMPDIR")).join("broken-promise.toml");
        let text = story.scenario().to_toml();
        std::fs::write(&file, &text).expect("cargo's folder for tests can be written");
        panic!("{reason}\n\nhighwater run {} --check\n\n{text}", file.display());
    }
    let tally = tally.into_inner();
    println!("{runs} stories from seed {seed}\n{tally}");
    if runs >= RUNS {
        tally.assert_worth_telling();
    }
}

/// Partitions whose brokers all run have all of them in sync again, once everything is mended.
#[test]
fn clusters_recover_when_all_is_mended() {
    let told = runner(number("HIGHWATER_RUNS", RUNS) / 5, 11).run(&stories(), |story| {
        let scenario = story.scenario();
        let Played { cluster, .. } = play_checked(&scenario, UNTIL_US + RECOVERY_US, |_, _| {})
            .map_err(|violation| TestCaseError::fail(violation.to_string()))?;
        for (tp, partition) in cluster.metadata().partitions() {
            let run = partition.replicas.iter().all(|&broker| cluster.is_running(broker));
            let in_sync = partition.replicas.iter().all(|broker| partition.isr.contains(broker));
            prop_assert!(!run || in_sync, "{:?}: {:?}", tp, partition);
        }
        Ok(())
    });
    if let Err(TestError::Fail(reason, story)) = told {
        panic!("{reason}\n\n{}", story.scenario().to_toml());
    }
}

#[test]
fn one_story_is_one_trace() {
    let hash_of = |scenario: &Scenario| {
        let mut hash = TraceHash::default();
        play_checked(scenario, UNTIL_US, |_, events| {
            events.iter().for_each(|event| hash.add(event));
        })
        .expect("promises hold");
        hash.value()
    };
    let mut runner = runner(1, 7);
    let mut hashes: Vec<_> = (0..3)
        .map(|_| stories().new_tree(&mut runner).expect("a story").current().scenario())
        .map(|scenario| {
            let again = Scenario::parse(&scenario.to_toml()).expect("what was written can be read");
            assert_eq!(hash_of(&scenario), hash_of(&again));
            hash_of(&again)
        })
        .collect();
    hashes.dedup();
    assert_eq!(hashes.len(), 3);
}
