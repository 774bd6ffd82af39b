//! The groups' side of the ledger: from poll() to the commit.

use std::sync::Arc;

use crate::engine::NodeId;
use crate::events::{ConsumerExit, Event, TraceEvent};
use crate::protocol::TopicPartition;
use crate::record::RecordId;
use crate::trace::cause::RepeatCause;

use super::Ledger;
use super::group::Group;
use super::shipment::Shipment;

const NO_GROUP: u16 = u16::MAX;

impl Ledger {
    /// Enters an event of a consumer or a coordinator.
    pub(super) fn observe_group(&mut self, event: &TraceEvent) {
        let node = event.node;
        match &event.event {
            Event::PartitionsAssigned { group, partitions, .. } => {
                let group = self.join(node, group);
                for &tp in partitions.iter() {
                    if let Some(partition) = self.partition(tp) {
                        self.groups[group].assign(node, partition);
                    }
                }
            }
            Event::PartitionsReleased { group, partitions, .. } => {
                let group = self.join(node, group);
                for &tp in partitions.iter() {
                    if let Some(partition) = self.partition(tp) {
                        self.groups[group].release(node, partition);
                    }
                }
            }
            Event::PositionSet { tp, offset, reason } => {
                if let Some((group, partition)) = self.group_and_partition(node, *tp) {
                    self.groups[group].set_position(partition, *offset, *reason);
                }
            }
            Event::PositionOutOfRange { tp, offset } => {
                if let Some((group, partition)) = self.group_and_partition(node, *tp) {
                    let log_start = self.partitions[partition].log_start();
                    self.groups[group].overtake(partition, *offset, log_start);
                }
            }
            Event::RecordsDelivered { tp, base_offset, batch, first, count } => {
                if let Some((group, partition)) = self.group_and_partition(node, *tp) {
                    let (first, count) = (*first as usize, *count as usize);
                    let offset = |index| base_offset + batch.offset_delta(index);
                    let offsets = offset(first)..offset((first + count).saturating_sub(1)) + 1;
                    let records = batch.records.iter().skip(first).take(count);
                    if self.is_aborted(batch) {
                        let group = &mut self.groups[group];
                        let is_first = |id| group.touch(id).delivered == 0;
                        let fresh = records.clone().filter(|record| is_first(record.id)).count();
                        group.aborted_reads += fresh as u64;
                    }
                    self.groups[group].deliver(
                        node,
                        partition,
                        offsets,
                        records.map(|record| record.id),
                    );
                }
            }
            Event::RecordProcessed { tp, offset, record } if record.0 != u64::MAX => {
                if let Some((group, partition)) = self.group_and_partition(node, *tp) {
                    let origin = self.copies.origin(*record, partition, *offset);
                    let is_copy = origin.record != *record;
                    let of_group = &mut self.groups[group];
                    let nth = of_group.process(event, partition, *offset, *record, origin);
                    if of_group.handling.is_some() {
                        self.on_effect(group, origin, nth, is_copy);
                    }
                }
            }
            Event::HandlerStarted { group, is_idempotent, .. } => {
                let group = self.join(node, group);
                self.groups[group].handling_mut().start(*is_idempotent);
            }
            Event::AttemptFailed { .. } => {
                if let Some(group) = self.group_of_node(node) {
                    self.groups[group].handling_mut().fail_attempt();
                }
            }
            Event::RecordSetAside { tp, offset, record, how } => {
                if let Some((group, partition)) = self.group_and_partition(node, *tp) {
                    let origin = self.copies.origin(*record, partition, *offset);
                    self.groups[group].set_aside(node, partition, *offset, *record, how);
                    self.on_set_aside(event, group, origin, *record, how);
                }
            }
            Event::OffsetsCommitted { group, offsets, .. } => {
                let group = self.group(group);
                for &(tp, next_offset) in offsets.iter() {
                    if let Some(partition) = self.partition(tp) {
                        self.commit(group, partition, next_offset);
                    }
                }
            }
            Event::OffsetsExpired { group, partitions } => {
                let group = self.group(group);
                for &tp in partitions.iter() {
                    if let Some(partition) = self.partition(tp) {
                        self.groups[group].claim_mut(partition).committed = None;
                    }
                }
            }
            Event::MemberRemoved { group, member, exit } => {
                let how = match exit {
                    ConsumerExit::SessionExpired => RepeatCause::SessionExpired,
                    ConsumerExit::PollIntervalExceeded => RepeatCause::PollIntervalExceeded,
                    ConsumerExit::Left | ConsumerExit::RebalanceTimeout => RepeatCause::Rebalance,
                };
                let group = self.group(group);
                self.groups[group].expire_member(*member, how);
            }
            Event::PollIntervalExceeded => {
                if let Some(group) = self.group_of_node(node) {
                    self.groups[group].expire_member(node, RepeatCause::PollIntervalExceeded);
                }
            }
            Event::NodeStopped => self.remove_member(node, RepeatCause::Rebalance),
            _ => {}
        }
    }

    pub(super) fn on_member_killed(&mut self, event: &TraceEvent) {
        self.remove_member(event.node, RepeatCause::CrashBeforeCommit);
    }

    fn remove_member(&mut self, node: NodeId, how: RepeatCause) {
        if let Some(group) = self.group_of_node(node) {
            self.groups[group].remove_member(node, how);
        }
    }

    fn commit(&mut self, group: usize, partition: usize, next_offset: i64) {
        let from = self.groups[group].claim_mut(partition).audited;
        let records = self.partitions[partition].records(
            from,
            next_offset,
            &self.placements,
            &self.shipments,
        );
        // What was overwritten before anybody came to read it is no loss: its key has a newer value.
        let records = records.filter(|(_, record)| !self.compacted.contains_key(record));
        // Nor is what was aborted before anybody could see it.
        let (entries, shipments) = (&self.records, &self.shipments);
        let shipment = |record: &RecordId| {
            let entry = entries.get(record.0 as usize);
            entry.and_then(|entry| shipments.get(entry.shipment as usize))
        };
        let is_aborted = |it: &RecordId| shipment(it).is_some_and(|it| it.aborted.is_some());
        let records = records.filter(|(_, record)| !is_aborted(record));
        let lost_markers = self.partitions[partition].lost_markers();
        // Without its marker it goes with the next transaction of its producer, be that aborted.
        let lost_marker = |record: &RecordId| {
            let is_transactional = |it: &Shipment| it.batch.attributes.is_transactional;
            lost_markers.filter(|_| shipment(record).is_some_and(is_transactional))
        };
        self.groups[group].commit(partition, next_offset, records, lost_marker);
    }

    /// Index of a group, entered when it is first heard of.
    fn group(&mut self, name: &Arc<str>) -> usize {
        if let Some(&group) = self.group_of.get(name) {
            return usize::from(group);
        }
        self.group_of.insert(name.clone(), self.groups.len() as u16);
        self.groups.push(Group::new(name.clone()));
        self.groups.len() - 1
    }

    fn join(&mut self, node: NodeId, group: &Arc<str>) -> usize {
        let group = self.group(group);
        let index = usize::from(node.0);
        if index >= self.group_of_node.len() {
            self.group_of_node.resize(index + 1, NO_GROUP);
        }
        self.group_of_node[index] = group as u16;
        group
    }

    fn group_of_node(&self, node: NodeId) -> Option<usize> {
        let group = *self.group_of_node.get(usize::from(node.0))?;
        (group != NO_GROUP).then_some(usize::from(group))
    }

    fn group_and_partition(&mut self, node: NodeId, tp: TopicPartition) -> Option<(usize, usize)> {
        Some((self.group_of_node(node)?, self.partition(tp)?))
    }
}
