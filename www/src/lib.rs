//! The Highwater page: a Kafka cluster to watch, turn and break.
//!
//! Rooms: [`session`] owns the model and its clock; [`app`] is the frame around everything, [`frame_loop`] its heartbeat;
//! `stage` draws the cluster (DOM cards, canvas tokens); `panels` are what stands around it;
//! `lesson` guides; `text` speaks both languages, whose texts are among the `files` it fetches; `theme` is light or dark; `clock` is the browser's.
//! [`api`] is the model for JavaScript.
//! Data flows one way: session -> snapshot -> components -> action -> session.

pub mod api;
mod app;
mod bounds;
mod clock;
mod context;
mod files;
mod frame_loop;
mod lesson;
mod panels;
mod scroll;
pub mod session;
mod stage;
mod storage;
mod text;
mod theme;

use js_sys::Function;
use wasm_bindgen::prelude::wasm_bindgen;

/// Puts the page in the place of the text that index.html shows while it loads: in the language
/// with this code, whose texts `boot.js` has fetched, with a function that fetches others. `rest` loads
/// the module's second half: the panels come when it is there.
#[wasm_bindgen]
pub fn start(code: &str, texts: &str, read: Function, rest: Function) {
    let document = web_sys::window().and_then(|window| window.document());
    if let Some(root) = document.and_then(|document| document.get_element_by_id("app")) {
        root.set_inner_html("");
        let opening = app::Opening {
            text: text::Text::new(code, texts),
            files: files::Files::new(read),
            rest,
        };
        yew::Renderer::<app::App>::with_root_and_props(root, opening).render();
    }
}
