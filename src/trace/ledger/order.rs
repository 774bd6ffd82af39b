//! Order of a producer's records within a partition.

use crate::engine::NodeId;
use crate::record::{Batch, RecordId};

use super::shipment::{Placement, Shipment};

/// What one producer has in the log that counts, in order of offsets.
#[derive(Clone, Debug)]
pub(super) struct Stream {
    pub(super) producer: NodeId,
    /// Placements, each with the newest record up to there.
    entries: Vec<(u32, RecordId)>,
}

impl Stream {
    pub(super) fn new(producer: NodeId) -> Self {
        Self { producer, entries: Vec::new() }
    }

    /// Adds a placement at the end; returns the records of its batch behind which a later-produced
    /// one with the same key comes earlier in the log.
    pub(super) fn push(
        &mut self,
        placement: u32,
        placements: &[Placement],
        shipments: &[Shipment],
    ) -> Vec<RecordId> {
        let batch = batch_of(placement, placements, shipments);
        let (Some(first), Some(last)) = (batch.records.first(), batch.records.last()) else {
            return Vec::new();
        };
        let newest = self.entries.last().map(|&(_, newest)| newest);
        let overtaken = match newest {
            Some(newest) if newest > first.id => self.overtaken(batch, placements, shipments),
            _ => Vec::new(),
        };
        let newest = newest.map_or(last.id, |newest| newest.max(last.id));
        self.entries.push((placement, newest));
        overtaken
    }

    /// Takes away placements at the end that no longer count.
    pub(super) fn pop_dead(&mut self, placements: &[Placement]) {
        while self.entries.last().is_some_and(|&(id, _)| !placements[id as usize].is_alive) {
            self.entries.pop();
        }
    }

    fn overtaken(
        &self,
        batch: &Batch,
        placements: &[Placement],
        shipments: &[Shipment],
    ) -> Vec<RecordId> {
        let Some(first) = batch.records.first() else { return Vec::new() };
        let earlier: Vec<&Batch> = self
            .entries
            .iter()
            .rev()
            .take_while(|&&(_, newest)| newest > first.id)
            .map(|&(id, _)| batch_of(id, placements, shipments))
            .collect();
        batch
            .records
            .iter()
            .filter(|record| {
                earlier
                    .iter()
                    .flat_map(|batch| &batch.records)
                    .any(|other| other.id > record.id && other.key == record.key)
            })
            .map(|record| record.id)
            .collect()
    }
}

fn batch_of<'a>(placement: u32, placements: &[Placement], shipments: &'a [Shipment]) -> &'a Batch {
    &shipments[placements[placement as usize].shipment as usize].batch
}
