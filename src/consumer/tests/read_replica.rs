//! Reading from a follower that the leader names (KIP-392).

use super::*;

const FOLLOWER: NodeId = NodeId(2);

/// A consumer in a rack, with its first fetch to the follower on its way.
fn sent_to_a_follower() -> World {
    let config = Properties::new()
        .with("auto.offset.reset", "earliest")
        .with("client.rack", "b")
        .with("metadata.max.age.ms", "60000");
    let mut world = World::with(spec(CommitStrategy::Never, 0, config));
    world.broker.follower = Some(FOLLOWER);
    let world = world.start();
    assert_eq!(world.broker.elsewhere.len(), 1, "one session for both partitions");
    world
}

/// What the follower says to the fetch that waits there.
fn follower_says(world: &mut World, error: Option<ErrorCode>, batches: Vec<LoggedBatch>) {
    let fetch = world.broker.elsewhere.remove(0);
    let partition = FetchPartitionResponse {
        tp: orders(0),
        error,
        high_watermark: 0,
        last_stable_offset: 0,
        log_start_offset: 0,
        diverging_epoch: None,
        batches,
        aborted: Vec::new(),
        current_leader: None,
        preferred_read_replica: None,
    };
    let answer = FetchResponse { error: None, partitions: vec![partition] };
    world.respond(fetch, Response::Fetch(answer));
    world.run_until(world.now);
}

fn chosen(world: &World, wanted: Option<NodeId>) -> usize {
    world.count(
        |event| matches!(event, Event::ReadReplicaChosen { replica, .. } if *replica == wanted),
    )
}

#[test]
fn fetches_go_to_the_follower_that_the_leader_named() {
    let mut world = sent_to_a_follower();
    let fetches = world.broker.fetches;
    world.append(0, 2);
    let batches = world.broker.logs[0].clone();
    follower_says(&mut world, None, batches);
    assert_eq!(world.processed(), [0, 1]);
    assert_eq!(world.broker.elsewhere.len(), 1, "and the next one, too");
    assert_eq!(world.broker.fetches, fetches, "the leader is left alone");
    let Body::Request(_, Request::Fetch(fetch)) = &world.broker.elsewhere[0].body else {
        panic!("a fetch waits there")
    };
    assert_eq!(fetch.rack.as_deref(), Some("b"));
}

#[test]
fn an_offset_that_the_follower_has_not_is_looked_for_at_the_leader() {
    let mut world = sent_to_a_follower();
    world.broker.follower = None;
    world.append(0, 1);
    follower_says(&mut world, Some(ErrorCode::OffsetOutOfRange), Vec::new());
    assert_eq!(chosen(&world, None), 1);
    assert!(!world.has(|event| matches!(event, Event::PositionOutOfRange { .. })), "no reset");
    world.run_for(SECOND);
    assert_eq!(world.processed(), [0]);
}

#[test]
fn a_lost_connection_sends_it_back_to_the_leader() {
    let mut world = sent_to_a_follower();
    world.broker.follower = None;
    world.append(1, 1);
    let broken = Envelope {
        from: FOLLOWER,
        to: ME,
        body: Body::Disconnected,
        ..world.broker.elsewhere.remove(0)
    };
    world.turn(|consumer, ctx| consumer.on_message(ctx, broken));
    world.run_for(SECOND);
    assert_eq!(chosen(&world, None), 2, "both partitions");
    assert_eq!(world.processed(), [0]);
}

#[test]
fn the_leader_is_asked_again_after_metadata_max_age() {
    let mut world = sent_to_a_follower();
    let fetches = world.broker.fetches;
    for _ in 0..3 {
        world.run_for(20 * SECOND);
        follower_says(&mut world, None, Vec::new());
    }
    assert_eq!(world.broker.fetches, fetches, "it keeps to the follower");
    world.run_for(SECOND);
    follower_says(&mut world, None, Vec::new());
    assert!(world.broker.fetches > fetches);
    assert_eq!(chosen(&world, Some(FOLLOWER)), 4, "and names it again");
}
