//! What clients have in common: closing, crashing, starting, removing.

use std::sync::Arc;

use highwater::cluster::Command;
use highwater::view::ProcessState;
use yew::prelude::*;

use crate::context::Page;
use crate::panels::order::{grave_button, order_button};

/// The buttons of a client.
pub fn actions(page: &Page, name: &Arc<str>, process: ProcessState) -> Html {
    let buttons = html! {
        <>
            if process == ProcessState::Running {
                { order_button(page, "action-close", Command::CloseClient(name.clone())) }
                { grave_button(page, "action-crash", Command::CrashClient(name.clone())) }
            } else {
                { order_button(page, "action-start", Command::StartClient(name.clone())) }
            }
            { grave_button(page, "action-remove", Command::RemoveClient(name.clone())) }
        </>
    };
    super::actions(page, buttons)
}
