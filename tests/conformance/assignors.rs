//! `assignors.json`: who gets which partitions, as a group's leader shares them out.

use std::collections::BTreeMap;
use std::sync::Arc;

use highwater::consumer::Assignor;
use highwater::engine::NodeId;
use highwater::protocol::{
    ClusterMetadata, GroupMember, PartitionMetadata, Subscription, TopicId, TopicMetadata,
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
        let steps = list(&case["steps"]).iter().enumerate();
        let wrong: Vec<String> = steps
            .flat_map(|(index, step)| {
                let ours = assign(assignor, step);
                differs(&format!("step {index}"), ours, &step["assignment"])
            })
            .collect();
        tally.count(&format!("case {} {name} {}", case["id"], case["name"]), &wrong);
    }
    tally
}

fn name(json: &Json) -> Option<Arc<str>> {
    json.as_str().map(Arc::from)
}

fn cluster(topics: &Json) -> ClusterMetadata {
    let mut cluster = ClusterMetadata::default();
    for (id, rack) in topics["broker_racks"].as_object().into_iter().flatten() {
        let id = NodeId(id.parse().expect("a broker id"));
        cluster.brokers.push(id);
        cluster.racks.extend(name(rack).map(|rack| (id, rack)));
    }
    for (id, (topic, count)) in topics["partitions"].as_object().into_iter().flatten().enumerate() {
        let partition = |index: i64| {
            let replicas = list(&topics["replicas"][topic][index as usize]);
            PartitionMetadata {
                leader: None,
                leader_epoch: 0,
                replicas: replicas.iter().map(|id| NodeId(number(id) as u16)).collect(),
                isr: Vec::new(),
            }
        };
        let partitions = (0..number(count)).map(partition).collect();
        let name: Arc<str> = Arc::from(topic.as_str());
        let topic = TopicMetadata { id: TopicId(id as u16), name: name.clone(), partitions };
        cluster.topics.insert(name, topic);
    }
    cluster
}

fn member(member: &Json) -> GroupMember {
    GroupMember {
        member_id: name(&member["id"]).expect("a member id"),
        group_instance_id: name(&member["instance"]),
        subscription: Subscription {
            topics: list(&member["topics"]).iter().filter_map(name).collect(),
            rack: name(&member["rack"]),
            ..Subscription::default()
        },
    }
}

/// The assignment as it looks after it went through ConsumerProtocolAssignment, which keeps the
/// partitions of a topic together.
fn assign(assignor: Assignor, step: &Json) -> Json {
    let cluster = cluster(&step["topics"]);
    let members: Vec<GroupMember> = list(&step["members"]).iter().map(member).collect();
    let mut shown = BTreeMap::new();
    for (member, partitions) in assignor.assign(&members, &cluster) {
        let mut topics: Vec<(TopicId, Vec<String>)> = Vec::new();
        for tp in partitions {
            let topic = cluster.topics.values().find(|topic| topic.id == tp.topic);
            let name = format!("{}-{}", topic.expect("a topic").name, tp.partition);
            match topics.iter_mut().find(|(topic, _)| *topic == tp.topic) {
                Some((_, names)) => names.push(name),
                None => topics.push((tp.topic, vec![name])),
            }
        }
        let names: Vec<String> = topics.into_iter().flat_map(|(_, names)| names).collect();
        shown.insert(member.to_string(), names);
    }
    json!(shown)
}
