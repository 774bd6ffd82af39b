//! Numbers and times as the language writes them.

use super::Text;

impl Text {
    /// A whole number, its thousands set apart.
    pub fn number(&self, number: u64) -> String {
        let separator = if self.code() == "ru" { '\u{a0}' } else { ',' };
        let digits = number.to_string();
        let mut grouped = String::with_capacity(digits.len() + digits.len() / 3);
        for (index, digit) in digits.chars().enumerate() {
            // Russian leaves four digits together.
            let apart = self.code() != "ru" || digits.len() > 4;
            if apart && index > 0 && (digits.len() - index).is_multiple_of(3) {
                grouped.push(separator);
            }
            grouped.push(digit);
        }
        grouped
    }

    /// A moment of the run, to the millisecond: `12.408`, `3:05.120`, `1:02:03.000`,
    /// `2 d 4:05:06.000`.
    pub fn moment(&self, at_us: u64) -> String {
        format!("{}{}{:03}", self.whole_seconds(at_us), self.point(), at_us / 1_000 % 1_000)
    }

    /// The same for a clock: with its unit when it is seconds alone, and without milliseconds
    /// when there are hours: `12.408 s`, `3:05.120`, `1:02:03`.
    pub fn clock(&self, at_us: u64) -> String {
        match at_us / 60_000_000 {
            0 => format!("{}\u{a0}{}", self.moment(at_us), self.get("unit-seconds")),
            1..60 => self.moment(at_us),
            _ => self.whole_seconds(at_us),
        }
    }

    fn whole_seconds(&self, at_us: u64) -> String {
        let seconds = at_us / 1_000_000;
        let (minutes, seconds) = (seconds / 60, seconds % 60);
        let (hours, minutes) = (minutes / 60, minutes % 60);
        match (hours / 24, hours % 24, minutes) {
            (0, 0, 0) => seconds.to_string(),
            (0, 0, _) => format!("{minutes}:{seconds:02}"),
            (0, ..) => format!("{hours}:{minutes:02}:{seconds:02}"),
            (days, hours, _) => {
                let unit = self.get("unit-days");
                format!("{days}\u{a0}{unit} {hours}:{minutes:02}:{seconds:02}")
            }
        }
    }

    /// A span of time with its unit, to three digits: `340 µs`, `12.4 ms`, `2.5 s`, `4 min`.
    pub fn span(&self, span_us: u64) -> String {
        const UNITS: [(u64, &str); 6] = [
            (86_400_000_000, "unit-days"),
            (3_600_000_000, "unit-hours"),
            (60_000_000, "unit-minutes"),
            (1_000_000, "unit-seconds"),
            (1_000, "unit-milliseconds"),
            (1, "unit-microseconds"),
        ];
        let fits = |unit: &&(u64, &str)| span_us >= unit.0;
        let (unit_us, id) = UNITS.iter().find(fits).unwrap_or(&UNITS[4]);
        format!("{}\u{a0}{}", self.ratio(span_us, *unit_us), self.get(id))
    }

    /// `part / whole` with one decimal below 100, when it is not zero.
    pub fn ratio(&self, part: u64, whole: u64) -> String {
        let tenths = (part * 10 + whole / 2) / whole;
        if tenths >= 1000 || tenths.is_multiple_of(10) {
            return self.number((tenths + 5 * u64::from(tenths >= 1000)) / 10);
        }
        format!("{}{}{}", tenths / 10, self.point(), tenths % 10)
    }

    fn point(&self) -> char {
        if self.code() == "ru" { ',' } else { '.' }
    }
}
