//! When the producer asks for metadata (Kafka's `ProducerMetadata`, `Metadata`), and what it was
//! told.
//!
//! Asking is rationed: after an answer that brings nothing new, and after a failure, the next
//! request waits for a back-off that doubles.

use std::sync::Arc;

use crate::config::ProducerConfig;
use crate::engine::{Micros, NodeId, Rng};
use crate::protocol::ClusterMetadata;

use super::{Cluster, ExponentialBackoff};

/// The producer's knowledge of the cluster, and its wish to know more.
#[derive(Clone, Debug)]
pub struct ProducerMetadata {
    cluster: Cluster,
    bootstrap: Vec<NodeId>,
    topic: Arc<str>,
    max_age_us: Micros,
    backoff: ExponentialBackoff,
    /// Somebody called send(): from here on the topic's absence matters.
    is_topic_wanted: bool,
    is_update_requested: bool,
    is_in_progress: bool,
    attempts: u32,
    equivalent_responses: u32,
    refreshed_us: Micros,
    allowed_us: Micros,
}

impl ProducerMetadata {
    /// Knows only the brokers to begin with.
    pub fn new(config: &ProducerConfig, topic: Arc<str>, bootstrap: Vec<NodeId>) -> Self {
        let mut cluster = Cluster::default();
        cluster.bootstrap(&bootstrap);
        Self {
            cluster,
            bootstrap,
            topic,
            max_age_us: config.metadata_max_age_ms.max(0) as u64 * 1000,
            backoff: ExponentialBackoff::new(config.retry_backoff_ms, config.retry_backoff_max_ms),
            is_topic_wanted: false,
            is_update_requested: true,
            is_in_progress: false,
            attempts: 0,
            equivalent_responses: 0,
            refreshed_us: 0,
            allowed_us: 0,
        }
    }

    /// What is known.
    pub fn cluster(&self) -> &Cluster {
        &self.cluster
    }

    /// send() waits for the topic (`waitOnMetadata`): the first time at once.
    pub fn want_topic(&mut self) {
        if !self.is_topic_wanted {
            self.is_topic_wanted = true;
            self.equivalent_responses = 0;
            self.allowed_us = 0;
        }
        self.is_update_requested = true;
    }

    /// What is known seems to be out of date.
    pub fn request_update(&mut self) {
        self.is_update_requested = true;
    }

    /// When to ask; `None` while a request is on its way.
    pub fn next_update_us(&self) -> Option<Micros> {
        if self.is_in_progress {
            return None;
        }
        let due_us = match self.is_update_requested {
            true => 0,
            false => self.refreshed_us + self.max_age_us,
        };
        Some(due_us.max(self.allowed_us))
    }

    /// A request is on its way.
    pub fn on_sent(&mut self) {
        self.is_in_progress = true;
    }

    /// It was lost.
    pub fn on_failure(&mut self, now: Micros, rng: &mut Rng) {
        self.is_in_progress = false;
        self.is_update_requested = true;
        self.attempts += 1;
        self.equivalent_responses = 0;
        self.back_off(now, rng);
    }

    /// It was answered.
    pub fn on_response(&mut self, now: Micros, metadata: &ClusterMetadata, rng: &mut Rng) {
        self.is_in_progress = false;
        self.attempts = 0;
        self.equivalent_responses += 1;
        if self.cluster.update(metadata, &self.topic) {
            self.equivalent_responses = 0;
        }
        self.refreshed_us = now;
        // UNKNOWN_TOPIC_OR_PARTITION and LEADER_NOT_AVAILABLE ask for more.
        self.is_update_requested = self.is_topic_wanted
            && (self.cluster.topic().is_none() || self.cluster.is_leaderless());
        self.back_off(now, rng);
    }

    /// A response named a partition's new leader (KIP-951).
    pub fn update_leader(&mut self, partition: u16, leader: NodeId, epoch: i32) {
        self.cluster.update_leader(partition, leader, epoch, &self.topic);
    }

    /// None of the known brokers can be reached: begins anew with those of bootstrap.servers.
    pub fn rebootstrap(&mut self) {
        self.cluster.bootstrap(&self.bootstrap);
        self.is_update_requested = true;
    }

    fn back_off(&mut self, now: Micros, rng: &mut Rng) {
        let failures = self.attempts.max(self.equivalent_responses).saturating_sub(1);
        self.allowed_us = now + self.backoff.backoff_us(failures, rng);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Properties;
    use crate::protocol::{PartitionMetadata, TopicId, TopicMetadata};

    fn metadata() -> ProducerMetadata {
        let properties = Properties::new();
        let config = ProducerConfig::from_properties(&properties).expect("defaults are valid");
        ProducerMetadata::new(&config, Arc::from("orders"), vec![NodeId(1)])
    }

    fn answer(leader: Option<NodeId>) -> ClusterMetadata {
        let name: Arc<str> = Arc::from("orders");
        let partitions = vec![PartitionMetadata {
            leader,
            leader_epoch: 0,
            replicas: vec![NodeId(1)],
            isr: vec![NodeId(1)],
        }];
        let topic = TopicMetadata { id: TopicId(1), name: name.clone(), partitions };
        let topics = [(name, topic)].into();
        ClusterMetadata { brokers: vec![NodeId(1)], topics, ..ClusterMetadata::default() }
    }

    #[test]
    fn it_asks_at_once_and_then_once_in_max_age() {
        let (mut metadata, mut rng) = (metadata(), Rng::stream(1, 1));
        assert_eq!(metadata.next_update_us(), Some(0));
        metadata.on_sent();
        assert_eq!(metadata.next_update_us(), None);
        metadata.on_response(1000, &answer(Some(NodeId(1))), &mut rng);
        assert_eq!(metadata.next_update_us(), Some(300_001_000));
        assert_eq!(metadata.cluster().leader(0), Some(NodeId(1)));
    }

    #[test]
    fn answers_that_bring_nothing_new_make_it_wait_longer() {
        let (mut metadata, mut rng) = (metadata(), Rng::stream(1, 1));
        metadata.want_topic();
        let mut now = 0;
        let waits = [0, 1, 2, 3, 4, 5, 6].map(|_| {
            metadata.on_sent();
            metadata.on_response(now, &answer(None), &mut rng);
            let wait_us = metadata.next_update_us().expect("a leader is missing") - now;
            now += wait_us;
            wait_us / 1000
        });
        for (wait_ms, term_ms) in waits.into_iter().zip([100, 100, 200, 400, 800, 1000, 1000]) {
            assert!(wait_ms >= term_ms * 8 / 10 && wait_ms <= term_ms * 12 / 10, "{waits:?}");
        }
    }
}
