//! The consumer as a node: what wakes it, and who takes care of it.

use std::sync::Arc;

use super::application::Application;
use super::commits::Commits;
use super::consumer_membership::ConsumerMembership;
use super::coordinator::Coordinator;
use super::fetcher::Fetcher;
use super::heartbeat::HeartbeatThread;
use super::membership::Membership;
use super::metadata::Metadata;
use super::positions::Positions;
use super::spec::ConsumerSpec;
use super::subscription::Subscription;
use crate::client::NetworkClient;
use crate::config::ConsumerConfig;
use crate::engine::{Micros, NodeId, Rng};
use crate::events::Event;
use crate::node::{ConsumerRetry, ConsumerTimer, Ctx, Node, NodeTimer};
use crate::protocol::{Body, Channel, Envelope, ErrorCode, Request, Response};

/// What a request in flight is about.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub(super) enum Tag {
    Metadata,
    FindCoordinator,
    JoinGroup,
    SyncGroup,
    /// Sent in this generation.
    Heartbeat(i32),
    ConsumerGroupHeartbeat,
    LeaveGroup,
    /// Number of the commit.
    OffsetCommit(u32),
    /// Sent in this generation.
    OffsetFetch(i32),
    ListOffsets,
    /// Number of the request.
    OffsetForLeaderEpoch(u32),
    Fetch,
}

/// A consumer process.
#[derive(Clone, Debug)]
pub struct Consumer {
    /// Its own id; known once it has started.
    pub(super) node: NodeId,
    pub(super) spec: ConsumerSpec,
    pub(super) config: ConsumerConfig,
    pub(super) bootstrap: Vec<NodeId>,
    /// Topics it subscribes to.
    pub(super) topics: Vec<Arc<str>>,
    pub(super) client_id: Arc<str>,
    pub(super) instance: Option<Arc<str>>,
    /// client.rack, unless it is empty.
    pub(super) rack: Option<Arc<str>>,
    pub(super) net: NetworkClient<Tag>,
    pub(super) metadata: Metadata,
    pub(super) coordinator: Coordinator,
    pub(super) membership: Membership,
    pub(super) consumer_membership: ConsumerMembership,
    pub(super) heartbeat: HeartbeatThread,
    pub(super) subscription: Subscription,
    pub(super) positions: Positions,
    pub(super) fetcher: Fetcher,
    pub(super) commits: Commits,
    pub(super) app: Application,
}

impl Consumer {
    /// A consumer that is not running yet.
    pub fn new(spec: ConsumerSpec, config: ConsumerConfig, bootstrap: Vec<NodeId>) -> Self {
        let timer =
            |peer, channel| NodeTimer::Consumer(ConsumerTimer::RequestTimeout(peer, channel));
        let net = NetworkClient::new(
            config.request_timeout_ms,
            config.reconnect_backoff_ms,
            config.reconnect_backoff_max_ms,
            timer,
        );
        Self {
            node: NodeId(0),
            topics: spec.subscribed_topics(),
            client_id: client_id(&spec, &config),
            instance: config.group_instance_id.as_deref().map(Arc::from),
            rack: rack(&config),
            spec,
            config,
            bootstrap,
            net,
            metadata: Metadata::default(),
            coordinator: Coordinator::default(),
            membership: Membership::default(),
            consumer_membership: ConsumerMembership::default(),
            heartbeat: HeartbeatThread::default(),
            subscription: Subscription::default(),
            positions: Positions::default(),
            fetcher: Fetcher::default(),
            commits: Commits::default(),
            app: Application::default(),
        }
    }

    /// Gives it another specification. Its process must have ended, closed or crashed: what a crash
    /// left in memory goes.
    pub fn configure(&mut self, spec: ConsumerSpec, config: ConsumerConfig) {
        self.app = Application::default();
        self.topics = spec.subscribed_topics();
        self.client_id = client_id(&spec, &config);
        self.instance = config.group_instance_id.as_deref().map(Arc::from);
        self.rack = rack(&config);
        self.spec = spec;
        self.config = config;
    }

    /// Whether its application runs.
    pub fn is_running(&self) -> bool {
        self.app.is_running()
    }

    /// What it is to do.
    pub fn spec(&self) -> &ConsumerSpec {
        &self.spec
    }

    /// What it works with.
    pub fn config(&self) -> &ConsumerConfig {
        &self.config
    }

    /// enable.auto.commit, but for an application that commits by itself.
    pub(super) fn auto_commits(&self) -> bool {
        let leaves_it = self.spec.commit == super::CommitStrategy::Auto;
        let is_chosen = || self.spec.config.is_explicit("enable.auto.commit");
        self.config.enable_auto_commit && (leaves_it || is_chosen())
    }

    /// retry.backoff.ms after so many failures in a row, up to retry.backoff.max.ms.
    pub(super) fn retry_backoff_us(&self, attempts: u32, rng: &mut Rng) -> Micros {
        let first_us = self.config.retry_backoff_ms.max(0) as u64 * 1000;
        let max_us = self.config.retry_backoff_max_ms.max(0) as u64 * 1000;
        let backoff_us = (first_us << attempts.min(20)).min(max_us);
        // ExponentialBackoff: 20 % either way, never above the maximum.
        let jitter_us = backoff_us / 5;
        rng.between(backoff_us - jitter_us, backoff_us + jitter_us).min(max_us)
    }

    /// Sends a request on the connection for data.
    pub(super) fn send_data(&mut self, ctx: &mut Ctx<'_>, to: NodeId, request: Request, tag: Tag) {
        let bytes = super::wire::request_bytes(&request, &self.client_id);
        self.net.send(ctx, to, Channel::Data, bytes, request, tag);
    }

    /// Sends a request to the coordinator, if there is one.
    pub(super) fn send_to_coordinator(
        &mut self,
        ctx: &mut Ctx<'_>,
        request: Request,
        tag: Tag,
    ) -> bool {
        let Some(to) = self.coordinator.node else { return false };
        let bytes = super::wire::request_bytes(&request, &self.client_id);
        match tag {
            // The coordinator parks it until all have joined, for their max.poll.interval.ms.
            Tag::JoinGroup => {
                let timeout_ms = self.config.max_poll_interval_ms + 5000;
                let timeout_us = self.config.request_timeout_ms.max(timeout_ms) as u64 * 1000;
                let channel = Channel::Coordinator;
                self.net.send_within(ctx, to, channel, bytes, request, tag, timeout_us);
            }
            _ => {
                self.net.send(ctx, to, Channel::Coordinator, bytes, request, tag);
            }
        }
        true
    }

    /// poll() throws something the application cannot handle: it closes the consumer.
    pub(super) fn fail(&mut self, ctx: &mut Ctx<'_>, exception: &str) {
        if !self.app.is_closing() {
            ctx.emit(Event::PollFailed { exception: exception.into() });
            self.close(ctx);
        }
    }

    fn on_response(&mut self, ctx: &mut Ctx<'_>, from: NodeId, tag: Tag, response: Response) {
        match (tag, response) {
            (Tag::Metadata, Response::Metadata(cluster)) => self.on_metadata(ctx, cluster),
            (Tag::FindCoordinator, Response::FindCoordinator(found)) => {
                self.on_coordinator_found(ctx, found.coordinator);
            }
            (Tag::JoinGroup, Response::JoinGroup(joined)) => self.on_joined(ctx, *joined),
            (Tag::SyncGroup, Response::SyncGroup(synced)) => self.on_synced(ctx, *synced),
            (Tag::Heartbeat(generation), Response::Heartbeat(error)) => {
                self.on_heartbeat_answered(ctx, generation, error);
            }
            (Tag::ConsumerGroupHeartbeat, Response::ConsumerGroupHeartbeat(answer)) => {
                self.on_consumer_heartbeat_answered(ctx, *answer);
            }
            (Tag::LeaveGroup, Response::LeaveGroup(_) | Response::ConsumerGroupHeartbeat(_)) => {
                self.on_left(ctx)
            }
            (Tag::OffsetCommit(number), Response::OffsetCommit(answer)) => {
                let error = answer.partitions.iter().find_map(|&(_, error)| error);
                self.on_commit_answered(ctx, number, error.map_or(Ok(()), Err));
            }
            (Tag::OffsetFetch(generation), Response::OffsetFetch(answer)) => {
                self.on_committed_offsets(ctx, generation, *answer);
            }
            (Tag::ListOffsets, Response::ListOffsets(answer)) => {
                self.on_listed_offsets(ctx, *answer);
            }
            (Tag::OffsetForLeaderEpoch(number), Response::OffsetForLeaderEpoch(answer)) => {
                self.on_epoch_ends(ctx, number, *answer);
            }
            (Tag::Fetch, Response::Fetch(answer)) => self.on_fetched(ctx, from, answer),
            (tag, _) => debug_assert!(false, "wrong response to {tag:?}"),
        }
    }

    /// The connection broke or a request timed out: no answer will come to any of these.
    fn on_connection_lost(
        &mut self,
        ctx: &mut Ctx<'_>,
        peer: NodeId,
        channel: Channel,
        tags: impl Iterator<Item = Tag>,
    ) {
        self.request_metadata_update(ctx);
        if channel == Channel::Coordinator && self.coordinator.node == Some(peer) {
            self.mark_coordinator_unknown();
        }
        for tag in tags {
            match tag {
                Tag::Metadata => self.on_metadata_failed(ctx),
                Tag::FindCoordinator => {
                    self.on_coordinator_found(ctx, Err(ErrorCode::NetworkException));
                }
                Tag::JoinGroup | Tag::SyncGroup => {
                    self.on_join_failed(ctx, ErrorCode::NetworkException);
                }
                Tag::Heartbeat(_) => self.retry_heartbeat(ctx),
                Tag::ConsumerGroupHeartbeat => {
                    self.on_consumer_heartbeat_failed(ctx, ErrorCode::NetworkException);
                }
                Tag::LeaveGroup => self.on_left(ctx),
                Tag::OffsetCommit(number) => {
                    self.on_commit_answered(ctx, number, Err(ErrorCode::NetworkException));
                }
                Tag::OffsetFetch(generation) => self.on_committed_offsets_failed(ctx, generation),
                Tag::ListOffsets => self.on_list_offsets_failed(ctx, peer),
                Tag::OffsetForLeaderEpoch(number) => self.on_epoch_ends_failed(ctx, number),
                Tag::Fetch => self.on_fetch_failed(ctx, peer),
            }
        }
    }
}

fn client_id(spec: &ConsumerSpec, config: &ConsumerConfig) -> Arc<str> {
    if spec.config.is_explicit("client.id") && !config.client_id.is_empty() {
        config.client_id.as_str().into()
    } else {
        spec.name.clone()
    }
}

fn rack(config: &ConsumerConfig) -> Option<Arc<str>> {
    (!config.client_rack.is_empty()).then(|| config.client_rack.as_str().into())
}

impl Node for Consumer {
    fn on_start(&mut self, ctx: &mut Ctx<'_>) {
        self.node = ctx.me;
        let config = &self.config;
        self.net.restart(
            config.request_timeout_ms,
            config.reconnect_backoff_ms,
            config.reconnect_backoff_max_ms,
        );
        self.metadata = Metadata::default();
        self.coordinator = Coordinator::default();
        self.membership = Membership::default();
        self.consumer_membership = ConsumerMembership::default();
        self.heartbeat = HeartbeatThread::default();
        self.subscription = Subscription::default();
        self.positions = Positions::default();
        self.fetcher = Fetcher::default();
        self.commits = Commits::default();
        self.app = Application::started();
        if let Err(exception) = self.check_subscription() {
            return self.fail(ctx, &exception);
        }
        if let Some(handler) = &self.spec.handler {
            ctx.note(Event::HandlerStarted {
                group: self.spec.group.clone(),
                on_error: handler.on_error.name(),
                is_idempotent: handler.is_idempotent,
            });
        }
        self.request_metadata_update(ctx);
        self.drive(ctx);
    }

    fn on_message(&mut self, ctx: &mut Ctx<'_>, message: Envelope) {
        let (from, channel) = (message.from, message.channel);
        match message.body {
            Body::Response(correlation, response) => {
                let Some(request) = self.net.on_response(from, channel, correlation) else {
                    return;
                };
                self.on_response(ctx, from, request.tag, response);
            }
            Body::Disconnected => {
                let lost = self.net.on_disconnect(ctx, from, channel, message.connection);
                let tags = lost.into_iter().map(|request| request.tag);
                self.on_connection_lost(ctx, from, channel, tags);
            }
            Body::Request(..) => return,
        }
        self.drive(ctx);
    }

    fn on_timer(&mut self, ctx: &mut Ctx<'_>, timer: NodeTimer) {
        let NodeTimer::Consumer(timer) = timer else { return };
        match timer {
            ConsumerTimer::Processed => self.on_processed(ctx),
            ConsumerTimer::Heartbeat => self.on_heartbeat_timer(ctx),
            ConsumerTimer::PollInterval => self.on_poll_interval_timer(ctx),
            ConsumerTimer::RequestTimeout(peer, channel) => {
                let lost = self.net.on_timeout(ctx, peer, channel);
                if lost.is_empty() {
                    return;
                }
                let tags = lost.into_iter().map(|request| request.tag);
                self.on_connection_lost(ctx, peer, channel, tags);
            }
            ConsumerTimer::Metadata => self.on_metadata_timer(ctx),
            ConsumerTimer::Retry(ConsumerRetry::Coordinator) => self.on_coordinator_timer(ctx),
            ConsumerTimer::Retry(ConsumerRetry::Join) => self.membership.retry_timer = None,
            ConsumerTimer::Retry(ConsumerRetry::Commit) => self.retry_commit(ctx),
            ConsumerTimer::Retry(ConsumerRetry::Positions) => self.positions.retry_timer = None,
            ConsumerTimer::Retry(ConsumerRetry::Fetch) => self.fetcher.retry_timer = None,
            ConsumerTimer::AutoCommit => self.on_auto_commit_timer(ctx),
            ConsumerTimer::ApiTimeout => self.on_api_timeout(ctx),
            ConsumerTimer::Resume => self.on_resume_timer(ctx),
            ConsumerTimer::Worked => self.on_worked(ctx),
            ConsumerTimer::Close => self.on_close_timeout(ctx),
        }
        self.drive(ctx);
    }

    fn on_close(&mut self, ctx: &mut Ctx<'_>) {
        self.shut_down(ctx);
    }
}
