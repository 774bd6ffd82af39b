//! A run: a scenario, its command log, the cluster, and the readers of its trace.
//!
//! Scenario and command log are the whole truth of a run: whoever plays them again gets the same
//! trace, byte for byte.

mod checked;
mod run;
mod trace_hash;

pub use checked::{Played, play_checked};
pub use run::{Progress, Run};
pub use trace_hash::TraceHash;

pub use crate::scenario::{Scenario, ScenarioError};
