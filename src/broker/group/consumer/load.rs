//! A group as the log has it.

use super::group::ConsumerGroup;
use super::member::{ConsumerMember, ConsumerMemberState};
use super::records::ConsumerRecord;
use crate::engine::Micros;
use crate::protocol::{LEAVE_GROUP_STATIC_MEMBER_EPOCH, MemberId};

impl ConsumerGroup {
    /// A record of the log is read again.
    pub(in super::super) fn replay(&mut self, record: ConsumerRecord) {
        match record {
            ConsumerRecord::Epoch(epoch) => {
                (self.epoch, self.metadata_hash) = epoch.unwrap_or_default();
            }
            ConsumerRecord::TargetEpoch(target) => {
                (self.assignment_epoch, self.assignment_us) = target.unwrap_or_default();
            }
            ConsumerRecord::Member { member, value: Some(metadata) } => {
                self.member_or_new(&member).metadata = metadata;
            }
            ConsumerRecord::Member { member, value: None } => {
                self.members.retain(|known| known.id != member);
            }
            ConsumerRecord::Target { member, value: Some(target) } => {
                self.targets.insert(member, target);
            }
            ConsumerRecord::Target { member, value: None } => {
                self.targets.remove(&member);
            }
            ConsumerRecord::Current { member, value } => {
                let Some(current) = value else { return };
                let member = self.member_or_new(&member);
                member.state = current.state;
                member.epoch = current.epoch;
                member.previous_epoch = current.previous_epoch;
                member.assigned = current.assigned;
                member.pending_revocation = current.pending_revocation;
            }
        }
    }

    fn member_or_new(&mut self, id: &MemberId) -> &mut ConsumerMember {
        let at = self.members.iter().position(|member| member.id == *id).unwrap_or_else(|| {
            self.members.push(ConsumerMember::new(id.clone()));
            self.members.len() - 1
        });
        &mut self.members[at]
    }

    /// The group was read from the log: sessions and revocations begin anew.
    pub(in super::super) fn on_loaded(&mut self, now: Micros, session_timeout_ms: i64) {
        // A static member that is away for a while has what it shall have.
        let is_away = |member: &ConsumerMember| {
            let has_left = member.epoch == LEAVE_GROUP_STATIC_MEMBER_EPOCH;
            has_left && member.state == ConsumerMemberState::Stable
        };
        let is_settled =
            |m: &ConsumerMember| m.is_reconciled_to(self.assignment_epoch) || is_away(m);
        if self.epoch == self.assignment_epoch && self.members.iter().all(is_settled) {
            self.stable_epoch = self.assignment_epoch;
        }
        for member in &mut self.members {
            member.session_deadline_us = Some(now + session_timeout_ms.max(0) as u64 * 1000);
            let timeout_us = member.metadata.rebalance_timeout_ms.max(0) as u64 * 1000;
            let is_to_revoke = !member.pending_revocation.is_empty();
            member.rebalance_deadline = is_to_revoke.then_some((now + timeout_us, member.epoch));
        }
    }
}
