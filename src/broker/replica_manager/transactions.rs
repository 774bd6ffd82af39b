//! What transactions ask of partitions led here: whether they know of one, and its marker.

use std::sync::Arc;

use super::ReplicaManager;
use crate::broker::internal_topic::{AppendToken, InternalLog};
use crate::metadata::MetadataImage;
use crate::node::Ctx;
use crate::protocol::{ErrorCode, ProduceRequest, TopicPartition, TxnMarker, wall_clock_ms};
use crate::record::format::{ControlRecordType, EndTransactionMarker};
use crate::record::{Attributes, Batch, RecordId};

impl ReplicaManager {
    /// The partitions of a request that begin a transaction here.
    pub fn partitions_to_add(&self, request: &ProduceRequest) -> Vec<TopicPartition> {
        let begins = |(tp, batch): &&(TopicPartition, Arc<Batch>)| {
            let replica = self.replica(*tp).filter(|replica| replica.is_leader());
            batch.attributes.is_transactional
                && replica.is_some_and(|replica| {
                    let (id, epoch) = (batch.producer_id, batch.producer_epoch);
                    !replica.log().has_ongoing_transaction(id, epoch)
                })
        };
        request.batches.iter().filter(begins).map(|&(tp, _)| tp).collect()
    }

    /// Ends a transaction in a partition. `Ok`: the marker is in the log, and once it is below the
    /// high watermark that is told under `number`.
    ///
    /// # Errors
    /// This broker does not lead the partition, or it cannot be written to.
    pub fn write_marker(
        &mut self,
        ctx: &mut Ctx<'_>,
        image: &MetadataImage,
        tp: TopicPartition,
        marker: &TxnMarker,
        number: u32,
    ) -> Result<(), ErrorCode> {
        let slot = self.slot(tp).ok_or_else(|| Self::not_here(image, tp))?;
        let partition = self.partition(slot);
        if !partition.is_leader() {
            return Err(ErrorCode::NotLeaderOrFollower);
        }
        let token = AppendToken::Marker(number);
        let known = partition.log().producers().epoch(marker.producer_id);
        if known.is_some_and(|epoch| epoch >= marker.producer_epoch) {
            // It came before: each end of a transaction has an epoch of its own.
            let required = partition.leo();
            self.slots[slot as usize].coordinator_appends.push((required, token));
            self.wakes.slots.push_back((slot, ctx.cause));
            return Ok(());
        }
        let batch = marker_batch(ctx, marker);
        self.append(ctx, tp, batch, token)
    }
}

fn marker_batch(ctx: &mut Ctx<'_>, marker: &TxnMarker) -> Arc<Batch> {
    let kind = match marker.committed {
        true => ControlRecordType::Commit,
        false => ControlRecordType::Abort,
    };
    let record = EndTransactionMarker { kind, coordinator_epoch: marker.coordinator_epoch };
    let record = record.to_record(RecordId(u64::MAX), wall_clock_ms(ctx.now));
    let mut batch = Batch::plain(ctx.next_batch_id(), vec![record]);
    batch.producer_id = marker.producer_id;
    batch.producer_epoch = marker.producer_epoch;
    batch.attributes =
        Attributes { is_transactional: true, is_control: true, ..Attributes::default() };
    Arc::new(batch)
}
