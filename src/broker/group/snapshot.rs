//! A group as its coordinator has it at this moment, down to the timers: for tools and tests that
//! look inside.

use std::sync::Arc;

use super::GroupCoordinator;
use super::classic_group::{ClassicGroup, GroupState};
use super::consumer::{ConsumerGroup, ConsumerMemberState};
use crate::engine::{Micros, SortedMap};
use crate::protocol::{MemberId, TopicPartition};

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
    /// The end of a consumer group member's session.
    Session(MemberId),
    /// The end of a member's time to give partitions up.
    Rebalance(MemberId),
}

/// A group of the consumer protocol.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConsumerGroupSnapshot {
    /// Name of its state, such as `Reconciling`.
    pub state: &'static str,
    /// Group epoch.
    pub epoch: i32,
    /// Epoch of the target assignment.
    pub assignment_epoch: i32,
    /// Its members, in the order of the hash map of their ids.
    pub members: Vec<ConsumerMemberSnapshot>,
    /// What wakes the coordinator on its account, and when.
    pub timers: Vec<(GroupTimer, Micros)>,
}

/// A member of a group of the consumer protocol.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConsumerMemberSnapshot {
    /// Member id.
    pub id: MemberId,
    /// Its state.
    pub state: ConsumerMemberState,
    /// Its epoch.
    pub epoch: i32,
    /// The one before.
    pub previous_epoch: i32,
    /// What it has, each with the epoch in which it got it.
    pub assigned: Vec<(TopicPartition, i32)>,
    /// What it shall give up.
    pub pending_revocation: Vec<(TopicPartition, i32)>,
    /// What it shall have.
    pub target: Vec<TopicPartition>,
}

impl GroupCoordinator {
    /// A classic group of this coordinator.
    pub fn classic_group(&self, group: &str) -> Option<ClassicGroupSnapshot> {
        let group = self.group(self.slot_of(group)?);
        group.consumer.is_none().then(|| group.snapshot())
    }

    /// A group of the consumer protocol of this coordinator.
    pub fn consumer_group(&self, group: &str) -> Option<ConsumerGroupSnapshot> {
        let group = self.group(self.slot_of(group)?);
        group.consumer.as_ref().map(|group| group.snapshot())
    }
}

impl ConsumerGroup {
    fn snapshot(&self) -> ConsumerGroupSnapshot {
        let list = |epochs: &SortedMap<TopicPartition, i32>| {
            epochs.iter().map(|(&tp, &epoch)| (tp, epoch)).collect()
        };
        let mut timers = Vec::new();
        let mut members = Vec::new();
        for member in self.members_in_order() {
            let session = member.session_deadline_us;
            timers.extend(session.map(|at| (GroupTimer::Session(member.id.clone()), at)));
            let rebalance = member.rebalance_deadline;
            timers.extend(rebalance.map(|(at, _)| (GroupTimer::Rebalance(member.id.clone()), at)));
            members.push(ConsumerMemberSnapshot {
                id: member.id.clone(),
                state: member.state,
                epoch: member.epoch,
                previous_epoch: member.previous_epoch,
                assigned: list(&member.assigned),
                pending_revocation: list(&member.pending_revocation),
                target: self.targets.get(&member.id).into_iter().flatten().copied().collect(),
            });
        }
        ConsumerGroupSnapshot {
            state: self.state(),
            epoch: self.epoch,
            assignment_epoch: self.assignment_epoch,
            members,
            timers,
        }
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
