//! Commands: the only way in. A run is a scenario and its command log.

use std::sync::Arc;

use crate::consumer::{ConsumerSpec, HandlerSpec, SeekTo};
use crate::engine::NodeId;
use crate::producer::{ManualRecord, Pace, ProducerSpec};
use crate::protocol::ElectionType;

/// Something a person, a scenario or a lesson does to the cluster.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Command {
    /// Kills a broker's process: peers see their connections break at once.
    KillBroker(NodeId),
    /// Takes the power from a broker's machine: what it had not flushed is gone, and its peers hear
    /// nothing.
    PowerOffBroker(NodeId),
    /// Stops a broker in good order (controlled shutdown).
    StopBroker(NodeId),
    /// Starts a broker that was killed or stopped, and its machine if that is off.
    StartBroker(NodeId),
    /// Kills the process of a controller, by its number from 1 on.
    KillController(u16),
    /// Starts a controller that was killed.
    StartController(u16),
    /// Adds a broker with the next free id.
    AddBroker,
    /// Creates a topic.
    CreateTopic {
        /// Name.
        name: Arc<str>,
        /// Number of partitions.
        partitions: i32,
        /// Replication factor.
        replication_factor: i16,
        /// Topic configs.
        config: crate::config::Properties,
    },
    /// Sets or resets a topic config.
    SetTopicConfig {
        /// Topic name.
        topic: Arc<str>,
        /// Config name.
        key: Arc<str>,
        /// New value; `None`: default.
        value: Option<Arc<str>>,
    },
    /// Sets or resets a cluster-wide broker config.
    SetBrokerConfig {
        /// Config name.
        key: Arc<str>,
        /// New value; `None`: default.
        value: Option<Arc<str>>,
    },
    /// Deletes the records of a partition below an offset (kafka-delete-records.sh).
    DeleteRecords {
        /// Topic name.
        topic: Arc<str>,
        /// Partition index.
        partition: u16,
        /// The first offset to stay; `None`: all that is committed goes.
        before: Option<i64>,
    },
    /// Elects preferred leaders everywhere.
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
    AddPartitions {
        /// Topic name.
        topic: Arc<str>,
        /// How many there shall be in all.
        partitions: i32,
    },
    /// Deletes a topic.
    DeleteTopic(Arc<str>),
    /// Moves a partition to other replicas.
    ReassignPartition {
        /// Topic name.
        topic: Arc<str>,
        /// Partition index.
        partition: u16,
        /// The replicas it shall have; the first one is preferred as its leader.
        replicas: Vec<NodeId>,
    },
    /// Cancels a reassignment that is under way.
    CancelReassignment {
        /// Topic name.
        topic: Arc<str>,
        /// Partition index.
        partition: u16,
    },
    /// Adds and starts a producer.
    AddProducer(ProducerSpec),
    /// Adds and starts a consumer.
    AddConsumer(ConsumerSpec),
    /// Closes a client in good order: a producer flushes, a consumer commits (auto) and leaves.
    CloseClient(Arc<str>),
    /// Kills a client's process.
    CrashClient(Arc<str>),
    /// Starts a closed or crashed client again.
    StartClient(Arc<str>),
    /// Removes a client: closes it when it runs, and forgets it.
    RemoveClient(Arc<str>),
    /// Sets or resets a config of a client. As in life this restarts the client (close, start).
    SetClientConfig {
        /// Client's name.
        client: Arc<str>,
        /// Config name.
        key: Arc<str>,
        /// New value; `None`: default.
        value: Option<Arc<str>>,
    },
    /// Changes how fast a producer's application sends.
    SetPace {
        /// Producer's name.
        producer: Arc<str>,
        /// The new pace.
        pace: Pace,
    },
    /// Sends one record.
    SendRecord {
        /// Producer's name.
        producer: Arc<str>,
        /// The record.
        record: ManualRecord,
    },
    /// Changes how long a consumer's application takes for a record, in µs.
    SetProcessing {
        /// Consumer's name.
        consumer: Arc<str>,
        /// Time for each record, in µs.
        processing_us: u64,
    },
    /// A consumer's application moves its position before its next poll().
    Seek {
        /// Consumer's name.
        consumer: Arc<str>,
        /// Topic name.
        topic: Arc<str>,
        /// Partition index; `None`: all that it has of the topic.
        partition: Option<u16>,
        /// Where to.
        to: SeekTo,
    },
    /// Gives a consumer's application another handler. If its program is the same, and only what
    /// it fails at differs, it goes on with it; otherwise the client restarts.
    SetHandler {
        /// Consumer name.
        consumer: Arc<str>,
        /// The handler; `None`: one that takes its time and never fails.
        handler: Option<Arc<HandlerSpec>>,
    },
    /// Changes how a consumer's application commits (restarts the client).
    SetCommit {
        /// Consumer's name.
        consumer: Arc<str>,
        /// The new way.
        commit: crate::consumer::CommitStrategy,
    },
    /// Writes a client with another library (restarts it).
    SetLibrary {
        /// Client's name.
        client: Arc<str>,
        /// The library.
        library: crate::config::ClientLibrary,
    },
    /// Cuts the network from one node to another; `both` ways or just that one. Nodes are named
    /// `controller`, `broker 1`, or by their client's name.
    CutLink {
        /// Sender.
        from: Arc<str>,
        /// Receiver.
        to: Arc<str>,
        /// Both ways.
        both: bool,
    },
    /// Heals it, both ways.
    HealLink {
        /// One end.
        from: Arc<str>,
        /// The other.
        to: Arc<str>,
    },
    /// Adds latency to everything a node sends and receives, in µs; 0 ends it.
    SlowNode {
        /// The node.
        node: Arc<str>,
        /// Extra one-way latency, in µs.
        extra_us: u64,
    },
    /// Adds latency to what one node sends to another, in µs; 0 ends it.
    SlowLink {
        /// Sender.
        from: Arc<str>,
        /// Receiver.
        to: Arc<str>,
        /// Extra one-way latency, in µs.
        extra_us: u64,
        /// Both ways.
        both: bool,
    },
    /// Stops a process without ending it, as a long garbage collection does.
    Pause {
        /// The node.
        node: Arc<str>,
        /// For how long, in µs; 0 ends a pause.
        for_us: u64,
    },
    /// Makes a broker's disk slow.
    SlowDisk {
        /// The broker.
        broker: NodeId,
        /// What each write takes, in µs; 0 ends it.
        extra_us: u64,
    },
    /// Fills a broker's disk: its next write fails.
    FillDisk(NodeId),
    /// Makes room on a broker's disk.
    FreeDisk(NodeId),
}
