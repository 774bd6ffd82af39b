//! Short stories: replication, a restart, a zombie, an idle hour.

use super::controller::TOPIC;
use super::net::Net;
use crate::broker::Partition;
use crate::engine::NodeId;
use crate::events::Event;
use crate::protocol::TopicPartition;

const TP: TopicPartition = TopicPartition { topic: TOPIC, partition: 0 };
const SECOND: u64 = 1_000_000;

fn replica(net: &Net, id: u16) -> &Partition {
    net.brokers[&NodeId(id)].replica(TP).expect("hosted")
}

fn ends(net: &Net) -> Vec<(i64, i64)> {
    (1..=3).map(|id| (replica(net, id).leo(), replica(net, id).high_watermark())).collect()
}

#[test]
fn records_are_replicated_and_the_high_watermark_follows() {
    let mut net = Net::new(1, "2", &[]);
    net.produce(TP, 3);
    net.run(2600);
    // Produce 0.5 ms, parked fetches answered 0.5 ms, next fetches 0.5 ms, answer 0.5 ms.
    assert_eq!(net.producer.acked, [(TP, 0, 0)]);
    assert_eq!(ends(&net)[0], (3, 3));
    assert_eq!(ends(&net)[1], (3, 0), "a follower learns it with its next answer");
    net.run(SECOND);
    assert_eq!(ends(&net), [(3, 3); 3]);
}

#[test]
fn a_follower_that_was_away_comes_back_into_the_isr() {
    let mut net = Net::new(1, "1", &[]);
    net.kill(NodeId(3));
    net.run(9 * SECOND);
    net.controller.fence(NodeId(3));
    for _ in 0..5 {
        net.produce(TP, 2);
        net.run(SECOND / 10);
    }
    assert_eq!(net.producer.acked.len(), 5);
    assert_eq!(ends(&net)[2], (0, 0));
    net.start(NodeId(3));
    net.run(3 * SECOND);
    assert_eq!(ends(&net), [(10, 10); 3]);
    let isr = &net.controller.image.partition(TP).expect("created").isr;
    assert_eq!(isr.len(), 3);
}

#[test]
fn a_dead_follower_holds_the_high_watermark_until_it_leaves_the_isr() {
    let mut net = Net::new(1, "1", &[]);
    net.kill(NodeId(2));
    net.produce(TP, 1);
    net.run(8 * SECOND);
    assert_eq!(net.producer.acked.len(), 0);
    net.controller.fence(NodeId(2));
    net.run(SECOND / 100);
    assert_eq!(net.producer.acked.len(), 1);
}

#[test]
fn a_follower_cut_off_from_the_leader_leaves_by_lag() {
    let mut net = Net::new(1, "1", &[]);
    net.world.cut.insert((NodeId(3), NodeId(1)));
    net.produce(TP, 1);
    net.run(29 * SECOND);
    assert_eq!(net.producer.acked.len(), 0);
    // The limit is 30 s, looked at every 15 s; the first request has timed out at the broker.
    net.run(17 * SECOND);
    assert_eq!(ends(&net)[0], (1, 1));
    assert_eq!(net.controller.image.partition(TP).expect("created").isr, [NodeId(1), NodeId(2)]);
    net.world.cut.clear();
    net.run(32 * SECOND);
    assert_eq!(net.controller.image.partition(TP).expect("created").isr.len(), 3);
    assert_eq!(ends(&net), [(1, 1); 3]);
}

#[test]
fn a_zombie_leader_acknowledges_nothing_and_is_truncated() {
    let mut net = Net::new(1, "1", &[]);
    net.produce(TP, 1);
    net.run(SECOND);
    // Broker 1 is cut off from all but the producer, which still takes it for the leader.
    for other in [NodeId(0), NodeId(2), NodeId(3)] {
        net.world.cut.insert((NodeId(1), other));
        net.world.cut.insert((other, NodeId(1)));
    }
    net.produce(TP, 2);
    net.run(9 * SECOND);
    net.controller.fence(NodeId(1));
    net.run(SECOND);
    assert_eq!(ends(&net)[0], (3, 1), "appended, never committed");
    assert_eq!(net.producer.acked.len(), 1);
    net.world.cut.clear();
    net.run(60 * SECOND);
    let truncated = |event: &Event| matches!(event, Event::LogTruncated { from: 3, to: 1, .. });
    assert!(net.world.events.iter().any(|(_, node, e)| *node == NodeId(1) && truncated(e)));
    assert_eq!(net.producer.acked, [(TP, 0, 0), (TP, 1, 1)], "and then told to the new leader");
    assert_eq!(ends(&net), [(3, 3); 3]);
}

#[test]
fn a_broker_that_stops_in_good_order_keeps_its_high_watermark() {
    let mut net = Net::new(1, "1", &[]);
    net.produce(TP, 2);
    net.run(SECOND);
    net.stop(NodeId(2));
    net.run(SECOND);
    assert!(!net.alive.contains(&NodeId(2)));
    net.start(NodeId(2));
    assert_eq!(ends(&net)[1], (2, 2));
}

#[test]
fn an_idle_hour_costs_three_events_a_long_poll() {
    let mut net = Net::new(30, "1", &[]);
    net.run(10 * SECOND);
    let before = net.world.handled;
    net.run(3600 * SECOND);
    // Six follower loops: a fetch arrives, expires, is answered; each 501 ms. A heartbeat every
    // 2 s and a look for laggards every 15 s for each broker.
    let polls = 6 * 3 * 3600 * 1000 / 501;
    let rest = 3 * (3600 * 2 / 2 + 3600 / 15);
    // Connections look for requests that take too long: 30 s to leaders, 4.5 s to the controller.
    let rest = rest + 6 * 3600 / 30 + 3 * 3600 * 10 / 45;
    // Retention looks every 5 minutes. The cleaner does not look: nothing is compacted.
    let rest = rest + 3 * 3600 / 300;
    let handled = net.world.handled - before;
    assert!(handled <= polls + rest + 100, "{handled} > {polls} + {rest}");
}
