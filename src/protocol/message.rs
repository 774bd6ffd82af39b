//! The envelope every message travels in.

use std::sync::Arc;

use super::*;
use crate::engine::{Micros, NodeId};
use crate::events::EventId;

/// Which of the connections between two nodes a message takes. A client opens one for data and one
/// to its group coordinator; a broker one to each leader it follows and one to the controller.
#[derive(Copy, Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Channel {
    /// Produce, consumer fetch, metadata.
    Data,
    /// Group membership and commits.
    Coordinator,
    /// Follower fetch.
    Replica,
    /// To and from the controller.
    Control,
    /// The same as `Data`, of a producer that lives in one process with a consumer; such a process
    /// has as many of them as it has producers, numbered from 0.
    Output(u8),
}

impl Channel {
    /// Its number among the streams between two nodes.
    pub fn number(self) -> u8 {
        match self {
            Self::Data => 0,
            Self::Coordinator => 1,
            Self::Replica => 2,
            Self::Control => 3,
            Self::Output(number) => 4 + number,
        }
    }
}

/// A request.
#[derive(Clone, Debug)]
pub enum Request {
    /// Produce
    Produce(Box<ProduceRequest>),
    /// Fetch
    Fetch(FetchRequest),
    /// ListOffsets
    ListOffsets(Box<ListOffsetsRequest>),
    /// DeleteRecords
    DeleteRecords(DeleteRecordsRequest),
    /// OffsetForLeaderEpoch
    OffsetForLeaderEpoch(Box<OffsetForLeaderEpochRequest>),
    /// Metadata of all topics.
    Metadata,
    /// InitProducerId; `None`: without a transactional id.
    InitProducerId(Option<Box<InitProducerIdRequest>>),
    /// AddPartitionsToTxn
    AddPartitionsToTxn(Box<AddPartitionsToTxnRequest>),
    /// EndTxn
    EndTxn(Box<EndTxnRequest>),
    /// WriteTxnMarkers
    WriteTxnMarkers(Box<TxnMarker>),
    /// FindCoordinator
    FindCoordinator(Box<FindCoordinatorRequest>),
    /// JoinGroup
    JoinGroup(Box<JoinGroupRequest>),
    /// SyncGroup
    SyncGroup(Box<SyncGroupRequest>),
    /// Heartbeat
    Heartbeat(Box<MemberIdentity>),
    /// LeaveGroup
    LeaveGroup(Box<MemberIdentity>),
    /// ConsumerGroupHeartbeat
    ConsumerGroupHeartbeat(Box<ConsumerGroupHeartbeatRequest>),
    /// OffsetCommit
    OffsetCommit(Box<OffsetCommitRequest>),
    /// TxnOffsetCommit
    TxnOffsetCommit(Box<TxnOffsetCommitRequest>),
    /// OffsetFetch
    OffsetFetch(Box<OffsetFetchRequest>),
    /// BrokerRegistration
    BrokerRegistration(Box<BrokerRegistrationRequest>),
    /// BrokerHeartbeat
    BrokerHeartbeat(BrokerHeartbeatRequest),
    /// AlterPartition
    AlterPartition(Box<AlterPartitionRequest>),
    /// New metadata records; has no response.
    MetadataUpdate(Box<MetadataUpdate>),
    /// CreateTopics, IncrementalAlterConfigs, ElectLeaders
    Admin(Box<AdminRequest>),
    /// Vote, BeginQuorumEpoch and Fetch between controllers
    Quorum(Box<QuorumRequest>),
}

/// A response.
#[derive(Clone, Debug)]
pub enum Response {
    /// Produce
    Produce(Box<ProduceResponse>),
    /// Fetch
    Fetch(FetchResponse),
    /// ListOffsets
    ListOffsets(Box<ListOffsetsResponse>),
    /// DeleteRecords: the log start now, or why not.
    DeleteRecords(Result<i64, ErrorCode>),
    /// OffsetForLeaderEpoch
    OffsetForLeaderEpoch(Box<OffsetForLeaderEpochResponse>),
    /// Metadata
    Metadata(Arc<ClusterMetadata>),
    /// InitProducerId
    InitProducerId(InitProducerIdResponse),
    /// AddPartitionsToTxn: `None` on success.
    AddPartitionsToTxn(Option<ErrorCode>),
    /// EndTxn: the id and epoch of the next transaction.
    EndTxn(InitProducerIdResponse),
    /// WriteTxnMarkers: for each partition `None` on success.
    WriteTxnMarkers(Vec<(TopicPartition, Option<ErrorCode>)>),
    /// FindCoordinator
    FindCoordinator(FindCoordinatorResponse),
    /// JoinGroup
    JoinGroup(Box<JoinGroupResponse>),
    /// SyncGroup
    SyncGroup(Box<SyncGroupResponse>),
    /// Heartbeat
    Heartbeat(Option<ErrorCode>),
    /// LeaveGroup
    LeaveGroup(Option<ErrorCode>),
    /// ConsumerGroupHeartbeat
    ConsumerGroupHeartbeat(Box<ConsumerGroupHeartbeatResponse>),
    /// OffsetCommit
    OffsetCommit(Box<OffsetCommitResponse>),
    /// TxnOffsetCommit
    TxnOffsetCommit(Box<OffsetCommitResponse>),
    /// OffsetFetch
    OffsetFetch(Box<OffsetFetchResponse>),
    /// BrokerRegistration
    BrokerRegistration(BrokerRegistrationResponse),
    /// BrokerHeartbeat
    BrokerHeartbeat(BrokerHeartbeatResponse),
    /// AlterPartition
    AlterPartition(Box<AlterPartitionResponse>),
    /// Admin
    Admin(Box<AdminResponse>),
    /// Between controllers
    Quorum(Box<QuorumResponse>),
    /// NOT_CONTROLLER to whatever was asked, with the active controller if there is one known
    NotController(Option<NodeId>),
}

/// As a connection number in a [`Body::Disconnected`]: whichever is open.
pub const ANY_CONNECTION: u32 = u32::MAX;

/// What an envelope carries.
#[derive(Clone, Debug)]
pub enum Body {
    /// A request with the sender's correlation id.
    Request(u32, Request),
    /// The response to the request with this correlation id.
    Response(u32, Response),
    /// The peer's end of the connection is gone (process killed, or nobody listens).
    Disconnected,
}

/// A message between two nodes.
#[derive(Clone, Debug)]
pub struct Envelope {
    /// Sender.
    pub from: NodeId,
    /// Receiver.
    pub to: NodeId,
    /// Connection between the two.
    pub channel: Channel,
    /// Count of connections the client has opened on this channel: an older one is dead.
    pub connection: u32,
    /// When it left, in virtual µs.
    pub sent_us: Micros,
    /// Size on the wire, in bytes.
    pub bytes: u32,
    /// The trace event that led to it.
    pub cause: Option<EventId>,
    /// Content.
    pub body: Body,
}
