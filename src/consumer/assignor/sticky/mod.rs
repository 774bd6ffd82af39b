//! `AbstractStickyAssignor`: as even as can be, and whoever has a partition rather keeps it.

mod constrained;
mod general;
mod group;
mod movements;

use super::RebalanceProtocol;
use crate::engine::SortedMap;
use crate::protocol::{ClusterMetadata, GroupMember, TopicMetadata, TopicPartition};
use group::{Group, Partition};

/// What a member gets, by its place in the order of ids; and the partitions that change hands.
struct Shares {
    assigned: Vec<Vec<Partition>>,
    /// `None`: to be found out by comparing.
    transferring: Option<SortedMap<Partition, usize>>,
}

/// Shares the partitions of `topics` out among `members`, who come in the order of Java's map.
pub(super) fn assign(
    protocol: RebalanceProtocol,
    topics: &[&TopicMetadata],
    members: &[&GroupMember],
    cluster: &ClusterMetadata,
) -> Result<Vec<Vec<TopicPartition>>, String> {
    let group = Group::new(protocol, topics, members, cluster);
    let claims = group.claims();
    let mut shares = match group.are_subscriptions_equal() {
        true => constrained::assign(&group, &claims)?,
        false => general::assign(&group, claims)?,
    };
    if protocol == RebalanceProtocol::Cooperative {
        withhold(&group, &mut shares);
    }
    Ok(group.by_member(shares.assigned))
}

/// What has to be revoked first is nobody's in this generation
/// (`CooperativeStickyAssignor.adjustAssignment`).
fn withhold(group: &Group<'_>, shares: &mut Shares) {
    let transferring =
        shares.transferring.take().unwrap_or_else(|| compare(group, &shares.assigned));
    for (partition, member) in transferring {
        let assigned = &mut shares.assigned[member];
        if let Some(place) = assigned.iter().position(|&other| other == partition) {
            assigned.remove(place);
        }
    }
}

/// What somebody gets that another one has to give up.
fn compare(group: &Group<'_>, assigned: &[Vec<Partition>]) -> SortedMap<Partition, usize> {
    let mut added = SortedMap::new();
    let mut revoked = Vec::new();
    for &member in &group.map_order {
        let (owned, assigned) = (&group.members[member].owned, &assigned[member]);
        for &partition in assigned.iter().filter(|partition| !owned.contains(partition)) {
            added.insert(partition, member);
        }
        revoked.extend(owned.iter().copied().filter(|partition| !assigned.contains(partition)));
    }
    added.retain(|partition, _| revoked.contains(partition));
    added
}
