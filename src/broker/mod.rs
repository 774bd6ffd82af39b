//! A broker: logs, replicas, purgatories, coordinators, and its life at the controller.
//!
//! [`Broker`] is the node. It takes what arrives to the part that knows about it: `connections`
//! let requests in, `replica_manager` has the replicas and what waits for them, `fetcher` follows
//! other leaders, `group` coordinates groups and `transaction` transactions, `lifecycle` speaks with
//! the controller.

mod alter_partition;
mod connections;
mod disk;
mod fetch;
mod fetcher;
pub mod group;
mod internal_topic;
mod lifecycle;
mod log;
mod metadata_update;
mod produce;
mod producer_ids;
mod replica;
mod replica_manager;
mod request;
mod serve;
#[cfg(test)]
mod tests;
mod transact;
pub mod transaction;
mod wire;

pub use lifecycle::Lifecycle;
pub use log::{
    AbortedTransaction, Cleaned, LeaderEpochCache, Log, LogConfig, LogToClean, RetentionReason,
    Retired, Segment, Writing, Written,
};
pub use replica::{Isr, Leadership, Partition, RemoteReplica};
pub use replica_manager::ReplicaManager;
pub use request::RequestToken;

use std::sync::Arc;

use connections::{Arrival, Connections};
use fetcher::Fetchers;
use group::GroupCoordinator;
use producer_ids::ProducerIds;
use transaction::{Participant, TransactionCoordinator};

use crate::config::BrokerConfig;
use crate::engine::{Micros, NodeId};
use crate::metadata::MetadataImage;
use crate::node::{BrokerTimer, Ctx, Node, NodeTimer};
use crate::protocol::{Body, Channel, Envelope, Request, Response, TopicPartition};
use crate::view::ReplicaView;

/// A broker. Logs, high watermark checkpoints and metadata survive its process, all else is memory.
#[derive(Clone, Debug)]
pub struct Broker {
    id: NodeId,
    config: BrokerConfig,
    image: MetadataImage,
    /// The broker epoch the metadata had when the process started: until they have another one
    /// they are what was on disk, and are not acted upon.
    stale_epoch: Option<i64>,
    is_caught_up: bool,
    /// When the process last did anything.
    alive_us: Micros,
    started_us: Micros,
    is_cleaner_armed: bool,
    lifecycle: Lifecycle,
    connections: Connections,
    replicas: ReplicaManager,
    fetchers: Fetchers,
    groups: GroupCoordinator,
    transactions: TransactionCoordinator,
    participant: Participant,
    producer_ids: ProducerIds,
    ailment: disk::Ailment,
    /// CreateTopics for one of Kafka's own topics is on its way.
    is_creating_topic: bool,
}

impl Broker {
    /// Broker `id`, before its process starts for the first time.
    pub fn new(id: NodeId, rack: Option<Arc<str>>, config: BrokerConfig) -> Self {
        Self {
            id,
            image: MetadataImage::default(),
            stale_epoch: None,
            is_caught_up: false,
            alive_us: 0,
            started_us: 0,
            is_cleaner_armed: false,
            lifecycle: Lifecycle::new(id, rack),
            connections: Connections::default(),
            replicas: ReplicaManager::new(id, config.clone()),
            fetchers: Fetchers::new(id, &config),
            groups: GroupCoordinator::new(id, &config),
            transactions: TransactionCoordinator::new(id, &config),
            participant: Participant::new(&config),
            producer_ids: ProducerIds::new(id),
            ailment: disk::Ailment::default(),
            is_creating_topic: false,
            config,
        }
    }

    /// Names the controllers, when there are several.
    pub fn set_controllers(&mut self, controllers: Arc<[NodeId]>) {
        self.lifecycle.set_controllers(controllers);
    }

    /// Its replicas, for the view; `controller` is the controller's image.
    pub fn replica_views(&self, controller: &MetadataImage) -> Vec<ReplicaView> {
        self.replicas.views(controller)
    }

    /// Its group coordinator.
    pub fn groups(&self) -> &GroupCoordinator {
        &self.groups
    }

    /// Its transaction coordinator.
    pub fn transactions(&self) -> &TransactionCoordinator {
        &self.transactions
    }

    /// The metadata it has applied.
    pub fn image(&self) -> &MetadataImage {
        &self.image
    }

    /// Its replica of a partition.
    pub fn replica(&self, tp: TopicPartition) -> Option<&Partition> {
        self.replicas.replica(tp)
    }

    /// Its life at the controller.
    pub fn lifecycle(&self) -> &Lifecycle {
        &self.lifecycle
    }

    /// The machine loses power: what was not flushed is gone.
    pub fn lose_power(&mut self, ctx: &mut Ctx<'_>) {
        self.replicas.lose_power(ctx);
    }

    fn shrink_isr_interval_us(&self) -> Micros {
        (self.replicas.lag_max_us() / 2).max(1)
    }

    fn on_response(&mut self, ctx: &mut Ctx<'_>, envelope: Envelope) {
        if envelope.channel == Channel::Control {
            match self.lifecycle.take_response(ctx, envelope, &self.image) {
                Some(Response::AlterPartition(response)) => {
                    let failed = self.replicas.on_alter_partition(ctx, *response);
                    self.retry_alter_partition_later(ctx, failed);
                }
                Some(Response::Admin(_)) => self.is_creating_topic = false,
                Some(Response::NotController(_)) => self.on_control_requests_lost(ctx),
                _ => {}
            }
        } else if let Body::Response(correlation, response) = envelope.body {
            let leader = envelope.from;
            if envelope.channel == Channel::Coordinator {
                return self.on_peer_response(ctx, leader, correlation, response);
            }
            self.fetchers.on_response(ctx, &mut self.replicas, leader, correlation, response);
        }
    }

    fn on_disconnect(&mut self, ctx: &mut Ctx<'_>, envelope: &Envelope) {
        let Envelope { from, channel, connection, .. } = *envelope;
        if channel == Channel::Control {
            if self.lifecycle.on_disconnected(ctx, envelope) {
                self.on_control_requests_lost(ctx);
            }
            return;
        }
        if channel == Channel::Replica {
            self.fetchers.on_disconnect(ctx, from, connection);
        }
        if channel == Channel::Coordinator {
            self.on_peer_disconnect(ctx, from, connection);
        }
        if self.connections.on_disconnect(from, channel, connection) {
            self.replicas.on_client_gone(ctx, from, channel);
        }
    }

    fn on_control_requests_lost(&mut self, ctx: &mut Ctx<'_>) {
        self.is_creating_topic = false;
        let lost = self.replicas.on_alter_partition_lost();
        self.retry_alter_partition_later(ctx, lost);
    }

    /// The cleaner looks every log.cleaner.backoff.ms from the start of the process on; where it
    /// would find nothing it need not look.
    fn arm_cleaner(&mut self, ctx: &mut Ctx<'_>) {
        let is_on = self.config.log_cleaner_enable && self.config.log_cleaner_threads > 0;
        if self.is_cleaner_armed || !is_on || !self.replicas.has_work_for_cleaner() {
            return;
        }
        let backoff_us = interval_us(self.config.log_cleaner_backoff_ms);
        let looks = (ctx.now - self.started_us) / backoff_us + 1;
        let at_us = self.started_us.saturating_add(looks.saturating_mul(backoff_us));
        let cause = ctx.cause.take();
        ctx.set_timer_at(at_us, NodeTimer::Broker(BrokerTimer::CleanLogs));
        ctx.cause = cause;
        self.is_cleaner_armed = true;
    }

    fn retry_alter_partition_later(&mut self, ctx: &mut Ctx<'_>, failed: bool) {
        if failed {
            let timer = NodeTimer::Broker(BrokerTimer::RetryAlterPartition);
            ctx.set_timer(alter_partition::RETRY_US, timer);
        }
    }

    fn on_broker_timer(&mut self, ctx: &mut Ctx<'_>, timer: BrokerTimer) {
        match timer {
            BrokerTimer::FetchExpired(number) => {
                self.replicas.on_fetch_expired(ctx, &self.image, number);
            }
            BrokerTimer::ProduceExpired(number) => self.replicas.on_produce_expired(ctx, number),
            BrokerTimer::FetchFrom(leader) => self.fetchers.on_timer(ctx, leader),
            BrokerTimer::RequestTimeout(leader, Channel::Replica) => {
                self.fetchers.on_request_timeout(ctx, leader);
            }
            BrokerTimer::RequestTimeout(peer, Channel::Coordinator) => {
                self.on_peer_timeout(ctx, peer);
            }
            BrokerTimer::RequestTimeout(controller, _) => {
                if self.lifecycle.on_request_timeout(ctx, controller) {
                    self.on_control_requests_lost(ctx);
                }
            }
            BrokerTimer::Heartbeat => self.lifecycle.on_timer(ctx, timer, &self.image),
            BrokerTimer::ShrinkIsr => {
                // A look at the clock: nothing has led to it.
                ctx.cause = None;
                ctx.set_timer(self.shrink_isr_interval_us(), NodeTimer::Broker(timer));
                self.replicas.shrink_isrs(ctx);
            }
            BrokerTimer::Written => self.on_written(ctx),
            BrokerTimer::Checkpoint => self.on_checkpoint(),
            BrokerTimer::DeleteOldSegments => {
                ctx.cause = None;
                let interval_us = interval_us(self.config.log_retention_check_interval_ms);
                ctx.set_timer(interval_us, NodeTimer::Broker(timer));
                self.replicas.delete_old_segments(ctx);
            }
            BrokerTimer::CleanLogs => {
                ctx.cause = None;
                self.is_cleaner_armed = false;
                self.replicas.clean_logs(ctx);
            }
            BrokerTimer::RetryAlterPartition => self.replicas.retry_alter_partition(),
            BrokerTimer::GroupRebalance(_)
            | BrokerTimer::GroupSessions(_)
            | BrokerTimer::OffsetCommitTimeout(_)
            | BrokerTimer::ExpireOffsets(_) => {
                self.groups.on_timer(ctx, timer, &self.image, &mut self.replicas);
            }
            BrokerTimer::AbortTimedOutTransactions | BrokerTimer::RetryTransactionMarkers => {
                self.on_transaction_timer(ctx, timer);
            }
        }
    }
}

/// A config in ms as µs, and never nothing: time has to go on.
fn interval_us(ms: i64) -> Micros {
    (ms.max(1) as Micros).saturating_mul(1000)
}

impl Node for Broker {
    fn on_start(&mut self, ctx: &mut Ctx<'_>) {
        self.stale_epoch = self.image.broker(self.id).map(|own| own.broker_epoch);
        self.is_caught_up = false;
        self.is_creating_topic = false;
        self.connections.restart();
        self.replicas.restart(ctx.now, self.alive_us);
        self.fetchers.restart(ctx);
        self.groups.reset();
        self.transactions.restart(ctx.now);
        self.participant.restart(&self.config);
        self.ailment.restart();
        self.expect_failed_checkpoint(ctx);
        self.alive_us = ctx.now;
        self.started_us = ctx.now;
        self.lifecycle.on_start(ctx, &self.image, &self.config);
        ctx.set_timer(self.shrink_isr_interval_us(), NodeTimer::Broker(BrokerTimer::ShrinkIsr));
        let first_look_us = interval_us(self.config.log_initial_task_delay_ms);
        ctx.set_timer(first_look_us, NodeTimer::Broker(BrokerTimer::DeleteOldSegments));
        self.is_cleaner_armed = false;
    }

    fn on_message(&mut self, ctx: &mut Ctx<'_>, message: Envelope) {
        self.alive_us = ctx.now;
        match message.body {
            Body::Request(_, Request::MetadataUpdate(update)) => {
                self.on_metadata_update(ctx, &update);
            }
            Body::Request(correlation, request) => {
                let arrival = Arrival {
                    client: message.from,
                    channel: message.channel,
                    connection: message.connection,
                    correlation,
                    request,
                    cause: message.cause,
                };
                if let Some(admitted) = self.connections.admit(arrival) {
                    self.serve(ctx, admitted);
                }
            }
            Body::Response(..) => {
                if let Some(message) = self.fetched_waits(ctx, message) {
                    self.on_response(ctx, message);
                }
            }
            Body::Disconnected => self.on_disconnect(ctx, &message),
        }
        self.settle(ctx);
    }

    fn on_timer(&mut self, ctx: &mut Ctx<'_>, timer: NodeTimer) {
        self.alive_us = ctx.now;
        if let NodeTimer::Broker(timer) = timer {
            self.on_broker_timer(ctx, timer);
            self.settle(ctx);
        }
    }

    fn on_close(&mut self, ctx: &mut Ctx<'_>) {
        self.alive_us = ctx.now;
        self.lifecycle.on_close(ctx, &self.image);
        self.settle(ctx);
    }
}
