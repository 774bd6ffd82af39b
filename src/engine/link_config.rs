/// How one link, from one node to another, differs from the rest of the network.
#[derive(Copy, Clone, Debug, Default, PartialEq, Eq)]
pub struct LinkConfig {
    /// Added to the one-way latency of every message, in µs.
    pub extra_latency_us: u64,
    /// What this link carries, in bytes a second; 0 is unlimited, `None` is the network's value.
    pub bandwidth_bytes_per_s: Option<u64>,
}
