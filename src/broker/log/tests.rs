//! Logs: reading, truncation, and batches for other tests.

use super::producer_state::Duplicate;
use super::*;
use crate::config::{BrokerConfig, Properties, Ratio, TopicConfig};
use crate::record::format::{ControlRecordType, EndTransactionMarker};
use crate::record::{BatchId, Record, RecordId};

/// A batch of `count` records without a producer id; 100 bytes a record.
pub fn batch(count: usize) -> Arc<Batch> {
    idempotent(count, -1, -1, -1)
}

/// A batch of an idempotent producer.
pub fn idempotent(count: usize, id: i64, epoch: i16, sequence: i32) -> Arc<Batch> {
    let records = (0..count)
        .map(|i| Record {
            id: RecordId(i as u64),
            timestamp_ms: 1000 + i as i64,
            key: None,
            value: None,
            headers: None,
        })
        .collect();
    Arc::new(Batch {
        producer_id: id,
        producer_epoch: epoch,
        base_sequence: sequence,
        size_bytes: 100 * count as u32,
        ..Batch::plain(BatchId(0), records)
    })
}

/// The configs of a topic that sets these.
pub fn config(topic: &[(&str, &str)]) -> LogConfig {
    let broker = BrokerConfig::from_properties(&Properties::new()).expect("defaults");
    let properties = topic.iter().copied().collect::<Properties>();
    LogConfig::of(&TopicConfig::from_properties(&properties, &broker).expect("valid"))
}

/// Appends as the leader, at time 0 and with Kafka's defaults.
pub fn append(log: &mut Log, batch: Arc<Batch>, epoch: i32) -> Written {
    append_with(log, batch, epoch, &config(&[]), 0)
}

fn append_with(
    log: &mut Log,
    batch: Arc<Batch>,
    epoch: i32,
    config: &LogConfig,
    now_ms: i64,
) -> Written {
    log.append(batch, epoch, Writing { config, now_ms, rng: &mut Rng::stream(0, 0) })
}

/// Appends batches of so many records at these offsets as a follower.
fn follow(log: &mut Log, batches: &[(i64, usize)]) -> Option<Written> {
    follow_with(log, batches, &config(&[]))
}

fn follow_with(log: &mut Log, batches: &[(i64, usize)], config: &LogConfig) -> Option<Written> {
    let at = |&(base_offset, count): &(i64, usize)| LoggedBatch {
        base_offset,
        leader_epoch: 0,
        batch: batch(count),
    };
    let writing = Writing { config, now_ms: 0, rng: &mut Rng::stream(0, 0) };
    log.append_as_follower(batches.iter().map(at).collect(), writing)
}

fn truncate(log: &mut Log, offset: i64) -> Option<i64> {
    log.truncate_to(offset, 0, &config(&[]))
}

#[test]
fn reads_whole_batches_within_the_limit_but_always_a_first_one() {
    let mut log = Log::default();
    for count in [3, 2, 1] {
        append(&mut log, batch(count), 0);
    }
    assert_eq!(log.end_offset(), 6);
    let offsets = |read: LogRead| {
        (read.batches.iter().map(|b| b.base_offset).collect::<Vec<_>>(), read.bytes)
    };
    assert_eq!(offsets(log.read(1, 6, 1000, false)), (vec![0, 3, 5], 600));
    assert_eq!(offsets(log.read(3, 6, 250, false)), (vec![3], 250), "the slice was cut");
    assert_eq!(offsets(log.read(0, 6, 10, true)), (vec![0], 300));
    assert_eq!(offsets(log.read(0, 6, 10, false)), (vec![], 10));
    assert_eq!(offsets(log.read(3, 5, 1000, false)), (vec![3], 200), "bound");
    assert_eq!(offsets(log.read(6, 6, 1000, true)), (vec![], 0));
    assert_eq!(log.bytes_between(4, 6, 10_000), 300);
    assert_eq!(log.bytes_between(4, 6, 1), 1);
    assert_eq!(log.bytes_between(6, 6, 1), 0);
}

#[test]
fn decided_above_a_high_watermark_that_has_fallen_is_unstable_again() {
    let mut log = Log::default();
    let of_transaction = |mut batch: Arc<Batch>, is_control: bool| {
        let attributes = &mut Arc::make_mut(&mut batch).attributes;
        (attributes.is_transactional, attributes.is_control) = (true, is_control);
        batch
    };
    append(&mut log, of_transaction(idempotent(2, 7, 0, 0), false), 0);
    let mut marker = of_transaction(idempotent(1, 7, 1, -1), true);
    let commit = EndTransactionMarker { kind: ControlRecordType::Commit, coordinator_epoch: 0 };
    Arc::make_mut(&mut marker).records[0] = commit.to_record(RecordId(0), 0);
    append(&mut log, marker, 0);
    log.on_high_watermark(3);
    assert_eq!(log.transactions().first_unstable_offset(2), None, "the marker was passed");
    log.rebuild_transactions();
    assert_eq!(log.transactions().first_unstable_offset(2), Some(0));
    assert_eq!(log.transactions().first_unstable_offset(3), None);
}

#[test]
fn a_log_cut_below_its_start_starts_there() {
    let mut log = Log::default();
    for _ in 0..4 {
        append(&mut log, batch(3), 0);
    }
    assert!(log.raise_start_offset(9));
    assert_eq!(truncate(&mut log, 6), Some(12), "its segment still holds what lies below");
    assert_eq!((log.start_offset(), log.end_offset()), (6, 6));
    log.truncate_fully_and_start_at(12);
    assert_eq!(truncate(&mut log, 4), Some(12), "nothing is left of what lay there");
    assert_eq!((log.start_offset(), log.end_offset(), log.batches().len()), (4, 4, 0));
}

#[test]
fn truncation_takes_epochs_and_producers_along() {
    let mut log = Log::default();
    append(&mut log, idempotent(2, 7, 0, 0), 1);
    append(&mut log, idempotent(2, 7, 0, 2), 3);
    log.begin_epoch(4);
    assert_eq!(log.epochs().latest(), Some(4));
    assert_eq!(truncate(&mut log, 4), None);
    assert_eq!(log.epochs().latest(), Some(3), "an epoch without records vanishes");
    assert_eq!(truncate(&mut log, 2), Some(4));
    assert_eq!((log.end_offset(), log.epochs().latest()), (2, Some(1)));
    let duplicate = log.producers().check(&idempotent(2, 7, 0, 0), 0, i64::MAX);
    assert_eq!(duplicate, Ok(Some(Duplicate { base_offset: 0, last_offset: 1 })));
    assert_eq!(log.producers().check(&idempotent(2, 7, 0, 2), 0, i64::MAX), Ok(None));
}

#[test]
fn a_follower_continues_its_log_maybe_after_a_gap() {
    let mut log = Log::default();
    assert_eq!(follow(&mut log, &[(0, 1)]).map(|written| written.base_offset), Some(0));
    assert_eq!(follow(&mut log, &[(0, 1)]), None);
    assert_eq!(follow(&mut log, &[(4, 2)]).map(|written| written.base_offset), Some(4));
    assert_eq!(log.end_offset(), 6);
    let read = log.read(1, 6, 1000, false);
    assert_eq!(read.batches[0].base_offset, 4, "a read in a gap goes on after it");
    assert_eq!(truncate(&mut log, 3), Some(6));
    assert_eq!((log.end_offset(), log.batches().len()), (3, 1), "a log may end in a gap");
}

#[test]
fn what_a_follower_fetched_goes_to_one_segment() {
    let mut log = Log::default();
    let small = LogConfig { segment_bytes: 300, ..config(&[]) };
    let rolled = |log: &mut Log, batches: &[(i64, usize)]| {
        let written = follow_with(log, batches, &small);
        (written.is_some_and(|written| written.is_rolled), log.segments().len())
    };
    assert_eq!(rolled(&mut log, &[(0, 1), (1, 1)]), (false, 1));
    assert_eq!(rolled(&mut log, &[(2, 1), (3, 1)]), (true, 2), "together they are too much");
    assert_eq!(rolled(&mut log, &[(4, 1)]), (false, 2));
}

#[test]
fn segments_have_room_in_their_indexes_and_31_bits_for_offsets() {
    let tiny = LogConfig { segment_index_bytes: 24, index_interval_bytes: 100, ..config(&[]) };
    let mut log = Log::default();
    for _ in 0..6 {
        append_with(&mut log, batch(1), 0, &tiny, 0);
    }
    let bases: Vec<i64> = log.segments().iter().map(Segment::base_offset).collect();
    assert_eq!(bases, [0, 3], "every second batch has an entry, the time index has room for one");
    let mut log = Log::default();
    follow(&mut log, &[(0, 1), (1 << 30, 1)]);
    assert_eq!(log.segments().len(), 1);
    assert!(follow(&mut log, &[(1 << 31, 1)]).is_some_and(|written| written.is_rolled));
}

#[test]
fn jitter_rolls_a_segment_earlier() {
    let jittery = LogConfig { segment_ms: 1000, segment_jitter_ms: 500, ..config(&[]) };
    let mut rng = Rng::stream(1, 1);
    let drawn: Vec<i64> = (0..100).map(|_| Segment::draw_jitter(&jittery, &mut rng)).collect();
    assert!(drawn.iter().all(|ms| (0..500).contains(ms)) && drawn.iter().any(|&ms| ms > 250));
    let coming =
        Incoming { first_offset: 2, last_offset: 2, bytes: 100, max_timestamp_ms: 1000 + 901 };
    let mut segment = Segment::new(0, 0, 100);
    segment.append(&LoggedBatch { base_offset: 0, leader_epoch: 0, batch: batch(1) }, 0, 4096);
    assert!(segment.should_roll(coming, &jittery, 0));
    let a_little_earlier = Incoming { max_timestamp_ms: 1900, ..coming };
    assert!(!segment.should_roll(a_little_earlier, &jittery, 0));
}

#[test]
fn the_start_may_rise_and_segments_before_it_go_at_the_next_look() {
    let mut log = Log::default();
    let small = LogConfig { segment_bytes: 200, ..config(&[]) };
    append_with(&mut log, batch(2), 0, &small, 0);
    append_with(&mut log, batch(2), 1, &small, 0);
    assert!(log.raise_start_offset(3) && !log.raise_start_offset(3));
    assert_eq!((log.start_offset(), log.batches().len()), (3, 2));
    assert_eq!(log.offset_for_timestamp(0), Some(3), "nothing is found before the start");
    let retired = log.delete_old_segments(0, 4, &small);
    assert_eq!(retired.len(), 1);
    assert_eq!((retired[0].reason, retired[0].segments), (RetentionReason::LogStart, 1));
    assert_eq!((log.start_offset(), log.batches().len()), (3, 1));
    assert_eq!(log.truncate_fully_and_start_at(9), 4);
    assert_eq!((log.start_offset(), log.end_offset()), (9, 9));
}

#[test]
fn retention_spares_what_is_not_committed() {
    let mut log = Log::default();
    let strict = LogConfig { segment_bytes: 100, retention_ms: 10, ..config(&[]) };
    for _ in 0..3 {
        append_with(&mut log, batch(1), 0, &strict, 0);
    }
    let late_ms = 1_000_000;
    assert_eq!(log.delete_old_segments(late_ms, 2, &strict).len(), 1);
    assert_eq!((log.start_offset(), log.segments().len()), (2, 1));
    log.delete_old_segments(late_ms, 3, &strict);
    assert_eq!((log.start_offset(), log.end_offset(), log.size_bytes()), (3, 3, 0));
    let neither = config(&[("cleanup.policy", "")]);
    append_with(&mut log, batch(1), 0, &strict, 0);
    assert_eq!(log.delete_old_segments(late_ms, 4, &neither), []);
}

#[test]
fn who_has_nothing_left_in_the_log_is_remembered() {
    let mut log = Log::default();
    let strict = LogConfig { segment_bytes: 100, retention_ms: 10, ..config(&[]) };
    append_with(&mut log, idempotent(1, 7, 0, 0), 0, &strict, 0);
    append_with(&mut log, idempotent(1, 8, 0, 0), 0, &strict, 0);
    append_with(&mut log, idempotent(1, 8, 0, 1), 0, &strict, 0);
    log.delete_old_segments(1_000_000, 1, &strict);
    assert_eq!(log.start_offset(), 1);
    truncate(&mut log, 2);
    let known = |id, sequence| log.producers().check(&idempotent(1, id, 0, sequence), 0, i64::MAX);
    assert!(known(7, 0).is_ok_and(|duplicate| duplicate.is_some()));
    assert!(known(8, 0).is_ok_and(|duplicate| duplicate.is_some()));
    assert_eq!(known(8, 1), Ok(None), "it was cut off");
}

#[test]
fn compaction_waits_for_min_lag_and_not_beyond_max_lag() {
    let lag = |key, ms| LogConfig {
        segment_bytes: 100,
        ..config(&[("cleanup.policy", "compact"), (key, ms)])
    };
    let mut log = Log::default();
    let plain = lag("min.compaction.lag.ms", "0");
    for _ in 0..3 {
        append_with(&mut log, batch(1), 0, &plain, 0);
    }
    let end = |config: &LogConfig, now_ms| log.to_clean(now_ms, 3, config).first_uncleanable_offset;
    assert_eq!(end(&plain, 1000), 2, "the active segment stays");
    let min = lag("min.compaction.lag.ms", "50");
    assert_eq!((end(&min, 1049), end(&min, 1050)), (0, 2));
    let max = lag("max.compaction.lag.ms", "50");
    let is_overdue = |now_ms| log.to_clean(now_ms, 3, &max).is_overdue;
    assert!(!is_overdue(1050) && is_overdue(1051));
    let strict = LogConfig { min_cleanable_dirty_ratio: Ratio { millionths: 1_000_000 }, ..max };
    assert!(!log.to_clean(1050, 3, &strict).is_due(&strict));
    assert!(log.to_clean(1051, 3, &strict).is_due(&strict));
}
