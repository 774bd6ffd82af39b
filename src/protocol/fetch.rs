//! Fetch (consumers and followers) and ListOffsets.
//!
//! Fetches are incremental (KIP-227): a session remembers the partitions and positions, so an idle
//! long poll names nothing and costs the same for one partition as for fifty.

use std::sync::Arc;

use super::{ErrorCode, TopicPartition};
use crate::engine::NodeId;
use crate::record::LoggedBatch;

/// A partition to add to the session, or whose position has changed.
#[derive(Copy, Clone, Debug)]
pub struct FetchPartition {
    /// The partition.
    pub tp: TopicPartition,
    /// First offset wanted.
    pub fetch_offset: i64,
    /// Followers: epoch of the last record of the own log, -1 when it is empty (KIP-595).
    pub last_fetched_epoch: i32,
    /// Followers: start of the own log; -1 for consumers.
    pub log_start_offset: i64,
    /// Leader epoch the fetcher knows; -1 skips the check.
    pub current_leader_epoch: i32,
    /// Most bytes for this partition.
    pub max_bytes: u32,
}

/// What differs from the session so far.
#[derive(Clone, Debug, Default)]
pub struct FetchChanges {
    /// New partitions and moved positions.
    pub partitions: Vec<FetchPartition>,
    /// Partitions to forget.
    pub forgotten: Vec<TopicPartition>,
}

/// A follower's identity in a fetch.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub struct ReplicaState {
    /// The follower.
    pub replica: NodeId,
    /// Its broker epoch, so that a previous incarnation is not taken for it.
    pub broker_epoch: i64,
}

/// A long poll for data.
#[derive(Clone, Debug)]
pub struct FetchRequest {
    /// Set when a follower asks, `None` for a consumer.
    pub replica: Option<ReplicaState>,
    /// Consumers: client.rack, by which the leader may know a nearer replica (KIP-392).
    pub rack: Option<Arc<str>>,
    /// 0 opens a new session (then `changes` names every partition); afterwards 1, 2, ...
    pub session_epoch: u32,
    /// Longest wait for `min_bytes`, in ms.
    pub max_wait_ms: u32,
    /// Answer as soon as this much is there.
    pub min_bytes: u32,
    /// Most bytes of the whole response.
    pub max_bytes: u32,
    /// read_committed: up to the last stable offset only.
    pub read_committed: bool,
    /// `None`: as before.
    pub changes: Option<Box<FetchChanges>>,
}

/// What a fetch says about one partition. A partition of which there is nothing new is left out.
#[derive(Clone, Debug)]
pub struct FetchPartitionResponse {
    /// The partition.
    pub tp: TopicPartition,
    /// `None` on success.
    pub error: Option<ErrorCode>,
    /// The leader's high watermark (see the rule on immediate and parked responses in the broker).
    pub high_watermark: i64,
    /// Last stable offset.
    pub last_stable_offset: i64,
    /// First offset of the leader's log.
    pub log_start_offset: i64,
    /// Followers: where the logs diverge, as (epoch, end offset); then there is no data.
    pub diverging_epoch: Option<(i32, i64)>,
    /// Whole batches from the one that holds the fetch offset on.
    pub batches: Vec<LoggedBatch>,
    /// read_committed: producer ids and first offsets of the aborted transactions that reach into
    /// the batches, by first offset.
    pub aborted: Vec<(i64, i64)>,
    /// On NOT_LEADER_OR_FOLLOWER and FENCED_LEADER_EPOCH: leader and epoch the broker knows.
    pub current_leader: Option<(NodeId, i32)>,
    /// Consumers: the follower to read from instead; then there is no data (KIP-392).
    pub preferred_read_replica: Option<NodeId>,
}

/// Answer to a [`FetchRequest`].
#[derive(Clone, Debug)]
pub struct FetchResponse {
    /// FETCH_SESSION_ID_NOT_FOUND makes the client open a new session.
    pub error: Option<ErrorCode>,
    /// Partitions with data, errors or a changed high watermark.
    pub partitions: Vec<FetchPartitionResponse>,
}

/// DeleteRecords of one partition.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub struct DeleteRecordsRequest {
    /// The partition.
    pub tp: TopicPartition,
    /// Records below it are to go; [`HIGH_WATERMARK`]: all that are committed.
    pub offset: i64,
}

/// As an offset in [`DeleteRecordsRequest`]: the high watermark.
pub const HIGH_WATERMARK: i64 = -1;

/// Which offset ListOffsets shall look up.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub enum OffsetSpec {
    /// Log start offset.
    Earliest,
    /// High watermark (read_uncommitted) or last stable offset (read_committed).
    Latest,
    /// First offset with a timestamp of at least this many ms since the Unix epoch.
    Timestamp(i64),
}

/// Looks offsets up on the leader.
#[derive(Clone, Debug)]
pub struct ListOffsetsRequest {
    /// Partitions and what to look up in each.
    pub partitions: Vec<(TopicPartition, OffsetSpec)>,
    /// read_committed: Latest is the last stable offset.
    pub read_committed: bool,
}

/// Answer to ListOffsets: error or offset for each partition; offset -1: none found.
#[derive(Clone, Debug)]
pub struct ListOffsetsResponse {
    /// In request order.
    pub partitions: Vec<(TopicPartition, Result<i64, ErrorCode>)>,
}

/// A partition of OffsetForLeaderEpoch.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub struct OffsetForLeaderPartition {
    /// The partition.
    pub tp: TopicPartition,
    /// Leader epoch the client knows.
    pub current_leader_epoch: i32,
    /// Epoch of the last record the client has read.
    pub leader_epoch: i32,
}

/// Asks a leader where epochs of its log end (KIP-320).
#[derive(Clone, Debug)]
pub struct OffsetForLeaderEpochRequest {
    /// What is asked.
    pub partitions: Vec<OffsetForLeaderPartition>,
}

/// The latest epoch of a log that is not above the one asked for, and where it ends (EpochEndOffset);
/// `None`: the log knows nothing of it.
pub type EpochEnd = Option<(i32, i64)>;

/// Answer to OffsetForLeaderEpoch.
#[derive(Clone, Debug)]
pub struct OffsetForLeaderEpochResponse {
    /// In request order.
    pub partitions: Vec<(TopicPartition, Result<EpochEnd, ErrorCode>)>,
}
