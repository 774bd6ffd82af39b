use super::exponential::minus_ln_q32;

/// A stream of random numbers: xoshiro256++, seeded by splitmix64.
///
/// Every node draws from its own stream, so that one node's draws never shift another's. Only
/// integers are used: the numbers are the same natively and in WASM.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rng {
    state: [u64; 4],
}

impl Rng {
    /// The stream numbered `stream` of the scenario's `seed`; streams are independent.
    #[must_use]
    pub fn stream(seed: u64, stream: u64) -> Self {
        // The seed is mixed before the stream joins, else (1, 2) and (2, 1) would be kin.
        let mut mixer = splitmix64(&mut seed.wrapping_add(1)).wrapping_add(stream);
        let mut mixer = splitmix64(&mut mixer);
        Self { state: std::array::from_fn(|_| splitmix64(&mut mixer)) }
    }

    /// 64 random bits.
    #[inline]
    pub fn next_u64(&mut self) -> u64 {
        let [a, b, c, d] = &mut self.state;
        let result = a.wrapping_add(*d).rotate_left(23).wrapping_add(*a);
        let shifted = *b << 17;
        *c ^= *a;
        *d ^= *b;
        *b ^= *c;
        *a ^= *d;
        *c ^= shifted;
        *d = d.rotate_left(45);
        result
    }

    /// A random non-negative `i32`.
    #[inline]
    pub fn next_u31(&mut self) -> i32 {
        (self.next_u64() >> 33) as i32
    }

    /// A number from 0 to `n - 1`, all equally likely; 0 if `n` is 0.
    #[inline]
    pub fn below(&mut self, n: u32) -> u32 {
        // Lemire's method: the high half of a product, redrawn in the rare unfair cases.
        let n = u64::from(n);
        let mut product = (self.next_u64() >> 32) * n;
        if (product as u32 as u64) < n {
            let unfair = (1 << 32) % n;
            while u64::from(product as u32) < unfair {
                product = (self.next_u64() >> 32) * n;
            }
        }
        (product >> 32) as u32
    }

    /// A number from `lo` to `hi_inclusive`, all equally likely; `lo` if the range is empty.
    #[inline]
    pub fn between(&mut self, lo: u64, hi_inclusive: u64) -> u64 {
        let Some(count) = hi_inclusive.saturating_sub(lo).checked_add(1) else {
            return self.next_u64();
        };
        let mut product = u128::from(self.next_u64()) * u128::from(count);
        if (product as u64) < count {
            let unfair = count.wrapping_neg() % count;
            while (product as u64) < unfair {
                product = u128::from(self.next_u64()) * u128::from(count);
            }
        }
        lo + (product >> 64) as u64
    }

    /// True with a chance of `p` in 1000.
    #[inline]
    pub fn chance_permille(&mut self, p: u32) -> bool {
        self.below(1000) < p
    }

    /// A waiting time in µs, exponentially distributed with the given mean (in µs).
    #[inline]
    pub fn exponential_us(&mut self, mean_us: u64) -> u64 {
        let scaled = u128::from(minus_ln_q32(self.next_u64())) * u128::from(mean_us);
        u64::try_from((scaled + (1 << 31)) >> 32).unwrap_or(u64::MAX)
    }

    /// Puts the items in random order, all orders equally likely.
    pub fn shuffle<T>(&mut self, items: &mut [T]) {
        for last in (1..items.len()).rev() {
            let other = self.between(0, last as u64) as usize;
            items.swap(last, other);
        }
    }
}

fn splitmix64(state: &mut u64) -> u64 {
    *state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let mut z = *state;
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}
