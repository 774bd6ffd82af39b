use std::fmt;
use std::num::NonZeroU32;

use super::wheel::Wheel;
use super::{Micros, Timer};

/// The pending events of a simulation, in the order of their times, FIFO at equal times.
///
/// Scheduling and cancelling take constant time, popping takes constant time on average, whatever
/// the spread of the times; nothing needs tuning. Steady use allocates nothing: slots of popped
/// and cancelled events are used again.
///
/// ```
/// use highwater::engine::EventQueue;
///
/// let mut queue = EventQueue::new();
/// let session = queue.schedule(45_000_000, "session timeout");
/// queue.schedule(3_000_000, "heartbeat");
/// assert_eq!(queue.pop_until(10_000_000), Some((3_000_000, "heartbeat")));
/// assert_eq!(queue.pop_until(10_000_000), None);
/// assert_eq!(queue.cancel(session), Some("session timeout"));
/// assert_eq!(queue.now(), 3_000_000);
/// ```
#[derive(Clone)]
pub struct EventQueue<E> {
    wheel: Wheel,
    /// Apart from the wheel's links, so that moving links never touches the (fat) events.
    places: Vec<Place<E>>,
}

#[derive(Clone)]
struct Place<E> {
    /// Raised whenever the event goes: handles to it are stale from then on.
    generation: NonZeroU32,
    event: Option<E>,
}

impl<E> EventQueue<E> {
    /// An empty queue at time 0.
    #[must_use]
    pub fn new() -> Self {
        Self { wheel: Wheel::new(), places: Vec::new() }
    }

    /// The virtual time in µs: that of the last event popped, or of the last [`advance_to`].
    ///
    /// [`advance_to`]: Self::advance_to
    #[inline]
    #[must_use]
    pub fn now(&self) -> Micros {
        self.wheel.now()
    }

    /// The number of pending events.
    #[inline]
    #[must_use]
    pub fn len(&self) -> usize {
        self.wheel.len()
    }

    /// Whether nothing is pending.
    #[inline]
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Schedules an event for `at_us`, behind all events already scheduled for that time.
    ///
    /// A time in the past is a mistake of the caller; it counts as now.
    #[inline]
    pub fn schedule(&mut self, at_us: Micros, event: E) -> Timer {
        debug_assert!(at_us >= self.now(), "scheduled for {at_us}, which is before {}", self.now());
        let slot = self.wheel.insert(at_us.max(self.now()));
        let generation = match self.places.get_mut(slot as usize) {
            Some(place) => {
                place.event = Some(event);
                place.generation
            }
            None => {
                self.places.push(Place { generation: NonZeroU32::MIN, event: Some(event) });
                NonZeroU32::MIN
            }
        };
        Timer { slot, generation }
    }

    /// Takes a pending event out; `None` if it was popped or cancelled before.
    #[inline]
    pub fn cancel(&mut self, timer: Timer) -> Option<E> {
        let place = self.places.get_mut(timer.slot as usize)?;
        if place.generation != timer.generation {
            return None;
        }
        let event = place.take()?;
        self.wheel.remove(timer.slot);
        Some(event)
    }

    /// Pops the next event and moves [`now`](Self::now) to its time.
    #[inline]
    pub fn pop(&mut self) -> Option<(Micros, E)> {
        self.pop_until(Micros::MAX)
    }

    /// Pops the next event if its time is at most `limit_us`. When there is none, `now` stays.
    #[inline]
    pub fn pop_until(&mut self, limit_us: Micros) -> Option<(Micros, E)> {
        self.pop_with_timer(limit_us).map(|(at_us, _, event)| (at_us, event))
    }

    /// Like [`pop_until`](Self::pop_until), with the handle that the event had, stale now: for whoever
    /// keeps what was popped, and may be asked to cancel it.
    #[inline]
    pub fn pop_with_timer(&mut self, limit_us: Micros) -> Option<(Micros, Timer, E)> {
        let (at_us, slot) = self.wheel.pop_until(limit_us)?;
        let place = self.places.get_mut(slot as usize)?;
        let timer = Timer { slot, generation: place.generation };
        Some((at_us, timer, place.take()?))
    }

    /// Moves `now` forward to `to_us`, but never past a pending event: it stops at the time of
    /// the next one. Events due at `to_us` stay pending. A time in the past changes nothing.
    pub fn advance_to(&mut self, to_us: Micros) {
        self.wheel.advance_to(to_us);
    }

    /// The exact time of the next event in µs; changes nothing.
    ///
    /// It may have to look at all events of a slot of the wheel. A loop that pops what is due should
    /// call [`pop_until`](Self::pop_until) instead.
    #[must_use]
    pub fn peek_us(&self) -> Option<Micros> {
        self.wheel.peek_us()
    }

    /// All pending events with their times, in no order of time but always in the same order
    /// after the same history.
    pub fn iter(&self) -> impl Iterator<Item = (Micros, &E)> {
        let places = (0..).zip(&self.places);
        places.filter_map(|(slot, place)| Some((self.wheel.at_us(slot), place.event.as_ref()?)))
    }
}

impl<E> Place<E> {
    #[inline]
    fn take(&mut self) -> Option<E> {
        self.generation = self.generation.checked_add(1).unwrap_or(NonZeroU32::MIN);
        self.event.take()
    }
}

impl<E> fmt::Debug for EventQueue<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("EventQueue")
            .field("now", &self.now())
            .field("len", &self.len())
            .finish_non_exhaustive()
    }
}

impl<E> Default for EventQueue<E> {
    fn default() -> Self {
        Self::new()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const WEEK_US: Micros = 7 * 86_400_000_000;

    #[test]
    fn a_handle_is_good_once() {
        let mut queue = EventQueue::new();
        let timer = queue.schedule(10, 'a');
        assert_eq!(queue.cancel(timer), Some('a'));
        assert_eq!(queue.cancel(timer), None);
        let next = queue.schedule(20, 'b');
        assert_eq!(next.slot, timer.slot, "slots are used again");
        assert_eq!(queue.cancel(timer), None);
        assert_eq!(queue.pop(), Some((20, 'b')));
        assert_eq!(queue.cancel(next), None);
    }

    #[test]
    fn a_handle_of_another_queue_is_stale() {
        let mut other = EventQueue::new();
        let timers: Vec<Timer> = (0..3).map(|at_us| other.schedule(at_us, ())).collect();
        let mut queue = EventQueue::<()>::new();
        assert!(timers.into_iter().all(|timer| queue.cancel(timer).is_none()));
    }

    #[test]
    fn a_handle_takes_eight_bytes_even_when_optional() {
        assert_eq!(size_of::<Option<Timer>>(), 8);
    }

    #[test]
    fn the_clock_stops_at_pending_events() {
        let mut queue = EventQueue::new();
        queue.schedule(WEEK_US, ());
        queue.advance_to(1_000);
        assert_eq!(queue.now(), 1_000);
        queue.advance_to(500);
        assert_eq!(queue.now(), 1_000);
        queue.advance_to(Micros::MAX);
        assert_eq!((queue.now(), queue.len()), (WEEK_US, 1));
        assert_eq!(queue.pop(), Some((WEEK_US, ())));
        queue.advance_to(Micros::MAX);
        assert_eq!(queue.now(), Micros::MAX);
        queue.schedule(Micros::MAX, ());
        assert_eq!(queue.pop(), Some((Micros::MAX, ())));
    }

    #[test]
    fn steady_use_takes_no_new_slots() {
        let mut queue = EventQueue::new();
        for at_us in 0..100 {
            queue.schedule(at_us, at_us);
        }
        for _ in 0..10_000 {
            let (at_us, event) = queue.pop().expect("a hundred are pending");
            let timer = queue.schedule(at_us + 5_000, event);
            queue.cancel(timer);
            queue.schedule(at_us + 7_000, event);
        }
        assert_eq!(queue.places.len(), 100);
    }

    #[test]
    #[cfg(not(debug_assertions))]
    fn the_past_counts_as_now() {
        let mut queue = EventQueue::new();
        queue.advance_to(1_000);
        queue.schedule(1_000, 'a');
        queue.schedule(10, 'b');
        assert_eq!(queue.pop(), Some((1_000, 'a')));
        assert_eq!(queue.pop(), Some((1_000, 'b')));
    }
}
