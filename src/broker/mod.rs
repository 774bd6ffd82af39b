//! A broker: logs, replicas, purgatories, group coordinator, and its life at the controller.

mod alter_partition;
mod connections;
mod fetch;
pub mod group;
mod lifecycle;
mod log;
mod produce;
mod replica;
mod replica_manager;
mod request;
mod wire;

pub use lifecycle::Lifecycle;
pub use request::RequestToken;
