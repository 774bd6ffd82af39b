//! How librdkafka chooses partitions (`rd_kafka_msg_partitioner_consistent_random` and its
//! sisters): another hash than Java's, so one key may have two homes.

use crate::config::LibrdkafkaPartitioner;
use crate::engine::{Micros, Rng};

use super::partition_for_key;

/// The checksum of gzip and zlib.
const CRC_32: crc::Crc<u32> = crc::Crc::<u32>::new(&crc::CRC_32_ISO_HDLC);

/// What it remembers from record to record.
#[derive(Clone, Debug, Default)]
pub struct StickyRandom {
    /// Where records without a key go, and until when.
    sticky: Option<(u16, Micros)>,
}

impl StickyRandom {
    /// The partition of a record.
    pub fn partition(
        &mut self,
        now: Micros,
        key: Option<&[u8]>,
        (partitioner, sticky_us): (LibrdkafkaPartitioner, Micros),
        partitions: usize,
        rng: &mut Rng,
    ) -> u16 {
        debug_assert!(partitions > 0);
        match (partitioner, key) {
            (LibrdkafkaPartitioner::ConsistentRandom, Some(key)) if !key.is_empty() => {
                (CRC_32.checksum(key) as usize % partitions) as u16
            }
            (LibrdkafkaPartitioner::Murmur2Random, Some(key)) => partition_for_key(key, partitions),
            (LibrdkafkaPartitioner::Random, Some(_)) => rng.below(partitions as u32) as u16,
            _ => self.random(now, sticky_us, partitions, rng),
        }
    }

    /// The same one for a while (sticky.partitioning.linger.ms), so that batches fill.
    fn random(&mut self, now: Micros, for_us: Micros, partitions: usize, rng: &mut Rng) -> u16 {
        let known = self.sticky.filter(|&(at, until)| now < until && usize::from(at) < partitions);
        match known {
            Some((partition, _)) => partition,
            None => {
                let partition = rng.below(partitions as u32) as u16;
                self.sticky = Some((partition, now + for_us));
                partition
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of_key(partitioner: LibrdkafkaPartitioner, key: &str, partitions: usize) -> u16 {
        let (mut sticky, mut rng) = (StickyRandom::default(), Rng::stream(1, 1));
        sticky.partition(0, Some(key.as_bytes()), (partitioner, 0), partitions, &mut rng)
    }

    #[test]
    fn keys_are_hashed_with_crc32() {
        for (key, crc) in [
            ("123456789", 0xcbf4_3926_u32),
            ("a", 0xe8b7_be43),
            ("abc", 0x3524_41c2),
            ("hello", 0x3610_a686),
        ] {
            for partitions in [1, 3, 6, 50] {
                let expected = (crc as usize % partitions) as u16;
                let partitioner = LibrdkafkaPartitioner::ConsistentRandom;
                assert_eq!(of_key(partitioner, key, partitions), expected, "{key}");
                let java = of_key(LibrdkafkaPartitioner::Murmur2Random, key, partitions);
                assert_eq!(java, partition_for_key(key.as_bytes(), partitions));
            }
        }
    }

    #[test]
    fn without_a_key_a_partition_is_kept_for_a_while() {
        let (mut sticky, mut rng) = (StickyRandom::default(), Rng::stream(1, 1));
        let how = (LibrdkafkaPartitioner::ConsistentRandom, 10_000);
        let mut at = |now| sticky.partition(now, None, how, 100, &mut rng);
        let first = at(0);
        assert_eq!(at(9_999), first);
        let later: Vec<u16> = (1..20).map(|n| at(n * 10_000)).collect();
        assert!(later.windows(2).any(|pair| pair[0] != pair[1]));
    }
}
