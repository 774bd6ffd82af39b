//! A classic group: its state, its members and the rules between them. Time, requests and the log
//! are the coordinator's business.

use std::sync::Arc;

use super::consumer::ConsumerGroup;
use super::java_hash::hash_map_bucket;
use super::member::{Member, NEVER};
use crate::engine::{JavaHashTable, Micros, SortedMap, SortedSet, Timer, java_hash};
use crate::protocol::{
    ErrorCode, GroupMember, MemberId, OffsetAndEpoch, Subscription, TopicPartition,
};

/// Kafka's `ClassicGroupState`, but for Dead: a group that is deleted is gone at once.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub(super) enum GroupState {
    Empty,
    PreparingRebalance,
    CompletingRebalance,
    Stable,
}

impl GroupState {
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Empty => "Empty",
            Self::PreparingRebalance => "PreparingRebalance",
            Self::CompletingRebalance => "CompletingRebalance",
            Self::Stable => "Stable",
        }
    }

    fn may_become(self, next: Self) -> bool {
        use GroupState::*;
        matches!(
            (self, next),
            (Empty | Stable | CompletingRebalance, PreparingRebalance)
                | (PreparingRebalance, CompletingRebalance | Empty)
                | (CompletingRebalance, Stable)
        )
    }
}

/// The wait before a group's first generation, for more members to come.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub(super) struct InitialDelay {
    /// The delay that runs.
    pub delay_ms: i64,
    /// What further delays may add up to.
    pub remaining_ms: i64,
}

/// A member that was given an id and has not come back with it yet.
#[derive(Clone, Debug)]
pub(super) struct PendingMember {
    pub id: MemberId,
    pub deadline_us: Micros,
}

/// An offset that a group has committed, and when.
#[derive(Copy, Clone, Debug)]
pub(super) struct Committed {
    pub position: OffsetAndEpoch,
    pub timestamp_ms: i64,
}

/// A classic group.
#[derive(Clone, Debug)]
pub(super) struct ClassicGroup {
    pub id: Arc<str>,
    /// Its partition of `__consumer_offsets`.
    pub log: TopicPartition,
    pub state: GroupState,
    pub generation: i32,
    /// The chosen assignor.
    pub protocol: Option<Arc<str>>,
    pub leader: Option<MemberId>,
    /// In the order in which they came.
    pub members: Vec<Member>,
    pub pending_joins: Vec<PendingMember>,
    /// Members that have not sent SyncGroup in this generation yet.
    pub pending_syncs: SortedSet<MemberId>,
    /// The rebalance that is prepared began when the group was empty (`previousState`).
    pub was_empty: bool,
    /// The delay that runs before the first generation since the group was empty.
    pub initial: Option<InitialDelay>,
    /// A member came while a first generation was prepared. Kafka forgets it only when it makes a
    /// delay longer.
    pub new_member_added: bool,
    pub committed: SortedMap<TopicPartition, Committed>,
    /// What open transactions will have committed, by producer id and epoch.
    pub transactional: SortedMap<(i64, i16), SortedMap<TopicPartition, Committed>>,
    /// When its last member went; `None`: there never was one, only offsets (a "simple" group).
    pub empty_since_ms: Option<i64>,
    /// Set for a group of the consumer protocol, which has only its offsets here.
    pub consumer: Option<Box<ConsumerGroup>>,
    /// End of the rebalance phase: initial delay, rebalance timeout or wait for SyncGroups.
    pub rebalance_timer: Option<(Timer, Micros)>,
    /// Wakes at or before the earliest deadline of a member.
    pub session_timer: Option<(Timer, Micros)>,
    /// Buckets Java's HashMap of members would have.
    buckets: u32,
}

impl ClassicGroup {
    pub(super) fn new(id: Arc<str>, log: TopicPartition) -> Self {
        Self {
            id,
            log,
            state: GroupState::Empty,
            generation: 0,
            protocol: None,
            leader: None,
            members: Vec::new(),
            pending_joins: Vec::new(),
            pending_syncs: SortedSet::new(),
            was_empty: false,
            initial: None,
            new_member_added: false,
            committed: SortedMap::new(),
            transactional: SortedMap::new(),
            empty_since_ms: None,
            consumer: None,
            rebalance_timer: None,
            session_timer: None,
            buckets: 16,
        }
    }

    /// Only its offsets stay.
    pub(super) fn forget_members(&mut self) {
        let committed = std::mem::take(&mut self.committed);
        *self = Self { committed, ..Self::new(self.id.clone(), self.log) };
    }

    pub(super) fn transition_to(&mut self, next: GroupState) {
        debug_assert!(self.state.may_become(next), "{:?} to {next:?}", self.state);
        self.state = next;
    }

    pub(super) fn member(&self, id: &str) -> Option<&Member> {
        self.members.iter().find(|member| &*member.id == id)
    }

    pub(super) fn member_mut(&mut self, id: &str) -> Option<&mut Member> {
        self.members.iter_mut().find(|member| &*member.id == id)
    }

    pub(super) fn static_member(&self, instance: &str) -> Option<&Member> {
        self.members.iter().find(|member| member.group_instance_id.as_deref() == Some(instance))
    }

    pub(super) fn is_pending(&self, id: &str) -> bool {
        self.pending_joins.iter().any(|pending| &*pending.id == id)
    }

    pub(super) fn is_leader(&self, id: &str) -> bool {
        self.leader.as_deref() == Some(id)
    }

    /// The first member becomes the leader.
    pub(super) fn add(&mut self, member: Member) {
        debug_assert!(self.member(&member.id).is_none());
        self.pending_joins.retain(|pending| pending.id != member.id);
        self.leader.get_or_insert_with(|| member.id.clone());
        self.members.push(member);
        while self.members.len() * 4 > self.buckets as usize * 3 {
            self.buckets *= 2;
        }
    }

    /// If the leader goes, the next is the first in the order of Java's HashMap.
    pub(super) fn remove(&mut self, id: &str) -> Option<Member> {
        self.pending_joins.retain(|pending| &*pending.id != id);
        self.pending_syncs.remove(id);
        let index = self.members.iter().position(|member| &*member.id == id)?;
        let member = self.members.remove(index);
        if self.is_leader(id) {
            let buckets = self.buckets;
            let next = self.members.iter().min_by_key(|m| hash_map_bucket(&m.id, buckets));
            self.leader = next.map(|member| member.id.clone());
        }
        Some(member)
    }

    /// A leader that did not rejoin makes way for a member that did. False: nobody rejoined, or
    /// there is nobody.
    pub(super) fn maybe_elect_new_joined_leader(&mut self) -> bool {
        let joined = |member: &&Member| member.joining.is_some();
        let Some(leader) = &self.leader else { return false };
        if self.member(leader).is_some_and(|member| member.joining.is_some()) {
            return true;
        }
        let buckets = self.buckets;
        let next = self
            .members
            .iter()
            .filter(joined)
            .min_by_key(|m| hash_map_bucket(&m.id, buckets))
            .map(|member| member.id.clone());
        let elected = next.is_some();
        self.leader = next.or(self.leader.take());
        elected
    }

    pub(super) fn awaiting_join(&self) -> usize {
        self.members.iter().filter(|member| member.joining.is_some()).count()
    }

    pub(super) fn has_all_members_joined(&self) -> bool {
        self.pending_joins.is_empty() && self.awaiting_join() == self.members.len()
    }

    /// Longest max.poll.interval.ms of a member.
    pub(super) fn rebalance_timeout_ms(&self) -> i64 {
        self.members.iter().map(|member| member.rebalance_timeout_ms).max().unwrap_or(0)
    }

    /// Whether some assignor of `protocols` is supported by every member.
    pub(super) fn supports_protocols(&self, protocols: &[(Arc<str>, Subscription)]) -> bool {
        if self.state == GroupState::Empty {
            return !protocols.is_empty();
        }
        protocols.iter().any(|(name, _)| self.members.iter().all(|member| member.supports(name)))
    }

    /// Each member votes for the first of its assignors that all support; most votes win, and of
    /// equals the first in the order of Java's HashMap.
    pub(super) fn select_protocol(&self) -> Option<Arc<str>> {
        let is_candidate =
            |name: &Arc<str>| self.members.iter().all(|member| member.supports(name));
        let mut votes: Vec<(&Arc<str>, usize)> = Vec::new();
        for member in &self.members {
            let supported = member.protocols.iter().map(|(name, _)| name);
            let vote = supported.into_iter().find(|name| is_candidate(name))?;
            match votes.iter_mut().find(|(name, _)| *name == vote) {
                Some((_, count)) => *count += 1,
                None => votes.push((vote, 1)),
            }
        }
        let most = votes.iter().map(|&(_, count)| count).max()?;
        let table = JavaHashTable::default().with(votes.iter().map(|(name, _)| java_hash(name)));
        let mut in_order = table.order().into_iter().map(|place| votes[place]);
        in_order.find(|&(_, count)| count == most).map(|(name, _)| name.clone())
    }

    /// The common checks of requests of a member: static identity, membership, generation.
    pub(super) fn validate_member(
        &self,
        id: &str,
        instance: Option<&str>,
    ) -> Result<(), ErrorCode> {
        if let Some(instance) = instance {
            let known = self.static_member(instance).ok_or(ErrorCode::UnknownMemberId)?;
            if &*known.id != id {
                return Err(ErrorCode::FencedInstanceId);
            }
        }
        self.member(id).map(|_| ()).ok_or(ErrorCode::UnknownMemberId)
    }

    /// [`Self::validate_member`], and its generation is the group's.
    pub(super) fn validate_generation(
        &self,
        id: &str,
        instance: Option<&str>,
        generation: i32,
    ) -> Result<(), ErrorCode> {
        self.validate_member(id, instance)?;
        if generation == self.generation { Ok(()) } else { Err(ErrorCode::IllegalGeneration) }
    }

    /// All members, as the group leader sees them.
    pub(super) fn member_list(&self) -> Vec<GroupMember> {
        let protocol = self.protocol.as_deref().unwrap_or_default();
        self.members.iter().map(|member| member.as_seen_by_leader(protocol)).collect()
    }

    /// When the session of each member ends, and of each pending one.
    pub(super) fn deadlines(&self) -> impl Iterator<Item = (Micros, &MemberId)> {
        let members = self.members.iter().map(|member| (member.deadline_us, &member.id));
        let pending = self.pending_joins.iter().map(|pending| (pending.deadline_us, &pending.id));
        members.chain(pending).filter(|&(deadline_us, _)| deadline_us < NEVER)
    }

    /// When the coordinator has to look after this group.
    pub(super) fn earliest_deadline_us(&self) -> Option<Micros> {
        let classic = self.deadlines().map(|(deadline_us, _)| deadline_us);
        let consumer = self.consumer.iter().flat_map(|group| group.deadlines());
        classic.chain(consumer).min()
    }

    /// Whose session ended first, of those that ended by now.
    pub(super) fn next_expired(&self, now: Micros) -> Option<MemberId> {
        let earliest = self.deadlines().min_by_key(|&(deadline_us, _)| deadline_us);
        earliest.filter(|&(deadline_us, _)| deadline_us <= now).map(|(_, id)| id.clone())
    }
}
