//! A random story: a cluster, its clients, and what is done to them, all from one seed.

use std::sync::Arc;

use highwater::cluster::{BrokerSetup, ClusterSetup, Command};
use highwater::config::Properties;
use highwater::consumer::{CommitStrategy, ConsumerSpec};
use highwater::engine::{Micros, NetworkConfig, NodeId, Rng};
use highwater::producer::{Keys, Pace, ProducerSpec, Workload};

/// A cluster and the commands it is given, in order of time.
pub struct Story {
    pub setup: ClusterSetup,
    pub commands: Vec<(Micros, Command)>,
    pub until_us: Micros,
}

const SECOND: Micros = 1_000_000;

impl Story {
    /// The story of `seed`.
    pub fn of(seed: u64) -> Self {
        let mut rng = Rng::stream(seed, 1 << 32);
        let brokers = 1 + rng.below(4) as u16;
        let mut broker_config = Properties::default();
        if rng.chance_permille(300) {
            broker_config.set("replica.lag.time.max.ms", "5000");
        }
        if brokers < 3 {
            broker_config.set("offsets.topic.replication.factor", "1");
        }
        broker_config.set("offsets.topic.num.partitions", "3");
        let setup = ClusterSetup {
            seed,
            network: NetworkConfig {
                latency_us: [500, 5_000, 30_000][rng.below(3) as usize],
                jitter_us: [0, 200, 5_000][rng.below(3) as usize],
                ..NetworkConfig::default()
            },
            brokers: vec![BrokerSetup::default(); usize::from(brokers)],
            broker_config,
        };
        let mut story = Self { setup, commands: Vec::new(), until_us: 60 * SECOND };
        story.add_topics(&mut rng, brokers);
        story.add_clients(&mut rng);
        story.add_faults(&mut rng, brokers);
        story.commands.sort_by_key(|&(at_us, _)| at_us);
        story
    }

    fn add_topics(&mut self, rng: &mut Rng, brokers: u16) {
        let replication_factor = 1 + rng.below(u32::from(brokers)) as i16;
        let mut config = Properties::default();
        config.set("min.insync.replicas", (1 + rng.below(2)).to_string());
        if rng.chance_permille(200) {
            config.set("unclean.leader.election.enable", "true");
        }
        let partitions = 1 + rng.below(3) as i32;
        let name = "orders".into();
        self.at(0, Command::CreateTopic { name, partitions, replication_factor, config });
    }

    fn add_clients(&mut self, rng: &mut Rng) {
        for n in 0..1 + rng.below(2) {
            let mut config = Properties::default();
            config.set("acks", ["0", "1", "all", "all"][rng.below(4) as usize]);
            config.set("linger.ms", ["0", "5", "200"][rng.below(3) as usize]);
            config.set("batch.size", ["200", "16384"][rng.below(2) as usize]);
            if rng.chance_permille(300) {
                config.set("request.timeout.ms", "3000");
                config.set("delivery.timeout.ms", "12000");
            }
            if rng.chance_permille(200) {
                config.set("enable.idempotence", "false");
            }
            let spec = ProducerSpec {
                name: format!("producer-{n}").into(),
                topic: "orders".into(),
                workload: Workload {
                    pace: Pace::Poisson([20_000, 100_000, 500_000][rng.below(3) as usize]),
                    keys: match rng.below(2) {
                        0 => Keys::None,
                        _ => Keys::Uniform { prefix: "key-".into(), count: 5 },
                    },
                    value_bytes: 20 + rng.below(200),
                    limit: None,
                    partition: None,
                    compression_ratios: Default::default(),
                },
                config,
            };
            self.at(rng.between(0, SECOND), Command::AddProducer(spec));
        }
        for n in 0..1 + rng.below(3) {
            let mut config = Properties::default();
            config.set("auto.offset.reset", ["earliest", "latest"][rng.below(2) as usize]);
            if rng.chance_permille(300) {
                config.set("session.timeout.ms", "6000");
                config.set("heartbeat.interval.ms", "2000");
            }
            let strategies = [
                CommitStrategy::Auto,
                CommitStrategy::BeforeSync,
                CommitStrategy::BeforeAsync,
                CommitStrategy::AfterSync,
                CommitStrategy::AfterAsync,
            ];
            let spec = ConsumerSpec {
                name: format!("consumer-{n}").into(),
                group: "billing".into(),
                topics: vec!["orders".into()],
                processing_us: [0, 1_000, 50_000][rng.below(3) as usize],
                commit: strategies[rng.below(5) as usize],
                config,
            };
            self.at(rng.between(0, 5 * SECOND), Command::AddConsumer(spec));
        }
    }

    /// Ten faults at random moments, each mended after a while, so that the story can go on.
    fn add_faults(&mut self, rng: &mut Rng, brokers: u16) {
        let node = |rng: &mut Rng| NodeId(1 + rng.below(u32::from(brokers)) as u16);
        for _ in 0..10 {
            let at_us = rng.between(5 * SECOND, 45 * SECOND);
            let until_us = at_us + rng.between(SECOND / 10, 15 * SECOND);
            let client: Arc<str> = match rng.below(2) {
                0 => "producer-0".into(),
                _ => "consumer-0".into(),
            };
            match rng.below(6) {
                0 | 1 => {
                    let broker = node(rng);
                    self.at(at_us, Command::KillBroker(broker));
                    self.at(until_us, Command::StartBroker(broker));
                }
                2 => {
                    let broker = node(rng);
                    self.at(at_us, Command::StopBroker(broker));
                    self.at(until_us, Command::StartBroker(broker));
                }
                3 => {
                    let from = name_of(node(rng).0);
                    let to = name_of(rng.below(u32::from(brokers) + 1) as u16);
                    let both = rng.chance_permille(500);
                    self.at(at_us, Command::CutLink { from: from.clone(), to: to.clone(), both });
                    self.at(until_us, Command::HealLink { from, to });
                }
                4 => {
                    self.at(at_us, Command::CrashClient(client.clone()));
                    self.at(until_us, Command::StartClient(client));
                }
                _ => {
                    let node = name_of(node(rng).0);
                    let extra_us = rng.between(0, 400_000);
                    self.at(at_us, Command::SlowNode { node: node.clone(), extra_us });
                    self.at(until_us, Command::SlowNode { node, extra_us: 0 });
                }
            }
        }
    }

    fn at(&mut self, at_us: Micros, command: Command) {
        self.commands.push((at_us, command));
    }
}

fn name_of(node: u16) -> Arc<str> {
    match node {
        0 => "controller".into(),
        broker => format!("broker {broker}").into(),
    }
}
