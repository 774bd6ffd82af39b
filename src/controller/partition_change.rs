//! How the leader, the ISR and the replicas of one partition change: Kafka's
//! `PartitionChangeBuilder`.
//!
//! Pure: the state before and what is wanted go in, the state after comes out.

use crate::engine::{NodeId, sort_by_key};
use crate::protocol::PartitionRegistration;

use super::reassignment;

/// How hard to look for a leader.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub enum Election {
    /// The first replica if it is eligible, else as [`Election::Online`].
    Preferred,
    /// The present leader if it is eligible, else the first eligible replica in assignment order.
    Online,
    /// As [`Election::Online`], but rather any live replica than none.
    Unclean,
}

/// A partition after a change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PartitionChange {
    /// Its new state.
    pub registration: PartitionRegistration,
    /// The leader was elected from outside ISR and ELR.
    pub unclean: bool,
}

/// A change of a partition in the making.
#[derive(Clone, Debug)]
pub struct PartitionChangeBuilder<'a> {
    before: &'a PartitionRegistration,
    /// min.insync.replicas, but never more than there are replicas; `None`: the feature
    /// eligible.leader.replicas.version is off.
    elr_min_isr: Option<usize>,
    election: Election,
    uncleanly_shut_down: Option<NodeId>,
    /// What is wanted.
    target: PartitionRegistration,
}

impl<'a> PartitionChangeBuilder<'a> {
    /// No change yet.
    pub fn new(before: &'a PartitionRegistration, elr_min_isr: Option<usize>) -> Self {
        let (election, uncleanly_shut_down) = (Election::Online, None);
        Self { before, elr_min_isr, election, uncleanly_shut_down, target: before.clone() }
    }

    /// How hard to look for a leader; [`Election::Online`] unless something else is said.
    pub fn election(mut self, election: Election) -> Self {
        self.election = election;
        self
    }

    /// Shrinks or grows the ISR.
    pub fn isr(mut self, isr: Vec<NodeId>) -> Self {
        self.target.isr = isr;
        self
    }

    /// Takes `broker` out of the ISR.
    pub fn without(mut self, broker: NodeId) -> Self {
        self.target.isr.retain(|&member| member != broker);
        self
    }

    /// Takes `broker` out of ISR and ELR: it may have lost the end of its log.
    pub fn without_unclean(mut self, broker: NodeId) -> Self {
        self.uncleanly_shut_down = Some(broker);
        self.without(broker)
    }

    /// Assigns other replicas; those to come and to go are among them until they have.
    pub fn replicas(
        mut self,
        replicas: Vec<NodeId>,
        adding: Vec<NodeId>,
        removing: Vec<NodeId>,
    ) -> Self {
        self.target.replicas = replicas;
        self.target.adding_replicas = adding;
        self.target.removing_replicas = removing;
        self
    }

    /// The change, with a leader among the replicas that `is_acceptable` accepts. `None`: there is
    /// none.
    pub fn build(mut self, is_acceptable: impl Fn(NodeId) -> bool) -> Option<PartitionChange> {
        reassignment::complete_if_possible(&mut self.target);
        self.populate_elr();
        let (leader, unclean) = self.elect(is_acceptable);
        let before = self.before;
        let leader_changes = leader != before.leader;
        let unclean = unclean && leader_changes;
        if let Some(leader) = leader.filter(|_| leader_changes) {
            if self.target.elr.contains(&leader) {
                self.target.isr = vec![leader];
                self.target.elr.retain(|&member| member != leader);
            }
            if unclean {
                self.target.isr = vec![leader];
                self.target.elr = Vec::new();
            }
        }
        if self.elr_min_isr.is_none() {
            self.target.elr = Vec::new();
            if self.target.isr.is_empty() {
                // Without ELR an ISR keeps its last member.
                self.target.isr.clone_from(&before.isr);
            }
        }
        self.remember_last_leader(leader);
        // Who is no replica any more shall learn of it, and so shall the others.
        let loses_replicas = before.replicas.iter().any(|r| !self.target.replicas.contains(r));
        let registration = PartitionRegistration { leader, ..self.target };
        if registration == *before {
            return None;
        }
        let bumps_epoch = leader_changes || loses_replicas;
        let registration = PartitionRegistration {
            leader_epoch: before.leader_epoch + i32::from(bumps_epoch),
            partition_epoch: before.partition_epoch + 1,
            ..registration
        };
        debug_assert!(registration.isr.iter().all(|m| registration.replicas.contains(m)));
        debug_assert!(registration.leader.is_none_or(|leader| registration.isr.contains(&leader)));
        debug_assert!(!registration.elr.iter().any(|m| registration.isr.contains(m)));
        Some(PartitionChange { registration, unclean })
    }

    /// Whoever leaves the ISR while it is below min.insync.replicas stays eligible: the high
    /// watermark stands still until the ISR has grown again.
    fn populate_elr(&mut self) {
        let Some(min_isr) = self.elr_min_isr else { return };
        let Self { before, target, uncleanly_shut_down, .. } = self;
        if target.isr.len() >= min_isr {
            target.elr = Vec::new();
            return;
        }
        let came = before.isr.iter().filter(|member| !before.elr.contains(member));
        target.elr.extend(came);
        let PartitionRegistration { elr, isr, replicas, .. } = target;
        let may_stay = |member: &NodeId| {
            replicas.contains(member)
                && !isr.contains(member)
                && Some(*member) != *uncleanly_shut_down
        };
        elr.retain(may_stay);
        sort_by_key(elr, |&member| member);
    }

    /// Set when the partition loses its last leader, kept while it has none.
    fn remember_last_leader(&mut self, leader: Option<NodeId>) {
        let Self { before, target, elr_min_isr, .. } = self;
        if elr_min_isr.is_none() || leader.is_some() {
            target.last_known_elr = Vec::new();
        } else if let Some(last) = before.leader.filter(|_| target.isr.is_empty()) {
            target.last_known_elr = vec![last];
        }
    }

    /// The leader, and whether it comes from outside ISR and ELR.
    fn elect(&self, is_acceptable: impl Fn(NodeId) -> bool) -> (Option<NodeId>, bool) {
        let Self { before, target, election, .. } = self;
        let PartitionRegistration { replicas, isr, elr, .. } = target;
        let is_eligible =
            |replica: &NodeId| isr.contains(replica) || (isr.is_empty() && elr.contains(replica));
        let is_valid = |replica: &NodeId| is_eligible(replica) && is_acceptable(*replica);
        let preferred = || replicas.first().copied().filter(is_valid);
        let present = || before.leader.filter(is_valid);
        let any = || replicas.iter().copied().find(is_valid);
        let clean = match election {
            Election::Preferred => preferred().or_else(present).or_else(any),
            Election::Online | Election::Unclean => present().or_else(any),
        };
        if clean.is_some() {
            return (clean, false);
        }
        let last_known = || self.last_known_leader().filter(|&leader| is_acceptable(leader));
        let live = || match election {
            Election::Unclean => replicas.iter().copied().find(|&replica| is_acceptable(replica)),
            Election::Preferred | Election::Online => None,
        };
        let leader = last_known().or_else(live);
        (leader, leader.is_some())
    }

    /// Whoever led last, if nobody else may (KIP-966, balanced recovery).
    fn last_known_leader(&self) -> Option<NodeId> {
        let Self { before, target, .. } = self;
        match before.last_known_elr[..] {
            [leader] if self.elr_min_isr.is_some() => {
                (target.isr.is_empty() && target.elr.is_empty()).then_some(leader)
            }
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests;
