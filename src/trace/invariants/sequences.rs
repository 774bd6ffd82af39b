//! I10: what a partition's log says of its idempotent producers.

use std::collections::BTreeMap;

use super::{Checked, ensure};
use crate::record::{LoggedBatch, RecordId};

/// The end of a producer's sequence in a log.
#[derive(Copy, Clone, Debug)]
struct Tail {
    epoch: i16,
    last_sequence: i32,
    last_record: RecordId,
}

/// The idempotent producers of one log, as far as it has been read.
#[derive(Clone, Debug, Default)]
pub(super) struct Sequences {
    /// Up to this offset.
    read: i64,
    tails: BTreeMap<i64, Tail>,
}

impl Sequences {
    /// Reads on in `log`, of which everything read before is unchanged, or gone by retention.
    pub(super) fn read_on(&mut self, log: &[LoggedBatch], name: impl Fn() -> String) -> Checked {
        let next = log.partition_point(|logged| logged.base_offset < self.read);
        for logged in &log[next..] {
            if logged.base_offset > self.read {
                self.tails.clear(); // what lay between went before it was read
            }
            self.read = logged.next_offset();
            let batch = &logged.batch;
            let (Some(first), Some(last)) = (batch.records.first(), batch.records.last()) else {
                continue;
            };
            // A coordinator's own batches have no sequence, in a transaction or not.
            let is_coordinators = batch.base_sequence < 0 && !batch.attributes.is_control;
            if batch.producer_id < 0 || is_coordinators {
                continue;
            }
            if batch.attributes.is_control {
                // The next transaction begins at 0.
                let before = self.tails.get(&batch.producer_id);
                let last_record = before.map_or(RecordId(0), |before| before.last_record);
                let epoch = batch.producer_epoch;
                let tail = Tail { epoch, last_sequence: -1, last_record };
                self.tails.insert(batch.producer_id, tail);
                continue;
            }
            let now = Tail {
                epoch: batch.producer_epoch,
                last_sequence: batch.last_sequence(),
                last_record: last.id,
            };
            // Where there is no state, brokers take any sequence.
            let Some(before) = self.tails.insert(batch.producer_id, now) else { continue };
            let expected = match before.epoch == now.epoch {
                true => before.last_sequence.wrapping_add(1) & i32::MAX,
                false => 0,
            };
            let place = || {
                let (offset, producer) = (logged.base_offset, batch.producer_id);
                format!("{} at offset {offset}: producer {producer}", name())
            };
            ensure("I10", now.epoch >= before.epoch, || {
                format!("{}: epoch {} after {}", place(), now.epoch, before.epoch)
            })?;
            ensure("I10", batch.base_sequence == expected, || {
                format!("{}: sequence {}, not {expected}", place(), batch.base_sequence)
            })?;
            // A new epoch may repeat what the old one had in flight.
            let in_order = now.epoch > before.epoch || first.id > before.last_record;
            ensure("I10", in_order, || {
                let (late, early) = (first.id.0, before.last_record.0);
                format!("{}: record {late} lies behind record {early}", place())
            })?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::trace::script::{PRODUCER, Script};

    /// Batches of one record each, by (epoch, sequence).
    fn log(sequences: &[(i16, i32)]) -> Vec<LoggedBatch> {
        let mut script = Script::new();
        sequences
            .iter()
            .zip(0..)
            .map(|(&(epoch, sequence), base_offset)| {
                let mut batch = (*script.produce_as(PRODUCER, 9, &["a"])).clone();
                (batch.producer_epoch, batch.base_sequence) = (epoch, sequence);
                LoggedBatch { base_offset, leader_epoch: 0, batch: Arc::new(batch) }
            })
            .collect()
    }

    fn holds(log: &[LoggedBatch]) -> bool {
        Sequences::default().read_on(log, String::new).is_ok()
    }

    #[test]
    fn gaps_and_repeats_are_found() {
        assert!(holds(&log(&[(0, 0), (0, 1), (1, 0)])));
        assert!(holds(&log(&[(0, 7), (0, 8)])), "no state before the first");
        assert!(holds(&log(&[(0, i32::MAX), (0, 0)])));
        assert!(!holds(&log(&[(0, 0), (0, 2)])));
        assert!(!holds(&log(&[(0, 0), (0, 0)])));
        assert!(!holds(&log(&[(1, 0), (0, 1)])));
        assert!(!holds(&log(&[(0, 0), (1, 1)])));
    }

    #[test]
    fn order_is_kept_within_an_epoch() {
        let mut swapped = log(&[(0, 0), (0, 1)]);
        let (first, second) = (swapped[0].batch.clone(), swapped[1].batch.clone());
        let with_records_of = |batch: &crate::record::Batch, other: &crate::record::Batch| {
            Arc::new(crate::record::Batch { records: other.records.clone(), ..batch.clone() })
        };
        swapped[0].batch = with_records_of(&first, &second);
        swapped[1].batch = with_records_of(&second, &first);
        assert!(!holds(&swapped));
    }
}
