//! A random story: a cluster, its clients, and what is done to them. It shrinks to what is needed
//! to go wrong, and can be written as a scenario file.

use std::sync::Arc;

use highwater::cluster::{BrokerSetup, ClusterSetup, Command};
use highwater::config::Properties;
use highwater::consumer::{
    CommitStrategy, ConsumerSpec, Faults, HandlerSpec, OnError, RetryTopic, Spread,
};
use highwater::engine::{Micros, NetworkConfig};
use highwater::history::Scenario;
use highwater::producer::{Keys, Pace, ProducerSpec, Transactions, Workload};
use proptest::collection::vec;
use proptest::prelude::*;

use super::fault::{Fault, faults};

pub const SECOND: Micros = 1_000_000;
/// How long a story is.
pub const UNTIL_US: Micros = 60 * SECOND;

/// What a story is made of.
#[derive(Clone, Debug)]
pub struct Story {
    seed: u64,
    brokers: u16,
    broker_config: Properties,
    latency_us: Micros,
    jitter_us: Micros,
    topic: Command,
    producers: Vec<(Micros, Workload, Properties)>,
    consumers: Vec<(Micros, Micros, CommitStrategy, Properties)>,
    /// partition.assignment.strategy of the group, if not the default.
    assignor: Option<&'static str>,
    /// Brokers stand in racks, and consumers read the replica in theirs.
    is_rack_aware: bool,
    controllers: u16,
    faults: Vec<Fault>,
    /// The handler of all consumers, if they have one.
    handler: Option<Arc<HandlerSpec>>,
}

const RACK_AWARE: &str = "org.apache.kafka.common.replica.RackAwareReplicaSelector";
const RACKS: [&str; 2] = ["a", "b"];

/// How soon and how often brokers look for what retention or the cleaner may take.
const LOOKS: [&str; 3] =
    ["log.initial.task.delay.ms", "log.retention.check.interval.ms", "log.cleaner.backoff.ms"];

/// What becomes of old records.
type Keeping = &'static [(&'static str, &'static str)];
const KEEPING: [Keeping; 6] = [
    &[],
    &[],
    &[],
    &[],
    &[("retention.ms", "8000"), ("segment.ms", "3000"), ("internal.segment.bytes", "20000")],
    &[
        ("cleanup.policy", "compact"),
        ("segment.ms", "3000"),
        ("internal.segment.bytes", "20000"),
        ("min.cleanable.dirty.ratio", "0.1"),
        ("delete.retention.ms", "5000"),
    ],
];

/// Any story.
pub fn stories() -> impl Strategy<Value = Story> {
    let cluster = (1_u16..=4).prop_flat_map(|brokers| (Just(brokers), topics(brokers)));
    let network =
        (prop::sample::select(vec![500, 5_000, 30_000]), prop::sample::select(vec![0, 200, 5_000]));
    (
        0..u64::from(u32::MAX),
        cluster,
        prop::bool::weighted(0.3),
        network,
        vec(producers(), 1..=2),
        (vec(consumers(), 1..=3), assignors()),
        prop::bool::weighted(0.3),
        prop::sample::select(vec![1_u16, 1, 1, 3]),
        faults(),
        prop::option::weighted(0.4, handlers()),
    )
        .prop_map(
            |(
                seed,
                (brokers, topic),
                is_strict,
                network,
                producers,
                (consumers, assignor),
                is_rack_aware,
                controllers,
                faults,
                handler,
            )| {
                let mut broker_config = Properties::default();
                if is_strict {
                    broker_config.set("replica.lag.time.max.ms", "5000");
                }
                if brokers < 3 {
                    broker_config.set("offsets.topic.replication.factor", "1");
                }
                broker_config.set("offsets.topic.num.partitions", "3");
                broker_config.set("transaction.state.log.num.partitions", "3");
                if brokers < 3 {
                    broker_config.set("transaction.state.log.replication.factor", "1");
                    broker_config.set("transaction.state.log.min.isr", "1");
                }
                for look in LOOKS {
                    broker_config.set(look, "3000");
                }
                if let Command::CreateTopic { config, .. } = &topic
                    && config.is_explicit("segment.ms")
                {
                    // __consumer_offsets is compacted as well, if its segments end in time.
                    broker_config.set("log.roll.ms", "3000");
                    broker_config.set("log.cleaner.min.cleanable.ratio", "0.1");
                }
                if is_rack_aware {
                    broker_config.set("replica.selector.class", RACK_AWARE);
                }
                let (latency_us, jitter_us) = network;
                Story {
                    seed,
                    brokers,
                    broker_config,
                    latency_us,
                    jitter_us,
                    topic,
                    producers,
                    consumers,
                    assignor,
                    is_rack_aware,
                    controllers,
                    faults,
                    handler,
                }
            },
        )
}

fn topics(brokers: u16) -> impl Strategy<Value = Command> {
    let flush = prop::sample::select(vec![None, None, None, Some("1"), Some("20")]);
    let shape = (1..=3_i32, 1..=brokers as i16, 1..=2_u8);
    let keeping = prop::sample::select(KEEPING.to_vec());
    (shape, prop::bool::weighted(0.2), flush, keeping).prop_map(
        |((partitions, replication_factor, min_isr), is_unclean, flush, keeping)| {
            let mut config = Properties::default();
            config.set("min.insync.replicas", min_isr.to_string());
            if is_unclean {
                config.set("unclean.leader.election.enable", "true");
            }
            for &(key, value) in keeping {
                config.set(key, value);
            }
            if let Some(messages) = flush {
                config.set("flush.messages", messages);
            }
            Command::CreateTopic { name: "orders".into(), partitions, replication_factor, config }
        },
    )
}

fn producers() -> impl Strategy<Value = (Micros, Workload, Properties)> {
    let select = |values: &'static [&'static str]| prop::sample::select(values);
    let configs = (
        select(&["all", "all", "1", "0"]),
        select(&["0", "5", "200"]),
        select(&["16384", "200"]),
        prop::bool::weighted(0.3),
        prop::bool::weighted(0.3),
        transactions(),
    );
    let interval_us = prop::sample::select(vec![500_000, 100_000, 20_000]);
    let keys = prop_oneof![
        Just(Keys::None),
        Just(Keys::Uniform { prefix: Keys::PREFIX.into(), count: 5 })
    ];
    (0..SECOND, interval_us, keys, 20_u32..220, configs).prop_map(
        |(at_us, interval_us, keys, value_bytes, configs)| {
            let (acks, linger, batch, is_hasty, is_plain, transactions) = configs;
            let mut config = Properties::default();
            config.set("acks", acks);
            config.set("linger.ms", linger);
            config.set("batch.size", batch);
            if is_hasty {
                config.set("request.timeout.ms", "3000");
                config.set("delivery.timeout.ms", "12000");
            }
            if let Some((id, timeout_ms, _)) = transactions {
                config.set("transactional.id", id);
                config.set("transaction.timeout.ms", timeout_ms);
                config.set("acks", "all");
            } else if is_plain {
                config.set("enable.idempotence", "false");
            }
            let pace = Pace::Poisson(interval_us);
            let workload = Workload {
                pace,
                keys,
                value_bytes,
                limit: None,
                partition: None,
                compression_ratios: Default::default(),
                transactions: transactions.map(|(_, _, shape)| shape).unwrap_or_default(),
            };
            (at_us, workload, config)
        },
    )
}

/// transactional.id, transaction.timeout.ms, and how many records; two producers may have one id.
fn transactions() -> impl Strategy<Value = Option<(&'static str, &'static str, Transactions)>> {
    let shape = (prop::sample::select(vec![1, 5, 20]), prop::sample::select(vec![0, 0, 3]))
        .prop_map(|(records, abort_every)| Transactions { records, abort_every });
    let ids = prop::sample::select(vec!["checkout", "checkout", "payments"]);
    let timeouts = prop::sample::select(vec!["60000", "8000"]);
    prop::option::weighted(0.4, (ids, timeouts, shape))
}

/// Of the whole group: members that have no assignor in common cannot be one.
fn assignors() -> impl Strategy<Value = Option<&'static str>> {
    let others = vec!["RoundRobinAssignor", "StickyAssignor", "CooperativeStickyAssignor"];
    prop::option::weighted(0.5, prop::sample::select(others))
}

/// Stands for the client's name.
const ITS_OWN: &str = "its-own";

fn consumers() -> impl Strategy<Value = (Micros, Micros, CommitStrategy, Properties)> {
    let strategies = vec![
        CommitStrategy::Auto,
        CommitStrategy::BeforeSync,
        CommitStrategy::BeforeAsync,
        CommitStrategy::AfterSync,
        CommitStrategy::AfterAsync,
    ];
    let reset = prop::sample::select(vec!["earliest", "latest"]);
    (
        0..5 * SECOND,
        prop::sample::select(vec![0, 1_000, 50_000]),
        prop::sample::select(strategies),
        reset,
        prop::bool::weighted(0.3),
        (prop::bool::weighted(0.25), prop::sample::select(vec![None, None, None, Some("4000")])),
        prop::bool::weighted(0.5),
    )
        .prop_map(
            |(at_us, processing_us, commit, reset, is_short, others, reads_committed)| {
                let (is_static, poll_interval_ms) = others;
                let mut config = Properties::default();
                config.set("auto.offset.reset", reset);
                if reads_committed {
                    config.set("isolation.level", "read_committed");
                }
                if is_static {
                    config.set("group.instance.id", ITS_OWN);
                }
                if let Some(interval_ms) = poll_interval_ms {
                    config.set("max.poll.interval.ms", interval_ms);
                }
                if is_short {
                    config.set("session.timeout.ms", "6000");
                    config.set("heartbeat.interval.ms", "2000");
                }
                (at_us, processing_us, commit, config)
            },
        )
}

/// What an application does with what it cannot process, and what that is.
fn handlers() -> impl Strategy<Value = Arc<HandlerSpec>> {
    let programs = vec![
        "stop",
        "skip",
        "dead-letter",
        "dead-letter",
        "retry-topics",
        "retry-topics",
        "retry-in-order",
        "retry-in-order",
        "detached",
    ];
    let faults = (
        prop::sample::select(vec![3_u32, 10, 40]),
        prop::option::of(1_u32..4),
        prop::option::weighted(0.3, (10..40 * SECOND, SECOND..8 * SECOND)),
    );
    let spreads = prop::sample::select(Spread::ALL.to_vec());
    (prop::sample::select(programs), faults, spreads, 1_u32..3, prop::bool::weighted(0.3)).prop_map(
        |(program, (every, times, outage), spread, attempts, is_idempotent)| {
            let on_error = OnError::ALL.into_iter().find(|on_error| on_error.name() == program);
            let on_error = on_error.unwrap_or(OnError::Skip);
            let retry = |n: u64| RetryTopic {
                name: format!("orders-retry-{n}").into(),
                delay_us: n * 3 * SECOND,
            };
            Arc::new(HandlerSpec {
                spread,
                faults: Faults {
                    every: Some(every),
                    times,
                    outage_us: outage.map(|(from, length)| (from, from + length)),
                    ..Faults::default()
                },
                on_error,
                attempts,
                is_detached: program == "detached",
                is_idempotent,
                dead_letter_topic: match on_error {
                    OnError::DeadLetter | OnError::RetryTopics => Some("orders-dead".into()),
                    _ => None,
                },
                retry_topics: match on_error {
                    OnError::RetryTopics => vec![retry(1), retry(2)],
                    OnError::RetryInOrder => vec![retry(1)],
                    _ => Vec::new(),
                },
                redirect_topic: (on_error == OnError::RetryInOrder)
                    .then(|| "orders-redirect".into()),
                ..HandlerSpec::default()
            })
        },
    )
}

impl Story {
    fn broker(&self, n: usize) -> BrokerSetup {
        BrokerSetup { rack: self.is_rack_aware.then(|| RACKS[n % RACKS.len()].into()) }
    }

    /// Every third group (KIP-848).
    fn uses_consumer_protocol(&self) -> bool {
        self.seed.is_multiple_of(3)
    }

    /// What the handler writes to, with as many partitions as the topic.
    fn handler_topics(&self) -> impl Iterator<Item = Command> {
        let outputs = self.handler.iter().flat_map(|handler| handler.outputs());
        outputs.map(|name| {
            let mut topic = self.topic.clone();
            if let Command::CreateTopic { name: named, .. } = &mut topic {
                *named = name.clone();
            }
            topic
        })
    }

    /// The story as a scenario.
    pub fn scenario(&self) -> Scenario {
        let mut commands = vec![(0, self.topic.clone())];
        commands.extend(self.handler_topics().map(|topic| (0, topic)));
        for (n, (at_us, workload, config)) in self.producers.iter().enumerate() {
            let (workload, config) = (workload.clone(), config.clone());
            let (name, topic) = (format!("producer-{n}").into(), "orders".into());
            commands.push((
                *at_us,
                Command::AddProducer(ProducerSpec {
                    name,
                    topic,
                    workload,
                    client: Default::default(),
                    config,
                }),
            ));
        }
        for (n, (at_us, processing_us, commit, config)) in self.consumers.iter().enumerate() {
            let mut config = config.clone();
            let name = Arc::from(format!("consumer-{n}"));
            if config.is_explicit("group.instance.id") {
                config.set("group.instance.id", &*name);
            }
            if self.is_rack_aware {
                config.set("client.rack", RACKS[n % RACKS.len()]);
            }
            if self.uses_consumer_protocol() {
                config.set("group.protocol", "consumer");
                // Those are the coordinator's business then.
                config.remove("session.timeout.ms");
                config.remove("heartbeat.interval.ms");
            } else if let Some(assignor) = self.assignor {
                let class = format!("org.apache.kafka.clients.consumer.{assignor}");
                config.set("partition.assignment.strategy", class.as_str());
            }
            let spec = ConsumerSpec {
                name,
                group: "billing".into(),
                topics: vec!["orders".into()],
                processing_us: *processing_us,
                commit: *commit,
                handler: self.handler.clone(),
                client: Default::default(),
                config,
            };
            commands.push((*at_us, Command::AddConsumer(spec)));
        }
        let controller = if self.controllers == 1 { "controller" } else { "controller 1" };
        let names: Vec<Arc<str>> = std::iter::once(controller.into())
            .chain((1..=self.brokers).map(|id| format!("broker {id}").into()))
            .chain((0..self.producers.len()).map(|n| format!("producer-{n}").into()))
            .chain((0..self.consumers.len()).map(|n| format!("consumer-{n}").into()))
            .collect();
        for fault in &self.faults {
            commands.extend(fault.commands(&names, self.brokers, self.controllers));
        }
        commands.sort_by_key(|&(at_us, _)| at_us);
        Scenario {
            title: String::new(),
            setup: ClusterSetup {
                seed: self.seed,
                network: NetworkConfig {
                    latency_us: self.latency_us,
                    jitter_us: self.jitter_us,
                    ..NetworkConfig::default()
                },
                controllers: self.controllers,
                brokers: (0..usize::from(self.brokers)).map(|n| self.broker(n)).collect(),
                broker_config: self.broker_config.clone(),
                features: Default::default(),
            },
            opening: Vec::new(),
            commands,
            warm_up_us: 0,
            speed_us_per_s: SECOND,
        }
    }
}
