//! AlterPartition: a leader asks to change ISRs (KIP-497, KIP-841, KIP-903).

use crate::engine::NodeId;
use crate::events::ShrinkReason;
use crate::node::Ctx;
use crate::protocol::{
    AlterPartition, AlterPartitionRequest, AlterPartitionResponse, ErrorCode,
    PartitionRegistration, Response, TopicPartition,
};

use super::Controller;
use super::caller::Caller;

const RESPONSE_BYTES: u32 = 30;
const PARTITION_BYTES: u32 = 40;

impl Controller {
    pub(super) fn on_alter_partition(
        &mut self,
        ctx: &mut Ctx<'_>,
        caller: Caller,
        request: &AlterPartitionRequest,
    ) {
        let error = self.check_broker_epoch(request.broker, request.broker_epoch).err();
        let mut partitions = Vec::new();
        if error.is_none() {
            for wanted in &request.partitions {
                let result = self.alter_partition(ctx, request.broker, wanted);
                partitions.push((wanted.tp, result));
            }
        }
        let bytes = RESPONSE_BYTES + PARTITION_BYTES * partitions.len() as u32;
        let response = Box::new(AlterPartitionResponse { error, partitions });
        caller.reply(ctx, bytes, Response::AlterPartition(response));
    }

    fn alter_partition(
        &mut self,
        ctx: &mut Ctx<'_>,
        broker: NodeId,
        wanted: &AlterPartition,
    ) -> Result<PartitionRegistration, ErrorCode> {
        let before = self.validate(broker, wanted)?;
        let isr: Vec<_> = wanted.new_isr.iter().map(|&(member, _)| member).collect();
        let image = self.log.image();
        let change = self.changing(wanted.tp, before).isr(isr).build(|r| image.is_active(r));
        let Some(change) = change else { return Ok(before.clone()) };
        let after = change.registration.clone();
        self.change(ctx, wanted.tp, change, ShrinkReason::Lag);
        // Only the end of a reassignment takes the leadership from who asks.
        if after.leader == Some(broker) { Ok(after) } else { Err(ErrorCode::NewLeaderElected) }
    }

    /// In Kafka's order: of two faults the first one is told.
    fn validate(
        &self,
        broker: NodeId,
        wanted: &AlterPartition,
    ) -> Result<&PartitionRegistration, ErrorCode> {
        let TopicPartition { topic, partition } = wanted.tp;
        let topic = self.image().topic(topic).ok_or(ErrorCode::UnknownTopicId)?;
        let partition = topic
            .partitions
            .get(usize::from(partition))
            .ok_or(ErrorCode::UnknownTopicOrPartition)?;
        if wanted.leader_epoch > partition.leader_epoch
            || wanted.partition_epoch > partition.partition_epoch
        {
            return Err(ErrorCode::NotController);
        }
        if wanted.leader_epoch < partition.leader_epoch {
            return Err(ErrorCode::FencedLeaderEpoch);
        }
        if partition.leader != Some(broker) {
            return Err(ErrorCode::InvalidRequest);
        }
        if wanted.partition_epoch < partition.partition_epoch {
            return Err(ErrorCode::InvalidUpdateVersion);
        }
        if !is_valid_isr(partition, &wanted.new_isr) {
            return Err(ErrorCode::InvalidRequest);
        }
        if !wanted.new_isr.iter().all(|&(member, epoch)| self.is_eligible(member, epoch)) {
            return Err(ErrorCode::IneligibleReplica);
        }
        Ok(partition)
    }

    fn is_eligible(&self, member: NodeId, epoch: i64) -> bool {
        self.image().is_active(member)
            && (epoch == -1 || self.image().broker(member).is_some_and(|b| b.broker_epoch == epoch))
    }
}

/// Replicas of the partition, each once, the leader among them.
fn is_valid_isr(partition: &PartitionRegistration, isr: &[(NodeId, i64)]) -> bool {
    let is_new = |index: usize, member: NodeId| isr[..index].iter().all(|&(m, _)| m != member);
    isr.iter()
        .enumerate()
        .all(|(index, &(m, _))| partition.replicas.contains(&m) && is_new(index, m))
        && isr.iter().any(|&(member, _)| Some(member) == partition.leader)
}

#[cfg(test)]
mod tests;
