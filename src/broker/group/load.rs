//! Taking over a partition of `__consumer_offsets`, and giving it up.
//!
//! The log is the truth, memory its cache: who takes over reads the log from the start, the last
//! record of each key wins.

use super::GroupCoordinator;
use super::answer::{join_error, sync_error};
use super::classic_group::{ClassicGroup, Committed, GroupState};
use super::consumer::{ConsumerGroup, ConsumerRecord};
use super::coordinator::Slot;
use super::expiry::Shard;
use super::member::{Member, NEVER};
use super::records::{
    CommittedOffset, GroupMetadata, GroupRecord, MemberMetadata, decode_assignment,
    decode_subscription,
};
use super::sync::node_at;
use crate::engine::NodeId;
use crate::metadata::MetadataImage;
use crate::node::Ctx;
use crate::protocol::{ErrorCode, OffsetAndEpoch, TopicPartition};
use crate::record::LoggedBatch;

impl GroupCoordinator {
    /// This broker leads `tp`, a partition of `__consumer_offsets` with this log: its groups are
    /// coordinated here from now on.
    pub fn on_elected(
        &mut self,
        ctx: &mut Ctx<'_>,
        tp: TopicPartition,
        batches: &[LoggedBatch],
        image: &MetadataImage,
    ) {
        if self.loaded.contains_key(&tp) {
            return; // led here before, in an earlier leader epoch
        }
        self.loaded.insert(tp, Shard::loaded(ctx.now));
        for LoggedBatch { batch, .. } in batches {
            if let Some(is_commit) = batch.end_of_transaction() {
                for slot in self.groups_of(tp) {
                    self.group_mut(slot).replay_end(batch, is_commit);
                }
                continue;
            }
            let producer = (batch.producer_id, batch.producer_epoch);
            let producer = batch.attributes.is_transactional.then_some(producer);
            for record in batch.records.iter().filter_map(GroupRecord::decode) {
                self.replay(tp, producer, record, image);
            }
        }
        for slot in self.groups_of(tp) {
            for member in &mut self.group_mut(slot).members {
                member.renew_session(ctx.now);
            }
            let session_timeout_ms = self.limits.consumer.session_timeout_ms;
            if let Some(consumer) = &mut self.group_mut(slot).consumer {
                consumer.on_loaded(ctx.now, session_timeout_ms);
            }
            self.arm_session_timer(ctx, slot);
        }
        self.arm_expiry_timer(ctx, tp);
    }

    fn replay(
        &mut self,
        tp: TopicPartition,
        producer: Option<(i64, i16)>,
        record: GroupRecord,
        image: &MetadataImage,
    ) {
        match record {
            GroupRecord::Offset { group, topic, partition, value } => {
                let deleted_ms = image.deleted_ms(&topic);
                let Some(topic) = image.topic_id(&topic) else { return };
                // Whoever coordinated nothing when a topic was deleted wrote no tombstones; Kafka
                // knows by topic ids what was committed for another topic of that name.
                let is_of_another = |value: &CommittedOffset| {
                    deleted_ms.is_some_and(|at_ms| value.commit_timestamp_ms <= at_ms)
                };
                if value.as_ref().is_some_and(is_of_another) {
                    return;
                }
                let known = self.slot_of(&group);
                if known.is_none() && value.is_none() {
                    return;
                }
                let slot = self.slot_or_create(&group, tp);
                let group = self.group_mut(slot);
                let committed = match producer {
                    Some(producer) => group.transactional.entry(producer).or_default(),
                    None => &mut group.committed,
                };
                let partition = TopicPartition::new(topic, partition as u16);
                match value {
                    Some(CommittedOffset { offset, leader_epoch, commit_timestamp_ms, .. }) => {
                        let position = OffsetAndEpoch { offset, leader_epoch };
                        let timestamp_ms = commit_timestamp_ms;
                        committed.insert(partition, Committed { position, timestamp_ms })
                    }
                    None => committed.remove(&partition),
                };
            }
            GroupRecord::Metadata { group, value: Some(value) } => {
                let slot = self.slot_or_create(&group, tp);
                restore(self.group_mut(slot), value, image);
            }
            GroupRecord::Metadata { group, value: None } => {
                if let Some(slot) = self.slot_of(&group) {
                    self.group_mut(slot).forget_members();
                    self.drop_unless_committed(slot);
                }
            }
            GroupRecord::Consumer { group, record } => {
                let slot = self.slot_or_create(&group, tp);
                let known = &mut self.group_mut(slot).consumer;
                if record == ConsumerRecord::Epoch(None) {
                    *known = None;
                    self.drop_unless_committed(slot);
                } else {
                    known.get_or_insert_with(|| Box::new(ConsumerGroup::new(group))).replay(record);
                }
            }
        }
    }

    /// A tombstone ends a group; what it has committed makes it a "simple" one.
    fn drop_unless_committed(&mut self, slot: Slot) {
        if self.group(slot).committed.is_empty() {
            self.drop_group(slot);
        }
    }

    /// `tp` is led elsewhere, or by nobody: whoever waits is sent away, memory is dropped.
    pub fn on_resigned(&mut self, ctx: &mut Ctx<'_>, tp: TopicPartition) {
        if let Some(timer) = self.loaded.remove(&tp).and_then(|shard| shard.expiry_timer) {
            ctx.cancel_timer(timer);
        }
        self.fail_pending(ctx, tp);
        for slot in self.groups_of(tp) {
            let Some(group) = self.drop_group(slot) else { continue };
            let timers = [group.rebalance_timer, group.session_timer];
            for (timer, _) in timers.into_iter().flatten() {
                ctx.cancel_timer(timer);
            }
            for member in group.members {
                if let Some(token) = member.joining {
                    self.reply(token, join_error(ErrorCode::NotCoordinator, Some(member.id)));
                }
                if let Some(token) = member.syncing {
                    self.reply(token, sync_error(ErrorCode::NotCoordinator));
                }
            }
        }
    }
}

/// A loaded group is Stable or Empty: what was in between is lost, and its members find out.
fn restore(group: &mut ClassicGroup, value: GroupMetadata, image: &MetadataImage) {
    group.forget_members();
    let restored = group;
    restored.generation = value.generation;
    restored.state = if value.members.is_empty() { GroupState::Empty } else { GroupState::Stable };
    let had_members = restored.state == GroupState::Empty && !value.protocol_type.is_empty();
    restored.empty_since_ms = had_members.then_some(value.current_state_timestamp_ms);
    for member in value.members {
        restored.add(restore_member(member, value.protocol.clone(), image));
    }
    restored.protocol = value.protocol;
    restored.leader = value.leader;
}

fn restore_member(
    member: MemberMetadata,
    protocol: Option<std::sync::Arc<str>>,
    image: &MetadataImage,
) -> Member {
    let subscription = decode_subscription(&member.subscription, image).unwrap_or_default();
    Member {
        id: member.member_id,
        group_instance_id: member.group_instance_id,
        client_id: member.client_id,
        node: node_at(&member.client_host).unwrap_or(NodeId(0)),
        session_timeout_ms: i64::from(member.session_timeout_ms),
        rebalance_timeout_ms: i64::from(member.rebalance_timeout_ms),
        protocols: protocol.map(|protocol| (protocol, subscription)).into_iter().collect(),
        assignment: decode_assignment(&member.assignment, image).unwrap_or_default(),
        joining: None,
        syncing: None,
        is_new: false,
        deadline_us: NEVER,
        last_commit: None,
    }
}
