//! The producer node: Kafka's `KafkaProducer` and the application that calls it.
//!
//! send() runs in the turn that calls it. It may block, for metadata or memory: then it waits in
//! `pending`, and the application's loop waits with it.

use std::collections::VecDeque;

use crate::config::ProducerConfig;
use crate::engine::{Micros, NodeId, Timer};
use crate::events::{DeliveryFailure, Event};
use crate::node::{Ctx, Node, NodeTimer, ProducerTimer};
use crate::protocol::{Body, Channel, Envelope, wall_clock_ms};
use crate::record::{Header, Record};

use super::application::Application;
use super::pending_send::{PendingSend, Target, Wait, choose_partition};
use super::sender::{Delivery, Sender};
use super::transaction_loop::TransactionLoop;
use super::{ManualRecord, Pace, ProducerSpec, RoundRobinPartitioner, StickyRandom};

/// Where a process is in its life.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub(super) enum Life {
    Stopped,
    Running,
    Closing,
}

/// A producer process.
#[derive(Clone, Debug)]
pub struct Producer {
    /// Its node, once it has started.
    pub(super) id: NodeId,
    pub(super) spec: ProducerSpec,
    pub(super) config: ProducerConfig,
    bootstrap: Vec<NodeId>,
    pub(super) sender: Sender,
    pub(super) application: Application,
    pub(super) transactions: TransactionLoop,
    round_robin: RoundRobinPartitioner,
    /// What librdkafka's partitioners remember.
    sticky_random: StickyRandom,
    pub(super) pending: VecDeque<PendingSend>,
    wake: Option<(Timer, Micros)>,
    pub(super) life: Life,
    channel: Channel,
}

/// What became of a call of send().
enum Outcome {
    Returned { sender_shall_look: bool },
    Blocked(PendingSend),
    Failed(PendingSend, DeliveryFailure),
}

impl Producer {
    /// A producer that has not started.
    pub fn new(spec: ProducerSpec, config: ProducerConfig, bootstrap: Vec<NodeId>) -> Self {
        Self::on_channel(spec, config, bootstrap, Channel::Data)
    }

    /// A producer of a process that has a consumer, too: its connections are `Channel::Output`, and
    /// its application hears of each record by [`Producer::take_deliveries`].
    pub fn in_application(
        spec: ProducerSpec,
        config: ProducerConfig,
        bootstrap: Vec<NodeId>,
        number: u8,
    ) -> Self {
        let mut it = Self::on_channel(spec, config, bootstrap, Channel::Output(number));
        it.sender.callbacks.want();
        it
    }

    fn on_channel(
        spec: ProducerSpec,
        config: ProducerConfig,
        bootstrap: Vec<NodeId>,
        channel: Channel,
    ) -> Self {
        let mut sender = Sender::new(&config, spec.topic.clone(), bootstrap.clone(), channel);
        sender.accumulator.set_compression_ratios(spec.workload.compression_ratios);
        Self {
            id: NodeId(0),
            sender,
            application: Application::new(&spec),
            transactions: TransactionLoop::default(),
            spec,
            config,
            bootstrap,
            round_robin: RoundRobinPartitioner::default(),
            sticky_random: StickyRandom::default(),
            pending: VecDeque::new(),
            wake: None,
            life: Life::Stopped,
            channel,
        }
    }

    /// Another spec or config, while the process does not run. The application goes on counting
    /// its records where it was.
    pub fn configure(&mut self, spec: ProducerSpec, config: ProducerConfig) {
        self.application.configure(&spec);
        self.spec = spec;
        self.config = config;
        self.reset();
    }

    fn reset(&mut self) {
        let bootstrap = self.bootstrap.clone();
        self.sender.restart(&self.config, self.spec.topic.clone(), bootstrap);
        self.sender.accumulator.set_compression_ratios(self.spec.workload.compression_ratios);
        self.round_robin = RoundRobinPartitioner::default();
        self.sticky_random = StickyRandom::default();
        self.transactions.restart();
        self.pending.clear();
        self.wake = None;
        self.life = Life::Stopped;
    }

    /// What it is to do.
    pub fn spec(&self) -> &ProducerSpec {
        &self.spec
    }

    /// Its effective config.
    pub fn config(&self) -> &ProducerConfig {
        &self.config
    }

    /// Changes how fast the application sends.
    pub fn set_pace(&mut self, ctx: &mut Ctx<'_>, pace: Pace) {
        self.spec.workload.pace = pace;
        if self.life == Life::Running {
            let is_blocked = self.transactions.is_blocked
                || self.pending.iter().any(|pending| pending.is_workload);
            self.application.set_pace(ctx, &self.spec, is_blocked);
        }
    }

    /// Sends one record by command, from a thread of its own.
    pub fn send_manual(&mut self, ctx: &mut Ctx<'_>, manual: ManualRecord) {
        debug_assert!(self.life != Life::Stopped, "the process does not run");
        let headers = (!manual.headers.is_empty()).then(|| {
            let headers = manual.headers.into_iter();
            headers.map(|(key, value)| Header { key, value: Some(value) }).collect()
        });
        let record = Record {
            id: ctx.next_record_id(),
            timestamp_ms: 0,
            key: manual.key,
            value: manual.value,
            headers,
        };
        self.send_record(ctx, record, manual.partition);
    }

    /// send() of a record that exists already: its id was taken before.
    pub fn send_record(&mut self, ctx: &mut Ctx<'_>, record: Record, partition: Option<u16>) {
        self.send(ctx, record, partition, false);
    }

    /// What became of records since the last call, for the application they came from.
    pub fn take_deliveries(&mut self) -> Vec<Delivery> {
        self.sender.callbacks.take()
    }

    fn send_next(&mut self, ctx: &mut Ctx<'_>) {
        let (key, value) = self.application.next_record(&self.spec, ctx.rng);
        let id = ctx.next_record_id();
        let record = Record { id, timestamp_ms: 0, key, value: Some(value), headers: None };
        self.send(ctx, record, self.spec.workload.partition, true);
    }

    fn send(
        &mut self,
        ctx: &mut Ctx<'_>,
        record: Record,
        partition: Option<u16>,
        is_workload: bool,
    ) {
        ctx.emit(Event::RecordProduced {
            record: record.id,
            topic: self.spec.topic.clone(),
            key: record.key.clone(),
        });
        let pending = PendingSend {
            record,
            target: Target::Undecided(partition),
            deadline_us: ctx.now + self.max_block_us(),
            is_workload,
            wait: Wait::Metadata,
            cause: ctx.cause,
        };
        match self.try_send(ctx, pending) {
            Outcome::Returned { sender_shall_look } => {
                self.send_returned(ctx, is_workload);
                if sender_shall_look {
                    self.work(ctx);
                }
            }
            Outcome::Blocked(pending) => {
                self.pending.push_back(pending);
                self.work(ctx);
            }
            Outcome::Failed(pending, failure) => self.fail_send(ctx, pending, failure),
        }
    }

    fn max_block_us(&self) -> Micros {
        self.config.max_block_ms.max(0) as u64 * 1000
    }

    /// `KafkaProducer.doSend`, as far as it gets.
    fn try_send(&mut self, ctx: &mut Ctx<'_>, mut pending: PendingSend) -> Outcome {
        if self.sender.accumulator.is_closed() {
            return Outcome::Failed(pending, DeliveryFailure::ProducerGone { sent: false });
        }
        if self.sender.transaction().is_some_and(|transaction| !transaction.takes_records()) {
            pending.wait = Wait::Transaction;
            return Outcome::Blocked(pending);
        }
        if pending.wait == Wait::Transaction {
            pending.deadline_us = ctx.now + self.max_block_us();
        }
        let cluster = self.sender.metadata.cluster();
        let known = cluster.partition_count();
        let partition = match pending.target {
            Target::Decided(partition) if known > 0 => partition,
            Target::Undecided(explicit) if known > explicit.map_or(0, usize::from) => {
                let partition = match self.spec.librdkafka_partitioner() {
                    Some(how) => explicit.or_else(|| {
                        let (key, rng) = (pending.record.key.as_deref(), &mut *ctx.rng);
                        Some(self.sticky_random.partition(ctx.now, key, how, known, rng))
                    }),
                    None => {
                        let (config, round_robin) = (&self.config, &mut self.round_robin);
                        choose_partition(&pending.record, explicit, config, round_robin, cluster)
                    }
                };
                pending.target = Target::Decided(partition);
                pending.record.timestamp_ms = wall_clock_ms(ctx.now);
                let bytes = pending.record.batch_size_upper_bound();
                let limit = self.config.max_request_size.max(0) as u32;
                if bytes > limit || self.sender.accumulator.is_too_large(bytes) {
                    return Outcome::Failed(pending, DeliveryFailure::RecordTooLarge);
                }
                partition
            }
            _ => {
                self.sender.metadata.want_topic();
                pending.wait = Wait::Metadata;
                return block(ctx.now, pending);
            }
        };
        let accumulator = &mut self.sender.accumulator;
        let id = pending.record.id;
        match accumulator.append(ctx.now, pending.record, partition, cluster, ctx) {
            Ok(appended) => {
                ctx.cause = pending.cause;
                let tp = self.sender.topic_partition(appended.partition);
                let batched = ctx.emit(Event::RecordBatched { record: id, tp });
                let ends = self.count_in_transaction();
                let sender_shall_look = appended.new_batch || appended.batch_is_full || ends;
                if sender_shall_look {
                    let batch = self.sender.accumulator.last_batch_mut(appended.partition);
                    if let Some(batch) = batch {
                        batch.cause = Some(batched);
                    }
                }
                Outcome::Returned { sender_shall_look }
            }
            Err(record) => {
                let bytes = accumulator.batch_size().max(record.batch_size_upper_bound());
                pending.record = record;
                pending.wait = Wait::Memory(bytes);
                block(ctx.now, pending)
            }
        }
    }

    pub(super) fn fail_send(
        &mut self,
        ctx: &mut Ctx<'_>,
        pending: PendingSend,
        failure: DeliveryFailure,
    ) {
        ctx.cause = pending.cause;
        self.sender.callbacks.call_for(pending.record.id, failure);
        ctx.note(Event::RecordFailed { record: pending.record.id, failure });
        self.send_returned(ctx, pending.is_workload);
    }

    fn send_returned(&mut self, ctx: &mut Ctx<'_>, is_workload: bool) {
        if !is_workload || self.life != Life::Running {
            return;
        }
        match self.sender.transaction().is_some_and(|transaction| !transaction.takes_records()) {
            true => self.transactions.is_blocked = true,
            false => self.application.sleep(ctx, &self.spec),
        }
    }

    /// Everything that can be done now is done, and the next moment when something can is noted.
    pub(super) fn work(&mut self, ctx: &mut Ctx<'_>) {
        loop {
            self.resume_pending(ctx);
            let free_bytes = self.sender.accumulator.available_bytes();
            let wake_us = self.sender.run(ctx);
            let has_freed = self.sender.accumulator.available_bytes() > free_bytes;
            let goes_on = self.follow_transaction(ctx);
            if self.life == Life::Stopped {
                return;
            }
            if !goes_on && (self.pending.is_empty() || !has_freed) {
                self.rearm(ctx, wake_us);
                break;
            }
        }
        if self.life == Life::Closing && self.sender.is_idle() && !self.has_open_transaction() {
            self.exit(ctx);
        }
    }

    /// Calls of send() go on that found what they waited for, first come first served, or fail.
    fn resume_pending(&mut self, ctx: &mut Ctx<'_>) {
        let mut is_exhausted = false;
        for _ in 0..self.pending.len() {
            let Some(pending) = self.pending.pop_front() else { break };
            let may_go_on = match pending.wait {
                Wait::Metadata | Wait::Transaction => true,
                Wait::Memory(bytes) => {
                    !is_exhausted && self.sender.accumulator.available_bytes() >= u64::from(bytes)
                }
            };
            let is_workload = pending.is_workload;
            let outcome = match may_go_on {
                true => self.try_send(ctx, pending),
                false => block(ctx.now, pending),
            };
            match outcome {
                Outcome::Returned { .. } => self.send_returned(ctx, is_workload),
                Outcome::Blocked(pending) => {
                    is_exhausted |= matches!(pending.wait, Wait::Memory(_));
                    self.pending.push_back(pending);
                }
                Outcome::Failed(pending, failure) => self.fail_send(ctx, pending, failure),
            }
        }
        self.sender.accumulator.set_exhausted(is_exhausted);
    }

    /// One timer for whatever comes first.
    fn rearm(&mut self, ctx: &mut Ctx<'_>, sender_us: Option<Micros>) {
        let has_deadline = |pending: &&PendingSend| pending.wait != Wait::Transaction;
        let deadlines = self.pending.iter().filter(has_deadline);
        let deadline_us = deadlines.map(|pending| pending.deadline_us).min();
        let next_us = sender_us.into_iter().chain(deadline_us).min();
        if self.wake.map(|(_, at_us)| at_us) == next_us {
            return;
        }
        if let Some((timer, _)) = self.wake.take() {
            ctx.cancel_timer(timer);
        }
        let timer = NodeTimer::Producer(ProducerTimer::Sender(self.channel));
        self.wake = next_us.map(|at_us| (ctx.set_timer_at(at_us, timer), at_us));
    }

    pub(super) fn exit(&mut self, ctx: &mut Ctx<'_>) {
        self.sender.close(ctx);
        if let Some((timer, _)) = self.wake.take() {
            ctx.cancel_timer(timer);
        }
        self.life = Life::Stopped;
        ctx.exit();
    }

    /// The process it is a part of ends in good order, and it with it.
    pub fn end(&mut self, ctx: &mut Ctx<'_>) {
        self.sender.close(ctx);
        self.abandon(ctx);
    }

    /// The process was killed: says what is lost with it.
    pub fn abandon(&mut self, ctx: &mut Ctx<'_>) {
        self.life = Life::Stopped;
        self.sender.abandon(ctx);
        for pending in std::mem::take(&mut self.pending) {
            self.fail_send(ctx, pending, DeliveryFailure::ProducerGone { sent: false });
        }
    }
}

fn block(now: Micros, pending: PendingSend) -> Outcome {
    if pending.deadline_us > now {
        return Outcome::Blocked(pending);
    }
    let failure = pending.wait.failure();
    Outcome::Failed(pending, failure)
}

impl Node for Producer {
    fn on_start(&mut self, ctx: &mut Ctx<'_>) {
        self.reset();
        self.id = ctx.me;
        self.life = Life::Running;
        self.application.start(ctx);
        match self.sender.transaction() {
            Some(_) => self.transactions.is_blocked = true,
            None => self.application.sleep(ctx, &self.spec),
        }
        self.work(ctx);
    }

    fn on_message(&mut self, ctx: &mut Ctx<'_>, message: Envelope) {
        if message.channel != self.channel {
            return;
        }
        match message.body {
            Body::Response(correlation, response) => {
                self.sender.on_response(ctx, message.from, correlation, response);
            }
            Body::Disconnected => self.sender.on_disconnect(ctx, message.from, message.connection),
            Body::Request(..) => debug_assert!(false, "nobody asks a producer"),
        }
        self.work(ctx);
    }

    fn on_timer(&mut self, ctx: &mut Ctx<'_>, timer: NodeTimer) {
        match timer {
            NodeTimer::Producer(ProducerTimer::Workload) => {
                self.application.wake();
                self.send_next(ctx);
            }
            NodeTimer::Producer(ProducerTimer::RequestTimeout(node, _)) => {
                self.sender.on_request_timeout(ctx, node);
                self.work(ctx);
            }
            NodeTimer::Producer(ProducerTimer::Sender(_)) => {
                self.wake = None;
                self.work(ctx);
            }
            _ => debug_assert!(false, "not a producer's timer"),
        }
    }

    fn on_close(&mut self, ctx: &mut Ctx<'_>) {
        self.life = Life::Closing;
        self.application.stop(ctx);
        self.sender.accumulator.close();
        self.work(ctx);
    }
}
