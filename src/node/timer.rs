//! What a node can be woken by. Timers carry ids, never data.

use crate::engine::NodeId;
use crate::protocol::Channel;

/// A timer of any node.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub enum NodeTimer {
    /// A broker's.
    Broker(BrokerTimer),
    /// The controller's.
    Controller(ControllerTimer),
    /// A producer's.
    Producer(ProducerTimer),
    /// A consumer's.
    Consumer(ConsumerTimer),
}

/// A broker's timers.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub enum BrokerTimer {
    /// Send the next heartbeat (or repeat the registration) to the controller.
    Heartbeat,
    /// Look for ISR members that lag (every replica.lag.time.max.ms / 2).
    ShrinkIsr,
    /// A parked fetch of this slot waited for max_wait.
    FetchExpired(u32),
    /// A parked produce of this slot waited for its timeout.
    ProduceExpired(u32),
    /// Fetch from this leader again (back-off is over).
    FetchFrom(NodeId),
    /// Oldest request to this peer reaches its timeout.
    RequestTimeout(NodeId, Channel),
    /// A slow disk is done with a write.
    Written,
    /// High watermarks are written to a disk that is full.
    Checkpoint,
    /// Look for segments that retention wants gone (every log.retention.check.interval.ms).
    DeleteOldSegments,
    /// Look for logs to compact (every log.cleaner.backoff.ms).
    CleanLogs,
    /// Repeat AlterPartition.
    RetryAlterPartition,
    /// Group coordinator: rebalance phase of the group in this slot ends.
    GroupRebalance(u32),
    /// Group coordinator: look for expired sessions of the group in this slot.
    GroupSessions(u32),
    /// Group coordinator: a pending offset commit reaches offsets.commit.timeout.ms.
    OffsetCommitTimeout(u32),
    /// Group coordinator: look for expired offsets in this partition of `__consumer_offsets` (every
    /// offsets.retention.check.interval.ms).
    ExpireOffsets(u16),
    /// Transaction coordinator: look for transactions that are open for too long.
    AbortTimedOutTransactions,
    /// Transaction coordinator: ask again for markers that are not written yet.
    RetryTransactionMarkers,
}

/// The controller's timers.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub enum ControllerTimer {
    /// Look for brokers whose session expired.
    FenceStaleBrokers,
    /// auto.leader.rebalance
    PreferredElection,
    /// Unclean election for leaderless partitions.
    UncleanElection,
    /// Topics that wait for the scenario's brokers wait no longer.
    CreateParkedTopics,
    /// The quorum: an election, a fetch or a look at the followers is due.
    Quorum,
    /// A parked fetch of this controller has waited long enough.
    QuorumFetch(NodeId),
    /// Oldest request to this controller reaches its timeout.
    RequestTimeout(NodeId, Channel),
}

/// A producer's timers.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub enum ProducerTimer {
    /// The application sends its next record.
    Workload,
    /// The sender with these connections looks again: linger, back-off or expiry has come.
    Sender(Channel),
    /// Oldest request to this broker reaches request.timeout.ms.
    RequestTimeout(NodeId, Channel),
}

/// A consumer's timers.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub enum ConsumerTimer {
    /// Processing of the current record ends.
    Processed,
    /// Heartbeat thread.
    Heartbeat,
    /// The back-off of a part of the client is over.
    Retry(ConsumerRetry),
    /// max.poll.interval.ms
    PollInterval,
    /// Oldest request to this broker reaches request.timeout.ms.
    RequestTimeout(NodeId, Channel),
    /// Ask for metadata.
    Metadata,
    /// auto.commit.interval.ms
    AutoCommit,
    /// default.api.timeout.ms of the commit that somebody waits for.
    ApiTimeout,
    /// A partition of a retry topic has waited long enough.
    Resume,
    /// A detached worker is done with a record.
    Worked,
    /// close() has waited long enough.
    Close,
}

/// What a consumer backs off from.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub enum ConsumerRetry {
    /// FindCoordinator.
    Coordinator,
    /// JoinGroup and SyncGroup.
    Join,
    /// A commit that somebody waits for.
    Commit,
    /// OffsetFetch and ListOffsets.
    Positions,
    /// Fetch, while a broker cannot be reached.
    Fetch,
}
