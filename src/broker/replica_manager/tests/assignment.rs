//! Leading and following by metadata, restarts, and what they do to log and high watermark.

use super::*;
use crate::protocol::{ErrorCode, FetchPartitionResponse, ListOffsetsRequest, OffsetSpec};

fn fetched(batches: &[(i64, i32)], high_watermark: i64) -> FetchPartitionResponse {
    FetchPartitionResponse {
        tp: tp(0),
        error: None,
        high_watermark,
        last_stable_offset: high_watermark,
        log_start_offset: 0,
        diverging_epoch: None,
        batches: batches
            .iter()
            .map(|&(base_offset, leader_epoch)| LoggedBatch {
                base_offset,
                leader_epoch,
                batch: batch(2),
            })
            .collect(),
        aborted: Vec::new(),
        current_leader: None,
        preferred_read_replica: None,
    }
}

fn replicate(world: &mut World, batches: &[(i64, i32)], high_watermark: i64, epoch: i32) {
    let fetched = fetched(batches, high_watermark);
    world.turn(|world, ctx| world.replicas.append_as_follower(ctx, 0, fetched, epoch));
}

#[test]
fn metadata_older_than_what_is_known_changes_nothing() {
    let mut world = World::new(1, &[]);
    assert_eq!(world.assign(0, 2, &[1, 2, 3], 2, 5), Reassigned::Follows { resigned: true });
    assert_eq!(world.assign(0, 1, &[1, 2, 3], 1, 4), Reassigned::Same);
    assert_eq!(world.assign(0, 2, &[1, 2], 2, 6), Reassigned::Same, "no new leader epoch");
    assert_eq!(world.assign(0, 1, &[1, 2], 3, 7), Reassigned::Leads { newly: true });
    assert_eq!(world.assign(0, 1, &[1, 2], 4, 8), Reassigned::Leads { newly: false });
    let leads = |e: &Event| matches!(e, Event::BecameLeader { leader_epoch: 3 | 4, .. });
    assert_eq!(world.events().iter().filter(|e| leads(e)).count(), 2);
}

#[test]
fn a_follower_takes_the_high_watermark_as_far_as_its_log_goes() {
    let mut world = World::new(1, &[]);
    world.assign(0, 2, &[1, 2, 3], 1, 1);
    replicate(&mut world, &[(0, 1), (2, 1)], 9, 1);
    assert_eq!((world.leo(0), world.high_watermark(0)), (4, 4));
    replicate(&mut world, &[], 3, 1);
    assert_eq!(world.high_watermark(0), 3, "it may step back");
    replicate(&mut world, &[(4, 2)], 3, 1);
    assert_eq!(world.leo(0), 4, "a later epoch's batch waits for a later fetch");
    world.turn(|world, ctx| world.replicas.truncate(ctx, 0, 2));
    assert_eq!((world.leo(0), world.high_watermark(0)), (2, 2));
    let truncated = |e: &Event| matches!(e, Event::LogTruncated { from: 4, to: 2, .. });
    assert!(world.events().iter().any(truncated));
}

#[test]
fn a_restart_begins_from_the_checkpoint() {
    let mut world = World::new(1, &[]);
    world.assign(0, 1, &[1], 0, 1);
    world.produce(Acks::One, &[(0, batch(2))]);
    let last_tick = world.now + 5_000_000;
    world.now = last_tick + 1;
    world.produce(Acks::One, &[(0, batch(3))]);
    assert_eq!(world.high_watermark(0), 5);
    world.replicas.restart(world.now + 1000, world.now);
    assert_eq!((world.high_watermark(0), world.leo(0)), (2, 5));
    assert!(!world.replicas.partition(0).is_leader());
    assert_eq!(world.assign(0, 1, &[1], 0, 1), Reassigned::Leads { newly: true });
    assert_eq!(world.high_watermark(0), 5, "alone in the ISR it rises at once");
    world.replicas.shut_down(world.now);
    world.replicas.restart(world.now + 2000, world.now);
    assert_eq!(world.high_watermark(0), 5, "written on a stop in good order");
}

#[test]
fn latest_is_not_told_while_a_new_leader_lags() {
    let mut world = World::new(1, &[]);
    world.assign(0, 2, &[1, 2, 3], 1, 1);
    replicate(&mut world, &[(0, 1), (2, 1)], 2, 1);
    world.assign(0, 1, &[1, 3], 2, 2);
    let ask = |world: &World, spec, is_follower| {
        let request = ListOffsetsRequest { partitions: vec![(tp(0), spec)], read_committed: false };
        let response = world.replicas.list_offsets(&world.image, &request, is_follower);
        response.partitions[0].1
    };
    assert_eq!(ask(&world, OffsetSpec::Latest, false), Err(ErrorCode::OffsetNotAvailable));
    assert_eq!(ask(&world, OffsetSpec::Latest, true), Ok(4));
    assert_eq!(ask(&world, OffsetSpec::Earliest, false), Ok(0));
    let epoch_ms = crate::protocol::EPOCH_MS;
    assert_eq!(ask(&world, OffsetSpec::Timestamp(epoch_ms), false), Ok(0));
    let later = OffsetSpec::Timestamp(epoch_ms + 1);
    assert_eq!(ask(&world, later, false), Err(ErrorCode::OffsetNotAvailable));
    let changes = FetchChanges { partitions: vec![wanted(0, 4, 2)], forgotten: vec![] };
    let mut request = fetch_request(0, Some(changes));
    request.replica = Some(follower(3));
    world.fetch(NodeId(3), request);
    assert_eq!(ask(&world, OffsetSpec::Latest, false), Ok(4));
    assert_eq!(ask(&world, later, false), Ok(-1));
}

#[test]
fn a_replica_that_went_and_comes_back_is_empty() {
    let mut world = World::new(1, &[]);
    world.produce(Acks::One, &[(0, batch(2))]);
    let mut elsewhere = registration(2, &[2, 3], 1, 1);
    elsewhere.replicas.remove(0);
    world.image.apply(&MetadataRecord::Partition { tp: tp(0), registration: elsewhere });
    let gone = world.turn(|world, ctx| world.replicas.assign(ctx, &world.image, tp(0)));
    assert_eq!(gone, Reassigned::Gone { resigned: true });
    assert!(world.replicas.replica(tp(0)).is_none());
    world.assign(0, 2, &[2, 3], 1, 2);
    assert_eq!(world.leo(0), 0);
}
