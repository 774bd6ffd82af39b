//! Completing what may be complete: parked produces and fetches whose partitions have moved.

use super::{Change, ReplicaManager};
use crate::engine::NodeId;
use crate::metadata::MetadataImage;
use crate::node::Ctx;
use crate::protocol::{Channel, ErrorCode};

impl ReplicaManager {
    /// Looks at everybody who was woken since. Each answer has for its cause what woke it.
    pub fn settle(&mut self, ctx: &mut Ctx<'_>, image: &MetadataImage) {
        let cause = ctx.cause;
        loop {
            if let Some((slot, woken_by)) = self.wakes.slots.pop_front() {
                ctx.cause = woken_by;
                self.settle_produces(ctx, slot);
                self.settle_coordinator(slot);
            } else if let Some((number, woken_by)) = self.wakes.sessions.pop_front() {
                ctx.cause = woken_by;
                self.try_complete_fetch(ctx, image, number);
            } else {
                break;
            }
        }
        ctx.cause = cause;
    }

    fn settle_produces(&mut self, ctx: &mut Ctx<'_>, slot: u32) {
        let mut numbers = std::mem::take(&mut self.slots[slot as usize].awaited_by);
        numbers.retain(|&number| {
            let Some(mut produce) = self.produces.release(number) else { return false };
            self.look_at(&mut produce, slot);
            if produce.is_complete() {
                self.answer_produce(ctx, produce);
                return false;
            }
            let still_waits = produce.awaited_slots().any(|awaited| awaited == slot);
            self.produces.put_back(number, produce);
            still_waits
        });
        self.slots[slot as usize].awaited_by = numbers;
    }

    fn settle_coordinator(&mut self, slot: u32) {
        let Self { slots, coordinator_done, .. } = self;
        let slot = &mut slots[slot as usize];
        let partition = &slot.partition;
        slot.coordinator_appends.retain(|&(required, token)| {
            let result = if !partition.is_leader() {
                Err(ErrorCode::NotLeaderOrFollower)
            } else if partition.high_watermark() >= required {
                Ok(())
            } else {
                return true;
            };
            coordinator_done.push_back((token, result));
            false
        });
    }

    /// Wakes everybody who waits for the partition: it changed in a way that concerns them all.
    pub(super) fn wake_all(&mut self, ctx: &Ctx<'_>, slot: u32) {
        self.wakes.slots.push_back((slot, ctx.cause));
        self.touch(ctx, slot, Change::State);
    }

    /// A client is gone: what is parked for it will not be answered.
    pub fn on_client_gone(&mut self, ctx: &mut Ctx<'_>, client: NodeId, channel: Channel) {
        self.leave_session(ctx, client, channel);
        self.drop_produces_of(ctx, |token| (token.client, token.channel) == (client, channel));
    }
}
