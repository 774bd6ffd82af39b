//! What clients have in common: closing, crashing, starting, removing.

use std::sync::Arc;

use highwater::cluster::Command;
use highwater::view::ProcessState;
use yew::prelude::*;

use crate::context::Page;
use crate::panels::order::order_button;

/// The buttons of a client.
pub fn actions(page: &Page, name: &Arc<str>, process: ProcessState) -> Html {
    html! {
        <p class="buttons">
            if process == ProcessState::Running {
                { order_button(page, "action-crash", Command::CrashClient(name.clone())) }
                { order_button(page, "action-close", Command::CloseClient(name.clone())) }
            } else {
                { order_button(page, "action-start", Command::StartClient(name.clone())) }
            }
            { order_button(page, "action-remove", Command::RemoveClient(name.clone())) }
        </p>
    }
}
