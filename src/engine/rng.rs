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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_published_sequences() {
        let mut rng = Rng { state: [1, 2, 3, 4] };
        let expected = [41_943_041, 58_720_359, 3_588_806_011_781_223, 3_591_011_842_654_386];
        assert_eq!(expected.map(|_| rng.next_u64()), expected);
        let mut seed = 1_477_776_061_723_855_037;
        let expected =
            [1_985_237_415_132_408_290, 2_979_275_885_539_914_483, 13_511_426_838_097_143_398];
        assert_eq!(expected.map(|_| splitmix64(&mut seed)), expected);
    }

    #[test]
    fn streams_stay_what_they_are() {
        // Recorded scenarios depend on these bits.
        let mut rng = Rng::stream(42, 7);
        let drawn = (
            rng.next_u64(),
            rng.next_u31(),
            rng.below(1_000),
            rng.between(10, 20),
            rng.exponential_us(1_000_000),
        );
        assert_eq!(drawn, (6_121_371_209_282_487_065, 1_813_859_167, 299, 20, 118_424));
    }

    #[test]
    fn streams_differ() {
        let mut firsts: Vec<u64> = (0..100)
            .flat_map(|seed| (0..100).map(move |stream| Rng::stream(seed, stream).next_u64()))
            .collect();
        firsts.sort_unstable();
        firsts.dedup();
        assert_eq!(firsts.len(), 10_000);
    }

    #[test]
    fn ranges_hold_and_are_even() {
        let mut rng = Rng::stream(1, 1);
        let mut counts = [0_u32; 7];
        for _ in 0..70_000 {
            counts[rng.below(7) as usize] += 1;
            counts[rng.between(0, 6) as usize] += 1;
        }
        assert!(counts.iter().all(|count| count.abs_diff(20_000) < 600), "{counts:?}");
        assert!((0..1_000).all(|_| (5..=6).contains(&rng.between(5, 6)) && rng.next_u31() >= 0));
        // Three quarters of the range of the draw: half of all numbers would come twice as often
        // without the redraw.
        let low = (0..100_000).filter(|_| rng.below(3 << 30) < 3 << 29).count();
        assert!(low.abs_diff(50_000) < 1_000, "{low}");
    }

    #[test]
    fn empty_and_full_ranges() {
        let mut rng = Rng::stream(1, 2);
        assert_eq!(
            (rng.below(0), rng.below(1), rng.between(9, 9), rng.between(9, 3)),
            (0, 0, 9, 9)
        );
        assert!((0..100).any(|_| rng.between(0, u64::MAX) > u64::MAX / 2));
        assert!((0..100).all(|_| rng.between(1, u64::MAX) > 0));
        assert!((0..100).all(|_| !rng.chance_permille(0) && rng.chance_permille(1000)));
    }

    #[test]
    fn waiting_times_are_exponential() {
        let mut rng = Rng::stream(3, 3);
        let (mean_us, draws) = (1_000_000, 400_000);
        let mut times: Vec<u64> = (0..draws).map(|_| rng.exponential_us(mean_us)).collect();
        let mean = times.iter().sum::<u64>() / draws;
        assert!(mean.abs_diff(mean_us) < 5_000, "{mean}");
        times.sort_unstable();
        // The quantiles of the exponential distribution: -ln(1 - q).
        for (permille, expected) in
            [(100, 105_361), (500, 693_147), (900, 2_302_585), (990, 4_605_170)]
        {
            let quantile = times[(draws * permille / 1000) as usize];
            assert!(quantile.abs_diff(expected) < expected / 40, "{permille}: {quantile}");
        }
        assert_eq!(rng.exponential_us(0), 0);
        assert!((0..100).any(|_| rng.exponential_us(u64::MAX) == u64::MAX), "saturates");
    }

    #[test]
    fn shuffles_reach_every_order() {
        let mut rng = Rng::stream(4, 4);
        let mut counts = std::collections::BTreeMap::new();
        for _ in 0..24_000 {
            let mut items = [1, 2, 3, 4];
            rng.shuffle(&mut items);
            *counts.entry(items).or_insert(0_u32) += 1;
        }
        assert_eq!(counts.len(), 24);
        assert!(counts.values().all(|count| count.abs_diff(1_000) < 150), "{counts:?}");
    }
}
