//! When the controller looks for sessions that are over.
//!
//! Kafka looks every broker.session.timeout.ms / 8 and again 10 ms after it has fenced a broker.
//! Here only those looks happen that can find something (sessions may have been renewed meanwhile):
//! the others would see nothing and do nothing.

use crate::engine::{Micros, Timer};
use crate::node::{ControllerTimer, Ctx, NodeTimer};

const RERUN_US: Micros = 10_000;

/// The task's timetable.
#[derive(Clone, Debug)]
pub struct FenceCheck {
    period_us: Micros,
    /// A time at which Kafka's task runs; it runs every period after it, too.
    grid_us: Micros,
    timer: Option<Timer>,
}

impl FenceCheck {
    /// A task that has not started.
    pub fn new(session_timeout_us: Micros) -> Self {
        Self { period_us: (session_timeout_us / 8).max(1), grid_us: 0, timer: None }
    }

    /// The controller became active: the first look is a full period later.
    pub fn activate(&mut self, now: Micros) {
        self.grid_us = now + self.period_us;
        self.timer = None;
    }

    /// The controller is active no longer.
    pub fn stop(&mut self, ctx: &mut Ctx<'_>) {
        if let Some(timer) = self.timer.take() {
            ctx.cancel_timer(timer);
        }
    }

    /// The timer fired.
    pub fn on_timer(&mut self) {
        self.timer = None;
    }

    /// A session was ended now: the next look is in 10 ms.
    pub fn on_expired(&mut self, now: Micros) {
        self.grid_us = now + RERUN_US;
    }

    /// Sees to it that there will be a look after `first_session_ends_us`.
    pub fn ensure(&mut self, ctx: &mut Ctx<'_>, first_session_ends_us: Option<Micros>) {
        let (None, Some(ends_us)) = (self.timer, first_session_ends_us) else { return };
        let after_us = ends_us.max(ctx.now);
        let periods = (after_us + 1).saturating_sub(self.grid_us).div_ceil(self.period_us);
        let at_us = self.grid_us + periods * self.period_us;
        debug_assert!(at_us > ctx.now && at_us > ends_us);
        // Nothing in particular leads to this look.
        let cause = ctx.cause.take();
        let timer = NodeTimer::Controller(ControllerTimer::FenceStaleBrokers);
        self.timer = Some(ctx.set_timer_at(at_us, timer));
        ctx.cause = cause;
    }
}
