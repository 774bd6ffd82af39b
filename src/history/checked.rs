//! Playing a scenario with Kafka's promises held to each step, and to the whole history.

use crate::cluster::Cluster;
use crate::engine::Micros;
use crate::events::TraceEvent;
use crate::scenario::Scenario;
use crate::trace::history_checks::{self, Finding};
use crate::trace::{Invariants, Violation};

/// A run that kept every promise.
#[derive(Clone)]
pub struct Played {
    /// The cluster at its end.
    pub cluster: Cluster,
    /// Anomalies of its history that Kafka does not promise to prevent.
    pub findings: Vec<Finding>,
}

/// Plays `scenario` until `until_us`; `listen` hears the events of each step. Commands that make no
/// sense when their time has come are refused, as in any run.
///
/// # Errors
/// The first promise found broken.
pub fn play_checked(
    scenario: &Scenario,
    until_us: Micros,
    mut listen: impl FnMut(&Cluster, &[TraceEvent]),
) -> Result<Played, Violation> {
    let mut cluster =
        Cluster::new(&scenario.setup).expect("a scenario's broker configs are checked");
    let mut invariants = Invariants::new();
    let mut events = Vec::new();
    let mut history = Vec::new();
    let mut look = |cluster: &mut Cluster, invariants: &mut Invariants| {
        cluster.take_trace(&mut events);
        history.extend(events.iter().filter(|e| history_checks::matters(&e.event)).cloned());
        listen(cluster, &events);
        invariants.check(cluster, &events)
    };
    for (at_us, command) in scenario.script().filter(|&(at_us, _)| at_us <= until_us) {
        while at_us > 0 && cluster.step(at_us) {
            look(&mut cluster, &mut invariants)?;
        }
        if let Err(reason) = cluster.apply(command.clone()) {
            cluster.refuse(command, &reason);
        }
        look(&mut cluster, &mut invariants)?;
    }
    while cluster.step(until_us) {
        look(&mut cluster, &mut invariants)?;
    }
    invariants.check_all(&cluster)?;
    let findings = history_checks::check(&history, &cluster);
    match findings.iter().find(|finding| finding.excuse.is_none()) {
        Some(finding) => Err(violation(finding, &history)),
        None => Ok(Played { cluster, findings }),
    }
}

fn violation(finding: &Finding, history: &[TraceEvent]) -> Violation {
    let last = history.iter().rev().find(|event| finding.events.contains(&event.id));
    let numbers: Vec<String> = finding.events.iter().map(|id| id.0.to_string()).collect();
    Violation {
        rule: finding.check,
        text: format!("{} (events {})", finding.text, numbers.join(", ")),
        at_us: last.map_or(0, |event| event.at_us),
    }
}
