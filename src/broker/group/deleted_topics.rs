//! A topic is gone, and with it the offsets that were committed for it
//! (`OffsetMetadataManager.onPartitionsDeleted`).

use std::sync::Arc;

use super::GroupCoordinator;
use super::coordinator::Slot;
use super::pending::Continuation;
use super::records::GroupRecord;
use crate::broker::internal_topic::InternalLog;
use crate::node::Ctx;
use crate::protocol::{TopicId, TopicPartition};

impl GroupCoordinator {
    /// Writes tombstones: another topic of that name shall not begin at the old offsets.
    pub fn on_topic_deleted(
        &mut self,
        ctx: &mut Ctx<'_>,
        topic: TopicId,
        name: &Arc<str>,
        log: &mut impl InternalLog,
    ) {
        let logs: Vec<TopicPartition> = self.loaded.keys().copied().collect();
        for slot in logs.into_iter().flat_map(|log| self.groups_of(log)).collect::<Vec<Slot>>() {
            let group = self.group_mut(slot);
            let of_topic = |tp: &&TopicPartition| tp.topic == topic;
            let gone: Vec<_> = group.committed.keys().filter(of_topic).copied().collect();
            if gone.is_empty() {
                continue;
            }
            // What a member committed last may have been about the topic.
            group.members.iter_mut().for_each(|member| member.last_commit = None);
            let mut tombstones = Vec::with_capacity(gone.len());
            for tp in gone {
                group.committed.remove(&tp);
                let (group, topic) = (group.id.clone(), name.clone());
                let partition = i32::from(tp.partition);
                tombstones.push(GroupRecord::Offset { group, topic, partition, value: None });
            }
            self.append(ctx, log, slot, &tombstones, Continuation::Nothing);
        }
    }
}
