//! Reading the dirty partitions of a session (Kafka's `ReplicaManager.readFromLog`).

use super::ReplicaManager;
use super::leader_epoch::check_epoch;
use super::read_replica::selects_for;
use crate::broker::fetch::{FetchSession, Limits, SessionPartition};
use crate::broker::replica::Partition;
use crate::engine::NodeId;
use crate::metadata::MetadataImage;
use crate::node::Ctx;
use crate::protocol::{
    ErrorCode, FetchPartition, FetchPartitionResponse, ReplicaState, TopicPartition,
};
use crate::record::LoggedBatch;

/// What a read of one session gave.
#[derive(Debug, Default)]
pub(super) struct SessionRead {
    /// Place in the session, and what there is to say.
    pub partitions: Vec<(u32, FetchPartitionResponse)>,
    /// Bytes in all.
    pub bytes: u64,
    /// An error, logs that diverge, or a better replica to read: nothing to wait for.
    pub is_urgent: bool,
}

/// What is left of a fetch's limits.
struct Remaining {
    bytes: u32,
    at_least_one: bool,
}

/// Who reads: what it may see depends on that.
#[derive(Copy, Clone)]
struct Reader {
    follower: Option<ReplicaState>,
    read_committed: bool,
}

impl Reader {
    fn of(session: &FetchSession) -> Self {
        Self { follower: session.replica, read_committed: session.read_committed }
    }

    /// Whether there is nothing to read at `offset` yet. Who came to read_committed later may stand
    /// where a transaction is still open.
    fn is_at_end(self, partition: &Partition, offset: i64) -> bool {
        let bound = self.bound(partition);
        offset == bound
            || (self.read_committed && (bound..=partition.high_watermark()).contains(&offset))
    }

    /// How far it may see: followers to the log end, consumers to the high watermark or, with
    /// read_committed, to the last stable offset.
    fn bound(self, partition: &Partition) -> i64 {
        match self {
            Self { follower: Some(_), .. } => partition.leo(),
            Self { read_committed: true, .. } => partition.last_stable_offset(),
            _ => partition.high_watermark(),
        }
    }
}

fn failed(tp: TopicPartition, error: ErrorCode) -> FetchPartitionResponse {
    FetchPartitionResponse {
        tp,
        error: Some(error),
        high_watermark: -1,
        last_stable_offset: -1,
        log_start_offset: -1,
        diverging_epoch: None,
        batches: Vec::new(),
        aborted: Vec::new(),
        current_leader: None,
        preferred_read_replica: None,
    }
}

/// Where the follower's log and this one part, when the leader epoch of the follower's last record
/// shows that they do (KIP-595).
fn divergence(
    partition: &Partition,
    wanted: &FetchPartition,
) -> Result<Option<(i32, i64)>, ErrorCode> {
    if wanted.last_fetched_epoch < 0 {
        return Ok(None);
    }
    let end = partition.log().end_offset_for_epoch(wanted.last_fetched_epoch);
    let (epoch, end_offset) = end.ok_or(ErrorCode::OffsetOutOfRange)?;
    let diverges = epoch < wanted.last_fetched_epoch || end_offset < wanted.fetch_offset;
    Ok(diverges.then_some((epoch, end_offset)))
}

/// Whether the leader takes this follower for one of its own.
fn check_follower(partition: &Partition, follower: ReplicaState) -> Result<(), ErrorCode> {
    let known = partition.leadership().and_then(|l| l.follower(follower.replica));
    let is_known = known.is_some_and(|replica| !replica.is_stale(follower.broker_epoch));
    if is_known { Ok(()) } else { Err(ErrorCode::NotLeaderOrFollower) }
}

fn read(
    partition: &Partition,
    wanted: &FetchPartition,
    reader: Reader,
    preferred: Option<NodeId>,
    remaining: &mut Remaining,
) -> Result<(FetchPartitionResponse, u32), ErrorCode> {
    check_epoch(partition, wanted.current_leader_epoch, reader.follower.is_some())?;
    if let Some(follower) = reader.follower {
        check_follower(partition, follower)?;
    }
    let log = partition.log();
    let high_watermark = partition.high_watermark();
    let mut response = FetchPartitionResponse {
        tp: wanted.tp,
        error: None,
        high_watermark,
        last_stable_offset: partition.last_stable_offset(),
        log_start_offset: log.start_offset(),
        diverging_epoch: None,
        batches: Vec::new(),
        aborted: Vec::new(),
        current_leader: None,
        preferred_read_replica: preferred,
    };
    if preferred.is_some() {
        return Ok((response, 0));
    }
    let diverging = divergence(partition, wanted)?;
    if wanted.fetch_offset < log.start_offset() {
        return Err(ErrorCode::OffsetOutOfRange);
    }
    if diverging.is_some() {
        response.diverging_epoch = diverging;
        return Ok((response, 0));
    }
    if wanted.fetch_offset > log.end_offset() {
        return Err(ErrorCode::OffsetOutOfRange);
    }
    let up_to = reader.bound(partition);
    let max_bytes = wanted.max_bytes.min(remaining.bytes);
    let read = log.read(wanted.fetch_offset, up_to, max_bytes, remaining.at_least_one);
    remaining.bytes = remaining.bytes.saturating_sub(read.bytes);
    remaining.at_least_one &= read.bytes == 0;
    if reader.read_committed {
        let end = read.batches.last().map_or(up_to, LoggedBatch::next_offset);
        response.aborted = log.aborted_transactions(wanted.fetch_offset, end);
    }
    response.batches = read.batches;
    Ok((response, read.bytes))
}

impl ReplicaManager {
    /// Reads the dirty partitions of a session in their order. `serves_follower`: it is a
    /// follower's own turn, not a parked fetch's, and tells how far that follower has come.
    #[inline]
    pub(super) fn read_session(
        &mut self,
        ctx: &mut Ctx<'_>,
        image: &MetadataImage,
        number: u32,
        limits: Limits,
        serves_follower: bool,
    ) -> SessionRead {
        if self.sessions.get(number).dirty().is_empty() {
            return SessionRead::default();
        }
        self.read_dirty(ctx, image, number, limits, serves_follower)
    }

    fn read_dirty(
        &mut self,
        ctx: &mut Ctx<'_>,
        image: &MetadataImage,
        number: u32,
        limits: Limits,
        serves_follower: bool,
    ) -> SessionRead {
        let mut result = SessionRead::default();
        let dirty = self.sessions.get_mut(number).take_dirty();
        let mut remaining = Remaining { bytes: limits.max_bytes, at_least_one: true };
        let cause = ctx.cause;
        for &place in &dirty {
            self.find_slot(number, place);
            let session = self.sessions.get(number);
            let (reader, follower) = (Reader::of(session), session.replica);
            let Some(SessionPartition { wanted, slot, .. }) = session.partition(place).cloned()
            else {
                continue;
            };
            let read = match slot {
                Some(slot) => {
                    let partition = self.partition(slot);
                    let preferred =
                        self.preferred_read_replica(ctx.now, image, session, partition, &wanted);
                    read(partition, &wanted, reader, preferred, &mut remaining)
                }
                None => Err(Self::not_here(image, wanted.tp)),
            };
            let response = match read {
                Ok((response, bytes)) => {
                    result.bytes += u64::from(bytes);
                    result.is_urgent |= response.diverging_epoch.is_some()
                        || response.preferred_read_replica.is_some();
                    if let (true, Some(follower), Some(slot), None) =
                        (serves_follower, follower, slot, response.diverging_epoch)
                    {
                        self.on_follower_fetch(ctx, slot, follower, &wanted);
                        ctx.cause = cause;
                    }
                    response
                }
                Err(error) => {
                    result.is_urgent = true;
                    let mut response = failed(wanted.tp, error);
                    if matches!(
                        error,
                        ErrorCode::NotLeaderOrFollower | ErrorCode::FencedLeaderEpoch
                    ) {
                        response.current_leader = self.current_leader(image, wanted.tp);
                    }
                    response
                }
            };
            result.partitions.push((place, response));
        }
        self.sessions.get_mut(number).give_back_dirty(dirty);
        result
    }

    /// Finds the replica for a session's partition, should it have come to this broker since.
    fn find_slot(&mut self, number: u32, place: u32) {
        let session = self.sessions.get(number);
        let Some(partition) = session.partition(place) else { return };
        let found = self.slot(partition.wanted.tp);
        if partition.slot == found {
            return;
        }
        self.unwatch(partition.slot, number, place);
        if let Some(slot) = found {
            self.slots[slot as usize].watchers.push((number, place));
        }
        if let Some(partition) = self.sessions.get_mut(number).partition_mut(place) {
            partition.slot = found;
        }
    }

    pub(super) fn unwatch(&mut self, slot: Option<u32>, number: u32, place: u32) {
        if let Some(slot) = slot {
            self.slots[slot as usize].watchers.retain(|&watcher| watcher != (number, place));
        }
    }

    /// Takes off the dirty list what is at rest: a fetch would find nothing, and would change
    /// nothing but the time of the last fetch.
    #[inline]
    pub(super) fn put_to_rest(&mut self, number: u32, read: &SessionRead) {
        if !self.sessions.get(number).dirty().is_empty() {
            self.put_dirty_to_rest(number, read);
        }
    }

    fn put_dirty_to_rest(&mut self, number: u32, read: &SessionRead) {
        let Self { sessions, slots, config, .. } = self;
        let session = sessions.get_mut(number);
        // Every fetch asks anew which replica is the best one.
        let is_choosy = selects_for(config, session);
        let (reader, follower) = (Reader::of(session), session.replica);
        let sound = |place: u32| {
            let said = read.partitions.iter().find(|(other, _)| *other == place);
            said.is_none_or(|(_, said)| said.error.is_none() && said.diverging_epoch.is_none())
        };
        session.put_back(|place, partition| {
            let Some(slot) = partition.slot.filter(|_| sound(place)) else { return false };
            let replica = &slots[slot as usize].partition;
            let in_isr = |follower: ReplicaState| {
                let leadership = replica.leadership();
                leadership.is_some_and(|l| l.isr().committed().contains(&follower.replica))
            };
            check_epoch(replica, partition.wanted.current_leader_epoch, follower.is_some()).is_ok()
                && !(is_choosy && replica.is_leader())
                && reader.is_at_end(replica, partition.wanted.fetch_offset)
                && partition.has_told(replica.high_watermark(), replica.log_start())
                && follower.is_none_or(in_isr)
        });
    }

    /// Whether a parked fetch need wait no longer (Kafka's `DelayedFetch.tryComplete`).
    pub(super) fn is_fetch_complete(&self, session: &FetchSession, min_bytes: u32) -> bool {
        let mut bytes: u32 = 0;
        for &place in session.dirty() {
            let Some(SessionPartition { wanted, slot, .. }) = session.partition(place) else {
                continue;
            };
            let Some(partition) = slot.map(|slot| self.partition(slot)) else { return true };
            let reader = Reader::of(session);
            let up_to = reader.bound(partition);
            if check_epoch(partition, wanted.current_leader_epoch, session.replica.is_some())
                .is_err()
                || (wanted.fetch_offset > up_to
                    && !reader.is_at_end(partition, wanted.fetch_offset))
                || !matches!(divergence(partition, wanted), Ok(None))
            {
                return true;
            }
            let enough = wanted.max_bytes.min(min_bytes - bytes);
            bytes += partition.log().bytes_between(wanted.fetch_offset, up_to, enough);
            if bytes >= min_bytes {
                return true;
            }
        }
        false
    }
}
