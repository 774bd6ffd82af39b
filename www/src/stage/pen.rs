//! The canvas's context with the few strokes that the stage is made of.

use std::f64::consts::{FRAC_PI_2, TAU};

use web_sys::CanvasRenderingContext2d;

use super::curve::Curve;
use super::layout::Rect;

/// A pen.
#[derive(Clone)]
pub struct Pen(pub CanvasRenderingContext2d);

impl Pen {
    /// Colour of what is filled.
    pub fn fill(&self, colour: &str) {
        self.0.set_fill_style_str(colour);
    }

    /// Colour and width of lines.
    pub fn line(&self, colour: &str, width: f64) {
        self.0.set_stroke_style_str(colour);
        self.0.set_line_width(width);
    }

    /// How much of what is painted next covers what is there.
    pub fn opacity(&self, opacity: f64) {
        self.0.set_global_alpha(opacity);
    }

    /// Adds a rectangle with round corners to the path.
    pub fn round_rect(&self, rect: Rect, radius: f64) {
        let radius = radius.min(rect.w / 2.0).min(rect.h / 2.0).max(0.0);
        // Fails for negative radii only.
        self.0.round_rect_with_f64(rect.x, rect.y, rect.w, rect.h, radius).ok();
    }

    /// Fills a rectangle with round corners.
    pub fn fill_round(&self, rect: Rect, radius: f64) {
        self.0.begin_path();
        self.round_rect(rect, radius);
        self.0.fill();
    }

    /// Adds a circle to the path.
    pub fn circle(&self, (x, y): (f64, f64), radius: f64) {
        self.0.move_to(x + radius, y);
        // Fails for negative radii only.
        self.0.arc(x, y, radius, 0.0, TAU).ok();
    }

    /// Strokes a part of a circle, clockwise from the top.
    pub fn arc(&self, (x, y): (f64, f64), radius: f64, share: f64) {
        self.0.begin_path();
        // Fails for negative radii only.
        self.0.arc(x, y, radius, -FRAC_PI_2, -FRAC_PI_2 + TAU * share).ok();
        self.0.stroke();
    }

    /// Strokes lines between points.
    pub fn polyline(&self, points: &[(f64, f64)]) {
        self.0.begin_path();
        for (index, (x, y)) in points.iter().enumerate() {
            if index == 0 { self.0.move_to(*x, *y) } else { self.0.line_to(*x, *y) }
        }
        self.0.stroke();
    }

    /// Adds a curve to the path.
    pub fn curve(&self, curve: &Curve) {
        let [a, b, c, d] = curve.points;
        self.0.move_to(a.0, a.1);
        self.0.bezier_curve_to(b.0, b.1, c.0, c.1, d.0, d.1);
    }

    /// Writes words.
    pub fn write(&self, words: &str, x: f64, y: f64) {
        // Fails for no place that can be computed.
        self.0.fill_text(words, x, y).ok();
    }
}
