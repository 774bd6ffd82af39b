//! Cluster metadata: what clients ask for, and the records by which brokers learn of changes.

use std::sync::Arc;

use super::{ErrorCode, TopicId, TopicPartition};
use crate::engine::{NodeId, SortedMap};

/// What a client knows of a partition.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PartitionMetadata {
    /// The leader; `None` while there is none (LEADER_NOT_AVAILABLE).
    pub leader: Option<NodeId>,
    /// Its epoch.
    pub leader_epoch: i32,
    /// Assigned replicas in assignment order.
    pub replicas: Vec<NodeId>,
    /// In-sync replicas.
    pub isr: Vec<NodeId>,
}

/// What a client knows of a topic.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TopicMetadata {
    /// Its id.
    pub id: TopicId,
    /// Its name.
    pub name: Arc<str>,
    /// Partitions by index.
    pub partitions: Vec<PartitionMetadata>,
}

/// A broker's picture of the cluster as it answers Metadata; may be stale.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ClusterMetadata {
    /// Unfenced brokers, by id.
    pub brokers: Vec<NodeId>,
    /// broker.rack of those that have one.
    pub racks: SortedMap<NodeId, Arc<str>>,
    /// Topics by name.
    pub topics: SortedMap<Arc<str>, TopicMetadata>,
}

impl ClusterMetadata {
    /// The partition's metadata, when the topic is known.
    pub fn partition(&self, tp: TopicPartition) -> Option<&PartitionMetadata> {
        self.topics
            .values()
            .find(|topic| topic.id == tp.topic)
            .and_then(|topic| topic.partitions.get(usize::from(tp.partition)))
    }
}

/// A partition's registration in the controller (KRaft PartitionRegistration).
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct PartitionRegistration {
    /// Assigned replicas in assignment order.
    pub replicas: Vec<NodeId>,
    /// In-sync replicas.
    pub isr: Vec<NodeId>,
    /// Eligible leader replicas (KIP-966): they left the ISR when it was below
    /// min.insync.replicas, and have all that was committed.
    pub elr: Vec<NodeId>,
    /// The last leader of a partition that has none.
    pub last_known_elr: Vec<NodeId>,
    /// Replicas that a reassignment brings; they are in `replicas`.
    pub adding_replicas: Vec<NodeId>,
    /// Replicas that it takes away once it is complete; until then they are in `replicas`.
    pub removing_replicas: Vec<NodeId>,
    /// Leader, `None` for Kafka's -1.
    pub leader: Option<NodeId>,
    /// Grows whenever the leader changes.
    pub leader_epoch: i32,
    /// Grows with every change.
    pub partition_epoch: i32,
}

/// A broker's registration in the controller.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BrokerRegistration {
    /// broker.rack
    pub rack: Option<Arc<str>>,
    /// Epoch of this incarnation: the metadata offset of its registration.
    pub broker_epoch: i64,
    /// Fenced brokers lead nothing and are in no ISR.
    pub fenced: bool,
    /// In controlled shutdown.
    pub in_controlled_shutdown: bool,
}

/// A record of the metadata log. Each carries the whole new state of what it names, so applying
/// one twice does no harm.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MetadataRecord {
    /// A broker registered, was fenced, unfenced, or began controlled shutdown.
    Broker {
        /// The broker.
        broker: NodeId,
        /// Its new state.
        registration: BrokerRegistration,
    },
    /// A topic was created.
    Topic {
        /// Its id.
        topic: TopicId,
        /// Its name.
        name: Arc<str>,
    },
    /// A topic was deleted, with all that is its own.
    RemoveTopic {
        /// Its id; no other topic gets it.
        topic: TopicId,
        /// When, in ms since the Unix epoch.
        at_ms: i64,
    },
    /// A partition was created or changed.
    Partition {
        /// The partition.
        tp: TopicPartition,
        /// Its new state.
        registration: PartitionRegistration,
    },
    /// A controller leads the quorum in a new epoch (LeaderChangeMessage).
    LeaderChange {
        /// The controller.
        leader: NodeId,
        /// The epoch.
        epoch: i32,
    },
    /// A topic config was set (`Some`) or reset to default (`None`).
    TopicConfig {
        /// The topic.
        topic: TopicId,
        /// Config name.
        key: Arc<str>,
        /// New value.
        value: Option<Arc<str>>,
    },
    /// A cluster-wide dynamic broker config was set or reset.
    BrokerConfig {
        /// Config name.
        key: Arc<str>,
        /// New value.
        value: Option<Arc<str>>,
    },
}

/// New metadata records, from the active controller to a broker. One way; a gap is mended with the
/// next heartbeat.
#[derive(Clone, Debug)]
pub struct MetadataUpdate {
    /// Offset of the first record.
    pub from_offset: i64,
    /// The records.
    pub records: Arc<[MetadataRecord]>,
}

/// BrokerRegistration.
#[derive(Clone, Debug)]
pub struct BrokerRegistrationRequest {
    /// The broker.
    pub broker: NodeId,
    /// New for every process start.
    pub incarnation: u64,
    /// broker.rack
    pub rack: Option<Arc<str>>,
    /// End of the metadata the broker has (survives restarts).
    pub metadata_offset: i64,
    /// The broker epoch of the process before, as its clean shutdown file has it; -1: it did not
    /// stop in good order (KIP-966).
    pub previous_broker_epoch: i64,
}

/// Answer to BrokerRegistration: the broker epoch, or DUPLICATE_BROKER_REGISTRATION.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub struct BrokerRegistrationResponse {
    /// Broker epoch.
    pub result: Result<i64, ErrorCode>,
}

/// BrokerHeartbeat.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub struct BrokerHeartbeatRequest {
    /// The broker.
    pub broker: NodeId,
    /// Its epoch.
    pub broker_epoch: i64,
    /// End of the metadata it has applied.
    pub metadata_offset: i64,
    /// False: it asks to be unfenced.
    pub want_fence: bool,
    /// It asks to be allowed to stop.
    pub want_shut_down: bool,
}

/// Answer to BrokerHeartbeat.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub struct BrokerHeartbeatResponse {
    /// STALE_BROKER_EPOCH and the like.
    pub error: Option<ErrorCode>,
    /// The broker has applied its own registration.
    pub is_caught_up: bool,
    /// Whether the broker is fenced now.
    pub is_fenced: bool,
    /// It may stop now (SHUTDOWN_NOW).
    pub should_shut_down: bool,
}

/// One partition of AlterPartition.
#[derive(Clone, Debug)]
pub struct AlterPartition {
    /// The partition.
    pub tp: TopicPartition,
    /// The leader's epoch.
    pub leader_epoch: i32,
    /// Partition epoch the change builds on.
    pub partition_epoch: i32,
    /// The wanted ISR, each with its broker epoch (-1: unknown).
    pub new_isr: Vec<(NodeId, i64)>,
}

/// AlterPartition: a leader asks to change ISRs.
#[derive(Clone, Debug)]
pub struct AlterPartitionRequest {
    /// The leader.
    pub broker: NodeId,
    /// Its broker epoch.
    pub broker_epoch: i64,
    /// The changes.
    pub partitions: Vec<AlterPartition>,
}

/// Answer to AlterPartition.
#[derive(Clone, Debug)]
pub struct AlterPartitionResponse {
    /// Top-level error; the request is repeated after 50 ms.
    pub error: Option<ErrorCode>,
    /// New state or error, for each partition.
    pub partitions: Vec<(TopicPartition, Result<PartitionRegistration, ErrorCode>)>,
}

/// What administrators (and brokers, for internal topics) ask of the controller.
#[derive(Clone, Debug)]
pub enum AdminRequest {
    /// Creates a topic.
    CreateTopic {
        /// Topic name.
        name: Arc<str>,
        /// Number of partitions.
        partitions: i32,
        /// Replication factor.
        replication_factor: i16,
        /// Topic configs.
        configs: Vec<(Arc<str>, Arc<str>)>,
    },
    /// Sets (`Some`) or resets (`None`) a topic config.
    AlterTopicConfig {
        /// Topic name.
        topic: Arc<str>,
        /// Config name.
        key: Arc<str>,
        /// New value.
        value: Option<Arc<str>>,
    },
    /// Sets or resets a cluster-wide dynamic broker config.
    AlterBrokerConfig {
        /// Config name.
        key: Arc<str>,
        /// New value.
        value: Option<Arc<str>>,
    },
    /// Elects the preferred leader of every partition that is not led by it.
    ElectPreferredLeaders,
    /// Elects the leader of one partition.
    ElectLeader {
        /// Topic name.
        topic: Arc<str>,
        /// Partition index.
        partition: u16,
        /// Which one.
        election: ElectionType,
    },
    /// Adds partitions to a topic.
    CreatePartitions {
        /// Topic name.
        topic: Arc<str>,
        /// How many there shall be.
        count: i32,
    },
    /// Deletes a topic.
    DeleteTopic {
        /// Topic name.
        topic: Arc<str>,
    },
    /// Moves a partition to other replicas, or cancels that.
    AlterPartitionReassignment {
        /// Topic name.
        topic: Arc<str>,
        /// Partition index.
        partition: u16,
        /// The replicas it shall have; `None` cancels the reassignment under way.
        replicas: Option<Vec<NodeId>>,
    },
}

/// Which leader an administrator wants (`org.apache.kafka.common.ElectionType`).
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub enum ElectionType {
    /// The first replica.
    Preferred,
    /// Any live replica rather than none.
    Unclean,
}

impl ElectionType {
    /// As `kafka-leader-election.sh` calls it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Preferred => "preferred",
            Self::Unclean => "unclean",
        }
    }
}

/// Answer to an [`AdminRequest`].
#[derive(Clone, Debug)]
pub struct AdminResponse {
    /// Kafka's error and message.
    pub result: Result<(), (ErrorCode, String)>,
}
