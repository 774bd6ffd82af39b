//! Read, process, write: the result of each record goes to a topic. With a transactional producer
//! the offsets go with the results, all of what a poll() returned or nothing of it (KIP-447).

use super::Consumer;
use super::application::Doing;
use super::handler::Outgoing;
use super::processing::Next;
use super::subscription::Position;
use crate::events::Event;
use crate::node::Ctx;
use crate::protocol::{OffsetCommitRequest, TopicPartition};
use crate::record::Record;

impl Consumer {
    /// A record was processed: its result is written, if the handler has a topic for it.
    pub(super) fn write_result(&mut self, ctx: &mut Ctx<'_>) -> Option<Next> {
        let spec = self.spec.handler.clone()?;
        let topic = spec.output_topic.as_ref()?;
        let (tp, offset, record) = self.first_record()?;
        ctx.emit(Event::RecordProcessed { tp, offset, record: record.id });
        let result = Record { id: ctx.next_record_id(), headers: None, ..record };
        if !spec.is_transactional() {
            return Some(self.write(ctx, &spec, topic, result, None));
        }
        let output = spec.output(topic)?;
        let outgoing = Outgoing { output, record: result, partition: None, cause: ctx.cause };
        self.app.handler.outgoing.push(outgoing);
        self.pass_record();
        Some(Next::Record)
    }

    /// All of a poll() is done: with a transactional producer, offsets and results are committed
    /// together. Whether the thread waits for that.
    pub(super) fn ends_transaction(&mut self, ctx: &mut Ctx<'_>) -> bool {
        let is_transactional =
            self.spec.handler.as_ref().is_some_and(|handler| handler.is_transactional());
        let offsets = self.subscription.all_consumed();
        if !is_transactional || offsets.is_empty() {
            return false;
        }
        self.app.doing = Doing::Committing { then_process: false };
        self.arm_poll_interval(ctx);
        self.app.handler.ending = Some(OffsetCommitRequest { member: self.identity(), offsets });
        true
    }

    /// What the application's producer is to commit.
    pub fn take_transaction(&mut self) -> Option<OffsetCommitRequest> {
        self.app.handler.ending.take()
    }

    /// The transaction has ended. What was aborted is read again, from the committed offsets on.
    pub fn on_transaction_end(&mut self, ctx: &mut Ctx<'_>, committed: bool, is_fatal: bool) {
        if !matches!(self.app.doing, Doing::Committing { .. }) {
            return;
        }
        if is_fatal {
            self.throw(ctx, "ProducerFencedException");
            return;
        }
        if !committed {
            let assigned = self.subscription.partitions.iter();
            let partitions: Vec<TopicPartition> = assigned.map(|assigned| assigned.tp).collect();
            for tp in partitions {
                self.subscription.set_position(tp, Position::Initializing);
            }
            self.app.handler.rewinds = true;
            self.fetcher.partitions_changed();
        }
        self.app.doing = Doing::Polling;
        self.drive(ctx);
    }
}
