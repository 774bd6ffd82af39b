//! What handlers of applications do with records: copies that go to retry and dead letter topics,
//! and the world outside Kafka, where each record that is processed has an effect.
//!
//! A record is one record however often it is copied: what happens to a copy is told of the record
//! it began as.

use crate::engine::{NodeId, SortedMap};
use crate::events::{SetAside, TraceEvent};
use crate::record::{Bytes, RecordId};
use crate::trace::cause::{LateCause, MissingCause};
use crate::trace::moment::Moment;
use crate::trace::verdict::{Account, HandlerVerdict, Tallies};

use super::Ledger;
use super::entry::Entry;
use super::group::Group;
use super::shipment::End;

/// Most accounts that a verdict names.
const MAX_ACCOUNTS: usize = 8;

/// A record as it was before it was copied.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub(super) struct Origin {
    pub(super) record: RecordId,
    /// Index of its partition in the ledger.
    pub(super) partition: usize,
    pub(super) offset: i64,
}

/// What an application did with a record instead of processing it.
#[derive(Clone, Debug)]
pub(super) struct Aside {
    pub(super) at: Moment,
    pub(super) node: NodeId,
    pub(super) how: SetAside,
}

/// Copies, and what was set aside.
#[derive(Clone, Debug, Default)]
pub(super) struct Copies {
    origins: SortedMap<RecordId, Origin>,
    asides: SortedMap<RecordId, Vec<Aside>>,
}

impl Copies {
    /// What a record began as.
    pub(super) fn origin(&self, record: RecordId, partition: usize, offset: i64) -> Origin {
        let origin = self.origins.get(&record).copied();
        origin.unwrap_or(Origin { record, partition, offset })
    }

    /// The record that this one is a copy of.
    pub(super) fn original(&self, record: RecordId) -> Option<RecordId> {
        self.origins.get(&record).map(|origin| origin.record)
    }

    pub(super) fn asides(&self, record: RecordId) -> &[Aside] {
        self.asides.get(&record).map_or(&[], Vec::as_slice)
    }
}

/// An account of the world outside: what it holds, and what it would hold if every record that was
/// processed had its effect once.
#[derive(Copy, Clone, Debug, Default, PartialEq, Eq)]
struct Balance {
    expected: i64,
    actual: i64,
}

/// Where a record is that its group has set aside.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
enum Elsewhere {
    /// In a dead letter topic, as this copy.
    DeadLetter(RecordId),
    /// In a retry topic, as this copy.
    Retry(RecordId),
}

/// What the handlers of a group did.
#[derive(Clone, Debug, Default)]
pub(super) struct Handling {
    is_idempotent: bool,
    failed_attempts: u64,
    retried: u64,
    dead_lettered: u64,
    /// Records with more than one effect.
    twice: Tallies,
    /// Records processed again without a second effect.
    recognised: u64,
    effects: u64,
    out_of_order: Tallies,
    /// The newest offset processed of each key, by the partition it was in first.
    newest: SortedMap<(usize, Bytes), i64>,
    accounts: SortedMap<Bytes, Balance>,
    /// What is neither processed nor given up.
    elsewhere: SortedMap<RecordId, Elsewhere>,
}

impl Handling {
    pub(super) fn start(&mut self, is_idempotent: bool) {
        self.is_idempotent = is_idempotent;
    }

    pub(super) fn fail_attempt(&mut self) {
        self.failed_attempts += 1;
    }

    pub(super) fn set_aside(&mut self, origin: RecordId, how: &SetAside) {
        match how {
            SetAside::Skipped | SetAside::Noted => {}
            SetAside::DeadLettered { copy, .. } => {
                self.dead_lettered += 1;
                self.elsewhere.insert(origin, Elsewhere::DeadLetter(*copy));
            }
            SetAside::Retried { copy, .. } | SetAside::Redirected { copy, .. } => {
                self.retried += 1;
                self.elsewhere.insert(origin, Elsewhere::Retry(*copy));
            }
        }
    }

    /// A record was processed for the `nth` time.
    pub(super) fn process(
        &mut self,
        origin: Origin,
        nth: u16,
        is_copy: bool,
        key: Option<&Bytes>,
        amount: i64,
    ) {
        self.elsewhere.remove(&origin.record);
        if nth == 1
            && let Some(key) = key
        {
            let newest = self.newest.entry((origin.partition, key.clone())).or_insert(-1);
            if origin.offset < *newest {
                let cause = if is_copy { LateCause::Retried } else { LateCause::Redelivered };
                self.out_of_order.add(cause.name(), std::iter::once(origin.record));
            }
            *newest = origin.offset.max(*newest);
        }
        if nth > 1 && self.is_idempotent {
            self.recognised += 1;
            return;
        }
        self.effects += 1;
        let balance = self.accounts.entry(key.cloned().unwrap_or_else(|| [].into())).or_default();
        balance.actual += amount;
        match nth {
            1 => balance.expected += amount,
            2 => self.twice.add("processed-again", std::iter::once(origin.record)),
            _ => {}
        }
    }
}

impl Ledger {
    /// An application has set a record aside.
    pub(super) fn on_set_aside(
        &mut self,
        event: &TraceEvent,
        group: usize,
        origin: Origin,
        record: RecordId,
        how: &SetAside,
    ) {
        if let Some(copy) = how.copy() {
            self.copies.origins.insert(copy, origin);
        }
        if !matches!(how, SetAside::Noted) {
            let aside = Aside { at: Moment::of(event), node: event.node, how: how.clone() };
            self.copies.asides.entry(record).or_default().push(aside);
        }
        self.groups[group].handling_mut().set_aside(origin.record, how);
    }

    /// A record was processed for the `nth` time by a group whose applications have handlers.
    pub(super) fn on_effect(&mut self, group: usize, origin: Origin, nth: u16, is_copy: bool) {
        let (key, amount) = self.business_of(origin.record);
        if let Some(handling) = &mut self.groups[group].handling {
            handling.process(origin, nth, is_copy, key.as_ref(), amount);
        }
    }

    /// Account and amount of a record: its key, and the number that its value begins with, or 1.
    fn business_of(&self, record: RecordId) -> (Option<Bytes>, i64) {
        let Some(entry) = self.line(record) else { return (None, 1) };
        let records = self.shipment_of_entry(entry).map(|shipment| &shipment.batch.records);
        let record = records.and_then(|records| records.iter().find(|it| it.id == record));
        let value = record.and_then(|record| record.value.as_deref());
        (entry.key.clone(), value.map_or(1, amount))
    }

    pub(super) fn handler_verdict(
        &self,
        group: &Group,
        skipped: &Tallies,
    ) -> Option<HandlerVerdict> {
        let handling = group.handling.as_ref()?;
        let mut accounts = handling.accounts.clone();
        let mut missing = skipped.clone();
        for (partition, offset) in group.skipped_offsets() {
            if let Some(record) = self.record_in(&self.partitions[partition], offset) {
                let origin = self.copies.origin(record, partition, offset);
                self.expect(&mut accounts, origin.record);
            }
        }
        for (&record, elsewhere) in handling.elsewhere.iter() {
            // Without its copy a record is not done with: it will be read again.
            let cause = match *elsewhere {
                Elsewhere::DeadLetter(copy) if self.has_failed(copy) => continue,
                Elsewhere::DeadLetter(_) => MissingCause::DeadLettered,
                Elsewhere::Retry(copy) if self.is_lost(copy) => MissingCause::RetryLost,
                Elsewhere::Retry(_) => continue,
            };
            missing.add(cause.name(), std::iter::once(record));
            self.expect(&mut accounts, record);
        }
        let is_wrong = |balance: &&Balance| balance.expected != balance.actual;
        let wrong = accounts.iter().filter(|(_, balance)| is_wrong(balance));
        let account = |(key, balance): (&Bytes, &Balance)| Account {
            key: String::from_utf8_lossy(key).into_owned(),
            expected: balance.expected,
            actual: balance.actual,
        };
        Some(HandlerVerdict {
            failed_attempts: handling.failed_attempts,
            retried: handling.retried,
            dead_lettered: handling.dead_lettered,
            out_of_order: handling.out_of_order.tidy(),
            effects: handling.effects,
            once: group.processed - handling.twice.total(),
            twice: handling.twice.tidy(),
            recognised: handling.recognised,
            missing: missing.tidy(),
            expected: accounts.values().map(|balance| balance.expected).sum(),
            actual: accounts.values().map(|balance| balance.actual).sum(),
            accounts: accounts.len() as u64,
            wrong_accounts: accounts.values().filter(is_wrong).count() as u64,
            wrong: wrong.take(MAX_ACCOUNTS).map(account).collect(),
        })
    }

    /// The record should have had its effect.
    fn expect(&self, accounts: &mut SortedMap<Bytes, Balance>, record: RecordId) {
        let (key, amount) = self.business_of(record);
        accounts.entry(key.unwrap_or_else(|| [].into())).or_default().expected += amount;
    }

    /// Its producer had success with it, and it is in no log that counts.
    fn is_lost(&self, record: RecordId) -> bool {
        let shipment = self.line(record).and_then(|entry| self.shipment_of_entry(entry));
        shipment.is_some_and(|shipment| shipment.lost.is_some())
    }

    /// Its producer has given it up.
    fn has_failed(&self, record: RecordId) -> bool {
        self.line(record).is_some_and(|entry| match self.shipment_of_entry(entry) {
            Some(shipment) => matches!(shipment.end, End::Failed(_)),
            None => entry.failed.is_some(),
        })
    }

    fn line(&self, record: RecordId) -> Option<&Entry> {
        self.records.get(usize::try_from(record.0).ok()?)
    }
}

/// The number that a value begins with; 1 if it begins with none.
fn amount(value: &[u8]) -> i64 {
    let digits = value.iter().take(9).take_while(|byte| byte.is_ascii_digit());
    let (count, number) = digits
        .fold((0, 0), |(count, number), byte| (count + 1, number * 10 + i64::from(byte - b'0')));
    if count == 0 { 1 } else { number }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_what_values_begin_with() {
        assert_eq!([&b"25 for tea"[..], b"checkout-1", b"", b"0"].map(amount), [25, 1, 1, 0]);
    }

    #[test]
    fn effects_and_order_are_those_of_the_record_that_was_copied() {
        let key: Bytes = (*b"k").into();
        let at = |record, offset| Origin { record: RecordId(record), partition: 0, offset };
        let mut handling = Handling::default();
        let topic: std::sync::Arc<str> = "retry".into();
        let copy = RecordId(9);
        handling.set_aside(RecordId(1), &SetAside::Retried { copy, topic: topic.clone() });
        handling.process(at(2, 1), 1, false, Some(&key), 10);
        assert_eq!(handling.out_of_order.total(), 0);
        handling.process(at(1, 0), 1, true, Some(&key), 10);
        assert_eq!(handling.out_of_order.of("retried"), 1);
        assert!(handling.elsewhere.is_empty());
        handling.process(at(1, 0), 2, true, Some(&key), 10);
        assert_eq!(handling.out_of_order.total(), 1, "a repetition is not late");
        let balance = handling.accounts.get(&key).copied();
        assert_eq!(balance, Some(Balance { expected: 20, actual: 30 }));
        handling.start(true);
        handling.process(at(2, 1), 2, false, Some(&key), 10);
        assert_eq!((handling.twice.total(), handling.recognised, handling.effects), (1, 1, 3));
    }
}
