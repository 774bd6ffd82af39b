//! An application that keeps the order of what it redirects reads its redirect topic from the
//! beginning when it gets a partition, and nothing of that partition's records before: it has to
//! know which keys are in the retry topic.
//!
//! Topics with as many partitions are shared out side by side by RangeAssignor (co-partitioning):
//! who reads partition 1 of the orders reads partition 1 of the others, too.

use super::Consumer;
use super::handler::Role;
use super::subscription::Position;
use crate::events::PositionReason;
use crate::protocol::{OffsetSpec, TopicPartition};

impl Consumer {
    /// These partitions are new to it.
    pub(super) fn restore(&mut self, new: &[TopicPartition]) {
        self.app.handler.rounds.retain(|tp, _| !new.contains(tp));
        if self.spec.handler.as_ref().is_none_or(|handler| handler.redirect_topic.is_none()) {
            return;
        }
        for &tp in new {
            match self.role_of(tp) {
                // seekToBeginning() in onPartitionsAssigned.
                Role::Redirects => {
                    self.app.handler.redirects.forget(tp.partition);
                    let (spec, reason) = (OffsetSpec::Earliest, PositionReason::Sought);
                    let position = Position::AwaitReset { spec, reason, asked: None };
                    self.subscription.set_position(tp, position);
                }
                Role::Main | Role::Retry(_) => {
                    let is_held = self.redirects_of(tp).is_some();
                    if let Some(assigned) = self.subscription.get_mut(tp) {
                        assigned.is_held = is_held;
                    }
                    self.app.handler.is_restoring |= is_held;
                }
            }
        }
    }

    /// Lets go of partitions whose redirects are known.
    pub(super) fn release_restored(&mut self) {
        if !self.app.handler.is_restoring {
            return;
        }
        let held = self.subscription.partitions.iter().filter(|assigned| assigned.is_held);
        let held: Vec<TopicPartition> = held.map(|assigned| assigned.tp).collect();
        let mut is_restoring = false;
        for tp in held {
            let is_restored = self.redirects_of(tp).is_none_or(|redirects| {
                let known = self.subscription.get(redirects);
                known.is_none_or(|it| match it.position {
                    Position::At(offset) => (0..=offset).contains(&it.high_watermark),
                    _ => false,
                })
            });
            is_restoring |= !is_restored;
            if let Some(assigned) = self.subscription.get_mut(tp).filter(|_| is_restored) {
                assigned.is_held = false;
                self.fetcher.partitions_changed();
            }
        }
        self.app.handler.is_restoring = is_restoring;
    }

    /// The partition that says which keys of this one are in the retry topic, if it is ours.
    fn redirects_of(&self, tp: TopicPartition) -> Option<TopicPartition> {
        let mut tps = self.subscription.partitions.iter().map(|assigned| assigned.tp);
        tps.find(|&it| it.partition == tp.partition && self.role_of(it) == Role::Redirects)
    }

    fn role_of(&self, tp: TopicPartition) -> Role {
        self.role(&self.topic_name(tp))
    }
}
