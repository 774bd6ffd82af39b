//! Numbers in the words of a lesson: each is what the model does, or says where it comes from.
//!
//! `[9 s](= default(broker, broker.session.timeout.ms))`, `[3](= end: lost)`.

use super::condition::call;
use super::gauge::{Baseline, Facts};
use super::measure::Measure;
use super::number_words;
use crate::config::{DefaultValue, Scope, Unit, find};

/// A moment at which a number holds.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub(super) enum When {
    /// As the lesson begins.
    Start,
    /// When the solution has been played.
    End,
    /// When a wrong answer has been played: its place, from 0.
    Wrong(usize),
}

/// What a number is said to be.
#[derive(Debug)]
pub(super) struct Claim<'t> {
    /// Give or take a tenth.
    about: bool,
    source: Source<'t>,
}

#[derive(Debug)]
enum Source<'t> {
    /// Known of Kafka; nothing here could prove it.
    Fact,
    Default(Scope, &'t str),
    Measure(When, &'static Measure, Vec<String>),
}

/// A number in its smallest unit: µs, bytes, or pieces.
#[derive(Copy, Clone, Debug, PartialEq)]
struct Quantity {
    value: f64,
    kind: Kind,
}

#[derive(Copy, Clone, Debug, PartialEq, Eq)]
enum Kind {
    Plain,
    Time,
    Bytes,
}

const UNITS: [(&str, Kind, f64); 26] = [
    ("µs", Kind::Time, 1.0),
    ("мкс", Kind::Time, 1.0),
    ("ms", Kind::Time, 1e3),
    ("мс", Kind::Time, 1e3),
    ("s", Kind::Time, 1e6),
    ("с", Kind::Time, 1e6),
    ("seconds", Kind::Time, 1e6),
    ("секунд", Kind::Time, 1e6),
    ("секунды", Kind::Time, 1e6),
    ("min", Kind::Time, 6e7),
    ("мин", Kind::Time, 6e7),
    ("minutes", Kind::Time, 6e7),
    ("минут", Kind::Time, 6e7),
    ("h", Kind::Time, 3.6e9),
    ("ч", Kind::Time, 3.6e9),
    ("days", Kind::Time, 8.64e10),
    ("дней", Kind::Time, 8.64e10),
    ("B", Kind::Bytes, 1.0),
    ("bytes", Kind::Bytes, 1.0),
    ("Б", Kind::Bytes, 1.0),
    ("байт", Kind::Bytes, 1.0),
    ("KiB", Kind::Bytes, 1024.0),
    ("КиБ", Kind::Bytes, 1024.0),
    ("MiB", Kind::Bytes, 1_048_576.0),
    ("МиБ", Kind::Bytes, 1_048_576.0),
    ("kB", Kind::Bytes, 1000.0),
];

impl<'t> Claim<'t> {
    /// Reads what stands behind `=`.
    pub(super) fn parse(target: &'t str) -> Result<Self, String> {
        let (about, target) = match target.strip_prefix('~') {
            Some(rest) => (true, rest.trim()),
            None => (false, target),
        };
        let claim = |source| Ok(Self { about, source });
        if target == "fact" {
            return claim(Source::Fact);
        }
        if let Some(inner) = target.strip_prefix("default(").and_then(|it| it.strip_suffix(')')) {
            let (scope, name) = inner.split_once(',').ok_or("write default(producer, acks)")?;
            let scope = match scope.trim() {
                "producer" => Scope::Producer,
                "consumer" => Scope::Consumer,
                "topic" => Scope::Topic,
                "broker" => Scope::Broker,
                other => {
                    return Err(format!("`{other}` is none of producer, consumer, topic, broker"));
                }
            };
            let name = name.trim();
            find(scope, name).ok_or_else(|| format!("there is no config `{name}`"))?;
            return claim(Source::Default(scope, name));
        }
        let (when, what) = match target.split_once(':') {
            None => (When::Start, target),
            Some(("end", what)) => (When::End, what),
            Some((word, what)) => {
                let number = word.strip_prefix("wrong ").and_then(|n| n.trim().parse().ok());
                let number: usize = number.filter(|n| *n > 0).ok_or_else(|| {
                    format!("`{word}` is no moment; write `end:` or `wrong 1:`, or nothing")
                })?;
                (When::Wrong(number - 1), what)
            }
        };
        let (measure, args) = call(what.trim())?;
        claim(Source::Measure(when, measure, args))
    }

    /// When it holds; `None`: always.
    pub(super) fn when(&self) -> Option<When> {
        match &self.source {
            Source::Measure(when, ..) => Some(*when),
            Source::Fact | Source::Default(..) => None,
        }
    }

    /// Complains if `words` say something else than what is so.
    pub(super) fn prove(
        &self,
        words: &str,
        facts: Option<(&Facts<'_>, &Baseline)>,
    ) -> Result<(), String> {
        let said = quantity(words).ok_or_else(|| format!("there is no number in `{words}`"))?;
        let Some(is) = self.value(facts)? else { return Ok(()) };
        let is_kind = is.kind == said.kind || (is.kind == Kind::Bytes && said.kind == Kind::Plain);
        let slack = if self.about { is.value.abs() * 0.1 } else { 0.0 };
        if is_kind && (is.value - said.value).abs() <= slack {
            return Ok(());
        }
        let unit = match is.kind {
            Kind::Plain => "",
            Kind::Time => " µs",
            Kind::Bytes => " bytes",
        };
        Err(format!("the text says `{words}`, but it is {}{unit}", is.value))
    }

    fn value(&self, facts: Option<(&Facts<'_>, &Baseline)>) -> Result<Option<Quantity>, String> {
        match &self.source {
            Source::Fact => Ok(None),
            Source::Default(scope, name) => {
                let def = find(*scope, name).ok_or("no such config")?;
                let DefaultValue::Text(text) = def.default else {
                    return Err(format!("`{name}` has no default"));
                };
                config_quantity(text, def.unit).map(Some)
            }
            Source::Measure(_, measure, args) => {
                let (facts, since) = facts.ok_or("nothing was played")?;
                if measure.is_text() {
                    let word = facts.word(measure, args).ok_or("it has no value")?;
                    let scopes = [Scope::Producer, Scope::Consumer, Scope::Topic];
                    let name = args.get(1).map_or("", String::as_str);
                    let def = scopes.into_iter().find_map(|scope| find(scope, name));
                    return config_quantity(&word, def.map_or(Unit::None, |def| def.unit))
                        .map(Some);
                }
                let number = facts.number(measure, args, since);
                let value = number.ok_or_else(|| format!("`{}` has no value", measure.word))?;
                let kind = if measure.is_time() { Kind::Time } else { Kind::Plain };
                Ok(Some(Quantity { value: value as f64, kind }))
            }
        }
    }
}

fn config_quantity(text: &str, unit: Unit) -> Result<Quantity, String> {
    let value: f64 = text.parse().map_err(|_| format!("`{text}` is no number"))?;
    let time = |factor: f64| Quantity { value: value * factor, kind: Kind::Time };
    Ok(match unit {
        Unit::Ms => time(1e3),
        Unit::Seconds => time(1e6),
        Unit::Minutes => time(6e7),
        Unit::Hours => time(3.6e9),
        Unit::Bytes => Quantity { value, kind: Kind::Bytes },
        Unit::None | Unit::Ratio | Unit::Count => Quantity { value, kind: Kind::Plain },
    })
}

/// The first number in some words, with its unit.
fn quantity(words: &str) -> Option<Quantity> {
    let (value, after) = digits(words).or_else(|| {
        let (number, after) = number_words::spelt(words)?;
        Some((f64::from(number), after))
    })?;
    let unit = after.trim_start_matches(|c: char| !c.is_alphabetic());
    let unit = unit.split(|c: char| !c.is_alphabetic()).next().unwrap_or_default();
    let known = UNITS.iter().find(|(name, ..)| *name == unit);
    let (kind, factor) = known.map_or((Kind::Plain, 1.0), |&(_, kind, factor)| (kind, factor));
    Some(Quantity { value: value * factor, kind })
}

/// The first number in digits, and what follows it.
fn digits(words: &str) -> Option<(f64, &str)> {
    let start = words.find(|c: char| c.is_ascii_digit())?;
    let mut digits = String::new();
    let mut rest = words[start..].chars();
    while let Some(sign) = rest.clone().next() {
        let digit_follows = rest.clone().nth(1).is_some_and(|next| next.is_ascii_digit());
        match sign {
            '0'..='9' => digits.push(sign),
            // A point, or a comma in Russian.
            '.' | ',' if digit_follows => digits.push('.'),
            // Between groups of digits.
            ' ' | '\u{a0}' | '\u{202f}' if digit_follows => {}
            _ => break,
        }
        rest.next();
    }
    Some((digits.parse().ok()?, rest.as_str()))
}

/// The first number in some words: pieces, µs or bytes.
pub(super) fn value(words: &str) -> Option<f64> {
    quantity(words).map(|quantity| quantity.value)
}

/// The first number in some words; not a digit that belongs to a name, such as `billing-1`.
pub(super) fn first_digits(words: &str) -> Option<&str> {
    let is_plain = |word: &&str| !word.contains(|c: char| c.is_alphabetic());
    let is_part = |c: char| !c.is_alphanumeric() && c != '-' && c != '_';
    words.split(is_part).filter(is_plain).find(|word| word.contains(|c: char| c.is_ascii_digit()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_held_against_defaults() {
        let claim = Claim::parse("default(broker, broker.session.timeout.ms)").expect("a claim");
        for words in ["9 s", "9 с", "9000 ms", "9\u{a0}000 мс", "nine seconds", "девять секунд"]
        {
            assert_eq!(claim.prove(words, None), Ok(()), "{words}");
        }
        for words in ["10 s", "9", "9 ms", "nine", "ten seconds"] {
            assert!(claim.prove(words, None).is_err(), "{words}");
        }
        let claim = Claim::parse("default(producer, batch.size)").expect("a claim");
        for words in ["16 KiB", "16 384 bytes", "16384"] {
            assert_eq!(claim.prove(words, None), Ok(()), "{words}");
        }
    }

    #[test]
    fn a_digit_in_a_name_is_no_number() {
        assert_eq!(first_digits("billing-1 has read"), None);
        assert_eq!(first_digits("billing-1 has read 40."), Some("40"));
    }

    #[test]
    fn what_is_wrong_with_a_claim_is_said() {
        for (target, named) in [
            ("default(nobody, acks)", "`nobody`"),
            ("default(producer, aks)", "`aks`"),
            ("soon: lost", "`soon`"),
            ("luck", "`luck`"),
        ] {
            let error = Claim::parse(target).expect_err(target);
            assert!(error.contains(named), "{target}: {error}");
        }
    }
}
