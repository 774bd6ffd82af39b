//! A record's own line in the ledger: what it does not share with its shipment.

use crate::engine::NodeId;
use crate::events::DeliveryFailure;
use crate::record::Bytes;
use crate::trace::moment::Moment;

use super::shipment::NONE;

/// A record.
#[derive(Clone, Debug)]
pub(super) struct Entry {
    pub(super) key: Option<Bytes>,
    pub(super) produced: Moment,
    /// The shipment it is in, or [`NONE`].
    pub(super) shipment: u32,
    /// Time from send() until it lay in a batch, in µs.
    pub(super) batched_after_us: u32,
    pub(super) producer: NodeId,
    /// Index of its topic's name.
    pub(super) topic: u16,
    /// Partition index, or [`Entry::NO_PARTITION`].
    pub(super) partition: u16,
    /// It was given up before it was in a batch that was heard of.
    pub(super) failed: Option<DeliveryFailure>,
    pub(super) failed_after_us: u32,
    pub(super) is_reordered: bool,
}

impl Entry {
    pub(super) const NO_PARTITION: u16 = u16::MAX;

    pub(super) fn new(producer: NodeId) -> Self {
        Self {
            key: None,
            produced: Moment::NEVER,
            shipment: NONE,
            batched_after_us: 0,
            producer,
            topic: 0,
            partition: Self::NO_PARTITION,
            failed: None,
            failed_after_us: 0,
            is_reordered: false,
        }
    }

    /// µs since send(), as far as 71 minutes go.
    pub(super) fn age_us(&self, at_us: u64) -> u32 {
        u32::try_from(at_us.saturating_sub(self.produced.at_us)).unwrap_or(u32::MAX)
    }
}
