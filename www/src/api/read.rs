//! What can be read of a run, as plain JavaScript objects.

use highwater::engine::{Micros, NodeId};
use highwater::events::EventId;
use highwater::history::Run;
use highwater::record::RecordId;
use highwater::trace::Severity;
use highwater::trace::describe::describe;
use js_sys::JSON;
use serde::{Serialize, Serializer};
use wasm_bindgen::JsValue;

use super::json;

/// Any data as a plain object.
pub fn plain(data: &impl Serialize) -> JsValue {
    JSON::parse(&json::write(data)).unwrap_or_default()
}

/// A notable event.
#[derive(Serialize)]
struct LoggedEvent {
    id: EventId,
    at_us: Micros,
    node: NodeId,
    message: &'static str,
    text: String,
    #[serde(serialize_with = "object")]
    args: Vec<(&'static str, String)>,
    severity: Severity,
    /// Ids of the events that led to it, nearest first.
    causes: Vec<EventId>,
}

fn object<S: Serializer>(entries: &[(&'static str, String)], to: S) -> Result<S::Ok, S::Error> {
    to.collect_map(entries.iter().map(|(name, value)| (name, value)))
}

/// The newest `count` notable events, newest first.
pub fn log(run: &Run, count: usize) -> JsValue {
    let events = run.log().iter().rev().take(count).map(|event| {
        let description = describe(event, run.cluster());
        LoggedEvent {
            id: event.id,
            at_us: event.at_us,
            node: event.node,
            message: description.message,
            text: description.text(),
            severity: description.severity,
            causes: run.log().causes(event.id).into_iter().map(|cause| cause.id).collect(),
            args: description.args,
        }
    });
    plain(&events.collect::<Vec<_>>())
}

/// A record's fate; `null` if there is no such record.
pub fn record(run: &Run, id: f64) -> JsValue {
    plain(&run.ledger().fate(RecordId(id as u64)))
}

/// A time in seconds.
pub fn seconds(at_us: Micros) -> f64 {
    at_us as f64 / 1e6
}
