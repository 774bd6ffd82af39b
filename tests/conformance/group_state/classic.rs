//! Scripts of the classic protocol.

use std::collections::BTreeMap;
use std::sync::Arc;

use highwater::broker::group::{GroupRecord, GroupTimer};
use highwater::config::Properties;
use highwater::engine::NodeId;
use highwater::node::BrokerTimer;
use highwater::protocol::{
    ErrorCode, JoinGroupRequest, MemberId, MemberIdentity, Request, Response, Subscription,
    SyncGroupRequest, TopicId, TopicPartition,
};
use serde_json::{Value as Json, json};

use super::world::{Answer, GROUP, World};
use crate::json::{differs, list, number, text};

/// Ids are random: a script whose course hangs on them must come out as shown for some of them.
const SEEDS: u64 = 256;

pub fn check(case: &Json) -> Vec<String> {
    let seeds = if case["nondeterministic"].is_string() { SEEDS } else { 1 };
    let mut wrong = Vec::new();
    for seed in 1..=seeds {
        wrong = Script::new(case, seed).play(list(&case["steps"]));
        if wrong.is_empty() {
            break;
        }
    }
    wrong
}

/// A request that has no answer yet.
struct Open {
    client: String,
    kind: &'static str,
    number: u64,
}

struct Script {
    world: World,
    /// The member ids of each client, as they were given.
    ids: BTreeMap<String, Vec<MemberId>>,
    /// The instance of each static client.
    instances: BTreeMap<String, Arc<str>>,
    /// Assignments are opaque here: each stands for a partition.
    assignments: Vec<String>,
    open: Vec<Open>,
    expired: Vec<(i64, String)>,
    /// The course of the script depends on what ids are given.
    hangs_on_ids: bool,
}

impl Script {
    fn new(case: &Json, seed: u64) -> Self {
        let mut properties = Properties::new().with("group.min.session.timeout.ms", "1");
        for (key, value) in case["config"].as_object().into_iter().flatten() {
            properties = properties.with(key, value.to_string());
        }
        let mut world = World::new(&properties, seed);
        world.create_topic(TopicId(1), "t", 1);
        Self {
            world,
            ids: BTreeMap::new(),
            instances: BTreeMap::new(),
            assignments: Vec::new(),
            open: Vec::new(),
            expired: Vec::new(),
            hangs_on_ids: case["nondeterministic"].is_string(),
        }
    }

    fn play(mut self, steps: &[Json]) -> Vec<String> {
        for (index, step) in steps.iter().enumerate() {
            let wrong = self.step(step);
            if !wrong.is_empty() {
                let what = format!("step {index} {}", text(&step["op"]));
                return wrong.into_iter().map(|wrong| format!("{what}: {wrong}")).collect();
            }
        }
        Vec::new()
    }

    fn step(&mut self, step: &Json) -> Vec<String> {
        let client = text(&step["client"]);
        if let Some(instance) = step["instance"].as_str() {
            self.instances.insert(client.into(), instance.into());
        }
        let (kind, request) = match text(&step["op"]) {
            "join" => ("join", self.join(step)),
            "sync" => ("sync", self.sync(step)),
            "heartbeat" => ("heartbeat", Request::Heartbeat(Box::new(self.identity(step)))),
            "leave" => ("leave", Request::LeaveGroup(Box::new(self.identity(step)))),
            "advance" => return self.advance(step),
            "client_restart" => return Vec::new(),
            other => return vec![format!("unknown op {other}")],
        };
        let number = self.world.ask(node(client), request);
        self.open.push(Open { client: client.into(), kind, number });
        self.name_new_ids(client);
        let mut wrong = self.check_answers(step, Some(number));
        wrong.extend(self.check_state(step));
        wrong
    }

    fn advance(&mut self, step: &Json) -> Vec<String> {
        let until_ms = number(&step["t"]) + number(&step["ms"]);
        let mut expired = Vec::new();
        while self.world.fire_next(until_ms, |world, timer| {
            let Some(group) = world.coordinator.classic_group(GROUP) else { return };
            let is_of = |kind: &GroupTimer| match timer {
                BrokerTimer::GroupRebalance(_) => !matches!(kind, GroupTimer::Heartbeat(_)),
                BrokerTimer::GroupSessions(_) => matches!(kind, GroupTimer::Heartbeat(_)),
                _ => false,
            };
            let due = group
                .timers
                .into_iter()
                .filter(|(kind, at_us)| is_of(kind) && (at_us / 1000) as i64 <= world.now_ms());
            expired.extend(due.map(|(kind, _)| (world.now_ms(), kind)));
        }) {}
        self.expired = expired.iter().map(|(at, kind)| (*at, self.timer_name(kind))).collect();
        let mut wrong = self.check_answers(step, None);
        wrong.extend(self.check_state(step));
        let theirs = list(&step["expired_timers"]).iter();
        let mut theirs: Vec<_> = theirs
            .map(|timer| (number(&timer["t"]), text(&timer["timer"]).to_owned()))
            .filter(|(_, name)| !self.is_of_replaced(name))
            .collect();
        theirs.sort();
        let mut ours = std::mem::take(&mut self.expired);
        if self.hangs_on_ids {
            // Of sessions that end at once, the end of one may save another, if it comes first.
            ours.retain(|expired| theirs.contains(expired));
        }
        ours.sort();
        wrong.extend(differs("expired_timers", json!(ours), &json!(theirs)));
        wrong
    }

    fn join(&self, step: &Json) -> Request {
        let subscription = Subscription { topics: vec!["t".into()], ..Subscription::default() };
        let protocols = list(&step["protocols"]).iter();
        Request::JoinGroup(Box::new(JoinGroupRequest {
            group: GROUP.into(),
            member_id: self.member_id(&step["member_id"]),
            group_instance_id: step["instance"].as_str().map(Into::into),
            client_id: text(&step["client"]).into(),
            session_timeout_ms: number(&step["session_timeout"]),
            rebalance_timeout_ms: number(&step["rebalance_timeout"]),
            protocols: protocols.map(|name| (text(name).into(), subscription.clone())).collect(),
        }))
    }

    fn sync(&mut self, step: &Json) -> Request {
        let mut assignments = Vec::new();
        for (client, assignment) in step["assignments"].as_object().into_iter().flatten() {
            let member = self.ids.get(client).and_then(|ids| ids.last()).cloned();
            let partition = self.assignments.len() as u16;
            self.assignments.push(text(assignment).to_owned());
            let member = member.unwrap_or_else(|| "nobody".into());
            assignments.push((member, vec![TopicPartition::new(TopicId(1), partition)]));
        }
        Request::SyncGroup(Box::new(SyncGroupRequest {
            group: GROUP.into(),
            generation: number(&step["generation"]) as i32,
            member_id: self.member_id(&step["member_id"]).unwrap_or_else(|| "".into()),
            group_instance_id: self.instance_of(step),
            // The scripts' clients speak of `range`, whatever was chosen.
            protocol: Some("range".into()),
            assignments,
        }))
    }

    fn identity(&self, step: &Json) -> MemberIdentity {
        MemberIdentity {
            group: GROUP.into(),
            generation: number(&step["generation"]) as i32,
            member_id: self.member_id(&step["member_id"]).unwrap_or_else(|| "".into()),
            group_instance_id: self.instance_of(step),
        }
    }

    /// Static members tell their instance with each request; the scripts show it where they join.
    fn instance_of(&self, step: &Json) -> Option<Arc<str>> {
        match step.get("instance") {
            Some(instance) => instance.as_str().map(Into::into),
            None => self.instances.get(text(&step["client"])).cloned(),
        }
    }

    fn member_id(&self, name: &Json) -> Option<MemberId> {
        let name = text(name).strip_prefix('<')?.strip_suffix('>')?;
        let (client, nth) = name.split_once('#')?;
        let ids = self.ids.get(client)?;
        ids.get(nth.parse::<usize>().ok()?.checked_sub(1)?).cloned()
    }

    fn name_of(&self, id: &str) -> String {
        let named = self.ids.iter().find_map(|(client, ids)| {
            let nth = ids.iter().position(|known| **known == *id)?;
            Some(format!("<{client}#{}>", nth + 1))
        });
        named.unwrap_or_else(|| id.to_owned())
    }

    /// Ids that the group has and nobody knows yet are new, and this client's.
    fn name_new_ids(&mut self, client: &str) {
        let Some(group) = self.world.coordinator.classic_group(GROUP) else { return };
        let timers = group.timers.into_iter().filter_map(|(kind, _)| match kind {
            GroupTimer::Heartbeat(id) => Some(id),
            _ => None,
        });
        for id in group.members.into_iter().map(|member| member.id).chain(timers) {
            if !self.ids.values().flatten().any(|known| *known == id) {
                self.ids.entry(client.to_owned()).or_default().push(id);
            }
        }
    }

    fn timer_name(&self, timer: &GroupTimer) -> String {
        match timer {
            GroupTimer::Heartbeat(id) => format!("heartbeat-{GROUP}-{}", self.name_of(id)),
            GroupTimer::Join => format!("join-{GROUP}"),
            GroupTimer::Sync => format!("sync-{GROUP}"),
            other => format!("{other:?}"),
        }
    }

    /// Kafka lets the timer of an id run on when the id goes, and then finds that it means nobody.
    /// Such timers have no effect, and the model does not have them.
    fn is_of_replaced(&self, timer: &str) -> bool {
        let Some(name) = timer.strip_prefix("heartbeat-g-") else { return false };
        let Some(group) = self.world.coordinator.classic_group(GROUP) else { return true };
        let is_member = group.members.iter().any(|member| self.name_of(&member.id) == name);
        let has_timer = group.timers.iter().any(|(kind, _)| self.timer_name(kind) == timer);
        let was_due = self.expired.iter().any(|(_, expired)| expired == timer);
        !is_member && !has_timer && !was_due
    }

    fn check_answers(&mut self, step: &Json, asked: Option<u64>) -> Vec<String> {
        let mut now = None;
        let mut completed = Vec::new();
        for answer in self.world.take_answers() {
            let Some(at) = self.open.iter().position(|open| open.number == answer.request) else {
                return vec!["an answer that nobody waits for".into()];
            };
            let open = self.open.remove(at);
            let shown = self.show(&answer);
            if asked == Some(answer.request) {
                now = Some(shown);
            } else {
                completed.push(json!({
                    "t": answer.at_us / 1000,
                    "client": open.client,
                    "request": open.kind,
                    "response": shown,
                }));
            }
        }
        let mut wrong = Vec::new();
        let ours = now.unwrap_or_default();
        let theirs = if step["error"].is_string() {
            json!({ "error": step["error"] })
        } else {
            step["response"].clone()
        };
        if asked.is_some() && step["pending"] == true {
            wrong.extend(differs("response", ours, &Json::Null));
        } else {
            wrong.extend(differs("response", ours, &theirs));
        }
        let by_client = |a: &Json, b: &Json| a.to_string().cmp(&b.to_string());
        completed.sort_by(by_client);
        let mut theirs = list(&step["completed"]).to_vec();
        theirs.sort_by(by_client);
        wrong.extend(differs("completed", json!(completed), &json!(theirs)));
        wrong
    }

    fn show(&self, answer: &Answer) -> Json {
        match &answer.response {
            Response::JoinGroup(join) if join.error.is_some() => json!({
                "error": name(join.error),
                "member_id": self.name_of(&join.member_id),
                "generation": join.generation,
            }),
            Response::JoinGroup(join) => {
                let member = |member: &highwater::protocol::GroupMember| {
                    let id = self.name_of(&member.member_id);
                    member.group_instance_id.as_ref().map_or(id.clone(), |i| format!("{id}/{i}"))
                };
                let mut members: Vec<_> = join.members.iter().map(member).collect();
                members.sort();
                json!({
                    "error": "NONE",
                    "member_id": self.name_of(&join.member_id),
                    "generation": join.generation,
                    "protocol": &*join.protocol,
                    "leader": self.name_of(&join.leader),
                    "skip_assignment": join.skip_assignment,
                    "members": members,
                })
            }
            Response::SyncGroup(sync) => {
                let assignment = sync.assignment.first();
                json!({
                    "error": name(sync.error),
                    "assignment": assignment
                        .map_or("", |tp| &self.assignments[usize::from(tp.partition)]),
                    "protocol": sync.protocol.as_deref(),
                })
            }
            Response::Heartbeat(error) | Response::LeaveGroup(error) => {
                json!({ "error": name(*error) })
            }
            other => json!(format!("{other:?}")),
        }
    }

    fn check_state(&mut self, step: &Json) -> Vec<String> {
        let written = self.world.take_written();
        let kinds = written.iter().map(|record| match record {
            GroupRecord::Metadata { value: Some(_), .. } => "GroupMetadata",
            _ => "another",
        });
        let written = json!(kinds.collect::<Vec<_>>());
        let theirs = step.get("records_written").cloned().unwrap_or(json!([]));
        let mut wrong = differs("records_written", written, &theirs);
        let Some(group) = self.world.coordinator.classic_group(GROUP) else {
            wrong.extend(differs("state", json!("GroupIdNotFoundException"), &step["state_after"]));
            return wrong;
        };
        let mut members: Vec<_> = group
            .members
            .iter()
            .map(|member| {
                let id = self.name_of(&member.id);
                match (member.is_awaiting_join, member.is_awaiting_sync) {
                    (true, _) => format!("{id} awaiting-join"),
                    (_, true) => format!("{id} awaiting-sync"),
                    _ => id,
                }
            })
            .collect();
        members.sort();
        let ours = json!({
            "state": shouted(group.state),
            "generation": group.generation,
            "protocol": group.protocol.as_deref(),
            "leader": group.leader.as_deref().map(|id| self.name_of(id)),
            "members": members,
            "pending_join": group.pending_joins,
            "pending_sync": group.pending_syncs,
        });
        wrong.extend(differs("state", ours, &step["state_after"]));
        let timers = group.timers.iter();
        let timers: BTreeMap<_, _> =
            timers.map(|(kind, at_us)| (self.timer_name(kind), at_us / 1000)).collect();
        let mut theirs = step["timers_after"].clone();
        if let Some(theirs) = theirs.as_object_mut() {
            theirs.retain(|name, _| !self.is_of_replaced(name));
        }
        wrong.extend(differs("timers", json!(timers), &theirs));
        wrong
    }
}

fn node(client: &str) -> NodeId {
    NodeId(101 + u16::from(client.as_bytes().first().copied().unwrap_or_default()))
}

fn name(error: Option<ErrorCode>) -> &'static str {
    error.map_or("NONE", ErrorCode::name)
}

/// `PreparingRebalance` as `PREPARING_REBALANCE`.
fn shouted(state: &str) -> String {
    let mut shouted = String::new();
    for (index, letter) in state.chars().enumerate() {
        if index > 0 && letter.is_uppercase() {
            shouted.push('_');
        }
        shouted.push(letter.to_ascii_uppercase());
    }
    shouted
}
