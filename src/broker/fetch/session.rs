//! An incremental fetch session: partitions, positions, and which of them need a look.
//!
//! A partition is *dirty* while a fetch may have something to say about it. All others have been
//! found at rest: the position is at the end, nothing to tell. A long poll looks at dirty ones
//! only, so an idle one looks at nothing. The time of the last fetch counts for those at rest too,
//! and is told to the replica when its rest ends.

use std::sync::Arc;

use crate::engine::{Micros, SortedMap, Timer, sort_by_key};
use crate::protocol::{FetchPartition, FetchPartitionResponse, ReplicaState, TopicPartition};

use crate::broker::RequestToken;

/// A partition of a session.
#[derive(Clone, Debug)]
pub struct SessionPartition {
    /// What the client asks for.
    pub wanted: FetchPartition,
    /// Slot of the replica; `None` while this broker has none.
    pub slot: Option<u32>,
    /// Place in the order of service: whoever gave data goes to the end.
    order: u64,
    dirty: bool,
    told_high_watermark: i64,
    told_log_start: i64,
}

impl SessionPartition {
    /// Whether the client knows these.
    pub fn has_told(&self, high_watermark: i64, log_start: i64) -> bool {
        (self.told_high_watermark, self.told_log_start) == (high_watermark, log_start)
    }
}

/// How much to return, and when.
#[derive(Copy, Clone, Debug)]
pub struct Limits {
    /// Longest wait in ms.
    pub max_wait_ms: u32,
    /// Enough to answer at once.
    pub min_bytes: u32,
    /// Most in all.
    pub max_bytes: u32,
}

/// A fetch in the purgatory.
#[derive(Copy, Clone, Debug)]
pub struct ParkedFetch {
    /// Whom to answer.
    pub token: RequestToken,
    /// Its expiry.
    pub timer: Timer,
    /// What it asked for.
    pub limits: Limits,
}

/// The session of one client on one channel.
#[derive(Clone, Debug, Default)]
pub struct FetchSession {
    /// Set for followers.
    pub replica: Option<ReplicaState>,
    /// client.rack of a consumer.
    pub rack: Option<Arc<str>>,
    /// A consumer that sees nothing of open or aborted transactions.
    pub read_committed: bool,
    /// Epoch the next request must have.
    pub next_epoch: u32,
    /// When it fetched last.
    pub last_fetch_us: Micros,
    /// The fetch in the purgatory.
    pub parked: Option<ParkedFetch>,
    /// Someone has marked the parked fetch to be looked at.
    pub is_woken: bool,
    partitions: Vec<Option<SessionPartition>>,
    places: SortedMap<TopicPartition, u32>,
    dirty: Vec<u32>,
    orders: u64,
}

impl FetchSession {
    /// Whether it has no partitions.
    pub fn is_empty(&self) -> bool {
        self.places.is_empty()
    }

    /// The partition at `place`.
    pub fn partition(&self, place: u32) -> Option<&SessionPartition> {
        self.partitions.get(place as usize)?.as_ref()
    }

    /// The partition at `place`, to change.
    pub fn partition_mut(&mut self, place: u32) -> Option<&mut SessionPartition> {
        self.partitions.get_mut(place as usize)?.as_mut()
    }

    /// Where `tp` is.
    pub fn place_of(&self, tp: TopicPartition) -> Option<u32> {
        self.places.get(&tp).copied()
    }

    /// Adds a partition, dirty, or moves one that must have been marked dirty before. Returns its
    /// place.
    pub fn want(&mut self, wanted: FetchPartition) -> u32 {
        if let Some(place) = self.place_of(wanted.tp) {
            if let Some(partition) = self.partition_mut(place) {
                debug_assert!(partition.dirty);
                partition.wanted = wanted;
            }
            return place;
        }
        let vacant = self.partitions.iter().position(Option::is_none);
        let place = vacant.unwrap_or_else(|| {
            self.partitions.push(None);
            self.partitions.len() - 1
        });
        self.orders += 1;
        self.partitions[place] = Some(SessionPartition {
            wanted,
            slot: None,
            order: self.orders,
            dirty: true,
            told_high_watermark: -1,
            told_log_start: -1,
        });
        let place = place as u32;
        self.places.insert(wanted.tp, place);
        self.dirty.push(place);
        place
    }

    /// Removes a partition; returns its place and slot.
    pub fn forget(&mut self, tp: TopicPartition) -> Option<(u32, Option<u32>)> {
        let place = self.places.remove(&tp)?;
        let partition = self.partitions[place as usize].take()?;
        if partition.dirty {
            self.dirty.retain(|&other| other != place);
        }
        Some((place, partition.slot))
    }

    /// All its partitions.
    pub fn all(&self) -> impl Iterator<Item = TopicPartition> {
        self.places.keys().copied()
    }

    /// Marks a partition; true when it was at rest until now.
    pub fn mark_dirty(&mut self, place: u32) -> bool {
        let Some(partition) = self.partition_mut(place).filter(|partition| !partition.dirty) else {
            return false;
        };
        partition.dirty = true;
        self.dirty.push(place);
        true
    }

    /// Places of the dirty partitions.
    pub fn dirty(&self) -> &[u32] {
        &self.dirty
    }

    /// Takes the dirty ones in the order of service; [`Self::give_back_dirty`] must follow.
    pub fn take_dirty(&mut self) -> Vec<u32> {
        let mut dirty = std::mem::take(&mut self.dirty);
        let order = |place: &u32| self.partition(*place).map_or(0, |partition| partition.order);
        sort_by_key(&mut dirty, order);
        dirty
    }

    /// Gives the list back. What was dirty stays so, and no other was marked in between.
    pub fn give_back_dirty(&mut self, dirty: Vec<u32>) {
        debug_assert!(
            self.dirty.is_empty(),
            "a partition at rest was marked while others were read"
        );
        self.dirty = dirty;
    }

    /// Takes off the list what is at rest.
    pub fn put_back(&mut self, at_rest: impl Fn(u32, &SessionPartition) -> bool) {
        let Self { dirty, partitions, .. } = self;
        dirty.retain(|&place| {
            let Some(partition) = &mut partitions[place as usize] else { return false };
            partition.dirty = !at_rest(place, partition);
            partition.dirty
        });
    }

    /// Whether the client has to be told this.
    pub fn is_news(&self, place: u32, said: &FetchPartitionResponse) -> bool {
        let knows = |p: &SessionPartition| p.has_told(said.high_watermark, said.log_start_offset);
        said.error.is_some()
            || said.diverging_epoch.is_some()
            || said.preferred_read_replica.is_some()
            || !said.batches.is_empty()
            || !self.partition(place).is_some_and(knows)
    }

    /// The client is told this; whoever gave data goes to the end of the order.
    pub fn tell(&mut self, place: u32, told: &FetchPartitionResponse) {
        self.orders += 1;
        let order = self.orders;
        let Some(partition) = self.partition_mut(place) else { return };
        if told.error.is_some() || told.diverging_epoch.is_some() {
            // Whatever comes after an error or a truncation is news.
            (partition.told_high_watermark, partition.told_log_start) = (-1, -1);
            return;
        }
        partition.told_high_watermark = told.high_watermark;
        partition.told_log_start = told.log_start_offset;
        if !told.batches.is_empty() {
            partition.order = order;
        }
    }
}
