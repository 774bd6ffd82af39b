//! Speeds of virtual time, from a thousandth to a week a second.

/// The speeds: virtual µs a real second, and the id of the name.
pub const STOPS: [(u64, &str); 11] = [
    (1_000, "speed-thousandth"),
    (10_000, "speed-hundredth"),
    (33_333, "speed-thirtieth"),
    (100_000, "speed-tenth"),
    (333_333, "speed-third"),
    (1_000_000, "speed-real"),
    (10_000_000, "speed-ten"),
    (60_000_000, "speed-minute"),
    (3_600_000_000, "speed-hour"),
    (86_400_000_000, "speed-day"),
    (604_800_000_000, "speed-week"),
];

/// The next slower speed.
pub fn slower(speed: u64) -> u64 {
    let stop = STOPS.iter().rev().find(|(stop, _)| *stop < speed);
    stop.unwrap_or(&STOPS[0]).0
}

/// The next faster speed.
pub fn faster(speed: u64) -> u64 {
    let stop = STOPS.iter().find(|(stop, _)| *stop > speed);
    stop.unwrap_or(&STOPS[STOPS.len() - 1]).0
}

/// Virtual seconds a real second, as a decimal.
pub fn factor(speed: u64) -> String {
    let text = format!("{}.{:06}", speed / 1_000_000, speed % 1_000_000);
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stops_are_in_order_and_have_ends() {
        assert!(STOPS.is_sorted());
        assert_eq!(slower(1_000), 1_000);
        assert_eq!(slower(100_000), 33_333);
        assert_eq!(faster(100_000), 333_333);
        assert_eq!(faster(604_800_000_000), 604_800_000_000);
    }

    #[test]
    fn factors_are_decimals() {
        assert_eq!(factor(20_000), "0.02");
        assert_eq!(factor(5_000_000), "5");
        assert_eq!(factor(1), "0.000001");
        assert_eq!(factor(10_000_000), "10");
    }
}
