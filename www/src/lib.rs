//! The Highwater page.

use wasm_bindgen::prelude::wasm_bindgen;

/// Puts the page in the place of the text that index.html shows while it loads.
#[wasm_bindgen(start)]
pub fn start() {
    let document = web_sys::window().and_then(|window| window.document());
    if let Some(app) = document.and_then(|document| document.get_element_by_id("app")) {
        app.set_text_content(Some("Highwater"));
    }
}
