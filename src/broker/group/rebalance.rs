//! From one generation to the next: prepare, wait for members to join, complete.

use std::sync::Arc;

use super::GroupCoordinator;
use super::answer::sync_error;
use super::classic_group::{GroupState, InitialDelay};
use super::coordinator::Slot;
use super::join::joined;
use super::member::Member;
use super::pending::Continuation;
use super::records::{GroupMetadata, GroupRecord};
use crate::broker::internal_topic::InternalLog;
use crate::engine::Micros;
use crate::events::{ConsumerExit, Event, RebalanceReason};
use crate::node::{BrokerTimer, Ctx, NodeTimer};
use crate::protocol::{ErrorCode, wall_clock_ms};

impl GroupCoordinator {
    /// Starts a rebalance, or completes the one that is on when nobody is missing any more.
    pub(super) fn maybe_rebalance(
        &mut self,
        ctx: &mut Ctx<'_>,
        slot: Slot,
        reason: RebalanceReason,
        log: &mut impl InternalLog,
    ) {
        if self.group(slot).state == GroupState::PreparingRebalance {
            self.maybe_complete_join(ctx, slot, log);
        } else {
            self.prepare_rebalance(ctx, slot, reason, log);
        }
    }

    pub(super) fn prepare_rebalance(
        &mut self,
        ctx: &mut Ctx<'_>,
        slot: Slot,
        reason: RebalanceReason,
        log: &mut impl InternalLog,
    ) {
        self.begin_rebalance(ctx, slot, reason);
        self.maybe_complete_join(ctx, slot, log);
    }

    /// Members are to join again; waits for them.
    pub(super) fn begin_rebalance(
        &mut self,
        ctx: &mut Ctx<'_>,
        slot: Slot,
        reason: RebalanceReason,
    ) {
        let group = self.group(slot);
        ctx.emit(Event::RebalanceStarted {
            group: group.id.clone(),
            generation: group.generation,
            reason,
        });
        if group.state == GroupState::CompletingRebalance {
            self.reset_assignment(ctx, slot, ErrorCode::RebalanceInProgress);
        }
        let delay_ms = self.limits.initial_rebalance_delay_ms;
        let group = self.group_mut(slot);
        let is_initial = group.state == GroupState::Empty;
        group.pending_syncs.clear();
        group.was_empty = is_initial;
        group.transition_to(GroupState::PreparingRebalance);
        let timeout_ms = group.rebalance_timeout_ms();
        let remaining_ms = (timeout_ms - delay_ms).max(0);
        group.initial = is_initial.then_some(InitialDelay { delay_ms, remaining_ms });
        self.set_rebalance_timer(ctx, slot, if is_initial { delay_ms } else { timeout_ms });
    }

    /// The first generation is completed by its delay alone; later ones as soon as all are there.
    pub(super) fn maybe_complete_join(
        &mut self,
        ctx: &mut Ctx<'_>,
        slot: Slot,
        log: &mut impl InternalLog,
    ) {
        let group = self.group(slot);
        if group.state == GroupState::PreparingRebalance
            && !group.was_empty
            && group.has_all_members_joined()
        {
            self.complete_join(ctx, slot, log);
        }
    }

    /// The phase of the rebalance is over by time.
    pub(super) fn on_rebalance_timer(
        &mut self,
        ctx: &mut Ctx<'_>,
        slot: Slot,
        log: &mut impl InternalLog,
    ) {
        let longest_ms = self.limits.initial_rebalance_delay_ms;
        let group = self.group_mut(slot);
        group.rebalance_timer = None;
        match (group.state, &mut group.initial) {
            (GroupState::PreparingRebalance, Some(wait))
                if group.new_member_added && wait.remaining_ms != 0 =>
            {
                group.new_member_added = false;
                let delay_ms = longest_ms.min(wait.remaining_ms);
                let remaining_ms = (wait.remaining_ms - wait.delay_ms).max(0);
                *wait = InitialDelay { delay_ms, remaining_ms };
                self.set_rebalance_timer(ctx, slot, delay_ms);
            }
            (GroupState::PreparingRebalance, _) => self.complete_join(ctx, slot, log),
            (GroupState::CompletingRebalance | GroupState::Stable, _) => {
                self.expire_pending_sync(ctx, slot, log);
            }
            (GroupState::Empty, _) => {}
        }
    }

    /// Who has not rejoined is out (static members stay); the others form a new generation.
    pub(super) fn complete_join(
        &mut self,
        ctx: &mut Ctx<'_>,
        slot: Slot,
        log: &mut impl InternalLog,
    ) {
        let missing =
            |member: &&Member| member.joining.is_none() && member.group_instance_id.is_none();
        let late: Vec<_> =
            self.group(slot).members.iter().filter(missing).map(|m| m.id.clone()).collect();
        for id in late {
            self.remove_member(ctx, slot, &id, ConsumerExit::RebalanceTimeout);
        }
        self.cancel_rebalance_timer(ctx, slot);
        let group = self.group_mut(slot);
        group.initial = None;
        if !group.maybe_elect_new_joined_leader() && !group.members.is_empty() {
            let timeout_ms = group.rebalance_timeout_ms();
            return self.set_rebalance_timer(ctx, slot, timeout_ms);
        }
        group.generation += 1;
        if group.members.is_empty() {
            self.become_empty(ctx, slot, log);
        } else {
            self.start_generation(ctx, slot);
        }
    }

    fn become_empty(&mut self, ctx: &mut Ctx<'_>, slot: Slot, log: &mut impl InternalLog) {
        let group = self.group_mut(slot);
        group.protocol = None;
        group.transition_to(GroupState::Empty);
        group.empty_since_ms = Some(wall_clock_ms(ctx.now));
        let (id, generation) = (group.id.clone(), group.generation);
        let record = memberless(&id, "consumer", generation, ctx.now);
        ctx.emit(Event::GroupEmpty { group: id, generation });
        self.append(ctx, log, slot, &[record], Continuation::Nothing);
    }

    fn start_generation(&mut self, ctx: &mut Ctx<'_>, slot: Slot) {
        let now = ctx.now;
        let group = self.group_mut(slot);
        group.protocol = group.select_protocol();
        group.transition_to(GroupState::CompletingRebalance);
        let timeout_ms = group.rebalance_timeout_ms();
        let mut answers = Vec::with_capacity(group.members.len());
        for index in 0..group.members.len() {
            let member = &mut group.members[index];
            member.renew_session(now);
            member.is_new = false;
            let id = member.id.clone();
            if let Some(token) = member.joining.take() {
                answers.push((token, joined(group, &id, false)));
            }
            group.pending_syncs.insert(id);
        }
        for (token, response) in answers {
            self.reply(token, response);
        }
        self.arm_session_timer(ctx, slot);
        self.set_rebalance_timer(ctx, slot, timeout_ms);
    }

    /// Members that never sent SyncGroup are out.
    fn expire_pending_sync(&mut self, ctx: &mut Ctx<'_>, slot: Slot, log: &mut impl InternalLog) {
        let silent = std::mem::take(&mut self.group_mut(slot).pending_syncs);
        if silent.is_empty() {
            return;
        }
        for id in silent {
            self.remove_member(ctx, slot, &id, ConsumerExit::RebalanceTimeout);
        }
        self.prepare_rebalance(ctx, slot, RebalanceReason::NoSyncGroup, log);
    }

    /// Nobody has partitions any more; parked SyncGroups are answered with `error`.
    pub(super) fn reset_assignment(&mut self, ctx: &mut Ctx<'_>, slot: Slot, error: ErrorCode) {
        let now = ctx.now;
        let mut answers = Vec::new();
        for member in &mut self.group_mut(slot).members {
            member.assignment.clear();
            if let Some(token) = member.syncing.take() {
                member.renew_session(now);
                answers.push(token);
            }
        }
        for token in answers {
            self.reply(token, sync_error(error));
        }
        self.arm_session_timer(ctx, slot);
    }

    fn set_rebalance_timer(&mut self, ctx: &mut Ctx<'_>, slot: Slot, after_ms: i64) {
        self.cancel_rebalance_timer(ctx, slot);
        let timer = NodeTimer::Broker(BrokerTimer::GroupRebalance(slot));
        let at_us = ctx.now + after_ms.max(0) as u64 * 1000;
        let timer = ctx.set_timer_at(at_us, timer);
        self.group_mut(slot).rebalance_timer = Some((timer, at_us));
    }

    pub(super) fn cancel_rebalance_timer(&mut self, ctx: &mut Ctx<'_>, slot: Slot) {
        if let Some((timer, _)) = self.group_mut(slot).rebalance_timer.take() {
            ctx.cancel_timer(timer);
        }
    }
}

/// What is written of a group when its first member asks for an id.
pub(super) fn empty_group_record(group: &Arc<str>, now: Micros) -> GroupRecord {
    memberless(group, "", 0, now)
}

fn memberless(group: &Arc<str>, protocol_type: &str, generation: i32, now: Micros) -> GroupRecord {
    GroupRecord::Metadata {
        group: group.clone(),
        value: Some(GroupMetadata {
            protocol_type: protocol_type.into(),
            generation,
            protocol: None,
            leader: None,
            current_state_timestamp_ms: wall_clock_ms(now),
            members: Vec::new(),
        }),
    }
}
