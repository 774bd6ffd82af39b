//! Tests of the page's crate in a real browser.
#![cfg(target_arch = "wasm32")]

use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

wasm_bindgen_test_configure!(run_in_browser);

#[wasm_bindgen_test]
fn the_page_mounts_into_app() {
    let document = web_sys::window().and_then(|window| window.document()).expect("a document");
    let app = document.create_element("div").expect("an element");
    app.set_id("app");
    document.body().expect("a body").append_child(&app).expect("appended");
    highwater_www::start();
    assert_eq!(app.text_content().as_deref(), Some("Highwater"));
}
