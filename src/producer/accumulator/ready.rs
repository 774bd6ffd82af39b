//! Which brokers have data to be sent (`RecordAccumulator.ready`), and when to look again.

use crate::engine::{Micros, NodeId};

use super::super::Cluster;
use super::RecordAccumulator;

/// What a look at the accumulator found.
#[derive(Clone, Debug, Default)]
pub struct Readiness {
    /// Leaders of partitions that have data to be sent, in the order they were found.
    pub nodes: Vec<NodeId>,
    /// Shortest time until a partition of any other leader has, in µs.
    pub next_check_us: Option<Micros>,
    /// The same, over all partitions.
    pub next_change_us: Option<Micros>,
    /// There is data for a partition without a leader.
    pub has_unknown_leader: bool,
}

fn keep_shorter(shortest: &mut Option<Micros>, us: Micros) {
    *shortest = Some(shortest.map_or(us, |s| s.min(us)));
}

impl RecordAccumulator {
    /// Looks at the head of every queue. On the way it weighs the partitions for the built-in
    /// partitioner.
    pub fn ready(&mut self, now: Micros, cluster: &Cluster, found: &mut Readiness) {
        found.nodes.clear();
        found.next_check_us = None;
        found.next_change_us = None;
        found.has_unknown_leader = false;
        let used = self.partitions.iter().filter(|partition| partition.was_used).count();
        let weighs = self.is_adaptive && used > 0 && used >= cluster.partition_count();
        self.queue_sizes.clear();
        self.queue_partitions.clear();
        if weighs {
            self.queue_sizes.resize(used, 0);
            self.queue_partitions.resize(used, 0);
        }
        let mut weighed = 0;
        let nothing_lingers = self.is_exhausted || self.is_closed || self.is_flushing;
        for (index, partition) in self.partitions.iter_mut().enumerate() {
            if !partition.was_used {
                continue;
            }
            let index = index as u16;
            let leader = cluster.leader(index);
            let slot = weighed;
            if weighs && leader.is_some() {
                self.queue_partitions[slot] = index;
                weighed += 1;
            }
            let queued = partition.queue.len();
            let Some(head) = partition.queue.front_mut() else { continue };
            head.maybe_update_leader_epoch(cluster.leader_epoch(index));
            let Some(leader) = leader else {
                found.has_unknown_leader = true;
                continue;
            };
            if weighs {
                self.queue_sizes[slot] = queued as u32;
                let stats = self.nodes.iter().find(|stats| stats.node == leader);
                let is_slow = stats.is_some_and(|stats| {
                    stats.ready_us.saturating_sub(stats.drained_us) > self.availability_timeout_us
                });
                if self.availability_timeout_us > 0 && is_slow {
                    weighed -= 1;
                }
            }
            if partition.is_muted {
                continue;
            }
            let is_backing_off = head.is_backing_off(now);
            let is_sendable = nothing_lingers || queued > 1 || head.is_full();
            let wait_us = if is_backing_off { head.backoff_us() } else { self.linger_us };
            let left_us = wait_us.saturating_sub(head.waited_us(now));
            let is_ready = !is_backing_off && (is_sendable || left_us == 0);
            if found.nodes.contains(&leader) {
                if !is_ready {
                    keep_shorter(&mut found.next_change_us, left_us);
                }
            } else if is_ready {
                found.nodes.push(leader);
            } else {
                keep_shorter(&mut found.next_check_us, left_us);
                keep_shorter(&mut found.next_change_us, left_us);
            }
        }
        if weighs {
            self.partitioner.update_load(&self.queue_sizes, &self.queue_partitions, weighed);
        } else {
            self.partitioner.forget_load();
        }
    }
}
