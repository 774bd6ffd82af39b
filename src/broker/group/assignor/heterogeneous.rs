//! `uniform` where members subscribe to different topics (`UniformHeterogeneousAssignmentBuilder`).
//!
//! Everybody keeps what is subscribed to; what nobody has goes to the least loaded subscriber,
//! topic by topic; then partitions move from the most to the least loaded while that helps.

use super::balancer::Balancer;
use super::{GroupSpec, TopicSpec};
use crate::engine::{SortedMap, SortedSet, sort_by_key};
use crate::protocol::{TopicPartition, partitions_of};

/// How often all topics are gone through (`MAX_ITERATION_COUNT`).
const MAX_ITERATIONS: usize = 16;

pub(super) fn assign(spec: &GroupSpec) -> Vec<SortedSet<TopicPartition>> {
    let mut builder = Builder::new(spec);
    builder.assign_remaining();
    builder.balance();
    let mut assigned = vec![SortedSet::new(); spec.members.len()];
    for (tp, owner) in builder.owners {
        assigned[owner].insert(tp);
    }
    assigned
}

/// A topic and its subscribers, by index.
struct Topic<'a> {
    spec: &'a TopicSpec,
    subscribers: Vec<usize>,
}

struct Builder<'a> {
    /// Many partitions for few subscribers first.
    topics: Vec<Topic<'a>>,
    owners: SortedMap<TopicPartition, usize>,
    /// How many partitions each member has.
    sizes: Vec<usize>,
}

impl<'a> Builder<'a> {
    fn new(spec: &'a GroupSpec) -> Self {
        let members = || spec.members.iter().enumerate();
        let subscribers = |topic: &TopicSpec| {
            let subscribed = members().filter(|(_, member)| member.topics.contains(&topic.id));
            subscribed.map(|(index, _)| index).collect()
        };
        let mut topics: Vec<_> = spec
            .topics
            .iter()
            .map(|topic| Topic { spec: topic, subscribers: subscribers(topic) })
            .filter(|topic| !topic.subscribers.is_empty())
            .collect();
        sort_topics(&mut topics);
        let mut owners = SortedMap::new();
        let mut sizes = vec![0; spec.members.len()];
        for (index, member) in members() {
            for &tp in member.target.iter().filter(|tp| member.topics.contains(&tp.topic)) {
                owners.insert(tp, index);
                sizes[index] += 1;
            }
        }
        Self { topics, owners, sizes }
    }

    fn assign_remaining(&mut self) {
        for topic in &self.topics {
            let mut balancer = Balancer::new(&topic.subscribers, &self.sizes);
            for tp in partitions_of(topic.spec.id, topic.spec.partitions) {
                if !self.owners.contains_key(&tp) {
                    let least = balancer.next_least_loaded(&self.sizes);
                    self.owners.insert(tp, least);
                    self.sizes[least] += 1;
                }
            }
        }
    }

    /// Goes round the topics until one round changed nothing.
    fn balance(&mut self) {
        let shared: Vec<usize> =
            (0..self.topics.len()).filter(|&at| self.topics[at].subscribers.len() >= 2).collect();
        let mut last_changed = None;
        for _ in 0..MAX_ITERATIONS {
            for &at in &shared {
                if last_changed == Some(at) {
                    return;
                }
                if self.balance_topic(at) || last_changed.is_none() {
                    last_changed = Some(at);
                }
            }
        }
    }

    /// Moves partitions of one topic; whether any was moved.
    fn balance_topic(&mut self, at: usize) -> bool {
        let topic = &self.topics[at];
        let mut balancer = Balancer::new(&topic.subscribers, &self.sizes);
        if balancer.imbalance() <= 1 {
            return false;
        }
        // What each can give, the last of it first.
        let mut given = vec![Vec::new(); self.sizes.len()];
        for tp in partitions_of(topic.spec.id, topic.spec.partitions) {
            if let Some(&owner) = self.owners.get(&tp) {
                given[owner].push(tp);
            }
        }
        let mut moved = false;
        while !balancer.is_balanced() {
            let Some(most) = balancer.next_most_loaded(&self.sizes) else { break };
            let Some(tp) = given[most].pop() else {
                balancer.exclude_most_loaded();
                continue;
            };
            let least = balancer.next_least_loaded(&self.sizes);
            if balancer.is_balanced() {
                break;
            }
            self.owners.insert(tp, least);
            self.sizes[most] -= 1;
            self.sizes[least] += 1;
            moved = true;
        }
        moved
    }
}

/// By partitions a subscriber, most first; then by subscribers, fewest first; then by id.
fn sort_topics(topics: &mut [Topic<'_>]) {
    sort_by_key(topics, |topic| (topic.subscribers.len(), topic.spec.id));
    crate::engine::sort_by(topics, |a, b| {
        let share = |of: &Topic<'_>, other: &Topic<'_>| {
            usize::from(of.spec.partitions) * other.subscribers.len()
        };
        share(b, a).cmp(&share(a, b))
    });
}
