//! Followers' progress, and the ISR changes that come of it.

use super::ReplicaManager;
use crate::broker::replica::{AlterReaction, IsrRules};
use crate::node::Ctx;
use crate::protocol::{
    AlterPartition, AlterPartitionRequest, AlterPartitionResponse, FetchPartition, ReplicaState,
};

impl ReplicaManager {
    /// A follower fetches: it has everything below the fetch offset.
    pub(super) fn on_follower_fetch(
        &mut self,
        ctx: &mut Ctx<'_>,
        slot: u32,
        follower: ReplicaState,
        wanted: &FetchPartition,
    ) {
        let proposal = self.next_proposal;
        let Self { slots, eligible, lag_max_us, .. } = self;
        let partition = &mut slots[slot as usize].partition;
        let log_end = partition.leo();
        let moved = partition.follower_fetched(ctx.now, follower, wanted, log_end);
        let rules = IsrRules { lag_max_us: *lag_max_us, eligible };
        if let Some(change) = partition.expand_isr(proposal, follower.replica, rules) {
            self.propose(change);
        }
        if moved {
            self.advance_high_watermark(ctx, slot);
        }
    }

    /// Looks for ISR members that lag.
    pub fn shrink_isrs(&mut self, ctx: &mut Ctx<'_>) {
        for slot in 0..self.slots.len() {
            let (proposal, lag_max_us) = (self.next_proposal, self.lag_max_us);
            let partition = &mut self.slots[slot].partition;
            if let Some(change) = partition.shrink_isr(proposal, ctx.now, lag_max_us) {
                self.propose(change);
            }
        }
    }

    fn propose(&mut self, change: AlterPartition) {
        let tp = change.tp;
        if self.alter_partitions.enqueue(self.next_proposal, change) {
            self.next_proposal = self.next_proposal.wrapping_add(1);
        } else if let Some(slot) = self.slot(tp) {
            self.partition_mut(slot).roll_back_isr();
        }
    }

    /// The next AlterPartition to send, if it is time for one.
    #[inline]
    pub fn next_alter_partition(&mut self, broker_epoch: i64) -> Option<AlterPartitionRequest> {
        if !self.alter_partitions.has_request() {
            return None;
        }
        self.alter_partitions.next_request(self.me, broker_epoch)
    }

    /// The controller answered. True: the request failed as a whole and has to be repeated later.
    pub fn on_alter_partition(
        &mut self,
        ctx: &mut Ctx<'_>,
        response: AlterPartitionResponse,
    ) -> bool {
        let Some(altered) = self.alter_partitions.on_response(response) else { return true };
        let cause = ctx.cause;
        for answer in altered {
            let Some(slot) = self.slot(answer.change.tp) else { continue };
            ctx.cause = cause;
            match self.partition_mut(slot).on_altered(answer.proposal, &answer.result) {
                Some(AlterReaction::Committed) => {
                    self.wake_all(ctx, slot);
                    self.advance_high_watermark(ctx, slot);
                }
                Some(AlterReaction::Retry) => {
                    self.alter_partitions.enqueue(answer.proposal, answer.change);
                }
                Some(AlterReaction::RolledBack | AlterReaction::Wait) | None => {}
            }
        }
        false
    }

    /// Requests to the controller are lost. True: one of these was among them, and has to be
    /// repeated later.
    pub fn on_alter_partition_lost(&mut self) -> bool {
        self.alter_partitions.on_lost()
    }

    /// Its back-off is over.
    pub fn retry_alter_partition(&mut self) {
        self.alter_partitions.retry();
    }
}
