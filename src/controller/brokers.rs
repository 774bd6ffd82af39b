//! Brokers register, send heartbeats, and are fenced when they do not: Kafka's
//! `ClusterControlManager` and the heartbeat part of `ReplicationControlManager`.

use crate::engine::NodeId;
use crate::events::{Event, ShrinkReason};
use crate::node::Ctx;
use crate::protocol::{
    BrokerHeartbeatRequest, BrokerHeartbeatResponse, BrokerRegistration, BrokerRegistrationRequest,
    BrokerRegistrationResponse, ErrorCode, MetadataRecord, Response,
};

use super::Controller;
use super::broker_heartbeats::BrokerControlState;
use super::caller::Caller;

const REGISTRATION_RESPONSE_BYTES: u32 = 32;
const HEARTBEAT_RESPONSE_BYTES: u32 = 28;

impl Controller {
    pub(super) fn on_registration(
        &mut self,
        ctx: &mut Ctx<'_>,
        caller: Caller,
        request: &BrokerRegistrationRequest,
    ) {
        let result = self.register(ctx, caller, request);
        // The record leaves before the answer, so the broker has applied it when it sends its first
        // heartbeat.
        self.publisher.publish(ctx, &self.log);
        let response = Response::BrokerRegistration(BrokerRegistrationResponse { result });
        caller.reply(ctx, REGISTRATION_RESPONSE_BYTES, response);
    }

    fn register(
        &mut self,
        ctx: &mut Ctx<'_>,
        caller: Caller,
        request: &BrokerRegistrationRequest,
    ) -> Result<i64, ErrorCode> {
        let broker = request.broker;
        let existing = self.image().broker(broker).cloned();
        let is_same_process = self.heartbeats.incarnation(broker) == Some(request.incarnation);
        if !is_same_process && self.heartbeats.has_valid_session(broker, ctx.now) {
            return Err(ErrorCode::DuplicateBrokerRegistration);
        }
        let registration = match existing {
            // The answer to the first request was lost.
            Some(existing) if is_same_process => {
                BrokerRegistration { rack: request.rack.clone(), ..existing }
            }
            existing => {
                let broker_epoch = self.log.end_offset();
                ctx.emit(Event::BrokerRegistered { broker, broker_epoch });
                // What the process before it left undone.
                if let Some(existing) = existing {
                    let is_clean = request.previous_broker_epoch == existing.broker_epoch;
                    if self.features.eligible_leader_replicas && !is_clean {
                        self.distrust(ctx, broker);
                    } else {
                        self.remove_from_isrs(ctx, broker, ShrinkReason::Fenced);
                    }
                }
                BrokerRegistration {
                    rack: request.rack.clone(),
                    broker_epoch,
                    fenced: true,
                    in_controlled_shutdown: false,
                }
            }
        };
        let BrokerRegistration { broker_epoch, fenced, .. } = registration;
        let offset = self.log.end_offset();
        self.heartbeats.register(ctx.now, broker, request.incarnation, offset, fenced);
        self.log.append(MetadataRecord::Broker { broker, registration });
        self.publisher.subscribe(broker, caller.connection, request.metadata_offset);
        Ok(broker_epoch)
    }

    pub(super) fn on_heartbeat(
        &mut self,
        ctx: &mut Ctx<'_>,
        caller: Caller,
        request: &BrokerHeartbeatRequest,
    ) {
        let response = match self.heartbeat(ctx, caller, request) {
            Ok(response) => response,
            Err(error) => BrokerHeartbeatResponse {
                error: Some(error),
                is_caught_up: false,
                is_fenced: true,
                should_shut_down: false,
            },
        };
        // As with a registration: who may lead knows what it leads before it hears that it may.
        self.publisher.publish(ctx, &self.log);
        caller.reply(ctx, HEARTBEAT_RESPONSE_BYTES, Response::BrokerHeartbeat(response));
    }

    fn heartbeat(
        &mut self,
        ctx: &mut Ctx<'_>,
        caller: Caller,
        request: &BrokerHeartbeatRequest,
    ) -> Result<BrokerHeartbeatResponse, ErrorCode> {
        use BrokerControlState::{ControlledShutdown, Fenced, ShutdownNow, Unfenced};
        let BrokerHeartbeatRequest { broker, metadata_offset, .. } = *request;
        self.check_broker_epoch(broker, request.broker_epoch)?;
        self.heartbeats.touch_session(ctx.now, broker);
        self.publisher.on_heartbeat(ctx.now, broker, caller.connection, metadata_offset);
        let states = self.heartbeats.next_state(request, || self.has_leaderships(broker));
        let (current, next) = states.ok_or(ErrorCode::StaleBrokerEpoch)?;
        if request.want_shut_down && matches!(current, Unfenced) {
            ctx.emit(Event::ControlledShutdownStarted { broker });
        }
        if current != next {
            match next {
                Fenced => self.fence(ctx, broker, ShrinkReason::Fenced),
                ShutdownNow => self.fence(ctx, broker, ShrinkReason::ControlledShutdown),
                Unfenced => self.unfence(ctx, broker),
                ControlledShutdown => self.enter_controlled_shutdown(ctx, broker),
            }
        }
        self.heartbeats.touch(broker, matches!(next, Fenced | ShutdownNow), metadata_offset);
        if next == Unfenced && current != next {
            self.create_parked_topics_if_complete(ctx);
        }
        Ok(BrokerHeartbeatResponse {
            error: None,
            is_caught_up: self.heartbeats.is_caught_up(request),
            is_fenced: matches!(next, Fenced | ShutdownNow),
            should_shut_down: next == ShutdownNow,
        })
    }

    /// Ends one session that is over; when another one is, it has to wait for the next look.
    pub(super) fn fence_one_stale_broker(&mut self, ctx: &mut Ctx<'_>) {
        self.fence_check.on_timer();
        let Some(broker) = self.heartbeats.take_expired(ctx.now) else { return };
        self.fence_check.on_expired(ctx.now);
        self.publisher.unsubscribe(broker);
        if self.image().broker(broker).is_some_and(|b| !b.fenced) {
            ctx.emit(Event::BrokerFenced { broker });
        }
        self.fence(ctx, broker, ShrinkReason::Fenced);
        self.heartbeats.fence(broker);
    }

    pub(super) fn check_broker_epoch(&self, broker: NodeId, epoch: i64) -> Result<(), ErrorCode> {
        match self.image().broker(broker) {
            Some(registration) if registration.broker_epoch == epoch => Ok(()),
            _ => Err(ErrorCode::StaleBrokerEpoch),
        }
    }

    fn fence(&mut self, ctx: &mut Ctx<'_>, broker: NodeId, reason: ShrinkReason) {
        self.remove_from_isrs(ctx, broker, reason);
        self.amend(broker, |registration| registration.fenced = true);
    }

    fn unfence(&mut self, ctx: &mut Ctx<'_>, broker: NodeId) {
        ctx.emit(Event::BrokerUnfenced { broker });
        self.amend(broker, |registration| registration.fenced = false);
        self.elect_after_unfence(ctx, broker);
    }

    fn enter_controlled_shutdown(&mut self, ctx: &mut Ctx<'_>, broker: NodeId) {
        self.amend(broker, |registration| registration.in_controlled_shutdown = true);
        self.remove_from_isrs(ctx, broker, ShrinkReason::ControlledShutdown);
        self.heartbeats.begin_controlled_shutdown(broker, self.log.end_offset());
    }

    /// Writes a broker's registration anew if that changes it.
    fn amend(&mut self, broker: NodeId, amend: impl FnOnce(&mut BrokerRegistration)) {
        let Some(before) = self.image().broker(broker) else { return };
        let mut registration = before.clone();
        amend(&mut registration);
        if registration != *before {
            self.log.append(MetadataRecord::Broker { broker, registration });
        }
    }
}
