//! What a replica keeps while it leads: its followers, the ISR, and how far they have come.

use crate::engine::{Micros, NodeId};
use crate::protocol::{ErrorCode, PartitionRegistration};

use super::remote_replica::RemoteReplica;
use super::{Isr, IsrRules};

/// What the answer to an AlterPartition led to.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub enum AlterReaction {
    /// The ISR is what the controller answered.
    Committed,
    /// Back to what was confirmed before.
    RolledBack,
    /// Nothing changes until new metadata comes.
    Wait,
    /// Ask again.
    Retry,
}

/// A leader's state.
#[derive(Clone, Debug, Default)]
pub struct Leadership {
    epoch_start: i64,
    followers: Vec<RemoteReplica>,
    isr: Isr,
}

impl Leadership {
    /// Where the current leader epoch starts.
    pub fn epoch_start(&self) -> i64 {
        self.epoch_start
    }

    /// The in-sync replicas.
    pub fn isr(&self) -> &Isr {
        &self.isr
    }

    /// A follower's state; `None` when it has no replica.
    pub fn follower(&self, id: NodeId) -> Option<&RemoteReplica> {
        self.followers.iter().find(|replica| replica.id() == id)
    }

    pub(super) fn follower_mut(&mut self, id: NodeId) -> Option<&mut RemoteReplica> {
        self.followers.iter_mut().find(|replica| replica.id() == id)
    }

    /// Assignment and ISR are the controller's; a change on its way is forgotten.
    pub(super) fn assign(&mut self, me: NodeId, registration: &PartitionRegistration) {
        let assigned = |id: NodeId| id != me && registration.replicas.contains(&id);
        self.followers.retain(|replica| assigned(replica.id()));
        for &id in registration.replicas.iter().filter(|&&id| assigned(id)) {
            if self.follower(id).is_none() {
                self.followers.push(RemoteReplica::new(id));
            }
        }
        self.isr = Isr::committed_as(&registration.isr);
    }

    /// A new leader epoch begins.
    pub(super) fn begin_epoch(&mut self, now: Micros, start: i64, is_new_leader: bool) {
        self.epoch_start = start;
        for replica in &mut self.followers {
            let in_sync = self.isr.committed().contains(&replica.id());
            replica.reset(now, start, is_new_leader, in_sync);
        }
    }

    /// What the maximal ISR has, and whoever is about to join it (`maybeIncrementLeaderHW`).
    pub(super) fn replicated_up_to(&self, log_end: i64, now: Micros, rules: IsrRules<'_>) -> i64 {
        let awaited = |replica: &&RemoteReplica| {
            replica.end_offset() < log_end
                && (self.isr.is_maximal_member(replica.id())
                    || replica.is_caught_up(log_end, now, rules.lag_max_us)
                        && rules.eligible.admits(replica))
        };
        let ends = self.followers.iter().filter(awaited).map(RemoteReplica::end_offset);
        ends.min().unwrap_or(log_end)
    }

    /// Whether `id` should be taken into the ISR: it has everything that is committed and all of
    /// the earlier epochs.
    pub(super) fn should_expand(
        &self,
        id: NodeId,
        high_watermark: i64,
        rules: IsrRules<'_>,
    ) -> bool {
        !self.isr.is_in_flight()
            && !self.isr.committed().contains(&id)
            && self.follower(id).is_some_and(|replica| {
                let end = replica.end_offset();
                end >= high_watermark && end >= self.epoch_start && rules.eligible.admits(replica)
            })
    }

    /// ISR members other than this broker that have not caught up in time.
    pub(super) fn lagging(
        &self,
        me: NodeId,
        log_end: i64,
        now: Micros,
        lag_max_us: Micros,
    ) -> Vec<NodeId> {
        if self.isr.is_in_flight() {
            return Vec::new();
        }
        let keeps_up = |&id: &NodeId| {
            id == me || self.follower(id).is_some_and(|r| r.is_caught_up(log_end, now, lag_max_us))
        };
        self.isr.committed().iter().copied().filter(|id| !keeps_up(id)).collect()
    }

    pub(super) fn isr_mut(&mut self) -> &mut Isr {
        &mut self.isr
    }

    /// How a leader takes an error of AlterPartition.
    pub(super) fn react(&mut self, error: ErrorCode) -> AlterReaction {
        match error {
            ErrorCode::IneligibleReplica => {
                self.isr.roll_back();
                AlterReaction::RolledBack
            }
            ErrorCode::FencedLeaderEpoch
            | ErrorCode::InvalidUpdateVersion
            | ErrorCode::InvalidRequest
            | ErrorCode::NewLeaderElected
            | ErrorCode::UnknownTopicId
            | ErrorCode::UnknownTopicOrPartition => AlterReaction::Wait,
            _ => AlterReaction::Retry,
        }
    }
}
