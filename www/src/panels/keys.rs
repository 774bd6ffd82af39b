//! Keys that work anywhere on the page, unless a control under the focus wants them.

use wasm_bindgen::JsCast;
use web_sys::{Element, KeyboardEvent};

use super::speed;
use crate::session::{Action, Snapshot};

/// Controls that have a use of their own for these keys.
const CONTROLS: &str = "button, input, select, textarea, summary, a, [role=tab], [contenteditable]";

/// Whether the key is for the page: not for a control, and not part of a browser's shortcut.
pub fn is_ours(event: &KeyboardEvent) -> bool {
    let plain = !(event.ctrl_key() || event.alt_key() || event.meta_key());
    let target = event.target().and_then(|target| target.dyn_into::<Element>().ok());
    let free = target.is_none_or(|target| matches!(target.closest(CONTROLS), Ok(None)));
    plain && free && matches!(event.key().as_str(), " " | "." | "n" | "[" | "]")
}

/// What the key means.
pub fn action(event: &KeyboardEvent, snapshot: &Snapshot) -> Option<Action> {
    Some(match event.key().as_str() {
        " " if snapshot.playing => Action::Pause,
        " " => Action::Play,
        "." => Action::Step,
        "n" => Action::NextNotable,
        "[" => Action::Speed(speed::slower(snapshot.speed)),
        "]" => Action::Speed(speed::faster(snapshot.speed)),
        _ => return None,
    })
}
