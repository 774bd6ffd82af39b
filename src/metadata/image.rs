//! What a node knows after applying metadata records up to an offset.

use std::sync::Arc;

use crate::config::Properties;
use crate::engine::{NodeId, SortedMap};
use crate::protocol::{
    BrokerRegistration, ClusterMetadata, MetadataRecord, MetadataUpdate, PartitionMetadata,
    PartitionRegistration, TopicId, TopicMetadata, TopicPartition,
};

/// A topic in the image.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TopicImage {
    /// Its name.
    pub name: Arc<str>,
    /// Explicit configs.
    pub config: Properties,
    /// Partitions by index.
    pub partitions: Vec<PartitionRegistration>,
}

/// Cluster metadata up to `next_offset` (exclusive).
#[derive(Clone, Debug, Default)]
pub struct MetadataImage {
    next_offset: i64,
    brokers: SortedMap<NodeId, BrokerRegistration>,
    /// Shared with checkpoints of the cluster until they change.
    topics: SortedMap<TopicId, Arc<TopicImage>>,
    names: SortedMap<Arc<str>, TopicId>,
    /// What deleted topics were called, and when that was, in ms since the Unix epoch.
    deleted: SortedMap<TopicId, (Arc<str>, i64)>,
    broker_config: Properties,
    /// The answer to Metadata requests, made once a change.
    client_view: Option<Arc<ClusterMetadata>>,
}

impl MetadataImage {
    /// Offset after the last applied record.
    pub fn next_offset(&self) -> i64 {
        self.next_offset
    }

    /// Applies the record at `next_offset`.
    pub fn apply(&mut self, record: &MetadataRecord) {
        self.next_offset += 1;
        self.client_view = None;
        match record {
            MetadataRecord::Broker { broker, registration } => {
                self.brokers.insert(*broker, registration.clone());
            }
            MetadataRecord::Topic { topic, name } => {
                self.names.insert(name.clone(), *topic);
                let image = TopicImage {
                    name: name.clone(),
                    config: Properties::default(),
                    partitions: Vec::new(),
                };
                self.topics.insert(*topic, Arc::new(image));
            }
            MetadataRecord::RemoveTopic { topic, at_ms } => {
                if let Some(image) = self.topics.remove(topic) {
                    self.names.remove(&image.name);
                    self.deleted.insert(*topic, (image.name.clone(), *at_ms));
                }
            }
            MetadataRecord::Partition { tp, registration } => {
                let topic = self.topics.get_mut(&tp.topic);
                debug_assert!(topic.is_some(), "partition record before its topic record");
                let Some(topic) = topic.map(Arc::make_mut) else { return };
                let index = usize::from(tp.partition);
                debug_assert!(index <= topic.partitions.len(), "partition records out of order");
                if index < topic.partitions.len() {
                    topic.partitions[index] = registration.clone();
                } else {
                    topic.partitions.push(registration.clone());
                }
            }
            MetadataRecord::TopicConfig { topic, key, value } => {
                if let Some(topic) = self.topics.get_mut(topic).map(Arc::make_mut) {
                    topic.config.assign(key, value.as_deref());
                }
            }
            MetadataRecord::LeaderChange { .. } => {}
            MetadataRecord::BrokerConfig { key, value } => {
                self.broker_config.assign(key, value.as_deref());
            }
        }
    }

    /// Applies what an update says beyond `next_offset`. False: the image is as it was, because
    /// there is nothing new in the update, or because something before it is missing (a heartbeat
    /// shows that to the controller, which sends it again).
    pub fn apply_update(&mut self, update: &MetadataUpdate) -> bool {
        let Ok(known) = usize::try_from(self.next_offset - update.from_offset) else {
            return false;
        };
        let new = update.records.get(known..).unwrap_or_default();
        new.iter().for_each(|record| self.apply(record));
        !new.is_empty()
    }

    /// Registered brokers by id.
    pub fn brokers(&self) -> &SortedMap<NodeId, BrokerRegistration> {
        &self.brokers
    }

    /// A broker's registration.
    pub fn broker(&self, broker: NodeId) -> Option<&BrokerRegistration> {
        self.brokers.get(&broker)
    }

    /// Topics by id.
    pub fn topics(&self) -> &SortedMap<TopicId, Arc<TopicImage>> {
        &self.topics
    }

    /// A topic by id.
    pub fn topic(&self, topic: TopicId) -> Option<&TopicImage> {
        self.topics.get(&topic).map(Arc::as_ref)
    }

    /// A topic's name, even if it was deleted.
    pub fn topic_name(&self, topic: TopicId) -> Option<&Arc<str>> {
        let living = self.topics.get(&topic).map(|topic| &topic.name);
        living.or_else(|| self.deleted.get(&topic).map(|(name, _)| name))
    }

    /// When a topic of that name was deleted, the last time, in ms since the Unix epoch.
    pub fn deleted_ms(&self, name: &str) -> Option<i64> {
        let of_name = self.deleted.values().filter(|(deleted, _)| **deleted == *name);
        of_name.map(|&(_, at_ms)| at_ms).max()
    }

    /// The id of the next topic.
    pub fn next_topic_id(&self) -> TopicId {
        TopicId((self.topics.len() + self.deleted.len()) as u16)
    }

    /// A topic's id by name.
    pub fn topic_id(&self, name: &str) -> Option<TopicId> {
        self.names.get(name).copied()
    }

    /// A partition's registration.
    pub fn partition(&self, tp: TopicPartition) -> Option<&PartitionRegistration> {
        self.topics.get(&tp.topic)?.partitions.get(usize::from(tp.partition))
    }

    /// All partitions in order.
    pub fn partitions(&self) -> impl Iterator<Item = (TopicPartition, &PartitionRegistration)> {
        self.topics.iter().flat_map(|(&topic, image)| {
            image.partitions.iter().enumerate().map(move |(index, registration)| {
                (TopicPartition::new(topic, index as u16), registration)
            })
        })
    }

    /// Cluster-wide dynamic broker configs.
    pub fn broker_config(&self) -> &Properties {
        &self.broker_config
    }

    /// Whether a broker may lead and be in ISRs: registered, unfenced, not shutting down.
    pub fn is_active(&self, broker: NodeId) -> bool {
        self.brokers.get(&broker).is_some_and(|b| !b.fenced && !b.in_controlled_shutdown)
    }

    /// What a client is told. A leader that is fenced is not named.
    pub fn client_view(&mut self) -> Arc<ClusterMetadata> {
        if let Some(view) = &self.client_view {
            return view.clone();
        }
        let brokers =
            self.brokers.iter().filter(|(_, b)| !b.fenced).map(|(&id, _)| id).collect::<Vec<_>>();
        let topics = self
            .topics
            .iter()
            .map(|(&id, topic)| {
                let partitions = topic
                    .partitions
                    .iter()
                    .map(|p| PartitionMetadata {
                        leader: p.leader.filter(|l| brokers.contains(l)),
                        leader_epoch: p.leader_epoch,
                        replicas: p.replicas.clone(),
                        isr: p.isr.clone(),
                    })
                    .collect();
                (topic.name.clone(), TopicMetadata { id, name: topic.name.clone(), partitions })
            })
            .collect();
        let rack = |&id: &NodeId| Some((id, self.brokers.get(&id)?.rack.clone()?));
        let racks = brokers.iter().filter_map(rack).collect();
        let view = Arc::new(ClusterMetadata { brokers, racks, topics });
        self.client_view = Some(view.clone());
        view
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ORDERS: TopicId = TopicId(0);

    fn broker(id: u16, fenced: bool) -> MetadataRecord {
        let registration = BrokerRegistration {
            rack: None,
            broker_epoch: 0,
            fenced,
            in_controlled_shutdown: false,
        };
        MetadataRecord::Broker { broker: NodeId(id), registration }
    }

    fn partition(index: u16, leader: u16) -> MetadataRecord {
        let registration = PartitionRegistration {
            replicas: vec![NodeId(leader)],
            isr: vec![NodeId(leader)],
            leader: Some(NodeId(leader)),
            leader_epoch: 0,
            partition_epoch: 0,
            ..PartitionRegistration::default()
        };
        MetadataRecord::Partition { tp: TopicPartition::new(ORDERS, index), registration }
    }

    fn log() -> Vec<MetadataRecord> {
        let topic = MetadataRecord::Topic { topic: ORDERS, name: "orders".into() };
        vec![broker(1, false), broker(2, true), topic, partition(0, 1), partition(1, 2)]
    }

    fn update(from: usize, to: usize) -> MetadataUpdate {
        MetadataUpdate { from_offset: from as i64, records: log()[from..to].into() }
    }

    #[test]
    fn an_update_is_applied_as_far_as_it_is_new() {
        let mut image = MetadataImage::default();
        assert!(image.apply_update(&update(0, 3)));
        assert!(!image.apply_update(&update(4, 5)), "a gap");
        assert!(!image.apply_update(&update(0, 2)), "known");
        assert_eq!(image.next_offset(), 3);
        assert!(image.apply_update(&update(1, 5)));
        assert_eq!(image.next_offset(), 5);
        assert_eq!(image.partitions().count(), 2);
    }

    #[test]
    fn clients_hear_of_no_fenced_leader() {
        let mut image = MetadataImage::default();
        image.apply_update(&update(0, 5));
        let view = image.client_view();
        assert_eq!(view.brokers, [NodeId(1)]);
        let leaders = view.topics["orders"].partitions.iter().map(|p| p.leader);
        assert_eq!(leaders.collect::<Vec<_>>(), [Some(NodeId(1)), None]);
        assert!(Arc::ptr_eq(&view, &image.client_view()), "made once");
        image.apply(&broker(2, false));
        let leaders = image.client_view();
        assert_eq!(leaders.topics["orders"].partitions[1].leader, Some(NodeId(2)));
    }

    #[test]
    fn a_copy_keeps_what_it_knew() {
        let mut image = MetadataImage::default();
        image.apply_update(&update(0, 4));
        let copy = image.clone();
        image.apply(&partition(0, 2));
        let leader = |image: &MetadataImage| {
            image.partition(TopicPartition::new(ORDERS, 0)).and_then(|p| p.leader)
        };
        assert_eq!(leader(&copy), Some(NodeId(1)));
        assert_eq!(leader(&image), Some(NodeId(2)));
    }
}
