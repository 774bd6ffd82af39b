//! `RangeAssignor`, with the racks of KIP-881.

use super::racks::{rack_of, racks_matter, racks_of};
use crate::engine::{SortedSet, sort_by};
use crate::protocol::{ClusterMetadata, GroupMember, TopicMetadata, TopicPartition, partitions_of};

/// Consecutive partitions of each topic to each of its sorted subscribers. If racks matter for some
/// topic, members first get what has a replica in their rack, within what they may get at all.
pub(super) fn assign(
    topics: &[&TopicMetadata],
    members: &[&GroupMember],
    cluster: &ClusterMetadata,
) -> Vec<Vec<TopicPartition>> {
    let mut shares: Vec<Share> =
        topics.iter().map(|topic| Share::new(topic, members, cluster)).collect();
    let mut assigned = vec![Vec::new(); members.len()];
    let is_rack_aware = shares.iter().any(|share| share.racks_matter);
    if is_rack_aware {
        assign_near(&mut shares, &mut assigned);
    }
    for share in &mut shares {
        share.assign_ranges(&mut assigned, false);
    }
    if is_rack_aware {
        let name = |tp: &TopicPartition| {
            topics.iter().find(|topic| topic.id == tp.topic).map(|topic| &topic.name)
        };
        let by_name = |a: &TopicPartition, b: &TopicPartition| {
            name(a).cmp(&name(b)).then(a.partition.cmp(&b.partition))
        };
        assigned.iter_mut().for_each(|partitions| sort_by(partitions, by_name));
    }
    assigned
}

/// What is near by: topics with the same subscribers and as many partitions are assigned side by
/// side, the others each by itself.
fn assign_near(shares: &mut [Share<'_>], assigned: &mut [Vec<TopicPartition>]) {
    let mut is_done = vec![false; shares.len()];
    for first in 0..shares.len() {
        if is_done[first] {
            continue;
        }
        let alike: Vec<usize> =
            (first..shares.len()).filter(|&other| shares[first].is_alike(&shares[other])).collect();
        alike.iter().for_each(|&index| is_done[index] = true);
        if alike.len() > 1 {
            assign_side_by_side(shares, &alike, assigned);
        } else if shares[first].racks_matter {
            shares[first].assign_ranges(assigned, true);
        }
    }
}

/// Partition `p` of all these topics to the first subscriber that is near to all of them and may
/// get one more of each.
fn assign_side_by_side(
    shares: &mut [Share<'_>],
    alike: &[usize],
    assigned: &mut [Vec<TopicPartition>],
) {
    let first = &shares[alike[0]];
    let mut subscribers: Vec<usize> = (0..first.subscribers.len()).collect();
    for partition in 0..first.partition_racks.len() {
        let suits = |&&subscriber: &&usize| {
            alike.iter().all(|&index| {
                let share = &shares[index];
                share.is_near(subscriber, partition) && share.may_get(subscriber) > 0
            })
        };
        let Some(&subscriber) = subscribers.iter().find(suits) else { continue };
        for &index in alike {
            shares[index].give(subscriber, &[partition], assigned);
        }
        if alike.iter().all(|&index| shares[index].may_get(subscriber) == 0) {
            subscribers.retain(|&other| other != subscriber);
        }
    }
}

/// One topic while it is shared out (`TopicAssignmentState`).
struct Share<'a> {
    topic: &'a TopicMetadata,
    /// Members by index, each with its rack.
    subscribers: Vec<(usize, Option<&'a str>)>,
    /// Racks of each partition's replicas; empty when no subscriber has a rack.
    partition_racks: Vec<SortedSet<&'a str>>,
    racks_matter: bool,
    unassigned: Vec<usize>,
    /// How many each subscriber has.
    counts: Vec<usize>,
    each: usize,
    extras_left: usize,
}

impl<'a> Share<'a> {
    fn new(
        topic: &'a TopicMetadata,
        members: &[&'a GroupMember],
        cluster: &'a ClusterMetadata,
    ) -> Self {
        let subscribes =
            |(_, member): &(usize, &&GroupMember)| member.subscription.topics.contains(&topic.name);
        let subscribers: Vec<_> = members
            .iter()
            .enumerate()
            .filter(subscribes)
            .map(|(index, member)| (index, rack_of(member)))
            .collect();
        let has_racks = subscribers.iter().any(|(_, rack)| rack.is_some());
        let partition_racks: Vec<_> = match has_racks {
            true => topic.partitions.iter().map(|it| racks_of(it, cluster)).collect(),
            false => Vec::new(),
        };
        let partitions = topic.partitions.len();
        // Only known topics that somebody subscribes to are shared out.
        let count = subscribers.len().max(1);
        Self {
            topic,
            racks_matter: racks_matter(
                subscribers.iter().filter_map(|(_, rack)| *rack),
                &partition_racks,
            ),
            partition_racks,
            unassigned: (0..partitions).collect(),
            counts: vec![0; subscribers.len()],
            each: partitions / count,
            extras_left: partitions % count,
            subscribers,
        }
    }

    /// Whether both have the same subscribers and as many partitions with racks.
    fn is_alike(&self, other: &Self) -> bool {
        self.subscribers == other.subscribers
            && self.partition_racks.len() == other.partition_racks.len()
    }

    /// A subscriber without a rack is near to everything.
    fn is_near(&self, subscriber: usize, partition: usize) -> bool {
        let Some(rack) = self.subscribers[subscriber].1 else { return true };
        self.partition_racks.get(partition).is_some_and(|racks| racks.contains(rack))
    }

    /// How many more a subscriber may get.
    fn may_get(&self, subscriber: usize) -> usize {
        let most = self.each + usize::from(self.extras_left > 0);
        most.saturating_sub(self.counts[subscriber])
    }

    fn assign_ranges(&mut self, assigned: &mut [Vec<TopicPartition>], only_near: bool) {
        for subscriber in 0..self.subscribers.len() {
            let unassigned = self.unassigned.iter().copied();
            let given: Vec<usize> = unassigned
                .filter(|&partition| !only_near || self.is_near(subscriber, partition))
                .take(self.may_get(subscriber))
                .collect();
            if !given.is_empty() {
                self.give(subscriber, &given, assigned);
            }
        }
    }

    fn give(
        &mut self,
        subscriber: usize,
        partitions: &[usize],
        assigned: &mut [Vec<TopicPartition>],
    ) {
        let of_topic = partitions_of(self.topic.id, self.topic.partitions.len() as u16);
        let given = of_topic.filter(|tp| partitions.contains(&usize::from(tp.partition)));
        assigned[self.subscribers[subscriber].0].extend(given);
        self.counts[subscriber] += partitions.len();
        if self.counts[subscriber] > self.each {
            self.extras_left = self.extras_left.saturating_sub(1);
        }
        self.unassigned.retain(|partition| !partitions.contains(partition));
    }
}
