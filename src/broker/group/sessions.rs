//! Signs of life: Heartbeat, LeaveGroup and the end of sessions.
//!
//! One timer a group wakes at or before the earliest deadline of a member. A heartbeat only moves
//! the deadline; the timer finds out when it fires.

use super::GroupCoordinator;
use super::answer::{join_error, sync_error};
use super::classic_group::GroupState;
use super::coordinator::Slot;
use super::member::NEVER;
use super::offsets_log::OffsetsLog;
use crate::events::{ConsumerExit, Event, RebalanceReason};
use crate::node::{BrokerTimer, Ctx, NodeTimer};
use crate::protocol::{ErrorCode, MemberIdentity};

impl GroupCoordinator {
    pub(super) fn heartbeat(
        &mut self,
        ctx: &mut Ctx<'_>,
        identity: &MemberIdentity,
    ) -> Result<(), ErrorCode> {
        let slot = self.slot_of(&identity.group).ok_or(ErrorCode::UnknownMemberId)?;
        let group = self.group_mut(slot);
        let instance = identity.group_instance_id.as_deref();
        group.validate_generation(&identity.member_id, instance, identity.generation)?;
        if let Some(member) = group.member_mut(&identity.member_id) {
            member.renew_session(ctx.now);
        }
        match group.state {
            GroupState::Empty => Err(ErrorCode::UnknownMemberId),
            GroupState::PreparingRebalance => Err(ErrorCode::RebalanceInProgress),
            GroupState::CompletingRebalance | GroupState::Stable => Ok(()),
        }
    }

    pub(super) fn leave(
        &mut self,
        ctx: &mut Ctx<'_>,
        identity: &MemberIdentity,
        log: &mut impl OffsetsLog,
    ) -> Result<(), ErrorCode> {
        let slot = self.slot_of(&identity.group).ok_or(ErrorCode::UnknownMemberId)?;
        let group = self.group_mut(slot);
        if group.is_pending(&identity.member_id) {
            group.pending_joins.retain(|pending| pending.id != identity.member_id);
            self.maybe_complete_join(ctx, slot, log);
            return Ok(());
        }
        let instance = identity.group_instance_id.as_deref();
        group.validate_member(&identity.member_id, instance)?;
        self.remove_member(ctx, slot, &identity.member_id, ConsumerExit::Left);
        self.rebalance_without(ctx, slot, RebalanceReason::MemberLeft, log);
        Ok(())
    }

    /// Takes a member out; whatever it has parked is answered.
    pub(super) fn remove_member(
        &mut self,
        ctx: &mut Ctx<'_>,
        slot: Slot,
        id: &str,
        exit: ConsumerExit,
    ) {
        let group = self.group_mut(slot);
        let Some(member) = group.remove(id) else { return };
        ctx.emit(Event::MemberRemoved { group: group.id.clone(), member: member.node, exit });
        if let Some(token) = member.joining {
            self.reply(token, join_error(ErrorCode::UnknownMemberId, Some(member.id)));
        }
        if let Some(token) = member.syncing {
            self.reply(token, sync_error(ErrorCode::UnknownMemberId));
        }
    }

    /// A member is gone: the others share its partitions, or no longer wait for it.
    fn rebalance_without(
        &mut self,
        ctx: &mut Ctx<'_>,
        slot: Slot,
        reason: RebalanceReason,
        log: &mut impl OffsetsLog,
    ) {
        if self.group(slot).state != GroupState::Empty {
            self.maybe_rebalance(ctx, slot, reason, log);
        }
    }

    /// Ends every session whose time is over.
    pub(super) fn on_session_timer(
        &mut self,
        ctx: &mut Ctx<'_>,
        slot: Slot,
        log: &mut impl OffsetsLog,
    ) {
        let now = ctx.now;
        let group = self.group_mut(slot);
        group.session_timer = None;
        let pending_before = group.pending_joins.len();
        group.pending_joins.retain(|pending| pending.deadline_us > now);
        let pending_gone = group.pending_joins.len() < pending_before;
        let mut expired = Vec::new();
        for member in group.members.iter_mut().filter(|member| member.deadline_us <= now) {
            if member.has_satisfied_heartbeat() {
                member.deadline_us = NEVER;
            } else {
                expired.push(member.id.clone());
            }
        }
        for id in expired {
            self.remove_member(ctx, slot, &id, ConsumerExit::SessionExpired);
            self.rebalance_without(ctx, slot, RebalanceReason::SessionExpired, log);
        }
        if pending_gone {
            self.maybe_complete_join(ctx, slot, log);
        }
        self.arm_session_timer(ctx, slot);
    }

    /// Makes sure that the coordinator wakes by the earliest deadline.
    pub(super) fn arm_session_timer(&mut self, ctx: &mut Ctx<'_>, slot: Slot) {
        let group = self.group_mut(slot);
        let Some(earliest_us) = group.earliest_deadline_us() else { return };
        match group.session_timer {
            Some((_, at_us)) if at_us <= earliest_us => return,
            Some((timer, _)) => ctx.cancel_timer(timer),
            None => {}
        }
        let timer = NodeTimer::Broker(BrokerTimer::GroupSessions(slot));
        let timer = ctx.set_timer_at(earliest_us, timer);
        self.group_mut(slot).session_timer = Some((timer, earliest_us));
    }
}
