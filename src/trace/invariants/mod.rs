//! What must hold at every moment, whatever is done to the cluster: Kafka's promises as checks.
//!
//! After each step, what the step touched is checked at once, and every so many events everything
//! is. The rules are numbered; an unclean election releases a partition from those that it breaks
//! by design (I2, I4, I8, and what consumers may see). So does the election of a replica that lost
//! the end of its log with the power: the controller does not know. Until it is in sync again,
//! nothing is asked of such a replica. The election of the last known leader (KIP-966) counts as
//! unclean in Kafka, but nothing is lost with it unless the power was.
//!
//! | rule | promise |
//! |---|---|
//! | I1 | the leader is in the ISR, which is empty only while the ELR or the last leader is waited for |
//! | I2 | what is below a leader's high watermark is the same on every member of the ISR and the ELR |
//! | I3 | log start ≤ last stable offset ≤ high watermark ≤ log end; a leader's high watermark never falls within its epoch; consumers get nothing above it |
//! | I4 | replicas with the same offset and epoch somewhere are the same up to there |
//! | I5 | one leader an epoch; epochs only grow, in metadata and in logs; offsets have no gaps |
//! | I6 | the ISR is among the replicas; an ELR there is only below min.insync.replicas, apart from the ISR |
//! | I7 | the high watermark stands still while the ISR is below min.insync.replicas |
//! | I8 | what acks=all acknowledged is on every member of the ISR and on every later leader |
//! | I9 | nothing with acks=all is appended while the ISR is below min.insync.replicas |
//! | I10 | the sequences of an idempotent producer have no gaps and no repeats, and its records keep their order |
//! | I11 | compaction keeps the last value of each key, and every record that stays at its offset |
//! | I12 | within a generation a partition has one owner; generations grow; in the consumer protocol a partition is never assigned to two members, or to be revoked from one and assigned to another |
//! | I13 | a group's committed offset is the last commit that was accepted |
//! | I14 | read_committed is given nothing of transactions that are open or aborted; a decision stands, and all partitions get its marker; epochs of a transactional id never fall, and who is fenced writes no more |
//! | I15 | no batch is larger than batch.size, unless it is a single record |

mod acks;
mod compaction;
mod groups;
mod limits;
mod logs;
mod metadata;
mod sequences;
#[cfg(test)]
mod tests;
mod transactions;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use crate::cluster::Cluster;
use crate::engine::{Micros, NodeId};
use crate::events::{Event, TraceEvent};
use crate::protocol::TopicPartition;

use acks::AckRules;
use compaction::CompactionRules;
use groups::GroupRules;
use limits::LimitRules;
use logs::LogRules;
use metadata::MetadataRules;
use transactions::TransactionRules;

/// Events between two looks at everything.
const FULL_CHECK_EVERY: u64 = 512;

/// A promise that was broken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Violation {
    /// Number of the rule, such as `I8`.
    pub rule: &'static str,
    /// What is wrong.
    pub text: String,
    /// When it was found, in virtual µs.
    pub at_us: Micros,
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let at = super::describe::seconds(self.at_us);
        write!(f, "{} broken at {at}: {}", self.rule, self.text)
    }
}

impl std::error::Error for Violation {}

/// A broken promise, before it has a time.
#[derive(Debug)]
struct Breach {
    rule: &'static str,
    text: String,
}

/// Replicas that lost the end of their logs, whatever the ISR says, and the broker epoch in which
/// that happened.
type Short = BTreeMap<(TopicPartition, NodeId), Option<i64>>;

type Checked = Result<(), Breach>;

/// `holds`, or the breach of a rule.
fn ensure(rule: &'static str, holds: bool, text: impl FnOnce() -> String) -> Checked {
    if holds { Ok(()) } else { Err(Breach { rule, text: text() }) }
}

/// The epoch of a broker's registration, as the controller has it.
fn broker_epoch(cluster: &Cluster, broker: NodeId) -> Option<i64> {
    cluster.metadata().broker(broker).map(|registration| registration.broker_epoch)
}

/// A partition for messages: its topic's name and its index.
fn name(cluster: &Cluster, tp: TopicPartition) -> String {
    format!("{}-{}", cluster.topic_name(tp.topic), tp.partition)
}

/// Checks a cluster against Kafka's promises.
#[derive(Clone, Debug, Default)]
pub struct Invariants {
    events: u64,
    next_full_check: u64,
    /// Partitions that had an unclean election.
    unclean: BTreeSet<TopicPartition>,
    /// Who led leaderless partitions last.
    last_leaders: BTreeMap<TopicPartition, NodeId>,
    /// Replicas that lost power and have not caught up since.
    short: Short,
    metadata: MetadataRules,
    logs: LogRules,
    acks: AckRules,
    compaction: CompactionRules,
    groups: GroupRules,
    transactions: TransactionRules,
    limits: LimitRules,
}

impl Invariants {
    /// Checks for a cluster from its first event on.
    pub fn new() -> Self {
        Self::default()
    }

    /// Checks the cluster after a step; `events` are the step's.
    ///
    /// # Errors
    /// The first promise found broken.
    pub fn check(&mut self, cluster: &Cluster, events: &[TraceEvent]) -> Result<(), Violation> {
        self.run(cluster, events).map_err(|Breach { rule, text }| Violation {
            rule,
            text,
            at_us: cluster.now(),
        })
    }

    /// Looks at everything now.
    ///
    /// # Errors
    /// The first promise found broken.
    pub fn check_all(&mut self, cluster: &Cluster) -> Result<(), Violation> {
        self.next_full_check = self.events;
        self.check(cluster, &[])
    }

    fn run(&mut self, cluster: &Cluster, events: &[TraceEvent]) -> Checked {
        if events.is_empty() && self.next_full_check > self.events {
            return Ok(());
        }
        for event in events {
            self.observe(cluster, event)?;
        }
        self.events += events.len() as u64;
        if self.events >= self.next_full_check {
            self.next_full_check = self.events + FULL_CHECK_EVERY;
            self.metadata.check_all(cluster)?;
            self.logs.check_all(cluster, &self.unclean, &self.short)?;
            self.groups.check_coordinators(cluster, &self.unclean)?;
        }
        Ok(())
    }

    fn observe(&mut self, cluster: &Cluster, event: &TraceEvent) -> Checked {
        match &event.event {
            Event::LeaderElected { tp, leader, unclean, .. } => {
                let is_short = leader.is_some_and(|leader| self.short.contains_key(&(*tp, leader)));
                let led_last = leader.is_some() && self.last_leaders.get(tp) == leader.as_ref();
                if is_short || (*unclean && !led_last) {
                    self.unclean.insert(*tp);
                    self.acks.forgive(*tp);
                }
            }
            Event::ElrChanged { tp, last_known_leader: Some(leader), .. } => {
                self.last_leaders.insert(*tp, *leader);
            }
            Event::ElrChanged { tp, last_known_leader: None, .. } => {
                self.last_leaders.remove(tp);
            }
            Event::UnflushedLost { tp, .. } => {
                self.short.insert((*tp, event.node), broker_epoch(cluster, event.node));
            }
            // Before it registers anew the ISR takes it for what it was.
            Event::IsrExpanded { tp, added, .. } => {
                self.short.retain(|(known, node), &mut lost_in| {
                    known != tp || !added.contains(node) || broker_epoch(cluster, *node) == lost_in
                });
            }
            _ => {}
        }
        let unclean = &self.unclean;
        self.metadata.observe(cluster, event)?;
        self.logs.observe(cluster, event, unclean)?;
        self.acks.observe(cluster, event, unclean, &self.short)?;
        self.compaction.observe(cluster, event, unclean, &self.transactions)?;
        self.groups.observe(cluster, event, unclean)?;
        self.transactions.observe(cluster, event, unclean)?;
        self.limits.observe(cluster, event)
    }
}
