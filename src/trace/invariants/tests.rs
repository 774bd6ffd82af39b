//! A healthy cluster keeps its promises, and a trace that tells of a broken one is found out.

use std::sync::Arc;

use super::*;
use crate::cluster::{ClusterSetup, Command};
use crate::config::{Acks, Properties};
use crate::engine::NodeId;
use crate::events::EventId;
use crate::producer::{Keys, Pace, ProducerSpec, Workload};
use crate::protocol::TopicId;
use crate::record::RecordId;
use crate::trace::Ledger;
use crate::trace::script::{PRODUCER, Script};

/// A cluster that has run for a while, checked at every step.
fn cluster(config: Properties) -> (Cluster, Invariants, Ledger) {
    let setup = ClusterSetup { seed: 5, ..ClusterSetup::default() };
    let mut cluster = Cluster::new(&setup).expect("the defaults are valid");
    let apply = |cluster: &mut Cluster, command| cluster.apply(command).expect("possible");
    let topic = Command::CreateTopic {
        name: "orders".into(),
        partitions: 2,
        replication_factor: 3,
        config,
    };
    apply(&mut cluster, topic);
    let workload = Workload {
        pace: Pace::Poisson(20_000),
        keys: Keys::Uniform { prefix: "k".into(), count: 5 },
        value_bytes: 50,
        limit: None,
        partition: None,
        compression_ratios: Default::default(),
        transactions: Default::default(),
    };
    let producer = ProducerSpec {
        name: "checkout".into(),
        topic: "orders".into(),
        workload,
        client: Default::default(),
        config: Properties::default(),
    };
    apply(&mut cluster, Command::AddProducer(producer));
    let (mut invariants, mut ledger) = (Invariants::new(), Ledger::new());
    let mut events = Vec::new();
    cluster.take_trace(&mut events);
    events.iter().for_each(|event| ledger.observe(event));
    for (limit_us, command) in [
        (10_000_000, Some(Command::KillBroker(NodeId(2)))),
        (30_000_000, Some(Command::StartBroker(NodeId(2)))),
        (60_000_000, None),
    ] {
        while cluster.step(limit_us) {
            cluster.take_trace(&mut events);
            events.iter().for_each(|event| ledger.observe(event));
            invariants.check(&cluster, &events).expect("promises are kept");
        }
        if let Some(command) = command {
            apply(&mut cluster, command);
        }
    }
    invariants.check_all(&cluster).expect("promises are kept");
    (cluster, invariants, ledger)
}

fn orders(cluster: &Cluster) -> TopicPartition {
    let topic = cluster.metadata().topic_id("orders").unwrap_or(TopicId(0));
    TopicPartition::new(topic, 0)
}

#[test]
fn promises() {
    let (cluster, invariants, ledger) = cluster(Properties::new().with("min.insync.replicas", "2"));
    let verdict = ledger.verdict();
    assert!(verdict.acknowledged > 1_000, "{verdict:?}");
    assert_eq!(verdict.lost_total() + verdict.duplicated.total() + verdict.reordered.total(), 0);
    let tp = orders(&cluster);
    assert!(ledger.record_at(tp, 0).is_some());

    let broken = |node: u16, event: Event| {
        let event = TraceEvent {
            id: EventId(1 << 40),
            at_us: cluster.now(),
            node: NodeId(node),
            cause: None,
            event,
        };
        invariants.clone().check(&cluster, &[event]).err().map(|violation| violation.rule)
    };
    let mut script = Script::new();
    let stranger = script.produce(&["stranger"]);
    let records =
        vec![crate::record::Record { id: RecordId(1 << 40), ..stranger.records[0].clone() }];
    let stranger = Arc::new(crate::record::Batch { records, ..(*stranger).clone() });
    let (batch, acks) = (stranger.clone(), Acks::All);
    assert_eq!(
        broken(PRODUCER.0, Event::BatchAcknowledged { tp, batch, base_offset: 0, acks }),
        Some("I8")
    );
    let batch = stranger.clone();
    let delivered = Event::RecordsDelivered { tp, base_offset: 1 << 40, batch, first: 0, count: 1 };
    assert_eq!(broken(110, delivered), Some("I3"));
    let leader = cluster.metadata().partition(tp).expect("created");
    let (start_offset, leader_epoch) = (0, leader.leader_epoch);
    let usurper = 1 + leader.leader.map_or(0, |leader| leader.0) % 3;
    let usurped = Event::BecameLeader { tp, leader_epoch, start_offset };
    assert_eq!(broken(usurper, usurped), Some("I5"));
    let twice: Arc<[_]> = [("a".into(), vec![tp]), ("b".into(), vec![tp])].into();
    let group = "g".into();
    let stable = Event::GroupStable { group, generation: 1, assignment: twice };
    assert_eq!(broken(1, stable), Some("I12"));
    let mut batch = (*stranger).clone();
    batch.records.push(batch.records[0].clone());
    batch.size_bytes = 1 << 20;
    let (batch, to) = (Arc::new(batch), NodeId(1));
    let sent = Event::BatchSent { tp, batch, to, attempt: 0 };
    let checkout = cluster.client("checkout").expect("added");
    assert_eq!(broken(checkout.0, sent), Some("I15"));
}

#[test]
fn the_last_of_a_key_is_not_cleaned_away() {
    let (cluster, invariants, _) = cluster(Properties::new().with("cleanup.policy", "compact"));
    let tp = orders(&cluster);
    let leader = cluster.metadata().partition(tp).and_then(|p| p.leader).expect("a leader");
    let log = cluster.broker(leader).and_then(|broker| broker.replica(tp)).expect("its replica");
    let records: Vec<_> = log.log().batches().iter().flat_map(|l| &l.batch.records).collect();
    let last = records.last().expect("some were written");
    let earlier = records.iter().find(|record| record.key == last.key).expect("at least that one");
    assert_ne!(earlier.id, last.id);
    let cleaned = |record: RecordId| {
        let (removed, bytes_before, bytes_after) = ([record].into(), 2, 1);
        let event = TraceEvent {
            id: EventId(1 << 40),
            at_us: cluster.now(),
            node: leader,
            cause: None,
            event: Event::LogCleaned { tp, from: 0, to: 1, bytes_before, bytes_after, removed },
        };
        invariants.clone().check(&cluster, &[event]).map_err(|violation| violation.rule)
    };
    assert_eq!(cleaned(earlier.id), Ok(()));
    assert_eq!(cleaned(last.id), Err("I11"));
}
