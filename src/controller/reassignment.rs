//! Replicas on the move: Kafka's `PartitionReassignmentReplicas` and `PartitionReassignmentRevert`
//! (KIP-455).
//!
//! While a reassignment runs, a partition has its old replicas and its new ones. The new ones copy
//! the log; once they are in the ISR, the old ones go.

use crate::engine::NodeId;
use crate::protocol::PartitionRegistration;

/// Whether replicas are on the move.
pub fn is_in_progress(partition: &PartitionRegistration) -> bool {
    !partition.adding_replicas.is_empty() || !partition.removing_replicas.is_empty()
}

/// Ends a reassignment if its new replicas are in the ISR: the old ones go.
pub fn complete_if_possible(partition: &mut PartitionRegistration) {
    if !is_in_progress(partition) {
        return;
    }
    let PartitionRegistration { replicas, isr, adding_replicas, removing_replicas, .. } = partition;
    let (target, target_isr) =
        (without(replicas, removing_replicas), without(isr, removing_replicas));
    let shrinks = adding_replicas.len() < removing_replicas.len();
    let needed = if shrinks { &target } else { &*adding_replicas };
    let is_complete = !target_isr.is_empty() && needed.iter().all(|r| target_isr.contains(r));
    if is_complete {
        (*replicas, *isr) = (target, target_isr);
        (*adding_replicas, *removing_replicas) = (Vec::new(), Vec::new());
    }
}

fn without(replicas: &[NodeId], others: &[NodeId]) -> Vec<NodeId> {
    replicas.iter().copied().filter(|replica| !others.contains(replica)).collect()
}
