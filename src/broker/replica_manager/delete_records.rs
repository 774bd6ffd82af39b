//! DeleteRecords (Kafka's `Partition.deleteRecordsOnLeader`).

use super::{Change, ReplicaManager};
use crate::events::{Event, LogStartReason};
use crate::metadata::MetadataImage;
use crate::node::Ctx;
use crate::protocol::{DeleteRecordsRequest, ErrorCode, HIGH_WATERMARK};

impl ReplicaManager {
    /// Lets the log begin at an offset; whole segments before it go at the next look. Returns where
    /// it begins now.
    pub fn delete_records(
        &mut self,
        ctx: &mut Ctx<'_>,
        image: &MetadataImage,
        DeleteRecordsRequest { tp, offset }: DeleteRecordsRequest,
    ) -> Result<i64, ErrorCode> {
        let slot = self.slot(tp).ok_or_else(|| Self::not_here(image, tp))?;
        let partition = self.partition_mut(slot);
        if !partition.is_leader() {
            return Err(ErrorCode::NotLeaderOrFollower);
        }
        let policy = partition.settings().log.cleanup_policy;
        if policy.compact && !policy.delete {
            return Err(ErrorCode::PolicyViolation);
        }
        let high_watermark = partition.high_watermark();
        let offset = if offset == HIGH_WATERMARK { high_watermark } else { offset };
        if !(0..=high_watermark).contains(&offset) {
            return Err(ErrorCode::OffsetOutOfRange);
        }
        let from = partition.log_start();
        if partition.raise_start_offset(offset) {
            let reason = LogStartReason::DeleteRecords;
            ctx.emit(Event::LogStartRaised { tp, from, to: offset, reason });
            self.touch(ctx, slot, Change::LogStart);
        }
        Ok(self.partition(slot).log_start())
    }
}
