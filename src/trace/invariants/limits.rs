//! I15: sizes that producers keep to.

use std::collections::BTreeMap;

use super::{Checked, ensure};
use crate::cluster::Cluster;
use crate::config::{Compression, ProducerConfig, Properties};
use crate::engine::NodeId;
use crate::events::{Event, TraceEvent};

#[derive(Clone, Debug, Default)]
pub(super) struct LimitRules {
    /// batch.size of each producer, as long as its process runs.
    batch_sizes: BTreeMap<NodeId, i64>,
}

impl LimitRules {
    pub(super) fn observe(&mut self, cluster: &Cluster, event: &TraceEvent) -> Checked {
        let node = event.node;
        match &event.event {
            Event::NodeStarted { .. } => {
                self.batch_sizes.remove(&node);
                Ok(())
            }
            Event::BatchSent { batch, .. } => {
                let limit =
                    *self.batch_sizes.entry(node).or_insert_with(|| batch_size(cluster, node));
                let size = i64::from(batch.size_bytes);
                // How large a compressed batch will be is a guess while it is filled.
                let is_exact = batch.attributes.compression == Compression::None;
                let is_held = size <= limit || batch.records.len() == 1 || !is_exact;
                ensure("I15", is_held, || {
                    let (producer, records) = (cluster.node_name(node), batch.records.len());
                    format!(
                        "{producer}: a batch of {records} records has {size} bytes, batch.size is {limit}"
                    )
                })
            }
            _ => Ok(()),
        }
    }
}

fn batch_size(cluster: &Cluster, producer: NodeId) -> i64 {
    let view = cluster.view();
    let explicit: Properties = view
        .producers
        .into_iter()
        .filter(|known| known.id == producer)
        .flat_map(|known| known.config)
        .collect();
    ProducerConfig::from_properties(&explicit).map_or(i64::MAX, |config| config.batch_size.into())
}
