//! ListOffsets (Kafka's `Partition.fetchOffsetForTimestamp`).

use super::ReplicaManager;
use crate::metadata::MetadataImage;
use crate::protocol::{
    ErrorCode, ListOffsetsRequest, ListOffsetsResponse, OffsetSpec, TopicPartition,
};

impl ReplicaManager {
    /// Looks offsets up. A follower that asks is told of the log end, a client of what is committed.
    pub fn list_offsets(
        &self,
        image: &MetadataImage,
        request: &ListOffsetsRequest,
        is_follower: bool,
    ) -> ListOffsetsResponse {
        let look_up =
            |&(tp, spec)| (tp, self.look_up(image, tp, spec, is_follower, request.read_committed));
        ListOffsetsResponse { partitions: request.partitions.iter().map(look_up).collect() }
    }

    fn look_up(
        &self,
        image: &MetadataImage,
        tp: TopicPartition,
        spec: OffsetSpec,
        is_follower: bool,
        read_committed: bool,
    ) -> Result<i64, ErrorCode> {
        let partition = self.replica(tp).ok_or_else(|| Self::not_here(image, tp))?;
        let leadership = partition.leadership().ok_or(ErrorCode::NotLeaderOrFollower)?;
        let high_watermark = partition.high_watermark();
        // A new leader's high watermark may lag behind what was committed under the old one.
        let is_behind = !is_follower && leadership.epoch_start() > high_watermark;
        let unavailable =
            |offset| if is_behind { Err(ErrorCode::OffsetNotAvailable) } else { Ok(offset) };
        let latest = match (is_follower, read_committed) {
            (true, _) => partition.leo(),
            (false, true) => partition.last_stable_offset(),
            (false, false) => high_watermark,
        };
        match spec {
            OffsetSpec::Earliest => Ok(partition.log_start()),
            OffsetSpec::Latest => unavailable(latest),
            OffsetSpec::Timestamp(timestamp_ms) => {
                let found = partition.log().offset_for_timestamp(timestamp_ms);
                found.filter(|&offset| offset < latest).map_or_else(|| unavailable(-1), Ok)
            }
        }
    }
}
