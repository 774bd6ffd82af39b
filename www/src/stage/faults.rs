//! What is broken between the nodes: links that are cut or slow, and what waits there.

use highwater::engine::NodeId;
use highwater::view::{View, WaitingView};

use super::curve::{Curve, lane};
use super::layout::{Layout, Rect};
use super::palette::Palette;
use super::pen::Pen;

/// Dots along a link.
const DOTS: u32 = 36;

/// How near to a sign's centre a click must be.
const REACH: f64 = 13.0;

/// Where on its way a message waits: before a cut, or at the door of a process that stands still.
fn way(waiting: &WaitingView) -> f64 {
    if waiting.arrived { 0.9 } else { 0.3 }
}

/// Paints them.
pub fn paint(pen: &Pen, palette: &Palette, layout: &Layout, view: &View) {
    pen.0.set_text_align("center");
    pen.0.set_text_baseline("middle");
    pen.0.set_font("600 11px system-ui, sans-serif");
    // On a phone they would cross the cards.
    for &(from, to, _) in view.slow_links.iter().filter(|_| !layout.stacked) {
        if let Some(curve) = lane(layout, from, to, None) {
            dots(pen, &palette.warn, &curve);
        }
    }
    for &(from, to) in &view.cut_links {
        if let Some(curve) = lane(layout, from, to, None) {
            dots(pen, &palette.bad, &curve);
            arrow(pen, &palette.bad, &curve);
            cross(pen, palette, curve.at(0.5));
        }
    }
    for waiting in &view.waiting {
        if let Some(curve) = lane(layout, waiting.from, waiting.to, None) {
            pile(pen, palette, waiting.messages, curve.at(way(waiting)));
        }
    }
}

/// The node whose link or pile is under a point: who sends there, or who does not listen.
pub fn hit(layout: &Layout, view: &View, (x, y): (f64, f64)) -> Option<NodeId> {
    let near = |from, to, way| {
        let at = lane(layout, from, to, None).map(|curve| curve.at(way));
        at.is_some_and(|at| (at.0 - x).hypot(at.1 - y) <= REACH)
    };
    let cuts = view.cut_links.iter().map(|&(from, to)| (from, to, 0.5, from));
    let piles = view.waiting.iter().map(|waiting| {
        let node = if waiting.arrived { waiting.to } else { waiting.from };
        (waiting.from, waiting.to, way(waiting), node)
    });
    piles.chain(cuts).find(|&(from, to, way, _)| near(from, to, way)).map(|(.., node)| node)
}

fn dots(pen: &Pen, colour: &str, curve: &Curve) {
    pen.fill(colour);
    pen.0.begin_path();
    (0..=DOTS).for_each(|dot| pen.circle(curve.at(f64::from(dot) / f64::from(DOTS)), 1.2));
    pen.0.fill();
}

/// Which way nothing gets through.
fn arrow(pen: &Pen, colour: &str, curve: &Curve) {
    let ((x, y), (ahead_x, ahead_y)) = (curve.at(0.4), curve.at(0.44));
    let length = (ahead_x - x).hypot(ahead_y - y).max(0.1);
    let (dx, dy) = ((ahead_x - x) / length * 6.0, (ahead_y - y) / length * 6.0);
    pen.fill(colour);
    pen.0.begin_path();
    pen.0.move_to(x + dx, y + dy);
    pen.0.line_to(x - dx / 2.0 - dy / 1.4, y - dy / 2.0 + dx / 1.4);
    pen.0.line_to(x - dx / 2.0 + dy / 1.4, y - dy / 2.0 - dx / 1.4);
    pen.0.fill();
}

fn cross(pen: &Pen, palette: &Palette, (x, y): (f64, f64)) {
    for (colour, width) in [(&palette.surface, 7.0), (&palette.bad, 3.0)] {
        pen.line(colour, width);
        pen.polyline(&[(x - 5.0, y - 5.0), (x + 5.0, y + 5.0)]);
        pen.polyline(&[(x - 5.0, y + 5.0), (x + 5.0, y - 5.0)]);
    }
}

/// Messages that wait, as a stack with their number.
fn pile(pen: &Pen, palette: &Palette, messages: u32, (x, y): (f64, f64)) {
    let w = 20.0 + 6.5 * f64::from(messages.checked_ilog10().unwrap_or(0));
    for behind in [3.0, 0.0] {
        let rect = Rect { x: x - w / 2.0 + behind, y: y - 8.0 - behind, w, h: 16.0 };
        pen.fill(&palette.surface);
        pen.fill_round(rect, 8.0);
        pen.line(&palette.warn, 1.6);
        pen.0.begin_path();
        pen.round_rect(rect, 8.0);
        pen.0.stroke();
    }
    pen.fill(&palette.text);
    pen.write(&messages.to_string(), x, y + 0.5);
}
