//! Membership of the classic protocol: when to join, what to give up before, and what to say of
//! oneself (`AbstractCoordinator`, `ConsumerCoordinator`). All of it happens inside poll(); what
//! comes after JoinGroup stands in `rebalance`.

use std::sync::Arc;

use super::Consumer;
use super::assignor::{Assignor, Memory, RebalanceProtocol};
use super::commits::Purpose;
use super::node::Tag;
use crate::engine::{SortedSet, Timer};
use crate::events::{CommitMode, Event, LossOfPartitions};
use crate::node::{ConsumerRetry, ConsumerTimer, Ctx, NodeTimer};
use crate::protocol::{
    ErrorCode, GroupMember, JoinGroupRequest, JoinGroupResponse, MemberId, MemberIdentity, Request,
    Subscription, TopicPartition,
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
pub(super) enum Phase {
    #[default]
    Idle,
    /// The auto-commit before it is awaited.
    AutoCommitting,
    /// That is over; the next poll() goes on.
    Committed,
    /// JoinGroup is in flight.
    Joining,
    /// It was answered while the application was outside poll().
    Joined(Box<JoinGroupResponse>),
    /// We lead the group and wait for fresh metadata.
    AwaitingMetadata(Vec<GroupMember>),
    /// SyncGroup is in flight.
    Syncing,
    /// It was answered: the next poll() takes the partitions over.
    Synced(Vec<TopicPartition>),
}

/// Its place in the group.
#[derive(Clone, Debug)]
pub(super) struct Membership {
    pub state: MemberState,
    /// -1: none.
    pub generation: i32,
    pub member_id: Option<MemberId>,
    pub rejoin_needed: bool,
    pub phase: Phase,
    /// Partitions are to be given back before JoinGroup.
    pub needs_join_prepare: bool,
    /// The assignor that the group chose.
    pub protocol: Arc<str>,
    /// What the assignors remember.
    pub memory: Memory,
    pub attempts: u32,
    /// Runs while the next JoinGroup has to wait.
    pub retry_timer: Option<Timer>,
    /// The leader's: partition counts of the group's topics when it last assigned.
    pub assigned_from: Option<Vec<(Arc<str>, usize)>>,
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
            memory: Memory::default(),
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
        // What it had may belong to others by now.
        self.needs_join_prepare = true;
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

    pub(super) fn assignors(&self) -> impl Iterator<Item = Assignor> {
        let classes = self.config.partition_assignment_strategy.iter();
        classes.filter_map(|class| Assignor::of_class(class))
    }

    /// Cooperative if every assignor is (`ConsumerCoordinator`).
    pub(super) fn rebalance_protocol(&self) -> RebalanceProtocol {
        match self.assignors().all(Assignor::is_cooperative) {
            true => RebalanceProtocol::Cooperative,
            false => RebalanceProtocol::Eager,
        }
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
        match std::mem::take(&mut self.membership.phase) {
            Phase::Idle if self.membership.retry_timer.is_none() => self.rejoin(ctx),
            Phase::Committed => self.finish_join_prepare(ctx),
            Phase::Joined(answer) => self.take_join(ctx, *answer),
            Phase::Synced(assignment) => self.complete_join(ctx, assignment),
            waiting => self.membership.phase = waiting,
        }
        !self.membership.is_rejoining()
    }

    /// onJoinPrepare: commit (auto), then give back what has to be given back, then JoinGroup.
    fn rejoin(&mut self, ctx: &mut Ctx<'_>) {
        if !std::mem::take(&mut self.membership.needs_join_prepare) {
            return self.send_join(ctx);
        }
        let offsets = self.to_auto_commit();
        if !self.auto_commits() || offsets.is_empty() {
            return self.finish_join_prepare(ctx);
        }
        if self.membership.is_lost() {
            if self.commits.has_news(&offsets) {
                let error = ErrorCode::UnknownMemberId;
                ctx.emit(Event::CommitFailed { mode: CommitMode::Auto, error });
            }
            return self.finish_join_prepare(ctx);
        }
        // Whoever keeps the partitions may read on meanwhile.
        self.subscription.pending_revocation =
            self.rebalance_protocol() == RebalanceProtocol::Eager;
        self.membership.phase = Phase::AutoCommitting;
        self.commit(ctx, Purpose::BeforeRebalance, offsets);
    }

    /// The auto-commit before the rejoin, or before a reconciliation, is settled.
    pub(super) fn on_join_prepared(&mut self, ctx: &mut Ctx<'_>) {
        if self.uses_consumer_protocol() {
            return self.on_reconciliation_committed(ctx);
        }
        if matches!(self.membership.phase, Phase::AutoCommitting) {
            self.membership.phase = Phase::Committed;
        }
    }

    fn finish_join_prepare(&mut self, ctx: &mut Ctx<'_>) {
        if self.app.is_closing() {
            return;
        }
        if self.membership.is_lost() {
            self.release_partitions(ctx, LossOfPartitions::Lost);
        } else if self.rebalance_protocol() == RebalanceProtocol::Eager {
            self.release_partitions(ctx, LossOfPartitions::Revoked);
        }
        self.send_join(ctx);
    }

    /// onPartitionsRevoked, or onPartitionsLost, of everything.
    pub(super) fn release_partitions(&mut self, ctx: &mut Ctx<'_>, how: LossOfPartitions) {
        self.release_all_but(ctx, &SortedSet::new(), how);
    }

    /// onPartitionsRevoked, or onPartitionsLost.
    pub(super) fn release_all_but(
        &mut self,
        ctx: &mut Ctx<'_>,
        kept: &SortedSet<TopicPartition>,
        how: LossOfPartitions,
    ) {
        let partitions = self.subscription.release_all_but(kept);
        self.fetcher.forget(&partitions);
        self.commits.forget(&partitions);
        self.restart_positions(ctx);
        if !partitions.is_empty() {
            let group = self.spec.group.clone();
            ctx.emit(Event::PartitionsReleased { group, partitions: partitions.into(), how });
        }
    }

    fn send_join(&mut self, ctx: &mut Ctx<'_>) {
        let subscription = Subscription {
            topics: self.topics.clone(),
            owned: self.subscription.owned(),
            generation: self.membership.generation,
            rack: self.rack.clone(),
            user_data: None,
        };
        let protocol = |assignor: Assignor| {
            let user_data = self.membership.memory.user_data(assignor);
            (assignor.name().into(), Subscription { user_data, ..subscription.clone() })
        };
        let request = JoinGroupRequest {
            group: self.spec.group.clone(),
            member_id: self.membership.member_id.clone(),
            group_instance_id: self.instance.clone(),
            client_id: self.client_id.clone(),
            session_timeout_ms: self.config.session_timeout_ms,
            rebalance_timeout_ms: self.config.max_poll_interval_ms,
            protocols: self.assignors().map(protocol).collect(),
        };
        if self.send_to_coordinator(ctx, Request::JoinGroup(Box::new(request)), Tag::JoinGroup) {
            self.membership.state = MemberState::Preparing;
            self.membership.phase = Phase::Joining;
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
