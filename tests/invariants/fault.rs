//! What is done to a cluster: each fault comes at a random moment and is mended after a while, so
//! that the story can go on.

use std::sync::Arc;

use highwater::cluster::Command;
use highwater::consumer::SeekTo;
use highwater::engine::{Micros, NodeId};
use highwater::protocol::ElectionType;
use proptest::collection::vec;
use proptest::prelude::*;

use super::story::SECOND;

#[derive(Copy, Clone, Debug)]
enum Kind {
    Kill,
    Stop,
    CrashClient,
    CloseClient,
    /// A consumer's application takes longer than max.poll.interval.ms for a record.
    Dawdle,
    Seek,
    CutOneWay,
    CutBothWays,
    SlowNode,
    SlowLink,
    Pause,
    SlowDisk,
    FullDisk,
    PowerLoss,
    /// Of all brokers at once.
    Blackout,
    KillController,
    /// An administrator at work.
    AddPartitions,
    /// And another one of that name is created later.
    DeleteTopic,
    Reassign,
    ElectPreferred,
    ElectUnclean,
}

/// A fault and when it is mended.
#[derive(Copy, Clone, Debug)]
pub struct Fault {
    kind: Kind,
    at_us: Micros,
    for_us: Micros,
    /// Whom it meets; taken modulo how many there are.
    nodes: (u16, u16),
    extra_us: Micros,
}

/// Any faults.
pub fn faults() -> impl Strategy<Value = Vec<Fault>> {
    let kind = prop_oneof![
        3 => Just(Kind::Kill),
        2 => Just(Kind::Stop),
        2 => Just(Kind::CrashClient),
        1 => Just(Kind::CloseClient),
        1 => Just(Kind::Dawdle),
        1 => Just(Kind::Seek),
        2 => Just(Kind::CutOneWay),
        2 => Just(Kind::CutBothWays),
        1 => Just(Kind::SlowNode),
        1 => Just(Kind::SlowLink),
        2 => Just(Kind::Pause),
        1 => Just(Kind::SlowDisk),
        1 => Just(Kind::FullDisk),
        2 => Just(Kind::PowerLoss),
        1 => Just(Kind::Blackout),
        2 => Just(Kind::KillController),
        1 => Just(Kind::AddPartitions),
        1 => Just(Kind::DeleteTopic),
        3 => Just(Kind::Reassign),
        1 => Just(Kind::ElectPreferred),
        1 => Just(Kind::ElectUnclean),
    ];
    let (start, length) = (5 * SECOND..45 * SECOND, SECOND / 10..15 * SECOND);
    let fault = (kind, start, length, (0_u16..12, 0_u16..12), 0..400_000_u64).prop_map(
        |(kind, at_us, for_us, nodes, extra_us)| Fault { kind, at_us, for_us, nodes, extra_us },
    );
    vec(fault, 0..=14)
}

impl Fault {
    /// What is done, and what mends it. `names`: the controller, the brokers, the clients.
    pub fn commands(
        self,
        names: &[Arc<str>],
        brokers: u16,
        controllers: u16,
    ) -> Vec<(Micros, Command)> {
        let Self { kind, at_us, for_us, nodes: (one, other), extra_us } = self;
        let until_us = at_us + for_us;
        let broker = NodeId(1 + one % brokers);
        let clients = &names[usize::from(brokers) + 1..];
        let client = clients[usize::from(one) % clients.len()].clone();
        let consumers: Vec<_> = clients.iter().filter(|n| n.starts_with("consumer")).collect();
        let consumer = consumers[usize::from(one) % consumers.len()].clone();
        let start = (until_us, Command::StartBroker(broker));
        let node = names[usize::from(one) % names.len()].clone();
        let (from, to) = self.link(names, brokers, other);
        match kind {
            Kind::AddPartitions
            | Kind::DeleteTopic
            | Kind::Reassign
            | Kind::ElectPreferred
            | Kind::ElectUnclean => self.administration(brokers),
            Kind::Kill => vec![(at_us, Command::KillBroker(broker)), start],
            Kind::Stop => vec![(at_us, Command::StopBroker(broker)), start],
            Kind::PowerLoss => vec![(at_us, Command::PowerOffBroker(broker)), start],
            Kind::KillController => {
                let number = 1 + one % controllers;
                vec![
                    (at_us, Command::KillController(number)),
                    (until_us, Command::StartController(number)),
                ]
            }
            Kind::Blackout => (1..=brokers)
                .map(NodeId)
                .flat_map(|id| {
                    let later_us = until_us + Micros::from(id.0) * extra_us;
                    [(at_us, Command::PowerOffBroker(id)), (later_us, Command::StartBroker(id))]
                })
                .collect(),
            Kind::CrashClient => vec![
                (at_us, Command::CrashClient(client.clone())),
                (until_us, Command::StartClient(client)),
            ],
            Kind::CloseClient => vec![
                (at_us, Command::CloseClient(client.clone())),
                (until_us, Command::StartClient(client)),
            ],
            Kind::Dawdle => {
                let takes = |processing_us| {
                    let consumer = consumer.clone();
                    Command::SetProcessing { consumer, processing_us }
                };
                vec![(at_us, takes(6 * SECOND)), (until_us, takes(1_000))]
            }
            Kind::Seek => {
                let to = match other % 3 {
                    0 => SeekTo::Beginning,
                    1 => SeekTo::End,
                    _ => SeekTo::Offset((extra_us % 300) as i64),
                };
                let (topic, partition) = ("orders".into(), (one % 2 == 0).then_some(other % 3));
                vec![(at_us, Command::Seek { consumer, topic, partition, to })]
            }
            Kind::CutOneWay | Kind::CutBothWays => {
                let both = matches!(kind, Kind::CutBothWays);
                let heal = Command::HealLink { from: from.clone(), to: to.clone() };
                vec![(at_us, Command::CutLink { from, to, both }), (until_us, heal)]
            }
            Kind::SlowNode => vec![
                (at_us, Command::SlowNode { node: node.clone(), extra_us }),
                (until_us, Command::SlowNode { node, extra_us: 0 }),
            ],
            Kind::SlowLink => {
                let slow = |extra_us| {
                    let (from, to) = (from.clone(), to.clone());
                    Command::SlowLink { from, to, extra_us, both: one % 2 == 0 }
                };
                vec![(at_us, slow(extra_us)), (until_us, slow(0))]
            }
            Kind::Pause => vec![(at_us, Command::Pause { node, for_us })],
            Kind::SlowDisk => vec![
                (at_us, Command::SlowDisk { broker, extra_us }),
                (until_us, Command::SlowDisk { broker, extra_us: 0 }),
            ],
            Kind::FullDisk => vec![
                (at_us, Command::FillDisk(broker)),
                (until_us, Command::FreeDisk(broker)),
                (until_us, Command::StartBroker(broker)),
            ],
        }
    }

    /// What an administrator does; some of it is refused.
    fn administration(self, brokers: u16) -> Vec<(Micros, Command)> {
        let Self { kind, at_us, for_us, nodes: (one, other), extra_us } = self;
        let (topic, partition): (Arc<str>, _) = ("orders".into(), other % 3);
        match kind {
            Kind::AddPartitions => {
                let partitions = 2 + i32::from(one % 5);
                vec![(at_us, Command::AddPartitions { topic, partitions })]
            }
            Kind::DeleteTopic => {
                let create = Command::CreateTopic {
                    name: topic.clone(),
                    partitions: 1 + i32::from(other % 3),
                    replication_factor: 1 + (one % brokers) as i16,
                    config: Default::default(),
                };
                vec![(at_us, Command::DeleteTopic(topic)), (at_us + for_us, create)]
            }
            Kind::Reassign => {
                let count = 1 + (extra_us % u64::from(brokers)) as u16;
                let nth = |n: u16| NodeId(1 + (one + n) % brokers);
                let replicas = (0..count).map(nth).collect();
                let cancel = Command::CancelReassignment { topic: topic.clone(), partition };
                let moving = Command::ReassignPartition { topic, partition, replicas };
                // Most moves have ended by then.
                let cancel_us = if one < 6 { at_us + for_us / 20 } else { at_us + for_us };
                vec![(at_us, moving), (cancel_us, cancel)]
            }
            _ => {
                let is_unclean = matches!(kind, Kind::ElectUnclean);
                let election =
                    if is_unclean { ElectionType::Unclean } else { ElectionType::Preferred };
                vec![(at_us, Command::ElectLeader { topic, partition, election })]
            }
        }
    }

    /// A link one of whose ends is a broker.
    fn link(self, names: &[Arc<str>], brokers: u16, other: u16) -> (Arc<str>, Arc<str>) {
        let broker = 1 + self.nodes.0 % brokers;
        let others = (0..names.len()).filter(|&index| index != usize::from(broker));
        let others: Vec<usize> = others.collect();
        let other = others[usize::from(other) % others.len()];
        let ends = [names[usize::from(broker)].clone(), names[other].clone()];
        let [one, two] = ends;
        if self.extra_us.is_multiple_of(2) { (one, two) } else { (two, one) }
    }
}
