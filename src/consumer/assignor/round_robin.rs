//! `RoundRobinAssignor`

use crate::engine::sort_by;
use crate::protocol::{GroupMember, TopicMetadata, TopicPartition, partitions_of};

/// Deals the partitions, by topic name and number, to the sorted members in turn; who does not
/// subscribe to the topic is passed over.
pub(super) fn assign(
    mut topics: Vec<&TopicMetadata>,
    members: &[&GroupMember],
) -> Vec<Vec<TopicPartition>> {
    sort_by(&mut topics, |a, b| a.name.encode_utf16().cmp(b.name.encode_utf16()));
    let mut assigned = vec![Vec::new(); members.len()];
    let mut turn = 0;
    for topic in topics {
        for partition in partitions_of(topic.id, topic.partitions.len() as u16) {
            while !members[turn].subscription.topics.contains(&topic.name) {
                turn = (turn + 1) % members.len();
            }
            assigned[turn].push(partition);
            turn = (turn + 1) % members.len();
        }
    }
    assigned
}
