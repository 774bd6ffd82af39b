use super::{LinkConfig, Micros};

/// One direction between two nodes: what it carries, and how far ahead it is taken.
#[derive(Clone, Debug, Default)]
pub(super) struct Link {
    pub(super) cut: bool,
    /// The last arrival on each channel, in µs: the next one comes no earlier.
    last_arrival_us: Vec<Micros>,
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

    /// When a message of `channel` arrives that would do so at `at_us` if none were before it.
    #[inline]
    pub(super) fn arrive(&mut self, channel: u8, at_us: Micros) -> Micros {
        let channel = usize::from(channel);
        if channel >= self.last_arrival_us.len() {
            self.last_arrival_us.resize(channel + 1, 0);
        }
        let last_us = &mut self.last_arrival_us[channel];
        *last_us = at_us.max(*last_us);
        *last_us
    }

    /// The link's connections are made anew: what arrived on the old ones no longer counts.
    pub(super) fn forget_order(&mut self) {
        self.last_arrival_us.clear();
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
