//! I2, I3, I4, I5, I10: what lies in the logs.

use std::collections::{BTreeMap, BTreeSet};

use super::sequences::Sequences;
use super::{Checked, Short, ensure, name};
use crate::broker::Partition;
use crate::cluster::Cluster;
use crate::engine::NodeId;
use crate::events::{Event, TraceEvent};
use crate::protocol::TopicPartition;
use crate::record::LoggedBatch;

/// How many batches before a common one are compared.
const LOOK_BACK: usize = 32;

#[derive(Clone, Debug, Default)]
pub(super) struct LogRules {
    /// A leader's high watermark and the epoch it leads in.
    high_watermarks: BTreeMap<(TopicPartition, NodeId), (i32, i64)>,
    /// Highest committed offset, until an unclean election.
    committed: BTreeMap<TopicPartition, i64>,
    /// Up to where a leader's log has been compared with a follower's.
    compared: BTreeMap<(TopicPartition, NodeId, NodeId), i64>,
    sequences: BTreeMap<(TopicPartition, NodeId), Sequences>,
}

impl LogRules {
    pub(super) fn observe(
        &mut self,
        cluster: &Cluster,
        event: &TraceEvent,
        unclean: &BTreeSet<TopicPartition>,
    ) -> Checked {
        match &event.event {
            Event::BatchAppended { tp, .. } | Event::BatchReplicated { tp, .. } => {
                self.check_replica(cluster, *tp, event.node)
            }
            Event::HighWatermarkAdvanced { tp, to, .. } => {
                let committed = self.committed.entry(*tp).or_insert(0);
                *committed = (*committed).max(*to);
                self.check_replica(cluster, *tp, event.node)
            }
            Event::BecameLeader { tp, .. }
            | Event::LogTruncated { tp, .. }
            | Event::UnflushedLost { tp, .. } => {
                self.forget(*tp, event.node);
                self.check_replica(cluster, *tp, event.node)
            }
            Event::NodeKilled | Event::NodeStopped | Event::NodeStarted { .. } => {
                self.high_watermarks.retain(|&(_, broker), _| broker != event.node);
                Ok(())
            }
            Event::RecordsDelivered { tp, base_offset, first, count, batch } => {
                let last = (*first + *count).saturating_sub(1) as usize;
                let next = base_offset + batch.offset_delta(last) + 1;
                let committed = self.committed.get(tp).copied().unwrap_or(0);
                ensure("I3", next <= committed || unclean.contains(tp), || {
                    let (tp, last) = (name(cluster, *tp), next - 1);
                    let id = batch.id.0;
                    format!(
                        "{tp}: poll() returned offset {last} of batch {id}, committed are only those below {committed}"
                    )
                })
            }
            _ => Ok(()),
        }
    }

    /// What was compared has changed.
    fn forget(&mut self, tp: TopicPartition, broker: NodeId) {
        self.compared.retain(|&(known, a, b), _| known != tp || (a != broker && b != broker));
        self.sequences.remove(&(tp, broker));
    }

    /// The cheap checks of one replica.
    fn check_replica(&mut self, cluster: &Cluster, tp: TopicPartition, broker: NodeId) -> Checked {
        let Some(replica) = cluster.broker(broker).and_then(|broker| broker.replica(tp)) else {
            return Ok(());
        };
        let (start, high, end) = (replica.log_start(), replica.high_watermark(), replica.leo());
        let place = || format!("{} on broker {broker}", name(cluster, tp));
        ensure("I3", start <= high && high <= end, || {
            format!("{}: log start {start}, high watermark {high}, log end {end}", place())
        })?;
        if replica.is_leader() {
            let now = (replica.leader_epoch(), high);
            let before = self.high_watermarks.insert((tp, broker), now).unwrap_or((-1, 0));
            ensure("I3", before.0 != now.0 || before.1 <= now.1, || {
                format!("{}: high watermark fell from {} to {}", place(), before.1, now.1)
            })?;
        }
        let log = replica.log().batches();
        let is_compacted = replica.is_compacted();
        check_order(&log[log.len().saturating_sub(3)..], is_compacted, place)?;
        let ends_there = log.last().is_none_or(|last| last.next_offset() == end);
        ensure("I5", ends_there || is_compacted, || {
            format!("{}: the last batch does not end at the log end {end}", place())
        })
    }

    pub(super) fn check_all(
        &mut self,
        cluster: &Cluster,
        unclean: &BTreeSet<TopicPartition>,
        short: &Short,
    ) -> Checked {
        for (tp, registration) in cluster.metadata().partitions() {
            let replicas: Vec<(NodeId, &Partition)> = registration
                .replicas
                .iter()
                .filter_map(|&id| Some((id, cluster.broker(id)?.replica(tp)?)))
                .collect();
            for &(broker, leader) in &replicas {
                self.check_replica(cluster, tp, broker)?;
                if !leader.is_leader() || !cluster.is_running(broker) {
                    continue;
                }
                if !leader.is_compacted() {
                    let log = leader.log().batches();
                    let sequences = self.sequences.entry((tp, broker)).or_default();
                    sequences
                        .read_on(log, || format!("{} on broker {broker}", name(cluster, tp)))?;
                }
                let place = || format!("{} on broker {broker}", name(cluster, tp));
                super::transactions::check_stable(leader, place)?;
                let is_current = leader.leader_epoch() == registration.leader_epoch;
                if unclean.contains(&tp) && !is_current {
                    continue;
                }
                let in_sync = replicas.iter().filter(|(id, _)| {
                    *id != broker
                        && (registration.isr.contains(id) || registration.elr.contains(id))
                        && !short.contains_key(&(tp, *id))
                });
                for &(member, follower) in in_sync {
                    self.check_committed(cluster, tp, (broker, leader), (member, follower))?;
                }
            }
            if !unclean.contains(&tp) {
                for (i, (a, one)) in replicas.iter().enumerate() {
                    for (b, other) in &replicas[i + 1..] {
                        let from = one.log_start().max(other.log_start());
                        let place = || format!("{} on brokers {a} and {b}", name(cluster, tp));
                        if one.is_compacted() || other.is_compacted() {
                            check_compacted(after(one, from), after(other, from), place)?;
                        } else {
                            check_matching(after(one, from), after(other, from), place)?;
                        }
                    }
                }
            }
        }
        Ok(())
    }

    /// I2: what is below the leader's high watermark is the same on a member of ISR or ELR.
    fn check_committed(
        &mut self,
        cluster: &Cluster,
        tp: TopicPartition,
        (leader_id, leader): (NodeId, &Partition),
        (member_id, member): (NodeId, &Partition),
    ) -> Checked {
        let compared = self.compared.entry((tp, leader_id, member_id)).or_insert(0);
        // Each gives its oldest segments up in its own time.
        let from = (*compared).max(leader.log_start()).max(member.log_start());
        let (log, others) = (after(leader, from), after(member, from));
        let is_compacted = leader.is_compacted() || member.is_compacted();
        let high_watermark = leader.high_watermark();
        for (index, batch) in log.iter().enumerate() {
            if batch.next_offset() > high_watermark {
                break;
            }
            let other = match is_compacted {
                false => others.get(index),
                true => find(others, batch.base_offset),
            };
            let is_same = other.is_some_and(|other| agree(batch, other));
            ensure("I2", is_same || (is_compacted && other.is_none()), || {
                format!(
                    "{}: offset {} of leader {leader_id} is below its high watermark \
                     {high_watermark}, but member {member_id} of ISR or ELR has {}",
                    name(cluster, tp),
                    batch.base_offset,
                    other.map_or("nothing there".to_owned(), |other| format!(
                        "offset {} of epoch {}",
                        other.base_offset, other.leader_epoch
                    ))
                )
            })?;
            *compared = batch.next_offset();
        }
        Ok(())
    }
}

/// The batches of a replica from the first that lies at `from` or later.
fn after(replica: &Partition, from: i64) -> &[LoggedBatch] {
    let log = replica.log().batches();
    &log[log.partition_point(|batch| batch.base_offset < from)..]
}

fn find(log: &[LoggedBatch], base_offset: i64) -> Option<&LoggedBatch> {
    let index = log.binary_search_by_key(&base_offset, |batch| batch.base_offset).ok()?;
    log.get(index)
}

/// Whether two batches are the same, but for what compaction has taken from either.
fn agree(one: &LoggedBatch, other: &LoggedBatch) -> bool {
    if one.batch.gaps.is_none() && other.batch.gaps.is_none() {
        return one == other;
    }
    let record = |of: &LoggedBatch, delta| {
        let index = of.batch.index_at(delta);
        let record = of.batch.records.get(index)?;
        (of.batch.offset_delta(index) == delta).then_some(record.id)
    };
    let mut deltas = (0..one.batch.records.len()).map(|index| one.batch.offset_delta(index));
    one.last_offset() == other.last_offset()
        && one.leader_epoch == other.leader_epoch
        && deltas.all(|delta| record(other, delta).is_none_or(|id| record(one, delta) == Some(id)))
}

/// I4 for logs with gaps: what both have at one place, from the same epoch, is the same.
fn check_compacted(
    one: &[LoggedBatch],
    other: &[LoggedBatch],
    place: impl Fn() -> String,
) -> Checked {
    one.iter().rev().take(LOOK_BACK).try_for_each(|batch| {
        let same_place = find(other, batch.base_offset);
        let same_place = same_place.filter(|other| other.leader_epoch == batch.leader_epoch);
        ensure("I4", same_place.is_none_or(|other| agree(batch, other)), || {
            format!("{}: they differ at offset {}", place(), batch.base_offset)
        })
    })
}

/// I5: offsets without gaps, unless compaction left them; epochs that never fall.
fn check_order(log: &[LoggedBatch], is_compacted: bool, place: impl Fn() -> String) -> Checked {
    for pair in log.windows(2) {
        let [before, after] = pair else { continue };
        let (end, next) = (before.next_offset(), after.base_offset);
        ensure("I5", end == next || (is_compacted && end < next), || {
            format!("{}: a gap from offset {end} to {next}", place())
        })?;
        ensure("I5", before.leader_epoch <= after.leader_epoch, || {
            let (from, to) = (before.leader_epoch, after.leader_epoch);
            format!("{}: epoch {to} after {from} at {}", place(), after.base_offset)
        })?;
    }
    Ok(())
}

/// I4: up to the last batch with the same offset and epoch, two logs are the same.
fn check_matching(
    one: &[LoggedBatch],
    other: &[LoggedBatch],
    place: impl Fn() -> String,
) -> Checked {
    let key = |batch: &LoggedBatch| (batch.base_offset, batch.leader_epoch);
    let common = one.len().min(other.len());
    let last = (0..common).rev().find(|&i| key(&one[i]) == key(&other[i]));
    let Some(last) = last else { return Ok(()) };
    for i in last.saturating_sub(LOOK_BACK)..=last {
        ensure("I4", one[i] == other[i], || {
            format!("{}: they differ at offset {}", place(), one[i].base_offset)
        })?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::trace::script::Script;

    fn log(epochs: &[i32]) -> Vec<LoggedBatch> {
        let mut script = Script::new();
        epochs
            .iter()
            .zip(0..)
            .map(|(&leader_epoch, base_offset)| LoggedBatch {
                base_offset,
                leader_epoch,
                batch: script.produce(&["a"]),
            })
            .collect()
    }

    #[test]
    fn order() {
        assert!(check_order(&log(&[0, 0, 1]), false, String::new).is_ok());
        assert!(check_order(&log(&[0, 1, 0]), false, String::new).is_err());
        let mut gap = log(&[0, 0]);
        gap[1].base_offset = 5;
        assert!(check_order(&gap, false, String::new).is_err());
        assert!(check_order(&gap, true, String::new).is_ok(), "compaction leaves gaps");
    }

    #[test]
    fn matching() {
        let whole = log(&[0, 0, 1, 1]);
        assert!(check_matching(&whole, &whole[..2], String::new).is_ok());
        let mut diverged = whole.clone();
        diverged[3].leader_epoch = 2;
        assert!(check_matching(&whole, &diverged, String::new).is_ok(), "another epoch may differ");
        diverged[1].batch = whole[0].batch.clone();
        assert!(check_matching(&whole, &diverged, String::new).is_err());
    }
}
