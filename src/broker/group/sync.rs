//! SyncGroup: the leader's assignment goes into the log, then to every member.

use std::sync::Arc;

use super::GroupCoordinator;
use super::answer::sync_error;
use super::classic_group::GroupState;
use super::coordinator::Slot;
use super::pending::Continuation;
use super::records::{
    GroupMetadata, GroupRecord, MemberMetadata, encode_assignment, encode_subscription,
};
use crate::broker::RequestToken;
use crate::broker::internal_topic::{InternalLog, translate_append_error};
use crate::engine::{Micros, NodeId};
use crate::events::{Event, RebalanceReason};
use crate::metadata::MetadataImage;
use crate::node::Ctx;
use crate::protocol::{
    ErrorCode, MemberId, Response, SyncGroupRequest, SyncGroupResponse, TopicPartition,
    wall_clock_ms,
};

/// Who gets what, as the leader of the group has it.
pub(super) type Assignments = [(MemberId, Vec<TopicPartition>)];

impl GroupCoordinator {
    pub(super) fn sync(
        &mut self,
        ctx: &mut Ctx<'_>,
        token: RequestToken,
        request: SyncGroupRequest,
        image: &MetadataImage,
        log: &mut impl InternalLog,
    ) {
        match self.accept_sync(ctx, token, &request) {
            Err(error) => self.reply(token, sync_error(error)),
            Ok(Sync::Current(response)) => self.reply(token, response),
            Ok(Sync::Parked) => {}
            Ok(Sync::Leader(slot)) => {
                let assignments = request.assignments;
                let record = self.metadata_record(slot, ctx.now, Some(&assignments), image);
                let generation = self.group(slot).generation;
                let next = Continuation::Assignment { generation, assignments };
                self.append(ctx, log, slot, &[record], next);
            }
        }
    }

    fn accept_sync(
        &mut self,
        ctx: &mut Ctx<'_>,
        token: RequestToken,
        request: &SyncGroupRequest,
    ) -> Result<Sync, ErrorCode> {
        let slot = self.slot_of(&request.group).ok_or(ErrorCode::UnknownMemberId)?;
        let instance = request.group_instance_id.as_deref();
        let id = &request.member_id;
        let group = self.group_mut(slot);
        group.validate_generation(id, instance, request.generation)?;
        if request.protocol.is_some()
            && group.protocol.is_some()
            && request.protocol != group.protocol
        {
            return Err(ErrorCode::InconsistentGroupProtocol);
        }
        match group.state {
            GroupState::Empty => return Err(ErrorCode::UnknownMemberId),
            GroupState::PreparingRebalance => return Err(ErrorCode::RebalanceInProgress),
            GroupState::CompletingRebalance | GroupState::Stable => {}
        }
        let (state, is_leader) = (group.state, group.is_leader(id));
        let protocol = group.protocol.clone();
        let member = group.member_mut(id).ok_or(ErrorCode::UnknownMemberId)?;
        let outcome = if state == GroupState::Stable {
            Sync::Current(synced(protocol, member.assignment.clone()))
        } else {
            member.syncing = Some(token);
            if is_leader { Sync::Leader(slot) } else { Sync::Parked }
        };
        group.pending_syncs.remove(id);
        if group.pending_syncs.is_empty() {
            self.cancel_rebalance_timer(ctx, slot);
        }
        Ok(outcome)
    }

    /// The assignment is committed (or not): members get it, unless the group has moved on.
    pub(super) fn on_assignment_done(
        &mut self,
        ctx: &mut Ctx<'_>,
        slot: Slot,
        generation: i32,
        assignments: Vec<(MemberId, Vec<TopicPartition>)>,
        result: Result<(), ErrorCode>,
    ) {
        let now = ctx.now;
        let group = self.group_mut(slot);
        if group.state != GroupState::CompletingRebalance || group.generation != generation {
            return;
        }
        if let Err(error) = result {
            self.reset_assignment(ctx, slot, translate_append_error(error));
            return self.begin_rebalance(ctx, slot, RebalanceReason::AssignmentNotStored);
        }
        group.transition_to(GroupState::Stable);
        let protocol = group.protocol.clone();
        let mut answers = Vec::new();
        for member in &mut group.members {
            let assigned = assignments.iter().find(|(id, _)| *id == member.id);
            member.assignment = assigned.map(|(_, tps)| tps.clone()).unwrap_or_default();
            if let Some(token) = member.syncing.take() {
                member.renew_session(now);
                answers.push((token, member.assignment.clone()));
            }
        }
        let members = group.members.iter();
        let assignment = members.map(|m| (m.client_id.clone(), m.assignment.clone())).collect();
        ctx.emit(Event::GroupStable { group: group.id.clone(), generation, assignment });
        for (token, assignment) in answers {
            self.reply(token, synced(protocol.clone(), assignment));
        }
        self.arm_session_timer(ctx, slot);
    }

    /// The group as it is written to the log; `assignments` replace those the members have.
    pub(super) fn metadata_record(
        &self,
        slot: Slot,
        now: Micros,
        assignments: Option<&Assignments>,
        image: &MetadataImage,
    ) -> GroupRecord {
        let group = self.group(slot);
        let protocol = group.protocol.as_deref().unwrap_or_default();
        let members = group.members.iter().map(|member| {
            let new = assignments
                .and_then(|all| all.iter().find(|(id, _)| *id == member.id))
                .map_or(&[][..], |(_, assignment)| assignment);
            let assignment = if assignments.is_some() { new } else { &member.assignment };
            let seen = member.as_seen_by_leader(protocol);
            MemberMetadata {
                member_id: member.id.clone(),
                group_instance_id: member.group_instance_id.clone(),
                client_id: member.client_id.clone(),
                client_host: host_of(member.node).into(),
                rebalance_timeout_ms: member.rebalance_timeout_ms as i32,
                session_timeout_ms: member.session_timeout_ms as i32,
                subscription: encode_subscription(&seen.subscription, image),
                assignment: encode_assignment(assignment, image),
            }
        });
        GroupRecord::Metadata {
            group: group.id.clone(),
            value: Some(GroupMetadata {
                protocol_type: "consumer".into(),
                generation: group.generation,
                protocol: group.protocol.clone(),
                leader: group.leader.clone(),
                current_state_timestamp_ms: wall_clock_ms(now),
                members: members.collect(),
            }),
        }
    }
}

/// What becomes of a SyncGroup.
enum Sync {
    /// The group is stable: answered at once.
    Current(Response),
    /// It waits for the leader's.
    Parked,
    /// It is the leader's: the assignment goes into the log.
    Leader(Slot),
}

fn synced(protocol: Option<Arc<str>>, assignment: Vec<TopicPartition>) -> Response {
    Response::SyncGroup(Box::new(SyncGroupResponse { error: None, protocol, assignment }))
}

/// The address a node connects from.
pub(super) fn host_of(node: NodeId) -> String {
    format!("/10.0.{}.{}", node.0 >> 8, node.0 & 0xff)
}

/// The inverse of [`host_of`].
pub(super) fn node_at(host: &str) -> Option<NodeId> {
    let (high, low) = host.strip_prefix("/10.0.")?.split_once('.')?;
    Some(NodeId(u16::from(high.parse::<u8>().ok()?) << 8 | u16::from(low.parse::<u8>().ok()?)))
}
