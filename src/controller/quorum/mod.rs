//! The quorum of controllers: one leads, and what a majority has is committed (KRaft).
//!
//! Kafka's `KafkaRaftClient` and `QuorumState` at model level: elections with pre-votes (KIP-996),
//! followers that fetch, a leader that resigns when no majority fetches from it. Not here: observers
//! (brokers are sent the log by the active controller), snapshots, changes of the voters.
//!
//! * `election`: votes, and who becomes what;
//! * `fetch`: the log on its way to followers, and what is committed;
//! * `member`: the controller as a member: who is active, and what waits for a commit.

mod election;
mod fetch;
mod member;
#[cfg(test)]
mod tests;

use crate::client::NetworkClient;
use crate::config::BrokerConfig;
use crate::engine::{Micros, NodeId, SortedMap, Timer};
use crate::node::{ControllerTimer, Ctx, NodeTimer};
use crate::protocol::{Channel, QuorumAnswer, QuorumRequest, QuorumResponse, Request, Response};

use super::caller::Caller;
use super::metadata_log::MetadataLog;

const VOTE_BYTES: u32 = 90;
const RESPONSE_BYTES: u32 = 60;
const RECORD_BYTES: u32 = 90;

/// What a request in flight is about, and in which epoch it was sent.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
enum Asked {
    PreVote(i32),
    Vote(i32),
    Begin,
    Fetch(i32),
}

/// Votes of the others.
#[derive(Clone, Debug, Default)]
struct Ballot {
    granted: Vec<NodeId>,
    rejected: Vec<NodeId>,
}

/// A follower as the leader sees it.
#[derive(Copy, Clone, Debug)]
struct Progress {
    voter: NodeId,
    /// Its log reaches so far; -1: unknown.
    end_offset: i64,
    last_fetch_us: Micros,
}

/// Kafka's `EpochState`s.
#[derive(Clone, Debug)]
enum Role {
    /// Knows of no leader.
    Unattached { until_us: Micros },
    /// Asks whether it could win an election; may know a leader it does not hear from.
    Prospective { leader: Option<NodeId>, ballot: Ballot, until_us: Micros },
    /// Stands for election.
    Candidate { ballot: Ballot, until_us: Micros },
    /// Fetches from the leader.
    Follower { leader: NodeId, until_us: Micros, has_fetched: bool, retry_us: Option<Micros> },
    /// Leads.
    Leader { followers: Vec<Progress>, epoch_start: i64, next_begin_us: Micros },
}

/// A fetch that waits for news.
#[derive(Clone, Debug)]
struct ParkedFetch {
    caller: Caller,
    offset: i64,
    high_watermark: i64,
    timer: Timer,
}

/// A controller's place in the quorum. Epoch and vote survive its process, as the log does.
#[derive(Clone, Debug)]
pub struct Quorum {
    me: NodeId,
    voters: Vec<NodeId>,
    epoch: i32,
    voted: Option<NodeId>,
    role: Role,
    net: NetworkClient<Asked>,
    parked: SortedMap<NodeId, ParkedFetch>,
    timer: Option<(Timer, Micros)>,
    fetch_timeout_us: Micros,
    election_timeout_us: Micros,
    retry_backoff_us: Micros,
}

fn request_timeout(peer: NodeId, channel: Channel) -> NodeTimer {
    NodeTimer::Controller(ControllerTimer::RequestTimeout(peer, channel))
}

impl Quorum {
    /// Controller `me` among `voters`.
    pub fn new(config: &BrokerConfig, me: NodeId, voters: Vec<NodeId>) -> Self {
        debug_assert!(voters.contains(&me));
        let us = |ms: i64| ms.max(0) as u64 * 1000;
        let backoff_ms = config.controller_quorum_retry_backoff_ms;
        let timeout_ms = config.controller_quorum_request_timeout_ms;
        Self {
            me,
            voters,
            epoch: 0,
            voted: None,
            role: Role::Unattached { until_us: 0 },
            net: NetworkClient::new(timeout_ms, backoff_ms, backoff_ms, request_timeout),
            parked: SortedMap::new(),
            timer: None,
            fetch_timeout_us: us(config.controller_quorum_fetch_timeout_ms),
            election_timeout_us: us(config.controller_quorum_election_timeout_ms).max(1000),
            retry_backoff_us: us(backoff_ms).max(1000),
        }
    }

    /// The process starts: it waits to hear from a leader, and else for its election timeout.
    pub fn start(&mut self, ctx: &mut Ctx<'_>, config: &BrokerConfig) {
        let backoff_ms = config.controller_quorum_retry_backoff_ms;
        let timeout_ms = config.controller_quorum_request_timeout_ms;
        self.net.restart(timeout_ms, backoff_ms, backoff_ms);
        self.parked = SortedMap::new();
        self.timer = None;
        let until_us = self.election_deadline_us(ctx);
        self.role = Role::Unattached { until_us };
        self.arm(ctx);
    }

    /// Its epoch.
    pub fn epoch(&self) -> i32 {
        self.epoch
    }

    /// The leader in that epoch, if it knows one.
    pub fn leader(&self) -> Option<NodeId> {
        match self.role {
            Role::Follower { leader, .. } => Some(leader),
            Role::Prospective { leader, .. } => leader,
            Role::Leader { .. } => Some(self.me),
            Role::Unattached { .. } | Role::Candidate { .. } => None,
        }
    }

    /// Whether it leads, and all of the log before its epoch is committed: then its controller is
    /// the active one.
    pub fn may_claim(&self, log: &MetadataLog) -> bool {
        match self.role {
            Role::Leader { epoch_start, .. } => log.committed_offset() > epoch_start,
            _ => false,
        }
    }

    fn others(&self) -> Vec<NodeId> {
        self.voters.iter().copied().filter(|&voter| voter != self.me).collect()
    }

    fn majority(&self) -> usize {
        self.voters.len() / 2 + 1
    }

    /// A request of another member.
    pub fn on_request(
        &mut self,
        ctx: &mut Ctx<'_>,
        log: &mut MetadataLog,
        caller: Caller,
        request: &QuorumRequest,
    ) {
        self.hear_of(ctx, request.epoch(), None);
        match *request {
            QuorumRequest::Vote { epoch, last_epoch, end_offset, is_pre_vote } => {
                let has_all = (last_epoch, end_offset) >= (log.last_epoch(), log.end_offset());
                let granted = epoch == self.epoch && self.grants(caller.node, has_all, is_pre_vote);
                self.answer(ctx, caller, QuorumAnswer::Vote(granted));
            }
            QuorumRequest::BeginQuorumEpoch { epoch } => {
                self.hear_of(ctx, epoch, Some(caller.node));
                self.answer(ctx, caller, QuorumAnswer::BeginQuorumEpoch);
                self.fetch(ctx, log);
            }
            QuorumRequest::Fetch { epoch, offset, last_epoch, high_watermark } => {
                let is_mine = epoch == self.epoch && matches!(self.role, Role::Leader { .. });
                if is_mine {
                    self.serve_fetch(ctx, log, caller, (offset, last_epoch), high_watermark);
                } else {
                    self.answer(ctx, caller, QuorumAnswer::Refused);
                }
            }
        }
        self.arm(ctx);
    }

    /// An answer of another member.
    pub fn on_response(
        &mut self,
        ctx: &mut Ctx<'_>,
        log: &mut MetadataLog,
        from: NodeId,
        correlation: u32,
        response: QuorumResponse,
    ) {
        let Some(request) = self.net.on_response(from, Channel::Control, correlation) else {
            return;
        };
        let QuorumResponse { epoch, leader, answer } = response;
        self.hear_of(ctx, epoch, leader);
        match (request.tag, answer) {
            (Asked::PreVote(asked) | Asked::Vote(asked), QuorumAnswer::Vote(granted))
                if asked == self.epoch =>
            {
                let is_pre_vote = matches!(request.tag, Asked::PreVote(_));
                self.count(ctx, log, from, granted, is_pre_vote);
            }
            (Asked::Fetch(asked), QuorumAnswer::Fetch(news)) if asked == self.epoch => {
                self.take_news(ctx, log, from, news);
            }
            (Asked::Fetch(_), _) => self.retry_fetch(ctx, from),
            _ => {}
        }
        self.fetch(ctx, log);
        self.arm(ctx);
    }

    /// The connection with another member broke.
    pub fn on_disconnect(&mut self, ctx: &mut Ctx<'_>, peer: NodeId, number: u32) {
        if !self.net.on_disconnect(ctx, peer, Channel::Control, number).is_empty() {
            self.retry_fetch(ctx, peer);
        }
        self.arm(ctx);
    }

    /// A request to another member may have timed out.
    pub fn on_request_timeout(&mut self, ctx: &mut Ctx<'_>, peer: NodeId) {
        if !self.net.on_timeout(ctx, peer, Channel::Control).is_empty() {
            self.retry_fetch(ctx, peer);
        }
        self.arm(ctx);
    }

    /// Whatever its role waits for may be due.
    pub fn on_timer(&mut self, ctx: &mut Ctx<'_>, log: &mut MetadataLog) {
        self.timer = None;
        let now = ctx.now;
        match &mut self.role {
            Role::Unattached { until_us } if *until_us <= now => {
                self.become_prospective(ctx, log, None);
            }
            Role::Prospective { leader, until_us, .. } if *until_us <= now => {
                let leader = *leader;
                self.lose_election(ctx, log, leader);
            }
            Role::Candidate { until_us, .. } if *until_us <= now => {
                self.become_prospective(ctx, log, None);
            }
            Role::Follower { leader, until_us, retry_us, .. } => {
                if *until_us <= now {
                    let leader = *leader;
                    self.become_prospective(ctx, log, Some(leader));
                } else if retry_us.is_some_and(|at_us| at_us <= now) {
                    *retry_us = None;
                    self.fetch(ctx, log);
                }
            }
            Role::Leader { .. } => self.lead_on(ctx),
            _ => {}
        }
        self.arm(ctx);
    }

    /// Sees to it that it wakes when its role has to do something.
    fn arm(&mut self, ctx: &mut Ctx<'_>) {
        let at_us = match &self.role {
            Role::Unattached { until_us }
            | Role::Prospective { until_us, .. }
            | Role::Candidate { until_us, .. } => *until_us,
            Role::Follower { until_us, retry_us, .. } => {
                retry_us.unwrap_or(*until_us).min(*until_us)
            }
            Role::Leader { next_begin_us, .. } => *next_begin_us,
        };
        match self.timer {
            Some((_, armed_us)) if armed_us <= at_us => return,
            Some((timer, _)) => ctx.cancel_timer(timer),
            None => {}
        }
        // Time passes; nothing leads to it.
        let cause = ctx.cause.take();
        let timer = ctx.set_timer_at(at_us, NodeTimer::Controller(ControllerTimer::Quorum));
        ctx.cause = cause;
        self.timer = Some((timer, at_us));
    }

    fn ask(&mut self, ctx: &mut Ctx<'_>, peer: NodeId, request: QuorumRequest, tag: Asked) {
        let request = Request::Quorum(Box::new(request));
        self.net.send(ctx, peer, Channel::Control, VOTE_BYTES, request, tag);
    }

    fn answer(&self, ctx: &mut Ctx<'_>, caller: Caller, answer: QuorumAnswer) {
        let records = match &answer {
            QuorumAnswer::Fetch(news) => news.records.len() as u32,
            _ => 0,
        };
        let bytes = RESPONSE_BYTES + RECORD_BYTES * records;
        let response = QuorumResponse { epoch: self.epoch, leader: self.leader(), answer };
        caller.reply(ctx, bytes, Response::Quorum(Box::new(response)));
    }
}
