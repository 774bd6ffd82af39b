//! The heartbeat thread: it runs beside the application, processing or not.

use super::Consumer;
use super::node::Tag;
use crate::engine::{Micros, Timer};
use crate::events::Event;
use crate::node::{ConsumerTimer, Ctx, NodeTimer};
use crate::protocol::{ErrorCode, Request};

use super::membership::MemberState;

/// The heartbeat thread's timers.
#[derive(Clone, Debug, Default)]
pub(super) struct HeartbeatThread {
    timer: Option<Timer>,
    /// When the coordinator last gave a sign of life.
    pub renewed_us: Micros,
    /// Wakes at or before the end of max.poll.interval.ms; only while the application is outside
    /// poll().
    poll_timer: Option<Timer>,
}

impl Consumer {
    /// JoinGroup succeeded: all timers begin anew.
    pub(super) fn enable_heartbeats(&mut self, ctx: &mut Ctx<'_>) {
        self.heartbeat.renewed_us = ctx.now;
        let interval_us = self.config.heartbeat_interval_ms.max(1) as u64 * 1000;
        self.heartbeat_after(ctx, interval_us);
    }

    pub(super) fn heartbeat_after(&mut self, ctx: &mut Ctx<'_>, wait_us: Micros) {
        if let Some(timer) = self.heartbeat.timer.take() {
            ctx.cancel_timer(timer);
        }
        let timer = NodeTimer::Consumer(ConsumerTimer::Heartbeat);
        self.heartbeat.timer = Some(ctx.set_timer(wait_us, timer));
    }

    /// A heartbeat failed: the next one after retry.backoff.ms.
    pub(super) fn retry_heartbeat(&mut self, ctx: &mut Ctx<'_>) {
        if self.membership.state.has_joined() {
            let backoff_us = self.config.retry_backoff_ms.max(1) as u64 * 1000;
            self.heartbeat_after(ctx, backoff_us);
        }
    }

    pub(super) fn on_heartbeat_timer(&mut self, ctx: &mut Ctx<'_>) {
        self.heartbeat.timer = None;
        if self.uses_consumer_protocol() {
            return self.on_consumer_heartbeat_timer(ctx);
        }
        if !self.membership.state.has_joined() {
            return;
        }
        if self.coordinator.node.is_some() && self.session_deadline_us() <= ctx.now {
            self.mark_coordinator_unknown();
        }
        if self.coordinator.node.is_none() {
            self.look_up_coordinator(ctx);
            return self.retry_heartbeat(ctx);
        }
        let tag = Tag::Heartbeat(self.membership.generation);
        let request = Request::Heartbeat(Box::new(self.identity()));
        self.send_to_coordinator(ctx, request, tag);
        let interval_us = self.config.heartbeat_interval_ms.max(1) as u64 * 1000;
        self.heartbeat_after(ctx, interval_us);
    }

    pub(super) fn on_heartbeat_answered(
        &mut self,
        ctx: &mut Ctx<'_>,
        generation: i32,
        error: Option<ErrorCode>,
    ) {
        let is_current = generation == self.membership.generation;
        match error {
            None => self.heartbeat.renewed_us = ctx.now,
            Some(ErrorCode::RebalanceInProgress) => {
                self.heartbeat.renewed_us = ctx.now;
                if self.membership.state == MemberState::Stable {
                    self.membership.rejoin_needed = true;
                }
            }
            Some(ErrorCode::CoordinatorNotAvailable | ErrorCode::NotCoordinator) => {
                self.mark_coordinator_unknown();
                self.retry_heartbeat(ctx);
            }
            Some(error @ (ErrorCode::UnknownMemberId | ErrorCode::IllegalGeneration))
                if is_current =>
            {
                self.membership.reset_generation(error == ErrorCode::UnknownMemberId);
            }
            Some(ErrorCode::FencedInstanceId) if is_current => {
                self.membership.reset_generation(true);
                self.fail(ctx, "FencedInstanceIdException");
            }
            // Of an earlier generation, or the coordinator still loads.
            Some(_) => self.retry_heartbeat(ctx),
        }
    }

    /// When the session ends if no heartbeat is answered any more.
    pub(super) fn session_deadline_us(&self) -> Micros {
        self.heartbeat.renewed_us + self.config.session_timeout_ms.max(0) as u64 * 1000
    }

    /// When poll() must have been called again.
    pub(super) fn poll_deadline_us(&self) -> Micros {
        self.app.last_poll_us + self.config.max_poll_interval_ms.max(0) as u64 * 1000
    }

    /// The application leaves poll(): it has max.poll.interval.ms to come back.
    pub(super) fn arm_poll_interval(&mut self, ctx: &mut Ctx<'_>) {
        if self.heartbeat.poll_timer.is_none() {
            let timer = NodeTimer::Consumer(ConsumerTimer::PollInterval);
            self.heartbeat.poll_timer = Some(ctx.set_timer_at(self.poll_deadline_us(), timer));
        }
    }

    pub(super) fn on_poll_interval_timer(&mut self, ctx: &mut Ctx<'_>) {
        self.heartbeat.poll_timer = None;
        if !self.app.is_outside_poll() {
            return;
        }
        if self.poll_deadline_us() > ctx.now {
            return self.arm_poll_interval(ctx);
        }
        if self.membership.state.has_joined() {
            ctx.emit(Event::PollIntervalExceeded);
            self.leave_group(ctx);
        }
    }
}
