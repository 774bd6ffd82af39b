//! The controller: broker liveness, placement, elections, ISR changes.
