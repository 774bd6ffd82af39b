//! Records and offsets belong together, one to one.

use std::collections::BTreeMap;

use super::facts::{Facts, Session, of_acks};
use super::{Excuse, Finding};
use crate::events::EventId;
use crate::protocol::TopicPartition;
use crate::record::RecordId;

/// A record at an offset, as somebody was told.
#[derive(Copy, Clone)]
struct Sight {
    event: EventId,
    tp: TopicPartition,
    offset: i64,
    record: RecordId,
    session: Session,
    /// Why this may not hold any more.
    excuse: Option<Excuse>,
}

/// What producers were told and consumers were given, in the order of events.
fn sights(facts: &Facts<'_>) -> Vec<Sight> {
    let sent = facts.sent.iter().filter_map(|sent| {
        let (event, tp, record) = (sent.event, sent.tp, sent.record);
        let (session, excuse) = (sent.session, of_acks(sent.acks));
        Some(Sight { event, tp, offset: sent.offset?, record, session, excuse })
    });
    let polled = facts.runs.iter().flat_map(|run| {
        run.polled.iter().map(|polled| {
            let (event, offset, record) = (polled.event, polled.offset, polled.record);
            Sight { event, tp: run.tp, offset, record, session: polled.session, excuse: None }
        })
    });
    let mut sights: Vec<Sight> = sent.chain(polled).collect();
    sights.sort_by_key(|sight| (sight.event, sight.offset));
    sights
}

/// Two records at one offset.
pub(super) fn inconsistent_offsets(facts: &Facts<'_>) -> Vec<Finding> {
    let mut known: BTreeMap<(TopicPartition, i64), Sight> = BTreeMap::new();
    let mut findings = Vec::new();
    for sight in sights(facts) {
        let Sight { event, tp, offset, record, .. } = sight;
        let first = *known.entry((tp, offset)).or_insert(sight);
        if first.record == record {
            continue;
        }
        let excuse = facts.released(tp).or(first.excuse).or(sight.excuse);
        let events = [first.event, event];
        findings.push(facts.finding("inconsistent-offsets", tp, events, excuse, |partition| {
            let (one, other) = (first.record.0, record.0);
            format!("records {one} and {other} were both seen at offset {offset} of {partition}")
        }));
        known.insert((tp, offset), sight);
    }
    findings
}

/// One record at two offsets.
pub(super) fn duplicates(facts: &Facts<'_>) -> Vec<Finding> {
    let mut known: BTreeMap<RecordId, Vec<Sight>> = BTreeMap::new();
    let mut findings = Vec::new();
    for sight in sights(facts) {
        let others = known.entry(sight.record).or_default();
        let place = |sight: &Sight| (sight.tp, sight.offset);
        if others.iter().any(|other| place(other) == place(&sight)) {
            continue;
        }
        if let Some(first) = others.first() {
            let is_plain = first.session.0 < 0 || sight.session.0 < 0;
            let excuse = (is_plain.then_some(Excuse::NoIdempotence))
                .or(facts.released(sight.tp))
                .or(first.excuse.or(sight.excuse))
                .or((first.session != sight.session).then_some(Excuse::NewProducerEpoch))
                .or((first.tp.topic != sight.tp.topic).then_some(Excuse::NewTopic));
            let events = [first.event, sight.event];
            findings.push(facts.finding("duplicate", sight.tp, events, excuse, |partition| {
                let (record, one, other) = (sight.record.0, first.offset, sight.offset);
                format!("record {record} was seen at offsets {one} and {other} of {partition}")
            }));
        }
        others.push(sight);
    }
    findings
}
