//! Moments of the run that a person wants to find again: the marks on the timeline.

use std::rc::Rc;
use std::sync::Arc;

use highwater::engine::{Micros, NodeId};
use highwater::events::{Event, TraceEvent};
use highwater::protocol::TopicPartition;

/// Most marks that are kept; the oldest go first.
const KEPT: usize = 1000;

/// What happened at a mark.
#[derive(Clone, Debug, PartialEq)]
pub enum MarkKind {
    /// A process was killed.
    Killed(NodeId),
    /// A process ended in good order.
    Stopped(NodeId),
    /// A process started again.
    Started(NodeId),
    /// The network between two nodes was cut.
    Cut(NodeId, NodeId),
    /// A partition got another leader, or none.
    Elected(TopicPartition, Option<NodeId>),
    /// Replicas fell out of an ISR.
    IsrShrunk(TopicPartition, usize),
    /// A group rebalances.
    Rebalance(Arc<str>),
    /// This many acknowledged records were lost.
    Lost(u64),
}

/// What colour and shape a mark has.
#[derive(Copy, Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum MarkClass {
    /// It came back.
    Recovery,
    /// A group rebalanced.
    Rebalance,
    /// A leader was elected, an ISR changed.
    Election,
    /// Something broke.
    Fault,
    /// Something is gone.
    Loss,
}

impl MarkClass {
    /// Its name in classes of the style sheet.
    pub fn name(self) -> &'static str {
        match self {
            Self::Recovery => "recovery",
            Self::Rebalance => "rebalance",
            Self::Election => "election",
            Self::Fault => "fault",
            Self::Loss => "loss",
        }
    }
}

/// A mark.
#[derive(Clone, Debug, PartialEq)]
pub struct Mark {
    /// When, in virtual µs.
    pub at_us: Micros,
    /// What.
    pub kind: MarkKind,
}

impl Mark {
    /// What it is worth beside others in the same place.
    pub fn weight(&self) -> (MarkClass, bool) {
        (self.class(), matches!(self.kind, MarkKind::Elected(..)))
    }

    /// Its class.
    pub fn class(&self) -> MarkClass {
        match self.kind {
            MarkKind::Killed(_) | MarkKind::Stopped(_) | MarkKind::Cut(..) => MarkClass::Fault,
            MarkKind::Started(_) => MarkClass::Recovery,
            MarkKind::Elected(..) | MarkKind::IsrShrunk(..) => MarkClass::Election,
            MarkKind::Rebalance(_) => MarkClass::Rebalance,
            MarkKind::Lost(_) => MarkClass::Loss,
        }
    }
}

/// The marks of a run.
#[derive(Clone, Debug, Default)]
pub struct Marks {
    marks: Rc<Vec<Mark>>,
    lost: u64,
}

impl Marks {
    /// All marks, oldest first. Cheap to hand on.
    pub fn all(&self) -> Rc<Vec<Mark>> {
        self.marks.clone()
    }

    /// Takes note of an event, if it is one to find again. What happens in the first moment is how
    /// the cluster came to be, and no news; nor is what happens to partitions behind the scenes.
    pub fn see(&mut self, seen: &TraceEvent, is_internal: impl Fn(TopicPartition) -> bool) {
        let (at_us, node) = (seen.at_us, seen.node);
        let kind = match &seen.event {
            Event::LeaderElected { tp, .. } | Event::IsrShrunk { tp, .. } if is_internal(*tp) => {
                return;
            }
            Event::NodeKilled => MarkKind::Killed(node),
            Event::NodeStopped => MarkKind::Stopped(node),
            Event::NodeStarted { .. } if at_us > 0 => MarkKind::Started(node),
            Event::LinkCut { from, to } => MarkKind::Cut(*from, *to),
            Event::LeaderElected { tp, leader, leader_epoch, .. } if *leader_epoch > 0 => {
                MarkKind::Elected(*tp, *leader)
            }
            Event::IsrShrunk { tp, isr, .. } => MarkKind::IsrShrunk(*tp, isr.len()),
            Event::RebalanceStarted { group, .. } => MarkKind::Rebalance(group.clone()),
            _ => return,
        };
        self.push(Mark { at_us, kind });
    }

    /// So many acknowledged records are lost by now.
    pub fn see_losses(&mut self, at_us: Micros, lost: u64) {
        if lost > self.lost {
            self.push(Mark { at_us, kind: MarkKind::Lost(lost - self.lost) });
        }
        self.lost = lost;
    }

    fn push(&mut self, mark: Mark) {
        let marks = Rc::make_mut(&mut self.marks);
        if marks.len() >= KEPT {
            marks.remove(0);
        }
        marks.push(mark);
    }
}
