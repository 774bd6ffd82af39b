//! What the handler of a consumer's application is like: how long a record takes it, when it fails,
//! and what it does then.

use std::sync::Arc;

use crate::config::Properties;
use crate::engine::{Micros, Rng};
use crate::record::Record;

/// How the time for a record spreads around `processing`.
#[derive(Copy, Clone, Debug, Default, PartialEq, Eq)]
pub enum Spread {
    /// Always the same.
    #[default]
    Fixed,
    /// Anything from nothing to twice as long, equally likely.
    Uniform,
    /// Exponentially distributed: mostly shorter, at times much longer.
    Exponential,
}

impl Spread {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Fixed, Self::Uniform, Self::Exponential];

    /// Its name in scenario files.
    pub fn name(self) -> &'static str {
        match self {
            Self::Fixed => "fixed",
            Self::Uniform => "uniform",
            Self::Exponential => "exponential",
        }
    }

    /// A time with this mean.
    pub(crate) fn draw(self, mean_us: Micros, rng: &mut Rng) -> Micros {
        match self {
            Self::Fixed => mean_us,
            Self::Uniform => rng.between(0, mean_us.saturating_mul(2)),
            Self::Exponential => rng.exponential_us(mean_us),
        }
    }
}

/// What the application does with a record that its handler cannot process.
#[derive(Copy, Clone, Debug, Default, PartialEq, Eq)]
pub enum OnError {
    /// The exception ends it. Who takes over meets the same record.
    #[default]
    Stop,
    /// It writes a line into its log and goes on.
    Skip,
    /// It puts the record into a dead letter topic and goes on.
    DeadLetter,
    /// It puts the record into a retry topic, to be read again after a delay, and goes on.
    RetryTopics,
    /// The same, and later records of the key follow into the retry topic until it is clear.
    RetryInOrder,
}

impl OnError {
    /// All of them.
    pub const ALL: [Self; 5] =
        [Self::Stop, Self::Skip, Self::DeadLetter, Self::RetryTopics, Self::RetryInOrder];

    /// Its name in scenario files and views.
    pub fn name(self) -> &'static str {
        match self {
            Self::Stop => "stop",
            Self::Skip => "skip",
            Self::DeadLetter => "dead-letter",
            Self::RetryTopics => "retry-topics",
            Self::RetryInOrder => "retry-in-order",
        }
    }
}

/// A text that may begin or end with `*`, which stands for anything.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pattern(pub Arc<str>);

impl Pattern {
    /// Whether `text` is of this pattern.
    pub fn matches(&self, text: &[u8]) -> bool {
        let pattern = self.0.as_bytes();
        let (open_start, pattern) = match pattern.strip_prefix(b"*") {
            Some(rest) => (true, rest),
            None => (false, pattern),
        };
        let (open_end, pattern) = match pattern.strip_suffix(b"*") {
            Some(rest) => (true, rest),
            None => (false, pattern),
        };
        match (open_start, open_end) {
            (false, false) => text == pattern,
            (false, true) => text.starts_with(pattern),
            (true, false) => text.ends_with(pattern),
            (true, true) => pattern.is_empty() || text.windows(pattern.len()).any(|w| w == pattern),
        }
    }
}

/// When the handler fails.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Faults {
    /// For records with such a key.
    pub keys: Option<Pattern>,
    /// For records with such a value.
    pub values: Option<Pattern>,
    /// For every so many-th record of a partition, by its offset.
    pub every: Option<u32>,
    /// Such a record fails so often, and then it passes; `None`: it never passes.
    pub times: Option<u32>,
    /// A service that it calls is down from the one time up to the other, in virtual µs: every call
    /// fails.
    pub outage_us: Option<(Micros, Micros)>,
    /// A failing attempt takes so long; `None`: as long as any.
    pub time_us: Option<Micros>,
}

impl Faults {
    /// The exception that an attempt at `record` throws, which lay at `offset` of its partition
    /// first and has failed `failed` times.
    pub fn exception(
        &self,
        now: Micros,
        record: &Record,
        offset: i64,
        failed: u32,
    ) -> Option<&'static str> {
        if self.outage_us.is_some_and(|(from, until)| (from..until).contains(&now)) {
            return Some("SocketTimeoutException");
        }
        let is_like = |pattern: &Option<Pattern>, text: &Option<crate::record::Bytes>| {
            let (Some(pattern), Some(text)) = (pattern, text) else { return false };
            pattern.matches(text)
        };
        let is_nth = self.every.is_some_and(|n| (offset + 1) % i64::from(n.max(1)) == 0);
        let is_poison =
            is_nth || is_like(&self.keys, &record.key) || is_like(&self.values, &record.value);
        let passes = self.times.is_some_and(|times| failed >= times);
        (is_poison && !passes).then_some("IllegalArgumentException")
    }
}

/// A retry topic, and how long its records wait.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RetryTopic {
    /// Its name.
    pub name: Arc<str>,
    /// A record is read again so long after it failed, in µs.
    pub delay_us: Micros,
}

/// The handler of a consumer's application.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HandlerSpec {
    /// How the time for a record spreads.
    pub spread: Spread,
    /// When it fails.
    pub faults: Faults,
    /// What happens then.
    pub on_error: OnError,
    /// How often it tries a record on the spot, 1 at least.
    pub attempts: u32,
    /// The thread sleeps so long between two of these, in µs.
    pub backoff_us: Micros,
    /// poll() goes on at once: records are handed to a worker thread that nobody waits for.
    pub is_detached: bool,
    /// It knows which records have had their effect, and leaves it at that.
    pub is_idempotent: bool,
    /// Where records go that are given up.
    pub dead_letter_topic: Option<Arc<str>>,
    /// One after the other.
    pub retry_topics: Vec<RetryTopic>,
    /// How often a record of the last retry topic is tried before it is given up.
    pub retries: u32,
    /// Which keys are in the retry topic (`RetryInOrder`): compacted, with tombstones.
    pub redirect_topic: Option<Arc<str>>,
    /// Where the result of each record goes.
    pub output_topic: Option<Arc<str>>,
    /// Explicit configs of the producers that write into these topics.
    pub producer: Properties,
}

impl Default for HandlerSpec {
    /// It does not fail; if it did, it would stop.
    fn default() -> Self {
        Self {
            spread: Spread::Fixed,
            faults: Faults::default(),
            on_error: OnError::Stop,
            attempts: 1,
            backoff_us: Self::BACKOFF_US,
            is_detached: false,
            is_idempotent: false,
            dead_letter_topic: None,
            retry_topics: Vec::new(),
            retries: Self::RETRIES,
            redirect_topic: None,
            output_topic: None,
            producer: Properties::default(),
        }
    }
}

impl HandlerSpec {
    /// Time between attempts on the spot, unless another is named.
    pub const BACKOFF_US: Micros = 1_000_000;
    /// Attempts at a record of the last retry topic, unless another number is named.
    pub const RETRIES: u32 = 10;
    /// How long a record waits in a retry topic, unless another time is named.
    pub const DELAY_US: Micros = 5_000_000;
    /// Most retry topics.
    pub const MAX_RETRY_TOPICS: usize = 4;

    /// The same handler with another way out of errors; its topics are named after `topic`.
    pub fn answering(&self, on_error: OnError, topic: &str) -> Self {
        let named = |suffix: &str| -> Arc<str> { format!("{topic}-{suffix}").into() };
        let gives_up = matches!(on_error, OnError::DeadLetter | OnError::RetryTopics);
        let retries = matches!(on_error, OnError::RetryTopics | OnError::RetryInOrder);
        let retry = RetryTopic { name: named("retry"), delay_us: Self::DELAY_US };
        Self {
            on_error,
            is_detached: self.is_detached && on_error == OnError::Skip,
            dead_letter_topic: gives_up.then(|| named("dead-letter")),
            retry_topics: if retries { vec![retry] } else { Vec::new() },
            retries: Self::RETRIES,
            redirect_topic: (on_error == OnError::RetryInOrder).then(|| named("redirect")),
            ..self.clone()
        }
    }

    /// Topics it writes to; each has a producer, in this order.
    pub fn outputs(&self) -> impl Iterator<Item = &Arc<str>> {
        let retries = self.retry_topics.iter().map(|topic| &topic.name);
        let others = self.dead_letter_topic.iter().chain(retries).chain(&self.redirect_topic);
        self.output_topic.iter().chain(others)
    }

    /// Whether results and offsets go into transactions.
    pub fn is_transactional(&self) -> bool {
        self.output_topic.is_some() && self.producer.is_explicit("transactional.id")
    }

    /// Topics the consumer reads for it, beside its own.
    pub fn inputs(&self) -> impl Iterator<Item = &Arc<str>> {
        self.retry_topics.iter().map(|topic| &topic.name).chain(&self.redirect_topic)
    }

    /// Whether only time and faults tell it from `other`: what happens to an application, and not
    /// what its program is.
    pub fn is_same_program(&self, other: &Self) -> bool {
        let program =
            |spec: &Self| Self { spread: Spread::Fixed, faults: Faults::default(), ..spec.clone() };
        program(self) == program(other)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stars_stand_for_anything_at_either_end() {
        let matches = |pattern: &str, text: &str| Pattern(pattern.into()).matches(text.as_bytes());
        assert!(matches("key-7", "key-7") && !matches("key-7", "key-77"));
        assert!(matches("key-*", "key-77") && !matches("key-*", "a key-7"));
        assert!(matches("*7", "key-77") && !matches("*7", "7 keys"));
        assert!(matches("*bad*", "a bad one") && !matches("*bad*", "a good one"));
        assert!(matches("*", "") && matches("**", "anything"));
    }

    #[test]
    fn poison_passes_after_so_many_times_and_an_outage_when_it_is_over() {
        let record = Record {
            id: crate::record::RecordId(1),
            timestamp_ms: 0,
            key: Some(Arc::from(&b"key-1"[..])),
            value: None,
            headers: None,
        };
        let keys = Some(Pattern("key-1".into()));
        let faults =
            Faults { keys, times: Some(2), outage_us: Some((10, 20)), ..Faults::default() };
        let fails = |now, failed| faults.exception(now, &record, 0, failed).is_some();
        assert!(fails(0, 0) && fails(0, 1) && !fails(0, 2));
        assert!(fails(10, 2) && fails(19, 2) && !fails(20, 2));
        let every = Faults { every: Some(3), ..Faults::default() };
        let nth = |offset| every.exception(0, &record, offset, 0).is_some();
        assert_eq!([0, 1, 2, 3, 4, 5].map(nth), [false, false, true, false, false, true]);
    }
}
