//! The application behind a producer: makes up records and says when the next one is due.

use std::sync::Arc;

use crate::engine::{Micros, Rng};
use crate::node::{Ctx, NodeTimer, ProducerTimer};
use crate::record::Bytes;

use super::{Keys, Pace, ProducerSpec};

/// Fills a value up to its size.
const PADDING: u8 = b'.';
/// As many keys are made once and shared by all records.
const MAX_SHARED_KEYS: u32 = 1 << 16;

/// A loop that calls send() and sleeps.
#[derive(Clone, Debug)]
pub struct Application {
    /// Records made up so far, over all runs of the process.
    produced: u64,
    text: Vec<u8>,
    value: Vec<u8>,
    keys: Vec<Option<Bytes>>,
    timer: Option<crate::engine::Timer>,
    due_us: Micros,
}

impl Application {
    /// An application that has not sent anything.
    pub fn new(spec: &ProducerSpec) -> Self {
        let mut application = Self {
            produced: 0,
            text: Vec::new(),
            value: Vec::new(),
            keys: Vec::new(),
            timer: None,
            due_us: 0,
        };
        application.configure(spec);
        application
    }

    /// Goes on with another workload.
    pub fn configure(&mut self, spec: &ProducerSpec) {
        self.text.clear();
        self.value.clear();
        self.value.resize(spec.workload.value_bytes as usize, PADDING);
        self.keys.clear();
        if let Keys::Uniform { count, .. } = spec.workload.keys
            && count <= MAX_SHARED_KEYS
        {
            self.keys.resize(count.max(1) as usize, None);
        }
    }

    /// Makes up the next record: key and value.
    pub fn next_record(&mut self, spec: &ProducerSpec, rng: &mut Rng) -> (Option<Bytes>, Bytes) {
        (self.next_key(&spec.workload.keys, rng), self.next_value(&spec.name))
    }

    fn next_key(&mut self, keys: &Keys, rng: &mut Rng) -> Option<Bytes> {
        let Keys::Uniform { prefix, count } = keys else { return None };
        let number = rng.below((*count).max(1));
        let make = || Bytes::from(format!("{prefix}{number}").into_bytes());
        let key = match self.keys.get_mut(number as usize) {
            Some(shared) => shared.get_or_insert_with(make).clone(),
            None => make(),
        };
        Some(key)
    }

    /// `<name>-<n>`, padded; when that is too long, its end.
    fn next_value(&mut self, name: &str) -> Bytes {
        self.text.clear();
        self.text.extend_from_slice(name.as_bytes());
        self.text.push(b'-');
        push_decimal(&mut self.text, self.produced);
        self.produced += 1;
        match self.text.len().checked_sub(self.value.len()) {
            Some(too_long) => Arc::from(&self.text[too_long..]),
            None => {
                self.value[..self.text.len()].copy_from_slice(&self.text);
                Arc::from(&self.value[..])
            }
        }
    }

    /// The process begins; its loop does when [`Self::sleep`] follows, and the first record is due
    /// after the first interval.
    pub fn start(&mut self, ctx: &Ctx<'_>) {
        self.due_us = ctx.now;
        self.timer = None;
    }

    /// send() returned: sleeps until the next record is due. While send() blocked, nothing became
    /// due but one record.
    pub fn sleep(&mut self, ctx: &mut Ctx<'_>, spec: &ProducerSpec) {
        debug_assert!(self.timer.is_none());
        if spec.workload.limit.is_some_and(|limit| self.produced >= limit) {
            return;
        }
        let interval_us = match spec.workload.pace {
            Pace::Manual => return,
            Pace::Every(us) => us.max(1),
            Pace::Poisson(mean_us) => ctx.rng.exponential_us(mean_us.max(1)).max(1),
        };
        self.due_us = (self.due_us + interval_us).max(ctx.now);
        // The application's clock is nobody's effect.
        let cause = ctx.cause.take();
        let timer = NodeTimer::Producer(ProducerTimer::Workload);
        self.timer = Some(ctx.set_timer_at(self.due_us, timer));
        ctx.cause = cause;
    }

    /// The timer has come.
    pub fn wake(&mut self) {
        self.timer = None;
    }

    /// Another pace from now on.
    pub fn set_pace(&mut self, ctx: &mut Ctx<'_>, spec: &ProducerSpec, is_blocked: bool) {
        self.stop(ctx);
        self.due_us = ctx.now;
        if !is_blocked {
            self.sleep(ctx, spec);
        }
    }

    /// The loop ends.
    pub fn stop(&mut self, ctx: &mut Ctx<'_>) {
        if let Some(timer) = self.timer.take() {
            ctx.cancel_timer(timer);
        }
    }
}

/// What `write!` would append, at a fraction of its price: a record a call.
fn push_decimal(text: &mut Vec<u8>, mut number: u64) {
    let start = text.len();
    loop {
        text.push(b'0' + (number % 10) as u8);
        number /= 10;
        if number == 0 {
            break;
        }
    }
    text[start..].reverse();
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decimals_are_those_of_write() {
        for number in [0, 7, 10, 109, 1_234_567_890, u64::MAX] {
            let mut text = b"name-".to_vec();
            push_decimal(&mut text, number);
            assert_eq!(text, format!("name-{number}").into_bytes());
        }
    }
}
