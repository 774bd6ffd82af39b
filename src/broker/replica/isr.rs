//! The in-sync replicas as the leader sees them: confirmed by the controller, or on the way
//! (Kafka's `CommittedPartitionState`, `PendingExpandIsr`, `PendingShrinkIsr`).

use crate::engine::NodeId;

/// A change the controller has not answered yet.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
struct Pending {
    /// Number of the proposal: an answer to an older one is out of date.
    proposal: u32,
    /// The replica that shall come in; `None` for a shrink.
    joining: Option<NodeId>,
}

/// An ISR with at most one change in flight.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Isr {
    committed: Vec<NodeId>,
    pending: Option<Pending>,
}

impl Isr {
    /// An ISR as the controller has it.
    pub fn committed_as(isr: &[NodeId]) -> Self {
        Self { committed: isr.to_vec(), pending: None }
    }

    /// What the controller confirmed last: min.insync.replicas is held against it.
    pub fn committed(&self) -> &[NodeId] {
        &self.committed
    }

    /// Whether a change is on its way.
    pub fn is_in_flight(&self) -> bool {
        self.pending.is_some()
    }

    /// Whether the change on its way is this one.
    pub fn is_proposal(&self, proposal: u32) -> bool {
        self.pending.is_some_and(|pending| pending.proposal == proposal)
    }

    /// Whether `replica` is in the maximal ISR, which the high watermark waits for: nobody leaves
    /// it unconfirmed, and whoever shall come in is in it at once.
    pub fn is_maximal_member(&self, replica: NodeId) -> bool {
        self.committed.contains(&replica)
            || self.pending.is_some_and(|pending| pending.joining == Some(replica))
    }

    /// Size of the maximal ISR.
    pub fn maximal_len(&self) -> usize {
        self.committed.len() + usize::from(self.pending.is_some_and(|p| p.joining.is_some()))
    }

    /// Proposes to take `replica` in; returns the ISR to ask for.
    pub fn expand(&mut self, proposal: u32, replica: NodeId) -> Vec<NodeId> {
        debug_assert!(self.pending.is_none() && !self.committed.contains(&replica));
        self.pending = Some(Pending { proposal, joining: Some(replica) });
        self.committed.iter().copied().chain([replica]).collect()
    }

    /// Proposes to leave `lagging` out; returns the ISR to ask for.
    pub fn shrink(&mut self, proposal: u32, lagging: &[NodeId]) -> Vec<NodeId> {
        debug_assert!(self.pending.is_none());
        self.pending = Some(Pending { proposal, joining: None });
        self.committed.iter().copied().filter(|replica| !lagging.contains(replica)).collect()
    }

    /// The change was not made: back to what is confirmed.
    pub fn roll_back(&mut self) {
        self.pending = None;
    }
}
