//! The kinds of events.

use std::sync::Arc;

use crate::engine::NodeId;

use super::CommandWords;
use super::reason::*;
use crate::protocol::{
    ErrorCode, PartitionRegistration, TopicId, TopicPartition, TransactionState,
};
use crate::record::{Batch, Bytes, RecordId};

/// A fact.
#[derive(Clone, Debug, Hash)]
pub enum Event {
    // ---- commands and nodes (emitted by the cluster) ----
    /// A command was carried out.
    CommandApplied(CommandWords),
    /// A command could not be carried out.
    CommandRefused {
        /// The command.
        command: CommandWords,
        /// Why, in the words of whoever refused it.
        reason: Arc<str>,
    },
    /// A process started.
    NodeStarted {
        /// Its name, such as `broker 1` or `checkout`.
        name: Arc<str>,
    },
    /// A process was killed: nothing it held in memory is left.
    NodeKilled,
    /// The machine of a broker lost power: what it had not flushed is gone. Its peers hear nothing.
    PowerLost,
    /// A process ended in good order.
    NodeStopped,
    /// A process stands still: it hears nothing, and its timers wait.
    NodePaused {
        /// For how long, in µs.
        for_us: u64,
    },
    /// It goes on, with all that came meanwhile.
    NodeResumed,
    /// The network from `from` to `to` takes so much longer now.
    LinkSlowed {
        /// Sender.
        from: NodeId,
        /// Receiver.
        to: NodeId,
        /// Extra latency in µs; 0: none any more.
        extra_us: u64,
    },
    /// Everything a node sends and receives takes so much longer now.
    NodeSlowed {
        /// Extra latency in µs; 0: none any more.
        extra_us: u64,
    },
    /// Messages from `from` to `to` no longer arrive.
    LinkCut {
        /// Sender.
        from: NodeId,
        /// Receiver.
        to: NodeId,
    },
    /// They arrive again.
    LinkHealed {
        /// Sender.
        from: NodeId,
        /// Receiver.
        to: NodeId,
    },
    /// A config was changed; scope is `topic orders`, `producer checkout`, `brokers`...
    ConfigChanged {
        /// Whose config.
        scope: Arc<str>,
        /// Config name.
        key: Arc<str>,
        /// New value; `None`: back to the default.
        value: Option<Arc<str>>,
    },

    // ---- controller ----
    /// A controller leads the quorum and is the active one from now on.
    ControllerElected {
        /// Its epoch.
        epoch: i32,
    },
    /// The active controller is so no longer: another leads, or no majority fetches from it.
    ControllerResigned {
        /// Its epoch.
        epoch: i32,
    },
    /// A broker registered with a new broker epoch.
    BrokerRegistered {
        /// The broker.
        broker: NodeId,
        /// Its epoch.
        broker_epoch: i64,
    },
    /// The controller takes the broker for dead: session timeout.
    BrokerFenced {
        /// The broker.
        broker: NodeId,
    },
    /// The broker may lead and follow again.
    BrokerUnfenced {
        /// The broker.
        broker: NodeId,
    },
    /// The broker asked for a controlled shutdown.
    ControlledShutdownStarted {
        /// The broker.
        broker: NodeId,
    },
    /// A topic was created.
    TopicCreated {
        /// Its id.
        topic: TopicId,
        /// Its name.
        name: Arc<str>,
        /// Partitions in order.
        partitions: Arc<[PartitionRegistration]>,
    },
    /// A topic got more partitions.
    PartitionsAdded {
        /// The topic.
        topic: TopicId,
        /// Index of the first new one.
        from: u16,
        /// The new partitions in order.
        partitions: Arc<[PartitionRegistration]>,
    },
    /// A topic was deleted.
    TopicDeleted {
        /// The topic.
        topic: TopicId,
        /// What it was called.
        name: Arc<str>,
    },
    /// A partition is to move to other replicas.
    ReassignmentStarted {
        /// The partition.
        tp: TopicPartition,
        /// Who is to copy it.
        adding: Arc<[NodeId]>,
        /// Who is to give it up then.
        removing: Arc<[NodeId]>,
    },
    /// It has moved, or stays where it was.
    ReassignmentEnded {
        /// The partition.
        tp: TopicPartition,
        /// Its replicas now.
        replicas: Arc<[NodeId]>,
    },
    /// A leader was chosen, or none could be.
    LeaderElected {
        /// The partition.
        tp: TopicPartition,
        /// The new leader.
        leader: Option<NodeId>,
        /// Its epoch.
        leader_epoch: i32,
        /// ISR after the election.
        isr: Arc<[NodeId]>,
        /// Outside the ISR: committed records may be gone.
        unclean: bool,
    },
    /// Replicas left the ISR (as the controller wrote it).
    IsrShrunk {
        /// The partition.
        tp: TopicPartition,
        /// Who left.
        removed: Arc<[NodeId]>,
        /// ISR now.
        isr: Arc<[NodeId]>,
        /// Why.
        reason: ShrinkReason,
    },
    /// Who is eligible to lead although not in the ISR, or who led last, is not as before.
    ElrChanged {
        /// The partition.
        tp: TopicPartition,
        /// Eligible leader replicas now.
        elr: Arc<[NodeId]>,
        /// Who led last, while nobody leads.
        last_known_leader: Option<NodeId>,
    },
    /// Replicas came (back) into the ISR.
    IsrExpanded {
        /// The partition.
        tp: TopicPartition,
        /// Who came.
        added: Arc<[NodeId]>,
        /// ISR now.
        isr: Arc<[NodeId]>,
    },

    // ---- broker: replicas ----
    /// This broker took over a partition.
    BecameLeader {
        /// The partition.
        tp: TopicPartition,
        /// New leader epoch.
        leader_epoch: i32,
        /// Its log end: where the epoch starts. Older records at or above it are gone for good.
        start_offset: i64,
    },
    /// This broker follows another.
    BecameFollower {
        /// The partition.
        tp: TopicPartition,
        /// Whom.
        leader: Option<NodeId>,
        /// Leader epoch.
        leader_epoch: i32,
    },
    /// The leader appended a batch of a producer.
    BatchAppended {
        /// The partition.
        tp: TopicPartition,
        /// Offset of its first record.
        base_offset: i64,
        /// Leader epoch written into it.
        leader_epoch: i32,
        /// The batch.
        batch: Arc<Batch>,
    },
    /// A follower appended what it fetched.
    BatchReplicated {
        /// The partition.
        tp: TopicPartition,
        /// First offset.
        base_offset: i64,
        /// Offset after the last record.
        next_offset: i64,
    },
    /// The leader refused a batch.
    AppendRefused {
        /// The partition.
        tp: TopicPartition,
        /// The batch.
        batch: Arc<Batch>,
        /// Why.
        error: ErrorCode,
    },
    /// Idempotence: the leader had this batch already and answered with its offset.
    DuplicateDiscarded {
        /// The partition.
        tp: TopicPartition,
        /// Where it already is.
        base_offset: i64,
        /// The batch.
        batch: Arc<Batch>,
    },
    /// The leader's high watermark rose.
    HighWatermarkAdvanced {
        /// The partition.
        tp: TopicPartition,
        /// Before.
        from: i64,
        /// Now: everything below is committed.
        to: i64,
    },
    /// A replica lost the end of its log with the power: it was in the page cache only.
    UnflushedLost {
        /// The partition.
        tp: TopicPartition,
        /// Log end before.
        from: i64,
        /// Log end now.
        to: i64,
    },
    /// The broker's disk takes so much longer for each write now.
    DiskSlowed {
        /// Extra time in µs; 0: none any more.
        extra_us: u64,
    },
    /// The broker's disk is full.
    DiskFilled,
    /// The broker's disk has room again.
    DiskFreed,
    /// A write failed: the broker's only log directory is offline, and the broker halts.
    LogDirFailed,
    /// A log begins later now: what lay before is gone.
    LogStartRaised {
        /// The partition.
        tp: TopicPartition,
        /// Log start before.
        from: i64,
        /// Log start now.
        to: i64,
        /// Why.
        reason: LogStartReason,
    },
    /// The cleaner has compacted a log.
    LogCleaned {
        /// The partition.
        tp: TopicPartition,
        /// Where the dirty part began.
        from: i64,
        /// The log is clean up to here now.
        to: i64,
        /// Bytes of the segments before that ...
        bytes_before: u64,
        /// ... and now.
        bytes_after: u64,
        /// Records that are gone.
        removed: Arc<[RecordId]>,
    },
    /// This broker is no replica of the partition any more, and deletes its log.
    ReplicaDeleted {
        /// The partition.
        tp: TopicPartition,
    },
    /// A replica cut its log.
    LogTruncated {
        /// The partition.
        tp: TopicPartition,
        /// Log end before.
        from: i64,
        /// Log end now.
        to: i64,
    },

    // ---- producer ----
    /// The application called send().
    RecordProduced {
        /// The record.
        record: RecordId,
        /// Topic name.
        topic: Arc<str>,
        /// Its key.
        key: Option<Bytes>,
    },
    /// The record has a partition and lies in a batch of it.
    RecordBatched {
        /// The record.
        record: RecordId,
        /// The partition.
        tp: TopicPartition,
    },
    /// A batch went out.
    BatchSent {
        /// The partition.
        tp: TopicPartition,
        /// The batch.
        batch: Arc<Batch>,
        /// To which broker.
        to: NodeId,
        /// 0 for the first attempt.
        attempt: u32,
    },
    /// The producer holds success in its hand (for acks=0: the request was written; offset -1).
    BatchAcknowledged {
        /// The partition.
        tp: TopicPartition,
        /// The batch.
        batch: Arc<Batch>,
        /// Offset of its first record; -1 unknown.
        base_offset: i64,
        /// The acks setting it was sent with.
        acks: crate::config::Acks,
    },
    /// An attempt failed and another follows.
    BatchRetried {
        /// The partition.
        tp: TopicPartition,
        /// The batch.
        batch: Arc<Batch>,
        /// What went wrong.
        error: ErrorCode,
        /// Attempts so far.
        attempts: u32,
        /// Earliest next attempt, in µs from now.
        backoff_us: u64,
    },
    /// The producer gave a batch up; the application's callback got an exception.
    BatchFailed {
        /// The partition.
        tp: TopicPartition,
        /// The batch.
        batch: Arc<Batch>,
        /// Why.
        failure: DeliveryFailure,
    },
    /// send() failed for a record that never reached a batch.
    RecordFailed {
        /// The record.
        record: RecordId,
        /// Why.
        failure: DeliveryFailure,
    },

    /// The producer's transaction failed. It is aborted, or the producer is of no use any more and
    /// is closed.
    TransactionFailed {
        /// The error.
        error: ErrorCode,
        /// No transaction will succeed any more.
        is_fatal: bool,
    },

    // ---- group coordinator ----
    /// A rebalance began.
    RebalanceStarted {
        /// group.id
        group: Arc<str>,
        /// Generation before.
        generation: i32,
        /// Why.
        reason: RebalanceReason,
    },
    /// All members have their assignment.
    GroupStable {
        /// group.id
        group: Arc<str>,
        /// Generation.
        generation: i32,
        /// Member client ids and their partitions.
        assignment: Arc<[(Arc<str>, Vec<TopicPartition>)]>,
    },
    /// The last member is gone.
    GroupEmpty {
        /// group.id
        group: Arc<str>,
        /// Generation.
        generation: i32,
    },
    /// A member is out.
    MemberRemoved {
        /// group.id
        group: Arc<str>,
        /// Its node, as far as the coordinator's connection tells.
        member: NodeId,
        /// Why.
        exit: ConsumerExit,
    },
    /// A commit is in the log of __consumer_offsets and below its high watermark.
    OffsetsCommitted {
        /// group.id
        group: Arc<str>,
        /// Who committed.
        member: NodeId,
        /// Next offset to read, for each partition.
        offsets: Arc<[(TopicPartition, i64)]>,
    },
    /// Committed offsets were older than offsets.retention.minutes: the group knows them no more
    /// (KIP-211).
    OffsetsExpired {
        /// group.id
        group: Arc<str>,
        /// Whose offsets.
        partitions: Arc<[TopicPartition]>,
    },
    /// A group without members and without offsets was deleted.
    GroupDeleted {
        /// group.id
        group: Arc<str>,
    },

    // ---- transaction coordinator ----
    /// A transactional id is in another state: it is in the log of __transaction_state and below its
    /// high watermark.
    TransactionChanged {
        /// transactional.id
        transactional_id: Arc<str>,
        /// Its producer id.
        producer_id: i64,
        /// Its epoch.
        producer_epoch: i16,
        /// The state.
        state: TransactionState,
        /// Partitions in the transaction.
        partitions: Arc<[TopicPartition]>,
        /// Who ended it, in PrepareCommit and PrepareAbort.
        end: TransactionEnd,
    },

    // ---- consumer ----
    /// onPartitionsAssigned
    PartitionsAssigned {
        /// group.id
        group: Arc<str>,
        /// Generation.
        generation: i32,
        /// The partitions.
        partitions: Arc<[TopicPartition]>,
    },
    /// onPartitionsRevoked or onPartitionsLost
    PartitionsReleased {
        /// group.id
        group: Arc<str>,
        /// The partitions.
        partitions: Arc<[TopicPartition]>,
        /// Which of the two.
        how: LossOfPartitions,
    },
    /// A position was found.
    PositionSet {
        /// The partition.
        tp: TopicPartition,
        /// Next offset to read.
        offset: i64,
        /// Whence.
        reason: PositionReason,
    },
    /// The consumer reads a follower that the leader named (KIP-392), or the leader again.
    ReadReplicaChosen {
        /// The partition.
        tp: TopicPartition,
        /// The follower; `None`: the leader.
        replica: Option<NodeId>,
    },
    /// The position is not in the log.
    PositionOutOfRange {
        /// The partition.
        tp: TopicPartition,
        /// The position.
        offset: i64,
    },
    /// poll() returned records: `count` of `batch` from `first` on.
    RecordsDelivered {
        /// The partition.
        tp: TopicPartition,
        /// Offset of the batch's first record.
        base_offset: i64,
        /// The batch.
        batch: Arc<Batch>,
        /// Index of the first record returned.
        first: u32,
        /// How many.
        count: u32,
    },
    /// The application has finished with a record.
    RecordProcessed {
        /// The partition.
        tp: TopicPartition,
        /// Its offset.
        offset: i64,
        /// The record.
        record: RecordId,
    },
    /// The application of a consumer that has a handler of its own begins to poll.
    HandlerStarted {
        /// group.id
        group: Arc<str>,
        /// What it does with records that it cannot process.
        on_error: &'static str,
        /// It recognises records that had their effect already.
        is_idempotent: bool,
    },
    /// No record of this key is in the retry topic any more: later ones are processed at once.
    KeyCleared {
        /// The key.
        key: Bytes,
    },
    /// The application's handler threw an exception at a record.
    AttemptFailed {
        /// The partition.
        tp: TopicPartition,
        /// Its offset.
        offset: i64,
        /// The record.
        record: RecordId,
        /// How many attempts have failed, wherever.
        attempt: u32,
        /// The exception.
        exception: &'static str,
    },
    /// The application is done with a record, or will be when its copy is acknowledged, without
    /// having processed it.
    RecordSetAside {
        /// The partition.
        tp: TopicPartition,
        /// Its offset.
        offset: i64,
        /// The record.
        record: RecordId,
        /// What becomes of it.
        how: SetAside,
    },
    /// The application threw an exception that nobody caught: it closes the consumer.
    ApplicationFailed {
        /// The exception.
        exception: Arc<str>,
    },
    /// The consumer sent a commit.
    CommitSent {
        /// How.
        mode: CommitMode,
        /// Next offset to read, for each partition.
        offsets: Arc<[(TopicPartition, i64)]>,
    },
    /// A commit failed for the application (CommitFailedException and the like).
    CommitFailed {
        /// How it was made.
        mode: CommitMode,
        /// The error.
        error: ErrorCode,
    },
    /// poll() was not called in time: the member leaves.
    PollIntervalExceeded,
    /// poll() threw what an application cannot handle (NoOffsetForPartitionException,
    /// FencedInstanceIdException ...): it closes the consumer.
    PollFailed {
        /// The exception.
        exception: Arc<str>,
    },

    // ---- any client ----
    /// A connection broke or could not be made.
    Disconnected {
        /// The other end.
        peer: NodeId,
    },
    /// No response within request.timeout.ms: the client closes the connection.
    RequestTimedOut {
        /// The other end.
        peer: NodeId,
    },
}
