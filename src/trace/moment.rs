//! When something happened, and which event says so.

use crate::engine::Micros;
use crate::events::{EventId, TraceEvent};

/// When something happened, and which event says so.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub(super) struct Moment {
    pub(super) at_us: Micros,
    pub(super) event: EventId,
}

impl Moment {
    /// It has not happened.
    pub(super) const NEVER: Self = Self { at_us: Micros::MAX, event: EventId(u64::MAX) };

    pub(super) fn of(event: &TraceEvent) -> Self {
        Self { at_us: event.at_us, event: event.id }
    }

    pub(super) fn is_never(self) -> bool {
        self == Self::NEVER
    }
}
