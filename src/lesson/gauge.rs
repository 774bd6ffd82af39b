//! Reads measures off a run.

use std::cell::OnceCell;

use super::condition::Condition;
use super::measure::{Measure, What};
use crate::config::{DefaultValue, Scope, find};
use crate::engine::{NodeId, SortedSet};
use crate::history::Run;
use crate::producer::partition_for_key;
use crate::protocol::{TopicId, TopicPartition};
use crate::trace::{Counts, Deed, Tallies, Verdict};
use crate::view::{ConsumerView, GroupView, PartitionView, ProcessState, ReplicaView, View};

/// What had been counted at some moment: counts begin at 0 there.
#[derive(Clone, Debug, Default)]
pub struct Baseline {
    counts: Counts,
    verdict: Verdict,
}

/// A run, looked at as far as it is asked for.
pub struct Facts<'r> {
    run: &'r Run,
    view: OnceCell<View>,
    verdict: OnceCell<Verdict>,
}

impl<'r> Facts<'r> {
    /// The run as it is now.
    pub fn new(run: &'r Run) -> Self {
        Self { run, view: OnceCell::new(), verdict: OnceCell::new() }
    }

    /// The run.
    pub fn run(&self) -> &'r Run {
        self.run
    }

    /// The cluster.
    pub fn view(&self) -> &View {
        self.view.get_or_init(|| self.run.view())
    }

    fn verdict(&self) -> &Verdict {
        self.verdict.get_or_init(|| self.run.verdict())
    }

    /// What is counted so far.
    pub fn baseline(&self) -> Baseline {
        let counts = self.run.counts().cloned().unwrap_or_default();
        Baseline { counts, verdict: self.verdict().clone() }
    }

    /// Whether a condition holds. What cannot be measured does not hold.
    pub fn holds(&self, condition: &Condition, since: &Baseline) -> bool {
        if condition.measure.is_text() {
            let word = self.word(condition.measure, &condition.args);
            return word.is_some_and(|word| condition.holds_word(&word));
        }
        let number = self.number(condition.measure, &condition.args, since);
        number.is_some_and(|number| condition.holds(number))
    }

    /// A measure that is a word.
    pub fn word(&self, measure: &Measure, args: &[String]) -> Option<String> {
        let arg = |index: usize| args.get(index).map(String::as_str);
        match measure.what {
            What::CommitWord => Some(self.consumer(arg(0)?)?.commit.to_owned()),
            What::Config => self.config(arg(0)?, arg(1)?),
            _ => None,
        }
    }

    /// A measure that is a number, counts since some moment.
    pub fn number(&self, measure: &Measure, args: &[String], since: &Baseline) -> Option<i64> {
        let arg = |index: usize| args.get(index).map(String::as_str);
        let first = arg(0);
        Some(match measure.what {
            What::Deed(deed) => self.deed(deed, first, since)? as i64,
            What::Lost => self.told(|it| tally(&it.lost, arg(0)), since),
            What::Duplicated => self.told(|it| tally(&it.duplicated, arg(0)), since),
            What::Reordered => self.told(|it| tally(&it.reordered, arg(0)), since),
            What::Repeated => {
                let of = |it: &Verdict| Some(tally(&it.group(first?)?.repeated, arg(1)));
                self.told(|it| of(it).unwrap_or(0), since)
            }
            What::Skipped => {
                let of = |it: &Verdict| Some(tally(&it.group(first?)?.skipped, arg(1)));
                self.told(|it| of(it).unwrap_or(0), since)
            }
            What::Spread => self.spread(first?, since)?,
            What::KeySpread => self.key_spread(first?, since)?,
            What::SameKey => self.same_key(first?, since)?,
            What::Keys => self.keys(first?, since)?,
            What::BrokersRunning => {
                let brokers = self.view().brokers.iter();
                brokers.filter(|broker| broker.process == ProcessState::Running).count() as i64
            }
            What::Isr => self.partition(first?)?.isr.len() as i64,
            What::Leader => i64::from(self.partition(first?)?.leader.map_or(0, |leader| leader.0)),
            What::Records => self.leaders(first?)?.map(|it| it.high_watermark).sum(),
            What::Dry => {
                self.leaders(first?)?.map(|it| it.log_end_offset - it.high_watermark).sum()
            }
            What::Partitions => self.topic(first?)?.1.len() as i64,
            What::KeyPartition => {
                let partitions = self.topic(first?)?.1.len();
                i64::from(partition_for_key(arg(1)?.as_bytes(), partitions))
            }
            What::Committed => {
                let tp = self.tp(arg(1)?)?;
                self.group(first?)?.committed.iter().find(|(of, _)| *of == tp).map_or(-1, |it| it.1)
            }
            What::Lag => self.verdict().group(first?).map_or(0, |group| group.lag),
            What::Members => self.group(first?).map_or(0, |group| group.members.len() as i64),
            What::Idle => {
                let members = self.group(first?)?.members.iter();
                members.filter(|(_, partitions)| partitions.is_empty()).count() as i64
            }
            What::Assigned => self.consumer(first?)?.assignment.len() as i64,
            What::Rate => {
                let producer = self
                    .view()
                    .producers
                    .iter()
                    .find(|it| &*it.name == first.unwrap_or_default())?;
                producer.interval_us.map_or(0, |us| (1_000_000 + us as i64 / 2) / us.max(1) as i64)
            }
            What::Processing => self.consumer(first?)?.processing_us as i64,
            What::ProducedPerSecond => self.run.metrics().produced.milli_per_s as i64 / 1000,
            What::AcknowledgedPerSecond => {
                self.run.metrics().acknowledged.milli_per_s as i64 / 1000
            }
            What::LatencyP50 => self.run.metrics().produce_latency.p50_us? as i64,
            What::LatencyP99 => self.run.metrics().produce_latency.p99_us? as i64,
            What::RecordsPerBatch => {
                (self.run.metrics().milli_records_per_batch as i64 + 500) / 1000
            }
            What::Config | What::CommitWord | What::Step | What::Waited => return None,
        })
    }

    fn told(&self, read: impl Fn(&Verdict) -> u64, since: &Baseline) -> i64 {
        // What was lost before may be found again.
        read(self.verdict()) as i64 - read(&since.verdict) as i64
    }

    fn deed(&self, deed: Deed, of: Option<&str>, since: &Baseline) -> Option<u64> {
        let now = self.run.counts()?;
        let grown = |read: &dyn Fn(&Counts) -> u64| read(now).saturating_sub(read(&since.counts));
        let Some(name) = of else { return Some(grown(&|counts| counts.all(deed))) };
        if let Some(node) = self.node(name) {
            return Some(grown(&|counts| counts.of_node(deed, node)));
        }
        if let Some(tp) = self.tp(name) {
            return Some(grown(&|counts| counts.of_partition(deed, tp)));
        }
        if let Some((topic, partitions)) = self.topic(name) {
            let tps = (0..partitions.len()).map(|index| TopicPartition::new(topic, index as u16));
            return Some(tps.map(|tp| grown(&|counts| counts.of_partition(deed, tp))).sum());
        }
        let of_group = grown(&|counts| counts.of_group(deed, name));
        let members = self.view().consumers.iter().filter(|consumer| &*consumer.group == name);
        let of_members: u64 =
            members.map(|consumer| grown(&|counts| counts.of_node(deed, consumer.id))).sum();
        // A deed has a group, or a node that is in one; never counted in both ways.
        Some(of_group.max(of_members))
    }

    fn spread(&self, topic: &str, since: &Baseline) -> Option<i64> {
        let (topic, partitions) = self.topic(topic)?;
        let counts = self.run.counts()?;
        let grew = |index: &usize| {
            let tp = TopicPartition::new(topic, *index as u16);
            counts.of_partition(Deed::Appended, tp) > since.counts.of_partition(Deed::Appended, tp)
        };
        Some((0..partitions.len()).filter(grew).count() as i64)
    }

    /// Keys and partitions of the records that came since.
    fn keyed(&self, topic: TopicId, since: &Baseline) -> Option<Vec<(Vec<u8>, u16)>> {
        let before: Vec<_> = since.counts.keys_of(topic).collect();
        let is_new = |key: &[u8], partition: u16, count: u64| {
            let known = before.iter().find(|(of, at, _)| ***of == *key && *at == partition);
            known.is_none_or(|(_, _, before)| count > *before)
        };
        let now = self.run.counts()?.keys_of(topic);
        Some(now.filter(|(k, p, n)| is_new(k, *p, *n)).map(|(k, p, _)| (k.to_vec(), p)).collect())
    }

    fn key_spread(&self, topic: &str, since: &Baseline) -> Option<i64> {
        let keyed = self.keyed(self.topic(topic)?.0, since)?;
        let of = |key: &[u8]| keyed.iter().filter(|(other, _)| other == key).count() as i64;
        keyed.iter().map(|(key, _)| of(key)).max()
    }

    fn same_key(&self, topic: &str, since: &Baseline) -> Option<i64> {
        let topic = self.topic(topic)?.0;
        let before: Vec<_> = since.counts.keys_of(topic).collect();
        let grown = |key: &[u8], partition: u16, count: u64| {
            let known = before.iter().find(|(of, at, _)| ***of == *key && *at == partition);
            count.saturating_sub(known.map_or(0, |(.., before)| *before))
        };
        let now = self.run.counts()?.keys_of(topic);
        Some(now.map(|(k, p, n)| grown(k, p, n)).max().unwrap_or(0) as i64)
    }

    fn keys(&self, place: &str, since: &Baseline) -> Option<i64> {
        let (topic, only) = match self.tp(place) {
            Some(tp) => (tp.topic, Some(tp.partition)),
            None => (self.topic(place)?.0, None),
        };
        let keyed = self.keyed(topic, since)?.into_iter();
        let here = keyed.filter(|(_, partition)| only.is_none_or(|only| only == *partition));
        let mut keys = SortedSet::new();
        for (key, _) in here {
            keys.insert(key);
        }
        Some(keys.iter().count() as i64)
    }

    fn config(&self, owner: &str, name: &str) -> Option<String> {
        let view = self.view();
        let client = |config: &[(String, String)]| {
            config.iter().find(|(key, _)| key == name).map(|(_, value)| value.clone())
        };
        let producer = view.producers.iter().find(|it| &*it.name == owner);
        let topic = view.topics.iter().find(|it| &*it.name == owner);
        let (scope, set) = if let Some(producer) = producer {
            (Scope::Producer, client(&producer.config))
        } else if let Some(consumer) = self.consumer(owner) {
            (Scope::Consumer, client(&consumer.config))
        } else {
            let config = topic?.config.iter().find(|(key, _)| &**key == name);
            (Scope::Topic, config.map(|(_, value)| value.to_string()))
        };
        set.or_else(|| match find(scope, name)?.default {
            DefaultValue::Text(text) => Some(text.to_owned()),
            DefaultValue::Null => Some("null".to_owned()),
            DefaultValue::Required => None,
        })
    }

    /// The node of that name.
    pub fn node(&self, name: &str) -> Option<NodeId> {
        let view = self.view();
        if let Some(id) = name.strip_prefix("broker ") {
            return id.parse().ok().map(NodeId);
        }
        let producer = view.producers.iter().find(|it| &*it.name == name).map(|it| it.id);
        producer.or_else(|| self.consumer(name).map(|it| it.id))
    }

    fn consumer(&self, name: &str) -> Option<&ConsumerView> {
        self.view().consumers.iter().find(|it| &*it.name == name)
    }

    /// The group of that name, once it has a coordinator.
    pub fn group(&self, name: &str) -> Option<&GroupView> {
        self.view().groups.iter().find(|it| &*it.group == name)
    }

    fn topic(&self, name: &str) -> Option<(TopicId, &[PartitionView])> {
        let topic = self.view().topics.iter().find(|it| &*it.name == name)?;
        Some((topic.id, &topic.partitions))
    }

    /// A partition by a name such as `orders-0`.
    pub fn tp(&self, name: &str) -> Option<TopicPartition> {
        let (topic, index) = name.rsplit_once('-')?;
        let index: u16 = index.parse().ok()?;
        let (topic, partitions) = self.topic(topic)?;
        (usize::from(index) < partitions.len()).then(|| TopicPartition::new(topic, index))
    }

    /// What the controller knows of a partition.
    pub fn partition(&self, name: &str) -> Option<&PartitionView> {
        let tp = self.tp(name)?;
        let topic = self.view().topics.iter().find(|it| it.id == tp.topic)?;
        topic.partitions.get(usize::from(tp.partition))
    }

    /// The leaders' replicas of a partition, or of all partitions of a topic.
    fn leaders(&self, place: &str) -> Option<impl Iterator<Item = &ReplicaView>> {
        let (topic, only) = match self.tp(place) {
            Some(tp) => (tp.topic, Some(tp)),
            None => (self.topic(place)?.0, None),
        };
        let partitions = &self.view().topics.iter().find(|it| it.id == topic)?.partitions;
        let is_meant = move |tp: TopicPartition| only.map_or(tp.topic == topic, |only| tp == only);
        let leads = |broker: NodeId, tp: TopicPartition| {
            partitions.get(usize::from(tp.partition)).is_some_and(|it| it.leader == Some(broker))
        };
        let replicas = self.view().brokers.iter().flat_map(move |broker| {
            broker.replicas.iter().filter(move |it| is_meant(it.tp) && leads(broker.id, it.tp))
        });
        Some(replicas)
    }
}

fn tally(tallies: &Tallies, cause: Option<&str>) -> u64 {
    cause.map_or_else(|| tallies.total(), |cause| tallies.of(cause))
}
