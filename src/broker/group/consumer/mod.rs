//! Groups of the consumer protocol (group.protocol=consumer, KIP-848).
//!
//! There is no leader and no barrier. The coordinator has three epochs: that of the group moves when
//! members, subscriptions or topics change; that of the assignment says for which of them a target
//! was computed; that of a member says how far it has come. A [`ConsumerGroup`] is a pure state
//! machine: a heartbeat in, an answer and records for the log out. `heartbeat` leads it, `target`
//! computes what everybody shall have, `reconcile` leads one member there, `coordinator` is where
//! requests, time and the log come in.

mod coordinator;
mod group;
mod heartbeat;
mod load;
mod member;
mod reconcile;
mod records;
mod sessions;
mod target;

pub(super) use coordinator::heartbeat_error;
pub(super) use group::{ConsumerGroup, ConsumerGroupLimits};
pub use member::ConsumerMemberState;
pub use records::ConsumerRecord;
