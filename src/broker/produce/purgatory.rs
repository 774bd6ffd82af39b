//! The purgatory of produce requests.

use crate::broker::RequestToken;
use crate::engine::Timer;
use crate::protocol::{ErrorCode, ProducePartitionResponse};

/// One partition of a parked request.
#[derive(Clone, Debug)]
pub struct PartitionStatus {
    /// The answer as far as it is known; while it is awaited, what a timeout would say.
    pub response: ProducePartitionResponse,
    /// Slot of the replica and the offset the high watermark must reach, while it is awaited.
    pub awaits: Option<(u32, i64)>,
}

/// A produce request in the purgatory.
#[derive(Clone, Debug)]
pub struct ParkedProduce {
    /// Whom to answer.
    pub token: RequestToken,
    /// Its expiry; `None` before it is set.
    pub timer: Option<Timer>,
    /// Its partitions in request order.
    pub partitions: Vec<PartitionStatus>,
}

impl ParkedProduce {
    /// Slots still awaited.
    pub fn awaited_slots(&self) -> impl Iterator<Item = u32> {
        self.partitions.iter().filter_map(|status| status.awaits.map(|(slot, _)| slot))
    }

    /// Whether it can be answered.
    pub fn is_complete(&self) -> bool {
        self.partitions.iter().all(|status| status.awaits.is_none())
    }

    /// Looks at the partitions in `slot` again: `check` says what became of an offset.
    pub fn settle(
        &mut self,
        slot: u32,
        check: impl Fn(i64) -> Option<Result<(), ErrorCode>>,
        current_leader: Option<(crate::engine::NodeId, i32)>,
    ) {
        for status in &mut self.partitions {
            let Some((_, required)) = status.awaits.filter(|&(awaited, _)| awaited == slot) else {
                continue;
            };
            let Some(result) = check(required) else { continue };
            status.awaits = None;
            status.response.error = result.err();
            if status.response.error == Some(ErrorCode::NotLeaderOrFollower) {
                status.response.current_leader = current_leader;
            }
        }
    }

    /// The answer, in request order.
    pub fn into_responses(self) -> Vec<ProducePartitionResponse> {
        let responses = self.partitions.into_iter().map(|status| {
            let mut response = status.response;
            if response.error.is_some() {
                response.base_offset = -1;
            }
            response
        });
        responses.collect()
    }
}

/// Parked requests by number; numbers are used again.
#[derive(Clone, Debug, Default)]
pub struct ProducePurgatory {
    parked: Vec<Option<ParkedProduce>>,
    vacant: Vec<u32>,
}

impl ProducePurgatory {
    /// Parks a request.
    pub fn park(&mut self, produce: ParkedProduce) -> u32 {
        match self.vacant.pop() {
            Some(number) => {
                self.parked[number as usize] = Some(produce);
                number
            }
            None => {
                self.parked.push(Some(produce));
                self.parked.len() as u32 - 1
            }
        }
    }

    /// The request with this number.
    pub fn get_mut(&mut self, number: u32) -> Option<&mut ParkedProduce> {
        self.parked.get_mut(number as usize)?.as_mut()
    }

    /// Numbers of the requests with a token that `wanted` picks.
    pub fn numbers_of(&self, wanted: impl Fn(RequestToken) -> bool) -> Vec<u32> {
        let parked = self.parked.iter().zip(0..);
        let number = |(produce, number): (&Option<ParkedProduce>, u32)| {
            produce.as_ref().filter(|produce| wanted(produce.token)).map(|_| number)
        };
        parked.filter_map(number).collect()
    }

    /// Takes the request out. Its number is free, unless [`Self::put_back`] follows.
    pub fn release(&mut self, number: u32) -> Option<ParkedProduce> {
        let produce = self.parked.get_mut(number as usize)?.take()?;
        self.vacant.push(number);
        Some(produce)
    }

    /// Puts a request back that was just released.
    pub fn put_back(&mut self, number: u32, produce: ParkedProduce) {
        debug_assert_eq!(self.vacant.last(), Some(&number));
        self.vacant.pop();
        self.parked[number as usize] = Some(produce);
    }
}
