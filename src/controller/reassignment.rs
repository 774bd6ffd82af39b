//! Replicas on the move: Kafka's `PartitionReassignmentReplicas` and `PartitionReassignmentRevert`
//! (KIP-455).
//!
//! While a reassignment runs, a partition has its old replicas and its new ones. The new ones copy
//! the log; once they are in the ISR, the old ones go.

use crate::engine::{NodeId, sort_by_key};
use crate::events::ShrinkReason;
use crate::node::Ctx;
use crate::protocol::{ErrorCode, PartitionRegistration, TopicPartition};

use super::Controller;
use super::admin::AdminError;
use super::partition_change::{Election, PartitionChange};

/// Replicas, those of them to come, and those to go.
pub type Reassignment = (Vec<NodeId>, Vec<NodeId>, Vec<NodeId>);

/// From the replicas of `partition` to `target`. Who is still to come from an earlier reassignment
/// is waited for if `target` wants it, too.
pub fn reassign(partition: &PartitionRegistration, target: &[NodeId]) -> Reassignment {
    let PartitionRegistration { replicas: current, adding_replicas, .. } = partition;
    let is_to_come =
        |replica: &NodeId| !current.contains(replica) || adding_replicas.contains(replica);
    let mut adding: Vec<_> = target.iter().copied().filter(is_to_come).collect();
    let mut removing = without(current, target);
    sort_by_key(&mut adding, |&replica| replica);
    sort_by_key(&mut removing, |&replica| replica);
    let replicas = target.iter().chain(&removing).copied().collect();
    (replicas, adding, removing)
}

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

/// The replicas and the ISR from before a reassignment. `None` for the ISR: none of its members
/// was a replica then.
pub fn revert(partition: &PartitionRegistration) -> (Vec<NodeId>, Option<Vec<NodeId>>) {
    let adding = &partition.adding_replicas;
    let isr = without(&partition.isr, adding);
    (without(&partition.replicas, adding), (!isr.is_empty()).then_some(isr))
}

fn without(replicas: &[NodeId], others: &[NodeId]) -> Vec<NodeId> {
    replicas.iter().copied().filter(|replica| !others.contains(replica)).collect()
}

impl Controller {
    /// AlterPartitionReassignments for one partition; no `replicas`: what is under way is cancelled.
    pub(super) fn alter_partition_reassignment(
        &mut self,
        ctx: &mut Ctx<'_>,
        topic: &str,
        partition: u16,
        replicas: Option<&[NodeId]>,
    ) -> Result<(), AdminError> {
        let tp = self.find_partition(topic, partition)?;
        let Some(before) = self.image().partition(tp) else { return Ok(()) };
        let change = match replicas {
            Some(replicas) => self.move_to(tp, before, replicas)?,
            None => self.cancel_move(tp, before, topic)?,
        };
        if let Some(change) = change {
            self.change(ctx, tp, change, ShrinkReason::Reassignment);
        }
        Ok(())
    }

    fn move_to(
        &self,
        tp: TopicPartition,
        before: &PartitionRegistration,
        target: &[NodeId],
    ) -> Result<Option<PartitionChange>, AdminError> {
        self.validate_assignment(target)?;
        let (replicas, adding, removing) = reassign(before, target);
        let change = self.changing(tp, before).election(Election::Online);
        Ok(change.replicas(replicas, adding, removing).build(|r| self.image().is_active(r)))
    }

    fn cancel_move(
        &self,
        tp: TopicPartition,
        before: &PartitionRegistration,
        topic: &str,
    ) -> Result<Option<PartitionChange>, AdminError> {
        if !is_in_progress(before) {
            let message = "No partition reassignment is in progress; there is nothing to cancel.";
            return Err((ErrorCode::NoReassignmentInProgress, message.to_owned()));
        }
        let (replicas, isr) = revert(before);
        let is_unclean = isr.is_none();
        let isr = match (isr, replicas.first()) {
            (Some(isr), _) => isr,
            (None, Some(&first)) if self.is_unclean_election_enabled(tp.topic) => vec![first],
            _ => {
                let message = format!(
                    "Unable to revert partition assignment for {topic}:{} because it would \
                     require an unclean leader election. Let it end, or allow that with \
                     unclean.leader.election.enable=true.",
                    tp.partition
                );
                return Err((ErrorCode::InvalidReplicaAssignment, message));
            }
        };
        let change = self.changing(tp, before).isr(isr);
        let change = change.replicas(replicas, Vec::new(), Vec::new());
        let change = change.build(|r| self.image().is_active(r));
        // Whoever leads now was not in the ISR, and may come later.
        Ok(change.map(|it| PartitionChange { unclean: it.unclean || is_unclean, ..it }))
    }

    /// `validateManualPartitionAssignment`
    fn validate_assignment(&self, replicas: &[NodeId]) -> Result<(), AdminError> {
        let invalid = |fault: String| {
            let message = format!("The manual partition assignment includes {fault}");
            Err((ErrorCode::InvalidReplicaAssignment, message))
        };
        if replicas.is_empty() {
            return invalid("an empty replica list. Name the brokers that shall have it.".into());
        }
        for (index, replica) in replicas.iter().enumerate() {
            if self.image().broker(*replica).is_none() {
                let known: Vec<_> = self.image().brokers().keys().map(NodeId::to_string).collect();
                let known = known.join(", ");
                return invalid(format!(
                    "broker {replica}, but no such broker is registered. Registered are {known}."
                ));
            }
            if replicas[..index].contains(replica) {
                return invalid(format!("the broker {replica} more than once."));
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests;
