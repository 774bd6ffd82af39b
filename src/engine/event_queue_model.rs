//! The event queue against a model that is too simple to be wrong: a map ordered by time and a
//! running number.

use std::collections::BTreeMap;

use super::{EventQueue, Micros, Rng, Timer};

const RUNS: u64 = 3_000;
const STEPS: u32 = 250;

#[derive(Clone)]
struct Pair {
    queue: EventQueue<u64>,
    model: BTreeMap<(Micros, u64), u64>,
    now: Micros,
    /// Every handle ever given out, stale ones as well, with the model's key.
    handles: Vec<(Timer, (Micros, u64))>,
}

impl Pair {
    fn new() -> Self {
        Self { queue: EventQueue::new(), model: BTreeMap::new(), now: 0, handles: Vec::new() }
    }

    fn schedule(&mut self, at_us: Micros) {
        let number = self.handles.len() as u64;
        let timer = self.queue.schedule(at_us, number);
        self.model.insert((at_us, number), number);
        self.handles.push((timer, (at_us, number)));
    }

    fn cancel(&mut self, handle: usize) {
        let (timer, key) = self.handles[handle];
        assert_eq!(self.queue.cancel(timer), self.model.remove(&key));
    }

    fn pop_until(&mut self, limit_us: Micros) -> bool {
        let expected = self.next().filter(|&(at_us, _)| at_us <= limit_us);
        if let Some(key) = expected {
            self.model.remove(&key);
            self.now = key.0;
        }
        assert_eq!(self.queue.pop_until(limit_us), expected);
        expected.is_some()
    }

    fn advance_to(&mut self, to_us: Micros) {
        self.queue.advance_to(to_us);
        let reachable = self.next().map_or(to_us, |(at_us, _)| at_us.min(to_us));
        self.now = self.now.max(reachable);
    }

    fn next(&self) -> Option<(Micros, u64)> {
        self.model.keys().next().copied()
    }

    fn check(&self) {
        assert_eq!(self.queue.now(), self.now);
        assert_eq!(self.queue.len(), self.model.len());
        assert_eq!(self.queue.is_empty(), self.model.is_empty());
        assert_eq!(self.queue.peek_us(), self.next().map(|(at_us, _)| at_us));
    }

    fn check_iter(&self) {
        let mut pending: Vec<(Micros, u64)> =
            self.queue.iter().map(|(at_us, &event)| (at_us, event)).collect();
        pending.sort_unstable();
        assert!(pending.iter().eq(self.model.keys()));
    }

    fn drain(mut self) {
        while self.pop_until(Micros::MAX) {}
        self.check();
    }
}

/// A time from now on, in a style that changes from run to run: crowded, spread out, at the seams
/// of the wheel's slots, repeated, at the end of time.
fn some_time(pair: &Pair, style: u32, rng: &mut Rng) -> Micros {
    let spread = rng.next_u64() >> (u64::from(style) + rng.between(0, 63 - u64::from(style)));
    let at_us = match rng.below(8) {
        0 => pair.now,
        1 => pair.now.saturating_add(u64::from(rng.below(3))),
        2 | 3 if !pair.handles.is_empty() => {
            pair.handles[rng.below(pair.handles.len() as u32) as usize].1.0
        }
        4 => {
            let slot = 6 * rng.between(1, 10);
            ((pair.now >> slot).saturating_add(1) << slot).saturating_sub(u64::from(rng.below(2)))
        }
        5 if style == 0 => Micros::MAX - u64::from(rng.below(2)),
        _ => pair.now.saturating_add(spread),
    };
    at_us.max(pair.now)
}

fn step(pair: &mut Pair, style: u32, rng: &mut Rng) {
    match rng.below(16) {
        0..=6 => {
            let at_us = some_time(pair, style, rng);
            pair.schedule(at_us);
        }
        7 | 8 if !pair.handles.is_empty() => {
            let handle = rng.below(pair.handles.len() as u32) as usize;
            pair.cancel(handle);
        }
        9..=11 => drop(pair.pop_until(Micros::MAX)),
        12 | 13 => {
            let limit_us = some_time(pair, style, rng);
            while pair.pop_until(limit_us) && rng.below(4) > 0 {}
        }
        14 => {
            let to_us = some_time(pair, style, rng);
            pair.advance_to(to_us.min(pair.now.saturating_add(1 << 40)));
        }
        _ => pair.check_iter(),
    }
    pair.check();
}

#[test]
fn any_history_agrees_with_the_model() {
    for run in 0..RUNS {
        let mut rng = Rng::stream(run, 1);
        let style = rng.below(64);
        let mut pair = Pair::new();
        for _ in 0..STEPS {
            step(&mut pair, style, &mut rng);
        }
        pair.check_iter();
        pair.drain();
    }
}

#[test]
fn a_clone_lives_the_same_life() {
    for run in 0..RUNS / 10 {
        let mut rng = Rng::stream(run, 2);
        let mut pair = Pair::new();
        for _ in 0..STEPS {
            step(&mut pair, 30, &mut rng);
        }
        let (mut twin, mut twin_rng) = (pair.clone(), rng.clone());
        for _ in 0..STEPS {
            step(&mut pair, 30, &mut rng);
        }
        // The original moved on; the clone must not have noticed, and goes the same way later.
        for _ in 0..STEPS {
            step(&mut twin, 30, &mut twin_rng);
        }
        assert_eq!(pair.handles, twin.handles);
        assert!(pair.queue.iter().eq(twin.queue.iter()), "slab order is part of the history");
        pair.drain();
        twin.drain();
    }
}

#[test]
fn equal_times_stay_fifo_from_every_distance() {
    // The first events see the time from far up the wheel, each later one from closer by.
    for target in [64, 4_096, 262_144, 777_777_777, 604_800_000_000, 1 << 60, Micros::MAX] {
        let mut pair = Pair::new();
        let mut distance = target;
        while distance > 0 {
            pair.schedule(target);
            pair.schedule(target);
            pair.schedule(target - distance);
            while pair.next().is_some_and(|(at_us, _)| at_us < target) {
                pair.pop_until(target - 1);
            }
            distance /= 3;
        }
        pair.schedule(target);
        pair.check();
        pair.drain();
    }
}

#[test]
fn the_future_may_be_peeked_at_and_still_be_preceded() {
    for far in [70, 5_000, 86_400_000_000, Micros::MAX] {
        let mut pair = Pair::new();
        pair.schedule(far);
        pair.check();
        assert!(!pair.pop_until(far - 1));
        pair.check();
        for nearer in [far - 1, far / 2, 1, 0] {
            pair.schedule(nearer);
            pair.check();
        }
        pair.drain();
    }
}

#[test]
fn a_crowd_agrees_with_the_model() {
    // So many that the wheel walks its slots from both ends; three in four share their time.
    for spread_us in [5_000, 3_000_000, 40_000_000_000] {
        let mut rng = Rng::stream(spread_us, 3);
        let mut pair = Pair::new();
        for _ in 0..6_000 {
            pair.schedule(rng.between(0, spread_us) / 1_500 * 1_500);
        }
        for round in 0..15_000 {
            match rng.below(5) {
                0 => {
                    let handle = rng.below(pair.handles.len() as u32) as usize;
                    pair.cancel(handle);
                }
                1 => drop(pair.pop_until(pair.now + rng.between(0, spread_us / 500))),
                _ => drop(pair.pop_until(Micros::MAX)),
            }
            while pair.model.len() < 5_000 && round < 10_000 {
                pair.schedule((pair.now + rng.between(0, spread_us)).next_multiple_of(1_500));
            }
            assert_eq!(pair.queue.len(), pair.model.len());
        }
        pair.drain();
    }
}
