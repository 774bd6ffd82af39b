//! Sends and polls go forward, and without gaps.

use std::collections::BTreeMap;

use super::facts::{Facts, Polled, Run, Sent, of_acks};
use super::{Excuse, Finding};
use crate::events::EventId;
use crate::protocol::TopicPartition;
use crate::record::RecordId;

/// A later send of a producer lies before an earlier one of the same partition.
pub(super) fn nonmonotonic_sends(facts: &Facts<'_>) -> Vec<Finding> {
    let mut sends: Vec<(&Sent, i64)> =
        facts.sent.iter().filter_map(|sent| Some((sent, sent.offset?))).collect();
    // Records are numbered in the order in which they were produced.
    sends.sort_by_key(|(sent, _)| (sent.producer, sent.tp, sent.record));
    let mut findings = Vec::new();
    for pair in sends.windows(2) {
        let [(earlier, before), (later, after)] = pair else { continue };
        let is_alike = (earlier.producer, earlier.tp) == (later.producer, later.tp);
        if !is_alike || before < after {
            continue;
        }
        let is_plain = earlier.session.0 < 0 || later.session.0 < 0;
        let excuse = facts
            .released(later.tp)
            .or(of_acks(earlier.acks).or(of_acks(later.acks)))
            .or(is_plain.then_some(Excuse::NoIdempotence));
        let events = [earlier.event, later.event];
        findings.push(facts.finding("nonmonotonic-send", later.tp, events, excuse, |partition| {
            format!(
                "{} sent record {} to offset {before} of {partition}, and record {} after it to \
                 {after}",
                facts.name(later.producer),
                earlier.record.0,
                later.record.0
            )
        }));
    }
    findings
}

/// Two records that a consumer was given one after the other.
struct Step<'a> {
    run: &'a Run,
    before: &'a Polled,
    after: &'a Polled,
    /// Why Kafka may jump between the two.
    excuse: Option<Excuse>,
}

fn steps<'a>(facts: &'a Facts<'_>) -> Vec<Step<'a>> {
    let mut steps = Vec::new();
    for run in &facts.runs {
        let inside = run.polled.windows(2).filter_map(|pair| {
            let [before, after] = pair else { return None };
            Some(Step { run, before, after, excuse: None })
        });
        steps.extend(inside);
        if let (Some(after), Some((before, excuse))) = (run.polled.first(), last_before(facts, run))
        {
            steps.push(Step { run, before, after, excuse });
        }
    }
    steps
}

/// What was given last before a run; one excuse of the jumps since then is enough.
fn last_before<'a>(facts: &'a Facts<'_>, run: &Run) -> Option<(&'a Polled, Option<Excuse>)> {
    let mut excuse = run.excuse();
    let mut before = run.before;
    while let Some(run) = before.map(|index| &facts.runs[index]) {
        if let Some(polled) = run.polled.last() {
            return Some((polled, excuse));
        }
        excuse = excuse.or(run.excuse());
        before = run.before;
    }
    None
}

/// A consumer is given an offset again, or an earlier one.
pub(super) fn nonmonotonic_polls(facts: &Facts<'_>) -> Vec<Finding> {
    let backward = |step: &Step<'_>| step.after.offset <= step.before.offset;
    let finding = |step: Step<'_>| {
        let events = [step.before.event, step.after.event];
        let (tp, excuse) = (step.run.tp, step.excuse);
        facts.finding("nonmonotonic-poll", tp, events, excuse, |partition| {
            format!(
                "{} was given offset {} of {partition}, and then {}",
                facts.name(step.run.consumer),
                step.before.offset,
                step.after.offset
            )
        })
    };
    steps(facts).into_iter().filter(backward).map(finding).collect()
}

/// A consumer is not given a record that lies between two that it is given.
pub(super) fn poll_skips(facts: &Facts<'_>) -> Vec<Finding> {
    let known = known_records(facts);
    let mut findings = Vec::new();
    for step in steps(facts) {
        let tp = step.run.tp;
        let (from, to) = (step.before.offset + 1, step.after.offset);
        if from >= to {
            continue;
        }
        let mut between = known.range((tp, from)..(tp, to)).peekable();
        if between.peek().is_none() {
            continue;
        }
        let mut hidden = None;
        let is_there = between.any(|(_, (record, _))| {
            let why = facts.hidden(*record);
            hidden = hidden.or(why);
            why.is_none()
        });
        let excuse = step.excuse.or(facts.released(tp)).or(hidden.filter(|_| !is_there));
        let events = [step.before.event, step.after.event];
        findings.push(facts.finding("poll-skip", tp, events, excuse, |partition| {
            let consumer = facts.name(step.run.consumer);
            let last = to - 1;
            format!("{consumer} was not given offsets {from} to {last} of {partition}")
        }));
    }
    findings
}

type Known = BTreeMap<(TopicPartition, i64), (RecordId, EventId)>;

/// What is certain to lie at an offset.
fn known_records(facts: &Facts<'_>) -> Known {
    let sent = facts.sent.iter().filter(|sent| of_acks(sent.acks).is_none());
    let sent = sent.filter_map(|sent| Some(((sent.tp, sent.offset?), (sent.record, sent.event))));
    let polled = facts.runs.iter().flat_map(|run| {
        run.polled.iter().map(|polled| ((run.tp, polled.offset), (polled.record, polled.event)))
    });
    sent.chain(polled).collect()
}
