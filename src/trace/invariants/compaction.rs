//! I11: what the cleaner may take from a log, and what it leaves as it was.

use std::collections::{BTreeMap, BTreeSet};

use super::transactions::TransactionRules;
use super::{Checked, ensure, name};
use crate::broker::Partition;
use crate::cluster::Cluster;
use crate::events::{Event, TraceEvent};
use crate::protocol::TopicPartition;
use crate::record::{Bytes, RecordId};

/// A record of a compacted topic, as leaders appended it.
#[derive(Clone, Debug)]
struct Written {
    key: Bytes,
    is_tombstone: bool,
    /// More than one after a retry or an unclean election.
    offsets: BTreeSet<i64>,
}

#[derive(Clone, Debug, Default)]
pub(super) struct CompactionRules {
    written: BTreeMap<(TopicPartition, RecordId), Written>,
}

impl CompactionRules {
    pub(super) fn observe(
        &mut self,
        cluster: &Cluster,
        event: &TraceEvent,
        unclean: &BTreeSet<TopicPartition>,
        transactions: &TransactionRules,
    ) -> Checked {
        let replica = |tp| cluster.broker(event.node).and_then(|broker| broker.replica(tp));
        match &event.event {
            Event::BatchAppended { tp, base_offset, batch, .. } => {
                if replica(*tp).is_some_and(Partition::is_compacted) {
                    for (index, record) in batch.records.iter().enumerate() {
                        let Some(key) = &record.key else { continue };
                        if record.id.0 == u64::MAX {
                            continue; // of a coordinator: nothing tells them apart
                        }
                        let written = Written {
                            key: key.clone(),
                            is_tombstone: record.value.is_none(),
                            offsets: BTreeSet::new(),
                        };
                        let written = self.written.entry((*tp, record.id)).or_insert(written);
                        written.offsets.insert(base_offset + batch.offset_delta(index));
                    }
                }
                Ok(())
            }
            Event::LogCleaned { tp, removed, .. }
                if !unclean.contains(tp) && !transactions.are_decisions_forgotten(cluster) =>
            {
                match replica(*tp) {
                    Some(replica) => self.check(cluster, *tp, replica, removed, transactions),
                    None => Ok(()),
                }
            }
            Event::TopicDeleted { topic, .. } => {
                self.written.retain(|(tp, _), _| tp.topic != *topic);
                Ok(())
            }
            _ => Ok(()),
        }
    }

    /// Of each key the last value is there, and everything lies where it lay.
    fn check(
        &self,
        cluster: &Cluster,
        tp: TopicPartition,
        replica: &Partition,
        removed: &[RecordId],
        transactions: &TransactionRules,
    ) -> Checked {
        // What was aborted is no value of its key, and goes.
        let is_aborted = |record: &RecordId| transactions.records.aborted.contains_key(record);
        let place = |record: RecordId| format!("{}: record {}", name(cluster, tp), record.0);
        let mut ends: BTreeMap<&[u8], (i64, i64)> = BTreeMap::new();
        for logged in replica.log().batches() {
            for (index, record) in logged.batch.records.iter().enumerate() {
                let offset = logged.offset_of(index);
                if let Some(key) = record.key.as_deref().filter(|_| !is_aborted(&record.id)) {
                    ends.entry(key).or_insert((offset, offset)).1 = offset;
                }
                let known = self.written.get(&(tp, record.id));
                ensure("I11", known.is_none_or(|known| known.offsets.contains(&offset)), || {
                    format!("{} lies at {offset} after cleaning", place(record.id))
                })?;
            }
        }
        for &record in removed.iter().filter(|record| !is_aborted(record)) {
            let Some(known) = self.written.get(&(tp, record)) else { continue };
            let Some(&offset) = known.offsets.first() else { continue };
            let ends = ends.get(&*known.key);
            let has_later = ends.is_some_and(|&(_, last)| last > offset);
            let has_earlier = ends.is_some_and(|&(first, _)| first < offset);
            ensure("I11", has_later || (known.is_tombstone && !has_earlier), || {
                format!("{} was the last of its key, and was cleaned away", place(record))
            })?;
        }
        Ok(())
    }
}
