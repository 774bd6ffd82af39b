//! Compression as the model has it: a share of the bytes is left, how large a share depends on the
//! codec and on what the application writes.

use crate::config::Compression;

/// What each codec makes of the bytes of a producer's records, in thousandths of their size.
///
/// A real codec also makes more of a large batch than of a small one; here the share is one and
/// the same for every batch.
#[derive(Copy, Clone, Debug, PartialEq, Eq, Hash)]
pub struct CompressionRatios {
    gzip: u16,
    snappy: u16,
    lz4: u16,
    zstd: u16,
}

impl Default for CompressionRatios {
    /// About what small JSON documents come to: an assumption, nothing of Kafka's.
    fn default() -> Self {
        Self { gzip: 400, snappy: 600, lz4: 600, zstd: 400 }
    }
}

impl CompressionRatios {
    /// The codecs that have a ratio.
    pub const CODECS: [Compression; 4] =
        [Compression::Gzip, Compression::Snappy, Compression::Lz4, Compression::Zstd];

    /// The largest ratio, in thousandths: what does not compress grows a little.
    pub const MAX_PERMILLE: u16 = 2000;

    /// Thousandths that `codec` leaves.
    pub fn permille(self, codec: Compression) -> u16 {
        match codec {
            Compression::None => 1000,
            Compression::Gzip => self.gzip,
            Compression::Snappy => self.snappy,
            Compression::Lz4 => self.lz4,
            Compression::Zstd => self.zstd,
        }
    }

    /// The same with another ratio for `codec`.
    #[must_use]
    pub fn with(mut self, codec: Compression, permille: u16) -> Self {
        let permille = permille.clamp(1, Self::MAX_PERMILLE);
        match codec {
            Compression::None => {}
            Compression::Gzip => self.gzip = permille,
            Compression::Snappy => self.snappy = permille,
            Compression::Lz4 => self.lz4 = permille,
            Compression::Zstd => self.zstd = permille,
        }
        self
    }

    /// Bytes that are left of `bytes` of records.
    pub fn compressed_bytes(self, codec: Compression, bytes: u32) -> u32 {
        let left = u64::from(bytes) * u64::from(self.permille(codec));
        u32::try_from(left.div_ceil(1000)).unwrap_or(u32::MAX)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_share_of_the_bytes_is_left() {
        let ratios = CompressionRatios::default().with(Compression::Lz4, 250);
        assert_eq!(ratios.compressed_bytes(Compression::Lz4, 1000), 250);
        assert_eq!(ratios.compressed_bytes(Compression::Lz4, 1001), 251, "rounded up");
        assert_eq!(ratios.compressed_bytes(Compression::None, 1001), 1001);
        assert_eq!(ratios.compressed_bytes(Compression::Gzip, 1000), 400);
    }

    #[test]
    fn nothing_becomes_nothing() {
        let ratios = CompressionRatios::default().with(Compression::Zstd, 0);
        assert_eq!(ratios.permille(Compression::Zstd), 1);
        assert_eq!(ratios.compressed_bytes(Compression::Zstd, 1), 1);
        assert_eq!(ratios.compressed_bytes(Compression::Zstd, 0), 0);
    }
}
