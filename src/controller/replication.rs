//! What happens to partitions when brokers come and go: the elections of Kafka's
//! `ReplicationControlManager`.
//!
//! Every change ends in [`Controller::change`], which writes the record and tells the trace.

use crate::engine::NodeId;
use crate::events::{Event, ShrinkReason};
use crate::node::Ctx;
use crate::protocol::{MetadataRecord, PartitionRegistration, TopicPartition};

use super::Controller;
use super::partition_change::{Election, PartitionChange, PartitionChangeBuilder};
use super::reassignment;

/// A change that is decided and not yet written.
type Decided = (TopicPartition, PartitionChange);

impl Controller {
    /// Takes `broker` out of every ISR, and its leaderships away; it is not acceptable as a leader
    /// any more, whatever its registration still says.
    pub(super) fn remove_from_isrs(
        &mut self,
        ctx: &mut Ctx<'_>,
        broker: NodeId,
        reason: ShrinkReason,
    ) {
        let image = self.log.image();
        let decided = self.decide(|controller, tp, partition| {
            if !partition.isr.contains(&broker) {
                return None;
            }
            let change = controller.changing(tp, partition).without(broker);
            change.build(|r| r != broker && image.is_active(r))
        });
        self.change_all(ctx, decided, reason);
    }

    /// `broker` is back and did not stop in good order: it may not have all that it had. Only the
    /// ISR and the ELR say who has.
    pub(super) fn distrust(&mut self, ctx: &mut Ctx<'_>, broker: NodeId) {
        type Members = fn(&PartitionRegistration) -> &[NodeId];
        let sets: [Members; 2] = [|partition| &partition.isr, |partition| &partition.elr];
        for members in sets {
            let image = self.log.image();
            let decided = self.decide(|controller, tp, partition| {
                if !members(partition).contains(&broker) {
                    return None;
                }
                let change = controller.changing(tp, partition).without_unclean(broker);
                change.build(|r| r != broker && image.is_active(r))
            });
            self.change_all(ctx, decided, ShrinkReason::Fenced);
        }
    }

    /// `broker` is in service again: partitions without a leader are looked at with it.
    pub(super) fn elect_after_unfence(&mut self, ctx: &mut Ctx<'_>, broker: NodeId) {
        let image = self.log.image();
        let decided = self.decide(|controller, tp, partition| {
            if partition.leader.is_some() {
                return None;
            }
            let is_acceptable = |r| r == broker || image.is_active(r);
            controller.changing(tp, partition).build(is_acceptable)
        });
        self.change_all(ctx, decided, ShrinkReason::UncleanElection);
    }

    /// The task of unclean.leader.election.interval.ms.
    pub(super) fn elect_unclean_leaders(&mut self, ctx: &mut Ctx<'_>) {
        let image = self.log.image();
        let decided = self.decide(|controller, tp, partition| {
            if partition.leader.is_some() || !controller.is_unclean_election_enabled(tp.topic) {
                return None;
            }
            controller.changing(tp, partition).build(|r| image.is_active(r))
        });
        self.change_all(ctx, decided, ShrinkReason::UncleanElection);
    }

    /// The task of auto.leader.rebalance.enable: preferred leaders wherever there is another one.
    pub(super) fn balance_leaders(&mut self, ctx: &mut Ctx<'_>) {
        let image = self.log.image();
        let decided = self.decide(|controller, tp, partition| {
            if has_preferred_leader(partition) {
                return None;
            }
            let change = controller.changing(tp, partition).election(Election::Preferred);
            change.build(|r| image.is_active(r))
        });
        self.change_all(ctx, decided, ShrinkReason::UncleanElection);
    }

    /// Whether the broker leads anything.
    pub(super) fn has_leaderships(&self, broker: NodeId) -> bool {
        self.log.image().partitions().any(|(_, partition)| partition.leader == Some(broker))
    }

    /// A change of a partition by its topic's configs.
    pub(super) fn changing<'a>(
        &self,
        tp: TopicPartition,
        partition: &'a PartitionRegistration,
    ) -> PartitionChangeBuilder<'a> {
        let election = match self.is_unclean_election_enabled(tp.topic) {
            true => Election::Unclean,
            false => Election::Online,
        };
        PartitionChangeBuilder::new(partition, self.elr_min_isr(tp.topic)).election(election)
    }

    fn decide(
        &self,
        decide: impl Fn(&Self, TopicPartition, &PartitionRegistration) -> Option<PartitionChange>,
    ) -> Vec<Decided> {
        let partitions = self.log.image().partitions();
        partitions.filter_map(|(tp, p)| Some((tp, decide(self, tp, p)?))).collect()
    }

    fn change_all(&mut self, ctx: &mut Ctx<'_>, decided: Vec<Decided>, reason: ShrinkReason) {
        for (tp, change) in decided {
            self.change(ctx, tp, change, reason);
        }
    }

    /// Writes a change. All its events have what the turn has as their cause.
    pub(super) fn change(
        &mut self,
        ctx: &mut Ctx<'_>,
        tp: TopicPartition,
        change: PartitionChange,
        reason: ShrinkReason,
    ) {
        let PartitionChange { registration, unclean } = change;
        let Some(before) = self.log.image().partition(tp) else {
            debug_assert!(false, "a change of an unknown partition");
            return;
        };
        debug_assert_eq!(registration.partition_epoch, before.partition_epoch + 1);
        let without = |of: &[NodeId], others: &[NodeId]| -> Vec<NodeId> {
            of.iter().copied().filter(|member| !others.contains(member)).collect()
        };
        let removed = without(&before.isr, &registration.isr);
        let added = without(&registration.isr, &before.isr);
        let isr = || registration.isr.as_slice().into();
        self.note_reassignment(ctx, tp, before, &registration);
        if registration.leader_epoch != before.leader_epoch {
            ctx.note(Event::LeaderElected {
                tp,
                leader: registration.leader,
                leader_epoch: registration.leader_epoch,
                isr: isr(),
                unclean,
            });
        }
        if !removed.is_empty() {
            let is_gone = removed.iter().any(|member| !registration.replicas.contains(member));
            let reason = match unclean {
                true => ShrinkReason::UncleanElection,
                false if is_gone => ShrinkReason::Reassignment,
                false => reason,
            };
            ctx.note(Event::IsrShrunk { tp, removed: removed.into(), isr: isr(), reason });
        }
        // An unclean leader is new in the ISR, but nobody takes that for an expansion.
        if !added.is_empty() && !unclean {
            ctx.note(Event::IsrExpanded { tp, added: added.into(), isr: isr() });
        }
        let PartitionRegistration { elr, last_known_elr, .. } = &registration;
        if (elr, last_known_elr) != (&before.elr, &before.last_known_elr) {
            let elr = elr.as_slice().into();
            let last_known_leader = last_known_elr.first().copied();
            ctx.note(Event::ElrChanged { tp, elr, last_known_leader });
        }
        self.log.append(MetadataRecord::Partition { tp, registration });
    }

    fn note_reassignment(
        &self,
        ctx: &mut Ctx<'_>,
        tp: TopicPartition,
        before: &PartitionRegistration,
        now: &PartitionRegistration,
    ) {
        let moves =
            |of: &PartitionRegistration| (of.adding_replicas.clone(), of.removing_replicas.clone());
        if reassignment::is_in_progress(now) && moves(before) != moves(now) {
            let (adding, removing) = (&now.adding_replicas[..], &now.removing_replicas[..]);
            let (adding, removing) = (adding.into(), removing.into());
            ctx.note(Event::ReassignmentStarted { tp, adding, removing });
        } else if !reassignment::is_in_progress(now) && before.replicas != now.replicas {
            let replicas = now.replicas.as_slice().into();
            ctx.note(Event::ReassignmentEnded { tp, replicas });
        }
    }
}

/// Whether the first replica leads.
pub(super) fn has_preferred_leader(partition: &PartitionRegistration) -> bool {
    partition.leader.is_some() && partition.leader == partition.replicas.first().copied()
}
