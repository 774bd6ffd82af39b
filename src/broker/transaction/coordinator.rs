//! The transaction coordinator of one broker: requests in, answers out.

use std::collections::VecDeque;
use std::sync::Arc;

use super::metadata::{End, TransactionMetadata};
use super::transit::{PendingTransit, Then};
use crate::broker::RequestToken;
use crate::broker::internal_topic::{self, InternalLog};
use crate::broker::producer_ids::ProducerIds;
use crate::config::BrokerConfig;
use crate::engine::{Micros, NodeId, SortedMap, SortedSet};
use crate::metadata::MetadataImage;
use crate::node::{BrokerTimer, Ctx, NodeTimer};
use crate::protocol::{
    AddPartitionsToTxnRequest, EndTxnRequest, ErrorCode, FindCoordinatorResponse,
    InitProducerIdRequest, InitProducerIdResponse, Request, Response, TRANSACTION_STATE,
    TopicPartition, TransactionState, TxnMarker, wall_clock_ms,
};
use crate::view::TransactionView;

/// Who asked.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub enum Caller {
    /// A client, or a broker over the network.
    Client(RequestToken),
    /// This broker as the leader of a partition: number of its question.
    Local(u32),
}

/// A transactional id.
#[derive(Clone, Debug)]
pub(super) struct Entry {
    pub metadata: TransactionMetadata,
    /// Partition of `__transaction_state`.
    pub log: TopicPartition,
    /// Another state is on its way through the log.
    pub is_in_transit: bool,
    /// Partitions that have no marker yet ...
    pub unmarked: SortedSet<TopicPartition>,
    /// ... and those of them whose leader was asked.
    pub asked: SortedSet<TopicPartition>,
}

/// The transactional ids whose partition of `__transaction_state` this broker leads.
#[derive(Clone, Debug)]
pub struct TransactionCoordinator {
    broker: NodeId,
    max_timeout_ms: i64,
    check_interval_us: Micros,
    started_us: Micros,
    is_check_armed: bool,
    pub(super) is_retry_armed: bool,
    pub(super) entries: SortedMap<Arc<str>, Entry>,
    /// Partitions of `__transaction_state` that are led here and loaded, with their leader epochs.
    pub(super) loaded: SortedMap<TopicPartition, i32>,
    pub(super) pending: Vec<PendingTransit>,
    pub(super) next_token: u32,
    pub(super) outbox: VecDeque<(NodeId, Arc<str>, TxnMarker)>,
    replies: VecDeque<(Caller, Response)>,
    wants_topic: bool,
}

impl TransactionCoordinator {
    /// The coordinator of `broker`; it leads nothing yet.
    pub fn new(broker: NodeId, config: &BrokerConfig) -> Self {
        let interval_ms = config.transaction_abort_timed_out_transaction_cleanup_interval_ms;
        Self {
            broker,
            max_timeout_ms: config.transaction_max_timeout_ms,
            check_interval_us: (interval_ms.max(1) as Micros).saturating_mul(1000),
            started_us: 0,
            is_check_armed: false,
            is_retry_armed: false,
            entries: SortedMap::new(),
            loaded: SortedMap::new(),
            pending: Vec::new(),
            next_token: 0,
            outbox: VecDeque::new(),
            replies: VecDeque::new(),
            wants_topic: false,
        }
    }

    /// The process starts: memory is gone. Tokens go on counting.
    pub fn restart(&mut self, now: Micros) {
        self.started_us = now;
        self.is_check_armed = false;
        self.is_retry_armed = false;
        self.entries.clear();
        self.loaded.clear();
        self.pending.clear();
        self.outbox.clear();
        self.replies.clear();
        self.wants_topic = false;
    }

    /// Takes a request. Its answer comes with [`Self::next_reply`], now or later.
    pub fn handle(
        &mut self,
        ctx: &mut Ctx<'_>,
        caller: Caller,
        request: Request,
        image: &MetadataImage,
        log: &mut impl InternalLog,
        ids: &mut ProducerIds,
    ) {
        match request {
            Request::FindCoordinator(find) => {
                let id = &find.key;
                let coordinator = internal_topic::coordinator_of(TRANSACTION_STATE, id, image);
                self.wants_topic |= image.topic_id(TRANSACTION_STATE).is_none();
                let response = FindCoordinatorResponse { coordinator };
                self.reply(caller, Response::FindCoordinator(response));
            }
            Request::InitProducerId(Some(init)) => {
                if let Err(error) = self.init(ctx, caller, &init, image, log, ids) {
                    self.reply(caller, initialized(Err(error)));
                }
            }
            Request::AddPartitionsToTxn(add) => match self.add(ctx, caller, &add, image, log) {
                Ok(true) => {}
                Ok(false) => self.reply(caller, Response::AddPartitionsToTxn(None)),
                Err(error) => self.reply(caller, Response::AddPartitionsToTxn(Some(error))),
            },
            Request::EndTxn(end) => match self.end(ctx, caller, &end, image, log, ids) {
                Ok(None) => {}
                Ok(Some(done)) => self.reply(caller, ended(Ok(done))),
                Err(error) => self.reply(caller, ended(Err(error))),
            },
            _ => debug_assert!(false, "not for a transaction coordinator"),
        }
    }

    fn init(
        &mut self,
        ctx: &mut Ctx<'_>,
        caller: Caller,
        request: &InitProducerIdRequest,
        image: &MetadataImage,
        log: &mut impl InternalLog,
        ids: &mut ProducerIds,
    ) -> Result<(), ErrorCode> {
        let (id, timeout_ms) = (&request.transactional_id, request.transaction_timeout_ms);
        if !(1..=self.max_timeout_ms).contains(&timeout_ms) {
            return Err(ErrorCode::InvalidTransactionTimeout);
        }
        let tp = self.partition_of(id, image)?;
        let now_ms = wall_clock_ms(ctx.now);
        let next = match self.entries.get(id) {
            Some(entry) if entry.is_in_transit => return Err(ErrorCode::ConcurrentTransactions),
            Some(entry) => entry.metadata.init(timeout_ms, now_ms, || ids.next())?,
            None => {
                let metadata = TransactionMetadata::new(ids.next(), timeout_ms, now_ms);
                self.enter(id.clone(), tp, metadata.clone());
                metadata
            }
        };
        let then = match next.state {
            TransactionState::PrepareAbort => Then::Fenced(caller),
            _ => Then::Initialized(caller),
        };
        self.transit(ctx, id, next, then, image, log);
        Ok(())
    }

    /// Whether the answer comes later.
    fn add(
        &mut self,
        ctx: &mut Ctx<'_>,
        caller: Caller,
        request: &AddPartitionsToTxnRequest,
        image: &MetadataImage,
        log: &mut impl InternalLog,
    ) -> Result<bool, ErrorCode> {
        let producer = &request.producer;
        let id = &producer.transactional_id;
        self.partition_of(id, image)?;
        let entry = self.entries.get(id).ok_or(ErrorCode::InvalidProducerIdMapping)?;
        let now_ms = wall_clock_ms(ctx.now);
        let Some(next) = entry.metadata.add(producer, &request.partitions, now_ms)? else {
            return Ok(false);
        };
        if entry.is_in_transit {
            return Err(ErrorCode::ConcurrentTransactions);
        }
        self.transit(ctx, id, next, Then::Added(caller), image, log);
        Ok(true)
    }

    /// The answer, unless it comes later.
    fn end(
        &mut self,
        ctx: &mut Ctx<'_>,
        caller: Caller,
        request: &EndTxnRequest,
        image: &MetadataImage,
        log: &mut impl InternalLog,
        ids: &mut ProducerIds,
    ) -> Result<Option<(i64, i16)>, ErrorCode> {
        let producer = &request.producer;
        let id = &producer.transactional_id;
        self.partition_of(id, image)?;
        let entry = self.entries.get(id).ok_or(ErrorCode::InvalidProducerIdMapping)?;
        let now_ms = wall_clock_ms(ctx.now);
        match entry.metadata.end(producer, request.committed, now_ms, || ids.next())? {
            End::Done(producer_id, epoch) => Ok(Some((producer_id, epoch))),
            End::To(_) if entry.is_in_transit => Err(ErrorCode::ConcurrentTransactions),
            End::To(next) => {
                self.transit(ctx, id, next, Then::Ended(caller), image, log);
                Ok(None)
            }
        }
    }

    /// A look at the clock: aborts what is open for too long (`abortTimedOutTransactions`).
    pub fn abort_timed_out(
        &mut self,
        ctx: &mut Ctx<'_>,
        image: &MetadataImage,
        log: &mut impl InternalLog,
        ids: &mut ProducerIds,
    ) {
        self.is_check_armed = false;
        let now_ms = wall_clock_ms(ctx.now);
        let at_rest = self.entries.iter().filter(|(_, entry)| !entry.is_in_transit);
        let late: Vec<_> = at_rest
            .filter_map(|(id, entry)| {
                Some((id.clone(), entry.metadata.timed_out(now_ms, || ids.next())?))
            })
            .collect();
        for (id, next) in late {
            ctx.cause = None;
            self.transit(ctx, &id, next, Then::TimedOut, image, log);
        }
        self.arm_check(ctx);
    }

    /// It looks every transaction.abort.timed.out.transaction.cleanup.interval.ms from the start of
    /// the process on; while nothing is open it need not look.
    pub(super) fn arm_check(&mut self, ctx: &mut Ctx<'_>) {
        let is_open = |entry: &Entry| entry.metadata.state == TransactionState::Ongoing;
        if self.is_check_armed || !self.entries.values().any(is_open) {
            return;
        }
        self.is_check_armed = true;
        let looks = (ctx.now - self.started_us) / self.check_interval_us + 1;
        let at_us = self.started_us.saturating_add(looks.saturating_mul(self.check_interval_us));
        let cause = ctx.cause.take();
        ctx.set_timer_at(at_us, NodeTimer::Broker(BrokerTimer::AbortTimedOutTransactions));
        ctx.cause = cause;
    }

    fn partition_of(&self, id: &str, image: &MetadataImage) -> Result<TopicPartition, ErrorCode> {
        let is_loaded = |tp| self.loaded.contains_key(&tp);
        internal_topic::led_partition(TRANSACTION_STATE, id, image, self.broker, is_loaded)
    }

    pub(super) fn enter(
        &mut self,
        id: Arc<str>,
        log: TopicPartition,
        metadata: TransactionMetadata,
    ) {
        let entry = Entry {
            metadata,
            log,
            is_in_transit: false,
            unmarked: SortedSet::new(),
            asked: SortedSet::new(),
        };
        self.entries.insert(id, entry);
    }

    pub(super) fn reply(&mut self, caller: Caller, response: Response) {
        self.replies.push_back((caller, response));
    }

    /// The next answer that is due.
    pub fn next_reply(&mut self) -> Option<(Caller, Response)> {
        self.replies.pop_front()
    }

    /// The next markers to be written, by this broker or another, and for which transactional id.
    pub fn next_markers(&mut self) -> Option<(NodeId, Arc<str>, TxnMarker)> {
        self.outbox.pop_front()
    }

    /// Whether nothing is to be answered or sent.
    pub fn is_settled(&self) -> bool {
        self.replies.is_empty() && self.outbox.is_empty()
    }

    /// Whether somebody looked for a coordinator while there was no `__transaction_state`, since
    /// this was last asked: the broker then has the topic created.
    pub fn wants_topic(&mut self) -> bool {
        std::mem::take(&mut self.wants_topic)
    }

    /// A transactional id of this coordinator.
    pub fn transaction(&self, id: &str) -> Option<&TransactionMetadata> {
        self.entries.get(id).map(|entry| &entry.metadata)
    }

    /// Its transactional ids, by name.
    pub fn views(&self) -> impl Iterator<Item = TransactionView> {
        self.entries.iter().map(|(id, Entry { metadata, .. })| TransactionView {
            transactional_id: id.clone(),
            coordinator: self.broker,
            state: metadata.state.name(),
            producer_id: metadata.producer_id,
            producer_epoch: metadata.producer_epoch,
            partitions: metadata.partitions.iter().copied().collect(),
        })
    }
}

pub(super) fn initialized(result: Result<(i64, i16), ErrorCode>) -> Response {
    Response::InitProducerId(InitProducerIdResponse::of(result))
}

pub(super) fn ended(result: Result<(i64, i16), ErrorCode>) -> Response {
    Response::EndTxn(InitProducerIdResponse::of(result))
}
