//! A history, sorted out: who sent what with which success, who was given what, and what releases
//! a partition from its promises.

use std::collections::{BTreeMap, BTreeSet};

use super::transactions::Transactions;
use super::{Excuse, Finding};
use crate::config::Acks;
use crate::engine::NodeId;
use crate::events::{DeliveryFailure, Event, EventId, PositionReason, TraceEvent};
use crate::protocol::{TRANSACTION_STATE, TopicPartition};
use crate::record::{Batch, RecordId};
use crate::trace::Names;

/// An acknowledged record.
#[derive(Copy, Clone, Debug)]
pub(super) struct Sent {
    pub event: EventId,
    pub producer: NodeId,
    pub tp: TopicPartition,
    pub record: RecordId,
    /// `None`: the producer was not told (acks=0).
    pub offset: Option<i64>,
    pub acks: Acks,
    pub session: Session,
}

/// Producer id and epoch; -1 without idempotence.
pub(super) type Session = (i64, i16);

/// A record that poll() returned.
#[derive(Copy, Clone, Debug)]
pub(super) struct Polled {
    pub event: EventId,
    pub record: RecordId,
    pub offset: i64,
    pub session: Session,
}

/// What a consumer was given of a partition without a jump.
#[derive(Clone, Debug)]
pub(super) struct Run {
    pub consumer: NodeId,
    pub tp: TopicPartition,
    /// The first offset it asked for, and where that was said.
    pub from: (i64, EventId),
    /// Why it began here.
    pub reason: Option<PositionReason>,
    /// The partition was assigned since the run before.
    pub was_assigned: bool,
    /// The run before, of the same process.
    pub before: Option<usize>,
    pub polled: Vec<Polled>,
}

impl Run {
    /// Why Kafka may begin a run elsewhere than where the last one ended.
    pub(super) fn excuse(&self) -> Option<Excuse> {
        match self.reason? {
            PositionReason::Committed => self.was_assigned.then_some(Excuse::Rebalance),
            PositionReason::ResetEarliest
            | PositionReason::ResetLatest
            | PositionReason::ResetByDuration => Some(Excuse::OffsetReset),
            PositionReason::Truncated => Some(Excuse::Truncation),
            PositionReason::Sought => Some(Excuse::Seek),
        }
    }

    /// Offsets that were read, whatever came of it.
    pub(super) fn covers(&self) -> std::ops::Range<i64> {
        let end = self.polled.iter().map(|polled| polled.offset + 1).max();
        self.from.0..end.unwrap_or(self.from.0)
    }
}

/// The history.
pub(super) struct Facts<'a> {
    names: &'a dyn Names,
    pub sent: Vec<Sent>,
    pub runs: Vec<Run>,
    /// Records that the producer gave up before it ever sent them.
    pub never_sent: BTreeMap<RecordId, EventId>,
    /// Records that were given to somebody.
    pub seen: BTreeSet<RecordId>,
    removed: BTreeSet<RecordId>,
    pub transactions: Transactions,
    released: BTreeMap<TopicPartition, Excuse>,
    /// A transaction coordinator lost epochs that it had given away, and gives them away again.
    coordinator_forgot: Option<Excuse>,
}

impl<'a> Facts<'a> {
    pub(super) fn of(events: &[TraceEvent], names: &'a dyn Names) -> Self {
        let mut facts = Self {
            names,
            sent: Vec::new(),
            runs: Vec::new(),
            never_sent: BTreeMap::new(),
            seen: BTreeSet::new(),
            removed: BTreeSet::new(),
            transactions: Transactions::default(),
            released: BTreeMap::new(),
            coordinator_forgot: None,
        };
        let mut reading = Reading::default();
        let mut losses = Losses::default();
        for event in events {
            facts.release(event, &mut losses);
            facts.transactions.observe(event);
            facts.observe(event, &mut reading);
        }
        facts
    }

    fn observe(&mut self, event: &TraceEvent, reading: &mut Reading) {
        match &event.event {
            Event::BatchAcknowledged { tp, batch, base_offset, acks } => {
                for (index, record) in batch.records.iter().enumerate() {
                    let offset = base_offset + batch.offset_delta(index);
                    self.sent.push(Sent {
                        event: event.id,
                        producer: event.node,
                        tp: *tp,
                        record: record.id,
                        offset: (*base_offset >= 0).then_some(offset),
                        acks: *acks,
                        session: session(batch),
                    });
                }
            }
            Event::BatchFailed { batch, failure, .. } if is_never_sent(*failure) => {
                let records = batch.records.iter().map(|record| (record.id, event.id));
                self.never_sent.extend(records);
            }
            Event::RecordFailed { record, .. } => {
                self.never_sent.insert(*record, event.id);
            }
            Event::LogCleaned { removed, .. } => self.removed.extend(removed.iter()),
            Event::NodeStarted { .. } => reading.forget(event.node),
            Event::PartitionsAssigned { partitions, .. } => {
                let assigned = partitions.iter().map(|&tp| (event.node, tp));
                reading.assigned.extend(assigned);
            }
            Event::PositionSet { tp, offset, reason } => {
                self.begin_run(reading, event, *tp, *offset, Some(*reason));
            }
            Event::RecordsDelivered { tp, base_offset, batch, first, count } => {
                let of = |index: usize| base_offset + batch.offset_delta(index);
                let known = reading.runs.get(&(event.node, *tp)).copied();
                let start = *first as usize;
                let run = match known {
                    Some(run) => run,
                    None => self.begin_run(reading, event, *tp, of(start), None),
                };
                for index in start..start + *count as usize {
                    let Some(record) = batch.records.get(index) else { continue };
                    let (record, offset) = (record.id, of(index));
                    self.seen.insert(record);
                    let session = session(batch);
                    self.runs[run].polled.push(Polled { event: event.id, record, offset, session });
                }
            }
            _ => {}
        }
    }

    fn begin_run(
        &mut self,
        reading: &mut Reading,
        event: &TraceEvent,
        tp: TopicPartition,
        offset: i64,
        reason: Option<PositionReason>,
    ) -> usize {
        let key = (event.node, tp);
        let run = self.runs.len();
        self.runs.push(Run {
            consumer: event.node,
            tp,
            from: (offset, event.id),
            reason,
            was_assigned: reading.assigned.remove(&key),
            before: reading.runs.insert(key, run),
            polled: Vec::new(),
        });
        run
    }

    /// Elections of replicas that have not all that was committed.
    fn release(&mut self, event: &TraceEvent, losses: &mut Losses) {
        match &event.event {
            Event::UnflushedLost { tp, .. } => {
                losses.insert((*tp, event.node), false);
            }
            Event::BrokerRegistered { broker, .. } => {
                let lost = losses.iter_mut().filter(|((_, node), _)| node == broker);
                lost.for_each(|(_, has_registered)| *has_registered = true);
            }
            // Before it registers anew the ISR takes it for what it was.
            Event::IsrExpanded { tp, added, .. } => losses.retain(|(known, node), registered| {
                known != tp || !added.contains(node) || !*registered
            }),
            Event::LeaderElected { tp, leader, unclean, .. } => {
                let is_short = leader.is_some_and(|leader| losses.contains_key(&(*tp, leader)));
                let excuse = match is_short {
                    true => Some(Excuse::PowerLoss),
                    false => unclean.then_some(Excuse::UncleanElection),
                };
                if let Some(excuse) = excuse {
                    self.released.entry(*tp).or_insert(excuse);
                    if *self.names.topic_name(tp.topic) == *TRANSACTION_STATE {
                        self.coordinator_forgot.get_or_insert(excuse);
                    }
                }
            }
            _ => {}
        }
    }

    /// Why nothing may be promised of a partition's log any more.
    pub(super) fn released(&self, tp: TopicPartition) -> Option<Excuse> {
        self.released.get(&tp).copied().or(self.coordinator_forgot)
    }

    /// Why nobody need be given a record.
    pub(super) fn hidden(&self, record: RecordId) -> Option<Excuse> {
        let compacted = self.removed.contains(&record).then_some(Excuse::Compaction);
        compacted.or(self.transactions.is_hidden(record).then_some(Excuse::Transaction))
    }

    pub(super) fn finding(
        &self,
        check: &'static str,
        tp: TopicPartition,
        events: [EventId; 2],
        excuse: Option<Excuse>,
        text: impl FnOnce(&str) -> String,
    ) -> Finding {
        let mut events = events.to_vec();
        events.sort_unstable();
        events.dedup();
        let partition = format!("{}-{}", self.names.topic_name(tp.topic), tp.partition);
        Finding { check, text: text(&partition), tp, events, excuse }
    }

    pub(super) fn name(&self, node: NodeId) -> std::sync::Arc<str> {
        self.names.node_name(node)
    }
}

/// Replicas that lost the end of their logs with the power, and whether their brokers have
/// registered since.
type Losses = BTreeMap<(TopicPartition, NodeId), bool>;

/// Where consumers are.
#[derive(Default)]
struct Reading {
    runs: BTreeMap<(NodeId, TopicPartition), usize>,
    assigned: BTreeSet<(NodeId, TopicPartition)>,
}

impl Reading {
    /// Another process knows nothing of what the last one was given.
    fn forget(&mut self, node: NodeId) {
        self.runs.retain(|(known, _), _| *known != node);
        self.assigned.retain(|(known, _)| *known != node);
    }
}

fn session(batch: &Batch) -> Session {
    (batch.producer_id, batch.producer_epoch)
}

/// Other failures leave open whether it was written: it may have been, and be read.
fn is_never_sent(failure: DeliveryFailure) -> bool {
    match failure {
        DeliveryFailure::Expired { sent } | DeliveryFailure::ProducerGone { sent } => !sent,
        DeliveryFailure::BufferExhausted
        | DeliveryFailure::NoMetadata
        | DeliveryFailure::TransactionAborted
        | DeliveryFailure::RecordTooLarge => true,
        DeliveryFailure::Error(_) => false,
    }
}

/// acks=0 and 1 promise nothing about what follows.
pub(super) fn of_acks(acks: Acks) -> Option<Excuse> {
    (acks != Acks::All).then_some(Excuse::AcksBelowAll)
}
