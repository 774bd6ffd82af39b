//! Playing a scenario with Kafka's promises held to each step.

use crate::cluster::Cluster;
use crate::engine::Micros;
use crate::events::TraceEvent;
use crate::scenario::Scenario;
use crate::trace::{Invariants, Violation};

/// Plays `scenario` until `until_us`; `listen` hears the events of each step. Commands that make no
/// sense when their time has come are refused, as in any run.
///
/// # Errors
/// The first promise found broken.
pub fn play_checked(
    scenario: &Scenario,
    until_us: Micros,
    mut listen: impl FnMut(&Cluster, &[TraceEvent]),
) -> Result<Cluster, Violation> {
    let mut cluster =
        Cluster::new(&scenario.setup).expect("a scenario's broker configs are checked");
    let mut invariants = Invariants::new();
    let mut events = Vec::new();
    let mut look = |cluster: &mut Cluster, invariants: &mut Invariants| {
        cluster.take_trace(&mut events);
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
    Ok(cluster)
}
