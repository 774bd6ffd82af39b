use std::fmt;

use serde::Serialize;

/// The address of a node on the simulated network.
///
/// By convention 0 is the controller, 1 to 99 are brokers (the id is Kafka's `node.id`), and
/// clients start at 100; the engine treats them all alike.
#[derive(Copy, Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(transparent)]
pub struct NodeId(pub u16);

impl fmt::Display for NodeId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}
