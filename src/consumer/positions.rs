//! Finding positions: committed offsets first, auto.offset.reset where there are none. `validation`
//! has leaders confirm them.

use super::Consumer;
use super::node::Tag;
use super::subscription::{Assigned, Position};
use crate::config::{AutoOffsetReset, IsolationLevel};
use crate::engine::{NodeId, Timer};
use crate::events::{Event, PositionReason};
use crate::node::{ConsumerRetry, ConsumerTimer, Ctx, NodeTimer};
use crate::protocol::{
    Channel, ErrorCode, ListOffsetsRequest, ListOffsetsResponse, OffsetAndEpoch,
    OffsetFetchRequest, OffsetFetchResponse, OffsetSpec, Request, TopicPartition, wall_clock_ms,
};

/// Requests for positions.
#[derive(Clone, Debug, Default)]
pub(super) struct Positions {
    fetching_committed: bool,
    attempts: u32,
    /// Number of the last request that had positions confirmed.
    pub validations: u32,
    /// Runs while the next request has to wait.
    pub retry_timer: Option<Timer>,
}

impl Consumer {
    /// The partitions are others now: answers about the old ones are of no use.
    pub(super) fn restart_positions(&mut self, ctx: &mut Ctx<'_>) {
        if let Some(timer) = self.positions.retry_timer.take() {
            ctx.cancel_timer(timer);
        }
        let validations = self.positions.validations;
        self.positions = Positions { validations, ..Positions::default() };
    }

    /// Asks for what is missing. Costs nothing once every partition has a position.
    pub(super) fn update_positions(&mut self, ctx: &mut Ctx<'_>) {
        if self.subscription.has_all_positions() || self.positions.retry_timer.is_some() {
            return;
        }
        self.fetch_committed_offsets(ctx);
        self.list_offsets(ctx);
        self.validate_positions(ctx);
    }

    /// The generation whose assignment it has. In the consumer protocol partitions come and go one
    /// by one, and answers count for those that are still there.
    fn assigned_in(&self) -> i32 {
        if self.uses_consumer_protocol() { 0 } else { self.membership.generation }
    }

    fn fetch_committed_offsets(&mut self, ctx: &mut Ctx<'_>) {
        if self.positions.fetching_committed {
            return;
        }
        let initializing = |assigned: &&Assigned| assigned.position == Position::Initializing;
        let partitions: Vec<_> =
            self.subscription.partitions.iter().filter(initializing).map(|a| a.tp).collect();
        if partitions.is_empty() {
            return;
        }
        let group = self.spec.group.clone();
        let request = Request::OffsetFetch(Box::new(OffsetFetchRequest {
            group,
            partitions,
            // As Kafka's consumer always does.
            require_stable: true,
        }));
        let tag = Tag::OffsetFetch(self.assigned_in());
        self.positions.fetching_committed = self.send_to_coordinator(ctx, request, tag);
    }

    pub(super) fn on_committed_offsets(
        &mut self,
        ctx: &mut Ctx<'_>,
        generation: i32,
        answer: OffsetFetchResponse,
    ) {
        if generation != self.assigned_in() {
            return;
        }
        self.positions.fetching_committed = false;
        if let Some(error) = answer.error {
            if error == ErrorCode::NotCoordinator {
                self.mark_coordinator_unknown();
            }
            return self.retry_positions(ctx);
        }
        self.positions.attempts = 0;
        let reason = match std::mem::take(&mut self.app.handler.rewinds) {
            true => PositionReason::Sought,
            false => PositionReason::Committed,
        };
        for (tp, committed) in answer.partitions {
            let assigned = self.subscription.get(tp);
            if assigned.is_none_or(|assigned| assigned.position != Position::Initializing) {
                continue;
            }
            match committed {
                Some(OffsetAndEpoch { offset, leader_epoch }) => {
                    self.commits.remember(tp, offset);
                    self.last_seen_epoch(ctx, tp, leader_epoch);
                    self.subscription.seek(tp, offset, leader_epoch, false);
                    self.found_position(ctx, tp, offset, reason);
                }
                None => {
                    if !self.reset_position(ctx, tp) {
                        return self.fail(ctx, "NoOffsetForPartitionException");
                    }
                }
            }
        }
    }

    pub(super) fn on_committed_offsets_failed(&mut self, ctx: &mut Ctx<'_>, generation: i32) {
        if generation != self.assigned_in() {
            return;
        }
        self.positions.fetching_committed = false;
        self.retry_positions(ctx);
    }

    /// The position is to be found by auto.offset.reset; false when that is `none`.
    pub(super) fn reset_position(&mut self, ctx: &mut Ctx<'_>, tp: TopicPartition) -> bool {
        let (spec, reason) = match self.config.auto_offset_reset {
            AutoOffsetReset::Earliest => (OffsetSpec::Earliest, PositionReason::ResetEarliest),
            AutoOffsetReset::Latest => (OffsetSpec::Latest, PositionReason::ResetLatest),
            AutoOffsetReset::ByDuration(ms) => {
                let since_ms = wall_clock_ms(ctx.now).saturating_sub(ms);
                (OffsetSpec::Timestamp(since_ms), PositionReason::ResetByDuration)
            }
            AutoOffsetReset::None => return false,
        };
        let position = Position::AwaitReset { spec, reason, asked: None };
        self.subscription.set_position(tp, position);
        true
    }

    /// Asks the leaders, one request each.
    fn list_offsets(&mut self, ctx: &mut Ctx<'_>) {
        let mut requests: Vec<(NodeId, Vec<(TopicPartition, OffsetSpec)>)> = Vec::new();
        let mut leaderless = false;
        for assigned in &mut self.subscription.partitions {
            let Position::AwaitReset { spec, asked, .. } = &mut assigned.position else {
                continue;
            };
            let Some(leader) = assigned.leader else {
                leaderless |= asked.is_none();
                continue;
            };
            if asked.is_some() || !self.net.can_send(ctx.now, leader, Channel::Data, 100) {
                continue;
            }
            *asked = Some(leader);
            match requests.iter_mut().find(|(node, _)| *node == leader) {
                Some((_, partitions)) => partitions.push((assigned.tp, *spec)),
                None => requests.push((leader, vec![(assigned.tp, *spec)])),
            }
        }
        if leaderless {
            self.request_metadata_update(ctx);
        }
        let read_committed = self.config.isolation_level == IsolationLevel::ReadCommitted;
        let nothing_to_send = requests.is_empty();
        for (leader, partitions) in requests {
            let request = Box::new(ListOffsetsRequest { partitions, read_committed });
            self.send_data(ctx, leader, Request::ListOffsets(request), Tag::ListOffsets);
        }
        let awaits = |assigned: &Assigned| {
            matches!(assigned.position, Position::AwaitReset { asked: None, .. })
        };
        if nothing_to_send && self.subscription.partitions.iter().any(awaits) {
            self.retry_positions(ctx);
        }
    }

    pub(super) fn on_listed_offsets(&mut self, ctx: &mut Ctx<'_>, answer: ListOffsetsResponse) {
        let mut failed = false;
        for (tp, result) in answer.partitions {
            let Some(assigned) = self.subscription.get_mut(tp) else { continue };
            let Position::AwaitReset { spec, reason, asked } = &mut assigned.position else {
                continue;
            };
            *asked = None;
            match result {
                // Nothing that young: by_duration falls back to the end.
                Ok(-1) => *spec = OffsetSpec::Latest,
                Ok(offset) => {
                    let reason = *reason;
                    self.subscription.seek(tp, offset, -1, true);
                    self.found_position(ctx, tp, offset, reason);
                }
                Err(error) => {
                    failed = true;
                    if error.refreshes_metadata() {
                        self.request_metadata_update(ctx);
                    }
                }
            }
        }
        if failed {
            self.retry_positions(ctx);
        } else {
            self.positions.attempts = 0;
        }
    }

    pub(super) fn on_list_offsets_failed(&mut self, ctx: &mut Ctx<'_>, leader: NodeId) {
        for assigned in &mut self.subscription.partitions {
            if let Position::AwaitReset { asked, .. } = &mut assigned.position
                && *asked == Some(leader)
            {
                *asked = None;
            }
        }
        self.retry_positions(ctx);
    }

    pub(super) fn found_position(
        &mut self,
        ctx: &mut Ctx<'_>,
        tp: TopicPartition,
        offset: i64,
        reason: PositionReason,
    ) {
        self.fetcher.partitions_changed();
        ctx.emit(Event::PositionSet { tp, offset, reason });
    }

    pub(super) fn retry_positions(&mut self, ctx: &mut Ctx<'_>) {
        if self.positions.retry_timer.is_some() {
            return;
        }
        let backoff_us = self.retry_backoff_us(self.positions.attempts, ctx.rng);
        self.positions.attempts = self.positions.attempts.saturating_add(1);
        let timer = NodeTimer::Consumer(ConsumerTimer::Retry(ConsumerRetry::Positions));
        self.positions.retry_timer = Some(ctx.set_timer(backoff_us, timer));
    }
}
