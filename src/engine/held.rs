//! What TCP could not deliver yet: bytes wait at the sender, in order, and go out again with the
//! next retransmission that gets through.

use super::{Micros, NodeId, SortedMap};

/// First retransmission timeout: Linux' smallest, in µs.
const FIRST_RTO_US: Micros = 200_000;
/// It doubles up to this, in µs (Linux' TCP_RTO_MAX).
const MAX_RTO_US: Micros = 120_000_000;

/// One direction of one connection between two nodes.
#[derive(Copy, Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Stream {
    /// Sender.
    pub from: NodeId,
    /// Receiver.
    pub to: NodeId,
    /// Which connection of the two.
    pub channel: u8,
}

#[derive(Clone, Debug)]
struct Waiting<M> {
    /// When the first message found no way: the clock of the retransmissions.
    since_us: Micros,
    /// The retransmission that is going to be tried.
    due_us: Option<Micros>,
    messages: Vec<M>,
}

/// Messages that wait at their senders, by stream.
#[derive(Clone, Debug)]
pub struct Held<M> {
    streams: SortedMap<Stream, Waiting<M>>,
}

impl<M> Held<M> {
    /// Nothing waits.
    #[must_use]
    pub fn new() -> Self {
        Self { streams: SortedMap::new() }
    }

    /// Whether nothing waits anywhere.
    #[inline]
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.streams.is_empty()
    }

    /// What waits, by stream.
    pub fn iter(&self) -> impl Iterator<Item = (Stream, &[M])> {
        self.streams.iter().map(|(stream, waiting)| (*stream, &*waiting.messages))
    }

    /// Whether something of this stream waits: what comes later has to wait behind it.
    #[must_use]
    pub fn is_holding(&self, stream: Stream) -> bool {
        self.streams.contains_key(&stream)
    }

    /// Puts a message behind those of its stream that wait. Those that `keep` does not want any
    /// more go; when none is left, the retransmissions begin anew.
    pub fn hold(&mut self, now: Micros, stream: Stream, message: M, keep: impl FnMut(&M) -> bool) {
        let fresh = || Waiting { since_us: now, due_us: None, messages: Vec::new() };
        let waiting = self.streams.entry(stream).or_insert_with(fresh);
        waiting.messages.retain(keep);
        if waiting.messages.is_empty() && waiting.due_us.is_none() {
            waiting.since_us = now;
        }
        waiting.messages.push(message);
    }

    /// The way is free from `now` on for streams that `is_free` names: each of those that had none
    /// is told with the time of its next retransmission.
    pub fn retransmissions(
        &mut self,
        now: Micros,
        is_free: impl Fn(Stream) -> bool,
    ) -> Vec<(Micros, Stream)> {
        let free = self.streams.iter_mut().filter(|(stream, _)| is_free(**stream));
        free.map(|(&stream, waiting)| {
            let at_us = retransmission_us(waiting.since_us, now);
            waiting.due_us = Some(at_us);
            (at_us, stream)
        })
        .collect()
    }

    /// The retransmission of `stream` at `now` gets through: what waited, in order. Empty when
    /// another time has been set since.
    pub fn release(&mut self, now: Micros, stream: Stream) -> Vec<M> {
        match self.streams.get(&stream).is_some_and(|waiting| waiting.due_us == Some(now)) {
            true => self.streams.remove(&stream).map_or(Vec::new(), |waiting| waiting.messages),
            false => Vec::new(),
        }
    }

    /// The retransmission of `stream` at `now` was lost, too.
    pub fn lose(&mut self, now: Micros, stream: Stream) {
        if let Some(waiting) = self.streams.get_mut(&stream) {
            waiting.due_us = waiting.due_us.filter(|&due_us| due_us != now);
        }
    }

    /// The memory of `node` is gone, and with it what waited there.
    pub fn forget_sender(&mut self, node: NodeId) {
        self.streams.retain(|stream, _| stream.from != node);
    }
}

impl<M> Default for Held<M> {
    fn default() -> Self {
        Self::new()
    }
}

/// The first retransmission at `from_us` or later of what was first sent at `sent_us`.
fn retransmission_us(sent_us: Micros, from_us: Micros) -> Micros {
    let (mut at_us, mut rto_us) = (sent_us, FIRST_RTO_US);
    loop {
        at_us = at_us.saturating_add(rto_us);
        if at_us >= from_us {
            return at_us;
        }
        rto_us = (rto_us * 2).min(MAX_RTO_US);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const STREAM: Stream = Stream { from: NodeId(1), to: NodeId(2), channel: 0 };

    #[test]
    fn timeouts_double_up_to_two_minutes() {
        assert_eq!(retransmission_us(1_000, 0), 201_000);
        assert_eq!(retransmission_us(0, 200_001), 600_000);
        assert_eq!(retransmission_us(0, 10_000_000), 12_600_000);
        let late_us = retransmission_us(0, 3_600_000_000);
        assert!((3_600_000_000..3_720_000_000).contains(&late_us));
    }

    #[test]
    fn what_waits_comes_in_order_at_the_time_that_was_set_last() {
        let mut held = Held::new();
        held.hold(1_000, STREAM, "a", |_| true);
        held.hold(9_000, STREAM, "b", |_| true);
        assert_eq!(held.retransmissions(5_000, |_| false), []);
        assert_eq!(held.retransmissions(5_000, |_| true), [(201_000, STREAM)]);
        assert_eq!(held.retransmissions(300_000, |_| true), [(601_000, STREAM)]);
        assert!(held.release(201_000, STREAM).is_empty());
        assert!(held.is_holding(STREAM));
        assert_eq!(held.release(601_000, STREAM), ["a", "b"]);
        assert!(held.is_empty());
    }

    #[test]
    fn a_new_connection_starts_a_new_clock() {
        let mut held = Held::new();
        held.hold(0, STREAM, "old", |_| true);
        held.hold(5_000_000, STREAM, "new", |&message| message != "old");
        assert_eq!(held.retransmissions(5_000_001, |_| true), [(5_200_000, STREAM)]);
        assert_eq!(held.release(5_200_000, STREAM), ["new"]);
    }

    #[test]
    fn without_its_sender_nothing_waits() {
        let mut held = Held::new();
        held.hold(0, STREAM, "a", |_| true);
        held.forget_sender(NodeId(2));
        assert!(held.is_holding(STREAM));
        held.forget_sender(NodeId(1));
        assert!(held.is_empty());
    }
}
