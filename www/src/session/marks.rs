//! Moments of the run that a person wants to find again: the notable events, as marks on the
//! timeline, and with them the losses.

use std::rc::Rc;
use std::sync::Arc;

use highwater::engine::{Micros, NodeId};
use highwater::events::{CommandWords, Event, TraceEvent};
use highwater::protocol::TopicPartition;
use highwater::trace::describe::describe;
use highwater::trace::{Description, Names, Severity};

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
    /// A person or the scenario did something.
    Command(CommandWords),
    /// Anything else that is notable: the id of its message.
    Other(&'static str, Severity),
    /// This many acknowledged records were lost.
    Lost(u64),
}

/// What colour and shape a mark has.
#[derive(Copy, Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum MarkClass {
    /// Good to know.
    Note,
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
            Self::Note => "note",
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
    pub fn weight(&self) -> (MarkClass, bool, bool) {
        let is_named = !matches!(self.kind, MarkKind::Other(..));
        (self.class(), is_named, matches!(self.kind, MarkKind::Elected(..)))
    }

    /// Its class.
    pub fn class(&self) -> MarkClass {
        match self.kind {
            MarkKind::Killed(_) | MarkKind::Stopped(_) | MarkKind::Cut(..) => MarkClass::Fault,
            MarkKind::Started(_) => MarkClass::Recovery,
            MarkKind::Elected(..) | MarkKind::IsrShrunk(..) => MarkClass::Election,
            MarkKind::Rebalance(_) => MarkClass::Rebalance,
            MarkKind::Lost(_) | MarkKind::Other(_, Severity::Loss) => MarkClass::Loss,
            MarkKind::Other(_, Severity::Warning) => MarkClass::Fault,
            MarkKind::Command(_) | MarkKind::Other(..) => MarkClass::Note,
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

    /// Takes note of a notable event.
    pub fn see(&mut self, seen: &TraceEvent, names: &dyn Names) {
        let (at_us, node) = (seen.at_us, seen.node);
        let kind = match &seen.event {
            Event::CommandApplied(words) => MarkKind::Command(words.clone()),
            Event::NodeKilled => MarkKind::Killed(node),
            Event::NodeStopped => MarkKind::Stopped(node),
            Event::NodeStarted { .. } => MarkKind::Started(node),
            Event::LinkCut { from, to } => MarkKind::Cut(*from, *to),
            Event::LeaderElected { tp, leader, .. } => MarkKind::Elected(*tp, *leader),
            Event::IsrShrunk { tp, isr, .. } => MarkKind::IsrShrunk(*tp, isr.len()),
            Event::RebalanceStarted { group, .. } => MarkKind::Rebalance(group.clone()),
            _ => {
                let Description { message, severity, .. } = describe(seen, names);
                MarkKind::Other(message, severity)
            }
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
