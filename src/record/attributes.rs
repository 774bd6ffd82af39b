//! The attributes of a batch: the two bytes of its header that say how to read the rest.

use crate::config::Compression;

const TIMESTAMP_TYPE: i16 = 0x08;
const TRANSACTIONAL: i16 = 0x10;
const CONTROL: i16 = 0x20;
const DELETE_HORIZON: i16 = 0x40;
const COMPRESSION: i16 = 0x07;

/// What a batch says of itself beside its records.
#[derive(Copy, Clone, Debug, PartialEq, Eq, Hash)]
pub struct Attributes {
    /// How its records are compressed.
    pub compression: Compression,
    /// Timestamp type LogAppendTime, and when the leader appended it, in ms since the Unix epoch;
    /// `None` is CreateTime.
    pub log_append_time_ms: Option<i64>,
    /// Part of a transaction.
    pub is_transactional: bool,
    /// Holds a control record, such as the marker that ends a transaction.
    pub is_control: bool,
    /// When its tombstones and markers may be removed, in ms since the Unix epoch; set by the
    /// first cleaning.
    pub delete_horizon_ms: Option<i64>,
}

impl Default for Attributes {
    fn default() -> Self {
        Self {
            compression: Compression::None,
            log_append_time_ms: None,
            is_transactional: false,
            is_control: false,
            delete_horizon_ms: None,
        }
    }
}

impl Attributes {
    /// The two bytes (`DefaultRecordBatch.computeAttributes`).
    pub fn bits(&self) -> i16 {
        let flag = |is_set: bool, bit: i16| if is_set { bit } else { 0 };
        codec_id(self.compression)
            | flag(self.log_append_time_ms.is_some(), TIMESTAMP_TYPE)
            | flag(self.is_transactional, TRANSACTIONAL)
            | flag(self.is_control, CONTROL)
            | flag(self.delete_horizon_ms.is_some(), DELETE_HORIZON)
    }

    /// What the two bytes mean, together with the two times that the header has in any case; the
    /// other bits mean nothing. `Err`: no codec has this id.
    pub fn from_bits(bits: i16, base_time_ms: i64, max_time_ms: i64) -> Result<Self, i16> {
        let is_set = |bit: i16| bits & bit != 0;
        Ok(Self {
            compression: codec_of(bits & COMPRESSION).ok_or(bits & COMPRESSION)?,
            log_append_time_ms: is_set(TIMESTAMP_TYPE).then_some(max_time_ms),
            is_transactional: is_set(TRANSACTIONAL),
            is_control: is_set(CONTROL),
            delete_horizon_ms: is_set(DELETE_HORIZON).then_some(base_time_ms),
        })
    }
}

const CODECS: [Compression; 5] = [
    Compression::None,
    Compression::Gzip,
    Compression::Snappy,
    Compression::Lz4,
    Compression::Zstd,
];

/// `CompressionType.id`
fn codec_id(compression: Compression) -> i16 {
    match compression {
        Compression::None => 0,
        Compression::Gzip => 1,
        Compression::Snappy => 2,
        Compression::Lz4 => 3,
        Compression::Zstd => 4,
    }
}

fn codec_of(id: i16) -> Option<Compression> {
    CODECS.into_iter().find(|&codec| codec_id(codec) == id)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bits_are_kafkas() {
        let plain = Attributes::default();
        assert_eq!(plain.bits(), 0);
        assert_eq!(Attributes { compression: Compression::Zstd, ..plain }.bits(), 4);
        assert_eq!(Attributes { log_append_time_ms: Some(7), ..plain }.bits(), 8);
        let marker = Attributes { is_transactional: true, is_control: true, ..plain };
        assert_eq!(marker.bits(), 48);
        assert_eq!(Attributes { delete_horizon_ms: Some(9), ..plain }.bits(), 64);
    }

    #[test]
    fn they_can_be_read_again() {
        for bits in 0..128 {
            match Attributes::from_bits(bits, 1, 2) {
                Ok(attributes) => assert_eq!(attributes.bits(), bits),
                Err(id) => assert!((5..=7).contains(&id) && bits & 7 == id, "{bits}"),
            }
        }
        assert_eq!(Attributes::from_bits(-128, 1, 2), Ok(Attributes::default()), "unknown bits");
    }
}
