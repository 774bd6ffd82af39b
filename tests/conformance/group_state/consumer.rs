//! Scripts of the consumer protocol (KIP-848).

use std::collections::BTreeMap;

use highwater::broker::group::{ConsumerMemberSnapshot, GroupRecord, GroupTimer};
use highwater::config::Properties;
use highwater::engine::NodeId;
use highwater::node::BrokerTimer;
use highwater::protocol::{
    ConsumerGroupHeartbeatRequest, ErrorCode, Request, Response, TopicId, TopicPartition,
};
use serde_json::{Map, Value as Json, json};

use super::world::{GROUP, World};
use crate::json::{differs, list, number, text};

pub fn check(case: &Json) -> Vec<String> {
    let mut script = Script::new(case);
    for (index, step) in list(&case["steps"]).iter().enumerate() {
        let wrong = script.step(step);
        if !wrong.is_empty() {
            let what = format!("step {index} {}", text(&step["op"]));
            return wrong.into_iter().map(|wrong| format!("{what}: {wrong}")).collect();
        }
    }
    Vec::new()
}

/// A topic by its name; a topic that is created again has another place.
struct Topic {
    name: String,
    /// 0: it is gone.
    partitions: u16,
}

struct Script {
    world: World,
    topics: Vec<Topic>,
}

impl Script {
    fn new(case: &Json) -> Self {
        let mut properties = Properties::new();
        for (key, value) in case["config"].as_object().into_iter().flatten() {
            properties = properties.with(key, value.to_string());
        }
        let world = World::new(&properties, 1);
        let pairs = list(&case["topics"]).chunks(2);
        let topics = pairs.map(|pair| Topic {
            name: text(&pair[0]).to_owned(),
            partitions: number(&pair[1]) as u16,
        });
        let mut script = Self { world, topics: topics.collect() };
        script.publish_topics();
        script
    }

    fn step(&mut self, step: &Json) -> Vec<String> {
        match text(&step["op"]) {
            "heartbeat" => self.heartbeat(step),
            "advance" => self.advance(step),
            "metadata" => match self.change_topics(text(&step["change"])) {
                Some(()) => self.check_state(step),
                None => vec![format!("unknown change {}", step["change"])],
            },
            // What the client does about its assignment shows in what it sends.
            "client_reconciled" | "client_resets" => Vec::new(),
            other => vec![format!("unknown op {other}")],
        }
    }

    fn heartbeat(&mut self, step: &Json) -> Vec<String> {
        let optional = |key: &str| step[key].as_str().map(Into::into);
        let topics = step["topics"].as_array();
        let request = ConsumerGroupHeartbeatRequest {
            group: GROUP.into(),
            member_id: text(&step["member"]).into(),
            member_epoch: number(&step["member_epoch"]) as i32,
            instance_id: optional("instance"),
            rack_id: None,
            client_id: "client".into(),
            rebalance_timeout_ms: step["rebalance_timeout"].as_i64(),
            topics: topics.map(|topics| topics.iter().map(|topic| text(topic).into()).collect()),
            server_assignor: optional("server_assignor"),
            owned: step["owned"].as_object().map(|owned| self.partitions(owned)),
        };
        let number =
            self.world.ask(NodeId(101), Request::ConsumerGroupHeartbeat(Box::new(request)));
        let answers = self.world.take_answers();
        let [answer] = answers.as_slice() else {
            return vec![format!("{} answers", answers.len())];
        };
        assert_eq!(answer.request, number);
        let mut theirs = step["response"].clone();
        if let Some(theirs) = theirs.as_object_mut() {
            theirs.remove("message");
        }
        let mut wrong = differs("response", self.show(&answer.response), &theirs);
        wrong.extend(self.check_state(step));
        wrong
    }

    fn advance(&mut self, step: &Json) -> Vec<String> {
        let until_ms = number(&step["t"]) + number(&step["ms"]);
        let members = self.member_ids();
        let mut expired = Vec::new();
        while self.world.fire_next(until_ms, |world, timer| {
            let Some(group) = world.coordinator.consumer_group(GROUP) else { return };
            let due = group.timers.into_iter().filter(|(_, at_us)| {
                matches!(timer, BrokerTimer::GroupSessions(_))
                    && (at_us / 1000) as i64 <= world.now_ms()
            });
            expired.extend(due.map(|(kind, _)| (world.now_ms(), timer_name(&kind))));
        }) {}
        expired.sort();
        let theirs = list(&step["expired_timers"]).iter();
        let mut theirs: Vec<_> = theirs
            .map(|timer| (number(&timer["t"]), text(&timer["timer"]).to_owned()))
            .filter(|(_, name)| is_of_some(name, &members))
            .collect();
        theirs.sort();
        let mut wrong = differs("expired_timers", json!(expired), &json!(theirs));
        wrong.extend(self.check_state(step));
        wrong
    }

    fn member_ids(&self) -> Vec<String> {
        let group = self.world.coordinator.consumer_group(GROUP);
        let members = group.map(|group| group.members).unwrap_or_default();
        members.iter().map(|member| member.id.to_string()).collect()
    }

    /// `topic bar deleted`, `topic baz created with 2 partitions`, `foo grows to 7 partitions`
    fn change_topics(&mut self, change: &str) -> Option<()> {
        let words: Vec<&str> = change.split(' ').collect();
        match words.as_slice() {
            ["topic", name, "deleted"] => self.topic_mut(name)?.partitions = 0,
            ["topic", name, "created", "with", count, ..] => {
                let (name, partitions) = ((*name).to_owned(), count.parse().ok()?);
                self.topics.push(Topic { name, partitions });
            }
            [name, "grows", "to", count, ..] => {
                self.topic_mut(name)?.partitions = count.parse().ok()?;
            }
            _ => return None,
        }
        self.publish_topics();
        Some(())
    }

    fn topic_mut(&mut self, name: &str) -> Option<&mut Topic> {
        self.topics.iter_mut().find(|topic| topic.name == name && topic.partitions > 0)
    }

    fn publish_topics(&mut self) {
        self.world.forget_topics();
        for (place, topic) in self.topics.iter().enumerate().filter(|(_, t)| t.partitions > 0) {
            self.world.create_topic(TopicId(place as u16 + 1), &topic.name, topic.partitions);
        }
    }

    fn partitions(&self, owned: &Map<String, Json>) -> Vec<TopicPartition> {
        let of_topic = |(name, partitions): (&String, &Json)| {
            // A topic that never was has no partition that anybody holds.
            let place = self.topics.iter().rposition(|topic| topic.name == *name);
            let id = place.map_or(TopicId(u16::MAX), |place| TopicId(place as u16 + 1));
            let partitions: Vec<_> = list(partitions).iter().map(number).collect();
            partitions.into_iter().map(move |p| TopicPartition::new(id, p as u16))
        };
        owned.iter().flat_map(of_topic).collect()
    }

    fn by_topic<T>(&self, all: &[T], show: impl Fn(&T) -> (TopicPartition, Json)) -> Json {
        let mut topics: BTreeMap<&str, Vec<Json>> = BTreeMap::new();
        for item in all {
            let (tp, shown) = show(item);
            topics.entry(&self.topics[usize::from(tp.topic.0) - 1].name).or_default().push(shown);
        }
        json!(topics)
    }

    fn partitions_by_topic(&self, partitions: &[TopicPartition]) -> Json {
        self.by_topic(partitions, |tp| (*tp, json!(tp.partition)))
    }

    fn epochs_by_topic(&self, epochs: &[(TopicPartition, i32)]) -> Json {
        let pairs = self.by_topic(epochs, |(tp, epoch)| (*tp, json!([tp.partition, epoch])));
        let topics = pairs.as_object().expect("topics").iter().map(|(topic, pairs)| {
            let epochs = list(pairs).iter().map(|pair| (pair[0].to_string(), pair[1].clone()));
            (topic.clone(), Json::Object(epochs.collect()))
        });
        Json::Object(topics.collect())
    }

    fn show(&self, response: &Response) -> Json {
        let Response::ConsumerGroupHeartbeat(answer) = response else {
            return json!(format!("{response:?}"));
        };
        match answer.error {
            // The service in front of the class under test refuses an assignor that nobody knows;
            // without it the class fails.
            Some(ErrorCode::UnsupportedAssignor) => json!({ "error": "UNKNOWN_SERVER_ERROR" }),
            Some(error) => json!({ "error": error.name() }),
            None => {
                let mut shown = json!({
                    "error": "NONE",
                    "member_epoch": answer.member_epoch,
                    "heartbeat_interval": answer.heartbeat_interval_ms,
                });
                if let Some(assignment) = &answer.assignment {
                    shown["assignment"] = self.partitions_by_topic(assignment);
                }
                shown
            }
        }
    }

    fn check_state(&mut self, step: &Json) -> Vec<String> {
        let written = self.world.take_written();
        let kinds = written.iter().map(|record| match record {
            GroupRecord::Consumer { record, .. } if record.is_tombstone() => {
                format!("{} (tombstone)", record.name())
            }
            GroupRecord::Consumer { record, .. } => record.name().to_owned(),
            _ => "another".to_owned(),
        });
        let written = json!(kinds.collect::<Vec<_>>());
        let theirs = step.get("records_written").cloned().unwrap_or(json!([]));
        let mut wrong = differs("records_written", written, &theirs);
        let Some(group) = self.world.coordinator.consumer_group(GROUP) else {
            let ours = json!("GroupIdNotFoundException");
            wrong.extend(differs("state", ours, &step["state_after"]));
            return wrong;
        };
        let ids: Vec<&str> = group.members.iter().map(|member| &*member.id).collect();
        let members = group.members.iter().map(|m| (m.id.to_string(), self.show_member(m)));
        let ours = json!({
            "state": group.state,
            "group_epoch": group.epoch,
            "assignment_epoch": group.assignment_epoch,
            "member_map_order": ids,
            "members": Json::Object(members.collect()),
        });
        wrong.extend(differs("state", ours, &step["state_after"]));
        let timers = group.timers.iter();
        let timers: BTreeMap<_, _> =
            timers.map(|(kind, at_us)| (timer_name(kind), at_us / 1000)).collect();
        let mut theirs = step["timers_after"].clone();
        let members = self.member_ids();
        if let Some(theirs) = theirs.as_object_mut() {
            theirs.retain(|name, _| is_of_some(name, &members));
        }
        wrong.extend(differs("timers", json!(timers), &theirs));
        wrong
    }

    fn show_member(&self, member: &ConsumerMemberSnapshot) -> Json {
        json!({
            "state": member.state.name(),
            "epoch": member.epoch,
            "previous_epoch": member.previous_epoch,
            "assigned_partition_epochs": self.epochs_by_topic(&member.assigned),
            "pending_revocation": self.epochs_by_topic(&member.pending_revocation),
            "target": self.partitions_by_topic(&member.target),
        })
    }
}

/// Timers of a static member that was replaced run on and mean nobody; the model has none of them.
fn is_of_some(timer: &str, members: &[String]) -> bool {
    members.iter().any(|id| timer.ends_with(&format!("-{GROUP}-{id}")))
}

fn timer_name(timer: &GroupTimer) -> String {
    match timer {
        GroupTimer::Session(id) => format!("session-timeout-{GROUP}-{id}"),
        GroupTimer::Rebalance(id) => format!("rebalance-timeout-{GROUP}-{id}"),
        other => format!("{other:?}"),
    }
}
