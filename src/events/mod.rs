//! What happened: typed trace events, each with the event that caused it.
//!
//! Nodes emit them, readers (ledger, metrics, log, page) consume them. An event is a fact about
//! one node at one virtual time; nothing here interprets it.

mod kind;
mod reason;
mod words;

pub use kind::Event;
pub use reason::{
    CommitMode, ConsumerExit, DeliveryFailure, LogStartReason, LossOfPartitions, PositionReason,
    RebalanceReason, SetAside, ShrinkReason, TransactionEnd,
};
pub use words::{CommandWords, fill};

use crate::engine::{Micros, NodeId};

/// Number of an event in its run, dense from 0.
#[derive(Copy, Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize)]
#[serde(transparent)]
pub struct EventId(pub u64);

/// An event with its place in the run.
#[derive(Clone, Debug, Hash)]
pub struct TraceEvent {
    /// Its number.
    pub id: EventId,
    /// When, in virtual µs.
    pub at_us: Micros,
    /// Where: the node that observed it.
    pub node: NodeId,
    /// The event that led to it; `None` for what starts by itself.
    pub cause: Option<EventId>,
    /// What.
    pub event: Event,
}
