//! Each check finds its anomaly in a history that has it, knows when Kafka is excused, and is
//! silent when all is well.

use std::sync::Arc;

use super::*;
use crate::cluster::{Cluster, ClusterSetup};
use crate::config::Acks;
use crate::engine::NodeId;
use crate::events::{DeliveryFailure, PositionReason, TransactionEnd};
use crate::protocol::{TopicId, TransactionState};
use crate::record::Batch;
use crate::trace::script::{B1, B2, PRODUCER, Script, TP};

const READER: NodeId = NodeId(102);
const OTHER: NodeId = NodeId(103);
const IDEMPOTENT: i64 = 7;
const PLAIN: i64 = -1;

/// Records in batches of one, and what happened to them.
struct History(Script);

impl History {
    fn new() -> Self {
        Self(Script::new())
    }

    fn batch(&mut self, producer_id: i64) -> Arc<Batch> {
        self.0.produce_as(PRODUCER, producer_id, &[""])
    }

    fn told(&mut self, batch: &Arc<Batch>, base_offset: i64, acks: Acks) {
        let batch = batch.clone();
        self.0.push(PRODUCER, Event::BatchAcknowledged { tp: TP, batch, base_offset, acks });
    }

    /// Idempotent records, acknowledged at offsets 0, 1 and so on.
    fn written(&mut self, count: i64) -> Vec<Arc<Batch>> {
        (0..count)
            .map(|offset| {
                let batch = self.batch(IDEMPOTENT);
                self.told(&batch, offset, Acks::All);
                batch
            })
            .collect()
    }

    fn assigned(&mut self, reader: NodeId) {
        let (group, partitions) = ("billing".into(), [TP].into());
        self.0.push(reader, Event::PartitionsAssigned { group, generation: 1, partitions });
    }

    fn reads_from(&mut self, reader: NodeId, offset: i64, reason: PositionReason) {
        self.0.push(reader, Event::PositionSet { tp: TP, offset, reason });
    }

    fn given(&mut self, reader: NodeId, offset: i64, batch: &Arc<Batch>) {
        let batch = batch.clone();
        let (base_offset, first, count) = (offset, 0, 1);
        self.0.push(reader, Event::RecordsDelivered { tp: TP, base_offset, batch, first, count });
    }

    /// A reader that was assigned the partition and is given these, from offset 0 on.
    fn read_all(&mut self, batches: &[Arc<Batch>]) {
        self.assigned(READER);
        self.reads_from(READER, 0, PositionReason::ResetEarliest);
        for (offset, batch) in (0..).zip(batches) {
            self.given(READER, offset, batch);
        }
    }

    fn judged(&self, judge: impl Fn(&[TraceEvent], &dyn Names) -> Vec<Finding>) -> Vec<Finding> {
        let events: Vec<_> =
            self.0.events.iter().filter(|event| matters(&event.event)).cloned().collect();
        let names = Cluster::new(&ClusterSetup::default()).expect("the defaults are valid");
        judge(&events, &names)
    }

    /// What was found, and the excuses.
    fn found(&self) -> Vec<(&'static str, Option<Excuse>)> {
        self.judged(check).into_iter().map(|found| (found.check, found.excuse)).collect()
    }
}

#[test]
fn a_history_without_anomalies() {
    let mut history = History::new();
    let batches = history.written(4);
    history.read_all(&batches);
    assert_eq!(history.found(), []);
    assert_eq!(history.judged(unseen), []);
}

#[test]
fn two_records_at_one_offset() {
    let mut history = History::new();
    let batches = history.written(2);
    history.read_all(&batches);
    let ghost = history.batch(IDEMPOTENT);
    history.reads_from(OTHER, 0, PositionReason::ResetEarliest);
    history.given(OTHER, 0, &ghost);
    let found = history.judged(check);
    assert_eq!(found.len(), 1, "{found:?}");
    assert_eq!((found[0].check, found[0].excuse), ("inconsistent-offsets", None));
    let texts = found[0].events.iter().map(|id| &history.0.events[id.0 as usize].event);
    let texts: Vec<String> = texts.map(|event| format!("{event:?}")).collect();
    assert!(texts[0].starts_with("BatchAcknowledged"), "{texts:?}");
    assert!(texts[1].starts_with("RecordsDelivered"), "{texts:?}");
}

#[test]
fn a_leader_with_acks_1_may_be_wrong_about_an_offset() {
    let mut history = History::new();
    let (lost, kept) = (history.batch(PLAIN), history.batch(PLAIN));
    history.told(&lost, 0, Acks::One);
    history.told(&kept, 0, Acks::One);
    let excuse = Some(Excuse::AcksBelowAll);
    assert_eq!(history.found(), [("inconsistent-offsets", excuse), ("nonmonotonic-send", excuse)]);
}

#[test]
fn a_record_twice() {
    for (producer_id, excuse) in [(PLAIN, Some(Excuse::NoIdempotence)), (IDEMPOTENT, None)] {
        let mut history = History::new();
        let batch = history.batch(producer_id);
        history.told(&batch, 0, Acks::All);
        history.read_all(&[batch.clone(), batch]);
        assert_eq!(history.found(), [("duplicate", excuse)]);
    }
}

#[test]
fn a_record_in_a_topic_and_in_the_next_of_that_name() {
    let mut history = History::new();
    let batch = history.batch(IDEMPOTENT);
    history.read_all(std::slice::from_ref(&batch));
    let tp = TopicPartition { topic: TopicId(TP.topic.0 + 1), ..TP };
    history
        .0
        .push(PRODUCER, Event::BatchAcknowledged { tp, batch, base_offset: 9, acks: Acks::All });
    assert_eq!(history.found(), [("duplicate", Some(Excuse::NewTopic))]);
}

#[test]
fn an_acknowledged_record_that_readers_miss() {
    let mut history = History::new();
    let batches = history.written(3);
    history.read_all(&batches[..1]);
    assert_eq!(history.found(), [], "it may still come");
    assert_eq!(history.judged(unseen).len(), 2);
    history.given(READER, 2, &batches[2]);
    assert_eq!(history.found(), [("lost-write", None), ("poll-skip", None)]);
    assert_eq!(history.judged(unseen).len(), 1);
}

#[test]
fn an_unclean_election_and_lost_power_release_a_partition() {
    for (excuse, is_unclean) in [(Excuse::UncleanElection, true), (Excuse::PowerLoss, false)] {
        let mut history = History::new();
        let batches = history.written(3);
        if !is_unclean {
            history.0.push(B2, Event::UnflushedLost { tp: TP, from: 2, to: 1 });
        }
        history.0.elected(B2, 1, is_unclean);
        history.read_all(&batches[..1]);
        history.given(READER, 2, &batches[2]);
        let excuse = Some(excuse);
        assert_eq!(history.found(), [("lost-write", excuse), ("poll-skip", excuse)]);
    }
}

#[test]
fn a_replica_that_is_in_sync_again_has_lost_nothing() {
    let mut history = History::new();
    let batches = history.written(3);
    history.0.push(B2, Event::UnflushedLost { tp: TP, from: 2, to: 1 });
    history.0.push(B1, Event::BrokerRegistered { broker: B2, broker_epoch: 9 });
    let added = [B2].into();
    history.0.push(B1, Event::IsrExpanded { tp: TP, added, isr: [B1, B2].into() });
    history.0.elected(B2, 1, false);
    history.read_all(&batches[..1]);
    history.given(READER, 2, &batches[2]);
    assert_eq!(history.found(), [("lost-write", None), ("poll-skip", None)]);
}

#[test]
fn what_the_cleaner_removed_is_not_missed() {
    let mut history = History::new();
    let batches = history.written(3);
    let removed = [batches[1].records[0].id].into();
    let (bytes_before, bytes_after) = (300, 200);
    history
        .0
        .push(B1, Event::LogCleaned { tp: TP, from: 0, to: 3, bytes_before, bytes_after, removed });
    history.read_all(&batches[..1]);
    history.given(READER, 2, &batches[2]);
    let excuse = Some(Excuse::Compaction);
    assert_eq!(history.found(), [("lost-write", excuse), ("poll-skip", excuse)]);
}

#[test]
fn a_record_that_was_never_sent_is_read() {
    for (sent, found) in [(false, vec![("aborted-read", None)]), (true, vec![])] {
        let mut history = History::new();
        let batch = history.batch(IDEMPOTENT);
        let failure = DeliveryFailure::Expired { sent };
        history.0.push(PRODUCER, Event::BatchFailed { tp: TP, batch: batch.clone(), failure });
        history.read_all(&[batch]);
        assert_eq!(history.found(), found, "sent at least once: {sent}");
    }
}

#[test]
fn sends_out_of_order() {
    for (producer_id, excuse) in [(PLAIN, Some(Excuse::NoIdempotence)), (IDEMPOTENT, None)] {
        let mut history = History::new();
        let (first, second) = (history.batch(producer_id), history.batch(producer_id));
        history.told(&second, 0, Acks::All);
        history.told(&first, 1, Acks::All);
        assert_eq!(history.found(), [("nonmonotonic-send", excuse)]);
    }
}

#[test]
fn polls_that_go_back() {
    let mut history = History::new();
    let batches = history.written(3);
    history.read_all(&batches);
    history.given(READER, 1, &batches[1]);
    assert_eq!(history.found(), [("nonmonotonic-poll", None)]);
}

#[test]
fn polls_may_go_back_and_jump_only_with_a_reason() {
    for (reason, excuse) in [
        (PositionReason::Committed, None),
        (PositionReason::ResetEarliest, Some(Excuse::OffsetReset)),
        (PositionReason::Truncated, Some(Excuse::Truncation)),
        (PositionReason::Sought, Some(Excuse::Seek)),
    ] {
        let mut history = History::new();
        let batches = history.written(5);
        history.read_all(&batches[..2]);
        history.reads_from(READER, 0, reason);
        history.given(READER, 0, &batches[0]);
        history.reads_from(READER, 4, reason);
        history.given(READER, 4, &batches[4]);
        let expected = [("nonmonotonic-poll", excuse), ("poll-skip", excuse)];
        assert_eq!(history.found(), expected, "{reason:?}");
    }
}

#[test]
fn a_rebalance_lets_a_member_go_on_from_what_is_committed() {
    let mut history = History::new();
    let batches = history.written(2);
    history.read_all(&batches);
    history.assigned(READER);
    history.reads_from(READER, 1, PositionReason::Committed);
    history.given(READER, 1, &batches[1]);
    assert_eq!(history.found(), [("nonmonotonic-poll", Some(Excuse::Rebalance))]);
}

#[test]
fn another_process_has_been_given_nothing() {
    let mut history = History::new();
    let batches = history.written(2);
    history.read_all(&batches);
    history.0.push(READER, Event::NodeStarted { name: "billing-1".into() });
    history.reads_from(READER, 0, PositionReason::Committed);
    history.given(READER, 0, &batches[0]);
    assert_eq!(history.found(), []);
}

/// Two transactional records, acknowledged at offsets 0 and 2 around a plain one, and a decision.
fn transaction(state: Option<TransactionState>) -> (History, Vec<Arc<Batch>>) {
    let mut history = History::new();
    let batches: Vec<Arc<Batch>> = [true, false, true]
        .into_iter()
        .zip(0..)
        .map(|(is_transactional, offset)| {
            let mut batch = (*history.batch(IDEMPOTENT)).clone();
            batch.attributes.is_transactional = is_transactional;
            let batch = Arc::new(batch);
            history.0.appended(B1, 0, offset, &batch);
            history.told(&batch, offset, Acks::All);
            batch
        })
        .collect();
    if let Some(state) = state {
        history.0.push(
            B1,
            Event::TransactionChanged {
                transactional_id: "t".into(),
                producer_id: IDEMPOTENT,
                producer_epoch: 1,
                state,
                partitions: [TP].into(),
                end: TransactionEnd::Application,
            },
        );
    }
    (history, batches)
}

#[test]
fn what_is_open_or_aborted_is_not_missed_and_what_is_committed_is() {
    let hidden = Some(Excuse::Transaction);
    for (state, excuse) in [
        (None, hidden),
        (Some(TransactionState::PrepareAbort), hidden),
        (Some(TransactionState::PrepareCommit), None),
    ] {
        let (mut history, batches) = transaction(state);
        history.reads_from(READER, 0, PositionReason::ResetEarliest);
        history.given(READER, 1, &batches[1]);
        assert_eq!(history.found(), [("lost-write", excuse)], "{state:?}");
    }
}

#[test]
fn an_aborted_record_is_read() {
    for (state, found) in [
        (TransactionState::PrepareCommit, vec![]),
        (TransactionState::PrepareAbort, vec![("aborted-read", Some(Excuse::ReadUncommitted)); 2]),
    ] {
        let (mut history, batches) = transaction(Some(state));
        history.read_all(&batches);
        assert_eq!(history.found(), found, "{state:?}");
    }
}
