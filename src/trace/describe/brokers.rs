//! Replicas and their logs.

use super::{Description, Severity, Words};
use crate::events::{Event, LogStartReason};
use crate::record::Batch;

impl Description {
    /// A batch: its number of records, as `records`.
    pub(super) fn with_batch(self, batch: &Batch) -> Self {
        let count = batch.records.len();
        self.with("records", format!("{count} record{}", if count == 1 { "" } else { "s" }))
    }
}

pub(super) fn describe(words: &Words<'_>) -> Option<Description> {
    use Severity::{Notice, Warning};
    Some(match &words.event.event {
        Event::BecameLeader { tp, leader_epoch, start_offset } => words
            .say_of(
                *tp,
                "became-leader",
                "{node} leads {partition} in epoch {epoch} from offset {offset} on",
            )
            .with("epoch", leader_epoch)
            .with("offset", start_offset)
            .graded(Notice),
        Event::BecameFollower { tp, leader, leader_epoch } => words
            .say_of(*tp, "became-follower", "{node} follows {leader} in {partition}, epoch {epoch}")
            .with("leader", words.leader(*leader))
            .with("epoch", leader_epoch),
        Event::BatchAppended { tp, base_offset, batch, .. } if batch.attributes.is_control => {
            let is_commit = batch.end_of_transaction().unwrap_or_default();
            words
                .say_of(
                    *tp,
                    "marker-appended",
                    "{node} appended the marker {marker} of producer {producer} to {partition} at \
                     offset {offset}",
                )
                .with("marker", if is_commit { "COMMIT" } else { "ABORT" })
                .with("producer", batch.producer_id)
                .with("offset", base_offset)
        }
        Event::BatchAppended { tp, base_offset, leader_epoch, batch } => words
            .say_of(
                *tp,
                "batch-appended",
                "{node} appended {records} to {partition} at offset {offset}, epoch {epoch}",
            )
            .with_batch(batch)
            .with("offset", base_offset)
            .with("epoch", leader_epoch),
        Event::BatchReplicated { tp, base_offset, next_offset } => words
            .say_of(*tp, "batch-replicated", "{node} copied offsets {from} to {to} of {partition}")
            .with("from", base_offset)
            .with("to", next_offset - 1),
        Event::AppendRefused { tp, batch, error } => words
            .say_of(*tp, "append-refused", "{node} refused {records} for {partition}: {cause}")
            .with_batch(batch)
            .because(error.name())
            .graded(Warning),
        Event::DuplicateDiscarded { tp, base_offset, batch } => words
            .say_of(
                *tp,
                "duplicate-discarded",
                "{node} had {records} of {partition} at offset {offset} already: a retry, \
                 answered and not appended",
            )
            .with_batch(batch)
            .with("offset", base_offset)
            .because("idempotence")
            .graded(Notice),
        Event::HighWatermarkAdvanced { tp, from, to } => words
            .say_of(
                *tp,
                "high-watermark-advanced",
                "{node}: high watermark of {partition} from {from} to {to}",
            )
            .with("from", from)
            .with("to", to),
        Event::UnflushedLost { tp, from, to } => words
            .say_of(
                *tp,
                "unflushed-lost",
                "{node} lost the end of its log of {partition} with the power: it ended at {from}, \
                 on disk it ends at {to}",
            )
            .with("from", from)
            .with("to", to)
            .because("power-loss")
            .graded(Warning),
        Event::DiskSlowed { extra_us: 0 } => {
            words.say("disk-slow-no-more", "the disk of {node} is slow no more").graded(Notice)
        }
        Event::DiskSlowed { extra_us } => words
            .say("disk-slowed", "the disk of {node} takes {time} longer for each write")
            .with("time", words.names.time(*extra_us))
            .graded(Warning),
        Event::DiskFilled => words.say("disk-filled", "the disk of {node} is full").graded(Warning),
        Event::DiskFreed => {
            words.say("disk-freed", "the disk of {node} has room again").graded(Notice)
        }
        Event::LogDirFailed => words
            .say(
                "log-dir-failed",
                "{node} could not write: its only log directory is offline, so it halts",
            )
            .because("KAFKA_STORAGE_ERROR")
            .graded(Warning),
        Event::LogStartRaised { tp, from, to, reason } => words
            .say_of(
                *tp,
                "log-start-raised",
                "{node}: the log of {partition} begins at {to}, no longer at {from}: {cause}",
            )
            .with("from", from)
            .with("to", to)
            .because(match reason {
                LogStartReason::RetentionMs => "retention.ms",
                LogStartReason::RetentionBytes => "retention.bytes",
                LogStartReason::DeleteRecords => "DeleteRecords",
                LogStartReason::Leader => "leaders-log-start",
            })
            .graded(Notice),
        Event::LogCleaned { tp, to, bytes_before, bytes_after, removed, .. } => words
            .say_of(
                *tp,
                "log-cleaned",
                "{node} compacted its log of {partition} up to offset {to}: {before} bytes are \
                 {after} now, {count} records are gone",
            )
            .with("to", to)
            .with("before", bytes_before)
            .with("after", bytes_after)
            .with("count", removed.len())
            .because("cleanup.policy")
            .graded(Notice),
        Event::ReplicaDeleted { tp } => words.say_of(
            *tp,
            "replica-deleted",
            "{node} is no replica of {partition} any more, and deletes its log",
        ),
        Event::LogTruncated { tp, from, to } => words
            .say_of(
                *tp,
                "log-truncated",
                "{node} cut its log of {partition} from {from} back to {to}",
            )
            .with("from", from)
            .with("to", to)
            .because("leader-epoch")
            .graded(if to < from { Warning } else { Notice }),
        _ => return None,
    })
}
