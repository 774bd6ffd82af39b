//! A coordinator's door to the log of its topic.

use std::sync::Arc;

use crate::node::Ctx;
use crate::protocol::{ErrorCode, TopicPartition};
use crate::record::Batch;

/// Whose append it is, with the owner's own number of it.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub enum AppendToken {
    /// The group coordinator's: as with acks=1, so that a small ISR does not refuse it.
    Group(u32),
    /// The transaction coordinator's: acks=all (`TransactionStateManager.appendTransactionToLog`).
    Transaction(u32),
    /// A transaction marker in a partition led here: acks=all.
    Marker(u32),
}

/// Appends to partitions this broker leads. The replica manager implements it; coordinators know
/// no more of it.
pub trait InternalLog {
    /// Appends `batch` as the leader of `tp`. `Ok`: it is in the log, and the broker tells the
    /// owner of `token` once the high watermark has passed it or leadership is lost
    /// (NOT_LEADER_OR_FOLLOWER). `Err`: nothing was appended.
    fn append(
        &mut self,
        ctx: &mut Ctx<'_>,
        tp: TopicPartition,
        batch: Arc<Batch>,
        token: AppendToken,
    ) -> Result<(), ErrorCode>;
}
