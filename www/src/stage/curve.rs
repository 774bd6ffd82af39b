//! Lanes: curves between cards, and where on them a message is.

use highwater::engine::NodeId;
use highwater::node::is_controller;
use highwater::protocol::TopicPartition;

use super::layout::{Layout, Rect, Slot};

/// How far below its top a card is met where no partition tells better.
const HEAD_Y: f64 = 20.0;

/// How far lanes between brokers swing out.
const SWING: f64 = 26.0;

/// How far apart a lane's two directions run.
const APART: f64 = 3.0;

/// A cubic Bézier curve.
#[derive(Copy, Clone, Debug, PartialEq)]
pub struct Curve {
    /// Its four points.
    pub points: [(f64, f64); 4],
}

impl Curve {
    /// Where one is after this share of the way.
    pub fn at(&self, t: f64) -> (f64, f64) {
        let s = 1.0 - t;
        let weights = [s * s * s, 3.0 * s * s * t, 3.0 * s * t * t, t * t * t];
        let sum = |pick: fn(&(f64, f64)) -> f64| {
            self.points.iter().zip(weights).map(|(point, weight)| pick(point) * weight).sum()
        };
        (sum(|point| point.0), sum(|point| point.1))
    }

    fn reversed(self) -> Self {
        let [a, b, c, d] = self.points;
        Self { points: [d, c, b, a] }
    }

    fn lowered(self, by: f64) -> Self {
        Self { points: self.points.map(|(x, y)| (x, y + by)) }
    }
}

fn head_y(card: Rect) -> f64 {
    card.y + HEAD_Y.min(card.h / 2.0)
}

fn is_client(node: NodeId) -> bool {
    node.0 >= 100
}

/// The lane from one node to another, for a message about `tp`; `None` for nodes without a card.
pub fn lane(
    layout: &Layout,
    from: NodeId,
    to: NodeId,
    tp: Option<TopicPartition>,
) -> Option<Curve> {
    if is_client(to) {
        return Some(client_lane(layout, to, from, tp)?.reversed().lowered(APART));
    }
    if is_client(from) {
        return Some(client_lane(layout, from, to, tp)?.lowered(-APART));
    }
    server_lane(layout, from, to, tp)
}

/// From a client to a broker.
fn client_lane(
    layout: &Layout,
    client: NodeId,
    broker: NodeId,
    tp: Option<TopicPartition>,
) -> Option<Curve> {
    let (card, target) = (layout.card(client)?, layout.card(broker)?);
    let y = tp.and_then(|tp| layout.slot(Slot::Strip, broker, Some(tp)));
    let y = y.map_or(head_y(target), |strip| strip.middle_y());
    let from_left = card.middle_x() < target.middle_x();
    if layout.stacked {
        return Some(stacked_lane(card, target, y));
    }
    let queue = tp.and_then(|tp| layout.slot(Slot::Queue, client, Some(tp)));
    let start_y = queue.map_or(card.middle_y(), |queue| queue.middle_y());
    let (start, end) = if from_left {
        ((card.right(), start_y), (target.x, y))
    } else {
        ((card.x, start_y), (target.right(), y))
    };
    let bend = (end.0 - start.0) * 0.55;
    Some(Curve { points: [start, (start.0 + bend, start.1), (end.0 - bend, end.1), end] })
}

/// On a phone: out of the card, and along the edge to the broker's row. Producers above keep left,
/// consumers below keep right.
fn stacked_lane(card: Rect, target: Rect, y: f64) -> Curve {
    let above = card.y < target.y;
    let (start, end, edge) = if above {
        ((card.middle_x(), card.bottom()), (target.x, y), target.x - 12.0)
    } else {
        ((card.middle_x(), card.y), (target.right(), y), target.right() + 12.0)
    };
    let out = if above { 30.0 } else { -30.0 };
    Curve { points: [start, (edge, start.1 + out), (edge, end.1 - out), end] }
}

/// Between brokers along their right edge, from log to log; to the controller along the left.
fn server_lane(
    layout: &Layout,
    from: NodeId,
    to: NodeId,
    tp: Option<TopicPartition>,
) -> Option<Curve> {
    let y = |node: NodeId, card: Rect| {
        let strip = tp.and_then(|tp| layout.slot(Slot::Strip, node, Some(tp)));
        strip.map_or(head_y(card), |strip| strip.middle_y())
    };
    let (card, target) = (layout.card(from)?, layout.card(to)?);
    let left = is_controller(from) || is_controller(to);
    let edge = |card: Rect| if left { card.x } else { card.right() };
    let swing = match (left, layout.stacked) {
        (true, false) => -SWING * 0.7,
        (true, true) => -SWING * 0.3,
        (false, false) => SWING,
        (false, true) => SWING * 0.4,
    };
    // Both bend out to the same line, beyond whichever card reaches further.
    let out =
        if left { edge(card).min(edge(target)) } else { edge(card).max(edge(target)) } + swing;
    let (start, end) = ((edge(card), y(from, card)), (edge(target), y(to, target)));
    Some(Curve { points: [start, (out, start.1), (out, end.1), end] })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_curve_goes_from_end_to_end() {
        let curve = Curve { points: [(0.0, 0.0), (1.0, 0.0), (1.0, 2.0), (2.0, 2.0)] };
        assert_eq!(curve.at(0.0), (0.0, 0.0));
        assert_eq!(curve.at(0.5), (1.0, 1.0));
        assert_eq!(curve.at(1.0), (2.0, 2.0));
        assert_eq!(curve.reversed().at(0.0), (2.0, 2.0));
    }
}
