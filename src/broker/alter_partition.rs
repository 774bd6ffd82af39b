//! ISR changes on their way to the controller (Kafka's `AlterPartitionManager`): one request in
//! flight a broker, carrying all that has gathered.

use crate::engine::{Micros, NodeId, SortedMap};
use crate::protocol::{
    AlterPartition, AlterPartitionRequest, AlterPartitionResponse, ErrorCode,
    PartitionRegistration, TopicPartition,
};

/// After a failed request, the next one goes out so much later.
pub const RETRY_US: Micros = 50_000;

/// The answer for one partition.
#[derive(Clone, Debug)]
pub struct Altered {
    /// Number of the proposal.
    pub proposal: u32,
    /// What was asked.
    pub change: AlterPartition,
    /// What came of it.
    pub result: Result<PartitionRegistration, ErrorCode>,
}

#[derive(Clone, Debug)]
struct Item {
    proposal: u32,
    change: AlterPartition,
    in_flight: bool,
}

/// Changes that the controller has not answered.
#[derive(Clone, Debug, Default)]
pub struct AlterPartitionManager {
    items: SortedMap<TopicPartition, Item>,
    in_flight: bool,
    backing_off: bool,
}

impl AlterPartitionManager {
    /// Takes a change. Returns false while an earlier one of the partition is unanswered.
    pub fn enqueue(&mut self, proposal: u32, change: AlterPartition) -> bool {
        if self.items.contains_key(&change.tp) {
            return false;
        }
        self.items.insert(change.tp, Item { proposal, change, in_flight: false });
        true
    }

    /// Whether there is something to ask and nothing under way.
    #[inline]
    pub fn has_request(&self) -> bool {
        !self.items.is_empty() && !self.in_flight && !self.backing_off
    }

    /// The next request, if there is one.
    pub fn next_request(
        &mut self,
        broker: NodeId,
        broker_epoch: i64,
    ) -> Option<AlterPartitionRequest> {
        if !self.has_request() {
            return None;
        }
        self.in_flight = true;
        let partitions = self.items.values_mut().map(|item| {
            item.in_flight = true;
            let mut change = item.change.clone();
            let own = change.new_isr.iter_mut().filter(|(member, _)| *member == broker);
            own.for_each(|(_, epoch)| *epoch = broker_epoch);
            change
        });
        Some(AlterPartitionRequest { broker, broker_epoch, partitions: partitions.collect() })
    }

    /// Takes the controller's answer apart. `None`: the request failed as a whole and the caller
    /// shall come back with [`Self::retry`] after [`RETRY_US`].
    pub fn on_response(&mut self, response: AlterPartitionResponse) -> Option<Vec<Altered>> {
        if response.error.is_some() {
            self.on_failure();
            return None;
        }
        self.in_flight = false;
        let mut answers = Vec::with_capacity(response.partitions.len());
        for (tp, result) in response.partitions {
            if self.items.get(&tp).is_some_and(|item| item.in_flight) {
                let item = self.items.remove(&tp);
                answers.extend(item.map(|Item { proposal, change, .. }| Altered {
                    proposal,
                    change,
                    result,
                }));
            }
        }
        self.land();
        Some(answers)
    }

    /// The connection to the controller is lost. True: a request was under way, and everything in
    /// it stays to be asked again.
    pub fn on_lost(&mut self) -> bool {
        let lost = self.in_flight;
        if lost {
            self.on_failure();
        }
        lost
    }

    fn on_failure(&mut self) {
        self.in_flight = false;
        self.backing_off = true;
        self.land();
    }

    /// The back-off is over.
    pub fn retry(&mut self) {
        self.backing_off = false;
    }

    fn land(&mut self) {
        self.items.values_mut().for_each(|item| item.in_flight = false);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocol::TopicId;

    fn change(partition: u16) -> AlterPartition {
        let tp = TopicPartition::new(TopicId(0), partition);
        AlterPartition { tp, leader_epoch: 0, partition_epoch: 0, new_isr: Vec::new() }
    }

    #[test]
    fn one_request_at_a_time_carries_all_that_has_gathered() {
        let mut manager = AlterPartitionManager::default();
        assert!(manager.enqueue(1, change(0)));
        let first = manager.next_request(NodeId(1), 7).expect("nothing under way");
        assert_eq!(first.partitions.len(), 1);
        assert!(!manager.enqueue(2, change(0)), "one change a partition");
        assert!(manager.enqueue(3, change(1)));
        assert!(manager.next_request(NodeId(1), 7).is_none());

        assert!(manager.on_lost());
        assert!(manager.next_request(NodeId(1), 7).is_none(), "backing off");
        manager.retry();
        let again = manager.next_request(NodeId(1), 7).expect("back-off is over");
        assert_eq!(again.partitions.len(), 2);

        let fenced = Err(ErrorCode::FencedLeaderEpoch);
        let response =
            AlterPartitionResponse { error: None, partitions: vec![(change(0).tp, fenced)] };
        let answers = manager.on_response(response).expect("no top-level error");
        assert_eq!(answers.len(), 1);
        assert_eq!(answers[0].proposal, 1);
        let rest = manager.next_request(NodeId(1), 7).expect("the unanswered one is sent again");
        assert_eq!(rest.partitions[0].tp, change(1).tp);
    }
}
