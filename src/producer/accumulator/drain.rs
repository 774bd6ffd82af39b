//! Taking batches out for a broker (`RecordAccumulator.drainBatchesForOneNode`).

use std::sync::Arc;

use crate::engine::{Micros, NodeId};
use crate::events::EventId;
use crate::record::Batch;

use super::super::Cluster;
use super::RecordAccumulator;

/// A batch on its way out. It counts as in flight from here on.
#[derive(Clone, Debug)]
pub struct Drained {
    /// Its partition.
    pub partition: u16,
    /// What goes on the wire.
    pub batch: Arc<Batch>,
    /// Failed attempts so far.
    pub attempt: u32,
    /// What its sending follows from.
    pub cause: Option<EventId>,
}

impl RecordAccumulator {
    /// Takes one batch of each partition that `node` leads, round robin from where the last drain
    /// ended, up to `max_bytes` (but at least one). linger.ms plays no part: once a node is ready,
    /// half-full batches go along.
    pub fn drain(
        &mut self,
        now: Micros,
        cluster: &Cluster,
        node: NodeId,
        max_bytes: u32,
        drained: &mut Vec<Drained>,
    ) {
        let led = cluster.partitions_for_node(node);
        if led.is_empty() {
            return;
        }
        let start = self.node_stats(node).drain_index % led.len();
        let mut bytes = 0u64;
        for step in 0..led.len() {
            let index = (start + step) % led.len();
            self.node_stats(node).drain_index = index;
            let Some(partition) = self.partitions.get_mut(usize::from(led[index])) else {
                continue;
            };
            if partition.is_muted {
                continue;
            }
            let Some(first) = partition.queue.front_mut() else { continue };
            first.maybe_update_leader_epoch(cluster.leader_epoch(led[index]));
            if first.is_backing_off(now) {
                continue;
            }
            let first_bytes = u64::from(first.size_bytes());
            if bytes + first_bytes > u64::from(max_bytes) && bytes > 0 {
                break;
            }
            let guard = self.idempotence.as_ref();
            if guard.is_some_and(|guard| guard.must_wait(partition, &partition.queue[0])) {
                break;
            }
            let Some(mut batch) = partition.queue.pop_front() else { continue };
            let producer = guard.and_then(super::TransactionManager::producer);
            if let (Some((id, epoch)), None) = (producer, batch.state()) {
                partition.assign_sequence(&mut batch, id, epoch);
            }
            partition.expected_records = batch.record_count();
            batch.mark_sent();
            let encoded = batch.encode();
            // As in Kafka, a batch that is sent again tells its ratio again.
            self.compression_estimator.update(batch.compression_ratio());
            bytes += u64::from(encoded.size_bytes);
            drained.push(Drained {
                partition: led[index],
                batch: encoded,
                attempt: batch.attempts(),
                cause: batch.cause,
            });
            partition.in_flight.push(batch);
        }
    }
}
