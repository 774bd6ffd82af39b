//! The ledger: each record's fate, told by the trace event by event.
//!
//! Records are dense ids, so everything lies in vectors. What records of one batch share (sent,
//! appended, acknowledged, lost) is kept once, in their [`Shipment`]; a record's own line holds
//! only what is its own. Nothing is ever forgotten.

mod backlog;
mod entry;
mod group;
mod handling;
mod order;
mod partition;
mod producing;
mod reading;
mod removal;
mod shipment;
mod story;
#[cfg(test)]
mod tests;
mod transactions;
mod writing;

use std::collections::VecDeque;
use std::sync::Arc;

use crate::engine::{Micros, NodeId, SortedMap};
use crate::events::{Event, TraceEvent};
use crate::protocol::{TopicId, TopicPartition, is_internal_topic};
use crate::record::{Batch, RecordId};

use super::fate::Fate;
use super::moment::Moment;
use super::verdict::{GroupVerdict, Tallies, Verdict};
use entry::Entry;
use group::Group;
use handling::Copies;
use partition::Partition;
use shipment::{NONE, Placement, Shipment};
use transactions::Transactions;

/// Each record's fate.
#[derive(Clone, Debug, Default)]
pub struct Ledger {
    now_us: Micros,
    records: Vec<Entry>,
    topic_names: Vec<Arc<str>>,
    /// Topics whose records are not anybody's.
    internal: Vec<TopicId>,
    shipments: Vec<Shipment>,
    /// Shipment of a batch, by batch id.
    shipment_of: Vec<u32>,
    placements: Vec<Placement>,
    partitions: Vec<Partition>,
    /// Index in `partitions`, by topic id and partition.
    partition_of: Vec<Vec<u32>>,
    groups: Vec<Group>,
    group_of: SortedMap<Arc<str>, u16>,
    /// Index of the group of a consumer, by node id.
    group_of_node: Vec<u16>,
    /// Shipments sent with acks=0 that are in no log yet, oldest first.
    unplaced: VecDeque<u32>,
    produced: u64,
    acknowledged: u64,
    failed: Tallies,
    failed_but_written: u64,
    lost: Tallies,
    /// Taken out of the log by retention, DeleteRecords or compaction.
    removed: Tallies,
    /// When the cleaner took records out.
    compacted: SortedMap<RecordId, Moment>,
    aborted: Tallies,
    duplicated: Tallies,
    reordered: Tallies,
    transactions: Transactions,
    copies: Copies,
}

impl Ledger {
    /// An empty ledger.
    pub fn new() -> Self {
        Self::default()
    }

    /// Enters what an event says. Events come in the order of the trace.
    pub fn observe(&mut self, event: &TraceEvent) {
        self.now_us = event.at_us;
        self.expire_unplaced(event);
        let node = event.node;
        match &event.event {
            Event::RecordProduced { record, topic, key } => {
                self.on_produced(event, *record, topic, key);
            }
            Event::RecordBatched { record, tp } => self.on_batched(event, *record, *tp),
            Event::RecordFailed { record, failure } => {
                self.on_record_failed(event, *record, *failure);
            }
            Event::BatchSent { tp, batch, to, .. } => self.on_sent(event, *tp, batch, *to),
            Event::BatchAcknowledged { tp, batch, acks, .. } => {
                self.on_acknowledged(event, *tp, batch, *acks);
            }
            Event::BatchFailed { tp, batch, failure } => {
                self.on_failed(event, *tp, batch, *failure);
            }
            Event::BatchAppended { tp, base_offset, leader_epoch, batch } => {
                self.on_appended(event, *tp, *base_offset, *leader_epoch, batch);
            }
            Event::AppendRefused { tp, batch, error } => {
                self.on_refused(event, *tp, batch, *error);
            }
            Event::BatchReplicated { tp, base_offset, next_offset } => {
                if let Some(partition) = self.partition(*tp) {
                    let placements = &mut self.placements;
                    self.partitions[partition].replicate(
                        node,
                        *base_offset,
                        *next_offset,
                        placements,
                    );
                }
            }
            Event::HighWatermarkAdvanced { tp, to, .. } => {
                self.on_high_watermark(event, *tp, *to);
            }
            Event::UnflushedLost { tp, to, .. } => self.on_power_loss(event, *tp, *to),
            Event::LogTruncated { tp, from, to } => self.on_truncated(event, *tp, *from, *to),
            Event::LogStartRaised { tp, to, reason, .. } => {
                self.on_log_start(event, *tp, *to, *reason);
            }
            Event::LogCleaned { tp, removed, .. } => self.on_cleaned(event, *tp, removed),
            Event::TopicDeleted { topic, .. } => self.on_topic_deleted(event, *topic),
            Event::ReplicaDeleted { tp } => self.on_replica_deleted(event, *tp),
            Event::LeaderElected { tp, leader_epoch, unclean, .. } => {
                self.on_elected(*tp, *leader_epoch, *unclean);
            }
            Event::BecameLeader { tp, leader_epoch, .. } => {
                self.on_leader(event, *tp, *leader_epoch);
            }
            Event::BecameFollower { tp, leader, .. } => {
                if let Some(partition) = self.partition(*tp) {
                    self.partitions[partition].follow(node, *leader);
                }
            }
            Event::TopicCreated { topic, name, .. } if is_internal_topic(name) => {
                self.internal.push(*topic);
            }
            Event::TransactionChanged { producer_id, producer_epoch, state, end, .. } => {
                if let Some(committed) = state.decision() {
                    let abort = (!committed).then_some(*end);
                    self.on_decision(event, *producer_id, *producer_epoch, abort);
                }
            }
            Event::NodeKilled => self.on_killed(event),
            _ => self.observe_group(event),
        }
    }

    /// What became of all records up to now.
    pub fn verdict(&self) -> Verdict {
        let failed = self.failed.tidy();
        Verdict {
            at_us: self.now_us,
            produced: self.produced,
            acknowledged: self.acknowledged,
            in_flight: self.produced.saturating_sub(self.acknowledged + failed.total()),
            failed,
            failed_but_written: self.failed_but_written,
            lost: self.lost.tidy(),
            removed: self.removed.tidy(),
            aborted: self.aborted.tidy(),
            duplicated: self.duplicated.tidy(),
            reordered: self.reordered.tidy(),
            groups: self.groups.iter().map(|group| self.group_verdict(group)).collect(),
        }
    }

    fn group_verdict(&self, group: &Group) -> GroupVerdict {
        let lag = group
            .claims()
            .filter_map(|(index, claim)| {
                Some(self.partitions[index].high_watermark - claim.committed?)
            })
            .map(|lag| lag.max(0))
            .sum();
        let skipped =
            group.skipped(|partition, offset| self.record_in(&self.partitions[partition], offset));
        let handler = self.handler_verdict(group, &skipped);
        GroupVerdict {
            group: group.name.clone(),
            delivered: group.delivered,
            processed: group.processed,
            repeated: group.repeated.tidy(),
            skipped,
            aborted_reads: group.aborted_reads,
            lag,
            handler,
        }
    }

    /// The story of a record.
    pub fn fate(&self, record: RecordId) -> Option<Fate> {
        story::tell(self, record)
    }

    /// The record at an offset of the log that counts.
    pub fn record_at(&self, tp: TopicPartition, offset: i64) -> Option<RecordId> {
        let index =
            *self.partition_of.get(usize::from(tp.topic.0))?.get(usize::from(tp.partition))?;
        self.record_in(self.partitions.get(index as usize)?, offset)
    }

    /// When a record was handed to send(), in virtual µs.
    pub fn produced_at(&self, record: RecordId) -> Option<Micros> {
        let produced = self.records.get(usize::try_from(record.0).ok()?)?.produced;
        (!produced.is_never()).then_some(produced.at_us)
    }

    /// Records handed to send().
    pub fn produced(&self) -> u64 {
        self.produced
    }

    fn record_in(&self, partition: &Partition, offset: i64) -> Option<RecordId> {
        partition
            .records(offset, offset + 1, &self.placements, &self.shipments)
            .next()
            .map(|(_, record)| record)
    }

    /// Index of a partition; `None` for internal ones.
    fn partition(&mut self, tp: TopicPartition) -> Option<usize> {
        let (topic, partition) = (usize::from(tp.topic.0), usize::from(tp.partition));
        let known = self.partition_of.get(topic).and_then(|topic| topic.get(partition));
        if let Some(&index) = known.filter(|&&index| index != NONE) {
            return Some(index as usize);
        }
        if self.internal.contains(&tp.topic) {
            return None;
        }
        if topic >= self.partition_of.len() {
            self.partition_of.resize_with(topic + 1, Vec::new);
        }
        let row = &mut self.partition_of[topic];
        if partition >= row.len() {
            row.resize(partition + 1, NONE);
        }
        row[partition] = self.partitions.len() as u32;
        self.partitions.push(Partition::new(tp));
        Some(self.partitions.len() - 1)
    }

    /// The line of a record; `None` for internal ones.
    fn entry(&mut self, record: RecordId, producer: NodeId) -> Option<&mut Entry> {
        if record.0 == u64::MAX {
            return None;
        }
        let index = record.0 as usize;
        if index >= self.records.len() {
            self.records.resize_with(index + 1, || Entry::new(producer));
        }
        self.records.get_mut(index)
    }

    /// The shipment of a batch, entered when it is first heard of; `None` for internal batches.
    fn shipment(
        &mut self,
        tp: TopicPartition,
        batch: &Arc<Batch>,
        producer: NodeId,
    ) -> Option<u32> {
        let id = batch.id.0 as usize;
        if let Some(&shipment) = self.shipment_of.get(id)
            && shipment != NONE
        {
            return Some(shipment);
        }
        let first = batch.records.first()?.id;
        let before = self.entry(first, producer)?.shipment;
        let shipment = match self.shipments.get_mut(before as usize) {
            Some(same)
                if same.batch.records.len() == batch.records.len()
                    && same.batch.records[0].id == first =>
            {
                same.batch = batch.clone();
                before
            }
            _ => {
                self.shipments.push(Shipment::new(batch.clone(), tp, producer));
                self.shipments.len() as u32 - 1
            }
        };
        for record in &batch.records {
            if let Some(entry) = self.entry(record.id, producer) {
                entry.shipment = shipment;
                entry.partition = tp.partition;
            }
        }
        if id >= self.shipment_of.len() {
            self.shipment_of.resize(id + 1, NONE);
        }
        self.shipment_of[id] = shipment;
        Some(shipment)
    }
}
