//! Offsets expire, and groups with them (KIP-211; `OffsetMetadataManager.cleanupExpiredOffsets`).
//!
//! Every offsets.retention.check.interval.ms from its loading on, each partition of
//! `__consumer_offsets` is looked through, if it has groups.

use std::sync::Arc;

use super::GroupCoordinator;
use super::classic_group::{ClassicGroup, Committed, GroupState};
use super::consumer::ConsumerRecord;
use super::coordinator::Slot;
use super::pending::internal_batch;
use super::records::GroupRecord;
use crate::broker::internal_topic::InternalLog;
use crate::engine::{Micros, Timer};
use crate::events::Event;
use crate::metadata::MetadataImage;
use crate::node::{BrokerTimer, Ctx, NodeTimer};
use crate::protocol::{TopicPartition, wall_clock_ms};
use crate::record::Batch;

/// A partition of `__consumer_offsets` that is coordinated here.
#[derive(Clone, Debug)]
pub(super) struct Shard {
    loaded_us: Micros,
    pub expiry_timer: Option<Timer>,
}

impl Shard {
    pub(super) fn loaded(now: Micros) -> Self {
        Self { loaded_us: now, expiry_timer: None }
    }
}

/// From when on the age of a group's offsets counts (`OffsetExpirationCondition`).
#[derive(Copy, Clone, Debug)]
enum Age {
    /// Since the group became empty.
    OfTheGroup(i64),
    /// Since each was committed.
    OfTheCommit,
}

impl Age {
    fn since_ms(self, committed: &Committed) -> i64 {
        match self {
            Self::OfTheGroup(since_ms) => since_ms,
            Self::OfTheCommit => committed.timestamp_ms,
        }
    }
}

impl ClassicGroup {
    /// `None`: a rebalance is on, and nothing expires.
    fn age(&self) -> Option<Age> {
        match (&self.consumer, self.empty_since_ms, self.state) {
            (Some(_), ..) => Some(Age::OfTheCommit),
            (None, Some(since_ms), GroupState::Empty) => Some(Age::OfTheGroup(since_ms)),
            (None, None, GroupState::Empty) | (None, _, GroupState::Stable) => {
                Some(Age::OfTheCommit)
            }
            (None, _, GroupState::PreparingRebalance | GroupState::CompletingRebalance) => None,
        }
    }

    fn has_no_members(&self) -> bool {
        match &self.consumer {
            Some(consumer) => consumer.members.is_empty(),
            None => self.state == GroupState::Empty,
        }
    }

    /// Offsets of a topic that somebody reads do not expire, however old they are.
    fn is_subscribed_to(&self, topic: &Arc<str>) -> bool {
        if let Some(consumer) = &self.consumer {
            return consumer.members.iter().any(|member| member.metadata.topics.contains(topic));
        }
        let protocol = self.protocol.as_ref();
        self.members.iter().any(|member| {
            let chosen = member.protocols.iter().find(|(name, _)| Some(name) == protocol);
            chosen.is_some_and(|(_, subscription)| subscription.topics.contains(topic))
        })
    }

    /// What makes the log forget the group itself (`createGroupTombstoneRecords`).
    fn tombstones(&self) -> Vec<GroupRecord> {
        match &self.consumer {
            Some(consumer) => {
                let records = [ConsumerRecord::TargetEpoch(None), ConsumerRecord::Epoch(None)];
                records.map(|record| consumer.record(record)).into()
            }
            None => vec![GroupRecord::Metadata { group: self.id.clone(), value: None }],
        }
    }
}

impl GroupCoordinator {
    /// Whether a batch is young enough to stand for another commit of the same offsets: its
    /// timestamp tells the next coordinator how old they are.
    pub(super) fn is_fresh(&self, batch: &Batch, now: Micros) -> bool {
        let written_ms = batch.records.first().map_or(0, |record| record.timestamp_ms);
        wall_clock_ms(now) - written_ms < self.limits.retention_check_interval_ms
    }

    /// Makes sure that `tp` is looked through in time; without groups there is nothing to see.
    pub(super) fn arm_expiry_timer(&mut self, ctx: &mut Ctx<'_>, tp: TopicPartition) {
        let Some(shard) = self.loaded.get(&tp) else { return };
        if shard.expiry_timer.is_some() || self.groups_of(tp).is_empty() {
            return;
        }
        let interval_us = self.limits.retention_check_interval_ms.max(1) as Micros * 1000;
        let looks = (ctx.now - shard.loaded_us) / interval_us + 1;
        let at_us = shard.loaded_us.saturating_add(looks.saturating_mul(interval_us));
        let cause = ctx.cause.take();
        let timer = NodeTimer::Broker(BrokerTimer::ExpireOffsets(tp.partition));
        let timer = ctx.set_timer_at(at_us, timer);
        ctx.cause = cause;
        if let Some(shard) = self.loaded.get_mut(&tp) {
            shard.expiry_timer = Some(timer);
        }
    }

    /// Looks through a partition of `__consumer_offsets`.
    pub(super) fn on_expiry_timer(
        &mut self,
        ctx: &mut Ctx<'_>,
        partition: u16,
        image: &MetadataImage,
        log: &mut impl InternalLog,
    ) {
        // A look at the clock: nothing has led to it.
        ctx.cause = None;
        let Some(tp) = self.loaded.keys().copied().find(|tp| tp.partition == partition) else {
            return;
        };
        if let Some(shard) = self.loaded.get_mut(&tp) {
            shard.expiry_timer = None;
        }
        for slot in self.groups_of(tp) {
            self.expire_offsets(ctx, slot, image, log);
        }
        self.arm_expiry_timer(ctx, tp);
    }

    /// Tombstones for what is too old; a group that has neither offsets nor members then goes too.
    /// What the log refuses has not happened: the next look tries again.
    fn expire_offsets(
        &mut self,
        ctx: &mut Ctx<'_>,
        slot: Slot,
        image: &MetadataImage,
        log: &mut impl InternalLog,
    ) {
        let group = self.group(slot);
        let Some(age) = group.age() else { return };
        let oldest_ms = wall_clock_ms(ctx.now).saturating_sub(self.limits.offsets_retention_ms);
        let mut expired = Vec::new();
        let mut records = Vec::new();
        for (&tp, committed) in group.committed.iter() {
            let Some(topic) = image.topic(tp.topic).map(|topic| &topic.name) else { continue };
            let is_pending = group.transactional.values().any(|offsets| offsets.contains_key(&tp));
            if age.since_ms(committed) > oldest_ms || is_pending || group.is_subscribed_to(topic) {
                continue;
            }
            let (group, topic) = (group.id.clone(), topic.clone());
            let partition = i32::from(tp.partition);
            records.push(GroupRecord::Offset { group, topic, partition, value: None });
            expired.push(tp);
        }
        let is_awaited = !group.transactional.is_empty()
            || self.pending.iter().any(|pending| pending.slot == slot);
        let has_offsets = expired.len() < group.committed.len();
        let ends = group.has_no_members() && !has_offsets && !is_awaited;
        if ends {
            records.extend(group.tombstones());
        }
        if records.is_empty() {
            return;
        }
        let batch = internal_batch(ctx, &records);
        if self.write(ctx, log, slot, batch).is_err() {
            return;
        }
        let group = self.group_mut(slot);
        for tp in &expired {
            group.committed.remove(tp);
        }
        group.members.iter_mut().for_each(|member| member.last_commit = None);
        let id = group.id.clone();
        if !expired.is_empty() {
            let partitions = expired.into();
            ctx.emit(Event::OffsetsExpired { group: id.clone(), partitions });
        }
        if ends {
            let timers =
                self.drop_group(slot).map(|group| [group.rebalance_timer, group.session_timer]);
            for (timer, _) in timers.into_iter().flatten().flatten() {
                ctx.cancel_timer(timer);
            }
            ctx.emit(Event::GroupDeleted { group: id });
        }
    }
}
