//! From one state to the next: it holds once it is in the log, below the high watermark
//! (`TransactionStateManager.appendTransactionToLog`).

use std::sync::Arc;

use super::coordinator::{Caller, TransactionCoordinator, ended, initialized};
use super::metadata::TransactionMetadata;
use super::record;
use crate::broker::internal_topic::{
    AppendToken, InternalLog, internal_batch, translate_append_error,
};
use crate::events::{Event, TransactionEnd};
use crate::metadata::MetadataImage;
use crate::node::Ctx;
use crate::protocol::{ErrorCode, Response, TransactionState};

/// What follows once the state holds.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub(super) enum Then {
    /// The producer gets its id and epoch.
    Initialized(Caller),
    /// An open transaction is being aborted: the producer shall ask again.
    Fenced(Caller),
    /// The partitions are in the transaction.
    Added(Caller),
    /// The decision is made: the producer goes on, markers are sent.
    Ended(Caller),
    /// The coordinator made the decision.
    TimedOut,
    /// All markers are written.
    Completed,
}

/// A state on its way through the log.
#[derive(Clone, Debug)]
pub(super) struct PendingTransit {
    token: u32,
    pub id: Arc<str>,
    next: TransactionMetadata,
    then: Then,
}

/// What happened when that state came to hold.
pub(super) fn changed(id: &Arc<str>, metadata: &TransactionMetadata, end: TransactionEnd) -> Event {
    Event::TransactionChanged {
        transactional_id: id.clone(),
        producer_id: metadata.producer_id,
        producer_epoch: metadata.producer_epoch,
        state: metadata.state,
        partitions: metadata.partitions.iter().copied().collect(),
        end,
    }
}

impl TransactionCoordinator {
    /// Writes the state `next`; `then` follows.
    pub(super) fn transit(
        &mut self,
        ctx: &mut Ctx<'_>,
        id: &Arc<str>,
        next: TransactionMetadata,
        then: Then,
        image: &MetadataImage,
        log: &mut impl InternalLog,
    ) {
        let token = self.next_token;
        self.next_token = self.next_token.wrapping_add(1);
        let Some(entry) = self.entries.get_mut(id) else { return };
        let batch = internal_batch(ctx, |now_ms| vec![record::encode(id, &next, image, now_ms)]);
        match log.append(ctx, entry.log, batch, AppendToken::Transaction(token)) {
            Ok(()) => {
                entry.is_in_transit = true;
                self.pending.push(PendingTransit { token, id: id.clone(), next, then });
            }
            Err(error) => self.fail(ctx, then, error),
        }
    }

    /// The log's word on a state: below the high watermark, or lost.
    pub fn on_append_done(
        &mut self,
        ctx: &mut Ctx<'_>,
        token: u32,
        result: Result<(), ErrorCode>,
        image: &MetadataImage,
        log: &mut impl InternalLog,
    ) {
        let Some(index) = self.pending.iter().position(|pending| pending.token == token) else {
            return;
        };
        let PendingTransit { id, next, then, .. } = self.pending.remove(index);
        let Some(entry) = self.entries.get_mut(&id) else { return };
        entry.is_in_transit = false;
        if let Err(error) = result {
            return self.fail(ctx, then, error);
        }
        entry.metadata = next;
        let metadata = &entry.metadata;
        let (given, successor) =
            ((metadata.producer_id, metadata.producer_epoch), metadata.successor());
        let end = match then {
            Then::Fenced(_) => TransactionEnd::Fenced,
            Then::TimedOut => TransactionEnd::TimedOut,
            _ => TransactionEnd::Application,
        };
        ctx.emit(changed(&id, metadata, end));
        match then {
            Then::Initialized(caller) => self.reply(caller, initialized(Ok(given))),
            Then::Added(caller) => {
                self.reply(caller, Response::AddPartitionsToTxn(None));
                self.arm_check(ctx);
            }
            Then::Ended(caller) => self.reply(caller, ended(Ok(successor))),
            Then::Fenced(caller) => {
                self.reply(caller, initialized(Err(ErrorCode::ConcurrentTransactions)));
            }
            Then::TimedOut | Then::Completed => {}
        }
        self.begin_markers(ctx, &id, image, log);
    }

    /// The state is not in the log: whoever waits hears why.
    fn fail(&mut self, ctx: &mut Ctx<'_>, then: Then, error: ErrorCode) {
        let error = translate_append_error(error);
        match then {
            Then::Initialized(caller) | Then::Fenced(caller) => {
                self.reply(caller, initialized(Err(error)));
            }
            Then::Added(caller) => self.reply(caller, Response::AddPartitionsToTxn(Some(error))),
            Then::Ended(caller) => self.reply(caller, ended(Err(error))),
            Then::TimedOut => self.arm_check(ctx),
            Then::Completed => self.arm_retry(ctx),
        }
    }

    /// Leadership is gone with these states on their way: whoever waits is sent to the new
    /// coordinator.
    pub(super) fn send_away(&mut self, ctx: &mut Ctx<'_>, id: &Arc<str>) {
        let pending = std::mem::take(&mut self.pending);
        let (gone, kept) = pending.into_iter().partition(|pending| pending.id == *id);
        self.pending = kept;
        let gone: Vec<PendingTransit> = gone;
        for PendingTransit { then, .. } in gone {
            if !matches!(then, Then::TimedOut | Then::Completed) {
                self.fail(ctx, then, ErrorCode::NotLeaderOrFollower);
            }
        }
    }

    /// Whether the decision of `id` is in the log and all its markers are written.
    pub(super) fn next_complete(&self, id: &str, now_ms: i64) -> Option<TransactionMetadata> {
        let entry = self.entries.get(id)?;
        let is_done = entry.unmarked.is_empty() && !entry.is_in_transit;
        is_done.then(|| entry.metadata.completed(now_ms)).flatten()
    }

    /// The state of `id` that has markers on their way: what they say.
    pub(super) fn decision(&self, id: &str) -> Option<bool> {
        self.entries.get(id).and_then(|entry| TransactionState::decision(entry.metadata.state))
    }
}
