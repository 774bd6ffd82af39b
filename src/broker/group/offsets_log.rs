//! The coordinator's door to the log of `__consumer_offsets`.

use std::sync::Arc;

use crate::node::Ctx;
use crate::protocol::{ErrorCode, TopicPartition};
use crate::record::Batch;

/// Appends to partitions this broker leads. The replica manager implements it; the coordinator
/// knows no more of it.
pub trait OffsetsLog {
    /// Appends `batch` as the leader of `tp` with acks=all. `Ok`: it is in the log, and the broker
    /// calls the coordinator's `on_append_done` with `token` once the high watermark has passed it
    /// or leadership is lost (NOT_LEADER_OR_FOLLOWER). `Err`: nothing was appended.
    fn append(
        &mut self,
        ctx: &mut Ctx<'_>,
        tp: TopicPartition,
        batch: Arc<Batch>,
        token: u32,
    ) -> Result<(), ErrorCode>;
}
