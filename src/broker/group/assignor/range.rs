//! `range`: of each topic every subscriber gets consecutive partitions (`RangeAssignor`).

use super::{GroupSpec, MemberSpec, TopicSpec};
use crate::engine::{SortedSet, sort_by_key};
use crate::protocol::{TopicPartition, partitions_of};

pub(super) fn assign(spec: &GroupSpec) -> Vec<SortedSet<TopicPartition>> {
    let order = static_members_first(&spec.members);
    let mut assigned = vec![SortedSet::new(); spec.members.len()];
    for topic in &spec.topics {
        share_out(topic, &order, &spec.members, &mut assigned);
    }
    assigned
}

/// By group.instance.id, then by member id: static members find their partitions again.
fn static_members_first(members: &[MemberSpec]) -> Vec<usize> {
    let mut order: Vec<usize> = (0..members.len()).collect();
    sort_by_key(&mut order, |&index| {
        let member = &members[index];
        match &member.instance_id {
            Some(instance) => (false, instance.encode_utf16().collect::<Vec<_>>()),
            None => (true, member.id.encode_utf16().collect()),
        }
    });
    order
}

fn share_out(
    topic: &TopicSpec,
    order: &[usize],
    members: &[MemberSpec],
    assigned: &mut [SortedSet<TopicPartition>],
) {
    let subscribes = |&&index: &&usize| members[index].topics.contains(&topic.id);
    let subscribers: Vec<usize> = order.iter().filter(subscribes).copied().collect();
    if subscribers.is_empty() {
        return;
    }
    let partitions = usize::from(topic.partitions);
    let (each, extras) = (partitions / subscribers.len(), partitions % subscribers.len());
    let mut rest = partitions_of(topic.id, topic.partitions);
    for (place, &member) in subscribers.iter().enumerate() {
        assigned[member].extend(rest.by_ref().take(each + usize::from(place < extras)));
    }
}
