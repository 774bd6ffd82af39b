//! What is wrong with bytes that should be a batch.

use std::error::Error;
use std::fmt;

/// Which of Kafka's exceptions they cause.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub enum Fault {
    /// The batch is damaged: CORRUPT_MESSAGE.
    CorruptRecord,
    /// The batch is whole, and what stands in it makes no sense: INVALID_RECORD.
    InvalidRecord,
}

impl Fault {
    /// The exception's class.
    pub fn exception(self) -> &'static str {
        match self {
            Self::CorruptRecord => "CorruptRecordException",
            Self::InvalidRecord => "InvalidRecordException",
        }
    }

    /// The error that a broker answers with.
    pub fn error(self) -> &'static str {
        match self {
            Self::CorruptRecord => "CORRUPT_MESSAGE",
            Self::InvalidRecord => "INVALID_RECORD",
        }
    }
}

/// These bytes are no batch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CorruptBatch {
    /// Which exception.
    pub fault: Fault,
    /// Its message, in Kafka's words where Kafka has any.
    pub message: String,
    /// Where in the bytes.
    pub at: usize,
}

impl CorruptBatch {
    pub(super) fn corrupt(at: usize, message: impl Into<String>) -> Self {
        Self { fault: Fault::CorruptRecord, message: message.into(), at }
    }

    pub(super) fn invalid(at: usize, message: impl Into<String>) -> Self {
        Self { fault: Fault::InvalidRecord, message: message.into(), at }
    }
}

impl fmt::Display for CorruptBatch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {} (at byte {})", self.fault.exception(), self.message, self.at)
    }
}

impl Error for CorruptBatch {}
