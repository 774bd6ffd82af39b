//! Kafka's `ExponentialBackoff`, in whole ms as there.

use crate::engine::{Micros, Rng};

/// Jitter either way, in permille.
const JITTER_PERMILLE: u64 = 200;

/// `CommonClientConfigs.RETRY_BACKOFF_EXP_BASE`
const MULTIPLIER: u32 = 2;

/// A time that grows with every attempt up to a limit.
#[derive(Copy, Clone, Debug)]
pub struct ExponentialBackoff {
    initial_ms: u64,
    multiplier: u32,
    max_ms: u64,
    /// So many attempts grow; all later ones have the last time.
    growing: u32,
    last_ms: u64,
}

impl ExponentialBackoff {
    /// Doubles from `initial_ms` to `max_ms`; always `max_ms` when it is not the larger one.
    pub fn new(initial_ms: i64, max_ms: i64) -> Self {
        Self::with_multiplier(initial_ms, MULTIPLIER, max_ms)
    }

    /// The same with another factor than 2.
    pub fn with_multiplier(initial_ms: i64, multiplier: u32, max_ms: i64) -> Self {
        let max_ms = max_ms.max(0) as u64;
        let initial_ms = max_ms.min(initial_ms.max(0) as u64);
        // Kafka's limit is a logarithm, and the last time a power of it, cut to whole ms: it may
        // fall 1 ms short. The crate's functions give the same on every machine.
        let ratio = max_ms as f64 / initial_ms.max(1) as f64;
        let last_exponent = libm::log(ratio) / libm::log(f64::from(multiplier));
        let last_ms = initial_ms as f64 * libm::pow(f64::from(multiplier), last_exponent);
        Self {
            initial_ms,
            multiplier,
            max_ms,
            growing: last_exponent.max(0.0).ceil() as u32,
            last_ms: max_ms.min(last_ms as u64),
        }
    }

    /// The back-off after `attempts` failures beyond the first, without jitter.
    pub fn term_us(&self, attempts: u32) -> Micros {
        self.term_ms(attempts) * 1000
    }

    fn term_ms(&self, attempts: u32) -> u64 {
        if self.initial_ms == self.max_ms || attempts < self.growing {
            let factor = u64::from(self.multiplier).saturating_pow(attempts);
            return self.max_ms.min(self.initial_ms.saturating_mul(factor));
        }
        self.last_ms
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
        let tenfold = ExponentialBackoff::with_multiplier(100, 10, 5000);
        let terms = [0, 1, 2, 9].map(|attempts| tenfold.term_us(attempts) / 1000);
        assert_eq!(terms, [100, 1000, 4999, 4999], "1 ms short, as in Kafka");
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
