//! Filling batches. What else the accumulator does is held to Kafka's own scripts by the
//! conformance test.

use crate::config::{Compression, ProducerConfig, Properties};
use crate::engine::NodeId;
use crate::producer::Cluster;
use crate::record::{BatchId, CompressionRatios, Record, RecordId};

use super::{Appended, Drained, ProducerBatch, RecordAccumulator, Source};

struct Numbers(u64);

impl Source for Numbers {
    fn next_random(&mut self) -> i32 {
        self.0 as i32
    }

    fn next_batch_id(&mut self) -> BatchId {
        self.0 += 1;
        BatchId(self.0)
    }
}

fn accumulator(set: &[(&str, &str)]) -> RecordAccumulator {
    let mut properties = Properties::new().with("enable.idempotence", "false");
    for (name, value) in set {
        properties = properties.with(*name, *value);
    }
    let config = ProducerConfig::from_properties(&properties).expect("a config Kafka accepts");
    RecordAccumulator::new(&config)
}

fn record(key: i32, value: i32) -> Record {
    let bytes = |len: i32| (len >= 0).then(|| vec![0; len as usize].into());
    Record { id: RecordId(0), timestamp_ms: 0, key: bytes(key), value: bytes(value), headers: None }
}

fn cluster() -> Cluster {
    Cluster::of("topic", &[Some(NodeId(1)); 3])
}

/// Appends equal records to a partition until a second batch begins: how many went into the first.
fn fill(accumulator: &mut RecordAccumulator, key: i32, value: i32) -> usize {
    fill_from(&mut Numbers(0), accumulator, key, value)
}

fn fill_from(
    source: &mut Numbers,
    accumulator: &mut RecordAccumulator,
    key: i32,
    value: i32,
) -> usize {
    for count in 0.. {
        let record = record(key, value);
        let appended = accumulator.append(0, record, Some(0), &cluster(), source);
        let Ok(Appended { new_batch, .. }) = appended else { break };
        if new_batch && count > 0 {
            return count;
        }
    }
    unreachable!("there is memory")
}

#[test]
fn as_many_records_fit_a_batch_as_in_kafka() {
    for (key, value, count, bytes) in
        [(-1, 100, 148, 16277), (10, 100, 136, 16317), (10, 1000, 16, 16365), (-1, 10, 910, 16377)]
    {
        let mut accumulator = accumulator(&[]);
        assert_eq!(fill(&mut accumulator, key, value), count);
        let batch = &accumulator.partitions()[0].queue[0];
        assert_eq!((batch.record_count(), batch.size_bytes()), (count, bytes));
        assert!(batch.is_full());
    }
}

#[test]
fn a_record_larger_than_batch_size_gets_a_batch_of_its_own() {
    let mut accumulator = accumulator(&[]);
    assert_eq!(fill(&mut accumulator, -1, 20_000), 1);
    let bound = record(-1, 20_000).batch_size_upper_bound();
    assert_eq!(accumulator.partitions()[0].queue[0].limit_bytes(), bound);
    assert_eq!(accumulator.used_bytes(), 2 * u64::from(bound));
}

#[test]
fn batch_size_0_makes_batches_of_one_or_two_records() {
    let mut accumulator = accumulator(&[("batch.size", "0")]);
    assert_eq!(fill(&mut accumulator, -1, 100), 1);
}

#[test]
fn keyless_records_stay_with_a_partition_until_its_batch_is_full() {
    let (mut accumulator, cluster) = (accumulator(&[("batch.size", "1000")]), cluster());
    let mut source = Numbers(0);
    let partitions: Vec<u16> = (0..40)
        .map(|_| {
            let appended = accumulator.append(0, record(-1, 100), None, &cluster, &mut source);
            appended.expect("there is memory").partition
        })
        .collect();
    // Eight records of 109 bytes and the header fill 1000 bytes; the ninth moves on.
    let runs: Vec<usize> = partitions.chunk_by(|a, b| a == b).map(<[u16]>::len).collect();
    assert!(runs.iter().all(|run| run % 8 == 0), "{runs:?}");
    assert!(runs.len() > 1);
}

#[test]
fn a_drained_batch_is_closed_and_in_flight() {
    let (mut accumulator, cluster) = (accumulator(&[]), cluster());
    let mut drained: Vec<Drained> = Vec::new();
    for partition in [0, 1] {
        let appended =
            accumulator.append(0, record(-1, 5), Some(partition), &cluster, &mut Numbers(0));
        assert!(appended.is_ok());
    }
    accumulator.drain(0, &cluster, NodeId(1), 1 << 20, &mut drained);
    assert_eq!(drained.len(), 2);
    assert_eq!(drained[0].batch.size_bytes, 73);
    assert!(!accumulator.has_undrained());
    assert!(accumulator.partitions()[..2].iter().all(|partition| partition.in_flight.len() == 1));
}

/// Fills a batch of partition 0 and sends it: how many records it took, and its size.
fn fill_and_send(source: &mut Numbers, accumulator: &mut RecordAccumulator) -> (usize, u32) {
    let count = fill_from(source, accumulator, -1, 100);
    let mut drained: Vec<Drained> = Vec::new();
    accumulator.drain(0, &cluster(), NodeId(1), 1 << 20, &mut drained);
    let batch = &drained[0].batch;
    assert_eq!((batch.attributes.compression, batch.records.len()), (Compression::Lz4, count));
    // The record that no longer fitted has a batch of its own.
    let later = accumulator.partitions()[0].queue[0].id();
    accumulator.drain(0, &cluster(), NodeId(1), 1 << 20, &mut drained);
    let later = accumulator.take_in_flight(0, later).expect("drained");
    accumulator.complete(0, &later);
    (count, drained[0].batch.size_bytes)
}

fn compressing(permille: u16) -> RecordAccumulator {
    let mut accumulator = accumulator(&[("compression.type", "lz4")]);
    let ratios = CompressionRatios::default().with(Compression::Lz4, permille);
    accumulator.set_compression_ratios(ratios);
    accumulator
}

#[test]
fn compressed_batches_grow_as_the_estimate_learns() {
    let (mut accumulator, mut source) = (compressing(250), Numbers(0));
    // 64 records of 109 bytes and 77 of 110; nothing is known yet, and 5 % are added for safety.
    assert_eq!(fill_and_send(&mut source, &mut accumulator), (141, 61 + 3862));
    let counts: Vec<usize> =
        (0..100).map(|_| fill_and_send(&mut source, &mut accumulator).0).collect();
    assert!(counts[..50].is_sorted(), "{counts:?}");
    // At 0.25 * 1.05 about 62 kB of records would fit into 16384 bytes; but every single record
    // that compresses a little worse costs 0.05 at once.
    assert!(counts[50..].iter().all(|count| (250..560).contains(count)), "{counts:?}");
}

#[test]
fn a_cut_batch_makes_the_estimate_cautious_again() {
    let (mut accumulator, mut source) = (compressing(250), Numbers(0));
    let first = fill_and_send(&mut source, &mut accumulator).0;
    (0..100).for_each(|_| assert!(fill_and_send(&mut source, &mut accumulator).0 > first));
    let in_flight = &accumulator.partitions()[0].in_flight;
    let too_large = in_flight.last().expect("sent").id();
    let batch = accumulator.take_in_flight(0, too_large).expect("in flight");
    accumulator.split_and_reenqueue(0, batch, &mut source);
    let mut pieces = accumulator.partitions()[0].queue.iter();
    assert_eq!(pieces.next().map(ProducerBatch::record_count), Some(first));
    assert!(pieces.all(|piece| piece.size_bytes() <= 16384));
}
