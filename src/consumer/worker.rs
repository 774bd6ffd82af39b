//! Detached processing: a worker thread that the application hands its records to. poll() goes on
//! at once, positions advance, and what is committed says nothing of what is processed.

use super::Consumer;
use super::fetcher::Slice;
use super::handler::Job;
use super::processing::place;
use crate::events::{Event, SetAside};
use crate::node::{ConsumerTimer, Ctx, NodeTimer};

impl Consumer {
    pub(super) fn is_detached(&self) -> bool {
        self.spec.handler.as_ref().is_some_and(|handler| handler.is_detached)
    }

    /// The application hands records to its worker.
    pub(super) fn hand_over(&mut self, ctx: &mut Ctx<'_>, slices: Vec<Slice>) {
        self.app.handler.backlog.extend(slices);
        self.work_on(ctx);
    }

    /// The worker begins the next record, if it is at none.
    fn work_on(&mut self, ctx: &mut Ctx<'_>) {
        while self.app.handler.job.is_none() {
            let Some((tp, offset, record)) = self.app.handler.backlog.front().and_then(place)
            else {
                break;
            };
            let (time_us, exception) = self.foresee(ctx, tp, offset, &record, 0);
            let ends_us = ctx.now + time_us;
            self.app.handler.job = Some(Job { started_us: ctx.now, ends_us, exception });
            if time_us > 0 {
                ctx.set_timer_at(ends_us, NodeTimer::Consumer(ConsumerTimer::Worked));
                return;
            }
            self.end_job(ctx);
        }
        if self.app.handler.job.is_none() && self.app.handler.ends_process {
            self.exit(ctx);
        }
    }

    pub(super) fn on_worked(&mut self, ctx: &mut Ctx<'_>) {
        self.end_job(ctx);
        self.work_on(ctx);
    }

    /// Nobody hears of an exception here.
    fn end_job(&mut self, ctx: &mut Ctx<'_>) {
        let backlog = &mut self.app.handler.backlog;
        let (Some(job), Some(slice)) = (self.app.handler.job.take(), backlog.front_mut()) else {
            return;
        };
        let Some((tp, offset, record)) = place(slice) else { return };
        let record = record.id;
        slice.next += 1;
        if slice.next == slice.end {
            backlog.pop_front();
        }
        let Some(exception) = job.exception else {
            ctx.emit(Event::RecordProcessed { tp, offset, record });
            return;
        };
        ctx.emit(Event::AttemptFailed { tp, offset, record, attempt: 1, exception });
        ctx.emit(Event::RecordSetAside { tp, offset, record, how: SetAside::Skipped });
    }
}
