//! A high watermark with the checkpoint that a restart begins from.
//!
//! Kafka writes all high watermarks to disk every replica.high.watermark.checkpoint.interval.ms.
//! No timer is needed for that here: what the last tick wrote follows from when the value changed.

use crate::engine::Micros;

/// The ticks at which this process checkpoints.
#[derive(Copy, Clone, Debug)]
pub struct CheckpointClock {
    /// Start of the process: the first tick.
    pub started_us: Micros,
    /// replica.high.watermark.checkpoint.interval.ms, in µs.
    pub interval_us: Micros,
}

impl CheckpointClock {
    /// The first tick after `now`.
    pub fn next_tick_us(&self, now: Micros) -> Micros {
        let interval_us = self.interval_us.max(1);
        let ticks = now.saturating_sub(self.started_us) / interval_us + 1;
        self.started_us.saturating_add(ticks.saturating_mul(interval_us))
    }

    /// Whether a tick lies between the two times, the later one included.
    fn ticked_between(&self, earlier_us: Micros, later_us: Micros) -> bool {
        let ticks = |at_us: Micros| {
            at_us
                .checked_sub(self.started_us)
                .map(|running_us| running_us / self.interval_us.max(1))
        };
        ticks(earlier_us) != ticks(later_us)
    }
}

/// The high watermark of a replica.
#[derive(Copy, Clone, Debug, Default)]
pub struct HighWatermark {
    value: i64,
    changed_us: Micros,
    /// On disk, unless a tick has come since `changed_us`.
    checkpoint: i64,
}

impl HighWatermark {
    /// Its value.
    pub fn get(&self) -> i64 {
        self.value
    }

    /// Moves it.
    pub fn set(&mut self, now: Micros, value: i64, clock: CheckpointClock) {
        if value == self.value {
            return;
        }
        self.checkpoint = self.on_disk(now, clock);
        self.value = value;
        self.changed_us = now;
    }

    /// Writes it to disk now.
    pub fn checkpoint(&mut self) {
        self.checkpoint = self.value;
    }

    /// The log ends at `log_end` now, whatever the disk remembers.
    pub fn cap(&mut self, log_end: i64) {
        self.value = self.value.min(log_end);
        self.checkpoint = self.checkpoint.min(log_end);
    }

    /// What is on disk at `now`.
    pub fn on_disk(&self, now: Micros, clock: CheckpointClock) -> i64 {
        if clock.ticked_between(self.changed_us, now) { self.value } else { self.checkpoint }
    }

    /// A process starts with what is on disk, which the log may not reach any more.
    pub fn restart(&mut self, now: Micros, checkpoint: i64, log_start: i64, log_end: i64) {
        let value = checkpoint.clamp(log_start, log_end);
        *self = Self { value, changed_us: now, checkpoint };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_disk_has_what_the_last_tick_saw() {
        let clock = CheckpointClock { started_us: 100, interval_us: 1000 };
        let mut hw = HighWatermark::default();
        hw.restart(100, 0, 0, 0);
        hw.set(500, 5, clock);
        assert_eq!(hw.on_disk(1099, clock), 0);
        assert_eq!(hw.on_disk(1100, clock), 5);
        hw.set(1500, 7, clock);
        hw.set(1600, 8, clock);
        assert_eq!(hw.on_disk(1900, clock), 5);
        assert_eq!(hw.on_disk(9000, clock), 8);
        let on_disk = hw.on_disk(1900, clock);
        hw.restart(2000, on_disk, 0, 4);
        assert_eq!(hw.get(), 4, "not beyond the log");
    }
}
