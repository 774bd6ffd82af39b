//! Buttons that give commands. What a lesson locks says so instead.

use highwater::cluster::Command;
use yew::prelude::*;

use super::icons::Icon;
use crate::context::Page;
use crate::session::Action;

/// A command behind a button.
pub struct Order {
    /// What pressing it does.
    pub onclick: Callback<MouseEvent>,
    /// `true` for assistive technology when a lesson locks it. The button can still be reached and
    /// pressed: then it says why nothing happens.
    pub locked: Option<&'static str>,
    /// Why it does nothing, to be shown under the pointer.
    pub why: Option<String>,
}

impl Order {
    /// The order that a command is.
    pub fn new(page: &Page, command: Command) -> Self {
        if allows(page, &command) {
            let onclick = page.on(Action::Command(command));
            return Self { onclick, locked: None, why: None };
        }
        let onclick = page.on(Action::Complain(page.say("action-locked").into()));
        Self { onclick, locked: Some("true"), why: Some(page.say("knob-locked")) }
    }
}

/// Whether the lesson that is open, if one is, lets a command pass.
pub fn allows(page: &Page, command: &Command) -> bool {
    let lesson = page.snapshot.lesson.as_ref();
    lesson.is_none_or(|lesson| lesson.file.allows(command))
}

/// A button with words for a command.
pub fn order_button(page: &Page, id: &str, command: Command) -> Html {
    button(page, "button", id, command)
}

/// A button with words for a command that takes something away.
pub fn grave_button(page: &Page, id: &str, command: Command) -> Html {
    button(page, "button grave", id, command)
}

fn button(page: &Page, class: &'static str, id: &str, command: Command) -> Html {
    let Order { onclick, locked, why } = Order::new(page, command);
    html! {
        <button type="button" {class} aria-disabled={locked} title={why} {onclick}>
            { page.say(id) }
        </button>
    }
}

/// A button with an icon alone for a command; `label` says what it does.
pub fn order_icon(page: &Page, icon: Icon, label: String, command: Command) -> Html {
    let Order { onclick, locked, why } = Order::new(page, command);
    let title = why.map_or_else(|| label.clone(), |why| format!("{label}: {why}"));
    html! {
        <button type="button" class="icon-button" aria-label={label} {title} aria-disabled={locked} {onclick}>
            { icon.draw() }
        </button>
    }
}
