//! Puts the parts of a view together.

use crate::engine::{NodeId, sort_by, sort_by_key};
use crate::protocol::{
    Body, ErrorCode, FetchResponse, QuorumAnswer, QuorumRequest, Request, Response, TopicPartition,
    is_internal_topic,
};
use crate::record::LoggedBatch;
use crate::view::{
    BrokerView, ControllerView, MessageView, PartitionView, TopicView, TransactionView, View,
};

use super::Cluster;
use super::slot::Machine;
use super::world::Wake;

impl Cluster {
    /// A picture of the cluster now.
    pub fn view(&self) -> View {
        let image = self.metadata();
        let active_id = self.active_controller();
        let active = active_id.and_then(|id| self.controller_at(id));
        let mut controllers = Vec::new();
        let mut brokers = Vec::new();
        let mut producers = Vec::new();
        let mut consumers = Vec::new();
        let mut groups = Vec::new();
        let mut transactions = Vec::new();
        for (index, slot) in self.slots.iter().enumerate() {
            let Some(slot) = slot else { continue };
            let id = NodeId(index as u16);
            match &slot.machine {
                Machine::Controller(controller) => controllers.push(ControllerView {
                    id,
                    process: slot.process,
                    is_active: active_id == Some(id),
                    epoch: controller.epoch(),
                }),
                Machine::Broker(broker) => {
                    brokers.push(BrokerView {
                        id,
                        process: slot.process,
                        fenced: image.broker(id).is_none_or(|b| b.fenced),
                        session_ends_us: active.and_then(|active| active.session_ends_us(id)),
                        has_power: !self.world.is_off(id),
                        slow_disk_us: broker.slow_disk_us(),
                        disk_full: broker.is_disk_full(),
                        replicas: broker.replica_views(image),
                    });
                    if slot.is_running() {
                        groups.extend(broker.groups().views());
                        transactions.extend(broker.transactions().views());
                    }
                }
                Machine::Producer(producer) => {
                    let mut view = producer.view(self.now());
                    (view.id, view.process) = (id, slot.process);
                    producers.push(view);
                }
                Machine::Consumer(application) => {
                    let mut view = application.consumer().view(self.now());
                    (view.id, view.process) = (id, slot.process);
                    consumers.push(view);
                }
            }
        }
        sort_by(&mut groups, |a, b| a.group.cmp(&b.group));
        sort_by(&mut transactions, |a: &TransactionView, b| {
            a.transactional_id.cmp(&b.transactional_id)
        });
        let topics = image.topics().iter().map(|(&id, topic)| TopicView {
            id,
            name: topic.name.clone(),
            internal: is_internal_topic(&topic.name),
            config: topic.config.iter().map(|(k, v)| (k.into(), v.into())).collect(),
            partitions: topic
                .partitions
                .iter()
                .map(|p| PartitionView {
                    leader: p.leader,
                    leader_epoch: p.leader_epoch,
                    replicas: p.replicas.clone(),
                    isr: p.isr.clone(),
                    elr: p.elr.clone(),
                    adding: p.adding_replicas.clone(),
                    removing: p.removing_replicas.clone(),
                })
                .collect(),
        });
        let network = &self.world.network;
        View {
            at_us: self.now(),
            controllers,
            topics: topics.collect(),
            brokers,
            producers,
            consumers,
            groups,
            transactions,
            cut_links: self.links().filter(|&(from, to)| network.is_cut(from, to)).collect(),
            slow_nodes: network.slow_nodes().to_vec(),
            slow_links: self.slow_links(),
            paused: self.world.paused().collect(),
            waiting: self.world.waiting(),
        }
    }

    fn links(&self) -> impl Iterator<Item = (NodeId, NodeId)> {
        let nodes = || (0..self.slots.len() as u16).map(NodeId);
        let there = move |node: &NodeId| self.slot(*node).is_some();
        nodes().filter(there).flat_map(move |from| nodes().filter(there).map(move |to| (from, to)))
    }

    fn slow_links(&self) -> Vec<(NodeId, NodeId, u64)> {
        let link = |(from, to)| (from, to, self.world.network.link_latency_us(from, to));
        self.links().map(link).filter(|(_, _, extra_us)| *extra_us > 0).collect()
    }

    /// Messages on their way, in order of departure.
    pub fn messages(&self) -> Vec<MessageView> {
        let mut messages: Vec<MessageView> = self
            .world
            .queue
            .iter()
            .filter_map(|(arrives_us, wake)| {
                let Wake::Message { id, envelope } = wake else { return None };
                let (api, is_request) = match &envelope.body {
                    Body::Request(_, request) => (request_api(request), true),
                    Body::Response(_, response) => (response_api(response), false),
                    Body::Disconnected => return None,
                };
                let cargo = Cargo::of(&envelope.body);
                Some(MessageView {
                    id: *id,
                    from: envelope.from,
                    to: envelope.to,
                    channel: envelope.channel,
                    api,
                    is_request,
                    sent_us: envelope.sent_us,
                    arrives_us,
                    bytes: envelope.bytes,
                    records: cargo.records,
                    tp: cargo.tp,
                    error: cargo.error,
                })
            })
            .collect();
        sort_by_key(&mut messages, |message| message.id);
        messages
    }
}

/// What a message carries, in brief.
#[derive(Default)]
struct Cargo {
    records: u32,
    tp: Option<TopicPartition>,
    error: Option<ErrorCode>,
}

impl Cargo {
    fn of(body: &Body) -> Self {
        match body {
            Body::Request(_, Request::Produce(produce)) => {
                let mut cargo = Self::default();
                let mut most = 0;
                for (tp, batch) in &produce.batches {
                    let records = batch.count() as u32;
                    cargo.add(*tp, records, &mut most);
                }
                cargo
            }
            Body::Response(_, Response::Produce(produce)) => Self {
                records: 0,
                tp: produce.partitions.first().map(|p| p.tp),
                error: produce.partitions.iter().find_map(|p| p.error),
            },
            Body::Response(_, Response::Fetch(fetch)) => Self::of_fetch(fetch),
            Body::Response(_, Response::OffsetCommit(commit)) => Self {
                error: commit.partitions.iter().find_map(|(_, error)| *error),
                ..Self::default()
            },
            Body::Response(_, Response::Heartbeat(error)) => {
                Self { error: *error, ..Self::default() }
            }
            Body::Response(_, Response::JoinGroup(join)) => {
                Self { error: join.error, ..Self::default() }
            }
            Body::Response(_, Response::SyncGroup(sync)) => {
                Self { error: sync.error, ..Self::default() }
            }
            _ => Self::default(),
        }
    }

    fn of_fetch(fetch: &FetchResponse) -> Self {
        let mut cargo = Self { error: fetch.error, ..Self::default() };
        let mut most = 0;
        for partition in &fetch.partitions {
            let records =
                partition.batches.iter().map(|b: &LoggedBatch| b.batch.count()).sum::<i64>();
            cargo.add(partition.tp, records as u32, &mut most);
            cargo.error = cargo.error.or(partition.error);
        }
        cargo
    }

    fn add(&mut self, tp: TopicPartition, records: u32, most: &mut u32) {
        self.records += records;
        if records > *most {
            *most = records;
            self.tp = Some(tp);
        }
    }
}

fn request_api(request: &Request) -> &'static str {
    match request {
        Request::Produce(_) => "Produce",
        Request::Fetch(_) => "Fetch",
        Request::ListOffsets(_) => "ListOffsets",
        Request::DeleteRecords(_) => "DeleteRecords",
        Request::OffsetForLeaderEpoch(_) => "OffsetForLeaderEpoch",
        Request::Metadata => "Metadata",
        Request::InitProducerId(_) => "InitProducerId",
        Request::AddPartitionsToTxn(_) => "AddPartitionsToTxn",
        Request::EndTxn(_) => "EndTxn",
        Request::WriteTxnMarkers(_) => "WriteTxnMarkers",
        Request::FindCoordinator(_) => "FindCoordinator",
        Request::JoinGroup(_) => "JoinGroup",
        Request::SyncGroup(_) => "SyncGroup",
        Request::Heartbeat(_) => "Heartbeat",
        Request::LeaveGroup(_) => "LeaveGroup",
        Request::ConsumerGroupHeartbeat(_) => "ConsumerGroupHeartbeat",
        Request::OffsetCommit(_) => "OffsetCommit",
        Request::TxnOffsetCommit(_) => "TxnOffsetCommit",
        Request::OffsetFetch(_) => "OffsetFetch",
        Request::BrokerRegistration(_) => "BrokerRegistration",
        Request::BrokerHeartbeat(_) => "BrokerHeartbeat",
        Request::AlterPartition(_) => "AlterPartition",
        Request::MetadataUpdate(_) => "MetadataUpdate",
        Request::Quorum(request) => match **request {
            QuorumRequest::Vote { .. } => "Vote",
            QuorumRequest::BeginQuorumEpoch { .. } => "BeginQuorumEpoch",
            QuorumRequest::Fetch { .. } => "Fetch",
        },
        Request::Admin(_) => "Admin",
    }
}

fn response_api(response: &Response) -> &'static str {
    match response {
        Response::Produce(_) => "Produce",
        Response::Fetch(_) => "Fetch",
        Response::ListOffsets(_) => "ListOffsets",
        Response::DeleteRecords(_) => "DeleteRecords",
        Response::OffsetForLeaderEpoch(_) => "OffsetForLeaderEpoch",
        Response::Metadata(_) => "Metadata",
        Response::InitProducerId(_) => "InitProducerId",
        Response::AddPartitionsToTxn(_) => "AddPartitionsToTxn",
        Response::EndTxn(_) => "EndTxn",
        Response::WriteTxnMarkers(_) => "WriteTxnMarkers",
        Response::FindCoordinator(_) => "FindCoordinator",
        Response::JoinGroup(_) => "JoinGroup",
        Response::SyncGroup(_) => "SyncGroup",
        Response::Heartbeat(_) => "Heartbeat",
        Response::LeaveGroup(_) => "LeaveGroup",
        Response::ConsumerGroupHeartbeat(_) => "ConsumerGroupHeartbeat",
        Response::OffsetCommit(_) => "OffsetCommit",
        Response::TxnOffsetCommit(_) => "TxnOffsetCommit",
        Response::OffsetFetch(_) => "OffsetFetch",
        Response::BrokerRegistration(_) => "BrokerRegistration",
        Response::BrokerHeartbeat(_) => "BrokerHeartbeat",
        Response::AlterPartition(_) => "AlterPartition",
        Response::Quorum(response) => match response.answer {
            QuorumAnswer::Vote(_) => "Vote",
            QuorumAnswer::BeginQuorumEpoch => "BeginQuorumEpoch",
            QuorumAnswer::Fetch(_) | QuorumAnswer::Refused => "Fetch",
        },
        Response::NotController(_) => "NOT_CONTROLLER",
        Response::Admin(_) => "Admin",
    }
}
