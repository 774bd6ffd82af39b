//! The metadata log on its way from the leader to its followers, and what is committed with that.

use super::{Asked, ParkedFetch, Quorum, Role};
use crate::controller::caller::Caller;
use crate::controller::metadata_log::MetadataLog;
use crate::engine::{Micros, NodeId, sort_by_key};
use crate::node::{ControllerTimer, Ctx, NodeTimer};
use crate::protocol::{Channel, FetchedMetadata, QuorumAnswer, QuorumRequest};

/// `KafkaRaftClient.MAX_FETCH_WAIT_MS`
const MAX_FETCH_WAIT_US: Micros = 500_000;

impl Quorum {
    /// As follower: asks the leader for what comes next, unless it is being asked.
    pub(super) fn fetch(&mut self, ctx: &mut Ctx<'_>, log: &MetadataLog) {
        let Role::Follower { leader, retry_us, .. } = &mut self.role else { return };
        let leader = *leader;
        let epoch = self.epoch;
        let is_asked = self
            .net
            .in_flight(leader, Channel::Control)
            .any(|request| request.tag == Asked::Fetch(epoch));
        if is_asked || retry_us.is_some_and(|at_us| at_us > ctx.now) {
            return;
        }
        *retry_us = None;
        let request = QuorumRequest::Fetch {
            epoch,
            offset: log.end_offset(),
            last_epoch: log.last_epoch(),
            high_watermark: log.committed_offset(),
        };
        self.ask(ctx, leader, request, Asked::Fetch(epoch));
    }

    /// A fetch from `peer` failed: again after controller.quorum.retry.backoff.ms.
    pub(super) fn retry_fetch(&mut self, ctx: &mut Ctx<'_>, peer: NodeId) {
        let backoff_us = self.retry_backoff_us;
        if let Role::Follower { leader, retry_us, .. } = &mut self.role
            && *leader == peer
        {
            *retry_us = Some(ctx.now + backoff_us);
        }
    }

    /// As follower: takes over what the leader sent.
    pub(super) fn take_news(
        &mut self,
        ctx: &mut Ctx<'_>,
        log: &mut MetadataLog,
        from: NodeId,
        news: FetchedMetadata,
    ) {
        let timeout_us = self.fetch_timeout_us;
        let Role::Follower { leader, until_us, has_fetched, .. } = &mut self.role else { return };
        if *leader != from {
            return;
        }
        *until_us = ctx.now + timeout_us;
        *has_fetched = true;
        if let Some((epoch, end_offset)) = news.diverging_epoch {
            let (_, own_end) = log.end_offset_for_epoch(epoch);
            return log.truncate_to(end_offset.min(own_end));
        }
        for (epoch, record) in news.records {
            log.append_unapplied(epoch, record);
        }
        log.commit_up_to(news.high_watermark);
    }

    /// As leader: a follower has everything below `offset`, whose last record is of `last_epoch`.
    pub(super) fn serve_fetch(
        &mut self,
        ctx: &mut Ctx<'_>,
        log: &mut MetadataLog,
        caller: Caller,
        (offset, last_epoch): (i64, i32),
        high_watermark: i64,
    ) {
        if let Some(parked) = self.parked.remove(&caller.node) {
            ctx.cancel_timer(parked.timer);
        }
        let Role::Leader { followers, .. } = &mut self.role else { return };
        let Some(follower) = followers.iter_mut().find(|f| f.voter == caller.node) else { return };
        follower.last_fetch_us = ctx.now;
        let (epoch, end_offset) = log.end_offset_for_epoch(last_epoch);
        if offset > 0 && (epoch < last_epoch || end_offset < offset) {
            let diverging_epoch = Some((epoch, end_offset));
            let news = FetchedMetadata {
                high_watermark: log.committed_offset(),
                diverging_epoch,
                records: Vec::new(),
            };
            return self.answer(ctx, caller, QuorumAnswer::Fetch(news));
        }
        follower.end_offset = offset;
        self.advance(log);
        let timer = NodeTimer::Controller(ControllerTimer::QuorumFetch(caller.node));
        let timer = ctx.set_timer(MAX_FETCH_WAIT_US, timer);
        self.parked.insert(caller.node, ParkedFetch { caller, offset, high_watermark, timer });
        self.answer_parked(ctx, log);
    }

    /// The leader has written: it may be committed, and followers are told.
    pub fn on_written(&mut self, ctx: &mut Ctx<'_>, log: &mut MetadataLog) {
        self.advance(log);
        self.answer_parked(ctx, log);
    }

    /// What a majority has is committed, as soon as a record of this epoch is among it.
    fn advance(&mut self, log: &mut MetadataLog) {
        let majority = self.majority();
        let Role::Leader { followers, epoch_start, .. } = &self.role else { return };
        let mut ends: Vec<i64> = followers.iter().map(|follower| follower.end_offset).collect();
        ends.push(log.end_offset());
        sort_by_key(&mut ends, |&end| std::cmp::Reverse(end));
        let reached = ends[majority - 1];
        if reached > *epoch_start {
            log.commit_up_to(reached);
        }
    }

    /// Followers that wait hear of new records and of a higher high watermark.
    fn answer_parked(&mut self, ctx: &mut Ctx<'_>, log: &MetadataLog) {
        let (end, committed) = (log.end_offset(), log.committed_offset());
        let has_news = |p: &ParkedFetch| p.offset < end || p.high_watermark < committed;
        let due = self.parked.iter().filter(|(_, parked)| has_news(parked));
        for voter in due.map(|(&voter, _)| voter).collect::<Vec<_>>() {
            self.answer_fetch(ctx, log, voter);
        }
    }

    fn answer_fetch(&mut self, ctx: &mut Ctx<'_>, log: &MetadataLog, voter: NodeId) {
        let Some(parked) = self.parked.remove(&voter) else { return };
        ctx.cancel_timer(parked.timer);
        let news = FetchedMetadata {
            high_watermark: log.committed_offset(),
            diverging_epoch: None,
            records: log.since_with_epochs(parked.offset),
        };
        self.answer(ctx, parked.caller, QuorumAnswer::Fetch(news));
    }

    /// A fetch has waited long enough.
    pub fn on_fetch_expired(&mut self, ctx: &mut Ctx<'_>, log: &MetadataLog, voter: NodeId) {
        self.answer_fetch(ctx, log, voter);
    }
}
