//! Members subscribe to different topics (`GeneralAssignmentBuilder`).

use super::Shares;
use super::constrained::without;
use super::group::{Claims, Group, Partition};
use super::movements::Movements;
use crate::engine::{SortedMap, SortedSet, sort_by_key, topic_partition_hash};

/// What Java throws where a member that is set aside is looked for.
const NULL: &str = "NullPointerException: Cannot invoke \"java.util.List.size()\" because the return \
     value of \"java.util.Map.get(Object)\" is null";

/// What is owned is kept, the rest goes to whoever has least; then partitions move as long as that
/// makes things more even.
pub(super) fn assign(group: &Group<'_>, claims: Claims) -> Result<Shares, String> {
    let previous = previous_owners(group, claims.max_generation);
    let mut balancing = Balancing::new(group, claims, previous);
    let kept = balancing.keep_owned();
    let order = |partition: Partition| (balancing.subscribers[partition.topic].len(), partition);
    let mut topics: Vec<usize> = (0..group.topics.len()).collect();
    sort_by_key(&mut topics, |&topic| (balancing.subscribers[topic].len(), topic));
    let all: Vec<Partition> =
        topics.into_iter().flat_map(|topic| group.partitions_of(topic)).collect();
    let mut assigned: Vec<Partition> = kept;
    sort_by_key(&mut assigned, |&partition| order(partition));
    let unassigned = without(all.iter().copied(), &assigned);
    balancing.balance(all, unassigned)?;
    let assigned = balancing.assigned.into_iter().map(Option::unwrap_or_default).collect();
    Ok(Shares { assigned, transferring: None })
}

/// Who had what in an older generation than the newest.
fn previous_owners(group: &Group<'_>, max_generation: i32) -> SortedMap<Partition, usize> {
    let mut previous: SortedMap<Partition, (i32, usize)> = SortedMap::new();
    for &member in &group.map_order {
        let generation = group.members[member].generation;
        if generation >= max_generation {
            continue;
        }
        for &partition in &group.members[member].owned {
            if previous.get(&partition).is_none_or(|&(other, _)| generation > other) {
                previous.insert(partition, (generation, member));
            }
        }
    }
    previous.iter().map(|(&partition, &(_, member))| (partition, member)).collect()
}

struct Balancing<'a> {
    group: &'a Group<'a>,
    previous: SortedMap<Partition, usize>,
    /// Members that subscribe to each topic.
    subscribers: Vec<Vec<usize>>,
    /// By member; `None` while it is set aside.
    assigned: Vec<Option<Vec<Partition>>>,
    owners: SortedMap<Partition, usize>,
    /// Members that take part, who has least first.
    by_count: SortedSet<(usize, usize)>,
    movements: Movements,
    has_to_revoke: bool,
}

impl<'a> Balancing<'a> {
    fn new(group: &'a Group<'a>, claims: Claims, previous: SortedMap<Partition, usize>) -> Self {
        let subscribes = |member: usize, topic| group.members[member].topics.contains(&topic);
        let subscribers = |topic| {
            let order = group.map_order.iter().copied();
            order.filter(|&member| subscribes(member, topic)).collect()
        };
        Self {
            group,
            previous,
            subscribers: (0..group.topics.len()).map(subscribers).collect(),
            assigned: claims.owned.into_iter().map(Some).collect(),
            owners: SortedMap::new(),
            by_count: SortedSet::new(),
            movements: Movements::default(),
            has_to_revoke: false,
        }
    }

    /// Takes away what a member may no longer have. Returns what is left.
    fn keep_owned(&mut self) -> Vec<Partition> {
        let mut kept = Vec::new();
        for &member in &self.group.map_order {
            let Some(owned) = &mut self.assigned[member] else { continue };
            self.owners.extend(owned.iter().map(|&partition| (partition, member)));
            let before = owned.len();
            owned.retain(|&partition| {
                self.group.members[member].topics.contains(&partition.topic)
                    && self.group.is_near(member, partition) != Some(false)
            });
            self.has_to_revoke |= owned.len() < before;
            kept.extend_from_slice(owned);
        }
        let counts = self.assigned.iter().enumerate();
        self.by_count =
            counts.filter_map(|(member, owned)| Some((owned.as_ref()?.len(), member))).collect();
        kept
    }

    fn balance(
        &mut self,
        mut all: Vec<Partition>,
        mut unassigned: Vec<Partition>,
    ) -> Result<(), String> {
        let was_empty = self.by_count.iter().next_back().is_none_or(|&(most, _)| most == 0);
        let mut rest = unassigned.clone();
        if self.group.are_racks_known() {
            rest.retain(|&partition| !self.assign_to_least(partition, true));
        }
        for partition in rest {
            self.assign_to_least(partition, false);
        }
        let may_move = |partition: &Partition| self.subscribers[partition.topic].len() >= 2;
        all.retain(may_move);
        unassigned.retain(may_move);
        let set_aside = self.set_aside();
        let before = (self.assigned.clone(), self.score());
        if !self.has_to_revoke {
            self.reassign(&unassigned)?;
        }
        if self.reassign(&all)? && !was_empty && self.score() >= before.1 {
            self.assigned = before.0;
        }
        for (member, owned) in set_aside {
            self.assigned[member] = owned;
        }
        Ok(())
    }

    /// False: nobody can have it.
    fn assign_to_least(&mut self, partition: Partition, only_near: bool) -> bool {
        let suits = |&&(_, member): &&(usize, usize)| {
            self.group.members[member].topics.contains(&partition.topic)
                && !(only_near && self.group.is_near(member, partition) == Some(false))
        };
        let Some(&(count, member)) = self.by_count.iter().find(suits) else { return false };
        self.by_count.remove(&(count, member));
        self.by_count.insert((count + 1, member));
        self.assigned[member].get_or_insert_default().push(partition);
        self.owners.insert(partition, member);
        true
    }

    /// Members that have all they can get, and none of it of interest to others, take no part.
    fn set_aside(&mut self) -> Vec<(usize, Option<Vec<Partition>>)> {
        let mut set_aside = Vec::new();
        for member in 0..self.group.members.len() {
            let owned = self.assigned[member].as_deref().unwrap_or_default();
            let may_move = |partition: &Partition| self.subscribers[partition.topic].len() >= 2;
            if owned.len() >= self.most(member) && !owned.iter().any(may_move) {
                self.by_count.remove(&(owned.len(), member));
                set_aside.push((member, self.assigned[member].take()));
            }
        }
        set_aside
    }

    /// How many partitions a member could have.
    fn most(&self, member: usize) -> usize {
        let topics = self.group.members[member].topics.iter();
        topics.map(|&topic| self.group.topics[topic].partitions.len()).sum()
    }

    /// Sum of the differences between any two members.
    fn score(&self) -> usize {
        let counts: Vec<usize> = self.assigned.iter().flatten().map(Vec::len).collect();
        let pairs = counts
            .iter()
            .enumerate()
            .flat_map(|(at, one)| counts[at + 1..].iter().map(move |other| one.abs_diff(*other)));
        pairs.sum()
    }

    fn count(&self, member: usize) -> Result<usize, String> {
        self.assigned[member].as_ref().map(Vec::len).ok_or_else(|| NULL.to_owned())
    }

    /// Moves partitions until that helps no more. Returns whether any moved.
    fn reassign(&mut self, partitions: &[Partition]) -> Result<bool, String> {
        let mut has_moved = false;
        loop {
            let mut is_modified = false;
            for &partition in partitions {
                if self.is_balanced()? {
                    break;
                }
                let Some(to) = self.better_owner(partition)? else { continue };
                self.move_to(partition, to)?;
                is_modified = true;
            }
            has_moved |= is_modified;
            if !is_modified {
                return Ok(has_moved);
            }
        }
    }

    /// Who had it before and has two less now; else, if any subscriber has two less, whoever has
    /// least. Racks make no difference: Kafka looks for somebody near by first, and then moves the
    /// partition to whoever has least all the same.
    fn better_owner(&self, partition: Partition) -> Result<Option<usize>, String> {
        let &owner = self.owners.get(&partition).ok_or_else(|| NULL.to_owned())?;
        let count = self.count(owner)?;
        if let Some(&previous) = self.previous.get(&partition)
            && count > self.count(previous)? + 1
        {
            return Ok(Some(previous));
        }
        for &other in &self.subscribers[partition.topic] {
            if count > self.count(other)? + 1 {
                let subscribes = |&&(_, member): &&(usize, usize)| {
                    self.group.members[member].topics.contains(&partition.topic)
                };
                return Ok(self.by_count.iter().find(subscribes).map(|&(_, member)| member));
            }
        }
        Ok(None)
    }

    fn move_to(&mut self, partition: Partition, to: usize) -> Result<(), String> {
        let &owner = self.owners.get(&partition).ok_or_else(|| NULL.to_owned())?;
        let partition = self.movements.actual(partition, owner, to);
        let &from = self.owners.get(&partition).ok_or_else(|| NULL.to_owned())?;
        let name = &self.group.topics[partition.topic].name;
        let hash = topic_partition_hash(name, i32::from(partition.index));
        self.movements.record(partition, hash, from, to);
        self.by_count.remove(&(self.count(from)?, from));
        self.by_count.remove(&(self.count(to)?, to));
        if let Some(owned) = &mut self.assigned[from]
            && let Some(place) = owned.iter().position(|&other| other == partition)
        {
            owned.remove(place);
        }
        self.assigned[to].get_or_insert_default().push(partition);
        self.owners.insert(partition, to);
        self.by_count.insert((self.count(to)?, to));
        self.by_count.insert((self.count(from)?, from));
        Ok(())
    }

    /// Nobody could get a partition from somebody who has two more.
    fn is_balanced(&self) -> Result<bool, String> {
        let (Some(&(least, _)), Some(&(most, _))) =
            (self.by_count.iter().next(), self.by_count.iter().next_back())
        else {
            return Err("NoSuchElementException".into());
        };
        if least + 1 >= most {
            return Ok(true);
        }
        let mut owners: SortedMap<Partition, usize> = SortedMap::new();
        for &member in &self.group.map_order {
            let owned = self.assigned[member].iter().flatten();
            owners.extend(owned.map(|&partition| (partition, member)));
        }
        for &(count, member) in
            self.by_count.iter().filter(|&&(count, member)| count != self.most(member))
        {
            let topics = self.group.members[member].topics.iter();
            for partition in topics.flat_map(|&topic| self.group.partitions_of(topic)) {
                if self.assigned[member].iter().flatten().any(|&owned| owned == partition) {
                    continue;
                }
                let &other = owners.get(&partition).ok_or_else(|| NULL.to_owned())?;
                if count + 1 < self.count(other)? {
                    return Ok(false);
                }
            }
        }
        Ok(true)
    }
}
