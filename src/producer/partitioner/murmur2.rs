//! The hash that sends equal keys to equal partitions (Kafka's `Utils.murmur2`).

const SEED: u32 = 0x9747_b28c;
const M: u32 = 0x5bd1_e995;
const R: u32 = 24;

/// 32-bit murmur2 of `data`, as Java's signed int.
pub fn murmur2(data: &[u8]) -> i32 {
    let mut h = SEED ^ data.len() as u32;
    let mut words = data.chunks_exact(4);
    for word in &mut words {
        let mut k = u32::from_le_bytes([word[0], word[1], word[2], word[3]]).wrapping_mul(M);
        k ^= k >> R;
        h = h.wrapping_mul(M) ^ k.wrapping_mul(M);
    }
    let tail = words.remainder();
    if !tail.is_empty() {
        let bytes = tail.iter().rev().fold(0, |acc, &byte| acc << 8 | u32::from(byte));
        h = (h ^ bytes).wrapping_mul(M);
    }
    h ^= h >> 13;
    h = h.wrapping_mul(M);
    (h ^ h >> 15) as i32
}

/// `Utils.toPositive`: a mask, not the absolute value.
pub fn to_positive(hash: i32) -> i32 {
    hash & 0x7fff_ffff
}

/// `BuiltInPartitioner.partitionForKey`: every partition counts, available or not.
pub fn partition_for_key(key: &[u8], partitions: usize) -> u16 {
    debug_assert!(partitions > 0);
    (to_positive(murmur2(key)) as usize % partitions) as u16
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hashes_are_kafkas() {
        for (text, hash) in [
            ("21", -973_932_308),
            ("foobar", -790_332_482),
            ("a-little-bit-long-string", -985_981_536),
            ("a-little-bit-longer-string", -1_486_304_829),
            ("lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8", -58_897_971),
            ("abc", 479_470_107),
            ("", 275_646_681),
            ("a", -1_563_381_124),
            ("key", -1_079_937_367),
            ("user-1", 1_404_122_828),
            ("héllo", 614_509_002),
        ] {
            assert_eq!(murmur2(text.as_bytes()), hash, "{text}");
        }
    }

    #[test]
    fn partitions_are_kafkas() {
        for (text, of_3, of_4, of_6, of_10) in [
            ("", 0, 1, 3, 1),
            ("a", 1, 0, 4, 4),
            ("key1", 2, 0, 2, 0),
            ("key2", 2, 3, 5, 1),
            ("key3", 1, 1, 1, 5),
            ("user-2", 2, 0, 2, 6),
            ("user-3", 2, 3, 5, 7),
            ("0", 2, 0, 2, 6),
            ("1", 0, 3, 3, 9),
            ("order-42", 0, 0, 0, 4),
            ("21", 0, 0, 0, 0),
            ("foobar", 0, 2, 0, 6),
        ] {
            for (partitions, expected) in [(3, of_3), (4, of_4), (6, of_6), (10, of_10)] {
                assert_eq!(partition_for_key(text.as_bytes(), partitions), expected, "{text}");
            }
        }
    }
}
