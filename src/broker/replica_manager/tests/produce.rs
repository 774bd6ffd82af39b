//! Produce: the order of checks, acks, and the purgatory.

use super::*;
use crate::broker::internal_topic::{AppendToken, InternalLog};
use crate::config::Compression;
use crate::protocol::ErrorCode;

fn errors(responses: &[ProducePartitionResponse]) -> Vec<(Option<ErrorCode>, i64)> {
    responses.iter().map(|r| (r.error, r.base_offset)).collect()
}

#[test]
fn acks_1_answers_after_the_append_and_acks_all_when_the_isr_has_it() {
    let mut world = World::new(1, &[]);
    world.produce(Acks::One, &[(0, batch(2))]);
    assert_eq!(errors(&world.produced()), [(None, 0)]);

    world.produce(Acks::All, &[(0, batch(3))]);
    assert!(world.answers().is_empty());
    world.follower_fetches(2, &[(0, 5)]);
    assert_eq!(world.high_watermark(0), 0, "broker 3 is in the ISR and has nothing");
    world.follower_fetches(3, &[(0, 5)]);
    assert_eq!(world.high_watermark(0), 5);
    assert_eq!(errors(&world.produced()), [(None, 2)]);
}

#[test]
fn acks_0_is_silent_or_closes() {
    let mut world = World::new(1, &[]);
    assert_eq!(world.produce(Acks::Zero, &[(0, batch(1))]), ProduceOutcome::Silent);
    assert_eq!(world.produce(Acks::Zero, &[(7, batch(1))]), ProduceOutcome::Close);
    assert!(world.answers().is_empty());
}

#[test]
fn too_few_in_sync_refuse_acks_all_only_and_before_deduplication() {
    let mut world = World::new(1, &[("min.insync.replicas", "2")]);
    world.produce(Acks::One, &[(0, sequenced(1, 7, 0))]);
    world.answers();
    world.assign(0, 1, &[1], 0, 1);
    world.produce(Acks::All, &[(0, sequenced(1, 7, 0))]);
    let response = world.produced();
    assert_eq!(errors(&response), [(Some(ErrorCode::NotEnoughReplicas), -1)]);
    assert_eq!(world.leo(0), 1);
    world.produce(Acks::One, &[(0, sequenced(1, 7, 0))]);
    assert_eq!(errors(&world.produced()), [(None, 0)], "a duplicate");
    world.produce(Acks::One, &[(0, sequenced(1, 7, 2))]);
    let response = world.produced();
    assert_eq!(errors(&response), [(Some(ErrorCode::OutOfOrderSequenceNumber), -1)]);
    let refused = |event: &Event| matches!(event, Event::AppendRefused { .. });
    assert_eq!(world.events().iter().filter(|e| refused(e)).count(), 2);
}

#[test]
fn the_effective_min_isr_is_never_more_than_the_replicas() {
    let mut world = World::new(1, &[("min.insync.replicas", "9")]);
    world.produce(Acks::All, &[(0, batch(1))]);
    assert_eq!(world.leo(0), 1, "three of three are in sync");
}

#[test]
fn one_answer_for_all_partitions_when_the_last_has_it() {
    let mut world = World::new(2, &[]);
    world.assign(1, 1, &[1], 0, 1);
    world.produce(Acks::All, &[(0, batch(1)), (1, batch(1)), (9, batch(1))]);
    assert_eq!((world.high_watermark(0), world.high_watermark(1)), (0, 1));
    assert!(world.answers().is_empty());
    world.follower_fetches(2, &[(0, 1)]);
    world.follower_fetches(3, &[(0, 1)]);
    let expected = [(None, 0), (None, 0), (Some(ErrorCode::UnknownTopicOrPartition), -1)];
    assert_eq!(errors(&world.produced()), expected);
    assert!(world.recorder.pending().iter().all(|(_, t)| !format!("{t:?}").contains("Produce")));
}

#[test]
fn a_timeout_fails_the_pending_partitions_only() {
    let mut world = World::new(2, &[]);
    world.assign(1, 1, &[1], 0, 1);
    world.produce(Acks::All, &[(0, batch(1)), (1, batch(1))]);
    let start = world.now;
    assert!(world.next_timer().is_some());
    assert_eq!(world.now, start + 30_000_000);
    world.turn(|world, ctx| world.replicas.on_produce_expired(ctx, 0));
    let expected = [(Some(ErrorCode::RequestTimedOut), -1), (None, 0)];
    assert_eq!(errors(&world.produced()), expected);
    world.follower_fetches(2, &[(0, 1)]);
    world.follower_fetches(3, &[(0, 1)]);
    assert_eq!(world.high_watermark(0), 1, "the record stays");
    assert!(world.answers().is_empty());
}

#[test]
fn a_lost_leadership_completes_with_the_new_leader() {
    let mut world = World::new(1, &[]);
    world.produce(Acks::All, &[(0, batch(1))]);
    world.assign(0, 2, &[1, 2, 3], 1, 1);
    let response = world.produced();
    assert_eq!(errors(&response), [(Some(ErrorCode::NotLeaderOrFollower), -1)]);
    assert_eq!(response[0].current_leader, Some((NodeId(2), 1)));
    world.produce(Acks::One, &[(0, batch(1))]);
    assert_eq!(world.produced()[0].current_leader, Some((NodeId(2), 1)));
}

#[test]
fn code_20_needs_the_high_watermark_and_a_small_maximal_isr_at_once() {
    let mut world = World::new(1, &[("min.insync.replicas", "2")]);
    world.produce(Acks::All, &[(0, batch(1))]);
    // The ISR shrinks below the minimum: the high watermark freezes, and the request waits.
    world.follower_fetches(2, &[(0, 1)]);
    world.assign(0, 1, &[1], 0, 1);
    assert_eq!(world.high_watermark(0), 0);
    assert!(world.answers().is_empty());
    // With the minimum at 1 again it moves; a minimum raised in the same moment would be code 20.
    let partition = world.replicas.partition_mut(0);
    assert_eq!(
        partition.enough_replicas_reached(0),
        Some(Err(ErrorCode::NotEnoughReplicasAfterAppend))
    );
    assert_eq!(partition.enough_replicas_reached(1), None);
}

#[test]
fn batches_are_validated() {
    let configs = [("max.message.bytes", "250"), ("cleanup.policy", "compact")];
    let mut world = World::new(1, &configs);
    world.produce(Acks::One, &[(0, batch(3))]);
    assert_eq!(world.produced()[0].error, Some(ErrorCode::MessageTooLarge));
    world.produce(Acks::One, &[(0, batch(1))]);
    assert_eq!(world.produced()[0].error, Some(ErrorCode::InvalidRecord));

    let mut world = World::new(1, &[("message.timestamp.before.max.ms", "5000")]);
    world.produce(Acks::One, &[(0, batch(1))]);
    assert_eq!(world.produced()[0].error, None);
    world.now += 5_000_000;
    world.produce(Acks::One, &[(0, batch(1))]);
    assert_eq!(world.produced()[0].error, Some(ErrorCode::InvalidTimestamp));
}

/// What a topic's compression.type makes of a batch of 200 records in zstd: codec and bytes.
fn logged(
    compression_type: &str,
    configs: &[(&str, &str)],
) -> Result<(Compression, u32), ErrorCode> {
    let mut configs = configs.to_vec();
    configs.push(("compression.type", compression_type));
    let mut world = World::new(1, &configs);
    let sent = Arc::new(sequenced(200, 7, 0).recompressed(Compression::Zstd));
    world.produce(Acks::One, &[(0, sent.clone())]);
    if let Some(error) = world.produced()[0].error {
        return Err(error);
    }
    let log = world.replicas.partition_mut(0).log();
    let batch = log.batches()[0].batch.clone();
    assert_eq!((batch.id, &batch.records), (sent.id, &sent.records));
    world.produce(Acks::One, &[(0, sent)]);
    assert_eq!((errors(&world.produced()), world.leo(0)), (vec![(None, 0)], 200), "a duplicate");
    Ok((batch.attributes.compression, batch.size_bytes))
}

#[test]
fn the_leader_compresses_anew_only_what_the_topic_wants_otherwise() {
    // 64 records of 7 bytes and 136 of 8 are 1536 bytes.
    assert_eq!(logged("producer", &[]), Ok((Compression::Zstd, 61 + 615)));
    assert_eq!(logged("zstd", &[]), Ok((Compression::Zstd, 61 + 615)));
    assert_eq!(logged("snappy", &[]), Ok((Compression::Snappy, 61 + 922)));
    assert_eq!(logged("uncompressed", &[]), Ok((Compression::None, 61 + 1536)));
    let limit = ("max.message.bytes", "1000");
    assert_eq!(logged("snappy", &[limit]), Ok((Compression::Snappy, 61 + 922)));
    assert_eq!(logged("uncompressed", &[limit]), Err(ErrorCode::MessageTooLarge), "after all");
}

#[test]
fn log_append_time_is_that_of_the_leader() {
    let configs =
        [("message.timestamp.type", "LogAppendTime"), ("message.timestamp.before.max.ms", "5000")];
    let mut world = World::new(1, &configs);
    world.now += 60_000_000;
    world.produce(Acks::One, &[(0, batch(2))]);
    assert_eq!(errors(&world.produced()), [(None, 0)], "no record is too old");
    let now_ms = crate::protocol::wall_clock_ms(world.now);
    let log = world.replicas.partition_mut(0).log();
    let logged = &log.batches()[0].batch;
    assert_eq!(logged.attributes.log_append_time_ms, Some(now_ms));
    assert_eq!(logged.timestamp_of(&logged.records[1]), now_ms);
    assert_eq!(log.offset_for_timestamp(now_ms), Some(0));
    assert_eq!(log.offset_for_timestamp(now_ms + 1), None);
}

#[test]
fn the_coordinator_is_told_when_its_append_is_committed_or_lost() {
    let mut world = World::new(1, &[("min.insync.replicas", "2")]);
    world.assign(0, 1, &[1], 0, 1);
    let append = |world: &mut World, token| {
        world.turn(|world, ctx| {
            world.replicas.append(ctx, tp(0), batch(1), AppendToken::Group(token))
        })
    };
    assert_eq!(append(&mut world, 1), Ok(()), "a small ISR does not refuse it");
    assert_eq!(world.replicas.next_coordinator_done(), None);
    world.assign(0, 1, &[1, 2], 0, 2);
    world.follower_fetches(2, &[(0, 1)]);
    assert_eq!(world.replicas.next_coordinator_done(), Some((AppendToken::Group(1), Ok(()))));

    assert_eq!(append(&mut world, 2), Ok(()));
    world.assign(0, 2, &[1, 2], 1, 3);
    let lost = Err(ErrorCode::NotLeaderOrFollower);
    assert_eq!(world.replicas.next_coordinator_done(), Some((AppendToken::Group(2), lost)));
    assert_eq!(append(&mut world, 3), lost);
}

#[test]
fn what_is_parked_for_a_client_that_is_gone_is_dropped() {
    let mut world = World::new(1, &[]);
    world.produce(Acks::All, &[(0, batch(1))]);
    world.turn(|world, ctx| world.replicas.on_client_gone(ctx, PRODUCER, Channel::Data));
    assert!(world.recorder.pending().is_empty());
    world.follower_fetches(2, &[(0, 1)]);
    world.follower_fetches(3, &[(0, 1)]);
    assert_eq!(world.high_watermark(0), 1);
    assert!(world.answers().is_empty());
}
