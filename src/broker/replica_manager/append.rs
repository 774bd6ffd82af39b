//! Appending as leader, and what it moves: the log end, the high watermark, and whoever watches.

use std::sync::Arc;

use super::{Change, ReplicaManager};
use crate::broker::replica::IsrRules;
use crate::events::Event;
use crate::node::Ctx;
use crate::protocol::{ErrorCode, TopicPartition, wall_clock_ms};
use crate::record::Batch;

/// A batch in the log.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub(super) struct Appended {
    pub base_offset: i64,
    /// What the high watermark must reach for acks=all.
    pub required_offset: i64,
}

impl ReplicaManager {
    /// A client's batch: checked, then appended, unless it is there already.
    pub(super) fn append_from_client(
        &mut self,
        ctx: &mut Ctx<'_>,
        slot: u32,
        batch: &Arc<Batch>,
        acks_all: bool,
    ) -> Result<Appended, ErrorCode> {
        let partition = self.partition(slot);
        let settings = *partition.settings();
        if settings.internal {
            return Err(ErrorCode::InvalidTopicException);
        }
        if !partition.is_leader() {
            return Err(ErrorCode::NotLeaderOrFollower);
        }
        if acks_all && partition.is_under_min_isr() {
            return Err(ErrorCode::NotEnoughReplicas);
        }
        let now_ms = wall_clock_ms(ctx.now);
        settings.validate(batch, now_ms)?;
        let batch = &settings.prepare(batch, now_ms)?;
        let expiration_ms = self.config.producer_id_expiration_ms;
        let producers = partition.log().producers();
        if let Some(duplicate) = producers.check(batch, now_ms, expiration_ms)? {
            let base_offset = duplicate.base_offset;
            let tp = partition.tp();
            ctx.emit(Event::DuplicateDiscarded { tp, base_offset, batch: batch.clone() });
            return Ok(Appended { base_offset, required_offset: duplicate.last_offset + 1 });
        }
        if self.fails_to_write() {
            return Err(ErrorCode::KafkaStorageError);
        }
        Ok(self.append_as_leader(ctx, slot, batch))
    }

    /// Appends without further questions, and looks at the high watermark.
    pub(super) fn append_as_leader(
        &mut self,
        ctx: &mut Ctx<'_>,
        slot: u32,
        batch: &Arc<Batch>,
    ) -> Appended {
        let flusher = self.flusher;
        let partition = self.partition_mut(slot);
        let (tp, leader_epoch) = (partition.tp(), partition.leader_epoch());
        let base_offset = partition.append(ctx.now, batch.clone(), flusher, ctx.rng);
        let required_offset = partition.leo();
        let is_compacted = partition.settings().log.cleanup_policy.compact;
        self.has_work_for_cleaner |= is_compacted;
        ctx.emit(Event::BatchAppended { tp, base_offset, leader_epoch, batch: batch.clone() });
        self.touch(ctx, slot, Change::Append);
        self.advance_high_watermark(ctx, slot);
        Appended { base_offset, required_offset }
    }

    pub(super) fn refuse(
        &self,
        ctx: &mut Ctx<'_>,
        tp: TopicPartition,
        batch: &Arc<Batch>,
        error: ErrorCode,
    ) {
        ctx.emit(Event::AppendRefused { tp, batch: batch.clone(), error });
    }

    /// Raises the high watermark as far as it can go.
    pub(super) fn advance_high_watermark(&mut self, ctx: &mut Ctx<'_>, slot: u32) {
        let Self { slots, eligible, lag_max_us, clock, .. } = self;
        let rules = IsrRules { lag_max_us: *lag_max_us, eligible };
        let partition = &mut slots[slot as usize].partition;
        if let Some(from) = partition.advance_high_watermark(ctx.now, rules, *clock) {
            let (tp, to) = (partition.tp(), partition.high_watermark());
            ctx.emit(Event::HighWatermarkAdvanced { tp, from, to });
            self.wakes.slots.push_back((slot, ctx.cause));
            self.touch(ctx, slot, Change::HighWatermark);
        }
    }

    /// Marks the partition in the sessions that hold it, and wakes the fetches that may be complete
    /// by `change`.
    pub(super) fn touch(&mut self, ctx: &Ctx<'_>, slot: u32, change: Change) {
        let Self { slots, sessions, wakes, .. } = self;
        let slot = &mut slots[slot as usize];
        for &(number, place) in &slot.watchers {
            let session = sessions.get_mut(number);
            if change == Change::Append && session.replica.is_none() {
                continue; // a consumer sees no further than the high watermark
            }
            if session.mark_dirty(place)
                && let Some(follower) = session.replica
            {
                // Its rest ends here; until its last fetch it had all there was.
                slot.partition.follower_idled_until(session.last_fetch_us, follower.replica);
            }
            // A follower is not woken to learn a high watermark.
            let wakes_it = match change {
                Change::HighWatermark => session.replica.is_none(),
                Change::LogStart => false,
                Change::Append | Change::State => true,
            };
            if wakes_it && session.parked.is_some() && !session.is_woken {
                session.is_woken = true;
                wakes.sessions.push_back((number, ctx.cause));
            }
        }
    }
}
