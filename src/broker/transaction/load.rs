//! Taking over a partition of `__transaction_state`, and giving it up.

use std::sync::Arc;

use super::coordinator::TransactionCoordinator;
use super::record;
use super::transit::changed;
use crate::broker::internal_topic::InternalLog;
use crate::events::TransactionEnd;
use crate::metadata::MetadataImage;
use crate::node::Ctx;
use crate::protocol::TopicPartition;
use crate::record::LoggedBatch;

impl TransactionCoordinator {
    /// This broker leads `tp`, a partition of `__transaction_state` with this log: the last record
    /// of each transactional id is its state, and decisions without an end go on to be marked.
    pub fn on_elected(
        &mut self,
        ctx: &mut Ctx<'_>,
        tp: TopicPartition,
        leader_epoch: i32,
        batches: &[LoggedBatch],
        image: &MetadataImage,
        log: &mut impl InternalLog,
    ) {
        if self.loaded.insert(tp, leader_epoch).is_some() {
            return; // led here before, in an earlier leader epoch
        }
        let records = batches.iter().flat_map(|logged| &logged.batch.records);
        for (id, metadata) in records.filter_map(|record| record::decode(record, image)) {
            match metadata {
                Some(metadata) => self.enter(id, tp, metadata),
                None => drop(self.entries.remove(&id)),
            }
        }
        let cause = ctx.cause;
        for id in self.ids_of(tp) {
            if let Some(entry) = self.entries.get(&id) {
                // Who led before may not have lived to say so, and by whom it was ended is not told.
                ctx.emit(changed(&id, &entry.metadata, TransactionEnd::Application));
            }
            self.begin_markers(ctx, &id, image, log);
            ctx.cause = cause;
        }
        self.arm_check(ctx);
    }

    /// `tp` is led elsewhere, or by nobody.
    pub fn on_resigned(&mut self, ctx: &mut Ctx<'_>, tp: TopicPartition) {
        self.loaded.remove(&tp);
        for id in self.ids_of(tp) {
            self.send_away(ctx, &id);
            self.entries.remove(&id);
            self.outbox.retain(|(_, other, _)| *other != id);
        }
    }

    fn ids_of(&self, tp: TopicPartition) -> Vec<Arc<str>> {
        let of_partition = self.entries.iter().filter(|(_, entry)| entry.log == tp);
        of_partition.map(|(id, _)| id.clone()).collect()
    }
}
