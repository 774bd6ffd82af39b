//! The queues under comparison, behind one face.

use std::cmp::{Ordering, Reverse};
use std::collections::BinaryHeap;

use highwater::engine::{EventQueue, Micros, Timer};

use crate::workloads::Payload;

pub trait Queue {
    type Payload: Payload;
    type Handle: Copy;
    fn new() -> Self;
    fn schedule(&mut self, at_us: Micros, payload: Self::Payload) -> Self::Handle;
    fn cancel(&mut self, handle: Self::Handle);
    fn pop(&mut self) -> Option<(Micros, Self::Payload)>;
}

pub type Wheel<P> = EventQueue<P>;

impl<P: Payload> Queue for EventQueue<P> {
    type Payload = P;
    type Handle = Timer;

    fn new() -> Self {
        Self::new()
    }

    fn schedule(&mut self, at_us: Micros, payload: P) -> Timer {
        self.schedule(at_us, payload)
    }

    fn cancel(&mut self, handle: Timer) {
        self.cancel(handle);
    }

    fn pop(&mut self) -> Option<(Micros, P)> {
        self.pop()
    }
}

/// std's heap of (time, sequence number, payload). Cancelling sets a bit, the cheapest mark there
/// is; the entry goes when its time comes.
pub struct Heap<P> {
    entries: BinaryHeap<Reverse<Entry<P>>>,
    next_seq: u64,
    cancelled: Vec<u64>,
}

struct Entry<P> {
    at_us: Micros,
    seq: u64,
    payload: P,
}

impl<P: Payload> Queue for Heap<P> {
    type Payload = P;
    type Handle = u64;

    fn new() -> Self {
        Self { entries: BinaryHeap::new(), next_seq: 0, cancelled: Vec::new() }
    }

    fn schedule(&mut self, at_us: Micros, payload: P) -> u64 {
        let seq = self.next_seq;
        self.next_seq += 1;
        self.entries.push(Reverse(Entry { at_us, seq, payload }));
        seq
    }

    fn cancel(&mut self, seq: u64) {
        let word = (seq / 64) as usize;
        if word >= self.cancelled.len() {
            self.cancelled.resize(word + 1, 0);
        }
        self.cancelled[word] |= 1 << (seq % 64);
    }

    fn pop(&mut self) -> Option<(Micros, P)> {
        loop {
            let Reverse(Entry { at_us, seq, payload }) = self.entries.pop()?;
            let marks = self.cancelled.get((seq / 64) as usize).copied().unwrap_or(0);
            if marks >> (seq % 64) & 1 == 0 {
                return Some((at_us, payload));
            }
        }
    }
}

impl<P> Ord for Entry<P> {
    fn cmp(&self, other: &Self) -> Ordering {
        (self.at_us, self.seq).cmp(&(other.at_us, other.seq))
    }
}

impl<P> PartialOrd for Entry<P> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl<P> PartialEq for Entry<P> {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl<P> Eq for Entry<P> {}
