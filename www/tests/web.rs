//! Tests of the page's crate in a real browser.
#![cfg(target_arch = "wasm32")]

use highwater_www::api::Playground;
use js_sys::{Function, JSON, Promise, Reflect};
use wasm_bindgen::{JsError, JsValue};
use wasm_bindgen_futures::JsFuture;
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

wasm_bindgen_test_configure!(run_in_browser);

const DEFAULT: &str = include_str!("../../scenarios/default.toml");
const ACKS_1: &str = include_str!("../../lessons/2-acks-1/scenario.toml");

fn object(json: &str) -> JsValue {
    JSON::parse(json).expect("JSON")
}

fn get(object: &JsValue, key: &str) -> JsValue {
    Reflect::get(object, &key.into()).expect("a property")
}

fn number(object: &JsValue, key: &str) -> f64 {
    get(object, key).as_f64().expect("a number")
}

fn text(value: &JsValue) -> String {
    JSON::stringify(value).map(String::from).expect("JSON")
}

fn reason(error: JsError) -> String {
    get(&JsValue::from(error), "message").as_string().expect("a message")
}

/// The page renders when the browser next has time.
async fn a_moment() {
    let promise = Promise::new(&mut |resolve, _| {
        let window = web_sys::window().expect("a window");
        window.request_animation_frame(&resolve).expect("a frame");
    });
    JsFuture::from(promise).await.expect("a moment passes");
}

#[wasm_bindgen_test]
async fn the_page_mounts_into_app() {
    let document = web_sys::window().and_then(|window| window.document()).expect("a document");
    let app = document.create_element("div").expect("an element");
    app.set_id("app");
    document.body().expect("a body").append_child(&app).expect("appended");
    let nothing = || Function::new_no_args("return Promise.resolve('')");
    highwater_www::start("en", "", nothing(), nothing());
    a_moment().await;
    assert!(app.text_content().is_some_and(|text| text.contains("Highwater")));
}

#[wasm_bindgen_test]
fn a_playground_runs_and_shows_what_there_is() {
    let mut playground = Playground::new(DEFAULT, None).expect("the default scene parses");
    assert_eq!(playground.run_until(&JsValue::from_f64(10.0)).ok(), Some(10.0));
    assert_eq!(playground.run_until(&"12s".into()).ok(), Some(12.0));
    assert_eq!(playground.run_until(&"1s".into()).ok(), Some(12.0), "time does not run back");
    let snapshot = playground.snapshot();
    assert_eq!(number(&get(&snapshot, "brokers"), "length"), 3.0);
    assert!(number(&playground.verdict(), "acknowledged") > 20.0);
    assert!(number(&get(&playground.metrics(), "produced"), "total") > 20.0);
    assert!(number(&playground.messages(), "length") > 0.0);
    assert!(number(&playground.log(Some(5)), "length") <= 5.0);
    assert!(text(&playground.record(0.0)).contains("appended"));
    assert!(playground.record(1e9).is_null());
    assert_eq!(playground.trace_hash(), None);
}

#[wasm_bindgen_test]
fn commands_are_objects_or_toml() {
    let mut playground = Playground::new(ACKS_1, None).expect("the lesson's scene parses");
    playground.run_until(&"6s".into()).expect("a time");
    let acks = r#"{"set-client-config": {"client": "payments", "key": "acks", "value": "all"}}"#;
    playground.apply(&object(acks)).expect("a command");
    let record = r#"{"send": {"producer": "payments", "key": "quoted \"key\"", "partition": 0}}"#;
    playground.apply(&object(record)).expect("a command");
    let ratio = r#"{"set-topic-config":
        {"topic": "orders", "key": "min.cleanable.dirty.ratio", "value": 0.25}}"#;
    playground.apply(&object(ratio)).expect("a command with a decimal number");
    playground.apply(&"slow = { node = \"broker 2\", by = \"1ms\" }".into()).expect("TOML");
    playground.apply(&object(r#"{"kill-broker": 1}"#)).expect("a command");
    let snapshot = text(&playground.snapshot());
    assert!(snapshot.contains("crashed"), "{snapshot}");
}

#[wasm_bindgen_test]
fn mistakes_are_named_with_their_place() {
    let error = Playground::new("[cluster]\nbrokers = 3\nbrokkers = 4\n", None).err();
    let reason_of_scenario = reason(error.expect("a mistake"));
    assert!(reason_of_scenario.contains("line 3, column 1"), "{reason_of_scenario}");
    assert!(reason_of_scenario.contains("brokkers"), "{reason_of_scenario}");
    let mut playground = Playground::new(DEFAULT, None).expect("the default scene parses");
    for (command, wrong) in [
        (r#"{"kill-brokker": 1}"#, "kill-brokker"),
        (r#"{"kill-broker": 77}"#, "77"),
        (r#"{"close": "nobody"}"#, "nobody"),
        ("7", "an object"),
    ] {
        let error = playground.apply(&object(command)).expect_err("a mistake");
        let reason = reason(error);
        assert!(reason.contains(wrong), "{command}: {reason}");
    }
    assert!(playground.run_until(&"soon".into()).is_err());
}

/// The other half is `trace_identity.rs`.
#[wasm_bindgen_test]
fn a_run_is_the_same_here_as_natively() {
    let mut playground = Playground::new(DEFAULT, Some(true)).expect("the default scene parses");
    playground.run_until(&JsValue::from_f64(8.0)).expect("a time");
    playground.apply(&object(r#"{"kill-broker": 1}"#)).expect("broker 1 runs");
    playground.run_until(&JsValue::from_f64(20.0)).expect("a time");
    let hash = playground.trace_hash().expect("asked for");
    assert_eq!(hash, include_str!("default.hash").trim());
}
