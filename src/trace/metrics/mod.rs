//! Rates and latencies over the last five seconds of virtual time, and totals since the start.

mod histogram;
mod window;

use serde::{Serialize, Serializer};

use crate::engine::Micros;
use crate::events::{Event, TraceEvent};
use crate::record::{Batch, RecordId};
use histogram::Histogram;
use window::{SLOT_US, WINDOW_US, Window};

/// Rates and latencies. It serializes as its [`Snapshot`].
#[derive(Clone, Debug, Default)]
pub struct Metrics {
    now_us: Micros,
    /// From then on the windows have to slide.
    slot_ends_us: Micros,
    produced: Count,
    acknowledged: Count,
    delivered: Count,
    processed: Count,
    batches_sent: Count,
    records_sent: Count,
    bytes_sent: Count,
    retries: Count,
    failed: Count,
    produce_latency: Latency,
    end_to_end_latency: Latency,
    /// When each record was handed to send(), by record id.
    produced_us: Vec<Micros>,
}

/// A number that grows.
#[derive(Clone, Debug, Default)]
struct Count {
    total: u64,
    window: Window<u64>,
}

#[derive(Clone, Debug, Default)]
struct Latency {
    total: Histogram,
    window: Window<Histogram>,
}

/// A number and how fast it grows.
#[derive(Copy, Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Rate {
    /// Since the start.
    pub total: u64,
    /// Thousandths a second, over the window.
    pub milli_per_s: u64,
}

/// Latencies of the window, or of the whole run.
#[derive(Copy, Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct LatencyView {
    /// Values behind the numbers.
    pub count: u64,
    /// Half of them do not exceed this, in µs.
    pub p50_us: Option<Micros>,
    /// 99 of 100 do not exceed this, in µs.
    pub p99_us: Option<Micros>,
    /// The greatest, in µs.
    pub max_us: Micros,
}

/// Metrics at one moment.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Snapshot {
    /// The moment, in virtual µs.
    pub at_us: Micros,
    /// What rates and latencies look back on, in µs.
    pub window_us: Micros,
    /// Records handed to send().
    pub produced: Rate,
    /// Records acknowledged.
    pub acknowledged: Rate,
    /// Records given up.
    pub failed: Rate,
    /// Records returned by poll(), over all groups.
    pub delivered: Rate,
    /// Records processed, over all groups.
    pub processed: Rate,
    /// Batches sent, retries included.
    pub batches_sent: Rate,
    /// Bytes of batches sent, retries included.
    pub bytes_sent: Rate,
    /// Attempts that failed and were followed by another.
    pub retries: Rate,
    /// Records a batch in the window, in thousandths.
    pub milli_records_per_batch: u64,
    /// From send() to the acknowledgement, in the window.
    pub produce_latency: LatencyView,
    /// The same since the start.
    pub produce_latency_total: LatencyView,
    /// From send() to poll() of each group, in the window.
    pub end_to_end_latency: LatencyView,
    /// The same since the start.
    pub end_to_end_latency_total: LatencyView,
}

impl Metrics {
    /// Metrics of a run that has not begun.
    pub fn new() -> Self {
        Self::default()
    }

    /// Counts what an event says.
    pub fn observe(&mut self, event: &TraceEvent) {
        if event.at_us > self.now_us {
            self.advance(event.at_us);
        }
        match &event.event {
            Event::RecordProduced { record, .. } if record.0 != u64::MAX => {
                let index = record.0 as usize;
                if index >= self.produced_us.len() {
                    self.produced_us.resize(index + 1, event.at_us);
                }
                self.produced_us[index] = event.at_us;
                self.produced.add(1);
            }
            Event::BatchSent { batch, .. } => {
                self.batches_sent.add(1);
                self.records_sent.add(batch.records.len() as u64);
                self.bytes_sent.add(u64::from(batch.size_bytes));
            }
            Event::BatchAcknowledged { batch, .. } => {
                self.acknowledged.add(batch.records.len() as u64);
                self.measure(event.at_us, ids(batch), |metrics| &mut metrics.produce_latency);
            }
            Event::BatchRetried { .. } => self.retries.add(1),
            Event::BatchFailed { batch, .. } => self.failed.add(batch.records.len() as u64),
            Event::RecordFailed { .. } => self.failed.add(1),
            Event::RecordsDelivered { batch, first, count, .. } => {
                let records = ids(batch).skip(*first as usize).take(*count as usize);
                self.delivered.add(u64::from(*count));
                self.measure(event.at_us, records, |metrics| &mut metrics.end_to_end_latency);
            }
            Event::RecordProcessed { .. } => self.processed.add(1),
            _ => {}
        }
    }

    /// Lets the windows slide on to `now`.
    pub fn advance(&mut self, now_us: Micros) {
        self.now_us = self.now_us.max(now_us);
        if now_us < self.slot_ends_us {
            return;
        }
        self.slot_ends_us = (now_us / SLOT_US + 1).saturating_mul(SLOT_US);
        for count in [
            &mut self.produced,
            &mut self.acknowledged,
            &mut self.delivered,
            &mut self.processed,
            &mut self.batches_sent,
            &mut self.records_sent,
            &mut self.bytes_sent,
            &mut self.retries,
            &mut self.failed,
        ] {
            count.window.advance(now_us, |slot| *slot = 0);
        }
        for latency in [&mut self.produce_latency, &mut self.end_to_end_latency] {
            latency.window.advance(now_us, Histogram::clear);
        }
    }

    /// The numbers as of the last [`Metrics::advance`] or event.
    pub fn snapshot(&self) -> Snapshot {
        let now_us = self.now_us;
        let in_window = |count: &Count| count.window.slots().iter().sum::<u64>();
        let batches = in_window(&self.batches_sent);
        Snapshot {
            at_us: now_us,
            window_us: WINDOW_US,
            produced: self.produced.rate(now_us),
            acknowledged: self.acknowledged.rate(now_us),
            failed: self.failed.rate(now_us),
            delivered: self.delivered.rate(now_us),
            processed: self.processed.rate(now_us),
            batches_sent: self.batches_sent.rate(now_us),
            bytes_sent: self.bytes_sent.rate(now_us),
            retries: self.retries.rate(now_us),
            milli_records_per_batch: in_window(&self.records_sent) * 1_000 / batches.max(1),
            produce_latency: self.produce_latency.recent(),
            produce_latency_total: view(&self.produce_latency.total),
            end_to_end_latency: self.end_to_end_latency.recent(),
            end_to_end_latency_total: view(&self.end_to_end_latency.total),
        }
    }

    fn measure(
        &mut self,
        at_us: Micros,
        records: impl Iterator<Item = RecordId>,
        latency: impl Fn(&mut Self) -> &mut Latency,
    ) {
        for record in records {
            let produced_us = usize::try_from(record.0).ok().and_then(|i| self.produced_us.get(i));
            if let Some(&produced_us) = produced_us {
                let latency = latency(self);
                let passed_us = at_us.saturating_sub(produced_us);
                latency.total.add(passed_us);
                latency.window.now().add(passed_us);
            }
        }
    }
}

impl Serialize for Metrics {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.snapshot().serialize(serializer)
    }
}

impl Count {
    fn add(&mut self, more: u64) {
        self.total += more;
        *self.window.now() += more;
    }

    fn rate(&self, now_us: Micros) -> Rate {
        let recent = u128::from(self.window.slots().iter().sum::<u64>());
        let span_us = u128::from(self.window.span_us(now_us).max(1));
        Rate { total: self.total, milli_per_s: (recent * 1_000_000_000 / span_us) as u64 }
    }
}

impl Latency {
    fn recent(&self) -> LatencyView {
        let mut merged = Histogram::default();
        self.window.slots().iter().for_each(|slot| merged.merge(slot));
        view(&merged)
    }
}

fn view(histogram: &Histogram) -> LatencyView {
    LatencyView {
        count: histogram.count(),
        p50_us: histogram.permille(500),
        p99_us: histogram.permille(990),
        max_us: histogram.max(),
    }
}

fn ids(batch: &Batch) -> impl Iterator<Item = RecordId> + '_ {
    batch.records.iter().map(|record| record.id)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Acks;
    use crate::trace::script::{B1, Script};

    #[test]
    fn rates_and_latencies() {
        let mut script = Script::new();
        script.wait(6_000_000);
        for _ in 0..10 {
            let batch = script.produce(&["a", "b"]);
            script.sent(&batch, B1);
            script.wait(20_000);
            script.acknowledged(&batch, Acks::One);
        }
        let mut metrics = Metrics::new();
        script.events.iter().for_each(|event| metrics.observe(event));
        metrics.advance(7_000_000);
        let snapshot = metrics.snapshot();
        assert_eq!((snapshot.produced.total, snapshot.acknowledged.total), (20, 20));
        // 20 records in the 4.5 s that nine whole slots cover.
        assert_eq!(snapshot.produced.milli_per_s, 20 * 1_000_000 / 4_500);
        assert_eq!(snapshot.milli_records_per_batch, 2_000);
        let latency = snapshot.produce_latency;
        assert_eq!((latency.count, latency.max_us), (20, 25_000));
        assert!(latency.p50_us.is_some_and(|us| (22_000..=25_000).contains(&us)));
        metrics.advance(60_000_000);
        let snapshot = metrics.snapshot();
        assert_eq!((snapshot.produced.milli_per_s, snapshot.produce_latency.count), (0, 0));
        assert_eq!(snapshot.produce_latency_total.count, 20);
    }
}
