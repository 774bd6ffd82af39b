//! Events in words.

#[cfg(test)]
mod tests;

use std::sync::Arc;

use highwater::engine::{Micros, NodeId};
use highwater::events::{CommandWords, Event, TraceEvent};
use highwater::history::Run;
use highwater::protocol::TopicId;
use highwater::trace::describe::describe;
use highwater::trace::{Names, Severity};

use crate::text::Text;

/// How an event is to be read.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub enum Tone {
    /// A fact.
    Plain,
    /// Something came back.
    Good,
    /// Something broke, or is about to.
    Warn,
    /// Something may be gone.
    Bad,
}

impl Tone {
    /// Its class in the style sheet.
    pub fn class(self) -> Option<&'static str> {
        match self {
            Self::Plain => None,
            Self::Good => Some("good"),
            Self::Warn => Some("warn"),
            Self::Bad => Some("bad"),
        }
    }
}

/// An event, told.
pub struct Told {
    /// What happened.
    pub words: String,
    /// How it is to be read.
    pub tone: Tone,
}

/// Names of a run, and the small words between them in the chosen language.
struct Speaker<'a> {
    run: &'a Run,
    text: &'a Text,
}

impl Names for Speaker<'_> {
    fn node_name(&self, node: NodeId) -> Arc<str> {
        self.run.cluster().node_name(node)
    }

    fn topic_name(&self, topic: TopicId) -> Arc<str> {
        self.run.cluster().topic_name(topic)
    }

    fn none(&self) -> String {
        self.text.get("inspector-none")
    }

    fn time(&self, span_us: Micros) -> String {
        self.text.span(span_us)
    }

    fn place(&self, partition: &str, offset: i64) -> String {
        let args = [("partition", partition.to_owned()), ("offset", offset.to_string())];
        self.text.with("event-place", &args)
    }
}

/// The event in words.
pub fn tell(run: &Run, text: &Text, event: &TraceEvent) -> Told {
    let description = describe(event, &Speaker { run, text });
    let mut args = description.args;
    for (name, value) in &mut args {
        match *name {
            // The model counts in English; here the language chooses the plural.
            "records" => value.retain(|c| c.is_ascii_digit()),
            "cause" => *value = why(text, value),
            "command" => {
                if let Event::CommandApplied(words) | Event::CommandRefused { command: words, .. } =
                    &event.event
                {
                    *value = command(text, words);
                }
            }
            _ => {}
        }
    }
    Told {
        words: text.with(&format!("event-{}", description.message), &args),
        tone: tone(&event.event, description.severity),
    }
}

fn tone(event: &Event, severity: Severity) -> Tone {
    match (event, severity) {
        (Event::NodeKilled, _) | (_, Severity::Loss) => Tone::Bad,
        (
            Event::BrokerUnfenced { .. }
            | Event::LinkHealed { .. }
            | Event::IsrExpanded { .. }
            | Event::NodeResumed
            | Event::DiskFreed
            | Event::NodeSlowed { extra_us: 0 }
            | Event::LinkSlowed { extra_us: 0, .. }
            | Event::DiskSlowed { extra_us: 0 },
            _,
        ) => Tone::Good,
        (_, Severity::Warning) => Tone::Warn,
        (_, Severity::Info | Severity::Notice) => Tone::Plain,
    }
}

/// A command in words.
pub fn command(text: &Text, words: &CommandWords) -> String {
    let arg = |(name, value): &(&'static str, String)| match *name {
        "us" => (*name, text.span(value.parse().unwrap_or_default())),
        "commit" => (*name, text.get(&format!("commit-{value}"))),
        _ => (*name, value.clone()),
    };
    let args: Vec<_> = words.args.iter().map(arg).collect();
    text.with(&format!("command-{}", words.message), &args)
}

/// A cause that an event names, in words; Kafka's error names stay as they are.
fn why(text: &Text, label: &str) -> String {
    [format!("why-{label}"), format!("cause-{label}")]
        .iter()
        .find(|id| text.has(id))
        .map_or_else(|| label.to_owned(), |id| text.get(id))
}

/// What kind of event it is, in a word or two.
pub fn name(run: &Run, text: &Text, event: &TraceEvent) -> String {
    short(text, describe(event, run.cluster()).message)
}

/// What the message with this id says in a word or two.
pub fn short(text: &Text, message: &str) -> String {
    let id = format!("short-{message}");
    if text.has(&id) { text.get(&id) } else { message.replace('-', " ") }
}
