const MULTIPLIER: i64 = 0x5_DEEC_E66D;
const MASK: i64 = (1 << 48) - 1;

/// `java.util.Random`, bit for bit: for the places where Kafka's choice depends on it, so that the
/// same seed places the same replicas as the real one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JavaRandom {
    seed: i64,
}

impl JavaRandom {
    /// `new Random(seed)`.
    #[must_use]
    pub fn new(seed: i64) -> Self {
        Self { seed: (seed ^ MULTIPLIER) & MASK }
    }

    /// `nextInt()`: any `i32`.
    pub fn next_i32(&mut self) -> i32 {
        self.next(32)
    }

    /// `nextInt(bound)`: a number from 0 to `bound - 1`.
    ///
    /// Where Java throws, at a bound below 1, this returns 0 and draws nothing.
    pub fn next_int(&mut self, bound: i32) -> i32 {
        if bound < 1 {
            return 0;
        }
        if bound & (bound - 1) == 0 {
            return ((i64::from(bound) * i64::from(self.next(31))) >> 31) as i32;
        }
        loop {
            let bits = self.next(31);
            let value = bits % bound;
            // Java's test for an unfair draw at the end of the range is the overflow of this sum.
            if (bits - value).checked_add(bound - 1).is_some() {
                return value;
            }
        }
    }

    /// `Collections.shuffle(items, random)`.
    pub fn shuffle<T>(&mut self, items: &mut [T]) {
        for size in (2..=items.len()).rev() {
            let other = self.next_int(i32::try_from(size).unwrap_or(i32::MAX));
            items.swap(size - 1, other as usize);
        }
    }

    fn next(&mut self, bits: u32) -> i32 {
        self.seed = self.seed.wrapping_mul(MULTIPLIER).wrapping_add(0xB) & MASK;
        (self.seed >> (48 - bits)) as i32
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const BOUNDS: [i32; 10] = [10, 10, 3, 7, 16, 100, 1, 2, 1 << 30, 1_000_000_007];

    /// What a JVM printed: `nextInt` of the bounds above, then `nextInt()`, then a shuffle.
    type Recorded = (i64, [i32; 10], [i32; 5], [u8; 10]);

    const RECORDED: [Recorded; 3] = [
        (
            0,
            [0, 8, 1, 2, 10, 53, 0, 0, 641_609_359, 678_332_847],
            [1_431_162_155, 1_085_665_355, 1_654_374_947, -1_661_998_771, -65_105_105],
            [8, 7, 5, 1, 3, 2, 6, 0, 9, 4],
        ),
        (
            42,
            [0, 3, 0, 3, 4, 25, 0, 1, 714_627_759, 196_118_093],
            [-415_012_931, 1_938_135_004, 1_583_910_553, 1_639_144_584, 1_184_328_952],
            [1, 3, 9, 4, 7, 5, 0, 8, 6, 2],
        ),
        (
            -1,
            [3, 5, 0, 6, 10, 38, 0, 0, 887_088_882, 121_412_731],
            [-833_063_680, 1_330_441_025, 243_908_635, 299_040_393, 353_780_684],
            [4, 8, 3, 5, 2, 6, 1, 7, 9, 0],
        ),
    ];

    #[test]
    fn draws_what_a_jvm_draws() {
        for (seed, bounded, unbounded, shuffled) in RECORDED {
            let mut random = JavaRandom::new(seed);
            assert_eq!(BOUNDS.map(|bound| random.next_int(bound)), bounded);
            assert_eq!(unbounded.map(|_| random.next_i32()), unbounded);
            let mut items = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9];
            random.shuffle(&mut items);
            assert_eq!(items, shuffled);
        }
    }

    #[test]
    fn unfair_draws_are_repeated() {
        // Just above a power of two, about half of all draws fall into the unfair end.
        let bound = (1 << 30) + 1;
        let mut random = JavaRandom::new(1);
        let mut plain = random.clone();
        for _ in 0..1_000 {
            let mut bits = plain.next(31);
            while bits >= bound {
                bits = plain.next(31);
            }
            assert_eq!(random.next_int(bound), bits);
        }
    }

    #[test]
    fn impossible_bounds_draw_nothing() {
        let mut random = JavaRandom::new(5);
        assert_eq!((random.next_int(0), random.next_int(-3)), (0, 0));
        assert_eq!(random, JavaRandom::new(5));
    }
}
