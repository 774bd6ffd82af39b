//! Offsets a group has committed past without having processed them, as few ranges.

use std::ops::Range;

use crate::trace::cause::SkipCause;

/// Ranges of offsets, ascending, each with the cause.
#[derive(Clone, Debug, Default)]
pub(super) struct Backlog(Vec<(Range<i64>, SkipCause)>);

impl Backlog {
    /// Adds an offset above all others.
    pub(super) fn push(&mut self, offset: i64, cause: SkipCause) {
        debug_assert!(self.0.last().is_none_or(|(range, _)| range.end <= offset));
        match self.0.last_mut() {
            Some((range, last)) if range.end == offset && *last == cause => range.end += 1,
            _ => self.0.push((offset..offset + 1, cause)),
        }
    }

    /// The offset was processed after all.
    pub(super) fn remove(&mut self, offset: i64) {
        let index = self.0.partition_point(|(range, _)| range.end <= offset);
        let Some((range, cause)) = self.0.get_mut(index) else { return };
        if !range.contains(&offset) {
            return;
        }
        let (before, after, cause) = (range.start..offset, offset + 1..range.end, *cause);
        let rest = [before, after].into_iter().filter(|range| !range.is_empty());
        self.0.splice(index..=index, rest.map(|range| (range, cause)));
    }

    /// Forgets offsets from `end` on.
    pub(super) fn truncate(&mut self, end: i64) {
        for (range, _) in &mut self.0 {
            range.end = range.end.min(end);
        }
        self.0.retain(|(range, _)| !range.is_empty());
    }

    pub(super) fn contains(&self, offset: i64) -> bool {
        self.0.iter().any(|(range, _)| range.contains(&offset))
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = (Range<i64>, SkipCause)> {
        self.0.iter().cloned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_grow_shrink_and_split() {
        let mut backlog = Backlog::default();
        for offset in 3..8 {
            backlog.push(offset, SkipCause::CommittedBeforeProcessing);
        }
        backlog.push(8, SkipCause::ResetToLatest);
        backlog.remove(5);
        backlog.remove(3);
        backlog.remove(99);
        let ranges: Vec<_> = backlog.iter().map(|(range, _)| range).collect();
        assert_eq!(ranges, [4..5, 6..8, 8..9]);
        backlog.truncate(7);
        assert!(backlog.contains(6) && !backlog.contains(7) && !backlog.contains(5));
    }
}
