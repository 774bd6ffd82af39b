//! The handler of a consumer, `[consumer.handler]`, read and written.

use std::sync::Arc;

use super::section::Section;
use super::units::format_duration;
use super::write::{Table, quoted};
use crate::config::{ProducerConfig, Scope};
use crate::consumer::{Faults, HandlerSpec, OnError, Pattern, RetryTopic, Spread};

/// Most attempts, failures and the like.
const MAX_COUNT: i64 = 1_000_000;

/// Reads a handler. `topic`: what names other topics that have no name, if that is known.
pub(super) fn handler(section: &Section<'_>, topic: Option<&str>) -> HandlerSpec {
    let default = HandlerSpec::default();
    let detached = section.flag("detached").unwrap_or(false);
    let words = OnError::ALL.map(|word| (word.name(), word));
    let on_error = section.choice("on-error", &words);
    let on_error = on_error.unwrap_or(if detached { OnError::Skip } else { OnError::Stop });
    if detached && on_error != OnError::Skip {
        let message = "a detached worker has nobody who could stop or write for it; leave \
                       `on-error` out, or write `on-error = \"skip\"`";
        section.problems.add(section.place("on-error"), message);
    }
    let spreads = Spread::ALL.map(|word| (word.name(), word));
    let spec = HandlerSpec {
        spread: section.choice("spread", &spreads).unwrap_or_default(),
        faults: faults(section),
        on_error,
        attempts: section.integer("attempts", 1..=MAX_COUNT).unwrap_or(1) as u32,
        backoff_us: section.duration("backoff").unwrap_or(default.backoff_us),
        is_detached: detached,
        is_idempotent: section.flag("idempotent").unwrap_or(false),
        dead_letter_topic: dead_letter_topic(section, on_error, topic),
        retry_topics: retry_topics(section, on_error, topic),
        retries: retries(section, on_error),
        redirect_topic: redirect_topic(section, on_error, topic),
        output_topic: section.text("output-topic"),
        producer: section.properties("producer"),
    };
    section.finish();
    super::parts::check_config_in(section, "producer", Scope::Producer, &spec.producer, || {
        ProducerConfig::from_properties(&spec.producer).map(drop)
    });
    let is_plain = matches!(on_error, OnError::Stop | OnError::Skip) && !detached;
    let wants_transactions = spec.producer.is_explicit("transactional.id");
    if wants_transactions && (spec.output_topic.is_none() || !is_plain) {
        let message = "results and offsets go into a transaction together, and nothing else does: \
                       `transactional.id` needs an `output-topic`, and `on-error` is \"stop\" or \
                       \"skip\"";
        section.problems.add(section.config_place("producer", "transactional.id"), message);
    }
    if detached && spec.output_topic.is_some() {
        let message =
            "a detached worker has nobody who could write for it; leave `output-topic` out";
        section.problems.add(section.place("output-topic"), message);
    }
    check_names(section, &spec, topic);
    spec
}

fn faults(section: &Section<'_>) -> Faults {
    let pattern = |key| section.text(key).map(Pattern);
    let count = |key| section.integer(key, 1..=MAX_COUNT).map(|count| count as u32);
    let outage_us = section.section("outage").and_then(|outage| {
        let from = outage.duration("from").unwrap_or(0);
        let until = outage.duration("until");
        if !outage.has("until") {
            let message = "`until` is missing; add for example `until = \"35s\"`";
            outage.problems.add(outage.at(), message);
        }
        outage.finish();
        match until {
            Some(until) if until <= from => {
                let message = "an outage ends after it began; let `until` be later than `from`";
                outage.problems.add(outage.place("until"), message);
                None
            }
            until => until.map(|until| (from, until)),
        }
    });
    let faults = Faults {
        keys: pattern("fail-keys"),
        values: pattern("fail-values"),
        every: count("fail-every"),
        times: count("fail-times"),
        outage_us,
        time_us: section.duration("fail-time"),
    };
    let has_poison = ["fail-keys", "fail-values", "fail-every"].iter().any(|key| section.has(key));
    if section.has("fail-times") && !has_poison {
        let message = "`fail-times` says how often a record fails; say which ones, as in \
                       `fail-keys = \"key-7\"`, `fail-values = \"*bad*\"` or `fail-every = 10`";
        section.problems.add(section.place("fail-times"), message);
    }
    faults
}

/// Complains about a key that means nothing together with `on_error`.
fn belongs(section: &Section<'_>, key: &'static str, on_error: OnError, fits: &[OnError]) -> bool {
    let is_there = section.has(key);
    if is_there && !fits.contains(&on_error) {
        let words: Vec<String> = fits.iter().map(|word| quoted(word.name())).collect();
        let message = format!("`{key}` goes with `on-error = {}`", words.join("` or `"));
        section.problems.add(section.key_place(key), message);
    }
    is_there
}

/// `orders-dead-letter` and the like. Without a topic to name it after, it has to have a name; the
/// empty one stands for that it has not.
fn default_name(section: &Section<'_>, key: &str, topic: Option<&str>, suffix: &str) -> Arc<str> {
    match topic {
        Some(topic) => format!("{topic}-{suffix}").into(),
        None => {
            let message =
                format!("`{key}` is missing; add for example `{key} = \"orders-{suffix}\"`");
            section.problems.add(section.at(), message);
            "".into()
        }
    }
}

const WRITES: [OnError; 3] = [OnError::DeadLetter, OnError::RetryTopics, OnError::RetryInOrder];
const RETRIES: [OnError; 2] = [OnError::RetryTopics, OnError::RetryInOrder];

fn dead_letter_topic(
    section: &Section<'_>,
    on_error: OnError,
    topic: Option<&str>,
) -> Option<Arc<str>> {
    const KEY: &str = "dead-letter-topic";
    let named = section.text(KEY);
    belongs(section, KEY, on_error, &WRITES);
    match on_error {
        OnError::DeadLetter | OnError::RetryTopics => {
            Some(named.unwrap_or_else(|| default_name(section, KEY, topic, "dead-letter")))
        }
        // Without one it tries for ever: who gives up lets later records pass.
        OnError::RetryInOrder => named,
        OnError::Stop | OnError::Skip => None,
    }
}

fn retry_topics(section: &Section<'_>, on_error: OnError, topic: Option<&str>) -> Vec<RetryTopic> {
    const NAMES: &str = "retry-topics";
    const DELAYS: &str = "retry-delays";
    let names = section.texts(NAMES, "orders-retry");
    let delays = section.durations(DELAYS, "5s");
    let has = [NAMES, DELAYS].map(|key| belongs(section, key, on_error, &RETRIES));
    if !RETRIES.contains(&on_error) {
        return Vec::new();
    }
    let names = match (names, &delays) {
        (Some(names), _) => names,
        (None, Some(delays)) if delays.len() > 1 => {
            let name = default_name(section, NAMES, topic, "retry");
            (1..=delays.len()).map(|n| format!("{name}-{n}").into()).collect()
        }
        (None, _) => vec![default_name(section, NAMES, topic, "retry")],
    };
    let delays = delays.unwrap_or_else(|| vec![HandlerSpec::DELAY_US]);
    let most = if on_error == OnError::RetryInOrder { 1 } else { HandlerSpec::MAX_RETRY_TOPICS };
    let place = section.place(if has[0] { NAMES } else { DELAYS });
    if names.len() > most {
        let message = match most {
            1 => "\"retry-in-order\" has one retry topic; order is kept in it alone".to_owned(),
            most => format!("{} retry topics are too many; {most} at most", names.len()),
        };
        section.problems.add(place, message);
    } else if delays.len() != 1 && delays.len() != names.len() {
        let (names, delays) = (names.len(), delays.len());
        let message = format!("{delays} delays for {names} retry topics; name one for each");
        section.problems.add(place, message);
    }
    let delay = |n: usize| delays.get(n).or(delays.first()).copied().unwrap_or_default();
    let topics = names.into_iter().enumerate();
    topics.map(|(n, name)| RetryTopic { name, delay_us: delay(n) }).take(most).collect()
}

fn retries(section: &Section<'_>, on_error: OnError) -> u32 {
    let retries = section.integer("retries", 1..=MAX_COUNT).map(|count| count as u32);
    belongs(section, "retries", on_error, &[OnError::RetryInOrder]);
    retries.filter(|_| on_error == OnError::RetryInOrder).unwrap_or(HandlerSpec::RETRIES)
}

fn redirect_topic(
    section: &Section<'_>,
    on_error: OnError,
    topic: Option<&str>,
) -> Option<Arc<str>> {
    const KEY: &str = "redirect-topic";
    let named = section.text(KEY);
    belongs(section, KEY, on_error, &[OnError::RetryInOrder]);
    let default = || default_name(section, KEY, topic, "redirect");
    (on_error == OnError::RetryInOrder).then(|| named.unwrap_or_else(default))
}

/// Each topic has one part to play.
fn check_names(section: &Section<'_>, spec: &HandlerSpec, topic: Option<&str>) {
    let outputs: Vec<&Arc<str>> = spec.outputs().collect();
    for (n, name) in outputs.iter().enumerate() {
        let is_known = !name.is_empty();
        if is_known && outputs[..n].contains(name) || topic == Some(name) {
            let message = format!("{name} would be two things at once; give each its own topic");
            section.problems.add(section.at(), message);
        }
    }
}

pub(super) fn write(spec: &HandlerSpec) -> Table {
    let default = HandlerSpec::default();
    let HandlerSpec { faults, on_error, attempts, retries, .. } = spec;
    let word = |table: Table, key: &str, word: Option<&str>| match word {
        Some(word) => table.text(key, word),
        None => table,
    };
    let mut table = Table::default();
    if spec.is_detached {
        table = table.bare("detached", true);
    } else {
        table = table.text("on-error", on_error.name());
    }
    if spec.spread != default.spread {
        table = table.text("spread", spec.spread.name());
    }
    table = word(table, "fail-keys", faults.keys.as_ref().map(|pattern| &*pattern.0));
    table = word(table, "fail-values", faults.values.as_ref().map(|pattern| &*pattern.0));
    table = table.bare_if("fail-every", faults.every).bare_if("fail-times", faults.times);
    let outage = faults.outage_us.map(|(from, until)| {
        let outage = Table::default().text("from", &format_duration(from));
        outage.text("until", &format_duration(until)).braces()
    });
    table = table.bare_if("outage", outage);
    table = word(table, "fail-time", faults.time_us.map(format_duration).as_deref());
    table = table.bare_unless("attempts", attempts, &default.attempts);
    if spec.backoff_us != default.backoff_us {
        table = table.text("backoff", &format_duration(spec.backoff_us));
    }
    table = table.bare_unless("idempotent", &spec.is_idempotent, &false);
    table = word(table, "dead-letter-topic", spec.dead_letter_topic.as_deref());
    if !spec.retry_topics.is_empty() {
        let list = |texts: Vec<String>| format!("[{}]", texts.join(", "));
        let topics = spec.retry_topics.iter();
        let names = topics.clone().map(|topic| quoted(&topic.name)).collect();
        let delays = topics.map(|topic| quoted(&format_duration(topic.delay_us))).collect();
        table = table.bare("retry-topics", list(names)).bare("retry-delays", list(delays));
    }
    table = table.bare_unless("retries", retries, &default.retries);
    table = word(table, "redirect-topic", spec.redirect_topic.as_deref());
    table = word(table, "output-topic", spec.output_topic.as_deref());
    table.properties("producer", &spec.producer)
}
