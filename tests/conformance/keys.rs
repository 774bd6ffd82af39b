//! `murmur2.json` and `java_hash_order.json`: what becomes of keys.

use highwater::broker::group::partition_for;
use highwater::engine::{JavaHashTable, java_hash, topic_partition_hash, uuid_hash};
use highwater::producer::{murmur2, partition_for_key, to_positive};
use serde_json::{Value as Json, json};

use crate::json::{bytes, differs, list, number, text};
use crate::tally::Tally;

pub fn run_murmur2(vectors: &Json) -> Tally {
    let mut tally = Tally::default();
    for case in list(&vectors["cases"]) {
        let key = bytes(&case["hex"]).unwrap_or_default();
        let hash = murmur2(&key);
        let mut wrong = differs("hash", json!(hash), &case["murmur2"]);
        wrong.extend(differs("positive", json!(to_positive(hash)), &case["positive"]));
        wrong.extend(differs("length", json!(key.len()), &case["len"]));
        for (partitions, expected) in case["partition"].as_object().into_iter().flatten() {
            let partition = partition_for_key(&key, partitions.parse().unwrap_or(1));
            wrong.extend(differs(partitions, json!(partition), expected));
        }
        tally.count(text(&case["hex"]), &wrong);
    }
    for group in list(&vectors["groups"]) {
        let name = text(&group["group"]);
        let mut wrong = differs("hash", json!(java_hash(name)), &group["hashCode"]);
        wrong.extend(differs("partition", json!(partition_for(name, 50)), &group["partition50"]));
        tally.count(&format!("group {name}"), &wrong);
    }
    tally
}

pub fn run_hash_order(vectors: &Json) -> Tally {
    let mut tally = Tally::default();
    for case in list(&vectors["cases"]) {
        let wrong = match text(&case["type"]) {
            "String" => strings(case),
            "TopicPartition" => topic_partitions(case),
            "Uuid" => uuids(case),
            kind => vec![format!("unknown type {kind}")],
        };
        tally.count(&format!("case {}", case["id"]), &wrong);
    }
    tally
}

fn table(case: &Json) -> JavaHashTable {
    let capacity = case["initial_capacity"].as_u64();
    capacity.map_or_else(JavaHashTable::default, |n| JavaHashTable::with_capacity(n as usize))
}

fn in_order(table: &JavaHashTable, keys: &[Json]) -> Json {
    table.order().into_iter().map(|place| keys[place].clone()).collect()
}

fn strings(case: &Json) -> Vec<String> {
    let keys = list(&case["keys"]);
    let hashes: Vec<i32> = keys.iter().map(|key| java_hash(text(key))).collect();
    let mut wrong = differs("hashes", json!(hashes), &case["hash"]);
    wrong.extend(differs("order", in_order(&table(case).with(hashes), keys), &case["order"]));
    wrong
}

fn topic_partitions(case: &Json) -> Vec<String> {
    let topic = text(&case["topic"]);
    let hash = |partition: i64| topic_partition_hash(topic, partition as i32);
    let mut wrong = differs("hash", json!(hash(0)), &case["hash_of_partition_0"]);
    wrong.extend(differs("hash", json!(hash(1)), &case["hash_of_partition_1"]));
    let table = table(case).with((0..number(&case["partitions"])).map(hash));
    wrong.extend(differs("order", json!(table.order()), &case["order"]));
    wrong
}

fn uuids(case: &Json) -> Vec<String> {
    let keys = list(&case["keys"]);
    let halves: Vec<(i64, i64)> =
        list(&case["msb_lsb"]).iter().map(|both| (number(&both[0]), number(&both[1]))).collect();
    let hashes: Vec<i32> = halves.iter().map(|&(msb, lsb)| uuid_hash(msb, lsb)).collect();
    let mut wrong = differs("hashes", json!(hashes), &case["hash"]);
    if !case["order"].is_null() {
        let table = table(case).with(hashes.iter().copied());
        wrong.extend(differs("order", in_order(&table, keys), &case["order"]));
    }
    let set = JavaHashTable::for_list(keys.len()).with(hashes);
    wrong.extend(differs("set", in_order(&set, keys), &case["order_hashset_from_list"]));
    // `Uuid.compareTo`: signed halves, the upper one first.
    let mut sorted: Vec<usize> = (0..keys.len()).collect();
    sorted.sort_by_key(|&place| halves[place]);
    let sorted: Json = sorted.into_iter().map(|place| keys[place].clone()).collect();
    wrong.extend(differs("sorted", sorted, &case["sorted_by_compareTo"]));
    wrong
}
