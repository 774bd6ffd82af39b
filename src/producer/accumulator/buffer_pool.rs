//! buffer.memory: how much of it is left (Kafka's `BufferPool`, without the buffers).

/// A budget of bytes.
#[derive(Clone, Debug)]
pub struct BufferPool {
    total_bytes: u64,
    available_bytes: u64,
}

impl BufferPool {
    /// A pool of buffer.memory bytes.
    pub fn new(total_bytes: u64) -> Self {
        Self { total_bytes, available_bytes: total_bytes }
    }

    /// All of it.
    pub fn total_bytes(&self) -> u64 {
        self.total_bytes
    }

    /// What is left.
    pub fn available_bytes(&self) -> u64 {
        self.available_bytes
    }

    /// Takes `bytes` when there are as many.
    pub fn allocate(&mut self, bytes: u32) -> bool {
        let enough = self.available_bytes >= u64::from(bytes);
        if enough {
            self.available_bytes -= u64::from(bytes);
        }
        enough
    }

    /// Gives `bytes` back.
    pub fn deallocate(&mut self, bytes: u32) {
        self.available_bytes += u64::from(bytes);
        debug_assert!(self.available_bytes <= self.total_bytes, "freed twice");
    }
}
