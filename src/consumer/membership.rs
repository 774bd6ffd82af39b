//! Membership of the classic protocol: join, sync, rejoin (`AbstractCoordinator`,
//! `ConsumerCoordinator`). All of it happens inside poll().

use std::sync::Arc;

use super::Consumer;
use super::assignor::{Assignment, Assignor};
use super::commits::Purpose;
use super::node::Tag;
use crate::engine::{SortedSet, Timer};
use crate::events::{CommitMode, Event, LossOfPartitions};
use crate::node::{ConsumerRetry, ConsumerTimer, Ctx, NodeTimer};
use crate::protocol::{
    ErrorCode, GroupMember, JoinGroupRequest, JoinGroupResponse, MemberId, MemberIdentity, Request,
    Subscription, SyncGroupRequest, SyncGroupResponse,
};

/// What subscribe() throws (`KafkaConsumer.throwIfNoAssignorsConfigured`).
const NO_ASSIGNOR: &str = "IllegalStateException: Must configure at least one partition assigner \
     class name to partition.assignment.strategy configuration property";

/// Kafka's `AbstractCoordinator.MemberState`.
#[derive(Copy, Clone, Debug, Default, PartialEq, Eq)]
pub(super) enum MemberState {
    #[default]
    Unjoined,
    Preparing,
    Completing,
    Stable,
}

impl MemberState {
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Unjoined => "unjoined",
            Self::Preparing => "preparing",
            Self::Completing => "completing",
            Self::Stable => "stable",
        }
    }

    /// Has a generation: heartbeats go out.
    pub(super) fn has_joined(self) -> bool {
        matches!(self, Self::Completing | Self::Stable)
    }
}

/// How far a rejoin has come.
#[derive(Clone, Debug, Default)]
enum Phase {
    #[default]
    Idle,
    /// The auto-commit before it is awaited.
    AutoCommitting,
    /// JoinGroup is in flight.
    Joining,
    /// We lead the group and wait for fresh metadata.
    AwaitingMetadata(Vec<GroupMember>),
    /// SyncGroup is in flight.
    Syncing,
}

/// Its place in the group.
#[derive(Clone, Debug)]
pub(super) struct Membership {
    pub state: MemberState,
    /// -1: none.
    pub generation: i32,
    pub member_id: Option<MemberId>,
    pub rejoin_needed: bool,
    phase: Phase,
    /// Partitions are to be given back before JoinGroup.
    needs_join_prepare: bool,
    protocol: Arc<str>,
    attempts: u32,
    /// Runs while the next JoinGroup has to wait.
    pub retry_timer: Option<Timer>,
    /// The leader's: partition counts of the group's topics when it last assigned.
    assigned_from: Option<Vec<(Arc<str>, usize)>>,
}

impl Default for Membership {
    fn default() -> Self {
        Self {
            state: MemberState::Unjoined,
            generation: -1,
            member_id: None,
            rejoin_needed: true,
            phase: Phase::Idle,
            needs_join_prepare: true,
            protocol: "".into(),
            attempts: 0,
            retry_timer: None,
            assigned_from: None,
        }
    }
}

impl Membership {
    /// The coordinator no longer knows us, or we left: a rejoin begins from scratch.
    pub(super) fn reset_generation(&mut self, member_id_too: bool) {
        self.generation = -1;
        if member_id_too {
            self.member_id = None;
        }
        self.state = MemberState::Unjoined;
        self.rejoin_needed = true;
    }

    /// Whether the partitions it holds may already belong to others.
    pub(super) fn is_lost(&self) -> bool {
        self.generation < 0 || self.member_id.is_none()
    }

    fn is_rejoining(&self) -> bool {
        self.rejoin_needed || !matches!(self.phase, Phase::Idle)
    }
}

impl Consumer {
    /// What subscribe() would throw.
    pub(super) fn check_subscription(&self) -> Result<(), String> {
        if self.spec.group.is_empty() {
            return Err("InvalidGroupIdException".into());
        }
        if !self.uses_consumer_protocol() && self.assignors().next().is_none() {
            return Err(NO_ASSIGNOR.into());
        }
        Ok(())
    }

    fn assignors(&self) -> impl Iterator<Item = Assignor> {
        let classes = self.config.partition_assignment_strategy.iter();
        classes.filter_map(|class| Assignor::of_class(class))
    }

    /// The part of poll() that keeps the membership. True: it is in good order, commits and
    /// positions may go on.
    pub(super) fn poll_membership(&mut self, ctx: &mut Ctx<'_>) -> bool {
        if self.uses_consumer_protocol() {
            return self.poll_consumer_membership(ctx);
        }
        if self.coordinator.node.is_none() {
            self.look_up_coordinator(ctx);
            return false;
        }
        if !self.membership.is_rejoining() {
            return true;
        }
        if matches!(self.membership.phase, Phase::Idle) && self.membership.retry_timer.is_none() {
            self.rejoin(ctx);
        }
        false
    }

    /// onJoinPrepare: commit (auto), then give everything back (eager), then JoinGroup.
    fn rejoin(&mut self, ctx: &mut Ctx<'_>) {
        if !std::mem::take(&mut self.membership.needs_join_prepare) {
            return self.send_join(ctx);
        }
        let offsets = self.subscription.all_consumed();
        if !self.auto_commits() || offsets.is_empty() {
            return self.on_join_prepared(ctx);
        }
        if self.membership.is_lost() {
            if self.commits.has_news(&offsets) {
                let error = ErrorCode::UnknownMemberId;
                ctx.emit(Event::CommitFailed { mode: CommitMode::Auto, error });
            }
            return self.on_join_prepared(ctx);
        }
        self.subscription.pending_revocation = true;
        self.membership.phase = Phase::AutoCommitting;
        self.commit(ctx, Purpose::BeforeRebalance, offsets);
    }

    pub(super) fn on_join_prepared(&mut self, ctx: &mut Ctx<'_>) {
        if self.uses_consumer_protocol() {
            return self.on_reconciliation_committed(ctx);
        }
        self.membership.phase = Phase::Idle;
        if self.app.is_closing() {
            return;
        }
        let is_lost = self.membership.is_lost();
        self.release_partitions(ctx, is_lost);
        self.send_join(ctx);
    }

    /// onPartitionsRevoked, or onPartitionsLost.
    pub(super) fn release_partitions(&mut self, ctx: &mut Ctx<'_>, is_lost: bool) {
        let partitions = self.subscription.release();
        self.fetcher.clear();
        self.commits.forget_partitions();
        self.restart_positions(ctx);
        if !partitions.is_empty() {
            let how = if is_lost { LossOfPartitions::Lost } else { LossOfPartitions::Revoked };
            let group = self.spec.group.clone();
            ctx.emit(Event::PartitionsReleased { group, partitions: partitions.into(), how });
        }
    }

    fn send_join(&mut self, ctx: &mut Ctx<'_>) {
        let subscription = Subscription {
            topics: self.spec.topics.clone(),
            owned: Vec::new(),
            generation: -1,
            rack: self.rack.clone(),
            user_data: None,
        };
        let protocols = self.assignors().map(|a| (a.name().into(), subscription.clone())).collect();
        let request = JoinGroupRequest {
            group: self.spec.group.clone(),
            member_id: self.membership.member_id.clone(),
            group_instance_id: self.instance.clone(),
            client_id: self.client_id.clone(),
            session_timeout_ms: self.config.session_timeout_ms,
            rebalance_timeout_ms: self.config.max_poll_interval_ms,
            protocols,
        };
        if self.send_to_coordinator(ctx, Request::JoinGroup(Box::new(request)), Tag::JoinGroup) {
            self.membership.state = MemberState::Preparing;
            self.membership.phase = Phase::Joining;
        }
    }

    pub(super) fn on_joined(&mut self, ctx: &mut Ctx<'_>, answer: JoinGroupResponse) {
        if !matches!(self.membership.phase, Phase::Joining) {
            return;
        }
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
        let Some(assignor) = Assignor::of_protocol(&self.membership.protocol) else {
            let unknown = &self.membership.protocol;
            let exception = format!("IllegalStateException: no assignor is called {unknown}");
            return self.fail(ctx, &exception);
        };
        let assignments = match assignor.assign(members, &cluster) {
            Ok(assignments) => assignments,
            Err(exception) => return self.fail(ctx, exception),
        };
        let topics: SortedSet<_> = members.iter().flat_map(|m| &m.subscription.topics).collect();
        let count = |topic: &Arc<str>| cluster.topics.get(topic).map_or(0, |t| t.partitions.len());
        let counts = topics.into_iter().map(|topic| (topic.clone(), count(topic))).collect();
        self.membership.assigned_from = Some(counts);
        self.send_sync(ctx, assignments);
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
        self.membership.phase = Phase::Idle;
        self.membership.rejoin_needed = false;
        self.membership.needs_join_prepare = true;
        self.membership.attempts = 0;
        ctx.emit(Event::PartitionsAssigned {
            group: self.spec.group.clone(),
            generation: self.membership.generation,
            partitions: answer.assignment.as_slice().into(),
        });
        self.subscription.assign(answer.assignment);
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

    /// A step of the rejoin failed: again at once, after a back-off, or never.
    pub(super) fn on_join_failed(&mut self, ctx: &mut Ctx<'_>, error: ErrorCode) {
        self.membership.phase = Phase::Idle;
        self.membership.rejoin_needed = true;
        match error {
            ErrorCode::MemberIdRequired | ErrorCode::RebalanceInProgress => return,
            ErrorCode::UnknownMemberId => return self.membership.reset_generation(true),
            ErrorCode::IllegalGeneration => return self.membership.reset_generation(false),
            ErrorCode::CoordinatorNotAvailable | ErrorCode::NotCoordinator => {
                self.mark_coordinator_unknown();
            }
            ErrorCode::CoordinatorLoadInProgress | ErrorCode::NetworkException => {}
            fatal => return self.fail(ctx, &exception_of(fatal)),
        }
        let backoff_us = self.retry_backoff_us(self.membership.attempts, ctx.rng);
        self.membership.attempts = self.membership.attempts.saturating_add(1);
        if self.membership.retry_timer.is_none() {
            let timer = NodeTimer::Consumer(ConsumerTimer::Retry(ConsumerRetry::Join));
            self.membership.retry_timer = Some(ctx.set_timer(backoff_us, timer));
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

    /// How it introduces itself to the coordinator.
    pub(super) fn identity(&self) -> MemberIdentity {
        MemberIdentity {
            group: self.spec.group.clone(),
            generation: self.membership.generation,
            member_id: self.membership.member_id.clone().unwrap_or_else(|| "".into()),
            group_instance_id: self.instance.clone(),
        }
    }

    /// LeaveGroup, but for static members: they mean to come back. False: nothing was sent.
    pub(super) fn leave_group(&mut self, ctx: &mut Ctx<'_>) -> bool {
        if self.uses_consumer_protocol() {
            return self.leave_consumer_group(ctx);
        }
        let is_member =
            self.membership.state != MemberState::Unjoined && self.membership.member_id.is_some();
        let identity = self.identity();
        let sent = self.instance.is_none() && is_member && {
            let request = Request::LeaveGroup(Box::new(identity));
            self.send_to_coordinator(ctx, request, Tag::LeaveGroup)
        };
        self.membership.reset_generation(true);
        sent
    }
}

/// Kafka's exception for an error: `FENCED_INSTANCE_ID` is a FencedInstanceIdException.
pub(super) fn exception_of(error: ErrorCode) -> String {
    let words = error.name().split('_').map(|word| {
        let (first, rest) = word.split_at(1.min(word.len()));
        format!("{first}{}", rest.to_ascii_lowercase())
    });
    words.chain(["Exception".into()]).collect()
}
