use std::num::NonZeroU32;

/// A handle to one scheduled event, good for cancelling it.
///
/// A handle whose event was popped or cancelled is stale, and cancelling it does nothing. It keeps
/// its meaning in a clone of the queue taken while it was live.
///
/// The generation is never zero, so that an `Option<Timer>` takes eight bytes as well.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub struct Timer {
    pub(super) slot: u32,
    pub(super) generation: NonZeroU32,
}

#[cfg(test)]
impl Timer {
    /// A handle for tests that have no queue.
    pub(crate) fn stub(slot: u32) -> Self {
        Self { slot, generation: NonZeroU32::MIN }
    }
}
