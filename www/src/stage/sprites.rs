//! Sprites: every kind of token is drawn once, and stamped from then on. A stamp costs one call
//! and no words, where drawing a token costs a dozen.

use wasm_bindgen::JsCast;
use web_sys::{CanvasRenderingContext2d, HtmlCanvasElement};

use super::layout::Rect;
use super::palette::Palette;
use super::pen::Pen;
use highwater::engine::SortedMap;

/// Room for one sprite, in CSS px.
const ROOM: (f64, f64) = (52.0, 24.0);

/// Sprites in a row of the sheet, and rows.
const SHEET: (u32, u32) = (16, 16);

/// A token's picture.
#[derive(Copy, Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Sprite {
    /// Records on their way, in a partition's colour.
    Pill {
        /// The partition's hue.
        hue: usize,
        /// Outlined, as followers' copies are.
        copy: bool,
        /// Width in px.
        width: u32,
        /// The number on it.
        records: u32,
    },
    /// Acknowledged.
    Tick,
    /// A group's request, or the response to it.
    Diamond {
        /// Filled.
        request: bool,
    },
    /// Small talk; tenths of a px.
    Dot(u32),
}

/// The sheet that sprites are stamped from.
pub struct Sprites {
    canvas: HtmlCanvasElement,
    pen: Pen,
    palette: Palette,
    scale: f64,
    places: SortedMap<Sprite, u32>,
}

impl Sprites {
    /// An empty sheet in these colours, for this many device px a CSS px.
    pub fn new(palette: &Palette, scale: f64) -> Option<Self> {
        let document = web_sys::window()?.document()?;
        let canvas = document.create_element("canvas").ok()?;
        let canvas = canvas.dyn_into::<HtmlCanvasElement>().ok()?;
        canvas.set_width((ROOM.0 * f64::from(SHEET.0) * scale).ceil() as u32);
        canvas.set_height((ROOM.1 * f64::from(SHEET.1) * scale).ceil() as u32);
        let context = canvas.get_context("2d").ok()??;
        let pen = Pen(context.dyn_into::<CanvasRenderingContext2d>().ok()?);
        pen.0.scale(scale, scale).ok()?;
        pen.0.set_font("600 11px system-ui, sans-serif");
        pen.0.set_text_align("center");
        pen.0.set_text_baseline("middle");
        pen.0.set_line_cap("round");
        Some(Self { canvas, pen, palette: palette.clone(), scale, places: SortedMap::new() })
    }

    /// Stamps a sprite around a point.
    pub fn stamp(&mut self, pen: &Pen, sprite: Sprite, (x, y): (f64, f64)) {
        let place = match self.places.get(&sprite) {
            Some(place) => *place,
            None => self.draw(sprite),
        };
        let (left, top) = corner(place);
        let snap = |at: f64| (at * self.scale).round() / self.scale;
        // Fails for an empty canvas only.
        pen.0
            .draw_image_with_html_canvas_element_and_sw_and_sh_and_dx_and_dy_and_dw_and_dh(
                &self.canvas,
                left * self.scale,
                top * self.scale,
                ROOM.0 * self.scale,
                ROOM.1 * self.scale,
                snap(x - ROOM.0 / 2.0),
                snap(y - ROOM.1 / 2.0),
                ROOM.0,
                ROOM.1,
            )
            .ok();
    }

    /// Draws a sprite in the next free place; a full sheet is wiped.
    fn draw(&mut self, sprite: Sprite) -> u32 {
        let mut place = self.places.len() as u32;
        if place == SHEET.0 * SHEET.1 {
            let (width, height) = (ROOM.0 * f64::from(SHEET.0), ROOM.1 * f64::from(SHEET.1));
            self.pen.0.clear_rect(0.0, 0.0, width, height);
            self.places.clear();
            place = 0;
        }
        self.places.insert(sprite, place);
        let (left, top) = corner(place);
        let centre = (left + ROOM.0 / 2.0, top + ROOM.1 / 2.0);
        match sprite {
            Sprite::Pill { hue, copy, width, records } => {
                self.pill(centre, hue, copy, f64::from(width), records);
            }
            Sprite::Tick => self.tick(centre),
            Sprite::Diamond { request } => self.diamond(centre, request),
            Sprite::Dot(tenths) => {
                self.pen.fill(&self.palette.muted);
                self.pen.0.begin_path();
                self.pen.circle(centre, f64::from(tenths) / 10.0);
                self.pen.0.fill();
            }
        }
        place
    }

    fn pill(&self, (x, y): (f64, f64), hue: usize, copy: bool, w: f64, records: u32) {
        let (pen, palette) = (&self.pen, &self.palette);
        let rect = Rect { x: x - w / 2.0, y: y - 8.0, w, h: 16.0 };
        let halo = Rect { x: rect.x - 1.5, y: rect.y - 1.5, w: w + 3.0, h: 19.0 };
        pen.fill(&palette.surface);
        pen.fill_round(halo, 9.5);
        if copy {
            pen.line(&palette.hues[hue], 1.8);
            pen.0.begin_path();
            pen.round_rect(rect, 8.0);
            pen.0.stroke();
            pen.fill(&palette.text);
        } else {
            pen.fill(&palette.hues[hue]);
            pen.fill_round(rect, 8.0);
            pen.fill(&palette.on_hues[hue]);
        }
        pen.write(&records.to_string(), x, y + 0.5);
    }

    fn tick(&self, (x, y): (f64, f64)) {
        let tick = [(x - 5.0, y + 0.5), (x - 1.5, y + 4.0), (x + 5.5, y - 4.0)];
        self.pen.line(&self.palette.surface, 5.0);
        self.pen.polyline(&tick);
        self.pen.line(&self.palette.good, 2.6);
        self.pen.polyline(&tick);
    }

    fn diamond(&self, (x, y): (f64, f64), request: bool) {
        let r = if request { 5.0 } else { 3.6 };
        let context = &self.pen.0;
        context.begin_path();
        context.move_to(x, y - r);
        context.line_to(x + r, y);
        context.line_to(x, y + r);
        context.line_to(x - r, y);
        context.close_path();
        if request {
            self.pen.fill(&self.palette.good);
            context.fill();
        } else {
            self.pen.line(&self.palette.good, 1.6);
            context.stroke();
        }
    }
}

fn corner(place: u32) -> (f64, f64) {
    (f64::from(place % SHEET.0) * ROOM.0, f64::from(place / SHEET.0) * ROOM.1)
}
