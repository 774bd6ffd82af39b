//! The consumer client and the application behind it.

mod spec;

pub use spec::{CommitStrategy, ConsumerSpec};
