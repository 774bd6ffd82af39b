//! The client side of connections (Kafka's `NetworkClient`): who is connected, what is in flight,
//! when a request is given up. Producers, consumers and brokers-as-clients share it.

mod network_client;
#[cfg(test)]
mod tests;

pub use network_client::{InFlight, NetworkClient};
