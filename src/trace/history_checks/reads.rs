//! What was written is read, and nothing else.

use super::facts::{Facts, Run, Sent, of_acks};
use super::{Excuse, Finding};

/// Acknowledged records that nobody was given.
fn unread<'a>(facts: &'a Facts<'_>) -> impl Iterator<Item = (&'a Sent, i64)> {
    let offset = |sent: &'a Sent| Some((sent, sent.offset?));
    facts.sent.iter().filter(|sent| !facts.seen.contains(&sent.record)).filter_map(offset)
}

/// Acknowledged records that a reader passed, and that nobody was given.
pub(super) fn lost_writes(facts: &Facts<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (sent, offset) in unread(facts) {
        let passes = |run: &&Run| run.tp == sent.tp && run.covers().contains(&offset);
        let Some(run) = facts.runs.iter().find(passes) else { continue };
        let passed = run.polled.iter().find(|polled| polled.offset > offset);
        let events = [sent.event, passed.map_or(run.from.1, |polled| polled.event)];
        let excuse = facts.hidden(sent.record);
        let excuse = excuse.or(facts.released(sent.tp)).or(of_acks(sent.acks));
        findings.push(facts.finding("lost-write", sent.tp, events, excuse, |partition| {
            format!(
                "record {} was acknowledged at offset {offset} of {partition}, {} read past it, \
                 and nobody was given it",
                sent.record.0,
                facts.name(run.consumer)
            )
        }));
    }
    findings
}

/// Acknowledged records that nobody was given, with nothing to explain it but that nobody has come
/// to them.
pub(super) fn unseen(facts: &Facts<'_>) -> Vec<Finding> {
    let is_there = |sent: &Sent| {
        facts.hidden(sent.record).or(facts.released(sent.tp)).or(of_acks(sent.acks)).is_none()
    };
    let unread = unread(facts).filter(|(sent, _)| is_there(sent));
    let finding = |(sent, offset): (&Sent, i64)| {
        facts.finding("unseen", sent.tp, [sent.event; 2], None, |partition| {
            let record = sent.record.0;
            format!("record {record} is at offset {offset} of {partition}, and nobody was given it")
        })
    };
    unread.map(finding).collect()
}

/// G1a: records that can be in no log were given to a consumer.
pub(super) fn aborted_reads(facts: &Facts<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for run in &facts.runs {
        for polled in &run.polled {
            let never_sent = facts.never_sent.get(&polled.record).map(|&event| (event, None));
            let aborted = facts.transactions.aborted.get(&polled.record);
            let aborted = aborted.map(|&event| (event, Some(Excuse::ReadUncommitted)));
            let Some((failed, excuse)) = never_sent.or(aborted) else { continue };
            let events = [failed, polled.event];
            findings.push(facts.finding("aborted-read", run.tp, events, excuse, |partition| {
                let (consumer, record) = (facts.name(run.consumer), polled.record.0);
                let why = match excuse {
                    None => "it was given up before it was sent",
                    Some(_) => "its transaction was aborted",
                };
                format!(
                    "{consumer} was given record {record} at offset {} of {partition}; {why}",
                    polled.offset
                )
            }));
        }
    }
    findings
}
