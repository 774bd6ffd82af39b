use std::num::NonZeroU32;

use super::{Micros, Timer};

const DIGIT_BITS: u32 = 6;
const DIGIT_MASK: u64 = 63;
const SLOTS: u32 = 64;
/// Eleven digits of six bits hold every `u64`, so there is no overflow list.
const LEVELS: usize = 11;
const RINGS: u32 = SLOTS * LEVELS as u32;

/// The order of events without the events: a 64-ary hierarchical timing wheel.
///
/// Read a time as eleven digits to the base 64. An entry lives at the level of the highest digit in
/// which its time differs from `now`, in the slot that digit names. Two things follow:
/// - Entries of equal time always share a slot, whenever they were scheduled: the slot depends on
///   nothing but the time and `now`. Appending at the tail and moving slots from head to tail
///   therefore keeps FIFO order without sequence numbers.
/// - Every entry of a lower level is earlier than every entry of a higher one, and within a level
///   the lowest occupied slot is the earliest.
///
/// When `now` moves, the one slot it enters is dealt out again over the levels below, which are
/// empty by then. `now` is never moved ahead of what was popped, so any time from `now` on can be
/// scheduled at any moment.
#[derive(Clone)]
pub(super) struct Wheel {
    now: Micros,
    /// One bit a slot: its ring holds something.
    occupied: [u64; LEVELS],
    /// First one sentinel for the ring of each slot, then the entries.
    nodes: Vec<Node>,
    /// The first of the free entries, chained by `next`; a sentinel when there is none.
    free: u32,
    len: usize,
}

#[derive(Clone)]
struct Node {
    at_us: Micros,
    next: u32,
    prev: u32,
    generation: NonZeroU32,
}

impl Wheel {
    pub(super) fn new() -> Self {
        let sentinel =
            |ring| Node { at_us: 0, next: ring, prev: ring, generation: NonZeroU32::MIN };
        Self {
            now: 0,
            occupied: [0; LEVELS],
            nodes: (0..RINGS).map(sentinel).collect(),
            free: 0,
            len: 0,
        }
    }

    #[inline]
    pub(super) fn now(&self) -> Micros {
        self.now
    }

    #[inline]
    pub(super) fn len(&self) -> usize {
        self.len
    }

    /// The time of a slot that is known to hold a live entry.
    #[inline]
    pub(super) fn at_us(&self, slot: u32) -> Micros {
        self.nodes[(slot + RINGS) as usize].at_us
    }

    /// Adds an entry. The slot of the handle is below the number of entries ever live at once.
    #[inline]
    pub(super) fn insert(&mut self, at_us: Micros) -> Timer {
        debug_assert!(at_us >= self.now);
        let index = self.allocate(at_us);
        self.append(ring_of(at_us, self.now), index);
        self.len += 1;
        Timer { slot: index - RINGS, generation: self.nodes[index as usize].generation }
    }

    /// Removes an entry; false if the handle is stale.
    #[inline]
    pub(super) fn remove(&mut self, timer: Timer) -> bool {
        let index = timer.slot.wrapping_add(RINGS);
        match self.nodes.get(index as usize) {
            Some(node) if node.generation == timer.generation && index >= RINGS => {
                self.unlink(index);
                self.release(index);
                true
            }
            _ => false,
        }
    }

    /// Removes the earliest entry if it is due by `limit_us`, and moves `now` to its time.
    #[inline]
    pub(super) fn pop_until(&mut self, limit_us: Micros) -> Option<(Micros, u32)> {
        if self.occupied[0] == 0 {
            return self.pop_upper(limit_us);
        }
        let ring = self.occupied[0].trailing_zeros();
        let at_us = (self.now & !DIGIT_MASK) | u64::from(ring);
        if at_us > limit_us {
            return None;
        }
        self.now = at_us;
        let index = self.nodes[ring as usize].next;
        self.unlink(index);
        self.release(index);
        Some((at_us, index - RINGS))
    }

    /// The time of the earliest entry.
    pub(super) fn peek_us(&self) -> Option<Micros> {
        let (level, ring) = self.first_ring()?;
        if level == 0 { Some(self.start_of(level, ring)) } else { Some(self.earliest_of(ring).0) }
    }

    /// Moves `now` forward to `to_us`, or as far as the earliest entry allows.
    pub(super) fn advance_to(&mut self, to_us: Micros) {
        let to_us = self.peek_us().map_or(to_us, |first_us| to_us.min(first_us));
        if to_us <= self.now {
            return;
        }
        let entered = ring_of(to_us, self.now);
        self.now = to_us;
        if entered >= SLOTS {
            let first = self.detach(entered);
            self.deal(entered, first, entered);
        }
    }

    /// Pops when the lowest level is empty.
    fn pop_upper(&mut self, limit_us: Micros) -> Option<(Micros, u32)> {
        let (level, ring) = self.first_ring()?;
        if self.start_of(level, ring) > limit_us {
            return None;
        }
        let (at_us, earliest) = self.earliest_of(ring);
        if at_us > limit_us {
            return None;
        }
        self.now = at_us;
        let first = self.detach(ring);
        self.deal(ring, first, earliest);
        self.release(earliest);
        Some((at_us, earliest - RINGS))
    }

    /// The lowest level that holds anything, and its first occupied ring.
    #[inline]
    fn first_ring(&self) -> Option<(u32, u32)> {
        let level = self.occupied.iter().position(|&slots| slots != 0)?;
        let ring = level as u32 * SLOTS + self.occupied[level].trailing_zeros();
        Some((level as u32, ring))
    }

    /// The first instant that falls into a ring.
    #[inline]
    fn start_of(&self, level: u32, ring: u32) -> Micros {
        let shift = level * DIGIT_BITS;
        ((self.now >> shift & !DIGIT_MASK) | u64::from(ring % SLOTS)) << shift
    }

    /// The earliest entry of an occupied ring, the first scheduled among equals.
    fn earliest_of(&self, ring: u32) -> (Micros, u32) {
        let mut index = self.nodes[ring as usize].next;
        let mut earliest = (self.nodes[index as usize].at_us, index);
        while index != ring {
            let node = &self.nodes[index as usize];
            if node.at_us < earliest.0 {
                earliest = (node.at_us, index);
            }
            index = node.next;
        }
        earliest
    }

    /// Empties a ring; returns the head of the chain it held, which still ends at the ring.
    fn detach(&mut self, ring: u32) -> u32 {
        self.occupied[(ring / SLOTS) as usize] &= !(1 << (ring % SLOTS));
        let node = &mut self.nodes[ring as usize];
        let first = node.next;
        node.next = ring;
        node.prev = ring;
        first
    }

    /// Deals a detached chain out again, now that `now` has entered its slot, all but `except`.
    fn deal(&mut self, ring: u32, first: u32, except: u32) {
        let mut index = first;
        while index != ring {
            let Node { at_us, next, .. } = self.nodes[index as usize];
            if index != except {
                self.append(ring_of(at_us, self.now), index);
            }
            index = next;
        }
    }

    #[inline]
    fn append(&mut self, ring: u32, index: u32) {
        let last = self.nodes[ring as usize].prev;
        let node = &mut self.nodes[index as usize];
        node.next = ring;
        node.prev = last;
        self.nodes[last as usize].next = index;
        self.nodes[ring as usize].prev = index;
        self.occupied[(ring / SLOTS) as usize] |= 1 << (ring % SLOTS);
    }

    #[inline]
    fn unlink(&mut self, index: u32) {
        let Node { next, prev, .. } = self.nodes[index as usize];
        self.nodes[prev as usize].next = next;
        self.nodes[next as usize].prev = prev;
        // Both neighbours are the same only if both are the sentinel.
        if next == prev {
            self.occupied[(next / SLOTS) as usize] &= !(1 << (next % SLOTS));
        }
    }

    #[inline]
    fn allocate(&mut self, at_us: Micros) -> u32 {
        let index = self.free;
        if index < RINGS {
            return self.grow(at_us);
        }
        let node = &mut self.nodes[index as usize];
        node.at_us = at_us;
        self.free = node.next;
        index
    }

    #[cold]
    fn grow(&mut self, at_us: Micros) -> u32 {
        let index =
            u32::try_from(self.nodes.len()).expect("memory ends before four billion events");
        self.nodes.push(Node { at_us, next: 0, prev: 0, generation: NonZeroU32::MIN });
        index
    }

    /// Frees an entry that is in no ring; the last freed is the first used again, as it is still
    /// in the cache.
    #[inline]
    fn release(&mut self, index: u32) {
        let node = &mut self.nodes[index as usize];
        node.generation = node.generation.checked_add(1).unwrap_or(NonZeroU32::MIN);
        node.next = self.free;
        self.free = index;
        self.len -= 1;
    }
}

/// The ring of a time: the highest digit in which it differs from `now` names level and slot.
#[inline]
fn ring_of(at_us: Micros, now: Micros) -> u32 {
    let level = ((at_us ^ now) | DIGIT_MASK).ilog2() / DIGIT_BITS;
    let slot = at_us >> (level * DIGIT_BITS) & DIGIT_MASK;
    level * SLOTS + slot as u32
}
