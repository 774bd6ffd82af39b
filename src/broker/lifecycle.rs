//! A broker's life at the controller: registration, heartbeats, controlled shutdown. Kafka's
//! `BrokerLifecycleManager`.
//!
//! It owns the broker's connection to the controller, so AlterPartition and requests for internal
//! topics go through it as well: their answers come back to the broker from
//! [`Lifecycle::take_response`].

use std::sync::Arc;

use crate::client::NetworkClient;
use crate::config::BrokerConfig;
use crate::engine::{Micros, NodeId, Timer};
use crate::metadata::MetadataImage;
use crate::node::{BrokerTimer, CONTROLLER, Ctx, NodeTimer};
use crate::protocol::{
    Body, BrokerHeartbeatRequest, BrokerHeartbeatResponse, BrokerRegistrationRequest,
    BrokerRegistrationResponse, Channel, Envelope, Request, Response,
};

const REGISTRATION_BYTES: u32 = 160;
const HEARTBEAT_BYTES: u32 = 46;
const RECONNECT_BACKOFF_MS: i64 = 50;
/// While no controller is active (`NodeToControllerRequestThread`).
const FIND_CONTROLLER_US: Micros = 100_000;
/// While STARTING, and after the first answer to a request for controlled shutdown.
const STARTING_HEARTBEAT_US: Micros = 10_000;
const FIRST_SHUTDOWN_HEARTBEAT_US: Micros = 50_000;
/// `BrokerServer.shutdown` waits no longer for the controller's leave.
const CONTROLLED_SHUTDOWN_US: Micros = 300_000_000;

/// Kafka's `BrokerState`.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
enum BrokerState {
    NotRunning,
    Starting,
    Recovery,
    Running,
    PendingControlledShutdown,
    ShuttingDown,
}

/// What a request to the controller was for.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub enum ControlTag {
    /// BrokerRegistration or BrokerHeartbeat.
    Lifecycle,
    /// The broker's own: AlterPartition and the like.
    Broker,
}

/// The broker's side of its session at the controller.
#[derive(Clone, Debug)]
pub struct Lifecycle {
    id: NodeId,
    rack: Option<Arc<str>>,
    controllers: Arc<[NodeId]>,
    /// The one it takes for the active one.
    controller: NodeId,
    client: NetworkClient<ControlTag>,
    state: BrokerState,
    incarnation: u64,
    broker_epoch: Option<i64>,
    /// The clean shutdown file: written when the process ends in good order, read and deleted when
    /// the next one starts.
    clean_shutdown_epoch: Option<i64>,
    /// What was in it.
    previous_broker_epoch: Option<i64>,
    is_fenced: bool,
    is_controlled: bool,
    got_controlled_shutdown_response: bool,
    heartbeat_interval_us: Micros,
    /// It stops when it is still not registered by then, or still in controlled shutdown.
    deadline_us: Micros,
    /// A registration or heartbeat has no answer yet.
    communication_in_flight: bool,
    /// Once it has, the next one follows at once.
    next_is_immediate: bool,
    timer: Option<Timer>,
}

fn request_timeout(node: NodeId, channel: Channel) -> NodeTimer {
    NodeTimer::Broker(BrokerTimer::RequestTimeout(node, channel))
}

fn client(request_timeout_ms: i64) -> NetworkClient<ControlTag> {
    let backoff_ms = RECONNECT_BACKOFF_MS;
    NetworkClient::new(request_timeout_ms, backoff_ms, backoff_ms, request_timeout)
}

impl Lifecycle {
    /// The life of broker `id`, before its process starts.
    pub fn new(id: NodeId, rack: Option<Arc<str>>) -> Self {
        Self {
            id,
            rack,
            controllers: [CONTROLLER].into(),
            controller: CONTROLLER,
            client: client(0),
            state: BrokerState::NotRunning,
            incarnation: 0,
            broker_epoch: None,
            clean_shutdown_epoch: None,
            previous_broker_epoch: None,
            is_fenced: true,
            is_controlled: true,
            got_controlled_shutdown_response: false,
            heartbeat_interval_us: 0,
            deadline_us: Micros::MAX,
            communication_in_flight: false,
            next_is_immediate: false,
            timer: None,
        }
    }

    /// The process starts: registers as a new incarnation.
    pub fn on_start(&mut self, ctx: &mut Ctx<'_>, image: &MetadataImage, config: &BrokerConfig) {
        let us = |ms: i64| ms.max(0) as u64 * 1000;
        *self = Self {
            // Kafka gives a heartbeat half a session (KAFKA-14392).
            client: client(config.broker_session_timeout_ms / 2),
            state: BrokerState::Starting,
            incarnation: ctx.rng.next_u64(),
            is_controlled: config.controlled_shutdown_enable,
            heartbeat_interval_us: us(config.broker_heartbeat_interval_ms),
            deadline_us: ctx.now + us(config.initial_broker_registration_timeout_ms),
            previous_broker_epoch: self.clean_shutdown_epoch,
            controllers: self.controllers.clone(),
            controller: self.controller,
            ..Self::new(self.id, self.rack.take())
        };
        self.communicate(ctx, image);
    }

    /// [`BrokerTimer::Heartbeat`] fired.
    pub fn on_timer(&mut self, ctx: &mut Ctx<'_>, timer: BrokerTimer, image: &MetadataImage) {
        debug_assert_eq!(timer, BrokerTimer::Heartbeat);
        self.timer = None;
        if ctx.now >= self.deadline_us {
            self.stop(ctx);
        } else {
            self.communicate(ctx, image);
        }
    }

    /// Takes a response on the connection to the controller. What the broker asked for itself is
    /// handed back to it.
    pub fn take_response(
        &mut self,
        ctx: &mut Ctx<'_>,
        envelope: Envelope,
        image: &MetadataImage,
    ) -> Option<Response> {
        let Body::Response(correlation, response) = envelope.body else { return None };
        let controller = envelope.from;
        let request = self.client.on_response(controller, Channel::Control, correlation)?;
        if let Response::NotController(active) = response {
            self.find_controller(controller, active);
        }
        if request.tag == ControlTag::Broker {
            return Some(response);
        }
        self.communication_in_flight = false;
        match response {
            Response::NotController(active) => {
                let wait_us = if active.is_some() { 0 } else { FIND_CONTROLLER_US };
                self.schedule_after_failure(ctx, ctx.now + wait_us);
            }
            Response::BrokerRegistration(response) => self.on_registered(ctx, response, image),
            Response::BrokerHeartbeat(response) => self.on_heartbeat(ctx, response, image),
            other => debug_assert!(false, "not an answer to what was asked: {other:?}"),
        }
        None
    }

    /// The connection to the controller broke. True: requests of the broker's own were lost.
    pub fn on_disconnected(&mut self, ctx: &mut Ctx<'_>, envelope: &Envelope) -> bool {
        let (peer, channel) = (envelope.from, envelope.channel);
        let lost = self.client.on_disconnect(ctx, peer, channel, envelope.connection);
        let retry_at_us = self.client.ready_at_us(peer, Channel::Control);
        self.find_controller(peer, None);
        self.on_lost(ctx, retry_at_us, lost.iter().map(|request| request.tag))
    }

    /// [`BrokerTimer::RequestTimeout`] of the controller fired. True: requests of the broker's own
    /// were lost.
    pub fn on_request_timeout(&mut self, ctx: &mut Ctx<'_>, controller: NodeId) -> bool {
        let lost = self.client.on_timeout(ctx, controller, Channel::Control);
        if !lost.is_empty() {
            self.find_controller(controller, None);
        }
        let retry_at_us = ctx.now + self.heartbeat_interval_us;
        self.on_lost(ctx, retry_at_us, lost.iter().map(|request| request.tag))
    }

    /// Names the controllers, when there are several.
    pub fn set_controllers(&mut self, controllers: Arc<[NodeId]>) {
        self.controller = controllers.first().copied().unwrap_or(CONTROLLER);
        self.controllers = controllers;
    }

    /// `former` is not the active controller, or cannot be reached: `active` is, or the next one is
    /// asked.
    fn find_controller(&mut self, former: NodeId, active: Option<NodeId>) {
        if former == self.controller {
            let next = self.controllers.iter().position(|&id| id == former).unwrap_or(0) + 1;
            let next = self.controllers[next % self.controllers.len()];
            self.controller = active.filter(|&active| active != former).unwrap_or(next);
        }
    }

    /// New metadata were applied.
    pub fn on_metadata(&mut self, _ctx: &mut Ctx<'_>, image: &MetadataImage) {
        let own = image.broker(self.id).filter(|own| Some(own.broker_epoch) == self.broker_epoch);
        if let Some(own) = own {
            self.is_fenced = own.fenced;
        }
    }

    /// The process shall end: in controlled shutdown when it is in service, else at once.
    pub fn on_close(&mut self, ctx: &mut Ctx<'_>, image: &MetadataImage) {
        match self.state {
            BrokerState::Running if self.is_controlled => {
                self.state = BrokerState::PendingControlledShutdown;
                self.deadline_us = ctx.now + CONTROLLED_SHUTDOWN_US;
                self.schedule(ctx, 0, image);
            }
            BrokerState::PendingControlledShutdown | BrokerState::ShuttingDown => {}
            _ => self.stop(ctx),
        }
    }

    /// Sends a request of the broker's own to the controller.
    pub fn send_to_controller(&mut self, ctx: &mut Ctx<'_>, request: Request, bytes: u32) {
        let tag = ControlTag::Broker;
        self.client.send(ctx, self.controller, Channel::Control, bytes, request, tag);
    }

    /// The epoch of this incarnation, -1 until it is registered.
    pub fn broker_epoch(&self) -> i64 {
        self.broker_epoch.unwrap_or(-1)
    }

    /// Whether the controller has it fenced, as far as it knows.
    pub fn is_fenced(&self) -> bool {
        self.is_fenced
    }

    /// Whether it is in controlled shutdown or past it.
    pub fn is_shutting_down(&self) -> bool {
        matches!(self.state, BrokerState::PendingControlledShutdown | BrokerState::ShuttingDown)
    }

    /// Whether it has called [`Ctx::exit`]: this turn is the process's last.
    pub fn is_stopped(&self) -> bool {
        self.state == BrokerState::ShuttingDown
    }

    fn on_registered(
        &mut self,
        ctx: &mut Ctx<'_>,
        response: BrokerRegistrationResponse,
        image: &MetadataImage,
    ) {
        match response.result {
            Ok(broker_epoch) => {
                self.broker_epoch = Some(broker_epoch);
                self.deadline_us = Micros::MAX;
                self.schedule(ctx, 0, image);
            }
            Err(_) => self.schedule_after_failure(ctx, ctx.now + self.heartbeat_interval_us),
        }
    }

    fn on_heartbeat(
        &mut self,
        ctx: &mut Ctx<'_>,
        response: BrokerHeartbeatResponse,
        image: &MetadataImage,
    ) {
        if response.error.is_some() {
            self.schedule_after_failure(ctx, ctx.now + self.heartbeat_interval_us);
            return;
        }
        self.is_fenced = response.is_fenced;
        let mut next_us = self.heartbeat_interval_us;
        match self.state {
            BrokerState::Starting => {
                next_us = STARTING_HEARTBEAT_US;
                if response.is_caught_up {
                    // Its logs are loaded in no time, so it is ready to be unfenced.
                    self.state = BrokerState::Recovery;
                    next_us = 0;
                }
            }
            BrokerState::Recovery => {
                if !response.is_fenced {
                    self.state = BrokerState::Running;
                }
            }
            BrokerState::PendingControlledShutdown => {
                if response.should_shut_down {
                    self.stop(ctx);
                    return;
                }
                if !self.got_controlled_shutdown_response {
                    next_us = FIRST_SHUTDOWN_HEARTBEAT_US;
                }
                self.got_controlled_shutdown_response = true;
            }
            BrokerState::Running => {}
            BrokerState::NotRunning | BrokerState::ShuttingDown => return,
        }
        self.schedule(ctx, next_us, image);
    }

    fn on_lost(
        &mut self,
        ctx: &mut Ctx<'_>,
        retry_at_us: Micros,
        lost: impl Iterator<Item = ControlTag>,
    ) -> bool {
        let mut broker_lost = false;
        for tag in lost {
            match tag {
                ControlTag::Broker => broker_lost = true,
                ControlTag::Lifecycle => {
                    self.communication_in_flight = false;
                    self.schedule_after_failure(ctx, retry_at_us);
                }
            }
        }
        broker_lost
    }

    /// Communicates `after_us` from now, or at once if that was asked for meanwhile.
    fn schedule(&mut self, ctx: &mut Ctx<'_>, after_us: Micros, image: &MetadataImage) {
        if std::mem::take(&mut self.next_is_immediate) || after_us == 0 {
            self.communicate(ctx, image);
        } else {
            self.set_timer(ctx, ctx.now + after_us);
        }
    }

    /// Communicates at `at_us`, whatever was asked for meanwhile.
    fn schedule_after_failure(&mut self, ctx: &mut Ctx<'_>, at_us: Micros) {
        self.next_is_immediate = false;
        self.set_timer(ctx, at_us);
    }

    fn set_timer(&mut self, ctx: &mut Ctx<'_>, at_us: Micros) {
        self.cancel_timer(ctx);
        let cause = ctx.cause;
        if self.state == BrokerState::Running {
            // What happened before is not what makes it go on living.
            ctx.cause = None;
        }
        let timer = NodeTimer::Broker(BrokerTimer::Heartbeat);
        self.timer = Some(ctx.set_timer_at(at_us.min(self.deadline_us), timer));
        ctx.cause = cause;
    }

    fn cancel_timer(&mut self, ctx: &mut Ctx<'_>) {
        if let Some(timer) = self.timer.take() {
            ctx.cancel_timer(timer);
        }
    }

    fn communicate(&mut self, ctx: &mut Ctx<'_>, image: &MetadataImage) {
        self.cancel_timer(ctx);
        if self.communication_in_flight {
            self.next_is_immediate = true;
            return;
        }
        self.communication_in_flight = true;
        let (broker, metadata_offset) = (self.id, image.next_offset());
        let (bytes, request) = match self.broker_epoch {
            Some(broker_epoch) => {
                let request = BrokerHeartbeatRequest {
                    broker,
                    broker_epoch,
                    metadata_offset,
                    want_fence: self.state == BrokerState::Starting,
                    want_shut_down: self.state == BrokerState::PendingControlledShutdown,
                };
                (HEARTBEAT_BYTES, Request::BrokerHeartbeat(request))
            }
            None => {
                let (incarnation, rack) = (self.incarnation, self.rack.clone());
                let request = BrokerRegistrationRequest {
                    broker,
                    incarnation,
                    rack,
                    metadata_offset,
                    previous_broker_epoch: self.previous_broker_epoch.unwrap_or(-1),
                };
                (REGISTRATION_BYTES, Request::BrokerRegistration(Box::new(request)))
            }
        };
        let tag = ControlTag::Lifecycle;
        self.client.send(ctx, self.controller, Channel::Control, bytes, request, tag);
    }

    fn stop(&mut self, ctx: &mut Ctx<'_>) {
        self.state = BrokerState::ShuttingDown;
        self.clean_shutdown_epoch = self.broker_epoch;
        self.cancel_timer(ctx);
        self.client.close_all(ctx);
        ctx.exit();
    }
}

#[cfg(test)]
mod tests;
