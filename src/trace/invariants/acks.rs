//! I7, I8, I9: what acks=all and min.insync.replicas promise.

use std::collections::{BTreeMap, BTreeSet};

use super::{Checked, Short, ensure, name};
use crate::cluster::Cluster;
use crate::config::Acks;
use crate::engine::NodeId;
use crate::events::{Event, TraceEvent};
use crate::protocol::TopicPartition;
use crate::record::{Batch, BatchId, LoggedBatch, RecordId};

/// The offset of a batch, and its first record.
type Promise = (i64, RecordId);

#[derive(Clone, Debug, Default)]
pub(super) struct AckRules {
    /// Batches acknowledged with acks=all: offset and first record, after the leader epoch of then.
    acknowledged: BTreeMap<TopicPartition, Vec<(i32, Promise)>>,
    /// Batches appended while the ISR was below min.insync.replicas.
    under_min_isr: BTreeSet<BatchId>,
}

impl AckRules {
    /// An unclean election takes back what was promised.
    pub(super) fn forgive(&mut self, tp: TopicPartition) {
        self.acknowledged.remove(&tp);
    }

    pub(super) fn observe(
        &mut self,
        cluster: &Cluster,
        event: &TraceEvent,
        unclean: &BTreeSet<TopicPartition>,
        short: &Short,
    ) -> Checked {
        let node = event.node;
        match &event.event {
            Event::HighWatermarkAdvanced { tp, to, .. } => {
                ensure("I7", !is_under_min_isr(cluster, node, *tp), || {
                    let tp = name(cluster, *tp);
                    format!(
                        "{tp}: broker {node} raised its high watermark to {to} with its ISR below min.insync.replicas"
                    )
                })
            }
            Event::BatchAppended { tp, batch, base_offset, .. } => {
                if !is_under_min_isr(cluster, node, *tp) {
                    return Ok(());
                }
                self.under_min_isr.insert(batch.id);
                // The coordinator always writes with acks=all.
                let is_internal = is_internal(batch);
                ensure("I9", !is_internal, || {
                    let tp = name(cluster, *tp);
                    format!(
                        "{tp}: broker {node} appended at {base_offset} with its ISR below min.insync.replicas"
                    )
                })
            }
            Event::BatchAcknowledged { tp, batch, base_offset, acks: Acks::All } => {
                ensure("I9", !self.under_min_isr.contains(&batch.id), || {
                    let (tp, id) = (name(cluster, *tp), batch.id.0);
                    format!(
                        "{tp}: batch {id} was acknowledged with acks=all, but appended with the ISR below min.insync.replicas"
                    )
                })?;
                if *base_offset < 0 || unclean.contains(tp) {
                    return Ok(());
                }
                let Some(first) = batch.records.first() else { return Ok(()) };
                let promise = (*base_offset, first.id);
                let Some(now) = cluster.metadata().partition(*tp) else { return Ok(()) };
                self.acknowledged.entry(*tp).or_default().push((now.leader_epoch, promise));
                (now.isr.iter().chain(&now.elr).copied())
                    .filter(|&member| !short.contains_key(&(*tp, member)))
                    .try_for_each(|member| check_promise(cluster, *tp, member, promise))
            }
            // Who hears of its election when its term is over owes nothing of what came after it.
            Event::BecameLeader { tp, leader_epoch, .. } if !unclean.contains(tp) => self
                .acknowledged
                .get(tp)
                .into_iter()
                .flatten()
                .filter(|(epoch, _)| epoch <= leader_epoch)
                .try_for_each(|&(_, promise)| check_promise(cluster, *tp, node, promise)),
            _ => Ok(()),
        }
    }
}

fn is_under_min_isr(cluster: &Cluster, broker: NodeId, tp: TopicPartition) -> bool {
    cluster
        .broker(broker)
        .and_then(|broker| broker.replica(tp))
        .is_some_and(|replica| replica.is_leader() && replica.is_under_min_isr())
}

fn is_internal(batch: &Batch) -> bool {
    batch.records.first().is_some_and(|record| record.id.0 == u64::MAX)
}

/// I8: `broker` has the acknowledged batch at its place.
fn check_promise(
    cluster: &Cluster,
    tp: TopicPartition,
    broker: NodeId,
    (offset, record): Promise,
) -> Checked {
    let replica = cluster.broker(broker).and_then(|broker| broker.replica(tp));
    let log = replica.map_or(&[][..], |replica| replica.log().batches());
    // What retention or compaction took has had its time.
    let may_be_gone = replica.is_some_and(|r| offset < r.log_start() || r.is_compacted());
    ensure("I8", may_be_gone || holds(log, offset, record), || {
        let (tp, record) = (name(cluster, tp), record.0);
        format!(
            "{tp}: record {record} was acknowledged with acks=all at offset {offset}, and broker {broker} does not have it there"
        )
    })
}

fn holds(log: &[LoggedBatch], offset: i64, record: RecordId) -> bool {
    log.binary_search_by_key(&offset, |batch| batch.base_offset)
        .ok()
        .and_then(|index| log[index].batch.records.first())
        .is_some_and(|first| first.id == record)
}
