//! Tells one record's story from the ledger.

use crate::engine::{Micros, NodeId, sort_by_key};
use crate::events::{EventId, SetAside};
use crate::record::RecordId;
use crate::trace::cause::failure_name;
use crate::trace::fate::{Fate, GroupFate, Outcome, Step, StepKind};

use super::entry::Entry;
use super::shipment::{Death, End, NONE, Placement, Shipment};
use super::{Ledger, Moment};

pub(super) fn tell(ledger: &Ledger, record: RecordId) -> Option<Fate> {
    let entry = ledger.records.get(usize::try_from(record.0).ok()?)?;
    if entry.produced.is_never() {
        return None;
    }
    let shipment = ledger.shipment_of_entry(entry);
    let offset = shipment.and_then(|shipment| {
        places(ledger, shipment, record)
            .filter(|(place, _)| place.is_alive)
            .map(|(_, offset)| offset)
            .min()
    });
    let mut fate = Fate {
        record,
        producer: entry.producer,
        topic: ledger.topic_names[usize::from(entry.topic)].clone(),
        key: entry.key.as_ref().map(|key| String::from_utf8_lossy(key).into_owned()),
        partition: (entry.partition != Entry::NO_PARTITION).then_some(entry.partition),
        offset,
        outcome: Outcome::InFlight,
        lost: shipment.and_then(|shipment| shipment.lost),
        removed: None,
        duplicated: shipment.and_then(|shipment| shipment.duplicated),
        is_reordered: entry.is_reordered,
        copy_of: ledger.copies.original(record),
        steps: Vec::new(),
        groups: Vec::new(),
    };
    tell_entry(&mut fate.steps, entry);
    for aside in ledger.copies.asides(record) {
        push(&mut fate.steps, aside.at, aside.node, set_aside(&aside.how));
    }
    if let Some(shipment) = shipment {
        tell_shipment(&mut fate.steps, shipment);
        for (place, offset) in places(ledger, shipment, record) {
            tell_place(&mut fate.steps, place, offset);
        }
        tell_groups(&mut fate, ledger, shipment, record);
        tell_removal(&mut fate, ledger, shipment);
    }
    fate.outcome = outcome(entry, shipment, fate.removed.is_some());
    sort_by_key(&mut fate.steps, |step| (step.at_us, step.event));
    Some(fate)
}

fn outcome(entry: &Entry, shipment: Option<&Shipment>, is_removed: bool) -> Outcome {
    if shipment.is_some_and(|shipment| shipment.aborted.is_some()) {
        return Outcome::Aborted;
    }
    match shipment.map(|shipment| (shipment.end, shipment.living > 0, shipment.lost)) {
        Some((End::Acknowledged(_), _, Some(_))) => Outcome::Lost,
        Some((End::Acknowledged(_), _, None)) if is_removed => Outcome::Removed,
        Some((End::Acknowledged(_), _, None)) => Outcome::Acknowledged,
        Some((End::Failed(_), true, _)) => Outcome::FailedButWritten,
        Some((End::Failed(_), false, _)) => Outcome::Failed,
        _ if entry.failed.is_some() => Outcome::Failed,
        _ => Outcome::InFlight,
    }
}

/// The shipment's places, newest first, each with the record's offset there.
fn places<'a>(
    ledger: &'a Ledger,
    shipment: &'a Shipment,
    record: RecordId,
) -> impl Iterator<Item = (&'a Placement, i64)> {
    let index = shipment.ids().position(|id| id == record).unwrap_or_default() as i64;
    let place = |id: u32| (id != NONE).then(|| &ledger.placements[id as usize]);
    std::iter::successors(place(shipment.placement), move |before| place(before.older))
        .map(move |place| (place, place.base_offset + index))
}

fn tell_entry(steps: &mut Vec<Step>, entry: &Entry) {
    let produced = entry.produced;
    push(steps, produced, entry.producer, StepKind::Produced);
    let later = |after_us: u32| Moment {
        at_us: produced.at_us + Micros::from(after_us),
        event: Moment::NEVER.event,
    };
    if entry.partition != Entry::NO_PARTITION {
        let kind = StepKind::Batched { partition: entry.partition };
        push(steps, later(entry.batched_after_us), entry.producer, kind);
    }
    if let Some(failure) = entry.failed {
        let kind = StepKind::Failed { reason: failure_name(failure) };
        push(steps, later(entry.failed_after_us), entry.producer, kind);
    }
}

fn set_aside(how: &SetAside) -> StepKind {
    StepKind::SetAside { how: how.name(), copy: how.copy() }
}

fn tell_shipment(steps: &mut Vec<Step>, shipment: &Shipment) {
    let producer = shipment.producer;
    let sent = StepKind::Sent { attempts: shipment.attempts };
    push(steps, shipment.first_sent, producer, sent);
    if let Some(error) = shipment.refused {
        push(steps, shipment.refused_at, shipment.to, StepKind::Refused { error });
    }
    match shipment.end {
        End::Open => {}
        End::Acknowledged(acks) => {
            let acks = StepKind::Acknowledged { acks: acks.as_str() };
            push(steps, shipment.ended, producer, acks);
        }
        End::Failed(failure) => {
            let failed = StepKind::Failed { reason: failure_name(failure) };
            push(steps, shipment.ended, producer, failed);
        }
    }
    if let Some(cause) = shipment.aborted {
        push(steps, shipment.aborted_at, shipment.aborted_by, StepKind::Aborted { cause });
    }
    if let Some(cause) = shipment.lost {
        push(steps, shipment.lost_at, shipment.to, StepKind::Lost { cause });
    }
}

fn tell_place(steps: &mut Vec<Step>, place: &Placement, offset: i64) {
    let appended = StepKind::Appended {
        offset,
        leader_epoch: place.leader_epoch,
        counts: place.is_alive,
        copies: place.copies,
    };
    push(steps, place.appended, place.leader, appended);
    push(steps, place.visible, place.leader, StepKind::Visible { offset });
}

fn tell_groups(fate: &mut Fate, ledger: &Ledger, shipment: &Shipment, record: RecordId) {
    let tp = shipment.tp;
    let Some(partition) = ledger.partitions.iter().position(|partition| partition.tp == tp) else {
        return;
    };
    for group in &ledger.groups {
        let Some(claim) = group.claim(partition) else { continue };
        let touch = group.touch(record);
        let offset = fate.offset;
        fate.groups.push(GroupFate {
            group: group.name.clone(),
            delivered: touch.delivered,
            processed: touch.processed,
            committed: offset.is_some_and(|offset| claim.committed > Some(offset)),
            skipped: offset.is_some_and(|offset| claim.is_skipped(offset)),
        });
        let first = touch.processed_first;
        push(&mut fate.steps, first, touch.by, StepKind::Processed);
        if !first.is_never()
            && let Some(step) = fate.steps.last_mut()
        {
            step.group = Some(group.name.clone());
        }
    }
}

fn tell_removal(fate: &mut Fate, ledger: &Ledger, shipment: &Shipment) {
    let partition = ledger.partitions.iter().position(|partition| partition.tp == shipment.tp);
    let place = ledger.placements.get(shipment.placement as usize);
    let deleted = place.filter(|place| place.death == Some(Death::TopicDeleted));
    let offset = fate.offset.or_else(|| deleted.map(|place| place.base_offset));
    let (Some(partition), Some(offset)) = (partition, offset) else { return };
    let Some((at, cause)) = ledger.removal(partition, fate.record, offset) else { return };
    fate.removed = Some(cause);
    let leader = ledger.partitions[partition].leader_node().unwrap_or(shipment.to);
    push(&mut fate.steps, at, leader, StepKind::Removed { cause });
}

fn push(steps: &mut Vec<Step>, moment: Moment, node: NodeId, kind: StepKind) {
    if moment.at_us == Micros::MAX {
        return;
    }
    let event = (moment.event != EventId(u64::MAX)).then_some(moment.event);
    steps.push(Step { at_us: moment.at_us, event, node, group: None, kind });
}
