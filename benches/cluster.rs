//! The cluster at work and at rest: events, records and virtual time against the wall clock.
//!
//! `cargo bench --bench cluster`, with part of a scene's name to run that alone. Counts do not
//! depend on the machine; times do, so a scene is run several times and the median is printed. Each
//! run is a process of its own: its peak memory is the scene's.

#[path = "support/aims.rs"]
mod aims;

use std::process::Command;
use std::time::Instant;

use highwater::history::{Run, Scenario};

const SECOND_US: u64 = 1_000_000;
const CHILD: &str = "--run-scene";

struct Scene {
    name: &'static str,
    text: &'static str,
    virtual_s: u64,
    runs: usize,
}

const SCENES: [Scene; 3] = [
    Scene {
        name: "default scene",
        text: include_str!("../scenarios/default.toml"),
        virtual_s: 60,
        runs: 5,
    },
    Scene {
        name: "at work",
        text: include_str!("../scenarios/at-work.toml"),
        virtual_s: 10,
        runs: 3,
    },
    Scene {
        name: "idle week",
        text: include_str!("../scenarios/idle-week.toml"),
        virtual_s: 7 * 24 * 3600,
        runs: 1,
    },
];

/// What one run of a scene took; as numbers in a line it comes from the process that ran it.
struct Measure {
    wall_us: u64,
    events: u64,
    produced: u64,
    /// By every group of consumers.
    processed: u64,
    peak_kb: u64,
}

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if let [flag, name] = &arguments[..]
        && flag == CHILD
    {
        let scene = SCENES.iter().find(|scene| scene.name == name).expect("a scene of this bench");
        return println!("{}", scene.run().to_line());
    }
    let filter = arguments.iter().find(|argument| !argument.starts_with('-'));
    let is_chosen = |scene: &&Scene| filter.is_none_or(|part| scene.name.contains(&**part));
    println!(
        "{:<14} {:>9} {:>9} {:>11} {:>10} {:>11} {:>10} {:>10} {:>9} {:>8}",
        "scene",
        "virtual s",
        "wall s",
        "events",
        "/virtual s",
        "/wall s",
        "produced",
        "processed",
        "/wall s",
        "peak MB"
    );
    let mut done = Vec::new();
    for scene in SCENES.iter().filter(is_chosen) {
        let mut measures: Vec<Measure> = (0..scene.runs).map(|_| scene.run_apart()).collect();
        measures.sort_by_key(|measure| measure.wall_us);
        let median = measures.swap_remove(measures.len() / 2);
        scene.print(&median);
        done.push((scene.name, median));
    }
    print_aims(&done);
}

fn print_aims(done: &[(&str, Measure)]) {
    for (name, measure) in done {
        let wall_s = measure.wall_us as f64 / 1e6;
        match *name {
            "at work" => {
                let rate = measure.processed as f64 / wall_s;
                let what = "records a second, produced to processed";
                aims::print(what, "200000", &format!("{rate:.0}"), rate >= 200_000.0);
            }
            "idle week" => {
                let reached = format!("{wall_s:.2} s");
                aims::print("an idle week", "under 10 s", &reached, wall_s < 10.0);
            }
            "default scene" => {
                let peak_mb = measure.peak_kb as f64 / 1024.0;
                let reached = format!("{peak_mb:.1} MB");
                aims::print("memory of the default scene", "under 64 MB", &reached, peak_mb < 64.0);
            }
            _ => {}
        }
    }
}

impl Scene {
    /// Runs in a process of its own.
    fn run_apart(&self) -> Measure {
        let this = std::env::current_exe().expect("a running program has a file");
        let output = Command::new(this).args([CHILD, self.name]).output().expect("it runs again");
        let line = String::from_utf8_lossy(&output.stdout);
        Measure::from_line(&line).unwrap_or_else(|| panic!("{}: {output:?}", self.name))
    }

    fn run(&self) -> Measure {
        let scenario = Scenario::parse(self.text).expect("the project's own scenarios are valid");
        let start = Instant::now();
        let mut run = Run::new(scenario);
        let events = run.run_until(self.virtual_s * SECOND_US, u64::MAX).events;
        let wall_us = start.elapsed().as_micros() as u64;
        let verdict = run.verdict();
        let processed = verdict.groups.iter().map(|group| group.processed).min().unwrap_or(0);
        let produced = verdict.produced;
        Measure { wall_us, events, produced, processed, peak_kb: peak_rss_kb() }
    }

    fn print(&self, measure: &Measure) {
        let wall_s = measure.wall_us as f64 / 1e6;
        println!(
            "{:<14} {:>9} {:>9.3} {:>11} {:>10.0} {:>11.0} {:>10} {:>10} {:>9.0} {:>8.1}",
            self.name,
            self.virtual_s,
            wall_s,
            measure.events,
            measure.events as f64 / self.virtual_s as f64,
            measure.events as f64 / wall_s,
            measure.produced,
            measure.processed,
            measure.processed as f64 / wall_s,
            measure.peak_kb as f64 / 1024.0,
        );
    }
}

impl Measure {
    fn to_line(&self) -> String {
        let Self { wall_us, events, produced, processed, peak_kb } = self;
        format!("{wall_us} {events} {produced} {processed} {peak_kb}")
    }

    fn from_line(line: &str) -> Option<Self> {
        let mut numbers = line.split_whitespace().map(|word| word.parse().ok());
        let mut next = || numbers.next().flatten();
        Some(Self {
            wall_us: next()?,
            events: next()?,
            produced: next()?,
            processed: next()?,
            peak_kb: next()?,
        })
    }
}

/// The most memory this process has had so far; 0 where /proc does not tell.
fn peak_rss_kb() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find(|line| line.starts_with("VmHWM")).unwrap_or_default();
    line.split_whitespace().nth(1).and_then(|kb| kb.parse().ok()).unwrap_or(0)
}
