//! Rebalances: 100 members share 1,000 partitions, and another member comes.
//!
//! `cargo bench --bench group`, with part of a protocol's name to run that alone. Measured is the
//! wall time from the newcomer's start until all 101 members have their partitions: the whole
//! cluster's life meanwhile, with heartbeats, fetches and the answers of the coordinator.

#[path = "support/aims.rs"]
mod aims;

use std::time::Instant;

use highwater::cluster::Cluster;
use highwater::events::{Event, TraceEvent};
use highwater::scenario::{Scenario, parse_command};

const MEMBERS: usize = 100;
const PARTITIONS: usize = 1_000;
const RUNS: usize = 5;
const MINUTE_US: u64 = 60_000_000;

const PROTOCOLS: [(&str, &str); 3] = [
    (
        "range",
        r#""partition.assignment.strategy" = "org.apache.kafka.clients.consumer.RangeAssignor""#,
    ),
    (
        "cooperative-sticky",
        r#""partition.assignment.strategy" = "org.apache.kafka.clients.consumer.CooperativeStickyAssignor""#,
    ),
    ("consumer protocol, uniform", r#""group.protocol" = "consumer""#),
];

fn main() {
    let filter = std::env::args().skip(1).find(|argument| !argument.starts_with('-'));
    println!("{:<28} {:>9} {:>9} {:>9}", "protocol", "virtual s", "wall ms", "events");
    let mut reached = Vec::new();
    for (name, config) in PROTOCOLS {
        if filter.as_ref().is_some_and(|part| !name.contains(&**part)) {
            continue;
        }
        let stable = stable_group(config);
        let mut walls_us: Vec<u64> =
            (0..RUNS).map(|_| newcomer(stable.clone(), name, config)).collect();
        walls_us.sort_unstable();
        reached.push((name, walls_us[RUNS / 2] as f64 / 1000.0));
    }
    for (name, wall_ms) in reached {
        let what = format!("1,000 partitions, 100 members: {name}");
        aims::print(&what, "under 50 ms", &format!("{wall_ms:.1} ms"), wall_ms < 50.0);
    }
}

/// A cluster whose group is at rest.
fn stable_group(config: &str) -> Cluster {
    let mut text = format!(
        "[[topic]]\nname = \"orders\"\npartitions = {PARTITIONS}\nreplication-factor = 3\n"
    );
    for n in 0..MEMBERS {
        text.push_str(&consumer(n, config));
    }
    let scenario = Scenario::parse(&text).unwrap_or_else(|errors| panic!("{errors:?}"));
    let mut cluster = Cluster::new(&scenario.setup).expect("valid configs");
    for (_, command) in scenario.script() {
        cluster.apply(command.clone()).expect("possible");
    }
    run_until_shared(&mut cluster, MEMBERS);
    cluster
}

fn consumer(n: usize, config: &str) -> String {
    format!(
        "[[consumer]]\nname = \"billing-{n}\"\ngroup = \"billing\"\ntopics = [\"orders\"]\n\
         config = {{ {config} }}\n"
    )
}

/// Another member comes; how long that takes, in µs.
fn newcomer(mut cluster: Cluster, name: &str, config: &str) -> u64 {
    let text = format!(
        "add-consumer = {{ name = \"billing-{MEMBERS}\", group = \"billing\", \
         topics = [\"orders\"], config = {{ {config} }} }}"
    );
    let command = parse_command(&text).unwrap_or_else(|errors| panic!("{errors:?}"));
    let (from_us, start) = (cluster.now(), Instant::now());
    cluster.apply(command).expect("possible");
    let events = run_until_shared(&mut cluster, MEMBERS + 1);
    let wall_us = start.elapsed().as_micros() as u64;
    let virtual_s = (cluster.now() - from_us) as f64 / 1e6;
    println!("{name:<28} {virtual_s:>9.3} {:>9.1} {events:>9}", wall_us as f64 / 1e3);
    wall_us
}

/// Runs until so many members have all partitions; the steps that took.
fn run_until_shared(cluster: &mut Cluster, members: usize) -> u64 {
    let is_shared = |event: &TraceEvent| match &event.event {
        Event::GroupStable { assignment, .. } => {
            let shared: usize = assignment.iter().map(|(_, partitions)| partitions.len()).sum();
            assignment.len() == members && shared == PARTITIONS
        }
        _ => false,
    };
    let limit_us = cluster.now() + 5 * MINUTE_US;
    let (mut events, mut steps) = (Vec::new(), 0);
    while cluster.step(limit_us) {
        steps += 1;
        cluster.take_trace(&mut events);
        if events.iter().any(is_shared) {
            return steps;
        }
    }
    panic!("not shared in five minutes");
}
