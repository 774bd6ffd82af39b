//! The run on the page, for tests and for whoever opens the browser's console.

use js_sys::Reflect;
use serde::Serialize;
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsError, JsValue};

use super::{command, read};
use crate::app::SessionHandle;
use crate::bounds::within;
use crate::session::Action;

/// The run on the page: `window.highwater`.
#[wasm_bindgen]
pub struct Live {
    session: SessionHandle,
}

/// Main-thread work of the last frames, in ms.
#[derive(Serialize)]
struct FrameStats {
    frames: usize,
    p50_ms: f32,
    p95_ms: f32,
    max_ms: f32,
}

/// Puts it where scripts find it.
pub fn expose(session: &SessionHandle) {
    let live = JsValue::from(Live { session: session.clone() });
    // A window that takes no properties shows the page all the same.
    let _ = Reflect::set(&js_sys::global(), &"highwater".into(), &live);
}

#[wasm_bindgen]
impl Live {
    /// Carries out a command now; see `Playground.apply`.
    ///
    /// # Errors
    /// What is wrong with the command. Why it is refused stands on the page.
    pub fn apply(&self, command: &JsValue) -> Result<(), JsError> {
        let command = command::read(command).map_err(|reason| JsError::new(&reason))?;
        self.session.0.borrow_mut().act(Action::Command(command));
        Ok(())
    }

    /// Lets time run.
    pub fn play(&self) {
        self.session.0.borrow_mut().act(Action::Play);
    }

    /// Stops time.
    pub fn pause(&self) {
        self.session.0.borrow_mut().act(Action::Pause);
    }

    /// Sets the speed, in virtual seconds a real second.
    #[wasm_bindgen(js_name = setSpeed)]
    pub fn set_speed(&self, speed: f64) {
        let speed_us = within(speed * 1e6, 1.0, 1e13) as u64;
        self.session.0.borrow_mut().act(Action::Speed(speed_us));
    }

    /// Virtual time in seconds.
    #[must_use]
    pub fn now(&self) -> f64 {
        read::seconds(self.session.0.borrow().run().now())
    }

    /// The cluster now.
    #[must_use]
    pub fn snapshot(&self) -> JsValue {
        read::plain(&self.session.0.borrow().run().view())
    }

    /// What became of the records so far.
    #[must_use]
    pub fn verdict(&self) -> JsValue {
        read::plain(&self.session.0.borrow().run().verdict())
    }

    /// Rates and latencies.
    #[must_use]
    pub fn metrics(&self) -> JsValue {
        read::plain(&self.session.0.borrow().run().metrics())
    }

    /// Messages on their way.
    #[must_use]
    pub fn messages(&self) -> JsValue {
        read::plain(&self.session.0.borrow().run().messages())
    }

    /// The newest notable events, newest first; 100 of them unless said otherwise.
    #[must_use]
    pub fn log(&self, count: Option<u32>) -> JsValue {
        read::log(self.session.0.borrow().run(), count.unwrap_or(100) as usize)
    }

    /// A record's fate, step by step; `null` if there is no such record.
    #[must_use]
    pub fn record(&self, id: f64) -> JsValue {
        read::record(self.session.0.borrow().run(), id)
    }

    /// How long the last frames (600 at most) kept the main thread busy.
    #[wasm_bindgen(js_name = frameStats)]
    #[must_use]
    pub fn frame_stats(&self) -> JsValue {
        let session = self.session.0.borrow();
        let frames = &session.frames;
        read::plain(&FrameStats {
            frames: frames.samples().len(),
            p50_ms: frames.quantile(500),
            p95_ms: frames.quantile(950),
            max_ms: frames.quantile(1000),
        })
    }
}
