//! How large a compressed batch will be. Nobody knows before it is closed, so the producer goes by
//! what became of the batches before (Kafka's `CompressionRatioEstimator`).
//!
//! The numbers are Kafka's own single-precision floats: whether a record fits depends on their last
//! bit.

use crate::config::{Compression, ProducerConfig};
use crate::record::{BATCH_OVERHEAD_BYTES, CompressionRatios};

/// `COMPRESSION_RATIO_IMPROVING_STEP`
const IMPROVING_STEP: f32 = 0.005;
/// `COMPRESSION_RATIO_DETERIORATE_STEP`
const DETERIORATE_STEP: f32 = 0.05;
/// `COMPRESSION_RATE_ESTIMATION_FACTOR`: the estimate is taken for a little worse than it is.
const ESTIMATION_FACTOR: f32 = 1.05;

/// What compression is expected to leave of a batch, for one topic and one codec.
#[derive(Copy, Clone, Debug, PartialEq)]
pub struct CompressionRatioEstimator {
    ratio: f32,
}

impl Default for CompressionRatioEstimator {
    fn default() -> Self {
        Self { ratio: 1.0 }
    }
}

impl CompressionRatioEstimator {
    /// A batch was closed: a worse ratio is believed quickly, a better one slowly.
    pub fn update(&mut self, observed: f32) {
        if observed > self.ratio {
            self.ratio = (self.ratio + DETERIORATE_STEP).max(observed);
        } else if observed < self.ratio {
            self.ratio = (self.ratio - IMPROVING_STEP).max(observed);
        }
    }

    /// A batch came out too large for the broker: as if nothing could be compressed.
    pub fn reset(&mut self, observed: f32) {
        self.ratio = observed.max(1.0);
    }
}

/// How the records of one batch are compressed, and what was expected of it when it was opened.
#[derive(Copy, Clone, Debug)]
pub struct BatchCompression {
    codec: Compression,
    ratios: CompressionRatios,
    expected: CompressionRatioEstimator,
}

impl BatchCompression {
    /// By compression.type.
    pub fn of(config: &ProducerConfig) -> Self {
        Self {
            codec: config.compression_type,
            ratios: CompressionRatios::default(),
            expected: CompressionRatioEstimator::default(),
        }
    }

    /// The same for records that compress so well.
    #[must_use]
    pub fn with_ratios(self, ratios: CompressionRatios) -> Self {
        Self { ratios, ..self }
    }

    /// The same with other expectations.
    #[must_use]
    pub fn expecting(self, expected: CompressionRatioEstimator) -> Self {
        Self { expected, ..self }
    }

    /// The codec.
    pub fn codec(&self) -> Compression {
        self.codec
    }

    /// What codecs make of its records.
    pub fn ratios(&self) -> CompressionRatios {
        self.ratios
    }

    /// Size of an open batch with so many bytes of records
    /// (`MemoryRecordsBuilder.estimatedBytesWritten`).
    pub fn estimated_bytes(&self, records_bytes: u32) -> u32 {
        if self.codec == Compression::None {
            return BATCH_OVERHEAD_BYTES + records_bytes;
        }
        let estimate = records_bytes as f32 * self.expected.ratio * ESTIMATION_FACTOR;
        BATCH_OVERHEAD_BYTES + estimate as u32
    }

    /// Size of a closed batch.
    pub fn encoded_bytes(&self, records_bytes: u32) -> u32 {
        BATCH_OVERHEAD_BYTES + self.ratios.compressed_bytes(self.codec, records_bytes)
    }

    /// What compression left of the records of a closed batch.
    pub fn observed(&self, records_bytes: u32) -> f32 {
        let left_bytes = self.encoded_bytes(records_bytes) - BATCH_OVERHEAD_BYTES;
        left_bytes as f32 / records_bytes.max(1) as f32
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Properties;

    fn compression(codec: &str) -> BatchCompression {
        let properties = Properties::new().with("compression.type", codec);
        BatchCompression::of(&ProducerConfig::from_properties(&properties).unwrap())
    }

    #[test]
    fn better_is_believed_slowly_and_worse_quickly() {
        let mut estimator = CompressionRatioEstimator::default();
        estimator.update(0.5);
        assert_eq!(estimator.ratio, 0.995);
        for _ in 0..200 {
            estimator.update(0.5);
        }
        assert_eq!(estimator.ratio, 0.5, "no better than what was seen");
        estimator.update(0.52);
        assert_eq!(estimator.ratio, 0.55);
        estimator.update(0.9);
        assert_eq!(estimator.ratio, 0.9);
        estimator.reset(0.7);
        assert_eq!(estimator.ratio, 1.0);
        estimator.reset(1.2);
        assert_eq!(estimator.ratio, 1.2);
    }

    #[test]
    fn an_open_batch_is_taken_for_a_little_larger_than_expected() {
        let mut expected = CompressionRatioEstimator::default();
        assert_eq!(compression("lz4").expecting(expected).estimated_bytes(1000), 61 + 1050);
        expected.update(0.5);
        assert_eq!(
            compression("lz4").expecting(expected).estimated_bytes(1000),
            61 + 1044,
            "rounded down"
        );
    }

    #[test]
    fn without_a_codec_sizes_are_exact() {
        let plain = compression("none");
        assert_eq!(plain.estimated_bytes(1000), 1061);
        assert_eq!(plain.encoded_bytes(1000), 1061);
        assert_eq!(plain.observed(1000), 1.0);
    }

    #[test]
    fn a_closed_batch_has_the_size_its_ratio_gives() {
        let batch = compression("lz4")
            .with_ratios(CompressionRatios::default().with(Compression::Lz4, 250));
        assert_eq!(batch.encoded_bytes(1000), 61 + 250);
        assert_eq!(batch.observed(1000), 0.25);
    }
}
