//! Verdict and metrics as plain text: one fact a line, numbers under each other.

use std::fmt::{self, Display, Formatter};

use super::metrics::{LatencyView, Rate, Snapshot};
use super::verdict::{Account, GroupVerdict, HandlerVerdict, Tallies, Verdict};
use crate::engine::Micros;

impl Display for Verdict {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "records")?;
        line(f, "produced", self.produced)?;
        line(f, "acknowledged", self.acknowledged)?;
        line(f, "in flight", self.in_flight)?;
        tallies(f, "failed", &self.failed)?;
        line(f, "failed but written", self.failed_but_written)?;
        tallies(f, "lost", &self.lost)?;
        if self.removed.total() > 0 {
            tallies(f, "removed", &self.removed)?;
        }
        if self.aborted.total() > 0 {
            tallies(f, "aborted", &self.aborted)?;
        }
        tallies(f, "duplicated", &self.duplicated)?;
        tallies(f, "reordered", &self.reordered)?;
        self.groups.iter().try_for_each(|group| write!(f, "\n{group}"))
    }
}

impl Display for GroupVerdict {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "group {}", self.group)?;
        line(f, "delivered", self.delivered)?;
        line(f, "processed", self.processed)?;
        tallies(f, "repeated", &self.repeated)?;
        tallies(f, "skipped", &self.skipped)?;
        if self.aborted_reads > 0 {
            line(f, "aborted reads", self.aborted_reads)?;
        }
        line(f, "lag", self.lag)?;
        self.handler.iter().try_for_each(|handler| write!(f, "{handler}"))
    }
}

impl Display for HandlerVerdict {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        line(f, "failed attempts", self.failed_attempts)?;
        line(f, "retried", self.retried)?;
        line(f, "dead-lettered", self.dead_lettered)?;
        tallies(f, "out of order", &self.out_of_order)?;
        line(f, "effects: mails sent", self.effects)?;
        line(f, "effects: once", self.once)?;
        tallies(f, "effects: twice", &self.twice)?;
        tallies(f, "effects: missing", &self.missing)?;
        line(f, "effects: repeats recognised", self.recognised)?;
        line(f, "balances: expected", self.expected)?;
        line(f, "balances: actual", self.actual)?;
        line(f, "balances: wrong accounts", self.wrong_accounts)?;
        self.wrong.iter().try_for_each(|account| {
            let Account { key, expected, actual } = account;
            write!(f, "\n    {key:<30}{actual:>8}   expected {expected}")
        })
    }
}

impl Display for Snapshot {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let recently = format!("last {} s", self.window_us / 1_000_000);
        write!(f, "{:<24}{:>10}{:>14}", "rates", "total", recently)?;
        for (name, rate) in [
            ("produced", self.produced),
            ("acknowledged", self.acknowledged),
            ("failed", self.failed),
            ("delivered", self.delivered),
            ("processed", self.processed),
            ("batches sent", self.batches_sent),
            ("bytes sent", self.bytes_sent),
            ("retries", self.retries),
        ] {
            write!(f, "\n  {name:<22}{rate}")?;
        }
        let batch = self.milli_records_per_batch;
        let batch = format!("{}.{}", batch / 1_000, batch % 1_000 / 100);
        writeln!(f, "\n  {:<32}{batch:>14}", "records a batch")?;
        write!(f, "\n{:<24}{:>10}{:>14}{:>14}{:>14}", "latencies", "count", "p50", "p99", "max")?;
        write!(f, "\n  {:<22}{}", "produce", self.produce_latency_total)?;
        write!(f, "\n  {:<22}{}", format!("  {recently}"), self.produce_latency)?;
        write!(f, "\n  {:<22}{}", "end to end", self.end_to_end_latency_total)?;
        write!(f, "\n  {:<22}{}", format!("  {recently}"), self.end_to_end_latency)
    }
}

impl Display for Rate {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let rate = format!("{}.{}/s", self.milli_per_s / 1_000, self.milli_per_s % 1_000 / 100);
        write!(f, "{:>10}{rate:>14}", self.total)
    }
}

impl Display for LatencyView {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let max_us = (self.count > 0).then_some(self.max_us);
        write!(f, "{:>10}", self.count)?;
        [self.p50_us, self.p99_us, max_us]
            .into_iter()
            .try_for_each(|value| write!(f, "{:>14}", milliseconds(value)))
    }
}

fn milliseconds(us: Option<Micros>) -> String {
    us.map_or_else(|| "-".to_owned(), |us| format!("{}.{:03} ms", us / 1_000, us % 1_000))
}

fn line(f: &mut Formatter<'_>, name: &str, number: impl Display) -> fmt::Result {
    write!(f, "\n  {name:<32}{number:>8}")
}

/// The sum, and under it each cause with a few records to look at.
fn tallies(f: &mut Formatter<'_>, name: &str, tallies: &Tallies) -> fmt::Result {
    line(f, name, tallies.total())?;
    for tally in tallies.iter() {
        let examples: Vec<String> = tally.examples.iter().map(|id| id.0.to_string()).collect();
        let more = if tally.records > examples.len() as u64 { ", ..." } else { "" };
        write!(f, "\n    {:<30}{:>8}", tally.cause, tally.records)?;
        if !examples.is_empty() {
            write!(f, "   records {}{more}", examples.join(", "))?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::RecordId;

    #[test]
    fn a_verdict_names_causes_and_examples() {
        let mut verdict = Verdict { produced: 12, acknowledged: 11, ..Verdict::default() };
        verdict.lost.add("acks-1", (0..10).map(RecordId).collect::<Vec<_>>().into_iter());
        let text = verdict.to_string();
        let lines: Vec<&str> = text.lines().map(str::trim_start).collect();
        assert_eq!(lines[1], "produced                              12");
        assert_eq!(lines[6], "lost                                  10");
        let cause = "acks-1                              10   records 0, 1, 2, 3, 4, 5, 6, 7, ...";
        assert_eq!(lines[7], cause);
    }

    #[test]
    fn no_latency_is_no_zero() {
        let none = LatencyView::default().to_string();
        assert_eq!(none.split_whitespace().collect::<Vec<_>>(), ["0", "-", "-", "-"]);
        let some =
            LatencyView { count: 1, p50_us: Some(1_500), p99_us: Some(1_500), max_us: 1_500 };
        assert!(some.to_string().ends_with("1.500 ms"));
    }
}
