//! Which records belong to transactions that are open or were aborted.

use std::collections::{BTreeMap, BTreeSet};

use crate::events::{Event, EventId, TraceEvent};
use crate::protocol::TransactionState;
use crate::record::{Batch, RecordId};

/// The transactions of all producers.
#[derive(Clone, Debug, Default)]
pub(in crate::trace) struct Transactions {
    /// Records in the open transaction of each producer id.
    open: BTreeMap<i64, BTreeSet<RecordId>>,
    /// The last abort of a producer id: what comes to a log later with an older epoch belongs to
    /// what it ended.
    aborted_below: BTreeMap<i64, (i16, EventId)>,
    /// Records of aborted transactions, and the decision.
    pub aborted: BTreeMap<RecordId, EventId>,
}

impl Transactions {
    pub(in crate::trace) fn observe(&mut self, event: &TraceEvent) {
        match &event.event {
            Event::BatchAppended { batch, .. } if is_transactional(batch) => self.append(batch),
            Event::TransactionChanged { producer_id, producer_epoch, state, .. } => match state {
                TransactionState::PrepareCommit => {
                    self.open.remove(producer_id);
                    self.aborted_below.remove(producer_id);
                }
                TransactionState::PrepareAbort => {
                    let records = self.open.remove(producer_id).into_iter().flatten();
                    self.aborted.extend(records.map(|record| (record, event.id)));
                    self.aborted_below.insert(*producer_id, (*producer_epoch, event.id));
                }
                _ => {}
            },
            _ => {}
        }
    }

    fn append(&mut self, batch: &Batch) {
        let records = batch.records.iter().map(|record| record.id);
        let ended = self.aborted_below.get(&batch.producer_id);
        match ended.filter(|(epoch, _)| batch.producer_epoch < *epoch) {
            Some(&(_, decision)) => self.aborted.extend(records.map(|record| (record, decision))),
            None => self.open.entry(batch.producer_id).or_default().extend(records),
        }
    }

    /// Whether read_committed has to keep a record from the application.
    pub(in crate::trace) fn is_hidden(&self, record: RecordId) -> bool {
        let is_open = || self.open.values().any(|records| records.contains(&record));
        self.aborted.contains_key(&record) || is_open()
    }
}

/// A batch of an application's transaction; markers are none.
pub(super) fn is_transactional(batch: &Batch) -> bool {
    batch.attributes.is_transactional && !batch.attributes.is_control
}
