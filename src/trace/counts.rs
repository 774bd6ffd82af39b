//! How often things happened, and to whom: what lessons measure.

use std::sync::Arc;

use crate::engine::{NodeId, SortedMap};
use crate::events::{ConsumerExit, Event, PositionReason, TraceEvent};
use crate::protocol::{TopicId, TopicPartition, is_internal_topic};
use crate::record::Bytes;

/// What is counted.
#[derive(Copy, Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Deed {
    /// Records handed to send().
    Produced,
    /// Records whose success the producer knows.
    Acknowledged,
    /// Batches sent, retries left out.
    Batches,
    /// Records that a leader appended.
    Appended,
    /// Records that a leader refused, each time it did.
    Refused,
    /// Batches sent again.
    Retries,
    /// Records the producer gave up.
    Failed,
    /// Records returned by poll().
    Delivered,
    /// Records that an application has finished with.
    Processed,
    /// Processes killed, and machines without power.
    Kills,
    /// Processes ended in good order.
    Stops,
    /// Processes started.
    Starts,
    /// Partitions whose leader was killed.
    LeaderKills,
    /// Partitions that got another leader.
    Elections,
    /// Replicas that left an ISR.
    IsrShrinks,
    /// Replicas that came into an ISR.
    IsrExpands,
    /// Brokers that the controller took for dead.
    Fencings,
    /// Rebalances begun.
    Rebalances,
    /// Commits in the log of `__consumer_offsets`.
    Commits,
    /// Commits that failed for the application.
    CommitFailures,
    /// Members put out because `session.timeout.ms` ran out.
    SessionTimeouts,
    /// Members that left because `max.poll.interval.ms` ran out.
    PollTimeouts,
    /// Positions found by `auto.offset.reset`.
    Resets,
}

/// To whom.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Slot {
    All,
    Node(NodeId),
    Group(Arc<str>),
    Partition(TopicPartition),
    Key(TopicId, Bytes, u16),
}

/// The counts since the run began.
#[derive(Clone, Debug, Default)]
pub struct Counts {
    counts: SortedMap<(Deed, Slot), u64>,
    leaders: SortedMap<TopicPartition, NodeId>,
    internal: Vec<TopicId>,
}

impl Counts {
    /// So often in all.
    pub fn all(&self, deed: Deed) -> u64 {
        self.get(deed, Slot::All)
    }

    /// So often by a node, or to it.
    pub fn of_node(&self, deed: Deed, node: NodeId) -> u64 {
        self.get(deed, Slot::Node(node))
    }

    /// So often in a group.
    pub fn of_group(&self, deed: Deed, group: &str) -> u64 {
        self.get(deed, Slot::Group(group.into()))
    }

    /// So often in a partition.
    pub fn of_partition(&self, deed: Deed, tp: TopicPartition) -> u64 {
        self.get(deed, Slot::Partition(tp))
    }

    /// Records of each key in each partition of a topic, as key, partition, records; in order.
    pub fn keys_of(&self, topic: TopicId) -> impl Iterator<Item = (&Bytes, u16, u64)> {
        self.counts.iter().filter_map(move |((_, slot), count)| match slot {
            Slot::Key(of, key, partition) if *of == topic => Some((key, *partition, *count)),
            _ => None,
        })
    }

    fn get(&self, deed: Deed, slot: Slot) -> u64 {
        self.counts.get(&(deed, slot)).copied().unwrap_or(0)
    }

    fn add(&mut self, deed: Deed, count: u64, slots: impl IntoIterator<Item = Slot>) {
        for slot in slots.into_iter().chain([Slot::All]) {
            *self.counts.entry((deed, slot)).or_default() += count;
        }
    }

    /// Counts what an event says. Nothing of internal topics counts.
    pub fn observe(&mut self, event: &TraceEvent) {
        let node = Slot::Node(event.node);
        match &event.event {
            Event::TopicCreated { topic, name, partitions } if !is_internal_topic(name) => {
                for (index, partition) in partitions.iter().enumerate() {
                    let tp = TopicPartition::new(*topic, index as u16);
                    self.leaders.extend(partition.leader.map(|leader| (tp, leader)));
                }
            }
            Event::TopicCreated { topic, .. } => self.internal.push(*topic),
            Event::RecordProduced { .. } => self.add(Deed::Produced, 1, [node]),
            Event::RecordFailed { .. } => self.add(Deed::Failed, 1, [node]),
            Event::NodeStarted { .. } => self.add(Deed::Starts, 1, [node]),
            Event::NodeStopped => self.add(Deed::Stops, 1, [node]),
            Event::NodeKilled | Event::PowerLost => self.killed(event.node),
            Event::BrokerFenced { broker } => self.add(Deed::Fencings, 1, [Slot::Node(*broker)]),
            Event::CommitFailed { .. } => self.add(Deed::CommitFailures, 1, [node]),
            Event::PollIntervalExceeded => self.add(Deed::PollTimeouts, 1, [node]),
            Event::RebalanceStarted { group, .. } => {
                self.add(Deed::Rebalances, 1, [Slot::Group(group.clone())]);
            }
            Event::OffsetsCommitted { group, member, .. } => {
                let slots = [Slot::Group(group.clone()), Slot::Node(*member)];
                self.add(Deed::Commits, 1, slots);
            }
            Event::MemberRemoved { group, member, exit: ConsumerExit::SessionExpired } => {
                let slots = [Slot::Group(group.clone()), Slot::Node(*member)];
                self.add(Deed::SessionTimeouts, 1, slots);
            }
            event => self.observe_partition(event, node),
        }
    }

    fn observe_partition(&mut self, event: &Event, node: Slot) {
        let (deed, tp, count) = match event {
            Event::BatchSent { tp, attempt: 0, .. } => (Deed::Batches, *tp, 1),
            Event::BatchAcknowledged { tp, batch, .. } => (Deed::Acknowledged, *tp, len(batch)),
            Event::BatchAppended { batch, .. } if batch.attributes.is_control => return,
            Event::BatchAppended { tp, batch, .. } => (Deed::Appended, *tp, len(batch)),
            Event::AppendRefused { tp, batch, .. } => (Deed::Refused, *tp, len(batch)),
            Event::BatchRetried { tp, .. } => (Deed::Retries, *tp, 1),
            Event::BatchFailed { tp, batch, .. } => (Deed::Failed, *tp, len(batch)),
            Event::RecordsDelivered { tp, count, .. } => (Deed::Delivered, *tp, u64::from(*count)),
            Event::RecordProcessed { tp, .. } => (Deed::Processed, *tp, 1),
            Event::IsrShrunk { tp, removed, .. } => (Deed::IsrShrinks, *tp, removed.len() as u64),
            Event::IsrExpanded { tp, added, .. } => (Deed::IsrExpands, *tp, added.len() as u64),
            Event::PositionSet {
                reason: PositionReason::Committed | PositionReason::Sought,
                ..
            } => return,
            Event::PositionSet { tp, .. } => (Deed::Resets, *tp, 1),
            Event::LeaderElected { tp, leader: Some(leader), .. } => {
                let before = self.leaders.insert(*tp, *leader);
                (Deed::Elections, *tp, u64::from(before.is_some_and(|before| before != *leader)))
            }
            _ => return,
        };
        if self.internal.contains(&tp.topic) || count == 0 {
            return;
        }
        if let Event::BatchAppended { tp, batch, .. } = event {
            for key in batch.records.iter().filter_map(|record| record.key.clone()) {
                let slot = Slot::Key(tp.topic, key, tp.partition);
                *self.counts.entry((Deed::Appended, slot)).or_default() += 1;
            }
        }
        self.add(deed, count, [Slot::Partition(tp), node]);
    }

    fn killed(&mut self, node: NodeId) {
        self.add(Deed::Kills, 1, [Slot::Node(node)]);
        let led = self.leaders.iter().filter(|(_, leader)| **leader == node);
        let led: Vec<TopicPartition> = led.map(|(tp, _)| *tp).collect();
        for tp in led {
            if !self.internal.contains(&tp.topic) {
                self.add(Deed::LeaderKills, 1, [Slot::Partition(tp)]);
            }
        }
    }
}

fn len(batch: &crate::record::Batch) -> u64 {
    batch.records.len() as u64
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::events::EventId;
    use crate::trace::script::TP;

    #[test]
    fn a_kill_counts_once_and_once_for_each_partition_led() {
        let mut counts = Counts::default();
        let mut id = 0;
        let mut see = |counts: &mut Counts, node: u16, event: Event| {
            counts.observe(&TraceEvent {
                id: EventId(id),
                at_us: id,
                node: NodeId(node),
                cause: None,
                event,
            });
            id += 1;
        };
        let elected = |leader: u16| Event::LeaderElected {
            tp: TP,
            leader: Some(NodeId(leader)),
            leader_epoch: 1,
            isr: [].into(),
            unclean: false,
        };
        see(&mut counts, 0, elected(1));
        see(&mut counts, 1, Event::NodeKilled);
        see(&mut counts, 0, elected(2));
        see(&mut counts, 3, Event::NodeKilled);
        assert_eq!(counts.all(Deed::Kills), 2);
        assert_eq!(counts.of_node(Deed::Kills, NodeId(3)), 1);
        assert_eq!(counts.of_partition(Deed::LeaderKills, TP), 1);
        assert_eq!(counts.all(Deed::LeaderKills), 1);
        assert_eq!(counts.all(Deed::Elections), 1, "the first leader replaces nobody");
    }
}
