//! Which members are near to which partitions (KIP-881).

use crate::engine::SortedSet;
use crate::protocol::{ClusterMetadata, GroupMember, PartitionMetadata};

/// client.rack of a member.
pub(super) fn rack_of(member: &GroupMember) -> Option<&str> {
    member.subscription.rack.as_deref().filter(|rack| !rack.is_empty())
}

/// The racks in which a partition has replicas.
pub(super) fn racks_of<'a>(
    partition: &PartitionMetadata,
    cluster: &'a ClusterMetadata,
) -> SortedSet<&'a str> {
    let racks = partition.replicas.iter().filter_map(|id| cluster.racks.get(id));
    racks.map(|rack| &**rack).collect()
}

/// Some member's rack has a replica, and not every partition has one in all racks
/// (`useRackAwareAssignment`).
pub(super) fn racks_matter<'a>(
    mut member_racks: impl Iterator<Item = &'a str>,
    partition_racks: &[SortedSet<&str>],
) -> bool {
    let all: SortedSet<&str> = partition_racks.iter().flatten().copied().collect();
    member_racks.any(|rack| all.contains(rack)) && partition_racks.iter().any(|racks| *racks != all)
}
