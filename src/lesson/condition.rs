//! A condition: a measure, a comparison, a value. `lag(billing) <= 10`, `config(payments, acks) =
//! all | -1`.

use super::measure::Measure;
use crate::config::closest;
use crate::scenario::parse_duration;

/// How a measure is compared.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub enum Op {
    /// `>=`
    AtLeast,
    /// `<=`
    AtMost,
    /// `>`
    Over,
    /// `<`
    Under,
    /// `=`
    Is,
    /// `!=`
    IsNot,
}

/// The longer ones first.
const OPS: [(&str, Op); 6] = [
    (">=", Op::AtLeast),
    ("<=", Op::AtMost),
    ("!=", Op::IsNot),
    (">", Op::Over),
    ("<", Op::Under),
    ("=", Op::Is),
];

/// Something that holds or does not.
#[derive(Clone, Debug)]
pub struct Condition {
    /// What is measured.
    pub measure: &'static Measure,
    /// Of what.
    pub args: Vec<String>,
    /// How it is compared.
    pub op: Op,
    /// With what number; times in µs.
    pub number: i64,
    /// With which words, where the measure is a word.
    pub words: Vec<String>,
    /// Where it stands in its file.
    pub(super) at: usize,
}

impl Condition {
    /// Reads one.
    ///
    /// # Errors
    /// What is wrong, and how to mend it.
    pub fn parse(text: &str) -> Result<Self, String> {
        Self::parse_at(text, 0)
    }

    pub(super) fn parse_at(text: &str, place: usize) -> Result<Self, String> {
        let found = OPS.iter().filter_map(|(sign, op)| Some((text.find(sign)?, *sign, *op)));
        // The leftmost sign; at one place the longer one, which comes first.
        let first = found.reduce(|first, other| if other.0 < first.0 { other } else { first });
        let Some((at, sign, op)) = first else {
            return Err(format!(
                "`{text}` compares nothing; write for example `acknowledged >= 50`"
            ));
        };
        let (measure, args) = call(text[..at].trim())?;
        let value = text[at + sign.len()..].trim();
        if value.is_empty() {
            return Err(format!("nothing stands behind `{sign}`"));
        }
        let (mut number, mut words) = (0, Vec::new());
        if measure.is_text() {
            if !matches!(op, Op::Is | Op::IsNot) {
                return Err(format!("`{}` is a word: compare it with = or !=", measure.word));
            }
            words = value.split('|').map(|word| word.trim().to_owned()).collect();
        } else if measure.is_time() {
            number = parse_duration(value)? as i64;
        } else {
            number = value.parse::<u32>().map(i64::from).map_err(|_| {
                format!("`{value}` is no whole number, which is what `{}` wants", measure.word)
            })?;
        }
        Ok(Self { measure, args, op, number, words, at: place })
    }

    /// Whether a number meets it.
    pub fn holds(&self, number: i64) -> bool {
        match self.op {
            Op::AtLeast => number >= self.number,
            Op::AtMost => number <= self.number,
            Op::Over => number > self.number,
            Op::Under => number < self.number,
            Op::Is => number == self.number,
            Op::IsNot => number != self.number,
        }
    }

    /// Whether a word meets it.
    pub fn holds_word(&self, word: &str) -> bool {
        self.words.iter().any(|wanted| wanted == word) == (self.op == Op::Is)
    }
}

/// Reads `word` or `word(a, b)`.
///
/// # Errors
/// What is wrong, and how to mend it.
pub(super) fn call(text: &str) -> Result<(&'static Measure, Vec<String>), String> {
    let (word, inner) = match text.split_once('(') {
        None => (text, None),
        Some((word, rest)) => {
            let inner = rest.trim_end().strip_suffix(')');
            (word.trim(), Some(inner.ok_or_else(|| format!("`{text}` lacks its closing bracket"))?))
        }
    };
    let Some(measure) = Measure::named(word) else {
        let known = || super::measure::MEASURES.iter().map(|measure| measure.word);
        return Err(match closest(known(), word) {
            Some(meant) => format!("there is no measure `{word}`; did you mean `{meant}`?"),
            None => format!(
                "there is no measure `{word}`; there are {}",
                known().collect::<Vec<_>>().join(", ")
            ),
        });
    };
    let args: Vec<String> = match inner.map(str::trim) {
        None | Some("") => Vec::new(),
        Some(inner) => inner.split(',').map(|arg| arg.trim().to_owned()).collect(),
    };
    if args.len() < measure.needed || args.len() > measure.args.len() {
        return Err(match (measure.needed, measure.args.len()) {
            (_, 0) => format!("`{word}` takes nothing in brackets"),
            (needed, most) if needed == most => format!("`{word}` wants {needed} in its brackets"),
            (needed, most) => format!("`{word}` wants {needed} to {most} in its brackets"),
        });
    }
    Ok((measure, args))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read() {
        let read = |text| Condition::parse(text).unwrap_or_else(|error| panic!("{error}"));
        let lag = read("lag(billing) <= 10");
        assert_eq!((lag.measure.word, lag.op, lag.number), ("lag", Op::AtMost, 10));
        assert!(lag.holds(10) && !lag.holds(11));
        let acks = read("config(payments, acks) = all | -1");
        assert_eq!(acks.args, ["payments", "acks"]);
        assert!(acks.holds_word("-1") && !acks.holds_word("1"));
        assert!(read("config(payments, acks) != all").holds_word("1"));
        assert_eq!(read("latency-p99 < 20ms").number, 20_000);
    }

    #[test]
    fn what_is_wrong_is_named() {
        for (text, named) in [
            ("acknowledged", "compares nothing"),
            ("acknowledgd >= 1", "did you mean `acknowledged`?"),
            ("lag >= 1", "`lag` wants 1"),
            ("lag(billing >= 1", "closing bracket"),
            ("lag(billing) >= ten", "`ten`"),
            ("latency-p99 < 20", "no time"),
            ("brokers-running(1) = 2", "takes nothing"),
            ("config(payments, acks) > 1", "= or !="),
            ("lost >=", "behind"),
        ] {
            let error = Condition::parse(text).expect_err(text);
            assert!(error.contains(named), "{text}: {error}");
        }
    }
}
