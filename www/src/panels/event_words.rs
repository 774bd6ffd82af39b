//! Events in words.

use highwater::events::{Event, TraceEvent};
use highwater::history::Run;
use highwater::protocol::TopicPartition;
use highwater::trace::Severity;
use highwater::trace::describe::describe;

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

/// The event in words.
pub fn tell(run: &Run, text: &Text, event: &TraceEvent) -> Told {
    let description = describe(event, run.cluster());
    let mut args = description.args;
    for (name, value) in &mut args {
        match *name {
            // The model counts in English; here the language chooses the plural.
            "records" => value.retain(|c| c.is_ascii_digit()),
            "cause" => *value = why(text, value),
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
            Event::BrokerUnfenced { .. } | Event::LinkHealed { .. } | Event::IsrExpanded { .. },
            _,
        ) => Tone::Good,
        (_, Severity::Warning) => Tone::Warn,
        (_, Severity::Info | Severity::Notice) => Tone::Plain,
    }
}

/// The partition of an event of which there is one for each partition: internal topics have many.
pub fn partition(event: &Event) -> Option<TopicPartition> {
    match event {
        Event::LeaderElected { tp, .. }
        | Event::IsrShrunk { tp, .. }
        | Event::IsrExpanded { tp, .. }
        | Event::BecameLeader { tp, .. }
        | Event::BecameFollower { tp, .. }
        | Event::LogTruncated { tp, .. }
        | Event::UnflushedLost { tp, .. } => Some(*tp),
        _ => None,
    }
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
    let message = describe(event, run.cluster()).message;
    let id = format!("short-{message}");
    if text.has(&id) { text.get(&id) } else { message.replace('-', " ") }
}
