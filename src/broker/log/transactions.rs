//! The transactions of a log: which are open, which were aborted, and up to where all are decided
//! (Kafka's `ProducerStateManager` and `TransactionIndex`).

use crate::engine::SortedMap;

/// A transaction that was aborted (`AbortedTxn`).
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub struct AbortedTransaction {
    /// Whose it was.
    pub producer_id: i64,
    /// Offset of its first record.
    pub first_offset: i64,
    /// Offset of the marker that ended it.
    pub last_offset: i64,
}

/// The transactions of one log.
#[derive(Clone, Debug, Default)]
pub struct Transactions {
    /// First offset of the open transaction of each producer.
    open: SortedMap<i64, i64>,
    /// First offset and marker of those that are decided, but whose marker may yet be lost.
    unreplicated: Vec<(i64, i64)>,
    aborted: Vec<AbortedTransaction>,
}

impl Transactions {
    /// The aborted ones, in the order of their ends.
    pub fn aborted(&self) -> &[AbortedTransaction] {
        &self.aborted
    }

    /// Whether the producer has an open one.
    pub fn is_open(&self, producer_id: i64) -> bool {
        self.open.contains_key(&producer_id)
    }

    /// How many are open.
    pub fn open_count(&self) -> usize {
        self.open.len()
    }

    /// A record of a transaction: the first one opens it.
    pub(super) fn write(&mut self, producer_id: i64, offset: i64) {
        self.open.entry(producer_id).or_insert(offset);
    }

    /// The marker at `offset` ends the producer's transaction. A marker without one ends nothing.
    pub(super) fn end(&mut self, producer_id: i64, offset: i64, is_commit: bool) {
        let Some(first_offset) = self.open.remove(&producer_id) else { return };
        self.unreplicated.push((first_offset, offset));
        if !is_commit {
            self.aborted.push(AbortedTransaction {
                producer_id,
                first_offset,
                last_offset: offset,
            });
        }
    }

    /// Markers below the high watermark are safe.
    pub(super) fn on_high_watermark(&mut self, high_watermark: i64) {
        self.unreplicated.retain(|&(_, marker)| marker >= high_watermark);
    }

    /// First offset of the earliest transaction that is open, or decided above the high watermark.
    pub fn first_unstable_offset(&self, high_watermark: i64) -> Option<i64> {
        let undecided = self.open.values().copied();
        let unsafe_ones = self.unreplicated.iter().filter(|(_, marker)| *marker >= high_watermark);
        undecided.chain(unsafe_ones.map(|&(first, _)| first)).min()
    }

    /// The log now ends at `offset`; what is open and what is decided is read anew.
    pub(super) fn truncate_to(&mut self, offset: i64) {
        self.aborted.retain(|aborted| aborted.last_offset < offset);
        self.unreplicated.clear();
        self.open.clear();
    }

    /// The aborted ones that reach into these offsets, by their first offset.
    pub(super) fn aborted_in(&self, from: i64, to: i64) -> Vec<AbortedTransaction> {
        let reaches = |a: &&AbortedTransaction| a.last_offset >= from && a.first_offset < to;
        let mut aborted: Vec<_> = self.aborted.iter().filter(reaches).copied().collect();
        crate::engine::sort_by_key(&mut aborted, |aborted| aborted.first_offset);
        aborted
    }

    /// What was aborted is known, whatever the batches say that are left.
    pub(super) fn set_aborted(&mut self, aborted: Vec<AbortedTransaction>) {
        self.aborted = aborted;
    }

    /// Nothing is left of these transactions.
    pub(super) fn forget_aborted(&mut self, gone: &[AbortedTransaction]) {
        self.aborted.retain(|aborted| !gone.contains(aborted));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_stable_above_an_open_transaction_or_a_marker_that_is_not_replicated() {
        let mut transactions = Transactions::default();
        transactions.write(7, 3);
        transactions.write(8, 5);
        transactions.write(7, 6);
        assert_eq!(transactions.first_unstable_offset(7), Some(3));
        transactions.end(7, 7, true);
        assert_eq!(transactions.first_unstable_offset(7), Some(3), "its marker may yet be lost");
        transactions.on_high_watermark(8);
        assert_eq!(transactions.first_unstable_offset(8), Some(5));
        transactions.end(8, 8, false);
        transactions.on_high_watermark(9);
        assert_eq!(transactions.first_unstable_offset(9), None);
        assert_eq!(transactions.aborted_in(0, 6).len(), 1);
        assert_eq!(transactions.aborted_in(9, 20).len(), 0);
    }

    #[test]
    fn a_marker_without_a_transaction_ends_nothing() {
        let mut transactions = Transactions::default();
        transactions.end(7, 0, false);
        assert!(transactions.aborted().is_empty());
        assert_eq!(transactions.first_unstable_offset(0), None);
    }
}
