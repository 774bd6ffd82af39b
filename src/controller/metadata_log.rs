//! The log of `__cluster_metadata` and the image it gives when applied.

use std::sync::Arc;

use crate::metadata::MetadataImage;
use crate::protocol::MetadataRecord;
use crate::record::LeaderEpochCache;

/// What a majority of the quorum has.
#[derive(Clone, Debug, Default)]
struct Committed {
    end_offset: i64,
    image: MetadataImage,
}

/// The metadata log; it starts at offset 0. A single controller never cuts it, and what it writes is
/// committed at once.
#[derive(Clone, Debug, Default)]
pub struct MetadataLog {
    /// Shared with checkpoints of the cluster until the next append.
    records: Arc<Vec<MetadataRecord>>,
    /// Of all records, as long as the controller is active.
    image: MetadataImage,
    epochs: LeaderEpochCache,
    /// In a quorum of several.
    committed: Option<Committed>,
}

impl MetadataLog {
    /// The log of one of several controllers: a record counts once a majority has it.
    pub fn replicated() -> Self {
        Self { committed: Some(Committed::default()), ..Self::default() }
    }

    /// Appends a record and applies it.
    pub fn append(&mut self, record: MetadataRecord) {
        self.image.apply(&record);
        Arc::make_mut(&mut self.records).push(record);
        debug_assert_eq!(self.image.next_offset(), self.end_offset());
    }

    /// Appends a record of a leader epoch and applies it when it is committed.
    pub fn append_unapplied(&mut self, epoch: i32, record: MetadataRecord) {
        if self.last_epoch() != epoch {
            self.epochs.assign(epoch, self.end_offset());
        }
        Arc::make_mut(&mut self.records).push(record);
    }

    /// Offset of the next record.
    pub fn end_offset(&self) -> i64 {
        self.records.len() as i64
    }

    /// Everything applied: what the active controller decides by.
    pub fn image(&self) -> &MetadataImage {
        &self.image
    }

    /// Everything that is committed.
    pub fn committed_image(&self) -> &MetadataImage {
        self.committed.as_ref().map_or(&self.image, |committed| &committed.image)
    }

    /// Everything below is committed.
    pub fn committed_offset(&self) -> i64 {
        self.committed.as_ref().map_or(self.end_offset(), |committed| committed.end_offset)
    }

    /// Everything from `offset` on.
    pub fn since(&self, offset: i64) -> &[MetadataRecord] {
        let from = usize::try_from(offset).unwrap_or(0);
        self.records.get(from..).unwrap_or_default()
    }

    /// Everything from `offset` on, each with its leader epoch.
    pub fn since_with_epochs(&self, offset: i64) -> Vec<(i32, MetadataRecord)> {
        let epochs = self.epochs.entries();
        let epoch_of = |offset: i64| {
            let after = epochs.partition_point(|&(_, start)| start <= offset);
            after.checked_sub(1).map_or(0, |index| epochs[index].0)
        };
        let records = (offset..).zip(self.since(offset));
        records.map(|(offset, record)| (epoch_of(offset), record.clone())).collect()
    }

    /// Leader epoch of the last record; 0 of an empty log.
    pub fn last_epoch(&self) -> i32 {
        self.epochs.latest().unwrap_or(0)
    }

    /// The latest epoch not above `epoch`, and where it ends.
    pub fn end_offset_for_epoch(&self, epoch: i32) -> (i32, i64) {
        self.epochs.end_offset_for(epoch, self.end_offset()).unwrap_or((0, 0))
    }

    /// Cuts what another leader does not have.
    pub fn truncate_to(&mut self, offset: i64) {
        debug_assert!(offset >= self.committed_offset(), "what is committed is never cut");
        let keep = offset.max(self.committed_offset());
        Arc::make_mut(&mut self.records).truncate(keep as usize);
        self.epochs.truncate_from_end(keep);
    }

    /// A majority has everything below `offset`. Returns whether that is news.
    pub fn commit_up_to(&mut self, offset: i64) -> bool {
        let end_offset = self.end_offset();
        let Some(committed) = &mut self.committed else { return false };
        let from = committed.end_offset;
        let to = offset.min(end_offset);
        for record in &self.records[from as usize..to.max(from) as usize] {
            committed.image.apply(record);
        }
        committed.end_offset = to.max(from);
        to > from
    }

    /// The controller becomes active: from now on the image moves with every append.
    pub fn activate(&mut self) {
        debug_assert_eq!(self.committed_offset(), self.end_offset());
        self.image = self.committed_image().clone();
    }
}
