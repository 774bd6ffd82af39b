//! Partition assignors: the group leader shares the partitions out among the members.

mod range;
mod round_robin;
mod topics;

use crate::engine::sort_by;
use crate::protocol::{ClusterMetadata, GroupMember, MemberId, TopicPartition};
use topics::subscribed_topics;

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
}

impl Assignor {
    /// The assignor of a Java class name; `None` when it is not modelled.
    pub fn of_class(class: &str) -> Option<Self> {
        match class.rsplit('.').next() {
            Some("RangeAssignor") => Some(Self::Range),
            Some("RoundRobinAssignor") => Some(Self::RoundRobin),
            _ => None,
        }
    }

    /// The assignor of a protocol name in JoinGroup.
    pub fn of_protocol(name: &str) -> Option<Self> {
        [Self::Range, Self::RoundRobin].into_iter().find(|assignor| assignor.name() == name)
    }

    /// Its protocol name in JoinGroup.
    pub fn name(self) -> &'static str {
        match self {
            Self::Range => "range",
            Self::RoundRobin => "roundrobin",
        }
    }

    /// Shares out all partitions of the topics the members subscribe to, as far as `cluster` knows
    /// them. Members come as JoinGroup lists them.
    pub fn assign(self, members: &[GroupMember], cluster: &ClusterMetadata) -> Assignment {
        let topics = subscribed_topics(members, cluster);
        let mut members: Vec<&GroupMember> = members.iter().collect();
        sort_by(&mut members, |a, b| order(a).cmp(order(b)));
        let assigned = match self {
            Self::Range => range::assign(&topics, &members, cluster),
            Self::RoundRobin => round_robin::assign(topics, &members),
        };
        members.iter().map(|member| member.member_id.clone()).zip(assigned).collect()
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
