//! Read, process, write: whatever crashes, stands still or is cut off, each payment has one total in
//! the end for those who read committed.

use std::collections::BTreeMap;
use std::fmt::Write;

use highwater::cluster::Cluster;
use highwater::engine::Rng;
use highwater::history::{Scenario, play_checked};
use highwater::protocol::TopicPartition;
use highwater::record::Bytes;

/// All that goes wrong does so before this time, in s ...
const FAULTS_UNTIL_S: u32 = 50;
/// ... and by then everybody has come to rest.
const UNTIL_US: u64 = 260_000_000;

const SCENE: &str = r#"
[cluster]
brokers = 3
config = { offsets.topic.num.partitions = 3, transaction.state.log.num.partitions = 3 }

[[topic]]
name = "payments"
partitions = 3
replication-factor = 3
config = { min.insync.replicas = 2 }

[[topic]]
name = "totals"
partitions = 2
replication-factor = 3
config = { min.insync.replicas = 2 }

[[producer]]
name = "checkout"
topic = "payments"
rate = "5/s"
pace = "poisson"
keys = 9
limit = 200
"#;

/// A scene with this seed's applications and faults.
fn scene(seed: u64) -> String {
    let mut rng = Rng::stream(seed, 7);
    let mut text = format!("seed = {seed}\n{SCENE}");
    for n in 1..=2 {
        let _ = write!(
            text,
            "\n[[consumer]]\nname = \"app-{n}\"\ngroup = \"apps\"\ntopics = [\"payments\"]\n\
             processing = \"{}ms\"\ncommit = \"never\"\n\
             config = {{ auto.offset.reset = \"earliest\", session.timeout.ms = 8000, max.poll.records = 20, \
             isolation.level = \"read_committed\" }}\n\
             handler = {{ output-topic = \"totals\", producer = {{ transactional.id = \"app-{n}\", \
             transaction.timeout.ms = 15000 }} }}\n",
            [0, 20, 120][rng.below(3) as usize],
        );
    }
    for _ in 0..2 + rng.below(5) {
        let at_ms = 5_000 + rng.below(FAULTS_UNTIL_S * 1000 - 25_000);
        let until_ms = at_ms + 200 + rng.below(20_000);
        let (broker, app) = (1 + rng.below(3), 1 + rng.below(2));
        let (breaks, mends) = match rng.below(5) {
            0 => (format!("kill-broker = {broker}"), format!("start-broker = {broker}")),
            1 => (format!("stop-broker = {broker}"), format!("start-broker = {broker}")),
            2 => (format!("crash = \"app-{app}\""), format!("start = \"app-{app}\"")),
            3 => {
                let link = format!("{{ from = \"app-{app}\", to = \"broker {broker}\" }}");
                (format!("cut = {link}"), format!("heal = {link}"))
            }
            _ => {
                let time = until_ms - at_ms;
                (format!("pause = {{ node = \"app-{app}\", for = \"{time}ms\" }}"), String::new())
            }
        };
        for (time, command) in [(at_ms, breaks), (until_ms, mends)] {
            if !command.is_empty() {
                let _ = write!(text, "\n[[at]]\ntime = \"{time}ms\"\n{command}\n");
            }
        }
    }
    // An application that was fenced or failed has ended: somebody starts it again.
    for n in 1..=2 {
        let _ = write!(text, "\n[[at]]\ntime = \"90s\"\nstart = \"app-{n}\"\n");
    }
    text
}

/// The values of a topic that read_committed sees, with how often it does.
fn committed(cluster: &Cluster, topic: &str) -> BTreeMap<Bytes, u32> {
    let mut seen = BTreeMap::new();
    let image = cluster.metadata();
    let id = image.topic_id(topic).expect("it was created");
    for partition in 0..image.topic(id).expect("it is there").partitions.len() {
        let tp = TopicPartition::new(id, partition as u16);
        let leader = image.partition(tp).and_then(|p| p.leader).expect("all is mended");
        let replica = cluster.broker(leader).and_then(|b| b.replica(tp)).expect("it leads");
        assert_eq!(replica.last_stable_offset(), replica.leo(), "{topic}-{partition}: at rest");
        let mut open: BTreeMap<i64, Vec<Bytes>> = BTreeMap::new();
        for logged in replica.log().batches() {
            let batch = &logged.batch;
            let values = batch.records.iter().filter_map(|record| record.value.clone());
            let done = match batch.end_of_transaction() {
                Some(true) => open.remove(&batch.producer_id).unwrap_or_default(),
                Some(false) => {
                    open.remove(&batch.producer_id);
                    Vec::new()
                }
                None if batch.attributes.is_transactional => {
                    open.entry(batch.producer_id).or_default().extend(values);
                    Vec::new()
                }
                None => values.collect(),
            };
            for value in done {
                *seen.entry(value).or_default() += 1;
            }
        }
    }
    seen
}

#[test]
fn each_payment_has_one_total() {
    let runs = super::number("HIGHWATER_RUNS", super::RUNS) / 40;
    let mut aborted = 0;
    for seed in 1..=u64::from(runs.max(5)) {
        let text = scene(seed);
        let scenario = Scenario::parse(&text).unwrap_or_else(|e| panic!("{e:?} in\n{text}"));
        let mut ledger = highwater::trace::Ledger::new();
        let played = play_checked(&scenario, UNTIL_US, |_, events| {
            events.iter().for_each(|event| ledger.observe(event));
        })
        .unwrap_or_else(|violation| panic!("{violation}\n{text}"));
        let (payments, totals) =
            (committed(&played.cluster, "payments"), committed(&played.cluster, "totals"));
        let name = |value: &Bytes| String::from_utf8_lossy(value).trim_end_matches('.').to_owned();
        for value in payments.keys().chain(totals.keys()) {
            let (paid, counted) = (payments.get(value), totals.get(value));
            assert_eq!(paid, counted, "{}: payments, totals\n{text}", name(value));
        }
        aborted += ledger.verdict().aborted.total();
    }
    assert!(aborted > 0, "something was in the way");
}
