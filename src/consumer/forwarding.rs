//! What becomes of a record that cannot be processed: copies for dead letter and retry topics, which
//! the application's producers write. A record is done with when its copy is acknowledged, and its
//! offset is not committed before.

use std::sync::Arc;

use super::Consumer;
use super::application::Doing;
use super::handler::{HandlerSpec, OnError, Origin, Outgoing, RetryTopic, Role};
use super::processing::{Next, Place};
use crate::engine::Micros;
use crate::events::{DeliveryFailure, Event, PositionReason, SetAside};
use crate::node::{ConsumerTimer, Ctx, NodeTimer};
use crate::protocol::{EPOCH_MS, wall_clock_ms};
use crate::record::{Record, RecordId};
use crate::view::FailingView;

impl Consumer {
    /// The attempts on the spot are used up.
    pub(super) fn give_up(
        &mut self,
        ctx: &mut Ctx<'_>,
        spec: &HandlerSpec,
        exception: &'static str,
    ) -> Next {
        match spec.on_error {
            OnError::Stop => self.throw(ctx, exception),
            OnError::Skip => self.set_aside(ctx, SetAside::Skipped),
            OnError::DeadLetter => self.dead_letter(ctx, spec, exception),
            OnError::RetryTopics => match spec.retry_topics.get(self.stage()) {
                Some(retry) => self.retry(ctx, spec, &retry.clone(), exception),
                None => self.dead_letter(ctx, spec, exception),
            },
            OnError::RetryInOrder if self.stage() == 0 => self.redirect(ctx, spec, Some(exception)),
            OnError::RetryInOrder => self.retry_here(ctx, spec, exception),
        }
    }

    /// How many retry topics the record at work has been in.
    fn stage(&self) -> usize {
        let topic = self.app.work.front().map(|slice| self.topic_name(slice.tp));
        match topic.map(|topic| self.role(&topic)) {
            Some(Role::Retry(stage)) => stage + 1,
            _ => 0,
        }
    }

    fn dead_letter(
        &mut self,
        ctx: &mut Ctx<'_>,
        spec: &HandlerSpec,
        exception: &'static str,
    ) -> Next {
        let Some(topic) = spec.dead_letter_topic.clone() else { return self.throw(ctx, exception) };
        let Some((copy, _)) = self.copy(ctx, exception, 0) else { return Next::Record };
        let how = SetAside::DeadLettered { copy: copy.id, topic: topic.clone() };
        self.forward(ctx, how);
        self.write(ctx, spec, &topic, copy, None)
    }

    /// To a retry topic, to be read again later.
    fn retry(
        &mut self,
        ctx: &mut Ctx<'_>,
        spec: &HandlerSpec,
        retry: &RetryTopic,
        exception: &'static str,
    ) -> Next {
        let not_before_ms = wall_clock_ms(ctx.now + retry.delay_us + 999);
        let Some((copy, _)) = self.copy(ctx, exception, not_before_ms) else { return Next::Record };
        let how = SetAside::Retried { copy: copy.id, topic: retry.name.clone() };
        self.forward(ctx, how);
        self.write(ctx, spec, &retry.name, copy, None)
    }

    /// To the retry topic, in the same partition as here so that order is kept there; and to the
    /// redirect topic, so that whoever reads this partition next knows. Without an exception it only
    /// follows an earlier record of its key.
    pub(super) fn redirect(
        &mut self,
        ctx: &mut Ctx<'_>,
        spec: &HandlerSpec,
        exception: Option<&'static str>,
    ) -> Next {
        let (Some(retry), Some(redirects)) = (spec.retry_topics.first(), &spec.redirect_topic)
        else {
            return self.throw(ctx, "KafkaException");
        };
        let delay_us = exception.map_or(0, |_| retry.delay_us);
        let not_before_ms = wall_clock_ms(ctx.now + delay_us + 999);
        let copied = self.copy(ctx, exception.unwrap_or_default(), not_before_ms);
        let Some((copy, origin)) = copied else { return Next::Record };
        let (id, topic, key) = (copy.id, retry.name.clone(), copy.key.clone());
        let how = match exception {
            Some(_) => SetAside::Retried { copy: id, topic },
            None => SetAside::Redirected { copy: id, topic },
        };
        self.forward(ctx, how);
        let partition = Some(origin.partition);
        let next = self.write(ctx, spec, &retry.name, copy, partition);
        let Some(key) = key else { return next };
        self.app.handler.redirects.insert(origin.partition, origin.id(), key.clone());
        let note = self.note(ctx, &origin, Some(key));
        self.write(ctx, spec, redirects, note, partition)
    }

    /// It failed in the retry topic: the partition waits, and tries it again.
    fn retry_here(
        &mut self,
        ctx: &mut Ctx<'_>,
        spec: &HandlerSpec,
        exception: &'static str,
    ) -> Next {
        let Some((tp, offset, record)) = self.first_record() else { return Next::Record };
        let since_us = self.app.handler.attempt.since_us;
        let rounds = &mut self.app.handler.rounds;
        let failing = match rounds.get(&tp).filter(|failing| failing.offset == offset) {
            Some(failing) => FailingView { attempts: failing.attempts + 1, ..*failing },
            None => FailingView { tp, offset, since_us, attempts: 1 },
        };
        rounds.insert(tp, failing);
        if failing.attempts >= spec.retries && spec.dead_letter_topic.is_some() {
            self.app.handler.rounds.remove(&tp);
            let origin = self.origin(tp, offset, &record);
            let next = self.dead_letter(ctx, spec, exception);
            self.clear(ctx, spec, &origin, &record);
            return next;
        }
        let delay_us = spec.retry_topics.first().map_or(0, |retry| retry.delay_us).max(1000);
        self.postpone(ctx, &(tp, offset, record), ctx.now + delay_us);
        Next::Record
    }

    /// A record of the retry topic was processed: its key may be clear. `None`: there is nothing to
    /// say.
    pub(super) fn clear_after_success(
        &mut self,
        ctx: &mut Ctx<'_>,
        spec: &HandlerSpec,
    ) -> Option<Next> {
        let (tp, offset, record) = self.first_record()?;
        if self.stage() == 0 || record.key.is_none() {
            return None;
        }
        let origin = self.origin(tp, offset, &record);
        self.app.handler.rounds.remove(&tp);
        ctx.emit(Event::RecordProcessed { tp, offset, record: record.id });
        self.clear(ctx, spec, &origin, &record);
        Some(Next::Waits)
    }

    /// A tombstone in the redirect topic: the record is not in the retry topic any more.
    fn clear(&mut self, ctx: &mut Ctx<'_>, spec: &HandlerSpec, origin: &Origin, record: &Record) {
        if let (Some(topic), Some(_)) = (&spec.redirect_topic, &record.key) {
            let tombstone = self.note(ctx, origin, None);
            self.write(ctx, spec, topic, tombstone, Some(origin.partition));
        }
    }

    /// A record of the redirect topic: the key of one in the retry topic, or that it is there no
    /// more.
    fn note(
        &self,
        ctx: &mut Ctx<'_>,
        origin: &Origin,
        value: Option<crate::record::Bytes>,
    ) -> Record {
        let (id, key) = (ctx.next_record_id(), Some(origin.id()));
        Record { id, timestamp_ms: 0, key, value, headers: None }
    }

    /// What the redirect topic says is remembered. Of a key that is clear, records are processed
    /// again.
    pub(super) fn note_redirect(&mut self, ctx: &mut Ctx<'_>, (tp, _, record): Place) -> Next {
        let next = self.set_aside(ctx, SetAside::Noted);
        let redirects = &mut self.app.handler.redirects;
        match (record.key, record.value) {
            (Some(id), Some(key)) => redirects.insert(tp.partition, id, key),
            (Some(id), None) => {
                if let Some(key) = redirects.remove(tp.partition, &id) {
                    ctx.emit(Event::KeyCleared { key });
                }
            }
            (None, _) => {}
        }
        next
    }

    /// Whether an earlier record of its key is in the retry topic.
    pub(super) fn is_redirected(&self, (tp, _, record): &Place) -> bool {
        let key = record.key.as_ref();
        key.is_some_and(|key| self.app.handler.redirects.contains(tp.partition, key))
    }

    /// A record of a retry topic whose time has not come is left there for now, and its partition
    /// with it.
    pub(super) fn is_early(&mut self, ctx: &mut Ctx<'_>, first: &Place) -> bool {
        let not_before_ms = Origin::of(&first.2).map_or(0, |origin| origin.not_before_ms);
        if not_before_ms <= wall_clock_ms(ctx.now) {
            return false;
        }
        let since_start_ms = u64::try_from(not_before_ms - EPOCH_MS).unwrap_or_default();
        self.postpone(ctx, first, since_start_ms * 1000);
        true
    }

    /// seek() back to a record, and pause() its partition until then.
    fn postpone(&mut self, ctx: &mut Ctx<'_>, &(tp, offset, _): &Place, until_us: Micros) {
        self.app.work.retain(|slice| slice.tp != tp);
        self.subscription.pause_until(tp, offset, until_us);
        self.found_position(ctx, tp, offset, PositionReason::Sought);
        self.fetcher.partitions_changed();
        ctx.set_timer_at(until_us, NodeTimer::Consumer(ConsumerTimer::Resume));
    }

    pub(super) fn on_resume_timer(&mut self, ctx: &mut Ctx<'_>) {
        if self.subscription.resume(ctx.now) {
            self.fetcher.partitions_changed();
        }
    }

    /// A copy of the record at work that says where it came from.
    fn copy(
        &mut self,
        ctx: &mut Ctx<'_>,
        exception: &str,
        not_before_ms: i64,
    ) -> Option<(Record, Origin)> {
        let (tp, offset, record) = self.first_record()?;
        let mut origin = self.origin(tp, offset, &record);
        origin.failed = origin.failed.saturating_add(self.app.handler.attempt.number);
        origin.not_before_ms = not_before_ms;
        let headers = Some(origin.headers(exception));
        Some((Record { id: ctx.next_record_id(), headers, ..record }, origin))
    }

    fn forward(&self, ctx: &mut Ctx<'_>, how: SetAside) {
        if let Some((tp, offset, record)) = self.first_record() {
            ctx.emit(Event::RecordSetAside { tp, offset, record: record.id, how });
        }
    }

    /// Has a producer write a record. The one at work is done with when that is acknowledged.
    pub(super) fn write(
        &mut self,
        ctx: &mut Ctx<'_>,
        spec: &HandlerSpec,
        topic: &Arc<str>,
        record: Record,
        partition: Option<u16>,
    ) -> Next {
        if self.app.is_closing() {
            return Next::Waits;
        }
        let Some(output) = spec.output(topic) else { return self.throw(ctx, "KafkaException") };
        self.app.handler.awaited.push(record.id);
        let outgoing = Outgoing { output, record, partition, cause: ctx.cause };
        self.app.handler.outgoing.push(outgoing);
        self.app.doing = Doing::Sending;
        self.arm_poll_interval(ctx);
        Next::Waits
    }

    /// What the application's producers have to write.
    pub fn take_outgoing(&mut self) -> Vec<Outgoing> {
        std::mem::take(&mut self.app.handler.outgoing)
    }

    /// A record that was to be written is acknowledged, or was given up: then the application does
    /// not go on, for the record at work would be lost.
    pub fn on_written(
        &mut self,
        ctx: &mut Ctx<'_>,
        record: RecordId,
        outcome: Result<(), DeliveryFailure>,
    ) {
        self.app.handler.awaited.retain(|&awaited| awaited != record);
        if !matches!(self.app.doing, Doing::Sending) {
            return;
        }
        if outcome.is_err() {
            self.throw(ctx, "KafkaProducerException");
        } else if self.app.handler.awaited.is_empty() {
            self.pass_record();
            self.process_next(ctx);
            self.drive(ctx);
        }
    }
}
