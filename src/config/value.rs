//! A value and how Kafka reads it from text: `ConfigDef.parseType`.

use std::fmt;

use super::classes;
use super::decimal;
use super::definition::Kind;
use super::exception::ConfigException;

/// A parsed value.
#[derive(Clone, Debug, PartialEq)]
#[allow(missing_docs)]
pub enum Value {
    Null,
    Boolean(bool),
    Int(i32),
    Short(i16),
    Long(i64),
    Double(f64),
    /// Also a password and the name of a class.
    Text(String),
    List(Vec<String>),
}

impl Value {
    /// Reads `text` as a value of that kind for the config `name`.
    ///
    /// # Errors
    /// Kafka's `ConfigException`, with the text as the user wrote it.
    pub fn parse(name: &str, text: &str, kind: Kind) -> Result<Self, ConfigException> {
        let trimmed = java_trim(text);
        let not_a_number = || {
            ConfigException::invalid(name, text, format!("Not a number of type {}", kind.name()))
        };
        match kind {
            Kind::Boolean if trimmed.eq_ignore_ascii_case("true") => Ok(Self::Boolean(true)),
            Kind::Boolean if trimmed.eq_ignore_ascii_case("false") => Ok(Self::Boolean(false)),
            Kind::Boolean => Err(ConfigException::invalid(
                name,
                text,
                "Expected value to be either true or false",
            )),
            Kind::Int => trimmed.parse().map(Self::Int).map_err(|_| not_a_number()),
            Kind::Short => trimmed.parse().map(Self::Short).map_err(|_| not_a_number()),
            Kind::Long => trimmed.parse().map(Self::Long).map_err(|_| not_a_number()),
            Kind::Double => java_double(trimmed).map(Self::Double).ok_or_else(not_a_number),
            Kind::String | Kind::Password => Ok(Self::Text(trimmed.to_owned())),
            Kind::List => Ok(Self::List(java_list(trimmed))),
            Kind::Class if classes::role(trimmed).is_some() => Ok(Self::Text(trimmed.to_owned())),
            Kind::Class => Err(ConfigException::invalid(
                name,
                text,
                format!("Class {text} could not be found."),
            )),
        }
    }

    /// The number in it, as validators compare it.
    pub(super) fn number(&self) -> Option<f64> {
        match *self {
            Self::Int(n) => Some(f64::from(n)),
            Self::Short(n) => Some(f64::from(n)),
            #[allow(clippy::cast_precision_loss)] // as Number.doubleValue() does
            Self::Long(n) => Some(n as f64),
            Self::Double(n) => Some(n),
            _ => None,
        }
    }
}

/// As Java's `toString` prints it in messages.
impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Null => f.write_str("null"),
            Self::Boolean(b) => write!(f, "{b}"),
            Self::Int(n) => write!(f, "{n}"),
            Self::Short(n) => write!(f, "{n}"),
            Self::Long(n) => write!(f, "{n}"),
            Self::Double(n) => f.write_str(&java_double_text(*n)),
            Self::Text(text) => f.write_str(text),
            Self::List(items) => write!(f, "[{}]", items.join(", ")),
        }
    }
}

/// `String.trim()`: everything up to the space, at both ends.
fn java_trim(text: &str) -> &str {
    text.trim_matches(|c| c <= ' ')
}

/// `Double.parseDouble`, but for hexadecimal notation.
fn java_double(text: &str) -> Option<f64> {
    let (sign, bare) = match text.strip_prefix('-') {
        Some(rest) => (-1.0, rest),
        None => (1.0, text.strip_prefix('+').unwrap_or(text)),
    };
    match bare {
        "NaN" => return Some(f64::NAN),
        "Infinity" => return Some(sign * f64::INFINITY),
        _ => {}
    }
    let digits = bare.strip_suffix(['d', 'D', 'f', 'F']).unwrap_or(bare);
    let decimal = |c: char| c.is_ascii_digit() || matches!(c, '.' | 'e' | 'E' | '+' | '-');
    if !digits.starts_with(|c: char| c.is_ascii_digit() || c == '.') || !digits.chars().all(decimal)
    {
        return None;
    }
    decimal::parse(digits).map(|n| sign * n)
}

/// `Double.toString`.
fn java_double_text(n: f64) -> String {
    let sign = if n.is_sign_negative() { "-" } else { "" };
    if n.is_nan() {
        return "NaN".to_owned();
    } else if n.is_infinite() {
        return format!("{sign}Infinity");
    } else if n == 0.0 {
        return format!("{sign}0.0");
    }
    let (mut digits, first) = decimal::shortest(n.abs());
    // Digits stand on both sides of the point, and there are no more than seven zeros.
    let (before, power) = match first {
        0..7 => (first as usize + 1, String::new()),
        -3..0 => {
            digits.insert_str(0, &"000"[..first.unsigned_abs() as usize]);
            (1, String::new())
        }
        _ => (1, format!("E{first}")),
    };
    let missing = (before + 1).saturating_sub(digits.len());
    digits.push_str(&"0000000"[..missing]);
    let (whole, fraction) = digits.split_at(before);
    format!("{sign}{whole}.{fraction}{power}")
}

/// A comma separated list: blanks round the commas go, empty text is an empty
/// list, and a value that stands twice is kept once (KIP-1161).
fn java_list(trimmed: &str) -> Vec<String> {
    let mut items: Vec<String> = Vec::new();
    if !trimmed.is_empty() {
        for item in trimmed.split(',') {
            let item = item.trim_matches([' ', '\t', '\n', '\r', '\x0b', '\x0c']);
            if !items.iter().any(|seen| seen == item) {
                items.push(item.to_owned());
            }
        }
    }
    items
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str, kind: Kind) -> Result<Value, String> {
        Value::parse("some.config", text, kind).map_err(|e| e.message)
    }

    #[test]
    fn numbers_are_trimmed_and_may_carry_a_sign() {
        assert_eq!(parse(" +7 ", Kind::Int), Ok(Value::Int(7)));
        assert_eq!(parse("-9223372036854775808", Kind::Long), Ok(Value::Long(i64::MIN)));
        assert_eq!(parse("0.5d", Kind::Double), Ok(Value::Double(0.5)));
        assert_eq!(parse(".25", Kind::Double), Ok(Value::Double(0.25)));
    }

    #[test]
    fn what_is_no_number_names_the_type_and_shows_the_text_untrimmed() {
        assert_eq!(
            parse(" 1s", Kind::Long),
            Err("Invalid value  1s for configuration some.config: Not a number of type LONG".into())
        );
        assert!(parse("2147483648", Kind::Int).is_err());
        assert!(parse("40000", Kind::Short).is_err());
        for text in ["inf", "nan", "", "1,5", "e5", "--1"] {
            assert!(parse(text, Kind::Double).is_err(), "{text}");
        }
    }

    #[test]
    fn booleans_know_two_words() {
        assert_eq!(parse("TRUE", Kind::Boolean), Ok(Value::Boolean(true)));
        assert_eq!(
            parse("yes", Kind::Boolean),
            Err("Invalid value yes for configuration some.config: Expected value to be either true or false".into())
        );
    }

    #[test]
    fn lists_lose_blanks_and_repetitions() {
        let list = |items: &[&str]| Ok(Value::List(items.iter().map(|&s| s.into()).collect()));
        assert_eq!(parse("a , b,a", Kind::List), list(&["a", "b"]));
        assert_eq!(parse("  ", Kind::List), list(&[]));
        assert_eq!(parse("a,", Kind::List), list(&["a", ""]));
    }

    #[test]
    fn doubles_print_as_java_prints_them() {
        for (n, text) in [
            (1.0, "1.0"),
            (-0.25, "-0.25"),
            (0.0, "0.0"),
            (0.001, "0.001"),
            (0.05, "0.05"),
            (0.000_99, "9.9E-4"),
            (1.5e-5, "1.5E-5"),
            (9_999_999.5, "9999999.5"),
            (1_200_000.0, "1200000.0"),
            (2e7, "2.0E7"),
            (f64::NEG_INFINITY, "-Infinity"),
        ] {
            assert_eq!(Value::Double(n).to_string(), text);
        }
    }
}
