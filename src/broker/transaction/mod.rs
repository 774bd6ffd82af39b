//! Transactions (KIP-98) as of transaction version 2 (KIP-890), on both sides.
//!
//! A transactional id lives on the broker that leads its partition of `__transaction_state`.
//! [`TransactionCoordinator`] takes the requests; `metadata` is the state machine, `record` its
//! bytes, `transit` writes each state before it holds, `markers` ends transactions in their
//! partitions, `load` brings all back from the log. [`Participant`] is the side of a broker that
//! leads partitions: it has them added before a transaction's first append, and writes markers.

mod coordinator;
mod load;
mod markers;
mod metadata;
mod participant;
mod record;
#[cfg(test)]
mod tests;
mod transit;

pub use coordinator::{Caller, TransactionCoordinator};
pub use metadata::{End, TransactionMetadata};
pub use participant::{MarkerAnswer, MarkerCaller, Participant, PeerTag, commit_refusal, refusal};
