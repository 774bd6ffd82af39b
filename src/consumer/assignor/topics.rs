//! What there is to share out (`AbstractPartitionAssignor.assign`).

use std::sync::Arc;

use crate::engine::{JavaHashTable, java_hash};
use crate::protocol::{ClusterMetadata, GroupMember, TopicMetadata};

/// Members as the `HashMap` by id lists them that the group leader keeps them in.
pub(super) fn in_map_order(members: &[GroupMember]) -> Vec<&GroupMember> {
    hash_order(members, |member| &member.member_id)
}

/// The topics that members, in map order, subscribe to and `cluster` knows, in the order of Kafka's
/// maps: their topics in a `HashSet`, those with partitions in a `HashMap`.
pub(super) fn subscribed_topics<'a>(
    members: &[&GroupMember],
    cluster: &'a ClusterMetadata,
) -> Vec<&'a TopicMetadata> {
    let mut subscribed: Vec<&Arc<str>> = Vec::new();
    for topic in members.iter().flat_map(|member| &member.subscription.topics) {
        if !subscribed.contains(&topic) {
            subscribed.push(topic);
        }
    }
    let known: Vec<&TopicMetadata> = hash_order(&subscribed, |topic| topic)
        .into_iter()
        .filter_map(|name| cluster.topics.get(*name))
        .filter(|topic| !topic.partitions.is_empty())
        .collect();
    hash_order(&known, |topic| &topic.name).into_iter().copied().collect()
}

/// Items as a `HashMap` lists them that got them in this order.
pub(super) fn hash_order<T>(items: &[T], key: impl Fn(&T) -> &str) -> Vec<&T> {
    let table = JavaHashTable::default().with(items.iter().map(|item| java_hash(key(item))));
    table.order().into_iter().map(|place| &items[place]).collect()
}
