//! What the queues have to do. Random numbers are drawn beforehand: they are not the subject.

use highwater::engine::Rng;

use crate::queues::Queue;

const DRAWS: usize = 1 << 14;

pub trait Payload: Copy {
    fn new(number: u64) -> Self;
    fn number(self) -> u64;
}

impl Payload for u64 {
    fn new(number: u64) -> Self {
        number
    }

    fn number(self) -> u64 {
        self
    }
}

/// 80 bytes, as real events are.
#[derive(Copy, Clone)]
pub struct Fat([u64; 10]);

impl Payload for Fat {
    fn new(number: u64) -> Self {
        Self([number; 10])
    }

    fn number(self) -> u64 {
        self.0[9]
    }
}

pub trait Workload {
    fn run(&mut self, steps: u32);
}

/// A step pops one event and schedules one, exponentially distributed from now.
pub struct Hold<Q> {
    queue: Q,
    delays_us: Vec<u32>,
    next: usize,
}

impl<Q: Queue> Hold<Q> {
    pub fn new(pending: u32, mean_us: u64) -> Self {
        let mut rng = Rng::stream(1, 1);
        let mut queue = Q::new();
        for number in 0..u64::from(pending) {
            queue.schedule(rng.exponential_us(mean_us), Q::Payload::new(number));
        }
        let delays_us = (0..DRAWS).map(|_| rng.exponential_us(mean_us) as u32).collect();
        Self { queue, delays_us, next: 0 }
    }
}

impl<Q: Queue> Workload for Hold<Q> {
    fn run(&mut self, steps: u32) {
        for _ in 0..steps {
            let Some((now, payload)) = self.queue.pop() else { return };
            let delay_us = self.delays_us[self.next % DRAWS];
            self.next += 1;
            self.queue.schedule(now + u64::from(delay_us), Q::Payload::new(payload.number() + 1));
        }
    }
}

/// A step cancels one timer and schedules it anew, 10 to 60 s away; every tenth pops one as well
/// and schedules it anew.
pub struct Cancel<Q: Queue> {
    queue: Q,
    timers: Vec<Q::Handle>,
    delays_us: Vec<u32>,
    victims: Vec<u32>,
    now: u64,
    next: usize,
}

impl<Q: Queue> Cancel<Q> {
    pub fn new(timers: u32) -> Self {
        let mut rng = Rng::stream(2, 2);
        let mut delay_us = move || rng.between(10_000_000, 60_000_000) as u32;
        let mut queue = Q::new();
        let handles = (0..u64::from(timers))
            .map(|number| queue.schedule(delay_us().into(), Q::Payload::new(number)))
            .collect();
        let mut rng = Rng::stream(2, 3);
        Self {
            queue,
            timers: handles,
            delays_us: (0..DRAWS).map(|_| delay_us()).collect(),
            // One fewer, so that the two cycles do not fall in step.
            victims: (1..DRAWS).map(|_| rng.below(timers)).collect(),
            now: 0,
            next: 0,
        }
    }

    fn schedule(&mut self, number: u64) {
        let delay_us = self.delays_us[self.next % DRAWS];
        self.timers[number as usize] =
            self.queue.schedule(self.now + u64::from(delay_us), Q::Payload::new(number));
    }
}

impl<Q: Queue> Workload for Cancel<Q> {
    fn run(&mut self, steps: u32) {
        for _ in 0..steps {
            let victim = self.victims[self.next % (DRAWS - 1)];
            self.next += 1;
            self.queue.cancel(self.timers[victim as usize]);
            self.schedule(u64::from(victim));
            if self.next.is_multiple_of(10) {
                let Some((now, payload)) = self.queue.pop() else { return };
                self.now = now;
                self.schedule(payload.number());
            }
        }
    }
}
