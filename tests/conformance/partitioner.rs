//! `partitioner.json`: the sticky partitioner, round robin, and the order in which a client lists
//! partitions.
//!
//! The vectors number the partitions in the order in which the cluster lists them; ours lists them
//! as a client does. So partitions are compared by their place in that list.

use std::sync::Arc;

use highwater::engine::NodeId;
use highwater::producer::{BuiltInPartitioner, Cluster, RoundRobinPartitioner};
use highwater::protocol::{ClusterMetadata, PartitionMetadata, TopicId, TopicMetadata};
use serde_json::{Value as Json, json};

use crate::json::{differs, list};
use crate::tally::Tally;

fn number(json: &Json) -> u64 {
    json.as_u64().unwrap_or_default()
}

pub fn run(vectors: &Json) -> Tally {
    let mut tally = Tally::default();
    for case in list(&vectors["cases"]) {
        let kind = case["kind"].as_str().unwrap_or_default();
        let wrong = match kind {
            "sticky" => sticky(case),
            "load_stats" => load_stats(case),
            "round_robin" => round_robin(case),
            "cluster_view_order" => cluster_view_order(case),
            // A producer of the model writes to one topic.
            "round_robin_two_topics" => {
                tally.cannot_express(&case["id"].to_string(), "second topic of a partitioner");
                continue;
            }
            _ => vec!["unknown kind".to_owned()],
        };
        tally.count(&format!("case {} {kind}", case["id"]), &wrong);
    }
    tally
}

/// A topic whose partition `p` is led by node `p % 3`, except those without a leader.
fn cluster(topic: &str, partitions: u64, unavailable: &Json) -> Cluster {
    let partitions = (0..partitions).map(|p| PartitionMetadata {
        leader: (!list(unavailable).contains(&json!(p))).then_some(NodeId((p % 3) as u16)),
        leader_epoch: 0,
        replicas: Vec::new(),
        isr: Vec::new(),
    });
    let name: Arc<str> = Arc::from(topic);
    let told =
        TopicMetadata { id: TopicId(0), name: name.clone(), partitions: partitions.collect() };
    let metadata = ClusterMetadata {
        brokers: vec![NodeId(1)],
        topics: [(name, told)].into(),
        ..ClusterMetadata::default()
    };
    let mut cluster = Cluster::default();
    cluster.update(&metadata, topic);
    cluster
}

/// The partition of the vectors that is where `partition` is in our list.
fn by_place(cluster: &Cluster, partition: u16) -> u16 {
    let candidates = cluster.candidates();
    let place = candidates.iter().position(|&candidate| candidate == partition);
    let mut sorted = candidates.to_vec();
    sorted.sort();
    sorted[place.expect("a partition to choose from")]
}

fn sticky(case: &Json) -> Vec<String> {
    let cluster = cluster("topic", number(&case["partitions"]), &case["unavailable"]);
    let randoms = list(&case["random"]);
    let mut drawn = 0;
    let mut random = || {
        drawn += 1;
        number(&randoms[(drawn - 1) % randoms.len()]) as i32
    };
    let mut partitioner = BuiltInPartitioner::new(number(&case["batch_size"]) as u32);
    let mut wrong = Vec::new();
    for (index, step) in list(&case["steps"]).iter().enumerate() {
        let before = by_place(&cluster, partitioner.peek(&cluster, &mut random));
        let bytes = number(&step["append_bytes"]) as u32;
        let enable_switch = step["enable_switch"] == true;
        let switched = partitioner.update(bytes, &cluster, enable_switch, &mut random);
        let next = by_place(&cluster, partitioner.peek(&cluster, &mut random));
        let ours = json!([before, switched, next]);
        let theirs = json!([step["partition"], step["switched"], step["next_partition"]]);
        wrong.extend(differs(&format!("step {index}"), ours, &theirs));
    }
    let last = list(&case["steps"]).last().map_or(&Json::Null, |step| &step["randoms_drawn"]);
    wrong.extend(differs("randoms drawn", json!(drawn), last));
    wrong
}

fn load_stats(case: &Json) -> Vec<String> {
    let numbers = |json: &Json| list(json).iter().map(number).collect::<Vec<_>>();
    let sizes: Vec<u32> = numbers(&case["queue_sizes"]).iter().map(|&n| n as u32).collect();
    let ids: Vec<u16> = numbers(&case["partition_ids"]).iter().map(|&n| n as u16).collect();
    let is_adaptive = case["adaptive"] == true;
    let cluster = cluster("topic", number(&case["cluster_partitions"]), &Json::Null);
    let chosen = list(&case["random"]).iter().map(|random| {
        let mut partitioner = BuiltInPartitioner::new(1);
        partitioner.update_load(&sizes, &ids, number(&case["length"]) as usize);
        let partition = partitioner.peek(&cluster, || number(random) as i32);
        if is_adaptive { partition } else { by_place(&cluster, partition) }
    });
    let chosen: Vec<u16> = chosen.collect();
    if case["chosen"].is_null() {
        Vec::new()
    } else {
        differs("chosen", json!(chosen), &case["chosen"])
    }
}

fn round_robin(case: &Json) -> Vec<String> {
    let mut partitioner = RoundRobinPartitioner::default();
    let mut wrong = Vec::new();
    for phase in list(&case["phases"]) {
        let cluster = cluster("topic", number(&phase["partitions"]), &phase["unavailable"]);
        let expected = &phase["sequence"];
        let dealt = list(expected).iter().map(|_| partitioner.partition(&cluster));
        let dealt: Vec<u16> = dealt.map(|partition| by_place(&cluster, partition)).collect();
        wrong.extend(differs("sequence", json!(dealt), expected));
    }
    wrong
}

fn cluster_view_order(case: &Json) -> Vec<String> {
    let topic = case["topic"].as_str().unwrap_or_default();
    let cluster = cluster(topic, number(&case["partitions"]), &Json::Null);
    let mut wrong = differs("all", json!(cluster.partitions()), &case["partitionsForTopic"]);
    let available = &case["availablePartitionsForTopic"];
    wrong.extend(differs("available", json!(cluster.candidates()), available));
    for (node, expected) in case["partitionsForNode"].as_object().into_iter().flatten() {
        let led = cluster.partitions_for_node(NodeId(node.parse().unwrap_or_default()));
        wrong.extend(differs(node, json!(led), expected));
    }
    wrong
}
