//! A rebalance from JoinGroup's answer on: the leader assigns, everybody syncs and takes over what
//! is theirs (`ConsumerCoordinator.onLeaderElected`, `onJoinComplete`).

use std::sync::Arc;

use super::Consumer;
use super::assignor::{Assignment, Assignor};
use super::membership::{MemberState, Phase};
use super::node::Tag;
use crate::engine::SortedSet;
use crate::events::{Event, LossOfPartitions};
use crate::node::Ctx;
use crate::protocol::{
    ErrorCode, GroupMember, JoinGroupResponse, Request, SyncGroupRequest, SyncGroupResponse,
    TopicPartition,
};

impl Consumer {
    /// Until the member has joined there is no heartbeat thread that would look at the answer: it
    /// waits for the next poll().
    pub(super) fn on_joined(&mut self, ctx: &mut Ctx<'_>, answer: JoinGroupResponse) {
        if !matches!(self.membership.phase, Phase::Joining) {
            return;
        }
        match self.app.is_outside_poll() {
            true => self.membership.phase = Phase::Joined(Box::new(answer)),
            false => self.take_join(ctx, answer),
        }
    }

    pub(super) fn take_join(&mut self, ctx: &mut Ctx<'_>, answer: JoinGroupResponse) {
        if let Some(error) = answer.error {
            if error == ErrorCode::MemberIdRequired {
                self.membership.reset_generation(true);
                self.membership.member_id = Some(answer.member_id);
            }
            return self.on_join_failed(ctx, error);
        }
        let membership = &mut self.membership;
        membership.state = MemberState::Completing;
        membership.generation = answer.generation;
        membership.protocol = answer.protocol;
        membership.assigned_from = None;
        let is_leader = answer.leader == answer.member_id;
        membership.member_id = Some(answer.member_id);
        self.enable_heartbeats(ctx);
        if !is_leader || answer.skip_assignment {
            self.send_sync(ctx, Vec::new());
        } else if self.metadata.is_stale() {
            self.membership.phase = Phase::AwaitingMetadata(answer.members);
            self.request_metadata_update(ctx);
        } else {
            self.assign(ctx, &answer.members);
        }
    }

    /// The leader's part: who gets what.
    fn assign(&mut self, ctx: &mut Ctx<'_>, members: &[GroupMember]) {
        let Some(cluster) = self.metadata.cluster.clone() else { return };
        let Some(assignor) = self.chosen_assignor(ctx) else { return };
        let assignments = match assignor.assign(members, &cluster) {
            Ok(assignments) => assignments,
            Err(exception) => return self.fail(ctx, &exception),
        };
        let topics: SortedSet<_> = members.iter().flat_map(|m| &m.subscription.topics).collect();
        let count = |topic: &Arc<str>| cluster.topics.get(topic).map_or(0, |t| t.partitions.len());
        let counts = topics.into_iter().map(|topic| (topic.clone(), count(topic))).collect();
        self.membership.assigned_from = Some(counts);
        self.send_sync(ctx, assignments);
    }

    /// The one of our assignors that the group has chosen; poll() throws if it is none of them.
    fn chosen_assignor(&mut self, ctx: &mut Ctx<'_>) -> Option<Assignor> {
        let chosen = self.membership.protocol.clone();
        let assignor = self.assignors().find(|assignor| assignor.name() == &*chosen);
        if assignor.is_none() {
            let what = "Coordinator selected invalid assignment protocol";
            self.fail(ctx, &format!("IllegalStateException: {what}: {chosen}"));
        }
        assignor
    }

    fn send_sync(&mut self, ctx: &mut Ctx<'_>, assignments: Assignment) {
        let identity = self.identity();
        let request = Request::SyncGroup(Box::new(SyncGroupRequest {
            group: identity.group,
            generation: identity.generation,
            member_id: identity.member_id,
            group_instance_id: identity.group_instance_id,
            protocol: Some(self.membership.protocol.clone()),
            assignments,
        }));
        self.membership.phase = Phase::Syncing;
        if !self.send_to_coordinator(ctx, request, Tag::SyncGroup) {
            self.on_join_failed(ctx, ErrorCode::CoordinatorNotAvailable);
        }
    }

    pub(super) fn on_synced(&mut self, ctx: &mut Ctx<'_>, answer: SyncGroupResponse) {
        if !matches!(self.membership.phase, Phase::Syncing) {
            return;
        }
        if let Some(error) = answer.error {
            return self.on_join_failed(ctx, error);
        }
        if self.membership.state != MemberState::Completing {
            // The heartbeat thread learnt meanwhile that we are out.
            return self.on_join_failed(ctx, ErrorCode::RebalanceInProgress);
        }
        self.membership.state = MemberState::Stable;
        self.membership.rejoin_needed = false;
        self.membership.phase = Phase::Synced(answer.assignment);
    }

    /// onJoinComplete: what others are to get is revoked, and asked for again at once by joining
    /// anew; what is new is taken over; what stays is not touched.
    pub(super) fn complete_join(&mut self, ctx: &mut Ctx<'_>, assignment: Vec<TopicPartition>) {
        if self.membership.state != MemberState::Stable {
            // The heartbeat thread learnt meanwhile that we are out.
            return self.membership.reset_generation(true);
        }
        let Some(assignor) = self.chosen_assignor(ctx) else { return };
        self.membership.needs_join_prepare = true;
        self.membership.attempts = 0;
        let assigned: SortedSet<_> = assignment.iter().copied().collect();
        // An eager member has given up everything before it joined.
        if self.subscription.owned().iter().any(|tp| !assigned.contains(tp)) {
            self.release_all_but(ctx, &assigned, LossOfPartitions::Revoked);
            self.membership.rejoin_needed = true;
        }
        if let Some(cluster) = &self.metadata.cluster {
            let generation = self.membership.generation;
            self.membership.memory.on_assignment(assignor, &assignment, generation, cluster);
        }
        let added = self.subscription.assign_more(&assigned);
        self.restore(&added);
        ctx.emit(Event::PartitionsAssigned {
            group: self.spec.group.clone(),
            generation: self.membership.generation,
            partitions: added.into(),
        });
        self.restart_positions(ctx);
        self.restart_auto_commit_timer(ctx);
        self.fetcher.partitions_changed();
        if let Some(cluster) = self.metadata.cluster.clone() {
            self.subscription.update_leaders(&cluster);
            self.check_assignment_is_current();
        }
        if self.subscription.partitions.iter().any(|assigned| assigned.leader.is_none()) {
            self.request_metadata_update(ctx);
        }
    }

    /// Fresh metadata is here: a leader that waited for it assigns, one that has assigned looks
    /// whether it would still do the same.
    pub(super) fn on_metadata_refreshed(&mut self, ctx: &mut Ctx<'_>) {
        if matches!(self.membership.phase, Phase::AwaitingMetadata(_)) {
            let phase = std::mem::take(&mut self.membership.phase);
            if let Phase::AwaitingMetadata(members) = phase {
                self.assign(ctx, &members);
            }
        }
        self.check_assignment_is_current();
    }

    fn check_assignment_is_current(&mut self) {
        let Some(cluster) = &self.metadata.cluster else { return };
        let is_current = |(topic, count): &(Arc<str>, usize)| {
            cluster.topics.get(topic).map_or(0, |topic| topic.partitions.len()) == *count
        };
        let assigned_from = self.membership.assigned_from.as_ref();
        if assigned_from.is_some_and(|counts| !counts.iter().all(is_current)) {
            self.membership.rejoin_needed = true;
        }
    }
}
