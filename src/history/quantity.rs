//! Quantities with units, as people write them: `5ms`, `20/s`, `16KiB`. Integers only: a decimal
//! fraction is scaled, never rounded through a float.

use crate::engine::Micros;

/// How to write a duration.
pub(super) const DURATION_HELP: &str =
    "write a number and a unit, such as \"200us\", \"5ms\", \"1.5s\", \"2m\", \"1h\" or \"7d\"";
/// How to write a rate.
pub(super) const RATE_HELP: &str = "write records per time, such as \"20/s\", \"90/m\" or \"5/h\"";
/// How to write a size.
pub(super) const SIZE_HELP: &str =
    "write a number and a unit, such as \"100B\", \"16KiB\", \"1MiB\" or \"125MB\"";

const DURATIONS: [(&str, u64); 6] = [
    ("us", 1),
    ("ms", 1_000),
    ("s", 1_000_000),
    ("m", 60_000_000),
    ("h", 3_600_000_000),
    ("d", 86_400_000_000),
];

const SIZES: [(&str, u64); 7] = [
    ("B", 1),
    ("KiB", 1 << 10),
    ("MiB", 1 << 20),
    ("GiB", 1 << 30),
    ("KB", 1_000),
    ("MB", 1_000_000),
    ("GB", 1_000_000_000),
];

/// A duration in µs; parts of a µs are not one.
pub fn parse_duration(text: &str) -> Option<Micros> {
    with_unit(text, &DURATIONS)
}

/// A size in bytes.
pub fn parse_size(text: &str) -> Option<u64> {
    with_unit(text, &SIZES)
}

/// The mean time between records of a rate, in µs; `None` also for none at all and for more than
/// one a µs.
pub fn parse_rate(text: &str) -> Option<Micros> {
    let (number, unit) = text.split_once('/')?;
    let named = DURATIONS.iter().find(|(name, _)| *name == unit.trim());
    let unit_us = named.map_or_else(|| parse_duration(unit), |&(_, us)| Some(us))?;
    let (digits, scale) = decimal(number.trim())?;
    let interval_us = u128::from(unit_us).checked_mul(u128::from(scale))?;
    let interval_us = interval_us.checked_div(u128::from(digits))?;
    u64::try_from(interval_us).ok().filter(|&us| us > 0)
}

/// A bandwidth in bytes a second; `unlimited` is 0.
pub fn parse_bandwidth(text: &str) -> Option<u64> {
    match text {
        "unlimited" => Some(0),
        _ => parse_size(text.strip_suffix("/s")?.trim_end()).filter(|&bytes| bytes > 0),
    }
}

/// A duration as short as it can be written.
pub fn show_duration(us: Micros) -> String {
    let fits = |&&(_, unit_us): &&(&str, u64)| us.is_multiple_of(unit_us);
    match DURATIONS.iter().rev().find(fits) {
        Some((unit, unit_us)) if us > 0 => format!("{}{unit}", us / unit_us),
        _ => "0s".to_owned(),
    }
}

/// The rate of one record in so many µs on average, in round numbers where there are any.
pub(super) fn show_rate(interval_us: Micros) -> String {
    for (unit, unit_us) in [("s", 1_000_000), ("m", 60_000_000), ("h", 3_600_000_000)] {
        let records = unit_us / interval_us.max(1);
        if records > 0 && unit_us / records == interval_us {
            return format!("{records}/{unit}");
        }
    }
    format!("1/{}", show_duration(interval_us))
}

fn with_unit(text: &str, units: &[(&str, u64)]) -> Option<u64> {
    let text = text.trim();
    let digits = text.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(text.len());
    let (number, unit) = text.split_at(digits);
    let unit = units.iter().find(|(name, _)| *name == unit.trim())?.1;
    let (digits, scale) = decimal(number)?;
    let scaled = u128::from(digits) * u128::from(unit);
    if !scaled.is_multiple_of(u128::from(scale)) {
        return None;
    }
    u64::try_from(scaled / u128::from(scale)).ok()
}

/// `12.5` is (125, 10).
fn decimal(text: &str) -> Option<(u64, u64)> {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    let is_number = |part: &str| part.bytes().all(|b| b.is_ascii_digit());
    if whole.is_empty() || !is_number(whole) || !is_number(fraction) || text.ends_with('.') {
        return None;
    }
    let scale = 10_u64.checked_pow(u32::try_from(fraction.len()).ok()?)?;
    let whole = whole.parse::<u64>().ok()?.checked_mul(scale)?;
    let fraction = if fraction.is_empty() { 0 } else { fraction.parse().ok()? };
    Some((whole.checked_add(fraction)?, scale))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations() {
        for (text, us) in [
            ("200us", 200),
            ("5ms", 5_000),
            ("1.5s", 1_500_000),
            ("0.000001s", 1),
            ("2m", 120_000_000),
            ("1h", 3_600_000_000),
            ("7d", 604_800_000_000),
            ("0ms", 0),
            ("10 ms", 10_000),
        ] {
            assert_eq!(parse_duration(text), Some(us), "{text}");
        }
        for text in
            ["", "5", "ms", "5sec", "-5ms", "1e3s", "1.5us", "5.ms", ".5s", "1..5s", "99999999999d"]
        {
            assert_eq!(parse_duration(text), None, "{text}");
        }
    }

    #[test]
    fn durations_are_shown_as_short_as_can_be() {
        for text in ["200us", "5ms", "1500ms", "2m", "1h", "7d"] {
            assert_eq!(show_duration(parse_duration(text).expect("a duration")), text);
        }
        assert_eq!(show_duration(0), "0s");
    }

    #[test]
    fn rates() {
        for (text, us) in
            [("20/s", 50_000), ("0.5/s", 2_000_000), ("90/m", 666_666), ("1000000/s", 1)]
        {
            assert_eq!(parse_rate(text), Some(us), "{text}");
            assert_eq!(parse_rate(&show_rate(us)), Some(us), "{}", show_rate(us));
        }
        for us in [1, 7, 50_000, 333_333, 400_001, 86_400_000_000] {
            assert_eq!(parse_rate(&show_rate(us)), Some(us), "{}", show_rate(us));
        }
        assert_eq!(parse_rate("3/10ms"), Some(3_333));
        for text in ["20", "0/s", "2000000/s", "20 per s", "/s", "-1/s"] {
            assert_eq!(parse_rate(text), None, "{text}");
        }
    }

    #[test]
    fn sizes() {
        for (text, bytes) in [("100B", 100), ("16KiB", 16_384), ("1.5MiB", 1_572_864)] {
            assert_eq!(parse_size(text), Some(bytes), "{text}");
        }
        assert_eq!(parse_size("100"), None);
        assert_eq!(parse_size("1.5B"), None);
        assert_eq!(parse_bandwidth("125MB/s"), Some(125_000_000));
        assert_eq!(parse_bandwidth("unlimited"), Some(0));
        assert_eq!(parse_bandwidth("0B/s"), None);
    }
}
