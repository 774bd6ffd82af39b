//! The follower's side of a fetch session with one leader (Kafka's `FetchSessionHandler` and
//! `PartitionFetchState`): the next request names only what has changed since the last.

use crate::broker::replica::Partition;
use crate::engine::{Micros, SortedMap};
use crate::protocol::{FetchChanges, FetchPartition, TopicPartition};

/// From where on, and in which epochs.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
struct Position {
    fetch_offset: i64,
    last_fetched_epoch: i32,
    log_start_offset: i64,
    leader_epoch: i32,
}

/// A partition to fetch.
#[derive(Clone, Debug)]
pub struct FetchedPartition {
    /// Slot of the replica.
    pub slot: u32,
    position: Position,
    max_bytes: u32,
    /// Not before this time.
    delayed_until_us: Option<Micros>,
    /// What the leader was told. `None`: it is not in the session.
    told: Option<Position>,
    is_changed: bool,
}

impl FetchedPartition {
    /// Goes on where the replica's log ends.
    pub fn continue_from(&mut self, replica: &Partition) {
        self.position.last_fetched_epoch = replica.log().epochs().latest().unwrap_or(-1);
        self.position.log_start_offset = replica.log_start();
        self.position.fetch_offset = replica.leo();
    }

    /// The leader epoch it fetches in.
    pub fn leader_epoch(&self) -> i32 {
        self.position.leader_epoch
    }
}

/// What is fetched from one leader.
#[derive(Clone, Debug, Default)]
pub struct FetcherSession {
    /// Epoch of the next request; 0 opens a new session.
    epoch: u32,
    partitions: SortedMap<TopicPartition, FetchedPartition>,
    changed: Vec<TopicPartition>,
    forgotten: Vec<TopicPartition>,
    delayed: usize,
}

impl FetcherSession {
    /// A partition.
    pub fn get_mut(&mut self, tp: TopicPartition) -> Option<&mut FetchedPartition> {
        self.partitions.get_mut(&tp)
    }

    /// The partition, when a request for its present position may be under way; with the leader
    /// epoch of that request.
    pub fn awaiting(&mut self, tp: TopicPartition) -> Option<(&mut FetchedPartition, i32)> {
        let partition = self.partitions.get_mut(&tp)?;
        let told = partition.told?;
        let is_awaited = told.fetch_offset == partition.position.fetch_offset
            && partition.delayed_until_us.is_none();
        is_awaited.then_some((partition, told.leader_epoch))
    }

    /// Begins to fetch a partition, or begins anew.
    pub fn add(&mut self, replica: &Partition, slot: u32, max_bytes: u32) {
        let tp = replica.tp();
        // A request of before may still be answered.
        let told = self.partitions.get(&tp).and_then(|partition| partition.told);
        self.remove(tp);
        let mut partition = FetchedPartition {
            slot,
            position: Position {
                fetch_offset: 0,
                last_fetched_epoch: -1,
                log_start_offset: replica.log_start(),
                leader_epoch: replica.leader_epoch(),
            },
            max_bytes,
            delayed_until_us: None,
            told,
            is_changed: true,
        };
        partition.continue_from(replica);
        if partition.position.last_fetched_epoch < 0 {
            partition.position.fetch_offset = replica.high_watermark();
        }
        self.partitions.insert(tp, partition);
        self.changed.push(tp);
    }

    /// Fetches a partition no more.
    pub fn remove(&mut self, tp: TopicPartition) {
        let Some(partition) = self.partitions.remove(&tp) else { return };
        if partition.told.is_some() && !self.forgotten.contains(&tp) {
            self.forgotten.push(tp);
        }
        if partition.is_changed {
            self.changed.retain(|&other| other != tp);
        }
        self.delayed -= usize::from(partition.delayed_until_us.is_some());
    }

    /// The partition's position has moved.
    pub fn moved(&mut self, tp: TopicPartition) {
        let Some(partition) = self.partitions.get_mut(&tp) else { return };
        if partition.told != Some(partition.position) && !partition.is_changed {
            partition.is_changed = true;
            self.changed.push(tp);
        }
    }

    /// Leaves the partition alone until `until_us`.
    pub fn delay(&mut self, tp: TopicPartition, until_us: Micros) {
        let Some(partition) = self.partitions.get_mut(&tp) else { return };
        if partition.told.take().is_some() && !self.forgotten.contains(&tp) {
            self.forgotten.push(tp);
        }
        if std::mem::take(&mut partition.is_changed) {
            self.changed.retain(|&other| other != tp);
        }
        self.delayed += usize::from(partition.delayed_until_us.is_none());
        partition.delayed_until_us = Some(until_us);
    }

    /// The request was lost: everything that was in it is left alone, and the session is over.
    pub fn delay_requested(&mut self, until_us: Micros) {
        let requested = self.partitions.iter().filter(|(_, partition)| partition.told.is_some());
        for tp in requested.map(|(&tp, _)| tp).collect::<Vec<_>>() {
            self.delay(tp, until_us);
        }
        self.reset();
    }

    /// The next request opens a new session and names everything.
    pub fn reset(&mut self) {
        self.epoch = 0;
        self.forgotten.clear();
        self.changed.clear();
        for (&tp, partition) in &mut self.partitions {
            partition.told = None;
            partition.is_changed = partition.delayed_until_us.is_none();
            if partition.is_changed {
                self.changed.push(tp);
            }
        }
    }

    /// Partitions whose delay is over are ready again.
    pub fn end_delays(&mut self, now: Micros) {
        if self.delayed == 0 {
            return;
        }
        for (&tp, partition) in &mut self.partitions {
            if partition.delayed_until_us.is_some_and(|until_us| until_us <= now) {
                partition.delayed_until_us = None;
                self.delayed -= 1;
                partition.is_changed = true;
                self.changed.push(tp);
            }
        }
    }

    /// Whether there is anything to fetch now.
    pub fn has_ready(&self) -> bool {
        self.partitions.len() > self.delayed
    }

    /// When the next delay ends.
    pub fn next_ready_us(&self) -> Option<Micros> {
        self.partitions.values().filter_map(|partition| partition.delayed_until_us).min()
    }

    /// Session epoch and changes of the next request.
    pub fn next_request(&mut self) -> (u32, Option<Box<FetchChanges>>) {
        let epoch = self.epoch;
        self.epoch = epoch.checked_add(1).unwrap_or(1);
        if self.changed.is_empty() && self.forgotten.is_empty() {
            return (epoch, None);
        }
        let mut partitions = Vec::with_capacity(self.changed.len());
        for tp in self.changed.drain(..) {
            let Some(partition) = self.partitions.get_mut(&tp) else { continue };
            partition.is_changed = false;
            partition.told = Some(partition.position);
            let position = partition.position;
            partitions.push(FetchPartition {
                tp,
                fetch_offset: position.fetch_offset,
                last_fetched_epoch: position.last_fetched_epoch,
                log_start_offset: position.log_start_offset,
                current_leader_epoch: position.leader_epoch,
                max_bytes: partition.max_bytes,
            });
        }
        let forgotten = std::mem::take(&mut self.forgotten);
        (epoch, Some(Box::new(FetchChanges { partitions, forgotten })))
    }
}
