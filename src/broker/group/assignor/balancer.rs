//! Who has least, who has most: the two ends of a list of members, ordered by how many partitions
//! each has (`UniformHeterogeneousAssignmentBuilder.MemberAssignmentBalancer`).
//!
//! Both ranges are levels that move towards each other: the least loaded get one partition each
//! before anybody gets a second, the most loaded give one each before anybody gives a second.

use crate::engine::sort_by_key;

pub(super) struct Balancer {
    members: Vec<usize>,
    /// `members[..least_end]` are at the level of the least loaded.
    least_end: usize,
    least_level: isize,
    next_least: usize,
    /// `members[most_start..most_end]` are at the level of the most loaded; behind them stands who
    /// has nothing to give.
    most_start: usize,
    most_end: usize,
    most_level: isize,
    /// One past the next to give.
    next_most: usize,
}

impl Balancer {
    /// Of these members, which must not be empty; `sizes` counts the partitions of all members.
    pub(super) fn new(members: &[usize], sizes: &[usize]) -> Self {
        let mut members = members.to_vec();
        sort_by_key(&mut members, |&member| (sizes[member], member));
        let count = members.len();
        let (least, most) = (sizes[members[0]], sizes[members[count - 1]]);
        Self {
            members,
            least_end: 0,
            least_level: least as isize - 1,
            next_least: 0,
            most_start: count,
            most_end: count,
            most_level: most as isize + 1,
            next_most: count,
        }
    }

    /// How many partitions the most loaded member has more than the least loaded: the levels begin
    /// one beyond both.
    pub(super) fn imbalance(&self) -> isize {
        self.most_level - self.least_level - 2
    }

    /// Who gets the next partition; `sizes` as they are by now.
    pub(super) fn next_least_loaded(&mut self, sizes: &[usize]) -> usize {
        if self.next_least >= self.least_end {
            self.least_level += 1;
            let is_level = |&&member: &&usize| sizes[member] as isize == self.least_level;
            self.least_end += self.members[self.least_end..].iter().take_while(is_level).count();
            self.next_least = 0;
        }
        self.next_least += 1;
        self.members[self.next_least - 1]
    }

    /// Who gives the next partition; `None` if nobody is left that can.
    pub(super) fn next_most_loaded(&mut self, sizes: &[usize]) -> Option<usize> {
        if self.next_most <= self.most_start {
            if self.most_end <= self.most_start && self.most_start > 0 {
                // All of the range were excluded: it begins anew, at the next level there is.
                self.most_level = sizes[self.members[self.most_start - 1]] as isize;
            } else {
                self.most_level -= 1;
            }
            let below = self.members[..self.most_start].iter().rev();
            let is_level = |&&member: &&usize| sizes[member] as isize == self.most_level;
            self.most_start -= below.take_while(is_level).count();
            self.next_most = self.most_end;
        }
        self.next_most = self.next_most.checked_sub(1)?;
        Some(self.members[self.next_most])
    }

    /// Whoever [`Self::next_most_loaded`] named last has nothing to give.
    pub(super) fn exclude_most_loaded(&mut self) {
        self.most_end -= 1;
        self.members.swap(self.next_most, self.most_end);
    }

    /// Whether the levels have met.
    pub(super) fn is_balanced(&self) -> bool {
        self.most_level - self.least_level <= 1
    }
}
