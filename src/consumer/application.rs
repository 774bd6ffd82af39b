//! The application: poll(), process what it returned, commit, poll() again.
//!
//! It has one thread. While it processes, poll() is not called, and so nothing rejoins, commits by
//! timer or fetches. A poll() that finds nothing waits here for whatever comes first: records, an
//! auto-commit that is due, a rebalance.

use std::collections::VecDeque;

use super::Consumer;
use super::commits::Purpose;
use super::fetcher::Slice;
use super::membership::MemberState;
use super::seek::Seek;
use super::spec::CommitStrategy;
use crate::engine::{Micros, Timer};
use crate::events::{Event, LossOfPartitions};
use crate::node::{ConsumerTimer, Ctx, NodeTimer};
use crate::view::{AssignedView, ConsumerView, ProcessState, ProcessingView};

/// close() without a timeout waits this long.
const DEFAULT_CLOSE_TIMEOUT_US: Micros = 30_000_000;

/// What the application's thread is at.
#[derive(Clone, Debug, Default)]
enum Doing {
    /// There is no process.
    #[default]
    Stopped,
    /// In poll().
    Polling,
    /// At work on the first record of `work`.
    Processing { started_us: Micros, ends_us: Micros, timer: Timer },
    /// In commitSync().
    Committing { then_process: bool },
    /// In close().
    Closing,
}

/// The application's state.
#[derive(Clone, Debug, Default)]
pub(super) struct Application {
    doing: Doing,
    /// What the last poll() returned, as far as it is not processed.
    work: VecDeque<Slice>,
    pub last_poll_us: Micros,
    /// It shall close as soon as it can.
    stopping: bool,
    /// What it seeks before the next poll().
    pub seeks: Vec<Seek>,
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
        matches!(self.doing, Doing::Processing { .. } | Doing::Committing { .. })
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
            if in_good_order && returned.is_empty() {
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
        self.app.work = returned.into();
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

    /// Begins the next record; when all are done, commits and goes back to poll().
    fn process_next(&mut self, ctx: &mut Ctx<'_>) {
        while !self.app.work.is_empty() {
            if self.app.stopping && !self.has_committed_ahead() {
                return self.close(ctx);
            }
            if self.spec.processing_us > 0 {
                let ends_us = ctx.now + self.spec.processing_us;
                let timer = NodeTimer::Consumer(ConsumerTimer::Processed);
                let timer = ctx.set_timer_at(ends_us, timer);
                self.app.doing = Doing::Processing { started_us: ctx.now, ends_us, timer };
                return self.arm_poll_interval(ctx);
            }
            self.finish_record(ctx);
        }
        self.app.doing = Doing::Polling;
        let offsets = match self.spec.commit {
            CommitStrategy::AfterSync | CommitStrategy::AfterAsync => {
                self.subscription.all_consumed()
            }
            _ => return,
        };
        if self.spec.commit == CommitStrategy::AfterAsync {
            return self.commit(ctx, Purpose::Async, offsets);
        }
        self.app.doing = Doing::Committing { then_process: false };
        self.arm_poll_interval(ctx);
        self.commit(ctx, Purpose::Sync, offsets);
    }

    /// What is committed as done has to be done: such an application finishes its batch before it
    /// stops. Others stop after the present record.
    fn has_committed_ahead(&self) -> bool {
        matches!(self.spec.commit, CommitStrategy::BeforeSync | CommitStrategy::BeforeAsync)
    }

    pub(super) fn on_processed(&mut self, ctx: &mut Ctx<'_>) {
        if matches!(self.app.doing, Doing::Processing { .. }) {
            self.finish_record(ctx);
            self.process_next(ctx);
        }
    }

    fn finish_record(&mut self, ctx: &mut Ctx<'_>) {
        let Some(slice) = self.app.work.front_mut() else { return };
        let tp = slice.tp;
        let offset = slice.logged.offset_of(slice.next as usize);
        let record = slice.logged.batch.records[slice.next as usize].id;
        slice.next += 1;
        if slice.next == slice.end {
            self.app.work.pop_front();
        }
        if let Some(assigned) = self.subscription.get_mut(tp) {
            assigned.unprocessed = offset + 1;
        }
        ctx.emit(Event::RecordProcessed { tp, offset, record });
    }

    /// Time for each record from now on; the one at work ends accordingly.
    pub fn set_processing(&mut self, ctx: &mut Ctx<'_>, processing_us: u64) {
        self.spec.processing_us = processing_us;
        if let Doing::Processing { started_us, ends_us, timer } = &mut self.app.doing {
            ctx.cancel_timer(*timer);
            *ends_us = (*started_us + processing_us).max(ctx.now);
            *timer = ctx.set_timer_at(*ends_us, NodeTimer::Consumer(ConsumerTimer::Processed));
        }
    }

    /// The process shall end in good order.
    pub(super) fn shut_down(&mut self, ctx: &mut Ctx<'_>) {
        self.app.stopping = true;
        match self.app.doing {
            Doing::Stopped => ctx.exit(),
            Doing::Polling => self.close(ctx),
            Doing::Processing { .. } | Doing::Committing { .. } | Doing::Closing => {}
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
        if !self.has_committed_ahead() {
            self.subscription.rewind_to_unprocessed();
        }
        let offsets = self.subscription.all_consumed();
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

    fn exit(&mut self, ctx: &mut Ctx<'_>) {
        self.app.doing = Doing::Stopped;
        self.net.close_all(ctx);
        ctx.exit();
    }

    /// What it looks like now.
    pub fn view(&self, now: Micros) -> ConsumerView {
        let assigned = self.subscription.partitions.iter();
        let processing = match (&self.app.doing, self.app.work.front()) {
            (Doing::Processing { started_us, ends_us, .. }, Some(slice)) => Some(ProcessingView {
                tp: slice.tp,
                offset: slice.logged.offset_of(slice.next as usize),
                started_us: *started_us,
                ends_us: *ends_us,
            }),
            _ => None,
        };
        let is_running = self.app.is_running();
        let poll_deadline_us = match self.app.doing {
            Doing::Stopped | Doing::Closing => None,
            Doing::Polling => Some(now + self.config.max_poll_interval_ms.max(0) as u64 * 1000),
            _ => Some(self.poll_deadline_us()),
        };
        let joined = is_running && self.membership.state.has_joined();
        let auto = self.auto_commits() && !self.subscription.partitions.is_empty();
        ConsumerView {
            id: self.node,
            name: self.spec.name.clone(),
            process: match self.app.doing {
                Doing::Stopped => ProcessState::Stopped,
                Doing::Closing => ProcessState::Stopping,
                _ if self.app.stopping => ProcessState::Stopping,
                _ => ProcessState::Running,
            },
            group: self.spec.group.clone(),
            topics: self.spec.topics.clone(),
            commit: self.spec.commit.name(),
            processing_us: self.spec.processing_us,
            config: self.spec.config.iter().map(|(k, v)| (k.into(), v.into())).collect(),
            state: match self.uses_consumer_protocol() {
                true => self.consumer_membership.state.name(),
                false => self.membership.state.name(),
            },
            generation: self.membership.generation,
            assignment: assigned
                .map(|a| AssignedView { tp: a.tp, position: a.position.offset() })
                .collect(),
            buffered: self.fetcher.buffered_records(),
            to_process: self.app.work.iter().map(|slice| slice.end - slice.next).sum(),
            processing,
            poll_deadline_us,
            session_deadline_us: (joined && !self.uses_consumer_protocol())
                .then(|| self.session_deadline_us()),
            auto_commit_due_us: auto.then_some(self.commits.auto_due_us),
        }
    }
}
