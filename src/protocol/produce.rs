//! Produce and InitProducerId.

use std::sync::Arc;

use super::{ErrorCode, TopicPartition};
use crate::config::Acks;
use crate::engine::NodeId;
use crate::record::Batch;

/// Batches for partitions that one broker leads, one batch a partition.
#[derive(Clone, Debug)]
pub struct ProduceRequest {
    /// transactional.id of the producer.
    pub transactional_id: Option<Arc<str>>,
    /// When the broker shall answer.
    pub acks: Acks,
    /// How long the broker may wait for the ISR (the client's request.timeout.ms), in ms.
    pub timeout_ms: i64,
    /// One batch a partition, in drain order.
    pub batches: Vec<(TopicPartition, Arc<Batch>)>,
}

/// The answer for one partition.
#[derive(Clone, Debug)]
pub struct ProducePartitionResponse {
    /// The partition.
    pub tp: TopicPartition,
    /// `None` (Kafka's NONE) on success.
    pub error: Option<ErrorCode>,
    /// Offset of the batch's first record; -1 on error.
    pub base_offset: i64,
    /// On NOT_LEADER_OR_FOLLOWER: leader and epoch that the broker knows (KIP-951).
    pub current_leader: Option<(NodeId, i32)>,
}

/// Answer to a [`ProduceRequest`] with acks 1 or all.
#[derive(Clone, Debug)]
pub struct ProduceResponse {
    /// In request order.
    pub partitions: Vec<ProducePartitionResponse>,
}

/// Answer to InitProducerId and EndTxn.
#[derive(Clone, Debug)]
pub struct InitProducerIdResponse {
    /// `None` on success.
    pub error: Option<ErrorCode>,
    /// The id, unique in the cluster.
    pub producer_id: i64,
    /// Its epoch: 0 for a fresh id.
    pub producer_epoch: i16,
}

impl InitProducerIdResponse {
    /// The answer that names none.
    pub fn of(result: Result<(i64, i16), ErrorCode>) -> Self {
        let (producer_id, producer_epoch) = result.unwrap_or((-1, -1));
        Self { error: result.err(), producer_id, producer_epoch }
    }
}
