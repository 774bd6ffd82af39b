//! I12, I13: who owns what in a group, and what it has committed.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::Arc;

use super::{Checked, ensure, name};
use crate::broker::Broker;
use crate::broker::group::partition_for;
use crate::cluster::Cluster;
use crate::engine::NodeId;
use crate::events::{Event, TraceEvent};
use crate::protocol::{CONSUMER_OFFSETS, TopicPartition};

#[derive(Clone, Debug, Default)]
struct Commits {
    /// The last one that the trace knows to be accepted.
    accepted: Option<i64>,
    /// What consumers sent after it: a coordinator may die after writing one and before saying so.
    sent: VecDeque<i64>,
}

impl Commits {
    fn accept(&mut self, offset: i64) {
        self.accepted = Some(offset);
        if let Some(index) = self.sent.iter().position(|&sent| sent == offset) {
            self.sent.drain(..=index);
        }
    }
}

#[derive(Clone, Debug, Default)]
pub(super) struct GroupRules {
    /// Generation of the last stable state, and the coordinator that said so.
    generations: BTreeMap<Arc<str>, (i32, NodeId)>,
    /// Owners in the newest generation, by their own word.
    owners: BTreeMap<Arc<str>, (i32, BTreeMap<TopicPartition, NodeId>)>,
    groups: BTreeMap<NodeId, Arc<str>>,
    /// What each member has, by its own word: a cooperative one is told only what is new.
    held: BTreeMap<NodeId, BTreeSet<TopicPartition>>,
    commits: BTreeMap<(Arc<str>, TopicPartition), Commits>,
    has_news: bool,
}

impl GroupRules {
    pub(super) fn observe(
        &mut self,
        cluster: &Cluster,
        event: &TraceEvent,
        unclean: &BTreeSet<TopicPartition>,
    ) -> Checked {
        match &event.event {
            Event::GroupStable { group, generation, assignment } => {
                let is_exempt = is_released(cluster, group, unclean);
                let known = self.generations.insert(group.clone(), (*generation, event.node));
                let (before, teller) =
                    known.map_or((None, event.node), |(g, node)| (Some(g), node));
                // In the consumer protocol a coordinator goes ahead of its log, and only answers
                // wait: what it had not written yet the next one may count again.
                let is_ahead = teller != event.node
                    && cluster
                        .broker(event.node)
                        .is_some_and(|broker| broker.groups().is_consumer_group(group));
                ensure("I12", is_exempt || is_ahead || before < Some(*generation), || {
                    format!("group {group}: generation {generation} after {before:?}")
                })?;
                let mut owned = BTreeSet::new();
                assignment.iter().flat_map(|(_, partitions)| partitions).try_for_each(|tp| {
                    ensure("I12", owned.insert(*tp), || {
                        let tp = name(cluster, *tp);
                        format!("group {group}: {tp} has two owners in generation {generation}")
                    })
                })
            }
            Event::PartitionsAssigned { group, generation, partitions } => {
                self.groups.insert(event.node, group.clone());
                self.has_news = true;
                let held = self.held.entry(event.node).or_default();
                held.extend(partitions.iter().copied());
                let partitions: Vec<TopicPartition> = held.iter().copied().collect();
                // A coordinator that lost its log counts generations from the beginning.
                if is_released(cluster, group, unclean) {
                    return Ok(());
                }
                self.own(cluster, event.node, group, *generation, &partitions)
            }
            Event::PartitionsReleased { partitions, .. } => {
                if let Some(held) = self.held.get_mut(&event.node) {
                    held.retain(|tp| !partitions.contains(tp));
                }
                Ok(())
            }
            Event::NodeStarted { .. } => {
                self.held.remove(&event.node);
                Ok(())
            }
            Event::CommitSent { offsets, .. } => {
                if let Some(group) = self.groups.get(&event.node) {
                    for &(tp, offset) in offsets.iter() {
                        let commits = self.commits.entry((group.clone(), tp)).or_default();
                        commits.sent.push_back(offset);
                    }
                }
                Ok(())
            }
            Event::OffsetsCommitted { group, offsets, .. } => {
                for &(tp, offset) in offsets.iter() {
                    self.commits.entry((group.clone(), tp)).or_default().accept(offset);
                }
                self.has_news = true;
                Ok(())
            }
            Event::OffsetsExpired { group, partitions } => {
                for &tp in partitions.iter() {
                    self.commits.remove(&(group.clone(), tp));
                }
                Ok(())
            }
            Event::GroupDeleted { group } => {
                // Another group of that name counts from the beginning.
                self.generations.remove(group);
                self.owners.remove(group);
                Ok(())
            }
            Event::BecameLeader { .. } => {
                self.has_news = true;
                Ok(())
            }
            _ => Ok(()),
        }
    }

    fn own(
        &mut self,
        cluster: &Cluster,
        node: NodeId,
        group: &Arc<str>,
        generation: i32,
        partitions: &[TopicPartition],
    ) -> Checked {
        let known = self.owners.entry(group.clone()).or_default();
        if generation > known.0 {
            *known = (generation, BTreeMap::new());
        }
        if generation < known.0 {
            return Ok(());
        }
        for tp in partitions {
            let owner = *known.1.entry(*tp).or_insert(node);
            ensure("I12", owner == node, || {
                let (tp, owner, node) =
                    (name(cluster, *tp), cluster.node_name(owner), cluster.node_name(node));
                format!(
                    "group {group}: {owner} and {node} both own {tp} in generation {generation}"
                )
            })?;
        }
        Ok(())
    }

    /// I12 and I13: who coordinates a group gives no partition to two members of the consumer
    /// protocol, and knows the last accepted commits.
    pub(super) fn check_coordinators(
        &mut self,
        cluster: &Cluster,
        unclean: &BTreeSet<TopicPartition>,
    ) -> Checked {
        if !std::mem::take(&mut self.has_news) {
            return Ok(());
        }
        for group in self.generations.keys() {
            let Some(partition) = offsets_partition(cluster, group) else { continue };
            let registration = cluster.metadata().partition(partition);
            let leader = registration.and_then(|registration| registration.leader);
            let (Some(leader), false) = (leader, unclean.contains(&partition)) else { continue };
            let Some(broker) = cluster.broker(leader).filter(|_| cluster.is_running(leader)) else {
                continue;
            };
            check_holders(cluster, group, broker)?;
            let views = broker.groups().views();
            let Some(view) = views.iter().find(|view| view.group == *group) else { continue };
            for ((_, tp), commits) in self.commits.iter().filter(|((name, _), _)| name == group) {
                let Some(accepted) = commits.accepted else { continue };
                if cluster.controller().image().topic(tp.topic).is_none() {
                    continue; // its topic was deleted
                }
                let known = view.committed.iter().find(|(known, _)| known == tp).map(|c| c.1);
                let is_last = known == Some(accepted);
                let may_be = known.is_some_and(|offset| commits.sent.contains(&offset));
                ensure("I13", is_last || may_be, || {
                    let tp = name(cluster, *tp);
                    format!(
                        "group {group}: {accepted} was committed for {tp}, coordinator {leader} knows {known:?}"
                    )
                })?;
            }
        }
        Ok(())
    }
}

/// I12: a partition that a member of the consumer protocol has, or is still to give up, is nobody
/// else's.
fn check_holders(cluster: &Cluster, group: &str, broker: &Broker) -> Checked {
    let Some(state) = broker.groups().consumer_group(group) else { return Ok(()) };
    let mut holders: BTreeMap<TopicPartition, &str> = BTreeMap::new();
    for member in &state.members {
        for (tp, _) in member.assigned.iter().chain(&member.pending_revocation) {
            let holder = *holders.entry(*tp).or_insert(&member.id);
            ensure("I12", *holder == *member.id, || {
                let (tp, other) = (name(cluster, *tp), &member.id);
                format!("group {group}: members {holder} and {other} both hold {tp}")
            })?;
        }
    }
    Ok(())
}

/// Whether the log of the group's coordinator is released from its promises.
fn is_released(cluster: &Cluster, group: &str, unclean: &BTreeSet<TopicPartition>) -> bool {
    offsets_partition(cluster, group).is_some_and(|partition| unclean.contains(&partition))
}

fn offsets_partition(cluster: &Cluster, group: &str) -> Option<TopicPartition> {
    let image = cluster.metadata();
    let topic = image.topic_id(CONSUMER_OFFSETS)?;
    let partitions = image.topic(topic)?.partitions.len();
    Some(TopicPartition::new(topic, partition_for(group, partitions)))
}
