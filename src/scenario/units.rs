//! Times, sizes and rates as people write them: `"1.5s"`, `"16KiB"`, `"20/s"`.

/// Units of time, in µs.
const TIMES: [(&str, u64); 8] = [
    ("us", 1),
    ("µs", 1),
    ("ms", 1_000),
    ("s", 1_000_000),
    ("m", 60_000_000),
    ("h", 3_600_000_000),
    ("d", 86_400_000_000),
    ("w", 604_800_000_000),
];

/// Units of size, in bytes.
const SIZES: [(&str, u64); 7] = [
    ("B", 1),
    ("kB", 1_000),
    ("KB", 1_000),
    ("KiB", 1 << 10),
    ("MB", 1_000_000),
    ("MiB", 1 << 20),
    ("GB", 1_000_000_000),
];

/// Reads a time such as `20ms`, `1.5s`, `7d`, in µs.
///
/// # Errors
/// What a time looks like.
pub fn parse_duration(text: &str) -> Result<u64, String> {
    parse(text, &TIMES).ok_or_else(|| {
        format!("`{text}` is no time; write a number and one of us, ms, s, m, h, d, w: \"1.5s\"")
    })
}

/// Reads a size such as `16KiB`, in bytes.
pub(super) fn parse_size(text: &str) -> Option<u64> {
    parse(text, &SIZES)
}

/// Reads a rate such as `20/s` or `1/10s`, as the µs between two.
pub(super) fn parse_rate(text: &str) -> Option<u64> {
    let (count, span) = text.split_once('/')?;
    let span = span.trim();
    let unit_us = TIMES.iter().find(|(name, _)| *name == span).map(|&(_, us)| us);
    let span_us = unit_us.or_else(|| parse(span, &TIMES))?;
    let (count, denominator) = decimal(count.trim())?;
    let interval_us =
        (u128::from(span_us) * u128::from(denominator)).checked_div(u128::from(count))?;
    // More than a record a µs cannot be told apart in virtual time.
    u64::try_from(interval_us).ok().filter(|&us| us >= 1)
}

/// The rate with so many µs between two, in the smallest unit that leaves a whole number.
pub(super) fn format_rate(interval_us: u64) -> String {
    let unit = ["s", "m", "h", "d", "w"].into_iter().find_map(|name| {
        let (_, span_us) = TIMES.iter().find(|(unit, _)| *unit == name)?;
        (interval_us > 0 && span_us % interval_us == 0)
            .then(|| format!("{}/{name}", span_us / interval_us))
    });
    unit.unwrap_or_else(|| format!("1/{}", format_duration(interval_us)))
}

/// A time in the largest unit that leaves a whole number.
pub fn format_duration(us: u64) -> String {
    let unit = ["w", "d", "h", "m", "s", "ms"].into_iter().find_map(|name| {
        let (_, factor) = TIMES.iter().find(|(unit, _)| *unit == name)?;
        (us > 0 && us.is_multiple_of(*factor)).then(|| format!("{}{name}", us / factor))
    });
    unit.unwrap_or_else(|| format!("{us}us"))
}

fn parse(text: &str, units: &[(&str, u64)]) -> Option<u64> {
    let digits = text.find(|c: char| !c.is_ascii_digit() && c != '.')?;
    let (number, unit) = text.split_at(digits);
    let factor = units.iter().find(|(name, _)| *name == unit.trim())?.1;
    let (number, denominator) = decimal(number)?;
    let scaled = u128::from(number) * u128::from(factor) / u128::from(denominator);
    u64::try_from(scaled).ok()
}

/// A decimal number as numerator and power of ten: integers only, so that every machine agrees.
fn decimal(text: &str) -> Option<(u64, u64)> {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    if whole.is_empty() || fraction.len() > 6 || (text.contains('.') && fraction.is_empty()) {
        return None;
    }
    let denominator = 10_u64.pow(fraction.len() as u32);
    let fraction = if fraction.is_empty() { 0 } else { fraction.parse::<u64>().ok()? };
    let number = whole.parse::<u64>().ok()?.checked_mul(denominator)?.checked_add(fraction)?;
    Some((number, denominator))
}

/// Thousandths as a number with decimals, none of them in vain.
pub(super) struct Decimal(pub(super) u16);

impl std::fmt::Display for Decimal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let text = format!("{}.{:03}", self.0 / 1000, self.0 % 1000);
        f.write_str(text.trim_end_matches('0').trim_end_matches('.'))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times() {
        for (text, us) in [
            ("200us", 200),
            ("20ms", 20_000),
            ("1.5s", 1_500_000),
            ("0.001ms", 1),
            ("2m", 120_000_000),
            ("7d", 604_800_000_000),
        ] {
            assert_eq!(parse_duration(text), Ok(us), "{text}");
        }
        for text in ["", "5", "5 parsecs", "-1s", ".5s", "1.s", "1e3s", "99999999999999w"] {
            assert!(parse_duration(text).is_err(), "{text}");
        }
    }

    #[test]
    fn sizes_and_rates() {
        assert_eq!(parse_size("16KiB"), Some(16_384));
        assert_eq!(parse_size("125MB"), Some(125_000_000));
        assert_eq!(parse_size("16"), None);
        for (text, interval_us) in [
            ("20/s", Some(50_000)),
            ("0.5/s", Some(2_000_000)),
            ("6/m", Some(10_000_000)),
            ("1/1.5s", Some(1_500_000)),
            ("2000000/s", None),
            ("0/s", None),
            ("20", None),
            ("20/parsec", None),
        ] {
            assert_eq!(parse_rate(text), interval_us, "{text}");
        }
    }

    #[test]
    fn times_and_rates_are_written_as_they_were_read() {
        for text in ["200us", "20ms", "1500ms", "2m", "1w"] {
            assert_eq!(format_duration(parse_duration(text).unwrap()), text);
        }
        assert_eq!(format_duration(0), "0us");
        for text in ["20/s", "1/s", "30/m", "2/w", "1/11s", "1/333333us"] {
            assert_eq!(format_rate(parse_rate(text).unwrap()), text);
        }
    }
}
