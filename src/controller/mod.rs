//! The controller: broker sessions, placement, elections, ISR changes, topics and configs.
//!
//! One process (version 1 has no quorum). Whatever it decides becomes a record of the metadata log,
//! is applied to its own image, and goes to the brokers at the end of the same turn. Parts:
//!
//! * `brokers`: registration, heartbeats, fencing; `broker_heartbeats`, `fence_check`: sessions;
//! * `replication`: what happens to partitions; `partition_change`, `reassignment`: what happens to
//!   one of them;
//! * `alter_partition`: leaders change their ISRs;
//! * `admin`, `topics`, `configs`, `placement`: what administrators ask for;
//! * `metadata_log`, `publisher`: the log and its way to the brokers.

mod admin;
mod alter_partition;
mod broker_heartbeats;
mod brokers;
mod caller;
mod configs;
mod fence_check;
mod metadata_log;
mod partition_change;
mod placement;
mod publisher;
mod reassignment;
mod replication;
#[cfg(test)]
mod testbed;
#[cfg(test)]
mod tests;
mod topics;

use crate::config::{BrokerConfig, Features};
use crate::engine::{JavaRandom, Micros, NodeId};
use crate::metadata::MetadataImage;
use crate::node::{ControllerTimer, Ctx, Node, NodeTimer};
use crate::protocol::{Body, Envelope, Request};

pub use placement::{Draw, UsableBroker, place_replicas};

use admin::ParkedTopics;
use broker_heartbeats::BrokerHeartbeats;
use caller::Caller;
use fence_check::FenceCheck;
use metadata_log::MetadataLog;
use publisher::Publisher;

/// The controller of a cluster.
#[derive(Clone, Debug)]
pub struct Controller {
    config: BrokerConfig,
    features: Features,
    log: MetadataLog,
    heartbeats: BrokerHeartbeats,
    fence_check: FenceCheck,
    publisher: Publisher,
    placement: JavaRandom,
    parked: ParkedTopics,
}

impl Controller {
    /// A controller whose cluster is empty. `seed` decides where replicas go. Topics that the
    /// administrator asks for before `expected_brokers` brokers are in service wait for them, for
    /// 5 s at most, so that a scenario's topics find all its brokers.
    pub fn new(
        config: BrokerConfig,
        features: Features,
        seed: u64,
        expected_brokers: usize,
    ) -> Self {
        let session_timeout_us = ms(config.broker_session_timeout_ms);
        Self {
            config,
            features,
            log: MetadataLog::default(),
            heartbeats: BrokerHeartbeats::new(session_timeout_us),
            fence_check: FenceCheck::new(session_timeout_us),
            publisher: Publisher::default(),
            placement: JavaRandom::new(seed as i64),
            parked: ParkedTopics::new(expected_brokers),
        }
    }

    /// The truth about the cluster.
    pub fn image(&self) -> &MetadataImage {
        self.log.image()
    }

    /// When the broker's session ends unless a heartbeat comes; `None` while it has none.
    pub fn session_ends_us(&self, broker: NodeId) -> Option<Micros> {
        self.heartbeats.session_ends_us(broker)
    }

    fn on_request(&mut self, ctx: &mut Ctx<'_>, caller: Caller, request: Request) {
        match request {
            Request::BrokerHeartbeat(request) => self.on_heartbeat(ctx, caller, &request),
            Request::BrokerRegistration(request) => self.on_registration(ctx, caller, &request),
            Request::AlterPartition(request) => self.on_alter_partition(ctx, caller, &request),
            Request::Admin(request) => self.on_admin(ctx, caller, *request),
            other => debug_assert!(false, "not for the controller: {other:?}"),
        }
    }

    fn set_periodic(&self, ctx: &mut Ctx<'_>, timer: ControllerTimer) {
        let period_us = match timer {
            ControllerTimer::UncleanElection => ms(self.config.unclean_leader_election_interval_ms),
            _ => ms(self.config.leader_imbalance_check_interval_seconds.saturating_mul(1000)),
        };
        let cause = ctx.cause.take();
        ctx.set_timer(period_us, NodeTimer::Controller(timer));
        ctx.cause = cause;
    }

    /// Ends a turn: brokers are told of what changed.
    fn finish(&mut self, ctx: &mut Ctx<'_>) {
        self.publisher.publish(ctx, &self.log);
        self.fence_check.ensure(ctx, self.heartbeats.first_session_ends_us());
    }
}

impl Node for Controller {
    fn on_start(&mut self, ctx: &mut Ctx<'_>) {
        self.heartbeats.activate(ctx.now);
        self.fence_check.activate(ctx.now);
        if self.config.auto_leader_rebalance_enable {
            self.set_periodic(ctx, ControllerTimer::PreferredElection);
        }
        self.set_periodic(ctx, ControllerTimer::UncleanElection);
        self.parked.on_start(ctx);
        self.finish(ctx);
    }

    fn on_message(&mut self, ctx: &mut Ctx<'_>, message: Envelope) {
        let Envelope { from: node, channel, connection, body, .. } = message;
        if let Body::Request(correlation, request) = body {
            let caller = Caller { node, channel, connection, correlation };
            self.on_request(ctx, caller, request);
            self.finish(ctx);
        }
    }

    fn on_timer(&mut self, ctx: &mut Ctx<'_>, timer: NodeTimer) {
        let NodeTimer::Controller(timer) = timer else { return };
        match timer {
            ControllerTimer::FenceStaleBrokers => self.fence_one_stale_broker(ctx),
            ControllerTimer::PreferredElection => {
                self.balance_leaders(ctx);
                self.set_periodic(ctx, timer);
            }
            ControllerTimer::UncleanElection => {
                self.elect_unclean_leaders(ctx);
                self.set_periodic(ctx, timer);
            }
            ControllerTimer::CreateParkedTopics => self.create_parked_topics(ctx),
        }
        self.finish(ctx);
    }

    fn on_close(&mut self, ctx: &mut Ctx<'_>) {
        ctx.exit();
    }
}

fn ms(ms: i64) -> Micros {
    ms.max(0) as u64 * 1000
}
