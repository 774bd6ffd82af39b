//! Positions, fetches and the order of work.

use super::*;

#[test]
fn joins_and_starts_where_the_group_left_off() {
    let mut world = World::new(CommitStrategy::Auto, 0);
    world.append(0, 5);
    world.broker.committed.insert(orders(0), 3);
    let world = world.start();
    assert_eq!(world.view().state, "stable");
    assert_eq!(world.view().generation, 1);
    assert!(world.has(|event| matches!(
        event,
        Event::PositionSet { offset: 3, reason: PositionReason::Committed, .. }
    )));
    assert!(world.has(|event| matches!(
        event,
        Event::PositionSet { offset: 0, reason: PositionReason::ResetEarliest, .. }
    )));
    assert_eq!(world.processed(), [3, 4]);
    assert!(world.has(|event| matches!(
        event,
        Event::RecordsDelivered { base_offset: 0, first: 3, count: 2, .. }
    )));
}

#[test]
fn latest_skips_what_is_there() {
    let mut world = World::with(spec(CommitStrategy::Auto, 0, Properties::new()));
    world.append(0, 5);
    let mut world = world.start();
    assert_eq!(world.position(0), Some(5));
    world.append(0, 1);
    assert_eq!(world.processed(), [5]);
}

#[test]
fn none_is_an_exception() {
    let config = Properties::new().with("auto.offset.reset", "none");
    let world = World::with(spec(CommitStrategy::Auto, 0, config)).start();
    assert!(world.has(|event| matches!(
        event,
        Event::PollFailed { exception } if &**exception == "NoOffsetForPartitionException"
    )));
    assert_eq!(world.recorder.exited, [ME]);
}

#[test]
fn by_duration_falls_back_to_the_end() {
    let config = Properties::new().with("auto.offset.reset", "by_duration:PT1H");
    let mut world = World::with(spec(CommitStrategy::Auto, 0, config));
    world.append(0, 2);
    let world = world.start();
    assert_eq!(world.position(0), Some(2));
}

#[test]
fn a_position_outside_the_log_is_reset() {
    let mut world = World::new(CommitStrategy::Never, 0);
    world.append(0, 2);
    world.broker.committed.insert(orders(0), 9);
    let mut world = world.start();
    assert!(world.has(|event| matches!(event, Event::PositionOutOfRange { offset: 9, .. })));
    assert_eq!(world.position(0), Some(0));
    assert!(world.processed().is_empty(), "the long poll for the other partition is under way");
    world.run_for(SECOND / 2);
    assert_eq!(world.processed(), [0, 1]);
}

#[test]
fn max_poll_records_and_processing_time() {
    let config =
        Properties::new().with("auto.offset.reset", "earliest").with("max.poll.records", "2");
    let mut world = World::with(spec(CommitStrategy::Never, SECOND, config));
    world.append(0, 3);
    let mut world = world.start();
    assert_eq!(world.view().to_process, 2);
    assert_eq!(world.view().buffered, 1);
    assert_eq!(world.position(0), Some(2), "the position is ahead of the work");
    let fetches = world.broker.fetches;
    world.run_for(SECOND);
    assert_eq!(world.processed(), [0]);
    let work = world.view().processing.unwrap();
    assert_eq!((work.offset, work.ends_us - work.started_us), (1, SECOND));
    assert_eq!(world.broker.fetches, fetches, "what is buffered comes first");
    world.run_for(2 * SECOND);
    assert_eq!(world.processed(), [0, 1, 2]);
}

#[test]
fn the_next_fetch_flies_while_records_are_processed() {
    let mut world = World::new(CommitStrategy::Never, 10 * SECOND);
    world.append(0, 1);
    let mut world = world.start();
    assert!(world.broker.parked.is_some(), "pipelined");
    world.append(0, 1);
    assert_eq!(world.view().buffered, 1, "it waits for the next poll()");
    assert!(world.broker.parked.is_none(), "and no further fetch goes out before");
    world.run_for(20 * SECOND);
    assert_eq!(world.processed(), [0, 1]);
}

#[test]
fn a_processing_time_changes_at_once() {
    let mut world = World::new(CommitStrategy::Never, 1000 * SECOND);
    world.append(0, 2);
    let mut world = world.start();
    world.run_for(5 * SECOND);
    world.turn(|consumer, ctx| consumer.set_processing(ctx, SECOND));
    world.run_for(0);
    assert_eq!(world.processed(), [0]);
    world.run_for(SECOND);
    assert_eq!(world.processed(), [0, 1]);
}

#[test]
fn an_idle_consumer_is_cheap_and_silent() {
    let mut world = World::new(CommitStrategy::Auto, 0).start();
    world.run_for(20 * SECOND);
    let (events, timers) = (world.recorder.events.len(), world.recorder.timers.len());
    let (fetches, requests) = (world.broker.fetches, world.broker.requests.len());
    world.run_for(60 * SECOND);
    assert_eq!(world.recorder.events.len(), events, "nothing happens, nothing is told");
    assert_eq!(world.broker.fetches - fetches, 120, "a long poll every 500 ms");
    let requests = world.broker.requests.len() - requests;
    assert_eq!(requests, 20 + 12, "heartbeats and auto-commits");
    let timers = world.recorder.timers.len() - timers;
    assert!(timers <= 20 + 12 + 8, "{timers}: one each, and the request timeouts now and then");
}

#[test]
fn a_broken_connection_is_mended() {
    let mut world = World::new(CommitStrategy::Auto, 0).start();
    world.broker.parked = None;
    for channel in [Channel::Data, Channel::Coordinator] {
        let broken = Envelope {
            from: BROKER,
            to: ME,
            channel,
            connection: ANY_CONNECTION,
            sent_us: world.now,
            bytes: 0,
            cause: None,
            body: Body::Disconnected,
        };
        world.turn(|consumer, ctx| consumer.on_message(ctx, broken));
    }
    world.run_for(SECOND);
    world.append(0, 2);
    assert_eq!(world.processed(), [0, 1]);
    world.run_for(6 * SECOND);
    assert_eq!(world.committed(0), Some(2));
    assert_eq!(world.view().generation, 1, "no rebalance");
}
