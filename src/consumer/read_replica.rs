//! Reading from a follower near by (KIP-392): the leader names it, the consumer keeps to it for
//! metadata.max.age.ms, and goes back to the leader when anything is wrong with it.

use super::Consumer;
use crate::engine::NodeId;
use crate::events::Event;
use crate::node::Ctx;
use crate::protocol::TopicPartition;

impl Consumer {
    /// The leader says who is to be read. The same answer again renews nothing.
    pub(super) fn prefer_read_replica(
        &mut self,
        ctx: &mut Ctx<'_>,
        tp: TopicPartition,
        replica: NodeId,
    ) {
        let expires_us = ctx.now + self.config.metadata_max_age_ms.max(0) as u64 * 1000;
        let Some(assigned) = self.subscription.get_mut(tp) else { return };
        if assigned.preferred.is_none_or(|(known, _)| known != replica) {
            assigned.preferred = Some((replica, expires_us));
            self.fetcher.partitions_changed();
            ctx.emit(Event::ReadReplicaChosen { tp, replica: Some(replica) });
        }
    }

    /// Back to the leader. True: a follower was read until now.
    pub(super) fn clear_read_replica(&mut self, ctx: &mut Ctx<'_>, tp: TopicPartition) -> bool {
        let Some(assigned) = self.subscription.get_mut(tp) else { return false };
        let had = assigned.preferred.take().is_some();
        if had {
            self.fetcher.partitions_changed();
            ctx.emit(Event::ReadReplicaChosen { tp, replica: None });
        }
        had
    }

    /// Followers whose time is over, or of which metadata say nothing, are read no longer.
    pub(super) fn renew_read_replicas(&mut self, ctx: &mut Ctx<'_>) {
        if self.rack.is_none() {
            return;
        }
        let (mut over, mut offline) = (Vec::new(), Vec::new());
        for assigned in &self.subscription.partitions {
            let Some((replica, expires_us)) = assigned.preferred else { continue };
            let is_online = self.metadata.cluster.as_ref().is_some_and(|cluster| {
                cluster.brokers.contains(&replica)
                    && cluster.partition(assigned.tp).is_some_and(|p| p.replicas.contains(&replica))
            });
            if ctx.now > expires_us {
                over.push(assigned.tp);
            } else if !is_online {
                offline.push(assigned.tp);
            }
        }
        if !offline.is_empty() {
            self.request_metadata_update(ctx);
        }
        let cause = ctx.cause;
        for tp in over.into_iter().chain(offline) {
            ctx.cause = cause;
            self.clear_read_replica(ctx, tp);
        }
        ctx.cause = cause;
    }

    /// A fetch from `broker` failed: whatever it was read for goes back to the leaders.
    pub(super) fn on_fetch_failed(&mut self, ctx: &mut Ctx<'_>, broker: NodeId) {
        let read_there = |assigned: &&super::subscription::Assigned| {
            assigned.preferred.is_some_and(|(replica, _)| replica == broker)
        };
        let partitions = self.subscription.partitions.iter().filter(read_there);
        let cause = ctx.cause;
        for tp in partitions.map(|assigned| assigned.tp).collect::<Vec<_>>() {
            ctx.cause = cause;
            self.clear_read_replica(ctx, tp);
        }
        ctx.cause = cause;
        self.fetcher.reset_session(broker);
    }
}
