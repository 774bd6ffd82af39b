/// ln 2 with 32 fractional bits.
const LN2_Q32: u64 = 2_977_044_472;
const TABLE_BITS: u32 = 8;
const LOG2: [u32; (1 << TABLE_BITS) + 1] = log2_table();

/// `-ln(u / 2^64)` with 32 fractional bits, for `u` from 1 on; 0 counts as 1.
///
/// Integers only, so every target computes the same bits. The logarithm of the mantissa is
/// interpolated in a table of 256 steps: off by less than 0.000003.
#[inline]
pub(super) fn minus_ln_q32(u: u64) -> u64 {
    let u = u.max(1);
    let zeros = u.leading_zeros();
    // The mantissa without its leading one: the fraction of m in 1 <= m < 2.
    let fraction = u << zeros << 1;
    let step = (fraction >> (64 - TABLE_BITS)) as usize;
    let within_q32 = fraction << TABLE_BITS >> 32;
    let (low, high) = (u64::from(LOG2[step]), u64::from(LOG2[step + 1]));
    let log2_mantissa_q32 = 2 * (low + (((high - low) * within_q32) >> 32));
    // log2(u) = 63 - zeros + log2(m), so -log2(u / 2^64) = zeros + 1 - log2(m).
    let minus_log2_q32 = (u64::from(zeros + 1) << 32) - log2_mantissa_q32;
    ((u128::from(minus_log2_q32) * u128::from(LN2_Q32)) >> 32) as u64
}

/// log2(1 + i / 256) with 31 fractional bits.
const fn log2_table() -> [u32; (1 << TABLE_BITS) + 1] {
    let mut table = [0; (1 << TABLE_BITS) + 1];
    let mut i = 0;
    while i < table.len() {
        table[i] = log2_q31((1 << 31) + ((i as u64) << (31 - TABLE_BITS)));
        i += 1;
    }
    table
}

/// log2 of `m` (1 to 2, with 31 fractional bits) by repeated squaring, one bit a step.
const fn log2_q31(mut m: u64) -> u32 {
    if m >= 2 << 31 {
        return 1 << 31;
    }
    let mut result = 0;
    let mut bit = 1 << 30;
    while bit > 0 {
        m = (m * m) >> 31;
        if m >= 2 << 31 {
            m >>= 1;
            result |= bit;
        }
        bit >>= 1;
    }
    result
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn agrees_with_the_logarithm_of_floats() {
        let mut u = 1_u64;
        for step in 0..200_000_u64 {
            u = u.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(step);
            let sample = (u >> (step % 64)).max(1);
            let exact = -(sample as f64 / 2_f64.powi(64)).ln();
            let ours = minus_ln_q32(sample) as f64 / 2_f64.powi(32);
            assert!((exact - ours).abs() < 0.000_003, "{sample}: {exact} {ours}");
        }
    }

    #[test]
    fn ends_of_the_range() {
        assert!(minus_ln_q32(u64::MAX) < 8, "no more than rounding");
        assert_eq!(minus_ln_q32(0), minus_ln_q32(1));
        assert_eq!(minus_ln_q32(1 << 63), LN2_Q32);
        assert_eq!(minus_ln_q32(1), 64 * LN2_Q32);
    }

    #[test]
    fn falls_all_the_way() {
        let mut last = u64::MAX;
        for step in 0..1_000_000 {
            let value = minus_ln_q32(step << 44 | 1);
            assert!(value <= last);
            last = value;
        }
    }
}
