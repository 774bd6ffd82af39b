//! A replica of this broker: its log, its high watermark, and its part as leader or follower.

use std::sync::Arc;

use crate::engine::{Micros, NodeId, Rng};
use crate::protocol::{
    AlterPartition, ErrorCode, FetchPartition, PartitionRegistration, ReplicaState, TopicPartition,
    wall_clock_ms,
};

use super::{
    AlterReaction, CheckpointClock, Disk, FlushClock, HighWatermark, Isr, IsrRules, Leadership,
    TopicSettings,
};
use crate::broker::log::{Cleaned, Log, LogToClean, Retired, Writing, Written};
use crate::record::{Batch, LoggedBatch};

/// What new metadata made of a replica.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub struct Transition {
    /// It led before.
    pub was_leader: bool,
    /// A leader epoch it had not seen.
    pub new_epoch: bool,
}

/// A replica.
#[derive(Clone, Debug)]
pub struct Partition {
    me: NodeId,
    tp: TopicPartition,
    settings: TopicSettings,
    log: Log,
    disk: Disk,
    high_watermark: HighWatermark,
    leader: Option<NodeId>,
    leader_epoch: i32,
    partition_epoch: i32,
    replica_count: usize,
    leadership: Option<Leadership>,
}

impl Partition {
    /// An empty replica on broker `me`, neither leader nor follower yet.
    pub fn new(me: NodeId, tp: TopicPartition, settings: TopicSettings) -> Self {
        Self {
            me,
            tp,
            settings,
            log: Log::default(),
            disk: Disk::default(),
            high_watermark: HighWatermark::default(),
            leader: None,
            leader_epoch: -1,
            partition_epoch: -1,
            replica_count: 0,
            leadership: None,
        }
    }

    /// The process starts again: of this replica there is what was on disk.
    pub fn restart(
        &mut self,
        now: Micros,
        last_alive_us: Micros,
        clock: CheckpointClock,
        flusher: FlushClock,
    ) {
        self.disk.synced(last_alive_us, self.settings.flush, flusher);
        let on_disk = self.high_watermark.on_disk(last_alive_us, clock);
        self.high_watermark.restart(now, on_disk, self.log_start(), self.leo());
        self.log.rebuild_transactions();
        self.leadership = None;
        self.leader = None;
        (self.leader_epoch, self.partition_epoch) = (-1, -1);
    }

    /// Which partition.
    pub fn tp(&self) -> TopicPartition {
        self.tp
    }

    /// The log.
    pub fn log(&self) -> &Log {
        &self.log
    }

    /// Appends a batch as leader; returns the offset of its first record.
    pub fn append(
        &mut self,
        now: Micros,
        batch: Arc<Batch>,
        clock: FlushClock,
        rng: &mut Rng,
    ) -> i64 {
        let writing = Writing { config: &self.settings.log, now_ms: wall_clock_ms(now), rng };
        let Written { base_offset, is_rolled } = self.log.append(batch, self.leader_epoch, writing);
        self.disk.write(now, (base_offset, self.leo()), is_rolled, self.settings.flush, clock);
        base_offset
    }

    /// Appends what the leader sent, unless it does not continue the log.
    pub fn append_as_follower(
        &mut self,
        now: Micros,
        batches: Vec<LoggedBatch>,
        clock: FlushClock,
        rng: &mut Rng,
    ) {
        let writing = Writing { config: &self.settings.log, now_ms: wall_clock_ms(now), rng };
        if let Some(written) = self.log.append_as_follower(batches, writing) {
            let offsets = (written.base_offset, self.leo());
            self.disk.write(now, offsets, written.is_rolled, self.settings.flush, clock);
        }
    }

    /// The leader's log begins at `offset` now. Whether that is news.
    pub fn raise_start_offset(&mut self, offset: i64) -> bool {
        self.log.raise_start_offset(offset)
    }

    /// Gives up the segments that retention wants gone.
    pub fn delete_old_segments(&mut self, now: Micros) -> Vec<Retired> {
        let (now_ms, high_watermark) = (wall_clock_ms(now), self.high_watermark());
        self.log.delete_old_segments(now_ms, high_watermark, &self.settings.log)
    }

    /// Whether there is more to clean than the active segment, be it not yet.
    pub fn has_dirty_segments(&self) -> bool {
        let clean_up_to = self.log.cleaner_checkpoint().unwrap_or(self.log_start());
        self.log.segments().last().is_some_and(|active| active.base_offset() > clean_up_to)
    }

    /// What the cleaner could do here.
    pub fn to_clean(&self, now: Micros) -> LogToClean {
        self.log.to_clean(wall_clock_ms(now), self.high_watermark(), &self.settings.log)
    }

    /// Cleans the log.
    pub fn clean(&mut self, now: Micros, what: &LogToClean, expiration_ms: i64) -> Cleaned {
        self.log.clean(what, wall_clock_ms(now), expiration_ms, &self.settings.log)
    }

    /// The machine loses power: what was not on disk is gone. Returns the log end before when
    /// anything was.
    pub fn lose_power(&mut self, now: Micros, clock: FlushClock) -> Option<i64> {
        let synced = self.disk.synced(now, self.settings.flush, clock).max(self.log_start());
        let before = self.cut_log(now, synced)?;
        let log_end = self.leo();
        self.disk.truncate(log_end);
        self.high_watermark.cap(log_end);
        Some(before)
    }

    fn cut_log(&mut self, now: Micros, offset: i64) -> Option<i64> {
        self.log.truncate_to(offset, wall_clock_ms(now), &self.settings.log)
    }

    /// Next offset to be written.
    pub fn leo(&self) -> i64 {
        self.log.end_offset()
    }

    /// First offset.
    pub fn log_start(&self) -> i64 {
        self.log.start_offset()
    }

    /// Everything below it is committed, as far as this replica knows.
    pub fn high_watermark(&self) -> i64 {
        self.high_watermark.get()
    }

    /// Everything below it is committed, and no transaction is open there.
    pub fn last_stable_offset(&self) -> i64 {
        self.log.last_stable_offset(self.high_watermark())
    }

    /// Whether its log may have gaps: of each key only the newest record stays.
    pub fn is_compacted(&self) -> bool {
        self.settings.log.cleanup_policy.compact || self.log.cleaner_checkpoint().is_some()
    }

    /// The topic's configs.
    pub fn settings(&self) -> &TopicSettings {
        &self.settings
    }

    pub(in crate::broker) fn set_settings(&mut self, settings: TopicSettings) {
        self.settings = settings;
    }

    /// The leader it knows.
    pub fn leader(&self) -> Option<NodeId> {
        self.leader
    }

    /// The leader epoch it knows; -1 before it has any metadata.
    pub fn leader_epoch(&self) -> i32 {
        self.leader_epoch
    }

    /// Its state as leader, while it is one.
    pub fn leadership(&self) -> Option<&Leadership> {
        self.leadership.as_ref()
    }

    /// Whether it leads, as far as it knows.
    pub fn is_leader(&self) -> bool {
        self.leadership.is_some()
    }

    /// Metadata says this replica leads. `None`: the metadata is older than what it knows.
    pub fn become_leader(
        &mut self,
        now: Micros,
        registration: &PartitionRegistration,
    ) -> Option<Transition> {
        let transition = self.adopt(registration)?;
        let mut leadership = self.leadership.take().unwrap_or_default();
        leadership.assign(self.me, registration);
        if transition.new_epoch {
            self.log.begin_epoch(registration.leader_epoch);
            leadership.begin_epoch(now, self.leo(), !transition.was_leader);
        }
        self.leadership = Some(leadership);
        Some(transition)
    }

    /// Metadata says another replica leads, or none. `None`: it is older than what is known.
    pub fn become_follower(&mut self, registration: &PartitionRegistration) -> Option<Transition> {
        let transition = self.adopt(registration)?;
        self.leadership = None;
        Some(transition)
    }

    fn adopt(&mut self, registration: &PartitionRegistration) -> Option<Transition> {
        if registration.partition_epoch < self.partition_epoch {
            return None;
        }
        let new_epoch = registration.leader_epoch > self.leader_epoch;
        self.leader = registration.leader;
        self.leader_epoch = registration.leader_epoch;
        self.partition_epoch = registration.partition_epoch;
        self.replica_count = registration.replicas.len();
        Some(Transition { was_leader: self.is_leader(), new_epoch })
    }

    /// min.insync.replicas, but never more than there are replicas.
    fn effective_min_isr(&self) -> usize {
        usize::try_from(self.settings.min_insync_replicas).unwrap_or(0).min(self.replica_count)
    }

    /// Whether the committed ISR is too small for acks=all, and for the high watermark to move.
    pub fn is_under_min_isr(&self) -> bool {
        let committed = self.leadership.as_ref().map_or(0, |l| l.isr().committed().len());
        committed < self.effective_min_isr()
    }

    /// As leader, looks how far the high watermark can rise, and raises it. Returns the one before.
    pub fn advance_high_watermark(
        &mut self,
        now: Micros,
        rules: IsrRules<'_>,
        clock: CheckpointClock,
    ) -> Option<i64> {
        let leadership = self.leadership.as_ref()?;
        if self.is_under_min_isr() {
            return None;
        }
        let before = self.high_watermark();
        let reached = leadership.replicated_up_to(self.leo(), now, rules);
        if reached <= before {
            return None;
        }
        self.high_watermark.set(now, reached, clock);
        self.log.on_high_watermark(reached);
        Some(before)
    }

    /// As follower, takes over the leader's high watermark as far as its own log goes.
    pub fn follow_high_watermark(&mut self, now: Micros, leaders: i64, clock: CheckpointClock) {
        let value = leaders.clamp(self.log_start(), self.leo());
        self.high_watermark.set(now, value, clock);
        self.log.on_high_watermark(value);
    }

    /// The log is closed in good order: all of it goes to disk, and the high watermark as it is.
    pub fn close(&mut self, now: Micros) {
        self.disk.flush(now, self.leo());
        self.high_watermark.checkpoint();
    }

    /// Cuts the log at `offset`, and the high watermark with it. Returns the log end before.
    pub fn truncate_to(&mut self, now: Micros, offset: i64, clock: CheckpointClock) -> Option<i64> {
        let before = self.cut_log(now, offset)?;
        self.disk.truncate(self.leo());
        self.follow_high_watermark(now, self.high_watermark(), clock);
        Some(before)
    }

    /// Wipes the log and starts it at `offset`. Returns the log end before.
    pub fn start_over_at(&mut self, now: Micros, offset: i64, clock: CheckpointClock) -> i64 {
        let before = self.log.truncate_fully_and_start_at(offset);
        self.disk.truncate(offset);
        self.follow_high_watermark(now, self.high_watermark(), clock);
        before
    }

    /// Whether what lies below `required` is safe for acks=all (`checkEnoughReplicasReachOffset`).
    /// `None`: not yet.
    pub fn enough_replicas_reached(&self, required: i64) -> Option<Result<(), ErrorCode>> {
        let Some(leadership) = &self.leadership else {
            return Some(Err(ErrorCode::NotLeaderOrFollower));
        };
        if self.high_watermark() < required {
            return None;
        }
        if leadership.isr().maximal_len() < self.effective_min_isr() {
            return Some(Err(ErrorCode::NotEnoughReplicasAfterAppend));
        }
        Some(Ok(()))
    }

    /// A follower fetched, with the leader's log ending at `log_end`: it has everything below the
    /// fetch offset. Returns whether its end moved.
    pub fn follower_fetched(
        &mut self,
        at_us: Micros,
        follower: ReplicaState,
        wanted: &FetchPartition,
        log_end: i64,
    ) -> bool {
        let ReplicaState { replica: id, broker_epoch } = follower;
        let Some(replica) = self.leadership.as_mut().and_then(|l| l.follower_mut(id)) else {
            return false;
        };
        let moved = replica.end_offset() != wanted.fetch_offset;
        replica.on_fetch(at_us, wanted.fetch_offset, log_end, broker_epoch);
        replica.starts_at(wanted.log_start_offset);
        moved
    }

    /// A follower went on fetching from the log end until `at_us`.
    pub fn follower_idled_until(&mut self, at_us: Micros, follower: NodeId) {
        if let Some(replica) = self.leadership.as_mut().and_then(|l| l.follower_mut(follower)) {
            replica.idled_until(at_us);
        }
    }

    /// Proposes to take `follower` into the ISR when it is time.
    pub fn expand_isr(
        &mut self,
        proposal: u32,
        follower: NodeId,
        rules: IsrRules<'_>,
    ) -> Option<AlterPartition> {
        let high_watermark = self.high_watermark();
        let leadership = self.leadership.as_mut()?;
        if !leadership.should_expand(follower, high_watermark, rules) {
            return None;
        }
        let new_isr = leadership.isr_mut().expand(proposal, follower);
        self.alter_partition(new_isr)
    }

    /// Proposes an ISR without those that lag, if any do.
    pub fn shrink_isr(
        &mut self,
        proposal: u32,
        now: Micros,
        lag_max_us: Micros,
    ) -> Option<AlterPartition> {
        let log_end = self.leo();
        let leadership = self.leadership.as_mut()?;
        let lagging = leadership.lagging(self.me, log_end, now, lag_max_us);
        if lagging.is_empty() {
            return None;
        }
        let new_isr = leadership.isr_mut().shrink(proposal, &lagging);
        self.alter_partition(new_isr)
    }

    fn alter_partition(&self, new_isr: Vec<NodeId>) -> Option<AlterPartition> {
        let leadership = self.leadership.as_ref()?;
        let epoch_of = |id| leadership.follower(id).and_then(|replica| replica.broker_epoch());
        Some(AlterPartition {
            tp: self.tp,
            leader_epoch: self.leader_epoch,
            partition_epoch: self.partition_epoch,
            new_isr: new_isr.into_iter().map(|id| (id, epoch_of(id).unwrap_or(-1))).collect(),
        })
    }

    /// The ISR proposal could not even be queued.
    pub fn roll_back_isr(&mut self) {
        if let Some(leadership) = &mut self.leadership {
            leadership.isr_mut().roll_back();
        }
    }

    /// The controller answered proposal `proposal`. `None`: it is out of date.
    pub fn on_altered(
        &mut self,
        proposal: u32,
        result: &Result<PartitionRegistration, ErrorCode>,
    ) -> Option<AlterReaction> {
        let leadership = self.leadership.as_mut()?;
        if !leadership.isr().is_proposal(proposal) {
            return None;
        }
        let registration = match result {
            Ok(registration) => registration,
            Err(error) => return Some(leadership.react(*error)),
        };
        if registration.leader_epoch != self.leader_epoch
            || registration.partition_epoch < self.partition_epoch
        {
            return None;
        }
        *leadership.isr_mut() = Isr::committed_as(&registration.isr);
        self.partition_epoch = registration.partition_epoch;
        Some(AlterReaction::Committed)
    }
}
