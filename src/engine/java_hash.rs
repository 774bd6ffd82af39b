//! Java's hash codes, and the order in which its hash maps give back their keys.
//!
//! That order is nobody's intention and shows all the same: in how a client lists partitions, whom
//! a coordinator answers first, which rack a placement begins with.

use super::sort_by_key;

/// `String.hashCode`: over UTF-16 units, wrapping at 32 bits.
pub fn java_hash(text: &str) -> i32 {
    text.encode_utf16().fold(0i32, |hash, unit| hash.wrapping_mul(31).wrapping_add(i32::from(unit)))
}

/// `TopicPartition.hashCode`
pub fn topic_partition_hash(topic: &str, partition: i32) -> i32 {
    31i32.wrapping_add(partition).wrapping_mul(31).wrapping_add(java_hash(topic))
}

/// `Uuid.hashCode`, of its upper and its lower half.
pub fn uuid_hash(most_significant: i64, least_significant: i64) -> i32 {
    let both = most_significant ^ least_significant;
    (both >> 32) as i32 ^ both as i32
}

/// Bucket of a hash in a table of `capacity` buckets, a power of two.
pub fn hash_map_bucket(hash: i32, capacity: usize) -> usize {
    let hash = hash as u32;
    (hash ^ hash >> 16) as usize & (capacity - 1)
}

/// The table of a `java.util.HashMap` or `HashSet`, with the hashes of distinct keys in the order
/// in which they were put.
///
/// Not modelled: from nine keys on, a bucket of a table of 64 or more becomes a tree and changes
/// its order.
#[derive(Clone, Debug)]
pub struct JavaHashTable {
    capacity: usize,
    hashes: Vec<i32>,
}

/// `HashMap.DEFAULT_INITIAL_CAPACITY`
const DEFAULT_CAPACITY: usize = 16;
/// `HashMap.TREEIFY_THRESHOLD`: a bucket with more keys has the table doubled,
const TREEIFY_THRESHOLD: usize = 8;
/// as long as it is smaller than `HashMap.MIN_TREEIFY_CAPACITY`.
const MIN_TREEIFY_CAPACITY: usize = 64;

impl Default for JavaHashTable {
    fn default() -> Self {
        Self::with_capacity(DEFAULT_CAPACITY)
    }
}

impl JavaHashTable {
    /// `new HashMap<>(initial_capacity)`
    pub fn with_capacity(initial_capacity: usize) -> Self {
        Self { capacity: initial_capacity.next_power_of_two(), hashes: Vec::new() }
    }

    /// `new HashSet<>(list)` of a list with so many elements.
    pub fn for_list(elements: usize) -> Self {
        // (int) (elements / .75f) + 1
        let capacity = (elements as f32 / 0.75) as usize + 1;
        Self::with_capacity(capacity.max(DEFAULT_CAPACITY))
    }

    /// The same table with these keys put after those it has.
    #[must_use]
    pub fn with(mut self, hashes: impl IntoIterator<Item = i32>) -> Self {
        hashes.into_iter().for_each(|hash| self.put(hash));
        self
    }

    /// Puts a key that is not yet there.
    pub fn put(&mut self, hash: i32) {
        let bucket = hash_map_bucket(hash, self.capacity);
        let in_bucket = |&&other: &&i32| hash_map_bucket(other, self.capacity) == bucket;
        let is_crowded = self.capacity < MIN_TREEIFY_CAPACITY
            && self.hashes.iter().filter(in_bucket).count() >= TREEIFY_THRESHOLD;
        if is_crowded {
            self.capacity *= 2;
        }
        self.hashes.push(hash);
        // Above a load of 0.75, rounded down, it doubles.
        if self.hashes.len() > self.capacity * 3 / 4 {
            self.capacity *= 2;
        }
    }

    /// Removes the key at that place in the order of putting. A table never shrinks.
    pub fn remove(&mut self, place: usize) {
        self.hashes.remove(place);
    }

    /// The keys in the order of iteration: each as its place in the order of putting.
    pub fn order(&self) -> Vec<usize> {
        let mut order: Vec<usize> = (0..self.hashes.len()).collect();
        // Doubling the table keeps the order inside a bucket.
        sort_by_key(&mut order, |&place| hash_map_bucket(self.hashes[place], self.capacity));
        order
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn strings<'a>(table: JavaHashTable, keys: &[&'a str]) -> Vec<&'a str> {
        let table = table.with(keys.iter().map(|key| java_hash(key)));
        table.order().into_iter().map(|place| keys[place]).collect()
    }

    #[test]
    fn hashes_are_javas() {
        assert_eq!(java_hash("polygenelubricants"), i32::MIN);
        assert_eq!(java_hash("Ёжик"), 31_606_295, "by UTF-16 units");
        assert_eq!(java_hash("😀"), 1_772_899, "two of them");
        assert_eq!(topic_partition_hash("topic", 1), 110_547_215);
        assert_eq!(uuid_hash(0, 3), 3);
        assert_eq!(uuid_hash(1 << 32, -1), -1 ^ -2);
    }

    #[test]
    fn keys_come_by_bucket() {
        assert_eq!(hash_map_bucket(java_hash("hello"), 16), 11);
        assert_eq!(hash_map_bucket(java_hash("1"), 16), 1);
        let keys = ["C0", "C1", "C2", "C3"];
        assert_eq!(strings(JavaHashTable::with_capacity(4), &keys), ["C3", "C0", "C1", "C2"]);
        let keys = ["consumer1", "consumer2", "consumer3"];
        assert_eq!(
            strings(JavaHashTable::default(), &keys),
            ["consumer3", "consumer2", "consumer1"]
        );
    }

    #[test]
    fn a_bucket_keeps_the_order_of_putting() {
        assert_eq!(strings(JavaHashTable::default(), &["BB", "Aa"]), ["BB", "Aa"]);
        assert_eq!(strings(JavaHashTable::default(), &["Aa", "BB"]), ["Aa", "BB"]);
    }

    #[test]
    fn the_table_grows_above_three_quarters() {
        let capacity = |initial: usize, keys: i32| {
            JavaHashTable::with_capacity(initial).with(0..keys).capacity
        };
        assert_eq!((capacity(16, 12), capacity(16, 13)), (16, 32));
        assert_eq!((capacity(0, 0), capacity(0, 1), capacity(1, 2), capacity(3, 3)), (1, 2, 4, 4));
        assert_eq!(JavaHashTable::for_list(12).capacity, 32, "12 / 0.75 + 1 is 17");
        assert_eq!(JavaHashTable::for_list(11).capacity, 16);
    }

    #[test]
    fn a_crowded_bucket_has_a_small_table_doubled() {
        let same = |count: usize| JavaHashTable::default().with(vec![0; count]).capacity;
        assert_eq!((same(8), same(9), same(10), same(11)), (16, 32, 64, 64));
    }
}
