use super::{LinkConfig, Micros};

/// One direction between two nodes: what it carries, and how far ahead it is taken.
#[derive(Clone, Debug, Default)]
pub(super) struct Link {
    pub(super) cut: bool,
    /// Raised when the link's connections are re-made: older FIFO history no longer counts.
    pub(super) epoch: u32,
    config: LinkConfig,
    /// When the last byte sent so far has left, in µs, ...
    busy_until_us: Micros,
    /// ... and the part of a µs on top, as a numerator over the link's bandwidth: small messages
    /// take less than a µs each, and rounding would change what a link can carry.
    busy_remainder: u64,
}

impl Link {
    /// Puts `bytes` on the wire; returns when the last of them has left, in µs.
    #[inline]
    pub(super) fn send(&mut self, now: Micros, bytes: u32, default_bandwidth: u64) -> Micros {
        let bandwidth = self.config.bandwidth_bytes_per_s.unwrap_or(default_bandwidth);
        if bandwidth == 0 {
            return now;
        }
        if self.busy_until_us < now {
            self.busy_until_us = now;
            self.busy_remainder = 0;
        }
        let work = (u64::from(bytes) * 1_000_000).saturating_add(self.busy_remainder);
        self.busy_until_us = self.busy_until_us.saturating_add(work / bandwidth);
        self.busy_remainder = work % bandwidth;
        self.busy_until_us
    }

    #[inline]
    pub(super) fn extra_latency_us(&self) -> u64 {
        self.config.extra_latency_us
    }

    pub(super) fn configure(&mut self, config: LinkConfig) {
        self.config = config;
        self.busy_remainder = 0;
    }
}
