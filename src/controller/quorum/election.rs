//! Votes, and who becomes what: Kafka's `QuorumState` and the polls of `KafkaRaftClient`.

use super::{Asked, Ballot, Progress, Quorum, Role};
use crate::controller::metadata_log::MetadataLog;
use crate::engine::{Micros, NodeId, sort_by_key};
use crate::node::Ctx;
use crate::protocol::{Channel, MetadataRecord, QuorumAnswer, QuorumRequest};

impl Quorum {
    /// `controller.quorum.election.timeout.ms`, and up to that much more at random.
    pub(super) fn election_deadline_us(&self, ctx: &mut Ctx<'_>) -> Micros {
        let timeout_us = self.election_timeout_us;
        ctx.now + ctx.rng.between(timeout_us, 2 * timeout_us)
    }

    /// Somebody is in `epoch`, and perhaps knows its leader.
    pub(super) fn hear_of(&mut self, ctx: &mut Ctx<'_>, epoch: i32, leader: Option<NodeId>) {
        if epoch < self.epoch {
            return;
        }
        if epoch > self.epoch {
            self.epoch = epoch;
            self.voted = None;
            let until_us = self.election_deadline_us(ctx);
            self.take_role(ctx, Role::Unattached { until_us });
        }
        if let Some(leader) = leader.filter(|&leader| leader != self.me)
            && !matches!(self.role, Role::Follower { .. } | Role::Leader { .. })
            && self.leader().is_none()
        {
            self.become_follower(ctx, leader);
        }
    }

    fn take_role(&mut self, ctx: &mut Ctx<'_>, role: Role) {
        self.role = role;
        for (_, parked) in &std::mem::take(&mut self.parked) {
            ctx.cancel_timer(parked.timer);
            self.answer(ctx, parked.caller, QuorumAnswer::Refused);
        }
    }

    fn become_follower(&mut self, ctx: &mut Ctx<'_>, leader: NodeId) {
        let until_us = ctx.now + self.fetch_timeout_us;
        let role = Role::Follower { leader, until_us, has_fetched: false, retry_us: Some(ctx.now) };
        self.take_role(ctx, role);
    }

    /// It has not heard from a leader for too long: would the others vote for it?
    pub(super) fn become_prospective(
        &mut self,
        ctx: &mut Ctx<'_>,
        log: &MetadataLog,
        leader: Option<NodeId>,
    ) {
        let until_us = self.election_deadline_us(ctx);
        self.take_role(ctx, Role::Prospective { leader, ballot: Ballot::default(), until_us });
        self.ask_for_votes(ctx, log, true);
    }

    fn become_candidate(&mut self, ctx: &mut Ctx<'_>, log: &MetadataLog) {
        self.epoch += 1;
        self.voted = Some(self.me);
        let until_us = self.election_deadline_us(ctx);
        self.take_role(ctx, Role::Candidate { ballot: Ballot::default(), until_us });
        self.ask_for_votes(ctx, log, false);
    }

    fn ask_for_votes(&mut self, ctx: &mut Ctx<'_>, log: &MetadataLog, is_pre_vote: bool) {
        let epoch = self.epoch;
        let (last_epoch, end_offset) = (log.last_epoch(), log.end_offset());
        let tag = if is_pre_vote { Asked::PreVote(epoch) } else { Asked::Vote(epoch) };
        for voter in self.others() {
            let request = QuorumRequest::Vote { epoch, last_epoch, end_offset, is_pre_vote };
            self.ask(ctx, voter, request, tag);
        }
    }

    /// Whether `candidate`, in the same epoch, gets this vote. `has_all`: its log does not lack what
    /// this one has.
    pub(super) fn grants(&mut self, candidate: NodeId, has_all: bool, is_pre_vote: bool) -> bool {
        if is_pre_vote {
            return match self.role {
                Role::Leader { .. } => false,
                // Who hears from a leader wants no other.
                Role::Follower { has_fetched, .. } => has_all && !has_fetched,
                Role::Unattached { .. } | Role::Prospective { .. } | Role::Candidate { .. } => {
                    has_all
                }
            };
        }
        let may_vote = matches!(self.role, Role::Unattached { .. } | Role::Prospective { .. })
            && self.leader().is_none();
        let granted = match self.voted {
            Some(voted) => voted == candidate,
            None => may_vote && has_all,
        };
        if granted {
            self.voted = Some(candidate);
        }
        granted
    }

    /// A vote has come in.
    pub(super) fn count(
        &mut self,
        ctx: &mut Ctx<'_>,
        log: &mut MetadataLog,
        voter: NodeId,
        granted: bool,
        is_pre_vote: bool,
    ) {
        let (majority, all) = (self.majority(), self.voters.len());
        let (ballot, leader) = match &mut self.role {
            Role::Prospective { ballot, leader, .. } if is_pre_vote => (ballot, *leader),
            Role::Candidate { ballot, .. } if !is_pre_vote => (ballot, None),
            _ => return,
        };
        let side = if granted { &mut ballot.granted } else { &mut ballot.rejected };
        if !side.contains(&voter) {
            side.push(voter);
        }
        // Its own vote is its first.
        if ballot.granted.len() + 1 >= majority {
            match is_pre_vote {
                true => self.become_candidate(ctx, log),
                false => self.become_leader(ctx, log),
            }
        } else if all - ballot.rejected.len() < majority {
            match is_pre_vote {
                true => self.lose_election(ctx, log, leader),
                false => self.become_prospective(ctx, log, None),
            }
        }
    }

    /// It cannot win: back to the leader it knows, or to waiting.
    pub(super) fn lose_election(
        &mut self,
        ctx: &mut Ctx<'_>,
        log: &MetadataLog,
        leader: Option<NodeId>,
    ) {
        match leader {
            Some(leader) => {
                self.become_follower(ctx, leader);
                self.fetch(ctx, log);
            }
            None => {
                let until_us = self.election_deadline_us(ctx);
                self.take_role(ctx, Role::Unattached { until_us });
            }
        }
    }

    fn become_leader(&mut self, ctx: &mut Ctx<'_>, log: &mut MetadataLog) {
        let now = ctx.now;
        let unknown = |voter| Progress { voter, end_offset: -1, last_fetch_us: now };
        let followers = self.others().into_iter().map(unknown).collect();
        let epoch_start = log.end_offset();
        let next_begin_us = now + self.begin_interval_us();
        self.take_role(ctx, Role::Leader { followers, epoch_start, next_begin_us });
        let record = MetadataRecord::LeaderChange { leader: self.me, epoch: self.epoch };
        log.append_unapplied(self.epoch, record);
        for voter in self.others() {
            self.begin(ctx, voter);
        }
    }

    /// Voters that do not fetch are told again after half a fetch timeout.
    fn begin_interval_us(&self) -> Micros {
        (self.fetch_timeout_us / 2).max(1000)
    }

    fn begin(&mut self, ctx: &mut Ctx<'_>, voter: NodeId) {
        let epoch = self.epoch;
        self.ask(ctx, voter, QuorumRequest::BeginQuorumEpoch { epoch }, Asked::Begin);
    }

    /// As leader, now and then: does a majority still fetch? Who does not is told that this one
    /// leads.
    pub(super) fn lead_on(&mut self, ctx: &mut Ctx<'_>) {
        let (now, interval_us) = (ctx.now, self.begin_interval_us());
        // 1.5 times the fetch timeout, as Kafka's CHECK_QUORUM_TIMEOUT_FACTOR.
        let patience_us = self.fetch_timeout_us / 2 * 3;
        let needed = self.majority() - 1;
        let Role::Leader { followers, next_begin_us, .. } = &mut self.role else { return };
        let mut fetches: Vec<Micros> = followers.iter().map(|f| f.last_fetch_us).collect();
        sort_by_key(&mut fetches, |&at_us| std::cmp::Reverse(at_us));
        let heard_us = needed.checked_sub(1).map_or(now, |last| fetches[last]);
        if heard_us + patience_us <= now {
            let until_us = self.election_deadline_us(ctx);
            return self.take_role(ctx, Role::Unattached { until_us });
        }
        *next_begin_us = now + interval_us;
        let is_silent = |follower: &&Progress| follower.last_fetch_us + interval_us <= now;
        let silent: Vec<_> = followers.iter().filter(is_silent).map(|f| f.voter).collect();
        for voter in silent {
            if self.net.can_send(now, voter, Channel::Control, 1) {
                self.begin(ctx, voter);
            }
        }
    }
}
