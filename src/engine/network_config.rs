/// How the simulated network behaves where no [`LinkConfig`](super::LinkConfig) says otherwise.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub struct NetworkConfig {
    /// One-way latency of every message in µs.
    pub latency_us: u64,
    /// The most that chance adds to the latency in µs: uniform from 0 to this.
    pub jitter_us: u64,
    /// What is added between two nodes that [stand apart](super::Network::stand_apart), in µs.
    pub apart_us: u64,
    /// What one link (one direction between two nodes) carries, in bytes a second; 0 is unlimited.
    pub bandwidth_bytes_per_s: u64,
}

impl Default for NetworkConfig {
    fn default() -> Self {
        Self { latency_us: 500, jitter_us: 100, apart_us: 0, bandwidth_bytes_per_s: 125_000_000 }
    }
}
