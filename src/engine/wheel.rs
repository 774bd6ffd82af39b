use super::Micros;

const DIGIT_BITS: u32 = 6;
const DIGIT_MASK: u64 = 63;
const SLOTS: u32 = 64;
/// Eleven digits of six bits hold every `u64`, so there is no overflow list.
const LEVELS: usize = 11;
const RINGS: u32 = SLOTS * LEVELS as u32;

/// Up to this many entries, links are taken to be in the processor's cache.
const CACHED: usize = 4_096;

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
}

impl Wheel {
    pub(super) fn new() -> Self {
        let sentinel = |ring| Node { at_us: 0, next: ring, prev: ring };
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

    /// Adds an entry and returns its slot, a number below the most entries ever live at once.
    #[inline]
    pub(super) fn insert(&mut self, at_us: Micros) -> u32 {
        debug_assert!(at_us >= self.now);
        let index = self.allocate(at_us);
        self.append(ring_of(at_us, self.now), index);
        self.len += 1;
        index - RINGS
    }

    /// Removes the live entry of a slot.
    #[inline]
    pub(super) fn remove(&mut self, slot: u32) {
        let index = slot + RINGS;
        self.unlink(index);
        self.release(index);
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
        if entered >= SLOTS && self.nodes[entered as usize].next != entered {
            let ends = self.detach(entered);
            self.deal(ends, entered);
        }
    }

    /// Pops when the lowest level is empty.
    fn pop_upper(&mut self, limit_us: Micros) -> Option<(Micros, u32)> {
        let (level, ring) = self.first_ring()?;
        let start_us = self.start_of(level, ring);
        if start_us > limit_us {
            return None;
        }
        if self.holds_one(ring) {
            return self.pop_only(ring, limit_us);
        }
        let ends_by_limit = (limit_us - start_us) >> (level * DIGIT_BITS) > 0;
        if ends_by_limit {
            // Something in the slot is popped for certain: no need to look for the earliest first.
            self.now = start_us;
            let ends = self.detach(ring);
            self.deal(ends, ring);
            return self.pop_until(limit_us);
        }
        let (at_us, earliest) = self.earliest_of(ring);
        if at_us > limit_us {
            return None;
        }
        self.now = at_us;
        let ends = self.detach(ring);
        self.deal(ends, earliest);
        self.release(earliest);
        Some((at_us, earliest - RINGS))
    }

    /// Pops the only entry of a ring, before which there is none.
    #[inline]
    fn pop_only(&mut self, ring: u32, limit_us: Micros) -> Option<(Micros, u32)> {
        let index = self.nodes[ring as usize].next;
        let at_us = self.nodes[index as usize].at_us;
        if at_us > limit_us {
            return None;
        }
        self.now = at_us;
        self.detach(ring);
        self.release(index);
        Some((at_us, index - RINGS))
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

    fn holds_one(&self, ring: u32) -> bool {
        let sentinel = &self.nodes[ring as usize];
        sentinel.next == sentinel.prev
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

    /// Empties an occupied ring; returns both ends of the chain it held.
    fn detach(&mut self, ring: u32) -> (u32, u32) {
        self.occupied[(ring / SLOTS) as usize] &= !(1 << (ring % SLOTS));
        let node = &mut self.nodes[ring as usize];
        let ends = (node.next, node.prev);
        node.next = ring;
        node.prev = ring;
        ends
    }

    /// Deals a detached chain out again, now that `now` has entered its slot, all but `except`.
    fn deal(&mut self, ends: (u32, u32), except: u32) {
        if self.len > CACHED {
            self.deal_from_both_ends(ends, except)
        } else {
            self.deal_from_head(ends, except)
        }
    }

    fn deal_from_head(&mut self, (mut head, tail): (u32, u32), except: u32) {
        loop {
            let Node { at_us, next, .. } = self.nodes[head as usize];
            if head != except {
                self.append(ring_of(at_us, self.now), head);
            }
            if head == tail {
                return;
            }
            head = next;
        }
    }

    /// Every step along a chain waits for memory; two walks wait together.
    ///
    /// In each ring, which is empty to begin with, the walks meet at a seam: both add there, and
    /// only the walk from the head moves it on, so that the order stays.
    fn deal_from_both_ends(&mut self, (mut head, mut tail): (u32, u32), except: u32) {
        loop {
            let Node { at_us, next, .. } = self.nodes[head as usize];
            if head != except {
                let ring = self.insert_at_seam(at_us, head);
                self.nodes[ring as usize].at_us = u64::from(head);
            }
            if head == tail {
                return;
            }
            head = next;
            let Node { at_us, prev, .. } = self.nodes[tail as usize];
            if tail != except {
                self.insert_at_seam(at_us, tail);
            }
            if head == tail {
                return;
            }
            tail = prev;
        }
    }

    /// Adds an entry where the walks meet; the sentinel's own time tells what is before the seam.
    #[inline]
    fn insert_at_seam(&mut self, at_us: Micros, index: u32) -> u32 {
        let ring = ring_of(at_us, self.now);
        let sentinel = &mut self.nodes[ring as usize];
        if sentinel.next == ring {
            sentinel.at_us = u64::from(ring);
            self.occupied[(ring / SLOTS) as usize] |= 1 << (ring % SLOTS);
        }
        let before = self.nodes[ring as usize].at_us as u32;
        let after = self.nodes[before as usize].next;
        self.nodes[before as usize].next = index;
        self.nodes[after as usize].prev = index;
        let node = &mut self.nodes[index as usize];
        node.prev = before;
        node.next = after;
        ring
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
        self.nodes.push(Node { at_us, next: 0, prev: 0 });
        index
    }

    /// Frees an entry that is in no ring; the last freed is the first used again, as it is still
    /// in the cache.
    #[inline]
    fn release(&mut self, index: u32) {
        let node = &mut self.nodes[index as usize];
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
