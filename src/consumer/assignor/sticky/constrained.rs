//! All members subscribe to the same topics (`ConstrainedAssignmentBuilder`).

use super::Shares;
use super::group::{Claims, Group, Partition};
use crate::engine::{SortedMap, sort_by_key};

const NO_ONE_LEFT: &str = "IllegalStateException: No more unfilled consumers to be assigned.";
const TOO_FEW: &str = "IllegalStateException: We haven't reached the expected number of members \
     with more than the minQuota partitions, but no more partitions to be assigned";
/// Everybody gets the minimum, some get one more; who has that many keeps them.
pub(super) fn assign(group: &Group<'_>, claims: &Claims) -> Result<Shares, String> {
    let mut filling = Filling::new(group, claims);
    filling.keep_owned();
    let mut unassigned = filling.unassigned();
    sort_by_key(&mut filling.below, |&member| member);
    sort_by_key(&mut filling.at_minimum, |&member| member);
    if group.are_racks_known() {
        sort_by_key(&mut unassigned, |&partition| group.count_near(partition));
        unassigned.retain(|&partition| !filling.assign_near(partition));
    }
    filling.deal(&unassigned)?;
    filling.verify()?;
    Ok(Shares { assigned: filling.assigned, transferring: Some(filling.transferring) })
}

struct Filling<'a> {
    group: &'a Group<'a>,
    claims: &'a Claims,
    assigned: Vec<Vec<Partition>>,
    minimum: usize,
    maximum: usize,
    /// How many members may have more than the minimum.
    extras: usize,
    extras_given: usize,
    /// Members below the minimum.
    below: Vec<usize>,
    /// Members at the minimum that may get one more.
    at_minimum: Vec<usize>,
    /// Whom [`Self::below`] is asked for next, near partitions first.
    turn: usize,
    /// What a member has too much, or is not near to; the latter it may get back.
    given_up: SortedMap<Partition, usize>,
    transferring: SortedMap<Partition, usize>,
}

impl<'a> Filling<'a> {
    fn new(group: &'a Group<'a>, claims: &'a Claims) -> Self {
        let members = group.members.len().max(1);
        Self {
            group,
            claims,
            assigned: vec![Vec::new(); group.members.len()],
            minimum: group.partition_count / members,
            maximum: group.partition_count.div_ceil(members),
            extras: group.partition_count % members,
            extras_given: 0,
            below: Vec::new(),
            at_minimum: Vec::new(),
            turn: 0,
            given_up: SortedMap::new(),
            transferring: SortedMap::new(),
        }
    }

    /// Members in the order of Java's map: it says who keeps the extra partitions.
    fn keep_owned(&mut self) {
        for &member in &self.group.map_order {
            let claimed = self.claims.owned[member].iter().copied();
            let claimed = claimed.filter(|it| !self.claims.doubly_claimed.contains(it));
            let (mut given_up, mut owned): (Vec<Partition>, Vec<Partition>) = claimed
                .partition(|&partition| self.group.is_near(member, partition) == Some(false));
            sort_by_key(&mut owned, |partition| (partition.index, partition.topic));
            if owned.len() < self.minimum {
                self.below.push(member);
            } else if owned.len() >= self.maximum && self.extras_given < self.extras {
                self.extras_given += 1;
                if self.extras_given == self.extras {
                    self.at_minimum.clear();
                }
                given_up.extend(owned.drain(self.maximum..));
            } else {
                given_up.extend(owned.drain(self.minimum..));
                if self.extras_given < self.extras {
                    self.at_minimum.push(member);
                }
            }
            self.assigned[member] = owned;
            self.given_up.extend(given_up.into_iter().map(|partition| (partition, member)));
        }
    }

    fn unassigned(&self) -> Vec<Partition> {
        let mut assigned: Vec<Partition> = self.assigned.iter().flatten().copied().collect();
        sort_by_key(&mut assigned, |&partition| partition);
        let topics = 0..self.group.topics.len();
        without(topics.flat_map(|topic| self.group.partitions_of(topic)), &assigned)
    }

    /// False: nobody near by may have one more.
    fn assign_near(&mut self, partition: Partition) -> bool {
        if let Some(place) = self.next_near(partition, &self.below, self.turn) {
            let member = self.below[place];
            let count = self.assigned[member].len() + 1;
            self.turn = place;
            if count >= self.minimum {
                self.below.remove(place);
                if count < self.maximum {
                    self.at_minimum.push(member);
                }
            } else {
                self.turn += 1;
            }
            self.turn = self.turn.checked_rem(self.below.len()).unwrap_or(0);
            self.give(partition, member);
        } else if let Some(place) = self.next_near(partition, &self.at_minimum, 0) {
            let member = self.at_minimum[place];
            if self.assigned[member].len() + 1 == self.maximum {
                self.at_minimum.remove(place);
            }
            self.give(partition, member);
        } else {
            return false;
        }
        true
    }

    fn next_near(&self, partition: Partition, members: &[usize], first: usize) -> Option<usize> {
        let places = (0..members.len()).map(|step| (first + step) % members.len());
        let mut places =
            places.filter(|&at| self.group.is_near(members[at], partition) == Some(true));
        places.next()
    }

    /// To those below the minimum in turn, then one each to those at the minimum.
    fn deal(&mut self, unassigned: &[Partition]) -> Result<(), String> {
        let mut next = 0;
        for &partition in unassigned {
            if next == self.below.len() {
                next = 0;
            }
            let member = match self.below.get(next) {
                Some(&member) => {
                    next += 1;
                    member
                }
                None if self.at_minimum.is_empty() => return Err(NO_ONE_LEFT.into()),
                None => self.at_minimum.remove(0),
            };
            self.give(partition, member);
            let count = self.assigned[member].len();
            if count == self.minimum && next > 0 {
                next -= 1;
                self.below.remove(next);
                self.at_minimum.push(member);
            } else if count == self.maximum {
                self.extras_given += 1;
            }
        }
        Ok(())
    }

    fn give(&mut self, partition: Partition, member: usize) {
        self.assigned[member].push(partition);
        let is_revoked = self.given_up.get(&partition).is_some_and(|&owner| owner != member);
        if is_revoked || self.claims.doubly_claimed.contains(&partition) {
            self.transferring.insert(partition, member);
        }
    }

    fn verify(&self) -> Result<(), String> {
        if self.below.is_empty() {
            return Ok(());
        }
        if self.extras_given != self.extras {
            return Err(TOO_FEW.into());
        }
        let is_short = |member: &&usize| self.assigned[**member].len() != self.minimum;
        match self.below.iter().find(is_short) {
            None => Ok(()),
            Some(&member) => Err(format!(
                "IllegalStateException: Consumer: [{}] doesn't reach minQuota partitions, and no \
                 more partitions to be assigned",
                self.group.members[member].id
            )),
        }
    }
}

/// `all` without `assigned`, both in the same order, as Java walks along both lists. What is
/// assigned and not among `all` brings that walk to a stop: everything behind counts as unassigned.
pub(super) fn without(
    all: impl Iterator<Item = Partition>,
    assigned: &[Partition],
) -> Vec<Partition> {
    let mut assigned = assigned.iter();
    let mut next = assigned.next();
    let is_unassigned = |partition: &Partition| {
        let is_next = next == Some(partition);
        if is_next {
            next = assigned.next();
        }
        !is_next
    };
    all.filter(is_unassigned).collect()
}
