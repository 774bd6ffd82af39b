//! A group of the consumer protocol: its members, its epochs and what it makes of them.

use std::sync::Arc;

use super::member::ConsumerMember;
use super::records::ConsumerRecord;
use crate::broker::group::GroupRecord;
use crate::broker::group::assignor::{ServerAssignor, SubscriptionType};
use crate::config::BrokerConfig;
use crate::engine::{JavaHashTable, Micros, SortedMap, SortedSet, java_hash};
use crate::metadata::MetadataImage;
use crate::protocol::{ErrorCode, MemberId, TopicId, TopicPartition};

/// The broker configs such a group goes by.
#[derive(Clone, Debug)]
pub(in super::super) struct ConsumerGroupLimits {
    pub max_size: usize,
    pub session_timeout_ms: i64,
    pub heartbeat_interval_ms: i64,
    pub assignment_interval_ms: i64,
    /// group.consumer.assignors; the first is the default.
    pub assignors: Vec<ServerAssignor>,
}

impl ConsumerGroupLimits {
    pub(in super::super) fn of(config: &BrokerConfig) -> Self {
        let names = config.group_consumer_assignors.iter();
        Self {
            max_size: config.group_consumer_max_size.max(1) as usize,
            session_timeout_ms: config.group_consumer_session_timeout_ms,
            heartbeat_interval_ms: config.group_consumer_heartbeat_interval_ms,
            assignment_interval_ms: config.group_consumer_assignment_interval_ms,
            assignors: names.filter_map(|name| ServerAssignor::of_name(name)).collect(),
        }
    }
}

/// What is known of a topic that the group subscribes to.
pub(super) type SubscribedTopic = (Arc<str>, TopicId, u16);

/// A group of the consumer protocol (Kafka's `ConsumerGroup`).
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in super::super) struct ConsumerGroup {
    pub id: Arc<str>,
    pub epoch: i32,
    /// The group epoch that the target was computed for.
    pub assignment_epoch: i32,
    /// When that was.
    pub assignment_us: Micros,
    /// The last assignment epoch in which all members had their target.
    pub stable_epoch: i32,
    pub members: Vec<ConsumerMember>,
    /// What each member shall have.
    pub targets: SortedMap<MemberId, SortedSet<TopicPartition>>,
    /// Of the subscribed topics as they were when the epoch last moved.
    pub metadata_hash: u64,
}

impl ConsumerGroup {
    /// A group begins in epoch 1.
    pub(in super::super) fn new(id: Arc<str>) -> Self {
        Self {
            id,
            epoch: 1,
            assignment_epoch: 0,
            assignment_us: 0,
            stable_epoch: 0,
            members: Vec::new(),
            targets: SortedMap::new(),
            metadata_hash: 0,
        }
    }

    /// Name of its state (`ConsumerGroupState`).
    pub(in super::super) fn state(&self) -> &'static str {
        let is_reconciled = |m: &ConsumerMember| m.is_reconciled_to(self.assignment_epoch);
        if self.members.is_empty() {
            "Empty"
        } else if self.epoch > self.assignment_epoch {
            "Assigning"
        } else if self.members.iter().all(is_reconciled) {
            "Stable"
        } else {
            "Reconciling"
        }
    }

    pub(in super::super) fn member(&self, id: &str) -> Option<&ConsumerMember> {
        self.members.iter().find(|member| *member.id == *id)
    }

    pub(super) fn member_mut(&mut self, id: &str) -> Option<&mut ConsumerMember> {
        self.members.iter_mut().find(|member| *member.id == *id)
    }

    pub(super) fn static_member(&self, instance: &str) -> Option<&ConsumerMember> {
        let is_it = |m: &&ConsumerMember| m.metadata.instance_id.as_deref() == Some(instance);
        self.members.iter().find(is_it)
    }

    /// The members in the order of Java's HashMap.
    pub(in super::super) fn members_in_order(&self) -> impl Iterator<Item = &ConsumerMember> {
        let hashes = self.members.iter().map(|member| java_hash(&member.id));
        let order = JavaHashTable::default().with(hashes).order();
        order.into_iter().map(|place| &self.members[place])
    }

    /// Whether all name the same topics.
    pub(super) fn subscription_type(&self) -> SubscriptionType {
        let mut topics = self.members.iter().map(|member| &member.metadata.topics);
        let first = topics.next();
        match topics.all(|others| Some(others) == first) {
            true => SubscriptionType::Homogeneous,
            false => SubscriptionType::Heterogeneous,
        }
    }

    /// The assignor that most members ask for, else the broker's first.
    pub(in super::super) fn assignor(&self, limits: &ConsumerGroupLimits) -> ServerAssignor {
        let mut votes: Vec<(&Arc<str>, usize)> = Vec::new();
        for name in self.members.iter().filter_map(|m| m.metadata.server_assignor.as_ref()) {
            match votes.iter_mut().find(|(other, _)| *other == name) {
                Some((_, count)) => *count += 1,
                None => votes.push((name, 1)),
            }
        }
        let table = JavaHashTable::default().with(votes.iter().map(|(name, _)| java_hash(name)));
        let most = votes.iter().map(|&(_, count)| count).max();
        let mut in_order = table.order().into_iter().map(|place| votes[place]);
        let chosen = in_order.find(|&(_, count)| Some(count) == most);
        let chosen = chosen.and_then(|(name, _)| ServerAssignor::of_name(name));
        chosen.or(limits.assignors.first().copied()).unwrap_or(ServerAssignor::Uniform)
    }

    /// The topics that members subscribe to, as the cluster has them now.
    pub(super) fn subscribed_topics(&self, image: &MetadataImage) -> Vec<SubscribedTopic> {
        let names = self.members.iter().flat_map(|member| &member.metadata.topics);
        let names: SortedSet<&Arc<str>> = names.collect();
        let known = names.into_iter().filter_map(|name| {
            let id = image.topic_id(name)?;
            Some((name.clone(), id, image.topic(id)?.partitions.len() as u16))
        });
        known.collect()
    }

    /// Members, subscriptions or topics are others now: targets have to follow.
    pub(super) fn bump_epoch(&mut self, image: &MetadataImage, records: &mut Vec<GroupRecord>) {
        self.metadata_hash = self.compute_metadata_hash(image);
        self.epoch += 1;
        records.push(self.epoch_record());
    }

    /// Topics that come, go or grow have another hash. It goes into the log, but is not the number
    /// that Kafka would write.
    pub(super) fn compute_metadata_hash(&self, image: &MetadataImage) -> u64 {
        let add = |hash: u64, byte: u8| (hash ^ u64::from(byte)).wrapping_mul(0x100_0000_01b3);
        let mut hash = 0u64;
        for (name, id, partitions) in self.subscribed_topics(image) {
            let numbers = id.0.to_be_bytes().into_iter().chain(partitions.to_be_bytes());
            hash = name.bytes().chain([0]).chain(numbers).fold(hash.wrapping_add(1), add);
        }
        hash
    }

    pub(super) fn epoch_record(&self) -> GroupRecord {
        self.record(ConsumerRecord::Epoch(Some((self.epoch, self.metadata_hash))))
    }

    pub(in super::super) fn record(&self, record: ConsumerRecord) -> GroupRecord {
        GroupRecord::Consumer { group: self.id.clone(), record }
    }

    /// A member's memory, and its tombstones.
    pub(super) fn remove(&mut self, id: &str, records: &mut Vec<GroupRecord>) {
        let Some(at) = self.members.iter().position(|member| *member.id == *id) else { return };
        let member = self.members.remove(at).id;
        self.targets.remove(&member);
        records.push(self.record(ConsumerRecord::Current { member: member.clone(), value: None }));
        records.push(self.record(ConsumerRecord::Target { member: member.clone(), value: None }));
        records.push(self.record(ConsumerRecord::Member { member, value: None }));
    }

    /// A member is out; the others shall share what it had.
    pub(in super::super) fn fence(&mut self, id: &str, image: &MetadataImage) -> Vec<GroupRecord> {
        let mut records = Vec::new();
        self.remove(id, &mut records);
        self.bump_epoch(image, &mut records);
        records
    }

    /// Who may commit in `epoch`, and which partitions: a member in an older epoch, what it had
    /// then (KIP-1251).
    pub(in super::super) fn validate_commit(
        &self,
        member_id: &str,
        epoch: i32,
        partitions: impl IntoIterator<Item = TopicPartition>,
    ) -> Result<(), ErrorCode> {
        if epoch < 0 && self.members.is_empty() {
            return Ok(());
        }
        let member = self.member(member_id).ok_or(ErrorCode::UnknownMemberId)?;
        let since = |tp: &TopicPartition| {
            member.assigned.get(tp).or_else(|| member.pending_revocation.get(tp))
        };
        let had = |tp: TopicPartition| since(&tp).is_some_and(|&since| epoch >= since);
        let is_current = epoch == member.epoch;
        if is_current || epoch < member.epoch && partitions.into_iter().all(had) {
            Ok(())
        } else {
            Err(ErrorCode::StaleMemberEpoch)
        }
    }
}
