//! A run under way.

use std::collections::VecDeque;

use super::TraceHash;
use crate::cluster::{Cluster, Command};
use crate::engine::Micros;
use crate::events::{EventId, TraceEvent};
use crate::scenario::Scenario;
use crate::trace::{Counts, EventLog, Ledger, Metrics, Snapshot, Verdict};
use crate::view::{MessageView, View};

/// Notable events that a run remembers.
const LOG_CAPACITY: usize = 20_000;

/// How far [`Run::run_until`] came.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub struct Progress {
    /// Now, in virtual µs.
    pub now: Micros,
    /// Events handled.
    pub events: u64,
    /// The budget ran out before the time did.
    pub exhausted: bool,
}

/// A scenario being played, with everything known about it so far.
#[derive(Clone)]
pub struct Run {
    scenario: Scenario,
    cluster: Cluster,
    /// The scenario's commands that are still to come.
    pending: VecDeque<(Micros, Command)>,
    /// Every command so far, with its time.
    commands: Vec<(Micros, Command)>,
    ledger: Ledger,
    metrics: Metrics,
    log: EventLog,
    /// Empty but for the moment in which events are read.
    fresh: Vec<TraceEvent>,
    readers: Readers,
}

/// Readers that cost time, for those who want them.
#[derive(Clone, Default)]
struct Readers {
    hash: Option<TraceHash>,
    listener: Option<fn(&Cluster, &TraceEvent)>,
    counts: Option<Counts>,
}

impl Run {
    /// The scenario at time 0.
    pub fn new(scenario: Scenario) -> Self {
        Self::start(scenario, Readers::default())
    }

    /// The same, with a [`TraceHash`] over all events. It costs time: for tests.
    pub fn with_trace_hash(scenario: Scenario) -> Self {
        Self::start(scenario, Readers { hash: Some(TraceHash::default()), ..Readers::default() })
    }

    /// The same, with `listener` hearing every event in order.
    pub fn with_listener(scenario: Scenario, listener: fn(&Cluster, &TraceEvent)) -> Self {
        Self::start(scenario, Readers { listener: Some(listener), ..Readers::default() })
    }

    /// The same, with [`Counts`] of all that happens: for lessons.
    pub fn with_counts(scenario: Scenario) -> Self {
        Self::start(scenario, Readers { counts: Some(Counts::default()), ..Readers::default() })
    }

    fn start(scenario: Scenario, readers: Readers) -> Self {
        let cluster =
            Cluster::new(&scenario.setup).expect("a scenario's broker configs are checked");
        let mut run = Self {
            pending: scenario.commands.iter().cloned().collect(),
            cluster,
            commands: Vec::new(),
            ledger: Ledger::new(),
            metrics: Metrics::new(),
            log: EventLog::new(LOG_CAPACITY),
            fresh: Vec::new(),
            readers,
            scenario,
        };
        for command in run.scenario.opening.clone() {
            // What is wrong with it, if anything, stands in the event log.
            let _ = run.apply(command);
        }
        run
    }

    /// The scenario.
    pub fn scenario(&self) -> &Scenario {
        &self.scenario
    }

    /// Now, in virtual µs.
    pub fn now(&self) -> Micros {
        self.cluster.now()
    }

    /// Carries a command out now.
    ///
    /// # Errors
    /// Why it is refused, and the way out.
    pub fn apply(&mut self, command: Command) -> Result<(), String> {
        self.cluster.apply(command.clone())?;
        self.commands.push((self.now(), command));
        self.read_trace();
        Ok(())
    }

    /// Lets time pass until `until_us`, or until `event_budget` events are handled.
    pub fn run_until(&mut self, until_us: Micros, event_budget: u64) -> Progress {
        self.run_while(until_us, event_budget, |_| true)
    }

    /// Lets time pass until the next notable event, `until_us` or `event_budget` events.
    pub fn run_to_notable(&mut self, until_us: Micros, event_budget: u64) -> Progress {
        let seen = self.newest_notable();
        self.run_while(until_us, event_budget, |run| run.newest_notable() == seen)
    }

    fn run_while(
        &mut self,
        until_us: Micros,
        event_budget: u64,
        goes_on: impl Fn(&Self) -> bool,
    ) -> Progress {
        let mut events = 0;
        while goes_on(self) {
            let next_us = self.pending.front().map_or(until_us, |&(at_us, _)| at_us.min(until_us));
            if self.cluster.step(next_us) {
                self.read_trace();
                events += 1;
                if events >= event_budget {
                    return Progress { now: self.now(), events, exhausted: true };
                }
            } else if let Some((_, command)) =
                self.pending.pop_front_if(|&mut (at_us, _)| at_us <= until_us)
            {
                self.apply_scripted(command);
            } else {
                break;
            }
        }
        self.metrics.advance(self.now());
        Progress { now: self.now(), events, exhausted: false }
    }

    /// Handles the next event of all, however small.
    pub fn step(&mut self) {
        let limit_us = self.pending.front().map_or(Micros::MAX, |&(at_us, _)| at_us);
        if self.cluster.next_event_us().is_some_and(|at_us| at_us <= limit_us) {
            self.cluster.step(limit_us);
            self.read_trace();
        } else if let Some((at_us, command)) = self.pending.pop_front() {
            while self.cluster.step(at_us) {}
            self.apply_scripted(command);
        }
        self.metrics.advance(self.now());
    }

    fn newest_notable(&self) -> Option<EventId> {
        self.log.iter().next_back().map(|event| event.id)
    }

    fn apply_scripted(&mut self, command: Command) {
        if let Err(reason) = self.apply(command.clone()) {
            self.cluster.refuse(&command, &reason);
            self.read_trace();
        }
    }

    #[inline]
    fn read_trace(&mut self) {
        // Most turns leave none.
        if self.cluster.has_trace() {
            self.read_events();
        }
    }

    fn read_events(&mut self) {
        self.cluster.take_trace(&mut self.fresh);
        for event in self.fresh.drain(..) {
            self.ledger.observe(&event);
            self.metrics.observe(&event);
            if let Some(hash) = &mut self.readers.hash {
                hash.add(&event);
            }
            if let Some(listener) = self.readers.listener {
                listener(&self.cluster, &event);
            }
            if let Some(counts) = &mut self.readers.counts {
                counts.observe(&event);
            }
            self.log.observe(event);
        }
    }

    /// A picture of the cluster now.
    pub fn view(&self) -> View {
        self.cluster.view()
    }

    /// Messages on their way.
    pub fn messages(&self) -> Vec<MessageView> {
        self.cluster.messages()
    }

    /// What became of the records so far.
    pub fn verdict(&self) -> Verdict {
        self.ledger.verdict()
    }

    /// Rates and latencies as of now.
    pub fn metrics(&self) -> Snapshot {
        self.metrics.snapshot()
    }

    /// The notable events.
    pub fn log(&self) -> &EventLog {
        &self.log
    }

    /// The counts, if this run keeps them.
    pub fn counts(&self) -> Option<&Counts> {
        self.readers.counts.as_ref()
    }

    /// The fate of each record.
    pub fn ledger(&self) -> &Ledger {
        &self.ledger
    }

    /// The cluster.
    pub fn cluster(&self) -> &Cluster {
        &self.cluster
    }

    /// The command log: with the scenario, the whole run.
    pub fn commands(&self) -> &[(Micros, Command)] {
        &self.commands
    }

    /// The hash over all events so far, if this run keeps one.
    pub fn trace_hash(&self) -> Option<u64> {
        self.readers.hash.as_ref().map(TraceHash::value)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::producer::Pace;

    #[test]
    fn what_is_set_while_a_client_restarts_is_not_lost() {
        let scenario = Scenario::parse(include_str!("../../scenarios/default.toml"));
        let mut run = Run::new(scenario.expect("it parses"));
        run.run_until(8_000_000, u64::MAX);
        let (client, key) = ("checkout".into(), "acks".into());
        let value = Some("1".into());
        run.apply(Command::SetClientConfig { client, key, value }).expect("acks is a config");
        let pace = Pace::Every(5_000);
        run.apply(Command::SetPace { producer: "checkout".into(), pace }).expect("at any time");
        run.run_until(12_000_000, u64::MAX);
        let view = run.view();
        let checkout = view.producers.iter().find(|it| &*it.name == "checkout").expect("there");
        assert_eq!(checkout.interval_us, Some(5_000));
        assert!(checkout.config.contains(&("acks".to_owned(), "1".to_owned())));
    }

    #[test]
    fn a_crashed_consumer_takes_a_config_and_starts_with_it() {
        let scenario = Scenario::parse(include_str!("../../scenarios/default.toml"));
        let mut run = Run::new(scenario.expect("it parses"));
        run.run_until(8_000_000, u64::MAX);
        run.apply(Command::CrashClient("billing-1".into())).expect("it runs");
        run.run_until(9_000_000, u64::MAX);
        let (client, key) = ("billing-1".into(), "max.poll.records".into());
        let value = Some("7".into());
        run.apply(Command::SetClientConfig { client, key, value }).expect("a config");
        run.apply(Command::StartClient("billing-1".into())).expect("it is dead");
        run.run_until(12_000_000, u64::MAX);
        let view = run.view();
        let billing = view.consumers.iter().find(|it| &*it.name == "billing-1").expect("there");
        assert!(billing.config.contains(&("max.poll.records".to_owned(), "7".to_owned())));
    }
}
