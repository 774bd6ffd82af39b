//! Which partitions have changed hands while a general assignment is balanced
//! (`PartitionMovements`).

use super::group::Partition;
use crate::engine::{JavaHashTable, SortedMap};

/// From whom to whom.
type Pair = (usize, usize);

/// Partitions of one topic that went from one member to another, in a `HashSet`.
#[derive(Default)]
struct Moved {
    partitions: Vec<Partition>,
    table: JavaHashTable,
}

#[derive(Default)]
pub(super) struct Movements {
    of_partition: SortedMap<Partition, Pair>,
    of_topic: SortedMap<(usize, Pair), Moved>,
}

impl Movements {
    /// A partition that moves on has moved from where it was at first; one that moves back has not
    /// moved.
    pub(super) fn record(&mut self, partition: Partition, hash: i32, from: usize, to: usize) {
        let first = self.forget(partition).map_or(from, |(first, _)| first);
        if first == to {
            return;
        }
        self.of_partition.insert(partition, (first, to));
        let moved = self.of_topic.entry((partition.topic, (first, to))).or_default();
        moved.partitions.push(partition);
        moved.table.put(hash);
    }

    fn forget(&mut self, partition: Partition) -> Option<Pair> {
        let pair = self.of_partition.remove(&partition)?;
        let key = (partition.topic, pair);
        if let Some(moved) = self.of_topic.get_mut(&key)
            && let Some(place) = moved.partitions.iter().position(|&other| other == partition)
        {
            moved.partitions.remove(place);
            moved.table.remove(place);
            if moved.partitions.is_empty() {
                self.of_topic.remove(&key);
            }
        }
        Some(pair)
    }

    /// Instead of a partition of the same topic that would go the other way, that one goes back.
    pub(super) fn actual(&self, partition: Partition, from: usize, to: usize) -> Partition {
        let from = self.of_partition.get(&partition).map_or(from, |&(first, _)| first);
        let Some(reverse) = self.of_topic.get(&(partition.topic, (to, from))) else {
            return partition;
        };
        reverse.table.order().first().map_or(partition, |&place| reverse.partitions[place])
    }
}
