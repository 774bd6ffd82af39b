//! What a sticky assignor goes by: members and topics by their places in the order of their names,
//! and who claims what.

use std::sync::Arc;

use super::super::RebalanceProtocol;
use super::super::racks::{rack_of, racks_matter, racks_of};
use crate::engine::{SortedMap, SortedSet, sort_by, sort_by_key};
use crate::protocol::{ClusterMetadata, GroupMember, TopicMetadata, TopicPartition, UserData};

/// A partition, in the order of topic names and numbers. It need not exist: members may claim what
/// is gone.
#[derive(Copy, Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Partition {
    pub topic: usize,
    pub index: u16,
}

/// A member, with the topics and partitions that are known.
pub(super) struct Member<'a> {
    pub id: &'a str,
    /// Its place among the members given.
    place: usize,
    pub topics: Vec<usize>,
    rack: Option<&'a str>,
    /// What it says it has (`MemberData`),
    pub owned: Vec<Partition>,
    /// since which generation; -1 none.
    pub generation: i32,
    /// generationId of its subscription, whatever the assignor reads.
    subscription_generation: i32,
    subscription: &'a [Arc<str>],
}

pub(super) struct Group<'a> {
    /// By name.
    pub topics: Vec<&'a TopicMetadata>,
    /// By id.
    pub members: Vec<Member<'a>>,
    /// The members as a `HashMap` lists them.
    pub map_order: Vec<usize>,
    /// Racks of the replicas of each partition of each topic; empty when racks do not matter.
    racks: Vec<Vec<SortedSet<&'a str>>>,
    pub partition_count: usize,
}

/// What members keep a right to, once contradictions are out of the way.
pub(super) struct Claims {
    pub owned: Vec<Vec<Partition>>,
    /// Claimed by several members of one generation.
    pub doubly_claimed: Vec<Partition>,
    pub max_generation: i32,
}

impl<'a> Group<'a> {
    pub(super) fn new(
        protocol: RebalanceProtocol,
        topics: &[&'a TopicMetadata],
        members: &[&'a GroupMember],
        cluster: &'a ClusterMetadata,
    ) -> Self {
        let mut topics = topics.to_vec();
        sort_by(&mut topics, |a, b| a.name.encode_utf16().cmp(b.name.encode_utf16()));
        let mut by_id: Vec<usize> = (0..members.len()).collect();
        sort_by(&mut by_id, |&a, &b| {
            members[a].member_id.encode_utf16().cmp(members[b].member_id.encode_utf16())
        });
        let mut map_order: Vec<usize> = (0..members.len()).collect();
        sort_by_key(&mut map_order, |&member| by_id[member]);
        let members =
            by_id.iter().map(|&place| Member::new(protocol, place, members[place], &topics));
        let members: Vec<Member<'_>> = members.collect();
        let racks = known_racks(&topics, &members, cluster);
        let partition_count = topics.iter().map(|topic| topic.partitions.len()).sum();
        Self { topics, members, map_order, racks, partition_count }
    }

    pub(super) fn partitions_of(&self, topic: usize) -> impl Iterator<Item = Partition> + use<> {
        let count = self.topics[topic].partitions.len() as u16;
        (0..count).map(move |index| Partition { topic, index })
    }

    pub(super) fn are_racks_known(&self) -> bool {
        !self.racks.is_empty()
    }

    /// Whether a replica is in the member's rack; `None` if the member has none, or racks do not
    /// matter.
    pub(super) fn is_near(&self, member: usize, partition: Partition) -> Option<bool> {
        let rack = self.members[member].rack.filter(|_| self.are_racks_known())?;
        let racks = self.racks[partition.topic].get(usize::from(partition.index));
        Some(racks.is_some_and(|racks| racks.contains(rack)))
    }

    /// How many members have a replica of the partition in their rack, rack by rack.
    pub(super) fn count_near(&self, partition: Partition) -> usize {
        let is_near = |&member: &usize| self.is_near(member, partition) == Some(true);
        (0..self.members.len()).filter(is_near).count()
    }

    /// Whether all subscribe to the same topics. Java's loop takes the first that is not empty as
    /// the measure.
    pub(super) fn are_subscriptions_equal(&self) -> bool {
        let mut order = self.map_order.iter().map(|&member| self.members[member].subscription);
        let Some(measure) = order.find(|topics| !topics.is_empty()) else { return true };
        order.all(|topics| {
            topics.len() == measure.len() && topics.iter().all(|topic| measure.contains(topic))
        })
    }

    /// Of two members that claim a partition, the one of the newer generation is believed; of the
    /// same generation, neither (`allSubscriptionsEqual`). Kafka compares the member's generation
    /// with the one in the other's subscription, even where the assignor reads it from elsewhere.
    pub(super) fn claims(&self) -> Claims {
        let mut owned = vec![Vec::new(); self.members.len()];
        let mut doubly_claimed = Vec::new();
        let mut owners: SortedMap<Partition, usize> = SortedMap::new();
        for &member in &self.map_order {
            let generation = self.members[member].generation;
            for &partition in &self.members[member].owned {
                let Some(&other) = owners.get(&partition) else {
                    owned[member].push(partition);
                    owners.insert(partition, member);
                    continue;
                };
                let theirs = self.members[other].subscription_generation;
                if generation < theirs {
                    continue;
                }
                match generation == theirs {
                    true => doubly_claimed.push(partition),
                    false => owned[member].push(partition),
                }
                if let Some(place) = owned[other].iter().position(|&it| it == partition) {
                    owned[other].remove(place);
                }
                owners.insert(partition, member);
            }
        }
        let max_generation = self.members.iter().map(|member| member.generation).max();
        Claims { owned, doubly_claimed, max_generation: max_generation.unwrap_or(-1) }
    }

    /// The shares in the order in which the members were given.
    pub(super) fn by_member(&self, shares: Vec<Vec<Partition>>) -> Vec<Vec<TopicPartition>> {
        let mut assigned = vec![Vec::new(); shares.len()];
        for (member, share) in self.members.iter().zip(shares) {
            let known = share.into_iter().map(|partition| TopicPartition {
                topic: self.topics[partition.topic].id,
                partition: partition.index,
            });
            assigned[member.place] = known.collect();
        }
        assigned
    }
}

impl<'a> Member<'a> {
    fn new(
        protocol: RebalanceProtocol,
        place: usize,
        member: &'a GroupMember,
        topics: &[&TopicMetadata],
    ) -> Self {
        let subscription = &member.subscription;
        let (owned, generation) = match (protocol, &subscription.user_data) {
            (RebalanceProtocol::Eager, Some(UserData::Previous { partitions, generation })) => {
                (&**partitions, *generation)
            }
            (RebalanceProtocol::Eager, _) => (&[][..], -1),
            (RebalanceProtocol::Cooperative, Some(UserData::Generation(last)))
                if subscription.generation < 0 =>
            {
                (&*subscription.owned, *last)
            }
            (RebalanceProtocol::Cooperative, _) => (&*subscription.owned, subscription.generation),
        };
        let owned = owned.iter().filter_map(|tp| {
            let topic = topics.iter().position(|topic| topic.id == tp.topic)?;
            Some(Partition { topic, index: tp.partition })
        });
        let known = |name: &Arc<str>| topics.iter().position(|topic| topic.name == *name);
        Self {
            id: &member.member_id,
            place,
            topics: subscription.topics.iter().filter_map(known).collect(),
            rack: rack_of(member),
            owned: owned.collect(),
            generation,
            subscription_generation: subscription.generation,
            subscription: &subscription.topics,
        }
    }
}

/// Racks by topic and partition, if they matter (`RackInfo`).
fn known_racks<'a>(
    topics: &[&'a TopicMetadata],
    members: &[Member<'_>],
    cluster: &'a ClusterMetadata,
) -> Vec<Vec<SortedSet<&'a str>>> {
    let of_topic = |topic: &&TopicMetadata| {
        topic.partitions.iter().map(|partition| racks_of(partition, cluster)).collect()
    };
    let racks: Vec<Vec<_>> = topics.iter().map(of_topic).collect();
    let member_racks = members.iter().filter_map(|member| member.rack);
    match racks_matter(member_racks, &racks.concat()) {
        true => racks,
        false => Vec::new(),
    }
}
