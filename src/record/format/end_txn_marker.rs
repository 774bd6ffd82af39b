//! The record that ends a transaction in a partition (`EndTransactionMarker`).

use std::sync::Arc;

use super::CorruptBatch;
use super::reader::Reader;
use crate::record::{Record, RecordId};

/// What a control record says; the first two are a transaction's.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub enum ControlRecordType {
    /// The transaction was aborted.
    Abort,
    /// The transaction was committed.
    Commit,
    /// One of the controllers' own, or a later version's.
    Other(i16),
}

impl ControlRecordType {
    /// Its number.
    pub fn id(self) -> i16 {
        match self {
            Self::Abort => 0,
            Self::Commit => 1,
            Self::Other(id) => id,
        }
    }

    /// Reads the key of a control record (`ControlRecordType.parseTypeId`).
    ///
    /// # Errors
    /// A key that is too short, or of a version below 0.
    pub fn of_key(key: &[u8]) -> Result<Self, CorruptBatch> {
        let mut reader = Reader::new(key, 0);
        let (Some(version), Some(id)) = (reader.i16(), reader.i16()) else {
            let message = format!(
                "Invalid value size found for end control record key. Must have at least 4 bytes, \
                 but found only {}",
                key.len()
            );
            return Err(CorruptBatch::invalid(0, message));
        };
        if version < 0 {
            let message = format!(
                "Invalid version found for control record: {version}. May indicate data corruption"
            );
            return Err(CorruptBatch::invalid(0, message));
        }
        Ok([Self::Abort, Self::Commit]
            .into_iter()
            .find(|known| known.id() == id)
            .unwrap_or(Self::Other(id)))
    }
}

/// COMMIT or ABORT, and which coordinator wrote it.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub struct EndTransactionMarker {
    /// Commit or abort.
    pub kind: ControlRecordType,
    /// Epoch of the transaction coordinator.
    pub coordinator_epoch: i32,
}

impl EndTransactionMarker {
    /// The control record.
    pub fn to_record(self, id: RecordId, timestamp_ms: i64) -> Record {
        let version = 0i16.to_be_bytes();
        let key = [version, self.kind.id().to_be_bytes()].concat();
        let value = [&version[..], &self.coordinator_epoch.to_be_bytes()].concat();
        Record {
            id,
            timestamp_ms,
            key: Some(Arc::from(key)),
            value: Some(Arc::from(value)),
            headers: None,
        }
    }

    /// The marker that a control record's key and value hold.
    ///
    /// # Errors
    /// Key or value are too short, of a version below 0, or of something else.
    pub fn of(key: &[u8], value: &[u8]) -> Result<Self, CorruptBatch> {
        let kind = ControlRecordType::of_key(key)?;
        if let ControlRecordType::Other(id) = kind {
            let message = format!("Invalid control record type {id} for end transaction marker");
            return Err(CorruptBatch::invalid(2, message));
        }
        let mut reader = Reader::new(value, 0);
        let (Some(version), Some(coordinator_epoch)) = (reader.i16(), reader.i32()) else {
            let message = format!(
                "Invalid value size found for end transaction marker. Must have at least 6 bytes, \
                 but found only {}",
                value.len()
            );
            return Err(CorruptBatch::invalid(0, message));
        };
        if version < 0 {
            let message = format!(
                "Invalid version found for end transaction marker: {version}. May indicate data \
                 corruption"
            );
            return Err(CorruptBatch::invalid(0, message));
        }
        Ok(Self { kind, coordinator_epoch })
    }
}
