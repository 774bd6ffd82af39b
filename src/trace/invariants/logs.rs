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
    /// Batches of a leader that have been compared with a follower's.
    compared: BTreeMap<(TopicPartition, NodeId, NodeId), usize>,
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
        check_order(&log[log.len().saturating_sub(3)..], place)?;
        ensure("I5", log.last().is_none_or(|last| last.next_offset() == end), || {
            format!("{}: the last batch does not end at the log end {end}", place())
        })
    }

    pub(super) fn check_all(
        &mut self,
        cluster: &Cluster,
        unclean: &BTreeSet<TopicPartition>,
        short: &Short,
    ) -> Checked {
        for (tp, registration) in cluster.controller().image().partitions() {
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
                let log = leader.log().batches();
                let sequences = self.sequences.entry((tp, broker)).or_default();
                sequences.read_on(log, || format!("{} on broker {broker}", name(cluster, tp)))?;
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
                        let logs = (one.log().batches(), other.log().batches());
                        check_matching(logs.0, logs.1, || {
                            format!("{} on brokers {a} and {b}", name(cluster, tp))
                        })?;
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
        let logs = (leader.log().batches(), member.log().batches());
        let high_watermark = leader.high_watermark();
        while let Some(batch) = logs.0.get(*compared) {
            if batch.next_offset() > high_watermark {
                break;
            }
            let other = logs.1.get(*compared);
            ensure("I2", other == Some(batch), || {
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
            *compared += 1;
        }
        Ok(())
    }
}

/// I5: offsets without gaps, epochs that never fall.
fn check_order(log: &[LoggedBatch], place: impl Fn() -> String) -> Checked {
    for pair in log.windows(2) {
        let [before, after] = pair else { continue };
        ensure("I5", before.next_offset() == after.base_offset, || {
            let (from, to) = (before.next_offset(), after.base_offset);
            format!("{}: a gap from offset {from} to {to}", place())
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
        assert!(check_order(&log(&[0, 0, 1]), String::new).is_ok());
        assert!(check_order(&log(&[0, 1, 0]), String::new).is_err());
        let mut gap = log(&[0, 0]);
        gap[1].base_offset = 5;
        assert!(check_order(&gap, String::new).is_err());
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
