//! Which brokers may join an ISR, by the metadata of this broker.

use crate::engine::NodeId;
use crate::metadata::MetadataImage;

use super::RemoteReplica;

/// Brokers that are unfenced and not in controlled shutdown, with their epochs.
#[derive(Clone, Debug, Default)]
pub struct EligibleBrokers {
    epochs: Vec<(NodeId, i64)>,
}

impl EligibleBrokers {
    /// The eligible brokers of `image`.
    pub fn of(image: &MetadataImage) -> Self {
        let epochs = image
            .brokers()
            .iter()
            .filter(|&(&broker, _)| image.is_active(broker))
            .map(|(&broker, registration)| (broker, registration.broker_epoch))
            .collect();
        Self { epochs }
    }

    /// Whether the replica may join: its broker is eligible, and it is the incarnation that
    /// fetched.
    pub fn admits(&self, replica: &RemoteReplica) -> bool {
        let epoch = self.epochs.iter().find(|(broker, _)| *broker == replica.id()).map(|e| e.1);
        replica
            .broker_epoch()
            .is_some_and(|fetched| epoch.is_some_and(|e| fetched == -1 || fetched == e))
    }
}
