//! Produce requests, and the coordinator's appends.

use std::sync::Arc;

use super::append::Appended;
use super::{Answer, ReplicaManager};
use crate::broker::RequestToken;
use crate::broker::internal_topic::{AppendToken, InternalLog};
use crate::broker::produce::{ParkedProduce, PartitionStatus};
use crate::config::Acks;
use crate::metadata::MetadataImage;
use crate::node::{BrokerTimer, Ctx, NodeTimer};
use crate::protocol::{
    ErrorCode, ProducePartitionResponse, ProduceRequest, ProduceResponse, Response, TopicPartition,
};
use crate::record::Batch;

/// How a produce request ended.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub enum ProduceOutcome {
    /// An answer is due, now or later.
    Answered,
    /// acks=0: no answer.
    Silent,
    /// acks=0 and an error: the connection is closed.
    Close,
}

impl ReplicaManager {
    /// Appends the batches of a request but those that are `refused`, and answers or parks it.
    pub fn produce(
        &mut self,
        ctx: &mut Ctx<'_>,
        image: &MetadataImage,
        token: RequestToken,
        request: &ProduceRequest,
        refused: &[(TopicPartition, ErrorCode)],
    ) -> ProduceOutcome {
        let acks_all = request.acks == Acks::All;
        let cause = ctx.cause;
        let mut partitions = Vec::with_capacity(request.batches.len());
        for (tp, batch) in &request.batches {
            ctx.cause = cause;
            let slot = self.slot(*tp);
            let refusal = refused.iter().find(|(refused, _)| refused == tp);
            let result = match slot {
                _ if let Some(&(_, error)) = refusal => Err(error),
                Some(slot) => self.append_from_client(ctx, slot, batch, acks_all),
                None => Err(Self::not_here(image, *tp)),
            };
            if let Err(error) = result {
                self.refuse(ctx, *tp, batch, error);
            }
            partitions.push(self.status(image, *tp, slot.filter(|_| acks_all), result));
        }
        let failed = partitions.iter().any(|status| status.response.error.is_some());
        match request.acks {
            Acks::Zero if failed => return ProduceOutcome::Close,
            Acks::Zero => return ProduceOutcome::Silent,
            Acks::One | Acks::All => {}
        }
        let mut produce = ParkedProduce { token, timer: None, partitions };
        let slots = produce.awaited_slots().collect::<Vec<_>>();
        slots.iter().for_each(|&slot| self.look_at(&mut produce, slot));
        if produce.is_complete() {
            self.answer_produce(ctx, produce);
        } else {
            // What a parked partition answers in the end is a timeout, unless it is completed.
            let awaited = produce.partitions.iter_mut().filter(|status| status.awaits.is_some());
            awaited.for_each(|s| s.response.error = Some(ErrorCode::RequestTimedOut));
            let slots = produce.awaited_slots().collect::<Vec<_>>();
            let number = self.produces.park(produce);
            let after_us = request.timeout_ms.max(0) as u64 * 1000;
            let timer = NodeTimer::Broker(BrokerTimer::ProduceExpired(number));
            let timer = ctx.set_timer(after_us, timer);
            if let Some(produce) = self.produces.get_mut(number) {
                produce.timer = Some(timer);
            }
            slots.iter().for_each(|&slot| self.slots[slot as usize].awaited_by.push(number));
        }
        ProduceOutcome::Answered
    }

    fn status(
        &self,
        image: &MetadataImage,
        tp: TopicPartition,
        awaited: Option<u32>,
        result: Result<Appended, ErrorCode>,
    ) -> PartitionStatus {
        let error = result.err();
        let misled = error == Some(ErrorCode::NotLeaderOrFollower);
        PartitionStatus {
            response: ProducePartitionResponse {
                tp,
                error,
                base_offset: result.map_or(-1, |appended| appended.base_offset),
                current_leader: misled.then(|| self.current_leader(image, tp)).flatten(),
            },
            awaits: result.ok().and_then(|appended| Some((awaited?, appended.required_offset))),
        }
    }

    /// Looks whether `produce` still has to wait for the partition in `slot`.
    pub(super) fn look_at(&self, produce: &mut ParkedProduce, slot: u32) {
        let partition = self.partition(slot);
        let leader = partition.leader().map(|leader| (leader, partition.leader_epoch()));
        produce.settle(slot, |offset| partition.enough_replicas_reached(offset), leader);
    }

    pub(super) fn answer_produce(&mut self, ctx: &mut Ctx<'_>, produce: ParkedProduce) {
        if let Some(timer) = produce.timer {
            ctx.cancel_timer(timer);
        }
        let token = produce.token;
        let partitions = produce.into_responses();
        let response = Response::Produce(Box::new(ProduceResponse { partitions }));
        self.answers.push_back(Answer { token, response, cause: ctx.cause });
    }

    /// A parked produce has waited for its timeout.
    pub fn on_produce_expired(&mut self, ctx: &mut Ctx<'_>, number: u32) {
        let Some(mut produce) = self.produces.release(number) else { return };
        produce.timer = None;
        for slot in produce.awaited_slots() {
            self.slots[slot as usize].awaited_by.retain(|&other| other != number);
        }
        self.answer_produce(ctx, produce);
    }

    /// Drops what is parked for a client whose end is gone.
    pub(super) fn drop_produces_of(
        &mut self,
        ctx: &mut Ctx<'_>,
        is_gone: impl Fn(RequestToken) -> bool,
    ) {
        for number in self.produces.numbers_of(is_gone) {
            let Some(produce) = self.produces.release(number) else { continue };
            if let Some(timer) = produce.timer {
                ctx.cancel_timer(timer);
            }
            for slot in produce.awaited_slots() {
                self.slots[slot as usize].awaited_by.retain(|&other| other != number);
            }
        }
    }
}

impl InternalLog for ReplicaManager {
    /// Kafka's `CoordinatorPartitionWriter` writes as with acks=1; all wait until the high watermark
    /// passes.
    fn append(
        &mut self,
        ctx: &mut Ctx<'_>,
        tp: TopicPartition,
        batch: Arc<Batch>,
        token: AppendToken,
    ) -> Result<(), ErrorCode> {
        let slot = self.slot(tp).filter(|&slot| self.partition(slot).is_leader());
        let slot = slot.ok_or(ErrorCode::NotLeaderOrFollower)?;
        let wants_all = !matches!(token, AppendToken::Group(_));
        if wants_all && self.partition(slot).is_under_min_isr() {
            return Err(ErrorCode::NotEnoughReplicas);
        }
        self.partition(slot).settings().validate_size(&batch)?;
        if self.fails_to_write() {
            return Err(ErrorCode::KafkaStorageError);
        }
        let required = self.append_as_leader(ctx, slot, &batch).required_offset;
        self.slots[slot as usize].coordinator_appends.push((required, token));
        // With no follower to wait for, the high watermark is there already.
        self.wakes.slots.push_back((slot, ctx.cause));
        Ok(())
    }
}
