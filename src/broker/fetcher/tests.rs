//! The follower's loop: what it asks, when it waits, and what it does with answers.

use super::*;
use crate::broker::replica_manager::tests::{ME, World, batch, tp};
use crate::config::Properties;
use crate::protocol::{Body, FetchChanges};
use crate::record::LoggedBatch;

const LEADER: NodeId = NodeId(2);

/// Broker 1 follows broker 2, which the test plays.
struct Follower {
    world: World,
    fetchers: Fetchers,
}

impl Follower {
    fn new(partitions: u16) -> Self {
        let mut world = World::new(partitions, &[]);
        let config = BrokerConfig::from_properties(&Properties::new()).expect("defaults");
        let mut fetchers = Fetchers::new(ME, &config);
        for partition in 0..partitions {
            world.assign(partition, LEADER.0, &[1, 2, 3], 1, 1);
            fetchers.follow(&world.replicas, tp(partition), LEADER);
        }
        let mut follower = Self { world, fetchers };
        follower.turn(|_, fetchers, ctx| fetchers.run_all(ctx));
        follower
    }

    fn turn(&mut self, turn: impl FnOnce(&mut ReplicaManager, &mut Fetchers, &mut Ctx<'_>)) {
        let fetchers = &mut self.fetchers;
        self.world.turn(|world, ctx| turn(&mut world.replicas, fetchers, ctx));
    }

    /// The request that went out since the last look: correlation id and request.
    fn sent(&mut self) -> Option<(u32, Request)> {
        let mut sent = std::mem::take(&mut self.world.recorder.sent);
        assert!(sent.len() <= 1);
        sent.pop().map(|envelope| match envelope.body {
            Body::Request(correlation, request) => (correlation, request),
            other => panic!("not a request: {other:?}"),
        })
    }

    /// The fetch that went out: correlation id, session epoch, changes.
    fn fetch(&mut self) -> (u32, u32, FetchChanges) {
        match self.sent() {
            Some((correlation, Request::Fetch(fetch))) => (
                correlation,
                fetch.session_epoch,
                fetch.changes.map_or_else(Default::default, |c| *c),
            ),
            other => panic!("not a fetch: {other:?}"),
        }
    }

    fn answer(&mut self, correlation: u32, response: Response) {
        self.turn(|replicas, fetchers, ctx| {
            fetchers.on_response(ctx, replicas, LEADER, correlation, response);
        });
    }

    fn answer_fetch(&mut self, correlation: u32, partitions: Vec<FetchPartitionResponse>) {
        self.answer(correlation, Response::Fetch(FetchResponse { error: None, partitions }));
    }
}

fn said(
    partition: u16,
    error: Option<ErrorCode>,
    batches: Vec<LoggedBatch>,
) -> FetchPartitionResponse {
    FetchPartitionResponse {
        tp: tp(partition),
        error,
        high_watermark: 0,
        last_stable_offset: 0,
        log_start_offset: 0,
        diverging_epoch: None,
        batches,
        aborted: Vec::new(),
        current_leader: None,
        preferred_read_replica: None,
    }
}

fn offsets(changes: &FetchChanges) -> Vec<(u16, i64, i32)> {
    let partitions = changes.partitions.iter();
    partitions.map(|p| (p.tp.partition, p.fetch_offset, p.last_fetched_epoch)).collect()
}

#[test]
fn requests_name_only_what_has_changed() {
    let mut follower = Follower::new(2);
    let (correlation, epoch, changes) = follower.fetch();
    assert_eq!((epoch, offsets(&changes)), (0, vec![(0, 0, 0), (1, 0, 0)]));
    let logged = LoggedBatch { base_offset: 0, leader_epoch: 1, batch: batch(3) };
    follower.answer_fetch(correlation, vec![said(1, None, vec![logged])]);
    assert_eq!(follower.world.leo(1), 3);
    let (correlation, epoch, changes) = follower.fetch();
    assert_eq!((epoch, offsets(&changes)), (1, vec![(1, 3, 1)]));
    follower.answer_fetch(correlation, Vec::new());
    let (correlation, epoch, changes) = follower.fetch();
    assert_eq!((epoch, offsets(&changes)), (2, vec![]));
    let error = Some(ErrorCode::FetchSessionIdNotFound);
    let response = FetchResponse { error, partitions: Vec::new() };
    follower.answer(correlation, Response::Fetch(response));
    let (_, epoch, changes) = follower.fetch();
    assert_eq!((epoch, changes.partitions.len()), (0, 2), "a new session");
}

#[test]
fn an_error_delays_its_partition_and_a_new_epoch_ends_the_delay() {
    let mut follower = Follower::new(2);
    let (correlation, ..) = follower.fetch();
    follower.answer_fetch(correlation, vec![said(0, Some(ErrorCode::NotLeaderOrFollower), vec![])]);
    let (correlation, _, changes) = follower.fetch();
    assert_eq!((changes.forgotten, changes.partitions.len()), (vec![tp(0)], 0));
    follower.world.now += 999_999;
    follower.answer_fetch(correlation, Vec::new());
    let (correlation, _, changes) = follower.fetch();
    assert!(changes.partitions.is_empty());
    follower.world.now += 1;
    follower.answer_fetch(correlation, vec![said(1, Some(ErrorCode::UnknownServerError), vec![])]);
    let (correlation, _, changes) = follower.fetch();
    assert_eq!(offsets(&changes), [(0, 0, 0)], "after 1000 ms");
    follower.world.assign(1, LEADER.0, &[1, 2, 3], 2, 2);
    follower.fetchers.follow(&follower.world.replicas, tp(1), LEADER);
    follower.answer_fetch(correlation, Vec::new());
    let (.., changes) = follower.fetch();
    assert_eq!(offsets(&changes), [(1, 0, 0)], "at once");
}

#[test]
fn a_lost_request_delays_all_its_partitions() {
    let mut follower = Follower::new(2);
    follower.fetch();
    follower.world.recorder.timers.clear();
    follower.turn(|_, fetchers, ctx| fetchers.on_disconnect(ctx, LEADER, 0));
    assert!(follower.sent().is_none());
    let started = follower.world.now;
    let timer = follower.world.next_timer();
    assert_eq!(timer, Some(NodeTimer::Broker(BrokerTimer::FetchFrom(LEADER))));
    assert_eq!(follower.world.now, started + 1_000_000);
    follower.turn(|_, fetchers, ctx| fetchers.on_timer(ctx, LEADER));
    let (_, epoch, changes) = follower.fetch();
    assert_eq!((epoch, changes.partitions.len()), (0, 2));
}

#[test]
fn fenced_in_its_own_epoch_it_waits_for_metadata() {
    let mut follower = Follower::new(1);
    let (correlation, ..) = follower.fetch();
    follower.answer_fetch(correlation, vec![said(0, Some(ErrorCode::FencedLeaderEpoch), vec![])]);
    assert!(follower.sent().is_none());
    let waits = |(_, timer): &(u64, NodeTimer)| {
        matches!(timer, NodeTimer::Broker(BrokerTimer::FetchFrom(_)))
    };
    assert!(!follower.world.recorder.pending().iter().any(waits));
}

#[test]
fn diverging_logs_are_cut_and_asked_again() {
    let mut follower = Follower::new(1);
    let (correlation, ..) = follower.fetch();
    let at = |base_offset, leader_epoch| LoggedBatch { base_offset, leader_epoch, batch: batch(2) };
    follower.answer_fetch(correlation, vec![said(0, None, vec![at(0, 0), at(2, 1)])]);
    let (correlation, ..) = follower.fetch();
    let mut diverging = said(0, None, Vec::new());
    diverging.diverging_epoch = Some((0, 2));
    follower.answer_fetch(correlation, vec![diverging]);
    assert_eq!(follower.world.leo(0), 2);
    let (.., changes) = follower.fetch();
    assert_eq!(offsets(&changes), [(0, 2, 0)]);
}

#[test]
fn out_of_range_asks_for_the_ends_of_the_leaders_log() {
    let mut follower = Follower::new(1);
    let (correlation, ..) = follower.fetch();
    let logged = LoggedBatch { base_offset: 0, leader_epoch: 1, batch: batch(4) };
    follower.answer_fetch(correlation, vec![said(0, None, vec![logged])]);
    let ends = |follower: &mut Follower, end, start| {
        let (correlation, ..) = follower.fetch();
        follower
            .answer_fetch(correlation, vec![said(0, Some(ErrorCode::OffsetOutOfRange), vec![])]);
        let Some((correlation, Request::ListOffsets(_))) = follower.sent() else { panic!() };
        let partitions = vec![(tp(0), Ok(end)), (tp(0), Ok(start))];
        let response = Response::ListOffsets(Box::new(ListOffsetsResponse { partitions }));
        follower.answer(correlation, response);
        let replica = follower.world.replicas.replica(tp(0)).expect("hosted");
        (replica.log_start(), replica.leo())
    };
    assert_eq!(ends(&mut follower, 9, 0), (0, 4), "within: it goes on");
    assert_eq!(ends(&mut follower, 0, 0), (0, 0), "the leader's log is shorter");
    assert_eq!(ends(&mut follower, 9, 7), (7, 7), "it begins after the own end");
}
