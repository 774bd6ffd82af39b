//! Serving requests (Kafka's `KafkaApis`), and settling what each has brought about.

use std::sync::Arc;

use super::connections::Admitted;
use super::internal_topic::AppendToken;
use super::replica_manager::{Answer, ProduceOutcome};
use super::transaction::{Caller, MarkerCaller};
use super::{Broker, RequestToken, wire};
use crate::node::{Ctx, is_broker};
use crate::protocol::{
    AdminRequest, CONSUMER_OFFSETS, ErrorCode, InitProducerIdResponse, ProduceRequest, Request,
    Response, TRANSACTION_STATE, TopicPartition,
};

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
            Request::Produce(produce) if produce.transactional_id.is_some() => {
                self.produce_in_transaction(ctx, token, produce);
            }
            Request::Produce(produce) => self.produce(ctx, token, &produce, &[]),
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
            Request::InitProducerId(None) => {
                let response = InitProducerIdResponse::of(Ok((self.producer_ids.next(), 0)));
                self.respond(ctx, token, Response::InitProducerId(response));
            }
            Request::FindCoordinator(ref find) if find.is_transaction => {
                self.coordinate(ctx, Caller::Client(token), request);
            }
            Request::InitProducerId(_) | Request::AddPartitionsToTxn(_) | Request::EndTxn(_) => {
                self.coordinate(ctx, Caller::Client(token), request);
            }
            Request::WriteTxnMarkers(marker) => {
                self.write_markers(ctx, MarkerCaller::Peer(token), &marker);
            }
            Request::TxnOffsetCommit(commit) => self.commit_in_transaction(ctx, token, commit),
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

    /// Appends what a producer sends; `refused` are not to be appended.
    pub(super) fn produce(
        &mut self,
        ctx: &mut Ctx<'_>,
        token: RequestToken,
        request: &ProduceRequest,
        refused: &[(TopicPartition, ErrorCode)],
    ) {
        match self.replicas.produce(ctx, &self.image, token, request, refused) {
            ProduceOutcome::Answered => {}
            ProduceOutcome::Silent => self.connections.done(token),
            ProduceOutcome::Close => self.connections.close(ctx, token),
        }
    }

    pub(super) fn respond(&mut self, ctx: &mut Ctx<'_>, token: RequestToken, response: Response) {
        let bytes = wire::response(&response);
        self.connections.respond(ctx, token, response, bytes);
    }

    /// Completes and answers all that can be, and serves the requests that this lets in.
    pub(super) fn settle(&mut self, ctx: &mut Ctx<'_>) {
        while !self.is_settled() {
            self.replicas.settle(ctx, &self.image);
            while let Some((token, result)) = self.replicas.next_coordinator_done() {
                self.on_append_done(ctx, token, result);
            }
            self.settle_transactions(ctx);
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
        self.replicas.is_settled()
            && !self.groups.has_replies()
            && self.transactions.is_settled()
            && !self.connections.has_ready()
    }

    fn on_append_done(
        &mut self,
        ctx: &mut Ctx<'_>,
        token: AppendToken,
        result: Result<(), ErrorCode>,
    ) {
        let Self { groups, transactions, image, replicas, .. } = self;
        match token {
            AppendToken::Group(token) => groups.on_append_done(ctx, token, result),
            AppendToken::Transaction(token) => {
                transactions.on_append_done(ctx, token, result, image, replicas);
            }
            AppendToken::Marker(number) => self.on_marker_appended(ctx, number, result),
        }
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
        if self.groups.wants_offsets_topic() && !self.is_creating_topic {
            self.create_topic(ctx, self.offsets_topic());
        }
        if self.transactions.wants_topic() && !self.is_creating_topic {
            self.create_topic(ctx, self.transaction_topic());
        }
    }

    fn create_topic(&mut self, ctx: &mut Ctx<'_>, request: AdminRequest) {
        self.is_creating_topic = true;
        let request = Request::Admin(Box::new(request));
        self.lifecycle.send_to_controller(ctx, request, wire::plain());
    }

    fn offsets_topic(&self) -> AdminRequest {
        let segment_bytes = self.config.offsets_topic_segment_bytes.to_string();
        AdminRequest::CreateTopic {
            name: CONSUMER_OFFSETS.into(),
            partitions: self.config.offsets_topic_num_partitions,
            replication_factor: self.config.offsets_topic_replication_factor,
            configs: configs(&[("cleanup.policy", "compact"), ("segment.bytes", &segment_bytes)]),
        }
    }

    /// `TransactionStateManager.transactionTopicConfigs`
    fn transaction_topic(&self) -> AdminRequest {
        let min_isr = self.config.transaction_state_log_min_isr.to_string();
        let segment_bytes = self.config.transaction_state_log_segment_bytes.to_string();
        AdminRequest::CreateTopic {
            name: TRANSACTION_STATE.into(),
            partitions: self.config.transaction_state_log_num_partitions,
            replication_factor: self.config.transaction_state_log_replication_factor,
            configs: configs(&[
                ("unclean.leader.election.enable", "false"),
                ("compression.type", "uncompressed"),
                ("cleanup.policy", "compact"),
                ("min.insync.replicas", &min_isr),
                ("segment.bytes", &segment_bytes),
            ]),
        }
    }
}

fn configs(configs: &[(&str, &str)]) -> Vec<(Arc<str>, Arc<str>)> {
    configs.iter().map(|&(key, value)| (key.into(), value.into())).collect()
}
