//! A broker: logs, replicas, purgatories, group coordinator, and its life at the controller.

pub mod group;
mod request;

pub use request::RequestToken;
