//! ISO 8601 durations as `java.time.Duration.parse` takes them.

/// Milliseconds of `PnDTnHnMn.nS`, cut towards zero; `None` if it is none.
#[must_use]
pub fn parse_ms(text: &str) -> Option<i64> {
    let upper = text.to_ascii_uppercase();
    let (sign, rest) = match upper.as_bytes().first()? {
        b'-' => (-1, &upper[1..]),
        b'+' => (1, &upper[1..]),
        _ => (1, &upper[..]),
    };
    let rest = rest.strip_prefix('P')?;
    let (days, time) = match rest.split_once('T') {
        Some((_, "")) => return None,
        Some((days, time)) => (days, time),
        None => (rest, ""),
    };
    if days.is_empty() && time.is_empty() {
        return None;
    }
    let mut nanos: i128 = 0;
    if !days.is_empty() {
        nanos += whole(days.strip_suffix('D')?)? * 86_400_000_000_000;
    }
    let mut left = time;
    for (unit, length) in [('H', 3_600_000_000_000), ('M', 60_000_000_000)] {
        if let Some((amount, after)) = left.split_once(unit) {
            nanos += whole(amount)? * length;
            left = after;
        }
    }
    if !left.is_empty() {
        nanos += seconds(left.strip_suffix('S')?)?;
    }
    i64::try_from(sign * nanos / 1_000_000).ok()
}

/// `[-+]?[0-9]+`
fn whole(text: &str) -> Option<i128> {
    text.parse::<i64>().ok().map(i128::from)
}

/// `[-+]?[0-9]+([.,][0-9]{0,9})?`, in nanoseconds
fn seconds(text: &str) -> Option<i128> {
    let (amount, fraction) = text.split_once(['.', ',']).unwrap_or((text, ""));
    if fraction.len() > 9 || !fraction.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let part: i128 = format!("{fraction:0<9}").parse().ok()?;
    let sign = if amount.starts_with('-') { -1 } else { 1 };
    Some(whole(amount)? * 1_000_000_000 + sign * part)
}

#[cfg(test)]
mod tests {
    use super::parse_ms;

    #[test]
    fn durations_java_takes() {
        for (text, ms) in [
            ("PT1H", 3_600_000),
            ("P7D", 604_800_000),
            ("p1dt2h3m4.005s", 93_784_005),
            ("-PT0.5S", -500),
            ("PT-0,5S", -500),
            ("PT0S", 0),
        ] {
            assert_eq!(parse_ms(text), Some(ms), "{text}");
        }
    }

    #[test]
    fn durations_java_refuses() {
        for text in [
            "",
            "P",
            "PT",
            "P1DT",
            "1h",
            "PT1",
            "P1H",
            "PT1D",
            "PT1S2H",
            "PT1.0000000001S",
            "PTS",
            "P1W",
        ] {
            assert_eq!(parse_ms(text), None, "{text}");
        }
    }
}
