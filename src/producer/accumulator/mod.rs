//! Where records gather into batches (Kafka's `RecordAccumulator`): a queue of batches for each
//! partition, and the memory they may take.
//!
//! `mod.rs` appends, `ready.rs` says which brokers have data to be sent, `drain.rs` takes it out,
//! `outcome.rs` deals with what became of it.

mod buffer_pool;
mod compression;
mod drain;
mod outcome;
mod partition_queue;
mod producer_batch;
mod ready;
#[cfg(test)]
mod tests;

pub use compression::{BatchCompression, CompressionRatioEstimator};
pub use drain::Drained;
pub use partition_queue::PartitionQueue;
pub use producer_batch::ProducerBatch;
pub use ready::Readiness;

use crate::config::ProducerConfig;
use crate::engine::{Micros, NodeId};
use crate::node::Ctx;
use crate::record::{BatchId, CompressionRatios, Record};

use super::{BuiltInPartitioner, Cluster, TransactionManager};
use buffer_pool::BufferPool;

/// What a fresh batch or a choice of partition needs from outside.
pub trait Source {
    /// A random number that is not negative.
    fn next_random(&mut self) -> i32;
    /// A fresh identity.
    fn next_batch_id(&mut self) -> BatchId;
}

impl Source for Ctx<'_> {
    fn next_random(&mut self) -> i32 {
        self.rng.next_u31()
    }

    fn next_batch_id(&mut self) -> BatchId {
        Ctx::next_batch_id(self)
    }
}

/// What became of an append.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub struct Appended {
    /// Where the record lies.
    pub partition: u16,
    /// It is the first one of its batch.
    pub new_batch: bool,
    /// A batch is full, or more than one is queued: the sender shall look.
    pub batch_is_full: bool,
    /// Growth of the batch.
    pub bytes: u32,
}

#[derive(Copy, Clone, Debug)]
struct NodeStats {
    node: NodeId,
    /// Partition visited last, as an index into the node's partitions.
    drain_index: usize,
    /// When it last had data to be sent, in virtual µs.
    ready_us: Micros,
    /// When it last took any, in virtual µs.
    drained_us: Micros,
}

/// Batches of one topic that are not yet answered for.
#[derive(Clone, Debug)]
pub struct RecordAccumulator {
    batch_size: u32,
    linger_us: Micros,
    delivery_timeout_us: Micros,
    availability_timeout_us: Micros,
    is_adaptive: bool,
    compression: BatchCompression,
    compression_estimator: CompressionRatioEstimator,
    partitioner: BuiltInPartitioner,
    partitions: Vec<PartitionQueue>,
    pool: BufferPool,
    nodes: Vec<NodeStats>,
    is_closed: bool,
    is_flushing: bool,
    /// Somebody waits for memory.
    is_exhausted: bool,
    idempotence: Option<TransactionManager>,
    queue_sizes: Vec<u32>,
    queue_partitions: Vec<u16>,
}

impl RecordAccumulator {
    /// An empty accumulator.
    pub fn new(config: &ProducerConfig) -> Self {
        let us = |ms: i64| ms.max(0) as u64 * 1000;
        // batch.size=0 is taken for 1.
        let batch_size = config.batch_size.max(1) as u32;
        Self {
            batch_size,
            linger_us: us(config.linger_ms),
            delivery_timeout_us: us(config.delivery_timeout_ms),
            availability_timeout_us: us(config.partitioner_availability_timeout_ms),
            is_adaptive: config.partitioner_adaptive_partitioning_enable,
            compression: BatchCompression::of(config),
            compression_estimator: CompressionRatioEstimator::default(),
            partitioner: BuiltInPartitioner::new(batch_size),
            partitions: Vec::new(),
            pool: BufferPool::new(config.buffer_memory.max(0) as u64),
            nodes: Vec::new(),
            is_closed: false,
            is_flushing: false,
            is_exhausted: false,
            idempotence: config
                .enable_idempotence
                .then(|| TransactionManager::new(config.transactional_id.is_some())),
            queue_sizes: Vec::new(),
            queue_partitions: Vec::new(),
        }
    }

    /// What a codec makes of the records that come from now on.
    pub fn set_compression_ratios(&mut self, ratios: CompressionRatios) {
        self.compression = self.compression.with_ratios(ratios);
    }

    /// How a batch that is opened now is compressed.
    fn compression(&self) -> BatchCompression {
        self.compression.expecting(self.compression_estimator)
    }

    /// Appends a record to the newest batch of `partition` (`None`: the sticky one), or to a new
    /// one. Gives the record back when there is no memory; the newest batch is closed all the same.
    pub fn append(
        &mut self,
        now: Micros,
        mut record: Record,
        partition: Option<u16>,
        cluster: &Cluster,
        source: &mut impl Source,
    ) -> Result<Appended, Record> {
        debug_assert!(!self.is_closed && cluster.partition_count() > 0);
        self.know(cluster.partition_count().max(partition.map_or(0, |p| usize::from(p) + 1)));
        let limit_bytes = self.batch_size.max(record.batch_size_upper_bound());
        let mut has_memory = false;
        let appended = loop {
            let target = partition.unwrap_or_else(|| self.sticky_partition(cluster, source));
            record = match self.append_to_last(target, record) {
                Ok(appended) => {
                    if has_memory {
                        self.pool.deallocate(limit_bytes);
                    }
                    break appended;
                }
                Err(record) => record,
            };
            if !has_memory && !self.pool.allocate(limit_bytes) {
                return Err(record);
            }
            has_memory = true;
            // That it was closed just now may be what the sticky partition waited for.
            if partition.is_none() && self.sticky_partition(cluster, source) != target {
                continue;
            }
            break self.append_new(now, target, limit_bytes, record, source);
        };
        if partition.is_none() {
            let is_all_full = self.partitions[usize::from(appended.partition)].is_all_full();
            self.partitioner.update(appended.bytes, cluster, is_all_full, || source.next_random());
        }
        Ok(appended)
    }

    /// The sticky partition; a switch that was put off because its batch had room left is made up
    /// for (`partitionChanged`).
    fn sticky_partition(&mut self, cluster: &Cluster, source: &mut impl Source) -> u16 {
        loop {
            let partition = self.partitioner.peek(cluster, || source.next_random());
            let is_all_full = self.partitions[usize::from(partition)].is_all_full();
            if !is_all_full || !self.partitioner.update(0, cluster, true, || source.next_random()) {
                return partition;
            }
        }
    }

    fn append_to_last(&mut self, partition: u16, record: Record) -> Result<Appended, Record> {
        let queue = &mut self.partitions[usize::from(partition)];
        queue.was_used = true;
        let Some(last) = queue.queue.back_mut() else { return Err(record) };
        let before_bytes = last.size_bytes();
        last.try_append(record)?;
        let bytes = last.size_bytes() - before_bytes;
        let batch_is_full = queue.queue.len() > 1 || queue.is_all_full();
        Ok(Appended { partition, new_batch: false, batch_is_full, bytes })
    }

    fn append_new(
        &mut self,
        now: Micros,
        partition: u16,
        limit_bytes: u32,
        record: Record,
        source: &mut impl Source,
    ) -> Appended {
        let compression = self.compression();
        let queue = &mut self.partitions[usize::from(partition)];
        let (id, expected) = (source.next_batch_id(), queue.expected_records);
        let mut batch = ProducerBatch::new(id, now, compression, limit_bytes, expected);
        batch.is_transactional =
            self.idempotence.as_ref().is_some_and(TransactionManager::is_transactional);
        let appended = batch.try_append(record);
        debug_assert!(appended.is_ok(), "the first record always fits");
        let bytes = batch.size_bytes();
        queue.queue.push_back(batch);
        let batch_is_full = queue.queue.len() > 1 || queue.is_all_full();
        Appended { partition, new_batch: true, batch_is_full, bytes }
    }

    fn know(&mut self, partitions: usize) {
        if self.partitions.len() < partitions {
            self.partitions.resize_with(partitions, PartitionQueue::default);
        }
    }

    /// Partitions by index.
    pub fn partitions(&self) -> &[PartitionQueue] {
        &self.partitions
    }

    /// The batch that took a partition's latest record.
    pub fn last_batch_mut(&mut self, partition: u16) -> Option<&mut ProducerBatch> {
        self.partitions.get_mut(usize::from(partition))?.queue.back_mut()
    }

    /// batch.size in bytes, at least 1.
    pub fn batch_size(&self) -> u32 {
        self.batch_size
    }

    /// linger.ms in µs.
    pub fn linger_us(&self) -> Micros {
        self.linger_us
    }

    /// delivery.timeout.ms in µs.
    pub fn delivery_timeout_us(&self) -> Micros {
        self.delivery_timeout_us
    }

    /// buffer.memory in use, in bytes.
    pub fn used_bytes(&self) -> u64 {
        self.pool.total_bytes() - self.pool.available_bytes()
    }

    /// buffer.memory left, in bytes.
    pub fn available_bytes(&self) -> u64 {
        self.pool.available_bytes()
    }

    /// A record so large could never be held.
    pub fn is_too_large(&self, bytes: u32) -> bool {
        u64::from(bytes) > self.pool.total_bytes()
    }

    /// Whether somebody waits for memory: then nothing lingers.
    pub fn set_exhausted(&mut self, is_exhausted: bool) {
        self.is_exhausted = is_exhausted;
    }

    /// Nothing lingers from now on.
    pub fn begin_flush(&mut self) {
        self.is_flushing = true;
    }

    /// Nothing lingers while a transaction is being committed.
    pub fn set_flushing(&mut self, is_flushing: bool) {
        self.is_flushing = is_flushing;
    }

    /// No more appends; nothing lingers.
    pub fn close(&mut self) {
        self.is_closed = true;
    }

    /// Whether it was closed.
    pub fn is_closed(&self) -> bool {
        self.is_closed
    }

    /// Whether a batch waits to be sent.
    pub fn has_undrained(&self) -> bool {
        self.partitions.iter().any(|partition| !partition.queue.is_empty())
    }

    /// Whether a batch has no final answer.
    pub fn has_incomplete(&self) -> bool {
        let in_flight = self.partitions.iter().flat_map(|partition| &partition.in_flight);
        self.has_undrained() || in_flight.filter(|batch| !batch.is_done()).count() > 0
    }

    /// Idempotence, when it is on.
    pub fn idempotence(&self) -> Option<&TransactionManager> {
        self.idempotence.as_ref()
    }

    /// A broker gave the producer its id.
    pub fn set_producer(&mut self, producer_id: i64, producer_epoch: i16) {
        if let Some(idempotence) = &mut self.idempotence {
            idempotence.set_producer(producer_id, producer_epoch);
        }
    }

    /// Idempotence's work before every pass of the sender.
    pub fn resolve_sequences(&mut self) {
        if let Some(idempotence) = &mut self.idempotence {
            idempotence.resolve(&mut self.partitions);
        }
    }

    fn node_stats(&mut self, node: NodeId) -> &mut NodeStats {
        let index = self.nodes.iter().position(|stats| stats.node == node).unwrap_or_else(|| {
            self.nodes.push(NodeStats { node, drain_index: 0, ready_us: 0, drained_us: 0 });
            self.nodes.len() - 1
        });
        &mut self.nodes[index]
    }

    /// A node had data to be sent, and could take it or not (`updateNodeLatencyStats`).
    pub fn update_node_latency(&mut self, node: NodeId, now: Micros, can_drain: bool) {
        if self.availability_timeout_us > 0 {
            let stats = self.node_stats(node);
            stats.ready_us = now;
            if can_drain {
                stats.drained_us = now;
            }
        }
    }

    /// Nothing of this partition goes out, or everything again (max.in.flight=1).
    pub fn set_muted(&mut self, partition: u16, is_muted: bool) {
        self.know(usize::from(partition) + 1);
        self.partitions[usize::from(partition)].is_muted = is_muted;
    }
}
