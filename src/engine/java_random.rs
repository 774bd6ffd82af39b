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
