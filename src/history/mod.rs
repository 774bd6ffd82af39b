//! A run is a scenario and its command log; this room reads the one and keeps the other.

mod commands;
mod configs;
mod fields;
mod problems;
mod quantity;
mod scenario;
mod specs;
mod stage;

pub use problems::ScenarioError;
pub use quantity::{parse_duration, parse_rate, parse_size};
pub use scenario::{Scenario, TimedCommand, parse_command};
