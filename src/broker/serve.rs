//! Serving requests (Kafka's `KafkaApis`), and settling what each has brought about.

use std::sync::Arc;

use super::connections::Admitted;
use super::replica_manager::{Answer, ProduceOutcome};
use super::{Broker, RequestToken, wire};
use crate::node::{Ctx, is_broker};
use crate::protocol::{AdminRequest, CONSUMER_OFFSETS, InitProducerIdResponse, Request, Response};

impl Broker {
    /// Serves a request now, or when a slow disk gets to it.
    pub(super) fn serve(&mut self, ctx: &mut Ctx<'_>, admitted: Admitted) {
        if let Some(admitted) = self.request_waits(ctx, admitted) {
            self.carry_out(ctx, admitted);
        }
    }

    pub(super) fn carry_out(&mut self, ctx: &mut Ctx<'_>, admitted: Admitted) {
        let Admitted { token, request, cause } = admitted;
        ctx.cause = cause;
        match request {
            Request::Produce(produce) => {
                match self.replicas.produce(ctx, &self.image, token, &produce) {
                    ProduceOutcome::Answered => {}
                    ProduceOutcome::Silent => self.connections.done(token),
                    ProduceOutcome::Close => self.connections.close(ctx, token),
                }
            }
            Request::Fetch(fetch) => self.replicas.fetch(ctx, &self.image, token, fetch),
            Request::ListOffsets(request) => {
                let is_follower = is_broker(token.client);
                let offsets = self.replicas.list_offsets(&self.image, &request, is_follower);
                self.respond(ctx, token, Response::ListOffsets(Box::new(offsets)));
            }
            Request::DeleteRecords(request) => {
                let result = self.replicas.delete_records(ctx, &self.image, request);
                self.respond(ctx, token, Response::DeleteRecords(result));
            }
            Request::OffsetForLeaderEpoch(request) => {
                let ends = self.replicas.offsets_for_leader_epoch(&self.image, &request);
                self.respond(ctx, token, Response::OffsetForLeaderEpoch(Box::new(ends)));
            }
            Request::Metadata => {
                let metadata = self.image.client_view();
                self.respond(ctx, token, Response::Metadata(metadata));
            }
            Request::InitProducerId => {
                let producer_id = self.producer_ids.next();
                let response =
                    InitProducerIdResponse { error: None, producer_id, producer_epoch: 0 };
                self.respond(ctx, token, Response::InitProducerId(response));
            }
            Request::FindCoordinator(_)
            | Request::JoinGroup(_)
            | Request::SyncGroup(_)
            | Request::Heartbeat(_)
            | Request::LeaveGroup(_)
            | Request::ConsumerGroupHeartbeat(_)
            | Request::OffsetCommit(_)
            | Request::OffsetFetch(_) => {
                self.groups.handle(ctx, token, request, &self.image, &mut self.replicas);
            }
            Request::BrokerRegistration(_)
            | Request::BrokerHeartbeat(_)
            | Request::AlterPartition(_)
            | Request::MetadataUpdate(_)
            | Request::Admin(_)
            | Request::Quorum(_) => {
                debug_assert!(false, "a request for the controller");
                self.connections.done(token);
            }
        }
    }

    fn respond(&mut self, ctx: &mut Ctx<'_>, token: RequestToken, response: Response) {
        let bytes = wire::response(&response);
        self.connections.respond(ctx, token, response, bytes);
    }

    /// Completes and answers all that can be, and serves the requests that this lets in.
    pub(super) fn settle(&mut self, ctx: &mut Ctx<'_>) {
        while !self.is_settled() {
            self.replicas.settle(ctx, &self.image);
            while let Some((token, result)) = self.replicas.next_coordinator_done() {
                self.groups.on_append_done(ctx, token, result);
            }
            if self.groups.has_replies() {
                for (token, response, bytes) in self.groups.take_replies() {
                    self.connections.respond(ctx, token, response, bytes);
                }
            }
            while let Some(Answer { token, response, cause }) = self.replicas.next_answer() {
                ctx.cause = cause;
                self.respond(ctx, token, response);
            }
            if let Some(admitted) = self.connections.next_ready() {
                self.serve(ctx, admitted);
            }
        }
        self.ask_controller(ctx);
        self.arm_cleaner(ctx);
        self.halt_without_log_dir(ctx);
    }

    fn is_settled(&self) -> bool {
        self.replicas.is_settled() && !self.groups.has_replies() && !self.connections.has_ready()
    }

    /// Sends what the controller has to be asked for.
    fn ask_controller(&mut self, ctx: &mut Ctx<'_>) {
        if self.lifecycle.is_stopped() {
            return self.replicas.shut_down(ctx.now);
        }
        if let Some(request) = self.replicas.next_alter_partition(self.lifecycle.broker_epoch()) {
            let bytes = wire::partitions_request(request.partitions.len());
            let request = Request::AlterPartition(Box::new(request));
            self.lifecycle.send_to_controller(ctx, request, bytes);
        }
        if self.groups.wants_offsets_topic() && !self.is_creating_offsets_topic {
            self.is_creating_offsets_topic = true;
            let segment_bytes = self.config.offsets_topic_segment_bytes.to_string();
            let request = AdminRequest::CreateTopic {
                name: CONSUMER_OFFSETS.into(),
                partitions: self.config.offsets_topic_num_partitions,
                replication_factor: self.config.offsets_topic_replication_factor,
                configs: [("cleanup.policy", "compact"), ("segment.bytes", &segment_bytes)]
                    .map(|(key, value)| (Arc::from(key), Arc::from(value)))
                    .to_vec(),
            };
            let request = Request::Admin(Box::new(request));
            self.lifecycle.send_to_controller(ctx, request, wire::plain());
        }
    }
}
