//! I1, I5, I6: what the controller says of partitions.

use std::collections::BTreeMap;

use super::{Checked, ensure, name};
use crate::cluster::Cluster;
use crate::engine::NodeId;
use crate::events::{Event, TraceEvent};
use crate::protocol::{PartitionRegistration, TopicPartition};

#[derive(Clone, Debug, Default)]
pub(super) struct MetadataRules {
    known: BTreeMap<TopicPartition, PartitionRegistration>,
    /// Who took over in which epoch.
    leaders: BTreeMap<(TopicPartition, i32), NodeId>,
}

impl MetadataRules {
    pub(super) fn observe(&mut self, cluster: &Cluster, event: &TraceEvent) -> Checked {
        match &event.event {
            Event::LeaderElected { tp, .. }
            | Event::IsrShrunk { tp, .. }
            | Event::IsrExpanded { tp, .. } => self.check(cluster, *tp),
            Event::BecameLeader { tp, leader_epoch, .. } => {
                let first = *self.leaders.entry((*tp, *leader_epoch)).or_insert(event.node);
                ensure("I5", first == event.node, || {
                    let tp = name(cluster, *tp);
                    let second = event.node;
                    format!("{tp}: brokers {first} and {second} both lead in epoch {leader_epoch}")
                })
            }
            _ => Ok(()),
        }
    }

    pub(super) fn check_all(&mut self, cluster: &Cluster) -> Checked {
        let partitions: Vec<_> = cluster.metadata().partitions().map(|p| p.0).collect();
        partitions.into_iter().try_for_each(|tp| self.check(cluster, tp))
    }

    fn check(&mut self, cluster: &Cluster, tp: TopicPartition) -> Checked {
        let Some(now) = cluster.metadata().partition(tp) else { return Ok(()) };
        let anybody_may_lead = cluster.controller().is_unclean_election_enabled(tp.topic);
        check_registration(now, anybody_may_lead, || name(cluster, tp))?;
        match self.known.get(&tp) {
            Some(before) if before == now => {}
            before => {
                let min_isr = cluster.controller().elr_min_isr(tp.topic);
                check_elr(now, min_isr, || name(cluster, tp))?;
                if let Some(before) = before {
                    check_change(before, now, || name(cluster, tp))?;
                }
                self.known.insert(tp, now.clone());
            }
        }
        Ok(())
    }
}

fn check_registration(
    now: &PartitionRegistration,
    anybody_may_lead: bool,
    name: impl Fn() -> String,
) -> Checked {
    let has_candidates = anybody_may_lead
        || [&now.isr, &now.elr, &now.last_known_elr].iter().any(|set| !set.is_empty());
    ensure("I1", has_candidates, || format!("{}: nobody will ever lead it", name()))?;
    ensure("I1", now.leader.is_none_or(|leader| now.isr.contains(&leader)), || {
        format!("{}: leader {:?} is not in the ISR {:?}", name(), now.leader, now.isr)
    })?;
    ensure("I6", now.isr.iter().all(|member| now.replicas.contains(member)), || {
        format!("{}: ISR {:?} is not among replicas {:?}", name(), now.isr, now.replicas)
    })?;
    let has_repeats = (1..now.isr.len()).any(|i| now.isr[..i].contains(&now.isr[i]));
    ensure("I6", !has_repeats, || format!("{}: ISR {:?} repeats itself", name(), now.isr))
}

fn check_elr(
    now: &PartitionRegistration,
    min_isr: Option<usize>,
    name: impl Fn() -> String,
) -> Checked {
    let PartitionRegistration { isr, elr, .. } = now;
    ensure("I6", !elr.iter().any(|member| isr.contains(member)), || {
        format!("{}: ISR {isr:?} and ELR {elr:?} overlap", name())
    })?;
    ensure("I6", elr.is_empty() || min_isr.is_some_and(|min| isr.len() < min), || {
        format!("{}: ELR {elr:?}, but the ISR {isr:?} is large enough", name())
    })?;
    ensure("I1", min_isr.is_some() || !isr.is_empty(), || {
        format!("{}: the ISR is empty, and there is no ELR", name())
    })
}

fn check_change(
    before: &PartitionRegistration,
    now: &PartitionRegistration,
    name: impl Fn() -> String,
) -> Checked {
    ensure("I5", now.partition_epoch > before.partition_epoch, || {
        let (from, to) = (before.partition_epoch, now.partition_epoch);
        format!("{}: it changed, but its partition epoch went from {from} to {to}", name())
    })?;
    let has_new_leader = now.leader != before.leader;
    let epochs = (before.leader_epoch, now.leader_epoch);
    ensure("I5", epochs.1 > epochs.0 || (epochs.1 == epochs.0 && !has_new_leader), || {
        let (from, to) = epochs;
        let (old, new) = (before.leader, now.leader);
        format!("{}: leader {old:?} to {new:?}, but leader epoch {from} to {to}", name())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn registration(leader: u16, isr: &[u16], epochs: (i32, i32)) -> PartitionRegistration {
        PartitionRegistration {
            replicas: [1, 2, 3].map(NodeId).to_vec(),
            isr: isr.iter().copied().map(NodeId).collect(),
            leader: (leader > 0).then_some(NodeId(leader)),
            leader_epoch: epochs.0,
            partition_epoch: epochs.1,
            ..PartitionRegistration::default()
        }
    }

    fn rule(checked: Checked) -> Option<&'static str> {
        checked.err().map(|breach| breach.rule)
    }

    #[test]
    fn registrations() {
        let check = |leader, isr| {
            rule(check_registration(&registration(leader, isr, (0, 0)), false, String::new))
        };
        assert_eq!(check(1, &[1, 2]), None);
        assert_eq!(check(0, &[2]), None);
        assert_eq!(check(1, &[2]), Some("I1"));
        assert_eq!(check(0, &[]), Some("I1"));
        assert_eq!(check(1, &[1, 4]), Some("I6"));
        assert_eq!(check(1, &[1, 1]), Some("I6"));
    }

    #[test]
    fn eligible_replicas() {
        let check = |isr, elr: &[u16], min_isr| {
            let elr = elr.iter().copied().map(NodeId).collect();
            let registration = PartitionRegistration { elr, ..registration(0, isr, (0, 0)) };
            rule(check_elr(&registration, min_isr, String::new))
        };
        assert_eq!(check(&[1], &[2], Some(2)), None);
        assert_eq!(check(&[], &[1, 2], Some(1)), None);
        assert_eq!(check(&[1], &[1], Some(2)), Some("I6"));
        assert_eq!(check(&[1, 3], &[2], Some(2)), Some("I6"));
        assert_eq!(check(&[1], &[2], None), Some("I6"));
        assert_eq!(check(&[], &[], None), Some("I1"));
    }

    #[test]
    fn changes() {
        let before = registration(1, &[1, 2], (3, 5));
        let check = |leader, epochs| {
            rule(check_change(&before, &registration(leader, &[1, 2], epochs), String::new))
        };
        assert_eq!(check(1, (3, 6)), None);
        assert_eq!(check(2, (4, 6)), None);
        assert_eq!(check(2, (3, 6)), Some("I5"));
        assert_eq!(check(1, (2, 6)), Some("I5"));
        assert_eq!(check(1, (3, 5)), Some("I5"));
    }
}
