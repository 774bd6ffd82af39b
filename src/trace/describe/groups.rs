//! Groups: the coordinator's side and the consumer's.

use super::{Description, Severity, Words};
use crate::events::{
    CommitMode, ConsumerExit, Event, LossOfPartitions, PositionReason, RebalanceReason,
};

fn exit_cause(exit: ConsumerExit) -> &'static str {
    match exit {
        ConsumerExit::Left => "left",
        ConsumerExit::SessionExpired => "session-timeout",
        ConsumerExit::PollIntervalExceeded => "poll-interval-exceeded",
        ConsumerExit::RebalanceTimeout => "rebalance-timeout",
    }
}

fn rebalance_cause(reason: RebalanceReason) -> &'static str {
    match reason {
        RebalanceReason::NewMember => "new-member",
        RebalanceReason::StaticMemberBack => "static-member-back",
        RebalanceReason::MemberRejoins => "member-rejoins",
        RebalanceReason::LeaderRejoins => "leader-rejoins",
        RebalanceReason::SubscriptionChanged => "subscription-changed",
        RebalanceReason::MemberLeft => "member-left",
        RebalanceReason::SessionExpired => "session-timeout",
        RebalanceReason::NoSyncGroup => "no-sync-group",
        RebalanceReason::AssignmentNotStored => "assignment-not-stored",
        RebalanceReason::TopicsChanged => "topics-changed",
        RebalanceReason::NotRevoked => "not-revoked",
    }
}

fn mode_name(mode: CommitMode) -> &'static str {
    match mode {
        CommitMode::Auto => "auto-commit",
        CommitMode::Sync => "commitSync",
        CommitMode::Async => "commitAsync",
    }
}

fn reset_policy(reason: PositionReason) -> &'static str {
    match reason {
        PositionReason::Committed => "committed",
        PositionReason::ResetEarliest => "earliest",
        PositionReason::ResetLatest => "latest",
        PositionReason::ResetByDuration => "by_duration",
        PositionReason::Truncated => "truncated",
        PositionReason::Sought => "sought",
    }
}

pub(super) fn describe(words: &Words<'_>) -> Option<Description> {
    coordinators(words).or_else(|| consumers(words))
}

fn coordinators(words: &Words<'_>) -> Option<Description> {
    use Severity::{Notice, Warning};
    Some(match &words.event.event {
        Event::RebalanceStarted { group, generation, reason } => words
            .say(
                "rebalance-started",
                "group {group} rebalances after generation {generation}: {cause}",
            )
            .with("group", group)
            .with("generation", generation)
            .because(rebalance_cause(*reason))
            .graded(Notice),
        Event::GroupStable { group, generation, assignment } => {
            let shares = assignment
                .iter()
                .map(|(member, partitions)| format!("{member}: {}", words.partitions(partitions)));
            words
                .say(
                    "group-stable",
                    "group {group} is stable in generation {generation}; {assignment}",
                )
                .with("group", group)
                .with("generation", generation)
                .with("assignment", shares.collect::<Vec<_>>().join("; "))
                .graded(Notice)
        }
        Event::GroupEmpty { group, generation } => words
            .say("group-empty", "group {group} is empty, generation {generation}")
            .with("group", group)
            .with("generation", generation)
            .graded(Notice),
        Event::MemberRemoved { group, member, exit } => words
            .say("member-removed", "{member} is out of group {group}: {cause}")
            .with("group", group)
            .with("member", words.node(*member))
            .because(exit_cause(*exit))
            .graded(if *exit == ConsumerExit::Left { Notice } else { Warning }),
        Event::OffsetsCommitted { group, member, offsets } => words
            .say("offsets-committed", "group {group}: {member} committed {offsets}")
            .with("group", group)
            .with("member", words.node(*member))
            .with("offsets", words.offsets(offsets)),
        Event::OffsetsExpired { group, partitions } => words
            .say("offsets-expired", "group {group}: its committed offsets of {partitions} expired")
            .with("group", group)
            .with("partitions", words.partitions(partitions.iter()))
            .because("offsets-retention")
            .graded(Warning),
        Event::GroupDeleted { group } => words
            .say("group-deleted", "group {group} has neither members nor offsets: it is deleted")
            .with("group", group)
            .graded(Notice),
        _ => return None,
    })
}

fn consumers(words: &Words<'_>) -> Option<Description> {
    use Severity::{Loss, Notice, Warning};
    Some(match &words.event.event {
        Event::PartitionsAssigned { group, generation, partitions } => words
            .say(
                "partitions-assigned",
                "{node} got {partitions} in generation {generation} of group {group}",
            )
            .with("group", group)
            .with("generation", generation)
            .with("partitions", words.partitions(partitions.iter()))
            .graded(Notice),
        Event::PartitionsReleased { group, partitions, how: LossOfPartitions::Revoked } => words
            .say("partitions-revoked", "{node} gave back {partitions} of group {group}")
            .with("group", group)
            .with("partitions", words.partitions(partitions.iter()))
            .graded(Notice),
        Event::PartitionsReleased { group, partitions, how: LossOfPartitions::Lost } => words
            .say(
                "partitions-lost",
                "{node} lost {partitions} of group {group}: it was no member any more",
            )
            .with("group", group)
            .with("partitions", words.partitions(partitions.iter()))
            .graded(Warning),
        Event::PositionSet { tp, offset, reason: PositionReason::Committed } => words
            .say_of(
                *tp,
                "position-committed",
                "{node} reads {partition} from {offset} on: committed",
            )
            .with("offset", offset),
        Event::PositionSet { tp, offset, reason: PositionReason::Truncated } => words
            .say_of(
                *tp,
                "position-truncated",
                "{node} goes back to {offset} in {partition}: the log was truncated there",
            )
            .with("offset", offset)
            .graded(Warning),
        Event::PositionSet { tp, offset, reason: PositionReason::Sought } => words
            .say_of(*tp, "position-sought", "{node} seeks to {offset} in {partition}")
            .with("offset", offset)
            .graded(Notice),
        Event::PositionSet { tp, offset, reason } => words
            .say_of(
                *tp,
                "position-reset",
                "{node} reads {partition} from {offset} on: auto.offset.reset={policy}",
            )
            .with("offset", offset)
            .with("policy", reset_policy(*reason))
            .because("auto-offset-reset")
            .graded(Notice),
        Event::PositionOutOfRange { tp, offset } => words
            .say_of(
                *tp,
                "position-out-of-range",
                "{node}: {partition} has no offset {offset} any more",
            )
            .with("offset", offset)
            .because("OFFSET_OUT_OF_RANGE")
            .graded(Warning),
        Event::ReadReplicaChosen { tp, replica: Some(replica) } => words
            .say_of(
                *tp,
                "read-replica-follower",
                "{node} reads {partition} from the follower {replica}: it is in the same rack",
            )
            .with("replica", words.node(*replica))
            .graded(Notice),
        Event::ReadReplicaChosen { tp, replica: None } => words
            .say_of(*tp, "read-replica-leader", "{node} reads {partition} from the leader again")
            .graded(Notice),
        Event::RecordsDelivered { tp, base_offset, batch, first, count } => words
            .say_of(
                *tp,
                "records-delivered",
                "{node}: poll() returned {count} records of {partition} from offset {offset} on",
            )
            .with("count", count)
            .with("offset", base_offset + batch.offset_delta(*first as usize)),
        Event::RecordProcessed { tp, offset, record } => words
            .say_of(
                *tp,
                "record-processed",
                "{node} processed record {record} of {partition} at offset {offset}",
            )
            .with("offset", offset)
            .with("record", record.0),
        Event::CommitSent { mode, offsets } => words
            .say("commit-sent", "{node} commits {offsets} ({mode})")
            .with("mode", mode_name(*mode))
            .with("offsets", words.offsets(offsets)),
        Event::CommitFailed { mode, error } => words
            .say("commit-failed", "{node}: {mode} failed: {cause}")
            .with("mode", mode_name(*mode))
            .because(error.name())
            .graded(Warning),
        Event::PollIntervalExceeded => words
            .say(
                "poll-interval-exceeded",
                "{node} did not call poll() for max.poll.interval.ms and leaves its group",
            )
            .because("poll-interval-exceeded")
            .graded(Warning),
        Event::PollFailed { exception } => words
            .say("poll-failed", "{node}: poll() threw {exception}; it closes the consumer")
            .with("exception", exception)
            .graded(Loss),
        _ => return None,
    })
}
