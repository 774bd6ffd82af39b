//! Crashes, restarts, cuts and elections at random, with the invariants of the log held after each.

use super::controller::TOPIC;
use super::net::Net;
use crate::broker::Partition;
use crate::engine::{NodeId, Rng};
use crate::events::Event;
use crate::protocol::TopicPartition;

const SECOND: u64 = 1_000_000;
const PARTITIONS: u16 = 2;

fn partitions() -> impl Iterator<Item = TopicPartition> {
    (0..PARTITIONS).map(|partition| TopicPartition::new(TOPIC, partition))
}

fn replica(net: &Net, id: NodeId, tp: TopicPartition) -> Option<&Partition> {
    net.brokers[&id].replica(tp)
}

/// Whether both have the same below `offset`.
fn agree(one: &Partition, other: &Partition, offset: i64) -> bool {
    let below = |p: &Partition| {
        let batches = p.log().batches().iter().filter(|batch| batch.next_offset() <= offset);
        batches.cloned().collect::<Vec<_>>()
    };
    below(one) == below(other)
}

fn check(net: &Net) {
    for tp in partitions() {
        let registration = net.controller.image.partition(tp).expect("created");
        let replicas = net.brokers.keys().filter_map(|&id| Some((id, replica(net, id, tp)?)));
        let replicas: Vec<_> = replicas.collect();
        for &(id, one) in &replicas {
            let hw = one.high_watermark();
            assert!(one.log_start() <= hw && hw <= one.leo(), "I3");
            if one.is_leader() && net.alive.contains(&id) {
                for &(_, member) in replicas.iter().filter(|(id, _)| registration.isr.contains(id))
                {
                    assert!(member.leo() >= hw && agree(one, member, hw), "I2 {tp:?} {id:?}");
                }
                let epochs = net.controller.leaders.iter();
                let same = epochs.filter(|l| l.0 == tp && l.1 == one.leader_epoch());
                assert!(same.clone().count() >= 1 && same.clone().all(|l| l.2 == id), "I5");
            }
            for &(_, other) in &replicas {
                let shared = one.log().batches().iter().rfind(|batch| {
                    let place = (batch.base_offset, batch.leader_epoch);
                    other.log().batches().iter().any(|b| (b.base_offset, b.leader_epoch) == place)
                });
                let up_to = shared.map_or(0, |batch| batch.next_offset());
                assert!(agree(one, other, up_to), "I4 {tp:?}");
            }
            let batches = one.log().batches();
            assert!(batches.windows(2).all(|w| w[0].next_offset() == w[1].base_offset), "I5");
            let rise = |w: &[crate::record::LoggedBatch]| {
                w[0].batch.last_sequence() + 1 == w[1].batch.base_sequence
            };
            assert!(batches.windows(2).all(rise), "I10");
        }
    }
}

/// HighWatermarkAdvanced is monotone for a leader within its epoch.
fn check_events(net: &Net) {
    let mut last = std::collections::BTreeMap::new();
    for (_, node, event) in &net.world.events {
        match event {
            Event::BecameLeader { tp, .. } | Event::BecameFollower { tp, .. } => {
                last.remove(&(*node, *tp));
            }
            Event::HighWatermarkAdvanced { tp, from, to } => {
                assert!(from < to);
                let before = last.insert((*node, *tp), *to);
                assert!(before.is_none_or(|before| before <= *from), "I3");
            }
            _ => {}
        }
    }
}

fn run(seed: u64) {
    let mut rng = Rng::stream(seed, 99);
    let config = [("replica.lag.time.max.ms", "2000"), ("replica.socket.timeout.ms", "3000")];
    let mut net = Net::new(PARTITIONS, "2", &config);
    for _ in 0..150 {
        let id = NodeId(1 + rng.below(3) as u16);
        let tp = TopicPartition::new(TOPIC, rng.below(u32::from(PARTITIONS)) as u16);
        match rng.below(12) {
            0 if net.alive.len() > 1 && net.alive.contains(&id) => net.kill(id),
            1 | 2 if !net.alive.contains(&id) => net.start(id),
            3 if !net.alive.contains(&id) => net.controller.fence(id),
            4 => net.controller.move_leader(tp, id),
            5 => {
                let other = NodeId(rng.below(4) as u16);
                net.world.cut.insert((id, other));
            }
            6 => net.world.cut.clear(),
            7 => net.controller.fence(id),
            _ => net.produce(tp, 1 + rng.below(3) as usize),
        }
        let for_us = if rng.below(4) == 0 { rng.below(3_000_000) } else { rng.below(5_000) };
        net.run(for_us.into());
        check(&net);
    }
    net.world.cut.clear();
    (1..=3)
        .map(NodeId)
        .filter(|id| !net.alive.contains(id))
        .collect::<Vec<_>>()
        .into_iter()
        .for_each(|id| net.start(id));
    net.run(120 * SECOND);
    check(&net);
    check_events(&net);
    for tp in partitions() {
        let registration = net.controller.image.partition(tp).expect("created");
        assert_eq!(registration.isr.len(), 3, "seed {seed}: all are back");
        let ends: Vec<_> = (1..=3)
            .filter_map(|id| replica(&net, NodeId(id), tp))
            .map(|replica| (replica.leo(), replica.high_watermark()))
            .collect();
        assert!(ends.iter().all(|&end| end == (ends[0].0, ends[0].0)), "seed {seed}: {ends:?}");
        let queue = &net.producer.queues.get(&tp);
        assert!(queue.is_none_or(|(_, queue)| queue.is_empty()), "seed {seed}: all acknowledged");
        let log = replica(&net, NodeId(1), tp).expect("hosted").log();
        for &(_, sequence, offset) in net.producer.acked.iter().filter(|acked| acked.0 == tp) {
            let found = log.batches().iter().find(|batch| batch.base_offset == offset);
            assert_eq!(found.map(|b| b.batch.base_sequence), Some(sequence), "I8, seed {seed}");
        }
    }
}

#[test]
fn invariants_hold_through_crashes_cuts_and_elections() {
    (0..100).for_each(run);
}
