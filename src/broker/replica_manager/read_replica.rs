//! Which replica a consumer had better read (KIP-392): Kafka's
//! `ReplicaManager.findPreferredReadReplica` and `RackAwareReplicaSelector`.

use super::ReplicaManager;
use crate::broker::fetch::FetchSession;
use crate::broker::replica::Partition;
use crate::config::{BrokerConfig, ReplicaSelector};
use crate::engine::{Micros, NodeId};
use crate::metadata::MetadataImage;
use crate::protocol::FetchPartition;

/// Whether the replica selector has a word in what this session reads.
pub(super) fn selects_for(config: &BrokerConfig, session: &FetchSession) -> bool {
    config.replica_selector_class == ReplicaSelector::RackAware
        && session.replica.is_none()
        && session.rack.is_some()
}

impl ReplicaManager {
    /// As leader: of the ISR members in the consumer's rack that have what it asks for, the one that
    /// has come furthest. `None`: the leader itself, which is in that rack or nobody is.
    pub(super) fn preferred_read_replica(
        &self,
        now: Micros,
        image: &MetadataImage,
        session: &FetchSession,
        partition: &Partition,
        wanted: &FetchPartition,
    ) -> Option<NodeId> {
        if !selects_for(&self.config, session) {
            return None;
        }
        let leadership = partition.leadership()?;
        let is_near = |id: NodeId| {
            let broker = image.broker(id).filter(|broker| !broker.fenced);
            broker.is_some_and(|broker| broker.rack == session.rack)
        };
        if is_near(self.me) {
            return None;
        }
        let members = leadership.isr().committed().iter().copied().filter(|&id| is_near(id));
        members
            .filter_map(|id| leadership.follower(id))
            .filter(|replica| {
                let offsets = replica.log_start_offset()..=replica.end_offset();
                offsets.contains(&wanted.fetch_offset)
            })
            .max_by_key(|replica| {
                let caught_up_us = replica.last_caught_up_us().unwrap_or(0).min(now);
                (replica.end_offset(), caught_up_us, replica.id())
            })
            .map(|replica| replica.id())
    }
}
