//! Java's hash codes where a group meets them.

use crate::engine::{self, java_hash};

/// Partition of `__consumer_offsets` that a group belongs to (`Utils.abs(hash) % partitions`, where
/// the abs of the smallest integer is 0).
pub fn partition_for(group: &str, partitions: usize) -> u16 {
    debug_assert!(partitions > 0);
    let hash = java_hash(group).checked_abs().unwrap_or(0);
    (hash as usize % partitions.max(1)) as u16
}

/// Bucket of a key in a `java.util.HashMap` with `capacity` buckets: the order of its iteration.
pub(super) fn hash_map_bucket(key: &str, capacity: u32) -> usize {
    engine::hash_map_bucket(java_hash(key), capacity as usize)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn groups_find_their_partition_as_in_kafka() {
        for (group, hash, partition) in [
            ("my-group", -1_906_497_762, 12),
            ("test", 3_556_498, 48),
            ("group1", -1_237_460_590, 40),
            ("orders", -1_008_770_331, 31),
            ("payments", 1_382_682_413, 13),
            ("g1", 3_242, 42),
            ("g", 103, 3),
            ("console-consumer-12345", 158_455_506, 6),
            ("polygenelubricants", i32::MIN, 0),
        ] {
            assert_eq!(java_hash(group), hash, "{group}");
            assert_eq!(partition_for(group, 50), partition, "{group}");
        }
    }

    #[test]
    fn hash_map_order_of_member_ids() {
        let buckets = ["consumer3", "consumer2", "consumer1", "C3", "C1", "C2"]
            .map(|id| hash_map_bucket(id, 16));
        assert_eq!(buckets, [10, 11, 12, 0, 14, 15]);
    }
}
