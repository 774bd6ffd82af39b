//! Kafka's `ExponentialBackoff` with base 2, in whole ms as there.

use crate::engine::{Micros, Rng};

/// Jitter either way, in permille.
const JITTER_PERMILLE: u64 = 200;

/// A time that doubles with every attempt up to a limit.
#[derive(Copy, Clone, Debug)]
pub struct ExponentialBackoff {
    initial_ms: u64,
    max_ms: u64,
}

impl ExponentialBackoff {
    /// From `initial_ms` to `max_ms`; always `max_ms` when it is not the larger one.
    pub fn new(initial_ms: i64, max_ms: i64) -> Self {
        let max_ms = max_ms.max(0) as u64;
        Self { initial_ms: max_ms.min(initial_ms.max(0) as u64), max_ms }
    }

    /// The back-off after `attempts` failures beyond the first, without jitter.
    pub fn term_us(&self, attempts: u32) -> Micros {
        self.term_ms(attempts) * 1000
    }

    fn term_ms(&self, attempts: u32) -> u64 {
        self.max_ms.min(self.initial_ms.saturating_mul(1 << attempts.min(32)))
    }

    /// The same with its jitter of 20 % either way. A back-off that does not grow has none.
    pub fn backoff_us(&self, attempts: u32, rng: &mut Rng) -> Micros {
        if self.initial_ms == self.max_ms {
            return self.max_ms * 1000;
        }
        const SCALE: u64 = 1_000_000;
        let jitter = JITTER_PERMILLE * SCALE / 1000;
        let factor = rng.between(SCALE - jitter, SCALE + jitter - 1);
        self.max_ms.min(self.term_ms(attempts).saturating_mul(factor) / SCALE) * 1000
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_doubles_up_to_its_limit() {
        let terms = |initial, max| {
            let backoff = ExponentialBackoff::new(initial, max);
            [0, 1, 2, 3, 4, 5, 13].map(|attempts| backoff.term_us(attempts) / 1000)
        };
        assert_eq!(terms(100, 1000), [100, 200, 400, 800, 1000, 1000, 1000]);
        assert_eq!(terms(0, 1000), [0; 7]);
        assert_eq!(terms(500, 100), [100; 7]);
        assert_eq!(terms(3, 1000), [3, 6, 12, 24, 48, 96, 1000]);
    }

    #[test]
    fn jitter_stays_within_a_fifth_and_the_limit() {
        let backoff = ExponentialBackoff::new(100, 1000);
        let mut rng = Rng::stream(1, 1);
        for attempts in 0..8 {
            let term_us = backoff.term_us(attempts);
            for _ in 0..100 {
                let us = backoff.backoff_us(attempts, &mut rng);
                assert!(us >= term_us / 10 * 8 && us <= (term_us / 10 * 12).min(1_000_000));
                assert_eq!(us % 1000, 0);
            }
        }
        assert_eq!(ExponentialBackoff::new(100, 100).backoff_us(3, &mut rng), 100_000);
    }
}
