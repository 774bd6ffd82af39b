//! What the handlers of consumers' applications do.

use super::{Description, Severity, Words};
use crate::events::{Event, SetAside};

pub(super) fn describe(words: &Words<'_>) -> Option<Description> {
    use Severity::{Loss, Notice, Warning};
    Some(match &words.event.event {
        Event::HandlerStarted { group, on_error, .. } => words
            .say(
                "handler-started",
                "{node}: the application of group {group}; on error: {on-error}",
            )
            .with("group", group)
            .with("on-error", on_error),
        Event::AttemptFailed { tp, offset, record, attempt, exception } => words
            .say_of(
                *tp,
                "attempt-failed",
                "{node} failed at record {record} of {partition} at offset {offset}, attempt \
                 {attempt}: {exception}",
            )
            .with("record", record.0)
            .with("offset", offset)
            .with("attempt", attempt)
            .with("exception", exception)
            .graded(Warning),
        Event::RecordSetAside { tp, offset, record, how } => {
            let of = |said: Description| said.with("record", record.0).with("offset", offset);
            match how {
                SetAside::Skipped => of(words.say_of(
                    *tp,
                    "record-given-up",
                    "{node} gave up record {record} of {partition} at offset {offset} and goes on",
                ))
                .graded(Loss),
                SetAside::DeadLettered { copy, topic } => of(words.say_of(
                    *tp,
                    "record-dead-lettered",
                    "{node} sends record {record} of {partition} at offset {offset} to the dead \
                     letter topic {topic}, as record {copy}",
                ))
                .with("copy", copy.0)
                .with("topic", topic)
                .graded(Warning),
                SetAside::Retried { copy, topic } => of(words.say_of(
                    *tp,
                    "record-retried",
                    "{node} sends record {record} of {partition} at offset {offset} to the retry \
                     topic {topic}, as record {copy}",
                ))
                .with("copy", copy.0)
                .with("topic", topic)
                .graded(Notice),
                SetAside::Redirected { copy, topic } => of(words.say_of(
                    *tp,
                    "record-redirected",
                    "{node} sends record {record} of {partition} at offset {offset} after an \
                     earlier one of its key to {topic}, as record {copy}",
                ))
                .with("copy", copy.0)
                .with("topic", topic)
                .graded(Notice),
                SetAside::Noted => of(words.say_of(
                    *tp,
                    "redirect-noted",
                    "{node} read in {partition} at offset {offset} which keys are in the retry \
                     topic",
                )),
            }
        }
        Event::KeyCleared { key } => words
            .say("key-cleared", "{node}: nothing of key {key} is in the retry topic any more")
            .with("key", String::from_utf8_lossy(key))
            .graded(Notice),
        Event::ApplicationFailed { exception } => words
            .say(
                "application-failed",
                "{node}: nobody caught {exception}; it closes the consumer and ends",
            )
            .with("exception", exception)
            .graded(Loss),
        _ => return None,
    })
}
