//! Producers, and what happens to any client's connections.

use super::{Description, Severity, Words};
use crate::events::Event;
use crate::trace::cause::failure_name;

pub(super) fn describe(words: &Words<'_>) -> Option<Description> {
    use Severity::{Loss, Warning};
    Some(match &words.event.event {
        Event::RecordProduced { record, topic, .. } => words
            .say("record-produced", "{node} sends record {record} to {topic}")
            .with("record", record.0)
            .with("topic", topic),
        Event::RecordBatched { record, tp } => words
            .say_of(*tp, "record-batched", "{node}: record {record} is in a batch of {partition}")
            .with("record", record.0),
        Event::BatchSent { tp, batch, to, attempt } => words
            .say_of(
                *tp,
                "batch-sent",
                "{node} sent {records} of {partition} to {to}, attempt {attempt}",
            )
            .with_batch(batch)
            .with("to", words.node(*to))
            .with("attempt", attempt + 1),
        Event::BatchAcknowledged { tp, batch, base_offset: -1, acks } => words
            .say_of(
                *tp,
                "batch-acknowledged-blindly",
                "{node}: {records} of {partition} acknowledged with acks={acks}, offset unknown",
            )
            .with_batch(batch)
            .with("acks", acks.as_str()),
        Event::BatchAcknowledged { tp, batch, base_offset, acks } => words
            .say_of(
                *tp,
                "batch-acknowledged",
                "{node}: {records} of {partition} acknowledged with acks={acks} at offset \
                 {offset}",
            )
            .with_batch(batch)
            .with("acks", acks.as_str())
            .with("offset", base_offset),
        Event::BatchRetried { tp, batch, error, attempts, backoff_us } => words
            .say_of(
                *tp,
                "batch-retried",
                "{node} will send {records} of {partition} again in {backoff} ms, attempts so \
                 far {attempts}: {cause}",
            )
            .with_batch(batch)
            .with("attempts", attempts)
            .with("backoff", backoff_us / 1_000)
            .because(error.name())
            .graded(Warning),
        Event::BatchFailed { tp, batch, failure } => words
            .say_of(*tp, "batch-failed", "{node} gave up {records} of {partition}: {cause}")
            .with_batch(batch)
            .because(failure_name(*failure))
            .graded(Loss),
        Event::RecordFailed { record, failure } => words
            .say("record-failed", "{node} gave up record {record}: {cause}")
            .with("record", record.0)
            .because(failure_name(*failure))
            .graded(Loss),
        Event::TransactionFailed { error, is_fatal: false } => words
            .say("transaction-failed", "{node} aborts its transaction: {cause}")
            .because(error.name())
            .graded(Warning),
        Event::TransactionFailed { error, .. } => words
            .say("producer-failed", "{node} can begin no transaction any more, and closes: {cause}")
            .because(error.name())
            .graded(Warning),
        Event::Disconnected { peer } => words
            .say("disconnected", "{node}: connection to {peer} broke")
            .with("peer", words.node(*peer))
            .graded(Warning),
        Event::RequestTimedOut { peer } => words
            .say(
                "request-timed-out",
                "{node}: no response from {peer} within request.timeout.ms; it closes the \
                 connection",
            )
            .with("peer", words.node(*peer))
            .because("request-timeout")
            .graded(Warning),
        _ => return None,
    })
}
