//! The application: poll(), process what it returned, commit, poll() again.
//!
//! It has one thread. While it processes, poll() is not called, and so nothing rejoins, commits by
//! timer or fetches. A poll() that finds nothing waits here for whatever comes first: records, an
//! auto-commit that is due, a rebalance.

use std::collections::VecDeque;

use super::Consumer;
use super::commits::Purpose;
use super::fetcher::Slice;
use super::handler::Handler;
use super::membership::MemberState;
use super::seek::Seek;
use super::spec::CommitStrategy;
use crate::engine::{Micros, Timer};
use crate::events::{Event, LossOfPartitions};
use crate::node::{ConsumerTimer, Ctx, NodeTimer};

/// close() without a timeout waits this long.
const DEFAULT_CLOSE_TIMEOUT_US: Micros = 30_000_000;

/// What the application's thread is at.
#[derive(Clone, Debug, Default)]
pub(super) enum Doing {
    /// There is no process.
    #[default]
    Stopped,
    /// In poll().
    Polling,
    /// At work on the first record of `work`.
    Processing {
        started_us: Micros,
        ends_us: Micros,
        timer: Timer,
        /// It sleeps between two attempts.
        is_asleep: bool,
    },
    /// Waits until its producer has written what it made of that record.
    Sending,
    /// In commitSync().
    Committing { then_process: bool },
    /// In close().
    Closing,
}

/// The application's state.
#[derive(Clone, Debug, Default)]
pub(super) struct Application {
    pub doing: Doing,
    /// What the last poll() returned, as far as it is not processed.
    pub work: VecDeque<Slice>,
    pub last_poll_us: Micros,
    /// It shall close as soon as it can.
    pub stopping: bool,
    /// What it seeks before the next poll().
    pub seeks: Vec<Seek>,
    pub handler: Handler,
}

impl Application {
    /// A process that has just started: it calls poll().
    pub(super) fn started() -> Self {
        Self { doing: Doing::Polling, ..Self::default() }
    }

    pub(super) fn is_running(&self) -> bool {
        !matches!(self.doing, Doing::Stopped)
    }

    pub(super) fn is_closing(&self) -> bool {
        matches!(self.doing, Doing::Closing | Doing::Stopped)
    }

    pub(super) fn is_outside_poll(&self) -> bool {
        matches!(self.doing, Doing::Processing { .. } | Doing::Committing { .. } | Doing::Sending)
    }
}

impl Consumer {
    /// Lets the application go on as far as it can: called after whatever happened to the client.
    pub(super) fn drive(&mut self, ctx: &mut Ctx<'_>) {
        while matches!(self.app.doing, Doing::Polling) {
            if self.app.stopping {
                return self.close(ctx);
            }
            let returned = self.poll(ctx);
            if returned.is_empty() {
                return;
            }
            self.take_records(ctx, returned);
        }
    }

    /// poll(): the membership, the timed commit and the positions first, then what is buffered.
    fn poll(&mut self, ctx: &mut Ctx<'_>) -> Vec<Slice> {
        self.app.last_poll_us = ctx.now;
        self.carry_out_seeks(ctx);
        self.release_restored();
        let in_good_order = self.poll_membership(ctx);
        if in_good_order {
            self.maybe_auto_commit(ctx);
            self.update_positions(ctx);
        }
        let returned = self.collect(ctx);
        if !self.app.is_closing() {
            if in_good_order {
                // What was fetched may have shown a position to be out of range.
                self.update_positions(ctx);
            }
            // With records in hand this is pipelining: the next fetch flies while they are processed.
            self.send_fetches(ctx);
            if in_good_order && (returned.is_empty() || self.commits_in_background()) {
                self.arm_auto_commit(ctx);
            }
        }
        returned
    }

    fn take_records(&mut self, ctx: &mut Ctx<'_>, returned: Vec<Slice>) {
        for slice in &returned {
            ctx.emit(Event::RecordsDelivered {
                tp: slice.tp,
                base_offset: slice.logged.base_offset,
                batch: slice.logged.batch.clone(),
                first: slice.next,
                count: slice.end - slice.next,
            });
        }
        if self.app.is_closing() {
            return;
        }
        self.store_handed_over(&returned);
        match self.is_detached() {
            true => self.hand_over(ctx, returned),
            false => self.app.work = returned.into(),
        }
        match self.spec.commit {
            CommitStrategy::BeforeSync => {
                self.app.doing = Doing::Committing { then_process: true };
                self.arm_poll_interval(ctx);
                let offsets = self.subscription.all_consumed();
                return self.commit(ctx, Purpose::Sync, offsets);
            }
            CommitStrategy::BeforeAsync => {
                let offsets = self.subscription.all_consumed();
                self.commit(ctx, Purpose::Async, offsets);
            }
            _ => {}
        }
        self.process_next(ctx);
    }

    pub(super) fn on_commit_sync_returned(&mut self, ctx: &mut Ctx<'_>) {
        match self.app.doing {
            Doing::Committing { then_process: true } => self.process_next(ctx),
            Doing::Committing { then_process: false } => self.app.doing = Doing::Polling,
            _ => {}
        }
    }

    /// What is committed as done has to be done: such an application finishes its batch before it
    /// stops. Others stop after the present record.
    pub(super) fn has_committed_ahead(&self) -> bool {
        matches!(self.spec.commit, CommitStrategy::BeforeSync | CommitStrategy::BeforeAsync)
    }

    /// The process shall end in good order.
    pub(super) fn shut_down(&mut self, ctx: &mut Ctx<'_>) {
        self.app.stopping = true;
        match self.app.doing {
            Doing::Stopped => ctx.exit(),
            Doing::Polling => self.close(ctx),
            Doing::Processing { .. }
            | Doing::Committing { .. }
            | Doing::Sending
            | Doing::Closing => {}
        }
    }

    /// close(): commit what is processed, give the partitions back, leave the group. An application
    /// that stops in the middle of a poll()'s records has sought back to the first it has not
    /// processed.
    pub(super) fn close(&mut self, ctx: &mut Ctx<'_>) {
        if let Doing::Processing { timer, .. } = self.app.doing {
            ctx.cancel_timer(timer);
        }
        self.app.doing = Doing::Closing;
        self.app.work.clear();
        self.give_up_awaited_commit(ctx);
        let timer = NodeTimer::Consumer(ConsumerTimer::Close);
        ctx.set_timer(DEFAULT_CLOSE_TIMEOUT_US, timer);
        if !self.has_committed_ahead() && !self.is_detached() {
            self.subscription.rewind_to_unprocessed();
        }
        let offsets = match self.auto_commits() {
            true => self.to_auto_commit(),
            false => self.subscription.all_consumed(),
        };
        let commits_itself =
            matches!(self.spec.commit, CommitStrategy::AfterSync | CommitStrategy::AfterAsync);
        if self.auto_commits() || (commits_itself && self.commits.has_news(&offsets)) {
            self.commit(ctx, Purpose::Close, offsets);
        } else {
            self.leave_and_exit(ctx);
        }
    }

    /// The rest of close(), once the last commit is settled.
    pub(super) fn leave_and_exit(&mut self, ctx: &mut Ctx<'_>) {
        let rebalancing = self.membership.state != MemberState::Stable;
        let how = match self.membership.is_lost() || rebalancing {
            true => LossOfPartitions::Lost,
            false => LossOfPartitions::Revoked,
        };
        self.release_partitions(ctx, how);
        if !self.leave_group(ctx) {
            self.exit(ctx);
        }
    }

    /// LeaveGroup was answered, or never will be.
    pub(super) fn on_left(&mut self, ctx: &mut Ctx<'_>) {
        if matches!(self.app.doing, Doing::Closing) {
            self.exit(ctx);
        }
    }

    /// close() waits no longer.
    pub(super) fn on_close_timeout(&mut self, ctx: &mut Ctx<'_>) {
        if self.give_up_awaited_commit(ctx).is_some() {
            self.leave_and_exit(ctx);
        }
        self.on_left(ctx);
    }

    pub(super) fn exit(&mut self, ctx: &mut Ctx<'_>) {
        if self.app.handler.job.is_some() {
            // The process lasts until its last thread ends.
            self.app.handler.ends_process = true;
            return;
        }
        self.app.doing = Doing::Stopped;
        self.net.close_all(ctx);
        ctx.exit();
    }
}
