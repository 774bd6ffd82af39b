//! A controller just good enough for brokers: registrations, fencing, elections, AlterPartition.

use crate::engine::NodeId;
use crate::metadata::MetadataImage;
use crate::protocol::{
    AlterPartition, AlterPartitionResponse, BrokerHeartbeatResponse, BrokerRegistration,
    BrokerRegistrationResponse, ErrorCode, MetadataRecord, PartitionRegistration, Request,
    Response, TopicId, TopicPartition,
};

pub const TOPIC: TopicId = TopicId(0);

/// The metadata log with its writer.
#[derive(Default)]
pub struct Controller {
    pub records: Vec<MetadataRecord>,
    pub image: MetadataImage,
    /// Every leader ever chosen: partition, epoch, leader.
    pub leaders: Vec<(TopicPartition, i32, NodeId)>,
}

impl Controller {
    fn write(&mut self, record: MetadataRecord) {
        self.image.apply(&record);
        self.records.push(record);
    }

    pub fn create_topic(&mut self, partitions: u16, min_insync_replicas: &str) {
        self.write(MetadataRecord::Topic { topic: TOPIC, name: "orders".into() });
        self.write(MetadataRecord::TopicConfig {
            topic: TOPIC,
            key: "min.insync.replicas".into(),
            value: Some(min_insync_replicas.into()),
        });
        for partition in 0..partitions {
            let order = (0..3).map(|i| NodeId((partition + i) % 3 + 1));
            let replicas: Vec<_> = order.collect();
            let registration = PartitionRegistration {
                isr: replicas.clone(),
                leader: Some(replicas[0]),
                replicas,
                leader_epoch: 0,
                partition_epoch: 0,
                ..PartitionRegistration::default()
            };
            self.change(TopicPartition::new(TOPIC, partition), registration);
        }
    }

    fn change(&mut self, tp: TopicPartition, registration: PartitionRegistration) {
        if let Some(leader) = registration.leader {
            self.leaders.push((tp, registration.leader_epoch, leader));
        }
        self.write(MetadataRecord::Partition { tp, registration });
    }

    fn set_fenced(&mut self, broker: NodeId, fenced: bool) {
        let Some(mut registration) = self.image.broker(broker).cloned() else { return };
        registration.fenced = fenced;
        self.write(MetadataRecord::Broker { broker, registration });
        self.elect_where_needed();
    }

    /// The broker's session ran out.
    pub fn fence(&mut self, broker: NodeId) {
        self.set_fenced(broker, true);
    }

    fn elect_where_needed(&mut self) {
        let partitions: Vec<_> = self.image.partitions().map(|(tp, p)| (tp, p.clone())).collect();
        for (tp, old) in partitions {
            let mut new = old.clone();
            new.isr.retain(|&id| self.image.is_active(id));
            if new.isr.is_empty() {
                new.isr = old.isr[..1].to_vec();
                if let Some(last) = old.leader.filter(|leader| old.isr.contains(leader)) {
                    new.isr = vec![last];
                }
            }
            let eligible = |id: &NodeId| new.isr.contains(id) && self.image.is_active(*id);
            let kept = old.leader.filter(eligible);
            new.leader = kept.or_else(|| new.replicas.iter().copied().find(eligible));
            if new != old {
                new.leader_epoch += i32::from(new.leader != old.leader);
                new.partition_epoch += 1;
                self.change(tp, new);
            }
        }
    }

    /// Moves a leadership to another ISR member.
    pub fn move_leader(&mut self, tp: TopicPartition, to: NodeId) {
        let Some(mut new) = self.image.partition(tp).cloned() else { return };
        if new.leader.is_some() && new.leader != Some(to) && new.isr.contains(&to) {
            new.leader = Some(to);
            new.leader_epoch += 1;
            new.partition_epoch += 1;
            self.change(tp, new);
        }
    }

    /// Answers a broker.
    pub fn answer(&mut self, request: Request) -> Response {
        match request {
            Request::BrokerRegistration(request) => {
                let broker_epoch = self.records.len() as i64;
                let registration = BrokerRegistration {
                    rack: None,
                    broker_epoch,
                    fenced: true,
                    in_controlled_shutdown: false,
                };
                self.write(MetadataRecord::Broker { broker: request.broker, registration });
                self.elect_where_needed();
                Response::BrokerRegistration(BrokerRegistrationResponse {
                    result: Ok(broker_epoch),
                })
            }
            Request::BrokerHeartbeat(request) => {
                let own = self.image.broker(request.broker).cloned();
                let is_caught_up = own.as_ref().is_some_and(|own| {
                    own.broker_epoch == request.broker_epoch
                        && own.broker_epoch < request.metadata_offset
                });
                let fenced = own.is_none_or(|own| own.fenced);
                if fenced && is_caught_up && !request.want_fence {
                    self.set_fenced(request.broker, false);
                }
                let is_fenced = self.image.broker(request.broker).is_none_or(|own| own.fenced);
                Response::BrokerHeartbeat(BrokerHeartbeatResponse {
                    error: None,
                    is_caught_up,
                    is_fenced,
                    should_shut_down: request.want_shut_down,
                })
            }
            Request::AlterPartition(request) => {
                let broker = request.broker;
                let stale = self.image.broker(broker).map(|own| own.broker_epoch)
                    != Some(request.broker_epoch);
                let alter = |change: AlterPartition| (change.tp, self.alter(broker, &change));
                Response::AlterPartition(Box::new(if stale {
                    let error = Some(ErrorCode::StaleBrokerEpoch);
                    AlterPartitionResponse { error, partitions: Vec::new() }
                } else {
                    let partitions = request.partitions.into_iter().map(alter).collect();
                    AlterPartitionResponse { error: None, partitions }
                }))
            }
            other => panic!("not for a controller: {other:?}"),
        }
    }

    fn alter(
        &mut self,
        broker: NodeId,
        change: &AlterPartition,
    ) -> Result<PartitionRegistration, ErrorCode> {
        let current = self.image.partition(change.tp).ok_or(ErrorCode::UnknownTopicId)?;
        if change.leader_epoch < current.leader_epoch {
            return Err(ErrorCode::FencedLeaderEpoch);
        }
        if current.leader != Some(broker) {
            return Err(ErrorCode::InvalidRequest);
        }
        if change.partition_epoch < current.partition_epoch {
            return Err(ErrorCode::InvalidUpdateVersion);
        }
        let ineligible = |&(id, epoch): &(NodeId, i64)| {
            !self.image.is_active(id)
                || epoch != -1
                    && self.image.broker(id).is_none_or(|known| known.broker_epoch != epoch)
        };
        if change.new_isr.iter().any(ineligible) {
            return Err(ErrorCode::IneligibleReplica);
        }
        let mut new = current.clone();
        new.isr = change.new_isr.iter().map(|&(id, _)| id).collect();
        new.partition_epoch += 1;
        self.change(change.tp, new.clone());
        Ok(new)
    }
}
