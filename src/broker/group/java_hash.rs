//! Java's hash codes where a group meets them.

use crate::engine::{self, java_hash};

/// Bucket of a key in a `java.util.HashMap` with `capacity` buckets: the order of its iteration.
pub(super) fn hash_map_bucket(key: &str, capacity: u32) -> usize {
    engine::hash_map_bucket(java_hash(key), capacity as usize)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hash_map_order_of_member_ids() {
        let buckets = ["consumer3", "consumer2", "consumer1", "C3", "C1", "C2"]
            .map(|id| hash_map_bucket(id, 16));
        assert_eq!(buckets, [10, 11, 12, 0, 14, 15]);
    }
}
