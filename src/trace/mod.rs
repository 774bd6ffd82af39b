//! Readers of the trace: what became of the records, what happened and why, how fast, and whether
//! Kafka's promises held.
//!
//! * [`Ledger`]: each record's fate, and the [`Verdict`] over all of them.
//! * [`Metrics`]: rates and latencies.
//! * [`Counts`]: how often things happened, and to whom, for lessons.
//! * [`EventLog`]: the newest notable events, with their chain of causes.
//! * [`mod@describe`]: any event in words, or as an id and arguments for a translation.
//! * [`Invariants`]: what must hold at every moment.
//! * [`history_checks`]: what producers and consumers may see of each other, over a whole run.

mod cause;
mod counts;
pub mod describe;
mod fate;
pub mod history_checks;
mod invariants;
mod ledger;
mod log;
mod metrics;
mod moment;
mod report;
#[cfg(test)]
mod script;
mod verdict;

pub use cause::{
    AbortCause, DuplicateCause, LateCause, LossCause, MissingCause, ReorderCause, RepeatCause,
    SkipCause, failure_name,
};
pub use counts::{Counts, Deed};
pub use describe::{Description, Names, Severity};
pub use fate::{Fate, GroupFate, Outcome, Step, StepKind};
pub use invariants::{Invariants, Violation};
pub use ledger::Ledger;
pub use log::{EventLog, is_notable};
pub use metrics::{LatencyView, Metrics, Rate, Snapshot};
pub use verdict::{Account, GroupVerdict, HandlerVerdict, Tallies, Tally, Verdict};
