//! JoinGroup: who may come in, and as whom.

use std::sync::Arc;

use super::GroupCoordinator;
use super::answer::{join_error, sync_error};
use super::classic_group::{ClassicGroup, GroupState, PendingMember};
use super::coordinator::Slot;
use super::member::Member;
use super::pending::Continuation;
use super::rebalance::empty_group_record;
use crate::broker::RequestToken;
use crate::broker::internal_topic::{InternalLog, translate_append_error};
use crate::engine::Rng;
use crate::events::RebalanceReason;
use crate::metadata::MetadataImage;
use crate::node::Ctx;
use crate::protocol::{
    ErrorCode, JoinGroupRequest, JoinGroupResponse, MemberId, Response, TopicPartition,
};

/// A new member may be parked this long (CLASSIC_GROUP_NEW_MEMBER_JOIN_TIMEOUT_MS).
const NEW_MEMBER_JOIN_TIMEOUT_US: u64 = 300_000_000;

impl GroupCoordinator {
    pub(super) fn join(
        &mut self,
        ctx: &mut Ctx<'_>,
        token: RequestToken,
        request: &JoinGroupRequest,
        tp: TopicPartition,
        image: &MetadataImage,
        log: &mut impl InternalLog,
    ) {
        let refuse = |this: &mut Self, error| {
            this.reply(token, join_error(error, request.member_id.clone()));
        };
        let session_timeouts =
            self.limits.min_session_timeout_ms..=self.limits.max_session_timeout_ms;
        if request.group.is_empty() {
            return refuse(self, ErrorCode::InvalidGroupId);
        }
        if !session_timeouts.contains(&request.session_timeout_ms) {
            return refuse(self, ErrorCode::InvalidSessionTimeout);
        }
        let known = self.slot_of(&request.group);
        if known.is_none() && request.member_id.is_some() {
            return refuse(self, ErrorCode::UnknownMemberId);
        }
        let slot = self.slot_or_create(&request.group, tp);
        if !self.becomes_classic(ctx, slot, log) {
            return refuse(self, ErrorCode::InconsistentGroupProtocol);
        }
        self.join_group(ctx, token, request, slot, image, log);
        if known.is_none() {
            let record = empty_group_record(&request.group, ctx.now);
            self.append(ctx, log, slot, &[record], Continuation::Nothing);
        }
    }

    fn join_group(
        &mut self,
        ctx: &mut Ctx<'_>,
        token: RequestToken,
        request: &JoinGroupRequest,
        slot: Slot,
        image: &MetadataImage,
        log: &mut impl InternalLog,
    ) {
        let refuse = |this: &mut Self, error| {
            this.reply(token, join_error(error, request.member_id.clone()));
        };
        if !self.accepts(slot, request.member_id.as_ref()) {
            if let Some(member_id) = &request.member_id {
                self.group_mut(slot).remove(member_id);
            }
            return self.reply(token, join_error(ErrorCode::GroupMaxSizeReached, None));
        }
        if !self.group(slot).supports_protocols(&request.protocols) {
            return refuse(self, ErrorCode::InconsistentGroupProtocol);
        }
        match &request.member_id {
            None => self.join_new(ctx, token, request, slot, image, log),
            Some(id) if self.group(slot).is_pending(id) => {
                self.add_and_rebalance(ctx, token, request, slot, id.clone(), log);
            }
            Some(id) => {
                let instance = request.group_instance_id.as_deref();
                match self.group(slot).validate_member(id, instance) {
                    Ok(()) => self.join_known(ctx, token, request, slot, id, log),
                    Err(error) => refuse(self, error),
                }
            }
        }
    }

    /// group.max.size, counted as Kafka does (`acceptJoiningMember`).
    fn accepts(&self, slot: Slot, id: Option<&MemberId>) -> bool {
        let group = self.group(slot);
        let member = id.and_then(|id| group.member(id));
        match group.state {
            GroupState::Empty => true,
            GroupState::PreparingRebalance => {
                member.is_some_and(|member| member.joining.is_some())
                    || group.awaiting_join() < self.limits.max_size
            }
            GroupState::CompletingRebalance | GroupState::Stable => {
                member.is_some() || group.members.len() < self.limits.max_size
            }
        }
    }

    fn join_new(
        &mut self,
        ctx: &mut Ctx<'_>,
        token: RequestToken,
        request: &JoinGroupRequest,
        slot: Slot,
        image: &MetadataImage,
        log: &mut impl InternalLog,
    ) {
        let Some(instance) = &request.group_instance_id else {
            let id = new_member_id(&request.client_id, ctx.rng);
            let deadline_us = ctx.now + request.session_timeout_ms as u64 * 1000;
            let pending = PendingMember { id: id.clone(), deadline_us };
            self.group_mut(slot).pending_joins.push(pending);
            self.arm_session_timer(ctx, slot);
            return self.reply(token, join_error(ErrorCode::MemberIdRequired, Some(id)));
        };
        let id = new_member_id(instance, ctx.rng);
        let known = self.group(slot).static_member(instance).map(|member| member.id.clone());
        let Some(old) = known else {
            return self.add_and_rebalance(ctx, token, request, slot, id, log);
        };
        let before = self.replace_static(ctx, token, request, slot, (&old, &id));
        let group = self.group(slot);
        if group.state == GroupState::Stable && group.select_protocol() == group.protocol {
            let record = self.metadata_record(slot, ctx.now, None, image);
            let next = Continuation::StaticMember { id, before: before.map(Box::new) };
            self.append(ctx, log, slot, &[record], next);
        } else {
            self.maybe_rebalance(ctx, slot, RebalanceReason::StaticMemberBack, log);
        }
    }

    fn add_and_rebalance(
        &mut self,
        ctx: &mut Ctx<'_>,
        token: RequestToken,
        request: &JoinGroupRequest,
        slot: Slot,
        id: MemberId,
        log: &mut impl InternalLog,
    ) {
        let deadline_us = ctx.now + NEW_MEMBER_JOIN_TIMEOUT_US;
        let mut member = Member::new(id, token.client, request, deadline_us);
        member.joining = Some(token);
        let group = self.group_mut(slot);
        group.new_member_added |= group.state == GroupState::PreparingRebalance && group.was_empty;
        group.add(member);
        self.arm_session_timer(ctx, slot);
        self.maybe_rebalance(ctx, slot, RebalanceReason::NewMember, log);
    }

    fn join_known(
        &mut self,
        ctx: &mut Ctx<'_>,
        token: RequestToken,
        request: &JoinGroupRequest,
        slot: Slot,
        id: &MemberId,
        log: &mut impl InternalLog,
    ) {
        let group = self.group(slot);
        let unchanged = group.member(id).is_some_and(|m| m.protocols == request.protocols);
        let reason = match group.state {
            GroupState::PreparingRebalance => RebalanceReason::MemberRejoins,
            GroupState::Stable if group.is_leader(id) => RebalanceReason::LeaderRejoins,
            GroupState::Empty => {
                return self.reply(token, join_error(ErrorCode::UnknownMemberId, Some(id.clone())));
            }
            // The answer to its last JoinGroup was lost: here it is again.
            _ if unchanged => {
                let response = joined(group, id, false);
                return self.reply(token, response);
            }
            _ => RebalanceReason::SubscriptionChanged,
        };
        if let Some(member) = self.group_mut(slot).member_mut(id) {
            member.update(token.client, request);
            member.joining = Some(token);
        }
        self.maybe_rebalance(ctx, slot, reason, log);
    }

    /// A static member is back under a new member id (KIP-345) and is parked; what it was before.
    /// Whoever still waits under the old id is fenced.
    fn replace_static(
        &mut self,
        ctx: &mut Ctx<'_>,
        token: RequestToken,
        request: &JoinGroupRequest,
        slot: Slot,
        (old, new): (&MemberId, &MemberId),
    ) -> Option<Member> {
        let group = self.group_mut(slot);
        let was_leader = group.is_leader(old);
        let member = group.member_mut(old)?;
        let (joining, syncing) = (member.joining.take(), member.syncing.take());
        let before = member.clone();
        member.id = new.clone();
        // The session that begins is as long as the old member asked for.
        member.renew_session(ctx.now);
        member.update(token.client, request);
        member.client_id = request.client_id.clone();
        member.is_new = false;
        member.joining = Some(token);
        if was_leader {
            group.leader = Some(new.clone());
        }
        self.arm_session_timer(ctx, slot);
        if let Some(joining) = joining {
            self.reply(joining, join_error(ErrorCode::FencedInstanceId, Some(old.clone())));
        }
        if let Some(syncing) = syncing {
            self.reply(syncing, sync_error(ErrorCode::FencedInstanceId));
        }
        Some(before)
    }

    /// The new id of a static member is in the log, or the old one holds on.
    pub(super) fn on_static_member_done(
        &mut self,
        ctx: &mut Ctx<'_>,
        slot: Slot,
        (id, before): (MemberId, Option<Member>),
        result: Result<(), ErrorCode>,
    ) {
        let group = self.group_mut(slot);
        let is_leader = group.is_leader(&id);
        let Some(member) = group.member_mut(&id) else { return };
        let Some(token) = member.joining.take() else { return };
        let Err(error) = result else {
            let response = joined(group, &id, is_leader);
            return self.reply(token, response);
        };
        if let Some(before) = before {
            *member = before;
            member.renew_session(ctx.now);
            let old = member.id.clone();
            if is_leader {
                group.leader = Some(old);
            }
        }
        self.reply(token, join_error(translate_append_error(error), None));
    }
}

/// The answer to a member of the present generation. Only the leader gets the list of members.
/// A leader skips the assignment when it is back before anybody noticed.
pub(super) fn joined(group: &ClassicGroup, id: &MemberId, skip_assignment: bool) -> Response {
    let is_leader = group.is_leader(id);
    Response::JoinGroup(Box::new(JoinGroupResponse {
        error: None,
        generation: group.generation,
        protocol: group.protocol.clone().unwrap_or_else(|| "".into()),
        leader: group.leader.clone().unwrap_or_else(|| "".into()),
        skip_assignment,
        member_id: id.clone(),
        members: if is_leader { group.member_list() } else { Vec::new() },
    }))
}

/// `<prefix>-<random UUID, version 4>`
fn new_member_id(prefix: &str, rng: &mut Rng) -> Arc<str> {
    let high = rng.next_u64() & !0xf000 | 0x4000;
    let low = rng.next_u64() & (u64::MAX >> 2) | 1 << 63;
    format!(
        "{prefix}-{:08x}-{:04x}-{:04x}-{:04x}-{:012x}",
        high >> 32,
        high >> 16 & 0xffff,
        high & 0xffff,
        low >> 48,
        low & 0xffff_ffff_ffff
    )
    .into()
}
