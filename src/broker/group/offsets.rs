//! OffsetCommit and OffsetFetch.

use std::sync::Arc;

use super::GroupCoordinator;
use super::classic_group::{ClassicGroup, Committed, GroupState};
use super::coordinator::Slot;
use super::pending::{Continuation, PendingCommit, internal_batch};
use super::records::{CommittedOffset, GroupRecord};
use crate::broker::RequestToken;
use crate::broker::internal_topic::{InternalLog, translate_append_error};
use crate::engine::{Micros, NodeId, SortedMap};
use crate::events::Event;
use crate::metadata::MetadataImage;
use crate::node::Ctx;
use crate::protocol::{
    ErrorCode, MemberIdentity, OffsetCommitRequest, OffsetCommitResponse, OffsetFetchRequest,
    OffsetFetchResponse, Response, TopicPartition, TransactionalProducer, wall_clock_ms,
};
use crate::record::Batch;

impl GroupCoordinator {
    pub(super) fn commit(
        &mut self,
        ctx: &mut Ctx<'_>,
        token: RequestToken,
        (request, producer): (&OffsetCommitRequest, Option<&TransactionalProducer>),
        tp: TopicPartition,
        image: &MetadataImage,
        log: &mut impl InternalLog,
    ) {
        let producer_id = producer.map(|producer| producer.producer_id);
        let mut results: Vec<_> = request.offsets.iter().map(|&(tp, _)| (tp, None)).collect();
        let slot = match self.accept_commit(ctx, request, tp) {
            Ok(slot) => slot,
            Err(error) => {
                return self.answer_commit((token, producer_id), results, Err(error));
            }
        };
        let member = self.group(slot).member(&request.member.member_id);
        let last = member.and_then(|member| member.last_commit.as_ref());
        // A consumer at rest commits the same every five seconds. For weeks the log then holds few
        // batches many times over, instead of as many batches that differ in a timestamp.
        let is_fresh = |batch: &Batch| self.is_fresh(batch, ctx.now);
        let unchanged =
            last.filter(|(offsets, batch)| *offsets == request.offsets && is_fresh(batch));
        let unchanged = unchanged.filter(|_| producer.is_none());
        let batch = match unchanged.map(|(_, batch)| batch.clone()) {
            Some(batch) => batch,
            None => {
                let records = offset_records(request, &mut results, image, ctx.now);
                if records.is_empty() {
                    return self.answer_commit((token, producer_id), results, Ok(()));
                }
                let mut batch = internal_batch(ctx, &records);
                if let Some(producer) = producer {
                    let batch = Arc::make_mut(&mut batch);
                    batch.producer_id = producer.producer_id;
                    batch.producer_epoch = producer.producer_epoch;
                    batch.attributes.is_transactional = true;
                }
                let member = self.group_mut(slot).member_mut(&request.member.member_id);
                let is_whole = producer.is_none() && records.len() == results.len();
                if let Some(member) = member.filter(|_| is_whole) {
                    member.last_commit = Some((request.offsets.clone(), batch.clone()));
                }
                batch
            }
        };
        let accepted =
            request.offsets.iter().zip(&results).filter(|(_, (_, error))| error.is_none());
        let offsets: Vec<_> = accepted.map(|(&offset, _)| offset).collect();
        if let Some(producer) = producer {
            let producer = (producer.producer_id, producer.producer_epoch);
            self.group_mut(slot).commit_later(producer, &offsets, wall_clock_ms(ctx.now));
        }
        let commit = PendingCommit {
            token: Some(token),
            producer_id,
            member: token.client,
            offsets,
            timestamp_ms: wall_clock_ms(ctx.now),
            results,
        };
        self.append_batch(ctx, log, slot, batch, Continuation::Commit(commit));
    }

    /// Who may commit. A commit without generation creates a "simple" group.
    fn accept_commit(
        &mut self,
        ctx: &Ctx<'_>,
        request: &OffsetCommitRequest,
        tp: TopicPartition,
    ) -> Result<Slot, ErrorCode> {
        let identity = &request.member;
        let slot = match self.slot_of(&identity.group) {
            Some(slot) => slot,
            None if identity.generation < 0 => self.slot_or_create(&identity.group, tp),
            None => return Err(ErrorCode::GroupIdNotFound),
        };
        let group = self.group_mut(slot);
        match &group.consumer {
            Some(consumer) => {
                let partitions = request.offsets.iter().map(|&(tp, _)| tp);
                consumer.validate_commit(&identity.member_id, identity.generation, partitions)?;
            }
            None => validate_commit(group, identity)?,
        }
        if let Some(member) = group.member_mut(&identity.member_id) {
            member.renew_session(ctx.now);
        }
        Ok(slot)
    }

    /// The commit is in the log below its high watermark, or will never be.
    pub(super) fn on_commit_done(
        &mut self,
        ctx: &mut Ctx<'_>,
        slot: Slot,
        commit: PendingCommit,
        result: Result<(), ErrorCode>,
    ) {
        // What belongs to a transaction counts when that is committed.
        if result.is_ok() && commit.producer_id.is_none() {
            let timestamp_ms = commit.timestamp_ms;
            let committed = |(tp, position)| (tp, Committed { position, timestamp_ms });
            let offsets = commit.offsets.into_iter().map(committed);
            self.have_committed(ctx, slot, commit.member, offsets);
        }
        if let Some(token) = commit.token {
            self.answer_commit((token, commit.producer_id), commit.results, result);
        }
    }

    pub(super) fn have_committed(
        &mut self,
        ctx: &mut Ctx<'_>,
        slot: Slot,
        member: NodeId,
        offsets: impl Iterator<Item = (TopicPartition, Committed)>,
    ) {
        let group = self.group_mut(slot);
        let mut changed = false;
        let mut told = Vec::new();
        for (tp, committed) in offsets {
            let before = group.committed.insert(tp, committed);
            let offset = committed.position.offset;
            changed |= before.map(|before| before.position.offset) != Some(offset);
            told.push((tp, offset));
        }
        // A consumer at rest commits the same positions every five seconds: no news.
        if changed {
            let (group, offsets) = (group.id.clone(), told.into());
            ctx.emit(Event::OffsetsCommitted { group, member, offsets });
        }
    }

    pub(super) fn answer_commit(
        &mut self,
        (token, producer_id): (RequestToken, Option<i64>),
        mut partitions: Vec<(TopicPartition, Option<ErrorCode>)>,
        result: Result<(), ErrorCode>,
    ) {
        if let Err(error) = result {
            for (_, slot) in &mut partitions {
                slot.get_or_insert(translate_append_error(error));
            }
        }
        let response = Box::new(OffsetCommitResponse { partitions });
        let response = match producer_id {
            Some(_) => Response::TxnOffsetCommit(response),
            None => Response::OffsetCommit(response),
        };
        self.reply(token, response);
    }

    pub(super) fn fetch_offsets(&self, request: &OffsetFetchRequest) -> OffsetFetchResponse {
        let group = self.slot_of(&request.group).map(|slot| self.group(slot));
        let committed = |tp| group.and_then(|group| group.committed.get(tp));
        let position = |tp| committed(tp).map(|committed| committed.position);
        let is_unstable = |group: &ClassicGroup| {
            let pending = group.transactional.values();
            pending.flat_map(SortedMap::keys).any(|tp| request.partitions.contains(tp))
        };
        if request.require_stable && group.is_some_and(is_unstable) {
            let error = Some(ErrorCode::UnstableOffsetCommit);
            return OffsetFetchResponse { error, partitions: Vec::new() };
        }
        let partitions = request.partitions.iter().map(|tp| (*tp, position(tp))).collect();
        OffsetFetchResponse { error: None, partitions }
    }
}

/// The records of a commit; `results` says which partitions are not known.
fn offset_records(
    request: &OffsetCommitRequest,
    results: &mut [(TopicPartition, Option<ErrorCode>)],
    image: &MetadataImage,
    now: Micros,
) -> Vec<GroupRecord> {
    let mut records = Vec::with_capacity(request.offsets.len());
    for (&(tp, position), (_, error)) in request.offsets.iter().zip(results) {
        let topic = image.topic(tp.topic).filter(|_| image.partition(tp).is_some());
        let Some(topic) = topic else {
            *error = Some(ErrorCode::UnknownTopicOrPartition);
            continue;
        };
        records.push(GroupRecord::Offset {
            group: request.member.group.clone(),
            topic: topic.name.clone(),
            partition: i32::from(tp.partition),
            value: Some(CommittedOffset {
                offset: position.offset,
                leader_epoch: position.leader_epoch,
                metadata: "".into(),
                commit_timestamp_ms: wall_clock_ms(now),
            }),
        });
    }
    records
}

fn validate_commit(group: &ClassicGroup, identity: &MemberIdentity) -> Result<(), ErrorCode> {
    let is_empty = group.state == GroupState::Empty;
    if identity.generation < 0 && is_empty {
        return Ok(());
    }
    let instance = identity.group_instance_id.as_deref();
    if identity.generation >= 0 || !identity.member_id.is_empty() || instance.is_some() {
        group.validate_generation(&identity.member_id, instance, identity.generation)?;
    } else if !is_empty {
        return Err(ErrorCode::UnknownMemberId);
    }
    match group.state {
        GroupState::CompletingRebalance => Err(ErrorCode::RebalanceInProgress),
        _ => Ok(()),
    }
}
