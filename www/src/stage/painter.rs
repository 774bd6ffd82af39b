//! Paints a frame.

use crate::session::Session;

/// The canvas and what it needs from one frame to the next.
#[derive(Default)]
pub struct Painter;

impl Painter {
    /// Paints a frame.
    pub fn paint(&mut self, _session: &Session, _now_ms: f64) {}
}
