//! Producer ids (Kafka's `ProducerIdManager`): blocks of a thousand, each used by one broker only.

use crate::engine::NodeId;
use crate::node::MAX_BROKER;

const BLOCK: i64 = 1000;

/// The ids of one broker. What was given stays given when the process starts again.
#[derive(Clone, Debug)]
pub struct ProducerIds {
    broker: NodeId,
    given: i64,
}

impl ProducerIds {
    /// Of `broker` none is given yet.
    pub fn new(broker: NodeId) -> Self {
        Self { broker, given: 0 }
    }

    /// An id that no broker has given or will give again.
    pub fn next(&mut self) -> i64 {
        let (block, index) = (self.given / BLOCK, self.given % BLOCK);
        self.given += 1;
        (block * i64::from(MAX_BROKER + 1) + i64::from(self.broker.0)) * BLOCK + index
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_of_two_brokers_never_meet() {
        let ids = |broker| {
            let mut ids = ProducerIds::new(NodeId(broker));
            (0..2500).map(|_| ids.next()).collect::<std::collections::BTreeSet<_>>()
        };
        let (one, two) = (ids(1), ids(2));
        assert_eq!((one.len(), two.len()), (2500, 2500));
        assert!(one.is_disjoint(&two));
        assert_eq!(one.first(), Some(&1000));
    }
}
