//! One number for a whole trace: two runs are the same if theirs are equal.

use std::hash::{Hash, Hasher};

use crate::events::TraceEvent;

/// FNV-1a over the events' fields.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TraceHash(u64);

impl Default for TraceHash {
    fn default() -> Self {
        Self(0xcbf2_9ce4_8422_2325)
    }
}

impl TraceHash {
    /// Takes the next event in.
    pub fn add(&mut self, event: &TraceEvent) {
        event.hash(self);
    }

    /// The number so far.
    pub fn value(&self) -> u64 {
        self.0
    }
}

/// Lengths and kinds are as wide in a browser, of 32 bits, as anywhere else.
impl Hasher for TraceHash {
    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = (self.0 ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3);
        }
    }

    fn write_usize(&mut self, number: usize) {
        self.write_u64(number as u64);
    }

    fn write_isize(&mut self, number: isize) {
        self.write_i64(number as i64);
    }

    fn finish(&self) -> u64 {
        self.0
    }
}
