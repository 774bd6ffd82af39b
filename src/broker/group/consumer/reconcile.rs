//! One member on its way to the target assignment (`CurrentAssignmentBuilder`).
//!
//! It first gives up what it shall not keep, and stays in its epoch until it says that it did. Then
//! it moves on and gets what is free. What others still hold it gets with a later heartbeat.

use super::member::{ConsumerMember, ConsumerMemberState, Epochs};
use crate::engine::SortedSet;
use crate::protocol::{TopicId, TopicPartition};

/// Where a member shall go, and what is in its way.
pub(super) struct Reconciliation<'a> {
    pub target_epoch: i32,
    pub target: &'a SortedSet<TopicPartition>,
    /// Topics that the member subscribes to.
    pub subscribed: &'a SortedSet<TopicId>,
    /// With this heartbeat: topics it no longer subscribes to go at once.
    pub subscription_changed: bool,
    /// What the member says it owns, if it says so.
    pub owned: Option<&'a [TopicPartition]>,
    /// Whether some member holds a partition.
    pub is_held: &'a dyn Fn(&TopicPartition) -> bool,
}

impl Reconciliation<'_> {
    /// The member as it is after the next step.
    pub(super) fn next(&self, member: &ConsumerMember) -> ConsumerMember {
        use ConsumerMemberState::*;
        let is_stuck = match member.state {
            Stable => member.epoch == self.target_epoch,
            UnrevokedPartitions => self.may_own(&member.pending_revocation),
            UnreleasedPartitions => false,
        };
        match (is_stuck, self.subscription_changed) {
            (false, _) => self.towards_target(member),
            (true, true) => self.without_unsubscribed(member),
            (true, false) => member.clone(),
        }
    }

    /// A member that says nothing of what it owns may own everything.
    fn may_own(&self, partitions: &Epochs) -> bool {
        let Some(owned) = self.owned else { return true };
        owned.iter().any(|tp| partitions.contains_key(tp))
    }

    fn without_unsubscribed(&self, member: &ConsumerMember) -> ConsumerMember {
        let is_subscribed = |tp: &TopicPartition| self.subscribed.contains(&tp.topic);
        let (kept, gone) = split(&member.assigned, is_subscribed);
        let mut next = member.clone();
        if gone.is_empty() {
            return next;
        }
        let mut pending = member.pending_revocation.clone();
        pending.extend(gone);
        next.update_epoch(member.epoch);
        next.assigned = kept;
        if self.may_own(&pending) {
            next.state = ConsumerMemberState::UnrevokedPartitions;
            next.pending_revocation = pending;
        }
        next
    }

    fn towards_target(&self, member: &ConsumerMember) -> ConsumerMember {
        let is_wanted =
            |tp: &TopicPartition| self.target.contains(tp) && self.subscribed.contains(&tp.topic);
        let (kept, gone) = split(&member.assigned, is_wanted);
        let mut next = member.clone();
        next.assigned = kept;
        if !gone.is_empty() && self.may_own(&gone) {
            next.state = ConsumerMemberState::UnrevokedPartitions;
            next.update_epoch(member.epoch);
            next.pending_revocation = gone;
            return next;
        }
        let missing = self.target.iter().filter(|tp| is_wanted(tp));
        let missing = missing.filter(|tp| !next.assigned.contains_key(*tp));
        let is_free =
            |tp: &TopicPartition| !(self.is_held)(tp) || member.pending_revocation.contains_key(tp);
        let (free, unreleased): (Vec<_>, Vec<_>) = missing.copied().partition(is_free);
        next.assigned.extend(free.into_iter().map(|tp| (tp, self.target_epoch)));
        next.state = if unreleased.is_empty() {
            ConsumerMemberState::Stable
        } else {
            ConsumerMemberState::UnreleasedPartitions
        };
        next.update_epoch(self.target_epoch);
        next.pending_revocation = Epochs::new();
        next
    }
}

fn split(partitions: &Epochs, keeps: impl Fn(&TopicPartition) -> bool) -> (Epochs, Epochs) {
    let (mut kept, mut gone) = (Epochs::new(), Epochs::new());
    for (&tp, &epoch) in partitions {
        if keeps(&tp) { &mut kept } else { &mut gone }.insert(tp, epoch);
    }
    (kept, gone)
}
