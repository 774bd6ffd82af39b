//! Traces for tests, written down by hand.

use std::sync::Arc;

use crate::config::Acks;
use crate::engine::{Micros, NodeId};
use crate::events::{Event, EventId, TraceEvent};
use crate::protocol::{TopicId, TopicPartition};
use crate::record::{Batch, BatchId, Bytes, Record, RecordId};

/// The partition of the tests.
pub(super) const TP: TopicPartition = TopicPartition { topic: TopicId(0), partition: 0 };
/// The producer of the tests.
pub(super) const PRODUCER: NodeId = NodeId(101);
pub(super) const B1: NodeId = NodeId(1);
pub(super) const B2: NodeId = NodeId(2);
pub(super) const B3: NodeId = NodeId(3);

/// A trace in the making; every event comes 1 ms after the one before.
#[derive(Default)]
pub(super) struct Script {
    pub(super) events: Vec<TraceEvent>,
    now_us: Micros,
    records: u64,
    batches: u64,
}

impl Script {
    /// A partition led by broker 1 in epoch 0 and followed by 2 and 3.
    pub(super) fn new() -> Self {
        let mut script = Self::default();
        script.led_by(B1, 0, 0);
        script
    }

    pub(super) fn push(&mut self, node: NodeId, event: Event) -> EventId {
        self.now_us += 1_000;
        let id = EventId(self.events.len() as u64);
        self.events.push(TraceEvent { id, at_us: self.now_us, node, cause: None, event });
        id
    }

    pub(super) fn wait(&mut self, us: Micros) {
        self.now_us += us;
    }

    pub(super) fn produce(&mut self, keys: &[&str]) -> Arc<Batch> {
        self.produce_as(PRODUCER, -1, keys)
    }

    /// Produces records with these keys (empty: none) into one batch.
    pub(super) fn produce_as(
        &mut self,
        producer: NodeId,
        producer_id: i64,
        keys: &[&str],
    ) -> Arc<Batch> {
        let mut records = Vec::new();
        for key in keys {
            let id = RecordId(self.records);
            self.records += 1;
            let key: Option<Bytes> = (!key.is_empty()).then(|| key.as_bytes().into());
            let produced =
                Event::RecordProduced { record: id, topic: "orders".into(), key: key.clone() };
            self.push(producer, produced);
            self.push(producer, Event::RecordBatched { record: id, tp: TP });
            records.push(Record { id, timestamp_ms: 0, key, value: None, headers: None });
        }
        self.batches += 1;
        Arc::new(Batch {
            producer_id,
            size_bytes: 100,
            ..Batch::plain(BatchId(self.batches - 1), records)
        })
    }

    pub(super) fn sent(&mut self, batch: &Arc<Batch>, to: NodeId) {
        self.push(PRODUCER, Event::BatchSent { tp: TP, batch: batch.clone(), to, attempt: 0 });
    }

    pub(super) fn appended(&mut self, leader: NodeId, epoch: i32, at: i64, batch: &Arc<Batch>) {
        self.push(
            leader,
            Event::BatchAppended {
                tp: TP,
                base_offset: at,
                leader_epoch: epoch,
                batch: batch.clone(),
            },
        );
    }

    pub(super) fn replicated(&mut self, follower: NodeId, from: i64, to: i64) {
        let copied = Event::BatchReplicated { tp: TP, base_offset: from, next_offset: to };
        self.push(follower, copied);
    }

    pub(super) fn committed_up_to(&mut self, leader: NodeId, to: i64) {
        self.push(leader, Event::HighWatermarkAdvanced { tp: TP, from: 0, to });
    }

    pub(super) fn acknowledged(&mut self, batch: &Arc<Batch>, acks: Acks) {
        self.push(
            PRODUCER,
            Event::BatchAcknowledged { tp: TP, batch: batch.clone(), base_offset: -1, acks },
        );
    }

    /// Sent to, appended by broker 1 at `at` in epoch 0, on all replicas, below the high
    /// watermark, acknowledged.
    pub(super) fn written(&mut self, at: i64, batch: &Arc<Batch>) {
        let next = at + batch.count();
        self.sent(batch, B1);
        self.appended(B1, 0, at, batch);
        self.replicated(B2, at, next);
        self.replicated(B3, at, next);
        self.committed_up_to(B1, next);
        self.acknowledged(batch, Acks::All);
    }

    pub(super) fn elected(&mut self, leader: NodeId, epoch: i32, unclean: bool) {
        let event = Event::LeaderElected {
            tp: TP,
            leader: Some(leader),
            leader_epoch: epoch,
            isr: [leader].into(),
            unclean,
        };
        self.push(crate::node::CONTROLLER, event);
    }

    /// `leader` takes over at `start_offset`; the others follow.
    pub(super) fn led_by(&mut self, leader: NodeId, epoch: i32, start_offset: i64) {
        self.push(leader, Event::BecameLeader { tp: TP, leader_epoch: epoch, start_offset });
        for follower in [B1, B2, B3].into_iter().filter(|&node| node != leader) {
            self.push(
                follower,
                Event::BecameFollower { tp: TP, leader: Some(leader), leader_epoch: epoch },
            );
        }
    }

    pub(super) fn truncated(&mut self, node: NodeId, from: i64, to: i64) {
        self.push(node, Event::LogTruncated { tp: TP, from, to });
    }
}
