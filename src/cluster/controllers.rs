//! The controllers of a cluster: one, or a quorum of several.

use std::sync::Arc;

use crate::controller::Controller;
use crate::engine::NodeId;
use crate::metadata::MetadataImage;
use crate::node::{CONTROLLER, controller_id, is_controller};

use super::Cluster;
use super::slot::Machine;

impl Cluster {
    /// Adds `controller`, or as many of its kind as there shall be, and starts them.
    pub(super) fn add_controllers(&mut self, controller: Controller, count: u16) {
        if count <= 1 {
            self.put(CONTROLLER, "controller".into(), Machine::Controller(Box::new(controller)));
            return self.start(CONTROLLER, None);
        }
        let ids: Vec<NodeId> = (1..=count).map(controller_id).collect();
        self.controllers = ids.as_slice().into();
        self.admin.controller = None;
        self.admin.has_others = true;
        for (number, &id) in (1..).zip(&ids) {
            let member = controller.clone().in_quorum(id, ids.clone());
            let name = format!("controller {number}").into();
            self.put(id, name, Machine::Controller(Box::new(member)));
        }
        ids.into_iter().for_each(|id| self.start(id, None));
    }

    /// The ids of the controllers, running or not.
    pub fn controller_ids(&self) -> Arc<[NodeId]> {
        self.controllers.clone()
    }

    /// A controller, running or not.
    pub fn controller_at(&self, id: NodeId) -> Option<&Controller> {
        match &self.slot(id)?.machine {
            Machine::Controller(controller) => Some(controller),
            _ => None,
        }
    }

    /// The controller that runs and is active; of two that think so, the later one.
    pub fn active_controller(&self) -> Option<NodeId> {
        let active = self.controllers.iter().copied().filter(|&id| {
            self.is_running(id) && self.controller_at(id).is_some_and(Controller::is_active)
        });
        active.max_by_key(|&id| self.controller_at(id).map(Controller::epoch))
    }

    /// The controller that knows most of what is committed.
    pub fn controller(&self) -> &Controller {
        let controllers = self.controllers.iter().filter_map(|&id| self.controller_at(id));
        match controllers.max_by_key(|c| (c.committed_offset(), c.is_active(), c.epoch())) {
            Some(controller) => controller,
            None => unreachable!("a cluster is made with its controllers"),
        }
    }

    /// The truth about the cluster: what a majority of the controllers has.
    pub fn metadata(&self) -> &MetadataImage {
        self.controller().committed_image()
    }

    /// The administrator turns to the active controller.
    #[inline]
    pub(super) fn follow_active_controller(&mut self, changed: NodeId) {
        if self.controllers.len() > 1 && is_controller(changed) {
            let active = self.active_controller();
            self.admin.turn_to(&mut self.world, active);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cluster::{ClusterSetup, Command};
    use crate::config::Properties;
    use crate::engine::Micros;
    use crate::events::{Event, TraceEvent};

    const SECOND: Micros = 1_000_000;

    struct Story {
        cluster: Cluster,
        trace: Vec<TraceEvent>,
    }

    impl Story {
        /// Three controllers, three brokers and a topic with three replicas, after 10 s.
        fn begin() -> Self {
            let setup = ClusterSetup { controllers: 3, ..ClusterSetup::default() };
            let cluster = Cluster::new(&setup).expect("defaults make sense");
            let mut story = Self { cluster, trace: Vec::new() };
            story.apply(Command::CreateTopic {
                name: "orders".into(),
                partitions: 3,
                replication_factor: 3,
                config: Properties::default(),
            });
            story.until(10);
            story
        }

        fn apply(&mut self, command: Command) {
            self.cluster.apply(command).expect("it makes sense");
        }

        fn until(&mut self, second: u64) {
            while self.cluster.step(second * SECOND) {}
            let mut events = Vec::new();
            self.cluster.take_trace(&mut events);
            self.trace.append(&mut events);
        }

        fn active(&self) -> Option<u16> {
            let active = self.cluster.active_controller()?;
            (1..=3).find(|&number| controller_id(number) == active)
        }

        fn count(&self, wanted: impl Fn(&Event) -> bool) -> usize {
            self.trace.iter().filter(|event| wanted(&event.event)).count()
        }

        fn when(&self, wanted: impl Fn(&Event) -> bool) -> Option<Micros> {
            self.trace.iter().rev().find(|event| wanted(&event.event)).map(|event| event.at_us)
        }

        /// Leaders of the topic's partitions.
        fn leaders(&self) -> Vec<u16> {
            let partitions = self.cluster.metadata().partitions();
            partitions.map(|(_, p)| p.leader.map_or(0, |leader| leader.0)).collect()
        }

        /// Ends of what the controllers know to be committed.
        fn committed(&self) -> Vec<i64> {
            let of = |&id| self.cluster.controller_at(id).map_or(-1, Controller::committed_offset);
            self.cluster.controller_ids().iter().map(of).collect()
        }
    }

    fn is_election(event: &Event) -> bool {
        matches!(event, Event::ControllerElected { .. })
    }

    fn is_fencing(event: &Event) -> bool {
        matches!(event, Event::BrokerFenced { .. })
    }

    #[test]
    fn a_quorum_elects_one_controller_and_has_one_log() {
        let story = Story::begin();
        assert_eq!(story.count(is_election), 1);
        assert!(story.when(is_election) < Some(3 * SECOND));
        assert_eq!(story.leaders().len(), 3);
        assert!(story.cluster.metadata().brokers().values().all(|broker| !broker.fenced));
        let committed = story.committed();
        assert!(committed[0] > 0 && committed.iter().all(|&end| end == committed[0]));
    }

    #[test]
    fn another_takes_over_in_a_later_epoch_and_knows_what_was_committed() {
        let mut story = Story::begin();
        let (former, epoch) =
            (story.active().expect("elected"), story.cluster.controller().epoch());
        story.apply(Command::KillController(former));
        story.until(25);
        let taken_over_us = story.when(is_election).expect("another one");
        assert!((12 * SECOND..16 * SECOND).contains(&taken_over_us), "{taken_over_us}");
        assert!(story.active().is_some_and(|active| active != former));
        assert!(story.cluster.controller().epoch() > epoch);
        assert_eq!(story.leaders().len(), 3);
        assert_eq!(story.count(is_fencing), 0, "brokers find the new one in time");
        // The former one comes back and follows.
        let epoch = story.cluster.controller().epoch();
        story.apply(Command::StartController(former));
        story.until(35);
        assert_eq!((story.count(is_election), story.cluster.controller().epoch()), (2, epoch));
        let committed = story.committed();
        assert!(committed.iter().all(|&end| end == committed[0]), "{committed:?}");
    }

    #[test]
    fn without_a_majority_metadata_stand_still() {
        let mut story = Story::begin();
        let active = story.active().expect("elected");
        let others: Vec<u16> = (1..=3).filter(|&number| number != active).collect();
        others.iter().for_each(|&number| story.apply(Command::KillController(number)));
        story.until(12);
        story.apply(Command::KillBroker(NodeId(1)));
        story.until(14);
        let committed = story.committed();
        story.apply(Command::CreateTopic {
            name: "payments".into(),
            partitions: 1,
            replication_factor: 1,
            config: Properties::default(),
        });
        story.until(40);
        assert_eq!(story.active(), None, "it has resigned");
        assert_eq!(story.committed(), committed);
        assert_eq!(story.count(is_fencing), 0);
        assert!(story.leaders().contains(&1), "a dead broker leads still");
        story.apply(Command::StartController(others[0]));
        story.until(65);
        assert!(story.active().is_some());
        assert_eq!(story.count(is_fencing), 1);
        assert!(!story.leaders().contains(&1));
        assert!(story.cluster.metadata().topic_id("payments").is_some(), "it has waited");
    }

    #[test]
    fn who_is_cut_off_resigns_and_what_it_wrote_alone_is_gone() {
        let mut story = Story::begin();
        let active = story.active().expect("elected");
        let others: Vec<u16> = (1..=3).filter(|&number| number != active).collect();
        let name = |number: u16| -> Arc<str> { format!("controller {number}").into() };
        for &other in &others {
            story.apply(Command::CutLink { from: name(active), to: name(other), both: true });
        }
        story.apply(Command::SetTopicConfig {
            topic: "orders".into(),
            key: "min.insync.replicas".into(),
            value: Some("2".into()),
        });
        story.until(11);
        let orders = story.cluster.metadata().topic_id("orders").expect("created");
        let min_isr = |story: &Story| {
            let topic = story.cluster.metadata().topic(orders).expect("known");
            topic.config.get("min.insync.replicas").map(str::to_owned)
        };
        assert_eq!(min_isr(&story), None, "written by one of three");
        story.until(20);
        assert!(story.count(|event| matches!(event, Event::ControllerResigned { .. })) == 1);
        assert!(story.active().is_some_and(|now| now != active));
        for &other in &others {
            story.apply(Command::HealLink { from: name(active), to: name(other) });
        }
        story.until(40);
        let committed = story.committed();
        assert!(committed.iter().all(|&end| end == committed[0]), "{committed:?}");
        assert_eq!(min_isr(&story).as_deref(), Some("2"), "asked again of the new one");
        assert_eq!(story.count(is_election), 2, "who comes back disturbs nobody");
    }

    #[test]
    fn a_single_controller_can_die_and_come_back() {
        let cluster = Cluster::new(&ClusterSetup::default()).expect("defaults make sense");
        let mut story = Story { cluster, trace: Vec::new() };
        story.until(5);
        story.apply(Command::KillController(1));
        story.apply(Command::KillBroker(NodeId(1)));
        story.until(30);
        assert_eq!((story.active(), story.count(is_fencing)), (None, 0));
        story.apply(Command::StartController(1));
        story.until(60);
        assert_eq!((story.active(), story.count(is_fencing)), (Some(1), 1));
    }
}
