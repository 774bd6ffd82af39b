//! The brokers' side of the ledger: what is in the logs, and what that means for the records.

use std::sync::Arc;

use crate::config::Acks;
use crate::events::TraceEvent;
use crate::protocol::TopicPartition;
use crate::record::Batch;
use crate::trace::cause::{DuplicateCause, LossCause, ReorderCause, SkipCause};

use super::order::Stream;
use super::partition::Takeover;
use super::shipment::{Death, End, Placement};
use super::{Ledger, Moment};

impl Ledger {
    pub(super) fn on_appended(
        &mut self,
        event: &TraceEvent,
        tp: TopicPartition,
        base_offset: i64,
        leader_epoch: i32,
        batch: &Arc<Batch>,
    ) {
        let Some(partition) = self.partition(tp) else { return };
        let Some(producer) = batch
            .records
            .first()
            .and_then(|record| self.records.get(record.id.0 as usize).map(|entry| entry.producer))
        else {
            return;
        };
        let Some(index) = self.shipment(tp, batch, producer) else { return };
        if self.partitions[partition].leader_epoch < leader_epoch {
            self.take_over(event, partition, leader_epoch);
        }
        let placement = self.placements.len() as u32;
        let shipment = &mut self.shipments[index as usize];
        self.placements.push(Placement {
            shipment: index,
            older: std::mem::replace(&mut shipment.placement, placement),
            base_offset,
            next_offset: base_offset + batch.count(),
            leader_epoch,
            leader: event.node,
            copies: 1,
            is_zombies: leader_epoch < self.partitions[partition].elected_epoch,
            is_alive: false,
            // A broker may not have heard of that yet.
            death: self.partitions[partition].is_deleted.then_some(Death::TopicDeleted),
            has_lost_power: false,
            appended: Moment::of(event),
            visible: Moment::NEVER,
        });
        if self.unplaced.front() == Some(&index) {
            self.unplaced.pop_front();
        } else if !self.unplaced.is_empty() {
            self.unplaced.retain(|&unplaced| unplaced != index);
        }
        if self.partitions[partition].append(event.node, placement) {
            self.come_alive(partition, placement);
        }
        self.settle(index, event);
        self.on_transactional(event, index, batch);
    }

    pub(super) fn on_elected(&mut self, tp: TopicPartition, leader_epoch: i32, unclean: bool) {
        let Some(partition) = self.partition(tp) else { return };
        let partition = &mut self.partitions[partition];
        partition.elected_epoch = partition.elected_epoch.max(leader_epoch);
        if unclean {
            partition.unclean_epoch = partition.unclean_epoch.max(leader_epoch);
        }
    }

    pub(super) fn on_leader(&mut self, event: &TraceEvent, tp: TopicPartition, leader_epoch: i32) {
        if let Some(partition) = self.partition(tp) {
            self.take_over(event, partition, leader_epoch);
        }
    }

    fn take_over(&mut self, event: &TraceEvent, partition: usize, leader_epoch: i32) {
        let known = &mut self.partitions[partition];
        let before = known.leader_epoch;
        let takeover = known.take_over(event.node, leader_epoch, &mut self.placements);
        // Epochs without a leader in between count: what they chose shows only now.
        let unclean = (before + 1..=leader_epoch).contains(&known.unclean_epoch);
        // A last known leader that leads again lost what it lost before, however it was elected.
        let death = match takeover.by_power_loss {
            true => Death::PowerLoss,
            false if unclean => Death::UncleanTakeover,
            false => Death::Takeover,
        };
        self.carry_out(event, partition, takeover, death);
    }

    pub(super) fn on_power_loss(&mut self, event: &TraceEvent, tp: TopicPartition, to: i64) {
        if let Some(partition) = self.partition(tp) {
            self.partitions[partition].lose_power(event.node, to, &mut self.placements);
        }
    }

    pub(super) fn on_replica_deleted(&mut self, event: &TraceEvent, tp: TopicPartition) {
        if let Some(partition) = self.partition(tp) {
            self.partitions[partition].delete(event.node, &mut self.placements);
        }
    }

    pub(super) fn on_truncated(
        &mut self,
        event: &TraceEvent,
        tp: TopicPartition,
        from: i64,
        to: i64,
    ) {
        let Some(partition) = self.partition(tp) else { return };
        if to > from {
            return self.partitions[partition].start_over(event.node, to, &self.placements);
        }
        let takeover = self.partitions[partition].truncate(event.node, to, &mut self.placements);
        self.carry_out(event, partition, takeover, Death::Takeover);
    }

    pub(super) fn carry_out(
        &mut self,
        event: &TraceEvent,
        partition: usize,
        takeover: Takeover,
        death: Death,
    ) {
        for &id in &takeover.died {
            let Placement { has_lost_power, copies, .. } = self.placements[id as usize];
            // What nobody had any more, no other leader would have had either.
            let is_powers = death == Death::UncleanTakeover && has_lost_power && copies == 0;
            self.die(id, if is_powers { Death::PowerLoss } else { death });
        }
        for stream in &mut self.partitions[partition].streams {
            stream.pop_dead(&self.placements);
        }
        for &id in &takeover.revived {
            self.come_alive(partition, id);
        }
        for &id in takeover.died.iter().chain(&takeover.revived) {
            self.settle(self.placements[id as usize].shipment, event);
        }
        if let Some(offset) = takeover.from_offset {
            let has_lost_power = |&id: &u32| self.placements[id as usize].has_lost_power;
            let cause = match takeover.died.iter().any(has_lost_power) {
                true => SkipCause::PowerLoss,
                false => SkipCause::UncleanElection,
            };
            for group in &mut self.groups {
                group.diverge(partition, offset, cause);
            }
        }
    }

    fn die(&mut self, id: u32, death: Death) {
        let placement = &mut self.placements[id as usize];
        placement.is_alive = false;
        placement.death = Some(death);
        let shipment = &mut self.shipments[placement.shipment as usize];
        shipment.living -= 1;
        if shipment.living == 0 {
            if matches!(shipment.end, End::Failed(_)) {
                self.failed_but_written -= shipment.batch.records.len() as u64;
            }
            for record in &shipment.batch.records {
                let entry = &mut self.records[record.id.0 as usize];
                if std::mem::take(&mut entry.is_reordered) {
                    let cause = ReorderCause::RetryBehindOthers.name();
                    self.reordered.remove(cause, std::iter::once(record.id));
                }
            }
        }
    }

    /// The placement is in the log that counts, at its end.
    fn come_alive(&mut self, partition: usize, id: u32) {
        let placement = &mut self.placements[id as usize];
        debug_assert!(!placement.is_alive);
        placement.is_alive = true;
        placement.death = None;
        let shipment = &mut self.shipments[placement.shipment as usize];
        shipment.living += 1;
        let is_first = shipment.living == 1;
        if is_first && matches!(shipment.end, End::Failed(_)) {
            self.failed_but_written += shipment.batch.records.len() as u64;
        }
        let producer = shipment.producer;
        let streams = &mut self.partitions[partition].streams;
        let stream = match streams.iter().position(|stream| stream.producer == producer) {
            Some(index) => index,
            None => {
                streams.push(Stream::new(producer));
                streams.len() - 1
            }
        };
        let overtaken = streams[stream].push(id, &self.placements, &self.shipments);
        // A copy of what lies in front already is a duplicate; its order was settled then.
        for record in overtaken.into_iter().filter(|_| is_first) {
            let entry = &mut self.records[record.0 as usize];
            if !std::mem::replace(&mut entry.is_reordered, true) {
                let cause = ReorderCause::RetryBehindOthers.name();
                self.reordered.add(cause, std::iter::once(record));
            }
        }
    }

    pub(super) fn on_high_watermark(&mut self, event: &TraceEvent, tp: TopicPartition, to: i64) {
        let Some(index) = self.partition(tp) else { return };
        let partition = &mut self.partitions[index];
        if partition.leader_node() != Some(event.node) {
            return;
        }
        partition.high_watermark = to;
        let mut visible = partition.visible;
        for &id in &partition.log()[visible..] {
            let placement = &mut self.placements[id as usize];
            if placement.next_offset > to {
                break;
            }
            if placement.visible.is_never() {
                placement.visible = Moment::of(event);
            }
            visible += 1;
        }
        partition.visible = visible;
    }

    /// Brings the tallies up to date with what is known of a shipment.
    pub(super) fn settle(&mut self, index: u32, event: &TraceEvent) {
        let lost = self.loss_of(index);
        let shipment = &mut self.shipments[index as usize];
        let before = std::mem::replace(&mut shipment.lost, lost);
        if before != lost {
            shipment.lost_at = if lost.is_some() { Moment::of(event) } else { Moment::NEVER };
            let shipment = &self.shipments[index as usize];
            if let Some(cause) = before {
                self.lost.remove(cause.name(), shipment.ids());
            }
            if let Some(cause) = lost {
                self.lost.add(cause.name(), shipment.ids());
            }
        }
        let shipment = &mut self.shipments[index as usize];
        let duplicated = (shipment.living > 1).then_some(match shipment.batch.producer_id {
            -1 => DuplicateCause::RetryWithoutIdempotence,
            _ => DuplicateCause::EpochBump,
        });
        let before = std::mem::replace(&mut shipment.duplicated, duplicated);
        if before != duplicated {
            let shipment = &self.shipments[index as usize];
            if let Some(cause) = before {
                self.duplicated.remove(cause.name(), shipment.ids());
            }
            if let Some(cause) = duplicated {
                self.duplicated.add(cause.name(), shipment.ids());
            }
        }
    }

    fn loss_of(&self, index: u32) -> Option<LossCause> {
        let shipment = &self.shipments[index as usize];
        let End::Acknowledged(acks) = shipment.end else { return None };
        if shipment.living > 0 || shipment.aborted.is_some() {
            return None;
        }
        if !shipment.was_written() {
            return shipment.is_adrift.then_some(LossCause::AcksZero);
        }
        let placement = &self.placements[shipment.placement as usize];
        if placement.death == Some(Death::TopicDeleted) {
            return None;
        }
        let was_committed = !placement.visible.is_never();
        Some(match (placement.death, acks) {
            _ if placement.is_zombies => LossCause::ZombieLeader,
            (Some(Death::PowerLoss), _) => LossCause::PowerLoss,
            (Some(Death::UncleanTakeover), Acks::All) => LossCause::UncleanElection,
            (Some(Death::UncleanTakeover), _) if was_committed => LossCause::UncleanElection,
            (_, Acks::Zero) => LossCause::AcksZero,
            (_, Acks::One) if !was_committed => LossCause::AcksOne,
            _ if placement.has_lost_power => LossCause::PowerLoss,
            _ => LossCause::Unexplained,
        })
    }
}
