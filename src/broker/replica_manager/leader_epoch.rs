//! Leader epochs that clients know (KIP-320): they fence requests, and show where logs part
//! (Kafka's `Partition.checkCurrentLeaderEpoch` and `lastOffsetForLeaderEpoch`).

use super::ReplicaManager;
use crate::broker::replica::Partition;
use crate::metadata::MetadataImage;
use crate::protocol::{
    ErrorCode, OffsetForLeaderEpochRequest, OffsetForLeaderEpochResponse, OffsetForLeaderPartition,
};

/// Whether this replica may serve whoever knows leader epoch `known` (-1: does not say).
/// `from_leader_only`: it has to lead.
pub(super) fn check_epoch(
    partition: &Partition,
    known: i32,
    from_leader_only: bool,
) -> Result<(), ErrorCode> {
    let local = partition.leader_epoch();
    if known >= 0 && known < local {
        return Err(ErrorCode::FencedLeaderEpoch);
    }
    if known > local {
        return Err(ErrorCode::UnknownLeaderEpoch);
    }
    if partition.is_leader() || !from_leader_only {
        Ok(())
    } else {
        Err(ErrorCode::NotLeaderOrFollower)
    }
}

impl ReplicaManager {
    /// Where epochs end in the logs that this broker leads.
    pub fn offsets_for_leader_epoch(
        &self,
        image: &MetadataImage,
        request: &OffsetForLeaderEpochRequest,
    ) -> OffsetForLeaderEpochResponse {
        let end = |wanted: &OffsetForLeaderPartition| {
            let partition =
                self.replica(wanted.tp).ok_or_else(|| Self::not_here(image, wanted.tp))?;
            check_epoch(partition, wanted.current_leader_epoch, true)?;
            Ok(partition.log().end_offset_for_epoch(wanted.leader_epoch))
        };
        let partitions = request.partitions.iter().map(|wanted| (wanted.tp, end(wanted)));
        OffsetForLeaderEpochResponse { partitions: partitions.collect() }
    }
}
