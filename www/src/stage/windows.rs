//! Which offsets of a partition are in sight, the same on all its replicas, moving smoothly.

use highwater::engine::{NodeId, SortedMap};
use highwater::protocol::TopicPartition;
use highwater::view::{ReplicaView, View};

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

/// Offsets in sight.
#[derive(Copy, Clone, Debug, PartialEq)]
pub struct Window {
    /// Offset at the left edge.
    pub start: f64,
    /// Offsets from edge to edge.
    pub span: f64,
}

impl Window {
    fn of(leo: i64, log_start: i64, span: f64) -> Self {
        let start = (leo as f64 - span * (1.0 - FREE)).max(log_start.min(leo) as f64).max(0.0);
        Self { start: if leo as f64 <= span * (1.0 - FREE) { 0.0 } else { start }, span }
    }

    /// Where an offset is: 0 at the left edge, 1 at the right.
    pub fn place(&self, offset: f64) -> f64 {
        (offset - self.start) / self.span
    }
}

/// The windows of all partitions, and the high watermarks of all replicas as they rise.
#[derive(Default)]
pub struct Windows {
    windows: SortedMap<TopicPartition, Window>,
    water: SortedMap<(NodeId, TopicPartition), f64>,
}

impl Windows {
    /// Moves on by a frame of this many ms; at once when `still` (reduced motion).
    pub fn advance(&mut self, view: &View, elapsed_ms: f64, still: bool) {
        let ease = if still { 1.0 } else { 1.0 - (-elapsed_ms / EASE_MS).exp() };
        let mut ends: SortedMap<TopicPartition, (i64, i64, f64)> = SortedMap::new();
        for replica in view.brokers.iter().flat_map(|broker| &broker.replicas) {
            let end = ends.entry(replica.tp).or_insert((0, i64::MAX, LEAST_SPAN));
            end.0 = end.0.max(replica.log_end_offset);
            end.1 = end.1.min(replica.log_start_offset);
            if replica.is_leader {
                let before = self.windows.get(&replica.tp).map_or(0.0, |window| window.span);
                end.2 = settled(before, replica);
            }
        }
        for (tp, (leo, log_start, span)) in ends {
            let target = Window::of(leo, log_start, span);
            let window = self.windows.entry(tp).or_insert(target);
            window.start = approach(window.start, target.start, ease, target.span);
            window.span = approach(window.span, target.span, ease, target.span);
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
        self.windows.get(&tp).copied()
    }

    /// A replica's high watermark, on its way.
    pub fn water(&self, node: NodeId, tp: TopicPartition) -> f64 {
        self.water.get(&(node, tp)).copied().unwrap_or(0.0)
    }
}

/// Goes part of the way; all of it when it is far, or nearly there.
fn approach(from: f64, to: f64, ease: f64, far: f64) -> f64 {
    let way = to - from;
    if way.abs() > far || way.abs() < 0.01 { to } else { from + way * ease }
}

/// The span for a replica whose window had this span before. It grows when too few batches fit, and
/// shrinks only when many would fit the smaller one: scales that flutter are hard to read.
fn settled(before: f64, replica: &ReplicaView) -> f64 {
    let (least, most) = (span(replica, BATCHES), span(replica, MANY_BATCHES));
    power(before).clamp(least, most)
}

/// The span that has room for so many of the newest batches.
fn span(replica: &ReplicaView, batches: usize) -> f64 {
    let first = replica.cells.len().saturating_sub(batches);
    let offsets =
        replica.cells.get(first).map_or(0, |cell| replica.log_end_offset - cell.base_offset);
    power(offsets as f64 / (1.0 - FREE))
}

/// The least span that is [`LEAST_SPAN`] doubled some times, and not less than this.
fn power(offsets: f64) -> f64 {
    let mut span = LEAST_SPAN;
    while span < offsets - 0.5 {
        span *= 2.0;
    }
    span
}

#[cfg(test)]
mod tests {
    use highwater::protocol::TopicId;
    use highwater::view::CellView;

    use super::*;

    #[test]
    fn a_short_log_begins_at_the_left() {
        let window = Window::of(10, 0, 24.0);
        assert_eq!(window.start, 0.0);
        assert_eq!(window.place(12.0), 0.5);
    }

    #[test]
    fn a_long_log_ends_before_the_right() {
        let window = Window::of(1000, 0, 24.0);
        assert!((window.place(1000.0) - 0.88).abs() < 1e-9);
    }

    #[test]
    fn a_span_grows_at_once_and_shrinks_late() {
        let replica = replica(30);
        assert_eq!(span(&replica, BATCHES), 24.0);
        assert_eq!(settled(24.0, &replica), 24.0);
        assert_eq!(settled(48.0, &replica), 48.0);
        assert_eq!(settled(768.0, &replica), 48.0);
    }

    fn replica(records: i64) -> ReplicaView {
        let cell = |offset| CellView {
            base_offset: offset,
            last_offset: offset,
            leader_epoch: 0,
            bytes: 100,
        };
        ReplicaView {
            tp: TopicPartition::new(TopicId(0), 0),
            is_leader: true,
            leader_epoch: 0,
            in_isr: true,
            log_start_offset: 0,
            log_end_offset: records,
            high_watermark: records,
            cells: (0..records).map(cell).collect(),
        }
    }
}
