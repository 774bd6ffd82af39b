//! Group membership and committed offsets (classic protocol).

use std::sync::Arc;

use super::{ErrorCode, TopicId, TopicPartition};
use crate::engine::NodeId;

/// A member's id, given by the coordinator: `<client.id>-<uuid>`.
pub type MemberId = Arc<str>;

/// Which broker coordinates a group or a transactional id.
#[derive(Clone, Debug)]
pub struct FindCoordinatorRequest {
    /// group.id or transactional.id
    pub key: Arc<str>,
    /// Kafka's key type: it is a transactional id.
    pub is_transaction: bool,
}

/// Answer to FindCoordinator.
#[derive(Clone, Debug)]
pub struct FindCoordinatorResponse {
    /// The coordinator, or COORDINATOR_NOT_AVAILABLE.
    pub coordinator: Result<NodeId, ErrorCode>,
}

/// What a member subscribes to and owns (the metadata inside JoinGroup).
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Subscription {
    /// Topic names.
    pub topics: Vec<Arc<str>>,
    /// Owned partitions (cooperative).
    pub owned: Vec<TopicPartition>,
    /// Generation in which they were owned; -1 none.
    pub generation: i32,
    /// client.rack
    pub rack: Option<Arc<str>>,
    /// What the assignor adds.
    pub user_data: Option<UserData>,
}

/// What a sticky assignor remembers of a member, and sends along with its subscription.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum UserData {
    /// `StickyAssignor`: what it was assigned last.
    Previous {
        /// The partitions, as they came.
        partitions: Vec<TopicPartition>,
        /// In which generation.
        generation: i32,
    },
    /// `CooperativeStickyAssignor`: the generation in which it was assigned something last.
    Generation(i32),
}

/// JoinGroup.
#[derive(Clone, Debug)]
pub struct JoinGroupRequest {
    /// group.id
    pub group: Arc<str>,
    /// `None` for a new member.
    pub member_id: Option<MemberId>,
    /// group.instance.id of a static member.
    pub group_instance_id: Option<Arc<str>>,
    /// client.id, from which the coordinator makes the member id.
    pub client_id: Arc<str>,
    /// session.timeout.ms
    pub session_timeout_ms: i64,
    /// max.poll.interval.ms
    pub rebalance_timeout_ms: i64,
    /// Supported assignors in order of preference, each with the subscription.
    pub protocols: Vec<(Arc<str>, Subscription)>,
}

/// A member as the group leader sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GroupMember {
    /// Member id.
    pub member_id: MemberId,
    /// group.instance.id
    pub group_instance_id: Option<Arc<str>>,
    /// Its subscription.
    pub subscription: Subscription,
}

/// Answer to JoinGroup.
#[derive(Clone, Debug)]
pub struct JoinGroupResponse {
    /// `None` on success. With MEMBER_ID_REQUIRED, `member_id` is set.
    pub error: Option<ErrorCode>,
    /// The new generation.
    pub generation: i32,
    /// The chosen assignor.
    pub protocol: Arc<str>,
    /// Member id of the group leader.
    pub leader: MemberId,
    /// A static leader is back and the old assignment holds: it shall assign nothing.
    pub skip_assignment: bool,
    /// The receiver's member id.
    pub member_id: MemberId,
    /// All members; only for the leader.
    pub members: Vec<GroupMember>,
}

/// SyncGroup.
#[derive(Clone, Debug)]
pub struct SyncGroupRequest {
    /// group.id
    pub group: Arc<str>,
    /// Generation of the join.
    pub generation: i32,
    /// Sender.
    pub member_id: MemberId,
    /// group.instance.id
    pub group_instance_id: Option<Arc<str>>,
    /// The assignor that the sender knows as chosen.
    pub protocol: Option<Arc<str>>,
    /// Only from the leader: who gets what.
    pub assignments: Vec<(MemberId, Vec<TopicPartition>)>,
}

/// Answer to SyncGroup.
#[derive(Clone, Debug)]
pub struct SyncGroupResponse {
    /// `None` on success.
    pub error: Option<ErrorCode>,
    /// The chosen assignor.
    pub protocol: Option<Arc<str>>,
    /// The receiver's partitions.
    pub assignment: Vec<TopicPartition>,
}

/// Who speaks, in Heartbeat, LeaveGroup and OffsetCommit.
#[derive(Clone, Debug)]
pub struct MemberIdentity {
    /// group.id
    pub group: Arc<str>,
    /// Generation; -1 when not a member.
    pub generation: i32,
    /// Member id; empty when not a member.
    pub member_id: MemberId,
    /// group.instance.id
    pub group_instance_id: Option<Arc<str>>,
}

/// A position to commit, or a committed one.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub struct OffsetAndEpoch {
    /// Next offset to read.
    pub offset: i64,
    /// Leader epoch of the last record read; -1 unknown (KIP-320).
    pub leader_epoch: i32,
}

/// OffsetCommit.
#[derive(Clone, Debug)]
pub struct OffsetCommitRequest {
    /// Who commits.
    pub member: MemberIdentity,
    /// The position in each partition.
    pub offsets: Vec<(TopicPartition, OffsetAndEpoch)>,
}

/// Answer to OffsetCommit.
#[derive(Clone, Debug)]
pub struct OffsetCommitResponse {
    /// In request order; `None` on success.
    pub partitions: Vec<(TopicPartition, Option<ErrorCode>)>,
}

/// OffsetFetch.
#[derive(Clone, Debug)]
pub struct OffsetFetchRequest {
    /// group.id
    pub group: Arc<str>,
    /// Partitions of interest.
    pub partitions: Vec<TopicPartition>,
    /// UNSTABLE_OFFSET_COMMIT while an open transaction is about to commit some of them (KIP-447).
    pub require_stable: bool,
}

/// Answer to OffsetFetch.
#[derive(Clone, Debug)]
pub struct OffsetFetchResponse {
    /// Group-level error, such as NOT_COORDINATOR.
    pub error: Option<ErrorCode>,
    /// Committed offsets; `None` where nothing is committed.
    pub partitions: Vec<(TopicPartition, Option<OffsetAndEpoch>)>,
}

/// Member epoch of a member that leaves.
pub const LEAVE_GROUP_MEMBER_EPOCH: i32 = -1;
/// Member epoch of a static member that leaves and means to come back.
pub const LEAVE_GROUP_STATIC_MEMBER_EPOCH: i32 = -2;

/// ConsumerGroupHeartbeat (KIP-848). Fields that are `None` have not changed since the last one.
#[derive(Clone, Debug)]
pub struct ConsumerGroupHeartbeatRequest {
    /// group.id
    pub group: Arc<str>,
    /// A UUID that the member gave itself.
    pub member_id: MemberId,
    /// 0: joins; [`LEAVE_GROUP_MEMBER_EPOCH`] or [`LEAVE_GROUP_STATIC_MEMBER_EPOCH`]: leaves.
    pub member_epoch: i32,
    /// group.instance.id
    pub instance_id: Option<Arc<str>>,
    /// client.rack
    pub rack_id: Option<Arc<str>>,
    /// client.id
    pub client_id: Arc<str>,
    /// max.poll.interval.ms
    pub rebalance_timeout_ms: Option<i64>,
    /// Topics it subscribes to.
    pub topics: Option<Vec<Arc<str>>>,
    /// group.remote.assignor
    pub server_assignor: Option<Arc<str>>,
    /// What it owns.
    pub owned: Option<Vec<TopicPartition>>,
}

/// Answer to ConsumerGroupHeartbeat.
#[derive(Clone, Debug)]
pub struct ConsumerGroupHeartbeatResponse {
    /// `None` on success.
    pub error: Option<ErrorCode>,
    /// The receiver's member id.
    pub member_id: MemberId,
    /// The epoch in which it is from now on.
    pub member_epoch: i32,
    /// When it shall send the next one.
    pub heartbeat_interval_ms: i64,
    /// What it shall own, if that is news.
    pub assignment: Option<Vec<TopicPartition>>,
}

/// All partitions of a topic, in order: the input of assignors.
pub fn partitions_of(topic: TopicId, count: u16) -> impl Iterator<Item = TopicPartition> {
    (0..count).map(move |partition| TopicPartition { topic, partition })
}
