//! Strips: a replica's log as cells, under water up to the high watermark.

use highwater::engine::NodeId;
use highwater::protocol::TopicPartition;
use highwater::view::{CellView, ProcessState, ReplicaView, View};
use js_sys::Math;

use super::layout::{Layout, Rect, Slot};
use super::names::{self, Names};
use super::palette::Palette;
use super::pen::Pen;
use super::windows::{Window, Windows};
use crate::bounds::within;
use crate::session::Selection;

/// Room between two cells.
const GAP: f64 = 1.5;

/// How far the crest of the wave goes out.
const CREST: f64 = 1.0;

/// Opacity of what does not count: outside the ISR, on a dead broker.
const DIM: f64 = 0.45;

/// How a strip looks.
#[derive(Copy, Clone)]
struct Look {
    hue: usize,
    dim: f64,
    leads: bool,
}

/// What a strip needs to be painted.
pub struct Strips<'a> {
    /// The pen.
    pub pen: &'a Pen,
    /// The colours.
    pub palette: &'a Palette,
    /// The slots.
    pub layout: &'a Layout,
    /// The offsets in sight.
    pub windows: &'a Windows,
    /// The cluster.
    pub view: &'a View,
    /// What is selected.
    pub selection: Option<&'a Selection>,
}

/// The track within a strip's slot: above it is room for the crest, below it for commits.
pub fn track(room: Rect) -> Rect {
    let h = (room.h - 9.0).max(6.0);
    Rect { y: room.y + (room.h - h) / 2.0 - 1.0, h, ..room }
}

/// The offset under a point of a track.
pub fn offset_at(track: Rect, window: Window, x: f64) -> i64 {
    window.offset((x - track.x) / track.w).floor() as i64
}

impl Strips<'_> {
    /// Paints all strips.
    pub fn paint(&self) {
        let names = Names::of(self.view);
        for broker in &self.view.brokers {
            let down = matches!(broker.process, ProcessState::Stopped | ProcessState::Crashed);
            for replica in &broker.replicas {
                let room = self.layout.slot(Slot::Strip, broker.id, Some(replica.tp));
                let window = self.windows.window(replica.tp);
                if let (Some(room), Some(window)) = (room, window) {
                    let dim = if down || !replica.in_isr { DIM } else { 1.0 };
                    let (hue, leads) = (names.hue(replica.tp), names::leads(broker, replica));
                    self.strip(broker.id, replica, track(room), window, Look { hue, dim, leads });
                }
            }
        }
        self.pen.opacity(1.0);
    }

    fn strip(&self, node: NodeId, replica: &ReplicaView, track: Rect, window: Window, look: Look) {
        let dim = look.dim;
        let pen = self.pen;
        let x = |offset: f64| track.x + window.place(offset) * track.w;
        let water = self.windows.water(node, replica.tp).min(replica.log_end_offset as f64);
        let mark_x = within(x(water), track.x, track.right());
        pen.opacity(dim);
        pen.fill(&self.palette.track);
        pen.fill_round(track, 4.0);
        self.water(track, mark_x, water);
        pen.0.save();
        pen.0.begin_path();
        pen.0.rect(track.x, track.y - 1.0, track.w, track.h + 2.0);
        pen.0.clip();
        self.cells(replica, track, &x, look);
        pen.0.restore();
        pen.opacity(dim);
        if let Some((from, to)) = window.gap() {
            self.gap(track, track.x + from * track.w, track.x + to * track.w);
        }
        self.log_end(track, x(replica.log_end_offset as f64), replica.log_end_offset);
        if window.place(water) >= 0.0 {
            self.mark(track, mark_x, water);
        }
        if look.leads {
            self.commits(replica.tp, track, &x);
        }
    }

    /// The band below the mark. Its edge moves with the mark, and stands still with it.
    fn water(&self, track: Rect, mark_x: f64, level: f64) {
        if mark_x <= track.x + 1.0 {
            return;
        }
        let context = &self.pen.0;
        self.pen.fill(&self.palette.water);
        context.begin_path();
        context.move_to(track.x + 4.0, track.y);
        context.line_to(mark_x, track.y);
        for (x, y) in edge(track, mark_x, level) {
            context.line_to(x, y);
        }
        context.line_to(track.x + 4.0, track.bottom());
        context.quadratic_curve_to(track.x, track.bottom(), track.x, track.bottom() - 4.0);
        context.line_to(track.x, track.y + 4.0);
        context.quadratic_curve_to(track.x, track.y, track.x + 4.0, track.y);
        context.fill();
    }

    fn cells(
        &self,
        replica: &ReplicaView,
        track: Rect,
        x: &impl Fn(f64) -> f64,
        Look { hue, dim, leads }: Look,
    ) {
        let pen = self.pen;
        let colour = &self.palette.hues[hue];
        let rect = |cell: &CellView| {
            let left = x(cell.base_offset as f64);
            let right = x(cell.last_offset as f64 + 1.0);
            let gap = GAP.min((right - left) * 0.3);
            let w = (right - left - gap).max(0.8);
            Rect { x: left + gap / 2.0, y: track.y + 2.5, w, h: track.h - 5.0 }
        };
        let older = older(replica);
        let all = || older.iter().chain(&replica.cells);
        let seen = |cell: &&CellView| x(cell.last_offset as f64 + 1.0) > track.x;
        // Narrow outlines would run together and look filled.
        let outline = within((x(1.0) - x(0.0)) * 0.2, 0.75, 1.5);
        let wet = |cell: &CellView| cell.last_offset < replica.high_watermark;
        pen.fill(colour);
        pen.line(colour, outline);
        for (is_wet, opacity) in [(true, 1.0), (false, 0.42)] {
            pen.opacity(opacity * dim);
            pen.0.begin_path();
            for cell in all().filter(seen).filter(|cell| wet(cell) == is_wet) {
                let rect = rect(cell);
                if leads {
                    pen.round_rect(rect, 2.5);
                } else {
                    let inner = (rect.w - outline).max(0.5);
                    let rect = Rect {
                        x: rect.x + outline / 2.0,
                        y: rect.y + 0.75,
                        w: inner,
                        h: rect.h - 1.5,
                    };
                    pen.round_rect(rect, 2.0);
                }
            }
            if leads { pen.0.fill() } else { pen.0.stroke() }
        }
        pen.opacity(dim);
        self.epochs(&replica.cells, track, x);
        if let Some(Selection::Offset(tp, offset)) = self.selection
            && *tp == replica.tp
            && let Some(cell) = replica
                .cells
                .iter()
                .find(|cell| (cell.base_offset..=cell.last_offset).contains(offset))
        {
            pen.opacity(1.0);
            pen.line(&self.palette.text, 2.0);
            pen.0.begin_path();
            pen.round_rect(rect(cell), 2.5);
            pen.0.stroke();
        }
    }

    /// A notch wherever another leader went on.
    fn epochs(&self, cells: &[CellView], track: Rect, x: &impl Fn(f64) -> f64) {
        let changes = cells.windows(2).filter(|pair| pair[0].leader_epoch != pair[1].leader_epoch);
        self.pen.fill(&self.palette.text);
        for pair in changes {
            let at = x(pair[1].base_offset as f64);
            self.pen.0.fill_rect(at - 0.75, track.y - 1.0, 1.5, track.h + 2.0);
        }
    }

    /// Where the line is broken: offsets in between are left out.
    fn gap(&self, track: Rect, from: f64, to: f64) {
        let pen = self.pen;
        pen.fill(&self.palette.surface);
        pen.0.fill_rect(from, track.y - 1.0, to - from, track.h + 2.0);
        pen.fill(&self.palette.muted);
        pen.0.begin_path();
        for dot in [-1.0, 0.0, 1.0] {
            pen.circle(((from + to) / 2.0 + dot * 4.0, track.middle_y()), 1.1);
        }
        pen.0.fill();
    }

    /// Where the log ends; when that is out of sight, which way it is, and how far.
    fn log_end(&self, track: Rect, at: f64, offset: i64) {
        self.pen.fill(&self.palette.muted);
        if at > track.right() {
            return;
        }
        if at < track.x {
            let (left, middle) = (track.x + 5.0, track.middle_y());
            let context = &self.pen.0;
            context.begin_path();
            context.move_to(left, middle);
            context.line_to(left + 5.0, middle - 3.5);
            context.line_to(left + 5.0, middle + 3.5);
            context.fill();
            context.set_font("11px system-ui, sans-serif");
            context.set_text_align("left");
            context.set_text_baseline("middle");
            self.pen.write(&offset.to_string(), left + 9.0, middle + 0.5);
            return;
        }
        let mut y = track.y;
        while y < track.bottom() {
            self.pen.0.fill_rect(at - 0.5, y, 1.0, 2.0);
            y += 4.0;
        }
    }

    /// The high watermark: the water's edge with a crest on top.
    fn mark(&self, track: Rect, at: f64, level: f64) {
        let context = &self.pen.0;
        self.pen.line(&self.palette.wave, 1.6);
        context.begin_path();
        let top = track.y - 3.0;
        context.move_to(at - 6.0, top);
        context.quadratic_curve_to(at - 3.0, top - 3.6, at, top);
        context.quadratic_curve_to(at + 3.0, top + 3.6, at + 6.0, top);
        for (index, (x, y)) in edge(track, at, level).enumerate() {
            if index == 0 { context.move_to(x, y) } else { context.line_to(x, y) }
        }
        context.stroke();
    }

    /// Where the groups have committed to: one triangle each, side by side when they meet.
    fn commits(&self, tp: TopicPartition, track: Rect, x: &impl Fn(f64) -> f64) {
        self.pen.fill(&self.palette.good);
        let context = &self.pen.0;
        for group in &self.view.groups {
            let found = group.committed.iter().find(|(of, _)| *of == tp);
            let Some(at) = found.map(|(_, offset)| x(*offset as f64)) else { continue };
            if at < track.x - 1.0 || at > track.right() {
                continue;
            }
            let top = track.bottom() + 1.0;
            context.begin_path();
            context.move_to(at, top);
            context.line_to(at + 3.5, top + 5.0);
            context.line_to(at - 3.5, top + 5.0);
            context.close_path();
            context.fill();
        }
    }
}

/// What is older than the batches known one by one, as one.
fn older(replica: &ReplicaView) -> Option<CellView> {
    let first = replica.cells.first()?;
    (first.base_offset > replica.log_start_offset).then(|| CellView {
        base_offset: replica.log_start_offset,
        last_offset: first.base_offset - 1,
        ..*first
    })
}

/// Points down the water's edge: a wave whose phase hangs on the level.
fn edge(track: Rect, at: f64, level: f64) -> impl Iterator<Item = (f64, f64)> {
    const STEPS: u32 = 6;
    (0..=STEPS).map(move |step| {
        let down = f64::from(step) / f64::from(STEPS);
        let x =
            at + Math::sin(down * 6.3 + level * 1.7) * CREST * (1.0 - (2.0 * down - 1.0).powi(4));
        (x.min(track.right()), track.y + track.h * down)
    })
}
