//! Kafka's `BuiltInPartitioner` (KIP-480, KIP-794): records without a key stick to a partition
//! until batch.size bytes went there, then move to another, which is chosen at random, the less
//! likely the longer its queue.

use super::super::Cluster;

#[derive(Copy, Clone, Debug, PartialEq, Eq)]
struct StickyPartition {
    partition: u16,
    produced_bytes: u64,
}

/// Running sums of the partitions' weights.
#[derive(Clone, Debug, Default)]
struct LoadStats {
    cumulative: Vec<u32>,
    partitions: Vec<u16>,
}

/// The built-in partitioner of one topic.
#[derive(Clone, Debug)]
pub struct BuiltInPartitioner {
    sticky_batch_bytes: u64,
    sticky: Option<StickyPartition>,
    load: LoadStats,
}

impl BuiltInPartitioner {
    /// A partitioner that sticks for `sticky_batch_bytes`.
    pub fn new(sticky_batch_bytes: u32) -> Self {
        Self {
            sticky_batch_bytes: u64::from(sticky_batch_bytes),
            sticky: None,
            load: LoadStats::default(),
        }
    }

    /// The partition it sticks to (`peekCurrentPartitionInfo`).
    pub fn peek(&mut self, cluster: &Cluster, random: impl FnOnce() -> i32) -> u16 {
        if let Some(sticky) = self.sticky {
            return sticky.partition;
        }
        self.switch(cluster, random)
    }

    /// `appended_bytes` more went to the sticky partition. It gives way after batch.size bytes when
    /// its last batch is full (`enable_switch`), after twice as much in any case
    /// (`updatePartitionInfo`). Returns whether it did, be it to itself.
    pub fn update(
        &mut self,
        appended_bytes: u32,
        cluster: &Cluster,
        enable_switch: bool,
        random: impl FnOnce() -> i32,
    ) -> bool {
        let Some(sticky) = &mut self.sticky else { return false };
        sticky.produced_bytes += u64::from(appended_bytes);
        let produced_bytes = sticky.produced_bytes;
        let is_over = (produced_bytes >= self.sticky_batch_bytes && enable_switch)
            || produced_bytes >= 2 * self.sticky_batch_bytes;
        if is_over {
            self.switch(cluster, random);
        }
        is_over
    }

    fn switch(&mut self, cluster: &Cluster, random: impl FnOnce() -> i32) -> u16 {
        let partition = self.next_partition(cluster, random());
        self.sticky = Some(StickyPartition { partition, produced_bytes: 0 });
        partition
    }

    fn next_partition(&self, cluster: &Cluster, random: i32) -> u16 {
        debug_assert!(random >= 0);
        let random = random as u32;
        match self.load.cumulative.last() {
            Some(&total) => {
                let weighted = random % total;
                let index = self.load.cumulative.partition_point(|&sum| sum <= weighted);
                self.load.partitions[index]
            }
            None => {
                let candidates = cluster.candidates();
                candidates[random as usize % candidates.len()]
            }
        }
    }

    /// Weighs the partitions by their queues (`updatePartitionLoadStats`): `queue_sizes` and
    /// `partitions` go together, the first `length` of them take part. Equal queues weigh alike,
    /// unless somebody was left out.
    pub fn update_load(&mut self, queue_sizes: &[u32], partitions: &[u16], length: usize) {
        debug_assert!(queue_sizes.len() == partitions.len() && length <= partitions.len());
        self.forget_load();
        if length < 1 || queue_sizes.len() < 2 {
            return;
        }
        let taking_part = &queue_sizes[..length];
        let is_even = taking_part.iter().all(|&size| size == taking_part[0]);
        if is_even && length == queue_sizes.len() {
            return;
        }
        let highest = taking_part.iter().max().map_or(1, |max| max + 1);
        let mut sum = 0;
        self.load.cumulative.extend(taking_part.iter().map(|size| {
            sum += highest - size;
            sum
        }));
        self.load.partitions.extend_from_slice(&partitions[..length]);
    }

    /// Back to choosing evenly.
    pub fn forget_load(&mut self) {
        self.load.cumulative.clear();
        self.load.partitions.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::NodeId;

    fn cluster(partitions: usize) -> Cluster {
        Cluster::of("topic", &vec![Some(NodeId(1)); partitions])
    }

    #[test]
    fn it_switches_after_batch_size_bytes_when_the_batch_is_full() {
        let cluster = cluster(3);
        let order = cluster.partitions().to_vec();
        let mut partitioner = BuiltInPartitioner::new(100);
        let peek = |p: &mut BuiltInPartitioner| p.peek(&cluster, || unreachable!());

        assert_eq!(partitioner.peek(&cluster, || 0), order[0]);
        partitioner.update(99, &cluster, true, || unreachable!());
        partitioner.update(1, &cluster, false, || unreachable!());
        assert_eq!(peek(&mut partitioner), order[0], "the batch has room left");
        partitioner.update(0, &cluster, true, || 4);
        assert_eq!(peek(&mut partitioner), order[1]);
        partitioner.update(200, &cluster, false, || 2);
        assert_eq!(peek(&mut partitioner), order[2], "twice batch.size is enough");
    }

    #[test]
    fn longer_queues_are_less_likely() {
        let mut partitioner = BuiltInPartitioner::new(100);
        partitioner.update_load(&[0, 3, 1], &[0, 1, 2], 3);
        let chosen: Vec<u16> =
            (0..9).map(|random| partitioner.next_partition(&cluster(3), random)).collect();
        assert_eq!(chosen, [0, 0, 0, 0, 1, 2, 2, 2, 0]);
    }

    #[test]
    fn equal_queues_weigh_alike_unless_one_is_left_out() {
        let mut partitioner = BuiltInPartitioner::new(100);
        partitioner.update_load(&[2, 2], &[0, 1], 2);
        assert!(partitioner.load.cumulative.is_empty());
        partitioner.update_load(&[2, 2, 0], &[0, 2, 0], 2);
        let chosen: Vec<u16> =
            (0..4).map(|random| partitioner.next_partition(&cluster(3), random)).collect();
        assert_eq!(chosen, [0, 2, 0, 2]);
    }
}
