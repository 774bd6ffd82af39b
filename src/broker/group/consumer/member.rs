//! A member of a group of the consumer protocol, as its coordinator remembers it.

use std::sync::Arc;

use crate::engine::{Micros, NodeId, SortedMap, SortedSet};
use crate::protocol::{MemberId, TopicId, TopicPartition};

/// Partitions, each with the epoch in which the member got it.
pub type Epochs = SortedMap<TopicPartition, i32>;

/// Kafka's `MemberState`, but for UNKNOWN, which no coordinator writes.
#[derive(Copy, Clone, Debug, Default, PartialEq, Eq)]
pub enum ConsumerMemberState {
    /// It has what its epoch's target gives it.
    #[default]
    Stable,
    /// It shall give partitions up and has not said that it did.
    UnrevokedPartitions,
    /// Others still hold partitions of its target.
    UnreleasedPartitions,
}

impl ConsumerMemberState {
    /// Name as Kafka spells it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Stable => "STABLE",
            Self::UnrevokedPartitions => "UNREVOKED_PARTITIONS",
            Self::UnreleasedPartitions => "UNRELEASED_PARTITIONS",
        }
    }

    /// Number in ConsumerGroupCurrentMemberAssignment.
    pub(super) fn code(self) -> i8 {
        match self {
            Self::Stable => 0,
            Self::UnrevokedPartitions => 1,
            Self::UnreleasedPartitions => 2,
        }
    }

    pub(super) fn of_code(code: i8) -> Self {
        match code {
            1 => Self::UnrevokedPartitions,
            2 => Self::UnreleasedPartitions,
            _ => Self::Stable,
        }
    }
}

/// What a member says of itself (ConsumerGroupMemberMetadataValue).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MemberMetadata {
    pub instance_id: Option<Arc<str>>,
    pub rack_id: Option<Arc<str>>,
    pub client_id: Arc<str>,
    pub node: NodeId,
    /// max.poll.interval.ms
    pub rebalance_timeout_ms: i64,
    /// group.remote.assignor
    pub server_assignor: Option<Arc<str>>,
    pub topics: SortedSet<Arc<str>>,
}

/// A member (Kafka's `ConsumerGroupMember`).
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in super::super) struct ConsumerMember {
    pub id: MemberId,
    pub metadata: MemberMetadata,
    pub state: ConsumerMemberState,
    pub epoch: i32,
    pub previous_epoch: i32,
    pub assigned: Epochs,
    pub pending_revocation: Epochs,
    /// When its session ends.
    pub session_deadline_us: Option<Micros>,
    /// Until when it must have given partitions up, and in which epoch it was told to.
    pub rebalance_deadline: Option<(Micros, i32)>,
}

impl ConsumerMember {
    pub(super) fn new(id: MemberId) -> Self {
        Self {
            id,
            metadata: MemberMetadata {
                instance_id: None,
                rack_id: None,
                client_id: "".into(),
                node: NodeId(0),
                rebalance_timeout_ms: -1,
                server_assignor: None,
                topics: SortedSet::new(),
            },
            state: ConsumerMemberState::Stable,
            epoch: 0,
            previous_epoch: 0,
            assigned: Epochs::new(),
            pending_revocation: Epochs::new(),
            session_deadline_us: None,
            rebalance_deadline: None,
        }
    }

    /// It moves to an epoch, be it the one in which it is.
    pub(super) fn update_epoch(&mut self, epoch: i32) {
        self.previous_epoch = self.epoch;
        self.epoch = epoch;
    }

    pub(super) fn is_reconciled_to(&self, epoch: i32) -> bool {
        self.state == ConsumerMemberState::Stable && self.epoch == epoch
    }

    /// Whether it still holds a partition, or may.
    pub(super) fn holds(&self, tp: &TopicPartition) -> bool {
        self.assigned.contains_key(tp) || self.pending_revocation.contains_key(tp)
    }

    /// Whether the log would say the same of both.
    pub(super) fn is_as_current_as(&self, other: &Self) -> bool {
        (self.state, self.epoch, self.previous_epoch)
            == (other.state, other.epoch, other.previous_epoch)
            && self.assigned == other.assigned
            && self.pending_revocation == other.pending_revocation
    }

    /// The topics it subscribes to, of those that `id_of` knows.
    pub(super) fn topic_ids(&self, id_of: impl Fn(&str) -> Option<TopicId>) -> SortedSet<TopicId> {
        self.metadata.topics.iter().filter_map(|topic| id_of(topic)).collect()
    }
}
