//! I14: what transactions promise to those who ask for read_committed, and that a decision stands and
//! is carried out everywhere.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::{Checked, ensure, name};
use crate::broker::Partition;
use crate::cluster::Cluster;
use crate::events::{Event, TraceEvent};
use crate::protocol::{TRANSACTION_STATE, TopicPartition, TransactionState};
use crate::trace::history_checks::Transactions;

#[derive(Clone, Debug, Default)]
pub(super) struct TransactionRules {
    pub(super) records: Transactions,
    /// Producer id, epoch and state of each transactional id.
    states: BTreeMap<Arc<str>, (i64, i16, TransactionState)>,
    /// Of a producer id and the epoch of its records: whether they are committed.
    decisions: BTreeMap<(i64, i16), bool>,
    /// The epoch below which nobody may write any more, by producer id.
    fenced_below: BTreeMap<i64, i16>,
    /// Producer id and partitions of a transactional id's last decision.
    marking: BTreeMap<Arc<str>, (i64, Arc<[TopicPartition]>)>,
    /// Partitions that had an unclean election, or whose leader lost the end of its log with the
    /// power: markers may be gone.
    forgotten: BTreeSet<TopicPartition>,
}

impl TransactionRules {
    pub(super) fn observe(
        &mut self,
        cluster: &Cluster,
        event: &TraceEvent,
        unclean: &BTreeSet<TopicPartition>,
    ) -> Checked {
        self.records.observe(event);
        self.forget(cluster, event, unclean);
        if self.are_decisions_forgotten(cluster) {
            return Ok(());
        }
        match &event.event {
            Event::TransactionChanged {
                transactional_id,
                producer_id,
                producer_epoch,
                state,
                partitions,
                ..
            } => {
                self.carried_out(
                    cluster,
                    transactional_id,
                    (*producer_id, *producer_epoch),
                    *state,
                    partitions,
                )?;
                let next = (*producer_id, *producer_epoch, *state);
                let known = self.states.insert(transactional_id.clone(), next);
                ensure("I14", known.is_none_or(|known| may_follow(known, next)), || {
                    format!("transactional.id {transactional_id}: {next:?} after {known:?}")
                })
            }
            Event::BatchAppended { tp, leader_epoch, batch, base_offset }
                if batch.attributes.is_transactional && !self.forgotten.contains(tp) =>
            {
                let now = cluster.metadata().partition(*tp);
                // A leader whose term is over may not have the marker.
                if now.is_none_or(|now| now.leader_epoch != *leader_epoch) {
                    return Ok(());
                }
                let place = || format!("{} at offset {base_offset}", name(cluster, *tp));
                let (id, epoch) = (batch.producer_id, batch.producer_epoch);
                let fenced_below = self.fenced_below.get(&id).copied().unwrap_or(-1);
                ensure("I14", epoch >= fenced_below, || {
                    format!("{}: producer {id} wrote with epoch {epoch} and is fenced", place())
                })?;
                let Some(committed) = batch.end_of_transaction() else { return Ok(()) };
                let decided = self.decisions.get(&(id, epoch - 1)).copied();
                ensure("I14", decided == Some(committed), || {
                    format!("{}: marker {committed}, decided {decided:?}", place())
                })
            }
            Event::RecordsDelivered { tp, base_offset, batch, first, count }
                if cluster.reads_committed(event.node) && !self.forgotten.contains(tp) =>
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

impl TransactionRules {
    /// A coordinator lost its log, and with it decisions and epochs, which it then gives out anew.
    pub(super) fn are_decisions_forgotten(&self, cluster: &Cluster) -> bool {
        let states = cluster.metadata().topic_id(TRANSACTION_STATE);
        states.is_some_and(|states| self.forgotten.iter().any(|tp| tp.topic == states))
    }

    fn forget(
        &mut self,
        cluster: &Cluster,
        event: &TraceEvent,
        unclean: &BTreeSet<TopicPartition>,
    ) {
        match &event.event {
            Event::LeaderElected { .. } => self.forgotten.extend(unclean),
            Event::UnflushedLost { tp, .. } => {
                let leader = cluster.metadata().partition(*tp).and_then(|now| now.leader);
                if leader == Some(event.node) {
                    self.forgotten.insert(*tp);
                }
            }
            _ => {}
        }
    }

    /// A decision is noted; when it is complete it is so everywhere.
    fn carried_out(
        &mut self,
        cluster: &Cluster,
        id: &Arc<str>,
        (producer_id, epoch): (i64, i16),
        state: TransactionState,
        partitions: &Arc<[TopicPartition]>,
    ) -> Checked {
        match state {
            TransactionState::PrepareCommit | TransactionState::PrepareAbort => {
                let committed = state == TransactionState::PrepareCommit;
                let before = self.decisions.insert((producer_id, epoch - 1), committed);
                self.marking.insert(id.clone(), (producer_id, partitions.clone()));
                ensure("I14", before.is_none_or(|before| before == committed), || {
                    format!("the transaction of {id} in epoch {} was decided otherwise", epoch - 1)
                })
            }
            TransactionState::CompleteCommit | TransactionState::CompleteAbort => {
                let marked = self.marking.remove(id);
                let all = marked.iter().flat_map(|(id, tps)| tps.iter().map(|tp| (*id, *tp)));
                all.filter(|(_, tp)| !self.forgotten.contains(tp))
                    .try_for_each(|(producer_id, tp)| check_marked(cluster, tp, producer_id))
            }
            TransactionState::Empty => {
                self.fenced_below.insert(producer_id, epoch);
                Ok(())
            }
            TransactionState::Ongoing => Ok(()),
        }
    }
}

/// A complete transaction is open nowhere.
fn check_marked(cluster: &Cluster, tp: TopicPartition, producer_id: i64) -> Checked {
    let Some(now) = cluster.metadata().partition(tp) else { return Ok(()) };
    let leader = now.leader.filter(|&leader| cluster.is_running(leader));
    let replica = leader.and_then(|leader| cluster.broker(leader)?.replica(tp));
    let Some(replica) =
        replica.filter(|replica| replica.is_leader() && replica.leader_epoch() == now.leader_epoch)
    else {
        return Ok(());
    };
    ensure("I14", !replica.log().transactions().is_open(producer_id), || {
        let tp = name(cluster, tp);
        format!("{tp}: the transaction of producer {producer_id} is complete, and open there")
    })
}

/// I3: the last stable offset is the high watermark, or where the earliest transaction begins that
/// is open or whose marker is not below the high watermark yet.
pub(super) fn check_stable(replica: &Partition, place: impl Fn() -> String) -> Checked {
    let (high, stable) = (replica.high_watermark(), replica.last_stable_offset());
    ensure("I3", replica.log_start() <= stable && stable <= high, || {
        format!("{}: last stable offset {stable}, high watermark {high}", place())
    })?;
    if replica.log_start() > 0 || replica.is_compacted() {
        return Ok(()); // where a transaction began may be gone
    }
    let mut open = BTreeMap::new();
    let mut unstable = high;
    for logged in replica.log().batches() {
        let batch = &logged.batch;
        if !batch.attributes.is_transactional {
            continue;
        }
        if batch.attributes.is_control {
            let first = open.remove(&batch.producer_id);
            let first = first.filter(|_| logged.last_offset() >= high);
            unstable = unstable.min(first.unwrap_or(i64::MAX));
        } else {
            open.entry(batch.producer_id).or_insert(logged.base_offset);
        }
    }
    let expected = open.into_values().fold(unstable, i64::min);
    ensure("I3", stable == expected, || {
        format!("{}: last stable offset {stable}, not {expected}", place())
    })
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
