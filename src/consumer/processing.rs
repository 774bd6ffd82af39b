//! The application's thread at work: one record of what poll() returned after another, and what it
//! does with those that its handler cannot process.

use std::sync::Arc;

use super::Consumer;
use super::application::Doing;
use super::commits::Purpose;
use super::fetcher::Slice;
use super::handler::{Attempt, HandlerSpec, OnError, Origin, Role};
use super::spec::CommitStrategy;
use crate::engine::Micros;
use crate::events::{Event, SetAside};
use crate::node::{ConsumerTimer, Ctx, NodeTimer};
use crate::protocol::TopicPartition;
use crate::record::{Record, RecordId};
use crate::view::FailingView;

/// Where a record is, and what it is.
pub(super) type Place = (TopicPartition, i64, Record);

/// The next record of a slice.
pub(super) fn place(slice: &Slice) -> Option<Place> {
    let record = slice.logged.batch.records.get(slice.next as usize)?;
    Some((slice.tp, slice.logged.offset_of(slice.next as usize), record.clone()))
}

/// What came of a look at a record.
pub(super) enum Next {
    /// The application is through with it.
    Record,
    /// The thread is busy, asleep, or gone.
    Waits,
}

impl Consumer {
    /// Begins the next record; when all are done, commits and goes back to poll().
    pub(super) fn process_next(&mut self, ctx: &mut Ctx<'_>) {
        while !self.app.work.is_empty() {
            if self.app.stopping && !self.has_committed_ahead() {
                return self.close(ctx);
            }
            if matches!(self.begin_record(ctx), Next::Waits) {
                return;
            }
        }
        if self.ends_transaction(ctx) {
            return;
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

    fn begin_record(&mut self, ctx: &mut Ctx<'_>) -> Next {
        self.app.handler.attempt = Attempt { since_us: ctx.now, ..Attempt::default() };
        let Some(spec) = self.spec.handler.clone() else { return self.attempt(ctx) };
        let Some(first) = self.first_record() else { return Next::Record };
        match self.role(&self.topic_name(first.0)) {
            Role::Redirects => self.note_redirect(ctx, first),
            Role::Retry(_) if self.is_early(ctx, &first) => Next::Record,
            Role::Main if self.is_redirected(&first) => self.redirect(ctx, &spec, None),
            Role::Main | Role::Retry(_) => self.attempt(ctx),
        }
    }

    /// One attempt at the first record.
    fn attempt(&mut self, ctx: &mut Ctx<'_>) -> Next {
        let mut time_us = self.spec.processing_us;
        let failed = self.app.handler.attempt.number;
        if self.spec.handler.is_some()
            && let Some((tp, offset, record)) = self.first_record()
        {
            let exception;
            (time_us, exception) = self.foresee(ctx, tp, offset, &record, failed);
            self.app.handler.attempt.exception = exception;
        }
        self.app.handler.attempt.number += 1;
        if time_us > 0 {
            return self.work_for(ctx, time_us, false);
        }
        self.end_attempt(ctx)
    }

    fn work_for(&mut self, ctx: &mut Ctx<'_>, time_us: Micros, is_asleep: bool) -> Next {
        let ends_us = ctx.now + time_us;
        let timer = NodeTimer::Consumer(ConsumerTimer::Processed);
        let timer = ctx.set_timer_at(ends_us, timer);
        self.app.doing = Doing::Processing { started_us: ctx.now, ends_us, timer, is_asleep };
        self.arm_poll_interval(ctx);
        Next::Waits
    }

    /// How long an attempt will take that comes after `failed` others on the spot, and what it will
    /// throw.
    pub(super) fn foresee(
        &mut self,
        ctx: &mut Ctx<'_>,
        tp: TopicPartition,
        offset: i64,
        record: &Record,
        failed: u32,
    ) -> (Micros, Option<&'static str>) {
        let Some(spec) = &self.spec.handler else { return (self.spec.processing_us, None) };
        let origin = self.origin(tp, offset, record);
        let failed = origin.failed.saturating_add(failed);
        let exception = spec.faults.exception(ctx.now, record, origin.offset, failed);
        let time_us = match spec.faults.time_us.filter(|_| exception.is_some()) {
            Some(time_us) => time_us,
            None => spec.spread.draw(self.spec.processing_us, ctx.rng),
        };
        (time_us, exception)
    }

    /// The timer of the thread has come: an attempt ends, or it has slept enough.
    pub(super) fn on_processed(&mut self, ctx: &mut Ctx<'_>) {
        let Doing::Processing { is_asleep, .. } = self.app.doing else { return };
        let next = if is_asleep { self.attempt(ctx) } else { self.end_attempt(ctx) };
        if matches!(next, Next::Record) {
            self.process_next(ctx);
        }
    }

    fn end_attempt(&mut self, ctx: &mut Ctx<'_>) -> Next {
        let Some(exception) = self.app.handler.attempt.exception else {
            return self.succeed(ctx);
        };
        let Some(spec) = self.spec.handler.clone() else { return Next::Record };
        let Some((tp, offset, record)) = self.first_record() else { return Next::Record };
        let number = self.app.handler.attempt.number;
        let attempt = self.origin(tp, offset, &record).failed.saturating_add(number);
        let failed = Event::AttemptFailed { tp, offset, record: record.id, attempt, exception };
        ctx.emit(failed);
        if number < spec.attempts {
            if self.app.stopping {
                self.close(ctx);
                return Next::Waits;
            }
            return self.work_for(ctx, spec.backoff_us.max(1000), true);
        }
        self.give_up(ctx, &spec, exception)
    }

    /// Nobody catches the exception: the application closes its consumer and ends.
    pub(super) fn throw(&mut self, ctx: &mut Ctx<'_>, exception: &str) -> Next {
        let Attempt { number: attempts, since_us, .. } = self.app.handler.attempt;
        self.app.handler.ended_at = self.first_record().map(|(tp, offset, _)| FailingView {
            tp,
            offset,
            since_us,
            attempts,
        });
        ctx.emit(Event::ApplicationFailed { exception: exception.into() });
        self.close(ctx);
        Next::Waits
    }

    /// The application is through with the first record, without having processed it.
    pub(super) fn set_aside(&mut self, ctx: &mut Ctx<'_>, how: SetAside) -> Next {
        if let Some((tp, offset, record)) = self.pass_record() {
            ctx.emit(Event::RecordSetAside { tp, offset, record, how });
        }
        Next::Record
    }

    fn succeed(&mut self, ctx: &mut Ctx<'_>) -> Next {
        let spec = self.spec.handler.clone();
        if let Some(spec) = spec.filter(|spec| spec.on_error == OnError::RetryInOrder)
            && let Some(next) = self.clear_after_success(ctx, &spec)
        {
            return next;
        }
        if let Some(next) = self.write_result(ctx) {
            return next;
        }
        if let Some((tp, offset, record)) = self.pass_record() {
            ctx.emit(Event::RecordProcessed { tp, offset, record });
        }
        Next::Record
    }

    /// The record at work, or the next one.
    pub(super) fn first_record(&self) -> Option<(TopicPartition, i64, Record)> {
        let slice = self.app.work.front()?;
        let record = slice.logged.batch.records.get(slice.next as usize)?;
        Some((slice.tp, slice.logged.offset_of(slice.next as usize), record.clone()))
    }

    /// Where a record was first. Only what lies in a retry topic was elsewhere before.
    pub(super) fn origin(&self, tp: TopicPartition, offset: i64, record: &Record) -> Origin {
        let topic = self.topic_name(tp);
        let is_copy = matches!(self.role(&topic), Role::Retry(_));
        let copied = if is_copy { Origin::of(record) } else { None };
        let (partition, failed) = (tp.partition, 0);
        let plain = Origin { topic, partition, offset, failed, not_before_ms: 0 };
        let mut origin = copied.unwrap_or(plain);
        let failing = self.app.handler.rounds.get(&tp).filter(|it| it.offset == offset);
        let attempts = failing.map_or(0, |failing| failing.attempts);
        origin.failed = origin.failed.saturating_add(attempts);
        origin
    }

    pub(super) fn topic_name(&self, tp: TopicPartition) -> Arc<str> {
        let cluster = self.metadata.cluster.as_ref();
        let mut topics = cluster.into_iter().flat_map(|cluster| cluster.topics.values());
        let topic = topics.find(|topic| topic.id == tp.topic);
        topic.map(|topic| topic.name.clone()).unwrap_or_default()
    }

    pub(super) fn role(&self, topic: &Arc<str>) -> Role {
        self.spec.handler.as_ref().map_or(Role::Main, |handler| handler.role(topic))
    }

    /// The first record is done with.
    pub(super) fn pass_record(&mut self) -> Option<(TopicPartition, i64, RecordId)> {
        let slice = self.app.work.front_mut()?;
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
        self.store_processed(tp, offset);
        Some((tp, offset, record))
    }

    /// What the application fails at from now on; the record at work ends as it was going to. Its
    /// program has to be the same.
    pub fn set_handler(&mut self, handler: Option<Arc<HandlerSpec>>) {
        self.spec.handler = handler;
    }

    /// Time for each record from now on; the one at work ends accordingly.
    pub fn set_processing(&mut self, ctx: &mut Ctx<'_>, processing_us: u64) {
        self.spec.processing_us = processing_us;
        if let Doing::Processing { started_us, ends_us, timer, is_asleep: false } =
            &mut self.app.doing
        {
            ctx.cancel_timer(*timer);
            *ends_us = (*started_us + processing_us).max(ctx.now);
            *timer = ctx.set_timer_at(*ends_us, NodeTimer::Consumer(ConsumerTimer::Processed));
        }
    }
}
