//! Carries out what goes wrong around the processes: network, disks, pauses.

use crate::engine::{LinkConfig, Micros, NodeId};
use crate::events::{Event, EventId};
use crate::node::Outside;

use super::{Cluster, Command};

impl Cluster {
    /// Carries out a checked command of that kind.
    pub(super) fn break_down(&mut self, command: Command, cause: Option<EventId>) {
        match command {
            Command::CutLink { from, to, both } => {
                self.each_way(&from, &to, both, |c, from, to| c.cut(from, to, cause));
            }
            Command::HealLink { from, to } => {
                if let (Some(from), Some(to)) = (self.node(&from), self.node(&to)) {
                    self.heal(from, to, cause);
                }
            }
            Command::SlowNode { node, extra_us } => {
                if let Some(node) = self.node(&node) {
                    self.world.network.set_node_latency(node, extra_us);
                    self.note_fault(node, cause, Event::NodeSlowed { extra_us });
                }
            }
            Command::SlowLink { from, to, extra_us, both } => {
                self.each_way(&from, &to, both, |c, from, to| c.slow(from, to, extra_us, cause));
            }
            Command::Pause { node, for_us } => {
                if let Some(node) = self.node(&node) {
                    self.pause(node, for_us, cause);
                }
            }
            Command::SlowDisk { broker, extra_us } => {
                let slowed = self.note_fault(broker, cause, Event::DiskSlowed { extra_us });
                self.with_broker(broker, Some(slowed), |b, _| b.slow_disk(extra_us));
            }
            Command::FillDisk(broker) => self.fill_disk(broker, true, cause),
            Command::FreeDisk(broker) => self.fill_disk(broker, false, cause),
            _ => debug_assert!(false, "not a fault: {command}"),
        }
    }

    fn each_way(
        &mut self,
        from: &str,
        to: &str,
        both: bool,
        mut act: impl FnMut(&mut Self, NodeId, NodeId),
    ) {
        if let (Some(from), Some(to)) = (self.node(from), self.node(to)) {
            act(self, from, to);
            if both {
                act(self, to, from);
            }
        }
    }

    fn note_fault(&mut self, node: NodeId, cause: Option<EventId>, event: Event) -> EventId {
        let now = self.now();
        self.world.emit(now, node, cause, event)
    }

    fn cut(&mut self, from: NodeId, to: NodeId, cause: Option<EventId>) {
        self.world.network.partition_one_way(from, to);
        let cut = self.note_fault(from, cause, Event::LinkCut { from, to });
        // Whoever misses messages from `from` shall be able to say why.
        self.world.remember_fault(from, cut);
    }

    fn heal(&mut self, from: NodeId, to: NodeId, cause: Option<EventId>) {
        self.world.network.heal(from, to);
        self.note_fault(from, cause, Event::LinkHealed { from, to });
        self.world.try_again(|a, b| (a, b) == (from, to) || (b, a) == (from, to));
    }

    fn slow(&mut self, from: NodeId, to: NodeId, extra_us: Micros, cause: Option<EventId>) {
        let config = LinkConfig { extra_latency_us: extra_us, ..LinkConfig::default() };
        self.world.network.set_link(from, to, config);
        self.note_fault(from, cause, Event::LinkSlowed { from, to, extra_us });
    }

    fn fill_disk(&mut self, broker: NodeId, is_full: bool, cause: Option<EventId>) {
        let event = if is_full { Event::DiskFilled } else { Event::DiskFreed };
        let noted = self.note_fault(broker, cause, event);
        let is_running = self.is_running(broker);
        self.with_broker(broker, Some(noted), |b, ctx| b.fill_disk(ctx, is_full, is_running));
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::cluster::ClusterSetup;
    use crate::view::View;

    fn three_brokers() -> Cluster {
        Cluster::new(&ClusterSetup::default()).expect("defaults make sense")
    }

    #[test]
    fn the_view_shows_every_fault_and_its_end() {
        let mut cluster = three_brokers();
        while cluster.step(5_000_000) {}
        let (b1, b2) = (NodeId(1), NodeId(2));
        let link = |from: &str, to: &str| (Arc::from(from), Arc::from(to));
        let (from, to) = link("broker 1", "broker 2");
        let slow = |extra_us| {
            let (from, to) = link("broker 1", "broker 2");
            Command::SlowLink { from, to, extra_us, both: false }
        };
        let (broker, controller) = link("broker 1", "controller");
        for command in [
            Command::SlowDisk { broker: b1, extra_us: 50_000 },
            Command::FillDisk(b2),
            slow(7_000),
            Command::CutLink { from: broker, to: controller, both: false },
            Command::PowerOffBroker(NodeId(3)),
        ] {
            cluster.apply(command).expect("it makes sense");
        }
        while cluster.step(8_000_000) {}
        let view = cluster.view();
        let disks: Vec<_> = view.brokers.iter().map(|b| (b.slow_disk_us, b.disk_full)).collect();
        assert_eq!(disks, [(50_000, false), (0, true), (0, false)]);
        assert_eq!(view.brokers.iter().filter(|b| b.has_power).count(), 2);
        assert_eq!(view.slow_links, [(b1, b2, 7_000)]);
        let heartbeats = |view: &View| {
            let waits = view.waiting.iter().find(|w| (w.from, w.to) == (b1, NodeId(0)));
            waits.map(|waiting| (waiting.messages > 0, waiting.arrived))
        };
        assert_eq!(heartbeats(&view), Some((true, false)));
        for command in [
            Command::SlowDisk { broker: b1, extra_us: 0 },
            Command::FreeDisk(b2),
            slow(0),
            Command::HealLink { from, to },
            Command::HealLink { from: "controller".into(), to: "broker 1".into() },
            Command::StartBroker(NodeId(3)),
        ] {
            cluster.apply(command).expect("it makes sense");
        }
        while cluster.step(16_000_000) {}
        let view = cluster.view();
        assert!(view.brokers.iter().all(|b| b.slow_disk_us == 0 && !b.disk_full && b.has_power));
        assert!(view.slow_links.is_empty() && view.cut_links.is_empty());
        assert_eq!(heartbeats(&view), None);
    }

    #[test]
    fn an_idle_broker_finds_its_full_disk_at_the_next_checkpoint() {
        let mut cluster = three_brokers();
        while cluster.step(22_000_000) {}
        let mut events = Vec::new();
        cluster.take_trace(&mut events);
        cluster.apply(Command::FillDisk(NodeId(1))).expect("there is a broker 1");
        while cluster.step(40_000_000) {}
        cluster.take_trace(&mut events);
        let failed: Vec<_> = events
            .iter()
            .filter(|event| matches!(event.event, Event::LogDirFailed))
            .map(|event| (event.node, event.at_us))
            .collect();
        assert_eq!(failed, [(NodeId(1), 25_000_000)], "every 5 s by default");
        assert!(!cluster.is_running(NodeId(1)));
    }
}
