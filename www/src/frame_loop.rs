//! Frames: lets time pass and paints, outside of Yew; ten times a second it says so.

use std::cell::RefCell;
use std::rc::Rc;

use gloo_render::{AnimationFrame, request_animation_frame};
use yew::Callback;

use crate::app::{PainterHandle, SessionHandle};
use crate::clock;

/// Real time between two ticks, in ms: panels are read by people.
const TICK_EVERY_MS: f64 = 100.0;

/// Runs until it is dropped.
pub struct FrameLoop {
    _next: Rc<RefCell<Option<AnimationFrame>>>,
}

struct State {
    session: SessionHandle,
    painter: PainterHandle,
    tick: Callback<()>,
    ticked_ms: f64,
}

impl FrameLoop {
    /// Starts it.
    pub fn start(session: SessionHandle, painter: PainterHandle, tick: Callback<()>) -> Self {
        let next = Rc::new(RefCell::new(None));
        go_on(&next, State { session, painter, tick, ticked_ms: 0.0 });
        Self { _next: next }
    }
}

fn go_on(next: &Rc<RefCell<Option<AnimationFrame>>>, mut state: State) {
    let slot = Rc::downgrade(next);
    let request = request_animation_frame(move |frame_ms| {
        state.frame(frame_ms);
        if let Some(next) = slot.upgrade() {
            go_on(&next, state);
        }
    });
    *next.borrow_mut() = Some(request);
}

impl State {
    fn frame(&mut self, frame_ms: f64) {
        let began_ms = clock::now_ms();
        {
            let mut session = self.session.0.borrow_mut();
            session.frame(frame_ms);
            self.painter.0.borrow_mut().paint(&session, frame_ms);
            session.frames.push(clock::now_ms() - began_ms);
        }
        if frame_ms - self.ticked_ms >= TICK_EVERY_MS {
            self.ticked_ms = frame_ms;
            self.tick.emit(());
        }
    }
}
