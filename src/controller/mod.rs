//! The controller: broker sessions, placement, elections, ISR changes, topics and configs.
//!
//! Whatever it decides becomes a record of the metadata log, is applied to its own image, and goes to
//! the brokers at the end of the same turn; of several controllers, when a majority has it. Parts:
//!
//! * `brokers`: registration, heartbeats, fencing; `broker_heartbeats`, `fence_check`: sessions;
//! * `replication`: what happens to partitions; `partition_change`, `reassignment`: what happens to
//!   one of them;
//! * `alter_partition`: leaders change their ISRs;
//! * `admin`, `topics`, `configs`, `placement`, `elect_leaders`: what administrators ask for;
//! * `metadata_log`, `publisher`: the log and its way to the brokers;
//! * `quorum`, `outbox`: several controllers, and what waits for a majority of them.

mod admin;
mod alter_partition;
mod broker_heartbeats;
mod brokers;
mod caller;
mod configs;
mod elect_leaders;
mod fence_check;
mod metadata_log;
mod outbox;
mod partition_change;
mod placement;
mod publisher;
mod quorum;
mod reassignment;
mod replication;
#[cfg(test)]
mod testbed;
#[cfg(test)]
mod tests;
mod topics;

use crate::config::{BrokerConfig, Features};
use crate::engine::{JavaRandom, Micros, NodeId, Timer};
use crate::metadata::MetadataImage;
use crate::node::{ControllerTimer, Ctx, Node, NodeTimer};
use crate::protocol::{Body, Envelope, Request};

pub use placement::{Draw, UsableBroker, place_replicas};

use admin::ParkedTopics;
use broker_heartbeats::BrokerHeartbeats;
use caller::Caller;
use fence_check::FenceCheck;
use metadata_log::MetadataLog;
use outbox::Outbox;
use publisher::Publisher;
use quorum::Quorum;

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
    /// Timers of the tasks that come again and again.
    tasks: [Option<Timer>; 2],
    /// Its place among several controllers.
    quorum: Option<Quorum>,
    outbox: Outbox,
    is_active: bool,
    /// The epoch in which it became active.
    claimed_epoch: i32,
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
            tasks: [None; 2],
            quorum: None,
            outbox: Outbox::default(),
            is_active: true,
            claimed_epoch: 0,
        }
    }

    /// The truth about the cluster, as far as it knows.
    pub fn committed_image(&self) -> &MetadataImage {
        self.log.committed_image()
    }

    /// What it decides by: with what is not committed yet.
    pub(crate) fn image(&self) -> &MetadataImage {
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

    fn set_periodic(&mut self, ctx: &mut Ctx<'_>, timer: ControllerTimer) {
        let (index, period_us) = match timer {
            ControllerTimer::UncleanElection => {
                (0, ms(self.config.unclean_leader_election_interval_ms))
            }
            _ => (1, ms(self.config.leader_imbalance_check_interval_seconds.saturating_mul(1000))),
        };
        let cause = ctx.cause.take();
        self.tasks[index] = Some(ctx.set_timer(period_us, NodeTimer::Controller(timer)));
        ctx.cause = cause;
    }

    /// It becomes active: every broker in service has a fresh session.
    fn activate(&mut self, ctx: &mut Ctx<'_>) {
        if self.quorum.is_some() {
            self.heartbeats.load(self.log.image());
            self.parked.close_unless_new(self.log.image());
        }
        self.heartbeats.activate(ctx.now);
        self.fence_check.activate(ctx.now);
        if self.config.auto_leader_rebalance_enable {
            self.set_periodic(ctx, ControllerTimer::PreferredElection);
        }
        self.set_periodic(ctx, ControllerTimer::UncleanElection);
        self.parked.on_start(ctx);
    }

    /// It is active no longer.
    fn stop_tasks(&mut self, ctx: &mut Ctx<'_>) {
        for timer in self.tasks.iter_mut().filter_map(Option::take) {
            ctx.cancel_timer(timer);
        }
        self.fence_check.stop(ctx);
    }

    /// A task of the active controller is due.
    fn on_task(&mut self, ctx: &mut Ctx<'_>, timer: ControllerTimer) {
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
            ControllerTimer::Quorum
            | ControllerTimer::QuorumFetch(_)
            | ControllerTimer::RequestTimeout(..) => {}
        }
    }

    /// Ends a turn: brokers are told of what changed.
    fn finish(&mut self, ctx: &mut Ctx<'_>) {
        self.publisher.publish(ctx, &self.log);
        self.fence_check.ensure(ctx, self.heartbeats.first_session_ends_us());
    }
}

impl Node for Controller {
    fn on_start(&mut self, ctx: &mut Ctx<'_>) {
        if self.quorum.is_some() {
            return self.start_in_quorum(ctx);
        }
        self.publisher = Publisher::default();
        self.activate(ctx);
        self.finish(ctx);
    }

    fn on_message(&mut self, ctx: &mut Ctx<'_>, message: Envelope) {
        if self.quorum.is_some() {
            return self.on_message_in_quorum(ctx, message);
        }
        let Envelope { from: node, channel, connection, body, .. } = message;
        if let Body::Request(correlation, request) = body {
            let caller = Caller { node, channel, connection, correlation };
            self.on_request(ctx, caller, request);
            self.finish(ctx);
        }
    }

    fn on_timer(&mut self, ctx: &mut Ctx<'_>, timer: NodeTimer) {
        let NodeTimer::Controller(timer) = timer else { return };
        if self.quorum.is_some() {
            return self.on_timer_in_quorum(ctx, timer);
        }
        self.on_task(ctx, timer);
        self.finish(ctx);
    }

    fn on_close(&mut self, ctx: &mut Ctx<'_>) {
        ctx.exit();
    }
}

fn ms(ms: i64) -> Micros {
    ms.max(0) as u64 * 1000
}
