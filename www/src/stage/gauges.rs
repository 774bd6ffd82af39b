//! What fills and drains: accumulators, linger, work, sessions.

use highwater::engine::Micros;
use highwater::view::{ConsumerView, ProducerView, View};

use super::layout::{Layout, Rect, Slot};
use super::names::Names;
use super::palette::Palette;
use super::pen::Pen;
use super::settings;
use crate::bounds::within;

/// A ring whose rest is below this share is in the colour of warning.
const SOON: f64 = 0.2;

/// Paints all gauges of clients.
pub fn paint(pen: &Pen, palette: &Palette, layout: &Layout, view: &View) {
    for producer in &view.producers {
        paint_producer(pen, palette, layout, view, producer);
    }
    for consumer in &view.consumers {
        paint_consumer(pen, palette, layout, view.at_us, consumer);
    }
}

fn paint_producer(
    pen: &Pen,
    palette: &Palette,
    layout: &Layout,
    view: &View,
    producer: &ProducerView,
) {
    let names = Names::of(view);
    let linger_us = settings::time_us(&producer.config, "linger.ms", settings::LINGER_MS);
    for queue in &producer.queues {
        let colour = &palette.hues[names.hue(queue.tp)];
        if let Some(room) = layout.slot(Slot::Queue, producer.id, Some(queue.tp)) {
            // More than one batch: the bar is full, and a second one grows below it.
            let full = queue.batches > 1;
            let share = if full { 1.0 } else { f64::from(queue.fill_permille.min(1000)) / 1000.0 };
            bar(pen, room, if queue.records > 0 { share.max(0.04) } else { 0.0 }, colour);
            if full {
                pen.fill(&palette.text);
                let more = (queue.batches - 1).min(8);
                for mark in 0..more {
                    let x = room.right() - 3.0 - f64::from(mark) * 4.0;
                    pen.0.fill_rect(x, room.y + 2.0, 1.5, room.h - 4.0);
                }
            }
        }
        let ring_room = layout.slot(Slot::Linger, producer.id, Some(queue.tp));
        if let (Some(room), Some(left_us)) = (ring_room, queue.linger_left_us)
            && queue.records > 0
        {
            ring(pen, palette, room, share(left_us, linger_us), &palette.warn);
        }
    }
}

fn paint_consumer(
    pen: &Pen,
    palette: &Palette,
    layout: &Layout,
    now_us: Micros,
    consumer: &ConsumerView,
) {
    if let (Some(room), Some(work)) =
        (layout.slot(Slot::Work, consumer.id, None), consumer.processing)
    {
        let done_us = now_us.saturating_sub(work.started_us);
        bar(pen, room, share(done_us, work.ends_us - work.started_us), &palette.good);
    }
    let clocks = [
        (Slot::Poll, consumer.poll_deadline_us, "max.poll.interval.ms", settings::POLL_MS),
        (Slot::Session, consumer.session_deadline_us, "session.timeout.ms", settings::SESSION_MS),
        (Slot::Commit, consumer.auto_commit_due_us, "auto.commit.interval.ms", settings::COMMIT_MS),
    ];
    for (slot, due_us, config, default_ms) in clocks {
        if let (Some(room), Some(due_us)) = (layout.slot(slot, consumer.id, None), due_us) {
            let all_us = settings::time_us(&consumer.config, config, default_ms);
            let left = share(due_us.saturating_sub(now_us), all_us);
            let threatens = slot != Slot::Commit && left < SOON;
            let colour = if threatens { &palette.bad } else { &palette.wave };
            ring(pen, palette, room, left, colour);
        }
    }
}

fn share(part: u64, whole: u64) -> f64 {
    within(part as f64 / whole.max(1) as f64, 0.0, 1.0)
}

fn bar(pen: &Pen, room: Rect, share: f64, colour: &str) {
    if share > 0.0 {
        pen.fill(colour);
        let w = (room.w * share).max(3.0);
        pen.fill_round(Rect { w, ..room }, 3.0);
    }
}

fn ring(pen: &Pen, palette: &Palette, room: Rect, share: f64, colour: &str) {
    let radius = room.w.min(room.h) / 2.0 - 2.0;
    if radius <= 0.0 {
        return;
    }
    let centre = (room.middle_x(), room.middle_y());
    pen.line(&palette.track, 3.0);
    pen.arc(centre, radius, 1.0);
    pen.line(colour, 3.0);
    pen.arc(centre, radius, share);
}
