//! Votes of one member; `cluster::controllers` has whole quorums.

use super::*;
use crate::config::Properties;
use crate::engine::Rng;
use crate::node::recorder::Recorder;
use crate::protocol::{Body, FetchedMetadata, MetadataRecord};

const SECOND: Micros = 1_000_000;
const ME: NodeId = NodeId(0);
const LEADER: NodeId = NodeId(96);
const OTHER: NodeId = NodeId(97);

struct Member {
    quorum: Quorum,
    log: MetadataLog,
    world: Recorder,
    rng: Rng,
    now: Micros,
}

impl Member {
    /// One of three, with two records of epoch 1.
    fn new() -> Self {
        let config = BrokerConfig::from_properties(&Properties::new()).expect("defaults are valid");
        let mut log = MetadataLog::replicated();
        for _ in 0..2 {
            log.append_unapplied(1, MetadataRecord::LeaderChange { leader: LEADER, epoch: 1 });
        }
        let quorum = Quorum::new(&config, ME, vec![ME, LEADER, OTHER]);
        let mut member =
            Self { quorum, log, world: Recorder::default(), rng: Rng::stream(1, 0), now: SECOND };
        member.turn(|quorum, ctx, _| quorum.start(ctx, &config));
        member
    }

    fn turn(&mut self, turn: impl FnOnce(&mut Quorum, &mut Ctx<'_>, &mut MetadataLog)) {
        let Self { quorum, log, world, rng, now } = self;
        world.turn(*now, ME, rng, |ctx| turn(quorum, ctx, log));
    }

    fn ask(&mut self, from: NodeId, request: &QuorumRequest) -> QuorumAnswer {
        let channel = Channel::Control;
        let caller = Caller { node: from, channel, connection: 0, correlation: 0 };
        self.turn(|quorum, ctx, log| quorum.on_request(ctx, log, caller, request));
        let answers = self.world.sent.iter().rev().filter(|envelope| envelope.to == from);
        let answer = answers.into_iter().find_map(|envelope| match &envelope.body {
            Body::Response(_, Response::Quorum(response)) => Some(response.answer.clone()),
            _ => None,
        });
        answer.expect("an answer")
    }

    fn grants(&mut self, from: NodeId, epoch: i32, end_offset: i64, is_pre_vote: bool) -> bool {
        let last_epoch = 1;
        let vote = QuorumRequest::Vote { epoch, last_epoch, end_offset, is_pre_vote };
        match self.ask(from, &vote) {
            QuorumAnswer::Vote(granted) => granted,
            other => panic!("{other:?}"),
        }
    }

    /// The leader answers the fetch that is on its way.
    fn fetched(&mut self) {
        let is_fetch = |request: &Request| matches!(request, Request::Quorum(q) if matches!(**q, QuorumRequest::Fetch { .. }));
        let correlation = self.world.sent.iter().rev().find_map(|envelope| match &envelope.body {
            Body::Request(correlation, request) if is_fetch(request) => Some(*correlation),
            _ => None,
        });
        let news =
            FetchedMetadata { high_watermark: 2, diverging_epoch: None, records: Vec::new() };
        let answer = QuorumAnswer::Fetch(news);
        let response = QuorumResponse { epoch: 2, leader: Some(LEADER), answer };
        let correlation = correlation.expect("a fetch");
        self.turn(|quorum, ctx, log| quorum.on_response(ctx, log, LEADER, correlation, response));
    }
}

#[test]
fn a_vote_goes_to_one_whose_log_lacks_nothing() {
    let mut member = Member::new();
    assert!(!member.grants(OTHER, 2, 1, false), "it lacks a record");
    assert!(member.grants(OTHER, 2, 2, true), "a pre-vote binds nobody");
    assert!(member.grants(LEADER, 2, 2, false));
    assert!(!member.grants(OTHER, 2, 2, false), "one vote an epoch");
    assert!(member.grants(LEADER, 2, 2, false), "asked again");
    assert!(!member.grants(OTHER, 1, 9, false), "an epoch that is over");
    assert!(member.grants(OTHER, 3, 2, false), "a new epoch");
}

#[test]
fn who_hears_from_a_leader_grants_no_pre_vote() {
    let mut member = Member::new();
    member.ask(LEADER, &QuorumRequest::BeginQuorumEpoch { epoch: 2 });
    assert_eq!(member.quorum.leader(), Some(LEADER));
    assert!(member.grants(OTHER, 2, 2, true), "not heard from yet");
    member.fetched();
    assert_eq!(member.log.committed_offset(), 2);
    assert!(!member.grants(OTHER, 2, 2, true));
    member.now += 2 * SECOND;
    member.turn(|quorum, ctx, log| quorum.on_timer(ctx, log));
    assert!(
        matches!(member.quorum.role, Role::Prospective { .. }),
        "controller.quorum.fetch.timeout.ms"
    );
    assert!(member.grants(OTHER, 2, 2, true));
    assert_eq!(member.quorum.epoch(), 2, "no new epoch before a majority wants it");
}
