//! Following the metadata: which replicas are here, and which of them lead.

use super::{ReplicaManager, Slot};
use crate::broker::replica::{EligibleBrokers, Partition, TopicSettings, Transition};
use crate::events::Event;
use crate::metadata::MetadataImage;
use crate::node::Ctx;
use crate::protocol::{PartitionRegistration, TopicId, TopicPartition};

/// What a partition's new metadata mean for the rest of the broker.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub enum Reassigned {
    /// Nothing new.
    Same,
    /// This broker leads it now. `newly`: it did not before.
    Leads {
        /// It did not lead before.
        newly: bool,
    },
    /// It follows in a new leader epoch. `resigned`: it led before.
    Follows {
        /// It led before.
        resigned: bool,
    },
    /// It is not a replica any more.
    Gone {
        /// It led before.
        resigned: bool,
    },
}

impl ReplicaManager {
    /// Who may join ISRs, and the configs of topics, are as in `image` from now on.
    pub fn on_metadata(&mut self, image: &MetadataImage, configs_changed: bool) {
        self.eligible = EligibleBrokers::of(image);
        if !configs_changed {
            return;
        }
        self.has_work_for_cleaner = true;
        let mut known: Option<(TopicId, Option<TopicSettings>)> = None;
        for (tp, &slot) in &self.index {
            if known.is_none_or(|(topic, _)| topic != tp.topic) {
                known = Some((tp.topic, TopicSettings::of(image, tp.topic, &self.config)));
            }
            if let Some((_, Some(settings))) = known {
                self.slots[slot as usize].partition.set_settings(settings);
            }
        }
    }

    /// A partition changed.
    pub fn assign(
        &mut self,
        ctx: &mut Ctx<'_>,
        image: &MetadataImage,
        tp: TopicPartition,
    ) -> Reassigned {
        let Some(registration) = image.partition(tp) else { return self.remove(ctx, tp) };
        if !registration.replicas.contains(&self.me) {
            return self.remove(ctx, tp);
        }
        let Some(slot) = self.slot_or_create(image, tp) else { return Reassigned::Same };
        // Who watches is told first: rests end under the old leadership.
        self.wake_all(ctx, slot);
        if registration.leader == Some(self.me) {
            self.lead(ctx, slot, registration)
        } else {
            self.follow(ctx, slot, registration)
        }
    }

    /// The partitions that are here.
    pub fn partitions(&self) -> Vec<TopicPartition> {
        self.index.keys().copied().filter(|&tp| self.slot(tp).is_some()).collect()
    }

    /// Those of a topic.
    pub fn partitions_of(&self, topic: TopicId) -> Vec<TopicPartition> {
        self.partitions().into_iter().filter(|tp| tp.topic == topic).collect()
    }

    fn slot_or_create(&mut self, image: &MetadataImage, tp: TopicPartition) -> Option<u32> {
        if let Some(&slot) = self.index.get(&tp) {
            self.slots[slot as usize].is_hosted = true;
            return Some(slot);
        }
        let settings = TopicSettings::of(image, tp.topic, &self.config)?;
        let slot = self.slots.len() as u32;
        self.slots.push(Slot {
            partition: Partition::new(self.me, tp, settings),
            is_hosted: true,
            watchers: Vec::new(),
            awaited_by: Vec::new(),
            coordinator_appends: Vec::new(),
        });
        self.index.insert(tp, slot);
        Some(slot)
    }

    fn lead(
        &mut self,
        ctx: &mut Ctx<'_>,
        slot: u32,
        registration: &PartitionRegistration,
    ) -> Reassigned {
        let now = ctx.now;
        let partition = self.partition_mut(slot);
        let Some(Transition { was_leader, new_epoch }) = partition.become_leader(now, registration)
        else {
            return Reassigned::Same;
        };
        let (tp, start_offset) = (partition.tp(), partition.leo());
        if new_epoch {
            let leader_epoch = registration.leader_epoch;
            ctx.emit(Event::BecameLeader { tp, leader_epoch, start_offset });
        }
        self.advance_high_watermark(ctx, slot);
        if new_epoch { Reassigned::Leads { newly: !was_leader } } else { Reassigned::Same }
    }

    fn follow(
        &mut self,
        ctx: &mut Ctx<'_>,
        slot: u32,
        registration: &PartitionRegistration,
    ) -> Reassigned {
        let partition = self.partition_mut(slot);
        let Some(Transition { was_leader, new_epoch }) = partition.become_follower(registration)
        else {
            return Reassigned::Same;
        };
        if !new_epoch {
            debug_assert!(!was_leader, "a leader changes with its epoch only");
            return Reassigned::Same;
        }
        let tp = partition.tp();
        let (leader, leader_epoch) = (registration.leader, registration.leader_epoch);
        ctx.emit(Event::BecameFollower { tp, leader, leader_epoch });
        Reassigned::Follows { resigned: was_leader }
    }

    /// The replica is deleted: should it come back, it begins from nothing.
    fn remove(&mut self, ctx: &mut Ctx<'_>, tp: TopicPartition) -> Reassigned {
        let Some(slot) = self.slot(tp) else { return Reassigned::Same };
        self.wake_all(ctx, slot);
        ctx.emit(Event::ReplicaDeleted { tp });
        let me = self.me;
        let slot = &mut self.slots[slot as usize];
        let resigned = slot.partition.is_leader();
        slot.partition = Partition::new(me, tp, *slot.partition.settings());
        slot.is_hosted = false;
        Reassigned::Gone { resigned }
    }
}
