//! Partition assignors: the group leader shares the partitions out among the members.

use std::sync::Arc;

use crate::engine::{SortedMap, sort_by};
use crate::protocol::{
    ClusterMetadata, GroupMember, MemberId, TopicMetadata, TopicPartition, partitions_of,
};

/// Who gets what.
pub type Assignment = Vec<(MemberId, Vec<TopicPartition>)>;

/// An assignor of partition.assignment.strategy.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub enum Assignor {
    /// `RangeAssignor`: for each topic, consecutive partitions to each member.
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
    /// them.
    pub fn assign(self, members: &[GroupMember], cluster: &ClusterMetadata) -> Assignment {
        let mut members: Vec<&GroupMember> = members.iter().collect();
        sort_by(&mut members, |a, b| order(a).cmp(&order(b)));
        let mut assignment: Assignment =
            members.iter().map(|member| (member.member_id.clone(), Vec::new())).collect();
        let topics = subscribed_topics(&members, cluster);
        match self {
            Self::Range => range(&topics, &mut assignment),
            Self::RoundRobin => round_robin(members.len(), &topics, &mut assignment),
        }
        assignment
    }
}

/// Static members come first, by group.instance.id; then the others by member id.
fn order(member: &GroupMember) -> (bool, &str, &str) {
    let instance = member.group_instance_id.as_deref();
    (instance.is_none(), instance.unwrap_or_default(), &member.member_id)
}

/// Known topics that somebody subscribes to, by name, with the indices of their subscribers.
fn subscribed_topics<'a>(
    members: &[&GroupMember],
    cluster: &'a ClusterMetadata,
) -> Vec<(&'a TopicMetadata, Vec<usize>)> {
    let mut subscribers: SortedMap<&Arc<str>, Vec<usize>> = SortedMap::new();
    for (index, member) in members.iter().enumerate() {
        for topic in &member.subscription.topics {
            let indices = subscribers.entry(topic).or_default();
            if indices.last() != Some(&index) {
                indices.push(index);
            }
        }
    }
    subscribers
        .into_iter()
        .filter_map(|(name, indices)| Some((cluster.topics.get(name)?, indices)))
        .collect()
}

fn partitions(topic: &TopicMetadata) -> impl Iterator<Item = TopicPartition> {
    partitions_of(topic.id, topic.partitions.len() as u16)
}

fn range(topics: &[(&TopicMetadata, Vec<usize>)], assignment: &mut Assignment) {
    for (topic, subscribers) in topics {
        let share = topic.partitions.len() / subscribers.len();
        let with_extra = topic.partitions.len() % subscribers.len();
        let mut partitions = partitions(topic);
        for (place, &member) in subscribers.iter().enumerate() {
            let count = share + usize::from(place < with_extra);
            assignment[member].1.extend(partitions.by_ref().take(count));
        }
    }
}

fn round_robin(
    members: usize,
    topics: &[(&TopicMetadata, Vec<usize>)],
    assignment: &mut Assignment,
) {
    let mut turn = 0;
    for (topic, subscribers) in topics {
        for partition in partitions(topic) {
            while !subscribers.contains(&turn) {
                turn = (turn + 1) % members;
            }
            assignment[turn].1.push(partition);
            turn = (turn + 1) % members;
        }
    }
}
