//! `server_assignors.json`: target assignments of groups of the consumer protocol.

use std::sync::Arc;

use highwater::broker::group::{
    GroupSpec, MemberSpec, ServerAssignor, SubscriptionType, TopicSpec,
};
use highwater::engine::SortedSet;
use highwater::protocol::{TopicId, TopicPartition};
use serde_json::{Map, Value as Json, json};

use crate::json::{differs, list, number, text};
use crate::tally::Tally;

/// A step shows the subscription that a member has in the end. What it was before the member
/// changed it shows only in the result: if some subscription leads to all of it, the case counts as
/// one that cannot be expressed, and otherwise as failed.
const LATER: &str = "sight of a subscription before its change (the vectors lack it)";

pub fn run(vectors: &Json) -> Tally {
    let mut tally = Tally::default();
    for case in list(&vectors["cases"]) {
        let (id, name) = (case["id"].to_string(), text(&case["assignor"]));
        let Some(assignor) = ServerAssignor::of_name(name) else {
            tally.cannot_express(&id, &format!("assignor {name}"));
            continue;
        };
        let steps = list(&case["steps"]);
        let mut guessed = false;
        let mut wrong = Vec::new();
        for (index, step) in steps.iter().enumerate() {
            let topics = Topics::of(step);
            let ours = topics.assign(assignor, &topics.spec(step));
            let different = differs(&format!("step {index}"), ours, &step["assignment"]);
            if different.is_empty() {
                continue;
            }
            let changing =
                steps[index + 1..].iter().filter_map(changing_member).collect::<Vec<_>>();
            if topics.is_explained(assignor, step, &changing) {
                guessed = true;
            } else {
                wrong.extend(different);
            }
        }
        if guessed && wrong.is_empty() {
            tally.cannot_express(&id, LATER);
        } else {
            tally.count(&format!("case {id} {name} {}", case["name"]), &wrong);
        }
    }
    tally
}

/// Whose subscription this step changes: member id, and instance id if it is static.
fn changing_member(step: &Json) -> Option<(&str, &Json)> {
    let id = text(&step["action"]).strip_suffix(" changes subscription")?;
    let member = list(&step["members"]).iter().find(|member| text(&member["id"]) == id)?;
    Some((id, &member["instance"]))
}

/// The topics of a step, in the order of their ids: a topic's place is its id here.
struct Topics<'a>(Vec<(&'a str, &'a Json)>);

impl<'a> Topics<'a> {
    fn of(step: &'a Json) -> Self {
        let topics = step["topics"].as_object().expect("topics");
        let mut topics: Vec<_> = topics.iter().map(|(name, topic)| (&**name, topic)).collect();
        topics.sort_by_key(|(_, topic)| uuid(text(&topic["id"])));
        Self(topics)
    }

    fn id(&self, name: &str) -> Option<TopicId> {
        self.0.iter().position(|&(topic, _)| topic == name).map(|place| TopicId(place as u16))
    }

    fn partitions(&self, assignment: &Json) -> SortedSet<TopicPartition> {
        let topics = assignment.as_object().into_iter().flatten();
        topics
            .filter_map(|(topic, partitions)| Some((self.id(topic)?, list(partitions))))
            .flat_map(|(id, partitions)| {
                partitions.iter().map(move |p| TopicPartition::new(id, number(p) as u16))
            })
            .collect()
    }

    fn spec(&self, step: &Json) -> GroupSpec {
        let member = |id: &Json| {
            let all = list(&step["members"]);
            let member = all.iter().find(|member| member["id"] == *id).expect("a member");
            MemberSpec {
                id: Arc::from(text(id)),
                instance_id: member["instance"].as_str().map(Arc::from),
                topics: list(&member["topics"]).iter().filter_map(|t| self.id(text(t))).collect(),
                target: self.partitions(&member["current_target"]),
            }
        };
        let members: Vec<_> = list(&step["member_map_order"]).iter().map(member).collect();
        GroupSpec {
            topics: self.topics(step, &members),
            members,
            subscription_type: match text(&step["subscription_type"]) {
                "HOMOGENEOUS" => SubscriptionType::Homogeneous,
                _ => SubscriptionType::Heterogeneous,
            },
        }
    }

    /// The topics that somebody subscribes to.
    fn topics(&self, step: &Json, members: &[MemberSpec]) -> Vec<TopicSpec> {
        let ids = list(&step["topic_id_set_order"]).iter().filter_map(|name| self.id(text(name)));
        let subscribed = ids.filter(|id| members.iter().any(|member| member.topics.contains(id)));
        let count = |id: TopicId| number(&self.0[usize::from(id.0)].1["partitions"]) as u16;
        subscribed.map(|id| TopicSpec { id, partitions: count(id) }).collect()
    }

    /// Whether some subscriptions of the `changing` members lead to what the step shows.
    fn is_explained(
        &self,
        assignor: ServerAssignor,
        step: &Json,
        changing: &[(&str, &Json)],
    ) -> bool {
        let all = self.spec(step);
        let changes = |member: &MemberSpec| {
            let instance = member.instance_id.as_deref();
            changing.iter().any(|&(id, static_id)| {
                *id == *member.id || instance.is_some() && static_id.as_str() == instance
            })
        };
        let changing: Vec<usize> =
            (0..all.members.len()).filter(|&at| changes(&all.members[at])).collect();
        let bits = changing.len() * self.0.len();
        (0..1u32 << bits).any(|choice| {
            let mut spec = all.clone();
            for (nth, &at) in changing.iter().enumerate() {
                let is_chosen = |topic: &usize| choice >> (nth * self.0.len() + topic) & 1 == 1;
                let chosen = (0..self.0.len()).filter(is_chosen);
                spec.members[at].topics = chosen.map(|topic| TopicId(topic as u16)).collect();
            }
            spec.topics = self.topics(step, &spec.members);
            self.assign(assignor, &spec) == step["assignment"]
        })
    }

    fn assign(&self, assignor: ServerAssignor, spec: &GroupSpec) -> Json {
        let assigned = assignor.assign(spec);
        let shown = spec.members.iter().zip(assigned).map(|(member, partitions)| {
            let mut topics: Map<String, Json> = Map::new();
            for tp in partitions {
                let name = self.0[usize::from(tp.topic.0)].0;
                let of_topic = topics.entry(name).or_insert_with(|| json!([]));
                of_topic.as_array_mut().expect("a list").push(json!(tp.partition));
            }
            (member.id.to_string(), Json::Object(topics))
        });
        Json::Object(shown.collect())
    }
}

/// A Kafka Uuid, written in base64 for URLs, as Java compares it: two signed numbers.
fn uuid(base64: &str) -> (i64, i64) {
    const DIGITS: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let digit = |c: u8| DIGITS.iter().position(|&d| d == c).expect("a digit") as u128;
    let bits = base64.bytes().fold(0u128, |bits, c| bits << 6 | digit(c));
    // 22 digits have 132 bits; the last four are padding.
    let first = digit(base64.as_bytes()[0]);
    let value = first << 122 | (bits >> 4) & ((1 << 122) - 1);
    ((value >> 64) as i64, value as i64)
}
