//! Membership of the consumer protocol (group.protocol=consumer, KIP-848): Kafka's
//! `ConsumerMembershipManager` and `ConsumerHeartbeatRequestManager`.
//!
//! There is no join and no sync. Heartbeats go out as often as the coordinator says, whatever the
//! application does, and their answers say what to own. Inside poll() the consumer gives up what it
//! shall no longer own, takes what is new, and says so with the next heartbeat at once. What it
//! keeps it goes on reading.

use super::Consumer;
use super::commits::Purpose;
use super::membership::{MemberState, exception_of};
use super::node::Tag;
use crate::config::GroupProtocol;
use crate::engine::{Micros, Rng, SortedSet};
use crate::events::{Event, LossOfPartitions};
use crate::node::Ctx;
use crate::protocol::{
    ConsumerGroupHeartbeatRequest, ConsumerGroupHeartbeatResponse, ErrorCode,
    LEAVE_GROUP_MEMBER_EPOCH, LEAVE_GROUP_STATIC_MEMBER_EPOCH, MemberId, Request, TopicPartition,
};

/// Kafka's `MemberState` of the consumer protocol.
#[derive(Copy, Clone, Debug, Default, PartialEq, Eq)]
pub(super) enum State {
    #[default]
    Unsubscribed,
    Joining,
    /// What it owns is not what it shall own.
    Reconciling,
    /// It has reconciled, and the coordinator is to hear of it.
    Acknowledging,
    Stable,
    /// The coordinator does not know it any more: its partitions are lost.
    Fenced,
    /// It left because poll() was not called for max.poll.interval.ms.
    Stale,
}

impl State {
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Unsubscribed => "unsubscribed",
            Self::Joining => "joining",
            Self::Reconciling => "reconciling",
            Self::Acknowledging => "acknowledging",
            Self::Stable => "stable",
            Self::Fenced => "fenced",
            Self::Stale => "stale",
        }
    }

    /// Heartbeats go out.
    fn is_in_group(self) -> bool {
        !matches!(self, Self::Unsubscribed | Self::Fenced | Self::Stale)
    }
}

/// Its place in a group of the consumer protocol. Member id and epoch are in the classic
/// membership, whence commits take them.
#[derive(Clone, Debug, Default)]
pub(super) struct ConsumerMembership {
    pub state: State,
    /// What the coordinator wants it to own.
    target: SortedSet<TopicPartition>,
    /// The auto-commit before a reconciliation is awaited.
    committing: bool,
    in_flight: bool,
    /// A heartbeat shall go out as soon as one can.
    is_urgent: bool,
    /// The coordinator may not know what it was told: the next heartbeat says everything.
    says_all: bool,
    /// What it last said that it owns.
    told: Vec<TopicPartition>,
    interval_us: Micros,
    attempts: u32,
}

impl Consumer {
    pub(super) fn uses_consumer_protocol(&self) -> bool {
        self.config.group_protocol == GroupProtocol::Consumer
    }

    /// The part of poll() that keeps the membership. True: commits and positions may go on.
    pub(super) fn poll_consumer_membership(&mut self, ctx: &mut Ctx<'_>) -> bool {
        match self.consumer_membership.state {
            State::Unsubscribed => self.join_consumer_group(ctx),
            State::Fenced | State::Stale => {
                self.release_partitions(ctx, LossOfPartitions::Lost);
                self.join_consumer_group(ctx);
            }
            State::Reconciling if !self.consumer_membership.committing => self.reconcile(ctx),
            _ => {}
        }
        if self.coordinator.node.is_none() {
            self.look_up_coordinator(ctx);
        }
        let is_member = self.membership.state == MemberState::Stable;
        is_member && self.coordinator.node.is_some() && !self.consumer_membership.committing
    }

    fn join_consumer_group(&mut self, ctx: &mut Ctx<'_>) {
        self.consumer_membership = ConsumerMembership {
            state: State::Joining,
            says_all: true,
            in_flight: self.consumer_membership.in_flight,
            ..ConsumerMembership::default()
        };
        self.membership.member_id.get_or_insert_with(|| random_uuid(ctx.rng));
        self.membership.generation = 0;
        self.heartbeat_now(ctx);
    }

    pub(super) fn heartbeat_now(&mut self, ctx: &mut Ctx<'_>) {
        self.consumer_membership.is_urgent = true;
        self.send_urgent_heartbeat(ctx);
    }

    /// Sends what is due and could not go out before.
    pub(super) fn send_urgent_heartbeat(&mut self, ctx: &mut Ctx<'_>) {
        let membership = &self.consumer_membership;
        if membership.is_urgent && !membership.in_flight && self.coordinator.node.is_some() {
            self.send_consumer_heartbeat(ctx);
        }
    }

    fn send_consumer_heartbeat(&mut self, ctx: &mut Ctx<'_>) {
        let owned = self.subscription.owned();
        let says_all = std::mem::take(&mut self.consumer_membership.says_all);
        let says_owned = says_all || owned != self.consumer_membership.told;
        let rack = (!self.config.client_rack.is_empty()).then(|| &*self.config.client_rack);
        let assignor = self.config.group_remote_assignor.as_deref();
        let request = ConsumerGroupHeartbeatRequest {
            rack_id: rack.filter(|_| says_all).map(Into::into),
            rebalance_timeout_ms: says_all.then_some(self.config.max_poll_interval_ms),
            topics: says_all.then(|| self.topics.clone()),
            server_assignor: assignor.filter(|_| says_all).map(Into::into),
            owned: says_owned.then(|| owned.clone()),
            ..self.bare_heartbeat(self.membership.generation)
        };
        let membership = &mut self.consumer_membership;
        membership.told = owned;
        membership.is_urgent = false;
        membership.in_flight = true;
        if membership.state == State::Acknowledging {
            membership.state = State::Stable;
        }
        let interval_us = membership.interval_us.max(1000);
        let request = Request::ConsumerGroupHeartbeat(Box::new(request));
        self.send_to_coordinator(ctx, request, Tag::ConsumerGroupHeartbeat);
        self.heartbeat_after(ctx, interval_us);
    }

    /// A heartbeat that says nothing but that it is there.
    fn bare_heartbeat(&self, member_epoch: i32) -> ConsumerGroupHeartbeatRequest {
        ConsumerGroupHeartbeatRequest {
            group: self.spec.group.clone(),
            member_id: self.membership.member_id.clone().unwrap_or_else(|| "".into()),
            member_epoch,
            instance_id: self.instance.clone(),
            rack_id: None,
            client_id: self.client_id.clone(),
            rebalance_timeout_ms: None,
            topics: None,
            server_assignor: None,
            owned: None,
        }
    }

    pub(super) fn on_consumer_heartbeat_timer(&mut self, ctx: &mut Ctx<'_>) {
        if !self.consumer_membership.state.is_in_group() {
            return;
        }
        if self.coordinator.node.is_none() {
            self.look_up_coordinator(ctx);
        }
        self.heartbeat_now(ctx);
    }

    pub(super) fn on_consumer_heartbeat_answered(
        &mut self,
        ctx: &mut Ctx<'_>,
        answer: ConsumerGroupHeartbeatResponse,
    ) {
        self.consumer_membership.in_flight = false;
        if !self.consumer_membership.state.is_in_group() {
            return;
        }
        if let Some(error) = answer.error {
            return self.on_consumer_heartbeat_failed(ctx, error);
        }
        self.membership.generation = answer.member_epoch;
        self.membership.state = MemberState::Stable;
        let membership = &mut self.consumer_membership;
        membership.attempts = 0;
        membership.interval_us = answer.heartbeat_interval_ms.max(0) as u64 * 1000;
        let was_joining = membership.state == State::Joining;
        if let Some(assignment) = answer.assignment {
            membership.target = assignment.into_iter().collect();
            let is_reconciled = membership.target.iter().eq(&self.subscription.owned());
            membership.state = if is_reconciled { State::Stable } else { State::Reconciling };
        } else if was_joining {
            membership.state = State::Stable;
        }
        if was_joining {
            let interval_us = membership.interval_us.max(1000);
            self.heartbeat_after(ctx, interval_us);
        }
        self.send_urgent_heartbeat(ctx);
    }

    /// No answer will come, or it was an error.
    pub(super) fn on_consumer_heartbeat_failed(&mut self, ctx: &mut Ctx<'_>, error: ErrorCode) {
        self.consumer_membership.in_flight = false;
        if !self.consumer_membership.state.is_in_group() {
            return;
        }
        match error {
            ErrorCode::FencedMemberEpoch | ErrorCode::UnknownMemberId => {
                return self.leave_state(State::Fenced);
            }
            ErrorCode::CoordinatorNotAvailable | ErrorCode::NotCoordinator => {
                self.mark_coordinator_unknown();
            }
            ErrorCode::CoordinatorLoadInProgress | ErrorCode::NetworkException => {}
            fatal => return self.fail(ctx, &exception_of(fatal)),
        }
        self.consumer_membership.says_all = true;
        let backoff_us = self.retry_backoff_us(self.consumer_membership.attempts, ctx.rng);
        let membership = &mut self.consumer_membership;
        membership.attempts = membership.attempts.saturating_add(1);
        self.heartbeat_after(ctx, backoff_us);
    }

    /// It is no longer a member, and has to begin from scratch.
    fn leave_state(&mut self, state: State) {
        self.consumer_membership.state = state;
        self.membership.state = MemberState::Unjoined;
        self.membership.generation = -1;
    }

    /// Says that it goes: for good, or as a static member for a while. False: nothing was sent.
    pub(super) fn leave_consumer_group(&mut self, ctx: &mut Ctx<'_>) -> bool {
        let is_member = self.consumer_membership.state.is_in_group();
        let epoch = match self.instance {
            Some(_) => LEAVE_GROUP_STATIC_MEMBER_EPOCH,
            None => LEAVE_GROUP_MEMBER_EPOCH,
        };
        let request = Request::ConsumerGroupHeartbeat(Box::new(self.bare_heartbeat(epoch)));
        let sent = is_member && self.send_to_coordinator(ctx, request, Tag::LeaveGroup);
        self.leave_state(State::Stale);
        sent
    }

    /// What is to be given up is read no longer; the auto-commit goes first.
    fn reconcile(&mut self, ctx: &mut Ctx<'_>) {
        let target = &self.consumer_membership.target;
        self.subscription.pause_all_but(target);
        self.fetcher.partitions_changed();
        let offsets = self.to_auto_commit();
        if self.auto_commits() && !offsets.is_empty() {
            self.consumer_membership.committing = true;
            self.commit(ctx, Purpose::BeforeRebalance, offsets);
        } else {
            self.on_reconciliation_committed(ctx);
        }
    }

    /// onPartitionsRevoked for what goes, onPartitionsAssigned for what comes.
    pub(super) fn on_reconciliation_committed(&mut self, ctx: &mut Ctx<'_>) {
        self.consumer_membership.committing = false;
        if self.consumer_membership.state != State::Reconciling || self.app.is_closing() {
            return;
        }
        let group = self.spec.group.clone();
        let gone = self.subscription.release_all_but(&self.consumer_membership.target);
        if !gone.is_empty() {
            let (group, how) = (group.clone(), LossOfPartitions::Revoked);
            ctx.emit(Event::PartitionsReleased { group, partitions: gone.into(), how });
        }
        let new = self.subscription.assign_more(&self.consumer_membership.target);
        self.restore(&new);
        ctx.emit(Event::PartitionsAssigned {
            group,
            generation: self.membership.generation,
            partitions: new.into(),
        });
        self.restart_auto_commit_timer(ctx);
        self.fetcher.partitions_changed();
        if let Some(cluster) = self.metadata.cluster.clone() {
            self.subscription.update_leaders(&cluster);
        }
        if self.subscription.partitions.iter().any(|assigned| assigned.leader.is_none()) {
            self.request_metadata_update(ctx);
        }
        self.consumer_membership.state = State::Acknowledging;
        self.heartbeat_now(ctx);
    }
}

/// Kafka's `Uuid.randomUuid()`: 22 digits of base64 for URLs.
fn random_uuid(rng: &mut Rng) -> MemberId {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let high = rng.next_u64() & !0xf000 | 0x4000;
    let low = rng.next_u64() & (u64::MAX >> 2) | 1 << 63;
    let bits = u128::from(high) << 64 | u128::from(low);
    let digit = |nth: u32| {
        let place = 122i32 - 6 * nth as i32;
        let six = if place >= 0 { bits >> place } else { bits << -place };
        char::from(DIGITS[(six & 63) as usize])
    };
    (0..22).map(digit).collect::<String>().into()
}
