//! What nodes and partitions are called.

use highwater::engine::NodeId;
use highwater::protocol::TopicPartition;
use highwater::view::{BrokerView, PartitionView, ProcessState, ReplicaView, TopicView, View};

/// How many partition colours there are; more partitions begin again.
const HUES: usize = 7;

/// Letters of a topic that a narrow place has room for.
const SHORT: usize = 10;

/// The hue of internal topics.
pub const INTERNAL_HUE: usize = HUES;

/// Whether a broker lives and believes that it leads: a dead one believes nothing, and one that the
/// cluster has given up may still believe.
pub fn leads(broker: &BrokerView, replica: &ReplicaView) -> bool {
    let lives = matches!(broker.process, ProcessState::Running | ProcessState::Stopping);
    lives && replica.is_leader
}

/// What a reassignment does with a replica: the id of a text.
pub fn move_state(partition: &PartitionView, broker: NodeId) -> Option<&'static str> {
    let sets = [(&partition.adding, "state-adding"), (&partition.removing, "state-removing")];
    sets.into_iter().find(|(set, _)| set.contains(&broker)).map(|(_, id)| id)
}

/// The names in a view.
#[derive(Copy, Clone)]
pub struct Names<'a>(&'a View);

impl<'a> Names<'a> {
    /// The names in this view.
    pub fn of(view: &'a View) -> Self {
        Self(view)
    }

    /// A node's name.
    pub fn node(self, id: NodeId) -> String {
        let producer = self.0.producers.iter().find(|producer| producer.id == id);
        let consumer = self.0.consumers.iter().find(|consumer| consumer.id == id);
        let controllers = &self.0.controllers;
        let controller = controllers.iter().position(|controller| controller.id == id);
        match (controller, producer, consumer) {
            (Some(_), ..) if controllers.len() == 1 => "controller".to_owned(),
            (Some(index), ..) => format!("controller {}", index + 1),
            (_, Some(producer), _) => producer.name.to_string(),
            (_, _, Some(consumer)) => consumer.name.to_string(),
            _ => format!("broker {id}"),
        }
    }

    /// A partition's topic.
    pub fn topic(self, tp: TopicPartition) -> Option<&'a TopicView> {
        self.0.topics.iter().find(|topic| topic.id == tp.topic)
    }

    /// A partition, as the controller knows it.
    pub fn partition_view(self, tp: TopicPartition) -> Option<&'a PartitionView> {
        self.topic(tp)?.partitions.get(usize::from(tp.partition))
    }

    /// A partition's name, such as `orders-0`.
    pub fn partition(self, tp: TopicPartition) -> String {
        let topic = self.topic(tp).map_or("?", |topic| &topic.name);
        format!("{topic}-{}", tp.partition)
    }

    /// A partition's name for a narrow place: of a long one beginning and end.
    pub fn short_partition(self, tp: TopicPartition) -> String {
        let topic = self.topic(tp).map_or("?", |topic| &topic.name);
        let shown: String = topic.chars().take(SHORT).collect();
        let cut = if shown.len() < topic.len() { "…" } else { "" };
        format!("{shown}{cut}-{}", tp.partition)
    }

    /// Whether the partition is of an internal topic.
    pub fn is_internal(self, tp: TopicPartition) -> bool {
        self.topic(tp).is_some_and(|topic| topic.internal)
    }

    /// The number of a partition's colour.
    pub fn hue(self, tp: TopicPartition) -> usize {
        let mut before = 0;
        for topic in &self.0.topics {
            if topic.id == tp.topic {
                let own = before + usize::from(tp.partition);
                return if topic.internal { INTERNAL_HUE } else { own % HUES };
            }
            if !topic.internal {
                before += topic.partitions.len();
            }
        }
        INTERNAL_HUE
    }
}
