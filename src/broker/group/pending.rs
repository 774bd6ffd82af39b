//! What waits for an append to the offsets topic to be committed.

use std::sync::Arc;

use super::GroupCoordinator;
use super::consumer::heartbeat_error;
use super::coordinator::Slot;
use super::member::Member;
use super::records::GroupRecord;
use crate::broker::RequestToken;
use crate::broker::internal_topic::{self, AppendToken, InternalLog, translate_append_error};
use crate::engine::{NodeId, Timer};
use crate::node::{BrokerTimer, Ctx, NodeTimer};
use crate::protocol::{ErrorCode, MemberId, OffsetAndEpoch, Response, TopicPartition};
use crate::record::Batch;

/// What happens once the append is committed.
#[derive(Clone, Debug)]
pub(super) enum Continuation {
    /// Offsets become readable, the commit is answered.
    Commit(PendingCommit),
    /// The leader's assignment takes effect, the group becomes stable.
    Assignment { generation: i32, assignments: Vec<(MemberId, Vec<TopicPartition>)> },
    /// A static member is known by a new id: it is told, or is what it was before.
    StaticMember { id: MemberId, before: Option<Box<Member>> },
    /// This is the answer, or the error of the log.
    Answer { token: RequestToken, response: Box<Response> },
    /// Nobody waits.
    Nothing,
}

/// An OffsetCommit on its way through the log.
#[derive(Clone, Debug)]
pub(super) struct PendingCommit {
    /// `None` once it has been answered (timeout).
    pub token: Option<RequestToken>,
    /// The transaction it belongs to.
    pub producer_id: Option<i64>,
    pub member: NodeId,
    pub offsets: Vec<(TopicPartition, OffsetAndEpoch)>,
    /// When it came.
    pub timestamp_ms: i64,
    /// The answer when all goes well.
    pub results: Vec<(TopicPartition, Option<ErrorCode>)>,
}

/// An append that is not committed yet.
#[derive(Clone, Debug)]
pub(super) struct PendingAppend {
    token: u32,
    pub(super) slot: Slot,
    timer: Timer,
    continuation: Continuation,
}

impl GroupCoordinator {
    /// Appends records of a group; `continuation` follows when they are committed, with the error
    /// if they cannot be appended at all.
    pub(super) fn append(
        &mut self,
        ctx: &mut Ctx<'_>,
        log: &mut impl InternalLog,
        slot: Slot,
        records: &[GroupRecord],
        continuation: Continuation,
    ) {
        let batch = internal_batch(ctx, records);
        self.append_batch(ctx, log, slot, batch, continuation);
    }

    /// [`Self::append`] of a batch that is made already.
    pub(super) fn append_batch(
        &mut self,
        ctx: &mut Ctx<'_>,
        log: &mut impl InternalLog,
        slot: Slot,
        batch: Arc<Batch>,
        continuation: Continuation,
    ) {
        match self.write(ctx, log, slot, batch) {
            Ok(token) => self.await_commit(ctx, slot, token, continuation),
            Err(error) => self.continue_with(ctx, slot, continuation, Err(error)),
        }
    }

    /// Appends without anything that follows; the number of the append, or why there is none.
    pub(super) fn write(
        &mut self,
        ctx: &mut Ctx<'_>,
        log: &mut impl InternalLog,
        slot: Slot,
        batch: Arc<Batch>,
    ) -> Result<u32, ErrorCode> {
        let token = self.next_token;
        self.next_token = self.next_token.wrapping_add(1);
        log.append(ctx, self.group(slot).log, batch, AppendToken::Group(token))?;
        Ok(token)
    }

    /// `continuation` follows when the append is committed.
    pub(super) fn await_commit(
        &mut self,
        ctx: &mut Ctx<'_>,
        slot: Slot,
        token: u32,
        continuation: Continuation,
    ) {
        let timeout_us = self.limits.commit_timeout_ms.max(0) as u64 * 1000;
        let timer = NodeTimer::Broker(BrokerTimer::OffsetCommitTimeout(token));
        let timer = ctx.set_timer(timeout_us, timer);
        self.pending.push(PendingAppend { token, slot, timer, continuation });
    }

    /// The log's word on an append: below the high watermark, or lost.
    pub fn on_append_done(&mut self, ctx: &mut Ctx<'_>, token: u32, result: Result<(), ErrorCode>) {
        let Some(index) = self.pending.iter().position(|pending| pending.token == token) else {
            return;
        };
        let pending = self.pending.remove(index);
        ctx.cancel_timer(pending.timer);
        self.continue_with(ctx, pending.slot, pending.continuation, result);
    }

    /// offsets.commit.timeout.ms is over. A commit stays in the log and counts as soon as it is
    /// committed; only its sender is told to try again.
    pub(super) fn on_append_timeout(&mut self, ctx: &mut Ctx<'_>, token: u32) {
        let Some(index) = self.pending.iter().position(|pending| pending.token == token) else {
            return;
        };
        let slot = self.pending[index].slot;
        if let Continuation::Commit(commit) = &mut self.pending[index].continuation {
            let (results, producer_id) = (commit.results.clone(), commit.producer_id);
            if let Some(token) = commit.token.take() {
                self.answer_commit((token, producer_id), results, Err(ErrorCode::RequestTimedOut));
            }
            return;
        }
        let pending = self.pending.remove(index);
        self.continue_with(ctx, slot, pending.continuation, Err(ErrorCode::RequestTimedOut));
    }

    fn continue_with(
        &mut self,
        ctx: &mut Ctx<'_>,
        slot: Slot,
        continuation: Continuation,
        result: Result<(), ErrorCode>,
    ) {
        match continuation {
            Continuation::Commit(commit) => self.on_commit_done(ctx, slot, commit, result),
            Continuation::Assignment { generation, assignments } => {
                self.on_assignment_done(ctx, slot, generation, assignments, result);
            }
            Continuation::StaticMember { id, before } => {
                let member = (id, before.map(|before| *before));
                self.on_static_member_done(ctx, slot, member, result);
            }
            Continuation::Answer { token, response } => match result {
                Ok(()) => self.reply(token, *response),
                Err(error) => self.reply(token, heartbeat_error(translate_append_error(error))),
            },
            Continuation::Nothing => {}
        }
    }

    /// Leadership of `tp` is gone: whoever waits is sent to the new coordinator.
    pub(super) fn fail_pending(&mut self, ctx: &mut Ctx<'_>, tp: TopicPartition) {
        let pending = std::mem::take(&mut self.pending);
        let (gone, kept): (Vec<_>, Vec<_>) =
            pending.into_iter().partition(|pending| self.group(pending.slot).log == tp);
        self.pending = kept;
        for pending in gone {
            ctx.cancel_timer(pending.timer);
            match pending.continuation {
                Continuation::Commit(PendingCommit {
                    token: Some(token),
                    producer_id,
                    results,
                    ..
                }) => {
                    let error = Err(ErrorCode::NotLeaderOrFollower);
                    self.answer_commit((token, producer_id), results, error);
                }
                Continuation::Answer { token, .. } => {
                    self.reply(token, heartbeat_error(ErrorCode::NotCoordinator));
                }
                _ => {}
            }
        }
    }
}

/// Records of groups as the coordinator writes them.
pub(super) fn internal_batch(ctx: &mut Ctx<'_>, records: &[GroupRecord]) -> Arc<Batch> {
    internal_topic::internal_batch(ctx, |now_ms| {
        records.iter().map(|record| record.encode(now_ms)).collect()
    })
}
