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

    /// A moment of the run in seconds, to the millisecond: `12.408`.
    pub fn moment(&self, at_us: u64) -> String {
        let ms = at_us / 1000;
        format!("{}{}{:03}", ms / 1000, self.point(), ms % 1000)
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
