//! What producers and consumers have in common: closing, crashing, starting, removing.

use std::sync::Arc;

use highwater::cluster::Command;
use highwater::view::ProcessState;
use yew::prelude::*;

use crate::context::Page;
use crate::session::Action;

/// The buttons of a client.
pub fn actions(page: &Page, name: &Arc<str>, process: ProcessState) -> Html {
    let button = |id: &str, command: Command| {
        html! { <button type="button" class="button" onclick={page.on(Action::Command(command))}>{ page.say(id) }</button> }
    };
    let runs = process == ProcessState::Running;
    html! {
        <p class="buttons">
            if runs {
                { button("action-crash", Command::CrashClient(name.clone())) }
                { button("action-close", Command::CloseClient(name.clone())) }
            } else {
                { button("action-start", Command::StartClient(name.clone())) }
            }
            { button("action-remove", Command::RemoveClient(name.clone())) }
        </p>
    }
}
