//! Which broker coordinates the group, and how to find out.

use super::Consumer;
use super::node::Tag;
use crate::engine::{Micros, NodeId, Timer};
use crate::node::{ConsumerRetry, ConsumerTimer, Ctx, NodeTimer};
use crate::protocol::{Channel, ErrorCode, FindCoordinatorRequest, Request};

/// The group's coordinator as far as the client knows.
#[derive(Clone, Debug, Default)]
pub(super) struct Coordinator {
    /// `None`: unknown.
    pub node: Option<NodeId>,
    in_flight: bool,
    /// Look-ups in a row that failed.
    attempts: u32,
    /// Runs while the next look-up has to wait.
    pub retry_timer: Option<Timer>,
}

impl Consumer {
    pub(super) fn mark_coordinator_unknown(&mut self) {
        self.coordinator.node = None;
    }

    /// Asks for the coordinator unless that is known, on its way, or to be waited for.
    pub(super) fn look_up_coordinator(&mut self, ctx: &mut Ctx<'_>) {
        let lookup = &self.coordinator;
        if lookup.node.is_some() || lookup.in_flight || lookup.retry_timer.is_some() {
            return;
        }
        match self.least_loaded_node(ctx) {
            Ok(node) => {
                self.coordinator.in_flight = true;
                let group = self.spec.group.clone();
                let request = Request::FindCoordinator(Box::new(FindCoordinatorRequest {
                    key: group,
                    is_transaction: false,
                }));
                self.send_data(ctx, node, request, Tag::FindCoordinator);
            }
            Err(ready_at_us) => {
                let wait_us = ready_at_us.saturating_sub(ctx.now).max(1000);
                self.retry_coordinator_after(ctx, wait_us);
            }
        }
    }

    fn retry_coordinator_after(&mut self, ctx: &mut Ctx<'_>, wait_us: Micros) {
        let timer = NodeTimer::Consumer(ConsumerTimer::Retry(ConsumerRetry::Coordinator));
        self.coordinator.retry_timer = Some(ctx.set_timer(wait_us, timer));
    }

    pub(super) fn on_coordinator_timer(&mut self, ctx: &mut Ctx<'_>) {
        self.coordinator.retry_timer = None;
        // Outside poll() nobody else would ask for them.
        if self.commits.is_waiting_for_coordinator() {
            self.look_up_coordinator(ctx);
        }
    }

    pub(super) fn on_coordinator_found(
        &mut self,
        ctx: &mut Ctx<'_>,
        found: Result<NodeId, ErrorCode>,
    ) {
        self.coordinator.in_flight = false;
        // A coordinator whose connection has just failed is as good as none.
        let reachable =
            found.ok().filter(|&node| self.net.can_send(ctx.now, node, Channel::Coordinator, 100));
        match reachable {
            Some(node) => {
                self.coordinator.node = Some(node);
                // FindCoordinatorResponseHandler: the session counts anew, or no heartbeat would go out.
                self.heartbeat.renewed_us = ctx.now;
                self.coordinator.attempts = 0;
                self.send_waiting_commits(ctx);
                self.send_urgent_heartbeat(ctx);
            }
            None => {
                let backoff_us = self.retry_backoff_us(self.coordinator.attempts, ctx.rng);
                self.coordinator.attempts = self.coordinator.attempts.saturating_add(1);
                self.retry_coordinator_after(ctx, backoff_us);
                self.fail_waiting_async_commits(ctx);
            }
        }
    }
}
