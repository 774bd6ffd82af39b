//! All replicas of a broker, with what waits for them: fetch sessions, parked produces, ISR
//! changes (Kafka's `ReplicaManager`).
//!
//! Requests come in as methods; answers gather and are taken with [`ReplicaManager::next_answer`].
//! Nothing is completed in the middle of something else: who may be complete now is noted and
//! looked at in [`ReplicaManager::settle`], after the request that brought it about.

mod append;
mod assignment;
mod delete_records;
mod fetch;
mod follow;
mod isr;
mod leader_epoch;
mod list_offsets;
mod log_manager;
mod produce;
mod read;
mod read_replica;
mod settle;
#[cfg(test)]
pub(super) mod tests;
mod transactions;

pub use assignment::Reassigned;
pub use produce::ProduceOutcome;

use std::collections::VecDeque;

use super::RequestToken;
use super::alter_partition::AlterPartitionManager;
use super::fetch::FetchSessions;
use super::internal_topic::AppendToken;
use super::produce::ProducePurgatory;
use super::replica::{CheckpointClock, EligibleBrokers, FlushClock, Partition};
use crate::config::BrokerConfig;
use crate::engine::{Micros, NodeId, SortedMap};
use crate::events::{Event, EventId};
use crate::metadata::MetadataImage;
use crate::node::Ctx;
use crate::protocol::{ErrorCode, Response, TopicPartition};
use crate::view::{CellView, MAX_CELLS, ReplicaView};

/// A replica with those who wait for it.
#[derive(Clone, Debug)]
struct Slot {
    partition: Partition,
    /// False once the partition is assigned to other brokers.
    is_hosted: bool,
    /// Fetch sessions it is in: number and place.
    watchers: Vec<(u32, u32)>,
    /// Parked produces that await its high watermark.
    awaited_by: Vec<u32>,
    /// Appends of coordinators: offset to reach, and whose.
    coordinator_appends: Vec<(i64, AppendToken)>,
}

/// What happened to a partition, for those who watch it.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
enum Change {
    /// The leader appended.
    Append,
    /// The high watermark moved.
    HighWatermark,
    /// The log begins later: told with the next answer, but nobody is woken for it.
    LogStart,
    /// Leadership, ISR or the log itself changed.
    State,
}

/// An answer that is due.
#[derive(Clone, Debug)]
pub struct Answer {
    /// To which request.
    pub token: RequestToken,
    /// The answer.
    pub response: Response,
    /// What led to it.
    pub cause: Option<EventId>,
}

/// Who may be complete now, with what led to it.
#[derive(Clone, Debug, Default)]
struct Wakes {
    sessions: VecDeque<(u32, Option<EventId>)>,
    slots: VecDeque<(u32, Option<EventId>)>,
}

/// The replicas of one broker.
#[derive(Clone, Debug)]
pub struct ReplicaManager {
    me: NodeId,
    config: BrokerConfig,
    lag_max_us: Micros,
    clock: CheckpointClock,
    flusher: FlushClock,
    eligible: EligibleBrokers,
    slots: Vec<Slot>,
    index: SortedMap<TopicPartition, u32>,
    sessions: FetchSessions,
    produces: ProducePurgatory,
    alter_partitions: AlterPartitionManager,
    next_proposal: u32,
    wakes: Wakes,
    answers: VecDeque<Answer>,
    coordinator_done: VecDeque<(AppendToken, Result<(), ErrorCode>)>,
    /// Something compacted was written to since the cleaner looked, or has still to wait for it.
    has_work_for_cleaner: bool,
    /// Writes fail.
    is_disk_full: bool,
    /// One has.
    has_log_dir_failed: bool,
}

impl ReplicaManager {
    /// A broker without replicas.
    pub fn new(me: NodeId, config: BrokerConfig) -> Self {
        let us = |ms: i64| ms.max(0) as u64 * 1000;
        let interval_us = us(config.replica_high_watermark_checkpoint_interval_ms);
        Self {
            me,
            lag_max_us: us(config.replica_lag_time_max_ms),
            config,
            clock: CheckpointClock { started_us: 0, interval_us },
            flusher: FlushClock { first_us: 0, interval_us: 0 },
            eligible: EligibleBrokers::default(),
            slots: Vec::new(),
            index: SortedMap::new(),
            sessions: FetchSessions::default(),
            produces: ProducePurgatory::default(),
            alter_partitions: AlterPartitionManager::default(),
            next_proposal: 0,
            wakes: Wakes::default(),
            answers: VecDeque::new(),
            coordinator_done: VecDeque::new(),
            has_work_for_cleaner: true,
            is_disk_full: false,
            has_log_dir_failed: false,
        }
    }

    /// The process starts again, with what is on disk. `last_alive_us`: when the last one was.
    pub fn restart(&mut self, now: Micros, last_alive_us: Micros) {
        let (clock, flusher) = (self.clock, self.flusher);
        self.clock.started_us = now;
        let us = |ms: i64| (ms.max(0) as u64).saturating_mul(1000);
        self.flusher = FlushClock {
            first_us: now + us(self.config.log_initial_task_delay_ms),
            interval_us: us(self.config.log_flush_scheduler_interval_ms),
        };
        self.eligible = EligibleBrokers::default();
        self.sessions = FetchSessions::default();
        self.produces = ProducePurgatory::default();
        self.alter_partitions = AlterPartitionManager::default();
        self.wakes = Wakes::default();
        self.answers.clear();
        self.coordinator_done.clear();
        self.has_log_dir_failed = false;
        self.has_work_for_cleaner = true;
        for slot in &mut self.slots {
            slot.partition.restart(now, last_alive_us, clock, flusher);
            slot.watchers.clear();
            slot.awaited_by.clear();
            slot.coordinator_appends.clear();
        }
    }

    /// The process ends in good order: logs and high watermarks go to disk as they are.
    pub fn shut_down(&mut self, now: Micros) {
        self.slots.iter_mut().for_each(|slot| slot.partition.close(now));
    }

    /// The machine loses power: what was not on disk is gone.
    pub fn lose_power(&mut self, ctx: &mut Ctx<'_>) {
        for (&tp, &slot) in &self.index {
            let partition = &mut self.slots[slot as usize].partition;
            if let Some(from) = partition.lose_power(ctx.now, self.flusher) {
                ctx.note(Event::UnflushedLost { tp, from, to: partition.leo() });
            }
        }
    }

    /// Writes fail from now on, or succeed again.
    pub fn set_disk_full(&mut self, is_full: bool) {
        self.is_disk_full = is_full;
    }

    /// Whether writes would fail.
    pub fn is_disk_full(&self) -> bool {
        self.is_disk_full
    }

    /// Something is written. Whether that fails; the log directory is offline with that.
    pub fn fails_to_write(&mut self) -> bool {
        self.has_log_dir_failed |= self.is_disk_full;
        self.is_disk_full
    }

    /// Whether the log directory has failed since the last call.
    pub fn take_log_dir_failure(&mut self) -> bool {
        std::mem::take(&mut self.has_log_dir_failed)
    }

    /// When high watermarks are written next, after `now`.
    pub fn next_checkpoint_us(&self, now: Micros) -> Micros {
        self.clock.next_tick_us(now)
    }

    /// How long a follower may lag, in µs.
    pub fn lag_max_us(&self) -> Micros {
        self.lag_max_us
    }

    /// Slot of a replica that is here.
    pub fn slot(&self, tp: TopicPartition) -> Option<u32> {
        self.index.get(&tp).copied().filter(|&slot| self.slots[slot as usize].is_hosted)
    }

    /// A replica by its slot.
    pub fn partition(&self, slot: u32) -> &Partition {
        &self.slots[slot as usize].partition
    }

    fn partition_mut(&mut self, slot: u32) -> &mut Partition {
        &mut self.slots[slot as usize].partition
    }

    /// A replica of this broker.
    pub fn replica(&self, tp: TopicPartition) -> Option<&Partition> {
        self.slot(tp).map(|slot| self.partition(slot))
    }

    /// The error for a partition that is not here, by whether the broker has heard of it.
    fn not_here(image: &MetadataImage, tp: TopicPartition) -> ErrorCode {
        match image.partition(tp) {
            Some(_) => ErrorCode::NotLeaderOrFollower,
            None => ErrorCode::UnknownTopicOrPartition,
        }
    }

    /// Leader and epoch to tell a client that came to the wrong broker (KIP-951).
    fn current_leader(&self, image: &MetadataImage, tp: TopicPartition) -> Option<(NodeId, i32)> {
        match self.replica(tp) {
            Some(partition) => partition.leader().map(|leader| (leader, partition.leader_epoch())),
            None => image.partition(tp).and_then(|p| Some((p.leader?, p.leader_epoch))),
        }
    }

    /// The next answer that is due.
    pub fn next_answer(&mut self) -> Option<Answer> {
        self.answers.pop_front()
    }

    /// The next append of a coordinator that is done.
    pub fn next_coordinator_done(&mut self) -> Option<(AppendToken, Result<(), ErrorCode>)> {
        self.coordinator_done.pop_front()
    }

    /// Whether nothing is left to complete or to answer.
    pub fn is_settled(&self) -> bool {
        let Wakes { sessions, slots } = &self.wakes;
        sessions.is_empty()
            && slots.is_empty()
            && self.answers.is_empty()
            && self.coordinator_done.is_empty()
    }

    /// The replicas for the view; `controller` is the controller's image.
    pub fn views(&self, controller: &MetadataImage) -> Vec<ReplicaView> {
        let hosted = self.index.values().map(|&slot| &self.slots[slot as usize]);
        let view = |partition: &Partition| {
            let tp = partition.tp();
            let batches = partition.log().batches();
            let newest = &batches[batches.len().saturating_sub(MAX_CELLS)..];
            let cells = newest.iter().map(|batch| CellView {
                base_offset: batch.base_offset,
                last_offset: batch.last_offset(),
                leader_epoch: batch.leader_epoch,
                bytes: batch.batch.size_bytes,
            });
            ReplicaView {
                tp,
                is_leader: partition.is_leader(),
                leader_epoch: partition.leader_epoch(),
                in_isr: controller.partition(tp).is_some_and(|p| p.isr.contains(&self.me)),
                log_start_offset: partition.log_start(),
                log_end_offset: partition.leo(),
                high_watermark: partition.high_watermark(),
                last_stable_offset: partition.last_stable_offset(),
                open_transactions: partition.log().transactions().open_count() as u32,
                cells: cells.collect(),
            }
        };
        hosted.filter(|slot| slot.is_hosted).map(|slot| view(&slot.partition)).collect()
    }
}
