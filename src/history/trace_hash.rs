//! One number for a whole trace: two runs are the same if theirs are equal.

use std::fmt::{self, Write};

use crate::events::TraceEvent;

/// FNV-1a over the events as text. Text, because it is the same on every machine.
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
        // Writing into a number cannot fail.
        let _ = writeln!(self, "{event:?}");
    }

    /// The number so far.
    pub fn value(&self) -> u64 {
        self.0
    }
}

impl Write for TraceHash {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        for byte in text.bytes() {
            self.0 = (self.0 ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        }
        Ok(())
    }
}
