//! Records that retention, DeleteRecords, compaction or the end of their topic took out of the log:
//! nothing that was promised is broken by that, and whoever came too late for them is told so.

use crate::events::{LogStartReason, TraceEvent};
use crate::protocol::{TopicId, TopicPartition};
use crate::record::RecordId;
use crate::trace::cause::RemovalCause;

use super::shipment::Death;
use super::{Ledger, Moment};

/// The log that counts began later from some moment on.
#[derive(Copy, Clone, Debug)]
pub(super) struct Removal {
    /// Log start since.
    pub(super) below: i64,
    pub(super) at: Moment,
    pub(super) cause: RemovalCause,
}

impl Ledger {
    /// A replica's log start has risen: records below are gone, if its log is the one that counts.
    pub(super) fn on_log_start(
        &mut self,
        event: &TraceEvent,
        tp: TopicPartition,
        below: i64,
        reason: LogStartReason,
    ) {
        let cause = match reason {
            LogStartReason::RetentionMs => RemovalCause::RetentionMs,
            LogStartReason::RetentionBytes => RemovalCause::RetentionBytes,
            LogStartReason::DeleteRecords => RemovalCause::DeleteRecords,
            LogStartReason::Leader => return,
        };
        let Some(index) = self.partition(tp) else { return };
        let partition = &self.partitions[index];
        let from = partition.log_start();
        if partition.leader_node() != Some(event.node) || below <= from {
            return;
        }
        let records = partition.records(from, below, &self.placements, &self.shipments);
        let removed = records.map(|(_, record)| record);
        let removed = removed.filter(|record| !self.compacted.contains_key(record));
        let removed: Vec<RecordId> = removed.collect();
        self.removed.add(cause.name(), removed.into_iter());
        self.partitions[index].removals.push(Removal { below, at: Moment::of(event), cause });
    }

    /// A topic was deleted: no log of its partitions counts any more.
    pub(super) fn on_topic_deleted(&mut self, event: &TraceEvent, topic: TopicId) {
        for index in 0..self.partitions.len() {
            let partition = &self.partitions[index];
            if partition.tp.topic != topic {
                continue;
            }
            let from = partition.log_start();
            let records = partition.records(from, i64::MAX, &self.placements, &self.shipments);
            let removed = records.map(|(_, record)| record);
            let removed: Vec<RecordId> =
                removed.filter(|record| !self.compacted.contains_key(record)).collect();
            let cause = RemovalCause::TopicDeleted;
            self.removed.add(cause.name(), removed.into_iter());
            let (below, at) = (i64::MAX, Moment::of(event));
            self.partitions[index].removals.push(Removal { below, at, cause });
            let takeover = self.partitions[index].abandon();
            self.carry_out(event, index, takeover, Death::TopicDeleted);
        }
    }

    /// A cleaner has taken records out of a log. Replicas clean for themselves, but all of them come
    /// to the same, and any of them may lead next.
    pub(super) fn on_cleaned(
        &mut self,
        event: &TraceEvent,
        tp: TopicPartition,
        records: &[RecordId],
    ) {
        if self.partition(tp).is_none() {
            return;
        }
        for &record in records {
            if self.compacted.insert(record, Moment::of(event)).is_none() {
                self.removed.add(RemovalCause::Compaction.name(), std::iter::once(record));
            }
        }
    }

    /// When and why a record at this offset of a partition went, if it did.
    pub(super) fn removal(
        &self,
        partition: usize,
        record: RecordId,
        offset: i64,
    ) -> Option<(Moment, RemovalCause)> {
        if let Some(&at) = self.compacted.get(&record) {
            return Some((at, RemovalCause::Compaction));
        }
        let removals = &self.partitions[partition].removals;
        let removal = removals.iter().find(|removal| offset < removal.below)?;
        Some((removal.at, removal.cause))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::NodeId;
    use crate::events::{Event, PositionReason};
    use crate::trace::fate::Outcome;
    use crate::trace::script::{B1, B2, Script, TP};

    const READER: NodeId = NodeId(110);

    fn ledger_of(script: &Script) -> Ledger {
        let mut ledger = Ledger::new();
        script.events.iter().for_each(|event| ledger.observe(event));
        ledger
    }

    fn raised(script: &mut Script, node: NodeId, to: i64) {
        let reason = LogStartReason::RetentionMs;
        script.push(node, Event::LogStartRaised { tp: TP, from: 0, to, reason });
    }

    fn positioned(script: &mut Script, offset: i64) {
        let reason = PositionReason::ResetEarliest;
        script.push(READER, Event::PositionSet { tp: TP, offset, reason });
    }

    /// Four records, of which the first two are gone, and a reader of group billing.
    fn script() -> Script {
        let mut script = Script::new();
        for at in 0..4 {
            let batch = script.produce(&["a"]);
            script.written(at, &batch);
        }
        let (group, partitions) = ("billing".into(), [TP].into());
        script.push(READER, Event::PartitionsAssigned { group, generation: 1, partitions });
        script
    }

    fn commit(script: &mut Script, offset: i64) {
        let offsets = [(TP, offset)].into();
        script
            .push(B1, Event::OffsetsCommitted { group: "billing".into(), member: READER, offsets });
    }

    #[test]
    fn what_retention_took_is_not_lost() {
        let mut script = script();
        raised(&mut script, B2, 3);
        raised(&mut script, B1, 2);
        let ledger = ledger_of(&script);
        let verdict = ledger.verdict();
        assert_eq!((verdict.lost_total(), verdict.acknowledged), (0, 4));
        assert_eq!(verdict.removed.of("retention-ms"), 2, "a follower's log does not count");
        let fate = |record| ledger.fate(RecordId(record)).expect("produced");
        assert_eq!((fate(1).outcome, fate(2).outcome), (Outcome::Removed, Outcome::Acknowledged));
        assert_eq!(fate(1).removed, Some(RemovalCause::RetentionMs));
    }

    #[test]
    fn a_group_that_was_overtaken_has_skipped_records() {
        let mut script = script();
        positioned(&mut script, 0);
        raised(&mut script, B1, 2);
        script.push(READER, Event::PositionOutOfRange { tp: TP, offset: 0 });
        positioned(&mut script, 2);
        commit(&mut script, 2);
        let skipped = &ledger_of(&script).verdict().groups[0].skipped;
        assert_eq!((skipped.total(), skipped.of("removed-before-reading")), (2, 2));
    }

    #[test]
    fn a_group_that_begins_again_without_a_commit_may_have_been_overtaken() {
        let mut script = script();
        positioned(&mut script, 0);
        let record = RecordId(0);
        script.push(READER, Event::RecordProcessed { tp: TP, offset: 0, record });
        raised(&mut script, B1, 2);
        positioned(&mut script, 2);
        commit(&mut script, 2);
        let skipped = &ledger_of(&script).verdict().groups[0].skipped;
        assert_eq!((skipped.total(), skipped.of("removed-before-reading")), (1, 1));
    }

    #[test]
    fn a_group_that_came_later_has_not() {
        let mut script = script();
        raised(&mut script, B1, 2);
        positioned(&mut script, 2);
        commit(&mut script, 2);
        assert_eq!(ledger_of(&script).verdict().groups[0].skipped.total(), 0);
    }

    #[test]
    fn compaction_takes_nothing_from_a_group() {
        let mut script = script();
        positioned(&mut script, 0);
        let removed = [RecordId(0), RecordId(1)].into();
        let (bytes_before, bytes_after) = (400, 200);
        let cleaned =
            Event::LogCleaned { tp: TP, from: 0, to: 3, bytes_before, bytes_after, removed };
        script.push(B1, cleaned);
        commit(&mut script, 2);
        let ledger = ledger_of(&script);
        assert_eq!(ledger.verdict().groups[0].skipped.total(), 0);
        assert_eq!(ledger.verdict().removed.of("compaction"), 2);
        let fate = ledger.fate(RecordId(1)).expect("produced");
        assert_eq!(fate.removed, Some(RemovalCause::Compaction));
    }

    #[test]
    fn a_follower_that_starts_over_at_the_leaders_log_start_may_lead_later() {
        let mut script = script();
        script.push(B2, Event::LogTruncated { tp: TP, from: 4, to: 0 });
        raised(&mut script, B1, 2);
        script.push(B2, Event::LogTruncated { tp: TP, from: 0, to: 2 });
        script.replicated(B2, 2, 4);
        script.elected(B2, 1, false);
        script.push(B2, Event::BecameLeader { tp: TP, leader_epoch: 1, start_offset: 4 });
        let ledger = ledger_of(&script);
        assert_eq!(ledger.verdict().lost_total(), 0);
        assert_eq!(ledger.record_at(TP, 3), Some(RecordId(3)));
    }

    #[test]
    fn a_deleted_topic_takes_its_records_with_it() {
        let mut script = Script::new();
        let batches = [script.produce(&["a"]), script.produce(&["b"])];
        script.written(0, &batches[0]);
        let deleted = Event::TopicDeleted { topic: TP.topic, name: "orders".into() };
        script.push(NodeId(0), deleted);
        // A leader that has not heard of it yet.
        script.written(1, &batches[1]);
        let mut ledger = Ledger::new();
        script.events.iter().for_each(|event| ledger.observe(event));
        let verdict = ledger.verdict();
        assert_eq!((verdict.removed.of("topic-deleted"), verdict.lost.total()), (1, 0));
        let fate = |id| ledger.fate(RecordId(id)).expect("known");
        assert_eq!(fate(0).outcome, Outcome::Removed);
        assert_eq!(fate(1).outcome, Outcome::Removed);
    }
}
