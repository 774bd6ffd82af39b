//! Offsets that were committed in a transaction (KIP-447): they count once it is committed, and are
//! forgotten when it is aborted (`OffsetMetadataManager.replayEndTransactionMarker`).

use super::GroupCoordinator;
use super::classic_group::{ClassicGroup, Committed};
use crate::engine::{NodeId, SortedMap};
use crate::node::Ctx;
use crate::protocol::{OffsetAndEpoch, TopicPartition, TxnMarker};
use crate::record::Batch;

impl ClassicGroup {
    /// These offsets are in the log, and wait for the end of their transaction.
    pub(super) fn commit_later(
        &mut self,
        producer: (i64, i16),
        offsets: &[(TopicPartition, OffsetAndEpoch)],
        timestamp_ms: i64,
    ) {
        let pending = self.transactional.entry(producer).or_default();
        let committed = |&(tp, position)| (tp, Committed { position, timestamp_ms });
        pending.extend(offsets.iter().map(committed));
    }

    /// A transaction has ended; `epoch` is the one that follows. What it would have committed.
    pub(super) fn end_transaction(
        &mut self,
        producer_id: i64,
        epoch: i16,
    ) -> SortedMap<TopicPartition, Committed> {
        let mut ended = SortedMap::new();
        self.transactional.retain(|&(id, of), offsets| {
            let is_over = id == producer_id && of < epoch;
            if is_over {
                ended.extend(std::mem::take(offsets));
            }
            !is_over
        });
        ended
    }

    /// The same as the log has it.
    pub(super) fn replay_end(&mut self, marker: &Batch, is_commit: bool) {
        let ended = self.end_transaction(marker.producer_id, marker.producer_epoch);
        if is_commit {
            self.committed.extend(ended);
        }
    }
}

impl GroupCoordinator {
    /// The marker of a transaction is in `tp`, a partition of `__consumer_offsets`. `by`: the broker
    /// that wrote it.
    pub fn on_transaction_end(
        &mut self,
        ctx: &mut Ctx<'_>,
        tp: TopicPartition,
        marker: &TxnMarker,
        by: NodeId,
    ) {
        for slot in self.groups_of(tp) {
            let group = self.group_mut(slot);
            let ended = group.end_transaction(marker.producer_id, marker.producer_epoch);
            if marker.committed && !ended.is_empty() {
                self.have_committed(ctx, slot, by, ended.into_iter());
            }
        }
    }
}
