//! `placement.json`: replicas of new topics, draw by draw, and the generator that draws.

use highwater::controller::{Draw, UsableBroker, place_replicas};
use highwater::engine::{JavaHashTable, JavaRandom, NodeId, java_hash};
use serde_json::{Value as Json, json};

use crate::json::{differs, list, number};
use crate::tally::Tally;

pub fn run(vectors: &Json) -> Tally {
    let mut tally = Tally::default();
    for vector in list(&vectors["java_util_random"]) {
        tally.count(&format!("java.util.Random({})", vector["seed"]), &random(vector));
    }
    for vector in list(&vectors["cases"]) {
        tally.count(&format!("case {}", vector["id"]), &case(vector));
    }
    tally
}

fn random(vector: &Json) -> Vec<String> {
    let mut random = JavaRandom::new(number(&vector["seed"]));
    let bounds = list(&vector["nextInt_bounds"]).iter().map(|bound| number(bound) as i32);
    let bounded: Vec<i32> = bounds.map(|bound| random.next_int(bound)).collect();
    let mut wrong = differs("nextInt(bound)", json!(bounded), &vector["nextInt"]);
    let count = list(&vector["then_nextInt_unbounded"]).len();
    let unbounded: Vec<i32> = (0..count).map(|_| random.next_i32()).collect();
    wrong.extend(differs("nextInt()", json!(unbounded), &vector["then_nextInt_unbounded"]));
    let mut items = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9];
    random.shuffle(&mut items);
    wrong.extend(differs("shuffle", json!(items), &vector["then_shuffle_0_to_9"]));
    wrong
}

/// Writes down what is drawn.
struct Recorded {
    random: JavaRandom,
    draws: Vec<[i32; 2]>,
}

impl Draw for Recorded {
    fn next_int(&mut self, bound: i32) -> i32 {
        let value = self.random.next_int(bound);
        self.draws.push([bound, value]);
        value
    }
}

fn case(case: &Json) -> Vec<String> {
    let mut random = Recorded { random: JavaRandom::new(number(&case["seed"])), draws: Vec::new() };
    let mut wrong = rack_order(case);
    for topic in list(&case["topics"]) {
        random.draws.clear();
        let brokers = list(&case["brokers"]).iter().map(|broker| UsableBroker {
            id: NodeId(number(&broker["id"]) as u16),
            rack: broker["rack"].as_str(),
            fenced: broker["fenced"] == true,
        });
        let (partitions, factor) = (&topic["partitions"], &topic["replication_factor"]);
        let placed = place_replicas(
            &mut random,
            brokers,
            number(partitions) as usize,
            number(factor) as i16,
        );
        match placed {
            Ok(placed) => {
                let ids: Vec<Vec<u16>> = placed
                    .iter()
                    .map(|replicas| replicas.iter().map(|id| id.0).collect())
                    .collect();
                wrong.extend(differs("replicas", json!(ids), &topic["replicas"]));
            }
            Err(message) => {
                let error = format!("InvalidReplicationFactorException: {message}");
                wrong.extend(differs("error", json!(error), &topic["error"]));
            }
        }
        wrong.extend(differs("draws", json!(random.draws), &topic["draws"]));
    }
    wrong
}

/// The racks as a `HashMap` lists them, in the order in which brokers name them.
fn rack_order(case: &Json) -> Vec<String> {
    let mut racks: Vec<&Json> = Vec::new();
    for broker in list(&case["brokers"]) {
        if !racks.contains(&&broker["rack"]) {
            racks.push(&broker["rack"]);
        }
    }
    let hashes = racks.iter().map(|rack| rack.as_str().map_or(0, java_hash));
    let table = JavaHashTable::default().with(hashes);
    let order = table.order().into_iter().map(|place| racks[place].clone());
    differs("racks", order.collect(), &case["rack_hashmap_order"])
}
