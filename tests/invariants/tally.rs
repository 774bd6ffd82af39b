//! What happened over all stories: a check that nothing could fail is none.

use std::collections::BTreeMap;
use std::fmt;

use highwater::events::{Event, PositionReason, RebalanceReason, TraceEvent};
use highwater::protocol::TransactionState;
use highwater::trace::Verdict;
use highwater::trace::history_checks::Finding;

/// How often each thing happened.
#[derive(Default)]
pub struct Tally(BTreeMap<String, u64>);

/// What has to happen at least once, because Kafka does not promise that it does not.
const EXPECTED: [&str; 22] = [
    "lost: acks-0",
    "lost: acks-1",
    "lost: unclean-election",
    "lost: power-loss",
    "lost: zombie-leader",
    "duplicated: retry-without-idempotence",
    "reordered: retry-behind-others",
    "repeated: crash-before-commit",
    "repeated: rebalance",
    "repeated: session-expired",
    "skipped: committed-before-processing",
    "failed but written",
    "found: duplicate (no idempotence)",
    "found: inconsistent-offsets (acks below all)",
    "found: lost-write (power loss)",
    "found: nonmonotonic-poll (truncation)",
    "found: nonmonotonic-send (no idempotence)",
    "found: poll-skip (rebalance)",
    "aborted: abort-transaction",
    "aborted: transaction-timeout",
    "aborted: transactional-id-taken",
    "aborted reads",
];

/// What has to happen often.
const USUAL: [&str; 32] = [
    "elections",
    "unclean elections",
    "truncations",
    "ISR shrinks",
    "ISR expansions",
    "rebalances",
    "commits",
    "power losses",
    "pauses",
    "halts on a full disk",
    "cuts",
    "segments deleted",
    "logs compacted",
    "retries",
    "duplicates discarded",
    "controllers elected",
    "reads from followers",
    "positions in truncated logs",
    "ELR changes",
    "partitions added",
    "topics deleted",
    "reassignments",
    "replicas deleted",
    "poll intervals exceeded",
    "seeks",
    "transactions committed",
    "transactions aborted",
    "producers fenced",
    "skipped",
    "dead-lettered",
    "retried",
    "redirected",
];

impl Tally {
    fn bump(&mut self, what: &str, by: u64) {
        if by > 0 {
            *self.0.entry(what.to_owned()).or_default() += by;
        }
    }

    pub fn count(&mut self, event: &TraceEvent) {
        let what = match &event.event {
            Event::LeaderElected { unclean: true, .. } => "unclean elections",
            Event::LeaderElected { .. } => "elections",
            Event::LogTruncated { .. } => "truncations",
            Event::ElrChanged { .. } => "ELR changes",
            Event::PartitionsAdded { .. } => "partitions added",
            Event::RecordSetAside { how, .. } => how.name(),
            Event::KeyCleared { .. } => "keys cleared",
            Event::ApplicationFailed { .. } => "applications ended",
            Event::TopicDeleted { .. } => "topics deleted",
            Event::ReassignmentEnded { .. } => "reassignments",
            Event::ReplicaDeleted { .. } => "replicas deleted",
            Event::IsrShrunk { .. } => "ISR shrinks",
            Event::IsrExpanded { .. } => "ISR expansions",
            Event::RebalanceStarted { reason: RebalanceReason::StaticMemberBack, .. } => {
                "rebalances for static members"
            }
            Event::RebalanceStarted { .. } => "rebalances",
            Event::GroupEmpty { .. } => "groups empty",
            Event::PollIntervalExceeded => "poll intervals exceeded",
            Event::PositionSet { reason: PositionReason::Sought, .. } => "seeks",
            Event::OffsetsCommitted { .. } => "commits",
            Event::PowerLost => "power losses",
            Event::NodePaused { .. } => "pauses",
            Event::LogDirFailed => "halts on a full disk",
            Event::LinkCut { .. } => "cuts",
            Event::LogStartRaised { .. } => "segments deleted",
            Event::LogCleaned { .. } => "logs compacted",
            Event::BatchRetried { .. } => "retries",
            Event::DuplicateDiscarded { .. } => "duplicates discarded",
            Event::ControllerElected { .. } => "controllers elected",
            Event::ReadReplicaChosen { replica: Some(_), .. } => "reads from followers",
            Event::TransactionChanged { state: TransactionState::CompleteCommit, .. } => {
                "transactions committed"
            }
            Event::TransactionChanged { state: TransactionState::CompleteAbort, .. } => {
                "transactions aborted"
            }
            Event::TransactionFailed { is_fatal: true, .. } => "producers fenced",
            Event::PositionSet { reason: PositionReason::Truncated, .. } => {
                "positions in truncated logs"
            }
            _ => return,
        };
        self.bump(what, 1);
    }

    /// What history checks found, with Kafka's excuse.
    pub fn add_findings(&mut self, findings: &[Finding]) {
        for finding in findings {
            let excuse = finding.excuse.map_or("none", |excuse| excuse.name());
            self.bump(&format!("found: {} ({excuse})", finding.check), 1);
        }
    }

    pub fn add_verdict(&mut self, verdict: &Verdict) {
        self.bump("acknowledged", verdict.acknowledged);
        self.bump("failed but written", verdict.failed_but_written);
        let of_records = [
            ("lost", &verdict.lost),
            ("aborted", &verdict.aborted),
            ("duplicated", &verdict.duplicated),
            ("reordered", &verdict.reordered),
        ];
        let aborted_reads = verdict.groups.iter().map(|group| group.aborted_reads).sum();
        self.bump("aborted reads", aborted_reads);
        let of_groups = verdict
            .groups
            .iter()
            .flat_map(|group| [("repeated", &group.repeated), ("skipped", &group.skipped)]);
        for (what, tallies) in of_records.into_iter().chain(of_groups) {
            for tally in tallies.iter() {
                self.bump(&format!("{what}: {}", tally.cause), tally.records);
            }
        }
    }

    pub fn add(&mut self, other: &Self) {
        other.0.iter().for_each(|(what, &by)| self.bump(what, by));
    }

    fn of(&self, what: &str) -> u64 {
        self.0.get(what).copied().unwrap_or(0)
    }

    /// Enough happened, and what Kafka does not promise was seen to break.
    pub fn assert_worth_telling(&self) {
        let never: Vec<&str> = EXPECTED.into_iter().filter(|what| self.of(what) == 0).collect();
        assert!(never.is_empty(), "never happened: {never:?}\n{self}");
        let rare: Vec<&str> = USUAL.into_iter().filter(|what| self.of(what) < 50).collect();
        assert!(rare.is_empty(), "hardly ever happened: {rare:?}\n{self}");
        assert!(self.of("acknowledged") > 100_000, "too little happened\n{self}");
    }
}

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|(what, count)| writeln!(f, "{count:>12}  {what}"))
    }
}
