//! What everybody shall have (`TargetAssignmentBuilder`).

use super::group::{ConsumerGroup, ConsumerGroupLimits};
use super::records::ConsumerRecord;
use crate::broker::group::GroupRecord;
use crate::broker::group::assignor::{GroupSpec, MemberSpec, TopicSpec};
use crate::engine::{JavaHashTable, Micros, uuid_hash};
use crate::metadata::MetadataImage;

impl ConsumerGroup {
    /// Computes the target for the group's epoch, unless the last is too fresh
    /// (group.consumer.assignment.interval.ms).
    pub(super) fn maybe_update_target(
        &mut self,
        now: Micros,
        image: &MetadataImage,
        limits: &ConsumerGroupLimits,
        records: &mut Vec<GroupRecord>,
    ) {
        let interval_us = limits.assignment_interval_ms.max(0) as u64 * 1000;
        let is_first = self.assignment_epoch == 0;
        let is_due = is_first || now >= self.assignment_us + interval_us;
        if self.epoch <= self.assignment_epoch || !is_due {
            return;
        }
        let spec = self.spec(image);
        let assigned = self.assignor(limits).assign(&spec);
        for (member, target) in spec.members.into_iter().zip(assigned) {
            if self.targets.get(&member.id) != Some(&target) {
                self.targets.insert(member.id.clone(), target.clone());
                let record = ConsumerRecord::Target { member: member.id, value: Some(target) };
                records.push(self.record(record));
            }
        }
        self.assignment_epoch = self.epoch;
        self.assignment_us = now;
        let record = ConsumerRecord::TargetEpoch(Some((self.epoch, now)));
        records.push(self.record(record));
    }

    fn spec(&self, image: &MetadataImage) -> GroupSpec {
        let members = self.members_in_order().map(|member| MemberSpec {
            id: member.id.clone(),
            instance_id: member.metadata.instance_id.clone(),
            topics: member.topic_ids(|name| image.topic_id(name)),
            target: self.targets.get(&member.id).cloned().unwrap_or_default(),
        });
        let topics = self.subscribed_topics(image);
        let hashes = topics.iter().map(|(_, id, _)| uuid_hash(0, i64::from(id.0)));
        let order = JavaHashTable::for_list(topics.len()).with(hashes).order();
        let topic = |place: usize| TopicSpec { id: topics[place].1, partitions: topics[place].2 };
        GroupSpec {
            members: members.collect(),
            topics: order.into_iter().map(topic).collect(),
            subscription_type: self.subscription_type(),
        }
    }
}
