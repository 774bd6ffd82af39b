//! How the leader and the ISR of one partition change: Kafka's `PartitionChangeBuilder`.
//!
//! Pure: the state before and what is wanted go in, the state after comes out. Eligible leader
//! replicas (KIP-966) are off, so an ISR keeps its last member and elections look at the ISR alone.

use crate::engine::NodeId;
use crate::protocol::PartitionRegistration;

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
    /// The leader was elected from outside the ISR.
    pub unclean: bool,
}

/// Shrinks or grows the ISR to `target_isr` and elects a leader among the replicas that
/// `is_acceptable` accepts. `None`: nothing changes.
pub fn change_partition(
    before: &PartitionRegistration,
    target_isr: &[NodeId],
    election: Election,
    is_acceptable: impl Fn(NodeId) -> bool,
) -> Option<PartitionChange> {
    let (leader, unclean) = elect(before, target_isr, election, is_acceptable);
    let leader_changes = leader != before.leader;
    let unclean = unclean && leader_changes;
    let alone;
    let isr = match leader {
        Some(leader) if unclean => {
            alone = [leader];
            &alone[..]
        }
        _ if target_isr.is_empty() => &before.isr,
        _ => target_isr,
    };
    if !leader_changes && isr == before.isr {
        return None;
    }
    let registration = PartitionRegistration {
        replicas: before.replicas.clone(),
        isr: isr.to_vec(),
        leader,
        leader_epoch: before.leader_epoch + i32::from(leader_changes),
        partition_epoch: before.partition_epoch + 1,
    };
    debug_assert!(!registration.isr.is_empty());
    debug_assert!(registration.isr.iter().all(|member| registration.replicas.contains(member)));
    debug_assert!(registration.leader.is_none_or(|leader| registration.isr.contains(&leader)));
    Some(PartitionChange { registration, unclean })
}

/// The leader, and whether it comes from outside the ISR.
fn elect(
    before: &PartitionRegistration,
    target_isr: &[NodeId],
    election: Election,
    is_acceptable: impl Fn(NodeId) -> bool,
) -> (Option<NodeId>, bool) {
    let is_valid = |replica: &NodeId| target_isr.contains(replica) && is_acceptable(*replica);
    let preferred = || before.replicas.first().copied().filter(is_valid);
    let present = || before.leader.filter(is_valid);
    let any = || before.replicas.iter().copied().find(is_valid);
    let clean = match election {
        Election::Preferred => preferred().or_else(present).or_else(any),
        Election::Online | Election::Unclean => present().or_else(any),
    };
    match clean {
        None if election == Election::Unclean => {
            let leader = before.replicas.iter().copied().find(|&replica| is_acceptable(replica));
            (leader, leader.is_some())
        }
        leader => (leader, false),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ids(ids: &[u16]) -> Vec<NodeId> {
        ids.iter().copied().map(NodeId).collect()
    }

    fn partition(replicas: &[u16], isr: &[u16], leader: u16) -> PartitionRegistration {
        PartitionRegistration {
            replicas: ids(replicas),
            isr: ids(isr),
            leader: (leader > 0).then_some(NodeId(leader)),
            leader_epoch: 7,
            partition_epoch: 20,
        }
    }

    /// (leader or 0, leader epoch, ISR, unclean) after the change.
    fn outcome(
        before: &PartitionRegistration,
        target_isr: &[u16],
        election: Election,
        live: &[u16],
    ) -> Option<(u16, i32, Vec<u16>, bool)> {
        let live = ids(live);
        let change = change_partition(before, &ids(target_isr), election, |r| live.contains(&r))?;
        let after = change.registration;
        assert_eq!(after.partition_epoch, before.partition_epoch + 1);
        let isr = after.isr.iter().map(|n| n.0).collect();
        Some((after.leader.map_or(0, |n| n.0), after.leader_epoch, isr, change.unclean))
    }

    #[test]
    fn a_follower_leaves_and_the_leader_epoch_stays() {
        let before = partition(&[1, 2, 3], &[1, 2, 3], 1);
        let after = outcome(&before, &[1, 2], Election::Online, &[1, 2]);
        assert_eq!(after, Some((1, 7, vec![1, 2], false)));
    }

    #[test]
    fn the_next_leader_is_the_first_of_the_assignment_not_of_the_isr() {
        let before = partition(&[1, 2, 3], &[3, 2, 1], 1);
        let after = outcome(&before, &[3, 2], Election::Online, &[2, 3]);
        assert_eq!(after, Some((2, 8, vec![3, 2], false)));
    }

    #[test]
    fn the_isr_keeps_its_last_member_and_the_leader_is_none() {
        let before = partition(&[1, 2, 3], &[1], 1);
        let after = outcome(&before, &[], Election::Online, &[2, 3]);
        assert_eq!(after, Some((0, 8, vec![1], false)));
    }

    #[test]
    fn unclean_takes_the_first_live_replica_and_leaves_it_alone_in_the_isr() {
        let before = partition(&[1, 2, 3], &[1], 1);
        let after = outcome(&before, &[], Election::Unclean, &[3, 2]);
        assert_eq!(after, Some((2, 8, vec![2], true)));
        // A clean candidate comes first, whatever the election.
        let before = partition(&[1, 2, 3], &[1, 3], 1);
        let after = outcome(&before, &[3], Election::Unclean, &[2, 3]);
        assert_eq!(after, Some((3, 8, vec![3], false)));
    }

    #[test]
    fn nobody_lives_nothing_changes_twice() {
        let before = partition(&[1, 2], &[1], 0);
        assert_eq!(outcome(&before, &[1], Election::Unclean, &[]), None);
        assert_eq!(outcome(&before, &[1], Election::Online, &[2]), None);
    }

    #[test]
    fn the_last_member_comes_back_and_leads() {
        let before = partition(&[1, 2], &[1], 0);
        let after = outcome(&before, &[1], Election::Online, &[1, 2]);
        assert_eq!(after, Some((1, 8, vec![1], false)));
    }

    #[test]
    fn preferred_moves_to_the_first_replica_only_if_it_is_in_sync() {
        let before = partition(&[1, 2, 3], &[2, 3, 1], 2);
        let after = outcome(&before, &[2, 3, 1], Election::Preferred, &[1, 2, 3]);
        assert_eq!(after, Some((1, 8, vec![2, 3, 1], false)));
        let before = partition(&[1, 2, 3], &[2, 3], 2);
        assert_eq!(outcome(&before, &[2, 3], Election::Preferred, &[1, 2, 3]), None);
        // Without a leader any eligible replica will do.
        let before = partition(&[1, 2, 3], &[3], 0);
        let after = outcome(&before, &[3], Election::Preferred, &[1, 2, 3]);
        assert_eq!(after, Some((3, 8, vec![3], false)));
    }

    #[test]
    fn expansion_keeps_the_order_the_leader_asked_for() {
        let before = partition(&[1, 2, 3], &[1], 1);
        let after = outcome(&before, &[1, 3], Election::Online, &[1, 2, 3]);
        assert_eq!(after, Some((1, 7, vec![1, 3], false)));
    }
}
