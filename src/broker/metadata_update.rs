//! New metadata: the image moves on, and replicas lead, follow or go (Kafka's
//! `BrokerMetadataPublisher`).

use super::Broker;
use super::replica_manager::Reassigned;
use crate::engine::SortedSet;
use crate::node::Ctx;
use crate::protocol::{
    CONSUMER_OFFSETS, MetadataRecord, MetadataUpdate, TRANSACTION_STATE, TopicPartition,
};

impl Broker {
    pub(super) fn on_metadata_update(&mut self, ctx: &mut Ctx<'_>, update: &MetadataUpdate) {
        if !self.image.apply_update(update) {
            return;
        }
        self.lifecycle.on_metadata(ctx, &self.image);
        if self.is_caught_up {
            let mut changed = SortedSet::new();
            for record in update.records.iter() {
                match record {
                    MetadataRecord::Partition { tp, .. } => drop(changed.insert(*tp)),
                    MetadataRecord::RemoveTopic { topic, .. } => {
                        changed.extend(self.replicas.partitions_of(*topic));
                        let name = self.image.topic_name(*topic);
                        let name = name.cloned().unwrap_or_default();
                        self.groups.on_topic_deleted(ctx, *topic, &name, &mut self.replicas);
                    }
                    _ => {}
                }
            }
            let configs_changed = update.records.iter().any(|record| {
                use MetadataRecord::{BrokerConfig, TopicConfig};
                matches!(record, TopicConfig { .. } | BrokerConfig { .. })
            });
            self.publish(ctx, changed, configs_changed);
        } else if self.image.broker(self.id).map(|own| own.broker_epoch) != self.stale_epoch {
            // The image now has this process's own registration, and all that came before it.
            self.is_caught_up = true;
            let known = self.image.partitions().map(|(tp, _)| tp);
            // Topics may have been deleted while it was away.
            let all = known.chain(self.replicas.partitions()).collect();
            self.publish(ctx, all, true);
            self.connections.open();
        }
    }

    fn publish(
        &mut self,
        ctx: &mut Ctx<'_>,
        changed: SortedSet<TopicPartition>,
        configs_changed: bool,
    ) {
        self.replicas.on_metadata(&self.image, configs_changed);
        let own = self.image.broker(self.id);
        self.fetchers.set_broker_epoch(own.map_or(-1, |own| own.broker_epoch));
        let leads_now = |tp: &TopicPartition| {
            self.image.partition(*tp).is_some_and(|p| p.leader == Some(self.id))
        };
        // Leaders first, as Kafka does.
        let (leaders, others): (Vec<_>, Vec<_>) = changed.into_iter().partition(leads_now);
        let cause = ctx.cause;
        for tp in leaders.into_iter().chain(others) {
            ctx.cause = cause;
            self.publish_partition(ctx, tp);
        }
        ctx.cause = cause;
        self.fetchers.run_all(ctx);
    }

    fn publish_partition(&mut self, ctx: &mut Ctx<'_>, tp: TopicPartition) {
        let resigned = match self.replicas.assign(ctx, &self.image, tp) {
            Reassigned::Same => return,
            Reassigned::Leads { newly } => {
                self.fetchers.stop(tp);
                if newly {
                    self.on_elected(ctx, tp);
                }
                false
            }
            Reassigned::Follows { resigned } => {
                self.follow(tp);
                resigned
            }
            Reassigned::Gone { resigned } => {
                self.fetchers.stop(tp);
                resigned
            }
        };
        if resigned {
            match self.is_of(CONSUMER_OFFSETS, tp) {
                true => self.groups.on_resigned(ctx, tp),
                false if self.is_of(TRANSACTION_STATE, tp) => {
                    self.transactions.on_resigned(ctx, tp);
                }
                false => {}
            }
        }
    }

    pub(super) fn is_of(&self, topic: &str, tp: TopicPartition) -> bool {
        self.image.topic_id(topic) == Some(tp.topic)
    }

    /// Leads a partition: a coordinator's one is read.
    fn on_elected(&mut self, ctx: &mut Ctx<'_>, tp: TopicPartition) {
        let is_groups = self.is_of(CONSUMER_OFFSETS, tp);
        if !is_groups && !self.is_of(TRANSACTION_STATE, tp) {
            return;
        }
        let Self { groups, transactions, image, replicas, .. } = self;
        let Some(replica) = replicas.replica(tp) else { return };
        if is_groups {
            groups.on_elected(ctx, tp, replica.log().batches(), image);
        } else {
            let (epoch, batches) = (replica.leader_epoch(), replica.log().batches().to_vec());
            transactions.on_elected(ctx, tp, epoch, &batches, image, replicas);
        }
    }

    /// Begins to fetch in a new leader epoch, or stops when there is nobody to fetch from.
    fn follow(&mut self, tp: TopicPartition) {
        let Some(registration) = self.image.partition(tp) else { return };
        // In controlled shutdown a replica is stopped once it has left the ISR.
        let is_leaving = self.lifecycle.is_shutting_down() && !registration.isr.contains(&self.id);
        match registration.leader.filter(|_| !is_leaving) {
            Some(leader) => self.fetchers.follow(&self.replicas, tp, leader),
            None => self.fetchers.stop(tp),
        }
    }
}
