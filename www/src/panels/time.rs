//! Virtual time, written for people.

use highwater::engine::Micros;

/// A moment: `12.408 s`, `3:05.120`, `1:02:03` or `2 d 4:05:06`.
pub fn moment(at_us: Micros) -> String {
    let ms = at_us / 1000;
    let (seconds, ms) = (ms / 1000, ms % 1000);
    let (minutes, seconds) = (seconds / 60, seconds % 60);
    let (hours, minutes) = (minutes / 60, minutes % 60);
    let (days, hours) = (hours / 24, hours % 24);
    match (days, hours, minutes) {
        (0, 0, 0) => format!("{seconds}.{ms:03} s"),
        (0, 0, _) => format!("{minutes}:{seconds:02}.{ms:03}"),
        (0, ..) => format!("{hours}:{minutes:02}:{seconds:02}"),
        _ => format!("{days} d {hours}:{minutes:02}:{seconds:02}"),
    }
}

/// A span, to a glance: `850 µs`, `30 ms`, `4.2 s`, `3 min`, `2 h`.
pub fn span(us: u64) -> String {
    match us {
        0..1_000 => format!("{us} µs"),
        1_000..1_000_000 => format!("{} ms", us / 1_000),
        1_000_000..60_000_000 if us.is_multiple_of(1_000_000) => format!("{} s", us / 1_000_000),
        1_000_000..60_000_000 => format!("{}.{} s", us / 1_000_000, us / 100_000 % 10),
        60_000_000..3_600_000_000 => format!("{} min", us / 60_000_000),
        _ => format!("{} h", us / 3_600_000_000),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_grow_with_the_run() {
        assert_eq!(moment(12_408_900), "12.408 s");
        assert_eq!(moment(185_120_000), "3:05.120");
        assert_eq!(moment(3_723_000_000), "1:02:03");
        assert_eq!(moment(187_506_000_000), "2 d 4:05:06");
    }

    #[test]
    fn spans_have_one_unit() {
        assert_eq!(span(850), "850 µs");
        assert_eq!(span(30_000), "30 ms");
        assert_eq!(span(4_200_000), "4.2 s");
        assert_eq!(span(45_000_000), "45 s");
        assert_eq!(span(300_000_000), "5 min");
    }
}
