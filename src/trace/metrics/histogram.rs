//! A histogram with logarithmic buckets, in integers: a value is off by a sixteenth at most.

/// Linear buckets an octave, as a power of two.
const SUB_BITS: u32 = 4;
const SUB: usize = 1 << SUB_BITS;
/// Values from 2^40 µs (12 days) on share the last bucket.
const MAX_BITS: u32 = 40;
const BUCKETS: usize = (MAX_BITS - SUB_BITS + 1) as usize * SUB;

/// Counts of values by size.
#[derive(Clone, Debug)]
pub(super) struct Histogram {
    counts: Vec<u32>,
    count: u64,
    max: u64,
}

impl Default for Histogram {
    fn default() -> Self {
        Self { counts: vec![0; BUCKETS], count: 0, max: 0 }
    }
}

impl Histogram {
    pub(super) fn add(&mut self, value: u64) {
        let count = &mut self.counts[bucket(value)];
        *count = count.saturating_add(1);
        self.count += 1;
        self.max = self.max.max(value);
    }

    pub(super) fn clear(&mut self) {
        if self.count > 0 {
            self.counts.fill(0);
            self.count = 0;
            self.max = 0;
        }
    }

    pub(super) fn merge(&mut self, other: &Self) {
        if other.count == 0 {
            return;
        }
        for (count, &more) in self.counts.iter_mut().zip(&other.counts) {
            *count = count.saturating_add(more);
        }
        self.count += other.count;
        self.max = self.max.max(other.max);
    }

    pub(super) fn count(&self) -> u64 {
        self.count
    }

    pub(super) fn max(&self) -> u64 {
        self.max
    }

    /// The value that so many of a thousand do not exceed; `None` without values.
    pub(super) fn permille(&self, permille: u64) -> Option<u64> {
        let rank = (self.count * permille).div_ceil(1_000).max(1);
        let mut seen = 0;
        let bucket = self.counts.iter().position(|&count| {
            seen += u64::from(count);
            seen >= rank
        })?;
        Some(highest(bucket).min(self.max))
    }
}

fn bucket(value: u64) -> usize {
    let value = value.min((1 << MAX_BITS) - 1);
    let bits = u64::BITS - value.leading_zeros();
    if bits <= SUB_BITS {
        return value as usize;
    }
    let shift = bits - SUB_BITS - 1;
    let sub = (value >> shift) as usize - SUB;
    (shift as usize + 1) * SUB + sub
}

/// Highest value of a bucket.
fn highest(bucket: usize) -> u64 {
    if bucket < SUB {
        return bucket as u64;
    }
    let (shift, sub) = (bucket / SUB - 1, bucket % SUB);
    ((SUB + sub + 1) as u64) << shift
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_value_is_in_a_bucket_near_it() {
        let mut before = 0;
        for value in (0..4_000).chain((12..40).map(|bits| (1 << bits) + 1)) {
            let bucket = bucket(value);
            assert!(bucket >= before && bucket < BUCKETS, "{value}");
            before = bucket;
            let high = highest(bucket);
            assert!(high >= value && high - value <= value / 16 + 1, "{value} {high}");
        }
    }

    #[test]
    fn percentiles() {
        let mut histogram = Histogram::default();
        assert_eq!(histogram.permille(500), None);
        (1..=1_000).for_each(|value| histogram.add(value));
        let median = histogram.permille(500).expect("values");
        assert!((500..=532).contains(&median), "{median}");
        assert_eq!(histogram.permille(1_000), Some(1_000));
        histogram.clear();
        assert_eq!((histogram.count(), histogram.max()), (0, 0));
    }
}
