//! Where groups of the consumer protocol meet requests, time and the log.

use super::group::ConsumerGroup;
use super::heartbeat::Outcome;
use super::member::ConsumerMember;
use super::records::ConsumerRecord;
use crate::broker::RequestToken;
use crate::broker::group::assignor::ServerAssignor;
use crate::broker::group::classic_group::GroupState;
use crate::broker::group::coordinator::Slot;
use crate::broker::group::pending::Continuation;
use crate::broker::group::{GroupCoordinator, GroupRecord, OffsetsLog};
use crate::engine::Micros;
use crate::events::{ConsumerExit, Event, RebalanceReason};
use crate::metadata::MetadataImage;
use crate::node::Ctx;
use crate::protocol::{
    ConsumerGroupHeartbeatRequest, ConsumerGroupHeartbeatResponse, ErrorCode, Response,
    TopicPartition,
};

impl GroupCoordinator {
    pub(in super::super) fn consumer_heartbeat(
        &mut self,
        ctx: &mut Ctx<'_>,
        token: RequestToken,
        request: &ConsumerGroupHeartbeatRequest,
        tp: TopicPartition,
        image: &MetadataImage,
        log: &mut impl OffsetsLog,
    ) {
        let known = self.slot_of(&request.group);
        let leaves = request.member_epoch < 0;
        let before = match self.consumer_group_for(known, request) {
            Ok(group) => group,
            Err(error) => return self.reply(token, heartbeat_error(error)),
        };
        let mut group = before.clone();
        let outcome = if leaves {
            group.leave(request, image)
        } else {
            let limits = &self.limits.consumer;
            group.heartbeat(ctx.now, token.client, request, image, limits)
        };
        let Outcome { response, mut records } = match outcome {
            Ok(outcome) => outcome,
            Err(error) => return self.reply(token, heartbeat_error(error)),
        };
        let slot = self.slot_or_create(&request.group, tp);
        if known.is_some() && self.group(slot).consumer.is_none() {
            // A classic group that nobody is in any more, or committed offsets alone.
            let tombstone = GroupRecord::Metadata { group: request.group.clone(), value: None };
            records.insert(0, tombstone);
            self.group_mut(slot).forget_members();
        }
        let reason = match before.member(&request.member_id) {
            _ if leaves => RebalanceReason::MemberLeft,
            None => RebalanceReason::NewMember,
            Some(member) if group.subscribes_alike(member) => RebalanceReason::TopicsChanged,
            Some(_) => RebalanceReason::SubscriptionChanged,
        };
        self.tell(ctx, &before, &mut group, reason, ConsumerExit::Left);
        self.group_mut(slot).consumer = Some(Box::new(group));
        self.arm_session_timer(ctx, slot);
        let response = Response::ConsumerGroupHeartbeat(Box::new(response));
        if records.is_empty() {
            self.reply(token, response);
        } else {
            let next = Continuation::Answer { token, response: Box::new(response) };
            self.append(ctx, log, slot, &records, next);
        }
    }

    /// The group that a heartbeat is for, or a new one. A classic group without members becomes a
    /// consumer group; one with members stays what it is.
    fn consumer_group_for(
        &self,
        slot: Option<Slot>,
        request: &ConsumerGroupHeartbeatRequest,
    ) -> Result<ConsumerGroup, ErrorCode> {
        let assignor = request.server_assignor.as_deref();
        let is_offered = |name: &str| {
            let assignors = &self.limits.consumer.assignors;
            ServerAssignor::of_name(name).is_some_and(|assignor| assignors.contains(&assignor))
        };
        if assignor.is_some_and(|name| !is_offered(name)) {
            return Err(ErrorCode::UnsupportedAssignor);
        }
        let known = slot.map(|slot| self.group(slot));
        match known.and_then(|group| group.consumer.as_deref()) {
            Some(group) => Ok(group.clone()),
            None if request.member_epoch != 0 => Err(ErrorCode::GroupIdNotFound),
            None if known.is_some_and(|group| group.state != GroupState::Empty) => {
                Err(ErrorCode::GroupIdNotFound)
            }
            None => Ok(ConsumerGroup::new(request.group.clone())),
        }
    }

    /// A classic member joins: a consumer group without members makes way for a classic one. False:
    /// it has members.
    pub(in super::super) fn becomes_classic(
        &mut self,
        ctx: &mut Ctx<'_>,
        slot: Slot,
        log: &mut impl OffsetsLog,
    ) -> bool {
        let Some(consumer) = &self.group(slot).consumer else { return true };
        if !consumer.members.is_empty() {
            return false;
        }
        let tombstones = [ConsumerRecord::TargetEpoch(None), ConsumerRecord::Epoch(None)];
        let records = tombstones.map(|record| consumer.record(record));
        self.group_mut(slot).consumer = None;
        self.append(ctx, log, slot, &records, Continuation::Nothing);
        true
    }

    /// The end of a member's session, or of its time to give partitions up.
    pub(in super::super) fn on_consumer_timer(
        &mut self,
        ctx: &mut Ctx<'_>,
        slot: Slot,
        image: &MetadataImage,
        log: &mut impl OffsetsLog,
    ) {
        self.group_mut(slot).session_timer = None;
        while let Some(before) = self.group(slot).consumer.clone() {
            let Some((id, exit)) = before.next_expired(ctx.now) else { break };
            let mut group = before.clone();
            if exit == ConsumerExit::RebalanceTimeout && !group.is_late(&id) {
                // It has moved on; the timer was for an epoch that is over.
                if let Some(member) = group.member_mut(&id) {
                    member.rebalance_deadline = None;
                }
                self.group_mut(slot).consumer = Some(group);
                continue;
            }
            let records = group.fence(&id, image);
            let reason = match exit {
                ConsumerExit::RebalanceTimeout => RebalanceReason::NotRevoked,
                _ => RebalanceReason::SessionExpired,
            };
            self.tell(ctx, &before, &mut group, reason, exit);
            self.group_mut(slot).consumer = Some(group);
            self.append(ctx, log, slot, &records, Continuation::Nothing);
        }
        self.arm_session_timer(ctx, slot);
    }

    /// Events of what has changed between the two.
    fn tell(
        &self,
        ctx: &mut Ctx<'_>,
        before: &ConsumerGroup,
        after: &mut ConsumerGroup,
        reason: RebalanceReason,
        exit: ConsumerExit,
    ) {
        let group = after.id.clone();
        let is_gone = |member: &&ConsumerMember| after.member(&member.id).is_none();
        let is_replaced = |member: &ConsumerMember| {
            let instance = member.metadata.instance_id.as_deref();
            instance.is_some_and(|instance| after.static_member(instance).is_some())
        };
        for member in before.members.iter().filter(is_gone).filter(|m| !is_replaced(m)) {
            let (group, member) = (group.clone(), member.metadata.node);
            ctx.emit(Event::MemberRemoved { group, member, exit });
        }
        if after.members.is_empty() && !before.members.is_empty() {
            ctx.emit(Event::GroupEmpty { group, generation: after.epoch });
            return;
        }
        if after.epoch > before.epoch {
            let (group, generation) = (group.clone(), before.epoch);
            ctx.emit(Event::RebalanceStarted { group, generation, reason });
        }
        // A static member that was away is no news.
        if after.state() == "Stable" && after.assignment_epoch > after.stable_epoch {
            after.stable_epoch = after.assignment_epoch;
            ctx.emit(Event::GroupStable {
                group,
                generation: after.assignment_epoch,
                assignment: after.assignment().into(),
            });
        }
    }
}

impl ConsumerGroup {
    /// Client ids of the members, each with what it has.
    pub(in super::super) fn assignment(&self) -> Vec<(std::sync::Arc<str>, Vec<TopicPartition>)> {
        let member = |member: &ConsumerMember| {
            (member.metadata.client_id.clone(), member.assigned.keys().copied().collect())
        };
        self.members.iter().map(member).collect()
    }

    /// Whether a member subscribes to what it did before.
    fn subscribes_alike(&self, before: &ConsumerMember) -> bool {
        let now = self.member(&before.id);
        now.is_some_and(|member| member.metadata.topics == before.metadata.topics)
    }

    /// When each member's time is over.
    pub(in super::super) fn deadlines(&self) -> impl Iterator<Item = Micros> {
        let sessions = self.members.iter().filter_map(|member| member.session_deadline_us);
        let revocations = self.members.iter().filter_map(|member| member.rebalance_deadline);
        sessions.chain(revocations.map(|(at_us, _)| at_us))
    }

    /// Whose time was over first, and what for.
    fn next_expired(&self, now: Micros) -> Option<(crate::protocol::MemberId, ConsumerExit)> {
        let sessions = self.members.iter().filter_map(|member| {
            Some((member.session_deadline_us?, member, ConsumerExit::SessionExpired))
        });
        let revocations = self.members.iter().filter_map(|member| {
            Some((member.rebalance_deadline?.0, member, ConsumerExit::RebalanceTimeout))
        });
        let expired = sessions.chain(revocations).filter(|&(at_us, ..)| at_us <= now);
        let first = expired.min_by_key(|&(at_us, ..)| at_us);
        first.map(|(_, member, exit)| (member.id.clone(), exit))
    }

    /// Whether a member is still in the epoch in which it was told to give partitions up.
    fn is_late(&self, id: &str) -> bool {
        let told = |member: &ConsumerMember| member.rebalance_deadline.map(|(_, epoch)| epoch);
        self.member(id).is_some_and(|member| told(member) == Some(member.epoch))
    }

    /// A record of the log is read again.
    pub(in super::super) fn replay(&mut self, record: ConsumerRecord) {
        match record {
            ConsumerRecord::Epoch(epoch) => {
                (self.epoch, self.metadata_hash) = epoch.unwrap_or_default();
            }
            ConsumerRecord::TargetEpoch(target) => {
                (self.assignment_epoch, self.assignment_us) = target.unwrap_or_default();
            }
            ConsumerRecord::Member { member, value: Some(metadata) } => {
                self.member_or_new(&member).metadata = metadata;
            }
            ConsumerRecord::Member { member, value: None } => {
                self.members.retain(|known| known.id != member);
            }
            ConsumerRecord::Target { member, value: Some(target) } => {
                self.targets.insert(member, target);
            }
            ConsumerRecord::Target { member, value: None } => {
                self.targets.remove(&member);
            }
            ConsumerRecord::Current { member, value } => {
                let Some(current) = value else { return };
                let member = self.member_or_new(&member);
                member.state = current.state;
                member.epoch = current.epoch;
                member.previous_epoch = current.previous_epoch;
                member.assigned = current.assigned;
                member.pending_revocation = current.pending_revocation;
            }
        }
    }

    fn member_or_new(&mut self, id: &crate::protocol::MemberId) -> &mut ConsumerMember {
        let at = self.members.iter().position(|member| member.id == *id).unwrap_or_else(|| {
            self.members.push(ConsumerMember::new(id.clone()));
            self.members.len() - 1
        });
        &mut self.members[at]
    }

    /// The group was read from the log: sessions and revocations begin anew.
    pub(in super::super) fn on_loaded(&mut self, now: Micros, session_timeout_ms: i64) {
        if self.state() == "Stable" {
            self.stable_epoch = self.assignment_epoch;
        }
        for member in &mut self.members {
            member.session_deadline_us = Some(now + session_timeout_ms.max(0) as u64 * 1000);
            let timeout_us = member.metadata.rebalance_timeout_ms.max(0) as u64 * 1000;
            let is_to_revoke = !member.pending_revocation.is_empty();
            member.rebalance_deadline = is_to_revoke.then_some((now + timeout_us, member.epoch));
        }
    }
}

pub(in super::super) fn heartbeat_error(error: ErrorCode) -> Response {
    Response::ConsumerGroupHeartbeat(Box::new(ConsumerGroupHeartbeatResponse {
        error: Some(error),
        member_id: "".into(),
        member_epoch: 0,
        heartbeat_interval_ms: 0,
        assignment: None,
    }))
}
