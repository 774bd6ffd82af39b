//! Why a record came to grief, by name. The names are the ones of the verdict, the page and the
//! lessons.

use serde::Serialize;

use crate::events::DeliveryFailure;

macro_rules! causes {
    ($(#[$about:meta])* $name:ident { $($(#[$doc:meta])* $variant:ident = $text:literal,)* }) => {
        $(#[$about])*
        #[derive(Copy, Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
        pub enum $name {
            $($(#[$doc])* #[serde(rename = $text)] $variant,)*
        }

        impl $name {
            /// The names of all.
            pub const NAMES: &[&str] = &[$($text,)*];

            /// Its name in verdicts.
            pub fn name(self) -> &'static str {
                match self { $(Self::$variant => $text,)* }
            }
        }
    };
}

causes! {
    /// Why an acknowledged record is in no log that counts.
    LossCause {
        /// acks=1: the leader alone had it, and another replica took over.
        AcksOne = "acks-1",
        /// acks=0: it never reached a log, was refused there, or the leader alone had it.
        AcksZero = "acks-0",
        /// A replica outside the ISR took over.
        UncleanElection = "unclean-election",
        /// It was in page caches only, and their machines lost power before anybody flushed it.
        PowerLoss = "power-loss",
        /// A leader whose term was over took it and did not know.
        ZombieLeader = "zombie-leader",
        /// None of these; Kafka promises that there is no such loss.
        Unexplained = "unexplained",
    }
}

causes! {
    /// Why a record is not in the log any more, though nothing is lost.
    RemovalCause {
        /// Its segment was older than retention.ms.
        RetentionMs = "retention-ms",
        /// The log was larger than retention.bytes.
        RetentionBytes = "retention-bytes",
        /// Somebody asked for it: DeleteRecords.
        DeleteRecords = "delete-records",
        /// There was a later record of its key, or it was a tombstone that has done its work.
        Compaction = "compaction",
        /// Its topic was deleted.
        TopicDeleted = "topic-deleted",
    }
}

causes! {
    /// Why a record's transaction was aborted.
    AbortCause {
        /// Its application did it, of its own will or after an error.
        Application = "abort-transaction",
        /// It was open for longer than transaction.timeout.ms.
        TimedOut = "transaction-timeout",
        /// Another producer with the same transactional.id began.
        Fenced = "transactional-id-taken",
    }
}

causes! {
    /// Why a record is in the log more than once.
    DuplicateCause {
        /// The producer sent again what the leader had, and without idempotence nobody noticed.
        RetryWithoutIdempotence = "retry-without-idempotence",
        /// The producer had to start a new epoch and numbered the batch anew.
        EpochBump = "epoch-bump",
    }
}

causes! {
    /// Why records of one producer and key lie in another order than they were produced in.
    ReorderCause {
        /// A batch failed and was sent again after one that was in flight behind it.
        RetryBehindOthers = "retry-behind-others",
    }
}

causes! {
    /// Why a group processed a record more than once.
    RepeatCause {
        /// The consumer died after processing, before committing.
        CrashBeforeCommit = "crash-before-commit",
        /// The partition changed hands before the commit.
        Rebalance = "rebalance",
        /// The coordinator took the consumer for dead: session.timeout.ms.
        SessionExpired = "session-expired",
        /// The consumer did not poll within max.poll.interval.ms.
        PollIntervalExceeded = "poll-interval-exceeded",
        /// The position was set back: auto.offset.reset.
        OffsetReset = "offset-reset",
        /// The application went back: seek().
        Seek = "seek",
        /// The record is in the log more than once.
        WrittenTwice = "written-twice",
    }
}

causes! {
    /// Why a group committed past a record that it never processed.
    SkipCause {
        /// The offset was committed first, and the consumer never came to process the record.
        CommittedBeforeProcessing = "committed-before-processing",
        /// auto.offset.reset=latest started behind it.
        ResetToLatest = "reset-to-latest",
        /// The application went past it: seek().
        Seek = "seek",
        /// Retention or DeleteRecords took it out of the log before the group came to read it.
        RemovedBeforeReading = "removed-before-reading",
        /// An unclean election put other records below the committed offset, or took the marker of
        /// its transaction.
        UncleanElection = "unclean-election",
        /// The log lost its end with the power, and other records came below the committed offset, or
        /// the marker of its transaction was there.
        PowerLoss = "power-loss",
        /// The application failed at it, and went on.
        GivenUp = "given-up",
        /// None of these.
        Unexplained = "unexplained",
    }
}

causes! {
    /// Why a record that a group has dealt with has no effect in the world outside, beside what it
    /// skipped.
    MissingCause {
        /// It lies in a dead letter topic.
        DeadLettered = "dead-lettered",
        /// Its copy for the retry topic was lost.
        RetryLost = "retry-lost",
    }
}

causes! {
    /// Why a group processed a record after a later one of its key.
    LateCause {
        /// It was in a retry topic, and the later one was not.
        Retried = "retried",
        /// It was delivered again, or to another member.
        Redelivered = "redelivered",
    }
}

/// Name of a failure in verdicts: Kafka's error name, or what stands for it.
pub fn failure_name(failure: DeliveryFailure) -> &'static str {
    match failure {
        DeliveryFailure::Error(error) => error.name(),
        DeliveryFailure::Expired { sent: true } => "expired-in-flight",
        DeliveryFailure::Expired { sent: false } => "expired-unsent",
        DeliveryFailure::ProducerGone { sent: true } => "producer-gone-in-flight",
        DeliveryFailure::ProducerGone { sent: false } => "producer-gone-unsent",
        DeliveryFailure::BufferExhausted => "buffer-exhausted",
        DeliveryFailure::NoMetadata => "no-metadata",
        DeliveryFailure::TransactionAborted => "transaction-aborted",
        DeliveryFailure::RecordTooLarge => "record-too-large",
    }
}
