//! Who and what there is for commands to name: brokers, clients, topics.

use std::sync::Arc;

use crate::engine::NodeId;
use crate::node::CONTROLLER;
use crate::view::View;

/// What a client is.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub(super) enum Role {
    Producer,
    Consumer,
}

/// A client that commands may name.
#[derive(Clone, Debug)]
pub(super) struct Actor {
    pub(super) name: Arc<str>,
    pub(super) role: Role,
    /// Its node; `None` for clients that a command adds later.
    pub(super) node: Option<NodeId>,
}

/// Brokers, clients and topics.
#[derive(Clone, Debug, Default)]
pub(super) struct Stage {
    pub(super) brokers: Vec<NodeId>,
    pub(super) actors: Vec<Actor>,
    /// Topics with their number of partitions.
    pub(super) topics: Vec<(Arc<str>, u64)>,
}

impl Stage {
    /// The stage of a running cluster.
    pub(super) fn of(view: &View) -> Self {
        let producers = view.producers.iter().map(|p| (&p.name, Role::Producer, p.id));
        let consumers = view.consumers.iter().map(|c| (&c.name, Role::Consumer, c.id));
        Self {
            brokers: view.brokers.iter().map(|broker| broker.id).collect(),
            actors: producers
                .chain(consumers)
                .map(|(name, role, id)| Actor { name: name.clone(), role, node: Some(id) })
                .collect(),
            topics: view
                .topics
                .iter()
                .filter(|topic| !topic.internal)
                .map(|topic| (topic.name.clone(), topic.partitions.len() as u64))
                .collect(),
        }
    }

    pub(super) fn actor(&self, name: &str) -> Option<&Actor> {
        self.actors.iter().find(|actor| &*actor.name == name)
    }

    pub(super) fn partitions_of(&self, topic: &str) -> Option<u64> {
        self.topics.iter().find(|(name, _)| &**name == topic).map(|&(_, partitions)| partitions)
    }

    pub(super) fn broker_list(&self) -> String {
        let ids: Vec<String> = self.brokers.iter().map(|broker| broker.0.to_string()).collect();
        ids.join(", ")
    }

    /// A node by name: `controller`, `broker 2`, or a client's.
    pub(super) fn node(&self, name: &str) -> Option<NodeId> {
        if name == "controller" {
            return Some(CONTROLLER);
        }
        if let Some(id) = name.strip_prefix("broker ") {
            return id.parse().ok().map(NodeId).filter(|id| self.brokers.contains(id));
        }
        self.actor(name)?.node
    }
}
