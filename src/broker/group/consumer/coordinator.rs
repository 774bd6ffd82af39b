//! Where groups of the consumer protocol meet requests, time and the log.

use super::group::ConsumerGroup;
use super::heartbeat::Outcome;
use super::member::ConsumerMember;
use super::records::ConsumerRecord;
use crate::broker::RequestToken;
use crate::broker::group::assignor::ServerAssignor;
use crate::broker::group::classic_group::GroupState;
use crate::broker::group::coordinator::Slot;
use crate::broker::group::pending::{Continuation, internal_batch};
use crate::broker::group::{GroupCoordinator, GroupRecord};
use crate::broker::internal_topic::{InternalLog, translate_append_error};
use crate::engine::Micros;
use crate::events::{ConsumerExit, Event, RebalanceReason};
use crate::metadata::MetadataImage;
use crate::node::Ctx;
use crate::protocol::{
    ConsumerGroupHeartbeatRequest, ConsumerGroupHeartbeatResponse, ErrorCode, Response,
    TopicPartition,
};

/// What a timer could not write it tries again after this (CoordinatorTimerImpl).
const TIMER_RETRY_US: Micros = 500_000;

impl GroupCoordinator {
    pub(in super::super) fn consumer_heartbeat(
        &mut self,
        ctx: &mut Ctx<'_>,
        token: RequestToken,
        request: &ConsumerGroupHeartbeatRequest,
        tp: TopicPartition,
        image: &MetadataImage,
        log: &mut impl InternalLog,
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
        let takes_over = known.is_some() && self.group(slot).consumer.is_none();
        if takes_over {
            // A classic group that nobody is in any more, or committed offsets alone.
            let tombstone = GroupRecord::Metadata { group: request.group.clone(), value: None };
            records.insert(0, tombstone);
        }
        let response = Response::ConsumerGroupHeartbeat(Box::new(response));
        if records.is_empty() {
            self.reply(token, response);
        } else {
            let batch = internal_batch(ctx, &records);
            match self.write(ctx, log, slot, batch) {
                Ok(append) => {
                    let next = Continuation::Answer { token, response: Box::new(response) };
                    self.await_commit(ctx, slot, append, next);
                }
                // Nothing has happened, then.
                Err(error) => {
                    let error = translate_append_error(error);
                    return self.reply(token, heartbeat_error(error));
                }
            }
        }
        if takes_over {
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
        log: &mut impl InternalLog,
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
        log: &mut impl InternalLog,
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
            let batch = internal_batch(ctx, &records);
            match self.write(ctx, log, slot, batch) {
                Ok(append) => {
                    self.await_commit(ctx, slot, append, Continuation::Nothing);
                    self.tell(ctx, &before, &mut group, reason, exit);
                }
                Err(_) => {
                    group = before;
                    group.postpone(&id, ctx.now + TIMER_RETRY_US);
                }
            }
            self.group_mut(slot).consumer = Some(group);
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
