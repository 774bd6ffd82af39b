//! Doubles from decimal text and back, exactly as the standard library reads and prints them.
//!
//! Its readers and printers are fast by tables of powers that weigh more, on the page, than all of
//! Kafka's configs. Here a number is a big integer and a power of ten: slow, and small.

/// A whole number of any size, its lowest 32 bits first and no zeros on top.
#[derive(Default)]
struct Big(Vec<u32>);

/// Digits past these decide nothing but that the number is a little larger.
const DIGITS: usize = 800;

/// Reads `12`, `-1.5`, `.5` or `2e-3`; nothing else.
pub fn parse(text: &str) -> Option<f64> {
    let (is_negative, text) = signed(text);
    let (digits, exponent) = text.split_once(['e', 'E']).unwrap_or((text, "0"));
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let all_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    let (drops, power) = signed(exponent);
    if whole.len() + fraction.len() == 0
        || power.is_empty()
        || ![whole, fraction, power].into_iter().all(all_digits)
    {
        return None;
    }
    // What does not fit makes the number infinite or nothing anyway.
    let power = power.parse::<i32>().map_or(i64::from(i32::MAX), i64::from);
    let mut ten = if drops { -power } else { power };
    ten -= fraction.len() as i64;
    let (mut number, mut taken, mut rest) = (Big::default(), 0, false);
    for digit in whole.bytes().chain(fraction.bytes()).map(|byte| u32::from(byte - b'0')) {
        if taken < DIGITS {
            number.times_plus(10, digit);
            taken += usize::from(!number.0.is_empty());
        } else {
            rest |= digit != 0;
            ten += 1;
        }
    }
    let magnitude = match ten {
        _ if taken == 0 => 0.0,
        310.. => f64::INFINITY,
        ten if ten + (taken as i64) < -330 => 0.0,
        ten => number.scaled(ten as i32, rest),
    };
    Some(if is_negative { -magnitude } else { magnitude })
}

fn signed(text: &str) -> (bool, &str) {
    match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    }
}

/// The fewest digits that read as `number` again, and the power of ten of the first one; `number`
/// is finite and above zero.
pub fn shortest(number: f64) -> (String, i32) {
    let (mantissa, two) = parts(number);
    let mut exact = Big::from(mantissa);
    for _ in two..0 {
        exact.times_plus(5, 0);
    }
    exact.shift_left(two.max(0) as u32);
    let digits = exact.digits();
    let first = digits.len() as i32 - 1 + two.min(0);
    for length in 1..digits.len() {
        let below: u64 = digits[..length].parse().unwrap_or(u64::MAX - 1);
        // The nearer one first: a number may lie as near to the next one as to be read as it.
        let up = u64::from(digits.as_bytes()[length] >= b'5');
        for near in [below + up, below + 1 - up] {
            let text = near.to_string();
            if parse(&format!("{text}e{}", first + 1 - length as i32)) == Some(number) {
                let first = first + (text.len() - length) as i32;
                return (text.trim_end_matches('0').to_owned(), first);
            }
        }
    }
    (digits.trim_end_matches('0').to_owned(), first)
}

/// A number above zero as a whole number and a power of two.
fn parts(number: f64) -> (u64, i32) {
    let (bits, hidden) = (number.to_bits(), 1 << 52);
    match (bits >> 52) as i32 {
        0 => (bits, -1074),
        power => (bits % hidden + hidden, power - 1075),
    }
}

impl From<u64> for Big {
    fn from(number: u64) -> Self {
        let mut big = Self(vec![number as u32, (number >> 32) as u32]);
        big.trim();
        big
    }
}

impl Big {
    fn trim(&mut self) {
        while self.0.last() == Some(&0) {
            self.0.pop();
        }
    }

    fn bits(&self) -> i32 {
        self.0.last().map_or(0, |top| self.0.len() as i32 * 32 - top.leading_zeros() as i32)
    }

    fn times_plus(&mut self, factor: u32, summand: u32) {
        let mut carry = u64::from(summand);
        for limb in &mut self.0 {
            carry += u64::from(*limb) * u64::from(factor);
            *limb = carry as u32;
            carry >>= 32;
        }
        if carry > 0 {
            self.0.push(carry as u32);
        }
    }

    /// Divides, and gives back the remainder.
    fn divide(&mut self, divisor: u32) -> u32 {
        let mut rest = 0;
        for limb in self.0.iter_mut().rev() {
            let part = rest << 32 | u64::from(*limb);
            *limb = (part / u64::from(divisor)) as u32;
            rest = part % u64::from(divisor);
        }
        self.trim();
        rest as u32
    }

    fn shift_left(&mut self, bits: u32) {
        for _ in 0..bits % 32 {
            self.times_plus(2, 0);
        }
        self.0.splice(0..0, std::iter::repeat_n(0, bits as usize / 32));
        self.trim();
    }

    /// Shifts right, and tells whether a bit was lost.
    fn shift_right(&mut self, bits: u32) -> bool {
        let lost = self.0.drain(..(bits as usize / 32).min(self.0.len())).any(|limb| limb != 0);
        self.divide(1 << (bits % 32)) != 0 || lost
    }

    fn digits(mut self) -> String {
        let mut digits = Vec::new();
        while !self.0.is_empty() {
            digits.push(char::from(b'0' + self.divide(10) as u8));
        }
        digits.into_iter().rev().collect()
    }

    /// The double nearest to this number times a power of ten, or to a little `more` than that.
    fn scaled(mut self, ten: i32, mut more: bool) -> f64 {
        for _ in 0..ten {
            self.times_plus(10, 0);
        }
        // Enough bits to be left with 66 of them.
        let shift = (66 - ten.min(0) * 10 / 3 - self.bits()).max(0);
        self.shift_left(shift as u32);
        for _ in ten..0 {
            more |= self.divide(10) != 0;
        }
        // 53 bits stay, or those above the smallest number there is; and one to round by.
        let two = (self.bits() - shift - 53).max(-1074);
        more |= self.shift_right((two + shift - 1) as u32);
        let limb = |at| self.0.get(at).map_or(0, |&limb| u64::from(limb));
        let twice = limb(1) << 32 | limb(0);
        let is_up = twice & 1 == 1 && (more || twice & 2 == 2);
        let mantissa = (twice >> 1) + u64::from(is_up);
        // A mantissa that is all carried over runs into the exponent, as it should.
        let exponent = if mantissa < 1 << 52 { 0 } else { (two + 1074) as u64 };
        match (exponent << 52) + mantissa {
            bits if exponent < 2046 && bits < f64::INFINITY.to_bits() => f64::from_bits(bits),
            _ => f64::INFINITY,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn agrees(text: &str) {
        let ours = parse(text).map(f64::to_bits);
        assert_eq!(ours, text.parse::<f64>().ok().map(f64::to_bits), "{text}");
    }

    fn prints_alike(number: f64) {
        let (digits, first) = shortest(number);
        let text = match digits.split_at(1) {
            (one, "") => format!("{one}e{first}"),
            (one, rest) => format!("{one}.{rest}e{first}"),
        };
        assert_eq!(text, format!("{number:e}"));
    }

    #[test]
    fn the_edges_of_doubles() {
        let half_the_least = format!("0.{}24703282292062327208", "0".repeat(323));
        for text in [
            "0",
            "-0",
            "+0.0",
            "1",
            ".5",
            "5.",
            "1e5",
            "1E+5",
            "1e-5",
            "0.1",
            "0.3",
            "123456789.25",
            "9007199254740993",
            "9007199254740992.999",
            "1.7976931348623157e308",
            "1e309",
            "1.7976931348623158e308",
            "1.7976931348623159e308",
            "1e400",
            "1e-400",
            "5e-324",
            "2.4703282292062327e-324",
            "2.4703282292062328e-324",
            "2.2250738585072011e-308",
            "2.2250738585072014e-308",
            "1e99999999999",
            "1e-99999999999",
            "0e99999999999",
            "",
            ".",
            "e5",
            "1e",
            "1e+",
            "1.2.3",
            "1 ",
            "--1",
            "0x10",
            "1_000",
            &half_the_least,
        ] {
            agrees(text);
        }
        agrees(&format!("1{}", "0".repeat(900)));
        agrees(&format!("0.{}1", "0".repeat(900)));
        agrees(&format!("{}e-900", "7".repeat(1000)));
        // A tie that the thousandth digit breaks.
        agrees(&format!("9007199254740993{}", "0".repeat(290)));
        agrees(&format!("9007199254740993.{}1", "0".repeat(900)));
        for number in
            [f64::MIN_POSITIVE, f64::MAX, f64::from_bits(1), 2_f64.powi(-44), 1e23, 5e-324]
        {
            prints_alike(number);
        }
        // Below a power of two, the next number is half as far as above.
        (0..52).for_each(|bit| prints_alike(f64::from_bits(1 << bit)));
        (1..2047).for_each(|power| prints_alike(f64::from_bits(power << 52)));
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2_000))]

        #[test]
        fn every_double_is_read_and_printed_as_std_does(bits in 1..f64::INFINITY.to_bits()) {
            let number = f64::from_bits(bits);
            prints_alike(number);
            agrees(&format!("{number:e}"));
            agrees(&format!("{number:.25e}"));
            // As near as can be to the middle between two.
            let next = f64::from_bits(bits + 1);
            if next.is_finite() {
                agrees(&format!("{:.766e}", number / 2.0 + next / 2.0));
            }
        }

        #[test]
        fn every_text_is_read_as_std_does(text in r"[+-]?[0-9]{0,25}\.?[0-9]{0,25}([eE][+-]?[0-9]{0,3})?") {
            agrees(&text);
        }

        #[test]
        fn short_numbers_are_printed_as_std_does(whole in 1_u64..1_000_000, ten in 0..12) {
            prints_alike(whole as f64 / 10_f64.powi(ten));
        }
    }
}
