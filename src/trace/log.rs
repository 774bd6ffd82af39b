//! The event log: the newest notable events, each with its chain of causes.
//!
//! What happens to single records and batches in good order is not notable; the ledger tells it.
//! Such events still link causes, so each notable event remembers its nearest notable ancestor.

use std::collections::VecDeque;

use crate::events::{Event, EventId, PositionReason, TraceEvent};

/// How many of the newest events, notable or not, are known as links between causes.
const LINKS: usize = 1 << 15;

/// Stands for "no notable ancestor".
const NONE: EventId = EventId(u64::MAX);

/// The newest notable events.
#[derive(Clone, Debug)]
pub struct EventLog {
    capacity: usize,
    /// Notable events, oldest first, each with its nearest notable ancestor.
    events: VecDeque<(TraceEvent, EventId)>,
    /// By event id modulo [`LINKS`]: the event, and itself if notable, or else its nearest notable
    /// ancestor.
    links: Vec<(EventId, EventId)>,
}

impl EventLog {
    /// A log of at most `capacity` events.
    pub fn new(capacity: usize) -> Self {
        Self { capacity, events: VecDeque::new(), links: vec![(NONE, NONE); LINKS] }
    }

    /// Keeps the event if it is notable; says whether it is.
    pub fn observe(&mut self, event: &TraceEvent) -> bool {
        let ancestor = event.cause.map_or(NONE, |cause| self.notable(cause));
        let is_notable = is_notable(&event.event);
        let link = if is_notable { event.id } else { ancestor };
        self.links[event.id.0 as usize % LINKS] = (event.id, link);
        if is_notable {
            if self.events.len() >= self.capacity {
                self.events.pop_front();
            }
            self.events.push_back((event.clone(), ancestor));
        }
        is_notable
    }

    /// All kept events, oldest first.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = &TraceEvent> + ExactSizeIterator {
        self.events.iter().map(|(event, _)| event)
    }

    /// How many are kept.
    pub fn len(&self) -> usize {
        self.events.len()
    }

    /// Whether none is kept.
    pub fn is_empty(&self) -> bool {
        self.events.is_empty()
    }

    /// A kept event.
    pub fn get(&self, id: EventId) -> Option<&TraceEvent> {
        self.find(id).map(|(event, _)| event)
    }

    /// The notable events that led to an event, nearest first, as far back as the log goes. The
    /// event itself may be any recent one, notable or not.
    pub fn causes(&self, id: EventId) -> Vec<&TraceEvent> {
        let first = match self.find(id) {
            Some(&(_, ancestor)) => ancestor,
            None => self.notable(id),
        };
        std::iter::successors(self.find(first), |(_, ancestor)| self.find(*ancestor))
            .map(|(event, _)| event)
            .collect()
    }

    fn find(&self, id: EventId) -> Option<&(TraceEvent, EventId)> {
        let index = self.events.binary_search_by_key(&id, |(event, _)| event.id).ok()?;
        self.events.get(index)
    }

    /// The event itself if it is notable, or else its nearest notable ancestor.
    fn notable(&self, id: EventId) -> EventId {
        match self.links[id.0 as usize % LINKS] {
            (known, link) if known == id => link,
            _ if self.find(id).is_some() => id,
            _ => NONE,
        }
    }
}

/// Whether an event is worth a line in the event log.
pub fn is_notable(event: &Event) -> bool {
    match event {
        Event::RecordProduced { .. }
        | Event::RecordBatched { .. }
        | Event::BatchSent { .. }
        | Event::BatchAppended { .. }
        | Event::BatchReplicated { .. }
        | Event::HighWatermarkAdvanced { .. }
        | Event::BatchAcknowledged { .. }
        | Event::OffsetsCommitted { .. }
        | Event::RecordsDelivered { .. }
        | Event::RecordProcessed { .. }
        | Event::CommitSent { .. }
        | Event::PositionSet { reason: PositionReason::Committed, .. } => false,
        Event::LogTruncated { from, to, .. } => from != to,
        _ => true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::NodeId;
    use crate::trace::script::TP;

    fn event(id: u64, cause: Option<u64>, event: Event) -> TraceEvent {
        let (id, cause) = (EventId(id), cause.map(EventId));
        TraceEvent { id, at_us: id.0, node: NodeId(1), cause, event }
    }

    fn quiet() -> Event {
        Event::HighWatermarkAdvanced { tp: TP, from: 0, to: 1 }
    }

    fn ids(events: Vec<&TraceEvent>) -> Vec<u64> {
        events.iter().map(|event| event.id.0).collect()
    }

    #[test]
    fn causes_skip_what_is_not_notable() {
        let mut log = EventLog::new(10);
        assert!(log.observe(&event(0, None, Event::NodeKilled)));
        assert!(!log.observe(&event(1, Some(0), quiet())));
        assert!(!log.observe(&event(2, Some(1), quiet())));
        assert!(log.observe(&event(3, Some(2), Event::NodeStopped)));
        assert!(!log.observe(&event(4, Some(3), quiet())));
        assert_eq!(ids(log.causes(EventId(3))), [0]);
        assert_eq!(ids(log.causes(EventId(4))), [3, 0]);
        assert_eq!(ids(log.causes(EventId(0))), Vec::<u64>::new());
        assert!(log.get(EventId(3)).is_some() && log.get(EventId(4)).is_none());
    }

    #[test]
    fn the_oldest_make_room() {
        let mut log = EventLog::new(3);
        for id in 0..5 {
            log.observe(&event(id, id.checked_sub(1), Event::NodeKilled));
        }
        let kept: Vec<u64> = log.iter().map(|event| event.id.0).collect();
        assert_eq!(kept, [2, 3, 4]);
        assert_eq!(ids(log.causes(EventId(4))), [3, 2], "the chain ends where the log does");
    }
}
