//! The painter: everything on the canvas, once a frame.

use std::rc::Rc;

use highwater::engine::NodeId;
use highwater::view::View;
use wasm_bindgen::JsCast;
use web_sys::{CanvasRenderingContext2d, Element, HtmlCanvasElement};

use super::curve;
use super::faults;
use super::gauges;
use super::layout::{Layout, Slot};
use super::names;
use super::palette::Palette;
use super::pen::Pen;
use super::sprites::Sprites;
use super::strips::{self, Strips};
use super::tokens::{self, Tokens};
use super::windows::Windows;
use crate::bounds::within;
use crate::session::{Flight, Layer, Selection, Session};

/// More device pixels than this for a CSS px cost more than they show.
const FINEST: f64 = 2.0;

/// The canvas and what it needs from one frame to the next.
#[derive(Default)]
pub struct Painter {
    surface: Option<Surface>,
    palette: Option<Palette>,
    sprites: Option<Sprites>,
    layout: Layout,
    windows: Windows,
    stale: bool,
    still: bool,
    scale: f64,
    last_ms: f64,
}

struct Surface {
    content: Element,
    canvas: HtmlCanvasElement,
    pen: Pen,
}

impl Painter {
    /// From now on, paints on this canvas over this content.
    pub fn attach(&mut self, content: Element, canvas: HtmlCanvasElement) {
        let context = canvas.get_context("2d").ok().flatten();
        if let Some(context) = context.and_then(|it| it.dyn_into::<CanvasRenderingContext2d>().ok())
        {
            self.surface = Some(Surface { content, canvas, pen: Pen(context) });
            self.stale = true;
        }
    }

    /// The slots have moved: before the next frame they are measured.
    pub fn measure_later(&mut self) {
        self.stale = true;
    }

    /// The colours have changed.
    pub fn forget_palette(&mut self) {
        self.palette = None;
        self.sprites = None;
    }

    /// Paints a frame.
    pub fn paint(&mut self, session: &Session, frame_ms: f64) {
        let elapsed_ms = within(frame_ms - self.last_ms, 0.0, 100.0);
        self.last_ms = frame_ms;
        self.windows.advance(session.view(), elapsed_ms, self.still);
        if self.stale {
            self.measure();
        }
        if self.palette.is_none() {
            self.palette = Palette::read();
        }
        if self.sprites.is_none() {
            self.sprites = self.palette.as_ref().and_then(|it| Sprites::new(it, self.scale));
        }
        let (Some(surface), Some(palette)) = (&self.surface, &self.palette) else { return };
        let (pen, layout, view) = (&surface.pen, &self.layout, session.view().as_ref());
        pen.0.clear_rect(0.0, 0.0, layout.size.0, layout.size.1);
        self.lanes(pen, palette, view, session);
        let strips = Strips {
            pen,
            palette,
            layout,
            windows: &self.windows,
            view,
            selection: session.selection(),
        };
        strips.paint();
        gauges::paint(pen, palette, layout, view);
        let tokens = Tokens {
            pen,
            palette,
            layout,
            view,
            display: session.display(),
            now_us: view.at_us,
            speed: if session.playing() { session.speed() } else { 0 },
            still: self.still,
        };
        faults::paint(pen, palette, layout, view);
        if let Some(sprites) = &mut self.sprites {
            tokens.paint(sprites, session.messages());
        }
    }

    fn measure(&mut self) {
        let Some(surface) = &self.surface else { return };
        self.stale = false;
        self.layout = Layout::measure(&surface.content);
        let window = web_sys::window();
        let finest = window.as_ref().map_or(1.0, |window| window.device_pixel_ratio());
        let scale = finest.min(FINEST);
        if scale != self.scale {
            self.scale = scale;
            self.sprites = None;
        }
        let query = window.and_then(|window| {
            window.match_media("(prefers-reduced-motion: reduce)").ok().flatten()
        });
        self.still = query.is_some_and(|query| query.matches());
        let (width, height) = self.layout.size;
        surface.canvas.set_width((width * scale).round() as u32);
        surface.canvas.set_height((height * scale).round() as u32);
        // Fails for no scale that can be computed.
        surface.pen.0.set_transform(scale, 0.0, 0.0, scale, 0.0, 0.0).ok();
    }

    /// The lanes that are in use as things stand: producers to leaders, leaders to consumers.
    fn lanes(&self, pen: &Pen, palette: &Palette, view: &View, session: &Session) {
        // On a phone they would cross the cards.
        if self.layout.stacked {
            return;
        }
        let display = session.display();
        pen.line(&palette.lane, 1.5);
        pen.0.begin_path();
        let lane = |from: NodeId, to: NodeId, tp| {
            if let Some(curve) = curve::lane(&self.layout, from, to, Some(tp)) {
                pen.curve(&curve);
            }
        };
        let leaders = view.brokers.iter().flat_map(|broker| {
            let led = broker.replicas.iter().filter(|replica| names::leads(broker, replica));
            led.map(move |replica| (broker.id, replica.tp))
        });
        for (leader, tp) in leaders {
            if display.shows(Layer::Produce) {
                let senders = view.producers.iter().filter(|producer| {
                    self.layout.slot(Slot::Queue, producer.id, Some(tp)).is_some()
                });
                senders.for_each(|producer| lane(producer.id, leader, tp));
            }
            if display.shows(Layer::Fetch) {
                let owners = view.consumers.iter().filter(|consumer| {
                    consumer.assignment.iter().any(|assigned| assigned.tp == tp)
                });
                owners.for_each(|consumer| lane(consumer.id, leader, tp));
            }
        }
        pen.0.stroke();
    }

    /// What is under a point of the browser's window: a token, or a cell.
    pub fn hit(&self, session: &Session, (client_x, client_y): (f64, f64)) -> Option<Selection> {
        let origin = self.surface.as_ref()?.content.get_bounding_client_rect();
        let (x, y) = (client_x - origin.left(), client_y - origin.top());
        let view = session.view();
        let token =
            tokens::hit(&self.layout, session.messages(), session.display(), view.at_us, (x, y));
        if let Some(message) = token {
            return Some(Selection::Message(Flight(Rc::new(message.clone()))));
        }
        if let Some(node) = faults::hit(&self.layout, view, (x, y)) {
            return Some(Selection::Node(node));
        }
        view.brokers.iter().find_map(|broker| {
            broker.replicas.iter().find_map(|replica| {
                let room = self.layout.slot(Slot::Strip, broker.id, Some(replica.tp))?;
                let track = strips::track(room);
                if !track.contains(x, y) {
                    return None;
                }
                let offset = strips::offset_at(track, self.windows.window(replica.tp)?, x);
                let inside = (replica.log_start_offset..replica.log_end_offset).contains(&offset);
                inside.then_some(Selection::Offset(replica.tp, offset))
            })
        })
    }
}
