//! Signs of life: Heartbeat, LeaveGroup and the end of sessions.
//!
//! One timer a group wakes at or before the earliest deadline of a member. A heartbeat only moves
//! the deadline; the timer finds out when it fires.

use super::GroupCoordinator;
use super::answer::join_error;
use super::classic_group::GroupState;
use super::coordinator::Slot;
use super::member::NEVER;
use crate::broker::internal_topic::InternalLog;
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
        log: &mut impl InternalLog,
    ) -> Result<(), ErrorCode> {
        let slot = self.slot_of(&identity.group).ok_or(ErrorCode::UnknownMemberId)?;
        let group = self.group_mut(slot);
        let instance = identity.group_instance_id.as_deref();
        // An administrator names the instance alone.
        let id = if identity.member_id.is_empty() {
            let member = instance.and_then(|instance| group.static_member(instance));
            member.map(|member| member.id.clone()).ok_or(ErrorCode::UnknownMemberId)?
        } else {
            identity.member_id.clone()
        };
        if group.is_pending(&id) {
            group.remove(&id);
        } else {
            group.validate_member(&id, instance)?;
            self.remove_member(ctx, slot, &id, ConsumerExit::Left);
        }
        if self.group(slot).state != GroupState::Empty {
            self.maybe_rebalance(ctx, slot, RebalanceReason::MemberLeft, log);
        }
        Ok(())
    }

    /// Takes a member out. A parked JoinGroup is answered; nobody answers a parked SyncGroup.
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
            self.reply(token, join_error(ErrorCode::UnknownMemberId, None));
        }
    }

    /// Ends every session whose time is over. What one end brings about may save another member.
    pub(super) fn on_session_timer(
        &mut self,
        ctx: &mut Ctx<'_>,
        slot: Slot,
        log: &mut impl InternalLog,
    ) {
        self.group_mut(slot).session_timer = None;
        while let Some(id) = self.group(slot).next_expired(ctx.now) {
            let group = self.group_mut(slot);
            match group.member_mut(&id) {
                None => {
                    group.remove(&id);
                    self.after_expiry(ctx, slot, log);
                }
                Some(member) if member.has_satisfied_heartbeat() => member.deadline_us = NEVER,
                Some(_) => {
                    let was_settled = group.state != GroupState::PreparingRebalance;
                    self.remove_member(ctx, slot, &id, ConsumerExit::SessionExpired);
                    if was_settled {
                        let reason = RebalanceReason::SessionExpired;
                        self.prepare_rebalance(ctx, slot, reason, log);
                    } else {
                        self.after_expiry(ctx, slot, log);
                    }
                }
            }
        }
        self.arm_session_timer(ctx, slot);
    }

    /// Nobody waits for a member that is gone: not even for the end of an initial delay.
    fn after_expiry(&mut self, ctx: &mut Ctx<'_>, slot: Slot, log: &mut impl InternalLog) {
        let group = self.group(slot);
        if group.state == GroupState::PreparingRebalance && group.has_all_members_joined() {
            self.complete_join(ctx, slot, log);
        }
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
