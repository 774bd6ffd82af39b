//! What transactions mean for the records: an aborted one is neither lost nor to be read.

use crate::engine::SortedMap;
use crate::events::{TraceEvent, TransactionEnd};
use crate::record::Batch;
use crate::trace::cause::AbortCause;

use super::{Ledger, Moment};

/// The transactions of a producer id.
#[derive(Clone, Debug, Default)]
struct Undecided {
    /// Shipments of the open one.
    shipments: Vec<u32>,
    /// The last abort: batches of an epoch below this one belong to what it ended, even those that
    /// came to a partition before its marker.
    aborted_below: Option<(i16, AbortCause)>,
}

/// All transactions.
#[derive(Clone, Debug, Default)]
pub(super) struct Transactions {
    of: SortedMap<i64, Undecided>,
}

impl Ledger {
    /// A batch of a transaction is in a log.
    pub(super) fn on_transactional(&mut self, event: &TraceEvent, index: u32, batch: &Batch) {
        if !batch.attributes.is_transactional {
            return;
        }
        let undecided = self.transactions.of.entry(batch.producer_id).or_default();
        match undecided.aborted_below.filter(|&(epoch, _)| batch.producer_epoch < epoch) {
            Some((_, cause)) => self.abort(event, index, cause),
            None if !undecided.shipments.contains(&index) => undecided.shipments.push(index),
            None => {}
        }
    }

    /// The coordinator has decided; `producer_epoch` is the one that follows.
    pub(super) fn on_decision(
        &mut self,
        event: &TraceEvent,
        producer_id: i64,
        producer_epoch: i16,
        abort: Option<TransactionEnd>,
    ) {
        let undecided = self.transactions.of.entry(producer_id).or_default();
        let shipments = std::mem::take(&mut undecided.shipments);
        let cause = abort.map(|end| match end {
            TransactionEnd::Application => AbortCause::Application,
            TransactionEnd::TimedOut => AbortCause::TimedOut,
            TransactionEnd::Fenced => AbortCause::Fenced,
        });
        undecided.aborted_below = cause.map(|cause| (producer_epoch, cause));
        if let Some(cause) = cause {
            shipments.into_iter().for_each(|index| self.abort(event, index, cause));
        }
    }

    fn abort(&mut self, event: &TraceEvent, index: u32, cause: AbortCause) {
        let shipment = &mut self.shipments[index as usize];
        if shipment.aborted.is_some() {
            return;
        }
        shipment.aborted = Some(cause);
        shipment.aborted_at = Moment::of(event);
        shipment.aborted_by = event.node;
        self.aborted.add(cause.name(), shipment.ids());
        for group in &mut self.groups {
            let was_read = |record| group.touch(record).delivered > 0;
            group.aborted_reads += shipment.ids().filter(|&id| was_read(id)).count() as u64;
        }
        self.settle(index, event);
    }

    /// Whether the batch belongs to a transaction that was aborted.
    pub(super) fn is_aborted(&self, batch: &Batch) -> bool {
        let index = self.shipment_of.get(batch.id.0 as usize);
        let shipment = index.and_then(|&index| self.shipments.get(index as usize));
        shipment.is_some_and(|shipment| shipment.aborted.is_some())
    }
}
