//! Every fate and every cause, from traces written by hand.

use super::*;
use crate::config::Acks;
use crate::events::{CommitMode, ConsumerExit, DeliveryFailure, LossOfPartitions, PositionReason};
use crate::protocol::ErrorCode;
use crate::trace::fate::{Outcome, StepKind};
use crate::trace::script::{B1, B2, B3, PRODUCER, Script, TP};

const C1: NodeId = NodeId(110);
const C2: NodeId = NodeId(111);

fn ledger_of(script: &Script) -> Ledger {
    let mut ledger = Ledger::new();
    script.events.iter().for_each(|event| ledger.observe(event));
    ledger
}

fn verdict_of(script: &Script) -> Verdict {
    ledger_of(script).verdict()
}

fn outcome(ledger: &Ledger, record: u64) -> Outcome {
    ledger.fate(RecordId(record)).expect("produced").outcome
}

#[test]
fn a_record_that_goes_well() {
    let mut script = Script::new();
    let batch = script.produce(&["a", "b"]);
    script.written(0, &batch);
    let open = script.produce(&["c"]);
    script.sent(&open, B1);
    let ledger = ledger_of(&script);
    let verdict = ledger.verdict();
    assert_eq!((verdict.produced, verdict.acknowledged, verdict.in_flight), (3, 2, 1));
    assert_eq!(verdict.lost_total(), 0);
    assert_eq!(ledger.record_at(TP, 1), Some(RecordId(1)));
    assert_eq!(ledger.record_at(TP, 2), None);
    let fate = ledger.fate(RecordId(1)).expect("produced");
    assert_eq!((fate.offset, fate.outcome), (Some(1), Outcome::Acknowledged));
    assert_eq!((fate.key.as_deref(), &*fate.topic), (Some("b"), "orders"));
    let kinds: Vec<_> = fate.steps.iter().map(|step| step.kind).collect();
    assert!(matches!(
        kinds[..],
        [
            StepKind::Produced,
            StepKind::Batched { partition: 0 },
            StepKind::Sent { attempts: 1 },
            StepKind::Appended { offset: 1, leader_epoch: 0, counts: true, copies: 3 },
            StepKind::Visible { offset: 1 },
            StepKind::Acknowledged { .. },
        ]
    ));
    assert_eq!(outcome(&ledger, 2), Outcome::InFlight);
    assert_eq!(ledger.fate(RecordId(3)), None);
}

#[test]
fn acks_1_and_the_leader_dies_before_replication() {
    let mut script = Script::new();
    let safe = script.produce(&["a"]);
    script.written(0, &safe);
    let batch = script.produce(&["a", "b"]);
    script.sent(&batch, B1);
    script.appended(B1, 0, 1, &batch);
    script.acknowledged(&batch, Acks::One);
    script.push(B1, Event::NodeKilled);
    assert_eq!(verdict_of(&script).lost_total(), 0, "not lost before another leads");
    script.elected(B2, 1, false);
    script.led_by(B2, 1, 1);
    let ledger = ledger_of(&script);
    assert_eq!(ledger.verdict().lost.of("acks-1"), 2);
    assert_eq!(outcome(&ledger, 0), Outcome::Acknowledged);
    assert_eq!(outcome(&ledger, 1), Outcome::Lost);
    script.truncated(B1, 3, 1);
    assert_eq!(verdict_of(&script).lost.of("acks-1"), 2);
}

#[test]
fn acks_1_and_the_next_leader_had_it() {
    let mut script = Script::new();
    let batch = script.produce(&["a"]);
    script.sent(&batch, B1);
    script.appended(B1, 0, 0, &batch);
    script.replicated(B2, 0, 1);
    script.acknowledged(&batch, Acks::One);
    script.led_by(B2, 1, 1);
    let ledger = ledger_of(&script);
    assert_eq!(ledger.verdict().lost_total(), 0);
    assert_eq!(ledger.record_at(TP, 0), Some(RecordId(0)));
}

#[test]
fn a_zombie_leader_appends_in_vain() {
    let mut script = Script::new();
    script.elected(B2, 1, false);
    let early = script.produce(&["a"]);
    script.appended(B1, 0, 0, &early);
    script.acknowledged(&early, Acks::One);
    assert_eq!(verdict_of(&script).lost_total(), 0, "the next leader may yet copy it");
    script.led_by(B2, 1, 0);
    assert_eq!(verdict_of(&script).lost.of("zombie-leader"), 1);
    let late = script.produce(&["b"]);
    script.appended(B1, 0, 1, &late);
    script.acknowledged(&late, Acks::One);
    assert_eq!(verdict_of(&script).lost.of("zombie-leader"), 2);
}

#[test]
fn an_unclean_election_loses_what_was_committed_and_may_bring_back_the_dead() {
    let mut script = Script::new();
    let first = script.produce(&["a"]);
    script.sent(&first, B1);
    script.appended(B1, 0, 0, &first);
    script.replicated(B2, 0, 1);
    script.committed_up_to(B1, 1);
    script.acknowledged(&first, Acks::All);
    script.elected(B3, 1, true);
    script.led_by(B3, 1, 0);
    let ledger = ledger_of(&script);
    assert_eq!(ledger.verdict().lost.of("unclean-election"), 1);
    // Broker 3 takes a record at the same offset, dies, and broker 1 comes back uncleanly.
    let second = script.produce(&["b"]);
    script.appended(B3, 1, 0, &second);
    script.acknowledged(&second, Acks::One);
    script.elected(B1, 2, true);
    script.led_by(B1, 2, 1);
    let ledger = ledger_of(&script);
    assert_eq!(outcome(&ledger, 0), Outcome::Acknowledged);
    assert_eq!(ledger.verdict().lost.of("unclean-election"), 0);
    assert_eq!(ledger.verdict().lost.of("acks-1"), 1);
    assert_eq!(ledger.record_at(TP, 0), Some(RecordId(0)));
}

#[test]
fn acks_0_is_lost_when_refused_killed_or_never_there() {
    let mut script = Script::new();
    let refused = script.produce(&["a"]);
    script.sent(&refused, B1);
    script.acknowledged(&refused, Acks::Zero);
    assert_eq!(verdict_of(&script).lost_total(), 0, "it is on its way");
    let error = ErrorCode::NotLeaderOrFollower;
    script.push(B1, Event::AppendRefused { tp: TP, batch: refused, error });
    assert_eq!(verdict_of(&script).lost.of("acks-0"), 1);
    let arrived = script.produce(&["b"]);
    script.sent(&arrived, B1);
    script.acknowledged(&arrived, Acks::Zero);
    script.appended(B1, 0, 0, &arrived);
    let dropped = script.produce(&["c"]);
    script.sent(&dropped, B1);
    script.acknowledged(&dropped, Acks::Zero);
    let vanished = script.produce(&["d"]);
    script.sent(&vanished, B2);
    script.acknowledged(&vanished, Acks::Zero);
    script.push(B1, Event::NodeKilled);
    let ledger = ledger_of(&script);
    assert_eq!(ledger.verdict().lost.of("acks-0"), 2);
    assert_eq!(outcome(&ledger, 1), Outcome::Acknowledged);
    script.wait(40_000_000);
    script.push(B2, Event::NodeStopped);
    assert_eq!(verdict_of(&script).lost.of("acks-0"), 3, "nobody waits for ever");
}

#[test]
fn failures_by_reason_and_unknown_outcomes() {
    let mut script = Script::new();
    let expired = script.produce(&["a"]);
    script.sent(&expired, B1);
    script.appended(B1, 0, 0, &expired);
    let failure = DeliveryFailure::Expired { sent: true };
    script.push(PRODUCER, Event::BatchFailed { tp: TP, batch: expired.clone(), failure });
    let refused = script.produce(&["b", "c"]);
    let failure = DeliveryFailure::Error(ErrorCode::RecordListTooLarge);
    script.push(PRODUCER, Event::BatchFailed { tp: TP, batch: refused, failure });
    let blocked = RecordId(3);
    script.push(
        PRODUCER,
        Event::RecordProduced { record: blocked, topic: "orders".into(), key: None },
    );
    let failure = DeliveryFailure::NoMetadata;
    script.push(PRODUCER, Event::RecordFailed { record: blocked, failure });
    let ledger = ledger_of(&script);
    let verdict = ledger.verdict();
    assert_eq!(verdict.failed.of("expired-in-flight"), 1);
    assert_eq!(verdict.failed.of("RECORD_LIST_TOO_LARGE"), 2);
    assert_eq!(verdict.failed.of("no-metadata"), 1);
    assert_eq!((verdict.in_flight, verdict.failed_but_written), (0, 1));
    assert_eq!(outcome(&ledger, 0), Outcome::FailedButWritten);
    assert_eq!(outcome(&ledger, 3), Outcome::Failed);
    script.acknowledged(&expired, Acks::All);
    assert_eq!(verdict_of(&script).acknowledged, 0, "an answer after the end changes nothing");
}

#[test]
fn a_retry_writes_twice_and_in_wrong_order() {
    let mut script = Script::new();
    let first = script.produce(&["a", "b"]);
    let second = script.produce(&["a"]);
    script.sent(&first, B1);
    script.sent(&second, B1);
    script.appended(B1, 0, 0, &second);
    script.sent(&first, B1);
    script.appended(B1, 0, 1, &first);
    let ledger = ledger_of(&script);
    assert_eq!(ledger.verdict().reordered.of("retry-behind-others"), 1, "only key a");
    assert!(ledger.fate(RecordId(0)).is_some_and(|fate| fate.is_reordered));
    assert!(ledger.fate(RecordId(1)).is_some_and(|fate| !fate.is_reordered));
    script.sent(&first, B1);
    script.appended(B1, 0, 3, &first);
    let ledger = ledger_of(&script);
    assert_eq!(ledger.verdict().duplicated.of("retry-without-idempotence"), 2);
    assert_eq!(ledger.verdict().reordered.total(), 1, "a copy is no second slip");
    assert_eq!(ledger.fate(RecordId(0)).and_then(|fate| fate.offset), Some(1));
    // The second copy goes with the next leader, then the first.
    script.replicated(B2, 0, 3);
    script.led_by(B2, 1, 3);
    let verdict = verdict_of(&script);
    assert_eq!((verdict.duplicated.total(), verdict.reordered.total()), (0, 1));
    script.truncated(B2, 3, 1);
    assert_eq!(verdict_of(&script).reordered.total(), 0);
}

#[test]
fn a_batch_numbered_anew_is_the_same_shipment_and_parts_of_a_split_are_not() {
    let mut script = Script::new();
    let old = script.produce_as(PRODUCER, 7, &["a", "b"]);
    script.sent(&old, B1);
    script.appended(B1, 0, 0, &old);
    let mut anew = Batch::clone(&old);
    anew.id.0 = 10;
    let anew = Arc::new(anew);
    script.sent(&anew, B1);
    script.appended(B1, 0, 2, &anew);
    script.acknowledged(&anew, Acks::All);
    let verdict = verdict_of(&script);
    assert_eq!((verdict.acknowledged, verdict.duplicated.of("epoch-bump")), (2, 2));

    let mut script = Script::new();
    let whole = script.produce(&["a", "b"]);
    script.sent(&whole, B1);
    let error = ErrorCode::MessageTooLarge;
    script.push(B1, Event::AppendRefused { tp: TP, batch: whole.clone(), error });
    for part in 0..2 {
        let mut batch = Batch::clone(&whole);
        batch.id.0 = 10 + part;
        batch.records = vec![whole.records[part as usize].clone()];
        script.written(part as i64, &Arc::new(batch));
    }
    let verdict = verdict_of(&script);
    assert_eq!((verdict.acknowledged, verdict.in_flight, verdict.lost_total()), (2, 0, 0));
}

/// A group reading what broker 1 has.
struct Reader {
    script: Script,
    batch: Arc<Batch>,
}

impl Reader {
    fn new(records: usize) -> Self {
        let mut script = Script::new();
        let batch = script.produce(&vec![""; records]);
        script.written(0, &batch);
        Self { script, batch }
    }

    fn assigned(&mut self, node: NodeId, position: i64, reason: PositionReason) {
        let (group, partitions) = ("billing".into(), [TP].into());
        self.script.push(node, Event::PartitionsAssigned { group, generation: 1, partitions });
        self.script.push(node, Event::PositionSet { tp: TP, offset: position, reason });
    }

    fn released(&mut self, node: NodeId, how: LossOfPartitions) {
        let (group, partitions) = ("billing".into(), [TP].into());
        self.script.push(node, Event::PartitionsReleased { group, partitions, how });
    }

    fn delivered(&mut self, node: NodeId, first: u32, count: u32) {
        let batch = self.batch.clone();
        self.script
            .push(node, Event::RecordsDelivered { tp: TP, base_offset: 0, batch, first, count });
    }

    fn processed(&mut self, node: NodeId, offsets: std::ops::Range<i64>) {
        for offset in offsets {
            let record = self.batch.records[offset as usize].id;
            self.script.push(node, Event::RecordProcessed { tp: TP, offset, record });
        }
    }

    fn committed(&mut self, node: NodeId, offset: i64) {
        let offsets: Arc<[_]> = [(TP, offset)].into();
        let mode = CommitMode::Sync;
        self.script.push(node, Event::CommitSent { mode, offsets: offsets.clone() });
        let group = "billing".into();
        self.script.push(B1, Event::OffsetsCommitted { group, member: node, offsets });
    }

    fn verdict(&self) -> GroupVerdict {
        verdict_of(&self.script).groups[0].clone()
    }
}

#[test]
fn processing_before_committing_repeats_after_a_crash() {
    let mut reader = Reader::new(5);
    reader.assigned(C1, 0, PositionReason::ResetEarliest);
    reader.delivered(C1, 0, 5);
    reader.processed(C1, 0..2);
    reader.committed(C1, 2);
    reader.processed(C1, 2..4);
    reader.script.push(C1, Event::NodeKilled);
    reader.assigned(C2, 2, PositionReason::Committed);
    reader.delivered(C2, 2, 3);
    reader.processed(C2, 2..5);
    let group = reader.verdict();
    assert_eq!((group.delivered, group.processed, group.lag), (8, 5, 3));
    assert_eq!(group.repeated.of("crash-before-commit"), 2);
    assert_eq!(group.skipped.total(), 0);
    let fate = ledger_of(&reader.script).fate(RecordId(2)).expect("produced");
    assert_eq!((fate.groups[0].delivered, fate.groups[0].processed), (2, 2));
    assert!(!fate.groups[0].committed);
}

#[test]
fn committing_before_processing_skips_after_a_crash() {
    let mut reader = Reader::new(5);
    reader.assigned(C1, 0, PositionReason::ResetEarliest);
    reader.delivered(C1, 0, 5);
    reader.committed(C1, 5);
    reader.processed(C1, 0..2);
    assert_eq!(reader.verdict().skipped.total(), 0, "it has them in hand");
    reader.script.push(C1, Event::NodeKilled);
    let group = reader.verdict();
    assert_eq!(group.skipped.of("committed-before-processing"), 3);
    assert_eq!(
        group.skipped.iter().next().map(|t| t.examples.clone()),
        Some(vec![RecordId(2), RecordId(3), RecordId(4)])
    );
    let fate = ledger_of(&reader.script).fate(RecordId(3)).expect("produced");
    assert!(fate.groups[0].skipped && fate.groups[0].committed);
}

#[test]
fn other_ways_to_process_twice() {
    type Loss = fn(&mut Reader);
    let cases: [(&str, PositionReason, Loss); 4] = [
        ("rebalance", PositionReason::Committed, |r| r.released(C1, LossOfPartitions::Revoked)),
        ("session-expired", PositionReason::Committed, |r| {
            let (group, exit) = ("billing".into(), ConsumerExit::SessionExpired);
            r.script.push(B1, Event::MemberRemoved { group, member: C1, exit });
            r.released(C1, LossOfPartitions::Lost);
        }),
        ("poll-interval-exceeded", PositionReason::Committed, |r| {
            r.script.push(C1, Event::PollIntervalExceeded);
            r.released(C1, LossOfPartitions::Lost);
        }),
        ("offset-reset", PositionReason::ResetEarliest, |r| {
            r.released(C1, LossOfPartitions::Revoked);
        }),
    ];
    for (cause, reason, lose) in cases {
        let mut reader = Reader::new(2);
        reader.assigned(C1, 0, PositionReason::ResetEarliest);
        reader.delivered(C1, 0, 2);
        reader.processed(C1, 0..2);
        lose(&mut reader);
        reader.assigned(C2, 0, reason);
        reader.delivered(C2, 0, 2);
        reader.processed(C2, 0..2);
        assert_eq!(reader.verdict().repeated.of(cause), 2, "{cause}");
    }
}

#[test]
fn a_duplicate_in_the_log_is_processed_twice() {
    let mut reader = Reader::new(1);
    let batch = reader.batch.clone();
    reader.script.appended(B1, 0, 1, &batch);
    reader.assigned(C1, 0, PositionReason::ResetEarliest);
    for offset in 0..2 {
        let record = RecordId(0);
        reader.script.push(C1, Event::RecordProcessed { tp: TP, offset, record });
    }
    assert_eq!(reader.verdict().repeated.of("written-twice"), 1);
}

#[test]
fn latest_skips_what_came_before() {
    let mut reader = Reader::new(4);
    reader.assigned(C1, 4, PositionReason::ResetLatest);
    reader.committed(C1, 4);
    let group = reader.verdict();
    assert_eq!((group.skipped.of("reset-to-latest"), group.lag), (4, 0));
}

#[test]
fn an_unclean_election_puts_records_where_the_group_has_been() {
    let mut reader = Reader::new(2);
    reader.assigned(C1, 0, PositionReason::ResetEarliest);
    reader.delivered(C1, 0, 2);
    reader.processed(C1, 0..2);
    reader.committed(C1, 2);
    // Broker 3 comes up with an empty log.
    let script = &mut reader.script;
    script.truncated(B3, 2, 0);
    script.elected(B3, 1, true);
    script.led_by(B3, 1, 0);
    let other = script.produce(&["x", "y", "z"]);
    script.appended(B3, 1, 0, &other);
    reader.committed(C1, 3);
    let group = reader.verdict();
    assert_eq!(group.skipped.of("unclean-election"), 3);
    assert_eq!(verdict_of(&reader.script).lost.of("unclean-election"), 2);
}

#[test]
fn internal_records_are_nobodys() {
    let mut script = Script::new();
    script.push(
        crate::node::CONTROLLER,
        Event::TopicCreated {
            topic: TopicId(9),
            name: crate::protocol::CONSUMER_OFFSETS.into(),
            partitions: [].into(),
        },
    );
    let mut batch = Batch::clone(&script.produce(&["a"]));
    batch.id.0 = 1_000_000;
    batch.records[0].id = RecordId(u64::MAX);
    let internal = TopicPartition::new(TopicId(9), 3);
    let batch = Arc::new(batch);
    script.push(B1, Event::BatchAppended { tp: internal, base_offset: 0, leader_epoch: 0, batch });
    let ledger = ledger_of(&script);
    assert_eq!(ledger.verdict().produced, 1);
    assert_eq!(ledger.record_at(internal, 0), None);
    assert!(ledger.shipment_of.is_empty());
}
