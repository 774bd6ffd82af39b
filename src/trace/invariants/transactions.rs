//! I14: what transactions promise to those who ask for read_committed, and that a decision stands.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::{Checked, ensure, name};
use crate::cluster::Cluster;
use crate::events::{Event, TraceEvent};
use crate::protocol::{TRANSACTION_STATE, TopicPartition, TransactionState};
use crate::trace::history_checks::Transactions;

#[derive(Clone, Debug, Default)]
pub(super) struct TransactionRules {
    records: Transactions,
    /// Producer id, epoch and state of each transactional id.
    states: BTreeMap<Arc<str>, (i64, i16, TransactionState)>,
}

impl TransactionRules {
    pub(super) fn observe(
        &mut self,
        cluster: &Cluster,
        event: &TraceEvent,
        unclean: &BTreeSet<TopicPartition>,
    ) -> Checked {
        self.records.observe(event);
        // A coordinator that lost its log has forgotten decisions.
        let of_coordinators =
            |tp: &TopicPartition| *cluster.topic_name(tp.topic) == *TRANSACTION_STATE;
        if unclean.iter().any(of_coordinators) {
            return Ok(());
        }
        match &event.event {
            Event::TransactionChanged {
                transactional_id,
                producer_id,
                producer_epoch,
                state,
                ..
            } => {
                let next = (*producer_id, *producer_epoch, *state);
                let known = self.states.insert(transactional_id.clone(), next);
                ensure("I14", known.is_none_or(|known| may_follow(known, next)), || {
                    format!("transactional.id {transactional_id}: {next:?} after {known:?}")
                })
            }
            Event::RecordsDelivered { tp, base_offset, batch, first, count }
                if cluster.reads_committed(event.node) && !unclean.contains(tp) =>
            {
                let given = batch.records.iter().skip(*first as usize).take(*count as usize);
                given.zip(*first as usize..).try_for_each(|(record, index)| {
                    ensure("I14", !self.records.is_hidden(record.id), || {
                        let (tp, consumer) = (name(cluster, *tp), cluster.node_name(event.node));
                        let offset = base_offset + batch.offset_delta(index);
                        format!(
                            "{consumer} reads committed records, and was given {tp} at {offset}, \
                             which is not"
                        )
                    })
                })
            }
            _ => Ok(()),
        }
    }
}

/// What is decided is carried out before anything else begins, and epochs never fall.
fn may_follow(
    (id, epoch, state): (i64, i16, TransactionState),
    (next_id, next_epoch, next): (i64, i16, TransactionState),
) -> bool {
    use TransactionState::{CompleteAbort, CompleteCommit, PrepareAbort, PrepareCommit};
    let is_in_order = match state {
        PrepareCommit => matches!(next, PrepareCommit | CompleteCommit),
        PrepareAbort => matches!(next, PrepareAbort | CompleteAbort),
        _ => true,
    };
    is_in_order && (id != next_id || epoch <= next_epoch)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_decision_stands_and_epochs_never_fall() {
        use TransactionState::{
            CompleteAbort, CompleteCommit, Ongoing, PrepareAbort, PrepareCommit,
        };
        assert!(may_follow((1, 4, Ongoing), (1, 4, PrepareAbort)));
        assert!(may_follow((1, 4, PrepareCommit), (1, 5, CompleteCommit)));
        assert!(may_follow((1, i16::MAX, CompleteCommit), (2, 0, Ongoing)));
        assert!(!may_follow((1, 4, PrepareCommit), (1, 4, PrepareAbort)));
        assert!(!may_follow((1, 4, PrepareCommit), (1, 5, CompleteAbort)));
        assert!(!may_follow((1, 4, PrepareAbort), (1, 4, Ongoing)));
        assert!(!may_follow((1, 4, CompleteCommit), (1, 3, Ongoing)));
    }
}
