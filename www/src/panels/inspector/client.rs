//! What clients have in common: closing, crashing, starting, removing.

use std::sync::Arc;

use highwater::cluster::Command;
use highwater::view::ProcessState;
use yew::prelude::*;

use super::button;
use crate::context::Page;

/// The buttons of a client.
pub fn actions(page: &Page, name: &Arc<str>, process: ProcessState) -> Html {
    html! {
        <p class="buttons">
            if process == ProcessState::Running {
                { button(page, "action-crash", Command::CrashClient(name.clone())) }
                { button(page, "action-close", Command::CloseClient(name.clone())) }
            } else {
                { button(page, "action-start", Command::StartClient(name.clone())) }
            }
            { button(page, "action-remove", Command::RemoveClient(name.clone())) }
        </p>
    }
}
