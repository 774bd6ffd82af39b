//! Ending a transaction in its partitions: their leaders are asked until each has written the marker
//! (Kafka's `TransactionMarkerChannelManager`).

use std::sync::Arc;

use super::coordinator::TransactionCoordinator;
use super::transit::Then;
use crate::broker::internal_topic::InternalLog;
use crate::engine::{Micros, NodeId, SortedMap};
use crate::metadata::MetadataImage;
use crate::node::{BrokerTimer, Ctx, NodeTimer};
use crate::protocol::{ErrorCode, TopicPartition, TxnMarker, wall_clock_ms};

/// Kafka's thread tries again at once, which leads nowhere before metadata has changed.
const RETRY_US: Micros = 100_000;

impl TransactionCoordinator {
    /// A state holds. If it is a decision it is to be marked in all partitions.
    pub(super) fn begin_markers(
        &mut self,
        ctx: &mut Ctx<'_>,
        id: &Arc<str>,
        image: &MetadataImage,
        log: &mut impl InternalLog,
    ) {
        if self.decision(id).is_some()
            && let Some(entry) = self.entries.get_mut(id)
        {
            entry.unmarked = entry.metadata.partitions.clone();
            entry.asked.clear();
            self.send_markers(ctx, id, image, log);
        }
    }

    /// Asks the leaders that were not asked yet. When nobody is left the transaction is complete.
    fn send_markers(
        &mut self,
        ctx: &mut Ctx<'_>,
        id: &Arc<str>,
        image: &MetadataImage,
        log: &mut impl InternalLog,
    ) {
        let Some(committed) = self.decision(id) else { return };
        let Some(entry) = self.entries.get_mut(id) else { return };
        // A topic that was deleted needs no markers.
        let unmarked = entry.unmarked.iter().copied();
        entry.unmarked = unmarked.filter(|&tp| image.partition(tp).is_some()).collect();
        let mut leaders: SortedMap<NodeId, Vec<TopicPartition>> = SortedMap::new();
        let mut is_waiting = false;
        for &tp in entry.unmarked.iter().filter(|tp| !entry.asked.contains(*tp)) {
            match image.partition(tp).and_then(|partition| partition.leader) {
                Some(leader) => leaders.entry(leader).or_default().push(tp),
                None => is_waiting = true,
            }
        }
        let coordinator_epoch = self.loaded.get(&entry.log).copied().unwrap_or(-1);
        for (leader, partitions) in leaders {
            entry.asked.extend(partitions.iter().copied());
            let marker = TxnMarker {
                producer_id: entry.metadata.producer_id,
                producer_epoch: entry.metadata.producer_epoch,
                committed,
                coordinator_epoch,
                partitions,
            };
            self.outbox.push_back((leader, id.clone(), marker));
        }
        if is_waiting {
            self.arm_retry(ctx);
        }
        if let Some(next) = self.next_complete(id, wall_clock_ms(ctx.now)) {
            self.transit(ctx, id, next, Then::Completed, image, log);
        }
    }

    /// A leader has answered for these partitions, or its connection broke.
    pub fn on_markers(
        &mut self,
        ctx: &mut Ctx<'_>,
        id: &Arc<str>,
        producer_epoch: i16,
        results: &[(TopicPartition, Option<ErrorCode>)],
        image: &MetadataImage,
        log: &mut impl InternalLog,
    ) {
        let Some(entry) = self.entries.get_mut(id) else { return };
        // What was asked before this broker led the partition anew, or of a transaction before.
        if entry.metadata.producer_epoch != producer_epoch {
            return;
        }
        let mut has_failed = false;
        for (tp, error) in results {
            entry.asked.remove(tp);
            match error {
                None => drop(entry.unmarked.remove(tp)),
                Some(_) => has_failed = true,
            }
        }
        match has_failed {
            true => self.arm_retry(ctx),
            false => self.send_markers(ctx, id, image, log),
        }
    }

    pub(super) fn arm_retry(&mut self, ctx: &mut Ctx<'_>) {
        if !self.is_retry_armed {
            self.is_retry_armed = true;
            ctx.set_timer(RETRY_US, NodeTimer::Broker(BrokerTimer::RetryTransactionMarkers));
        }
    }

    /// The back-off is over.
    pub fn retry_markers(
        &mut self,
        ctx: &mut Ctx<'_>,
        image: &MetadataImage,
        log: &mut impl InternalLog,
    ) {
        self.is_retry_armed = false;
        let ids: Vec<_> = self.entries.keys().cloned().collect();
        for id in ids {
            self.send_markers(ctx, &id, image, log);
        }
    }
}
