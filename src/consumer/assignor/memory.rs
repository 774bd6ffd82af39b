//! What assignors remember of their own member from one assignment to the next (`onAssignment`,
//! `subscriptionUserData`).

use super::Assignor;
use super::topics::hash_order;
use crate::protocol::{ClusterMetadata, TopicPartition, UserData};

/// It outlives membership: only the process's end wipes it.
#[derive(Clone, Debug, Default)]
pub struct Memory {
    sticky: Option<UserData>,
    /// Generation of the last cooperative assignment.
    cooperative: Option<i32>,
}

impl Memory {
    /// The member was assigned `partitions` by this assignor.
    pub fn on_assignment(
        &mut self,
        assignor: Assignor,
        partitions: &[TopicPartition],
        generation: i32,
        cluster: &ClusterMetadata,
    ) {
        match assignor {
            Assignor::Range | Assignor::RoundRobin => {}
            Assignor::Sticky => {
                let partitions = by_topic(partitions, cluster);
                self.sticky = Some(UserData::Previous { partitions, generation });
            }
            Assignor::CooperativeSticky => self.cooperative = Some(generation),
        }
    }

    /// What the assignor adds to the member's subscription.
    pub fn user_data(&self, assignor: Assignor) -> Option<UserData> {
        match assignor {
            Assignor::Range | Assignor::RoundRobin => None,
            Assignor::Sticky => self.sticky.clone(),
            Assignor::CooperativeSticky => {
                Some(UserData::Generation(self.cooperative.unwrap_or(-1)))
            }
        }
    }
}

/// Topic by topic, in the order of a `HashMap` (`CollectionUtils.groupPartitionsByTopic`).
fn by_topic(partitions: &[TopicPartition], cluster: &ClusterMetadata) -> Vec<TopicPartition> {
    let mut topics = Vec::new();
    for tp in partitions {
        let topic = cluster.topics.values().find(|topic| topic.id == tp.topic);
        if let Some(topic) = topic.filter(|topic| !topics.contains(topic)) {
            topics.push(topic);
        }
    }
    let topics = hash_order(&topics, |topic| &topic.name).into_iter();
    let of_topic = |topic| partitions.iter().copied().filter(move |tp| tp.topic == topic);
    topics.flat_map(|topic| of_topic(topic.id)).collect()
}
