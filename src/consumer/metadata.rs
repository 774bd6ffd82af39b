//! Cluster metadata: who leads what, asked for when it is missing, wrong or old.

use std::sync::Arc;

use super::Consumer;
use super::node::Tag;
use crate::engine::{Micros, NodeId, Timer};
use crate::node::{ConsumerTimer, Ctx, NodeTimer};
use crate::protocol::{Channel, ClusterMetadata, Request};

/// What the client knows of the cluster.
#[derive(Clone, Debug, Default)]
pub(super) struct Metadata {
    pub cluster: Option<Arc<ClusterMetadata>>,
    /// Something is missing or wrong: ask as soon as the back-off allows.
    update_requested: bool,
    in_flight: bool,
    /// Questions in a row that did not settle it.
    attempts: u32,
    /// Not before this time may it be asked again.
    earliest_us: Micros,
    refreshed_us: Micros,
    timer: Option<(Timer, Micros)>,
}

impl Metadata {
    /// Whether the next answer is awaited: what is known may be out of date.
    pub(super) fn is_stale(&self) -> bool {
        self.cluster.is_none() || self.update_requested || self.in_flight
    }
}

impl Consumer {
    pub(super) fn request_metadata_update(&mut self, ctx: &mut Ctx<'_>) {
        if self.app.is_running() && !self.metadata.update_requested {
            self.metadata.update_requested = true;
            self.maybe_ask_for_metadata(ctx);
        }
    }

    pub(super) fn on_metadata_timer(&mut self, ctx: &mut Ctx<'_>) {
        self.metadata.timer = None;
        self.maybe_ask_for_metadata(ctx);
    }

    fn maybe_ask_for_metadata(&mut self, ctx: &mut Ctx<'_>) {
        if self.metadata.in_flight || !self.app.is_running() {
            return;
        }
        let max_age_us = self.config.metadata_max_age_ms.max(0) as u64 * 1000;
        let due_us = if self.metadata.update_requested {
            self.metadata.earliest_us
        } else {
            self.metadata.refreshed_us + max_age_us
        };
        if due_us > ctx.now {
            return self.wake_for_metadata(ctx, due_us);
        }
        match self.least_loaded_node(ctx) {
            Ok(node) => {
                self.metadata.in_flight = true;
                self.send_data(ctx, node, Request::Metadata, Tag::Metadata);
            }
            Err(ready_at_us) => self.wake_for_metadata(ctx, ready_at_us.max(ctx.now + 1000)),
        }
    }

    /// Of the brokers it is connected to the one with the fewest requests in flight, else one it may
    /// connect to (`NetworkClient.leastLoadedNode`); if none can be reached, when one can.
    pub(super) fn least_loaded_node(&self, ctx: &mut Ctx<'_>) -> Result<NodeId, Micros> {
        let known = self.metadata.cluster.as_ref().map_or(&[][..], |cluster| &cluster.brokers);
        let known = if known.is_empty() { &self.bootstrap[..] } else { known };
        let offset = ctx.rng.below(known.len().max(1) as u32) as usize;
        let in_turn = || known[offset..].iter().chain(&known[..offset]).copied();
        let can_send = |&node: &NodeId| self.net.can_send(ctx.now, node, Channel::Data, usize::MAX);
        let least_loaded = in_turn().filter(can_send).min_by_key(|&node| {
            let is_connected = self.net.is_connected(node, Channel::Data);
            (!is_connected, self.net.in_flight_count(node, Channel::Data))
        });
        let fallback = || self.bootstrap.iter().copied().find(can_send);
        least_loaded.or_else(fallback).ok_or_else(|| {
            let ready = in_turn().map(|node| self.net.ready_at_us(node, Channel::Data));
            ready.min().unwrap_or(ctx.now + 1_000_000)
        })
    }

    fn wake_for_metadata(&mut self, ctx: &mut Ctx<'_>, at_us: Micros) {
        match self.metadata.timer {
            Some((_, armed_us)) if armed_us <= at_us => return,
            Some((timer, _)) => ctx.cancel_timer(timer),
            None => {}
        }
        let timer = NodeTimer::Consumer(ConsumerTimer::Metadata);
        self.metadata.timer = Some((ctx.set_timer_at(at_us, timer), at_us));
    }

    pub(super) fn on_metadata(&mut self, ctx: &mut Ctx<'_>, cluster: Arc<ClusterMetadata>) {
        self.metadata.in_flight = false;
        self.metadata.update_requested = false;
        self.metadata.refreshed_us = ctx.now;
        let leaders_changed = self.subscription.update_leaders(&cluster);
        if leaders_changed {
            self.fetcher.partitions_changed();
        }
        let is_complete = self.knows_leaders(&cluster);
        self.metadata.cluster = Some(cluster);
        if is_complete {
            self.metadata.attempts = 0;
            self.back_off_metadata(ctx);
            self.maybe_ask_for_metadata(ctx);
        } else {
            self.back_off_metadata(ctx);
            self.request_metadata_update(ctx);
        }
        self.on_metadata_refreshed(ctx);
    }

    pub(super) fn on_metadata_failed(&mut self, ctx: &mut Ctx<'_>) {
        self.metadata.in_flight = false;
        self.back_off_metadata(ctx);
        self.metadata.update_requested = true;
        self.maybe_ask_for_metadata(ctx);
    }

    fn back_off_metadata(&mut self, ctx: &mut Ctx<'_>) {
        let backoff_us = self.retry_backoff_us(self.metadata.attempts, ctx.rng);
        self.metadata.earliest_us = ctx.now + backoff_us;
        self.metadata.attempts = self.metadata.attempts.saturating_add(1);
    }

    /// Whether every partition that matters here has a leader: otherwise the client asks again.
    fn knows_leaders(&self, cluster: &ClusterMetadata) -> bool {
        let topics_are_known = self.topics.iter().all(|name| {
            let topic = cluster.topics.get(name);
            topic.is_some_and(|topic| topic.partitions.iter().all(|p| p.leader.is_some()))
        });
        topics_are_known && self.subscription.partitions.iter().all(|p| p.leader.is_some())
    }
}
