//! Fetching: one session and one outstanding long poll a broker, and the buffer poll() draws from.
//!
//! Sessions are incremental (KIP-227): a request names only what has changed. While nothing does,
//! an idle long poll costs the same for one partition as for fifty.

use std::collections::VecDeque;

use super::Consumer;
use super::node::Tag;
use super::subscription::{Assigned, Position, Subscription};
use crate::config::IsolationLevel;
use crate::engine::{NodeId, SortedSet, Timer};
use crate::events::Event;
use crate::node::{ConsumerRetry, ConsumerTimer, Ctx, NodeTimer};
use crate::protocol::{
    Channel, ErrorCode, FetchChanges, FetchPartition, FetchPartitionResponse, FetchRequest,
    FetchResponse, Request, TopicPartition,
};
use crate::record::LoggedBatch;

/// What poll() returned of one batch.
#[derive(Clone, Debug)]
pub(super) struct Slice {
    pub tp: TopicPartition,
    pub logged: LoggedBatch,
    /// Index of the next record in it.
    pub next: u32,
    /// Index after the last one returned.
    pub end: u32,
}

/// A partition's part of a fetch response, not yet returned by poll().
#[derive(Clone, Debug)]
struct CompletedFetch {
    tp: TopicPartition,
    broker: NodeId,
    /// Next offset to return; void unless the consumer still stands there.
    next_offset: i64,
    batches: VecDeque<LoggedBatch>,
    /// Producer ids and first offsets of aborted transactions that lie ahead (read_committed) ...
    aborted: VecDeque<(i64, i64)>,
    /// ... and producers in the middle of one.
    aborting: SortedSet<i64>,
    error: Option<ErrorCode>,
    /// Leader and epoch that came with the error (KIP-951).
    current_leader: Option<(NodeId, i32)>,
    /// The follower to read from (KIP-392).
    preferred_read_replica: Option<NodeId>,
}

impl CompletedFetch {
    /// Whether the next batch is of a transaction that was aborted (`CompletedFetch.isBatchAborted`).
    fn is_aborted(&mut self) -> bool {
        let Some(LoggedBatch { batch, .. }) = self.batches.front() else { return false };
        let last_offset = self.batches.front().map_or(-1, LoggedBatch::last_offset);
        while let Some((producer_id, _)) =
            self.aborted.pop_front_if(|&mut (_, first)| first <= last_offset)
        {
            self.aborting.insert(producer_id);
        }
        if batch.end_of_transaction() == Some(false) {
            self.aborting.remove(&batch.producer_id);
        }
        batch.attributes.is_transactional && self.aborting.contains(&batch.producer_id)
    }
}

/// A fetch session: what the broker remembers of us.
#[derive(Clone, Debug)]
struct Session {
    broker: NodeId,
    epoch: u32,
    in_flight: bool,
    /// Something may differ from what the broker remembers.
    dirty: bool,
    partitions: Vec<FetchPartition>,
    /// Completed fetches of this broker in the buffer: it is not asked again before they are gone.
    buffered: usize,
}

/// Sessions and buffer.
#[derive(Clone, Debug, Default)]
pub(super) struct Fetcher {
    sessions: Vec<Session>,
    completed: VecDeque<CompletedFetch>,
    /// Leaders, positions or assignment changed: some partitions may need a session.
    stale: bool,
    /// Runs while a broker cannot be reached.
    pub retry_timer: Option<Timer>,
}

impl Fetcher {
    /// Assignment, leaders or positions are others now.
    pub(super) fn partitions_changed(&mut self) {
        self.stale = true;
    }

    /// What is buffered of these partitions is void: they were given back.
    pub(super) fn forget(&mut self, tps: &[TopicPartition]) {
        self.completed.retain(|fetch| !tps.contains(&fetch.tp));
        for session in &mut self.sessions {
            let of_session = self.completed.iter().filter(|fetch| fetch.broker == session.broker);
            session.buffered = of_session.count();
        }
        self.stale = true;
    }

    /// The broker's memory of the session is gone, or the connection to it.
    pub(super) fn reset_session(&mut self, broker: NodeId) {
        if let Some(session) = self.sessions.iter_mut().find(|session| session.broker == broker) {
            session.in_flight = false;
            session.epoch = 0;
            session.partitions.clear();
            session.dirty = true;
        }
    }

    /// Records fetched and not yet returned.
    pub(super) fn buffered_records(&self) -> u32 {
        let left = |fetch: &CompletedFetch| {
            let left = fetch.batches.iter().map(|batch| {
                let read = batch.batch.index_at(fetch.next_offset - batch.base_offset);
                batch.batch.records.len() - read
            });
            left.sum::<usize>() as u32
        };
        self.completed.iter().map(left).sum()
    }

    /// The first completed fetch is used up.
    fn pop(&mut self) {
        let Some(fetch) = self.completed.pop_front() else { return };
        let session = self.sessions.iter_mut().find(|session| session.broker == fetch.broker);
        if let Some(session) = session {
            session.buffered = session.buffered.saturating_sub(1);
            session.dirty = true;
        }
    }

    fn renew_sessions(&mut self, subscription: &Subscription) {
        if !std::mem::take(&mut self.stale) {
            return;
        }
        for broker in subscription.partitions.iter().filter_map(Assigned::read_replica) {
            if self.sessions.iter().all(|session| session.broker != broker) {
                self.sessions.push(Session {
                    broker,
                    epoch: 0,
                    in_flight: false,
                    dirty: true,
                    partitions: Vec::new(),
                    buffered: 0,
                });
            }
        }
        for session in &mut self.sessions {
            session.dirty = true;
        }
    }
}

impl Session {
    /// Brings the session up to date; returns what the broker has to be told.
    fn changes(
        &mut self,
        subscription: &Subscription,
        max_bytes: u32,
    ) -> Option<Box<FetchChanges>> {
        if !std::mem::take(&mut self.dirty) {
            return None;
        }
        let broker = self.broker;
        let wanted: Vec<FetchPartition> = subscription
            .partitions
            .iter()
            .filter(|assigned| assigned.read_replica() == Some(broker))
            .filter_map(|assigned| match assigned.position {
                Position::At(fetch_offset) => Some(FetchPartition {
                    tp: assigned.tp,
                    fetch_offset,
                    last_fetched_epoch: -1,
                    log_start_offset: -1,
                    current_leader_epoch: assigned.leader_epoch,
                    max_bytes,
                }),
                _ => None,
            })
            .collect();
        let same = |a: &FetchPartition, b: &FetchPartition| {
            (a.tp, a.fetch_offset, a.current_leader_epoch)
                == (b.tp, b.fetch_offset, b.current_leader_epoch)
        };
        let before = std::mem::replace(&mut self.partitions, wanted);
        let changed = |new: &&FetchPartition| !before.iter().any(|old| same(old, new));
        let gone = |old: &&FetchPartition| !self.partitions.iter().any(|new| new.tp == old.tp);
        let changes = FetchChanges {
            partitions: self.partitions.iter().filter(changed).copied().collect(),
            forgotten: before.iter().filter(gone).map(|old| old.tp).collect(),
        };
        let is_empty = changes.partitions.is_empty() && changes.forgotten.is_empty();
        (!is_empty).then(|| Box::new(changes))
    }
}

impl Consumer {
    /// A long poll to every broker that a partition of ours is read from, that is not being asked
    /// already and has nothing left in the buffer.
    pub(super) fn send_fetches(&mut self, ctx: &mut Ctx<'_>) {
        if self.subscription.pending_revocation {
            return;
        }
        self.renew_read_replicas(ctx);
        self.fetcher.renew_sessions(&self.subscription);
        let max_bytes = self.config.max_partition_fetch_bytes.max(0) as u32;
        for index in 0..self.fetcher.sessions.len() {
            let session = &mut self.fetcher.sessions[index];
            if session.in_flight || session.buffered > 0 {
                continue;
            }
            let broker = session.broker;
            if !self.net.can_send(ctx.now, broker, Channel::Data, 100) {
                self.retry_fetch(ctx, broker);
                continue;
            }
            let changes = session.changes(&self.subscription, max_bytes);
            if session.partitions.is_empty() {
                // Kafka sends nothing to a broker it wants nothing of; later it starts anew.
                session.epoch = 0;
                continue;
            }
            session.in_flight = true;
            let request = Request::Fetch(FetchRequest {
                replica: None,
                rack: self.rack.clone(),
                session_epoch: session.epoch,
                max_wait_ms: self.config.fetch_max_wait_ms.max(0) as u32,
                min_bytes: self.config.fetch_min_bytes.max(0) as u32,
                max_bytes: self.config.fetch_max_bytes.max(0) as u32,
                read_committed: self.config.isolation_level == IsolationLevel::ReadCommitted,
                changes,
            });
            self.send_data(ctx, broker, request, Tag::Fetch);
        }
    }

    fn retry_fetch(&mut self, ctx: &mut Ctx<'_>, broker: NodeId) {
        let is_read = |assigned: &Assigned| assigned.read_replica() == Some(broker);
        let needed = self.subscription.partitions.iter().any(is_read);
        if needed && self.fetcher.retry_timer.is_none() {
            let at_us = self.net.ready_at_us(broker, Channel::Data);
            let timer = NodeTimer::Consumer(ConsumerTimer::Retry(ConsumerRetry::Fetch));
            self.fetcher.retry_timer = Some(ctx.set_timer_at(at_us, timer));
        }
    }

    pub(super) fn on_fetched(&mut self, ctx: &mut Ctx<'_>, broker: NodeId, answer: FetchResponse) {
        let sessions = &mut self.fetcher.sessions;
        let Some(session) = sessions.iter_mut().find(|session| session.broker == broker) else {
            return;
        };
        session.in_flight = false;
        if let Some(error) = answer.error {
            self.fetcher.reset_session(broker);
            if error.refreshes_metadata() {
                self.request_metadata_update(ctx);
            }
            return;
        }
        session.epoch = session.epoch.wrapping_add(1).max(1);
        if self.app.handler.is_restoring {
            for partition in answer.partitions.iter().filter(|answer| answer.error.is_none()) {
                if let Some(assigned) = self.subscription.get_mut(partition.tp) {
                    assigned.high_watermark = partition.high_watermark;
                }
            }
        }
        for partition in answer.partitions {
            if let Some(fetch) = completed(session, &self.subscription, partition) {
                session.buffered += 1;
                self.fetcher.completed.push_back(fetch);
            }
        }
    }

    /// Draws up to max.poll.records from the buffer; positions advance.
    pub(super) fn collect(&mut self, ctx: &mut Ctx<'_>) -> Vec<Slice> {
        let mut slices = Vec::new();
        let mut room = self.config.max_poll_records.max(1) as i64;
        while room > 0 && !self.subscription.pending_revocation {
            let Some(fetch) = self.fetcher.completed.front_mut() else { break };
            let tp = fetch.tp;
            let is_paused = self.subscription.get(tp).is_some_and(|assigned| !assigned.is_wanted());
            if is_paused || self.subscription.position(tp) != Some(fetch.next_offset) {
                self.fetcher.pop();
                continue;
            }
            if let Some(error) = fetch.error {
                let (offset, current_leader) = (fetch.next_offset, fetch.current_leader);
                self.fetcher.pop();
                self.on_partition_error(ctx, tp, offset, error, current_leader);
                continue;
            }
            if let Some(replica) = fetch.preferred_read_replica.take() {
                self.prefer_read_replica(ctx, tp, replica);
                continue;
            }
            let is_aborted = fetch.is_aborted();
            let Some(batch) = fetch.batches.front() else {
                self.fetcher.pop();
                continue;
            };
            // The application never sees what ends a transaction.
            let total = if is_aborted || batch.batch.attributes.is_control {
                0
            } else {
                batch.batch.records.len()
            };
            let next = batch.batch.index_at(fetch.next_offset - batch.base_offset);
            let end = total.min(next.saturating_add(room as usize));
            if next < end {
                room -= (end - next) as i64;
                let (next, end) = (next as u32, end as u32);
                slices.push(Slice { tp, logged: batch.clone(), next, end });
            }
            let epoch = batch.leader_epoch;
            if end < total {
                fetch.next_offset = batch.offset_of(end - 1) + 1;
            } else {
                // What compaction took from the batch's end is passed as well.
                fetch.next_offset = fetch.next_offset.max(batch.next_offset());
                fetch.batches.pop_front();
            }
            let position = Position::At(fetch.next_offset);
            if fetch.batches.is_empty() {
                self.fetcher.pop();
            }
            self.subscription.set_position(tp, position);
            if let Some(assigned) = self.subscription.get_mut(tp) {
                assigned.offset_epoch = epoch;
            }
        }
        slices
    }

    fn on_partition_error(
        &mut self,
        ctx: &mut Ctx<'_>,
        tp: TopicPartition,
        offset: i64,
        error: ErrorCode,
        current_leader: Option<(NodeId, i32)>,
    ) {
        self.fetcher.partitions_changed();
        if error == ErrorCode::UnknownLeaderEpoch {
            return; // the broker will hear of that epoch: asked again at once
        }
        let was_follower = self.clear_read_replica(ctx, tp);
        if error == ErrorCode::OffsetOutOfRange {
            if was_follower {
                return; // the leader may have it
            }
            ctx.emit(Event::PositionOutOfRange { tp, offset });
            if !self.reset_position(ctx, tp) {
                self.fail(ctx, "OffsetOutOfRangeException");
            }
            return;
        }
        let Some(assigned) = self.subscription.get_mut(tp) else { return };
        match current_leader {
            Some((leader, epoch)) if epoch > assigned.leader_epoch => {
                assigned.leader = Some(leader);
                assigned.leader_epoch = epoch;
                self.subscription.maybe_validate(tp);
            }
            // Not fetched again before metadata says from whom.
            _ => assigned.leader = None,
        }
        self.request_metadata_update(ctx);
    }
}

/// A partition's part of a response, if there is anything in it that is still wanted.
fn completed(
    session: &Session,
    subscription: &Subscription,
    partition: FetchPartitionResponse,
) -> Option<CompletedFetch> {
    let asked = session.partitions.iter().find(|asked| asked.tp == partition.tp)?;
    let next_offset = asked.fetch_offset;
    let has_news = partition.error.is_some()
        || partition.preferred_read_replica.is_some()
        || !partition.batches.is_empty();
    let is_wanted = subscription.position(partition.tp) == Some(next_offset);
    (has_news && is_wanted).then(|| CompletedFetch {
        tp: partition.tp,
        broker: session.broker,
        next_offset,
        batches: partition.batches.into(),
        aborted: partition.aborted.into(),
        aborting: SortedSet::new(),
        error: partition.error,
        current_leader: partition.current_leader,
        preferred_read_replica: partition.preferred_read_replica,
    })
}
