//! Virtual time: the floor everything stands on; knows nothing of Kafka.

/// Virtual time since the start of the run, in µs.
pub type Micros = u64;

/// A node of the network.
#[derive(
    Copy, Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize,
)]
#[serde(transparent)]
pub struct NodeId(pub u16);

/// Handle of a scheduled event.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub struct Timer(u32, u32);

impl Timer {
    /// A handle for tests that have no queue.
    pub fn stub(n: u32) -> Self {
        Self(n, 0)
    }
}

/// Random stream.
#[derive(Clone, Debug)]
pub struct Rng(u64);

#[allow(missing_docs)]
impl Rng {
    pub fn stream(seed: u64, stream: u64) -> Self {
        Self(seed ^ stream.wrapping_mul(0x9e37_79b9_7f4a_7c15))
    }
    pub fn next_u64(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }
    pub fn next_u31(&mut self) -> i32 {
        (self.next_u64() >> 33) as i32
    }
    pub fn below(&mut self, n: u32) -> u32 {
        (self.next_u64() % u64::from(n.max(1))) as u32
    }
    pub fn between(&mut self, lo: u64, hi: u64) -> u64 {
        lo + self.next_u64() % (hi - lo + 1)
    }
    pub fn exponential_us(&mut self, mean_us: u64) -> u64 {
        self.between(0, 2 * mean_us)
    }
}
