//! The controller as brokers and administrators see it.

mod elections;
mod publishing;
mod sessions;
mod shutdown;
