//! What a log remembers of idempotent producers: the last five batches of each (Kafka's
//! `ProducerStateManager`, `ProducerAppendInfo`, `ProducerStateEntry`).

use std::collections::VecDeque;

use crate::engine::SortedMap;
use crate::protocol::ErrorCode;
use crate::record::{Batch, LoggedBatch};

/// Batches remembered for each producer: also the limit of max.in.flight for idempotence.
const REMEMBERED: usize = 5;

/// Where a batch that came again already is.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub struct Duplicate {
    /// Offset of its first record.
    pub base_offset: i64,
    /// Offset of its last record.
    pub last_offset: i64,
}

#[derive(Copy, Clone, Debug)]
struct Remembered {
    first_sequence: i32,
    last_sequence: i32,
    place: Duplicate,
}

#[derive(Clone, Debug)]
struct ProducerEntry {
    epoch: i16,
    last_timestamp_ms: i64,
    batches: VecDeque<Remembered>,
}

/// The end of what a producer wrote: the cleaner keeps it, be it empty.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub struct LastRecord {
    /// Last offset of its last batch; `None` when its epoch has only a marker.
    pub last_data_offset: Option<i64>,
    /// Its epoch.
    pub producer_epoch: i16,
}

/// The producers of one log.
#[derive(Clone, Debug, Default)]
pub struct ProducerStates {
    producers: SortedMap<i64, ProducerEntry>,
}

impl ProducerStates {
    /// Only these batches are left, oldest first. Producers whose batches all lay before the first
    /// of them are remembered: retention has deleted those, and that forgets nobody.
    pub fn rebuild(&mut self, batches: &[LoggedBatch], log_end: i64) {
        let first = batches.first().map_or(log_end, |batch| batch.base_offset);
        self.producers.retain(|_, entry| {
            entry.batches.retain(|remembered| remembered.place.last_offset < first);
            !entry.batches.is_empty()
        });
        batches.iter().for_each(|batch| self.update(batch));
    }

    /// The last batch of a producer that wrote within the last `expiration_ms`: its last offset, or
    /// `None` when all there is of its epoch is a marker (`UnifiedLog.lastRecordsOfActiveProducers`).
    pub fn last_record(
        &self,
        producer_id: i64,
        now_ms: i64,
        expiration_ms: i64,
    ) -> Option<LastRecord> {
        let entry = self.producers.get(&producer_id)?;
        let is_active = now_ms.saturating_sub(entry.last_timestamp_ms) < expiration_ms;
        is_active.then(|| LastRecord {
            last_data_offset: entry.batches.back().map(|remembered| remembered.place.last_offset),
            producer_epoch: entry.epoch,
        })
    }

    /// The producer's epoch, as far as the log knows it.
    pub fn epoch(&self, producer_id: i64) -> Option<i16> {
        self.producers.get(&producer_id).map(|entry| entry.epoch)
    }

    /// Judges a client's batch: a duplicate, an error, or (`None`) the next one in sequence. A
    /// producer that was silent for `expiration_ms` has been forgotten.
    pub fn check(
        &self,
        batch: &Batch,
        now_ms: i64,
        expiration_ms: i64,
    ) -> Result<Option<Duplicate>, ErrorCode> {
        if batch.producer_id < 0 {
            return Ok(None);
        }
        let known = self.producers.get(&batch.producer_id);
        let Some(entry) =
            known.filter(|entry| now_ms.saturating_sub(entry.last_timestamp_ms) < expiration_ms)
        else {
            // Version 2 of transactions: what is not known can only be the first.
            let is_first = !batch.attributes.is_transactional || batch.base_sequence == 0;
            return if is_first { Ok(None) } else { Err(ErrorCode::OutOfOrderSequenceNumber) };
        };
        let (first, last) = (batch.base_sequence, batch.last_sequence());
        if batch.producer_epoch < entry.epoch {
            return Err(ErrorCode::InvalidProducerEpoch);
        }
        if batch.producer_epoch > entry.epoch {
            return if first == 0 { Ok(None) } else { Err(ErrorCode::OutOfOrderSequenceNumber) };
        }
        let same = |r: &&Remembered| (r.first_sequence, r.last_sequence) == (first, last);
        if let Some(remembered) = entry.batches.iter().find(same) {
            return Ok(Some(remembered.place));
        }
        let expected = entry.batches.back().map(|r| r.last_sequence.checked_add(1).unwrap_or(0));
        // An epoch of which there is only a marker begins like any other.
        if expected.unwrap_or(0) == first {
            Ok(None)
        } else {
            Err(ErrorCode::OutOfOrderSequenceNumber)
        }
    }

    /// Takes note of an appended batch.
    pub fn update(&mut self, logged: &LoggedBatch) {
        let batch = &*logged.batch;
        if batch.producer_id < 0 {
            return;
        }
        let entry = self.producers.entry(batch.producer_id).or_insert_with(|| ProducerEntry {
            epoch: batch.producer_epoch,
            last_timestamp_ms: i64::MIN,
            batches: VecDeque::with_capacity(REMEMBERED),
        });
        if entry.epoch != batch.producer_epoch {
            entry.epoch = batch.producer_epoch;
            entry.batches.clear();
        }
        entry.last_timestamp_ms = batch.max_timestamp_ms();
        if batch.attributes.is_control {
            return;
        }
        if entry.batches.len() == REMEMBERED {
            entry.batches.pop_front();
        }
        entry.batches.push_back(Remembered {
            first_sequence: batch.base_sequence,
            last_sequence: batch.last_sequence(),
            place: Duplicate { base_offset: logged.base_offset, last_offset: logged.last_offset() },
        });
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::idempotent;
    use super::*;

    const DAY_MS: i64 = 86_400_000;

    fn states(batches: &[(usize, i16, i32)]) -> ProducerStates {
        let mut states = ProducerStates::default();
        let mut base_offset = 0;
        for &(count, epoch, sequence) in batches {
            let batch = idempotent(count, 1, epoch, sequence);
            let logged = LoggedBatch { base_offset, leader_epoch: 0, batch };
            base_offset = logged.next_offset();
            states.update(&logged);
        }
        states
    }

    fn check(
        states: &ProducerStates,
        count: usize,
        epoch: i16,
        sequence: i32,
    ) -> Result<Option<Duplicate>, ErrorCode> {
        states.check(&idempotent(count, 1, epoch, sequence), 2000, DAY_MS)
    }

    #[test]
    fn the_last_five_are_duplicates_and_older_ones_out_of_order() {
        let states = states(&[(1, 0, 0), (1, 0, 1), (1, 0, 2), (1, 0, 3), (1, 0, 4), (1, 0, 5)]);
        assert_eq!(check(&states, 1, 0, 0), Err(ErrorCode::OutOfOrderSequenceNumber));
        for sequence in 1..=5 {
            let offset = i64::from(sequence);
            let place = Duplicate { base_offset: offset, last_offset: offset };
            assert_eq!(check(&states, 1, 0, sequence), Ok(Some(place)));
        }
        assert_eq!(check(&states, 1, 0, 6), Ok(None));
        assert_eq!(check(&states, 1, 0, 7), Err(ErrorCode::OutOfOrderSequenceNumber));
        assert_eq!(check(&states, 2, 0, 5), Err(ErrorCode::OutOfOrderSequenceNumber));
    }

    #[test]
    fn epochs_fence_and_restart_at_zero() {
        let states = states(&[(3, 1, 0)]);
        assert_eq!(check(&states, 1, 0, 3), Err(ErrorCode::InvalidProducerEpoch));
        assert_eq!(check(&states, 1, 2, 3), Err(ErrorCode::OutOfOrderSequenceNumber));
        assert_eq!(check(&states, 1, 2, 0), Ok(None));
    }

    #[test]
    fn without_state_any_sequence_goes_and_sequences_wrap() {
        assert_eq!(check(&ProducerStates::default(), 1, 0, 77), Ok(None));
        let states = states(&[(2, 0, i32::MAX - 1)]);
        assert_eq!(check(&states, 1, 0, 0), Ok(None));
        assert_eq!(check(&states, 1, 0, 1), Err(ErrorCode::OutOfOrderSequenceNumber));
    }

    #[test]
    fn a_silent_producer_is_forgotten() {
        let states = states(&[(1, 0, 0)]);
        let late = idempotent(1, 1, 0, 9);
        let out_of_order = Err(ErrorCode::OutOfOrderSequenceNumber);
        assert_eq!(states.check(&late, 999 + DAY_MS, DAY_MS), out_of_order);
        assert_eq!(states.check(&late, 1000 + DAY_MS, DAY_MS), Ok(None));
    }
}
