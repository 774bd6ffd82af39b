//! A read-only picture of the cluster at one moment: what page, terminal and tests look at.
//!
//! Types only. Each node fills in what is its own, the cluster puts the parts together.

use std::sync::Arc;

use serde::Serialize;

use crate::engine::{Micros, NodeId};
use crate::protocol::{Channel, ErrorCode, TopicId, TopicPartition};

/// The cluster at one moment.
#[derive(Clone, Debug, Serialize)]
pub struct View {
    /// Now, in virtual µs.
    pub at_us: Micros,
    /// Brokers by id.
    pub brokers: Vec<BrokerView>,
    /// Topics in order of creation, internal ones too.
    pub topics: Vec<TopicView>,
    /// Controllers by id.
    pub controllers: Vec<ControllerView>,
    /// Producers in order of creation.
    pub producers: Vec<ProducerView>,
    /// Consumers in order of creation.
    pub consumers: Vec<ConsumerView>,
    /// Groups by name, as their coordinators see them.
    pub groups: Vec<GroupView>,
    /// Transactional ids by name, as their coordinators see them.
    pub transactions: Vec<TransactionView>,
    /// Links that are cut, as (from, to).
    pub cut_links: Vec<(NodeId, NodeId)>,
    /// Nodes whose network is slow, with what it adds to each packet, in µs.
    pub slow_nodes: Vec<(NodeId, u64)>,
    /// Links that are slow, as (from, to), with what that adds to each packet, in µs.
    pub slow_links: Vec<(NodeId, NodeId, u64)>,
    /// Processes that stand still, with the time at which they go on, in virtual µs.
    pub paused: Vec<(NodeId, Micros)>,
    /// Messages that wait where they cannot go on.
    pub waiting: Vec<WaitingView>,
}

/// Messages from one node to another that wait.
#[derive(Copy, Clone, Debug, PartialEq, Eq, Serialize)]
pub struct WaitingView {
    /// Sender.
    pub from: NodeId,
    /// Receiver.
    pub to: NodeId,
    /// How many.
    pub messages: u32,
    /// They have arrived, and lie in the sockets of a process that stands still; otherwise TCP
    /// keeps them at the sender until a retransmission gets through.
    pub arrived: bool,
}

/// Whether a process runs.
#[derive(Copy, Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum ProcessState {
    /// It runs.
    Running,
    /// In controlled shutdown or closing.
    Stopping,
    /// Ended in good order.
    Stopped,
    /// Killed.
    Crashed,
}

/// A controller.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct ControllerView {
    /// Node id.
    pub id: NodeId,
    /// Its process.
    pub process: ProcessState,
    /// It runs and is the active one.
    pub is_active: bool,
    /// Leader epoch of the quorum, as far as it knows; 0 of a single controller.
    pub epoch: i32,
}

/// A broker.
#[derive(Clone, Debug, Serialize)]
pub struct BrokerView {
    /// Its id.
    pub id: NodeId,
    /// Its process.
    pub process: ProcessState,
    /// Whether the controller has it fenced.
    pub fenced: bool,
    /// When its session at the controller ends, in virtual µs; `None` while it has none.
    pub session_ends_us: Option<Micros>,
    /// Whether its machine has power.
    pub has_power: bool,
    /// What each write to its disk takes longer, in µs.
    pub slow_disk_us: u64,
    /// Whether its disk is full.
    pub disk_full: bool,
    /// Its replicas, in order of topic and partition.
    pub replicas: Vec<ReplicaView>,
}

/// A replica as its broker knows it.
#[derive(Clone, Debug, Serialize)]
pub struct ReplicaView {
    /// The partition.
    pub tp: TopicPartition,
    /// Whether the broker believes it leads.
    pub is_leader: bool,
    /// The leader epoch it knows.
    pub leader_epoch: i32,
    /// In the ISR, by the controller's word.
    pub in_isr: bool,
    /// First offset.
    pub log_start_offset: i64,
    /// Next offset to be written (LEO).
    pub log_end_offset: i64,
    /// High watermark.
    pub high_watermark: i64,
    /// Last stable offset: read_committed sees no further.
    pub last_stable_offset: i64,
    /// Transactions that are open in it.
    pub open_transactions: u32,
    /// The newest batches, oldest first, at most [`MAX_CELLS`].
    pub cells: Vec<CellView>,
}

/// Most batches a replica shows.
pub const MAX_CELLS: usize = 64;

/// A batch in a log.
#[derive(Copy, Clone, Debug, PartialEq, Eq, Serialize)]
pub struct CellView {
    /// First offset.
    pub base_offset: i64,
    /// Last offset.
    pub last_offset: i64,
    /// Leader epoch.
    pub leader_epoch: i32,
    /// Bytes.
    pub bytes: u32,
}

/// A topic as the controller knows it.
#[derive(Clone, Debug, Serialize)]
pub struct TopicView {
    /// Its id.
    pub id: TopicId,
    /// Its name.
    pub name: Arc<str>,
    /// Internal: __consumer_offsets.
    pub internal: bool,
    /// Explicit configs.
    pub config: Vec<(Arc<str>, Arc<str>)>,
    /// Partitions by index.
    pub partitions: Vec<PartitionView>,
}

/// A partition as the controller knows it.
#[derive(Clone, Debug, Serialize)]
pub struct PartitionView {
    /// Leader; `None` while there is none.
    pub leader: Option<NodeId>,
    /// Leader epoch.
    pub leader_epoch: i32,
    /// Replicas in assignment order.
    pub replicas: Vec<NodeId>,
    /// In-sync replicas.
    pub isr: Vec<NodeId>,
    /// Eligible leader replicas (KIP-966).
    pub elr: Vec<NodeId>,
    /// Those of its replicas that a reassignment adds (KIP-455).
    pub adding: Vec<NodeId>,
    /// Those of its replicas that go when the reassignment ends.
    pub removing: Vec<NodeId>,
}

/// A producer.
#[derive(Clone, Debug, Serialize)]
pub struct ProducerView {
    /// Its node.
    pub id: NodeId,
    /// Its name.
    pub name: Arc<str>,
    /// Its process.
    pub process: ProcessState,
    /// Topic it sends to.
    pub topic: Arc<str>,
    /// The library it is written with, and below what it has other defaults in.
    pub client: &'static str,
    /// Mean time between records in µs; `None`: only on command.
    pub interval_us: Option<u64>,
    /// Explicit configs.
    pub config: Vec<(String, String)>,
    /// What waits in the accumulator.
    pub queues: Vec<QueueView>,
    /// Requests in flight.
    pub in_flight: u32,
    /// buffer.memory in use, in bytes.
    pub buffer_used: u64,
    /// Effective idempotence.
    pub idempotent: bool,
    /// Its transaction, when it has a transactional.id.
    pub transaction: Option<ProducerTransactionView>,
}

/// A transactional producer's own view of its transaction.
#[derive(Copy, Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ProducerTransactionView {
    /// Kafka's state name: INITIALIZING, READY, IN_TRANSACTION, COMMITTING_TRANSACTION,
    /// ABORTING_TRANSACTION, ABORTABLE_ERROR, FATAL_ERROR.
    pub state: &'static str,
    /// Producer id and epoch, once the coordinator gave them.
    pub producer: Option<(i64, i16)>,
    /// Records sent in the open transaction.
    pub records: u32,
}

/// What waits in the accumulator for one partition, for the view.
#[derive(Copy, Clone, Debug, PartialEq, Eq, Serialize)]
pub struct QueueView {
    /// The partition.
    pub tp: TopicPartition,
    /// Batches queued.
    pub batches: u32,
    /// Records queued.
    pub records: u32,
    /// Bytes queued (estimated written size).
    pub bytes: u32,
    /// Fill of the newest batch in permille of batch.size.
    pub fill_permille: u32,
    /// Linger left of the head batch in µs; `None` when it need not wait.
    pub linger_left_us: Option<u64>,
}

/// A consumer.
#[derive(Clone, Debug, Serialize)]
pub struct ConsumerView {
    /// Its node.
    pub id: NodeId,
    /// Its name.
    pub name: Arc<str>,
    /// Its process.
    pub process: ProcessState,
    /// group.id
    pub group: Arc<str>,
    /// Topics.
    pub topics: Vec<Arc<str>>,
    /// The library it is written with, and below what it has other defaults in.
    pub client: &'static str,
    /// How it commits: `auto`, `before-sync`, `after-async` ...
    pub commit: &'static str,
    /// Time for each record, in µs.
    pub processing_us: u64,
    /// Explicit configs.
    pub config: Vec<(String, String)>,
    /// Client-side member state: unjoined, preparing, completing, stable.
    pub state: &'static str,
    /// Generation; -1 when it has none.
    pub generation: i32,
    /// Its partitions.
    pub assignment: Vec<AssignedView>,
    /// Records fetched and not yet returned by poll().
    pub buffered: u32,
    /// Records of the current poll() still to be processed, the one at work included.
    pub to_process: u32,
    /// The record at work.
    pub processing: Option<ProcessingView>,
    /// When max.poll.interval.ms ends, in virtual µs.
    pub poll_deadline_us: Option<Micros>,
    /// When its session would end without a further heartbeat, in virtual µs.
    pub session_deadline_us: Option<Micros>,
    /// When the next poll() commits, in virtual µs; `None` without auto-commit.
    pub auto_commit_due_us: Option<Micros>,
    /// Its application's handler, if it has one of its own.
    pub handler: Option<HandlerView>,
}

/// The handler of a consumer's application.
#[derive(Clone, Debug, Serialize)]
pub struct HandlerView {
    /// What it does with records that it cannot process: `stop`, `skip`, `dead-letter` ...
    pub on_error: &'static str,
    /// A worker that nobody waits for has the records.
    pub is_detached: bool,
    /// It recognises records that had their effect already.
    pub is_idempotent: bool,
    /// Records that it fails at again and again, or that ended it.
    pub failing: Vec<FailingView>,
    /// Keys that have records in the retry topic, in order, each once.
    pub redirected: Vec<String>,
    /// Partitions of retry topics that wait, with the time they go on, in virtual µs.
    pub waiting: Vec<(TopicPartition, Micros)>,
}

/// A record that a handler fails at.
#[derive(Copy, Clone, Debug, PartialEq, Eq, Serialize)]
pub struct FailingView {
    /// The partition; nothing behind the record is processed.
    pub tp: TopicPartition,
    /// Its offset.
    pub offset: i64,
    /// Since when, in virtual µs.
    pub since_us: Micros,
    /// Failed attempts here.
    pub attempts: u32,
}

/// A partition of a consumer.
#[derive(Copy, Clone, Debug, PartialEq, Eq, Serialize)]
pub struct AssignedView {
    /// The partition.
    pub tp: TopicPartition,
    /// Next offset poll() will return; `None` while it is being looked up.
    pub position: Option<i64>,
}

/// A record at work.
#[derive(Copy, Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ProcessingView {
    /// The partition.
    pub tp: TopicPartition,
    /// Its offset.
    pub offset: i64,
    /// Begin, in virtual µs.
    pub started_us: Micros,
    /// End, in virtual µs.
    pub ends_us: Micros,
}

/// A group as its coordinator sees it.
#[derive(Clone, Debug, Serialize)]
pub struct GroupView {
    /// group.id
    pub group: Arc<str>,
    /// The coordinator.
    pub coordinator: NodeId,
    /// Kafka's state name: Empty, PreparingRebalance, CompletingRebalance, Stable; of the consumer
    /// protocol Empty, Assigning, Reconciling, Stable.
    pub state: &'static str,
    /// Generation.
    pub generation: i32,
    /// Chosen assignor.
    pub protocol: Option<Arc<str>>,
    /// Client ids of the members with their partitions.
    pub members: Vec<(Arc<str>, Vec<TopicPartition>)>,
    /// Committed offsets.
    pub committed: Vec<(TopicPartition, i64)>,
}

/// A transactional id as its coordinator sees it.
#[derive(Clone, Debug, Serialize)]
pub struct TransactionView {
    /// transactional.id
    pub transactional_id: Arc<str>,
    /// The coordinator.
    pub coordinator: NodeId,
    /// Kafka's state name: Empty, Ongoing, PrepareCommit, PrepareAbort, CompleteCommit,
    /// CompleteAbort.
    pub state: &'static str,
    /// Producer id.
    pub producer_id: i64,
    /// Its epoch.
    pub producer_epoch: i16,
    /// Partitions in the transaction.
    pub partitions: Vec<TopicPartition>,
}

/// A message on its way. What the canvas draws is a pure function of these and *now*.
#[derive(Clone, Debug, Serialize)]
pub struct MessageView {
    /// Identity while it flies.
    pub id: u64,
    /// Sender.
    pub from: NodeId,
    /// Receiver.
    pub to: NodeId,
    /// Its connection.
    pub channel: Channel,
    /// Kafka's API name: Produce, Fetch, ...
    pub api: &'static str,
    /// Request or response.
    pub is_request: bool,
    /// Departure, in virtual µs.
    pub sent_us: Micros,
    /// Arrival, in virtual µs.
    pub arrives_us: Micros,
    /// Size in bytes.
    pub bytes: u32,
    /// Records carried.
    pub records: u32,
    /// Partition with the most records, when it carries any (or whose acknowledgement it is).
    pub tp: Option<TopicPartition>,
    /// First error inside, for responses.
    pub error: Option<ErrorCode>,
}
