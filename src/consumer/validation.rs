//! Positions and leader epochs (KIP-320): a leader of a later epoch confirms that its log holds what
//! the consumer has read, or shows where it parts from that (Kafka's `OffsetsForLeaderEpoch` in
//! `OffsetFetcher`, and `SubscriptionState.maybeCompleteValidation`).

use super::Consumer;
use super::node::Tag;
use super::subscription::Position;
use crate::config::AutoOffsetReset;
use crate::engine::NodeId;
use crate::events::PositionReason;
use crate::node::Ctx;
use crate::protocol::{
    Channel, EpochEnd, OffsetForLeaderEpochRequest, OffsetForLeaderEpochResponse,
    OffsetForLeaderPartition, Request, TopicPartition,
};

impl Consumer {
    /// A committed offset follows a record of this leader epoch: metadata of an earlier one are out
    /// of date (`Metadata.updateLastSeenEpochIfNewer`).
    pub(super) fn last_seen_epoch(&mut self, ctx: &mut Ctx<'_>, tp: TopicPartition, epoch: i32) {
        let Some(assigned) = self.subscription.get_mut(tp) else { return };
        if epoch > assigned.leader_epoch {
            assigned.leader_epoch = epoch;
            assigned.leader = None;
            self.request_metadata_update(ctx);
        }
    }

    /// Asks the leaders about positions to confirm, one request each.
    pub(super) fn validate_positions(&mut self, ctx: &mut Ctx<'_>) {
        let mut requests: Vec<(NodeId, u32, Vec<OffsetForLeaderPartition>)> = Vec::new();
        let (mut is_leaderless, mut is_unreachable) = (false, false);
        for assigned in &mut self.subscription.partitions {
            let Position::AwaitValidation { asked: asked @ None, .. } = &mut assigned.position
            else {
                continue;
            };
            let Some(leader) = assigned.leader else {
                is_leaderless = true;
                continue;
            };
            if !self.net.can_send(ctx.now, leader, Channel::Data, 100) {
                is_unreachable = true;
                continue;
            }
            let wanted = OffsetForLeaderPartition {
                tp: assigned.tp,
                current_leader_epoch: assigned.leader_epoch,
                leader_epoch: assigned.offset_epoch,
            };
            if let Some((_, number, partitions)) =
                requests.iter_mut().find(|(node, ..)| *node == leader)
            {
                *asked = Some(*number);
                partitions.push(wanted);
            } else {
                self.positions.validations = self.positions.validations.wrapping_add(1);
                *asked = Some(self.positions.validations);
                requests.push((leader, self.positions.validations, vec![wanted]));
            }
        }
        if is_leaderless {
            self.request_metadata_update(ctx);
        }
        if is_unreachable {
            self.retry_positions(ctx);
        }
        for (leader, number, partitions) in requests {
            let request = Box::new(OffsetForLeaderEpochRequest { partitions });
            let request = Request::OffsetForLeaderEpoch(request);
            self.send_data(ctx, leader, request, Tag::OffsetForLeaderEpoch(number));
        }
    }

    pub(super) fn on_epoch_ends(
        &mut self,
        ctx: &mut Ctx<'_>,
        number: u32,
        answer: OffsetForLeaderEpochResponse,
    ) {
        let mut has_failed = false;
        let cause = ctx.cause;
        for (tp, result) in answer.partitions {
            ctx.cause = cause;
            let Some(assigned) = self.subscription.get_mut(tp) else { continue };
            let Position::AwaitValidation { offset, asked } = &mut assigned.position else {
                continue;
            };
            if *asked != Some(number) {
                continue; // asked anew since, or another position
            }
            *asked = None;
            match result {
                Ok(end) => {
                    let offset = *offset;
                    self.complete_validation(ctx, tp, offset, end);
                }
                Err(_) => has_failed = true,
            }
        }
        ctx.cause = cause;
        if has_failed {
            self.request_metadata_update(ctx);
            self.retry_positions(ctx);
        }
    }

    /// The leader's log ends the epoch of the last record read at `end`.
    fn complete_validation(
        &mut self,
        ctx: &mut Ctx<'_>,
        tp: TopicPartition,
        offset: i64,
        end: EpochEnd,
    ) {
        self.fetcher.partitions_changed();
        match end {
            Some((_, end_offset)) if end_offset >= offset => {
                self.subscription.set_position(tp, Position::At(offset));
            }
            _ if self.config.auto_offset_reset == AutoOffsetReset::None => {
                self.fail(ctx, "LogTruncationException");
            }
            Some((epoch, end_offset)) => {
                self.subscription.seek(tp, end_offset, epoch, true);
                self.found_position(ctx, tp, end_offset, PositionReason::Truncated);
            }
            None => {
                self.reset_position(ctx, tp);
            }
        }
    }

    pub(super) fn on_epoch_ends_failed(&mut self, ctx: &mut Ctx<'_>, number: u32) {
        for assigned in &mut self.subscription.partitions {
            if let Position::AwaitValidation { asked, .. } = &mut assigned.position
                && *asked == Some(number)
            {
                *asked = None;
            }
        }
        self.retry_positions(ctx);
    }
}
