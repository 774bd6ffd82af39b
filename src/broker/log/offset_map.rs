//! Which offset is the latest of each key (Kafka's `OffsetMap`, which keeps hashes of keys in
//! log.cleaner.dedupe.buffer.size; here there is room for all of them).

use super::transactions::AbortedTransaction;
use crate::engine::SortedMap;
use crate::record::{Batch, Bytes, LoggedBatch};

/// The keys of the dirty part of a log.
#[derive(Debug, Default)]
pub(super) struct OffsetMap {
    latest: SortedMap<Bytes, i64>,
    last_offset: i64,
}

impl OffsetMap {
    /// The keys of `[start, end)`; records of aborted transactions do not count
    /// (`Cleaner.buildOffsetMap`).
    pub(super) fn of(
        batches: &[LoggedBatch],
        start: i64,
        end: i64,
        aborted: Vec<AbortedTransaction>,
    ) -> Self {
        let mut map = Self { latest: SortedMap::new(), last_offset: end - 1 };
        let mut transactions = CleanedTransactions::new(aborted);
        for logged in batches {
            if logged.batch.attributes.is_control {
                transactions.on_control_batch(&logged.batch, logged.last_offset());
            } else if !transactions.on_batch(&logged.batch, logged.last_offset()) {
                for (index, record) in logged.batch.records.iter().enumerate() {
                    let offset = logged.offset_of(index);
                    if let Some(key) = record.key.as_ref().filter(|_| offset >= start) {
                        map.latest.insert(key.clone(), offset);
                    }
                }
            }
        }
        map
    }

    /// The last offset it has seen.
    pub(super) fn last_offset(&self) -> i64 {
        self.last_offset
    }

    /// Whether a record of this key at this offset has been overwritten by a later one.
    pub(super) fn is_latest(&self, key: &Bytes, offset: i64) -> bool {
        self.latest.get(key).is_none_or(|&latest| offset >= latest)
    }
}

/// The transactions of a log as the cleaner walks through it (`CleanedTransactionMetadata`).
#[derive(Debug, Default)]
pub(super) struct CleanedTransactions {
    /// Those ahead, the next one last.
    ahead: Vec<AbortedTransaction>,
    /// Of a producer: its aborted transaction, and whether there still is a batch of it.
    aborted: SortedMap<i64, (AbortedTransaction, bool)>,
    /// Producers with batches of a transaction that is not aborted.
    committed: SortedMap<i64, ()>,
    /// Aborted ones of which nothing is left.
    gone: Vec<AbortedTransaction>,
}

impl CleanedTransactions {
    /// `aborted` come in the order of their first offsets.
    pub(super) fn new(mut aborted: Vec<AbortedTransaction>) -> Self {
        aborted.reverse();
        Self { ahead: aborted, ..Self::default() }
    }

    /// Aborted transactions of which there is no batch any more.
    pub(super) fn gone(&self) -> &[AbortedTransaction] {
        &self.gone
    }

    fn come_to(&mut self, offset: i64) {
        while let Some(aborted) = self.ahead.pop_if(|aborted| aborted.first_offset <= offset) {
            self.aborted.entry(aborted.producer_id).or_insert((aborted, false));
        }
    }

    /// A batch of data. Whether it is aborted, and can go.
    pub(super) fn on_batch(&mut self, batch: &Batch, last_offset: i64) -> bool {
        self.come_to(last_offset);
        if !batch.attributes.is_transactional {
            return false;
        }
        if let Some((_, has_batches)) = self.aborted.get_mut(&batch.producer_id) {
            *has_batches = true;
            return true;
        }
        self.committed.insert(batch.producer_id, ());
        false
    }

    /// A marker. Whether nothing is left of its transaction, and it can go.
    pub(super) fn on_control_batch(&mut self, batch: &Batch, last_offset: i64) -> bool {
        use crate::record::format::ControlRecordType::{Abort, Commit, Other};
        self.come_to(last_offset);
        match batch.control_type() {
            Some(Abort) => match self.aborted.remove(&batch.producer_id) {
                Some((_, true)) => false,
                Some((aborted, false)) => {
                    self.gone.push(aborted);
                    true
                }
                None => true,
            },
            Some(Commit) => self.committed.remove(&batch.producer_id).is_none(),
            Some(Other(_)) => false,
            // It has been cleaned before.
            None => true,
        }
    }
}
