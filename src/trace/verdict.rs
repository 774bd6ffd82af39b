//! The verdict: what became of all records, in numbers and by cause.

use std::sync::Arc;

use serde::Serialize;

use crate::engine::Micros;
use crate::record::RecordId;

/// How many records a tally names.
const EXAMPLES: usize = 8;

/// How many records met with one thing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Tally {
    /// Name of the cause.
    pub cause: &'static str,
    /// How many records.
    pub records: u64,
    /// A few of them, to look at.
    pub examples: Vec<RecordId>,
}

/// Tallies by cause, in the order in which the causes came up.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Tallies(Vec<Tally>);

impl Tallies {
    /// All of them, those that came to nothing left out.
    pub fn iter(&self) -> impl Iterator<Item = &Tally> {
        self.0.iter().filter(|tally| tally.records > 0)
    }

    /// Records over all causes.
    pub fn total(&self) -> u64 {
        self.0.iter().map(|tally| tally.records).sum()
    }

    /// Records of one cause.
    pub fn of(&self, cause: &str) -> u64 {
        self.0.iter().find(|tally| tally.cause == cause).map_or(0, |tally| tally.records)
    }

    pub(super) fn add(
        &mut self,
        cause: &'static str,
        records: impl ExactSizeIterator<Item = RecordId>,
    ) {
        self.add_many(cause, records.len() as u64, records);
    }

    /// Adds `count` records, of which the first few are needed.
    pub(super) fn add_many(
        &mut self,
        cause: &'static str,
        count: u64,
        records: impl Iterator<Item = RecordId>,
    ) {
        if count == 0 {
            return;
        }
        let index = match self.0.iter().position(|tally| tally.cause == cause) {
            Some(index) => index,
            None => {
                self.0.push(Tally { cause, records: 0, examples: Vec::new() });
                self.0.len() - 1
            }
        };
        let tally = &mut self.0[index];
        tally.records += count;
        let room = EXAMPLES.saturating_sub(tally.examples.len());
        tally.examples.extend(records.take(room));
    }

    pub(super) fn remove(&mut self, cause: &'static str, records: impl Iterator<Item = RecordId>) {
        let Some(tally) = self.0.iter_mut().find(|tally| tally.cause == cause) else { return };
        for record in records {
            debug_assert!(tally.records > 0, "taken back more than was counted");
            tally.records = tally.records.saturating_sub(1);
            tally.examples.retain(|&example| example != record);
        }
    }

    /// A copy without the causes that came to nothing.
    pub(super) fn tidy(&self) -> Self {
        Self(self.iter().cloned().collect())
    }
}

/// What became of all records.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Verdict {
    /// Time of the last event seen, in virtual µs.
    pub at_us: Micros,
    /// Records handed to send().
    pub produced: u64,
    /// Records whose success the producer knows.
    pub acknowledged: u64,
    /// Records of which the producer knows nothing yet.
    pub in_flight: u64,
    /// Records the producer gave up, by reason.
    pub failed: Tallies,
    /// Records among the failed ones that are in the log all the same.
    pub failed_but_written: u64,
    /// Acknowledged records that are in no log that counts.
    pub lost: Tallies,
    /// Records that retention, DeleteRecords or compaction took out of the log.
    pub removed: Tallies,
    /// Records of transactions that were aborted: in the log, and for read_committed not there.
    pub aborted: Tallies,
    /// Records that are in the log more than once.
    pub duplicated: Tallies,
    /// Records that lie behind a later one of the same producer and key.
    pub reordered: Tallies,
    /// Groups in order of appearance.
    pub groups: Vec<GroupVerdict>,
}

impl Verdict {
    /// Acknowledged records that are lost.
    pub fn lost_total(&self) -> u64 {
        self.lost.total()
    }

    /// The group of that name.
    pub fn group(&self, name: &str) -> Option<&GroupVerdict> {
        self.groups.iter().find(|group| &*group.group == name)
    }
}

/// What a group did with the records.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct GroupVerdict {
    /// group.id
    pub group: Arc<str>,
    /// Records returned by poll(), each as often as it was.
    pub delivered: u64,
    /// Different records processed.
    pub processed: u64,
    /// Records processed more than once.
    pub repeated: Tallies,
    /// Records committed past but never processed.
    pub skipped: Tallies,
    /// Different records that poll() returned although their transaction was aborted, then or later.
    pub aborted_reads: u64,
    /// Log end (high watermark) minus committed offset, over all partitions with a commit.
    pub lag: i64,
    /// What its applications' handlers did, if they have any.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub handler: Option<HandlerVerdict>,
}

/// What the handlers of a group's applications did, and what came of it in the world outside Kafka:
/// each record that is processed adds an amount to the account of its key and sends a mail.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct HandlerVerdict {
    /// Attempts that threw an exception.
    pub failed_attempts: u64,
    /// Copies sent to retry topics.
    pub retried: u64,
    /// Copies sent to dead letter topics.
    pub dead_lettered: u64,
    /// Records processed after a later one of their key.
    pub out_of_order: Tallies,
    /// Mails sent.
    pub effects: u64,
    /// Records that had their effect once.
    pub once: u64,
    /// Records that had it more often.
    pub twice: Tallies,
    /// Times that a record was processed again and recognised.
    pub recognised: u64,
    /// Records that the group is through with and that had no effect.
    pub missing: Tallies,
    /// What all accounts together should hold.
    pub expected: i64,
    /// What they do hold.
    pub actual: i64,
    /// How many accounts there are.
    pub accounts: u64,
    /// How many do not hold what they should.
    pub wrong_accounts: u64,
    /// A few of these.
    pub wrong: Vec<Account>,
}

/// An account of the world outside.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Account {
    /// The key of its records.
    pub key: String,
    /// What it should hold.
    pub expected: i64,
    /// What it holds.
    pub actual: i64,
}
