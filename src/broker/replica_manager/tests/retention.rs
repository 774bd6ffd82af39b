//! Segments that go, logs that are compacted, and who hears of it.

use super::*;
use crate::events::LogStartReason;
use crate::protocol::{DeleteRecordsRequest, ErrorCode, HIGH_WATERMARK};
use crate::record::Record;

/// One record a segment.
const SEGMENT: (&str, &str) = ("internal.segment.bytes", "100");

/// Three records are on all replicas, one in each segment.
fn written(configs: &[(&str, &str)], batches: [Arc<Batch>; 3]) -> World {
    let mut world = World::new(1, configs);
    for batch in batches {
        world.produce(Acks::One, &[(0, batch)]);
    }
    world.follower_fetches(2, &[(0, 3)]);
    world.follower_fetches(3, &[(0, 3)]);
    world.answers();
    assert_eq!((world.high_watermark(0), segments(&world)), (3, 3));
    world
}

fn segments(world: &World) -> usize {
    world.replicas.replica(tp(0)).expect("hosted").log().segments().len()
}

/// A record of key `k`; without a value it is a tombstone.
fn keyed(value: Option<&[u8]>) -> Arc<Batch> {
    let plain = batch(1);
    let record = Record {
        key: Some(Arc::from(&b"k"[..])),
        value: value.map(Arc::from),
        ..plain.records[0].clone()
    };
    Arc::new(Batch { records: vec![record], ..(*plain).clone() })
}

#[test]
fn retention_takes_old_segments_and_who_fetches_hears_of_it() {
    let mut world = written(&[SEGMENT, ("retention.ms", "5000")], [batch(1), batch(1), batch(1)]);
    world.fetch(CONSUMER, fetch_request(0, positions(&[(0, 3)])));
    assert!(world.answers().is_empty(), "parked");
    world.now = 5_000_000;
    world.turn(|world, ctx| world.replicas.delete_old_segments(ctx));
    assert_eq!(segments(&world), 3, "no record is older than retention.ms");
    world.now += 1000;
    world.events();
    world.turn(|world, ctx| world.replicas.delete_old_segments(ctx));
    let raised: Vec<_> = world.events();
    assert!(
        matches!(
            raised[..],
            [Event::LogStartRaised { from: 0, to: 3, reason: LogStartReason::RetentionMs, .. }]
        ),
        "{raised:?}"
    );
    assert_eq!((segments(&world), world.leo(0)), (1, 3));
    assert!(world.answers().is_empty(), "nobody is woken for it");
    world.follower_fetches(2, &[(0, 2)]);
    let late = &world.fetched(NodeId(2)).partitions[0];
    assert_eq!(late.error, Some(ErrorCode::OffsetOutOfRange));
    world.follower_fetches(3, &[(0, 3)]);
    world.produce(Acks::Zero, &[(0, batch(1))]);
    let told = world.fetched(NodeId(3));
    assert_eq!((told.partitions[0].log_start_offset, told.partitions[0].batches.len()), (3, 1));
}

#[test]
fn retention_leaves_compacted_logs_to_the_cleaner() {
    let configs = [
        SEGMENT,
        ("retention.ms", "5000"),
        ("cleanup.policy", "compact,delete"),
        ("min.cleanable.dirty.ratio", "1"),
    ];
    let mut world = written(&configs, [keyed(None), keyed(None), keyed(None)]);
    world.now = 60_000_000;
    world.turn(|world, ctx| world.replicas.delete_old_segments(ctx));
    assert_eq!(segments(&world), 3);
    world.turn(|world, ctx| world.replicas.clean_logs(ctx));
    assert_eq!((segments(&world), world.leo(0)), (1, 3));
}

#[test]
fn the_cleaner_keeps_the_last_record_of_a_key_and_then_not_even_a_tombstone() {
    let configs = [SEGMENT, ("cleanup.policy", "compact"), ("delete.retention.ms", "1000")];
    let mut world = written(&configs, [keyed(Some(b"1")), keyed(None), batch_of_another_key()]);
    let left = |world: &World| -> Vec<i64> {
        let log = world.replicas.replica(tp(0)).expect("hosted").log();
        log.batches().iter().filter(|b| b.batch.count() > 0).map(|b| b.base_offset).collect()
    };
    world.events();
    world.turn(|world, ctx| world.replicas.clean_logs(ctx));
    assert_eq!(left(&world), [1, 2]);
    let events = world.events();
    let [Event::LogCleaned { from: 0, to: 2, removed, .. }] = &events[..] else {
        panic!("{events:?}")
    };
    assert_eq!(removed.len(), 1);
    assert!(!world.replicas.has_work_for_cleaner(), "all is clean");
    world.produce(Acks::One, &[(0, batch_of_another_key())]);
    assert!(world.replicas.has_work_for_cleaner());
    for id in [2, 3] {
        world.follower_fetches(id, &[(0, 4)]);
    }
    world.now += 1_001_000;
    world.turn(|world, ctx| world.replicas.clean_logs(ctx));
    assert_eq!(left(&world), [2, 3], "the tombstone has done its work");
}

fn batch_of_another_key() -> Arc<Batch> {
    let mut other = Arc::unwrap_or_clone(keyed(Some(b"2")));
    other.records[0].key = Some(Arc::from(&b"other"[..]));
    Arc::new(other)
}

#[test]
fn delete_records_goes_up_to_the_high_watermark() {
    let mut world = written(&[SEGMENT], [batch(1), batch(1), batch(1)]);
    world.produce(Acks::Zero, &[(0, batch(1))]);
    let delete = |world: &mut World, offset| {
        let request = DeleteRecordsRequest { tp: tp(0), offset };
        world.turn(|world, ctx| world.replicas.delete_records(ctx, &world.image, request))
    };
    assert_eq!(delete(&mut world, 4), Err(ErrorCode::OffsetOutOfRange), "not committed");
    assert_eq!(delete(&mut world, 2), Ok(2));
    assert_eq!(delete(&mut world, 1), Ok(2), "it never goes back");
    assert_eq!(segments(&world), 4, "files go at the next look");
    world.turn(|world, ctx| world.replicas.delete_old_segments(ctx));
    assert_eq!(segments(&world), 2);
    assert_eq!(delete(&mut world, HIGH_WATERMARK), Ok(3));
    world.assign(0, 2, &[1, 2, 3], 1, 1);
    assert_eq!(delete(&mut world, 3), Err(ErrorCode::NotLeaderOrFollower));
    let compact = [SEGMENT, ("cleanup.policy", "compact")];
    let mut world = written(&compact, [keyed(None), keyed(None), keyed(None)]);
    assert_eq!(delete(&mut world, 2), Err(ErrorCode::PolicyViolation));
}
