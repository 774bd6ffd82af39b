//! The cluster: nodes wired to the engine; commands in, trace and read-only view out.

mod command;

pub use command::Command;
