//! The event log: the newest notable events, each with its chain of causes.
//!
//! What happens to single records and batches in good order is not notable; the ledger tells it.
//! Such events still link causes, so each notable event remembers its nearest notable ancestor.
//! The very newest events are all kept, for whoever asks for one by its number.

use std::collections::VecDeque;

use crate::engine::Micros;
use crate::events::{Event, EventId, LogStartReason, PositionReason, SetAside, TraceEvent};
use crate::protocol::{TopicId, TopicPartition, TransactionState, is_internal_topic};

/// How many of the newest events, notable or not, are known as links between causes.
const LINKS: usize = 1 << 15;

/// How many of the newest events, notable or not, are kept whole.
const RECENT: usize = 1 << 13;

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
    /// The newest events of all, oldest first.
    recent: VecDeque<TraceEvent>,
    /// Topics that Kafka keeps for itself.
    internal: Vec<TopicId>,
}

impl EventLog {
    /// A log of at most `capacity` events.
    pub fn new(capacity: usize) -> Self {
        Self {
            capacity,
            events: VecDeque::new(),
            links: vec![(NONE, NONE); LINKS],
            recent: VecDeque::new(),
            internal: Vec::new(),
        }
    }

    /// Takes the next event in; says whether it is notable.
    pub fn observe(&mut self, event: TraceEvent) -> bool {
        if let Event::TopicCreated { topic, name, .. } = &event.event
            && is_internal_topic(name)
        {
            self.internal.push(*topic);
        }
        let ancestor = event.cause.map_or(NONE, |cause| self.notable(cause));
        let is_notable = is_notable(&event.event, |tp| self.internal.contains(&tp.topic));
        let link = if is_notable { event.id } else { ancestor };
        self.links[event.id.0 as usize % LINKS] = (event.id, link);
        if is_notable {
            if self.events.len() >= self.capacity {
                self.events.pop_front();
            }
            self.events.push_back((event.clone(), ancestor));
        }
        if self.recent.len() >= RECENT {
            self.recent.pop_front();
        }
        self.recent.push_back(event);
        is_notable
    }

    /// All notable events, oldest first.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = &TraceEvent> + ExactSizeIterator {
        self.events.iter().map(|(event, _)| event)
    }

    /// How many notable events are kept.
    pub fn len(&self) -> usize {
        self.events.len()
    }

    /// Whether none is kept.
    pub fn is_empty(&self) -> bool {
        self.events.is_empty()
    }

    /// An event that is still known: a notable one, or one of the newest.
    pub fn get(&self, id: EventId) -> Option<&TraceEvent> {
        let notable = self.find(id).map(|(event, _)| event);
        notable.or_else(|| {
            // Numbers are dense, so the place follows from the number.
            let oldest = self.recent.front()?.id.0;
            let recent = self.recent.get(usize::try_from(id.0.checked_sub(oldest)?).ok()?)?;
            (recent.id == id).then_some(recent)
        })
    }

    /// Those of the newest events, notable or not, that happened at this time.
    pub fn recent_at(&self, at_us: Micros) -> impl Iterator<Item = &TraceEvent> {
        let first = self.recent.partition_point(|event| event.at_us < at_us);
        self.recent.range(first..).take_while(move |event| event.at_us == at_us)
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

/// Whether an event is worth a line in the event log, a mark on the timeline, and a halt on the way
/// to the next one.
///
/// One thing is told once: a death, not every connection that it breaks; the first retry of a batch,
/// not the tenth; an election, and what the new leader makes of it, but not who follows. Of
/// partitions of internal topics there are fifty, and nothing of them is told.
pub fn is_notable(event: &Event, is_internal: impl Fn(TopicPartition) -> bool) -> bool {
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
        | Event::RecordSetAside { how: SetAside::Noted, .. }
        | Event::CommitSent { .. }
        | Event::PositionSet { reason: PositionReason::Committed, .. }
        | Event::BrokerRegistered { .. }
        | Event::BecameFollower { .. }
        | Event::LogStartRaised { reason: LogStartReason::Leader, .. }
        | Event::Disconnected { .. } => false,
        Event::TransactionChanged { state, .. } => {
            matches!(state, TransactionState::Empty | TransactionState::PrepareAbort)
        }
        Event::BatchRetried { attempts, .. } => *attempts <= 1,
        Event::LogTruncated { tp, from, to } => from != to && !is_internal(*tp),
        Event::LeaderElected { tp, .. }
        | Event::IsrShrunk { tp, .. }
        | Event::ElrChanged { tp, .. }
        | Event::ReplicaDeleted { tp }
        | Event::IsrExpanded { tp, .. }
        | Event::BecameLeader { tp, .. }
        | Event::LogStartRaised { tp, .. }
        | Event::LogCleaned { tp, .. }
        | Event::UnflushedLost { tp, .. } => !is_internal(*tp),
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
        assert!(log.observe(event(0, None, Event::NodeKilled)));
        assert!(!log.observe(event(1, Some(0), quiet())));
        assert!(!log.observe(event(2, Some(1), quiet())));
        assert!(log.observe(event(3, Some(2), Event::NodeStopped)));
        assert!(!log.observe(event(4, Some(3), quiet())));
        assert_eq!(ids(log.causes(EventId(3))), [0]);
        assert_eq!(ids(log.causes(EventId(4))), [3, 0]);
        assert_eq!(ids(log.causes(EventId(0))), Vec::<u64>::new());
        let known: Vec<u64> = (0..9).filter_map(|id| Some(log.get(EventId(id))?.id.0)).collect();
        assert_eq!(known, [0, 1, 2, 3, 4], "the newest are known, notable or not");
    }

    #[test]
    fn the_oldest_make_room() {
        let mut log = EventLog::new(3);
        for id in 0..5 {
            log.observe(event(id, id.checked_sub(1), Event::NodeKilled));
        }
        let kept: Vec<u64> = log.iter().map(|event| event.id.0).collect();
        assert_eq!(kept, [2, 3, 4]);
        assert_eq!(ids(log.causes(EventId(4))), [3, 2], "the chain ends where the log does");
    }

    #[test]
    fn one_thing_is_told_once() {
        let mut log = EventLog::new(10);
        let (topic, offsets) = (TopicId(0), TopicId(1));
        for (id, (topic, name)) in
            [(topic, "orders"), (offsets, crate::protocol::CONSUMER_OFFSETS)].iter().enumerate()
        {
            let (topic, name, partitions) = (*topic, (*name).into(), [].into());
            log.observe(event(id as u64, None, Event::TopicCreated { topic, name, partitions }));
        }
        let leads = |topic| Event::BecameLeader {
            tp: TopicPartition::new(topic, 0),
            leader_epoch: 1,
            start_offset: 0,
        };
        assert!(log.observe(event(2, None, leads(topic))));
        assert!(!log.observe(event(3, None, leads(offsets))), "there are fifty of them");
        let broke = Event::Disconnected { peer: NodeId(2) };
        assert!(!log.observe(event(4, None, broke)), "the death behind it is told");
    }
}
