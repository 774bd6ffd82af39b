//! The log of `__cluster_metadata` and the image it gives when applied.

use std::sync::Arc;

use crate::metadata::MetadataImage;
use crate::protocol::MetadataRecord;

/// The metadata log; it starts at offset 0 and is never cut.
#[derive(Clone, Debug, Default)]
pub struct MetadataLog {
    /// Shared with checkpoints of the cluster until the next append.
    records: Arc<Vec<MetadataRecord>>,
    image: MetadataImage,
}

impl MetadataLog {
    /// Appends a record and applies it.
    pub fn append(&mut self, record: MetadataRecord) {
        self.image.apply(&record);
        Arc::make_mut(&mut self.records).push(record);
        debug_assert_eq!(self.image.next_offset(), self.end_offset());
    }

    /// Offset of the next record.
    pub fn end_offset(&self) -> i64 {
        self.records.len() as i64
    }

    /// Everything applied.
    pub fn image(&self) -> &MetadataImage {
        &self.image
    }

    /// Everything from `offset` on.
    pub fn since(&self, offset: i64) -> &[MetadataRecord] {
        let from = usize::try_from(offset).unwrap_or(0);
        self.records.get(from..).unwrap_or_default()
    }
}
