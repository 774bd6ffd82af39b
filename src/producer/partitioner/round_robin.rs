//! `org.apache.kafka.clients.producer.RoundRobinPartitioner`: one after the other, keys ignored.

use super::super::Cluster;

/// Deals records out over the available partitions.
#[derive(Clone, Debug, Default)]
pub struct RoundRobinPartitioner {
    counter: u32,
}

impl RoundRobinPartitioner {
    /// The next partition of the topic, which has at least one.
    pub fn partition(&mut self, cluster: &Cluster) -> u16 {
        let next = (self.counter & 0x7fff_ffff) as usize;
        self.counter = self.counter.wrapping_add(1);
        let candidates = cluster.candidates();
        candidates[next % candidates.len()]
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::NodeId;

    #[test]
    fn partitions_without_a_leader_are_left_out() {
        let mut partitioner = RoundRobinPartitioner::default();
        let leader = Some(NodeId(1));
        let all = Cluster::of("topic", &[leader, leader, leader]);
        let order = all.partitions().to_vec();
        let dealt: Vec<u16> = (0..4).map(|_| partitioner.partition(&all)).collect();
        assert_eq!(dealt, [order[0], order[1], order[2], order[0]]);

        let some = Cluster::of("topic", &[leader, None, leader]);
        assert!((0..6).all(|_| partitioner.partition(&some) != 1));

        let none = Cluster::of("topic", &[None, None]);
        assert_ne!(partitioner.partition(&none), partitioner.partition(&none));
    }
}
