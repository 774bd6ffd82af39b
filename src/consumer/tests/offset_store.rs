//! librdkafka: offsets are stored when messages are handed over, and committed in the background.

use super::*;

/// 0.8 s a record, from the beginning, with an auto-commit every 5 s.
fn world(client: ClientLibrary, config: Properties) -> World {
    let config = config.with("auto.offset.reset", "earliest");
    let mut world =
        World::with(ConsumerSpec { client, ..spec(CommitStrategy::Auto, SECOND * 4 / 5, config) });
    world.append(0, 12);
    world.start()
}

#[test]
fn java_commits_what_earlier_polls_returned_and_librdkafka_what_is_at_work() {
    for (client, committed) in [(ClientLibrary::Java, None), (ClientLibrary::Librdkafka, Some(7))] {
        let mut world = world(client, Properties::new());
        world.run_for(5 * SECOND + SECOND / 10);
        assert_eq!(world.processed(), [0, 1, 2, 3, 4, 5], "{client:?}: 6 is at work");
        assert_eq!(world.committed(0), committed, "{client:?}");
    }
}

#[test]
fn an_application_may_store_offsets_after_processing() {
    let config = Properties::new().with("enable.auto.offset.store", "false");
    let mut world = world(ClientLibrary::Librdkafka, config);
    world.run_for(5 * SECOND + SECOND / 10);
    assert_eq!(world.committed(0), Some(6), "6 is at work, and not committed");
    world.turn(|consumer, ctx| consumer.on_close(ctx));
    world.run_for(SECOND);
    assert_eq!(world.committed(0), Some(7));
}

#[test]
fn librdkafka_commits_nothing_of_what_it_has_not_read() {
    for (client, committed) in [(ClientLibrary::Java, Some(0)), (ClientLibrary::Librdkafka, None)] {
        let mut world = world(client, Properties::new());
        world.run_for(30 * SECOND);
        assert_eq!(world.committed(0), Some(12), "{client:?}");
        assert_eq!(world.committed(1), committed, "{client:?}: nothing is in partition 1");
        let commits = world.sent(is_commit);
        world.run_for(30 * SECOND);
        let repeats = world.sent(is_commit) > commits;
        assert_eq!(repeats, client == ClientLibrary::Java, "{client:?} commits the same again");
    }
}

#[test]
fn closing_commits_what_is_stored() {
    let mut world = world(ClientLibrary::Librdkafka, Properties::new());
    world.run_for(2 * SECOND);
    world.turn(|consumer, ctx| consumer.on_close(ctx));
    world.run_for(SECOND);
    assert_eq!((world.processed().len(), world.committed(0)), (3, Some(3)));
    assert_eq!(world.recorder.exited, [ME]);
}
