//! ConsumerGroupHeartbeat: the one request of the protocol (`GroupMetadataManager.consumerGroupHeartbeat`).

use super::group::{ConsumerGroup, ConsumerGroupLimits};
use super::member::{ConsumerMember, ConsumerMemberState, Epochs};
use super::reconcile::Reconciliation;
use super::records::ConsumerRecord;
use crate::broker::group::GroupRecord;
use crate::engine::{Micros, NodeId};
use crate::metadata::MetadataImage;
use crate::protocol::{
    ConsumerGroupHeartbeatRequest, ConsumerGroupHeartbeatResponse, ErrorCode,
    LEAVE_GROUP_MEMBER_EPOCH, LEAVE_GROUP_STATIC_MEMBER_EPOCH, MemberId, TopicPartition,
};

type Request = ConsumerGroupHeartbeatRequest;

/// What a heartbeat brings about.
pub(super) struct Outcome {
    pub response: ConsumerGroupHeartbeatResponse,
    /// What goes into the log before the answer goes out.
    pub records: Vec<GroupRecord>,
}

impl ConsumerGroup {
    /// A heartbeat of `from`. On an error the group is no longer to be used: whoever calls keeps a
    /// copy.
    pub(super) fn heartbeat(
        &mut self,
        now: Micros,
        from: NodeId,
        request: &Request,
        image: &MetadataImage,
        limits: &ConsumerGroupLimits,
    ) -> Result<Outcome, ErrorCode> {
        let mut records = Vec::new();
        let is_known = self.member(&request.member_id).is_some();
        if !is_known && self.members.len() >= limits.max_size {
            return Err(ErrorCode::GroupMaxSizeReached);
        }
        let before = self.get_or_subscribe(request, &mut records)?;
        let subscription_changed = self.update_metadata(from, request, &before, &mut records);
        if subscription_changed || self.compute_metadata_hash(image) != self.metadata_hash {
            self.bump_epoch(image, &mut records);
        } else if self.assignment_epoch == 0 {
            records.push(self.epoch_record());
        }
        self.maybe_update_target(now, image, limits, &mut records);
        let member = self.reconcile(now, request, image, subscription_changed, &mut records);
        let Some(member) = member else { return Err(ErrorCode::UnknownMemberId) };
        member.session_deadline_us = Some(now + limits.session_timeout_ms.max(0) as u64 * 1000);
        let says_all = request.rebalance_timeout_ms.is_some()
            && request.topics.is_some()
            && request.owned.is_some();
        let is_told = request.member_epoch == 0 || says_all || member.assigned != before.assigned;
        let response = ConsumerGroupHeartbeatResponse {
            error: None,
            member_id: member.id.clone(),
            member_epoch: member.epoch,
            heartbeat_interval_ms: limits.heartbeat_interval_ms,
            assignment: is_told.then(|| member.assigned.keys().copied().collect()),
        };
        Ok(Outcome { response, records })
    }

    /// The member that speaks, as it was before; a new one is added.
    fn get_or_subscribe(
        &mut self,
        request: &Request,
        records: &mut Vec<GroupRecord>,
    ) -> Result<ConsumerMember, ErrorCode> {
        let id = &request.member_id;
        let joins = request.member_epoch == 0;
        let known = match &request.instance_id {
            None => self.member(id),
            Some(instance) => self.static_member(instance),
        };
        let Some(known) = known else {
            if !joins {
                return Err(ErrorCode::UnknownMemberId);
            }
            let member = self.member(id).cloned();
            let member = member.unwrap_or_else(|| ConsumerMember::new(id.clone()));
            if self.member(id).is_none() {
                self.members.push(member.clone());
            }
            return Ok(member);
        };
        if request.instance_id.is_none() || !joins {
            if known.id != *id {
                return Err(ErrorCode::FencedInstanceId);
            }
            validate_epoch(known, request.member_epoch, request.owned.as_deref())?;
            return Ok(known.clone());
        }
        // A static member is back, with the same id or another.
        if known.epoch != LEAVE_GROUP_STATIC_MEMBER_EPOCH {
            return Err(ErrorCode::UnreleasedInstanceId);
        }
        let known = known.clone();
        Ok(self.replace(&known, id, records))
    }

    /// A static member takes over what `old` had, under another id.
    fn replace(
        &mut self,
        old: &ConsumerMember,
        id: &MemberId,
        records: &mut Vec<GroupRecord>,
    ) -> ConsumerMember {
        let target = self.targets.get(&old.id).cloned().unwrap_or_default();
        self.remove(&old.id, records);
        let member = ConsumerMember {
            id: id.clone(),
            epoch: 0,
            previous_epoch: 0,
            session_deadline_us: None,
            rebalance_deadline: None,
            ..old.clone()
        };
        self.members.push(member.clone());
        self.targets.insert(id.clone(), target.clone());
        let value = Some(member.metadata.clone());
        records.push(self.record(ConsumerRecord::Member { member: id.clone(), value }));
        let value = Some(target);
        records.push(self.record(ConsumerRecord::Target { member: id.clone(), value }));
        records.push(self.record(ConsumerRecord::current(&member)));
        member
    }

    /// Takes over what the member says of itself; whether it subscribes to others topics now.
    fn update_metadata(
        &mut self,
        from: NodeId,
        request: &Request,
        before: &ConsumerMember,
        records: &mut Vec<GroupRecord>,
    ) -> bool {
        let Some(member) = self.member_mut(&request.member_id) else { return false };
        let metadata = &mut member.metadata;
        let update = |known: &mut Option<_>, news: &Option<_>| {
            if news.is_some() {
                known.clone_from(news);
            }
        };
        update(&mut metadata.instance_id, &request.instance_id);
        update(&mut metadata.rack_id, &request.rack_id);
        update(&mut metadata.server_assignor, &request.server_assignor);
        if let Some(timeout_ms) = request.rebalance_timeout_ms {
            metadata.rebalance_timeout_ms = timeout_ms;
        }
        if let Some(topics) = &request.topics {
            metadata.topics = topics.iter().cloned().collect();
        }
        metadata.client_id = request.client_id.clone();
        metadata.node = from;
        if *metadata == before.metadata {
            return false;
        }
        let changed = metadata.topics != before.metadata.topics;
        let value = Some(metadata.clone());
        let member = request.member_id.clone();
        records.push(self.record(ConsumerRecord::Member { member, value }));
        changed
    }

    /// Leads the member one step towards its target.
    fn reconcile(
        &mut self,
        now: Micros,
        request: &Request,
        image: &MetadataImage,
        subscription_changed: bool,
        records: &mut Vec<GroupRecord>,
    ) -> Option<&mut ConsumerMember> {
        let id = &request.member_id;
        let member = self.member(id)?;
        let target = self.targets.get(id).cloned().unwrap_or_default();
        let subscribed = member.topic_ids(|name| image.topic_id(name));
        let is_there = !subscription_changed && member.is_reconciled_to(self.assignment_epoch);
        let reconciliation = Reconciliation {
            target_epoch: self.assignment_epoch,
            target: &target,
            subscribed: &subscribed,
            subscription_changed,
            owned: request.owned.as_deref(),
            is_held: &|tp| self.members.iter().any(|member| member.holds(tp)),
        };
        let mut next = reconciliation.next(member);
        if is_there || next.is_as_current_as(member) {
            return self.member_mut(id);
        }
        let timeout_us = next.metadata.rebalance_timeout_ms.max(0) as u64 * 1000;
        let is_to_revoke = next.state == ConsumerMemberState::UnrevokedPartitions;
        next.rebalance_deadline = is_to_revoke.then_some((now + timeout_us, next.epoch));
        records.push(self.record(ConsumerRecord::current(&next)));
        let member = self.member_mut(id)?;
        *member = next;
        Some(member)
    }

    /// A member leaves for good, or a static one for a while.
    pub(super) fn leave(
        &mut self,
        request: &Request,
        image: &MetadataImage,
    ) -> Result<Outcome, ErrorCode> {
        let known = match &request.instance_id {
            None => self.member(&request.member_id),
            Some(instance) => self.static_member(instance),
        };
        let known = known.ok_or(ErrorCode::UnknownMemberId)?.id.clone();
        if known != request.member_id {
            return Err(ErrorCode::FencedInstanceId);
        }
        let is_static = request.instance_id.is_some();
        let comes_back = is_static && request.member_epoch == LEAVE_GROUP_STATIC_MEMBER_EPOCH;
        let records = match self.member_mut(&known) {
            Some(member) if comes_back => {
                member.epoch = LEAVE_GROUP_STATIC_MEMBER_EPOCH;
                member.pending_revocation = Epochs::new();
                // Kafka writes no epochs of partitions for a member without one.
                member.assigned.values_mut().for_each(|epoch| *epoch = 0);
                let current = ConsumerRecord::current(member);
                vec![self.record(current)]
            }
            _ => self.fence(&known, image),
        };
        let member_epoch =
            if comes_back { LEAVE_GROUP_STATIC_MEMBER_EPOCH } else { LEAVE_GROUP_MEMBER_EPOCH };
        let response = ConsumerGroupHeartbeatResponse {
            error: None,
            member_id: known,
            member_epoch,
            heartbeat_interval_ms: 0,
            assignment: None,
        };
        Ok(Outcome { response, records })
    }
}

/// The epoch that the coordinator knows, or the one before when the answer with the new one was
/// lost: the member then has nothing that it should not have.
fn validate_epoch(
    member: &ConsumerMember,
    epoch: i32,
    owned: Option<&[TopicPartition]>,
) -> Result<(), ErrorCode> {
    let owns_its_own =
        || owned.is_some_and(|owned| owned.iter().all(|tp| member.assigned.contains_key(tp)));
    let lost_an_answer =
        || epoch < member.epoch && epoch == member.previous_epoch && owns_its_own();
    if epoch == 0 || epoch == member.epoch || lost_an_answer() {
        Ok(())
    } else {
        Err(ErrorCode::FencedMemberEpoch)
    }
}
