//! A sliding window over virtual time, cut into slots.

use crate::engine::Micros;

/// Slots of a window.
const SLOTS: usize = 10;
/// Length of a slot, in µs.
pub(super) const SLOT_US: Micros = 500_000;
/// What rates and latencies look back on, in µs.
pub(super) const WINDOW_US: Micros = SLOTS as Micros * SLOT_US;

/// The newest few slots, the last one still filling.
#[derive(Clone, Debug, Default)]
pub(super) struct Window<T> {
    slots: [T; SLOTS],
    /// Number of the newest slot since time 0.
    newest: u64,
}

impl<T> Window<T> {
    /// Moves on to `now`; slots that come into use again are cleared.
    pub(super) fn advance(&mut self, now_us: Micros, clear: impl Fn(&mut T)) {
        let newest = now_us / SLOT_US;
        let passed = newest.saturating_sub(self.newest).min(SLOTS as u64);
        for slot in newest + 1 - passed..=newest {
            clear(&mut self.slots[slot as usize % SLOTS]);
        }
        self.newest = self.newest.max(newest);
    }

    /// The slot of now.
    pub(super) fn now(&mut self) -> &mut T {
        &mut self.slots[self.newest as usize % SLOTS]
    }

    pub(super) fn slots(&self) -> &[T] {
        &self.slots
    }

    /// Virtual time the window covers at `now`, in µs.
    pub(super) fn span_us(&self, now_us: Micros) -> Micros {
        let oldest_us = (self.newest + 1).saturating_sub(SLOTS as u64) * SLOT_US;
        now_us.saturating_sub(oldest_us)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn old_slots_are_cleared() {
        let mut window = Window::<u64>::default();
        let clear = |slot: &mut u64| *slot = 0;
        *window.now() += 1;
        window.advance(SLOT_US * 3, clear);
        *window.now() += 1;
        assert_eq!(window.slots().iter().sum::<u64>(), 2);
        assert_eq!(window.span_us(SLOT_US * 3 + 5), SLOT_US * 3 + 5);
        window.advance(WINDOW_US, clear);
        assert_eq!(window.slots().iter().sum::<u64>(), 1);
        assert_eq!(window.span_us(WINDOW_US), WINDOW_US - SLOT_US);
        window.advance(WINDOW_US * 100, clear);
        assert_eq!(window.slots().iter().sum::<u64>(), 0);
    }
}
