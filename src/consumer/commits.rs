//! Commits: on a timer inside poll(), by the application, before a rebalance and on close.

use std::sync::Arc;

use super::Consumer;
use super::membership::MemberState;
use super::node::Tag;
use crate::engine::{Micros, SortedMap, Timer};
use crate::events::{CommitMode, Event};
use crate::node::{ConsumerRetry, ConsumerTimer, Ctx, NodeTimer};
use crate::protocol::{ErrorCode, OffsetAndEpoch, OffsetCommitRequest, Request, TopicPartition};

/// Why something is committed, and so what follows.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub(super) enum Purpose {
    /// auto.commit.interval.ms: nobody waits.
    Periodic,
    /// commitAsync(): nobody waits.
    Async,
    /// commitSync(): the application waits.
    Sync,
    /// The auto-commit before a rebalance: the rejoin waits.
    BeforeRebalance,
    /// The last one: close() waits.
    Close,
}

impl Purpose {
    /// Somebody waits: retriable errors are retried, and there is one at a time.
    fn is_awaited(self) -> bool {
        matches!(self, Self::Sync | Self::BeforeRebalance | Self::Close)
    }
}

#[derive(Clone, Debug)]
struct Commit {
    number: u32,
    purpose: Purpose,
    offsets: Arc<[(TopicPartition, OffsetAndEpoch)]>,
    generation: i32,
    attempts: u32,
}

/// Commits on their way.
#[derive(Clone, Debug, Default)]
pub(super) struct Commits {
    next_number: u32,
    in_flight: Vec<Commit>,
    /// They are sent as soon as the coordinator is found.
    waiting: Vec<Commit>,
    /// The awaited commit, while it backs off.
    backing_off: Option<Commit>,
    retry_timer: Option<Timer>,
    api_timer: Option<Timer>,
    /// What the coordinator was last told, or told us.
    last_sent: SortedMap<TopicPartition, i64>,
    /// When the next poll() commits.
    pub auto_due_us: Micros,
    pub auto_timer: Option<Timer>,
}

impl Commits {
    /// The coordinator holds this offset.
    pub(super) fn remember(&mut self, tp: TopicPartition, offset: i64) {
        self.last_sent.insert(tp, offset);
    }

    pub(super) fn is_waiting_for_coordinator(&self) -> bool {
        !self.waiting.is_empty()
    }

    /// These partitions were given back.
    pub(super) fn forget(&mut self, tps: &[TopicPartition]) {
        self.last_sent.retain(|tp, _| !tps.contains(tp));
    }

    /// Whether some offset is not what the coordinator was last told.
    pub(super) fn has_news(&self, offsets: &[(TopicPartition, OffsetAndEpoch)]) -> bool {
        offsets.iter().any(|(tp, position)| self.last_sent.get(tp) != Some(&position.offset))
    }
}

impl Consumer {
    /// The timer of enable.auto.commit, looked at inside poll(). It commits every position, changed
    /// or not: what earlier calls of poll() returned.
    pub(super) fn maybe_auto_commit(&mut self, ctx: &mut Ctx<'_>) {
        if self.commits.auto_due_us <= ctx.now && self.auto_commits() {
            self.restart_auto_commit_timer(ctx);
            let offsets = self.to_auto_commit();
            if !offsets.is_empty() {
                self.commit(ctx, Purpose::Periodic, offsets);
            }
        }
    }

    pub(super) fn restart_auto_commit_timer(&mut self, ctx: &Ctx<'_>) {
        let interval_us = self.config.auto_commit_interval_ms.max(0) as u64 * 1000;
        // An interval of 0 commits with every poll(); waiting is a poll() a millisecond.
        self.commits.auto_due_us = ctx.now + interval_us.max(1000);
    }

    /// While poll() waits, it wakes when the next auto-commit is due.
    pub(super) fn arm_auto_commit(&mut self, ctx: &mut Ctx<'_>) {
        let has_partitions = !self.subscription.partitions.is_empty();
        if has_partitions && self.commits.auto_timer.is_none() && self.auto_commits() {
            let timer = NodeTimer::Consumer(ConsumerTimer::AutoCommit);
            let at_us = self.commits.auto_due_us.max(ctx.now + 1000);
            self.commits.auto_timer = Some(ctx.set_timer_at(at_us, timer));
        }
    }

    /// Commits `offsets`; what `purpose` says follows when it is done, perhaps at once.
    pub(super) fn commit(
        &mut self,
        ctx: &mut Ctx<'_>,
        purpose: Purpose,
        offsets: Vec<(TopicPartition, OffsetAndEpoch)>,
    ) {
        if offsets.is_empty() {
            return self.after_commit(ctx, purpose, Ok(()));
        }
        if purpose == Purpose::Sync
            && !self.uses_consumer_protocol()
            && self.give_up_awaited_commit(ctx) == Some(Purpose::BeforeRebalance)
        {
            // A cooperative member commits by itself: the rejoin waits no longer for the commit
            // that went before it.
            self.on_join_prepared(ctx);
        }
        let number = self.commits.next_number;
        self.commits.next_number = number.wrapping_add(1);
        let timeout_ms = match purpose {
            Purpose::Sync => Some(self.config.default_api_timeout_ms),
            Purpose::BeforeRebalance => Some(self.config.max_poll_interval_ms),
            Purpose::Periodic | Purpose::Async | Purpose::Close => None,
        };
        if let Some(timeout_ms) = timeout_ms {
            let timer = NodeTimer::Consumer(ConsumerTimer::ApiTimeout);
            self.commits.api_timer = Some(ctx.set_timer(timeout_ms.max(0) as u64 * 1000, timer));
        }
        let (offsets, generation) = (offsets.into(), self.membership.generation);
        self.send_commit(ctx, Commit { number, purpose, offsets, generation, attempts: 0 });
    }

    fn send_commit(&mut self, ctx: &mut Ctx<'_>, mut commit: Commit) {
        // Decided without a request: only a member in good standing can commit.
        match self.membership.state {
            MemberState::Stable => {}
            MemberState::Unjoined => {
                return self.settle(ctx, commit, Err(ErrorCode::UnknownMemberId));
            }
            MemberState::Preparing | MemberState::Completing => {
                return self.settle(ctx, commit, Err(ErrorCode::RebalanceInProgress));
            }
        }
        if self.coordinator.node.is_none() {
            self.look_up_coordinator(ctx);
            return self.commits.waiting.push(commit);
        }
        commit.generation = self.membership.generation;
        if self.commits.has_news(&commit.offsets) {
            let mode = self.mode_of(commit.purpose);
            let offsets = commit.offsets.iter().map(|&(tp, position)| (tp, position.offset));
            ctx.emit(Event::CommitSent { mode, offsets: offsets.collect() });
        }
        for &(tp, position) in commit.offsets.iter() {
            self.commits.remember(tp, position.offset);
        }
        let request = Request::OffsetCommit(Box::new(OffsetCommitRequest {
            member: self.identity(),
            offsets: commit.offsets.to_vec(),
        }));
        let tag = Tag::OffsetCommit(commit.number);
        self.commits.in_flight.push(commit);
        self.send_to_coordinator(ctx, request, tag);
    }

    pub(super) fn on_commit_answered(
        &mut self,
        ctx: &mut Ctx<'_>,
        number: u32,
        result: Result<(), ErrorCode>,
    ) {
        let commits = &mut self.commits.in_flight;
        let Some(index) = commits.iter().position(|commit| commit.number == number) else {
            return; // given up before
        };
        let commit = commits.remove(index);
        let is_current = commit.generation == self.membership.generation;
        match result {
            Err(
                ErrorCode::CoordinatorNotAvailable
                | ErrorCode::NotCoordinator
                | ErrorCode::RequestTimedOut,
            ) => self.mark_coordinator_unknown(),
            Err(ErrorCode::RebalanceInProgress) => self.membership.rejoin_needed = true,
            Err(error @ (ErrorCode::UnknownMemberId | ErrorCode::IllegalGeneration))
                if is_current && !self.uses_consumer_protocol() =>
            {
                self.membership.reset_generation(error == ErrorCode::UnknownMemberId);
            }
            _ => {}
        }
        self.settle(ctx, commit, result);
    }

    fn settle(&mut self, ctx: &mut Ctx<'_>, mut commit: Commit, result: Result<(), ErrorCode>) {
        // A reconciliation commits again when the epoch has moved meanwhile.
        let is_stale = result == Err(ErrorCode::StaleMemberEpoch)
            && commit.purpose == Purpose::BeforeRebalance;
        let is_retriable_error = is_stale || result.is_err_and(is_retriable);
        let again = is_retriable_error && commit.purpose.is_awaited();
        if again {
            let backoff_us = self.retry_backoff_us(commit.attempts, ctx.rng);
            commit.attempts = commit.attempts.saturating_add(1);
            self.commits.backing_off = Some(commit);
            let timer = NodeTimer::Consumer(ConsumerTimer::Retry(ConsumerRetry::Commit));
            self.commits.retry_timer = Some(ctx.set_timer(backoff_us, timer));
            return;
        }
        if let Err(error) = result
            && !(commit.purpose == Purpose::Periodic && is_retriable(error))
        {
            ctx.emit(Event::CommitFailed { mode: self.mode_of(commit.purpose), error });
        }
        self.after_commit(ctx, commit.purpose, result);
    }

    fn after_commit(&mut self, ctx: &mut Ctx<'_>, purpose: Purpose, result: Result<(), ErrorCode>) {
        if purpose.is_awaited()
            && let Some(timer) = self.commits.api_timer.take()
        {
            ctx.cancel_timer(timer);
        }
        match purpose {
            Purpose::Periodic => {
                if result.is_err_and(is_retriable) {
                    let backoff_us = self.config.retry_backoff_ms.max(1) as u64 * 1000;
                    self.commits.auto_due_us = ctx.now + backoff_us;
                    self.rearm_auto_commit(ctx);
                }
            }
            Purpose::Async => {}
            Purpose::Sync => self.on_commit_sync_returned(ctx),
            Purpose::BeforeRebalance => self.on_join_prepared(ctx),
            Purpose::Close => self.leave_and_exit(ctx),
        }
        if result == Err(ErrorCode::FencedInstanceId) {
            self.fail(ctx, "FencedInstanceIdException");
        }
    }

    fn rearm_auto_commit(&mut self, ctx: &mut Ctx<'_>) {
        if let Some(timer) = self.commits.auto_timer.take() {
            ctx.cancel_timer(timer);
            self.arm_auto_commit(ctx);
        }
    }

    pub(super) fn retry_commit(&mut self, ctx: &mut Ctx<'_>) {
        self.commits.retry_timer = None;
        if let Some(commit) = self.commits.backing_off.take() {
            self.send_commit(ctx, commit);
        }
    }

    pub(super) fn send_waiting_commits(&mut self, ctx: &mut Ctx<'_>) {
        for commit in std::mem::take(&mut self.commits.waiting) {
            self.send_commit(ctx, commit);
        }
    }

    /// The coordinator was not found: commits that nobody waits for are not tried again.
    pub(super) fn fail_waiting_async_commits(&mut self, ctx: &mut Ctx<'_>) {
        let waiting = std::mem::take(&mut self.commits.waiting);
        let (awaited, others): (Vec<_>, Vec<_>) =
            waiting.into_iter().partition(|commit| commit.purpose.is_awaited());
        self.commits.waiting = awaited;
        for commit in others {
            self.settle(ctx, commit, Err(ErrorCode::CoordinatorNotAvailable));
        }
    }

    /// The awaited commit has had its time (TimeoutException).
    pub(super) fn on_api_timeout(&mut self, ctx: &mut Ctx<'_>) {
        self.commits.api_timer = None;
        if let Some(commit) = self.give_up_awaited_commit(ctx) {
            let mode = self.mode_of(commit);
            ctx.emit(Event::CommitFailed { mode, error: ErrorCode::RequestTimedOut });
            self.after_commit(ctx, commit, Err(ErrorCode::RequestTimedOut));
        }
    }

    /// Nobody waits any more for the awaited commit, wherever it is.
    pub(super) fn give_up_awaited_commit(&mut self, ctx: &mut Ctx<'_>) -> Option<Purpose> {
        let timers = [self.commits.retry_timer.take(), self.commits.api_timer.take()];
        for timer in timers.into_iter().flatten() {
            ctx.cancel_timer(timer);
        }
        let backing_off = self.commits.backing_off.take();
        let mut given_up = backing_off.map(|commit| commit.purpose);
        for commits in [&mut self.commits.in_flight, &mut self.commits.waiting] {
            if let Some(index) = commits.iter().position(|commit| commit.purpose.is_awaited()) {
                given_up = Some(commits.remove(index).purpose);
            }
        }
        given_up
    }

    fn mode_of(&self, purpose: Purpose) -> CommitMode {
        match purpose {
            Purpose::Periodic | Purpose::BeforeRebalance => CommitMode::Auto,
            Purpose::Async => CommitMode::Async,
            Purpose::Sync => CommitMode::Sync,
            Purpose::Close if self.auto_commits() => CommitMode::Auto,
            Purpose::Close => CommitMode::Sync,
        }
    }
}

/// RetriableException of the OffsetCommit handler; a lost connection is one.
fn is_retriable(error: ErrorCode) -> bool {
    matches!(
        error,
        ErrorCode::CoordinatorLoadInProgress
            | ErrorCode::CoordinatorNotAvailable
            | ErrorCode::NotCoordinator
            | ErrorCode::NetworkException
            | ErrorCode::RequestTimedOut
            | ErrorCode::UnknownTopicOrPartition
    )
}
