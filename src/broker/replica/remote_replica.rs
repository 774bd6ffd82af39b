//! What a leader knows of a follower, from its fetches (Kafka's `Replica`).

use crate::engine::{Micros, NodeId};

/// Log end offset of a follower that has not fetched from this leader yet.
pub const UNKNOWN_OFFSET: i64 = -1;

/// A follower as its leader sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RemoteReplica {
    id: NodeId,
    end_offset: i64,
    log_start_offset: i64,
    leader_end_offset: i64,
    last_fetch_us: Option<Micros>,
    last_caught_up_us: Option<Micros>,
    broker_epoch: Option<i64>,
}

impl RemoteReplica {
    /// A follower of which nothing is known.
    pub fn new(id: NodeId) -> Self {
        Self {
            id,
            end_offset: UNKNOWN_OFFSET,
            log_start_offset: UNKNOWN_OFFSET,
            leader_end_offset: UNKNOWN_OFFSET,
            last_fetch_us: None,
            last_caught_up_us: None,
            broker_epoch: None,
        }
    }

    /// Its broker.
    pub fn id(&self) -> NodeId {
        self.id
    }

    /// Its log end: the offset of its last fetch.
    pub fn end_offset(&self) -> i64 {
        self.end_offset
    }

    /// Its log start, as of its last fetch.
    pub fn log_start_offset(&self) -> i64 {
        self.log_start_offset
    }

    /// Its log starts there.
    pub fn starts_at(&mut self, log_start_offset: i64) {
        self.log_start_offset = log_start_offset;
    }

    /// When it was last known to have everything, in virtual µs.
    pub fn last_caught_up_us(&self) -> Option<Micros> {
        self.last_caught_up_us
    }

    /// Epoch of the broker that fetched last.
    pub fn broker_epoch(&self) -> Option<i64> {
        self.broker_epoch
    }

    /// A new leader epoch begins at `leader_end_offset`. A leader that was not one before knows
    /// nothing of its followers.
    pub fn reset(
        &mut self,
        now: Micros,
        leader_end_offset: i64,
        is_new_leader: bool,
        in_sync: bool,
    ) {
        if is_new_leader {
            *self = Self::new(self.id);
        } else {
            self.leader_end_offset = leader_end_offset;
            self.last_fetch_us = in_sync.then_some(now);
        }
        self.last_caught_up_us = in_sync.then_some(now);
    }

    /// Whether a fetch comes from an incarnation of the broker that is older than one seen before.
    pub fn is_stale(&self, broker_epoch: i64) -> bool {
        self.broker_epoch.is_some_and(|seen| seen > broker_epoch)
    }

    /// It fetched from `offset` at `at_us`, when the leader's log ended at `leader_end_offset`.
    pub fn on_fetch(&mut self, at_us: Micros, offset: i64, leader_end_offset: i64, epoch: i64) {
        if offset >= leader_end_offset {
            self.last_caught_up_us = self.last_caught_up_us.max(Some(at_us));
        } else if offset >= self.leader_end_offset {
            // It has reached what was the end when it fetched before.
            self.last_caught_up_us = self.last_caught_up_us.max(self.last_fetch_us);
        }
        self.end_offset = offset;
        self.leader_end_offset = self.leader_end_offset.max(leader_end_offset);
        self.last_fetch_us = Some(at_us);
        self.broker_epoch = Some(epoch);
    }

    /// It went on fetching from where it was, the leader's log end, until `at_us`.
    pub fn idled_until(&mut self, at_us: Micros) {
        self.last_caught_up_us = self.last_caught_up_us.max(Some(at_us));
        self.last_fetch_us = self.last_fetch_us.max(Some(at_us));
    }

    /// Whether it has everything, or had so within the last `lag_max_us`.
    pub fn is_caught_up(&self, leader_end_offset: i64, now: Micros, lag_max_us: Micros) -> bool {
        self.end_offset == leader_end_offset
            || self.last_caught_up_us.is_some_and(|at_us| now - at_us <= lag_max_us)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_follower_one_fetch_behind_a_moving_end_counts_as_caught_up_then() {
        let mut replica = RemoteReplica::new(NodeId(2));
        replica.on_fetch(100, 0, 10, 5);
        assert_eq!(replica.last_caught_up_us(), None, "it had not fetched before");
        replica.on_fetch(200, 10, 20, 5);
        assert_eq!(replica.last_caught_up_us(), Some(100), "it has what was there at 100");
        replica.on_fetch(300, 15, 30, 5);
        assert_eq!(replica.last_caught_up_us(), Some(100), "not what was there at 200");
        replica.on_fetch(400, 30, 30, 5);
        assert_eq!(replica.last_caught_up_us(), Some(400));
        assert!(replica.is_caught_up(40, 500, 100));
        assert!(!replica.is_caught_up(40, 501, 100));
        assert!(replica.is_caught_up(30, 10_000, 100), "an equal end needs no fetch");
    }

    #[test]
    fn leaders_in_place_keep_what_they_know() {
        let mut replica = RemoteReplica::new(NodeId(2));
        replica.on_fetch(100, 10, 10, 5);
        let mut elsewhere = replica.clone();
        replica.reset(200, 10, false, true);
        assert_eq!((replica.end_offset(), replica.last_caught_up_us()), (10, Some(200)));
        elsewhere.reset(200, 10, true, false);
        assert_eq!((elsewhere.end_offset(), elsewhere.last_caught_up_us()), (-1, None));
        assert_eq!(elsewhere.broker_epoch(), None);
        assert!(replica.is_stale(4) && !replica.is_stale(5));
    }
}
