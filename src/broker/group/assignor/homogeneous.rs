//! `uniform` where all members subscribe to the same topics (`UniformHomogeneousAssignmentBuilder`).
//!
//! Everybody keeps what is within the quota; what is over, and what nobody had, goes to those with
//! room, in order.

use super::GroupSpec;
use crate::engine::{JavaHashTable, SortedSet};
use crate::protocol::{TopicPartition, partitions_of};

pub(super) fn assign(spec: &GroupSpec) -> Vec<SortedSet<TopicPartition>> {
    let count = spec.members.len();
    let mut assigned = vec![SortedSet::new(); count];
    if count == 0 {
        return assigned;
    }
    let all: Vec<TopicPartition> =
        spec.topics.iter().flat_map(|topic| partitions_of(topic.id, topic.partitions)).collect();
    let is_taken = |tp: &TopicPartition| spec.members.iter().any(|m| m.target.contains(tp));
    let mut pool: Vec<_> = all.iter().copied().filter(|tp| !is_taken(tp)).collect();
    let (quota, mut extras) = (all.len() / count, all.len() % count);

    let mut room = vec![0; count];
    for (index, member) in spec.members.iter().enumerate() {
        let mut left = quota + usize::from(extras > 0);
        let mut takes_extra = extras > 0;
        for topic in &spec.topics {
            for tp in in_order_of_set(&member.target, topic.id) {
                if left > 0 {
                    left -= 1;
                    assigned[index].insert(tp);
                } else {
                    pool.push(tp);
                }
            }
        }
        // Somebody else may have one over already, unless only the last are left to take extras.
        if left > 0 && takes_extra && count - index > extras {
            left -= 1;
            takes_extra = false;
        }
        extras -= usize::from(takes_extra);
        room[index] = left;
    }

    let mut pool = pool.into_iter();
    for (assigned, room) in assigned.iter_mut().zip(room) {
        assigned.extend(pool.by_ref().take(room));
    }
    debug_assert!(pool.next().is_none(), "partitions were left unassigned");
    assigned
}

/// The partitions of a topic as Java's hash set of their numbers has them.
fn in_order_of_set(
    target: &SortedSet<TopicPartition>,
    topic: crate::protocol::TopicId,
) -> Vec<TopicPartition> {
    let partitions: Vec<_> = target.iter().copied().filter(|tp| tp.topic == topic).collect();
    let hashes = partitions.iter().map(|tp| i32::from(tp.partition));
    let order = JavaHashTable::for_list(partitions.len()).with(hashes).order();
    order.into_iter().map(|place| partitions[place]).collect()
}
