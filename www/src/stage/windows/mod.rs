//! Which offsets of a partition are in sight, the same on all its replicas, moving smoothly.
//!
//! The newest are, and back to the slowest replica that lives. When that is too far behind, the
//! line is broken: on the left what the slowest has last, then a gap, then the newest.

use crate::bounds::within;
use highwater::engine::{NodeId, SortedMap};
use highwater::protocol::TopicPartition;
use highwater::view::{ProcessState, ReplicaView, View};

/// Time in which a smooth move does two thirds of its way, in ms of the browser's clock.
const EASE_MS: f64 = 110.0;

/// Batches that should be in sight.
const BATCHES: usize = 18;

/// Batches that need not be in sight: with room for so many, the window gets narrower.
const MANY_BATCHES: usize = 34;

/// Fewest offsets in sight.
const LEAST_SPAN: f64 = 24.0;

/// Share of the window that stays free at the end, for what comes.
const FREE: f64 = 0.12;

/// Offsets in sight before the slowest replica's high watermark.
const BEFORE: f64 = 2.0;

/// Room for the lag grows at once, and shrinks when so many times the room would still do.
const SLACK: f64 = 1.7;

/// Share of the window before the newest offsets, when the line is broken: old offsets and gap.
const FOLD: f64 = 0.36;

/// Share of the fold that is the gap.
const GAP: f64 = 0.2;

/// Offsets in sight.
#[derive(Copy, Clone, Debug, PartialEq)]
pub struct Window {
    /// Offset where the newest begin: at the left edge, or behind the fold.
    pub start: f64,
    /// Offsets that fit from edge to edge.
    pub span: f64,
    /// Share of the window before `start`; 0: the line is whole.
    fold: f64,
    /// Offset at the left edge of a broken line.
    old_start: f64,
}

impl Window {
    fn of(reach: &Reach, span: f64, broken: bool) -> Self {
        let fold = if broken { FOLD } else { 0.0 };
        let room = span * (1.0 - FREE - fold);
        let (leo, first) = (reach.leo as f64, reach.log_start.min(reach.leo) as f64);
        let start = if leo <= room { 0.0 } else { (leo - room).max(first) };
        let old_start = reach.low as f64 - span * FOLD * (1.0 - GAP) * 0.6;
        Self { start, span, fold, old_start: old_start.max(first).max(0.0) }
    }

    /// Where an offset is: 0 at the left edge, 1 at the right.
    pub fn place(&self, offset: f64) -> f64 {
        let (old_share, old_end) = self.old();
        if self.fold <= 0.0 || offset >= self.start {
            self.fold + (offset - self.start) / self.span
        } else if offset <= old_end {
            (offset - self.old_start) / self.span
        } else {
            let way = (offset - old_end) / (self.start - old_end).max(1.0);
            old_share + way * (self.fold - old_share)
        }
    }

    /// The offset at a place.
    pub fn offset(&self, place: f64) -> f64 {
        let (old_share, old_end) = self.old();
        if place >= self.fold {
            self.start + (place - self.fold) * self.span
        } else if place <= old_share {
            self.old_start + place * self.span
        } else {
            let way = (place - old_share) / (self.fold - old_share);
            old_end + way * (self.start - old_end)
        }
    }

    /// Where the gap begins and ends, when the line is broken.
    pub fn gap(&self) -> Option<(f64, f64)> {
        (self.fold > 0.01).then(|| (self.old().0, self.fold))
    }

    /// Share of the old offsets, and where they end.
    fn old(&self) -> (f64, f64) {
        let share = self.fold * (1.0 - GAP);
        (share, (self.old_start + share * self.span).min(self.start))
    }
}

/// What of a partition should be in sight.
struct Reach {
    /// The furthest log end.
    leo: i64,
    log_start: i64,
    /// The least log end or high watermark of a replica that lives.
    low: i64,
    /// The first of the newest batches that are known one by one, and how many those are.
    known: (i64, usize),
    /// Spans with room for the batches that should be in sight.
    spans: (f64, f64),
}

impl Reach {
    fn all(view: &View) -> SortedMap<TopicPartition, Self> {
        let mut all: SortedMap<TopicPartition, Self> = SortedMap::new();
        for broker in &view.brokers {
            let lives = matches!(broker.process, ProcessState::Running | ProcessState::Stopping);
            for replica in &broker.replicas {
                all.entry(replica.tp).or_insert_with(Self::nothing).add(replica, lives);
            }
        }
        all
    }

    fn nothing() -> Self {
        let (log_start, low) = (i64::MAX, i64::MAX);
        Self { leo: -1, log_start, low, known: (0, 0), spans: (LEAST_SPAN, LEAST_SPAN) }
    }

    fn add(&mut self, replica: &ReplicaView, lives: bool) {
        let leo = replica.log_end_offset;
        self.log_start = self.log_start.min(replica.log_start_offset);
        if leo > self.leo {
            self.leo = leo;
            let first = replica.cells.first().map_or(leo, |cell| cell.base_offset);
            self.known = (first, replica.cells.len());
            self.spans = (span(replica, BATCHES), span(replica, MANY_BATCHES));
        }
        if lives {
            self.low = self.low.min(leo).min(replica.high_watermark);
        }
    }

    /// Offsets from the slowest to the newest.
    fn lag(&self) -> f64 {
        (self.leo - self.low.min(self.leo)) as f64
    }

    /// Whether the line is to be broken: the slowest is behind all batches known one by one. Once it
    /// is broken, it stays so until the slowest is among the newer half of them.
    fn breaks(&self, was_broken: bool) -> bool {
        let (first, cells) = self.known;
        let known = (self.leo - first) as f64;
        cells > BATCHES && self.lag() > if was_broken { known / 2.0 } else { known }
    }

    /// The span for a window that had this one before. It grows when too little fits, and shrinks
    /// only when much more would fit the smaller one: scales that flutter are hard to read.
    fn span(&self, before: f64, broken: bool) -> f64 {
        let (mut least, mut most) = self.spans;
        if !broken && self.lag() > 0.0 {
            let needed = (self.lag() + BEFORE) / (1.0 - FREE);
            least = least.max(round(needed));
            most = most.max(round(needed * SLACK));
        }
        within(before, least, most.max(least))
    }
}

/// A window and where it is going.
struct Moving {
    now: Window,
    span: f64,
    broken: bool,
}

/// The windows of all partitions, and the high watermarks of all replicas as they rise.
#[derive(Default)]
pub struct Windows {
    windows: SortedMap<TopicPartition, Moving>,
    water: SortedMap<(NodeId, TopicPartition), f64>,
}

impl Windows {
    /// Moves on by a frame of this many ms; at once when `still` (reduced motion).
    pub fn advance(&mut self, view: &View, elapsed_ms: f64, still: bool) {
        let ease = if still { 1.0 } else { 1.0 - (-elapsed_ms / EASE_MS).exp() };
        for (tp, reach) in Reach::all(view) {
            let before = self.windows.get(&tp);
            let broken = reach.breaks(before.is_some_and(|before| before.broken));
            let span = reach.span(before.map_or(0.0, |before| before.span), broken);
            let target = Window::of(&reach, span, broken);
            let now = before.map_or(target, |before| before.now.towards(&target, ease));
            self.windows.insert(tp, Moving { now, span, broken });
        }
        for broker in &view.brokers {
            for replica in &broker.replicas {
                let target = replica.high_watermark as f64;
                let level = self.water.entry((broker.id, replica.tp)).or_insert(target);
                *level = approach(*level, target, ease, LEAST_SPAN * 8.0);
            }
        }
    }

    /// A partition's window.
    pub fn window(&self, tp: TopicPartition) -> Option<Window> {
        self.windows.get(&tp).map(|window| window.now)
    }

    /// A replica's high watermark, on its way.
    pub fn water(&self, node: NodeId, tp: TopicPartition) -> f64 {
        self.water.get(&(node, tp)).copied().unwrap_or(0.0)
    }
}

impl Window {
    fn towards(&self, target: &Self, ease: f64) -> Self {
        let far = target.span;
        Self {
            start: approach(self.start, target.start, ease, far),
            span: approach(self.span, target.span, ease, far),
            fold: approach(self.fold, target.fold, ease, 1.0),
            old_start: approach(self.old_start, target.old_start, ease, far),
        }
    }
}

/// Goes part of the way; all of it when it is far, or nearly there.
fn approach(from: f64, to: f64, ease: f64, far: f64) -> f64 {
    let way = to - from;
    if way.abs() > far || way.abs() < far / 4_000.0 { to } else { from + way * ease }
}

/// The span that has room for so many of the newest batches.
fn span(replica: &ReplicaView, batches: usize) -> f64 {
    let first = replica.cells.len().saturating_sub(batches);
    let offsets =
        replica.cells.get(first).map_or(0, |cell| replica.log_end_offset - cell.base_offset);
    round(offsets as f64 / (1.0 - FREE))
}

/// The next of the spans that windows have: four for each doubling of [`LEAST_SPAN`].
fn round(offsets: f64) -> f64 {
    let mut octave = LEAST_SPAN;
    while octave * 2.0 < offsets {
        octave *= 2.0;
    }
    let steps = [1.0, 1.25, 1.5, 1.75, 2.0].map(|step| octave * step);
    steps.into_iter().find(|step| *step >= offsets - 0.5).unwrap_or(octave * 2.0)
}

#[cfg(test)]
mod tests;
