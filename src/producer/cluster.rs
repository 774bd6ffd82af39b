//! What the producer knows of its topic (Kafka's `Cluster` and `MetadataSnapshot`): partitions,
//! leaders, epochs, brokers.
//!
//! A real client keeps its partitions in a Java `HashMap`, and the order in which that map lists
//! them shows: in the draining of a node, in round robin, in `random % n`. So it is the order here.

use crate::engine::{JavaHashTable, NodeId, topic_partition_hash};
use crate::protocol::{ClusterMetadata, TopicId};

#[derive(Copy, Clone, Debug, PartialEq, Eq)]
struct Leader {
    node: Option<NodeId>,
    epoch: i32,
}

/// A topic and its brokers, as of the last metadata.
#[derive(Clone, Debug, Default)]
pub struct Cluster {
    topic: Option<TopicId>,
    leaders: Vec<Leader>,
    order: Vec<u16>,
    available: Vec<u16>,
    by_node: Vec<(NodeId, Vec<u16>)>,
    brokers: Vec<NodeId>,
}

impl Cluster {
    /// The topic's id, when the topic is known.
    pub fn topic(&self) -> Option<TopicId> {
        self.topic
    }

    /// Number of partitions; 0 while the topic is unknown.
    pub fn partition_count(&self) -> usize {
        self.leaders.len()
    }

    /// All partitions in the client's order.
    pub fn partitions(&self) -> &[u16] {
        &self.order
    }

    /// What a partitioner chooses from: partitions with a leader, or all when none has one.
    pub fn candidates(&self) -> &[u16] {
        if self.available.is_empty() { &self.order } else { &self.available }
    }

    /// The partitions that a node leads, in the client's order.
    pub fn partitions_for_node(&self, node: NodeId) -> &[u16] {
        self.by_node.iter().find(|(n, _)| *n == node).map_or(&[], |(_, partitions)| partitions)
    }

    /// Whether some partition has no leader.
    pub fn is_leaderless(&self) -> bool {
        self.available.len() < self.leaders.len()
    }

    /// A partition's leader.
    pub fn leader(&self, partition: u16) -> Option<NodeId> {
        self.leaders.get(usize::from(partition))?.node
    }

    /// A partition's leader epoch.
    pub fn leader_epoch(&self, partition: u16) -> Option<i32> {
        self.leaders.get(usize::from(partition)).map(|leader| leader.epoch)
    }

    /// Brokers the client may ask.
    pub fn brokers(&self) -> &[NodeId] {
        &self.brokers
    }

    /// Forgets everything but the brokers to begin with (KIP-899, `Metadata.rebootstrap`).
    pub fn bootstrap(&mut self, brokers: &[NodeId]) {
        *self = Self { brokers: brokers.to_vec(), ..Self::default() };
    }

    /// Takes over a Metadata response; what it says of a partition is ignored when an older epoch
    /// tells it. Returns whether anything is new.
    pub fn update(&mut self, metadata: &ClusterMetadata, topic: &str) -> bool {
        let before = (self.topic, std::mem::take(&mut self.leaders));
        let brokers_changed = self.brokers != metadata.brokers;
        if brokers_changed && !metadata.brokers.is_empty() {
            self.brokers.clone_from(&metadata.brokers);
        }
        if let Some(told) = metadata.topics.get(topic) {
            let known = if before.0 == Some(told.id) { &before.1[..] } else { &[] };
            self.topic = Some(told.id);
            self.leaders = told
                .partitions
                .iter()
                .enumerate()
                .map(|(index, partition)| {
                    let told = Leader { node: partition.leader, epoch: partition.leader_epoch };
                    *known.get(index).filter(|known| known.epoch > told.epoch).unwrap_or(&told)
                })
                .collect();
        } else {
            self.topic = None;
        }
        let changed = before.0 != self.topic || before.1 != self.leaders;
        if changed {
            self.index(topic);
        }
        changed || brokers_changed
    }

    /// A response named a newer leader (KIP-951). Returns whether it was news.
    pub fn update_leader(&mut self, partition: u16, node: NodeId, epoch: i32, topic: &str) -> bool {
        let Some(leader) = self.leaders.get_mut(usize::from(partition)) else { return false };
        if leader.epoch >= epoch {
            return false;
        }
        *leader = Leader { node: Some(node), epoch };
        self.index(topic);
        true
    }

    fn index(&mut self, topic: &str) {
        self.order = hash_map_order(topic, self.leaders.len());
        self.available.clear();
        self.by_node.clear();
        for &partition in &self.order {
            let Some(node) = self.leaders[usize::from(partition)].node else { continue };
            self.available.push(partition);
            match self.by_node.iter_mut().find(|(n, _)| *n == node) {
                Some((_, partitions)) => partitions.push(partition),
                None => self.by_node.push((node, vec![partition])),
            }
        }
    }
}

/// Partitions 0.. of a topic in the order of a `java.util.HashMap<TopicPartition, _>` that was made
/// for just so many.
fn hash_map_order(topic: &str, partitions: usize) -> Vec<u16> {
    let hashes = (0..partitions as i32).map(|partition| topic_partition_hash(topic, partition));
    let table = JavaHashTable::with_capacity(partitions).with(hashes);
    table.order().into_iter().map(|partition| partition as u16).collect()
}

#[cfg(test)]
impl Cluster {
    /// A topic with these leaders, all at epoch 0.
    pub fn of(topic: &str, leaders: &[Option<NodeId>]) -> Self {
        let mut cluster = Self {
            topic: Some(TopicId(0)),
            leaders: leaders.iter().map(|&node| Leader { node, epoch: 0 }).collect(),
            ..Self::default()
        };
        cluster.brokers = leaders.iter().flatten().copied().collect();
        cluster.brokers.sort();
        cluster.brokers.dedup();
        cluster.index(topic);
        cluster
    }

    /// A partition's leader changed.
    pub fn set_leader(&mut self, topic: &str, partition: u16, node: Option<NodeId>, epoch: i32) {
        self.leaders[usize::from(partition)] = Leader { node, epoch };
        self.index(topic);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn partitions_come_in_the_order_of_javas_hash_map() {
        assert_eq!(hash_map_order("topic", 1), [0]);
        assert_eq!(hash_map_order("topic", 6), [2, 1, 4, 3, 5, 0]);
    }

    #[test]
    fn only_a_newer_epoch_changes_a_leader() {
        let mut cluster = Cluster::of("topic", &[Some(NodeId(1)), Some(NodeId(2))]);
        assert!(!cluster.update_leader(0, NodeId(2), 0, "topic"));
        assert!(cluster.update_leader(0, NodeId(2), 1, "topic"));
        assert_eq!(cluster.leader(0), Some(NodeId(2)));
        assert_eq!(cluster.partitions_for_node(NodeId(1)), [0u16; 0]);
        assert_eq!(cluster.partitions_for_node(NodeId(2)).len(), 2);
    }
}
