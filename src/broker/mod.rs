//! A broker: logs, replicas, purgatories, group coordinator, and its life at the controller.

pub mod group;
mod lifecycle;
mod request;

pub use lifecycle::Lifecycle;
pub use request::RequestToken;
