//! `assignors.json`: who gets which partitions, as a group's leader shares them out.

use std::collections::BTreeMap;
use std::sync::Arc;

use highwater::consumer::Assignor;
use highwater::engine::NodeId;
use highwater::protocol::{
    ClusterMetadata, GroupMember, PartitionMetadata, Subscription, TopicId, TopicMetadata,
    TopicPartition, UserData,
};
use serde_json::{Value as Json, json};

use crate::json::{differs, list, number, text};
use crate::tally::Tally;

pub fn run(vectors: &Json) -> Tally {
    let mut tally = Tally::default();
    for case in list(&vectors["cases"]) {
        let name = text(&case["assignor"]);
        let Some(assignor) = Assignor::of_protocol(name) else {
            tally.cannot_express(&case["id"].to_string(), &format!("assignor {name}"));
            continue;
        };
        let steps = list(&case["steps"]);
        let wrong: Vec<String> = (0..steps.len())
            .flat_map(|index| {
                let (what, step) = (format!("step {index}"), &steps[index]);
                match assign(assignor, step, &topics(&steps[index..])) {
                    Ok(ours) => differs(&what, ours, &step["assignment"]),
                    Err(error) => differs(&what, json!(error), &step["error"]),
                }
            })
            .collect();
        tally.count(&format!("case {} {name} {}", case["id"], case["name"]), &wrong);
    }
    tally
}

fn name(json: &Json) -> Option<Arc<str>> {
    json.as_str().map(Arc::from)
}

/// Topics of the first of these steps, with their partitions. The vectors write down the topics as
/// they are after the last step: of a topic that a later step creates, enlarges or deletes, what was
/// there is what was shared out.
fn topics(steps: &[Json]) -> BTreeMap<String, i64> {
    let step = &steps[0];
    let written = step["topics"]["partitions"].as_object().into_iter().flatten();
    let mut counts: BTreeMap<_, _> =
        written.map(|(topic, count)| (topic.clone(), number(count))).collect();
    let changes = |step: &Json| {
        let words: Vec<&str> = text(&step["action"]).split([' ', ',']).collect();
        match words[..] {
            ["partitions", "added", "to", topic] | ["topic", topic, "created" | "deleted", ..] => {
                Some(topic.to_owned())
            }
            _ => None,
        }
    };
    for topic in steps[1..].iter().filter_map(changes) {
        let all = step.get("raw_assignment").unwrap_or(&step["assignment"]).as_object();
        let assigned = all.into_iter().flat_map(|members| members.values()).flat_map(list);
        let of_topic = assigned.filter_map(|json| text(json).rsplit_once('-'));
        let last = of_topic.filter(|&(name, _)| name == topic).map(|(_, n)| n.parse::<i64>().ok());
        match last.max().flatten() {
            Some(last) => drop(counts.insert(topic, 1 + last)),
            None => drop(counts.remove(&topic)),
        }
    }
    counts
}

fn cluster(topics: &Json, counts: &BTreeMap<String, i64>) -> ClusterMetadata {
    let mut cluster = ClusterMetadata::default();
    for (id, rack) in topics["broker_racks"].as_object().into_iter().flatten() {
        let id = NodeId(id.parse().expect("a broker id"));
        cluster.brokers.push(id);
        cluster.racks.extend(name(rack).map(|rack| (id, rack)));
    }
    for (id, (topic, &count)) in counts.iter().enumerate() {
        let partition = |index: i64| {
            let replicas = list(&topics["replicas"][topic][index as usize]);
            PartitionMetadata {
                leader: None,
                leader_epoch: 0,
                replicas: replicas.iter().map(|id| NodeId(number(id) as u16)).collect(),
                isr: Vec::new(),
            }
        };
        let partitions = (0..count).map(partition).collect();
        let name: Arc<str> = Arc::from(topic.as_str());
        let topic = TopicMetadata { id: TopicId(id as u16), name: name.clone(), partitions };
        cluster.topics.insert(name, topic);
    }
    cluster
}

/// "topic-N"; a topic that is not there has an id that none has.
fn partitions(partitions: &Json, cluster: &ClusterMetadata) -> Vec<TopicPartition> {
    let partition = |json: &Json| {
        let (name, partition) = text(json).rsplit_once('-').expect("topic-N");
        let topic = cluster.topics.get(name).map_or(TopicId(u16::MAX), |topic| topic.id);
        TopicPartition { topic, partition: partition.parse().expect("a number") }
    };
    list(partitions).iter().map(partition).collect()
}

fn generation(json: &Json) -> i32 {
    json.as_i64().map_or(-1, |generation| generation as i32)
}

fn member(member: &Json, step: &Json, cluster: &ClusterMetadata) -> GroupMember {
    let owned = partitions(&member["owned"], cluster);
    let user_data = match member.get("prev_generation") {
        Some(previous) => Some(UserData::Previous {
            partitions: partitions(&member["prev_assignment"], cluster),
            generation: generation(previous),
        }),
        // Not written down: who owns something has an assignor that was told so, in the generation
        // before or earlier. Kafka only asks whether there is one.
        None if owned.is_empty() => None,
        None => Some(UserData::Generation(generation(&step["generation"]) - 1)),
    };
    GroupMember {
        member_id: name(&member["id"]).expect("a member id"),
        group_instance_id: name(&member["instance"]),
        subscription: Subscription {
            topics: list(&member["topics"]).iter().filter_map(name).collect(),
            owned,
            generation: generation(&member["subscription_generation"]),
            rack: name(&member["rack"]),
            user_data,
        },
    }
}

fn assign(assignor: Assignor, step: &Json, topics: &BTreeMap<String, i64>) -> Result<Json, String> {
    let cluster = cluster(&step["topics"], topics);
    let members = list(&step["members"]).iter().map(|json| member(json, step, &cluster));
    let members: Vec<GroupMember> = members.collect();
    let assigned = assignor.assign(&members, &cluster).map_err(|it| format!("java.lang.{it}"))?;
    let name = |tp: TopicPartition| {
        let topic = cluster.topics.values().find(|topic| topic.id == tp.topic);
        format!("{}-{}", topic.expect("a topic").name, tp.partition)
    };
    let shown = assigned.into_iter().map(|(member, partitions)| {
        let names: Vec<String> = partitions.into_iter().map(name).collect();
        (member.to_string(), names)
    });
    Ok(json!(shown.collect::<BTreeMap<_, _>>()))
}
