//! The producer as a whole, against brokers played by hand.

mod blocking;
mod idempotence;
mod retries;
mod sending;
mod world;
