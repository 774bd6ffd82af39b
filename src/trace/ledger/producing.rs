//! The producer's side of the ledger: from send() to the callback.

use std::sync::Arc;

use crate::config::Acks;
use crate::engine::{Micros, NodeId};
use crate::events::{DeliveryFailure, Event, TraceEvent};
use crate::protocol::{ErrorCode, TopicPartition};
use crate::record::{Batch, Bytes, RecordId};
use crate::trace::cause::failure_name;

use super::entry::Entry;
use super::shipment::{End, NONE};
use super::{Ledger, Moment};

/// After this long an unanswered acks=0 batch that is in no log will not get into one any more:
/// request.timeout.ms, in µs.
const UNPLACED_US: Micros = 30_000_000;

impl Ledger {
    pub(super) fn on_produced(
        &mut self,
        event: &TraceEvent,
        record: RecordId,
        topic: &Arc<str>,
        key: &Option<Bytes>,
    ) {
        let topic = self.topic_index(topic);
        let Some(entry) = self.entry(record, event.node) else { return };
        entry.produced = Moment::of(event);
        entry.producer = event.node;
        entry.topic = topic;
        entry.key = key.clone();
        self.produced += 1;
    }

    /// Index of a topic's name. Topics are few and their names shared, so comparing pointers finds
    /// nearly every one.
    fn topic_index(&mut self, name: &Arc<str>) -> u16 {
        let known = self
            .topic_names
            .iter()
            .position(|known| Arc::ptr_eq(known, name))
            .or_else(|| self.topic_names.iter().position(|known| known == name));
        let index = known.unwrap_or_else(|| {
            self.topic_names.push(name.clone());
            self.topic_names.len() - 1
        });
        index as u16
    }

    pub(super) fn on_batched(&mut self, event: &TraceEvent, record: RecordId, tp: TopicPartition) {
        if let Some(entry) = self.entry(record, event.node) {
            entry.partition = tp.partition;
            entry.batched_after_us = entry.age_us(event.at_us);
        }
    }

    pub(super) fn on_record_failed(
        &mut self,
        event: &TraceEvent,
        record: RecordId,
        failure: DeliveryFailure,
    ) {
        let Some(entry) = self.entry(record, event.node) else { return };
        if entry.failed.is_none() {
            entry.failed = Some(failure);
            entry.failed_after_us = entry.age_us(event.at_us);
            self.failed.add(failure_name(failure), std::iter::once(record));
        }
    }

    pub(super) fn on_sent(
        &mut self,
        event: &TraceEvent,
        tp: TopicPartition,
        batch: &Arc<Batch>,
        to: NodeId,
    ) {
        let Some(index) = self.shipment(tp, batch, event.node) else { return };
        let shipment = &mut self.shipments[index as usize];
        shipment.to = to;
        shipment.attempts += 1;
        if shipment.first_sent.is_never() {
            shipment.first_sent = Moment::of(event);
        }
    }

    pub(super) fn on_acknowledged(
        &mut self,
        event: &TraceEvent,
        tp: TopicPartition,
        batch: &Arc<Batch>,
        acks: Acks,
    ) {
        let Some(index) = self.shipment(tp, batch, event.node) else { return };
        let shipment = &mut self.shipments[index as usize];
        if shipment.end != End::Open {
            return;
        }
        shipment.end = End::Acknowledged(acks);
        shipment.ended = Moment::of(event);
        self.acknowledged += batch.records.len() as u64;
        if acks == Acks::Zero && !shipment.was_written() {
            match shipment.refused {
                Some(_) => shipment.is_adrift = true,
                None => self.unplaced.push_back(index),
            }
        }
        self.settle(index, event);
    }

    pub(super) fn on_failed(
        &mut self,
        event: &TraceEvent,
        tp: TopicPartition,
        batch: &Arc<Batch>,
        failure: DeliveryFailure,
    ) {
        let Some(index) = self.shipment(tp, batch, event.node) else { return };
        self.fail(index, event, failure);
    }

    fn fail(&mut self, index: u32, event: &TraceEvent, failure: DeliveryFailure) {
        let shipment = &mut self.shipments[index as usize];
        if shipment.end != End::Open {
            return;
        }
        shipment.end = End::Failed(failure);
        shipment.ended = Moment::of(event);
        self.failed.add(failure_name(failure), shipment.ids());
        if shipment.living > 0 {
            self.failed_but_written += shipment.batch.records.len() as u64;
        }
    }

    pub(super) fn on_refused(
        &mut self,
        event: &TraceEvent,
        tp: TopicPartition,
        batch: &Arc<Batch>,
        error: ErrorCode,
    ) {
        // The event is the broker's: only the producer's own events make a shipment known.
        let Some(&index) = self.shipment_of.get(batch.id.0 as usize) else { return };
        let Some(shipment) = self.shipments.get_mut(index as usize) else { return };
        // Another topic of that name may have come in between.
        debug_assert_eq!(shipment.tp.partition, tp.partition);
        shipment.refused = Some(error);
        shipment.refused_at = Moment::of(event);
        if matches!(shipment.end, End::Acknowledged(Acks::Zero)) {
            shipment.is_adrift = true;
            self.unplaced.retain(|&unplaced| unplaced != index);
            self.settle(index, event);
        }
    }

    /// A process died. What a producer held is given up; what was on its way to a broker with
    /// acks=0 will not arrive.
    pub(super) fn on_killed(&mut self, event: &TraceEvent) {
        debug_assert!(matches!(event.event, Event::NodeKilled));
        let node = event.node;
        let shipments = &mut self.shipments;
        let mut adrift = Vec::new();
        self.unplaced.retain(|&index| {
            let shipment = &mut shipments[index as usize];
            shipment.is_adrift = shipment.to == node || shipment.producer == node;
            if shipment.is_adrift {
                adrift.push(index);
            }
            !shipment.is_adrift
        });
        for index in adrift {
            self.settle(index, event);
        }
        self.on_member_killed(event);
    }

    /// Gives up on acks=0 batches that should have arrived long ago.
    pub(super) fn expire_unplaced(&mut self, event: &TraceEvent) {
        while let Some(&index) = self.unplaced.front() {
            let shipment = &mut self.shipments[index as usize];
            if event.at_us.saturating_sub(shipment.ended.at_us) < UNPLACED_US {
                return;
            }
            shipment.is_adrift = true;
            self.unplaced.pop_front();
            self.settle(index, event);
        }
    }

    /// The shipment of a record's line, if it is in one.
    pub(super) fn shipment_of_entry(&self, entry: &Entry) -> Option<&super::Shipment> {
        (entry.shipment != NONE).then(|| &self.shipments[entry.shipment as usize])
    }
}
