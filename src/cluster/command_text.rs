//! A command in words, for the trace and the event log.

use std::fmt::{self, Display};

use crate::consumer::SeekTo;
use crate::engine::NodeId;
use crate::events::CommandWords;
use crate::producer::Pace;
use crate::protocol::ElectionType;

use super::Command;

impl Display for Command {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.words().fmt(f)
    }
}

impl Command {
    /// The command in words: short English, and what fills a translation.
    pub fn words(&self) -> CommandWords {
        match self {
            Self::KillBroker(id) => say("kill-broker", "kill broker {id}", &[("id", &id.0)]),
            Self::PowerOffBroker(id) => {
                say("power-off-broker", "power off broker {id}", &[("id", &id.0)])
            }
            Self::StopBroker(id) => say("stop-broker", "stop broker {id}", &[("id", &id.0)]),
            Self::StartBroker(id) => say("start-broker", "start broker {id}", &[("id", &id.0)]),
            Self::KillController(number) => {
                say("kill-controller", "kill controller {id}", &[("id", number)])
            }
            Self::StartController(number) => {
                say("start-controller", "start controller {id}", &[("id", number)])
            }
            Self::AddBroker => say("add-broker", "add a broker", &[]),
            Self::CreateTopic { name, partitions, replication_factor, .. } => say(
                "create-topic",
                "create topic {topic}: partitions {partitions}, replication factor {factor}",
                &[("topic", name), ("partitions", partitions), ("factor", replication_factor)],
            ),
            Self::SetTopicConfig { topic, key, value } => {
                set(&format!("topic {topic}"), key, value.as_deref())
            }
            Self::SetBrokerConfig { key, value } => set("brokers", key, value.as_deref()),
            Self::DeleteRecords { topic, partition, before } => match before {
                Some(before) => say(
                    "delete-records",
                    "delete the records of {partition} before offset {before}",
                    &[("partition", &format!("{topic}-{partition}")), ("before", before)],
                ),
                None => say(
                    "delete-all-records",
                    "delete all committed records of {partition}",
                    &[("partition", &format!("{topic}-{partition}"))],
                ),
            },
            Self::ElectPreferredLeaders => {
                say("elect-preferred-leaders", "elect preferred leaders", &[])
            }
            Self::ElectLeader { topic, partition, election: ElectionType::Preferred } => say(
                "elect-preferred-leader",
                "elect the preferred leader of {partition}",
                &[("partition", &format_args!("{topic}-{partition}"))],
            ),
            Self::ElectLeader { topic, partition, election: ElectionType::Unclean } => say(
                "elect-leader-uncleanly",
                "elect any live replica leader of {partition}",
                &[("partition", &format_args!("{topic}-{partition}"))],
            ),
            Self::AddPartitions { topic, partitions } => say(
                "add-partitions",
                "give topic {topic} {partitions} partitions",
                &[("topic", topic), ("partitions", partitions)],
            ),
            Self::DeleteTopic(topic) => {
                say("delete-topic", "delete topic {topic}", &[("topic", topic)])
            }
            Self::ReassignPartition { topic, partition, replicas } => say(
                "reassign-partition",
                "move {partition} to brokers {replicas}",
                &[
                    ("partition", &format_args!("{topic}-{partition}")),
                    ("replicas", &ids(replicas)),
                ],
            ),
            Self::CancelReassignment { topic, partition } => say(
                "cancel-reassignment",
                "leave {partition} where it was",
                &[("partition", &format_args!("{topic}-{partition}"))],
            ),
            Self::AddProducer(spec) => {
                say("add-producer", "add producer {client}", &[("client", &spec.name)])
            }
            Self::AddConsumer(spec) => {
                say("add-consumer", "add consumer {client}", &[("client", &spec.name)])
            }
            Self::CloseClient(name) => say("close", "close {client}", &[("client", name)]),
            Self::CrashClient(name) => say("crash", "crash {client}", &[("client", name)]),
            Self::StartClient(name) => say("start", "start {client}", &[("client", name)]),
            Self::RemoveClient(name) => say("remove", "remove {client}", &[("client", name)]),
            Self::SetClientConfig { client, key, value } => set(client, key, value.as_deref()),
            Self::SetPace { producer, pace } => set_pace(producer, *pace),
            Self::SendRecord { producer, .. } => {
                say("send-record", "{client}: send a record", &[("client", producer)])
            }
            Self::SetProcessing { consumer, processing_us } => say(
                "processing",
                "{client}: {us} µs a record",
                &[("client", consumer), ("us", processing_us)],
            ),
            Self::Seek { consumer, topic, partition, to } => {
                let place = match partition {
                    Some(partition) => format!("{topic}-{partition}"),
                    None => topic.to_string(),
                };
                match to {
                    SeekTo::Offset(offset) => say(
                        "seek",
                        "{client}: seek to {offset} in {partition}",
                        &[("client", consumer), ("partition", &place), ("offset", offset)],
                    ),
                    SeekTo::Beginning => say(
                        "seek-to-beginning",
                        "{client}: seek to the beginning of {partition}",
                        &[("client", consumer), ("partition", &place)],
                    ),
                    SeekTo::End => say(
                        "seek-to-end",
                        "{client}: seek to the end of {partition}",
                        &[("client", consumer), ("partition", &place)],
                    ),
                }
            }
            Self::SetCommit { consumer, commit } => say(
                "commit",
                "{client}: commit {commit}",
                &[("client", consumer), ("commit", &commit.name())],
            ),
            Self::SetHandler { consumer, handler: Some(handler) } => say(
                "handler",
                "{client}: another handler, on error: {on-error}",
                &[("client", consumer), ("on-error", &handler.on_error.name())],
            ),
            Self::SetHandler { consumer, handler: None } => say(
                "handler-plain",
                "{client}: a handler that never fails",
                &[("client", consumer)],
            ),
            Self::SetLibrary { client, library } => say(
                "library",
                "{client}: written with {library}",
                &[("client", client), ("library", &library.name())],
            ),
            Self::CutLink { from, to, both: true } => say(
                "cut-link",
                "cut the network between {from} and {to}",
                &[("from", from), ("to", to)],
            ),
            Self::CutLink { from, to, both: false } => say(
                "cut-link-one-way",
                "cut the network from {from} to {to}",
                &[("from", from), ("to", to)],
            ),
            Self::HealLink { from, to } => say(
                "heal-link",
                "heal the network between {from} and {to}",
                &[("from", from), ("to", to)],
            ),
            Self::SlowNode { node, extra_us: 0 } => {
                say("slow-node-no-more", "slow {node} down no more", &[("node", node)])
            }
            Self::SlowNode { node, extra_us } => say(
                "slow-node",
                "add {us} µs to every packet of {node}",
                &[("us", extra_us), ("node", node)],
            ),
            Self::SlowLink { from, to, extra_us: 0, .. } => say(
                "slow-link-no-more",
                "slow the network between {from} and {to} down no more",
                &[("from", from), ("to", to)],
            ),
            Self::SlowLink { from, to, extra_us, both: true } => say(
                "slow-link",
                "add {us} µs to every packet between {from} and {to}",
                &[("us", extra_us), ("from", from), ("to", to)],
            ),
            Self::SlowLink { from, to, extra_us, both: false } => say(
                "slow-link-one-way",
                "add {us} µs to every packet from {from} to {to}",
                &[("us", extra_us), ("from", from), ("to", to)],
            ),
            Self::Pause { node, for_us: 0 } => say("resume", "let {node} go on", &[("node", node)]),
            Self::Pause { node, for_us } => {
                say("pause", "pause {node} for {us} µs", &[("node", node), ("us", for_us)])
            }
            Self::SlowDisk { broker, extra_us: 0 } => say(
                "slow-disk-no-more",
                "slow the disk of broker {id} down no more",
                &[("id", &broker.0)],
            ),
            Self::SlowDisk { broker, extra_us } => say(
                "slow-disk",
                "add {us} µs to every write of broker {id}",
                &[("us", extra_us), ("id", &broker.0)],
            ),
            Self::FillDisk(id) => {
                say("fill-disk", "fill the disk of broker {id}", &[("id", &id.0)])
            }
            Self::FreeDisk(id) => {
                say("free-disk", "make room on the disk of broker {id}", &[("id", &id.0)])
            }
        }
    }
}

fn ids(nodes: &[NodeId]) -> String {
    nodes.iter().map(NodeId::to_string).collect::<Vec<_>>().join(", ")
}

fn set_pace(client: &str, pace: Pace) -> CommandWords {
    match pace {
        Pace::Manual => {
            say("pace-manual", "{client}: send on command only", &[("client", &client)])
        }
        Pace::Every(us) => {
            say("pace-every", "{client}: send every {us} µs", &[("client", &client), ("us", &us)])
        }
        Pace::Poisson(us) => say(
            "pace-poisson",
            "{client}: send every {us} µs on average",
            &[("client", &client), ("us", &us)],
        ),
    }
}

fn set(scope: &str, key: &str, value: Option<&str>) -> CommandWords {
    match value {
        Some(value) => say(
            "config",
            "{scope}: {key}={value}",
            &[("scope", &scope), ("key", &key), ("value", &value)],
        ),
        None => say(
            "config-reset",
            "{scope}: {key} back to its default",
            &[("scope", &scope), ("key", &key)],
        ),
    }
}

fn say(
    message: &'static str,
    english: &'static str,
    args: &[(&'static str, &dyn Display)],
) -> CommandWords {
    let args = args.iter().map(|(name, value)| (*name, value.to_string())).collect();
    CommandWords { message, english, args }
}
