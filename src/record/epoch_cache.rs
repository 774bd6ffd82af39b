//! Which leader epoch begins at which offset (Kafka's `LeaderEpochFileCache`, KIP-101).

/// The epochs of a log with their start offsets, both strictly rising.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LeaderEpochCache {
    epochs: Vec<(i32, i64)>,
}

impl LeaderEpochCache {
    /// Epochs with their start offsets, oldest first.
    pub fn entries(&self) -> &[(i32, i64)] {
        &self.epochs
    }

    /// The latest epoch.
    pub fn latest(&self) -> Option<i32> {
        self.epochs.last().map(|&(epoch, _)| epoch)
    }

    /// `epoch` starts at `start_offset`. Entries that this contradicts go: epochs without records
    /// vanish.
    pub fn assign(&mut self, epoch: i32, start_offset: i64) {
        if self.epochs.last().is_some_and(|&(e, start)| e == epoch && start <= start_offset) {
            return;
        }
        while self.epochs.last().is_some_and(|&(e, start)| e >= epoch || start >= start_offset) {
            self.epochs.pop();
        }
        self.epochs.push((epoch, start_offset));
    }

    /// The largest epoch not above `epoch` and the offset where it ends; `None` when every epoch
    /// is older. An `epoch` from before the first known one ends where that one starts.
    pub fn end_offset_for(&self, epoch: i32, log_end_offset: i64) -> Option<(i32, i64)> {
        let higher = self.epochs.partition_point(|&(e, _)| e <= epoch);
        if self.latest() == Some(epoch) {
            return Some((epoch, log_end_offset));
        }
        let &(_, end_offset) = self.epochs.get(higher)?;
        let floor = higher.checked_sub(1).map_or(epoch, |i| self.epochs[i].0);
        Some((floor, end_offset))
    }

    /// The log now ends at `end_offset`.
    pub fn truncate_from_end(&mut self, end_offset: i64) {
        while self.epochs.last().is_some_and(|&(_, start)| start >= end_offset) {
            self.epochs.pop();
        }
    }

    /// The log now starts at `start_offset`.
    pub fn truncate_from_start(&mut self, start_offset: i64) {
        let later = self.epochs.partition_point(|&(_, start)| start <= start_offset);
        if let Some(floor) = later.checked_sub(1) {
            self.epochs.drain(..floor);
            self.epochs[0].1 = start_offset;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cache(epochs: &[(i32, i64)]) -> LeaderEpochCache {
        let mut cache = LeaderEpochCache::default();
        for &(epoch, start) in epochs {
            cache.assign(epoch, start);
        }
        cache
    }

    #[test]
    fn epochs_without_records_vanish() {
        assert_eq!(cache(&[(0, 0), (1, 5), (2, 5)]).entries(), [(0, 0), (2, 5)]);
        assert_eq!(cache(&[(0, 0), (1, 5), (1, 9)]).entries(), [(0, 0), (1, 5)]);
        assert_eq!(cache(&[(0, 0), (1, 5), (2, 3)]).entries(), [(0, 0), (2, 3)]);
    }

    #[test]
    fn end_offsets_follow_the_four_rules() {
        let cache = cache(&[(2, 0), (4, 10), (7, 20)]);
        assert_eq!(cache.end_offset_for(7, 25), Some((7, 25)), "latest: log end");
        assert_eq!(cache.end_offset_for(8, 25), None, "later than all: undefined");
        assert_eq!(cache.end_offset_for(1, 25), Some((1, 0)), "before the first: its start");
        assert_eq!(cache.end_offset_for(2, 25), Some((2, 10)));
        assert_eq!(cache.end_offset_for(5, 25), Some((4, 20)), "floor, start of the next");
        assert_eq!(LeaderEpochCache::default().end_offset_for(0, 0), None);
    }

    #[test]
    fn truncation_from_both_ends() {
        let mut cache = cache(&[(2, 0), (4, 10), (7, 20)]);
        cache.truncate_from_end(20);
        assert_eq!(cache.entries(), [(2, 0), (4, 10)]);
        cache.truncate_from_start(12);
        assert_eq!(cache.entries(), [(4, 12)]);
        cache.truncate_from_end(0);
        assert_eq!(cache.latest(), None);
    }
}
