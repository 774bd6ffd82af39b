//! The assigned partitions and where the consumer stands in each (Kafka's `SubscriptionState`).

use crate::engine::{Micros, NodeId, SortedSet, sort_by_key};
use crate::events::PositionReason;
use crate::protocol::{ClusterMetadata, OffsetAndEpoch, OffsetSpec, TopicPartition};

/// Where the consumer stands in a partition.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub(super) enum Position {
    /// The committed offset is to be looked up.
    Initializing,
    /// There is none: to be looked up by auto.offset.reset.
    AwaitReset {
        spec: OffsetSpec,
        reason: PositionReason,
        /// The leader that has been asked.
        asked: Option<NodeId>,
    },
    /// Known, but a leader of a later epoch has to confirm it first (KIP-320).
    AwaitValidation {
        offset: i64,
        /// Number of the request that asks for it.
        asked: Option<u32>,
    },
    /// Next offset poll() returns.
    At(i64),
}

impl Position {
    /// The offset, when it is known.
    pub(super) fn offset(self) -> Option<i64> {
        match self {
            Self::At(offset) | Self::AwaitValidation { offset, .. } => Some(offset),
            Self::Initializing | Self::AwaitReset { .. } => None,
        }
    }
}

/// An assigned partition.
#[derive(Clone, Debug)]
pub(super) struct Assigned {
    pub tp: TopicPartition,
    pub position: Position,
    /// Next offset the application has not finished with; follows the position.
    pub unprocessed: i64,
    /// librdkafka: what its timer commits (`rd_kafka_offset_store`).
    pub stored: Option<i64>,
    /// `None`: unknown, or found to be wrong.
    pub leader: Option<NodeId>,
    /// Newest leader epoch heard of.
    pub leader_epoch: i32,
    /// Leader epoch of the last record before the position; -1 unknown.
    pub offset_epoch: i32,
    /// Leader epoch in which the position was found or confirmed.
    confirmed_epoch: i32,
    /// It is about to be revoked, and others are not: it is not fetched or returned any more.
    pub is_paused: bool,
    /// The application does not want it before this time, in virtual µs (pause()).
    pub resumes_us: Option<Micros>,
    /// The application does not want it before it has read what belongs to it.
    pub is_held: bool,
    /// The leader's, as far as an application has asked to know.
    pub high_watermark: i64,
    /// The follower that the leader sent the consumer to (KIP-392), and until when that holds.
    pub preferred: Option<(NodeId, Micros)>,
}

impl Assigned {
    /// A partition whose position is to be found.
    fn new(tp: TopicPartition) -> Self {
        Self {
            tp,
            position: Position::Initializing,
            unprocessed: 0,
            stored: None,
            leader: None,
            leader_epoch: -1,
            offset_epoch: -1,
            confirmed_epoch: -1,
            is_paused: false,
            resumes_us: None,
            is_held: false,
            high_watermark: -1,
            preferred: None,
        }
    }

    /// Whether it is to be fetched and returned.
    pub(super) fn is_wanted(&self) -> bool {
        !self.is_paused && self.resumes_us.is_none() && !self.is_held
    }

    /// Whom it is fetched from (`AbstractFetch.selectReadReplica`).
    pub(super) fn read_replica(&self) -> Option<NodeId> {
        let leader = self.leader.filter(|_| self.is_wanted())?;
        Some(self.preferred.map_or(leader, |(replica, _)| replica))
    }
}

/// The assigned partitions, ordered.
#[derive(Clone, Debug, Default)]
pub(super) struct Subscription {
    pub partitions: Vec<Assigned>,
    /// They are about to be revoked: nothing is fetched or returned any more.
    pub pending_revocation: bool,
    /// How many have no position yet.
    without_position: usize,
}

impl Subscription {
    /// What it owns, in order.
    pub(super) fn owned(&self) -> Vec<TopicPartition> {
        self.partitions.iter().map(|assigned| assigned.tp).collect()
    }

    /// These it keeps; nothing is read of the others any more.
    pub(super) fn pause_all_but(&mut self, kept: &SortedSet<TopicPartition>) {
        for assigned in &mut self.partitions {
            assigned.is_paused = !kept.contains(&assigned.tp);
        }
    }

    /// Gives the others back.
    pub(super) fn release_all_but(
        &mut self,
        kept: &SortedSet<TopicPartition>,
    ) -> Vec<TopicPartition> {
        self.pending_revocation = false;
        let all = std::mem::take(&mut self.partitions);
        let (kept, gone): (Vec<_>, Vec<_>) =
            all.into_iter().partition(|assigned| kept.contains(&assigned.tp));
        self.partitions = kept;
        self.count_positions();
        gone.into_iter().map(|assigned| assigned.tp).collect()
    }

    /// Takes what of these it does not have yet; their positions are to be found.
    pub(super) fn assign_more(&mut self, tps: &SortedSet<TopicPartition>) -> Vec<TopicPartition> {
        let new: Vec<_> = tps.iter().copied().filter(|&tp| self.get(tp).is_none()).collect();
        self.partitions.extend(new.iter().map(|&tp| Assigned::new(tp)));
        sort_by_key(&mut self.partitions, |assigned| assigned.tp);
        self.count_positions();
        new
    }

    fn count_positions(&mut self) {
        let is_lost = |assigned: &&Assigned| !matches!(assigned.position, Position::At(_));
        self.without_position = self.partitions.iter().filter(is_lost).count();
    }

    fn index(&self, tp: TopicPartition) -> Option<usize> {
        self.partitions.binary_search_by_key(&tp, |assigned| assigned.tp).ok()
    }

    pub(super) fn get(&self, tp: TopicPartition) -> Option<&Assigned> {
        self.index(tp).map(|index| &self.partitions[index])
    }

    pub(super) fn get_mut(&mut self, tp: TopicPartition) -> Option<&mut Assigned> {
        self.index(tp).map(|index| &mut self.partitions[index])
    }

    /// Next offset poll() returns of a partition.
    pub(super) fn position(&self, tp: TopicPartition) -> Option<i64> {
        match self.get(tp)?.position {
            Position::At(offset) => Some(offset),
            _ => None,
        }
    }

    pub(super) fn set_position(&mut self, tp: TopicPartition, position: Position) {
        let Some(index) = self.index(tp) else { return };
        let assigned = &mut self.partitions[index];
        let before = std::mem::replace(&mut assigned.position, position);
        if let Some(offset) = position.offset() {
            // What is at work stays so; a position that goes back takes it along.
            let at_work = before.offset().map(|_| assigned.unprocessed);
            assigned.unprocessed = at_work.map_or(offset, |at_work| at_work.min(offset));
        }
        let is_good = |position| matches!(position, Position::At(_));
        match (is_good(before), is_good(position)) {
            (false, true) => self.without_position -= 1,
            (true, false) => self.without_position += 1,
            _ => {}
        }
    }

    /// The consumer goes on at `offset`, which follows a record of `offset_epoch` (-1: unknown).
    /// Unless the present leader told it so, the leader has to confirm it.
    pub(super) fn seek(
        &mut self,
        tp: TopicPartition,
        offset: i64,
        offset_epoch: i32,
        is_confirmed: bool,
    ) {
        let Some(assigned) = self.get_mut(tp) else { return };
        assigned.offset_epoch = offset_epoch;
        if is_confirmed {
            assigned.confirmed_epoch = assigned.leader_epoch;
            return self.set_position(tp, Position::At(offset));
        }
        assigned.confirmed_epoch = -1;
        self.set_position(tp, Position::At(offset));
        self.maybe_validate(tp);
    }

    /// A position that follows a record of a known epoch has to be confirmed by each new leader
    /// (`maybeValidatePositionForCurrentLeader`).
    pub(super) fn maybe_validate(&mut self, tp: TopicPartition) {
        let Some(assigned) = self.get_mut(tp) else { return };
        let (epoch, is_led) = (assigned.leader_epoch, assigned.leader.is_some());
        let Some(offset) = assigned.position.offset().filter(|_| is_led) else { return };
        if assigned.confirmed_epoch == epoch {
            return;
        }
        assigned.confirmed_epoch = epoch;
        assigned.preferred = None;
        let position = match assigned.offset_epoch >= 0 {
            true => Position::AwaitValidation { offset, asked: None },
            false => Position::At(offset),
        };
        self.set_position(tp, position);
    }

    pub(super) fn has_all_positions(&self) -> bool {
        self.without_position == 0
    }

    /// What a commit without arguments commits: every position (`allConsumed`).
    pub(super) fn all_consumed(&self) -> Vec<(TopicPartition, OffsetAndEpoch)> {
        let position = |assigned: &Assigned| match assigned.position {
            Position::At(offset) => {
                let leader_epoch = assigned.offset_epoch;
                Some((assigned.tp, OffsetAndEpoch { offset, leader_epoch }))
            }
            _ => None,
        };
        self.partitions.iter().filter_map(position).collect()
    }

    /// What librdkafka commits: what is stored, of partitions that something was read from.
    pub(super) fn all_stored(&self) -> Vec<(TopicPartition, OffsetAndEpoch)> {
        let stored = |assigned: &Assigned| {
            let (offset, leader_epoch) = (assigned.stored?, assigned.offset_epoch);
            Some((assigned.tp, OffsetAndEpoch { offset, leader_epoch }))
        };
        self.partitions.iter().filter_map(stored).collect()
    }

    /// The application stops in the middle of what poll() returned, and seeks back to the first
    /// record it has not processed.
    pub(super) fn rewind_to_unprocessed(&mut self) {
        for assigned in &mut self.partitions {
            if let Position::At(offset) = &mut assigned.position {
                *offset = assigned.unprocessed.min(*offset);
            }
        }
    }

    /// The application goes back to `offset`, and does not want the partition before `until_us`.
    pub(super) fn pause_until(&mut self, tp: TopicPartition, offset: i64, until_us: Micros) {
        if self.position(tp).is_some() {
            self.seek(tp, offset, -1, true);
        }
        if let Some(assigned) = self.get_mut(tp) {
            assigned.resumes_us = Some(until_us);
        }
    }

    /// What the application wants again now, it gets. Returns whether there is any.
    pub(super) fn resume(&mut self, now: Micros) -> bool {
        let mut has_resumed = false;
        for assigned in &mut self.partitions {
            if assigned.resumes_us.is_some_and(|at_us| at_us <= now) {
                assigned.resumes_us = None;
                has_resumed = true;
            }
        }
        has_resumed
    }

    /// Takes over leaders from new metadata, but for what is older than what is known. Returns
    /// whether anything changed.
    pub(super) fn update_leaders(&mut self, cluster: &ClusterMetadata) -> bool {
        let mut changed = false;
        for assigned in &mut self.partitions {
            let Some(partition) = cluster.partition(assigned.tp) else { continue };
            if partition.leader_epoch < assigned.leader_epoch {
                continue;
            }
            changed |= (assigned.leader, assigned.leader_epoch)
                != (partition.leader, partition.leader_epoch);
            assigned.leader = partition.leader;
            assigned.leader_epoch = partition.leader_epoch;
        }
        for index in 0..self.partitions.len() {
            self.maybe_validate(self.partitions[index].tp);
        }
        changed
    }
}
