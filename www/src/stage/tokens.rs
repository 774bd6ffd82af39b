//! Tokens: messages on their lanes. Where one is, is a function of the message and of now.

use highwater::engine::Micros;
use highwater::protocol::{Channel, ErrorCode};
use highwater::view::{MessageView, View};
use js_sys::Math;

use super::curve::{self, Curve};
use super::layout::Layout;
use super::names::{INTERNAL_HUE, Names};
use super::palette::Palette;
use super::pen::Pen;
use super::sprites::{Sprite, Sprites};
use crate::bounds::within;
use crate::session::{Display, Layer};

/// Flights shorter than this, in real ms, are too short to be seen: their lane glows instead.
const BLINK_MS: f64 = 50.0;

/// Flights longer than this, in real ms, are shown in full.
const CLEAR_MS: f64 = 140.0;

/// Steps of a flight with reduced motion.
const STEPS: f64 = 3.0;

/// How near to a token's centre a click must be.
const REACH: f64 = 13.0;

/// The layer of a message.
pub fn layer(message: &MessageView) -> Layer {
    match (message.api, message.channel) {
        ("Produce", _) => Layer::Produce,
        ("Fetch", Channel::Replica) => Layer::Replication,
        ("Fetch" | "ListOffsets" | "OffsetForLeaderEpoch", _) => Layer::Fetch,
        ("Heartbeat", _) => Layer::Control,
        (_, Channel::Coordinator) => Layer::Group,
        _ => Layer::Control,
    }
}

/// What tokens need to be painted.
pub struct Tokens<'a> {
    /// The pen.
    pub pen: &'a Pen,
    /// The colours.
    pub palette: &'a Palette,
    /// The slots.
    pub layout: &'a Layout,
    /// The cluster.
    pub view: &'a View,
    /// What is shown.
    pub display: Display,
    /// Now.
    pub now_us: Micros,
    /// Virtual µs a real second; 0 while time stands still.
    pub speed: u64,
    /// Reduced motion.
    pub still: bool,
}

impl Tokens<'_> {
    /// Paints all tokens.
    pub fn paint(&self, sprites: &mut Sprites, messages: &[MessageView]) {
        let context = &self.pen.0;
        context.set_font("600 11px system-ui, sans-serif");
        context.set_text_align("center");
        context.set_text_baseline("middle");
        context.set_line_cap("round");
        let names = Names::of(self.view);
        for message in messages.iter().filter(|message| self.display.shows(layer(message))) {
            if let Some(curve) = lane(self.layout, message) {
                self.token(sprites, message, &curve, names);
            }
        }
        self.pen.opacity(1.0);
        context.set_line_cap("butt");
    }

    fn token(&self, sprites: &mut Sprites, message: &MessageView, curve: &Curve, names: Names) {
        let hue = message.tp.map(|tp| names.hue(tp));
        let visible = self.visible(message);
        let carries = message.records > 0 && (message.is_request == (message.api == "Produce"));
        if visible < 1.0 && carries {
            self.glow(curve, hue, 1.0 - visible);
        }
        if visible <= 0.0 {
            return;
        }
        let place = curve.at(self.way(message));
        let (sprite, opacity) = match (layer(message), message.is_request) {
            _ if carries => (Self::pill(message, hue), 1.0),
            _ if is_bad_news(message) => {
                self.pen.opacity(visible);
                return self.cross(message, place);
            }
            (Layer::Produce, true) => (Sprite::Dot(25), 1.0),
            (Layer::Produce, false) => (Sprite::Tick, 1.0),
            (Layer::Group, request) => (Sprite::Diamond { request }, 1.0),
            (Layer::Control, _) if message.api == "AlterPartition" => (Sprite::Dot(26), 1.0),
            (Layer::Control, _) => (Sprite::Dot(17), 0.5),
            _ => (Sprite::Dot(17), 0.6),
        };
        self.pen.opacity(visible * opacity);
        sprites.stamp(self.pen, sprite, place);
    }

    /// The share of its way that a message has gone.
    fn way(&self, message: &MessageView) -> f64 {
        let way = way(message, self.now_us);
        if self.still { (way * STEPS).floor() / STEPS } else { way }
    }

    /// How well a flight can be seen at this speed, from 0 to 1.
    fn visible(&self, message: &MessageView) -> f64 {
        if self.speed == 0 {
            return 1.0;
        }
        let flight_us = (message.arrives_us - message.sent_us) as f64;
        let real_ms = flight_us * 1000.0 / self.speed as f64;
        within((real_ms - BLINK_MS) / (CLEAR_MS - BLINK_MS), 0.0, 1.0)
    }

    fn glow(&self, curve: &Curve, hue: Option<usize>, strength: f64) {
        self.pen.opacity(strength * 0.35);
        self.pen.line(hue.map_or(&self.palette.muted, |hue| &self.palette.hues[hue]), 2.0);
        self.pen.0.begin_path();
        self.pen.curve(curve);
        self.pen.0.stroke();
    }

    /// Records on their way: as long as they are heavy. What a follower fetches is outlined, as
    /// its copies are.
    fn pill(message: &MessageView, hue: Option<usize>) -> Sprite {
        let digits = message.records.checked_ilog10().unwrap_or(0);
        let heavy = Math::log2(f64::from(message.bytes.max(64))) - 6.0;
        let width = (17.0 + heavy * 1.6).min(42.0).max(15.0 + f64::from(digits) * 6.5).min(46.0);
        Sprite::Pill {
            hue: hue.unwrap_or(INTERNAL_HUE),
            copy: layer(message) == Layer::Replication,
            width: width as u32,
            records: message.records,
        }
    }

    fn cross(&self, message: &MessageView, (x, y): (f64, f64)) {
        for (colour, width) in [(&self.palette.surface, 5.0), (&self.palette.bad, 2.6)] {
            self.pen.line(colour, width);
            self.pen.polyline(&[(x - 4.0, y - 4.0), (x + 4.0, y + 4.0)]);
            self.pen.polyline(&[(x - 4.0, y + 4.0), (x + 4.0, y - 4.0)]);
        }
        if let Some(error) = message.error {
            let context = &self.pen.0;
            context.set_line_width(3.0);
            context.set_stroke_style_str(&self.palette.surface);
            // Fails for no place that can be computed.
            context.stroke_text(error.name(), x, y + 15.0).ok();
            self.pen.fill(&self.palette.bad);
            self.pen.write(error.name(), x, y + 15.0);
        }
    }
}

/// Whether a response says that something went wrong. That a new member is to come again with its
/// new id is how joining goes (KIP-394).
fn is_bad_news(message: &MessageView) -> bool {
    message.error.is_some_and(|error| error != ErrorCode::MemberIdRequired)
}

/// The message whose token is under a point.
pub fn hit<'a>(
    layout: &Layout,
    messages: &'a [MessageView],
    display: Display,
    now_us: Micros,
    (x, y): (f64, f64),
) -> Option<&'a MessageView> {
    let distance = |message: &MessageView| {
        let (at_x, at_y) = lane(layout, message)?.at(way(message, now_us));
        Some((at_x - x).hypot(at_y - y))
    };
    let near = messages
        .iter()
        .filter(|message| display.shows(layer(message)))
        .filter_map(|message| Some((distance(message)?, message)))
        .filter(|(distance, _)| *distance <= REACH);
    near.min_by(|a, b| a.0.total_cmp(&b.0)).map(|(_, message)| message)
}

fn lane(layout: &Layout, message: &MessageView) -> Option<Curve> {
    curve::lane(layout, message.from, message.to, message.tp)
}

fn way(message: &MessageView, now_us: Micros) -> f64 {
    let gone_us = now_us.saturating_sub(message.sent_us) as f64;
    within(gone_us / (message.arrives_us - message.sent_us).max(1) as f64, 0.0, 1.0)
}
