//! An application: one process with a consumer and the producers it writes with.
//!
//! Consumer and producers are clients beside each other and know nothing of each other. What the
//! consumer's handler wants written is taken from it after each turn and handed to the producer of
//! its topic; what the producer hears of it goes back. The process dies as one.
//!
//! A producer writes to one topic, so there is one for each; their connections are numbered
//! ([`Channel::Output`]).

use crate::consumer::{Consumer, ConsumerSpec};
use crate::node::{Ctx, Node, NodeTimer, ProducerTimer};
use crate::producer::{
    Keys, Pace, Producer, ProducerSpec, TransactionOutcome, Transactions, Workload,
};
use crate::protocol::{Channel, Envelope};

/// A process that reads and, if its handler wants it, writes.
#[derive(Clone, Debug)]
pub struct Application {
    consumer: Consumer,
    outputs: Vec<Producer>,
}

/// The producers that an application with this consumer has.
pub fn output_specs(spec: &ConsumerSpec) -> impl Iterator<Item = ProducerSpec> {
    let handler = spec.handler.iter();
    let outputs = handler.flat_map(|handler| handler.outputs().map(move |topic| (handler, topic)));
    outputs.map(|(handler, topic)| ProducerSpec {
        name: spec.name.clone(),
        topic: topic.clone(),
        workload: Workload {
            pace: Pace::Manual,
            keys: Keys::None,
            value_bytes: Workload::VALUE_BYTES,
            limit: None,
            partition: None,
            compression_ratios: Default::default(),
            transactions: Transactions::WITH_A_CONSUMER,
        },
        client: spec.client,
        config: handler.producer.clone(),
    })
}

impl Application {
    /// An application whose process has not started. Of the outputs, the one at place n has its
    /// connections on `Channel::Output(n)`.
    pub fn new(consumer: Consumer, outputs: Vec<Producer>) -> Self {
        Self { consumer, outputs }
    }

    /// Its consumer.
    pub fn consumer(&self) -> &Consumer {
        &self.consumer
    }

    /// Its consumer, to be changed while the process runs, or anew while it does not.
    pub fn consumer_mut(&mut self) -> &mut Consumer {
        &mut self.consumer
    }

    /// Other producers, while the process does not run.
    pub fn set_outputs(&mut self, outputs: Vec<Producer>) {
        self.outputs = outputs;
    }

    /// How many producers it has.
    pub fn output_count(&self) -> usize {
        self.outputs.len()
    }

    /// The process was killed: says what is lost with it.
    pub fn abandon(&mut self, ctx: &mut Ctx<'_>) {
        self.outputs.iter_mut().for_each(|output| output.abandon(ctx));
    }

    fn output(&mut self, channel: Channel) -> Option<&mut Producer> {
        let Channel::Output(number) = channel else { return None };
        self.outputs.get_mut(usize::from(number))
    }

    /// Carries records and answers between consumer and producers until there is nothing to carry.
    fn carry(&mut self, ctx: &mut Ctx<'_>) {
        if self.outputs.is_empty() {
            return;
        }
        loop {
            let outgoing = self.consumer.take_outgoing();
            let is_silent = outgoing.is_empty();
            for out in outgoing {
                ctx.cause = out.cause;
                self.outputs[out.output].send_record(ctx, out.record, out.partition);
            }
            let outputs = self.outputs.iter_mut();
            let written: Vec<_> = outputs.flat_map(Producer::take_deliveries).collect();
            let ending = self.consumer.take_transaction();
            let ends = ending.is_some();
            if let (Some(offsets), Some(output)) = (ending, self.outputs.first_mut()) {
                output.commit_with_offsets(ctx, offsets);
            }
            let outcome = self.outputs.iter_mut().find_map(Producer::take_transaction_outcome);
            if is_silent && written.is_empty() && !ends && outcome.is_none() {
                break;
            }
            if let Some(outcome) = outcome {
                let is_fatal = outcome == TransactionOutcome::Fatal;
                let committed = outcome == TransactionOutcome::Committed;
                self.consumer.on_transaction_end(ctx, committed, is_fatal);
            }
            for (record, outcome) in written {
                self.consumer.on_written(ctx, record, outcome);
            }
        }
        if !self.consumer.is_running() {
            self.outputs.iter_mut().for_each(|output| output.end(ctx));
        }
    }
}

impl Node for Application {
    fn on_start(&mut self, ctx: &mut Ctx<'_>) {
        self.outputs.iter_mut().for_each(|output| output.on_start(ctx));
        self.consumer.on_start(ctx);
        self.carry(ctx);
    }

    fn on_message(&mut self, ctx: &mut Ctx<'_>, message: Envelope) {
        match self.output(message.channel) {
            Some(output) => output.on_message(ctx, message),
            None => self.consumer.on_message(ctx, message),
        }
        self.carry(ctx);
    }

    fn on_timer(&mut self, ctx: &mut Ctx<'_>, timer: NodeTimer) {
        let channel = match timer {
            NodeTimer::Producer(
                ProducerTimer::Sender(channel) | ProducerTimer::RequestTimeout(_, channel),
            ) => channel,
            _ => Channel::Data,
        };
        match self.output(channel) {
            Some(output) => output.on_timer(ctx, timer),
            None => self.consumer.on_timer(ctx, timer),
        }
        self.carry(ctx);
    }

    /// The consumer finishes what it is at, and with it what the producers have to write; then it
    /// ends the process.
    fn on_close(&mut self, ctx: &mut Ctx<'_>) {
        self.consumer.on_close(ctx);
        self.carry(ctx);
    }
}
