//! What a producer looks like from outside.

use crate::config::Scope;
use crate::engine::Micros;
use crate::view::{ProcessState, ProducerTransactionView, ProducerView, QueueView};

use super::accumulator::PartitionQueue;
use super::{Pace, Producer};

impl Producer {
    /// Its picture. Whether the process runs is the cluster's to say.
    pub fn view(&self, now: Micros) -> ProducerView {
        let partitions = self.sender.accumulator.partitions().iter().enumerate();
        let config = self.spec.client.shown(Scope::Producer, &self.spec.config);
        ProducerView {
            id: self.id,
            name: self.spec.name.clone(),
            process: ProcessState::Running,
            topic: self.spec.topic.clone(),
            interval_us: match self.spec.workload.pace {
                Pace::Manual => None,
                Pace::Every(us) | Pace::Poisson(us) => Some(us),
            },
            client: self.spec.client.name(),
            config: config.iter().map(|(k, v)| (k.to_owned(), v.to_owned())).collect(),
            queues: partitions
                .filter_map(|(index, queue)| self.queue_view(now, index as u16, queue))
                .collect(),
            in_flight: self.sender.in_flight() as u32,
            buffer_used: self.sender.accumulator.used_bytes(),
            idempotent: self.config.enable_idempotence,
            transaction: self.transaction_view(),
        }
    }

    fn transaction_view(&self) -> Option<ProducerTransactionView> {
        let state = self.sender.transaction()?.state().name();
        let idempotence = self.sender.accumulator.idempotence();
        let producer = idempotence.and_then(super::TransactionManager::producer);
        Some(ProducerTransactionView { state, producer, records: self.transactions.records })
    }

    fn queue_view(&self, now: Micros, partition: u16, queue: &PartitionQueue) -> Option<QueueView> {
        let (head, newest) = (queue.queue.front()?, queue.queue.back()?);
        let must_linger = queue.queue.len() == 1 && !head.is_full() && !head.in_retry();
        let linger_us = self.sender.accumulator.linger_us();
        let fill_permille = u64::from(newest.size_bytes()) * 1000 / u64::from(newest.limit_bytes());
        Some(QueueView {
            tp: self.sender.topic_partition(partition),
            batches: queue.queue.len() as u32,
            records: queue.queue.iter().map(|batch| batch.record_count() as u32).sum(),
            bytes: queue.queue.iter().map(|batch| batch.size_bytes()).sum(),
            fill_permille: fill_permille as u32,
            linger_left_us: must_linger.then(|| linger_us.saturating_sub(head.waited_us(now))),
        })
    }
}
