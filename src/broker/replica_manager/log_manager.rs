//! Old segments and overwritten records go (Kafka's `LogManager` and `LogCleaner`).

use super::{Change, ReplicaManager};
use crate::broker::log::RetentionReason;
use crate::broker::replica::TopicSettings;
use crate::events::{Event, LogStartReason};
use crate::node::Ctx;

impl ReplicaManager {
    /// Every log.retention.check.interval.ms: logs that are not compacted give up what retention
    /// wants gone (`LogManager.cleanupLogs`).
    pub fn delete_old_segments(&mut self, ctx: &mut Ctx<'_>) {
        for slot in self.slots_where(|settings| !settings.log.cleanup_policy.compact) {
            self.retire(ctx, slot);
        }
    }

    /// Every log.cleaner.backoff.ms: compacted logs that are dirty enough are cleaned, and those
    /// that retention holds for as well give up what it wants gone (`LogCleaner.CleanerThread`).
    pub fn clean_logs(&mut self, ctx: &mut Ctx<'_>) {
        let compacted = self.slots_where(|settings| settings.log.cleanup_policy.compact);
        for &slot in &compacted {
            self.clean(ctx, slot);
        }
        for &slot in &compacted {
            self.retire(ctx, slot);
        }
        self.has_work_for_cleaner = compacted.iter().any(|&slot| {
            let partition = self.partition(slot);
            let policy = partition.settings().log.cleanup_policy;
            policy.delete || partition.has_dirty_segments()
        });
    }

    /// Whether the cleaner may find something.
    pub fn has_work_for_cleaner(&self) -> bool {
        self.has_work_for_cleaner
    }

    /// Replicas that are here, with more than an empty segment.
    fn slots_where(&self, wanted: impl Fn(&TopicSettings) -> bool) -> Vec<u32> {
        let slots = self.index.values().copied();
        let is_wanted = |slot: &u32| {
            let slot = &self.slots[*slot as usize];
            let segments = slot.partition.log().segments();
            let has_any = segments.len() > 1 || segments[0].bytes() > 0;
            slot.is_hosted && has_any && wanted(slot.partition.settings())
        };
        slots.filter(is_wanted).collect()
    }

    fn retire(&mut self, ctx: &mut Ctx<'_>, slot: u32) {
        let partition = self.partition_mut(slot);
        let tp = partition.tp();
        let retired = partition.delete_old_segments(ctx.now);
        for retired in &retired {
            let reason = match retired.reason {
                // It began there before.
                RetentionReason::LogStart => continue,
                RetentionReason::Size => LogStartReason::RetentionBytes,
                RetentionReason::Time => LogStartReason::RetentionMs,
            };
            ctx.note(Event::LogStartRaised { tp, from: retired.from, to: retired.to, reason });
        }
        if !retired.is_empty() {
            self.touch(ctx, slot, Change::LogStart);
        }
    }

    fn clean(&mut self, ctx: &mut Ctx<'_>, slot: u32) {
        let expiration_ms = self.config.producer_id_expiration_ms;
        let partition = self.partition_mut(slot);
        if partition.log().segments().len() == 1 {
            return; // the active segment is never cleaned
        }
        let what = partition.to_clean(ctx.now);
        if !what.is_due(&partition.settings().log) {
            return;
        }
        let cleaned = partition.clean(ctx.now, &what, expiration_ms);
        ctx.note(Event::LogCleaned {
            tp: partition.tp(),
            from: what.first_dirty_offset,
            to: cleaned.end_offset,
            bytes_before: cleaned.bytes_before,
            bytes_after: cleaned.bytes_after,
            removed: cleaned.removed.into(),
        });
    }
}
