//! What coordinators have in common: the partition of a topic in which a name has its records, who
//! leads it, and how those records are written.

pub(super) mod codec;
mod log;
#[cfg(test)]
pub mod test_log;

pub use log::{AppendToken, InternalLog};

use std::sync::Arc;

use crate::engine::{NodeId, java_hash};
use crate::metadata::MetadataImage;
use crate::node::Ctx;
use crate::protocol::{ErrorCode, TopicPartition, wall_clock_ms};
use crate::record::{Batch, Record};

/// Partition of an internal topic that a group or transactional id belongs to
/// (`Utils.abs(hash) % partitions`, where the abs of the smallest integer is 0).
pub fn partition_for(name: &str, partitions: usize) -> u16 {
    debug_assert!(partitions > 0);
    let hash = java_hash(name).checked_abs().unwrap_or(0);
    (hash as usize % partitions.max(1)) as u16
}

/// The partition of `topic` that `name` belongs to; `None` while the topic is not there.
pub fn partition_of(topic: &str, name: &str, image: &MetadataImage) -> Option<TopicPartition> {
    let topic = image.topic_id(topic)?;
    let partitions = image.topic(topic)?.partitions.len();
    (partitions > 0).then(|| TopicPartition::new(topic, partition_for(name, partitions)))
}

/// The broker that coordinates `name`: it leads its partition of `topic`.
///
/// # Errors
/// COORDINATOR_NOT_AVAILABLE while nobody does.
pub fn coordinator_of(topic: &str, name: &str, image: &MetadataImage) -> Result<NodeId, ErrorCode> {
    partition_of(topic, name, image)
        .and_then(|tp| image.partition(tp))
        .and_then(|partition| partition.leader)
        .filter(|&leader| image.broker(leader).is_some_and(|broker| !broker.fenced))
        .ok_or(ErrorCode::CoordinatorNotAvailable)
}

/// Where the records of `name` are, when `loaded` says that this broker has them.
///
/// # Errors
/// NOT_COORDINATOR, or COORDINATOR_LOAD_IN_PROGRESS when it leads them and is about to load them.
pub(super) fn led_partition(
    topic: &str,
    name: &str,
    image: &MetadataImage,
    broker: NodeId,
    loaded: impl Fn(TopicPartition) -> bool,
) -> Result<TopicPartition, ErrorCode> {
    let tp = partition_of(topic, name, image).ok_or(ErrorCode::NotCoordinator)?;
    if loaded(tp) {
        return Ok(tp);
    }
    let leader = image.partition(tp).and_then(|partition| partition.leader);
    match leader == Some(broker) {
        true => Err(ErrorCode::CoordinatorLoadInProgress),
        false => Err(ErrorCode::NotCoordinator),
    }
}

/// A batch as a coordinator writes it: no producer, no record of any application.
pub(super) fn internal_batch(
    ctx: &mut Ctx<'_>,
    encode: impl FnOnce(i64) -> Vec<Record>,
) -> Arc<Batch> {
    Arc::new(Batch::plain(ctx.next_batch_id(), encode(wall_clock_ms(ctx.now))))
}

/// Errors of the log, as whoever asked a coordinator hears them.
pub(super) fn translate_append_error(error: ErrorCode) -> ErrorCode {
    match error {
        ErrorCode::UnknownTopicOrPartition
        | ErrorCode::NotEnoughReplicas
        | ErrorCode::NotEnoughReplicasAfterAppend
        | ErrorCode::RequestTimedOut => ErrorCode::CoordinatorNotAvailable,
        ErrorCode::NotLeaderOrFollower | ErrorCode::KafkaStorageError => ErrorCode::NotCoordinator,
        ErrorCode::MessageTooLarge
        | ErrorCode::RecordListTooLarge
        | ErrorCode::InvalidCommitOffsetSize => ErrorCode::UnknownServerError,
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn groups_find_their_partition_as_in_kafka() {
        for (group, hash, partition) in [
            ("my-group", -1_906_497_762, 12),
            ("test", 3_556_498, 48),
            ("group1", -1_237_460_590, 40),
            ("orders", -1_008_770_331, 31),
            ("payments", 1_382_682_413, 13),
            ("g1", 3_242, 42),
            ("g", 103, 3),
            ("console-consumer-12345", 158_455_506, 6),
            ("polygenelubricants", i32::MIN, 0),
        ] {
            assert_eq!(java_hash(group), hash, "{group}");
            assert_eq!(partition_for(group, 50), partition, "{group}");
        }
    }
}
