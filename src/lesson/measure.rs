//! What lessons can measure: a word, what it wants to know, and where the number comes from.

use crate::trace::Deed;

/// A measure. `docs/lessons.md` lists them all; a test holds the list against this table.
#[derive(Debug)]
pub struct Measure {
    /// Its word in lesson files.
    pub word: &'static str,
    /// What may stand in its brackets; the first `needed` of them must.
    pub args: &'static [Arg],
    /// How many of them must stand there.
    pub needed: usize,
    pub(super) what: What,
}

/// What may stand in brackets.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub enum Arg {
    /// A producer, a topic or a partition.
    Writer,
    /// A topic, or a partition such as `orders-0`.
    Place,
    /// A partition, such as `orders-0`.
    Partition,
    /// A topic.
    Topic,
    /// A group or a consumer.
    Reader,
    /// A group.
    Group,
    /// A consumer.
    Consumer,
    /// A node: a client's name, or `broker 1`.
    Node,
    /// Whose config: a client, a topic, or `brokers`.
    Owner,
    /// The name of a config.
    Config,
    /// The name of a cause in the verdict, such as `acks-1`.
    Cause,
    /// A key of records, as text.
    Key,
}

/// Where a measure comes from.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub(super) enum What {
    /// A count of what happened.
    Deed(Deed),
    /// Acknowledged records that are lost.
    Lost,
    /// Records that are in the log more than once.
    Duplicated,
    /// Records behind a later one of the same producer and key.
    Reordered,
    /// Records processed more than once by a group.
    Repeated,
    /// Records committed past but never processed.
    Skipped,
    /// Partitions that got records.
    Spread,
    /// Partitions that one key went to: the most of any key.
    KeySpread,
    /// Records of one key in one partition: the most of any.
    SameKey,
    /// Different keys in a topic or partition.
    Keys,
    /// The partition that a key's hash means.
    KeyPartition,
    /// Brokers that run.
    BrokersRunning,
    /// Size of the ISR.
    Isr,
    /// Id of the leader; 0: none.
    Leader,
    /// Records below the high watermark.
    Records,
    /// Records on the leader above the high watermark.
    Dry,
    /// Partitions of a topic.
    Partitions,
    /// Committed offset.
    Committed,
    /// Log end minus committed offset.
    Lag,
    /// Members.
    Members,
    /// Members without partitions.
    Idle,
    /// Partitions of a consumer.
    Assigned,
    /// Records a second that a producer's application sends; 0: only on command.
    Rate,
    /// Time for each record, in µs.
    Processing,
    /// How a consumer commits, as a word.
    CommitWord,
    /// A config, as text.
    Config,
    /// Records a second over the last five seconds.
    ProducedPerSecond,
    /// The same for acknowledged records.
    AcknowledgedPerSecond,
    /// Produce latency, half of the records.
    LatencyP50,
    /// Produce latency, 99 of 100.
    LatencyP99,
    /// Records a batch over the last five seconds, rounded.
    RecordsPerBatch,
    /// Steps of the hint's goal that are done.
    Step,
    /// Time since the hint's goal became active.
    Waited,
}

impl Measure {
    /// The one with this word.
    pub fn named(word: &str) -> Option<&'static Self> {
        MEASURES.iter().find(|measure| measure.word == word)
    }

    /// Whether it only ever grows, and so begins at 0 with each step.
    pub fn is_count(&self) -> bool {
        use What::{
            Deed, Duplicated, KeySpread, Keys, Lost, Reordered, Repeated, SameKey, Skipped, Spread,
        };
        matches!(
            self.what,
            Deed(_)
                | Lost
                | Duplicated
                | Reordered
                | Repeated
                | Skipped
                | Spread
                | KeySpread
                | SameKey
                | Keys
        )
    }

    /// Whether it is a time, in µs.
    pub fn is_time(&self) -> bool {
        use What::{LatencyP50, LatencyP99, Processing, Waited};
        matches!(self.what, LatencyP50 | LatencyP99 | Processing | Waited)
    }

    /// Whether it is a word, not a number.
    pub fn is_text(&self) -> bool {
        matches!(self.what, What::Config | What::CommitWord)
    }

    /// Whether only hints can ask for it.
    pub fn is_for_hints(&self) -> bool {
        matches!(self.what, What::Step | What::Waited)
    }
}

const fn measure(word: &'static str, args: &'static [Arg], needed: usize, what: What) -> Measure {
    Measure { word, args, needed, what }
}

const fn count(word: &'static str, args: &'static [Arg], deed: Deed) -> Measure {
    measure(word, args, 0, What::Deed(deed))
}

/// All of them.
pub const MEASURES: [Measure; 55] = [
    count("produced", &[Arg::Node], Deed::Produced),
    count("acknowledged", &[Arg::Writer], Deed::Acknowledged),
    count("batches", &[Arg::Writer], Deed::Batches),
    count("appended", &[Arg::Place], Deed::Appended),
    count("refused", &[Arg::Place], Deed::Refused),
    count("retries", &[Arg::Writer], Deed::Retries),
    count("failed", &[Arg::Node], Deed::Failed),
    count("delivered", &[Arg::Reader], Deed::Delivered),
    count("processed", &[Arg::Reader], Deed::Processed),
    count("kills", &[Arg::Node], Deed::Kills),
    count("stops", &[Arg::Node], Deed::Stops),
    count("starts", &[Arg::Node], Deed::Starts),
    count("leader-kills", &[Arg::Place], Deed::LeaderKills),
    count("elections", &[Arg::Place], Deed::Elections),
    count("isr-shrinks", &[Arg::Place], Deed::IsrShrinks),
    count("isr-expands", &[Arg::Place], Deed::IsrExpands),
    count("fencings", &[Arg::Node], Deed::Fencings),
    count("rebalances", &[Arg::Group], Deed::Rebalances),
    count("commits", &[Arg::Reader], Deed::Commits),
    count("commit-failures", &[Arg::Reader], Deed::CommitFailures),
    count("session-timeouts", &[Arg::Reader], Deed::SessionTimeouts),
    count("poll-timeouts", &[Arg::Reader], Deed::PollTimeouts),
    count("resets", &[Arg::Reader], Deed::Resets),
    measure("lost", &[Arg::Cause], 0, What::Lost),
    measure("duplicated", &[Arg::Cause], 0, What::Duplicated),
    measure("reordered", &[Arg::Cause], 0, What::Reordered),
    measure("repeated", &[Arg::Group, Arg::Cause], 1, What::Repeated),
    measure("skipped", &[Arg::Group, Arg::Cause], 1, What::Skipped),
    measure("spread", &[Arg::Topic], 1, What::Spread),
    measure("key-spread", &[Arg::Topic], 1, What::KeySpread),
    measure("same-key", &[Arg::Topic], 1, What::SameKey),
    measure("keys", &[Arg::Place], 1, What::Keys),
    measure("brokers-running", &[], 0, What::BrokersRunning),
    measure("isr", &[Arg::Partition], 1, What::Isr),
    measure("leader", &[Arg::Partition], 1, What::Leader),
    measure("records", &[Arg::Place], 1, What::Records),
    measure("dry", &[Arg::Place], 1, What::Dry),
    measure("partitions", &[Arg::Topic], 1, What::Partitions),
    measure("key-partition", &[Arg::Topic, Arg::Key], 2, What::KeyPartition),
    measure("committed", &[Arg::Group, Arg::Partition], 2, What::Committed),
    measure("lag", &[Arg::Group], 1, What::Lag),
    measure("members", &[Arg::Group], 1, What::Members),
    measure("idle", &[Arg::Group], 1, What::Idle),
    measure("assigned", &[Arg::Consumer], 1, What::Assigned),
    measure("rate", &[Arg::Node], 1, What::Rate),
    measure("processing", &[Arg::Consumer], 1, What::Processing),
    measure("commit", &[Arg::Consumer], 1, What::CommitWord),
    measure("config", &[Arg::Owner, Arg::Config], 2, What::Config),
    measure("produced-per-second", &[], 0, What::ProducedPerSecond),
    measure("acknowledged-per-second", &[], 0, What::AcknowledgedPerSecond),
    measure("latency-p50", &[], 0, What::LatencyP50),
    measure("latency-p99", &[], 0, What::LatencyP99),
    measure("records-per-batch", &[], 0, What::RecordsPerBatch),
    measure("step", &[], 0, What::Step),
    measure("waited", &[], 0, What::Waited),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_measure_is_documented() {
        let guide = include_str!("../../docs/lessons.md");
        let is_there = |word: &str| {
            guide.contains(&format!("`{word}`")) || guide.contains(&format!("`{word}("))
        };
        let missing: Vec<&str> =
            MEASURES.iter().map(|measure| measure.word).filter(|word| !is_there(word)).collect();
        assert_eq!(missing, Vec::<&str>::new());
    }
}
