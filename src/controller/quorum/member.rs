//! The controller as a member of the quorum (Kafka's `QuorumController` as a `RaftClient.Listener`):
//! active while it leads, and what it decides takes effect once a majority has it.

use super::Quorum;
use crate::controller::Controller;
use crate::controller::caller::Caller;
use crate::controller::metadata_log::MetadataLog;
use crate::controller::outbox::{Draft, Hands};
use crate::engine::NodeId;
use crate::events::Event;
use crate::node::{ControllerTimer, Ctx};
use crate::protocol::{Body, Envelope, Request, Response};

const NOT_CONTROLLER_BYTES: u32 = 32;

impl Controller {
    /// Makes it one of several.
    pub fn in_quorum(mut self, me: NodeId, voters: Vec<NodeId>) -> Self {
        self.quorum = Some(Quorum::new(&self.config, me, voters));
        self.log = MetadataLog::replicated();
        self.is_active = false;
        self
    }

    /// Whether it is the active controller, as far as it knows.
    pub fn is_active(&self) -> bool {
        self.is_active
    }

    /// Leader epoch of the quorum, as far as it knows; 0 of a single controller.
    pub fn epoch(&self) -> i32 {
        self.quorum.as_ref().map_or(0, Quorum::epoch)
    }

    /// Everything below is committed, as far as it knows.
    pub fn committed_offset(&self) -> i64 {
        self.log.committed_offset()
    }

    pub(in crate::controller) fn start_in_quorum(&mut self, ctx: &mut Ctx<'_>) {
        self.is_active = false;
        self.outbox = Default::default();
        self.forget_brokers();
        if let Some(quorum) = &mut self.quorum {
            quorum.start(ctx, &self.config);
        }
    }

    pub(in crate::controller) fn on_message_in_quorum(
        &mut self,
        ctx: &mut Ctx<'_>,
        message: Envelope,
    ) {
        let Some(quorum) = &mut self.quorum else { return };
        let Envelope { from: node, channel, connection, body, .. } = message;
        match body {
            Body::Request(correlation, request) => {
                let caller = Caller { node, channel, connection, correlation };
                match request {
                    Request::Quorum(request) => {
                        quorum.on_request(ctx, &mut self.log, caller, &request);
                    }
                    request if self.is_active => self.draft(ctx, |controller, ctx| {
                        controller.on_request(ctx, caller, request);
                    }),
                    _ => {
                        let response = Response::NotController(quorum.leader());
                        caller.reply(ctx, NOT_CONTROLLER_BYTES, response);
                    }
                }
            }
            Body::Response(correlation, Response::Quorum(response)) => {
                quorum.on_response(ctx, &mut self.log, node, correlation, *response);
            }
            Body::Response(..) => debug_assert!(false, "not an answer to a controller"),
            Body::Disconnected => quorum.on_disconnect(ctx, node, connection),
        }
        self.settle(ctx);
    }

    pub(in crate::controller) fn on_timer_in_quorum(
        &mut self,
        ctx: &mut Ctx<'_>,
        timer: ControllerTimer,
    ) {
        let Some(quorum) = &mut self.quorum else { return };
        match timer {
            ControllerTimer::Quorum => quorum.on_timer(ctx, &mut self.log),
            ControllerTimer::QuorumFetch(voter) => quorum.on_fetch_expired(ctx, &self.log, voter),
            ControllerTimer::RequestTimeout(peer, _) => quorum.on_request_timeout(ctx, peer),
            _ if self.is_active => {
                self.draft(ctx, |controller, ctx| controller.on_task(ctx, timer));
            }
            _ => {}
        }
        self.settle(ctx);
    }

    /// A turn whose effects wait until what it wrote, and all before, is committed.
    fn draft(&mut self, ctx: &mut Ctx<'_>, turn: impl FnOnce(&mut Self, &mut Ctx<'_>)) {
        let mut draft = Draft::default();
        let (now, me, cause) = (ctx.now, ctx.me, ctx.cause);
        let (mut rng, before) = (ctx.rng.clone(), self.log.end_offset());
        let mut hands = Hands { draft: &mut draft, world: ctx };
        let mut drafted = Ctx::new(now, me, &mut rng, cause, &mut hands);
        turn(self, &mut drafted);
        self.finish(&mut drafted);
        *ctx.rng = rng;
        let end_offset = self.log.end_offset();
        self.outbox.keep(end_offset, draft);
        if let Some(quorum) = self.quorum.as_mut().filter(|_| end_offset > before) {
            quorum.on_written(ctx, &mut self.log);
        }
    }

    /// Takes or leaves the place of the active controller, and lets happen what is committed.
    fn settle(&mut self, ctx: &mut Ctx<'_>) {
        let Some(quorum) = &self.quorum else { return };
        let (epoch, leader) = (quorum.epoch(), quorum.leader());
        let may_lead = quorum.may_claim(&self.log);
        if self.is_active && (!may_lead || self.claimed_epoch != epoch) {
            self.is_active = false;
            ctx.emit(Event::ControllerResigned { epoch: self.claimed_epoch });
            self.outbox.fail(ctx, leader.filter(|&leader| leader != ctx.me));
            self.stop_tasks(ctx);
            self.forget_brokers();
        }
        if may_lead && !self.is_active {
            self.is_active = true;
            self.claimed_epoch = epoch;
            self.log.activate();
            ctx.emit(Event::ControllerElected { epoch });
            self.draft(ctx, |controller, ctx| controller.activate(ctx));
        }
        self.outbox.release(ctx, self.log.committed_offset());
    }

    /// What a controller knows of its brokers beside the log is gone with its place.
    fn forget_brokers(&mut self) {
        self.heartbeats.forget();
        self.publisher = Default::default();
    }
}
