//! Which values are accepted, and what Kafka says of the others.

use std::fmt;

use super::decimal;
use super::duration;
use super::exception::ConfigException;
use super::value::Value;

/// Kafka's validators; `Display` is their `toString`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Validator {
    /// Everything of the right type will do.
    Any,
    /// `Range.atLeast`
    AtLeast(i64),
    /// `Range.between`
    Between(i64, i64),
    /// `Range.between` with limits that are no whole numbers, as Java prints them
    BetweenDecimals(&'static str, &'static str),
    /// `ValidString`
    OneOf(&'static [&'static str]),
    /// `CaseInsensitiveValidString`
    OneOfIgnoringCase(&'static [&'static str]),
    /// `ValidList`; nothing `allowed` means anything goes
    ListOf {
        /// What the list may hold.
        allowed: &'static [&'static str],
        /// Whether it may be empty.
        empty: bool,
        /// Whether it may be null.
        null: bool,
    },
    /// `NonEmptyString`
    NonEmptyText,
    /// `NonNullValidator`
    NonNullText,
    /// The levels of gzip: 1 to 9, or -1 for its own default
    GzipLevel,
    /// `AutoOffsetResetStrategy.Validator`
    OffsetReset,
    /// `ShareGroupAutoOffsetResetStrategy.Validator`
    ShareOffsetReset,
    /// `ShareAcknowledgementMode.Validator` and `ShareAcquireMode.Validator`
    ShareMode(&'static [&'static str]),
    /// `ThrottledReplicaListValidator`
    ThrottledReplicas,
    /// The validators of `controller.quorum.*`; the model has its own quorum
    QuorumAddresses,
}

/// `ValidList.anyNonDuplicateValues(true, false)`, the usual list.
pub(super) const ANY_LIST: Validator = Validator::ListOf { allowed: &[], empty: true, null: false };

const THROTTLED: &str = "[partitionId]:[brokerId],[partitionId]:[brokerId],...";

impl Validator {
    /// `Validator.ensureValid`.
    ///
    /// # Errors
    /// Kafka's `ConfigException`, word for word.
    pub fn ensure_valid(&self, name: &str, value: &Value) -> Result<(), ConfigException> {
        let invalid = |reason: String| Err(ConfigException::invalid(name, value, reason));
        match self {
            Self::Any | Self::QuorumAddresses => Ok(()),
            Self::AtLeast(_) | Self::Between(..) | Self::BetweenDecimals(..) => {
                self.ensure_in_range(name, value)
            }
            Self::OneOf(allowed) => match value {
                Value::Text(text) if allowed.contains(&text.as_str()) => Ok(()),
                _ => invalid(format!("String must be one of: {}", allowed.join(", "))),
            },
            Self::OneOfIgnoringCase(allowed) => match value {
                Value::Text(text) if allowed.iter().any(|one| one.eq_ignore_ascii_case(text)) => {
                    Ok(())
                }
                _ => invalid(format!(
                    "String must be one of (case insensitive): {}",
                    allowed.join(", ")
                )),
            },
            Self::ListOf { allowed, empty, null } => {
                ensure_list(name, value, allowed, *empty, *null)
            }
            Self::NonEmptyText => match value {
                Value::Text(text) if text.is_empty() => invalid("String must be non-empty".into()),
                _ => Ok(()),
            },
            Self::NonNullText => match value {
                Value::Null => invalid("entry must be non null".into()),
                _ => Ok(()),
            },
            Self::GzipLevel => match value {
                Value::Int(-1 | 1..=9) => Ok(()),
                _ => invalid("Value must be between 1 and 9 or equal to -1".into()),
            },
            Self::OffsetReset | Self::ShareOffsetReset => self.ensure_offset_reset(name, value),
            Self::ShareMode(modes) => match value {
                Value::Text(text) if modes.iter().any(|mode| mode.eq_ignore_ascii_case(text)) => {
                    Ok(())
                }
                _ => invalid(format!(
                    "Invalid value `{value}` for configuration {name}. The value must either be '{}'.",
                    modes.join("' or '")
                )),
            },
            Self::ThrottledReplicas => match value {
                Value::List(items) if are_throttled_replicas(items) => Ok(()),
                _ => invalid(format!(
                    "{name} must be the literal '*' or a list of replicas in the following format: {THROTTLED}"
                )),
            },
        }
    }

    fn ensure_in_range(&self, name: &str, value: &Value) -> Result<(), ConfigException> {
        #[allow(clippy::cast_precision_loss)] // as Number.doubleValue() does
        let limits = match *self {
            Self::AtLeast(min) => (Some((min as f64, min.to_string())), None),
            Self::Between(min, max) => {
                (Some((min as f64, min.to_string())), Some((max as f64, max.to_string())))
            }
            Self::BetweenDecimals(min, max) => (
                decimal::parse(min).map(|n| (n, min.to_owned())),
                decimal::parse(max).map(|n| (n, max.to_owned())),
            ),
            _ => (None, None),
        };
        let Some(number) = value.number() else {
            return Err(ConfigException::invalid(name, value, "Value must be non-null"));
        };
        match limits {
            (Some((min, text)), _) if number < min => {
                Err(ConfigException::invalid(name, value, format!("Value must be at least {text}")))
            }
            (_, Some((max, text))) if number > max => Err(ConfigException::invalid(
                name,
                value,
                format!("Value must be no more than {text}"),
            )),
            _ => Ok(()),
        }
    }

    fn ensure_offset_reset(&self, name: &str, value: &Value) -> Result<(), ConfigException> {
        let none = matches!(self, Self::OffsetReset);
        let valid = match value {
            Value::Text(text) => match text.strip_prefix("by_duration:") {
                Some(iso) => duration::parse_ms(iso).is_some_and(|ms| ms >= 0),
                None => matches!(text.as_str(), "earliest" | "latest") || none && text == "none",
            },
            _ => false,
        };
        if valid {
            return Ok(());
        }
        let none = if none { ", 'none'" } else { "" };
        Err(ConfigException::invalid(
            name,
            value,
            format!(
                "Invalid value `{value}` for configuration {name}. The value must be either \
                 'earliest', 'latest'{none} or of the format 'by_duration:<PnDTnHnMn.nS.>'."
            ),
        ))
    }
}

fn ensure_list(
    name: &str,
    value: &Value,
    allowed: &[&str],
    empty: bool,
    null: bool,
) -> Result<(), ConfigException> {
    let Value::List(items) = value else {
        return if null {
            Ok(())
        } else {
            let message = format!("Configuration '{name}' values must not be null.");
            Err(ConfigException::about(name, message))
        };
    };
    if items.is_empty() && !empty {
        let valid = if allowed.is_empty() {
            "any non-empty value".to_owned()
        } else {
            format!("[{}]", allowed.join(", "))
        };
        let message =
            format!("Configuration '{name}' must not be empty. Valid values include: {valid}");
        return Err(ConfigException::about(name, message));
    }
    for item in items {
        if item.is_empty() {
            let message = format!("Configuration '{name}' values must not be empty.");
            return Err(ConfigException::about(name, message));
        }
        if !allowed.is_empty() && !allowed.contains(&item.as_str()) {
            let reason = format!("String must be one of: {}", allowed.join(", "));
            return Err(ConfigException::invalid(name, item, reason));
        }
    }
    Ok(())
}

fn are_throttled_replicas(items: &[String]) -> bool {
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    let pair = |item: &String| {
        item.is_empty() || item.split_once(':').is_some_and(|(p, b)| digits(p) && digits(b))
    };
    items.first().is_some_and(|first| first == "*") || items.iter().all(pair)
}

impl fmt::Display for Validator {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Any => Ok(()),
            Self::AtLeast(min) => write!(f, "[{min},...]"),
            Self::Between(min, max) => write!(f, "[{min},...,{max}]"),
            Self::BetweenDecimals(min, max) => write!(f, "[{min},...,{max}]"),
            Self::OneOfIgnoringCase(allowed) => {
                write!(f, "(case insensitive) [{}]", allowed.join(", "))
            }
            Self::ListOf { allowed: [], .. } => Ok(()),
            Self::OneOf(allowed) | Self::ShareMode(allowed) | Self::ListOf { allowed, .. } => {
                write!(f, "[{}]", allowed.join(", "))
            }
            Self::NonEmptyText => f.write_str("non-empty string"),
            Self::NonNullText => f.write_str("non-null string"),
            Self::GzipLevel => f.write_str("[1,...,9] or -1"),
            Self::OffsetReset => f.write_str("[latest, earliest, none, by_duration:PnDTnHnMn.nS]"),
            Self::ShareOffsetReset => f.write_str("[latest, earliest, by_duration:PnDTnHnMn.nS]"),
            Self::ThrottledReplicas => f.write_str(THROTTLED),
            Self::QuorumAddresses => f.write_str("non-empty list"),
        }
    }
}
