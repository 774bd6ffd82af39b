//! Transactions at the broker: its coordinator, its partitions and its peers brought together.

use std::sync::Arc;

use super::internal_topic::{coordinator_of, partition_of};
use super::transaction::{Caller, MarkerAnswer, MarkerCaller, PeerTag, commit_refusal, refusal};
use super::{Broker, RequestToken};
use crate::engine::NodeId;
use crate::node::{BrokerTimer, Ctx};
use crate::protocol::{
    AddPartitionsToTxnRequest, CONSUMER_OFFSETS, Channel, ErrorCode, ProduceRequest, Request,
    Response, TRANSACTION_STATE, TopicPartition, TransactionalProducer, TxnMarker,
    TxnOffsetCommitRequest,
};

/// Size of a small request between brokers.
const REQUEST_BYTES: u32 = 80;

impl Broker {
    /// Appends what a transactional producer sends, once its partitions are in the transaction.
    pub(super) fn produce_in_transaction(
        &mut self,
        ctx: &mut Ctx<'_>,
        token: RequestToken,
        request: Box<ProduceRequest>,
    ) {
        let partitions = self.replicas.partitions_to_add(&request);
        let first = request.batches.iter().find(|(tp, _)| partitions.contains(tp));
        let (Some((_, batch)), Some(id)) = (first, &request.transactional_id) else {
            return self.produce(ctx, token, &request, &[]);
        };
        let producer = TransactionalProducer {
            transactional_id: id.clone(),
            producer_id: batch.producer_id,
            producer_epoch: batch.producer_epoch,
        };
        self.add_partitions(ctx, token, producer, partitions, Request::Produce(request));
    }

    /// Commits offsets in a transaction, once the group's partition is in it.
    pub(super) fn commit_in_transaction(
        &mut self,
        ctx: &mut Ctx<'_>,
        token: RequestToken,
        request: Box<TxnOffsetCommitRequest>,
    ) {
        let producer = request.producer.clone();
        let group = &request.commit.member.group;
        let tp = partition_of(CONSUMER_OFFSETS, group, &self.image);
        let replica = |tp| self.replicas.replica(tp).filter(|replica| replica.is_leader());
        let begins = |tp: &TopicPartition| {
            let (id, epoch) = (producer.producer_id, producer.producer_epoch);
            replica(*tp).is_some_and(|r| !r.log().has_ongoing_transaction(id, epoch))
        };
        let begun = tp.filter(begins);
        let request = Request::TxnOffsetCommit(request);
        match begun {
            Some(tp) => self.add_partitions(ctx, token, producer, vec![tp], request),
            None => self.groups.handle(ctx, token, request, &self.image, &mut self.replicas),
        }
    }

    /// Asks the coordinator to add partitions; the request goes on with its answer.
    fn add_partitions(
        &mut self,
        ctx: &mut Ctx<'_>,
        token: RequestToken,
        producer: TransactionalProducer,
        partitions: Vec<TopicPartition>,
        request: Request,
    ) {
        let coordinator =
            coordinator_of(TRANSACTION_STATE, &producer.transactional_id, &self.image);
        let add = AddPartitionsToTxnRequest { producer, partitions: partitions.clone() };
        let number = self.participant.hold(token, request, partitions, ctx.cause);
        let add = Request::AddPartitionsToTxn(Box::new(add));
        match coordinator {
            Ok(broker) if broker == self.id => self.coordinate(ctx, Caller::Local(number), add),
            Ok(broker) if self.participant.client.ready_at_us(broker, PEER) <= ctx.now => {
                self.ask_peer(ctx, broker, add, PeerTag::AddPartitions(number));
            }
            Ok(_) => self.on_partitions_added(ctx, number, Some(ErrorCode::NetworkException)),
            Err(error) => self.on_partitions_added(ctx, number, Some(error)),
        }
    }

    fn on_partitions_added(&mut self, ctx: &mut Ctx<'_>, number: u32, error: Option<ErrorCode>) {
        let Some(adding) = self.participant.release(number) else { return };
        if error.is_some() {
            ctx.cause = adding.cause;
        }
        match (adding.request, error) {
            (Request::Produce(request), error) => {
                let refused = adding.partitions.iter();
                let refused: Vec<_> = error
                    .into_iter()
                    .flat_map(|e| refused.clone().map(move |&tp| (tp, refusal(e))))
                    .collect();
                self.produce(ctx, adding.token, &request, &refused);
            }
            (request, None) => {
                self.groups.handle(ctx, adding.token, request, &self.image, &mut self.replicas);
            }
            (request, Some(error)) => {
                self.groups.refuse(adding.token, &request, commit_refusal(error));
            }
        }
    }

    /// The coordinator takes a request.
    pub(super) fn coordinate(&mut self, ctx: &mut Ctx<'_>, caller: Caller, request: Request) {
        let Self { transactions, image, replicas, producer_ids, .. } = self;
        transactions.handle(ctx, caller, request, image, replicas, producer_ids);
    }

    /// Writes the marker of a transaction into partitions led here.
    pub(super) fn write_markers(
        &mut self,
        ctx: &mut Ctx<'_>,
        caller: MarkerCaller,
        marker: &TxnMarker,
    ) {
        let (mut results, mut awaited) = (Vec::new(), Vec::new());
        let cause = ctx.cause;
        for (place, &tp) in marker.partitions.iter().enumerate() {
            ctx.cause = cause;
            let number = self.participant.number();
            let written = self.replicas.write_marker(ctx, &self.image, tp, marker, number);
            results.push((tp, written.err()));
            if written.is_ok() {
                awaited.push((number, place));
            }
        }
        ctx.cause = cause;
        let done = self.participant.wait_for(caller, marker, results, awaited);
        self.answer_markers(ctx, done);
    }

    pub(super) fn on_marker_appended(
        &mut self,
        ctx: &mut Ctx<'_>,
        number: u32,
        result: Result<(), ErrorCode>,
    ) {
        let written = self.participant.marker(number).filter(|_| result.is_ok());
        if let Some((tp, marker)) = written.filter(|&(tp, _)| self.is_of(CONSUMER_OFFSETS, tp)) {
            let by = ctx.me;
            self.groups.on_transaction_end(ctx, tp, marker, by);
        }
        let done = self.participant.on_append_done(number, result);
        self.answer_markers(ctx, done);
    }

    fn answer_markers(&mut self, ctx: &mut Ctx<'_>, done: Option<MarkerAnswer>) {
        match done {
            Some((MarkerCaller::Peer(token), results)) => {
                self.respond(ctx, token, Response::WriteTxnMarkers(results));
            }
            Some((MarkerCaller::Local(id, epoch), results)) => {
                self.on_markers(ctx, &id, epoch, &results);
            }
            None => {}
        }
    }

    fn on_markers(
        &mut self,
        ctx: &mut Ctx<'_>,
        id: &Arc<str>,
        epoch: i16,
        results: &[(TopicPartition, Option<ErrorCode>)],
    ) {
        let Self { transactions, image, replicas, .. } = self;
        transactions.on_markers(ctx, id, epoch, results, image, replicas);
    }

    /// Answers and sends what is due in transactions.
    pub(super) fn settle_transactions(&mut self, ctx: &mut Ctx<'_>) {
        while let Some((caller, response)) = self.transactions.next_reply() {
            match (caller, response) {
                (Caller::Client(token), response) => self.respond(ctx, token, response),
                (Caller::Local(number), Response::AddPartitionsToTxn(error)) => {
                    self.on_partitions_added(ctx, number, error);
                }
                (Caller::Local(_), _) => debug_assert!(false, "only partitions are added here"),
            }
        }
        while let Some((leader, id, marker)) = self.transactions.next_markers() {
            let epoch = marker.producer_epoch;
            if leader == self.id {
                self.write_markers(ctx, MarkerCaller::Local(id, epoch), &marker);
            } else if self.participant.client.ready_at_us(leader, PEER) <= ctx.now {
                let tag = PeerTag::Markers(id, epoch, marker.partitions.clone());
                self.ask_peer(ctx, leader, Request::WriteTxnMarkers(Box::new(marker)), tag);
            } else {
                self.on_peer_lost(ctx, PeerTag::Markers(id, epoch, marker.partitions));
            }
        }
    }

    fn ask_peer(&mut self, ctx: &mut Ctx<'_>, peer: NodeId, request: Request, tag: PeerTag) {
        self.participant.client.send(ctx, peer, PEER, REQUEST_BYTES, request, tag);
    }

    pub(super) fn on_peer_response(
        &mut self,
        ctx: &mut Ctx<'_>,
        peer: NodeId,
        correlation: u32,
        response: Response,
    ) {
        let Some(asked) = self.participant.client.on_response(peer, PEER, correlation) else {
            return;
        };
        match (asked.tag, response) {
            (PeerTag::AddPartitions(number), Response::AddPartitionsToTxn(error)) => {
                self.on_partitions_added(ctx, number, error);
            }
            (PeerTag::Markers(id, epoch, _), Response::WriteTxnMarkers(results)) => {
                self.on_markers(ctx, &id, epoch, &results);
            }
            _ => debug_assert!(false, "another answer than was asked for"),
        }
    }

    pub(super) fn on_peer_disconnect(&mut self, ctx: &mut Ctx<'_>, peer: NodeId, number: u32) {
        let lost = self.participant.client.on_disconnect(ctx, peer, PEER, number);
        lost.into_iter().for_each(|asked| self.on_peer_lost(ctx, asked.tag));
    }

    pub(super) fn on_peer_timeout(&mut self, ctx: &mut Ctx<'_>, peer: NodeId) {
        let lost = self.participant.client.on_timeout(ctx, peer, PEER);
        lost.into_iter().for_each(|asked| self.on_peer_lost(ctx, asked.tag));
    }

    fn on_peer_lost(&mut self, ctx: &mut Ctx<'_>, asked: PeerTag) {
        let error = Some(ErrorCode::NetworkException);
        match asked {
            PeerTag::AddPartitions(number) => self.on_partitions_added(ctx, number, error),
            PeerTag::Markers(id, epoch, partitions) => {
                let results: Vec<_> = partitions.into_iter().map(|tp| (tp, error)).collect();
                self.on_markers(ctx, &id, epoch, &results);
            }
        }
    }

    pub(super) fn on_transaction_timer(&mut self, ctx: &mut Ctx<'_>, timer: BrokerTimer) {
        let Self { transactions, image, replicas, producer_ids, .. } = self;
        match timer {
            BrokerTimer::AbortTimedOutTransactions => {
                ctx.cause = None;
                transactions.abort_timed_out(ctx, image, replicas, producer_ids);
            }
            _ => transactions.retry_markers(ctx, image, replicas),
        }
    }
}

/// Between brokers, for transactions.
const PEER: Channel = Channel::Coordinator;
