//! A member of a classic group, as its coordinator remembers it.

use std::sync::Arc;

use crate::broker::RequestToken;
use crate::engine::{Micros, NodeId};
use crate::protocol::{
    GroupMember, JoinGroupRequest, MemberId, OffsetAndEpoch, Subscription, TopicPartition,
};
use crate::record::Batch;

/// A deadline that never comes.
pub(super) const NEVER: Micros = Micros::MAX;

/// Offsets, and the batch that says so.
pub(super) type LastCommit = (Vec<(TopicPartition, OffsetAndEpoch)>, Arc<Batch>);

/// A member of a classic group (Kafka's `ClassicGroupMember`).
#[derive(Clone, Debug)]
pub(super) struct Member {
    pub id: MemberId,
    pub group_instance_id: Option<Arc<str>>,
    pub client_id: Arc<str>,
    /// The node it last joined from.
    pub node: NodeId,
    pub session_timeout_ms: i64,
    pub rebalance_timeout_ms: i64,
    pub protocols: Vec<(Arc<str>, Subscription)>,
    pub assignment: Vec<TopicPartition>,
    /// Its JoinGroup, parked until all have joined.
    pub joining: Option<RequestToken>,
    /// Its SyncGroup, parked until the leader has assigned.
    pub syncing: Option<RequestToken>,
    /// It waits for its first generation: the one time a parked member can expire.
    pub is_new: bool,
    /// When its session ends; [`NEVER`] while it is parked.
    pub deadline_us: Micros,
    /// What it committed last.
    pub last_commit: Option<LastCommit>,
}

impl Member {
    pub(super) fn new(
        id: MemberId,
        node: NodeId,
        request: &JoinGroupRequest,
        deadline_us: Micros,
    ) -> Self {
        Self {
            id,
            group_instance_id: request.group_instance_id.clone(),
            client_id: request.client_id.clone(),
            node,
            session_timeout_ms: request.session_timeout_ms,
            rebalance_timeout_ms: request.rebalance_timeout_ms,
            protocols: request.protocols.clone(),
            assignment: Vec::new(),
            joining: None,
            syncing: None,
            is_new: true,
            deadline_us,
            last_commit: None,
        }
    }

    /// Takes over what a later JoinGroup says.
    pub(super) fn update(&mut self, node: NodeId, request: &JoinGroupRequest) {
        self.node = node;
        self.session_timeout_ms = request.session_timeout_ms;
        self.rebalance_timeout_ms = request.rebalance_timeout_ms;
        self.protocols = request.protocols.clone();
    }

    /// A sign of life: its session begins anew.
    pub(super) fn renew_session(&mut self, now: Micros) {
        self.deadline_us = now + self.session_timeout_ms.max(0) as u64 * 1000;
    }

    /// Whether a passed deadline may be overlooked: who is parked is alive.
    pub(super) fn has_satisfied_heartbeat(&self) -> bool {
        !self.is_new && (self.joining.is_some() || self.syncing.is_some())
    }

    pub(super) fn supports(&self, protocol: &str) -> bool {
        self.protocols.iter().any(|(name, _)| &**name == protocol)
    }

    /// The member as the group leader sees it.
    pub(super) fn as_seen_by_leader(&self, protocol: &str) -> GroupMember {
        let subscription = self.protocols.iter().find(|(name, _)| &**name == protocol);
        GroupMember {
            member_id: self.id.clone(),
            group_instance_id: self.group_instance_id.clone(),
            subscription: subscription.map(|(_, s)| s.clone()).unwrap_or_default(),
        }
    }
}
