//! seek(): the application moves its position. A consumer belongs to one thread, so what is asked
//! of it from outside happens before its next poll().

use super::Consumer;
use super::subscription::Position;
use crate::events::PositionReason;
use crate::node::Ctx;
use crate::protocol::{OffsetSpec, TopicId, TopicPartition};

/// Where an application may seek to.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub enum SeekTo {
    /// seekToBeginning()
    Beginning,
    /// seekToEnd()
    End,
    /// seek()
    Offset(i64),
}

/// A seek that waits for the application's thread.
#[derive(Copy, Clone, Debug)]
pub(super) struct Seek {
    topic: TopicId,
    /// `None`: every partition of the topic that it has.
    partition: Option<u16>,
    to: SeekTo,
}

impl Consumer {
    /// Whether it has partitions of that topic, or that one, to seek in.
    pub fn can_seek(&self, topic: TopicId, partition: Option<u16>) -> bool {
        let wanted = Seek { topic, partition, to: SeekTo::End };
        self.app.is_running() && self.subscription.partitions.iter().any(|a| wanted.is_in(a.tp))
    }

    /// The application seeks as soon as its thread comes to it.
    pub fn seek(&mut self, ctx: &mut Ctx<'_>, topic: TopicId, partition: Option<u16>, to: SeekTo) {
        self.app.seeks.push(Seek { topic, partition, to });
        self.drive(ctx);
    }

    /// Positions move at once; what was fetched for the old ones is of no use. Beginning and end
    /// the leader has to say (`requestOffsetReset`).
    pub(super) fn carry_out_seeks(&mut self, ctx: &mut Ctx<'_>) {
        for seek in std::mem::take(&mut self.app.seeks) {
            for tp in self.subscription.owned().into_iter().filter(|&tp| seek.is_in(tp)) {
                let spec = match seek.to {
                    SeekTo::Beginning => OffsetSpec::Earliest,
                    SeekTo::End => OffsetSpec::Latest,
                    SeekTo::Offset(offset) => {
                        self.subscription.set_position(tp, Position::Initializing);
                        self.subscription.seek(tp, offset, -1, true);
                        self.found_position(ctx, tp, offset, PositionReason::Sought);
                        continue;
                    }
                };
                let reason = PositionReason::Sought;
                let position = Position::AwaitReset { spec, reason, asked: None };
                self.subscription.set_position(tp, position);
            }
        }
    }
}

impl Seek {
    fn is_in(self, tp: TopicPartition) -> bool {
        tp.topic == self.topic && self.partition.is_none_or(|partition| partition == tp.partition)
    }
}
