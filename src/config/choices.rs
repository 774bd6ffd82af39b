//! Configs that choose one of a few words, as enums.

use std::fmt;

use super::duration;
use super::value::Value;
use super::values::FromValue;

/// An enum whose variants stand for words. The first word of a variant is how
/// it is printed; a word that fits none is the first variant (validators have
/// refused such a word before).
macro_rules! choice {
    (
        $(#[$meta:meta])*
        $name:ident { $first:ident = $first_word:literal $(| $first_other:literal)*,
            $($variant:ident = $word:literal $(| $other:literal)*),* $(,)? }
    ) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $name {
            #[doc = concat!("`", $first_word, "`")]
            $first,
            $(#[doc = concat!("`", $word, "`")] $variant,)*
        }

        impl $name {
            /// As Kafka spells it.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self {
                    Self::$first => $first_word,
                    $(Self::$variant => $word,)*
                }
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(self.as_str())
            }
        }

        impl FromValue for $name {
            fn from_value(value: Value) -> Self {
                let text = String::from_value(value);
                $(
                    if [$word $(, $other)*].iter().any(|word| text.eq_ignore_ascii_case(word)) {
                        return Self::$variant;
                    }
                )*
                Self::$first
            }
        }
    };
}

choice! {
    /// Whose acknowledgement a producer waits for.
    Acks { All = "all" | "-1", One = "1", Zero = "0" }
}

choice! {
    /// How the records of a batch are compressed.
    Compression {
        None = "none" | "uncompressed",
        Gzip = "gzip",
        Snappy = "snappy",
        Lz4 = "lz4",
        Zstd = "zstd",
    }
}

choice! {
    /// Who chooses the partition of a record.
    PartitionerClass {
        BuiltIn = "",
        RoundRobin = "org.apache.kafka.clients.producer.RoundRobinPartitioner",
    }
}

choice! {
    /// Which replica a consumer is sent to (KIP-392).
    ReplicaSelector {
        Leader = "org.apache.kafka.common.replica.LeaderSelector",
        RackAware = "org.apache.kafka.common.replica.RackAwareReplicaSelector",
    }
}

choice! {
    /// Which group protocol a consumer speaks; `consumer` is KIP-848.
    GroupProtocol { Classic = "classic", Consumer = "consumer" }
}

choice! {
    /// Whether a consumer sees records of open and aborted transactions.
    IsolationLevel { ReadUncommitted = "read_uncommitted", ReadCommitted = "read_committed" }
}

choice! {
    /// Whose clock a record's timestamp is from.
    TimestampType { CreateTime = "CreateTime", LogAppendTime = "LogAppendTime" }
}

choice! {
    /// Which way a group may move between the two protocols while it has members.
    GroupMigrationPolicy {
        Bidirectional = "bidirectional",
        Upgrade = "upgrade",
        Downgrade = "downgrade",
        Disabled = "disabled",
    }
}

/// Where a consumer starts that has no committed offset.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum AutoOffsetReset {
    /// At the log start offset.
    Earliest,
    /// At the high watermark.
    Latest,
    /// Nowhere: `NoOffsetForPartitionException`.
    None,
    /// At the first record not older than so many milliseconds (KIP-1106).
    ByDuration(i64),
}

impl FromValue for AutoOffsetReset {
    fn from_value(value: Value) -> Self {
        let text = String::from_value(value);
        match text.strip_prefix("by_duration:").map(duration::parse_ms) {
            Some(ms) => Self::ByDuration(ms.unwrap_or(i64::MAX)),
            None if text == "earliest" => Self::Earliest,
            None if text == "none" => Self::None,
            None => Self::Latest,
        }
    }
}

/// `compression.type` of a topic.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum TopicCompression {
    /// `producer`: batches stay as the producer sent them.
    Producer,
    /// The broker compresses anew with this one; `uncompressed` is `None`.
    Recompress(Compression),
}

impl FromValue for TopicCompression {
    fn from_value(value: Value) -> Self {
        if matches!(&value, Value::Text(text) if text != "producer") {
            Self::Recompress(Compression::from_value(value))
        } else {
            Self::Producer
        }
    }
}

/// `cleanup.policy`: both may hold, and since 4.2 neither may.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct CleanupPolicy {
    /// Old segments go by `retention.ms` and `retention.bytes`.
    pub delete: bool,
    /// Of each key the newest record is kept.
    pub compact: bool,
}

impl FromValue for CleanupPolicy {
    fn from_value(value: Value) -> Self {
        let policies = Vec::<String>::from_value(value);
        let has = |policy: &str| policies.iter().any(|one| one == policy);
        Self { delete: has("delete"), compact: has("compact") }
    }
}

/// A share between 0 and 1 in millionths: the model has no fractions of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Ratio {
    /// So many millionths.
    pub millionths: i64,
}

impl Ratio {
    /// Whether `part / whole` is more than this ratio; nothing of nothing is not.
    #[must_use]
    pub fn is_exceeded_by(self, part: i64, whole: i64) -> bool {
        whole > 0 && i128::from(part) * 1_000_000 > i128::from(self.millionths) * i128::from(whole)
    }
}

impl FromValue for Ratio {
    fn from_value(value: Value) -> Self {
        let share = value.number().unwrap_or_default();
        #[allow(clippy::cast_possible_truncation)] // 0 to 1, and `as` saturates
        let millionths = (share * 1e6).round() as i64;
        Self { millionths }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(text: &str) -> Value {
        Value::Text(text.into())
    }

    #[test]
    fn words_and_their_synonyms() {
        assert_eq!(Acks::from_value(text("-1")), Acks::All);
        assert_eq!(Acks::All.to_string(), "all");
        assert_eq!(GroupProtocol::from_value(text("CONSUMER")), GroupProtocol::Consumer);
        assert_eq!(
            TopicCompression::from_value(text("uncompressed")),
            TopicCompression::Recompress(Compression::None)
        );
        assert_eq!(TopicCompression::from_value(text("producer")), TopicCompression::Producer);
    }

    #[test]
    fn ratios_compare_without_fractions() {
        let half = Ratio::from_value(Value::Double(0.5));
        assert_eq!(half.millionths, 500_000);
        assert!(half.is_exceeded_by(51, 100) && !half.is_exceeded_by(50, 100));
        assert!(!half.is_exceeded_by(0, 0));
    }

    #[test]
    fn resets() {
        let reset = |s| AutoOffsetReset::from_value(text(s));
        assert_eq!(reset("by_duration:P1D"), AutoOffsetReset::ByDuration(86_400_000));
        assert_eq!(reset("none"), AutoOffsetReset::None);
        assert_eq!(reset("latest"), AutoOffsetReset::Latest);
    }
}
