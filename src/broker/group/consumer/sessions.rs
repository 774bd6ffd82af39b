//! Whose time is over: sessions, and members that shall give partitions up.

use super::group::ConsumerGroup;
use super::member::ConsumerMember;
use crate::engine::Micros;
use crate::events::ConsumerExit;
use crate::protocol::MemberId;

impl ConsumerGroup {
    /// When each member's time is over.
    pub(in super::super) fn deadlines(&self) -> impl Iterator<Item = Micros> {
        let sessions = self.members.iter().filter_map(|member| member.session_deadline_us);
        let revocations = self.members.iter().filter_map(|member| member.rebalance_deadline);
        sessions.chain(revocations.map(|(at_us, _)| at_us))
    }

    /// Whose time was over first, and what for.
    pub(super) fn next_expired(&self, now: Micros) -> Option<(MemberId, ConsumerExit)> {
        let sessions = self.members.iter().filter_map(|member| {
            Some((member.session_deadline_us?, member, ConsumerExit::SessionExpired))
        });
        let revocations = self.members.iter().filter_map(|member| {
            Some((member.rebalance_deadline?.0, member, ConsumerExit::RebalanceTimeout))
        });
        let expired = sessions.chain(revocations).filter(|&(at_us, ..)| at_us <= now);
        let first = expired.min_by_key(|&(at_us, ..)| at_us);
        first.map(|(_, member, exit)| (member.id.clone(), exit))
    }

    /// What is over by now for a member is over later.
    pub(super) fn postpone(&mut self, id: &str, until: Micros) {
        let Some(member) = self.member_mut(id) else { return };
        if let Some(deadline_us) = &mut member.session_deadline_us {
            *deadline_us = until.max(*deadline_us);
        }
        if let Some((deadline_us, _)) = &mut member.rebalance_deadline {
            *deadline_us = until.max(*deadline_us);
        }
    }

    /// Whether a member is still in the epoch in which it was told to give partitions up.
    pub(super) fn is_late(&self, id: &str) -> bool {
        let told = |member: &ConsumerMember| member.rebalance_deadline.map(|(_, epoch)| epoch);
        self.member(id).is_some_and(|member| told(member) == Some(member.epoch))
    }
}
