//! How much of a log would survive a loss of power. What a broker writes lies in the page cache:
//! it is on disk when somebody has flushed it, or when the operating system has written it back.
//!
//! Kafka flushes when flush.messages are unflushed, when a segment is rolled, on a clean shutdown,
//! and every log.flush.scheduler.interval.ms those logs whose last flush is flush.ms ago
//! (`UnifiedLog`, `LogManager`). By default the operating system does it, except for segments and
//! shutdowns. No timers are needed here: what the last tick did follows from when things were
//! written.

use std::collections::VecDeque;

use crate::engine::Micros;

/// Linux writes back what has been dirty for so long (vm.dirty_expire_centisecs) ...
const DIRTY_EXPIRE_US: Micros = 30_000_000;
/// ... and looks for it so often (vm.dirty_writeback_centisecs).
const WRITEBACK_US: Micros = 5_000_000;
/// Writes within so short a time share a mark.
const MARK_US: Micros = 100_000;

/// When a log is flushed, by its topic's configs.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub struct FlushRules {
    /// flush.messages
    pub messages: i64,
    /// flush.ms, in µs.
    pub interval_us: Micros,
}

/// The ticks at which this process looks for logs to flush.
#[derive(Copy, Clone, Debug)]
pub struct FlushClock {
    /// The first tick.
    pub first_us: Micros,
    /// log.flush.scheduler.interval.ms, in µs.
    pub interval_us: Micros,
}

impl FlushClock {
    /// The last tick up to `now` that flushes a log whose last flush was at `flushed_us`.
    fn last_flush_us(self, flushed_us: Micros, every_us: Micros, now: Micros) -> Option<Micros> {
        let interval_us = self.interval_us.max(1);
        let wanted_us = flushed_us.saturating_add(every_us).max(self.first_us);
        let ticks = (wanted_us - self.first_us).div_ceil(interval_us);
        let first_us = self.first_us.saturating_add(ticks.saturating_mul(interval_us));
        let period_us = every_us.div_ceil(interval_us).max(1).saturating_mul(interval_us);
        (first_us <= now).then(|| first_us + (now - first_us) / period_us * period_us)
    }
}

/// What was written at `at_us` or shortly before, up to an offset.
#[derive(Copy, Clone, Debug)]
struct Mark {
    at_us: Micros,
    end_offset: i64,
}

/// What of a replica's log is on disk.
#[derive(Clone, Debug, Default)]
pub struct Disk {
    /// Everything below it is.
    synced: i64,
    dirty: VecDeque<Mark>,
    flushed_us: Micros,
}

impl Disk {
    /// Batches were appended that take the log from `base_offset` to `end_offset`; a new segment
    /// was begun for them if `is_rolled`.
    pub fn write(
        &mut self,
        now: Micros,
        (base_offset, end_offset): (i64, i64),
        is_rolled: bool,
        rules: FlushRules,
        clock: FlushClock,
    ) {
        if self.dirty.back().is_none_or(|mark| mark.at_us + MARK_US <= now) {
            self.settle(now, rules, clock);
        }
        if is_rolled {
            self.flush(now, base_offset);
        }
        match self.dirty.back_mut() {
            Some(mark) if mark.at_us / MARK_US == now / MARK_US => {
                *mark = Mark { at_us: now, end_offset };
            }
            _ => self.dirty.push_back(Mark { at_us: now, end_offset }),
        }
        if end_offset - self.synced >= rules.messages {
            self.flush(now, end_offset);
        }
    }

    /// Everything below `offset` goes to disk.
    pub fn flush(&mut self, now: Micros, offset: i64) {
        self.flushed_us = now;
        self.synced = self.synced.max(offset);
        self.forget_synced();
    }

    /// The log was cut, or begun anew, at `offset`: what is on disk is so, too.
    pub fn truncate(&mut self, offset: i64) {
        self.synced = self.synced.min(offset);
        self.dirty.iter_mut().for_each(|mark| mark.end_offset = mark.end_offset.min(offset));
        self.forget_synced();
    }

    /// Everything below it would survive a loss of power at `now`.
    pub fn synced(&mut self, now: Micros, rules: FlushRules, clock: FlushClock) -> i64 {
        self.settle(now, rules, clock);
        self.synced
    }

    /// Takes note of what flusher and operating system have done since.
    fn settle(&mut self, now: Micros, rules: FlushRules, clock: FlushClock) {
        let flush_us = clock.last_flush_us(self.flushed_us, rules.interval_us, now);
        if let Some(at_us) = flush_us {
            self.flushed_us = at_us;
        }
        let writeback_us = (now / WRITEBACK_US * WRITEBACK_US).checked_sub(DIRTY_EXPIRE_US);
        let safe_us = flush_us.max(writeback_us);
        while let Some(mark) = self.dirty.front()
            && Some(mark.at_us) <= safe_us
        {
            self.synced = self.synced.max(mark.end_offset);
            self.dirty.pop_front();
        }
    }

    fn forget_synced(&mut self) {
        while self.dirty.front().is_some_and(|mark| mark.end_offset <= self.synced) {
            self.dirty.pop_front();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: Micros = 1_000_000;
    const NEVER: FlushClock = FlushClock { first_us: 30 * SECOND, interval_us: Micros::MAX };
    const LAZY: FlushRules = FlushRules { messages: i64::MAX, interval_us: Micros::MAX };

    /// Ten records, one a second.
    fn written(rules: FlushRules, clock: FlushClock) -> Disk {
        written_in_segments(10, rules, clock)
    }

    /// So many of them to each segment.
    fn written_in_segments(each: i64, rules: FlushRules, clock: FlushClock) -> Disk {
        let mut disk = Disk::default();
        for n in 0..10 {
            let is_rolled = n > 0 && n % each == 0;
            disk.write(n as Micros * SECOND, (n, n + 1), is_rolled, rules, clock);
        }
        disk
    }

    #[test]
    fn by_default_the_operating_system_writes_back_after_thirty_seconds() {
        let mut disk = written(LAZY, NEVER);
        assert_eq!(disk.synced(29 * SECOND, LAZY, NEVER), 0);
        assert_eq!(disk.synced(30 * SECOND, LAZY, NEVER), 1);
        assert_eq!(disk.synced(34 * SECOND, LAZY, NEVER), 1);
        assert_eq!(disk.synced(35 * SECOND, LAZY, NEVER), 6);
        assert_eq!(disk.synced(40 * SECOND, LAZY, NEVER), 10);
    }

    #[test]
    fn flush_messages_counts_what_is_unflushed() {
        let rules = FlushRules { messages: 4, ..LAZY };
        assert_eq!(written(rules, NEVER).synced(10 * SECOND, rules, NEVER), 8);
        let rules = FlushRules { messages: 1, ..LAZY };
        assert_eq!(written(rules, NEVER).synced(10 * SECOND, rules, NEVER), 10);
    }

    #[test]
    fn flush_ms_needs_the_scheduler() {
        let rules = FlushRules { interval_us: SECOND, ..LAZY };
        assert_eq!(written(rules, NEVER).synced(29 * SECOND, rules, NEVER), 0);
        let clock = FlushClock { first_us: 0, interval_us: 3 * SECOND };
        let mut disk = written(rules, clock);
        assert_eq!(disk.synced(11 * SECOND, rules, clock), 9, "the tick of the ninth second");
        assert_eq!(disk.synced(12 * SECOND, rules, clock), 10);
    }

    #[test]
    fn flush_ms_is_rounded_up_to_the_scheduler_s_ticks() {
        let clock = FlushClock { first_us: 10, interval_us: 10 };
        assert_eq!(clock.last_flush_us(0, 25, 29), None);
        assert_eq!(clock.last_flush_us(0, 25, 30), Some(30));
        assert_eq!(clock.last_flush_us(0, 25, 59), Some(30));
        assert_eq!(clock.last_flush_us(0, 25, 125), Some(120));
        assert_eq!(clock.last_flush_us(0, Micros::MAX, 125), None);
    }

    #[test]
    fn rolling_a_segment_flushes_what_is_before_it() {
        assert_eq!(written_in_segments(3, LAZY, NEVER).synced(10 * SECOND, LAZY, NEVER), 9);
    }

    #[test]
    fn a_cut_log_has_no_more_on_disk_than_there_is() {
        let rules = FlushRules { messages: 4, ..LAZY };
        let mut disk = written(rules, NEVER);
        disk.truncate(3);
        assert_eq!(disk.synced(10 * SECOND, rules, NEVER), 3);
        disk.write(11 * SECOND, (3, 5), false, LAZY, NEVER);
        assert_eq!(disk.synced(12 * SECOND, LAZY, NEVER), 3);
        assert_eq!(disk.synced(45 * SECOND, LAZY, NEVER), 5);
    }
}
