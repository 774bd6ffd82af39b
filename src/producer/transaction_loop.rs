//! The application around a transactional producer: so many records, then commit or abort, and on
//! with the next transaction. What fails is aborted and not sent again.

use crate::events::{DeliveryFailure, Event};
use crate::node::Ctx;
use crate::protocol::OffsetCommitRequest;

use super::kafka_producer::Life;
use super::transaction::State;
use super::{Producer, Transactions};

/// Where the application is in its transactions.
#[derive(Clone, Debug, Default)]
pub struct TransactionLoop {
    /// Records sent in the open one.
    pub records: u32,
    /// Transactions ended so far, over all runs of the process.
    ended: u64,
    /// The loop waits for initTransactions(), commitTransaction() or abortTransaction().
    pub is_blocked: bool,
    /// The application's consumer has read up to here: the transaction is to be committed.
    ending: Option<OffsetCommitRequest>,
    /// It waits for the end; true: the commit.
    awaited: Option<bool>,
    outcome: Option<TransactionOutcome>,
}

/// How a transaction ended that was to be committed.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub enum TransactionOutcome {
    /// It is committed, and the offsets with it.
    Committed,
    /// Something failed: nothing of it counts.
    Aborted,
    /// Nothing of it counts, and there will be no other one.
    Fatal,
}

impl TransactionLoop {
    /// The process is gone, and what it did.
    pub fn restart(&mut self) {
        let ended = self.ended;
        *self = Self { ended, ..Self::default() };
    }

    /// A record was sent. When it was the last one of its transaction: whether that is committed.
    fn count(&mut self, shape: Transactions) -> Option<bool> {
        self.records += 1;
        if self.records < shape.records {
            return None;
        }
        self.records = 0;
        self.ended += 1;
        let aborts = shape.abort_every > 0 && self.ended.is_multiple_of(shape.abort_every.into());
        Some(!aborts)
    }
}

impl Producer {
    /// A record is in a batch. Whether that ends the transaction.
    pub(super) fn count_in_transaction(&mut self) -> bool {
        let Some(transaction) = self.sender.transaction_mut() else { return false };
        transaction.begin();
        transaction.has_taken();
        let committed = self.transactions.count(self.spec.workload.transactions);
        if let Some(committed) = committed {
            transaction.end(committed);
        }
        committed.is_some()
    }

    /// Whether a transaction has to be ended before the process may.
    pub(super) fn has_open_transaction(&self) -> bool {
        let state = self.sender.transaction().map(super::transaction::Transaction::state);
        state.is_some_and(|state| {
            !matches!(state, State::Initializing | State::Ready | State::FatalError)
        })
    }

    /// sendOffsetsToTransaction() and commitTransaction().
    pub fn commit_with_offsets(&mut self, ctx: &mut Ctx<'_>, offsets: OffsetCommitRequest) {
        self.transactions.ending = Some(offsets);
        self.work(ctx);
    }

    /// What became of the transaction that was to be committed, once that is known.
    pub fn take_transaction_outcome(&mut self) -> Option<TransactionOutcome> {
        self.transactions.outcome.take()
    }

    /// [`Self::follow_transaction`] where a consumer says when transactions end.
    fn follow_consumer(&mut self, ctx: &mut Ctx<'_>) -> bool {
        let has_pending = !self.pending.is_empty();
        let Some(transaction) = self.sender.transaction_mut() else { return false };
        let waits = &mut self.transactions;
        let error = transaction.error();
        let fails = waits.ending.is_some() || waits.awaited.is_some();
        match transaction.state() {
            State::Ready if waits.awaited.is_some() => {
                waits.records = 0;
                let committed = waits.awaited.take() == Some(true);
                waits.outcome = Some(match committed {
                    true => TransactionOutcome::Committed,
                    false => TransactionOutcome::Aborted,
                });
                return false;
            }
            State::Ready | State::InTransaction if !has_pending => {
                let Some(offsets) = waits.ending.take() else { return false };
                transaction.begin();
                transaction.send_offsets(offsets);
                transaction.end(true);
                waits.awaited = Some(true);
                return true;
            }
            State::AbortableError if fails => {
                transaction.end(false);
                waits.ending = None;
                waits.awaited = Some(false);
            }
            State::FatalError if waits.outcome.is_none() && self.life != Life::Stopped => {
                waits.outcome = Some(TransactionOutcome::Fatal);
                self.life = Life::Stopped;
            }
            _ => return false,
        }
        if let Some(error) = error {
            let is_fatal = self.life == Life::Stopped;
            ctx.emit(Event::TransactionFailed { error, is_fatal });
        }
        for pending in std::mem::take(&mut self.pending) {
            self.fail_send(ctx, pending, DeliveryFailure::TransactionAborted);
        }
        true
    }

    /// The application goes by what became of its transaction. Whether there is something to do
    /// at once.
    pub(super) fn follow_transaction(&mut self, ctx: &mut Ctx<'_>) -> bool {
        if self.spec.workload.transactions == Transactions::WITH_A_CONSUMER {
            return self.follow_consumer(ctx);
        }
        let is_closing = self.life == Life::Closing;
        let is_idle = self.sender.is_idle();
        let Some(transaction) = self.sender.transaction_mut() else { return false };
        let error = transaction.error();
        match transaction.state() {
            State::Ready if self.transactions.is_blocked && !is_closing => {
                self.transactions.is_blocked = false;
                self.application.sleep(ctx, &self.spec);
                false
            }
            State::AbortableError => {
                transaction.end(false);
                self.transactions.records = 0;
                if let Some(error) = error {
                    ctx.emit(Event::TransactionFailed { error, is_fatal: false });
                }
                true
            }
            // close() aborts what nobody has ended.
            State::InTransaction if is_closing && is_idle => {
                transaction.end(false);
                true
            }
            State::FatalError => {
                if let Some(error) = error {
                    ctx.emit(Event::TransactionFailed { error, is_fatal: true });
                    self.give_up(ctx, DeliveryFailure::Error(error));
                }
                true
            }
            _ => false,
        }
    }

    /// The application closes a producer that is of no use any more.
    fn give_up(&mut self, ctx: &mut Ctx<'_>, failure: DeliveryFailure) {
        self.life = Life::Closing;
        self.application.stop(ctx);
        self.sender.give_up_all(ctx, |_| failure);
        for pending in std::mem::take(&mut self.pending) {
            self.fail_send(ctx, pending, failure);
        }
        self.exit(ctx);
    }
}
