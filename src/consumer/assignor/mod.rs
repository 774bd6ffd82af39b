//! Partition assignors: the group leader shares the partitions out among the members.

mod memory;
mod racks;
mod range;
mod round_robin;
mod sticky;
mod topics;

use crate::engine::sort_by;
use crate::protocol::{ClusterMetadata, GroupMember, MemberId, TopicPartition};
use topics::{in_map_order, subscribed_topics};

pub use memory::Memory;

/// Who gets what, each member's partitions in the order in which they were assigned.
pub type Assignment = Vec<(MemberId, Vec<TopicPartition>)>;

/// An assignor of partition.assignment.strategy.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub enum Assignor {
    /// `RangeAssignor`: for each topic, consecutive partitions to each member; where members and
    /// brokers have racks, those with a replica near by first (KIP-881).
    Range,
    /// `RoundRobinAssignor`: all partitions dealt out in turn.
    RoundRobin,
    /// `StickyAssignor`: evenly, and everybody keeps what they had as far as that goes.
    Sticky,
    /// `CooperativeStickyAssignor`: the same, and nobody gives up what they keep (KIP-429).
    CooperativeSticky,
}

/// What members do with their partitions before they join
/// (`ConsumerPartitionAssignor.RebalanceProtocol`).
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub enum RebalanceProtocol {
    /// They give up all.
    Eager,
    /// They keep all, and give up later what goes to others.
    Cooperative,
}

impl Assignor {
    /// The assignor of a Java class name; `None` when it is not modelled.
    pub fn of_class(class: &str) -> Option<Self> {
        match class.rsplit('.').next() {
            Some("RangeAssignor") => Some(Self::Range),
            Some("RoundRobinAssignor") => Some(Self::RoundRobin),
            Some("StickyAssignor") => Some(Self::Sticky),
            Some("CooperativeStickyAssignor") => Some(Self::CooperativeSticky),
            _ => None,
        }
    }

    /// The assignor of a protocol name in JoinGroup.
    pub fn of_protocol(name: &str) -> Option<Self> {
        let all = [Self::Range, Self::RoundRobin, Self::Sticky, Self::CooperativeSticky];
        all.into_iter().find(|assignor| assignor.name() == name)
    }

    /// Its protocol name in JoinGroup.
    pub fn name(self) -> &'static str {
        match self {
            Self::Range => "range",
            Self::RoundRobin => "roundrobin",
            Self::Sticky => "sticky",
            Self::CooperativeSticky => "cooperative-sticky",
        }
    }

    /// Whether its members may keep what they have while they join.
    pub fn is_cooperative(self) -> bool {
        self == Self::CooperativeSticky
    }

    /// Shares out all partitions of the topics the members subscribe to, as far as `cluster` knows
    /// them. Members come as JoinGroup lists them.
    ///
    /// # Errors
    /// What the sticky assignors throw when members claim partitions that a topic does not have.
    pub fn assign(
        self,
        members: &[GroupMember],
        cluster: &ClusterMetadata,
    ) -> Result<Assignment, String> {
        let mut members = in_map_order(members);
        let topics = subscribed_topics(&members, cluster);
        let assigned = match self {
            Self::Range | Self::RoundRobin => {
                sort_by(&mut members, |a, b| order(a).cmp(order(b)));
                match self {
                    Self::Range => range::assign(&topics, &members, cluster),
                    _ => round_robin::assign(topics, &members),
                }
            }
            Self::Sticky => sticky::assign(RebalanceProtocol::Eager, &topics, &members, cluster)?,
            Self::CooperativeSticky => {
                sticky::assign(RebalanceProtocol::Cooperative, &topics, &members, cluster)?
            }
        };
        Ok(members.iter().map(|member| member.member_id.clone()).zip(assigned).collect())
    }
}

/// Static members come first, by group.instance.id; then the others by member id. Java compares
/// UTF-16 units.
fn order(member: &GroupMember) -> impl Iterator<Item = u16> {
    let (rank, name) = match &member.group_instance_id {
        Some(instance) => (0, instance),
        None => (1, &member.member_id),
    };
    std::iter::once(rank).chain(name.encode_utf16())
}
