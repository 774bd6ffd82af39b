//! `accumulator.json`: scripts of what Kafka's `RecordAccumulator` is asked, and what it holds
//! after each step.

use std::collections::BTreeMap;
use std::sync::Arc;

use highwater::config::{ProducerConfig, Properties};
use highwater::engine::NodeId;
use highwater::producer::{
    Cluster, Drained, ExponentialBackoff, ProducerBatch, Readiness, RecordAccumulator, Source,
};
use highwater::protocol::{ClusterMetadata, PartitionMetadata, TopicId, TopicMetadata};
use highwater::record::{BatchId, Record, RecordId};
use serde_json::{Value as Json, json};

use crate::json::{list, number};
use crate::tally::Tally;

pub fn run(vectors: &Json) -> Tally {
    let mut tally = Tally::default();
    for vector in list(&vectors["exponential_backoff"]) {
        tally.count(&format!("backoff {vector}"), &check_backoff(vector));
    }
    for case in list(&vectors["cases"]) {
        let name = format!("case {} {}", case["id"], case["name"]);
        tally.count(&name, &Script::new(case).check(case));
    }
    tally
}

fn check_backoff(vector: &Json) -> Vec<String> {
    let (initial, max) = (number(&vector["initial"]), number(&vector["max"]));
    let multiplier = number(&vector["multiplier"]) as u32;
    let backoff = ExponentialBackoff::with_multiplier(initial, multiplier, max);
    let expected = list(&vector["backoff_by_attempt_from_0"]);
    let ours = (0..expected.len()).map(|n| json!(backoff.term_us(n as u32) / 1000));
    let ours: Vec<Json> = ours.collect();
    if ours == expected { Vec::new() } else { vec![format!("{ours:?}")] }
}

/// Random numbers from a list, over and over.
#[derive(Default)]
struct Dice {
    numbers: Vec<i32>,
    drawn: usize,
    batches: u64,
}

impl Source for Dice {
    fn next_random(&mut self) -> i32 {
        self.drawn += 1;
        self.numbers[(self.drawn - 1) % self.numbers.len()]
    }

    fn next_batch_id(&mut self) -> BatchId {
        self.batches += 1;
        BatchId(self.batches - 1)
    }
}

struct Script {
    topic: String,
    accumulator: RecordAccumulator,
    backoff: ExponentialBackoff,
    metadata: ClusterMetadata,
    cluster: Cluster,
    dice: Dice,
    in_flight: BTreeMap<u64, u16>,
    now_ms: u64,
}

impl Script {
    fn new(case: &Json) -> Self {
        let given = &case["config"];
        let mut properties = Properties::new()
            .with("request.timeout.ms", "0")
            .with("enable.idempotence", given["idempotent"].to_string())
            .with(
                "partitioner.adaptive.partitioning.enable",
                given["adaptive_partitioning"].to_string(),
            );
        for name in [
            "batch.size",
            "linger.ms",
            "buffer.memory",
            "delivery.timeout.ms",
            "retry.backoff.ms",
            "retry.backoff.max.ms",
            "partitioner.availability.timeout.ms",
        ] {
            properties = properties.with(name, given[name].to_string());
        }
        // A script may want a delivery timeout that a client would refuse.
        let mut config =
            ProducerConfig::from_properties(&properties.clone().with("linger.ms", "0"))
                .expect("a config Kafka accepts");
        config.linger_ms = number(&given["linger.ms"]);
        let mut accumulator = RecordAccumulator::new(&config);
        accumulator.set_producer(1, 0);
        let topic = case["topic"].as_str().unwrap_or_default().to_owned();
        let (count, nodes) = (number(&case["partitions"]), number(&case["nodes"]));
        let partitions = (0..count).map(|p| PartitionMetadata {
            leader: Some(NodeId((p % nodes) as u16)),
            leader_epoch: 0,
            replicas: Vec::new(),
            isr: Vec::new(),
        });
        let name: Arc<str> = Arc::from(topic.as_str());
        let told =
            TopicMetadata { id: TopicId(0), name: name.clone(), partitions: partitions.collect() };
        let metadata = ClusterMetadata {
            brokers: (0..nodes).map(|n| NodeId(n as u16)).collect(),
            topics: [(name, told)].into(),
            ..ClusterMetadata::default()
        };
        let mut cluster = Cluster::default();
        cluster.update(&metadata, &topic);
        Self {
            accumulator,
            backoff: ExponentialBackoff::new(config.retry_backoff_ms, config.retry_backoff_max_ms),
            metadata,
            cluster,
            dice: Dice {
                numbers: list(&case["random"]).iter().map(|n| number(n) as i32).collect(),
                ..Dice::default()
            },
            in_flight: BTreeMap::new(),
            now_ms: 0,
            topic,
        }
    }

    fn check(mut self, case: &Json) -> Vec<String> {
        for (node, expected) in
            case["initial_partitions_for_node"].as_object().into_iter().flatten()
        {
            let node = NodeId(node.parse().unwrap_or_default());
            if json!(self.cluster.partitions_for_node(node)) != *expected {
                return vec![format!("partitions of node {}: not {expected}", node.0)];
            }
        }
        for (index, step) in list(&case["steps"]).iter().enumerate() {
            let mut wrong = self.step(step);
            let queues = self.queues();
            if queues != step["queues_after"] {
                wrong.push(format!("queues {queues} not {}", step["queues_after"]));
            }
            let free = self.accumulator.available_bytes();
            if json!(free) != step["free_memory"] {
                wrong.push(format!("free memory {free} not {}", step["free_memory"]));
            }
            if !wrong.is_empty() {
                let op = step["op"].as_str().unwrap_or_default();
                return vec![format!("step {index} {op}: {}", wrong.join("; "))];
            }
        }
        Vec::new()
    }

    fn now_us(&self) -> u64 {
        self.now_ms * 1000
    }

    fn step(&mut self, step: &Json) -> Vec<String> {
        let partition = number(&step["partition"]) as u16;
        match step["op"].as_str().unwrap_or_default() {
            "append" => return self.append(step),
            "ready" => return self.ready(step),
            "drain" => return self.drain(step),
            "expired_batches" => return self.expire(step),
            "advance" => self.now_ms += number(&step["ms"]) as u64,
            "mute" => self.accumulator.set_muted(partition, true),
            "unmute" => self.accumulator.set_muted(partition, false),
            "begin_flush" => self.accumulator.begin_flush(),
            "close" => self.accumulator.close(),
            "complete" => {
                let (partition, batch) = self.take(&step["batch"]);
                self.accumulator.complete(partition, &batch);
            }
            "reenqueue" => {
                let (partition, batch) = self.take(&step["batch"]);
                let backoff_us = self.backoff.term_us(batch.attempts());
                self.accumulator.reenqueue(self.now_us(), partition, batch, backoff_us);
            }
            "split" => {
                let (partition, batch) = self.take(&step["batch"]);
                let into = self.accumulator.split_and_reenqueue(partition, batch, &mut self.dice);
                if json!(into) != step["into"] {
                    return vec![format!("into {into} not {}", step["into"])];
                }
            }
            "leader_change" => {
                let topic = self.metadata.topics.get_mut(self.topic.as_str());
                let told = &mut topic.expect("the topic").partitions[usize::from(partition)];
                told.leader = u16::try_from(number(&step["leader"])).ok().map(NodeId);
                told.leader_epoch = number(&step["leader_epoch"]) as i32;
                self.cluster.update(&self.metadata, &self.topic);
            }
            "update_node_latency" => {
                let node = NodeId(number(&step["node"]) as u16);
                let can_drain = step["can_drain"] == true;
                self.accumulator.update_node_latency(node, self.now_us(), can_drain);
            }
            op => return vec![format!("unknown op {op}")],
        }
        Vec::new()
    }

    fn take(&mut self, batch: &Json) -> (u16, ProducerBatch) {
        let id = number(batch) as u64;
        let partition = self.in_flight.remove(&id).expect("a drained batch");
        let batch = self.accumulator.take_in_flight(partition, BatchId(id));
        (partition, batch.expect("a batch in flight"))
    }

    fn append(&mut self, step: &Json) -> Vec<String> {
        let bytes = |size: &Json| usize::try_from(number(size)).ok().map(|n| vec![0; n].into());
        let record = Record {
            id: RecordId(0),
            timestamp_ms: number(&step["timestamp"]),
            key: bytes(&step["key_size"]),
            value: bytes(&step["value_size"]),
            headers: None,
        };
        if self.accumulator.is_closed() {
            return if step["error"].is_string() { Vec::new() } else { vec!["closed".to_owned()] };
        }
        let partition = u16::try_from(number(&step["partition"])).ok();
        let (now_us, cluster) = (self.now_us(), &self.cluster);
        let appended = self.accumulator.append(now_us, record, partition, cluster, &mut self.dice);
        let Ok(appended) = appended else {
            return if step["error"].is_string() { Vec::new() } else { vec!["no room".to_owned()] };
        };
        let mut ours = json!({
            "partition": appended.partition,
            "new_batch": appended.new_batch,
            "batch_is_full": appended.batch_is_full,
            "appended_bytes": appended.bytes,
        });
        if !step["result"]["randoms_drawn"].is_null() {
            ours["randoms_drawn"] = json!(self.dice.drawn);
        }
        if ours == step["result"] { Vec::new() } else { vec![format!("{ours}")] }
    }

    fn ready(&mut self, step: &Json) -> Vec<String> {
        let mut found = Readiness::default();
        self.accumulator.ready(self.now_us(), &self.cluster, &mut found);
        let mut nodes: Vec<u16> = found.nodes.iter().map(|node| node.0).collect();
        nodes.sort();
        let unknown: &[&str] = if found.has_unknown_leader { &[&self.topic] } else { &[] };
        let ours = json!([nodes, found.next_check_us.map(|us| us / 1000), unknown]);
        let theirs = json!([
            step["ready_nodes"],
            step["next_ready_check_delay_ms"],
            step["unknown_leader_topics"]
        ]);
        if ours == theirs { Vec::new() } else { vec![format!("{ours} not {theirs}")] }
    }

    fn drain(&mut self, step: &Json) -> Vec<String> {
        let mut ours = json!({});
        for node in list(&step["nodes"]) {
            let mut drained: Vec<Drained> = Vec::new();
            let max_bytes = number(&step["max_size"]) as u32;
            let (now_us, id) = (self.now_us(), NodeId(number(node) as u16));
            self.accumulator.drain(now_us, &self.cluster, id, max_bytes, &mut drained);
            let mut batches = Vec::new();
            for sent in &drained {
                self.in_flight.insert(sent.batch.id.0, sent.partition);
                let queue = &self.accumulator.partitions()[usize::from(sent.partition)];
                let batch = queue.in_flight.iter().find(|batch| batch.id() == sent.batch.id);
                batches.push(show(sent.partition, batch.expect("a drained batch is in flight")));
            }
            let bytes: u32 = drained.iter().map(|sent| sent.batch.size_bytes).sum();
            ours[node.to_string()] = json!({ "batches": batches, "bytes": bytes });
        }
        let theirs = &step["drained"];
        if ours == *theirs { Vec::new() } else { vec![format!("{ours} not {theirs}")] }
    }

    fn expire(&mut self, step: &Json) -> Vec<String> {
        let mut expired = Vec::new();
        let next_us = self.accumulator.expire_queued(self.now_us(), &mut expired);
        let ours: Vec<Json> = expired.iter().map(|(p, batch)| show(*p, batch)).collect();
        let next = json!(next_us.map(|us| us / 1000));
        let mut wrong = Vec::new();
        if json!(ours) != step["expired"] {
            wrong.push(format!("expired {ours:?} not {}", step["expired"]));
        }
        if next != step["next_expiry"] {
            wrong.push(format!("next expiry {next} not {}", step["next_expiry"]));
        }
        wrong
    }

    fn queues(&self) -> Json {
        let mut queues = json!({});
        for (partition, queue) in self.accumulator.partitions().iter().enumerate() {
            if !queue.queue.is_empty() {
                let batches = queue.queue.iter().map(|batch| show(partition as u16, batch));
                queues[partition.to_string()] = batches.collect();
            }
        }
        queues
    }
}

fn show(partition: u16, batch: &ProducerBatch) -> Json {
    let mut shown = json!({
        "batch": batch.id().0,
        "partition": partition,
        "records": batch.record_count(),
        "bytes": batch.size_bytes(),
        "created": batch.created_us() / 1000,
    });
    if batch.attempts() > 0 {
        shown["attempts"] = json!(batch.attempts());
    }
    if batch.is_full() {
        shown["full"] = json!(true);
    }
    if batch.pooled_bytes() == 0 {
        shown["split"] = json!(true);
    }
    if let Some(state) = batch.state() {
        shown["base_sequence"] = json!(state.base_sequence);
    }
    shown
}
