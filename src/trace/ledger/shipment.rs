//! A shipment: records that travel in one batch and so share their way to the log.

use std::sync::Arc;

use crate::config::Acks;
use crate::engine::NodeId;
use crate::events::DeliveryFailure;
use crate::protocol::{ErrorCode, TopicPartition};
use crate::record::{Batch, RecordId};
use crate::trace::cause::{AbortCause, DuplicateCause, LossCause};
use crate::trace::moment::Moment;

/// Stands for "none" in the ledger's 32-bit references.
pub(super) const NONE: u32 = u32::MAX;

/// What the producer knows of a shipment.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub(super) enum End {
    /// Nothing yet.
    Open,
    /// Success.
    Acknowledged(Acks),
    /// It was given up.
    Failed(DeliveryFailure),
}

/// Records that travel together. A batch that is sent again, or numbered anew, stays the same
/// shipment; the parts of a split batch are new ones.
#[derive(Clone, Debug)]
pub(super) struct Shipment {
    pub(super) batch: Arc<Batch>,
    pub(super) tp: TopicPartition,
    pub(super) producer: NodeId,
    /// Broker of the last attempt.
    pub(super) to: NodeId,
    /// Times it was sent.
    pub(super) attempts: u32,
    pub(super) end: End,
    pub(super) first_sent: Moment,
    pub(super) ended: Moment,
    pub(super) refused: Option<ErrorCode>,
    pub(super) refused_at: Moment,
    /// Newest place in a log; older ones follow by [`Placement::older`].
    pub(super) placement: u32,
    /// Places that count.
    pub(super) living: u16,
    /// Acknowledged with acks=0, and no longer on its way.
    pub(super) is_adrift: bool,
    pub(super) lost: Option<LossCause>,
    pub(super) lost_at: Moment,
    pub(super) duplicated: Option<DuplicateCause>,
    /// Its transaction was.
    pub(super) aborted: Option<AbortCause>,
    pub(super) aborted_at: Moment,
    pub(super) aborted_by: NodeId,
}

impl Shipment {
    pub(super) fn new(batch: Arc<Batch>, tp: TopicPartition, producer: NodeId) -> Self {
        Self {
            batch,
            tp,
            producer,
            to: producer,
            attempts: 0,
            end: End::Open,
            first_sent: Moment::NEVER,
            ended: Moment::NEVER,
            refused: None,
            refused_at: Moment::NEVER,
            placement: NONE,
            living: 0,
            is_adrift: false,
            lost: None,
            lost_at: Moment::NEVER,
            duplicated: None,
            aborted: None,
            aborted_at: Moment::NEVER,
            aborted_by: producer,
        }
    }

    pub(super) fn ids(&self) -> impl ExactSizeIterator<Item = RecordId> + use<'_> {
        self.batch.records.iter().map(|record| record.id)
    }

    /// Whether it was ever in a log.
    pub(super) fn was_written(&self) -> bool {
        self.placement != NONE
    }
}

/// How a place in a log came to count no more.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub(super) enum Death {
    /// Another replica took over that did not have it.
    Takeover,
    /// The same by an unclean election.
    UncleanTakeover,
    /// The leader's machine lost power, and it leads again without it.
    PowerLoss,
    /// Its topic was deleted.
    TopicDeleted,
}

/// A shipment's place in the log of a partition.
#[derive(Clone, Debug)]
pub(super) struct Placement {
    pub(super) shipment: u32,
    /// The shipment's place before this one.
    pub(super) older: u32,
    pub(super) base_offset: i64,
    pub(super) next_offset: i64,
    pub(super) leader_epoch: i32,
    pub(super) leader: NodeId,
    /// Replicas that hold it.
    pub(super) copies: u16,
    /// Its leader's term was over already, and it did not know.
    pub(super) is_zombies: bool,
    /// It is in the log of the leader of the newest epoch.
    pub(super) is_alive: bool,
    pub(super) death: Option<Death>,
    /// A replica lost it with the power.
    pub(super) has_lost_power: bool,
    pub(super) appended: Moment,
    /// The high watermark passed it.
    pub(super) visible: Moment,
}
