//! The producer client and the application behind it.

mod spec;

pub use spec::{Keys, ManualRecord, Pace, ProducerSpec, Workload};
