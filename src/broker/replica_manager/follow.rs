//! What a follower's fetcher does to a replica: append, truncate, follow the high watermark.

use super::{Change, ReplicaManager};
use crate::events::{Event, LogStartReason};
use crate::node::Ctx;
use crate::protocol::FetchPartitionResponse;

impl ReplicaManager {
    /// Appends what the leader sent in answer to a fetch in `epoch`, and takes over its high
    /// watermark and log start.
    pub fn append_as_follower(
        &mut self,
        ctx: &mut Ctx<'_>,
        slot: u32,
        fetched: FetchPartitionResponse,
        epoch: i32,
    ) {
        if !fetched.batches.is_empty() && self.fails_to_write() {
            return;
        }
        let (clock, flusher) = (self.clock, self.flusher);
        let partition = self.partition_mut(slot);
        let (tp, base_offset) = (partition.tp(), partition.leo());
        let high_watermark = partition.high_watermark();
        // A later epoch's batches come with a later fetch, lest the logs diverge (KAFKA-18723).
        let mut batches = fetched.batches;
        let later = batches.iter().position(|batch| batch.leader_epoch > epoch);
        batches.truncate(later.unwrap_or(batches.len()));
        if !batches.is_empty() {
            partition.append_as_follower(ctx.now, batches, flusher, ctx.rng);
        }
        partition.follow_high_watermark(ctx.now, fetched.high_watermark, clock);
        let (log_start, leaders) = (partition.log_start(), fetched.log_start_offset);
        let rises = partition.raise_start_offset(leaders);
        let next_offset = partition.leo();
        let has_moved = partition.high_watermark() != high_watermark;
        if next_offset > base_offset {
            let is_compacted = partition.settings().log.cleanup_policy.compact;
            self.has_work_for_cleaner |= is_compacted;
            ctx.emit(Event::BatchReplicated { tp, base_offset, next_offset });
        }
        if rises {
            let reason = LogStartReason::Leader;
            ctx.note(Event::LogStartRaised { tp, from: log_start, to: leaders, reason });
            self.touch(ctx, slot, Change::LogStart);
        }
        if has_moved {
            self.touch(ctx, slot, Change::HighWatermark);
        }
    }

    /// Cuts a follower's log.
    pub fn truncate(&mut self, ctx: &mut Ctx<'_>, slot: u32, offset: i64) {
        let clock = self.clock;
        let partition = self.partition_mut(slot);
        if let Some(from) = partition.truncate_to(ctx.now, offset, clock) {
            let (tp, to) = (partition.tp(), partition.leo());
            ctx.emit(Event::LogTruncated { tp, from, to });
            self.touch(ctx, slot, Change::State);
        }
    }

    /// Wipes a follower's log: the leader's begins after its end.
    pub fn start_over(&mut self, ctx: &mut Ctx<'_>, slot: u32, offset: i64) {
        let clock = self.clock;
        let partition = self.partition_mut(slot);
        let from = partition.start_over_at(ctx.now, offset, clock);
        let tp = partition.tp();
        ctx.emit(Event::LogTruncated { tp, from, to: offset });
        self.touch(ctx, slot, Change::State);
    }
}
