//! A group as its coordinator has it at this moment, down to the timers: for tools and tests that
//! look inside.

use std::sync::Arc;

use super::GroupCoordinator;
use super::classic_group::{ClassicGroup, GroupState};
use crate::engine::Micros;
use crate::protocol::MemberId;

/// A classic group.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClassicGroupSnapshot {
    /// Name of its state, such as `PreparingRebalance`.
    pub state: &'static str,
    /// Generation.
    pub generation: i32,
    /// The chosen assignor.
    pub protocol: Option<Arc<str>>,
    /// Its leader.
    pub leader: Option<MemberId>,
    /// Its members.
    pub members: Vec<ClassicMemberSnapshot>,
    /// How many were given an id and have not come back with it.
    pub pending_joins: usize,
    /// How many have not sent SyncGroup in this generation.
    pub pending_syncs: usize,
    /// What wakes the coordinator on its account, and when.
    pub timers: Vec<(GroupTimer, Micros)>,
}

/// A member of a classic group.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClassicMemberSnapshot {
    /// Member id.
    pub id: MemberId,
    /// Its JoinGroup is parked.
    pub is_awaiting_join: bool,
    /// Its SyncGroup is parked.
    pub is_awaiting_sync: bool,
}

/// What a coordinator waits for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum GroupTimer {
    /// The end of a classic member's session.
    Heartbeat(MemberId),
    /// The end of the initial delay or of the wait for members to join.
    Join,
    /// The end of the wait for SyncGroups.
    Sync,
}

impl GroupCoordinator {
    /// A classic group of this coordinator.
    pub fn classic_group(&self, group: &str) -> Option<ClassicGroupSnapshot> {
        self.slot_of(group).map(|slot| self.group(slot).snapshot())
    }
}

impl ClassicGroup {
    fn snapshot(&self) -> ClassicGroupSnapshot {
        let sessions = self.deadlines().map(|(at, id)| (GroupTimer::Heartbeat(id.clone()), at));
        let phase = match self.state {
            GroupState::PreparingRebalance => GroupTimer::Join,
            _ => GroupTimer::Sync,
        };
        let phase = self.rebalance_timer.map(|(_, at)| (phase, at));
        let member = |member: &super::member::Member| ClassicMemberSnapshot {
            id: member.id.clone(),
            is_awaiting_join: member.joining.is_some(),
            is_awaiting_sync: member.syncing.is_some(),
        };
        ClassicGroupSnapshot {
            state: self.state.name(),
            generation: self.generation,
            protocol: self.protocol.clone(),
            leader: self.leader.clone(),
            members: self.members.iter().map(member).collect(),
            pending_joins: self.pending_joins.len(),
            pending_syncs: self.pending_syncs.len(),
            timers: sessions.chain(phase).collect(),
        }
    }
}
